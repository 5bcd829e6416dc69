"""Prose of a notebook, as a page shows it."""

from __future__ import annotations

import pytest

from repdose.reports.pages.prose import prose


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# One\n\n~~two~~ *three*", "<h1>One</h1>\n<p><del>two</del> <em>three</em></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("see https://doi.org/10.1/x", 'see <a href="https://doi.org/10.1/x">https'),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>"),
        ("```python\nx = 1 < 2\n```", "x = 1 &lt; 2\n</code></pre>"),
        # Formulas are not taken for emphasis, and stay as they are typed
        ("with $a_b_c$ and $x * y * z$", "<p>with $a_b_c$ and $x * y * z$</p>\n"),
        ("$$\ny_1 = a_1 < b\n$$", "<p>$$\ny_1 = a_1 &lt; b\n$$</p>\n"),
        ('<b onclick="x()">own</b>', "<b>own</b>"),
    ],
)
def test_markdown_is_read_as_editors_read_it(markdown, html):
    assert html in prose(markdown)
