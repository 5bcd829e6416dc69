"""A figure as the bytes of its files, the same wherever it is drawn."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def written(figure: Figure) -> tuple[bytes, str]:
    """The figure as PNG and as SVG, without date and without what wrote it.

    Its parts are laid out once, for the PNG, so both show them at the same places.
    """
    import matplotlib as mpl

    png = _saved(figure, "png", {"Software": None})
    with mpl.rc_context({"figure.constrained_layout.use": False, "figure.autolayout": False}):
        figure.set_layout_engine(None)
        svg = _saved(figure, "svg", {"Date": None, "Creator": None})
    return png, svg.decode("utf-8")


def _saved(figure: Figure, kind: str, metadata: dict[str, None]) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()
