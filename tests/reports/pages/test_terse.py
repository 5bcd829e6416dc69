"""A page in fewer signs is the same page to whoever parses it as a browser does."""

from __future__ import annotations

import pandas as pd
from lxml import html as parsed

from repdose.reports.pages import assets, fragments
from repdose.reports.pages.terse import terse

FRAME = pd.DataFrame({"what": ["a </td><td> b", None], "sets": [4.123, -0.5], "n": [1, 2]})
LISTS = "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><p>d</p>"


def test_what_is_left_out_is_what_a_parser_puts_back():
    made = fragments.table(FRAME, caption="C", name="t") + LISTS
    left = terse(made)
    assert len(left) < len(made) - 100
    for tag in ("</td>", "</th>", "</li>", "</thead>", "</tbody>", 'class="num"', 'scope="col"'):
        assert tag in made
        assert tag not in left
    one, other = (parsed.tostring(parsed.document_fromstring(text)) for text in (made, left))
    assert one == other


def test_a_glyph_keeps_its_place_and_ends_where_it_did():
    drawn = '<g><use href="#_1" x="7"/><use href="#_2" y="-3"/><use href="#a" x="1"/></g>'
    assert terse(drawn) == (
        '<g><use href=#_1 x=7 /><use href=#_2 y=-3 /><use href="#a" x="1"/></g>'
    )
    one, other = (
        parsed.tostring(parsed.document_fromstring(text)) for text in (drawn, terse(drawn))
    )
    assert one == other


def test_text_that_looks_like_a_tag_stays():
    for text in (
        '<code>&lt;td class="num"&gt;</code>',
        '<p>say class="num" of it</p>',
        '<td title="a b">1</td> and more',
    ):
        assert terse(text) == text


def test_styles_and_scripts_have_no_comments_and_lines_only_where_they_may_end_a_statement():
    for path in sorted(assets.TEMPLATE.glob("*.*s")):
        text = assets.asset(path.name)
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        code = [line for line in lines if line and not line.startswith(("//", "/*"))]
        assert text.rstrip().replace("\n", "") == "".join(code)
        ends = "{;," if path.suffix == ".js" else "{};,"
        joined = [line for line in code[:-1] if not line.endswith(tuple(ends))]
        assert text.rstrip().count("\n") == len(joined)
        assert "`" not in text or "\n" not in text.split("`")[1], "a text over several lines"
