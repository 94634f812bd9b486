# shellcheck shell=sh disable=SC2034
# Every version the environment is made from, apart from the Python packages (requirements.txt).

DEBIAN_SUITE=trixie
# Where Debian comes from; empty: what the tools take by themselves.
DEBIAN_MIRROR=${DEBIAN_MIRROR:-}

KOKKOS_VERSION=5.2.2-2

LAMMPS_TARBALL=pool/main/l/lammps/lammps_20260704%2bdfsg.orig.tar.gz
LAMMPS_SHA256=cddbc45a047416bd48a4a0b87f24a5b61b3446982b74d18cafe619c22b17eb62
