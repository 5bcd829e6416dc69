"""What matplotlib draws a report's figure by.

Its own backend for SVG writes a group, a comment and six decimals for each thing that it draws,
and most of its time goes into text. This one draws the same shapes from the same calls.
"""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from repdose.plots.glyphs import OUTLINES
from repdose.plots.paths import data_of
from repdose.plots.picture import DOTS, POINT, Picture, opacities, stroked

_CAPS = {"projecting": "square"}


def svg_of(figure: Figure) -> str:
    """The text of an SVG file of a figure of matplotlib, laid out and drawn once.

    The figure keeps its layout and loses the engine that made it.
    """
    dots, canvas = figure.get_dpi(), figure.canvas
    figure.set_dpi(72)
    try:
        renderer = Canvas(figure).get_renderer()
        figure.draw(renderer)
        figure.set_layout_engine("none")
        return renderer.picture.document()
    finally:
        figure.set_dpi(dots)
        figure.set_canvas(canvas)


class Canvas(FigureCanvasBase):
    """Where a figure finds what it is measured and drawn by."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self._renderer = Renderer(*(72 * figure.get_size_inches()))

    def get_renderer(self) -> Renderer:
        return self._renderer


class Renderer(RendererBase):
    """Draws into a picture; a dot of matplotlib's is a point here.

    Parameters
    ----------
    width, height : float
        Of the picture. [point]
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.picture = Picture(width, height)
        self._units = Affine2D().scale(POINT, -POINT).translate(0, height * POINT)
        self.measured: dict[Any, Any] = {}  # what artists found for this picture

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.picture.size

    def get_image_magnification(self) -> float:
        return DOTS

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        return OUTLINES.size(s, prop, ismath)

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        line = rgbFace is None and gc.get_hatch_path() is None
        width, height = self.picture.size
        shape = path.cleaned(
            transform=transform + self._units,
            remove_nans=True,
            clip=(0, 0, POINT * width, POINT * height) if line else None,
            simplify=line and path.should_simplify,
            curves=True,
            sketch=gc.get_sketch_params(),
        )
        if data := data_of(shape):
            self.picture.path(data, self._style(gc, rgbFace) + self._clip(gc))

    def draw_markers(
        self,
        gc: Any,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        upright = marker_trans + Affine2D().scale(POINT, -POINT)
        shape = data_of(upright.transform_path(marker_path))
        places = [
            vertices[-2:].round().astype(int).tolist()
            for vertices, _ in path.iter_segments(trans + self._units, simplify=False)
        ]
        self.picture.marks(shape, places, self._style(gc, rgbFace) + self._clip(gc))

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
        colour, alpha = gc.get_rgb(), gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        self.picture.words(
            OUTLINES.of(s, prop, ismath),
            (x, y),
            prop.get_size_in_points(),
            f' fill="{to_hex(colour)}"{opacities(opacity=alpha)}',
            angle,
            self._clip(gc),
        )

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:  # noqa: ARG002
        height, width = (count / DOTS for count in im.shape[:2])
        box = x, self.picture.size[1] - y - height, width, height
        grey = (im[..., :3] == im[..., :1]).all() and (im[..., 3] == 255).all()
        # A third of the time, and of the file
        self.picture.image(im[::-1, :, 0] if grey else im[::-1], box, self._clip(gc))

    def draw_gouraud_triangles(
        self, gc: Any, triangles_array: Any, colors_array: Any, transform: Any
    ) -> None:
        # SVG knows no such shades: each triangle has the mean of its corners' colours
        gc.set_linewidth(0)
        for corners, colours in zip(triangles_array, colors_array, strict=True):
            self.draw_path(gc, Path(corners), transform, colours.mean(axis=0))

    def _clip(self, gc: Any) -> str:
        path, transform = gc.get_clip_path()
        if path is not None:
            return self.picture.clip_to(data_of((transform + self._units).transform_path(path)))
        box = gc.get_clip_rectangle()
        return "" if box is None else self.picture.clip(tuple(box.extents.tolist()))

    def _style(self, gc: Any, face: Any) -> str:
        """Fill and stroke of a shape, as attributes."""
        forced = gc.get_forced_alpha()
        said = opacities(opacity=gc.get_alpha()) if forced else ""
        if gc.get_hatch() is not None:
            said += f' fill="url(#{self._hatch(gc, face)})"'
        elif face is None:
            said += ' fill="none"'
        else:
            said += f' fill="{to_hex(face)}"'
        if face is not None and len(face) == 4 and not forced:
            said += opacities(fill_opacity=face[3])
        width = gc.get_linewidth()
        if not width:
            return said
        colour, cap = gc.get_rgb(), gc.get_capstyle()
        shares = {} if forced else {"stroke_opacity": colour[3]}
        return f'{said} stroke="{to_hex(colour)}"' + stroked(
            width, gc.get_dashes(), gc.get_joinstyle(), _CAPS.get(cap, cap), **shares
        )

    def _hatch(self, gc: Any, face: Any) -> str:
        side = 72 * POINT
        upright = Affine2D().scale(side, -side).translate(0, side)
        lines = data_of(upright.transform_path(gc.get_hatch_path()))
        ground = "none" if face is None else to_hex(face)
        ink = to_hex(gc.get_hatch_color())
        return self.picture.defined(
            f'<pattern id="{{id}}" patternUnits="userSpaceOnUse" width="{side}" height="{side}">'
            f'<path d="M0 0h{side}v{side}H0z" fill="{ground}"/><path d="{lines}" fill="{ink}" '
            f'stroke="{ink}" stroke-width="{gc.get_hatch_linewidth() * POINT:.3g}"/></pattern>'
        )
