// The version of a LAMMPS that a plugin was compiled for, and is not loaded into.
#define LAMMPS_VERSION "1 Jan 2020"
