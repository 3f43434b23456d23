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

# What every script builds with; adds the WebAssembly target where it is missing.
toolchain() {
    command -v cc gcc clang >/dev/null ||
        stop "there is no C compiler" "install one, such as with \`sudo apt-get install build-essential\`, and run this again"
    command -v cargo >/dev/null ||
        stop "there is no Rust toolchain" "install rustup as https://rustup.rs says, open a new terminal and run this again"
    local sysroot
    sysroot=$(rustc --print sysroot) ||
        stop "the toolchain of rust-toolchain.toml cannot be used" "run \`rustup toolchain install\` in $root; it needs the network once"
    [[ -d $sysroot/lib/rustlib/wasm32-wasip2 ]] || rustup target add wasm32-wasip2 ||
        stop "the target \`wasm32-wasip2\` cannot be added" "it needs rustup and the network once; then run this again"
}
