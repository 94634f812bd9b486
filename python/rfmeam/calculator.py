"""ASE calculator: RF-MEAM with equilibrated or fixed charges."""

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from ase.stress import full_3x3_to_voigt_6_stress

from ._core import K_E, Potential, System, evaluate
from .charges import equilibrate


def system_of(atoms: Atoms) -> System:
    """The cell, boundary conditions, positions and symbols of ASE atoms."""
    return System(atoms.cell.array, atoms.pbc, atoms.positions, atoms.get_chemical_symbols())


_ASE_ARGUMENTS = {"atoms", "directory", "ignore_bad_restart_file", "label", "restart"}


class RFMEAM(Calculator):
    """RF-MEAM with variable charges for ASE; sums over all pairs and images, for small systems.

    potential: a Potential or the path of its file.
    charges: "equilibrated" (at sum(q) = total_charge, in e) or "fixed" (the atoms' initial
    charges). Without charges in the potential there are none.
    k_e: Coulomb constant in eV Å/e^2.

    Results: energy (eV), forces (eV/Å), charges (e), and stress (eV/Å^3) for a cell with a volume.
    Forces and stress are exact derivatives, as dE/dq is the same for all
    equilibrated charges. Raises IndefiniteChargesError where the charges have no equilibrium.
    """

    implemented_properties = ("energy", "free_energy", "forces", "stress", "charges")

    def __init__(
        self,
        potential: Potential | str,
        charges: str = "equilibrated",
        total_charge: float = 0.0,
        k_e: float = K_E,
        **kwargs,
    ):
        if unknown := sorted(set(kwargs) - _ASE_ARGUMENTS):
            raise TypeError(
                f"RFMEAM has no argument {unknown[0]!r}, allowed are potential, charges, "
                f"total_charge, k_e and those of ASE: {', '.join(sorted(_ASE_ARGUMENTS))}"
            )
        super().__init__(**kwargs)
        if charges not in ("equilibrated", "fixed"):
            raise ValueError(f"charges is {charges!r}, allowed are 'equilibrated' and 'fixed'")
        self.potential = (
            potential if isinstance(potential, Potential) else Potential.read(potential)
        )
        self.fixed_charges = charges == "fixed"
        self._total_charge = total_charge
        self.k_e = k_e

    @property
    def total_charge(self) -> float:
        """Sum of the charges, e. Setting it makes results of before void."""
        return self._total_charge

    @total_charge.setter
    def total_charge(self, value: float) -> None:
        if value != self._total_charge:
            self.reset()
        self._total_charge = value

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        """Fills self.results for the atoms (see the class)."""
        super().calculate(atoms, properties, system_changes)
        system = system_of(self.atoms)
        if not self.potential.has_charges:
            charges = None
        elif self.fixed_charges:
            charges = self.atoms.get_initial_charges()
        else:
            charges = equilibrate(self.potential, system, self.total_charge, self.k_e)
        energy = evaluate(self.potential, system, charges, self.k_e)
        self.results = {
            "energy": energy.total,
            "free_energy": energy.total,
            "forces": energy.forces,
            "charges": np.zeros(len(system)) if charges is None else charges,
        }
        if self.atoms.cell.rank == 3:
            stress = -energy.virial / self.atoms.get_volume()
            self.results["stress"] = full_3x3_to_voigt_6_stress(stress)
