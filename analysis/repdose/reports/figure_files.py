"""A figure as the text of its files, the same wherever it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repdose.plots import style
from repdose.storing import stored

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from repdose.plots.sheet import Sheet

SVG = "image/svg+xml"
# Both drawings of a figure. Editors of notebooks do not know the type, so they leave it alone
DRAWN = "application/vnd.repdose.figure+json"
PAGE, PHONE = "page", "phone"


def written(figure: Figure | Sheet) -> dict[str, str]:
    """The figure as SVG for a page, and for a phone where it can be drawn for one."""
    made = {PAGE: _drawn(figure)}
    again = style.for_phone(figure)
    if again is not None:
        made[PHONE] = _drawn(again)
    return made


def _drawn(figure: Figure | Sheet) -> str:
    from repdose.plots.sheet import Sheet
    from repdose.plots.svg import svg

    if isinstance(figure, Sheet):
        made = figure.svg()
        if not figure.is_realised:  # a sheet's own numbers are rounded
            return made
    own: Figure = figure.figure if isinstance(figure, Sheet) else figure
    _settle(own)
    return svg(own)


def _settle(figure: Figure) -> None:
    """Round what is drawn as numbers are stored, and the ends of each axis.

    Otherwise the last digits of a model, which depend on the processor, decide to which pixel an
    edge is moved that falls between two.
    """
    from matplotlib.collections import Collection, LineCollection, PolyCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon, Rectangle

    for axes in figure.axes:
        for ends, put in ((axes.get_xlim(), axes.set_xlim), (axes.get_ylim(), axes.set_ylim)):
            whole = tuple(stored(float(end)) for end in ends)
            if whole != ends:  # as they are where panels share an axis that was put
                put(*whole)
        for artist in axes.get_children():
            if isinstance(artist, Line2D):
                artist.set_data(*(_rounded(one) for one in artist.get_data(orig=False)))
            elif isinstance(artist, LineCollection | PolyCollection):
                for path in artist.get_paths():
                    path.vertices = _rounded(path.vertices)
            elif isinstance(artist, Collection):
                artist.set_offsets(_rounded(artist.get_offsets()))
            elif isinstance(artist, Polygon):
                artist.set_xy(_rounded(artist.get_xy()))
            elif isinstance(artist, Rectangle) and artist is not axes.patch:
                artist.set_bounds(*(stored(float(one)) for one in artist.get_bbox().bounds))


def _rounded(values: Any) -> Any:
    """The same with as many significant digits as are stored; what is masked stays masked."""
    import numpy as np

    numbers: Any = np.ma.asarray(values, dtype=float)
    flat = [stored(float(one)) for one in numbers.data.ravel()]
    whole = np.array(flat).reshape(numbers.shape)
    return np.ma.array(whole, mask=numbers.mask) if np.ma.is_masked(numbers) else whole
