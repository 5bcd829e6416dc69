"""An axis of a chart: where it begins and ends, its ticks, and what is written beside it.

Where ticks are and what they say is matplotlib's: its locators and formatters ask an axis for its
ends and for the room it has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.ticker import AutoLocator, FixedLocator, LogLocator, ScalarFormatter

from repdose.plots.marks import drawn_words
from repdose.plots.picture import Picture, look
from repdose.plots.places import Places
from repdose.plots.texts import DARK, SIZE, Block, Box, NotPlain, block
from repdose.storing import stored

MARK, TICK_PAD, NAME_PAD = 3.5, 3.5, 4.0  # of a tick, its label, and the axis's name [point]
TICK, GRID, THIN = "#4b5563", "#e5e7eb", 0.8  # width of both [point]
MARGIN = 0.05  # beyond the data, as a share of them
CLOSE = 1e-10  # to an end of an axis, as a share of it: a tick there is drawn
NEAR = 1e-5  # to an edge that has no margin, as a share of the axis
ROOM = 3, 2  # sizes of a label that a tick takes, across and up
ALIGNED = ("center", "top"), ("right", "center_baseline")  # labels below, and to the left


class Ends:
    """Where axes that share them begin and end, and which ticks they have."""

    def __init__(self) -> None:
        self.low, self.high = 0.0, 1.0
        self.is_log = self.is_put = self.is_stale = False
        self.reached: list[float] = []  # ends of the data
        self.sticky: list[float] = []  # edges beyond which there is no margin
        self.locator: Any = AutoLocator()
        self.formatter = ScalarFormatter()
        self.said: list[str] | None = None  # labels, where they are given

    def put(self, low: float, high: float) -> None:
        """Let the axis begin and end there, whatever the data are."""
        self.low, self.high = float(low), float(high)
        self.is_put = True

    def settle(self) -> None:
        """Round both ends as numbers are stored."""
        self.put(*(stored(end) for end in self.now()))

    def reach(self, values: Any) -> None:
        """Make room for data; what is no number takes none."""
        numbers = np.asarray(values, float)
        there = numbers[np.isfinite(numbers) & (numbers > 0 if self.is_log else True)]
        if there.size:
            self.reached += [float(there.min()), float(there.max())]

    def now(self) -> tuple[float, float]:
        """Both ends."""
        if self.is_stale and not self.is_put:
            self.is_stale = False
            low, high = min(self.reached, default=-math.inf), max(self.reached, default=math.inf)
            if not self.is_log:
                low, high = (float(one) for one in self.locator.nonsingular(low, high))
            start, end = self.along(low), self.along(high)
            room = MARGIN * (end - start)
            wide = [start - room, end + room]
            if self.is_log:
                wide = [10**one for one in wide]
            near = NEAR * abs(high - low)
            below = [one for one in self.sticky if one < low + near]
            above = [one for one in self.sticky if one >= high - near]
            self.low = max(wide[0], *sorted(below)[-1:]) if below else wide[0]
            self.high = min(wide[1], *sorted(above)[:1]) if above else wide[1]
        return self.low, self.high

    def along(self, values: Any) -> Any:
        """A value, or several, as lengths along the axis are."""
        if not self.is_log:
            return values
        if not isinstance(values, float):
            return np.log10(values)
        if values <= 0:
            raise NotPlain(f"{values} on a log axis")
        return math.log10(values)


class Label(NamedTuple):
    """What stands at a tick: its words and where they are put [point]."""

    words: Block
    x: float
    y: float
    colour: str

    @property
    def box(self) -> Box:
        """Around the words [point]."""
        return self.words.at(self.x, self.y)


class Ticks(NamedTuple):
    """Ticks of an axis: how far along, where the axis is and its marks end, labels [point]."""

    along: list[float]
    base: float
    end: float
    labels: list[Label]


class Axis:
    """The axis below a chart (side 0) or to its left (side 1)."""

    def __init__(self, chart: Places, side: int, ends: Ends, *, labelled: bool) -> None:
        self._chart, self.side, self.ends = chart, side, ends
        self.axis_name = "xy"[side]  # by which a formatter knows it
        self.is_labelled, self.has_grid = labelled, True
        self.size, self.mark = SIZE, MARK
        self.name, self.name_size = "", SIZE
        self.looks: dict[int, dict[str, Any]] = {}  # of single labels
        self._found: tuple[Any, Ticks] | None = None
        as_axis: Any = self  # has what they ask
        ends.locator.set_axis(as_axis)
        ends.formatter.set_axis(as_axis)

    # What locators and formatters ask

    def get_view_interval(self) -> tuple[float, float]:
        """Both ends."""
        return self.ends.now()

    get_data_interval = get_view_interval

    def get_tick_space(self) -> int:
        """How many ticks there is room for."""
        return int(self._length() / (self.size * ROOM[self.side]))

    # What figures say

    def locate(self, locator: Any) -> None:
        """Find ticks so."""
        self.ends.locator = locator
        locator.set_axis(self)

    def set_scale(self, name: str) -> None:
        """Have equal ratios as equal lengths (``log``)."""
        if name != "log":
            raise NotPlain(name)
        self.ends.is_log = self.ends.is_stale = True
        self.locate(LogLocator())

    def set_ticks(
        self, ticks: Iterable[float], said: Iterable[Any] | None, size: float | None = None
    ) -> None:
        """Have ticks there, which the axis then reaches, with labels of a size."""
        ends, places = self.ends, [float(one) for one in ticks]
        low, high = ends.now()
        if places:
            least, most = min(*places, low, high), max(*places, low, high)
            ends.low, ends.high = (least, most) if low <= high else (most, least)
        self.locate(FixedLocator(places))
        if said is not None:
            ends.said = [str(one) for one in said]
        self.looks = {}
        if size is not None:
            self.looks = {number: {"size": size} for number in range(len(places))}

    def reach(self, values: Any) -> None:
        """Make room for data."""
        self.ends.reach(values)
        self.ends.is_stale = True

    def reach_line(self, value: float) -> None:
        """Make room for a line across, which has it already if it is between the ends."""
        low, high = self.ends.now()
        self.ends.reach(value)
        self.ends.is_stale |= not min(low, high) <= value <= max(low, high)

    def fit(self, low: float, high: float) -> None:
        """Begin and end where an image does, unless it is told where."""
        self.ends.sticky += [low, high]
        if not self.ends.is_put:
            self.ends.low, self.ends.high = low, high
            self.ends.is_stale = False

    def places(self) -> Any:
        """Where ticks are, those beyond the ends among them."""
        return self.ends.locator()

    # Where it is

    def at(self, values: Any) -> Any:
        """Places on the picture of values, or of one [point]."""
        low, high = map(self.ends.along, self.ends.now())
        return self._start() + (self.ends.along(values) - low) * (self._length() / (high - low))

    def share(self, values: Any) -> Any:
        """Places on the picture of shares of the axis, or of one [point]."""
        return self._start() + values * self._length()

    def _start(self) -> float:
        return self._chart.box[self.side]

    def _length(self) -> float:
        return self._chart.box[2 + self.side]

    # How it is drawn

    def seen(self) -> Ticks:
        """Ticks as they are drawn."""
        key = self.ends.now(), self._chart.box
        if self._found is None or self._found[0] != key:
            self._found = key, self._find()
        return self._found[1]

    def _find(self) -> Ticks:
        places = self.places()
        said: Sequence[str] | None = self.ends.said
        if said is None:
            said = self.ends.formatter.format_ticks(places)
            if self.ends.is_log or self.ends.formatter.get_offset():
                raise NotPlain("powers of ten")
        start, length = self._start(), self._length()
        near = CLOSE * length
        along = list(enumerate(self.at(np.asarray(places, float)).tolist()))
        shown = [(n, at) for n, at in along if start - near <= at <= start + length + near]
        base = self._chart.box[1 - self.side]
        away = base - self.mark - TICK_PAD
        labels = []
        for number, at in shown if self.is_labelled else ():
            looks = self.looks.get(number, {})
            size, bold = looks.get("size", self.size), looks.get("bold", False)
            words = block(
                said[number] if number < len(said) else "", size, bold, *ALIGNED[self.side]
            )
            if words.lines:
                x, y = (away, at) if self.side else (at, away)
                labels.append(Label(words, x, y, looks.get("colour", TICK)))
        return Ticks([at for _, at in shown], base, base - self.mark if shown else base, labels)

    def _named(self) -> tuple[Block, float, float] | None:
        """The name of the axis, and where it is put."""
        if not self.name:
            return None
        ticks = self.seen()
        edge = min([ticks.end, *(label.box[1 - self.side] for label in ticks.labels)]) - NAME_PAD
        middle = self._start() + self._length() / 2
        if self.side:
            words = block(self.name, self.name_size, False, "center", "bottom")
            return words.turned(), edge, middle
        return block(self.name, self.name_size, False, "center", "top"), middle, edge

    def boxes(self) -> list[Box]:
        """Boxes of marks, labels and name; a name that is too long takes no more room for it."""
        ticks = self.seen()
        x, y, _, _ = self._chart.box
        found = [label.box for label in ticks.labels]
        found.append((ticks.end, y, x, y) if self.side else (x, ticks.end, x, y))
        if (name := self._named()) is not None:
            words, across, up = name
            x0, y0, x1, y1 = words.at(across, up)
            found.append((x0, up, x1, up) if self.side else (across, y0, across, y1))
        return found

    def draw(self, picture: Picture) -> None:
        """Draw grid, marks, labels and name."""
        ticks = self.seen()
        if self.has_grid:
            start = self._chart.box[1 - self.side]
            end = start + self._chart.box[3 - self.side]
            self._draw_lines(picture, ticks.along, start, end, GRID)
        if ticks.end < ticks.base:
            self._draw_lines(picture, ticks.along, ticks.base, ticks.end, TICK)
        for label in ticks.labels:
            drawn_words(picture, label.words, label.x, label.y, label.colour)
        if (name := self._named()) is not None:
            drawn_words(picture, *name, DARK, angle=90 * self.side)

    def _draw_lines(
        self, picture: Picture, along: list[float], start: float, end: float, colour: str
    ) -> None:
        """A line at each tick, square to the axis."""
        lines = [
            [(start, at), (end, at)] if self.side else [(at, start), (at, end)] for at in along
        ]
        picture.lines(lines, look(stroke=colour, width=THIN))
