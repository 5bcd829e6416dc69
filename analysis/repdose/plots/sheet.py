"""A figure of a report, laid out and drawn without matplotlib's artists, or as matplotlib's own.

The layout is that of matplotlib's constrained layout, for one grid of axes without colour bars.
That one measures everything twice, as ticks may change and words may move when axes do; here it
is done again only where one of them did.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from repdose.plots.axis import Ends
from repdose.plots.chart import GROUND, Chart
from repdose.plots.marks import drawn_words
from repdose.plots.picture import Picture, look
from repdose.plots.style import STYLE, width
from repdose.plots.texts import BLACK, SIZE, Block, NotPlain, block

PAD = 3.0  # around axes and what is written beside them [point]
GAP = 0.02  # between axes, as a share of the figure, where that is more than the pads
# Left, below, and on the other sides: close to where one chart ends up, so that it moves little
USUAL = (0.6 * 72, 0.5 * 72, 0.05 * 72)  # [point]
BEYOND = 1.0  # words that stand out of their axes by less do not count [point]
# Where axes are before they are laid out, and what is between them in sizes of axes
LARGE = 1.2 * SIZE  # of the name of all axes [point]
FIRST, BETWEEN = (0.125, 0.11, 0.9, 0.88), 0.2


class Sheet:
    """A figure: charts in a grid.

    Parameters
    ----------
    width, height : float
        Of the figure. [inch]
    lines, columns : int
        Of the grid.
    sharex, sharey : bool
        Whether all charts have the same ends and ticks.
    width_ratios, height_ratios : sequence of float, optional
        Of columns and lines.
    """

    dpi = 72  # of what is measured in points

    def __init__(
        self,
        width: float,
        height: float,
        lines: int = 1,
        columns: int = 1,
        *,
        sharex: bool = False,
        sharey: bool = False,
        width_ratios: Sequence[float] | None = None,
        height_ratios: Sequence[float] | None = None,
    ) -> None:
        self._inches = width, height
        self._width, self._height = 72 * width, 72 * height
        self._grid = lines, columns
        self._shared = sharex, sharey
        self._ratios = width_ratios or [1] * columns, height_ratios or [1] * lines
        self._said: list[tuple[Chart | None, Callable[[Any], Any]]] = []
        self._names: dict[str, Block] = {}
        self._realised: Any = None
        self._is_drawn = False
        of_all = Ends(), Ends()
        self.charts = np.empty((lines, columns), dtype=object)
        left, low, right, high = FIRST
        across = _first(left, right, self._ratios[0])
        down = _first(1 - high, 1 - low, self._ratios[1])
        for line, (top, tall) in enumerate(down):
            for column, (start, wide) in enumerate(across):
                ends = of_all[0] if sharex else Ends(), of_all[1] if sharey else Ends()
                labelled = not sharex or line == lines - 1, not sharey or column == 0
                box = self._box(start, 1 - top - tall, start + wide, 1 - top)
                self.charts[line, column] = Chart(self, box, ends, labelled)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.figure, name)

    @property
    def axes(self) -> list[Any]:
        """The charts, line by line."""
        return list(self.charts.flat)

    def get_size_inches(self) -> Any:
        """Width and height. [inch]"""
        return np.array(self._inches)

    def supxlabel(self, t: str, *, fontsize: float = LARGE) -> None:
        """Name what is below all charts."""
        self.say(None, lambda figure: figure.supxlabel(t, fontsize=fontsize, **self._at("y")))
        self._name("below", t, fontsize, "bottom")

    def supylabel(self, t: str, *, fontsize: float = LARGE) -> None:
        """Name what is to the left of all charts."""
        self.say(None, lambda figure: figure.supylabel(t, fontsize=fontsize, **self._at("x")))
        self._name("left", t, fontsize, "top")

    def _name(self, side: str, text: str, size: float, up: str) -> None:
        try:
            words = block(text, size, False, "center", up)
        except NotPlain:  # matplotlib has been told as well
            self.figure  # noqa: B018
            return
        self._names[side] = words.turned() if side == "left" else words

    def _at(self, side: str) -> dict[str, float]:
        """Where such a name is, as a share of the figure, once it has been laid out."""
        length = self._width if side == "x" else self._height
        return {side: PAD / length} if self._is_drawn else {}

    # As of matplotlib

    @property
    def is_realised(self) -> bool:
        """Whether the figure is matplotlib's by now, to which all is said from then on."""
        return self._realised is not None

    @property
    def figure(self) -> Any:
        """Matplotlib's figure, on which all that was said is said when it is first asked for."""
        if self._realised is None:
            self._realised = self._said_to_matplotlib()
        return self._realised

    def _said_to_matplotlib(self) -> Any:
        import matplotlib as mpl
        from matplotlib.figure import Figure

        (lines, columns), (widths, heights) = self._grid, self._ratios
        sharex, sharey = self._shared
        # Titles stand on the axes, where matplotlib looks for ticks above that are in their way
        settings: Any = STYLE | {"axes.titley": 1.0}
        with mpl.rc_context(settings):
            figure = Figure(figsize=self._inches, layout="constrained")
            figure.subplots(
                lines,
                columns,
                sharex=sharex,
                sharey=sharey,
                squeeze=False,
                width_ratios=widths,
                height_ratios=heights,
            )
            axes = {id(one): other for one, other in zip(self.axes, figure.axes, strict=True)}
            for chart, call in self._said:
                call(figure if chart is None else axes[id(chart)])
        if self._is_drawn:
            figure.set_layout_engine("none")
            for chart in self.axes:
                left, low, width, height = chart.box
                place = left / self._width, low / self._height
                size = width / self._width, height / self._height
                axes[id(chart)].set_position((*place, *size))
        return figure

    def axes_of(self, chart: Chart) -> Any:
        """Matplotlib's axes that stand for a chart."""
        return self.figure.axes[self.axes.index(chart)]

    def say(self, chart: Chart | None, call: Callable[[Any], Any]) -> None:
        """Remember what is said of a chart, or of the figure."""
        if self._realised is None:
            self._said.append((chart, call))
        else:
            call(self._realised if chart is None else self.axes_of(chart))

    # Layout

    def lay_out(self) -> None:
        """Place the charts so that nothing beside them is cut or covered."""
        charts = [one for one in self.axes if one.is_shown]
        for chart in charts:
            chart.across.ends.settle()
            chart.up.ends.settle()
        if len(self.axes) == 1:
            (chart,), (left, below, beside) = self.axes, USUAL
            chart.box = left, below, self._width - left - beside, self._height - below - beside
        ticks = self._ticks(charts)
        self._place()
        if self._ticks(charts) != ticks or any(one.stands_out(BEYOND) for one in charts):
            self._place()

    def _ticks(self, charts: list[Chart]) -> list[list[float]]:
        return [list(axis.places()) for one in charts for axis in (one.across, one.up)]

    def _place(self) -> None:
        """Measure what is around each chart, and share out what is left of the figure."""
        lines, columns = self._grid
        across, up = PAD / self._width, PAD / self._height
        left, bottom = self._beside()
        before, after = [0.0] * columns, [0.0] * columns
        above, below = [0.0] * lines, [0.0] * lines
        gap, rise = max(GAP / 2 / columns, across), max(GAP / 2 / lines, up)
        for (line, column), chart in np.ndenumerate(self.charts):
            west, south, east, north = self._around(chart)
            before[column] = max(before[column], west + (gap if column else across))
            after[column] = max(after[column], east + (gap if column < columns - 1 else across))
            above[line] = max(above[line], north + (rise if line else up))
            below[line] = max(below[line], south + (rise if line < lines - 1 else up))
        starts, ends = _shared(left, 1.0, before, after, self._ratios[0])
        tops, lows = _shared(0.0, 1.0 - bottom, above, below, self._ratios[1])
        for (line, column), chart in np.ndenumerate(self.charts):
            chart.box = self._box(starts[column], 1 - lows[line], ends[column], 1 - tops[line])

    def _around(self, chart: Chart) -> tuple[float, float, float, float]:
        """What is written to the left of a chart, below, to the right and above, as shares."""
        if not chart.is_shown:
            return 0.0, 0.0, 0.0, 0.0
        x, y, width, height = chart.box
        left, low, right, high = chart.around()
        return (
            (x - left) / self._width,
            (y - low) / self._height,
            (right - x - width) / self._width,
            (high - y - height) / self._height,
        )

    def _beside(self) -> tuple[float, float]:
        """Room for the names of all axes, left and below, as shares."""
        left = bottom = 0.0
        if (name := self._names.get("left")) is not None:
            left = (name.box[2] - name.box[0] + 2 * PAD) / self._width
        if (name := self._names.get("below")) is not None:
            bottom = (name.box[3] - name.box[1] + 2 * PAD) / self._height
        return left, bottom

    def _box(self, left: float, low: float, right: float, high: float) -> Any:
        """Left, bottom, width and height [point] of shares."""
        width, height = self._width, self._height
        return left * width, low * height, (right - left) * width, (high - low) * height

    def svg(self) -> str:
        """Text of an SVG file."""
        if not self.is_realised:
            with contextlib.suppress(NotPlain):
                return self._drawn()
        from repdose.plots.renderer import svg_of

        return svg_of(self.figure)

    _repr_svg_ = svg  # how a notebook shows it

    def _drawn(self) -> str:
        self.lay_out()
        self._is_drawn = True
        picture, (width, height) = Picture(self._width, self._height), (self._width, self._height)
        corners = [(0, 0), (width, 0), (width, height), (0, height)]
        picture.path(picture.polygon(corners), look(fill=GROUND))
        for chart in self.axes:
            if chart.is_shown:
                chart.draw(picture)
        if (name := self._names.get("below")) is not None:
            drawn_words(picture, name, 0.5 * width, PAD, BLACK)
        if (name := self._names.get("left")) is not None:
            drawn_words(picture, name, PAD, 0.5 * height, BLACK, angle=90)
        return picture.document()


def drawing(
    height: float, lines: int = 1, columns: int = 1, *, squeeze: bool = True, **shared: Any
) -> tuple[Sheet, Any]:
    """A figure of the width asked for and so many inches high, with its charts.

    They are one, a list of those in one line or column, or with lines and columns.
    """
    sheet = Sheet(width(), height, lines, columns, **shared)
    charts = sheet.charts
    if squeeze:
        return sheet, charts[0, 0] if charts.size == 1 else charts.ravel()
    return sheet, charts


def _first(start: float, end: float, ratios: Sequence[float]) -> list[tuple[float, float]]:
    """Where axes begin and how long they are before they are laid out."""
    count = len(ratios)
    each = (end - start) / (count + BETWEEN * (count - 1))
    found = []
    for ratio in ratios:
        length = ratio * each * count / sum(ratios)
        found.append((start, length))
        start += length + BETWEEN * each
    return found


def _shared(
    start: float, end: float, before: list[float], after: list[float], ratios: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Where axes begin and end in a direction in which they have sizes by `ratios`."""
    left = end - start - sum(before) - sum(after)
    starts, ends = [], []
    for margin, next_margin, ratio in zip(before, after, ratios, strict=True):
        starts.append(start + margin)
        ends.append(starts[-1] + left * ratio / sum(ratios))
        start = ends[-1] + next_margin
    return starts, ends
