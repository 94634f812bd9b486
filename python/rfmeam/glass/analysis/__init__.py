"""What is measured on a glass. Each module knows one kind of quantity and nothing of LAMMPS'
files."""
