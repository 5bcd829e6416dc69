"""Sizes and outlines of texts, in the glyphs of matplotlib's fonts.

Words of a figure are outlines of their glyphs, so that it looks the same wherever it is opened.
"""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

from repdose.plots.paths import data_of
from repdose.plots.picture import EM, Glyph

TEXTS = 4096  # whose sizes and outlines are remembered
FONTS = 64  # that were looked for


class Outlines(TextToPath):
    """Sizes and outlines of texts, remembered: a forked process has those of the first figure."""

    def __init__(self) -> None:
        super().__init__()
        self.size = lru_cache(TEXTS)(self._size)
        self.of = lru_cache(TEXTS)(self._of)
        self._line = lru_cache(TEXTS)(self._set)
        self._face = lru_cache(FONTS)(self._at_one_size)
        self._found = lru_cache(FONTS)(super()._get_font)  # type: ignore[misc]
        if hasattr(os, "register_at_fork"):
            # A font reads its file as it goes, and a forked process would move where others read
            os.register_at_fork(before=self._found.cache_clear)
        # Name of a letter's glyph and how far the next is, by both letters, for each font
        self._steps: dict[FontProperties, dict[tuple[str, str], tuple[str, float]]] = {}
        self._space: dict[FontProperties, str] = {}
        self._glyphs: dict[str, tuple[str, float, float]] = {}  # outline, lowest, highest, by name

    def _get_font(self, prop: FontProperties) -> Any:
        """The font that has such properties, at the size that outlines have."""
        font = self._found(prop)
        font.set_size(self.FONT_SCALE, self.DPI)  # others use it too
        return font

    def _size(self, text: str, font: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Width, height and descent of a text [point]."""
        if ismath:
            return self.get_text_width_height_descent(text, font, ismath)
        (*glyphs, end), _ = self._line(text, self._face(font))
        ends = [self._glyphs[name][1:] for name, *_ in glyphs] or [(0.0, 0.0)]
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        scale = font.get_size_in_points() / self.FONT_SCALE
        return end[1] * scale, (high - low) * scale, -low * scale

    def _of(
        self, text: str, font: FontProperties, ismath: Any
    ) -> tuple[tuple[Glyph, ...], tuple[str, ...]]:
        """Glyphs of a text, and the boxes that are drawn beside them in mathematics."""
        if ismath == "TeX":
            places, boxes = self._kept(self.get_glyphs_tex(font, text, **self._new))
        elif ismath:
            places, boxes = self._kept(self.get_glyphs_mathtext(font, text, **self._new))
        else:
            places, boxes = self._line(text, self._face(font))
        scale = EM / self.FONT_SCALE
        return (
            tuple(
                (self._glyphs[name][0], round(scale * across), round(scale * up), size)
                for name, across, up, size in places
                if self._glyphs[name][0]  # a space has none
            ),
            boxes,
        )

    def _set(self, text: str, face: FontProperties) -> Any:
        """A line of text at any size, with a space behind it, which is where it ends.

        How far apart two letters are depends on both of them and on no other: what one line has
        shown is not asked of the font again. Letters that are drawn as one are always asked for.
        """
        line, steps = text + " ", self._steps.setdefault(face, {})
        pairs = list(pairwise(line))
        if all(pair in steps for pair in pairs):
            known = [steps[pair] for pair in pairs]
            along = accumulate((step for _, step in known), initial=0.0)
            names = [*(name for name, _ in known), self._space[face]]
            return [(name, at, 0, 1) for name, at in zip(names, along, strict=True)], ()
        font = self._get_font(face)
        places, boxes = self._kept(self.get_glyphs_with_font(font, line, **self._new))
        if line.isascii() and len(places) == len(line):
            self._space[face] = places[-1][0]
            for pair, (one, other) in zip(pairs, pairwise(places), strict=True):
                steps[pair] = one[0], other[1] - one[1]
        return places, boxes

    def _at_one_size(self, font: FontProperties) -> FontProperties:
        """What texts of one font have in common at all sizes."""
        face = font.copy()
        face.set_size(self.FONT_SCALE)
        return face

    @property
    def _new(self) -> Any:
        return {"glyph_map": self._glyphs, "return_new_glyphs_only": True}

    def _kept(self, found: Any) -> Any:
        """Places of glyphs, and boxes, once glyphs not yet known are."""
        places, new, boxes = found
        scale = EM / self.FONT_SCALE

        def outline(vertices: Any, codes: Any) -> str:
            return data_of(Path(np.reshape(vertices, (-1, 2)) * (scale, -scale), codes))

        for name, (vertices, codes) in new.items():
            drawn = np.asarray(codes) != Path.CLOSEPOLY  # which has no place of its own
            heights = np.reshape(vertices, (-1, 2))[drawn, 1].tolist()
            ends = min(heights, default=0.0), max(heights, default=0.0)
            self._glyphs[name] = outline(vertices, codes), *ends
        return places, tuple(outline(*box) for box in boxes)


OUTLINES = Outlines()
