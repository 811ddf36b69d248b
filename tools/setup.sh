# Shared by ./demo and ./check: install from Debian what is missing, configure a build folder.
# A package that cannot be installed stops the script with its name.

fd_say() { printf '%s %s\n' '——' "$*" >&2; }

FD_BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config libsqlite3-dev libzip-dev libexpat1-dev libjansson-dev libssl-dev libxlsxwriter-dev coinor-libclp-dev coinor-cbc liblapacke-dev libmicrohttpd-dev libgnutls28-dev libsodium-dev zlib1g-dev libicu-dev"
FD_CHECK_PACKAGES="curl wrk git python3 g++ libcmocka-dev sqlite3 glpk-utils clang clang-format clang-tidy cppcheck libreoffice-writer-nogui fonts-noto-cjk poppler-utils"
FD_LONG_PACKAGES="libclang-rt-14-dev"
FD_PEER_PACKAGES="python3-numpy r-cran-lpsolve"

fd_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else
        echo "需要管理员权限安装软件包,请先以 root 执行: $*" >&2
        echo "these packages need an administrator; run as root first: $*" >&2
        exit 1
    fi
}

# fd_setup build|check|long|peers
fd_setup() {
    local wanted="$FD_BUILD_PACKAGES" missing=""
    [ "$1" = build ] || wanted="$wanted $FD_CHECK_PACKAGES"
    [ "$1" != long ] || wanted="$wanted $FD_LONG_PACKAGES"
    [ "$1" != peers ] || wanted="$wanted $FD_PEER_PACKAGES"
    for package in $wanted; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    fd_say "安装 installing:$missing"
    fd_root apt-get -o DPkg::Lock::Timeout=600 update -qq
    # shellcheck disable=SC2086
    fd_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends $missing >/dev/null
    for package in $missing; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || {
            echo "软件包没有装上 package is still missing: $package" >&2
            exit 1
        }
    done
}

# fd_configure FOLDER [cmake option…]; runs again without harm.
fd_configure() {
    local folder=$1
    shift
    mkdir -p "$folder"
    cmake -S . -B "$folder" -G Ninja "$@" >"$folder/configure.log" 2>&1 || { cat "$folder/configure.log" >&2; exit 1; }
}
