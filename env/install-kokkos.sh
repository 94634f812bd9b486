#!/bin/sh
# Installs Kokkos into a Debian 13 system. Debian has it in unstable only; the pin keeps
# everything else of unstable out. Once the mirrors have another version it comes from the dated
# archive of Debian, and if need be from Kokkos' own release. Needs: root, versions.sh and fetch.sh
# beside this file.
set -eu
. "$(dirname "$0")/versions.sh"
. "$(dirname "$0")/fetch.sh"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
list=/etc/apt/sources.list.d/unstable.list    # build-lammps.sh reads the mirror from it
mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $DEBIAN_SUITE" | head -n 1)

write_list() { echo "deb [signed-by=$keyring] $1 sid main" > "$list"; }

install_from() {
    write_list "$1"
    apt-get update -o Acquire::Check-Valid-Until=false &&
        apt-get install -y --no-install-recommends "libkokkos-dev=$KOKKOS_VERSION"
}

build_from_release() {
    folder=$(mktemp -d)
    mkdir "$folder/source"
    fetch "$folder/kokkos.tar.gz" "$KOKKOS_URL" "$KOKKOS_SHA256"
    unpack "$folder/kokkos.tar.gz" "$folder/source"
    cmake -S "$folder/source" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_STANDARD=20 \
        -DBUILD_SHARED_LIBS=ON -DKokkos_ENABLE_OPENMP=ON -DKokkos_ENABLE_SERIAL=OFF
    cmake --build "$folder/build"
    cmake --install "$folder/build" --prefix /usr/local
    ldconfig
    rm -rf "$folder"
}

cat > /etc/apt/preferences.d/unstable <<PIN
Package: *
Pin: release a=unstable
Pin-Priority: 50
PIN
if install_from "$mirror" || install_from "$DEBIAN_SNAPSHOT"; then
    # The package's CMake files name two archives it does not contain; both libraries are header-only.
    libdir=$(dirname "$(find /usr/lib -name libkokkoscore.so)")
    for name in algorithms simd; do
        [ -e "$libdir/libkokkos$name.a" ] || ar cr "$libdir/libkokkos$name.a"
    done
else
    write_list "$mirror"
    build_from_release
fi
