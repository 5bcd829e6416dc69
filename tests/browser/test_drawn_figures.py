"""What a browser shows of a figure's SVG is what matplotlib's own Agg draws."""

from __future__ import annotations

import io
import re

import drawn_figures
import lab
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, ImageFilter

from repdose.plots import style
from repdose.plots.svg import svg
from repdose.reports.pages.fragments import embedded
from repdose.reports.pages.outlines import Outlines

pytestmark = pytest.mark.slow
DOTS = 100
# Both smooth edges in their own way: what is compared is smoothed over that [dot], and may then
# differ by so many of 255 shades anywhere
SMOOTH, SHADES = 3, 40


def smoothed(image):
    grey = image.convert("RGB").filter(ImageFilter.GaussianBlur(SMOOTH))
    return np.asarray(grey, dtype=float)


def furthest(one, other):
    return np.abs(smoothed(one) - smoothed(other)).max()


def by_agg(figure):
    figure.set_dpi(DOTS)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba()))


def by_a_browser(text, width, height):
    image = f'<img style="display:block" width="100%" src={embedded(text)}>'
    return seen(image, width, height)


def seen(html, width, height):
    with lab.page(viewport={"width": width, "height": height}) as page:
        page.set_content(f'<body style="margin:0">{html}')
        page.wait_for_function("[...document.images].every((one) => one.complete)")
        return Image.open(io.BytesIO(page.screenshot()))


def test_a_figure_of_every_kind_of_mark_looks_the_same():
    style.use_style()
    figure = drawn_figures.of_every_kind()
    text = svg(figure)
    wanted = by_agg(figure)
    found = by_a_browser(text, *wanted.size)
    assert found.size == wanted.size
    assert furthest(found, wanted) < SHADES
    # So it is seen if one letter is missing
    without = re.sub("<use [^>]*/>", "", text, count=1)
    assert furthest(by_a_browser(without, *wanted.size), wanted) > SHADES


def test_a_drawing_that_is_a_part_of_a_page_looks_as_its_file_does():
    style.use_style()
    text = svg(drawn_figures.of_every_kind())
    size = tuple(
        int(float(one) * 96 / 72) for one in re.findall('(?:width|height)="(.*?)pt"', text)
    )
    outlines = Outlines()
    drawn = outlines.drawing(text, "wide").replace(
        "<svg ", '<svg style="display:block;width:100%;height:auto" ', 1
    )
    hidden = "<style>.spoken{position:absolute;width:1px;height:1px;clip-path:inset(50%)}</style>"
    image = by_a_browser(text, *size).convert("RGB")
    part = seen(hidden + outlines.html() + drawn, *size).convert("RGB")
    assert furthest(part, image) < SHADES
