"""Figures of the default reports at both of their widths: nothing is written past the edge."""

import executed
import pytest
from numpy.testing import assert_allclose

from repdose.plots import style
from repdose.plots.renderer import Renderer
from repdose.plots.svg import svg

EDGE = 0.03  # three pixels of a screen [inch]


def over_the_edge(figure):
    """How far anything drawn goes past the edges of the figure [inch], as its file has it."""
    svg(figure)
    figure.set_dpi(72)
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox(Renderer(72 * width, 72 * height))
    return max(-box.x0, -box.y0, box.x1 - width, box.y1 - height)


def of_data(axes):
    """Lines through data; one across all of the axes makes way for words."""
    return [line for line in axes.lines if line.get_transform() is axes.transData]


@pytest.mark.parametrize(("notebook", "scenario"), executed.REPORTS)
def test_a_figure_keeps_its_words_on_a_page_and_on_a_phone(notebook, scenario):
    for name, (figure, _) in executed.report(notebook, scenario).figures.items():
        assert figure.get_size_inches()[0] == style.WIDTH, name
        assert over_the_edge(figure) < EDGE, name
        again = style.for_phone(figure)
        assert again.get_size_inches()[0] == style.NARROW, name
        assert over_the_edge(again) < EDGE, name
        shown = [axes for axes in figure.axes if axes.get_visible()]
        drawn = [axes for axes in again.axes if axes.get_visible()]
        assert len(drawn) == len(shown), name
        for one, other in zip(shown, drawn, strict=True):
            for line, same in zip(of_data(one), of_data(other), strict=True):
                # One has been written, for which its numbers are rounded as they are stored
                assert_allclose(line.get_xydata(), same.get_xydata(), rtol=1e-7, err_msg=name)
