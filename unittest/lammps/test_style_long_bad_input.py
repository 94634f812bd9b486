"""pair_style rfmeam/qeq long: what is refused, and with which words."""

import pytest
from harness import needs_style, potential
from test_style_bad_input import refused
from test_style_long import EXACT, long_model, long_potential

RUN = "run 0\n"
GAUSSIAN = long_potential("gaussian")

PAIR_STYLES = {
    "unknown word": ("short", r"read argument 'short', allowed are none, or long CUTOFF"),
    "no cutoff": ("long", r"read 0 words behind it, allowed is the cutoff"),
    "two cutoffs": ("long 9.0 8.0", r"read 2 words behind it, allowed is the cutoff"),
    "not a number": ("long far", r"Expected floating point .* instead of 'far'"),
    "zero": ("long 0", r"long cutoff is 0, allowed is > 0"),
    "negative": ("long -9.0", r"long cutoff is -9.0, allowed is > 0"),
    "NaN": ("long nan", r"Expected floating point .* instead of 'nan'"),
    "infinite": ("long 1e999", r"1e999.* out of range"),
}


@pytest.mark.parametrize("case", PAIR_STYLES)
def test_wrong_argument(lammps, case):
    words, message = PAIR_STYLES[case]
    refused(lammps, long_model().replace("long 9.5", words) + RUN, message, GAUSSIAN)


def test_no_kspace_style(lammps):
    message = r"rfmeam/qeq long without kspace_style, allowed are kspace_style ewald and pppm"
    refused(lammps, long_model("") + RUN, message, GAUSSIAN)


@pytest.mark.parametrize("style", ["ewald", "pppm"])
def test_kspace_style_without_long(lammps, style):
    """LAMMPS' own message."""
    script = long_model(f"kspace_style {style} 1e-4\n").replace(" long 9.5", "") + RUN
    refused(lammps, script, f"KSpace style {style} is incompatible with Pair style rfmeam/qeq", GAUSSIAN)


@pytest.mark.parametrize("style", ["pppm/cg", "pppm/stagger"])
def test_other_kspace_style(lammps, style):
    message = f"long with kspace_style {style}, allowed are ewald and pppm"
    refused(lammps, long_model(f"kspace_style {style} 1e-4\n") + RUN, message, GAUSSIAN)


KERNELS = {
    "screened_cut": potential(meam=False),
    "screened_gaussian": potential(meam=False, coulomb="screened_gaussian"),
    "shielded": potential(meam=False, coulomb="shielded"),
    "none": potential(coulomb=None),
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernel_without_tail(lammps, kernel):
    message = f"long with the kernel {kernel} of .* no long range. Allowed are direct_cut, gaussian and slater"
    refused(lammps, long_model(fix="") + RUN, message, KERNELS[kernel])


def test_widths_beyond_the_cutoff(lammps):
    """Pairs beyond the cutoff would still see that charges are no points."""
    message = r"long cutoff is 9.5, too short for Gaussian charges of width 2 in .* widths up to 1/\(2 g\) = 0.909"
    refused(lammps, long_model() + RUN, message, GAUSSIAN.replace("width F 0.9", "width F 2.0"))


def test_slater_densities_beyond_the_cutoff(lammps):
    message = r"long cutoff is 9.5, too short for the Slater densities of .* lack 0.000155 .* allowed is erfc\(g r\) = "
    refused(lammps, long_model() + RUN, message, long_potential("slater").replace("slater F 2.4", "slater F 0.7"))


MODIFIED = {
    "compute no": r"kspace_modify compute no, allowed is yes",
    "slab nozforce": r"slab nozforce or ew2d, or wire: allowed is slab and a volume factor",
}


@pytest.mark.parametrize("words", MODIFIED)
def test_kspace_modify(lammps, words):
    script = long_model(EXACT + f"kspace_modify {words}\n")
    if "slab" in words:
        script = script.replace("system.data", "system.data\nchange_box all boundary p p f")
    refused(lammps, script + RUN, MODIFIED[words], GAUSSIAN)


def test_uncharged_atoms_need_a_splitting_parameter(lammps):
    """LAMMPS' own message: it derives the parameter from charges, of which there are none yet."""
    script = long_model("kspace_style ewald 1e-6\n").replace("pair_style", "set group all charge 0\npair_style")
    refused(lammps, script + RUN, "Must use 'kspace_modify gewald' for uncharged system", GAUSSIAN)


def test_charges_of_atoms_that_are_not_there(lammps):
    script = long_model(fix="", coeff="* * zero; * * rfmeam/qeq LiF.rfmeam Li NULL")
    script = script.replace("rfmeam/qeq long", "hybrid/overlay zero 3.0 rfmeam/qeq long")
    refused(
        lammps, script + RUN, "charges of atoms of type 2, which pair_coeff maps to NULL, .* allowed is 0", GAUSSIAN
    )


def test_shadow_dynamics(lammps):
    script = long_model(fix="all qeq/vc 1 1e-8 100 solver xl") + RUN
    refused(lammps, script, "solver xl with pair style rfmeam/qeq long, allowed are solver pcg and direct", GAUSSIAN)


@needs_style("gcmc")
def test_trials(lammps):
    script = long_model() + "fix mc all gcmc 10 1 0 1 4711 300 0 0.1\n" + RUN
    refused(lammps, script, r"fix mc \(gcmc\) and pair style rfmeam/qeq long", GAUSSIAN)
