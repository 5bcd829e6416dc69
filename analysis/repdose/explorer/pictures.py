"""A figure as the picture of a report's page, fast enough to follow a slider."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repdose.plots.sheet import Sheet


def picture(draw: Callable[[], tuple[Sheet, str]]) -> tuple[str, str]:
    """SVG of a figure in the reports' style, and its alt text.

    The style of whoever calls is as it was.
    """
    import matplotlib as mpl

    from repdose.plots.style import use_style
    from repdose.plots.svg import svg

    with _swept(), mpl.rc_context():
        use_style()
        figure, alt = draw()
        return svg(figure), alt


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
