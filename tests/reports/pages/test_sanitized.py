"""A page keeps what a notebook's HTML shows, and nothing that leads away from it."""

from __future__ import annotations

import pytest

from repdose.reports.pages import canonical
from repdose.reports.pages.page import page
from repdose.reports.pages.sanitized import drawing, sanitized

LEADS_AWAY = [
    '<meta http-equiv="refresh" content="0;url=https://a.example">',
    '<META HTTP-EQUIV="Refresh" CONTENT="0">',
    '<base href="https://a.example/">',
    '<form action="https://a.example"><input name="a"><button formaction="b">go</button></form>',
    '<iframe src="https://a.example"></iframe>',
    "<iframe srcdoc=\"<script>top.location='x'</script>\"></iframe>",
    '<object data="https://a.example"></object>',
    '<embed src="https://a.example">',
    '<frameset><frame src="https://a.example"></frameset>',
    '<link rel="stylesheet" href="https://a.example">',
    "<script>location = 'https://a.example'</script>",
    "<svg><script>location = 'x'</script></svg>",
    '<svg><a href="x"><animate attributeName="href" to="javascript:1"/></a></svg>',
    "<svg><foreignObject><iframe src='x'></iframe></foreignObject></svg>",
    '<math><maction actiontype="statusline" xlink:href="javascript:1">a</maction></math>',
    '<a href="javascript:1">a</a>',
    '<a href="#x" target="_top" onclick="location=1">a</a>',
    '<img src="x" onerror="location=1">',
    '<body onload="location=1">',
    '<marquee onstart="location=1">',
]
NAVIGATES = (
    *("http-equiv", "<base", "<form", "<input", "<button", "<iframe", "<object", "<embed"),
    *("<frame", "<link", "<script", "<animate", "foreignobject", "javascript:", "target="),
    *("onclick", "onerror", "onload", "onstart", "formaction", "srcdoc"),
)
SHOWN = [
    '<table class="dataframe" border="1"><thead><tr><th>a</th></tr></thead><tbody><tr>'
    '<td style="text-align:right" colspan="2">1.5</td></tr></tbody></table>',
    "<style>#T_1_row0 {color: red}</style>",
    '<p>see <a href="https://doi.org/10.1/x">a study</a> and <a href="#table-x">below</a></p>',
    '<img src="data:image/png;base64,AAAA" alt="a">',
    '<svg viewBox="0 0 10 10"><path d="M0 0L1 1" stroke="#000"></path></svg>',
    '<details><summary>more</summary><dl><dt>a</dt><dd data-v="1">b</dd></dl></details>',
    '<div role="region" tabindex="0" aria-label="a"><code>x &lt; 1 &amp; y</code></div>',
]


def notebook(cell_type, html):
    cell = {"cell_type": cell_type, "metadata": {}, "source": html, "execution_count": 1}
    if cell_type == "code":
        data = {"text/html": html, "text/plain": "plain"}
        shown = {"output_type": "display_data", "data": data, "metadata": {}}
        own = {**shown, "metadata": {"repdose": {"own": True}}}
        told = {**shown, "data": {"text/markdown": html, "text/plain": ""}}
        cell |= {"source": "1", "outputs": [shown, own, told]}
    return canonical.canonical({"cells": [cell]})


@pytest.mark.parametrize("html", LEADS_AWAY)
@pytest.mark.parametrize("cell_type", ["code", "markdown"])
def test_what_leads_away_is_not_on_the_page(cell_type, html):
    empty = page(notebook(cell_type, ""), None, "Title").lower()
    made = page(notebook(cell_type, html), None, "Title").lower()
    for word in NAVIGATES:
        assert made.count(word) == empty.count(word), word


@pytest.mark.parametrize("html", SHOWN)
def test_what_shows_something_stays_as_it_is(html):
    assert sanitized(html) == html


def test_a_drawing_has_its_own_shapes_and_images_and_none_of_others():
    own = (
        '<svg><defs><path id="a" d="m0 0"></path></defs><use href="#a" x="1"></use>'
        '<image href="data:image/png;base64,AAAA" width="2"></image></svg>'
    )
    assert drawing(own) == own
    assert "<use" not in sanitized(own)
    assert "<image" not in sanitized(own)
    for kind in ("use", "image"):
        made = drawing(f'<svg><{kind} href="https://a.example/1.svg#a" onload="b()"/></svg>')
        assert made == f"<svg><{kind}></{kind}></svg>"


def test_what_is_left_open_does_not_swallow_what_follows():
    for html in (
        "</main></div><!-- ",
        "<textarea>",
        "<plaintext>",
        "<title>",
        "<style>",
        "<table>",
    ):
        made = page(notebook("code", html), None, "Title")
        assert made.rstrip().endswith("</html>")
        assert made.count("</main>") == 1
        between = made[made.index('<main id="content">') : made.index("</main>")]
        for swallows in ("<!--", "<textarea", "<plaintext", "<title"):
            assert swallows not in between
        assert between.count("<style>") == between.count("</style>")
