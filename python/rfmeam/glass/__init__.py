"""Oxide glasses: make them by melting and quenching with LAMMPS, judge them, compare with
experiment."""
