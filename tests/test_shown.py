"""Results show themselves in Jupyter: what it is, in which unit, from which source and place."""

from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

from repdose import adherence, dose_response, energy, metaregression, progression
from repdose import evidence as ev
from repdose.screening import screen
from repdose.shown import Table, block, grid

PLAN = progression.plan(
    [
        {
            "variant": "lying_straight_leg",
            "weeks": 2,
            "sessions_per_week": 3,
            "sets": 3,
            "repetitions": 10,
            "rest_s": 60,
        }
    ],
    title="Mine & yours",
)
TRIALS = pd.DataFrame(
    {
        "study": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "weekly_sets": [3.0, 9, 4, 12, 6, 18, 5, 10],
        "yi": [0.2, 0.35, 0.1, 0.4, 0.3, 0.45, 0.15, 0.4],
        "vi": [0.02] * 8,
        "es_id": range(8),
    }
)


class Text(HTMLParser):
    """What is read of a piece of HTML, and the style of each of its cells by their text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.style, self._cell = [], {}, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._cell = dict(attrs).get("style", "") if tag in ("td", "th") else self._cell

    def handle_data(self, data):
        self.words.append(data)
        self.style.setdefault(data, self._cell)


def read(html: str) -> str:
    return " ".join(Text(html).words)


def test_a_source_says_who_when_what_and_where():
    source = ev.source("garber2011")
    assert "\n" not in repr(source)
    assert repr(source).startswith("<Garber et al. 2011: ")
    assert repr(source).endswith("[garber2011]>")
    html = source._repr_html_()
    assert source.title in read(html)
    assert f'href="https://doi.org/{source.doi}"' in html


def test_two_authors_and_a_body_are_named():
    assert repr(ev.source("turek2012")).startswith("<Turek & Fletcher 2012: ")
    assert "2018: " in repr(ev.source("hhs2018"))


def test_a_plan_is_a_line_and_a_table_of_its_stages():
    assert repr(PLAN) == "<Plan “Mine & yours”: 2 weeks of lying_straight_leg>"
    html = PLAN._repr_html_()
    assert "Mine &amp; yours" in html
    text = Text(html)
    assert "text-align:left" in text.style["lying_straight_leg"]
    assert "text-align:right" in text.style["10"]
    assert "bout [s]" not in text.words  # nothing is done in bouts


def test_a_plan_of_repetitions_and_of_bouts_shows_both():
    dose = {"weeks": 2, "sessions_per_week": 3, "sets": 3, "rest_s": 60}
    plan = progression.plan(
        [
            {"variant": "lying_straight_leg", **dose, "repetitions": 12},
            {"variant": "flutter_kick", **dose, "set_duration_s": 25},
        ]
    )
    words = Text(plan._repr_html_()).words
    assert {"repetitions", "bout [s]"} <= set(words)
    assert [words.count(one) for one in ("12", "25", "–")] == [1, 1, 2]


def test_a_published_curve_names_unit_range_source_and_place():
    curve = dose_response.curve_of("pelland2026.size_volume")
    record = curve.record
    assert "\n" not in repr(curve)
    for part in (curve.id, curve.outcome_unit, curve.dose_unit, record.source, record.locator):
        assert part in repr(curve)
        assert part in read(curve._repr_html_())
    for finding in curve.findings:
        assert finding.stated in read(curve._repr_html_())
    assert record.not_valid_for in read(curve._repr_html_())


def test_a_refit_is_a_line_and_a_table_of_its_forms():
    curve = dose_response.refit(TRIALS, outcome="strength", forms=["constant", "linear"])
    assert repr(curve) == (
        "<Refit “refit”: 2 forms averaged, gain in strength [effect size] over 3 to 18 sets per "
        "muscle per week; 8 effects in 4 studies>"
    )
    alone = dose_response.refit(TRIALS, outcome="strength", forms=["linear"])
    assert repr(alone).startswith("<Refit “refit”: linear form alone, gain in strength [")
    text = Text(curve._repr_html_())
    assert {"constant", "linear", "~ weekly_sets"} <= set(text.words)
    assert f"{curve.forms.loc['linear', 'weight']:.4g}" in text.words


def test_a_fit_shows_its_coefficients_with_numbers_right():
    fit = metaregression.fit(TRIALS, formula="~ weekly_sets", levels=["study", "es_id"])
    text = Text(fit._repr_html_())
    assert "8 effects in 4 " in " ".join(text.words)
    estimate = f"{fit.coefficients.loc['weekly_sets', 'estimate']:.4g}"
    assert "text-align:right" in text.style[estimate]
    assert "text-align:left" in text.style["weekly_sets"]


def test_the_table_of_a_comparison_names_the_source_of_each_row():
    table = adherence.compare(PLAN)
    assert isinstance(table, pd.DataFrame)
    text = Text(table._repr_html_())
    [record] = {one for one in ev.guidelines().index if one == table["record"].iloc[0]}
    row = ev.guidelines().loc[record]
    assert f"{row.source}, {row.locator} ({row.checked})" in text.words
    assert "text-align:left" in text.style[table["why"].iloc[0]]
    assert type(table[["week", "why"]]) is pd.DataFrame  # what is taken of it is plain


def test_a_table_that_was_changed_in_place_still_shows_itself():
    table = adherence.compare(PLAN)
    table.loc[0, "record"] = "mine"
    assert ">mine<" in table._repr_html_()
    del table["record"]
    assert table["why"].iloc[0] in Text(table._repr_html_()).words


def test_the_table_of_a_screening_shows_its_findings_whole():
    found = screen(ev.trials("volume", raw=True))
    text = read(found._repr_html_())
    assert found["evidence"].iloc[0] in text
    assert f"{len(found)} queries" in text
    assert found.attrs["not_run"] is not None


def test_a_long_table_says_how_many_rows_are_not_shown():
    assert "and 5 more rows" in grid(pd.DataFrame({"a": range(65)}))


def test_all_text_is_escaped_and_what_is_missing_is_a_dash():
    hostile = "<script>alert(1)</script>"
    frame = Table({hostile: [hostile, None], "n": [1.23456, float("nan")], "is": [True, False]})
    for html in (frame._repr_html_(), block(hostile, [hostile], grid(frame))):
        assert "<script" not in html
        assert ">1.235<" in html
        assert html.count(">–<") == 2


@pytest.mark.parametrize("edition", ["older-2024", "wheelchair"])
def test_a_met_is_held_against_the_baseline_of_the_edition(edition):
    row = ev.met(ev.compendium(edition).index[0], edition=edition)
    with pytest.raises(ValueError, match=f"give edition='{edition}'"):
        energy.gross_energy_kcal(row, 80, 10)
