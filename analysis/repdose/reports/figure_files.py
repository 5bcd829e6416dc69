"""A figure as the bytes of its files, the same wherever it is drawn."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from repdose.plots import style
from repdose.tables.numbers import stored

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PNG, SVG = "image/png", "image/svg+xml"
# The picture for a phone. Editors of notebooks do not know the type, so they leave it alone
PHONE = "application/vnd.repdose.phone"
SHADES = 64  # of the picture for a phone, which has lines, flat areas and text


def written(figure: Figure) -> dict[str, bytes | str]:
    """The figure as PNG and as SVG, and as PNG for a phone, by type.

    Without date and without what wrote it. Its parts are laid out once, for the PNG, so that
    both show them at the same places.
    """
    import matplotlib as mpl

    _settle(figure)
    made: dict[str, bytes | str] = {PNG: _saved(figure, "png", {"Software": None})}
    with mpl.rc_context({"figure.constrained_layout.use": False, "figure.autolayout": False}):
        figure.set_layout_engine(None)
        made[SVG] = _tidy(_saved(figure, "svg", {"Date": None, "Creator": None}).decode("utf-8"))
    again = style.for_phone(figure)
    if again is not None:
        _settle(again)
        made[PHONE] = _few_shades(again)
    return made


def _settle(figure: Figure) -> None:
    """Round what is drawn as numbers are stored, and the ends of each axis.

    Otherwise the last digits of a model, which depend on the processor, decide to which pixel an
    edge is moved that falls between two.
    """
    from matplotlib.collections import Collection, LineCollection, PolyCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon, Rectangle

    for axes in figure.axes:
        axes.set_xlim(*(stored(float(end)) for end in axes.get_xlim()))
        axes.set_ylim(*(stored(float(end)) for end in axes.get_ylim()))
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


# Names that matplotlib makes of all digits of what they stand for, and coordinates in points
_NAMED = re.compile(r"\b([a-z])[0-9a-f]{10}\b")
_PLACED = re.compile(r' (?:d|x|y)="[^"]*"|translate\([^)]*\)')
_LONG = re.compile(r"-?\d+\.\d{4,}")


def _tidy(svg: str) -> str:
    """An SVG with names that count, and coordinates to a thousandth of a point."""
    named: dict[str, str] = {}
    svg = _NAMED.sub(lambda one: named.setdefault(one[0], f"{one[1]}{len(named)}"), svg)

    def placed(part: re.Match[str]) -> str:
        return _LONG.sub(lambda one: f"{float(one[0]):.3f}".rstrip("0").rstrip("."), part[0])

    return _PLACED.sub(placed, svg)


def _few_shades(figure: Figure) -> bytes:
    """The figure as a PNG of a third of the bytes, which nobody will edit."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    figure.set_dpi(mpl.rcParams["savefig.dpi"])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    buffer = io.BytesIO()
    dots = bytes(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    plain = Image.frombytes("RGBA", canvas.get_width_height(), dots).convert("RGB")
    plain.quantize(SHADES, Image.Quantize.FASTOCTREE).save(buffer, "png")
    return buffer.getvalue()


def _saved(figure: Figure, kind: str, metadata: dict[str, None]) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()
