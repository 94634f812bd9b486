"""`rfmeam fit`: potentials fitted to reference data, with exact derivatives by every parameter."""
