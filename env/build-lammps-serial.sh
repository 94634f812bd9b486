#!/bin/sh
# Builds LAMMPS from /opt/lammps, fetched by build-lammps.sh, in /opt/lammps-serial, as serial_lammps.cmake beside this
# file says. An interrupted run goes on where it stopped.
set -eu
cmake -S /opt/lammps/cmake -B /opt/lammps-serial -G Ninja -C "$(dirname "$0")/serial_lammps.cmake"
cmake --build /opt/lammps-serial
