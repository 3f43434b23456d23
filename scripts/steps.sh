# Sourced by the scripts: where the checkout and its build are, and numbered steps that say how long they take.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
[[ $target == /* ]] || target=$PWD/$target
host_flags=(--release --workspace) # one choice of packages, so that the dependencies are built once for everything

# cargo reads rust-toolchain.toml and .cargo/config.toml from where it is called.
enter_checkout() {
    cd "$root"
    export CARGO_TARGET_DIR=$target
    [[ -t 2 ]] || export CARGO_TERM_QUIET=true
}

say() { printf '%s\n' "$*" >&2; }

# stop MESSAGE HINT: ends the script with what happened and what to do.
stop() {
    say "error: $1"
    say "hint: $2"
    exit 1
}

steps=${steps:-0}
step_number=0

# step WHAT COMMAND...: runs a command as the next of $steps steps.
step() {
    local what=$1 begun=$EPOCHREALTIME took
    shift
    step_number=$((step_number + 1))
    say "[$step_number/$steps] $what"
    "$@"
    took=$(((${EPOCHREALTIME/[.,]/} - ${begun/[.,]/}) / 100000))
    say "[$step_number/$steps] done in $((took / 10)).$((took % 10)) s"
}
