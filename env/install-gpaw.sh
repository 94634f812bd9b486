#!/bin/sh
# Installs GPAW with its PAW data into this Debian system, for reference data: ./dev shell --with gpaw.
# OpenBLAS, of one thread as the workers are, takes the place of Debian's plain BLAS: twice as fast.
# Can be run again after an interruption. Needs: root.
set -eu
export DEBIAN_FRONTEND=noninteractive

dpkg --configure -a
apt-get update -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root
apt-get install -y --no-install-recommends -o APT::Sandbox::User=root gpaw gpaw-data libopenblas0-serial
python3 -c 'import gpaw; print("GPAW", gpaw.__version__)'
