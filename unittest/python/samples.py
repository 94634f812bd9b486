"""Potentials that the tests use."""

from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "nap"

LIF = """\
# DATE: 2026-01-01 UNITS: metal CONTRIBUTOR: nobody CITATION: none
format rfmeam 1
elements Li F
atomic Li  3.0  1.20 -0.10 0.05 0.30   1.0 0.6 0.8 0.5   1.10 1.30 1.20 1.40   0.30 -0.20 0.15
atomic F   2.5  0.90  0.20 0.02 0.25   1.4 0.7 0.5 0.9   1.30 1.50 1.10 1.60  -0.20  0.25 0.10
pair Li Li timonova-thijsse  5.00 4.20  8.0 2.0 0.035  0.10 0.02   1.0 0.9 1.1 0.8
pair Li F  srinivasan-duff  2.60 3.50 4.80   0.30 -0.10 0.01    0.9 1.1 0.7 1.2
pair F  F  timonova-thijsse  4.60 3.90  8.0 2.2 0.020  0.08 0.01   1.1 0.8 1.0 0.9
triple Li * * 0.5 2.8
triple F Li F 0.8 2.0
charge Li 3.00 4.77 0.1
charge F 8.00 10.00 -0.2
coulomb screened_cut 7.0
rho Li 1.8
rho F 1.5
end
"""
"""A potential with both pair forms, a triple that is not listed, and charges."""

SOUND = """\
# DATE: 2026-01-01 UNITS: metal CONTRIBUTOR: nobody CITATION: none
format rfmeam 1
elements Li F
atomic Li  3.0  0.10 -0.30 0.08 0.30   1.0 0.6 0.8 0.5   1.10 1.30 1.20 1.40   0.30 -0.20 0.15
atomic F   2.5  0.10 -0.20 0.08 0.25   1.4 0.7 0.5 0.9   1.30 1.50 1.10 1.60  -0.20  0.25 0.10
pair Li Li timonova-thijsse  5.00 4.20  2.8 5.5 0.30  0.0 0.0   1.0 0.9 1.1 0.8
pair Li F  timonova-thijsse  4.80 4.00  2.0 6.5 1.00  0.0 0.0   0.9 1.1 0.7 1.2
pair F  F  timonova-thijsse  4.60 3.90  1.4 6.0 1.00  0.0 0.0   1.1 0.8 1.0 0.9
triple * * * 0.5 2.8
charge Li 3.00 11.00 0.0
charge F 8.00 16.00 0.0
coulomb screened_cut 7.0
rho * * 2.0
end
"""
"""Nothing is wrong with this one."""

EXPONENTIAL = SOUND.replace(
    "Li Li timonova-thijsse  5.00 4.20  2.8 5.5 0.30  0.0 0.0",
    "Li Li double-exponential  5.00 4.20  2.8 0.30 3.9 -0.60 1.9",
)
"""The same with the third pair form: its minimum of -0.30 eV is near 2.8 Å, too."""

ENVIRONMENT = SOUND.replace(
    "end\n",
    """\
environment Li  1.5 0.9
environment F  -2.5 1.2
environment_weight Li F 0.06
environment_weight F Li 0.05
environment_weight F F 0.1
end
""",
)
"""Environments beside it; Li has the weight 1 for itself."""

WALLED = """\
# UNITS: metal
format rfmeam 1
elements Li F
charge Li 3.00 2.5 0.1
charge F 20.00 12.0 -0.2
coulomb screened_gaussian 9.0 2.6
width Li 0.9
width F 0.7
wall Li upper 30.0 0.85
wall * lower 400.0 -1.3
end
"""
"""Charges alone, with the kernel and the walls of a charge-dependent fit."""
