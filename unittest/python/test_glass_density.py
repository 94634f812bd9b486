"""The density that a glass is melted and quenched at, measured or estimated."""

import pytest
from rfmeam.glass import composition, density
from rfmeam.glass.reference import DENSITY, REFERENCES


def test_every_oxide_is_known_in_full():
    for oxide, atoms in composition.OXIDES.items():
        assert set(atoms) <= set(composition.MASSES)
        assert 1.0 < density.estimate(composition.Composition({oxide: 100.0})) < 8.0


def test_measured_density_is_held_else_an_estimate():
    """Whatever way the composition is written; 30L50B20S has none that is measured."""
    held = density.hold(composition.parse_sample("40L30B30S"), None, False)
    assert held.density == 2.31 and str(held) == "2.31 g/cm³, measured (AGC talk at CCSE-35)"
    same = composition.parse_composition("SiO2=30,B2O3=30,Li2O=40")
    assert density.hold(same, None, False) == held
    unknown = density.hold(composition.parse_sample("30L50B20S"), None, False)
    assert unknown.density == pytest.approx(2.28, abs=0.03) and "estimated" in unknown.source
    given = density.hold(same, 2.2, False)
    assert given.density == 2.2 and str(given) == "2.2 g/cm³, as asked for"
    assert density.hold(same, None, True).density is None


@pytest.mark.parametrize("sample", [s for s, r in REFERENCES.items() if DENSITY in r.experiment])
def test_estimated_density_meets_what_is_measured(sample):
    found = density.estimate(composition.parse_sample(sample))
    assert found == pytest.approx(REFERENCES[sample].experiment[DENSITY], rel=0.02)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("B2O3=100", 0.0),
        ("Li2O=20,B2O3=80", 0.25),  # each modifier makes two four-fold borons
        ("Li2O=10,Na2O=10,B2O3=80", 0.25),
        ("Li2O=31,B2O3=60,SiO2=9", 0.5 + 0.15 / 16),  # the most, before non-bridging oxygen begins
        ("Li2O=40,B2O3=60", 8 / 12 * (1 - 1 / 3)),  # which takes some back
        ("Li2O=40,B2O3=30,SiO2=30", 9 / 12 * (1 - 4 / 9)),
        ("Li2O=75,B2O3=25", 0.0),
        ("CaO=10,Al2O3=20,B2O3=70", 0.0),  # aluminium has them all
        ("Na2O=20,SiO2=80", 0.0),
    ],
)
def test_four_fold_share_by_dell_bray_and_xiao(text, share):
    found = density.four_fold_share(composition.parse_composition(text))
    assert found == pytest.approx(share)
