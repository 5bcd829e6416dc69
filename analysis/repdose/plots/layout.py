"""Room around axes for what is written there, measured once where once is enough.

The rules are those of matplotlib's constrained layout, for one grid of axes without colour bars.
That one measures everything twice, as ticks may change and words may move when axes do; here it
is done again only where one of them did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.layout_engine import LayoutEngine

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAD = 3 / 72  # around axes and what is written beside them [inch]
GAP = 0.02  # between axes, as a share of the figure, where that is more than the pads
# Left, below, and on the other sides: close to where one panel ends up, so that it moves little
USUAL = (0.6, 0.5, 0.05)  # [inch]
BEYOND = 1.0  # words that stand out of their axes by less do not count [dot]


class Margins(LayoutEngine):
    """Places the axes of a figure so that nothing beside them is cut or covered."""

    _adjust_compatible = True
    _colorbar_gridspec = False

    def execute(self, fig: Any) -> None:
        """Place the axes."""
        if len(fig.axes) == 1:
            (width, height), (left, below, beside) = fig.get_size_inches(), USUAL
            place = left / width, below / height
            share = 1 - (left + beside) / width, 1 - (below + beside) / height
            fig.axes[0]._set_position((*place, *share))
        ticks = _ticks(fig)
        _place(fig)
        if _ticks(fig) != ticks or _stand_out(fig):
            _place(fig)


def _ticks(figure: Figure) -> list[list[float]]:
    return [
        axis.get_majorticklocs().tolist()
        for axes in figure.axes
        if axes.get_visible()
        for axis in (axes.xaxis, axes.yaxis)
    ]


def _stand_out(figure: Any) -> bool:
    """Whether words within axes, which move with the data, reach out of them."""
    renderer = figure.canvas.get_renderer()
    for axes in figure.axes:
        box = axes.bbox.padded(BEYOND)
        for text in axes.texts if axes.get_visible() else ():
            extent = text.get_window_extent(renderer)
            if not (box.x0 <= extent.x0 and extent.x1 <= box.x1):
                return True
            if not (box.y0 <= extent.y0 and extent.y1 <= box.y1):
                return True
    return False


def _place(figure: Any) -> None:
    """Measure what is around each axes, and share out what is left of the figure."""
    width, height = figure.get_size_inches()
    across, up = PAD / width, PAD / height
    left, bottom = _beside(figure, across, up)
    grid = figure.axes[0].get_subplotspec().get_gridspec()
    lines, columns = grid.get_geometry()
    before, after = [0.0] * columns, [0.0] * columns
    above, below = [0.0] * lines, [0.0] * lines
    for axes in figure.axes:
        spec, (west, south, east, north) = axes.get_subplotspec(), _around(figure, axes)
        first, last = spec.colspan.start, spec.colspan.stop - 1
        top, end = spec.rowspan.start, spec.rowspan.stop - 1
        gap, rise = max(GAP / 2 / columns, across), max(GAP / 2 / lines, up)
        before[first] = max(before[first], west + (gap if first else across))
        after[last] = max(after[last], east + (gap if last < columns - 1 else across))
        above[top] = max(above[top], north + (rise if top else up))
        below[end] = max(below[end], south + (rise if end < lines - 1 else up))
    starts, ends = _shared(left, 1.0, before, after, grid.get_width_ratios())
    tops, ends_below = _shared(0.0, 1.0 - bottom, above, below, grid.get_height_ratios())
    for axes in figure.axes:
        spec = axes.get_subplotspec()
        x0, x1 = starts[spec.colspan.start], ends[spec.colspan.stop - 1]
        y1, y0 = 1 - tops[spec.rowspan.start], 1 - ends_below[spec.rowspan.stop - 1]
        axes._set_position((x0, y0, x1 - x0, y1 - y0))


def _around(figure: Any, axes: Axes) -> tuple[float, float, float, float]:
    """What is written to the left of axes, below, to the right and above, as shares."""
    place = axes.get_position(original=True)
    frame = set(axes.spines.values())  # its marks count with the axis
    beside = [one for one in axes.get_default_bbox_extra_artists() if one not in frame]
    renderer = figure.canvas.get_renderer()
    tight = axes.get_tightbbox(renderer, bbox_extra_artists=beside, for_layout_only=True)
    if tight is None:  # they are not shown
        return 0.0, 0.0, 0.0, 0.0
    box = tight.transformed(figure.transFigure.inverted())
    return place.x0 - box.x0, place.y0 - box.y0, box.x1 - place.x1, box.y1 - place.y1


def _beside(figure: Any, across: float, up: float) -> tuple[float, float]:
    """Room for the names of a whole figure's axes, left and below; they are put there."""
    renderer, shares = figure.canvas.get_renderer(), figure.transFigure.inverted()
    left = bottom = 0.0
    if (name := figure._supylabel) is not None:
        name.set_position((across, name.get_position()[1]))
        left = name.get_window_extent(renderer).transformed(shares).width + 2 * across
    if (name := figure._supxlabel) is not None:
        name.set_position((name.get_position()[0], up))
        bottom = name.get_window_extent(renderer).transformed(shares).height + 2 * up
    return left, bottom


def _shared(
    start: float, end: float, before: list[float], after: list[float], ratios: Any
) -> tuple[list[float], list[float]]:
    """Where axes begin and end in a direction in which they have sizes by `ratios`."""
    left = end - start - sum(before) - sum(after)
    starts, ends = [], []
    for margin, next_margin, ratio in zip(before, after, ratios, strict=True):
        starts.append(start + margin)
        ends.append(starts[-1] + left * ratio / sum(ratios))
        start = ends[-1] + next_margin
    return starts, ends
