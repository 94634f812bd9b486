#!/bin/sh
# Installs Kokkos into a Debian 13 system. Debian has it in unstable only; the pin keeps
# everything else of unstable out. Needs: root, versions.sh beside this file.
set -eu
. "$(dirname "$0")/versions.sh"

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
cat > /etc/apt/preferences.d/unstable <<PIN
Package: *
Pin: release a=unstable
Pin-Priority: 50
PIN

mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $DEBIAN_SUITE" | head -n 1)
echo "deb [signed-by=$keyring] $mirror sid main" > /etc/apt/sources.list.d/unstable.list
apt-get update -o Acquire::Check-Valid-Until=false
apt-get install -y --no-install-recommends "libkokkos-dev=$KOKKOS_VERSION"

# The package's CMake files name two archives it does not contain; both libraries are header-only.
libdir=$(dirname "$(find /usr/lib -name libkokkoscore.so)")
for name in algorithms simd; do
    [ -e "$libdir/libkokkos$name.a" ] || ar cr "$libdir/libkokkos$name.a"
done
