# shellcheck shell=sh disable=SC2034
# Every version the environment is made from, apart from the Python packages (requirements.txt).

DEBIAN_SUITE=trixie
# Where Debian comes from; empty: what the tools take by themselves.
DEBIAN_MIRROR=${DEBIAN_MIRROR:-}
# Debian's archive on a day when unstable had the versions below: for the day when its mirrors have others.
DEBIAN_SNAPSHOT=${DEBIAN_SNAPSHOT:-http://snapshot.debian.org/archive/debian/20261031T000000Z}

# Kokkos: Debian's package, else built from its own release.
KOKKOS_VERSION=5.2.2-2
KOKKOS_URL=https://github.com/kokkos/kokkos/releases/download/5.1.1/kokkos-5.1.1.tar.gz
KOKKOS_SHA256=8bdbee0f0ac383436743ad8a9e3e928705b34b31a25a92dc5179c52a3aa98519

# LAMMPS: the archive that Debian's package is made from, else its own of the same day.
LAMMPS_TARBALL=pool/main/l/lammps/lammps_20260704%2bdfsg.orig.tar.gz
LAMMPS_SHA256=cddbc45a047416bd48a4a0b87f24a5b61b3446982b74d18cafe619c22b17eb62
LAMMPS_URL=https://github.com/lammps/lammps/archive/patch_4Jul2026.tar.gz
LAMMPS_URL_SHA256=be9deffba169d140c337fd29570d3f5469332ece7e77280cce998f6caaad5534
