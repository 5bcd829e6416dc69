"""Drawings that are part of a page share their shapes, and do nothing but draw."""

from __future__ import annotations

import re

import drawn_figures
import pytest

from repdose.plots import style
from repdose.plots.svg import svg
from repdose.reports.pages.outlines import Outlines

ONE = """<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" \
width="10pt" height="5pt" viewBox="0 0 200 100" stroke-linejoin="round">
<defs><path id="d0" d="m1 1l2 2"/>
<clipPath id="d1"><path d="m0 0l9 9"/></clipPath>
<path id="d2" d="m3 3"/></defs>
<g clip-path="url(#d1)"><use xlink:href="#d0" x="0"/><use xlink:href="#d2" x="5"/></g>
</svg>
"""
OTHER = ONE.replace("m1 1l2 2", "m7 7").replace('xlink:href="#d0" x="0"', 'xlink:href="#d0" x="8"')


def test_what_two_drawings_have_in_common_is_in_the_page_once():
    outlines = Outlines()
    one, other = (outlines.drawing(text, "wide") for text in (ONE, OTHER))
    assert one == (
        '<svg class="wide" data-shapes="d0_0 d1_1 d2_2" width="10pt" height="5pt" '
        'viewBox="0 0 200 100" stroke-linejoin="round" preserveAspectRatio="xMinYMin">'
        '<g clip-path="url(#_1)">'
        '<use href="#_0" x="0"/><use href="#_2" x="5"/></g></svg>'
    )
    assert 'data-shapes="d0_3 d1_1 d2_2"' in other
    assert '<use href="#_3" x="8"/><use href="#_2" x="5"/>' in other
    assert outlines.html() == (
        '<svg class="spoken" aria-hidden="true"><defs><path id="_0" d="m1 1l2 2"/>'
        '<clipPath id="_1"><path d="m0 0l9 9"/></clipPath><path id="_2" d="m3 3"/>'
        '<path id="_3" d="m7 7"/></defs></svg>'
    )


def test_only_what_is_saved_says_of_which_shapes_it_is():
    assert "data-shapes" not in Outlines().drawing(ONE, "narrow")


def test_a_page_without_such_a_drawing_has_nothing_for_it():
    outlines = Outlines()
    for none_of_ours in ("", "<b>bold</b>", '<svg width="1"><path d="m0 0"/></svg>'):
        assert outlines.drawing(none_of_ours, "wide") == ""
    assert outlines.html() == ""


def test_nothing_of_a_real_figure_is_lost():
    style.use_style()
    text = svg(drawn_figures.of_every_kind())
    outlines = Outlines()
    page = outlines.drawing(text, "wide") + outlines.html()
    for mark in ("<path", "<use", "<g", "<clipPath", "<pattern", "<image"):
        assert page.count(mark) == text.count(mark) > 0, mark
    for attribute in set(re.findall(r" ([a-z-]+)=", text.split("<defs>")[1])) - {"href"}:
        assert page.count(f" {attribute}=") >= text.count(f" {attribute}="), attribute
    used = set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', page))
    assert {first or second for first, second in used} <= set(re.findall(r' id="([^"]*)"', page))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<a xlink:href="javascript:1"><path d="m0 0"/></a>',
        '<path d="m0 0" onclick="alert(1)"/>',
        "<foreignObject><iframe></iframe></foreignObject>",
        '<animate attributeName="href" to="javascript:1"/>',
        "</svg></figure></main><form>",
    ],
)
def test_a_drawing_that_somebody_else_handed_over_acts_on_nothing(hostile):
    outlines = Outlines()
    for text in (
        ONE.replace("<g ", f"{hostile}<g "),
        ONE.replace("</defs>", f"\n{hostile}</defs>"),
    ):
        made = outlines.drawing(text, "wide") + outlines.html()
        for word in ("<script", "javascript", "onclick", "<iframe", "<animate", "</main", "<form"):
            assert word not in made
