"""Plans side by side: tables, figures and words, and the notebook that shows them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from repdose import adherence, mechanics, progression, session_load, volume
from repdose import evidence as ev
from repdose.figures import progression_comparison as figures
from repdose.inputs.progressions import MOST_PLANS, compared
from repdose.inputs.validation import ParameterError, validate
from repdose.tables import cert
from repdose.tables import progression_comparison as tables
from repdose.tables.sentences import progression_comparison as sentences

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "progression_comparison.ipynb"
PERSON = {"body_mass_kg": 80.0, "stature_m": 1.80, "sex": "male"}
GIVEN = {**PERSON, "edition": "2024", "convention": "oxygen", "indirect_weight": 0.5}
STAGE = {
    "variant": "lying_straight_leg",
    "weeks": 2,
    "sessions_per_week": 3,
    "sets": 3,
    "repetitions": 10,
    "rest_s": 120,
}


def by_hand(title, *stages):
    return progression.plan([{**STAGE, **changes} for changes in stages], title=title)


@pytest.fixture(scope="module")
def plans():
    return tables.lettered(compared(validate("progression_comparison", {})))


@pytest.fixture(scope="module")
def frame(plans):
    return tables.weekly(plans, time_basis="elapsed", **GIVEN)


def value(frame, plan, metric, week):
    mine = tables.of_metric(frame, metric)[plan]
    return mine.loc[week]


def test_every_week_of_every_plan_has_every_metric(plans, frame):
    for metric in tables.REPORTED:
        found = tables.of_metric(frame, metric)
        assert set(found) == set(plans)
        for letter, plan in plans.items():
            assert list(found[letter].index) == [week.number for week in plan], metric
    assert not frame.duplicated(["plan", "week", "metric"]).any()
    assert frame["value"].notna().all()


def test_the_basis_asked_for_is_the_one_shown(plans):
    by_basis = {
        basis: tables.weekly(plans, time_basis=basis, **GIVEN) for basis in ("working", "elapsed")
    }
    for basis, frame in by_basis.items():
        asked = tables.of_metric(frame, "gross_energy")["A"]
        assert asked.equals(tables.of_metric(frame, f"gross_energy_{basis}")["A"])


def test_the_range_of_energy_is_that_of_the_met_rows(plans, frame):
    rows = tables.energy_rows(
        plans, body_mass_kg=80.0, edition="2024", convention="oxygen", time_basis="elapsed"
    )
    central = tables.means(frame, "gross_energy")
    assert rows["central"].to_dict() == pytest.approx(central.to_dict())
    assert (rows["low"] <= rows["central"]).all()
    assert (rows["central"] < rows["high"]).all()
    ends = tables.met_range(rows, "B")
    assert (ends["low"], ends["high"], ends["kind"]) == (
        rows.loc["B", "low"],
        rows.loc["B", "high"],
        "assumption",
    )


def test_the_relative_peak_is_a_share_of_the_same_persons_straight_leg_raise(frame):
    peak = {
        variant: mechanics.repetition(variant, **PERSON).peak_nm
        for variant in ("lying_bent_knee", "lying_straight_leg")
    }
    share = peak["lying_bent_knee"] / peak["lying_straight_leg"]
    assert value(frame, "A", "relative_peak", 1) == pytest.approx(share)
    assert value(frame, "A", "relative_peak", 8) == pytest.approx(1)


def test_recommendations_met_are_those_of_the_adherence_model(plans, frame):
    share = adherence.weekly_share(adherence.compare(plans["C"])).set_index("week")["share"]
    assert tables.of_metric(frame, "recommendations_met")["C"].equals(share.rename("value"))


def test_the_published_curve_is_evaluated_at_its_own_count_of_sets(plans, frame):
    other = tables.weekly(plans, time_basis="elapsed", **{**GIVEN, "indirect_weight": 1})
    metric = "response_rectus_abdominis"
    mine = tables.of_metric(frame, metric)["B"]
    assert mine.equals(tables.of_metric(other, metric)["B"])
    # gains over no sets, as the source tabulates them at 4, 9 and 12 sets
    rows = tables.response(plans, "iliopsoas")
    for sets, printed in ((4, 2.21), (9, 3.90), (12, 4.72)):
        gain = rows.loc[rows["sets"] == sets, "value"].unique().item()
        assert gain == pytest.approx(printed, abs=0.006)


def test_doses_outside_of_what_was_published_are_flagged(plans):
    rows = tables.response(plans, "rectus_abdominis")
    assert rows["extrapolated"].eq(rows["sets"] < 1).all()
    # 7 sessions of 7 sets are 49 a week, where the source speaks of 1 to 42
    much = {"A": by_hand("much", {}, {"sessions_per_week": 7, "sets": 7})}
    table = tables.response_rows(much).set_index(["Muscle", "Plan"])
    flagged = table["Weeks outside the doses published"]
    assert flagged.loc[("hip flexors (iliopsoas)", "A")] == "2 of 4"
    assert flagged.loc[("rectus abdominis", "A")] == "0 of 4"  # indirect: 24.5 at most


def test_changes_are_those_of_the_weekly_change(frame):
    sets = tables.of_metric(frame, "fractional_sets_iliopsoas")["A"]
    moves = tables.changes(sets)
    assert moves.tolist() == session_load.weekly_change(sets.tolist())[1:]
    table = tables.change_rows(frame).set_index("Plan")
    # foundation goes from 2 x 2 to 3 x 3 sets a week and never back
    assert table.loc["A", "Hip-flexor sets, rise [%]"] == 125
    assert np.isnan(table.loc["A", "Hip-flexor sets, fall [%]"])


def test_planned_plans_keep_to_the_rise_that_their_rule_names(plans):
    for letter in "DE":
        weekly = volume.weekly_sets(plans[letter]).pivot(index="week", columns="muscle")
        sets = weekly["fractional"]["iliopsoas"]
        assert tables.changes(sets).max() <= 0.5 + 1e-9
        assert "50 %" in plans[letter].rule


def test_adherence_is_counted_in_shares_of_the_weeks():
    mixed = {"A": by_hand("mixed", {}, {"rest_s": 60}), "B": by_hand("short", {"rest_s": 60})}
    rows = tables.adherence_rows(mixed, guideline="garber2011", edition="2024")
    rest = rows.set_index("Recommendation").loc["rest between sets"]
    assert (rest["A"], rest["B"]) == (50, 0)
    assert not rows["Recommendation"].str.contains("aerobic").any()
    names = sentences.not_compared(mixed, edition="2024")
    assert "aerobic MET-minutes a week" in names
    assert "rest between sets" not in names


def test_untrained_groups_are_said_plainly_and_by_whom():
    lying = by_hand("lying", {})
    hanging = by_hand("hanging", {"variant": "hanging_straight_leg"})
    assert sentences.untrained_words({"A": lying, "B": hanging}) == (
        "No plan has a direct set for chest, shoulders, back and arms; the trunk gets none in A."
    )


def test_one_legged_weeks_are_explained_where_there_are_any(plans):
    assert "single-leg raise" in sentences.one_legged_words(plans)
    assert sentences.one_legged_words({"A": plans["A"]}) == ""


def test_every_item_of_the_template_is_in_the_overview_and_accounted_for_in_each_plan(plans):
    overview = cert.cert_overview(plans)
    assert list(overview["Item"]) == [row.item for row in ev.cert_items()]
    for plan in plans.values():
        rows = cert.cert_rows(plan)
        named = ", ".join(rows["Item"]).split(", ")
        assert sorted(named) == sorted(overview["Item"])
        assert rows["Reported"].iloc[-1] == "not reported"
    planned = cert.cert_rows(plans["D"]).set_index("Item")
    assert "within Garber et al. 2011" in planned.loc["7a", "Reported"]


def test_a_rule_is_printed_with_its_guideline_cited(plans):
    words = sentences.rule_words(plans["D"])
    assert "within the recommendations [@garber2011]" in words
    assert words.startswith("Start each variant")


def test_lines_differ_without_colour_and_carry_their_letters(plans, frame):
    for figure, _ in (
        figures.overview(frame, tables.DOSE),
        figures.overview(frame, tables.MECHANICS),
        figures.changes(frame),
        figures.response(frame),
    ):
        for axes in figure.axes:
            drawn = [line for line in axes.lines if len(line.get_xdata()) > 2]
            dashes = [str(line._unscaled_dash_pattern) for line in drawn[: len(plans)]]
            assert len(set(dashes)) == len(plans)
            written = {letter for text in axes.texts for letter in text.get_text().split(", ")}
            assert written == set(plans)
    assert len(figures.DASHES) == len(figures.SHADES) == MOST_PLANS
    assert len(tables.LETTERS) == MOST_PLANS


def test_labels_that_would_touch_are_moved_apart_and_no_further():
    apart = figures.heights_apart(np.array([0.1, 0.5, 0.51, 0.52, 0.9]))
    assert (np.diff(apart) >= figures.APART - 1e-12).all()
    assert apart[[0, 4]].tolist() == pytest.approx([0.1, 0.9])
    assert apart[1:4].mean() == pytest.approx(0.51)


def test_alt_texts_carry_the_numbers_of_their_figures(frame):
    energy = tables.of_metric(frame, "gross_energy")["A"]
    _, alt = figures.overview(frame, tables.DOSE)
    assert f"Gross energy [kcal/week]: A {energy.iloc[0]:.0f} to {energy.iloc[-1]:.0f}" in alt
    _, alt = figures.changes(frame)
    assert "Sets for the hip flexors [%]: A 0 to 125" in alt
    _, alt = figures.response(frame)
    assert alt.endswith("No plan-week lies outside the published doses.")
    ringed = frame.assign(extrapolated=[True, True, *[False] * (len(frame) - 2)])
    assert figures.outside_words(ringed).startswith("2 plan-weeks lie outside")
    one = frame.assign(extrapolated=[True, *[False] * (len(frame) - 1)])
    assert figures.outside_words(one).startswith("1 plan-week lies outside")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"weeks": 3}, "3 weeks reach lying_straight_leg by rule two_for_two, not hanging_knee"),
        ({"weeks": 0}, "weeks: read 0; allowed is a whole number, 1 to 104 weeks"),
        ({"rules": ["guess"]}, "rules: read 'guess'; allowed is .* two_for_two"),
        ({"rules": ["two_for_two"] * 2}, "rules: each may be there once"),
        ({"rules": [], "progressions": ["foundation"]}, "make 1 plans; allowed are 2 to 7"),
        ({"progressions": "foundation"}, "progressions: a list of scenarios' names is required"),
        ({"progressions": ["fundation"]}, "progressions: no scenario 'fundation'; near it: found"),
        ({"progressions": ["foundation"] * 2}, "progressions: 'Foundation.*is there twice"),
        ({"start_variant": "sit_up"}, "no exercise 'sit_up'"),
        ({"goal_variant": "lying_bent_knee"}, "goal lying_bent_knee must be harder than start"),
        ({"goal_variant": "flutter_kick"}, "flutter_kick is done in bouts"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_runs(given, words):
    with pytest.raises(ParameterError, match=f"progression_comparison: .*{words}"):
        validate("progression_comparison", given)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        {},
        {
            "progressions": [{"title": "Mine, bare", "plan": [STAGE]}],
            "rules": ["load_2_to_10_percent"],
            "edition": "2011",
            "convention": "compendium",
            "time_basis": "working",
            "indirect_weight": 1.0,
        },
    ],
)
def test_the_notebook_runs_and_its_numbers_are_the_models(change):
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    namespace = {}
    exec(code[0], namespace)
    namespace |= change
    for cell in code[1:-1]:
        exec(cell, namespace)
    results = namespace["report"].results()
    exec(code[-1], namespace)
    numbers = {number["id"]: number["value"] for number in results["numbers"]}
    plans, frame = namespace["plans"], namespace["frame"]
    for metric, (_, _, scale, _) in tables.REPORTED.items():
        for letter in plans:
            mean = tables.of_metric(frame, metric)[letter].mean()
            assert numbers[f"{metric}_{letter.lower()}"] == pytest.approx(scale * mean)
    assert {"slade2016", "garber2011", "pelland2026", "deleva1996"} <= set(results["sources"])
    edition = results["parameters"]["edition"]
    shown = {r["edition"] for r in results["records"] if "met" in r and "edition" in r}
    assert shown == {edition}
