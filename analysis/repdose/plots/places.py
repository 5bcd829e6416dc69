"""Where things are on a picture: what a mark or an axis asks of the chart that it is of."""

from __future__ import annotations

from typing import Any, Protocol

from repdose.plots.texts import Box


class Places(Protocol):
    """A chart, as far as others ask it where something is."""

    box: Box  # left and bottom, width and height of its axes [point]

    def points(self, rows: Any, within: str = "") -> Any:
        """Places on the picture [point] of places in the data, of which some are shares."""

    def point(self, place: Any, within: str = "") -> tuple[Any, Any]:
        """A place on the picture [point] of one in the data, of which some are shares."""
