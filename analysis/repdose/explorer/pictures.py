"""A figure as bytes, fast: it is drawn once, and laid out once for the same axes."""

from __future__ import annotations

import io
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from repdose.plots.style import use_style

    with mpl.rc_context():
        use_style()
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
    """What a layout depends on: size, titles, and the ends of the axes, hence their labels."""
    return (
        tuple(figure.get_size_inches()),
        tuple(text.get_text() for text in figure.texts),
        tuple(
            (
                axes.get_xlim(),
                axes.get_ylim(),
                axes.get_title(loc="left"),
                axes.get_xlabel(),
                axes.get_ylabel(),
                tuple((text.get_text(), text.get_position()) for text in axes.texts),
            )
            for axes in figure.axes
        ),
    )


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
