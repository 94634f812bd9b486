#!/bin/sh
# Builds LAMMPS from /opt/lammps, fetched by build-lammps.sh, in /opt/lammps-PRECISION, where PRECISION (mixed or
# single) is that of its KOKKOS package: `build-lammps-precision.sh mixed`. Only what the tests of the kk styles need.
# The compiler's cache has what does not depend on the precision. An interrupted run goes on where it stopped.
set -eu
precision=$1
build=/opt/lammps-$precision
export CCACHE_STATSLOG="$build/ccache.log"
cmake -S /opt/lammps/cmake -B "$build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" -DCMAKE_CXX_STANDARD=20 \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DBUILD_SHARED_LIBS=ON -DBUILD_MPI=ON -DBUILD_OMP=ON \
    -DCMAKE_PROJECT_lammps_INCLUDE="$(dirname "$(readlink -f "$0")")/lean_lammps.cmake" \
    -DPKG_KOKKOS=ON -DEXTERNAL_KOKKOS=ON -DKOKKOS_PREC="$precision" -DPKG_PLUGIN=ON
cmake --build "$build"
ccache --show-log-stats
