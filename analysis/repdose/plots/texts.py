"""Where the lines of a text stand, and what room it takes: measured once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from matplotlib.font_manager import FontProperties

from repdose.plots.glyphs import FONTS, OUTLINES, TEXTS
from repdose.plots.picture import Glyph

SIZE = 10.5  # of words [point]
DARK, BLACK = "#1f2937", "#000000"  # of what a figure names, and of titles
# Which of its parts is where a text is put
RISES = "top", "center", "bottom", "baseline", "center_baseline"
BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}  # shares of its width
FAMILY = "DejaVu Sans"  # comes with matplotlib, so it is the same everywhere

Box = tuple[float, float, float, float]  # left, bottom, right, top [point]
Line = tuple[float, float, tuple[tuple[Glyph, ...], tuple[str, ...]]]  # where it begins, outlines


class NotPlain(ValueError):
    """Something that is left to matplotlib, as is a text with a formula."""


def known(value: Any, *those: Any) -> None:
    """Leave to matplotlib what is none of those."""
    if value not in those:
        raise NotPlain(value)


class Block(NamedTuple):
    """Lines of a text and the box around them, from where the text is put [point]."""

    box: Box
    lines: tuple[Line, ...]
    size: float

    def at(self, x: float, y: float) -> Box:
        """The box of the text that is put at a place [point]."""
        left, bottom, right, top = self.box
        return x + left, y + bottom, x + right, y + top

    def turned(self) -> Block:
        """The same that reads upwards, about where the text is put."""
        left, bottom, right, top = self.box
        return Block(
            (-top, left, -bottom, right),
            tuple((-y, x, drawn) for x, y, drawn in self.lines),
            self.size,
        )


@lru_cache(FONTS)
def font(size: float, bold: bool = False) -> FontProperties:
    """The font of a report in a size [point]."""
    return FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")


@lru_cache(TEXTS)
def block(text: str, size: float, bold: bool, across: str, up: str) -> Block:
    """A text in a size [point], with which of its parts is where it is put, as of matplotlib.

    Raises
    ------
    NotPlain
        If a text has a formula.
    """
    if "$" in text:
        raise NotPlain(text)
    if not text:
        return Block((0, 0, 0, 0), (), size)
    known(up, *RISES)
    known(across, *BEFORE)
    face, lines = font(size, bold), text.split("\n")
    widths = [OUTLINES.size(line, face, False)[0] if line else 0.0 for line in lines]
    height, above, first, step = heights(face, len(lines))
    width, last = max(widths), first + (len(lines) - 1) * step
    rise = dict(zip(RISES, (0.0, height / 2, height, last, above), strict=True))[up]
    share = BEFORE[across]
    return Block(
        (-share * width, rise - height, (1 - share) * width, rise),
        tuple(
            (-share * own, rise - first - place * step, OUTLINES.of(line, face, False))
            for place, (own, line) in enumerate(zip(widths, lines, strict=True))
        ),
        size,
    )


@lru_cache(FONTS)
def heights(face: FontProperties, count: int) -> tuple[float, float, float, float]:
    """Height of so many lines, what of it is above the middle, first baseline, step [point].

    They are matplotlib's, which has had several rules for them.
    """
    from matplotlib.text import Text

    ruler: Any = _Ruler()

    def extent(lines: int, **aligned: Any) -> Any:
        text = Text(0, 0, "\n".join(["lp"] * lines), fontproperties=face, **aligned)
        text.set_figure(ruler)
        return text.get_window_extent(ruler)

    box, middle = extent(count, va="baseline"), extent(count, va="center_baseline")
    step = extent(count + 1).height - box.height if count > 1 else 0.0
    return box.height, middle.y1, box.y1 - (count - 1) * step, step


class _Ruler:
    """What a text of matplotlib asks to be measured: a figure with dots of a point, and sizes."""

    dpi = 72

    def get_figure(self, root: bool | None = None) -> _Ruler:  # noqa: ARG002 (it has no other)
        return self

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        return OUTLINES.size(s, prop, ismath)
