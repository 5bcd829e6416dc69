"""How marks come onto a chart: matplotlib's methods that figures of reports draw by."""

from __future__ import annotations

from typing import Any

import numpy as np

from repdose.plots.axis import Axis
from repdose.plots.kept import ACROSS, SHARES, UP, Told, kept
from repdose.plots.key import ACROSS as ACROSS_KEY
from repdose.plots.key import Key, Sample
from repdose.plots.marks import (
    Areas,
    Dots,
    Line,
    Mark,
    Segments,
    Shades,
    Words,
    dashes_of,
    hex_of,
    rounded,
    runs,
    shades_of,
    shape_of,
    stepped,
)
from repdose.plots.picture import look
from repdose.plots.style import GROUND
from repdose.plots.texts import SIZE, NotPlain, block, known

WIDTH, MARK, EDGE = 2.0, 6.0, 1.0  # of a line, a mark, and the line around marks and areas [point]
ABOVE = {"lower center": True, "upper center": False}  # the place that a legend is put at
IMAGE, AREA, LINE, WORDS = 0.0, 1.0, 2.0, 3.0  # what lies above what


class Shapes:
    """Axes that can be drawn on."""

    sheet: Told
    across: Axis
    up: Axis
    key: Key | None
    samples: list[Sample]  # of marks that have a label
    marks: list[tuple[float, Mark]]  # how high each lies, in the order in which they came

    @kept
    def plot(
        self,
        x: Any,
        y: Any,
        fmt: str = "",
        *,
        color: str,
        linewidth: float = WIDTH,
        linestyle: Any = "-",
        marker: str = "",
        markersize: float = MARK,
        markerfacecolor: str | None = None,
        markeredgecolor: str | None = None,
        zorder: float = LINE,
        label: str | None = None,
    ) -> None:
        """A line through points, or a mark at each."""
        if fmt.strip("-.:"):
            marker, linestyle = fmt, None
        rows = _rows(x, y)
        self._reach(rows[np.isfinite(rows).all(axis=1)])
        if linestyle is not None:
            self._line(rows, color, linewidth, fmt or linestyle, zorder, label=label)
        if marker:
            said = _dots_look(marker, markerfacecolor or color, markeredgecolor or color)
            self.marks.append((zorder, Dots(rounded(rows), marker, [markersize], said)))

    @kept
    def step(self, x: Any, y: Any, *, where: str, color: str) -> None:
        """A line that changes half-way between points."""
        known(where, "mid")
        rows = _rows(x, y)
        self._reach(rows)
        self._line(stepped(*rows.T).T, color, WIDTH, "-", LINE)

    @kept
    def axvline(
        self,
        x: float,
        ymin: float = 0,
        ymax: float = 1,
        *,
        color: str,
        linewidth: float = WIDTH,
        linestyle: Any = "-",
        zorder: float = LINE,
    ) -> None:
        """An upright line; its ends are shares of the axis."""
        self.across.reach_line(x)
        self._line(_rows([x, x], [ymin, ymax]), color, linewidth, linestyle, zorder, UP)

    @kept
    def axhline(
        self, y: float, *, color: str, linewidth: float = WIDTH, linestyle: Any = "-"
    ) -> None:
        """A level line through all of the axes."""
        self.up.reach_line(y)
        self._line(_rows([0, 1], [y, y]), color, linewidth, linestyle, LINE, ACROSS)

    @kept
    def vlines(
        self,
        x: Any,
        ymin: Any,
        ymax: Any,
        *,
        color: str,
        linewidth: float = WIDTH,
        linestyle: Any = "solid",
    ) -> None:
        """An upright line at each place."""
        x, low, high = _each(x, ymin, ymax)
        self._segments(np.stack([x, low, x, high], axis=1), color, linewidth, linestyle)

    @kept
    def hlines(self, y: Any, xmin: Any, xmax: Any, *, color: str, linewidth: float = WIDTH) -> None:
        """A level line at each height."""
        y, low, high = _each(y, xmin, xmax)
        self._segments(np.stack([low, y, high, y], axis=1), color, linewidth, "solid")

    @kept
    def bar(self, x: Any, height: Any, *, width: Any, color: Any, zorder: float = AREA) -> None:
        """An upright bar at each place."""
        x, height, width = _each(x, height, width)
        self.up.ends.sticky.append(0.0)
        self._bars(x - width / 2, 0 * x, width, height, color, zorder)

    @kept
    def barh(self, y: Any, width: Any, *, height: Any, color: Any, left: Any = 0) -> None:
        """A level bar at each height."""
        y, width, height, left = _each(y, width, height, left)
        self.across.ends.sticky += left.tolist()
        self._bars(left, y - height / 2, width, height, color, AREA)

    @kept
    def axvspan(
        self,
        xmin: float,
        xmax: float,
        *,
        color: str,
        alpha: float,
        linewidth: float,
    ) -> None:
        """Ground between two places."""
        known(linewidth, 0)
        self.across.reach([xmin, xmax])
        corners = rounded(_rows([xmin, xmax, xmax, xmin], [0, 0, 1, 1]))
        said = look(fill=hex_of(color), opacity=alpha)
        self.marks.append((AREA, Areas([corners], [said], UP)))

    @kept
    def fill_between(
        self,
        x: Any,
        y1: Any,
        y2: Any,
        *,
        color: str,
        alpha: float = 1,
        linewidth: float = EDGE,
        step: str | None = None,
        label: str | None = None,
    ) -> None:
        """The area between two lines, where there are both."""
        known(step, None, "mid")
        if label:
            self.samples.append(Sample(label, ""))
        lines = _each(x, y1, y2)
        self._band(lines, color, alpha, linewidth, is_upright=True, is_stepped=step is not None)

    @kept
    def fill_betweenx(self, y: Any, x1: Any, x2: Any, *, color: str, alpha: float = 1) -> None:
        """The area between two lines that go up."""
        lines = _each(y, x1, x2)
        self._band(lines, color, alpha, EDGE, is_upright=False, is_stepped=False)

    @kept
    def fill(self, x: Any, y: Any, *, color: str, zorder: float = AREA) -> None:
        """A polygon."""
        rows = _rows(x, y)
        self._reach(rows)
        said = look(fill=hex_of(color), stroke=hex_of(color), width=EDGE, join="miter")
        self.marks.append((zorder, Areas([rounded(np.vstack([rows, rows[:1]]))], [said])))

    @kept
    def scatter(
        self,
        x: Any,
        y: Any,
        *,
        s: Any,
        color: str | None = None,
        facecolor: str | None = None,
        edgecolor: str | None = None,
        linewidth: float = EDGE,
        marker: str = "o",
        zorder: float = AREA,
        clip_on: bool = True,
        label: str | None = None,
    ) -> None:
        """A mark at each point, of an area."""
        rows = _rows(x, y)
        self._reach(rows)
        fill = facecolor or color
        said = look(fill=hex_of(fill), stroke=hex_of(edgecolor or fill), width=linewidth)
        sizes = np.sqrt(np.atleast_1d(np.asarray(s, float))).tolist()
        self.marks.append((zorder, Dots(rounded(rows), marker, sizes, said, clip_on)))
        if label:
            self.samples.append(Sample(label, said, marker, sizes[0]))

    @kept
    def legend(
        self,
        *,
        loc: str,
        bbox_to_anchor: tuple[float, float],
        fontsize: float = SIZE,
        ncols: int = 1,
        columnspacing: float = ACROSS_KEY,
        frameon: bool = False,
    ) -> None:
        """Say what marks stand for that have a label, above or below a place."""
        known(frameon, False)
        if loc not in ABOVE or not all(one.said for one in self.samples):
            raise NotPlain(loc)
        self.key = Key(self.samples, fontsize, bbox_to_anchor, ABOVE[loc], ncols, columnspacing)

    @kept
    def imshow(
        self,
        X: Any,
        *,
        aspect: str,
        cmap: str,
        vmin: float,
        vmax: float,
        interpolation: str,
        extent: tuple[float, float, float, float],
    ) -> None:
        """Values as shades of grey, in a box: left, right, bottom and top."""
        known(aspect, "auto")
        known(interpolation, "nearest")
        left, right, low, high = extent
        corners = np.array([[left, low], [right, high]], float)
        self._reach(corners)
        self.across.fit(left, right)
        self.up.fit(low, high)
        shades = shades_of(np.asarray(X, float), cmap, vmin, vmax)
        self.marks.append((IMAGE, Shades(shades, corners)))

    @kept
    def text(
        self,
        x: float,
        y: float,
        s: str,
        *,
        color: str,
        fontsize: float = SIZE,
        ha: str = "left",
        va: str = "baseline",
        transform: str = "",
    ) -> None:
        """Words at a place."""
        known(transform, "", ACROSS, UP)
        words = block(s, fontsize, False, ha, va)
        at = float(x), float(y)
        self._say(Words(words, at, transform, (0, 0), hex_of(color), False, None))

    @kept
    def annotate(
        self,
        text: str,
        xy: tuple[float, float],
        *,
        color: str,
        fontsize: float = SIZE,
        fontweight: str = "normal",
        ha: str = "left",
        va: str = "baseline",
        xycoords: str = "data",
        xytext: tuple[float, float] | None = None,
        textcoords: str | None = None,
        annotation_clip: bool | None = None,
        bbox: dict[str, Any] | None = None,
    ) -> None:
        """Words beside a place, unless the place is beyond the axes."""
        known(fontweight, "normal", "bold")
        known(xycoords, "data", SHARES, ACROSS, UP)
        known(textcoords, None, xycoords, "offset points")
        known(bbox, None, GROUND)
        within = "" if xycoords == "data" else xycoords
        shifted = xytext is not None and textcoords == "offset points"
        x, y = xy if xytext is None or shifted else xytext
        self._say(
            Words(
                block(text, fontsize, fontweight == "bold", ha, va),
                (float(x), float(y)),
                within,
                xytext if xytext is not None and shifted else (0, 0),
                hex_of(color),
                bbox is not None,
                (float(xy[0]), float(xy[1])) if annotation_clip is None and not within else None,
            )
        )

    def _say(self, words: Words) -> None:
        if words.block.lines:
            self.marks.append((WORDS, words))

    def _line(
        self,
        rows: Any,
        color: str,
        width: float,
        style: Any,
        above: float,
        within: str = "",
        *,
        label: str | None = None,
    ) -> None:
        dashes = dashes_of(style, width)
        cap = "butt" if dashes else "square"
        said = look(stroke=hex_of(color), width=width, dashes=dashes, cap=cap)
        self.marks.append((above, Line(rounded(rows), said, within)))
        if label:
            self.samples.append(Sample(label, said))

    def _segments(self, ends: Any, color: str, width: float, style: Any) -> None:
        rows = ends[np.isfinite(ends).all(axis=1)].reshape(-1, 2)
        self._reach(rows)
        said = look(stroke=hex_of(color), width=width, dashes=dashes_of(style, width))
        self.marks.append((LINE, Segments(rounded(rows), said)))

    def _bars(self, left: Any, low: Any, width: Any, height: Any, color: Any, above: float) -> None:
        right, high = left + width, low + height
        there = (width != 0) | (height != 0)
        self._reach(np.stack([[left[there], right[there]], [low[there], high[there]]], axis=-1))
        left, low, width, height = rounded([left, low, right - left, high - low])
        right, high = left + width, low + height
        corners = np.stack([left, low, right, low, right, high, left, high], axis=-1)
        colours = color if isinstance(color, list) else [color] * len(left)
        said = [look(fill=hex_of(one)) for one in colours]
        self.marks.append((above, Areas(list(corners.reshape(-1, 4, 2)), said)))

    def _band(
        self,
        lines: list[Any],
        color: str,
        alpha: float,
        width: float,
        *,
        is_upright: bool,
        is_stepped: bool,
    ) -> None:
        """An area between two lines, which are given after what they go along."""
        (along, one, other), way = lines, 1 if is_upright else -1
        there = np.isfinite(along) & np.isfinite(one) & np.isfinite(other)
        ends = np.stack([np.tile(along[there], 2), np.append(one[there], other[there])], axis=1)
        self._reach(ends[:, ::way])
        said = look(fill=hex_of(color), stroke=hex_of(color), width=width, share=alpha)
        areas = []
        for part in runs(there):
            parts = [line[part] for line in lines]
            t, first, second = stepped(*parts) if is_stepped else parts
            outline = [
                [*t[:1], *t, *t[-1:], *t[::-1], *t[:1]],
                [*second[:1], *first, *second[-1:], *second[::-1], *second[:1]],
            ]
            areas.append(rounded(np.transpose(outline)[:, ::way]))
        self.marks.append((AREA, Areas(areas, [said] * len(areas))))

    def _reach(self, rows: Any) -> None:
        self.across.reach(rows[..., 0])
        self.up.reach(rows[..., 1])


def _each(*values: Any) -> list[Any]:
    """Values as numbers, as many of each."""
    return [np.asarray(one, float) for one in np.broadcast_arrays(*map(np.atleast_1d, values))]


def _rows(x: Any, y: Any) -> Any:
    return np.stack(_each(x, y), axis=1)


def _dots_look(marker: str, fill: Any, edge: Any) -> str:
    return look(fill=hex_of(fill), stroke=hex_of(edge), width=EDGE, join=shape_of(marker)[2])
