# shellcheck shell=bash disable=SC2154
# The environment: a Debian 13 folder with LAMMPS, made once in the cache and entered by ./dev, which sources this file.

# LAMMPS packages that only the benchmark needs, and those that only the tests need: they join the same build later
peers=(MANYBODY MEAM QEQ REAXFF)
companions=(EXTRA-COMPUTE EXTRA-FIX MC MISC PHONON REPLICA)

# Sets $root and $lammps, the cached folders; makes or completes them if need be.
make_environment() {
    find_namespace
    mkdir -p "$cache/tmp"    # temporary files of our own: in a user namespace we are root, but may not touch root's in /tmp
    local packages=()
    case $1 in
        bench) packages=("${peers[@]}") ;;
        test) packages=("${companions[@]}") ;;
    esac
    root=$cache/debian-$(fingerprint "$(declare -f make_root)" \
        "$(cat "$checkout"/env/{packages.txt,versions.sh,fetch.sh,install-kokkos.sh})")
    lammps=$cache/lammps-$(fingerprint "$root" "$(cat "$checkout/env/build-lammps.sh")")
    lammps_complete=$lammps/complete${packages:+-$(IFS=-; echo "${packages[*]}")}
    lammps_mixed=$lammps/mixed-$(fingerprint "$(cat "$checkout"/env/{build-lammps-precision.sh,lean_lammps.cmake})")
    lammps_serial=$lammps/serial-$(fingerprint "$(cat "$checkout"/env/{build-lammps-serial.sh,serial_lammps.cmake,lean_lammps.cmake})")
    [[ -e $root && -e $lammps_complete ]] || exclusively "$cache" make_root_and_lammps "${packages[@]}"
    if [[ $1 == test ]]; then
        make_test_lammps "$lammps_mixed" "LAMMPS in mixed precision" build-lammps-precision.sh mixed
        make_test_lammps "$lammps_serial" "LAMMPS without MPI and KOKKOS" build-lammps-serial.sh
    fi
    gpaw_complete=$root/opt/gpaw-$(fingerprint "$(cat "$checkout/env/install-gpaw.sh")")
    [[ $layer != gpaw || -e $gpaw_complete ]] || exclusively "$cache" install_gpaw
}

# Adds GPAW to the Debian folder; the checkouts that share the folder do not notice.
install_gpaw() {
    [[ ! -e $gpaw_complete ]] || return 0
    progress "GPAW" "$cache/gpaw.log" enter sh "$checkout/env/install-gpaw.sh"
    touch "$gpaw_complete"
}

make_root_and_lammps() {
    if [[ ! -e $root ]]; then
        say "Making the environment in $cache, once: Debian 13 (2 minutes), then LAMMPS (about $((26 / cores + 2)) minutes)."
        check_mmdebstrap_mode
        install_mmdebstrap
        rm -rf "$root.part"
        mkdir "$root.part"
        progress "Debian 13" "$cache/debian.log" make_root
        mv "$root.part" "$root"
    fi
    if [[ ! -e $lammps_complete ]]; then
        mkdir -p "$lammps"/{source,build}
        export NINJA_STATUS='[%f/%t, %W left] ' CCACHE_DIR=$cache/ccache
        progress "LAMMPS" "$cache/lammps.log" enter sh "$checkout/env/build-lammps.sh" "$@"
        touch "$lammps_complete"
    fi
}

# make_test_lammps FOLDER LABEL SCRIPT…: the same LAMMPS built in another way, as far as the tests need it.
make_test_lammps() {
    [[ -e $1/.complete ]] || exclusively "$1" make_test_lammps_now "$@"
}

make_test_lammps_now() {
    local folder=$1 label=$2 script=$3
    [[ ! -e $folder/.complete ]] || return 0
    export NINJA_STATUS='[%f/%t, %W left] ' CCACHE_DIR=$cache/ccache
    progress "$label" "$folder.log" enter sh "$checkout/env/$script" "${@:4}"
    touch "$folder/.complete"
}

# The folder is unpacked from a tar stream: so an ordinary user, who has one user id, owns all of it.
make_root() {
    cd "$checkout"
    . env/versions.sh
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg packages
    packages=$(grep -v '^#' env/packages.txt | xargs | tr ' ' ,)
    TMPDIR=/var/tmp mmdebstrap --verbose --variant=apt --include="$packages" \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
        --customize-hook='copy-in env/versions.sh env/fetch.sh env/install-kokkos.sh /tmp' \
        --customize-hook='chroot "$1" sh /tmp/install-kokkos.sh' \
        "$DEBIAN_SUITE" - ${DEBIAN_MIRROR:+"deb [signed-by=$keyring] $DEBIAN_MIRROR $DEBIAN_SUITE main"} |
        "${namespace[@]}" tar --extract --no-same-owner --exclude='./dev/*' --directory "$root.part"
}

# How to get a mount namespace here: as root, else as the only user of a user namespace.
find_namespace() {
    namespace=(unshare --mount)
    "${namespace[@]}" true 2> /dev/null && return
    namespace=(unshare --map-root-user --mount)
    "${namespace[@]}" true 2> /dev/null && return
    die "this machine allows neither chroot nor user namespaces, so LAMMPS cannot be built in a folder of its own." \
        "Use your own LAMMPS (4 Jul 2026 or later, with PLUGIN): LAMMPS_SOURCE_DIR=/path/to/lammps ./dev ...," \
        "or an image made from the Containerfile."
}

# mmdebstrap unpacks Debian as a root that may mount, else in a user namespace with a range of ids.
check_mmdebstrap_mode() {
    [[ $EUID != 0 ]] || ! unshare --mount true 2> /dev/null || return 0
    local user file
    user=$(id -un)
    for file in /etc/subuid /etc/subgid; do
        grep -qsE "^($user|$(id -u)):" "$file" ||
            die "$user has no subordinate ids in $file, which making the Debian folder needs. Root of this machine can give" \
                "them: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $user. Or use your own LAMMPS" \
                "(LAMMPS_SOURCE_DIR=/path/to/lammps ./dev ..., see ./dev --help), or an image made from the Containerfile."
    done
}

install_mmdebstrap() {
    local wanted=(mmdebstrap debian-archive-keyring) tools=(mmdebstrap)
    [[ $EUID == 0 ]] || wanted+=(uidmap) tools+=(newuidmap)
    command -v "${tools[@]}" > /dev/null && [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] && return
    [[ $EUID == 0 ]] && command -v apt-get > /dev/null || die "please install first: ${wanted[*]}"
    progress "Installing ${wanted[*]}" "$cache/apt.log" \
        sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"' sh "${wanted[@]}"
}

# Runs a command in the environment, in the current folder.
enter() {
    exec "${namespace[@]}" bash -O nullglob -euc "$(declare -f mount_and_run share_folders show_folder share_file);"' mount_and_run "$@"' bash \
        "$root" "$lammps" "$lammps_mixed" "$lammps_serial" "$cache" "$@"
}

# The mounts below last as long as the command and are seen by no one else.
mount_and_run() {
    local root=$1 lammps=$2 mixed=$3 serial=$4 cache=$5 certificates file
    shift 5
    for file in proc sys dev; do mount --rbind "/$file" "$root/$file"; done
    show_folder "$lammps/source" /opt/lammps
    show_folder "$lammps/build" /opt/lammps-build
    show_folder "$mixed" /opt/lammps-mixed
    show_folder "$serial" /opt/lammps-serial
    share_folders ''
    for file in /etc/{hosts,resolv.conf,pip.conf}; do share_file "$file" "$file"; done
    certificates=/etc/ssl/certs/ca-certificates.crt
    for file in "$certificates" /etc/pki/tls/certs/ca-bundle.crt "${SSL_CERT_FILE:-}"; do share_file "$file" "$certificates"; done
    local unset=(BASH_ENV CC CXX CFLAGS CXXFLAGS LDFLAGS CPATH LIBRARY_PATH LD_LIBRARY_PATH LD_PRELOAD PYTHONHOME PYTHONPATH
        VIRTUAL_ENV CMAKE_PREFIX_PATH SSL_CERT_DIR LC_ALL LC_CTYPE LC_MESSAGES)
    exec chroot "$root" env "${unset[@]/#/--unset=}" --chdir="$(pwd -P)" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        SSL_CERT_FILE="$certificates" PIP_CERT="$certificates" REQUESTS_CA_BUNDLE="$certificates" \
        LAMMPS_SOURCE_DIR=/opt/lammps LAMMPS_BINARY_DIR=/opt/lammps-build LAMMPS_MIXED_DIR=/opt/lammps-mixed \
        LAMMPS_SERIAL_DIR=/opt/lammps-serial RFMEAM_CACHE="$cache" TMPDIR="$cache/tmp" "$@"
}

# Shows the folders in $1 of this machine inside the environment, where it has no contents of its own.
share_folders() {
    local folder
    for folder in "$1"/*/; do
        folder=${folder%/}
        case $folder in
            /bin | /boot | /dev | /etc | /lib* | /proc | /sbin | /sys | /usr | /opt/lammps | /opt/lammps-*) continue ;;
        esac
        [[ ! -L $root$folder ]] || continue
        if [[ $folder == /root || $folder == /tmp || -z $(ls -A "$root$folder" 2> /dev/null) ]]; then
            mkdir -p "$root$folder"
            mount --rbind "$folder" "$root$folder" || echo "dev: cannot show $folder inside the environment" >&2
        elif [[ -z $1 ]]; then
            share_folders "$folder"
        fi
    done
}

# show_folder FOLDER PATH: a folder of the cache, if it is there, under a path inside the environment
show_folder() {
    [[ -d $1 ]] || return 0
    mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
}

share_file() {
    [[ -f $1 && -s $1 ]] || return 0
    [[ -e $root$2 ]] || touch "$root$2"
    mount --bind "$1" "$root$2"
}
