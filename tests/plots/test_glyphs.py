"""Texts have the sizes and the letters that matplotlib gives them."""

from __future__ import annotations

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from repdose.plots.glyphs import OUTLINES, Outlines
from repdose.plots.texts import font


@pytest.mark.parametrize(
    "text", ["Week", "−1.25", "office, fi", "--", '= "" ', "", " ", "Ångström", "$x^2$"]
)
@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_text_has_the_size_that_matplotlib_gives_it(text, weight):
    font = FontProperties(size=9.5, weight=weight)
    ismath = "$" in text
    found = OUTLINES.size(text, font, ismath)
    wanted = TextToPath().get_text_width_height_descent(text, font, ismath)
    assert found == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("bold", [False, True])
def test_a_line_of_known_letters_is_as_one_that_the_font_was_asked_for(bold):
    """Letters that were seen beside each other in other words stand as far apart in this one."""
    face = font(10.5, bold)
    known, fresh = Outlines(), Outlines()
    for word in ("Ta", "aV", "VA", "AW", "Wo", "o.", ". ", " T", "efi", "fish", "of f", "  "):
        known.of(word, face, False)
    asked: list[str] = []
    layout = known.get_glyphs_with_font
    known.get_glyphs_with_font = lambda font, text, **given: (  # type: ignore[method-assign]
        asked.append(text) or layout(font, text, **given)
    )
    for text in ("TaVAWo. TaV", "AWo.  Ta"):
        assert known.of(text, face, False) == fresh.of(text, face, False)
        assert known.size(text, face, False) == pytest.approx(fresh.size(text, face, False))
    assert asked == []
    # Two letters that are drawn as one, and letters of other scripts, are asked for
    for text in ("fi", "efish", "Ωω"):
        assert known.of(text, face, False) == fresh.of(text, face, False)
    assert asked == ["fi ", "efish ", "Ωω "]
