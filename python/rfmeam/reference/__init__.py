"""Quantum-mechanical reference data: structures, GPAW, Bader charges, extxyz files."""
