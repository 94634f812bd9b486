#!/bin/sh
# Fetches LAMMPS into /opt/lammps and builds it in /opt/lammps-build, with KOKKOS (OpenMP), PLUGIN
# and KSPACE. Arguments name further LAMMPS packages: `build-lammps.sh MEAM QEQ`. An interrupted
# run goes on where it stopped. Needs: packages.txt and Kokkos installed, versions.sh and fetch.sh beside this file.
set -eu
. "$(dirname "$0")/versions.sh"
. "$(dirname "$0")/fetch.sh"

source=/opt/lammps
build=/opt/lammps-build

if [ ! -e "$source/.complete" ]; then
    mkdir -p "$source"
    mirror=$(awk '{ print $3 }' /etc/apt/sources.list.d/unstable.list)    # by install-kokkos.sh
    fetch "$source/lammps.tar.gz" "${mirror%/}/$LAMMPS_TARBALL" "$LAMMPS_SHA256" \
        "${DEBIAN_SNAPSHOT%/}/$LAMMPS_TARBALL" "$LAMMPS_SHA256" "$LAMMPS_URL" "$LAMMPS_URL_SHA256"
    echo "Unpacking LAMMPS"
    unpack "$source/lammps.tar.gz" "$source"
    rm "$source/lammps.tar.gz"
    touch "$source/.complete"
fi

packages=
for name in "$@"; do packages="$packages -DPKG_$name=ON"; done
# shellcheck disable=SC2086
cmake -S "$source/cmake" -B "$build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DCMAKE_CXX_STANDARD=20 \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DBUILD_SHARED_LIBS=ON -DBUILD_MPI=ON -DBUILD_OMP=ON \
    -DPKG_KOKKOS=ON -DEXTERNAL_KOKKOS=ON -DPKG_PLUGIN=ON -DPKG_KSPACE=ON -DFFT=FFTW3 $packages
ninja -C "$build"
