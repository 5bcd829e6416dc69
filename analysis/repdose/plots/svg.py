"""A figure as SVG, small and fast: glyphs written once, coordinates as whole numbers."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from repdose.plots.sheet import Sheet, drawing
from repdose.plots.texts import DARK, SIZE, block

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIZES = 8, 8.5, 9, 9.5, 10  # of words, besides the usual one [point]
LETTERS = string.printable.strip().replace("$", "")
# Of most words: how far apart any two of them stand is asked of the font once
PAIRED = f"{string.ascii_lowercase}{string.digits} .,-:()%"
AS_ONE = "ff", "fi", "fl"  # two letters that are drawn as one


def svg(figure: Figure | Sheet) -> str:
    """The text of an SVG file of a figure, which is laid out and drawn once."""
    if isinstance(figure, Sheet):
        return figure.svg()
    from repdose.plots.renderer import svg_of

    return svg_of(figure)


def warm() -> None:
    """Draw and measure what most figures have, for processes that are forked from this one."""
    figure, axes = drawing(3)
    axes.plot([0, 1], [0, 1], "o", color=DARK)
    axes.vlines([0, 1], 0, 1, color=DARK)
    axes.barh([0, 1], [0, 1], height=1, color=DARK)
    axes.axvline(0.5, color=DARK)
    axes.annotate("1", (0, 0), xytext=(1, 1), textcoords="offset points", color=DARK)
    axes.set_title(LETTERS)
    axes.set_xlabel(LETTERS)
    svg(figure)
    for size in SIZES:
        for lines in ("a", "a\na"):
            block(lines, size, False, "left", "top")
    for one in PAIRED:
        others = (other for other in PAIRED if other >= one and f"{one}{other}" not in AS_ONE)
        block("".join(one + other for other in others), SIZE, False, "left", "top")
