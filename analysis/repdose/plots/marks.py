"""What is drawn within a chart: lines, bars, areas, dots, words and shades.

A mark keeps numbers of the data, rounded as they are stored: otherwise the last digits of a model,
which depend on the processor, decide on which side of a tie an edge falls.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
from matplotlib.path import Path

from repdose.plots.paths import data_of
from repdose.plots.picture import DOTS, POINT, Picture, look
from repdose.plots.places import Places
from repdose.plots.texts import Block, Box, NotPlain, known
from repdose.storing import stored

SIMPLER = 128  # points from which a line is drawn with fewer, as of matplotlib
GROUND = 1.0  # white around words that have it [point]
NEAR = 1.0  # beyond the axes, where a place still counts as inside [point]
ON, OFF = 3.7, 1.6  # dash and gap, in widths of the line
DASHES: dict[str, tuple[float, ...]] = {
    "--": (ON, OFF),
    "-.": (6.4, OFF, 1.0, OFF),
    ":": (1.0, 1.65),
}
_BY_NAME = {"white": "#ffffff", "none": None}


class Mark(Protocol):
    """Something that is drawn within a chart."""

    @property
    def is_cut(self) -> bool:
        """Whether what is beyond the axes is left out."""

    def draw(self, picture: Picture, chart: Places, clip: str) -> None: ...


class Line(NamedTuple):
    """A line through points, with gaps where there is none."""

    rows: Any
    said: str
    within: str = ""
    is_cut: bool = True

    def draw(self, picture: Picture, chart: Places, clip: str) -> None:
        drawn_line(picture, chart.points(self.rows, self.within), self.said + clip)


class Segments(NamedTuple):
    """Straight lines of two points each."""

    rows: Any
    said: str
    is_cut: bool = True

    def draw(self, picture: Picture, chart: Places, clip: str) -> None:
        for ends in chart.points(self.rows).reshape(-1, 2, 2):
            drawn_line(picture, ends, self.said + clip)


class Areas(NamedTuple):
    """Polygons, each with its looks."""

    polygons: Sequence[Any]
    said: Sequence[str]
    within: str = ""
    is_cut: bool = True

    def draw(self, picture: Picture, chart: Places, clip: str) -> None:
        for rows, said in zip(self.polygons, self.said, strict=True):
            picture.path(picture.polygon(chart.points(rows, self.within)), said + clip)


class Dots(NamedTuple):
    """A mark at each point, of sizes of their own or of one [point]."""

    rows: Any
    marker: str
    sizes: Sequence[float]
    said: str
    is_cut: bool = True

    def boxes(self, chart: Places) -> list[Box]:
        """The box around each [point]."""
        points, sizes = chart.points(self.rows), np.broadcast_to(self.sizes, len(self.rows))
        return [
            (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
            for (x, y), size in zip(points.tolist(), sizes.tolist(), strict=True)
        ]

    def draw(self, picture: Picture, chart: Places, clip: str) -> None:
        points = chart.points(self.rows)
        if self.marker == "o" and len(self.sizes) > 1:
            picture.circles(points, self.sizes, self.said + clip)
            return
        points = points[np.isfinite(points).all(axis=1)]
        if len(self.sizes) == 1:
            shape, places = outline_of(self.marker, self.sizes[0]), picture.units(points)
            picture.marks(shape, places.tolist(), self.said + clip)
            return
        corners, codes, _ = shape_of(self.marker)
        for place, size in zip(points, self.sizes, strict=True):
            path = Path(picture.exact(corners * size + place), codes)
            picture.path(data_of(path), self.said + clip)


class Shades(NamedTuple):
    """Values as shades of grey, in a box."""

    shades: Any
    corners: Any
    is_cut: bool = True

    def draw(self, picture: Picture, chart: Places, clip: str) -> None:
        corners = DOTS * chart.points(self.corners)
        (left, right), (low, high) = np.sort(corners, axis=0).T.tolist()
        lines, columns = self.shades.shape
        # Dots whose middles lie in the box, as of matplotlib
        start, end = math.floor(left + 0.5), math.floor(right + 0.5)
        floor, top = math.ceil(low - 0.5), math.ceil(high - 0.5)
        across = (np.arange(start, end) + 0.5 - left) * (columns / (right - left))
        down = (high - np.arange(top, floor, -1) + 0.5) * (lines / (high - low))
        shown = [
            one.astype(int).clip(0, count - 1) for one, count in ((down, lines), (across, columns))
        ]
        box = start, DOTS * picture.size[1] - top, end - start, top - floor
        picture.image(self.shades[np.ix_(*shown)], tuple(one / DOTS for one in box), clip)


class Words(NamedTuple):
    """A text: its lines, where it is put, and how far from there [point]."""

    block: Block
    at: tuple[float, float]
    within: str
    shift: tuple[float, float]
    colour: str
    has_ground: bool
    seen_with: (
        tuple[float, float] | None
    )  # a place; where it is beyond the axes the words are not shown
    is_cut: bool = False

    def boxes(self, chart: Places) -> list[Box]:
        """The box around them, if they are shown [point]."""
        place = self.place(chart)
        return [] if place is None else [self.block.at(*place)]

    def place(self, chart: Places) -> tuple[float, float] | None:
        """Where they are put [point], if they are shown."""
        if self.seen_with is not None:
            left, low, width, height = chart.box
            x, y = chart.point(self.seen_with)
            if not (-NEAR <= x - left <= width + NEAR and -NEAR <= y - low <= height + NEAR):
                return None
        x, y = chart.point(self.at, self.within)
        return x + self.shift[0], y + self.shift[1]

    def draw(self, picture: Picture, chart: Places, clip: str) -> None:  # noqa: ARG002 (never cut)
        if (place := self.place(chart)) is None:
            return
        if self.has_ground:
            left, low, right, high = self.block.at(*place)
            x, y = (left - GROUND, right + GROUND), (low - GROUND, high + GROUND)
            corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
            picture.path(picture.polygon(corners), look(fill="#ffffff"))
        drawn_words(picture, self.block, *place, self.colour)


def hex_of(colour: Any) -> Any:
    """A colour as a picture has it."""
    if colour in _BY_NAME:
        return _BY_NAME[colour]
    if not isinstance(colour, str) or not colour.startswith("#"):
        raise NotPlain(colour)
    return colour.lower()


def rounded(values: Any) -> Any:
    """Numbers as they are stored."""
    numbers = np.asarray(values, dtype=float)
    return np.array([stored(one) for one in numbers.ravel().tolist()]).reshape(numbers.shape)


def dashes_of(style: Any, width: float) -> tuple[float, tuple[float, ...]] | None:
    """Where dashes begin and how long they and their gaps are [point]; none of a whole line."""
    if style in ("-", "solid"):
        return None
    if not isinstance(style, tuple) and style not in DASHES:
        raise NotPlain(style)
    start, lengths = style if isinstance(style, tuple) else (0, DASHES[style])
    return start * width, tuple(length * width for length in lengths)


def stepped(x: Any, *others: Any) -> Any:
    """Points of steps that change half-way between values."""
    steps = np.empty((1 + len(others), 2 * len(x)))
    steps[0, 1:-1:2] = steps[0, 2::2] = (x[:-1] + x[1:]) / 2
    steps[0, 0], steps[0, -1] = x[0], x[-1]
    steps[1:, 0::2] = steps[1:, 1::2] = others
    return steps


def runs(there: Any) -> list[slice]:
    """Where runs begin and end of what is there."""
    changes = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]])))
    return [slice(start, end) for start, end in changes.reshape(-1, 2).tolist()]


def drawn_line(picture: Picture, points: Any, said: str) -> None:
    """Draw a line through points [point], with gaps where there is none."""
    width, height = (POINT * one for one in picture.size)
    exact = picture.exact(points)
    inside = ((exact >= 0) & (exact <= (width, height))).all()
    if inside and len(exact) < SIMPLER:
        if len(exact) > 1:
            picture.path(picture.steps(exact), said)
        return
    path = Path(exact)
    shape = path.cleaned(
        remove_nans=True, clip=(0, 0, width, height), simplify=path.should_simplify, curves=True
    )
    picture.path(data_of(shape), said)


def drawn_words(
    picture: Picture, words: Block, x: float, y: float, colour: str, angle: float = 0
) -> None:
    """Draw a text that is put at a place [point]."""
    said = f' fill="{colour}"'
    for across, up, outlined in words.lines:
        at = x + across, picture.size[1] - (y + up)
        picture.words(outlined, at, words.size, said, angle)


@lru_cache
def shape_of(marker: str) -> tuple[Any, Any, str]:
    """Corners and codes of a mark of one point, and how its edges join."""
    from matplotlib.markers import MarkerStyle

    known(marker, *MarkerStyle.markers)
    style = MarkerStyle(marker)
    path = style.get_transform().transform_path(style.get_path())
    return path.vertices, path.codes, str(style.get_joinstyle())


@lru_cache
def outline_of(marker: str, size: float) -> str:
    """A mark of a size [point] as a path from its middle."""
    corners, codes, _ = shape_of(marker)
    return data_of(Path(corners * (size * POINT, -size * POINT), codes))


@lru_cache
def _colours(name: str) -> Any:
    from matplotlib import colormaps

    red, green, blue, _ = colormaps[name](np.arange(256), bytes=True).T
    if not (red == green).all() or not (red == blue).all():
        raise NotPlain(name)
    return red


def shades_of(values: Any, name: str, low: float, high: float) -> Any:
    """Shades of grey of values between two that are the ends of a colour map."""
    return _colours(name)[(256 * (values - low) / (high - low)).astype(int).clip(0, 255)]
