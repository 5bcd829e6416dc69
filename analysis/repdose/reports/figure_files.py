"""A figure as the bytes of its files, the same wherever it is drawn."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from repdose.plots import style

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

    made: dict[str, bytes | str] = {PNG: _saved(figure, "png", {"Software": None})}
    with mpl.rc_context({"figure.constrained_layout.use": False, "figure.autolayout": False}):
        figure.set_layout_engine(None)
        made[SVG] = _saved(figure, "svg", {"Date": None, "Creator": None}).decode("utf-8")
    again = style.for_phone(figure)
    if again is not None:
        made[PHONE] = _few_shades(again)
    return made


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
