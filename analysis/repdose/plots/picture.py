"""The text of an SVG file, small: shapes written once, coordinates as whole numbers."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np

from repdose.plots.paths import name_of

POINT = 20  # units of a picture in a point
EM = 250  # units of an outline in the size of its font: as fine as points, in texts of 12
DOTS = 160 / 72  # of an image within a figure, in a point
LOOKS = 1024  # that are remembered as attributes

_TEXT = re.compile(r'<g( fill="#\w+") transform=')


Glyph = tuple[str, int, int, float]  # outline, place across and up, size


class Picture:
    """A picture that is drawn part by part; what is drawn later lies above.

    Parameters
    ----------
    width, height : float
        Of the picture. [point]
    """

    def __init__(self, width: float, height: float) -> None:
        self.size = width, height
        self._drawn: list[str] = []
        self._ids: dict[str, str] = {}  # of what may be drawn again
        self._clips: dict[tuple[float, ...], str] = {}  # attributes, by the box that is left

    def document(self) -> str:
        """Text of the file."""
        width, height = self.size
        defined = "\n".join(element.format(id=id) for element, id in self._ids.items())
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'version="1.1" width="{width:g}pt" height="{height:g}pt" '
            f'viewBox="0 0 {width * POINT:.0f} {height * POINT:.0f}" stroke-linejoin="round">\n'
            f"<defs>{defined}</defs>\n" + "\n".join(_together(self._drawn)) + "\n</svg>\n"
        )

    def path(self, data: str, said: str) -> None:
        """Draw a path with attributes, unless there is nothing of it."""
        if data:
            self._drawn.append(f'<path d="{data}"{said}/>')

    def marks(self, shape: str, places: Sequence[Sequence[int]], said: str) -> None:
        """Draw a shape at each place [unit], once where there are several."""
        if len(places) == 1:
            ((x, y),) = places
            self._drawn.append(f'<path d="M{x} {y}{shape}"{said}/>')
        elif places:
            id = self.defined(f'<path id="{{id}}" d="{shape}"/>')
            uses = "".join(f'<use xlink:href="#{id}" x="{x}" y="{y}"/>' for x, y in places)
            self._drawn.append(f"<g{said}>{uses}</g>")

    def circles(self, middles: Any, sizes: Sequence[float], said: str) -> None:
        """Draw circles of sizes [point] about their middles [point]."""
        places = zip(self.units(middles).tolist(), sizes, strict=True)
        drawn = [
            f'<circle cx="{x}" cy="{y}" r="{size * POINT / 2:.0f}"/>' for (x, y), size in places
        ]
        self._drawn.append(f"<g{said}>{''.join(drawn)}</g>")

    def words(
        self,
        outlined: tuple[Iterable[Glyph], Iterable[str]],
        at: tuple[float, float],
        size: float,
        said: str,
        angle: float = 0,
        clip: str = "",
    ) -> None:
        """Draw glyphs and boxes of a line of text from a place [point] on, in a size [point]."""
        glyphs, boxes = outlined
        drawn = []
        for outline, across, up, scale in glyphs:
            id = self.defined(f'<path id="{{id}}" d="{outline}"/>')
            if scale == 1:
                place = (f' x="{across}"' if across else "") + (f' y="{-up}"' if up else "")
            else:
                place = f' transform="translate({across} {-up})scale({scale:.3g})"'
            drawn.append(f'<use xlink:href="#{id}"{place}/>')
        drawn += [f'<path d="{box}"/>' for box in boxes]
        if not drawn:
            return
        (x, y), turned = at, f"rotate({-angle:g})" if angle else ""
        text = (
            f"<g{said} "
            f'transform="translate({x * POINT:.0f} {y * POINT:.0f}){turned}'
            f'scale({size * POINT / EM:.4g})">{"".join(drawn)}</g>'
        )
        self._drawn.append(f"<g{clip}>{text}</g>" if clip else text)

    def image(self, dots: Any, box: tuple[float, ...], clip: str) -> None:
        """Draw dots from the top, of shades of grey or RGBA, in a box [point].

        The box is left, top, width and height.
        """
        from PIL import Image

        buffer = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(dots)).save(buffer, "png")
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
        place = zip(("x", "y", "width", "height"), box, strict=True)
        said = "".join(f' {name}="{value * POINT:.0f}"' for name, value in place)
        self._drawn.append(
            f'<image{said} preserveAspectRatio="none"{clip} '
            f'xlink:href="data:image/png;base64,{data}"/>'
        )

    def defined(self, element: str) -> str:
        """Id of an element that is written once; it has ``{id}`` where its id goes."""
        return self._ids.setdefault(element, name_of(len(self._ids)))

    def clip(self, box: tuple[float, float, float, float]) -> str:
        """Attribute of what is cut off outside of a box: left, bottom, right and top [point]."""
        if box not in self._clips:
            left, bottom, right, top = box
            data = self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)])
            self._clips[box] = self.clip_to(data)
        return self._clips[box]

    def clip_to(self, data: str) -> str:
        """Attribute of what is cut off outside of a path."""
        id = self.defined(f'<clipPath id="{{id}}"><path d="{data}"/></clipPath>')
        return f' clip-path="url(#{id})"'

    def polygon(self, corners: Any) -> str:
        """A closed path through corners [point]."""
        return self.steps(self.exact(corners)) + "z"

    def lines(self, lines: Any, said: str) -> None:
        """Draw straight lines, each from a point to another [point], as one path."""
        if not lines:
            return
        drawn, (x, y) = [], (0, 0)
        for (left, top), (right, low) in self.units(lines).tolist():
            drawn.append(f"m{left - x} {top - y}l{right - left} {low - top}")
            x, y = right, low
        self.path("".join(drawn).replace(" -", "-"), said)

    def units(self, points: Any) -> Any:
        """Places in whole units from the top left, of places in points from the bottom left."""
        return np.rint(self.exact(points)).astype(int)

    def exact(self, points: Any) -> Any:
        """Places in units from the top left, of places in points from the bottom left."""
        return np.multiply(points, (POINT, -POINT)) + np.array([0, self.size[1] * POINT])

    @staticmethod
    def steps(exact: Any) -> str:
        """A path through places in units, each in steps from the one before."""
        (x, y), *others = np.rint(exact).astype(int).tolist()
        said = []
        start = f"m{x} {y}l"
        for across, down in others:
            said.append(f"{across - x} {down - y}")
            x, y = across, down
        return (start + " ".join(said)).replace(" -", "-")


@lru_cache(LOOKS)
def look(
    *,
    fill: str | None = None,
    stroke: str = "",
    width: float = 0,
    opacity: float = 1,
    share: float = 1,
    dashes: tuple[float, tuple[float, ...]] | None = None,
    join: str = "round",
    cap: str = "butt",
) -> str:
    """Fill and stroke of a shape, as attributes; a width, and lengths of dashes [point].

    What is drawn twice, where its edge lies on its ground, shows more through as a whole
    (`opacity`) than in parts (`share`).
    """
    said = opacities(opacity=opacity) + f' fill="{fill or "none"}"'
    if fill:
        said += opacities(fill_opacity=share)
    if not width:
        return said
    return said + f' stroke="{stroke}"' + stroked(width, dashes, join, cap, stroke_opacity=share)


def stroked(width: float, dashes: Any, join: str, cap: str, **shares: float) -> str:
    """How a line is drawn, as attributes."""
    said = f' stroke-width="{width * POINT:.3g}"' + opacities(**shares)
    offset, lengths = dashes or (0, None)
    if lengths is not None:
        every = " ".join(f"{length * POINT:.3g}" for length in lengths)
        said += f' stroke-dasharray="{every}"'
        if offset:
            said += f' stroke-dashoffset="{offset * POINT:.3g}"'
    if join != "round":
        said += f' stroke-linejoin="{join}"'
    if cap != "butt":
        said += f' stroke-linecap="{cap}"'
    return said


def opacities(**shares: float) -> str:
    """Opacities as attributes, but for what is opaque."""
    return "".join(
        f' {name.replace("_", "-")}="{share:.3g}"' for name, share in shares.items() if share != 1
    )


def _together(drawn: Iterable[str]) -> Iterator[str]:
    """What was drawn, with the colour of texts that follow each other written once."""
    for colour, parts in groupby(drawn, _colour):
        if colour:
            yield f"<g{colour}>"
            yield from (text.replace(colour, "", 1) for text in parts)
            yield "</g>"
        else:
            yield from parts


def _colour(drawn: str) -> str:
    """The colour of a text, as its attribute; empty for what is none."""
    found = _TEXT.match(drawn)
    return found[1] if found else ""
