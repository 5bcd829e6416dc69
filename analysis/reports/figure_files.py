"""How figures look and how they are written: the same bytes for the same figure."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart with any colour vision; the lightest is left out.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#555555")

STYLE: dict[str, Any] = {
    "figure.figsize": (7.2, 4.2),
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "savefig.dpi": 160,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same everywhere
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#6b7280",
    "axes.labelcolor": "#1f2937",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e5e7eb",
    "grid.linewidth": 0.8,
    "xtick.color": "#4b5563",
    "ytick.color": "#4b5563",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "svg.hashsalt": "repdose",  # element ids would be random without it
    "svg.fonttype": "path",
}


def use_style() -> None:
    """Set matplotlib's defaults to the reports' own, whatever they were."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcdefaults()
    settings: Any = STYLE | {"axes.prop_cycle": cycler(color=COLOURS)}
    mpl.rcParams.update(settings)


def written(figure: Figure) -> tuple[bytes, str]:
    """The figure as PNG and as SVG, without date and without what wrote it.

    Its parts are laid out once, for the PNG, so both show them at the same places.
    """
    import matplotlib as mpl

    png = _saved(figure, "png", {"Software": None})
    with mpl.rc_context({"figure.constrained_layout.use": False, "figure.autolayout": False}):
        figure.set_layout_engine(None)
        svg = _saved(figure, "svg", {"Date": None, "Creator": None})
    return png, svg.decode("utf-8")


def _saved(figure: Figure, kind: str, metadata: dict[str, None]) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()
