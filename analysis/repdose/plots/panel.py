"""Axes whose ticks are drawn straight into a report's picture.

Matplotlib makes five artists of each tick (a line of the grid, two marks, two labels), and lays
each label out anew whenever it is measured: most of the time of a small figure. Here the first
tick of an axis stands for all of them. Where ticks are, what they say and how they look is
matplotlib's; grid and marks are one path each, and a label is measured once.

That is done for a picture of :mod:`repdose.plots.svg` and for ticks as reports have them: below
and to the left, upright, without smaller ones between. Anything else matplotlib draws itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import NullLocator
from matplotlib.transforms import Bbox, IdentityTransform

from repdose.plots.svg import Renderer

if TYPE_CHECKING:
    from matplotlib.axis import Axis as Base
    from matplotlib.font_manager import FontProperties
else:
    Base = object

CLOSE = 1e-10  # to an end of an axis, as a share of it: a tick there is drawn
ALIGNED = ("center", "top"), ("right", "center_baseline")  # labels below, and to the left
FONTS = 64  # whose lines are remembered

Box = tuple[float, float, float, float]  # left, bottom, right, top [point]


class Label(NamedTuple):
    """What stands at a tick: whose looks it has, its box, and where each line begins [point]."""

    looks: Text
    box: Box
    lines: list[tuple[float, float, str]]


class Ticks(NamedTuple):
    """Ticks of an axis: how far along, where the axis is and its marks end, labels [point]."""

    along: list[float]
    base: float
    end: float
    labels: list[Label]


class Straight(Base):
    """An axis that draws its own ticks, across (side 0) or up (side 1)."""

    side: int
    _one_for_all = False

    def set_ticks(
        self, ticks: Any, labels: Any = None, *, minor: bool = False, **given: Any
    ) -> Any:
        """As of matplotlib, but one tick is made, and the others are like it."""
        if minor:
            return super().set_ticks(ticks, labels, minor=True, **given)
        del self.majorTicks[1:]
        self._one_for_all = True
        try:
            return super().set_ticks(ticks, labels, **given)
        finally:
            self._one_for_all = False

    def get_major_ticks(self, numticks: int | None = None) -> list[Any]:
        """As of matplotlib: who asks for ticks gets each, and may give its label its own looks."""
        return super().get_major_ticks(1 if self._one_for_all else numticks)

    def set_tick_params(self, *given: Any, **named: Any) -> None:
        """As of matplotlib, for the ticks that there are; others are made so later."""
        with self._none_made():
            super().set_tick_params(*given, **named)

    def set_clip_path(self, path: Any, transform: Any = None) -> None:
        """As of matplotlib, for the ticks that there are."""
        with self._none_made():
            super().set_clip_path(path, transform)

    @contextmanager
    def _none_made(self) -> Iterator[None]:
        """Make no tick only to tell it something: they are made when they are first asked for."""
        absent = {"majorTicks", "minorTicks"} - vars(self).keys()
        vars(self).update({name: [] for name in absent})
        try:
            yield
        finally:
            for name in absent:
                del vars(self)[name]

    def draw(self, renderer: Any) -> None:
        """Draw grid, marks, labels and name."""
        if not self.get_visible():
            return
        ticks = self.seen(renderer)
        if ticks is None:
            super().set_clip_path(self.axes.patch)
            super().draw(renderer)
            return
        self._draw_lines(renderer, ticks)
        gc, height = renderer.new_gc(), renderer.get_canvas_width_height()[1]
        for looks, _, lines in ticks.labels:
            gc.set_foreground(looks.get_color())
            for x, y, line in lines:
                renderer.draw_text(gc, x, height - y, line, looks.get_fontproperties(), 0)
        self._put_name(ticks)
        self.label.draw(renderer)
        self.stale = False

    def get_tightbbox(self, renderer: Any = None, *, for_layout_only: bool = False) -> Any:
        """Box around axis, marks, labels and name."""
        ticks = self.seen(renderer) if self.get_visible() else None
        if ticks is None:
            return super().get_tightbbox(renderer, for_layout_only=for_layout_only)
        self._put_name(ticks)
        inside = self.axes.bbox
        boxes = [label.box for label in ticks.labels]
        x, y = (ticks.end, inside.y0) if self.side else (inside.x0, ticks.end)
        boxes.append((x, y, inside.x1, inside.y1))
        if self.label.get_text():
            x0, y0, x1, y1 = self.label.get_window_extent(renderer).extents
            if for_layout_only:  # a name that is too long is no matter of where axes are
                x, y = (x0 + x1) / 2, (y0 + y1) / 2
                x0, y0, x1, y1 = (x0, y, x1, y) if self.side else (x, y0, x, y1)
            boxes.append((x0, y0, x1, y1))
        left, bottom, right, top = zip(*boxes, strict=True)
        return Bbox.from_extents(min(left), min(bottom), max(right), max(top))

    def seen(self, renderer: Any) -> Ticks | None:
        """Ticks as they are drawn, or None where they are left to matplotlib."""
        if not isinstance(renderer, Renderer):
            return None
        # Found again once the axis has other ends or another place
        key = self, *self.get_view_interval(), *self.axes.bbox.bounds
        if key not in renderer.measured:
            renderer.measured[key] = self._found(renderer) if self._plain() else None
        found: Ticks | None = renderer.measured[key]
        return found

    def _plain(self) -> bool:
        tick = self.majorTicks[0]
        label = tick.label1
        return (
            isinstance(self.get_minor_locator(), NullLocator)
            and self.get_label_position() in ("bottom", "left")
            and tick.get_tickdir() == "out"
            and tick.gridline.get_linestyle() == "-"
            and not (tick.tick2line.get_visible() or tick.label2.get_visible())
            and not label.get_rotation()
            and (label.get_horizontalalignment(), label.get_verticalalignment())
            == ALIGNED[self.side]
        )

    def _found(self, renderer: Renderer) -> Ticks | None:
        places: Any = self.get_majorticklocs()
        formatter = self.get_major_formatter()
        said = formatter.format_ticks(places)
        if formatter.get_offset() or any("$" in text for text in said):  # mathematics
            return None
        points = np.zeros((len(places) + 2, 2))
        points[:, self.side] = [*places, *self.get_view_interval()]
        on = self.axes.get_yaxis_transform if self.side else self.axes.get_xaxis_transform
        points = on(which="tick1").transform(points)
        *along, start, stop = points[:, self.side].tolist()
        base = float(points[-1, 1 - self.side])
        near = CLOSE * abs(stop - start)
        low, high = min(start, stop) - near, max(start, stop) + near
        first: Any = self.majorTicks[0]
        away = base - first.get_pad() - first.get_tick_padding()
        looks = [tick.label1 for tick in (*self.majorTicks, *[first] * len(places))]
        within = [one for one in zip(along, said, looks, strict=False) if low <= one[0] <= high]
        mark = first.tick1line.get_markersize() if first.tick1line.get_visible() else 0
        return Ticks(
            [at for at, _, _ in within],
            base,
            base - mark if within else base,
            [
                _label(renderer, text, look, (away, at) if self.side else (at, away))
                for at, text, look in within
                if text and look.get_visible()
            ],
        )

    def _put_name(self, ticks: Ticks) -> None:
        """Put the name of the axis beside its labels, as of matplotlib."""
        edge = min([ticks.end, *(label.box[1 - self.side] for label in ticks.labels)])
        x, y = self.label.get_position()
        edge -= self.labelpad
        self.label.set_position((edge, y) if self.side else (x, edge))

    def _draw_lines(self, renderer: Renderer, ticks: Ticks) -> None:
        tick: Any = self.majorTicks[0]
        grid, mark = tick.gridline, tick.tick1line
        if grid.get_visible():
            gc = renderer.new_gc()
            gc.set_foreground(grid.get_color())
            gc.set_alpha(grid.get_alpha())
            gc.set_linewidth(grid.get_linewidth())
            inside = self.axes.bbox
            across = (inside.x0, inside.x1) if self.side else (inside.y0, inside.y1)
            renderer.draw_path(gc, self._lines(ticks, *across), IdentityTransform())
        if ticks.end < ticks.base:
            gc = renderer.new_gc()
            gc.set_foreground(mark.get_markeredgecolor())
            gc.set_linewidth(mark.get_markeredgewidth())
            lines = self._lines(ticks, ticks.base, ticks.end)
            renderer.draw_path(gc, lines, IdentityTransform())

    def _lines(self, ticks: Ticks, start: float, end: float) -> Path:
        """A line at each tick, square to the axis."""
        count = len(ticks.along)
        points = np.empty((2 * count, 2))
        points[:, self.side] = np.repeat(ticks.along, 2)
        points[:, 1 - self.side] = [start, end] * count
        return Path(points, [Path.MOVETO, Path.LINETO] * count)


class Across(Straight, XAxis):
    """The axis below a panel."""

    side = 0


class Up(Straight, YAxis):
    """The axis to the left of a panel."""

    side = 1


class Panel(Axes):
    """Axes of a report's figure."""

    def _init_axis(self) -> None:  # where matplotlib has axes of other kinds make their own
        self.xaxis, self.yaxis = Across(self, clear=False), Up(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.yaxis if side in ("left", "right") else self.xaxis)


def _label(renderer: Renderer, text: str, looks: Text, at: tuple[float, float]) -> Label:
    """A text with the middle of its upper edge at a place, or that of its right edge."""
    (x, y), font = at, looks.get_fontproperties()
    lines = text.split("\n")
    widths = [renderer.get_text_width_height_descent(one, font, False)[0] for one in lines]
    height, above, down, step = _heights(font.copy(), len(lines))
    if looks.get_horizontalalignment() == "right":
        top = y + above
        starts, left, right = [x - width for width in widths], x - max(widths), x
    else:
        top = y
        starts = [x - width / 2 for width in widths]
        left, right = x - max(widths) / 2, x + max(widths) / 2
    begun = zip(starts, lines, strict=True)
    return Label(
        looks,
        (left, top - height, right, top),
        [(x, top - down - place * step, line) for place, (x, line) in enumerate(begun)],
    )


@lru_cache(FONTS)
def _heights(font: FontProperties, count: int) -> tuple[float, float, float, float]:
    """Height of so many lines, what of it is above the middle, first baseline, step [point].

    They are matplotlib's, which has had several rules for them.
    """
    renderer, figure = Renderer(1, 1), Figure(dpi=72)

    def extent(lines: int, **aligned: Any) -> Bbox:
        text = Text(0, 0, "\n".join(["lp"] * lines), fontproperties=font, **aligned)
        text.set_figure(figure)
        return text.get_window_extent(renderer)

    box, middle = extent(count, va="baseline"), extent(count, va="center_baseline")
    step = extent(count + 1).height - box.height if count > 1 else 0.0
    return box.height, middle.y1, box.y1 - (count - 1) * step, step
