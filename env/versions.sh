# shellcheck shell=sh disable=SC2034
# Every version the environment is made from, apart from the Python packages (requirements.txt).

DEBIAN_SUITE=trixie
DEBIAN_MIRROR=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
# Debian's archive of that day, asked when the mirror no longer has the two versions below.
DEBIAN_SNAPSHOT=${DEBIAN_SNAPSHOT:-http://snapshot.debian.org/archive/debian/20261030T080801Z}

KOKKOS_VERSION=5.2.2-2

LAMMPS_TARBALL=pool/main/l/lammps/lammps_20260704%2bdfsg.orig.tar.gz
LAMMPS_SHA256=cddbc45a047416bd48a4a0b87f24a5b61b3446982b74d18cafe619c22b17eb62
