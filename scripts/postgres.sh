# Sourced by scripts/test: a PostgreSQL of the tests' own. It runs as an unprivileged user, listens on a socket in a
# private folder and nowhere else, and is stopped by its own process id.
# shellcheck shell=bash disable=SC2154

postgres_folder=
postgres_pid=

# Where the server's programs are: in PATH, or where distributions put them. Prints nothing when there are none.
postgres_programs() {
    local initdb
    for initdb in "$(command -v initdb || true)" "$(pg_config --bindir 2>/dev/null || true)/initdb" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb; do
        if [[ -x $initdb && -x ${initdb%/*}/postgres ]]; then
            printf '%s\n' "${initdb%/*}"
            return
        fi
    done
}

# Prints the words that run a command as an unprivileged user: none for whoever is not root.
postgres_user() {
    local user
    ((EUID == 0)) || return 0
    for user in postgres nobody; do
        if id "$user" >/dev/null 2>&1; then
            printf 'setpriv --reuid=%s --regid=%s --clear-groups --' "$(id -u "$user")" "$(id -g "$user")"
            return
        fi
    done
}

# Sets ENCARGO_TEST_POSTGRES, or ENCARGO_TEST_NO_POSTGRES to the reason why there is none.
start_postgres() {
    local programs as_user
    programs=$(postgres_programs)
    if [[ -z $programs ]] && ((EUID == 0)) && command -v apt-get >/dev/null; then
        say "PostgreSQL is not installed: installing it with apt-get, for the tests alone"
        DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || true
        DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends postgresql >&2 || true
        programs=$(postgres_programs)
    fi
    if [[ -z $programs ]]; then
        export ENCARGO_TEST_NO_POSTGRES="PostgreSQL is not installed"
        return
    fi
    read -ra as_user < <(postgres_user) || true
    if ((EUID == 0)) && { [[ ${#as_user[@]} == 0 ]] || ! command -v setpriv >/dev/null; }; then
        export ENCARGO_TEST_NO_POSTGRES="PostgreSQL refuses to run as root, and there is no setpriv or no other user"
        return
    fi

    postgres_folder=$(mktemp -d /tmp/encargo-postgres.XXXXXX) # a socket's path has to be short
    ((EUID != 0)) || chown "${as_user[1]#--reuid=}" "$postgres_folder"
    if ! (cd "$postgres_folder" && "${as_user[@]}" "$programs/initdb" --pgdata=data --username=encargo --auth=trust \
        --encoding=UTF8 --no-locale --no-sync >log 2>&1); then
        say "$(tail -n 5 "$postgres_folder/log")"
        export ENCARGO_TEST_NO_POSTGRES="PostgreSQL's initdb ended with an error"
        return
    fi
    (cd "$postgres_folder" && exec "${as_user[@]}" "$programs/postgres" -D data -k "$postgres_folder" \
        -c listen_addresses= -c fsync=off -c max_connections=20 >>log 2>&1) &
    postgres_pid=$!
    for _ in {1..100}; do
        if [[ $(tail -n 1 "$postgres_folder/data/postmaster.pid" 2>/dev/null) == ready* ]]; then
            export ENCARGO_TEST_POSTGRES="postgres://encargo@localhost/postgres?host=$postgres_folder"
            return
        fi
        kill -0 "$postgres_pid" 2>/dev/null || break
        sleep 0.1
    done
    say "$(tail -n 5 "$postgres_folder/log")"
    export ENCARGO_TEST_NO_POSTGRES="PostgreSQL did not start"
}

stop_postgres() {
    if [[ -n $postgres_pid ]]; then
        kill -INT "$postgres_pid" 2>/dev/null || true # closes connections and writes what it has
        wait "$postgres_pid" 2>/dev/null || true
    fi
    [[ -z $postgres_folder ]] || rm -rf "$postgres_folder"
}
