"""What marks of a chart stand for, beside the axes: a legend as matplotlib packs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from repdose.plots.kept import SHARES
from repdose.plots.marks import drawn_line, drawn_words, outline_of
from repdose.plots.picture import Picture
from repdose.plots.places import Places
from repdose.plots.texts import BLACK, Box, block

# Shares of the size of its words: room around it and to the axes, between lines, of a sample
AROUND, APART, BETWEEN, LONG, TALL, BESIDE = 0.4, 0.5, 0.5, 2.0, 0.7, 0.8
ACROSS = 2.0  # between columns
HIGH = {"": 0.5, "dot": 0.375}  # where on its height a sample stands


class Sample(NamedTuple):
    """What stands for something: a line, or a mark of a size [point]; and what it says."""

    label: str
    said: str
    marker: str = ""
    size: float = 0


class Key(NamedTuple):
    """Samples in columns, above or below a place that is given in shares of the axes."""

    samples: Sequence[Sample]
    size: float
    at: tuple[float, float]
    is_above: bool
    columns: int
    apart: float

    def box(self, chart: Places) -> Box:
        """The box around it [point]."""
        return self._laid_out(chart)[0]

    def draw(self, picture: Picture, chart: Places) -> None:
        """Draw each sample with its words."""
        size = self.size
        for (x, y), one in zip(self._laid_out(chart)[1], self.samples, strict=True):
            if one.marker:
                at = picture.units([(x + LONG * size / 2, y + HIGH["dot"] * TALL * size)])
                picture.marks(outline_of(one.marker, one.size), at.tolist(), one.said)
            else:
                middle = y + HIGH[""] * TALL * size
                drawn_line(picture, [(x, middle), (x + LONG * size, middle)], one.said)
            words = block(one.label, size, False, "left", "baseline")
            drawn_words(picture, words, x + (LONG + BESIDE) * size, y, BLACK)

    def _laid_out(self, chart: Places) -> tuple[Box, list[tuple[float, float]]]:
        """The box around it, and where the baseline of each sample begins [point]."""
        size = self.size
        boxes = [block(one.label, size, False, "left", "baseline").box for one in self.samples]
        places: list[tuple[float, float]] = []
        x = top = bottom = 0.0
        for column in np.array_split(np.arange(len(boxes)), min(self.columns, len(boxes))):
            y = 0.0
            for number in column.tolist():
                _, low, _, high = boxes[number]
                high = max(high, TALL * size)
                if number != column[0]:
                    y -= high
                places.append((x, y))
                top, bottom = max(top, y + high), min(bottom, y + low)
                y += low - BETWEEN * size
            x += (LONG + BESIDE) * size + max(boxes[n][2] for n in column) + self.apart * size
        width = x - self.apart * size + 2 * AROUND * size
        height = top - bottom + 2 * AROUND * size
        (across, up), edge = chart.point(self.at, SHARES), APART * size
        left = across - width / 2
        low = up + (edge if self.is_above else -edge - height)
        begins = left + AROUND * size, low + AROUND * size - bottom
        return (
            (left, low, left + width, low + height),
            [(begins[0] + x, begins[1] + y) for x, y in places],
        )
