"""A chart of a report: axes with what is drawn on them, kept as numbers until a picture is made.

It has those of matplotlib's methods that figures of reports call, by their names and with what they
mean there: what draws on a chart draws on any axes of matplotlib. Making an artist of everything
that is drawn, and asking each of them for its looks, its place and its room, takes most of the time
of a small figure. Whatever else is asked of a chart is asked of axes of matplotlib, on which
all that was said is said again (:mod:`repdose.plots.sheet`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from repdose.plots.axis import Axis, Ends
from repdose.plots.kept import ACROSS, SHARES, UP, Told, kept
from repdose.plots.key import Key, Sample
from repdose.plots.marks import Dots, Mark, Words, drawn_line, drawn_words, hex_of
from repdose.plots.picture import Picture, look
from repdose.plots.shapes import Shapes
from repdose.plots.texts import BLACK, SIZE, Block, Box, NotPlain, block, known

FRAME, GROUND, THIN = "#6b7280", "#ffffff", 0.8  # its lines' width [point]
TITLE, TITLE_PAD = 11.5, 6.0  # its size, and how far from the axes it is [point]
AXIS, OUTLINE = 0.5, 2.5  # what lies above what


class Chart(Shapes):
    """Axes of a report's figure.

    Parameters
    ----------
    sheet : Told
        The figure.
    box : tuple of float
        Left, bottom, width and height of the axes. [point]
    ends : tuple of Ends
        Of both axes.
    labelled : tuple of bool
        Whether ticks below and to the left have labels.
    """

    def __init__(
        self, sheet: Told, box: Box, ends: tuple[Ends, Ends], labelled: tuple[bool, bool]
    ) -> None:
        self.sheet, self.box, self.is_shown = sheet, box, True
        self.across = Axis(self, 0, ends[0], labelled=labelled[0])
        self.up = Axis(self, 1, ends[1], labelled=labelled[1])
        self.marks: list[tuple[float, Mark]] = []
        self.samples: list[Sample] = []
        self.key: Key | None = None
        self._title: tuple[Block, str] | None = None
        self._sides: dict[str, tuple[float, float] | None] = {"left": None, "bottom": None}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.sheet.axes_of(self), name)

    # What figures say of the axes

    @kept
    def set_title(
        self, label: str, *, fontsize: float = TITLE, fontweight: str = "bold", color: str = BLACK
    ) -> None:
        """Put words above the axes."""
        known(fontweight, "normal", "bold")
        words = block(label, fontsize, fontweight == "bold", "left", "baseline")
        self._title = (words, hex_of(color)) if words.lines else None

    @kept
    def set_xlabel(self, xlabel: str, *, fontsize: float = SIZE) -> None:
        """Name the axis below."""
        self.across.name, self.across.name_size = xlabel, fontsize

    @kept
    def set_ylabel(self, ylabel: str, *, fontsize: float = SIZE) -> None:
        """Name the axis to the left."""
        self.up.name, self.up.name_size = ylabel, fontsize

    @kept
    def set_xlim(self, left: float, right: float) -> None:
        """Let the axis begin and end there."""
        self.across.ends.put(left, right)

    @kept
    def set_ylim(self, bottom: float, top: float) -> None:
        """Let the axis begin and end there."""
        self.up.ends.put(bottom, top)

    @kept
    def get_xlim(self) -> tuple[float, float]:
        """Where the axis begins and ends."""
        return self.across.ends.now()

    @kept
    def get_ylim(self) -> tuple[float, float]:
        """Where the axis begins and ends."""
        return self.up.ends.now()

    @kept
    def set_xscale(self, value: str) -> None:
        """Have equal ratios as equal lengths (``log``)."""
        self.across.set_scale(value)

    @kept
    def set_yscale(self, value: str) -> None:
        """Have equal ratios as equal lengths (``log``)."""
        self.up.set_scale(value)

    @kept
    def set_xticks(self, ticks: Any, labels: Any = None) -> None:
        """Have ticks there."""
        self.across.set_ticks(ticks, labels)

    @kept
    def set_yticks(self, ticks: Any, labels: Any = None, *, fontsize: float | None = None) -> None:
        """Have ticks there."""
        self.up.set_ticks(ticks, labels, fontsize)

    @kept
    def get_xticks(self) -> Any:
        """Where ticks are."""
        return self.across.places()

    @kept
    def minorticks_off(self) -> None:
        """Have no smaller ticks between the ticks, as no chart has."""

    @kept
    def grid(self, visible: bool = True, *, axis: str = "both") -> None:
        """Show lines at the ticks, or none."""
        for one in self._axes(axis):
            one.has_grid = visible

    @kept
    def tick_params(
        self,
        axis: str = "both",
        *,
        length: float | None = None,
        labelsize: float | None = None,
        labelbottom: bool | None = None,
    ) -> None:
        """Change how ticks look."""
        for one in self._axes(axis):
            one.mark = one.mark if length is None else length
            one.size = one.size if labelsize is None else labelsize
        if labelbottom is not None:
            self.across.is_labelled = labelbottom

    @kept
    def set_visible(self, b: bool) -> None:
        """Draw the chart, or leave its place empty."""
        self.is_shown = b

    @kept
    def get_visible(self) -> bool:
        """Whether the chart is drawn."""
        return self.is_shown

    @kept
    def get_xaxis_transform(self) -> str:
        """What words are put by that have a share of the axes as their height."""
        return UP

    @kept
    def get_yaxis_transform(self) -> str:
        """What words are put by that have a share of the axes as their place across."""
        return ACROSS

    @property
    def xaxis(self) -> Any:
        """The axis below."""
        return self.sheet.axes_of(self).xaxis if self.sheet.is_realised else _Ticks(self, "xaxis")

    @property
    def yaxis(self) -> Any:
        """The axis to the left."""
        return self.sheet.axes_of(self).yaxis if self.sheet.is_realised else _Ticks(self, "yaxis")

    @property
    def spines(self) -> Any:
        """Lines of the frame, by side."""
        return self.sheet.axes_of(self).spines if self.sheet.is_realised else _Frame(self)

    @property
    def figure(self) -> Any:
        """The figure that the chart is on."""
        return self.sheet

    @property
    def bbox(self) -> Any:
        """Where the axes are."""
        from matplotlib.transforms import Bbox

        return (
            self.sheet.axes_of(self).bbox if self.sheet.is_realised else Bbox.from_bounds(*self.box)
        )

    def get_yticklabels(self) -> list[Any]:
        """Labels to the left, whose looks can be set."""
        if self.sheet.is_realised or self.up.ends.said is None:
            return list(self.sheet.axes_of(self).get_yticklabels())
        return [_Label(self, number) for number in range(len(self.up.ends.said))]

    def put_side(self, side: str, bounds: tuple[float, float] | None) -> None:
        """Let a line of the frame end there."""
        self._sides[side] = bounds

    def hide_sides(self, *sides: str) -> None:
        """Leave out lines of the frame."""
        for side in sides:
            self._sides.pop(side, None)

    def _axes(self, which: str) -> list[Axis]:
        known(which, "x", "y", "both")
        return {"x": [self.across], "y": [self.up]}.get(which, [self.across, self.up])

    # How it is laid out and drawn

    def points(self, rows: Any, within: str = "") -> Any:
        """Places on the picture [point] of places in the data, of which some are shares."""
        return np.stack(self.point((rows[..., 0], rows[..., 1]), within), axis=-1)

    def point(self, place: Any, within: str = "") -> tuple[Any, Any]:
        """A place on the picture [point] of one in the data, of which some are shares."""
        (x, y), across, up = place, self.across, self.up
        return (
            across.share(x) if within in (ACROSS, SHARES) else across.at(x),
            up.share(y) if within in (UP, SHARES) else up.at(y),
        )

    def _beyond(self) -> list[Box]:
        """Boxes of what can reach out of the axes."""
        found = [] if self.key is None else [self.key.box(self)]
        for _, mark in self.marks:
            if isinstance(mark, Words | Dots) and not mark.is_cut:
                found += mark.boxes(self)
        return found

    def around(self) -> Box:
        """The box around the axes and all that is written beside them [point]."""
        x, y, width, height = self.box
        boxes = [(x, y, x + width, y + height), *self.across.boxes(), *self.up.boxes()]
        if self._title is not None:
            left, low, right, high = self._title[0].at(x, y + height + TITLE_PAD)
            middle = (left + right) / 2  # a title that is too long is no matter of where axes are
            boxes.append((middle, low, middle, high))
        sides = list(zip(*boxes, *self._beyond(), strict=True))
        return min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])

    def stands_out(self, beyond: float) -> bool:
        """Whether words, which move with the data, reach out of the axes by more than that."""
        x, y, width, height = self.box
        return any(
            left < x - beyond
            or low < y - beyond
            or right > x + width + beyond
            or high > y + height + beyond
            for _, mark in self.marks
            if isinstance(mark, Words)
            for left, low, right, high in mark.boxes(self)
        )

    def draw(self, picture: Picture) -> None:
        """Draw all of it."""
        x, y, width, height = self.box
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        picture.path(picture.polygon(corners), look(fill=GROUND))

        def clip() -> str:
            return picture.clip((x, y, x + width, y + height))

        drawn: list[tuple[float, Any]] = [
            (above, lambda mark=mark: mark.draw(picture, self, clip() if mark.is_cut else ""))
            for above, mark in self.marks
        ]
        drawn.append((OUTLINE, lambda: self._draw_frame(picture)))
        drawn += [(AXIS, lambda axis=axis: axis.draw(picture)) for axis in (self.across, self.up)]
        for _, draw in sorted(drawn, key=lambda one: one[0]):
            draw()
        if self._title is not None:
            words, colour = self._title
            drawn_words(picture, words, x, y + height + TITLE_PAD, colour)
        if self.key is not None:
            self.key.draw(picture, self)

    def _draw_frame(self, picture: Picture) -> None:
        x, y, width, height = self.box
        said = look(stroke=FRAME, width=THIN, join="miter", cap="square")
        for side, bounds in self._sides.items():
            if side == "left":
                low, high = (y, y + height) if bounds is None else map(self.up.at, bounds)
                drawn_line(picture, [(x, low), (x, high)], said)
            else:
                left, right = (x, x + width) if bounds is None else map(self.across.at, bounds)
                drawn_line(picture, [(left, y), (right, y)], said)


class _Frame:
    """Lines of a chart's frame, by side."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    def __getitem__(self, which: Any) -> _Side:
        return _Side(self._chart, which)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chart.sheet.axes_of(self._chart).spines, name)


class _Side:
    """A line of a chart's frame, or all of them."""

    def __init__(self, chart: Chart, which: Any) -> None:
        self._chart, self._which = chart, which

    def set_visible(self, b: bool) -> None:
        """Draw the line, which is drawn unless it was left out, or leave it out."""
        chart, which = self._chart, self._which
        chart.sheet.say(chart, lambda axes: axes.spines[which].set_visible(b))
        if not b:
            chart.hide_sides(*(("left", "bottom") if isinstance(which, slice) else (which,)))

    def set_bounds(self, low: float, high: float) -> None:
        """Let the line begin and end there."""
        chart, which = self._chart, self._which
        chart.sheet.say(chart, lambda axes: axes.spines[which].set_bounds(low, high))
        chart.put_side(which, (float(low), float(high)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chart.sheet.axes_of(self._chart).spines[self._which], name)


class _Ticks:
    """An axis, whose ticks can be found in another way."""

    def __init__(self, chart: Chart, name: str) -> None:
        self._chart, self._name = chart, name

    def set_major_locator(self, locator: Any) -> None:
        """Find ticks so."""
        chart, name = self._chart, self._name
        chart.sheet.say(chart, lambda axes: getattr(axes, name).set_major_locator(locator))
        (chart.across if name == "xaxis" else chart.up).locate(locator)

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self._chart.sheet.axes_of(self._chart), self._name), name)


class _Label:
    """A label to the left of a chart."""

    def __init__(self, chart: Chart, number: int) -> None:
        self._chart, self._number = chart, number

    def set_color(self, color: str) -> None:
        """Let it have a colour of its own."""
        self._put("set_color", color, lambda: {"colour": hex_of(color)})

    def set_fontweight(self, weight: str) -> None:
        """Let it be ``bold``, or ``normal``."""

        def bold() -> dict[str, Any]:
            known(weight, "normal", "bold")
            return {"bold": weight == "bold"}

        self._put("set_fontweight", weight, bold)

    def _put(self, name: str, value: Any, looks: Callable[[], dict[str, Any]]) -> None:
        chart, number = self._chart, self._number
        chart.sheet.say(chart, lambda axes: getattr(axes.get_yticklabels()[number], name)(value))
        try:
            chart.up.looks.setdefault(number, {}).update(looks())
        except NotPlain:  # matplotlib has been told as well
            chart.sheet.axes_of(chart)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chart.sheet.axes_of(self._chart).get_yticklabels()[self._number], name)
