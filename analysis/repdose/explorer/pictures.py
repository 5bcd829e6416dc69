"""A figure as bytes, fast: it is drawn once, and laid out once for the same axes."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Sharp on a screen of twice the density at the width that a cell has
DOTS_PER_INCH = 130
# zlib's fastest: a figure is sent to the next process, not over a network
COMPRESSION = 1
LAYOUTS = 64

Places = list[tuple[float, float, float, float]]


def picture(draw: Callable[[], tuple[Figure, str]]) -> tuple[bytes, str]:
    """PNG of a figure in the reports' style, and its alt text.

    Matplotlib's own way to a PNG draws twice, and lays out before each: most of the time of a
    small figure. The style of whoever calls is as it was.
    """
    import matplotlib as mpl

    from repdose.plots.style import use_style

    with _swept(), mpl.rc_context():
        use_style()
        return _drawn(draw)


@contextmanager
def _swept() -> Iterator[None]:
    """Collect what a figure leaves behind at once, while it is young.

    A figure is full of cycles. Left to grow old it makes Python go through everything there is,
    several times a second while a slider moves, which takes as long as the drawing.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)
        if was:
            gc.enable()


def _drawn(draw: Callable[[], tuple[Figure, str]]) -> tuple[bytes, str]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, alt = draw()
    figure.set_dpi(DOTS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    known = _layout(_seen(figure))
    if known:
        figure.set_layout_engine("none")
        _put(figure, known)
    canvas.draw()  # type: ignore[no-untyped-call]
    if not known:
        known += _placed(figure)
    return _png(canvas), alt


@lru_cache(LAYOUTS)
def _layout(_seen: Hashable) -> Places:
    """Places of what is seen alike; empty until it was drawn once."""
    return []


def _seen(figure: Figure) -> Hashable:
    """What a layout depends on: size, titles, and the labels of the ticks."""
    return (
        tuple(figure.get_size_inches()),
        tuple(text.get_text() for text in figure.texts),
        tuple(
            (
                *(_labels(axis) for axis in (axes.xaxis, axes.yaxis)),
                axes.get_title(loc="left"),
                axes.get_xlabel(),
                axes.get_ylabel(),
                tuple((text.get_text(), _within(axes, text)) for text in axes.texts),
            )
            for axes in figure.axes
        ),
    )


def _labels(axis: Axis) -> tuple[str, ...]:
    """Labels of the ticks within the ends of an axis."""
    low, high = sorted(axis.get_view_interval())
    places = [at for at in axis.get_majorticklocs() if low <= at <= high]
    return tuple(axis.get_major_formatter().format_ticks(places))


def _within(axes: Axes, text: Text) -> tuple[float, ...]:
    """Where a text stands, as shares of its axes."""
    return tuple(axes.transLimits.transform(text.get_position()).round(2).tolist())


def _placed(figure: Figure) -> Places:
    return [
        *(axes.get_position().bounds for axes in figure.axes),
        *((*text.get_position(), 0.0, 0.0) for text in figure.texts),
    ]


def _put(figure: Figure, places: Places) -> None:
    count = len(figure.axes)
    for axes, place in zip(figure.axes, places, strict=False):
        axes.set_position(place)
    for text, (x, y, *_) in zip(figure.texts, places[count:], strict=True):
        text.set_position((x, y))


def _png(canvas: Any) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    drawn.save(buffer, "png", compress_level=COMPRESSION)
    return buffer.getvalue()
