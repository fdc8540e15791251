#!/usr/bin/env bash
# Every check there is, from a fresh Debian machine with Rust: set-up, then format, lints, docs, tests, the bank.
# Nothing is skipped: what cannot run fails. As root it installs what is missing, else it says what to install.
# With a command, it runs just that on the same ground: scripts/test.sh cargo test --test architecture
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "$0")/.."

main() {
    find_rust
    install_what_is_missing
    scratch=$(mktemp -d)
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    export HOME="${HOME:-$scratch}"
    start_postgres
    # A snapshot is reviewed by a person, never written by a check.
    export INSTA_UPDATE=no
    if [ $# -gt 0 ]; then step "$@"; else check_everything; fi
}

check_everything() {
    step cargo fmt --check
    step cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" step cargo doc --locked --no-deps
    step cargo test --locked --no-fail-fast
    if [ -d question_bank ]; then
        step cargo run --locked --quiet -- bank check question_bank
    fi
    echo "== 全部通过 all green (${SECONDS}s)"
}

step() {
    echo "== $* (${SECONDS}s)"
    "$@"
}

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

find_rust() {
    if ! command -v cargo >/dev/null; then
        PATH="$PATH:${CARGO_HOME:-${HOME:-/root}/.cargo}/bin:/usr/local/cargo/bin"
    fi
    local cargo
    cargo=$(command -v cargo) || fail "错误：没有找到 cargo。请先安装 Rust：https://rustup.rs" \
        "Error: no cargo. Install Rust first: https://rustup.rs"
    # rustup looks for its toolchains in HOME; when HOME is another, they still stand beside this cargo.
    local home=${cargo%/*cargo/bin/cargo}
    if [ -z "${RUSTUP_HOME:-}" ] && ! cargo --version >/dev/null 2>&1; then
        for toolchains in "$home/.rustup" "$home/rustup"; do
            if [ -d "$toolchains" ]; then export RUSTUP_HOME=$toolchains; fi
        done
    fi
    for part in fmt clippy; do
        cargo "$part" --version >/dev/null || fail \
            "错误：cargo $part 不能运行。请执行 rustup component add rustfmt clippy" \
            "Error: cargo $part does not run. Try: rustup component add rustfmt clippy"
    done
}

postgres_programs() {
    find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1 | xargs -r dirname
}

# Prints the Debian packages that the tests need and this machine has not.
missing_packages() {
    command -v cc >/dev/null || echo build-essential
    command -v chromium >/dev/null || echo chromium
    command -v chromedriver >/dev/null || echo chromium-driver
    fc-list :lang=zh 2>/dev/null | grep -q . || echo fontconfig fonts-noto-cjk
    [ -n "$(postgres_programs)" ] || echo postgresql
}

install_what_is_missing() {
    local missing
    missing=$(missing_packages | xargs)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "错误：测试还缺这些软件包，请先安装：apt-get install $missing" \
            "Error: the tests need these packages, install them first: apt-get install $missing"
    fi
    echo "== 安装 installing: $missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    apt-get install -y -qq --no-install-recommends $missing
    missing=$(missing_packages | xargs)
    [ -z "$missing" ] || fail "错误：装过以后仍然缺少：$missing" "Error: still missing after installing: $missing"
}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# A server of our own in the scratch folder: durable as in earnest, reachable from this machine only.
start_postgres() {
    local programs port tries
    programs=$(postgres_programs)
    pg_ctl=$programs/pg_ctl
    cluster=$scratch/postgres
    mkdir "$cluster"
    if [ "$(id -u)" = 0 ]; then
        chmod 755 "$scratch"
        chown postgres: "$cluster"
    fi
    cd "$scratch"
    as_postgres "$programs/initdb" -D "$cluster/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$scratch/initdb.log" 2>&1 ||
        fail "错误：不能建立测试数据库 Error: initdb failed" "$(cat "$scratch/initdb.log")"
    for tries in 1 2 3 4 5 6 7 8 9 10; do
        port=$((20000 + RANDOM % 10000))
        if as_postgres "$pg_ctl" start -w -D "$cluster/data" -l "$cluster/log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster -c max_connections=200" >/dev/null; then
            export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
            cd "$OLDPWD"
            echo "== PostgreSQL: $TEST_POSTGRES_URL (try $tries)"
            return
        fi
    done
    fail "错误：测试用的 PostgreSQL 没有启动 Error: PostgreSQL did not start" "$(cat "$cluster/log")"
}

# Stops our own server, by the process id in its own folder, and removes the folder.
clean_up() {
    cd /
    if [ -f "${cluster:-}/data/postmaster.pid" ]; then
        as_postgres "$pg_ctl" stop -w -m immediate -D "$cluster/data" >/dev/null || true
    fi
    rm -rf "$scratch"
}

main "$@"
