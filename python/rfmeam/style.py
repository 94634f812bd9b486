"""One look for all figures: of potentials, glasses, fits, data and examples."""

# Okabe and Ito's colours, which the colour-blind can tell apart
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
ELEMENT_COLORS = {"Li": "#CC79A7", "B": "#009E73", "Si": "#E69F00", "O": "#D55E00", "F": "#0072B2"}

STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "mathtext.fontset": "stixsans",
    "savefig.dpi": 200,
    "svg.fonttype": "none",
}
"""For matplotlib.rc_context."""


def above(values, *others):
    """Values over their lowest, that of `others` (a curve through them) too: never below 0."""
    lowest = min(each.min() for each in (values, *others))
    return tuple(each - lowest for each in (values, *others)) if others else values - lowest
