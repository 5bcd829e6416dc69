"""Every combination once, against arithmetic written out here, and refusals that teach."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.special import gamma

from repdose import evidence as ev
from repdose import metaregression, multiverse, progression, volume
from repdose.dose_response.trial_tables import sampling_correlations, sampling_errors
from repdose.dose_response.variances import at_common_effect
from repdose.evidence.choices import declared_options
from repdose.evidence.tables import table
from repdose.evidence.training.variants import met_analogies
from repdose.inputs.progressions import plan
from repdose.multiverse import Choice, Option, dose_slope, energy_cost

ENTRIES = {
    "corrected": "corrected",
    "corrected, flagged left out": "unflagged",
    "as entered": "raw",
}
MAN = dict(body_mass_kg=75.0, stature_m=1.75, age_y=35, sex="male")


def options(*names, values=None):
    values = names if values is None else values
    return [
        Option(name=str(name), value=value, reason="for the test", source="repdose2026")
        for name, value in zip(names, values, strict=True)
    ]


def choice(name, *values, default=0, kind="assumption"):
    names = [str(value) for value in values]
    return Choice(
        name=name, options=options(*names, values=values), default=names[default], kind=kind
    )


def evaluate(function, *choices):
    return multiverse.evaluate(function, choices, outcome="Outcome", unit="units")


# The plan `foundation`, read off its file: for each stage, all of two weeks, sessions a week,
# and of a session the minutes at work and at rest between the sets (2 + 1 + 2 s a repetition).
FOUNDATION = [
    (2, 2 * 10 * 5 / 60, 1 * 120 / 60),
    (3, 3 * 12 * 5 / 60, 2 * 120 / 60),
    (3, 3 * 8 * 5 / 60, 2 * 120 / 60),
    (3, 3 * 12 * 5 / 60, 2 * 120 / 60),
]


def by_hand(met_row, time_basis, net, baseline, edition, convention):
    """Energy of an average week of `foundation` at 75 kg, in plain arithmetic [kcal]."""
    # Both variants of the plan have 02101 (2011) or 02103 (2024) as low row, 02024 as central
    # and 02020 as high row
    met = {
        "low MET": {"2011": 2.3, "2024": 1.8}[edition],
        "central MET": 2.8,
        "high MET": {"2011": 8.0, "2024": 7.5}[edition],
    }[met_row]
    lying = {"2011": 1.3, "2024": 1.0}[edition]
    oxygen = convention == "3.5 mL/kg/min at 5 kcal/L"
    kcal_kg_h = {
        "standard rest": 3.5 * 5 * 60 / 1000 if oxygen else 1.0,
        "mean measured rest": 2.6 * 5 * 60 / 1000 if oxygen else 0.84,
        "this person's predicted rest": (9.99 * 75 + 6.25 * 175 - 4.92 * 35 + 5) / 24 / 75,
    }[baseline]
    off = 1 if net == "net of rest" else 0
    week = 0
    for sessions, work, rest in FOUNDATION:
        met_minutes = {
            "elapsed time": (met - off) * (work + rest),
            "working time alone": (met - off) * work,
            "working, rests lying quietly": (met - off) * work + (lying - off) * rest,
        }[time_basis]
        week += sessions * met_minutes
    return week / len(FOUNDATION) * kcal_kg_h * 75 / 60


def test_the_energy_multiverse_of_foundation_is_the_arithmetic_done_by_hand():
    found = multiverse.energy(plan("foundation"), **MAN)
    table = found.specifications
    names = [one.name for one in found.choices]
    for row in table.to_dict("records"):
        hand = by_hand(**{name: row[name] for name in names})
        assert row["outcome"] == pytest.approx(hand, rel=1e-12), row


def test_the_energy_multiverse_of_foundation_has_every_combination_once():
    found = multiverse.energy(plan("foundation"), **MAN)
    names = [one.name for one in found.choices]
    rows = [tuple(row) for row in found.specifications[names].astype(str).to_numpy()]
    wanted = set(itertools.product(*(one.names for one in found.choices)))
    assert len(rows) == len(set(rows)) == found.count == len(wanted)
    assert set(rows) == wanted
    assert found.specifications["default"].sum() == 1


def test_the_extremes_of_foundation_are_those_computed_by_hand():
    found = multiverse.energy(plan("foundation"), **MAN)
    # 8.0 MET over elapsed minutes at 1.05 kcal/kg/h; 1.8 MET less rest over working minutes
    # at 0.78
    elapsed = (2 * (5 / 3 + 2) + 3 * (3 + 4) + 3 * (2 + 4) + 3 * (3 + 4)) / 4
    working = (2 * 5 / 3 + 3 * 3 + 3 * 2 + 3 * 3) / 4
    assert found.range[1] == pytest.approx(8.0 * 1.05 * 75 * elapsed / 60, rel=1e-12)
    assert found.range[0] == pytest.approx((1.8 - 1) * 0.78 * 75 * working / 60, rel=1e-12)
    assert found.default == pytest.approx(2.8 * 1.05 * 75 * elapsed / 60, rel=1e-12)
    assert found.extremes.loc["largest", "edition"] == "2011"
    assert found.extremes.loc["least", "net"] == "net of rest"


def test_the_energy_multiverse_names_the_met_row_as_what_moves_it_most():
    found = multiverse.energy(plan("foundation"), **MAN)
    assert found.most == "Stand-in exercise"
    assert "what moves the default most: Stand-in exercise." in found.summary()
    assert "no confidence interval" in found.summary()
    assert list(found.swing["swing"]) == sorted(found.swing["swing"], reverse=True)
    # 5 % between the conventions
    moved = found.swing.loc["convention"]
    assert moved["high"] / moved["low"] == pytest.approx(1.05, rel=1e-12)


def test_the_default_specification_is_the_one_that_is_asked_for():
    asked = multiverse.energy(
        plan("foundation"), **MAN, edition=2011, convention="compendium", time_basis="working"
    )
    working = (2 * 5 / 3 + 3 * 3 + 3 * 2 + 3 * 3) / 4
    assert asked.default == pytest.approx(2.8 * 1.0 * 75 * working / 60, rel=1e-12)
    assert asked.range == multiverse.energy(plan("foundation"), **MAN).range


def test_without_the_person_there_is_no_predicted_rest_and_a_part_of_one_is_refused():
    found = multiverse.energy(plan("foundation"), body_mass_kg=75)
    baseline = next(one for one in found.choices if one.name == "baseline")
    assert baseline.names == ["standard rest", "mean measured rest"]
    with pytest.raises(ValueError, match="age_y, sex: give all of stature_m, age_y, sex"):
        multiverse.energy(plan("foundation"), body_mass_kg=75, stature_m=1.75)


def test_the_roles_of_a_plan_are_three_options_where_their_rows_differ():
    for name in ("to_hanging", "foundation", "flutter_endurance"):
        found = multiverse.energy(plan(name), body_mass_kg=75)
        rows = next(one for one in found.choices if one.name == "met_row")
        assert rows.names == ["low MET", "central MET", "high MET"]


def test_roles_with_the_same_rows_are_one_option(monkeypatch):
    rows = met_analogies("lying_straight_leg", edition=2024)
    alike = {**rows, "low": rows["central"]}
    monkeypatch.setattr(energy_cost, "met_analogies", lambda _variant, **_edition: alike)
    found = multiverse.energy(plan("foundation"), body_mass_kg=75)
    roles = next(one for one in found.choices if one.name == "met_row")
    assert roles.names == ["low and central MET", "high MET"]
    assert roles.default == "low and central MET"


def test_a_measured_rest_lowers_energy_and_is_never_a_corrected_met_times_the_standard_rest():
    found = multiverse.energy(plan("foundation"), **MAN)
    baseline = found.by("baseline")["default"]
    ratio = baseline["mean measured rest"] / baseline["standard rest"]
    assert ratio == pytest.approx(2.6 / 3.5, rel=1e-12)
    assert found.range[1] == found.by("baseline").loc["standard rest", "high"]


def test_evidence_behind_the_choices_enters_the_ledger():
    with ev.ledger() as used:
        multiverse.energy(plan("foundation"), **MAN)
    assert {"ainsworth2011", "herrmann2024", "byrne2005", "mifflin1990"} <= set(used.sources())


def test_met_minutes_of_foundation_reach_no_aerobic_target():
    found = multiverse.weekly_met_minutes(plan("foundation"))
    elapsed = (2 * (5 / 3 + 2) + 3 * (3 + 4) + 3 * (2 + 4) + 3 * (3 + 4)) / 4
    working = (2 * 5 / 3 + 3 * 3 + 3 * 2 + 3 * 3) / 4
    assert found.range == pytest.approx((1.8 * working, 8.0 * elapsed), rel=1e-12)
    assert found.share(500) == 0
    assert found.share(found.range[0]) == 1


def test_the_share_that_is_moderate_is_counted_by_hand():
    stage = progression.Stage(
        variant="lying_straight_leg",
        weeks=1,
        sessions_per_week=3,
        sets=3,
        repetitions=12,
        rest_s=120,
    )
    found = multiverse.intensity(stage, **MAN)
    rest = (66.4730 + 13.7516 * 75 + 5.0033 * 175 - 6.7550 * 35) / 1440 / 5 * 1000 / 75
    reached, count = 0, 0
    for low, high, lying in ((2.3, 8.0, 1.3), (1.8, 7.5, 1.0)):
        for met in (low, 2.8, high):
            for value in (met, (met * 3 + lying * 4) / 7):
                for scale in (1, 3.5 / rest):
                    reached += value * scale >= 3
                    count += 1
    assert found.count == count == 24
    assert found.share(3) == reached / count
    assert 0 < found.share(3) < 1


def test_weekly_sets_agree_with_the_volume_model_and_span_its_weights():
    found = multiverse.weekly_sets(plan("foundation"))
    for weight, name in ((0, "0, direct sets only"), (0.5, "1/2, fractional sets")):
        sets = volume.weekly_sets(plan("foundation"), indirect_weight=weight)
        mine = sets[sets["muscle"] == "rectus_abdominis"]["fractional"].mean()
        line = found.specifications.query(
            "muscle == 'rectus abdominis' and grades == 'EMG or mechanics' "
            f"and weeks == 'mean of the weeks' and indirect_weight == '{name}'"
        )
        assert line["outcome"].item() == pytest.approx(mine, abs=1e-12)
    assert found.most == "What an indirect set counts"
    assert found.share(10) == 0


def test_half_a_set_of_one_leg_halves_the_weeks_that_have_one():
    one_leg = progression.plan(
        [
            {
                "variant": "lying_single_leg",
                "weeks": 1,
                "sessions_per_week": 2,
                "sets": 3,
                "repetitions": 8,
                "rest_s": 60,
            }
        ]
    )
    found = multiverse.weekly_sets(one_leg, muscle="iliopsoas")
    by_set = found.by("one_legged_set")["default"]
    assert by_set["half a set"] * 2 == by_set["one set"] == 6
    assert "weeks" not in [one.name for one in found.choices]


def test_a_muscle_or_a_weight_that_is_no_option_is_refused():
    with pytest.raises(ValueError, match=r"muscle must be one of .*iliopsoas"):
        multiverse.weekly_sets(plan("foundation"), muscle="forearm_flexors")
    with pytest.raises(ValueError, match=r"indirect_weight must be one of 0, 0\.5, 1; got '0\.3'"):
        multiverse.weekly_sets(plan("foundation"), indirect_weight=0.3)


def test_relative_load_spans_tables_and_definitions():
    found = multiverse.relative_load("lying_single_leg", body_mass_kg=70, stature_m=1.7)
    assert found.by("quantity").loc["work"].to_numpy() == pytest.approx([0.5] * 3, abs=1e-9)
    own = multiverse.relative_load("lying_straight_leg", body_mass_kg=70, stature_m=1.7)
    assert own.range == pytest.approx((1, 1))
    assert own.most == "none"
    assert "no single choice" in own.summary()
    with pytest.raises(ev.UnknownRecordError):
        multiverse.relative_load("lying_leg", body_mass_kg=70, stature_m=1.7)


@pytest.mark.slow
def test_the_default_slope_is_that_of_the_fit_written_out():
    found = multiverse.dose_response_slope("hypertrophy", r=0.9, rho=0)
    rows = ev.trials("volume")
    rows = rows[(rows["domain"] == "size") & ~rows["control_arm"]]
    rows = rows[~rows["authors_excluded"]].copy()
    # Standardised mean change, raw-score standardisation, from its definition
    degrees = (rows["n"] - 1).to_numpy(float)
    factor = gamma(degrees / 2) / (np.sqrt(degrees / 2) * gamma((degrees - 1) / 2))
    rows["yi"] = factor * (rows["mean_post"] - rows["mean_pre"]) / rows["sd_pre"]

    # Its exact variance, at the mean first and then at the mean fitted with that
    def at(true):
        scale = factor**2 * degrees / (degrees - 2)
        return scale * (2 * (1 - 0.9) / rows["n"] + true**2) - true**2

    # Errors of one test correlate at 0.6 between the limbs of the same women or men; with a rho of
    # nothing all others are apart. No arm has two rows of one outcome and week here.
    def covariance(vi):
        limbs = (rows["allocation_design"] == "within").to_numpy()
        test = [tuple(row) for row in rows[["study", "sex", "outcome", "weeks"]].to_numpy()]
        arms = rows["arm"].to_numpy()
        out = np.diag(np.asarray(vi, float))
        for i, j in itertools.permutations(np.flatnonzero(limbs), 2):
            if test[i] == test[j] and arms[i] != arms[j]:
                out[i, j] = 0.6 * np.sqrt(vi.iloc[i] * vi.iloc[j])
        return out

    levels = ["study", "arm", "es_id"]
    first = at(rows["yi"].mean())
    mean = metaregression.fit(rows.assign(vi=first), levels=levels, V=covariance(first))
    rows["vi"] = at(mean.coefficients.loc["Intercept", "estimate"])
    fit = metaregression.fit(rows, formula="~ weekly_sets", levels=levels, V=covariance(rows["vi"]))
    slope = fit.coefficients.loc["weekly_sets", "estimate"]
    assert found.default == pytest.approx(slope, rel=1e-6)
    assert found.count == 3 * 3 * 2 * 3 * 2
    assert "Gain in muscle size" in found.summary(digits=3)


@pytest.mark.parametrize(
    ("entries", "shape", "formula", "r", "rho"),
    [
        ("corrected", "square root", "~ sqrt(weekly_sets)", "0.5", "0.6"),
        ("as entered", "linear", "~ weekly_sets", "0.9", "0"),
        ("as entered", "logarithmic", "~ log1p(weekly_sets)", "0.8", "0.6"),
        ("corrected, flagged left out", "linear", "~ weekly_sets", "0.5", "0.6"),
    ],
)
def test_wherever_a_search_begins_a_slope_is_that_of_its_fit_alone(entries, shape, formula, r, rho):
    table = multiverse.dose_response_slope("strength").specifications
    rows = dose_slope.trial_rows("strength", ENTRIES[entries], "authors")
    errors = sampling_correlations(rows, rho=float(rho), r_limbs=0.6)
    levels = ["study", "arm", "es_id"]
    effects, _ = at_common_effect(
        rows, r=float(r), levels=levels, covariance=lambda table: sampling_errors(table, errors)
    )
    alone = metaregression.fit(
        effects, formula=formula, levels=levels, V=sampling_errors(effects, errors)
    )
    low, high = alone.predict({"weekly_sets": [10, 20]})["estimate"]
    options = {"entries": entries, "shape": shape, "r": r, "rho": rho}
    (found,) = table[np.logical_and.reduce([table[k] == v for k, v in options.items()])]["outcome"]
    assert found == pytest.approx((high - low) / 10, rel=1e-8)


def test_where_no_correction_touches_a_fit_entries_as_they_were_are_the_same_specification():
    # of muscle size a test's name was mended, which no fit is told; of strength arms and doses were
    spread = multiverse.dose_response_slope("hypertrophy").specifications
    ways = {name: rows["outcome"].to_numpy() for name, rows in spread.groupby("entries")}
    np.testing.assert_array_equal(ways["as entered"], ways["corrected"])
    spread = multiverse.dose_response_slope("strength").specifications
    ways = {name: rows["outcome"].to_numpy() for name, rows in spread.groupby("entries")}
    assert (ways["as entered"] != ways["corrected"]).all()


def test_trials_left_out_are_no_choice_where_they_have_no_such_outcome():
    found = multiverse.dose_response_slope("strength")
    assert next(one.default for one in found.choices if one.name == "r") == "0.8"
    assert [one.name for one in found.choices] == ["shape", "r", "rho", "entries"]


def test_doses_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="from_sets must be below to_sets; got 20 and 10"):
        multiverse.dose_response_slope(from_sets=20, to_sets=10)


def test_numbers_come_together_as_arrays_and_words_one_by_one():
    calls = []

    def model(a, word, b):
        calls.append((np.shape(a), word, np.shape(b)))
        return a * 10 + b + {"x": 0, "y": 100}[word]

    found = evaluate(model, choice("a", 1, 2), choice("word", "x", "y"), choice("b", 3, 4, 5))
    assert calls == [((6,), "x", (6,)), ((6,), "y", (6,))]
    expected = [a * 10 + b + word for a, word, b in itertools.product((1, 2), (0, 100), (3, 4, 5))]
    assert found.specifications["outcome"].tolist() == expected
    assert found.specifications["word"].tolist() == ["x"] * 3 + ["y"] * 3 + ["x"] * 3 + ["y"] * 3


def test_a_hundred_thousand_specifications_are_one_call():
    calls = []

    def model(a, b, c):
        calls.append(1)
        return a + b + c

    wide = [choice(name, *range(50)) for name in "ab"]
    found = evaluate(model, *wide, choice("c", *range(40)))
    assert (found.count, len(calls)) == (100_000, 1)
    assert len(found.specifications) == 100_000
    assert found.share(0) == 1
    assert found.range == (0, 49 + 49 + 39)


def test_swing_goes_one_choice_at_a_time_and_questions_are_no_doubts():
    found = evaluate(
        lambda a, b, q: a * b + q,
        choice("a", 1, 2, 5, default=1),
        choice("b", 10, 30),
        choice("q", 0, 1000, kind="question"),
    )
    swing = found.swing
    assert swing.loc["a", ["low", "high", "low_option", "high_option"]].tolist() == [
        10,
        50,
        "1",
        "5",
    ]
    assert swing.loc["b", "swing"] == 2 * 30 - 2 * 10
    assert swing.index[0] == "q"
    # both move the default of 20 by 40; q is no choice
    assert found.most == "a and b, alike"
    assert "what moves the default most: a and b, alike." in found.summary()
    assert found.by("b")["default"].tolist() == [20, 60]
    assert found.by("b")["high"].tolist() == [1050, 1150]


def test_what_does_not_move_names_the_default_option():
    found = evaluate(lambda a, b: a + 0 * b, choice("a", 1, 2), choice("b", 1, 2, default=1))
    assert found.swing.loc["b", ["low_option", "high_option", "swing"]].tolist() == ["2", "2", 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: choice("a", 1), "choice 'a' has 1 option; a choice needs two"),
        (lambda: choice("a", 1, 1), "two options of the same name: 1; name them apart"),
        (lambda: choice("a", 1, 2, kind="guess"), "kind of choice 'a' must be one of convention"),
        (
            lambda: Choice(name="a", options=options("x", "y"), default="z", kind="convention"),
            "default of choice 'a' must be one of x, y; got 'z'",
        ),
        (lambda: Option(name="x", value=1, reason="", source="repdose2026"), "reason is empty"),
        (lambda: Option(name="x", value=1, reason="why", source=" "), "source is empty"),
        (lambda: evaluate(lambda: 1), "choices is empty"),
        (lambda: evaluate(lambda a: a, choice("a", 1, 2)).share(np.nan), "threshold must be"),
        (
            lambda: evaluate(lambda a: a, choice("a", 1, 2)).by("b"),
            "name must be one of a; got 'b'",
        ),
        (
            lambda: evaluate(lambda a: a, choice("a", 1, 2), choice("a", 1, 3)),
            "two of the same name: a",
        ),
        (
            lambda: evaluate(lambda a: np.where(a > 1, np.nan, a), choice("a", 1, 2)),
            "finite numbers",
        ),
        (lambda: evaluate(lambda a: 1.0 + 0 * a.sum(), choice("a", 1, 2)), r"shape \(2,\)"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_too_many_combinations_are_refused_with_the_count_and_what_to_drop():
    wide = choice("wide", *range(1001))
    tall = choice("tall", *range(5000))
    flat = choice("flat", *range(3))
    with pytest.raises(ValueError, match="15,015,000 combinations, and 10,000,000 are") as caught:
        evaluate(lambda wide, tall, flat: wide + tall + flat, wide, tall, flat)
    assert "drop or thin out tall (5000 options), which leaves 3,003" in str(caught.value)


def test_an_error_of_the_model_says_which_specification_it_was():
    def model(a, word):
        raise ValueError(f"a must be above 5; got {a} with {word}")

    with pytest.raises(ValueError, match="above 5") as caught:
        evaluate(model, choice("a", 1, 2), choice("word", "x", "y"))
    assert caught.value.__notes__ == ["The specification was: word x"]


def test_every_declared_option_has_a_source_that_resolves_and_a_choice_of_two_or_more():
    rows = pd.DataFrame(table("choices").rows)
    for key in rows["source"].unique():
        ev.source(key)
    assert (rows.groupby("choice").size() >= 2).all()
    assert (rows.groupby("choice")[["label", "kind"]].nunique() == 1).all(axis=None)
    assert (rows["id"] == rows["choice"] + "." + rows["option"]).all()


def test_declared_weights_of_indirect_sets_are_those_in_print():
    for name, row in declared_options("indirect_weight").items():
        printed = ev.finding(f"pelland2024preprint.indirect_set_weight_{name}")
        assert (row.value, row.source) == (printed.value, printed.source)


def test_an_undeclared_choice_is_refused_by_name():
    with pytest.raises(ev.UnknownRecordError, match="time_basis"):
        declared_options("time_base")
