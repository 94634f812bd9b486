"""Reads in.params.Coulomb, the format of nap's `Coulomb::read_params`.

What a *.rfmeam file cannot represent is refused; what has no meaning here, such as settings of
nap's charge optimiser, is listed in the notes.
"""

import math
from collections.abc import Callable
from itertools import product

from .errors import UserError
from .nap_reader import Reader, names_of
from .parameters import Parameters

K_E = 14.3998554737
"""nap's Coulomb constant, eV Å/e²."""

DEFAULT_SIGMA = 3.5355339
"""nap's sigma (Å) of `terms long` where the file gives none."""

DEFAULT_RHO = 5.0
"""nap's screening length (Å) where the file gives none."""

BOUND_STIFFNESS = 400.0
"""K (eV/e²) of walls that stand for nap's charge bounds: 10 eV/e push a charge 0.02 e beyond."""

_OPTIMISER = {
    "chgopt_method",
    "codmp_method",
    "conv_eps_qeq",
    "nstp_qeq",
    "minstp_qeq",
    "minstp_conv_qeq",
    "dt_codmp",
    "qmass",
    "fdamp_codmp",
    "dfdamp_codmp",
    "finc_codmp",
    "fdec_codmp",
    "alpha0_codmp",
    "falpha_codmp",
    "dqmax_cogrd",
    "dqeps_cogrd",
    "omg2dt2",
}
_OTHER_TERMS = {"pacc", "fbvs", "rcut"}
_UNKNOWN_TERMS = {
    "short": "the real-space part of an Ewald sum, with a cutoff function of its own",
    "direct": "a Coulomb energy that jumps at the cutoff",
}
_KERNELS = {  # of a *.rfmeam file, by nap's terms
    "direct_cut": "direct_cut",
    "screened_cut": "screened_cut",
    "full": "direct_cut",
    "long": "gaussian",
}
_FIXED_HARDNESS = 1.0  # eV/e^2, of a file with fixed charges: E0 takes its energy off again


class CoulombReader(Reader):
    def run(self, cutoff: float) -> None:
        self.terms: str | None = None
        self.gaussian = False  # charge_dist
        self.sigma = DEFAULT_SIGMA
        self.has_charges = False
        self.common_rho = DEFAULT_RHO
        self.radius: dict[str, float] = {}
        self.rho: dict[tuple[str, str], float] = {}
        self.left_out: list[str] = []
        self.interacting: set[tuple[str, str]] | None = None  # None: all
        self.fixed: dict[str, float] = {}
        block = ""
        self.bounds: dict[str, tuple[float, float, int]] = {}  # qbot, qtop, line
        self.bound_factor = {"bound_k2": 100.0, "bound_k4": 0.0}  # nap's defaults
        for words in self.statements():
            if not words:
                block = ""
            elif block == "charges":
                self.read_charge()
            elif block == "fixed":
                self.read_fixed_charge()
            elif block == "interactions":
                self.read_interaction()
            else:
                block = self.read_keyword(words[0])
        if not self.has_charges:
            raise UserError(f"{self.path}: no 'charges' line, allowed are variable, qeq and fixed")
        self.require_all_interactions()
        if self.fixed:
            self.note_fixed_charges()
        if self.terms is None:
            raise UserError(f"{self.path}: no 'terms' line, allowed are {', '.join(_KERNELS)}")

        if self.gaussian and self.terms == "full":
            self.terms = "long"  # as nap corrects it
        self.parameters.coulomb = (_KERNELS[self.terms], cutoff)
        if self.terms in ("full", "long"):
            self.sum_to_the_end()
        if self.terms == "screened_cut":
            self.parameters.rho.update(self.screening_lengths())
        self.write_walls()
        if self.left_out:
            self.notes.append(f"{self.path}: not carried over: {', '.join(self.left_out)}")
        p = self.parameters
        self.finish(
            Parameters(
                p.elements,
                coulomb=p.coulomb,
                charge=p.charge,
                rho=p.rho,
                width=p.width,
                wall=p.wall,
            )
        )

    def read_keyword(self, keyword: str) -> str:
        """Reads a statement; returns the block that begins with it: charges, fixed, interactions
        or none."""
        readers: dict[str, Callable[[], str | None]] = {
            "charges": self.read_charges,
            "charge_dist": self.read_distribution,
            "terms": self.read_terms,
            "sigma": self.read_sigma,
            "interactions": self.read_interactions,
            "dielectric": self.read_dielectric,
            "scale_factor": self.read_scale_factor,
            "rho_screened_cut": self.read_common_rho,
            "rad_screened_cut": self.read_radius,
            "rhoii_screened_cut": self.read_rho_ii,
            "rhoij_screened_cut": self.read_rho_ij,
            "bound_k2": self.read_bound_factor,
            "bound_k4": self.read_bound_factor,
        }
        if keyword in readers:
            return readers[keyword]() or ""
        if keyword not in _OPTIMISER | _OTHER_TERMS:
            allowed = sorted([*readers, *_OPTIMISER, *_OTHER_TERMS])
            self.fail(f"read '{keyword}', allowed are {', '.join(allowed)}")
        self.leave_out(keyword)
        return ""

    def leave_out(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def read_choice(self, *allowed: str) -> str:
        self.expect(2, f"{self.words[0]} {'|'.join(allowed)}")
        if self.words[1] not in allowed:
            self.fail(f"{self.words[0]} is '{self.words[1]}', allowed is {' or '.join(allowed)}")
        return self.words[1]

    def read_charges(self) -> str:
        if self.words[1:] == ["fixed_bvs"]:
            self.fail(
                "charges is 'fixed_bvs', which makes charges of the composition of each system: "
                "allowed is variable, qeq or fixed"
            )
        kind = self.read_choice("variable", "qeq", "fixed")
        self.has_charges = True
        return "fixed" if kind == "fixed" else "charges"

    def read_fixed_charge(self) -> None:
        self.expect(2, "El q (a blank line ends the charges)")
        (value,) = self.numbers(1)
        if self.is_known(self.words[0]):
            self.fixed[self.words[0]] = value

    def note_fixed_charges(self) -> None:
        """nap has no energy of an atom for fixed charges: E0 takes off that of the hardness."""
        p = self.parameters
        p.charge.update(
            {i: (0.0, _FIXED_HARDNESS, -_FIXED_HARDNESS * q**2 / 2) for i, q in self.fixed.items()}
        )
        charges = ", ".join(f"{i} {q:g}" for i, q in self.fixed.items())
        self.notes.append(
            f"{self.path}: charges are fixed ({charges} e): set them in LAMMPS (`set type …"
            " charge`), or in ASE as initial charges, and do not use fix qeq/vc. J of the file is"
            " arbitrary, and E0 makes the atoms' own energy zero at these charges, as in nap"
        )

    def read_interactions(self) -> str:
        if len(self.words) == 2 and self.words[1] == "same_sign":
            self.fail("interactions is 'same_sign', allowed is full, or a list of all pairs")
        if len(self.words) > 1:
            self.read_choice("full")
            return ""
        self.interacting = set()
        return "interactions"

    def read_interaction(self) -> None:
        self.expect(2, "El El (a blank line ends the interactions)")
        if self.is_known(*self.words):
            assert self.interacting is not None
            self.interacting.update(
                self.unordered(i, j)
                for i, j in product(*(self.expand(name) for name in self.words))
            )

    def require_all_interactions(self) -> None:
        if self.interacting is None:
            return
        missing = [pair for pair in self.parameters.pairs() if pair not in self.interacting]
        if missing:
            raise UserError(
                f"{self.path}: 'interactions' leaves out {names_of(missing)}: here charges "
                "interact between all elements, allowed is a list of all pairs"
            )

    def read_distribution(self) -> None:
        self.gaussian = self.read_choice("point", "gaussian") == "gaussian"

    def read_sigma(self) -> None:
        self.sigma = self.positive(0, "sigma width")

    def sum_to_the_end(self) -> None:
        """`full`: point charges. `long`: the reciprocal part of an Ewald sum alone, factors
        exp(-σ² k²/2): charges that are Gaussians of width σ/√2. nap takes their own energy,
        ½ k_e √(2/π)/σ q², out of J; a *.rfmeam file's J comes without it, and its kernel adds it.
        """
        if self.terms == "long":
            if self.fixed:
                raise UserError(
                    f"{self.path}: terms is 'long', and charges are fixed: nap then takes the width"
                    " of the charges from the cutoff; allowed is full"
                )
            own = K_E * math.sqrt(2.0 / math.pi) / self.sigma
            for name, (chi, hardness, offset) in self.parameters.charge.items():
                if not hardness > own:
                    self.line_number = self.bounds[name][2]
                    self.fail(
                        f"J of {name} is {hardness:g}, allowed with 'terms long' is more than "
                        f"k_e √(2/π)/sigma = {own:.6g} eV/e²: a softer atom has no equilibrium"
                    )
                self.parameters.charge[name] = (chi, hardness - own, offset)
                self.parameters.width[name] = self.sigma / math.sqrt(2.0)
            self.notes.append(
                f"{self.path}: nap (init_vc_Ewald) takes {own:.6g} eV/e² off J at every step anew; "
                "converted is what it computes at its first"
            )
        # LAMMPS splits its sum at g = 3.4/CUTOFF for 1e-6; Gaussians must be narrower than 1/2g
        cutoff = f"{5.0 * self.sigma:.1f}" if self.terms == "long" else "CUTOFF"
        self.notes.append(
            f"{self.path}: terms is '{self.terms}', a sum without cutoff: in LAMMPS 'pair_style "
            f"rfmeam/qeq long {cutoff}' and 'kspace_style ewald 1e-6' (or pppm), without which it "
            "is another model"
        )

    def read_charge(self) -> None:
        self.expect(6, "El chi J E0 qbot qtop (a blank line ends the charges)")
        values = self.numbers(1)
        name = self.words[0]
        if name == "*":
            self.fail("read '*', allowed is an element")
        if not self.is_known(name):
            return
        new = {name: tuple(values[:3])}
        self.check(Parameters(self.elements, coulomb=("direct_cut", 1.0), charge=new))
        self.parameters.charge.update(new)
        self.bounds[name] = (*values[3:], self.line_number)

    def read_bound_factor(self) -> None:
        self.expect(2, f"{self.words[0]} factor")
        (self.bound_factor[self.words[0]],) = self.numbers(1)

    def write_walls(self) -> None:
        """nap adds bound_k2 x² + bound_k4 x⁴ to the charge energy, x beyond qbot or qtop."""
        if not any(self.bound_factor.values()):
            self.leave_out("the charge bounds qbot and qtop (bound_k2 and bound_k4 are 0)")
            return
        for name, (bottom, top, line_number) in self.bounds.items():
            self.line_number = line_number
            if not bottom < top:
                self.fail(f"qbot is {bottom:g}, allowed is < qtop = {top:g}")
            self.parameters.wall[name, "lower"] = (BOUND_STIFFNESS, bottom)
            self.parameters.wall[name, "upper"] = (BOUND_STIFFNESS, top)
        if self.bounds:
            k2, k4 = self.bound_factor.values()
            self.notes.append(
                f"{self.path}: the charge bounds qbot and qtop become walls with K = "
                f"{BOUND_STIFFNESS:g} eV/e²: 10 eV/e push a charge 0.02 e beyond, and it feels "
                f"them from 0.1 e before (nap: {k2:g} x² + {k4:g} x⁴ beyond); without the 'wall' "
                "lines charges are unbounded"
            )

    def read_terms(self) -> None:
        if len(self.words) == 2 and (meaning := _UNKNOWN_TERMS.get(self.words[1])):
            self.fail(
                f"terms is '{self.words[1]}', {meaning}, which cannot be converted; allowed is "
                f"{' or '.join(_KERNELS)}"
            )
        self.terms = self.read_choice(*_KERNELS)

    def read_dielectric(self) -> None:
        value = self.positive(0, "dielectric 1")
        if value != 1.0:
            self.fail(
                f"dielectric is '{self.words[1]}', allowed is 1: a *.rfmeam file has none; give 1 "
                f"here and 'dielectric {self.words[1]}' in LAMMPS, which says the same"
            )

    def read_scale_factor(self) -> None:
        value = self.positive(0, "scale_factor 1")
        if value != 1.0:
            self.fail(
                f"scale_factor is '{self.words[1]}', allowed is 1: nap scales the energies of the "
                "atoms (chi, J, E0) too, so LAMMPS' dielectric alone is no substitute; give 1 here,"
                f" chi, J and E0 times {value:g}, and 'dielectric {1 / value:.12g}' in LAMMPS"
            )

    def positive(self, names: int, form: str) -> float:
        """The last word of a line with so many names of elements."""
        self.expect(names + 2, form)
        (value,) = self.numbers(names + 1)
        if not value > 0.0:
            self.fail(f"{self.words[0]} is '{self.words[-1]}', allowed is > 0")
        return value

    def read_common_rho(self) -> None:
        self.common_rho = self.positive(0, "rho_screened_cut rho")

    def read_radius(self) -> None:
        value = self.positive(1, "rad_screened_cut El radius")
        if self.is_known(self.words[1]):
            self.radius[self.words[1]] = value

    def read_rho_ii(self) -> None:
        value = self.positive(1, "rhoii_screened_cut El rho")
        if self.is_known(self.words[1]):
            self.rho[self.words[1], self.words[1]] = value

    def read_rho_ij(self) -> None:
        value = self.positive(2, "rhoij_screened_cut El El rho")
        if self.is_known(self.words[1], self.words[2]):
            self.rho[self.unordered(self.words[1], self.words[2])] = value

    def screening_lengths(self) -> dict[tuple[str, str], float]:
        """rho_ij as nap chooses them: all radii, else all rho_ii where a rho_ij is missing, else
        what is given and the common rho for the rest."""
        pairs = self.parameters.pairs()
        if all(i in self.radius for i in self.elements):
            return {(i, j): self.radius[i] + self.radius[j] for i, j in pairs}
        if self.radius:
            raise UserError(
                f"{self.path}: 'rad_screened_cut' lines for some elements, allowed is for all"
            )
        some_missing = any((i, j) not in self.rho for i, j in pairs if i != j)
        if some_missing and all((i, i) in self.rho for i in self.elements):
            overridden = [f"{i}-{j}" for i, j in self.rho if i != j]
            if overridden:
                self.notes.append(
                    f"{self.path}: rhoij_screened_cut of {', '.join(overridden)} is not used: nap "
                    "averages rhoii_screened_cut unless all pairs are given"
                )
            return {(i, j): (self.rho[i, i] + self.rho[j, j]) / 2 for i, j in pairs}
        return {ij: self.rho.get(ij, self.common_rho) for ij in pairs}
