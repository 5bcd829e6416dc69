"""A figure as SVG, small and fast: glyphs written once, coordinates as whole numbers.

Matplotlib's own backend writes a group, a comment and six decimals for each thing that it draws,
and most of its time goes into text. This one draws the same shapes from the same calls. Words are
outlines of their glyphs, so that a figure looks the same wherever it is opened.
"""

from __future__ import annotations

import base64
import io
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D, BboxTransformTo

POINT = 20  # units of a picture in a point
EM = 500  # units of an outline in the size of its font
DOTS = 160 / 72  # of an image within a figure, in a point
TEXTS = 4096  # whose sizes and outlines are remembered
FONTS = 64  # that were looked for

_CAPS = {"projecting": "square", "round": "round"}
_COMMANDS = {Path.MOVETO: "m", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
_BY_LETTER = re.compile(" ?([a-z]) ?")

Glyph = tuple[str, int, int, float]  # outline, place across and up, size


def svg(figure: Figure) -> str:
    """The text of an SVG file of a figure, which is laid out and drawn once.

    The figure keeps its layout and loses the engine that made it.
    """
    dots, canvas = figure.get_dpi(), figure.canvas
    figure.set_dpi(72)
    try:
        renderer = _Canvas(figure).get_renderer()
        figure.draw(renderer)
        figure.set_layout_engine("none")
        return renderer.document()
    finally:
        figure.set_dpi(dots)
        figure.set_canvas(canvas)


class _Canvas(FigureCanvasBase):
    """Where a figure finds what it is measured and drawn by."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self._renderer = Renderer(*(72 * figure.get_size_inches()))

    def get_renderer(self) -> Renderer:
        return self._renderer


class Renderer(RendererBase):
    """Draws into the text of an SVG file; a dot of matplotlib's is a point here.

    Parameters
    ----------
    width, height : float
        Of the picture. [point]
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self._size = width, height
        self._units = Affine2D().scale(POINT, -POINT).translate(0, height * POINT)
        self._drawn: list[str] = []
        self._ids: dict[str, str] = {}  # of what may be drawn again
        self._clips: dict[tuple[float, ...], str] = {}  # attributes, by the box that is left
        self.measured: dict[Any, Any] = {}  # what artists found for this picture

    def document(self) -> str:
        """Text of the file."""
        width, height = self._size
        defined = "\n".join(element.format(id=id) for element, id in self._ids.items())
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'version="1.1" width="{width:g}pt" height="{height:g}pt" '
            f'viewBox="0 0 {width * POINT:.0f} {height * POINT:.0f}" stroke-linejoin="round">\n'
            f"<defs>{defined}</defs>\n" + "\n".join(self._drawn) + "\n</svg>\n"
        )

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size

    def get_image_magnification(self) -> float:
        return DOTS

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        return _OUTLINES.size(s, prop, ismath)

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        line = rgbFace is None and gc.get_hatch_path() is None
        shape = path.cleaned(
            transform=transform + self._units,
            remove_nans=True,
            clip=(0, 0, POINT * self._size[0], POINT * self._size[1]) if line else None,
            simplify=line and path.should_simplify,
            curves=True,
            sketch=gc.get_sketch_params(),
        )
        if data := _data(shape):
            self._drawn.append(f'<path d="{data}"{self._style(gc, rgbFace)}{self._clip(gc)}/>')

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        shape = _data((marker_trans + Affine2D().scale(POINT, -POINT)).transform_path(marker_path))
        places = [
            vertices[-2:].round().astype(int).tolist()
            for vertices, _ in path.iter_segments(trans + self._units, simplify=False)
        ]
        said = self._style(gc, rgbFace) + self._clip(gc)
        if len(places) == 1:
            ((x, y),) = places
            self._drawn.append(f'<path d="M{x} {y}{shape}"{said}/>')
        elif places:
            id = self._id(f'<path id="{{id}}" d="{shape}"/>')
            uses = "".join(f'<use xlink:href="#{id}" x="{x}" y="{y}"/>' for x, y in places)
            self._drawn.append(f"<g{said}>{uses}</g>")

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,  # noqa: ARG002 (matplotlib hands it over)
    ) -> None:
        glyphs, boxes = _OUTLINES.of(s, prop, ismath)
        drawn = []
        for outline, across, up, scale in glyphs:
            id = self._id(f'<path id="{{id}}" d="{outline}"/>')
            if scale == 1:
                place = f' x="{across}"' + (f' y="{-up}"' if up else "")
            else:
                place = f' transform="translate({across} {-up})scale({scale:.3g})"'
            drawn.append(f'<use xlink:href="#{id}"{place}/>')
        drawn += [f'<path d="{box}"/>' for box in boxes]
        if not drawn:
            return
        turned = f"rotate({-angle:g})" if angle else ""
        size = prop.get_size_in_points() * POINT / EM
        colour, alpha = gc.get_rgb(), gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        text = (
            f'<g fill="{to_hex(colour)}"{_said(opacity=alpha)} '
            f'transform="translate({x * POINT:.0f} {y * POINT:.0f}){turned}scale({size:.4g})">'
            f"{''.join(drawn)}</g>"
        )
        clip = self._clip(gc)
        self._drawn.append(f"<g{clip}>{text}</g>" if clip else text)

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:  # noqa: ARG002
        from PIL import Image

        buffer = io.BytesIO()
        grey = (im[..., :3] == im[..., :1]).all() and (im[..., 3] == 255).all()
        shades = im[::-1, :, 0] if grey else im[::-1]  # a third of the time, and of the file
        Image.fromarray(np.ascontiguousarray(shades)).save(buffer, "png")
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
        height, width = (count / DOTS for count in im.shape[:2])
        place = {"x": x, "y": self._size[1] - y - height, "width": width, "height": height}
        said = "".join(f' {name}="{value * POINT:.0f}"' for name, value in place.items())
        self._drawn.append(
            f'<image{said} preserveAspectRatio="none"{self._clip(gc)} '
            f'xlink:href="data:image/png;base64,{data}"/>'
        )

    def draw_gouraud_triangles(
        self, gc: Any, triangles_array: Any, colors_array: Any, transform: Any
    ) -> None:
        # SVG knows no such shades: each triangle has the mean of its corners' colours
        gc.set_linewidth(0)
        for corners, colours in zip(triangles_array, colors_array, strict=True):
            self.draw_path(gc, Path(corners), transform, colours.mean(axis=0))

    def _id(self, element: str) -> str:
        """Id of an element that is written once; it has ``{id}`` where its id goes."""
        return self._ids.setdefault(element, f"d{len(self._ids)}")

    def _clip(self, gc: Any) -> str:
        path, transform = gc.get_clip_path()
        if path is not None:
            return self._clip_to(path, transform)
        if (box := gc.get_clip_rectangle()) is None:
            return ""
        ends = tuple(box.extents.tolist())
        if ends not in self._clips:
            self._clips[ends] = self._clip_to(Path.unit_rectangle(), BboxTransformTo(box))
        return self._clips[ends]

    def _clip_to(self, path: Path, transform: Any) -> str:
        data = _data((transform + self._units).transform_path(path))
        id = self._id(f'<clipPath id="{{id}}"><path d="{data}"/></clipPath>')
        return f' clip-path="url(#{id})"'

    def _style(self, gc: Any, face: Any) -> str:
        """Fill and stroke of a shape, as attributes."""
        forced = gc.get_forced_alpha()
        said = _said(opacity=gc.get_alpha()) if forced else ""
        if gc.get_hatch() is not None:
            said += f' fill="url(#{self._hatch(gc, face)})"'
        elif face is None:
            said += ' fill="none"'
        else:
            said += f' fill="{to_hex(face)}"'
        if face is not None and len(face) == 4 and not forced:
            said += _said(fill_opacity=face[3])
        width = gc.get_linewidth()
        if not width:
            return said
        said += f' stroke="{to_hex(gc.get_rgb())}" stroke-width="{width * POINT:.3g}"'
        if not forced:
            said += _said(stroke_opacity=gc.get_rgb()[3])
        offset, dashes = gc.get_dashes()
        if dashes is not None:
            lengths = " ".join(f"{length * POINT:.3g}" for length in dashes)
            said += f' stroke-dasharray="{lengths}"'
            if offset:
                said += f' stroke-dashoffset="{offset * POINT:.3g}"'
        if (join := gc.get_joinstyle()) != "round":
            said += f' stroke-linejoin="{join}"'
        if cap := _CAPS.get(gc.get_capstyle()):
            said += f' stroke-linecap="{cap}"'
        return said

    def _hatch(self, gc: Any, face: Any) -> str:
        side = 72 * POINT
        upright = Affine2D().scale(side, -side).translate(0, side)
        lines = _data(upright.transform_path(gc.get_hatch_path()))
        ground = "none" if face is None else to_hex(face)
        ink = to_hex(gc.get_hatch_color())
        return self._id(
            f'<pattern id="{{id}}" patternUnits="userSpaceOnUse" width="{side}" height="{side}">'
            f'<path d="M0 0h{side}v{side}H0z" fill="{ground}"/><path d="{lines}" fill="{ink}" '
            f'stroke="{ink}" stroke-width="{gc.get_hatch_linewidth() * POINT:.3g}"/></pattern>'
        )


def _said(**opacities: float) -> str:
    """Opacities as attributes, but for what is opaque."""
    return "".join(
        f' {name.replace("_", "-")}="{share:.3g}"'
        for name, share in opacities.items()
        if share != 1
    )


class _Outlines(TextToPath):
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
        """A line of text at any size, with a space behind it, which is where it ends."""
        font = self._get_font(face)
        return self._kept(self.get_glyphs_with_font(font, text + " ", **self._new))

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
            return _data(Path(np.reshape(vertices, (-1, 2)) * (scale, -scale), codes))

        for name, (vertices, codes) in new.items():
            drawn = np.asarray(codes) != Path.CLOSEPOLY  # which has no place of its own
            heights = np.reshape(vertices, (-1, 2))[drawn, 1].tolist()
            ends = min(heights, default=0.0), max(heights, default=0.0)
            self._glyphs[name] = outline(vertices, codes), *ends
        return places, tuple(outline(*box) for box in boxes)


def _data(path: Path) -> str:
    """A path in whole units, each step from the point before."""
    points: Sequence[Sequence[int]] = np.rint(path.vertices).astype(int).tolist()
    if path.codes is None:
        codes = [Path.MOVETO, *[Path.LINETO] * (len(points) - 1)]
    else:
        codes = np.asarray(path.codes).tolist()
    said: list[str] = []
    at, last = 0, ""
    x = y = 0
    start = (0, 0)
    while at < len(points) and (code := codes[at]) != Path.STOP:
        if code == Path.CLOSEPOLY:
            said.append("z")
            (x, y), last = start, "z"
            at += 1
            continue
        step = _COMMANDS[code]
        if step != last or step == "m":
            said.append(step)
        end = at + Path.NUM_VERTICES_FOR_CODE[code]
        for across, down in points[at:end]:
            said.append(f"{across - x} {down - y}")
        x, y = points[end - 1]
        if step == "m":
            start = x, y
        at, last = end, step
    return _BY_LETTER.sub(r"\1", " ".join(said)).replace(" -", "-")


_OUTLINES = _Outlines()
