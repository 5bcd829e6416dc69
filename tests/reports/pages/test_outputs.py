"""What a cell has shown, as a page shows it."""

from __future__ import annotations

import pytest

from repdose.reports.pages import outputs
from repdose.reports.pages.outlines import Outlines

PLAIN = {"text/plain": "<plain>"}
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def shown(output):
    return outputs.shown(output, Outlines())


def display(data, metadata=None):
    return shown({"output_type": "display_data", "data": data, "metadata": metadata or {}})


@pytest.mark.parametrize(
    ("data", "made"),
    [
        (PLAIN, '<pre class="stream">&lt;plain&gt;</pre>'),
        ({"text/latex": "$x$", **PLAIN}, '<pre class="stream">&lt;plain&gt;</pre>'),
        ({"text/markdown": "*a*", **PLAIN}, '<div class="prose"><p><em>a</em></p>\n</div>'),
        ({"text/html": "<b>a</b>", "text/markdown": "*a*", **PLAIN}, "<b>a</b></div>"),
        ({"image/png": "AA\nBB\n", **PLAIN}, '<img src="data:image/png;base64,AABB" alt='),
        ({"image/jpeg": "AA==", **PLAIN}, '<img src="data:image/jpeg;base64,AA==" alt='),
        ({"image/svg+xml": DRAWN, **PLAIN}, "<img src='data:image/svg+xml,<svg xmlns="),
        ({"image/svg+xml": [DRAWN], "image/png": "AA=="}, '"data:image/png;base64,AA=="'),
    ],
)
def test_the_richest_form_that_a_page_can_show_is_shown(data, made):
    assert made in display(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"application/x-own": 1},
        {"application/javascript": "alert(1)", **PLAIN},
        {"application/vnd.jupyter.widget-view+json": {}, **PLAIN},
    ],
)
def test_what_only_acts_or_is_nothing_known_shows_nothing(data):
    assert display(data) == ""


def test_an_image_has_the_words_that_its_metadata_give_it():
    made = display({"image/png": "AA=="}, {"image/png": {"alt": 'a "dot"'}})
    assert 'alt="a &quot;dot&quot;"' in made
    assert 'src="data:image/png;base64,x&quot; onerror=' in display({"image/png": 'x" onerror='})


def test_streams_and_errors_are_text():
    said = {"output_type": "stream", "name": "stderr", "text": "a < b"}
    assert shown(said) == '<pre class="stream stderr">a &lt; b</pre>'
    failed = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["a <", "b"]}
    assert shown(failed) == '<pre class="stream error" role="alert">a &lt;\nb</pre>'


def test_what_is_for_an_editor_alone_is_not_on_the_page():
    assert display({"text/html": "<b>a</b>"}, {"repdose": {"editor": True}}) == ""
