"""Distributions from evidence, draws against closed forms, and Sobol indices against analysis."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from repdose import energy, mechanics, multiverse, uncertainty
from repdose import evidence as ev
from repdose.evidence.training.variants import met_analogies
from repdose.inputs.progressions import plan
from repdose.uncertainty.from_evidence import normal_of

REASON = "for the test"


def simulate(function, inputs, **options):
    return uncertainty.simulate(function, inputs, **{"seed": 11, **options})


def session(**inputs):
    """A session's energy with two uncertain inputs."""
    return {
        "met": uncertainty.analogy("lying_straight_leg", edition=2024),
        "body_mass_kg": uncertainty.body_mass(75, sd_kg=1.5),
        "work_min": 3.0,
        "rest_min": 4.0,
        "time_basis": "working",
        **inputs,
    }


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    first = simulate(energy.session_energy_kcal, session())
    again = simulate(energy.session_energy_kcal, session())
    other = simulate(energy.session_energy_kcal, session(), seed=12)
    assert first.outcome.tobytes() == again.outcome.tobytes()
    assert first.summary("kcal") == again.summary("kcal")
    assert first.outcome.tobytes() != other.outcome.tobytes()


def test_the_first_draws_of_a_seed_are_written_down():
    # Another generator, or streams named otherwise, would change every report that was made
    made = simulate(lambda x: x, {"x": uncertainty.uniform(0, 1, reason=REASON)}, draws=3, seed=1)
    words = np.frombuffer(hashlib.sha256(b"x").digest(), dtype="<u4")
    sequence = np.random.SeedSequence(1, spawn_key=[int(word) for word in words])
    assert made.outcome.tolist() == np.random.default_rng(sequence).random(3).tolist()


def test_adding_an_input_does_not_shift_the_draws_of_the_others():
    few = simulate(energy.session_energy_kcal, session())
    more = simulate(
        energy.session_energy_kcal,
        session(work_min=uncertainty.uniform(2, 4, reason=REASON)),
    )
    for name in ("met", "body_mass_kg"):
        assert few.inputs[name].tobytes() == more.inputs[name].tobytes()


def test_quantiles_of_a_linear_model_agree_with_the_closed_form():
    made = simulate(
        lambda a, b: 2 * a - 3 * b + 1,
        {
            "a": uncertainty.normal(5, 2, kind="measurement", reason=REASON),
            "b": uncertainty.normal(1, 0.5, kind="measurement", reason=REASON),
        },
        draws=1_000_000,
    )
    exact = stats.norm(2 * 5 - 3 * 1 + 1, np.hypot(2 * 2, 3 * 0.5))
    at = [0.025, 0.25, 0.5, 0.75, 0.975]
    found = made.quantiles(at)
    # five standard errors of an empirical quantile
    tolerance = 5 * np.sqrt(np.array(at) * (1 - np.array(at)) / 1e6) / exact.pdf(exact.ppf(at))
    assert (np.abs(found.to_numpy() - exact.ppf(at)) < tolerance).all()
    assert made.range == (found[0.025], found[0.975])
    assert made.middle == found[0.5]


@given(st.floats(0, 5), st.floats(0, 5), st.floats(0.1, 5), st.floats(0.001, 0.999))
def test_three_point_quantiles_agree_with_scipy(low, step, rest, u):
    central, high = low + step, low + step + rest
    at = np.array([u])
    triangle = uncertainty.three_point(low, central, high, reason=REASON).quantile(at)
    share = (central - low) / (high - low)
    exact = stats.triang(share, loc=low, scale=high - low).ppf(u)
    assert triangle[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)
    pert = uncertainty.three_point(low, central, high, shape="pert", reason=REASON).quantile(at)
    exact = stats.beta(1 + 4 * share, 5 - 4 * share, loc=low, scale=high - low).ppf(u)
    assert pert[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)


def test_the_mean_of_a_pert_distribution_is_the_one_it_is_named_for():
    pert = uncertainty.three_point(2.8, 3.5, 8.0, shape="pert", reason=REASON)
    grid = (np.arange(100_000) + 0.5) / 100_000
    assert pert.quantile(grid).mean() == pytest.approx((2.8 + 4 * 3.5 + 8.0) / 6, rel=1e-6)


def test_an_interval_becomes_a_normal_distribution_that_reaches_its_ends():
    id = "kozey2010.standard_met_shortfall"  # 0.51, 95 % CI 0.42 to 0.59
    found = uncertainty.interval(id)
    assert found.quantile(np.array([0.5]))[0] == 0.51
    width = np.diff(found.quantile(np.array([0.025, 0.975])))[0]
    assert width == pytest.approx(0.59 - 0.42, rel=1e-12)
    assert (found.kind, found.source, found.parent) == ("confidence", "kozey2010", id)
    credible = uncertainty.interval("pelland2026.hypertrophy_percent_per_weekly_set")
    assert credible.kind == "credible"


def test_evidence_that_a_distribution_rests_on_enters_the_ledger():
    with ev.ledger() as used:
        uncertainty.between_people("byrne2005.resting_oxygen_uptake")
        uncertainty.analogy("lying_bent_knee", edition=2011)
    assert used.sources() == ["ainsworth2011", "byrne2005", "repdose2026", "vezina2014"]


def test_findings_without_the_interval_that_is_asked_for_are_refused():
    with pytest.raises(ValueError, match="states a range"):
        uncertainty.interval("acsm2026.programme_weeks")
    with pytest.raises(ValueError, match=r"states no interval.*between_people"):
        uncertainty.interval("byrne2005.resting_oxygen_uptake")
    with pytest.raises(ValueError, match=r"no mean with an SD.*interval"):
        uncertainty.between_people("kozey2010.standard_met_shortfall")
    with pytest.raises(ev.UnknownRecordError):
        uncertainty.interval("kozey2010.standard_met_shortfal")


@pytest.mark.parametrize("shape", ["pert", "triangular"])
@pytest.mark.parametrize("edition", [2011, 2024])
def test_the_central_row_lies_within_95_percent_of_the_draws_of_its_variant(edition, shape):
    for variant in ev.exercises().index:
        rows = met_analogies(variant, edition=edition)
        spread = uncertainty.analogy(variant, edition=edition, shape=shape)
        low, high = spread.quantile(np.array([0.025, 0.975]))
        assert low < rows["central"].met.met < high, (variant, edition, shape)


def test_a_spread_says_why_it_has_its_shape():
    pert = uncertainty.analogy("lying_straight_leg", edition=2024)
    assert "MET rows 02103, 02024, 02020 of 2024 as analogies. The central row has" in pert.reason
    triangular = uncertainty.analogy("lying_straight_leg", edition=2024, shape="triangular")
    assert "No more is assumed" in triangular.reason
    with pytest.raises(ValueError, match="pert, triangular"):
        uncertainty.analogy("lying_straight_leg", edition=2024, shape="normal")


def test_a_lopsided_interval_is_no_normal_distribution():
    found = ev.finding("kozey2010.standard_met_shortfall")
    with pytest.raises(ValueError, match="no normal distribution"):
        normal_of(found, "confidence", 1.0, 0.5, 2.0)


def test_inputs_with_one_parent_share_their_draw():
    def both(one, other):
        return one + other

    same = simulate(
        both,
        {
            "one": uncertainty.analogy("lying_bent_knee", edition=2024),
            "other": uncertainty.analogy("lying_straight_leg", edition=2024),
        },
    )
    assert same.inputs["one"].tobytes() == same.inputs["other"].tobytes()
    # rows of its own bend the distribution and keep the draw
    bent = simulate(
        both,
        {
            "one": uncertainty.analogy("lying_bent_knee", edition=2024),
            "other": uncertainty.analogy("hanging_straight_leg", edition=2024),
        },
    )
    order = np.argsort(bent.inputs["one"], kind="stable")
    assert (np.diff(bent.inputs["other"][order]) >= 0).all()
    apart = simulate(
        both,
        {
            "one": uncertainty.analogy("lying_bent_knee", edition=2011),
            "other": uncertainty.analogy("lying_bent_knee", edition=2024),
        },
    )
    assert abs(np.corrcoef(apart.inputs["one"], apart.inputs["other"])[0, 1]) < 0.05


def test_a_correlation_is_that_of_the_normal_scores():
    a = uncertainty.normal(0, 1, kind="assumption", reason=REASON)
    b = uncertainty.normal(10, 3, kind="assumption", reason=REASON)
    made = simulate(
        lambda a, b: a + b,
        {"a": a, "b": b},
        draws=200_000,
        correlations={("a", "b"): -0.6},
    )
    found = np.corrcoef(made.inputs["a"], made.inputs["b"])[0, 1]
    assert found == pytest.approx(-0.6, abs=0.01)
    assert made.inputs["a"].std() == pytest.approx(1, rel=0.01)
    exact = np.sqrt(1 + 9 - 2 * 0.6 * 3)
    assert made.outcome.std() == pytest.approx(exact, rel=0.01)
    whole = simulate(lambda a, b: a + b, {"a": a, "b": b}, correlations={("a", "b"): 1.0})
    assert np.allclose(whole.inputs["b"], 10 + 3 * whole.inputs["a"])


def test_impossible_correlations_are_refused():
    even = uncertainty.uniform(0, 1, reason=REASON)
    three = dict.fromkeys("abc", even)
    with pytest.raises(ValueError, match="cannot hold together"):
        simulate(
            lambda a, b, c: a + b + c,
            three,
            correlations={("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9},
        )
    with pytest.raises(ValueError, match=r"correlation of a, b must be -1 to 1; got 1\.5"):
        simulate(lambda a, b, c: a + b + c, three, correlations={("a", "b"): 1.5})
    with pytest.raises(ValueError, match=r"names 'd'.*a, b, c"):
        simulate(lambda a, b, c: a + b + c, three, correlations={("a", "d"): 0.5})
    with pytest.raises(ValueError, match="share a draw already"):
        simulate(lambda a, b, c: a + b + c, three, correlations={("a", "a"): 0.5})
    with pytest.raises(ValueError, match="given twice"):
        simulate(lambda a, b, c: a + b + c, three, correlations={("a", "b"): 0.5, ("b", "a"): 0.4})


def test_segment_tables_are_drawn_as_words_through_the_same_function():
    person = {"body_mass_kg": 75.0, "stature_m": 1.75, "sex": "male", "angle_deg": 20.0}
    made = simulate(
        lambda **given: mechanics.hip_moment_nm("lying_straight_leg", **given),
        {
            **person,
            "segments": uncertainty.segment_tables(),
            "body_mass_kg": uncertainty.body_mass(75, sd_kg=1),
        },
        draws=2000,
    )
    for table in ("deleva1996", "winter2009"):
        mine = made.inputs["segments"] == table
        assert 0.45 < mine.mean() < 0.55
        alone = mechanics.hip_moment_nm(
            "lying_straight_leg",
            **{
                **person,
                "segments": table,
                "body_mass_kg": made.inputs["body_mass_kg"][mine],
            },
        )
        assert made.outcome[mine].tolist() == alone.tolist()


def test_words_alone_call_the_function_once_each():
    calls = []

    def moment(segments):
        calls.append(segments)
        return {"deleva1996": 1.0, "winter2009": 2.0}[segments]

    made = simulate(moment, {"segments": uncertainty.segment_tables()}, draws=100)
    assert sorted(calls) == ["deleva1996", "winter2009"]
    assert set(made.outcome) == {1.0, 2.0}


def test_the_summary_says_that_the_range_is_simulated_and_from_what():
    words = simulate(energy.session_energy_kcal, session(), draws=500).summary("kcal")
    assert "simulation over stated assumptions, no confidence interval" in words
    assert "met pert, 1.8, 2.8, 7.5 (an assumption)" in words
    assert "body_mass_kg normal, mean 75, SD 1.5 (stated error of measurement)" in words
    assert words.endswith("Seed 11.")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("convention", ("oxygen", "other")),
        ("time_basis", ("a", "b")),
        ("net", ("a", "b")),
        ("edition", (2011, 2024)),
        ("indirect_weight", (0, 1)),
    ],
)
def test_a_rule_of_counting_is_no_distribution(name, values):
    rule = uncertainty.one_of(*values, reason=REASON)
    with pytest.raises(ValueError, match=rf"{name}: a rule of counting.*multiverse"):
        simulate(energy.session_energy_kcal, session(**{name: rule}))


@pytest.mark.parametrize(
    "values", [("gross", "net"), ("elapsed", "working"), ("oxygen", "compendium"), (True, False)]
)
def test_rules_of_counting_are_refused_by_whatever_name(values):
    with pytest.raises(ValueError, match=r"rule of counting.*multiverse"):
        uncertainty.one_of(*values, reason=REASON)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: uncertainty.normal(1, -1, kind="assumption", reason=REASON), "sd must be above 0"),
        (lambda: uncertainty.normal(1, 0, kind="assumption", reason=REASON), "sd must be above 0"),
        (lambda: uncertainty.normal(np.nan, 1, kind="assumption", reason=REASON), "mean must"),
        (lambda: uncertainty.normal([1, 2], 1, kind="assumption", reason=REASON), "one number"),
        (lambda: uncertainty.normal(1, 1, kind="guess", reason=REASON), "kind must be one of"),
        (lambda: uncertainty.normal(1, 1, kind="assumption", reason=" "), "needs a reason"),
        (lambda: uncertainty.three_point(3, 2, 8, reason=REASON), r"in order.*low=3, central=2"),
        (lambda: uncertainty.three_point(1, 9, 8, reason=REASON), "in order"),
        (lambda: uncertainty.three_point(2, 2, 2, reason=REASON), "low below high"),
        (lambda: uncertainty.three_point(1, 2, 3, shape="beta", reason=REASON), "shape must be"),
        (lambda: uncertainty.uniform(2, 1, reason=REASON), "low must be below high"),
        (lambda: uncertainty.body_mass(75, sd_kg=-1), "sd_kg must be above 0"),
        (lambda: uncertainty.body_mass(7500, sd_kg=1), "body_mass_kg must be 20 to 300 kg"),
        (lambda: uncertainty.one_of("a", reason=REASON), "two or more"),
        (lambda: uncertainty.one_of("a", "a", reason=REASON), "all different"),
        (lambda: uncertainty.one_of("a", 1.0, reason=REASON), "all words or all numbers"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_simulations_that_cannot_be_are_refused():
    even = uncertainty.uniform(0, 1, reason=REASON)
    with pytest.raises(ValueError, match="no Distribution"):
        simulate(lambda x: x, {"x": 1.0})
    with pytest.raises(ValueError, match="draws must be a whole number"):
        simulate(lambda x: x, {"x": even}, draws=1e6)
    with pytest.raises(ValueError, match="draws must be 2 to"):
        simulate(lambda x: x, {"x": even}, draws=1)
    with pytest.raises(ValueError, match="seed must be 0"):
        simulate(lambda x: x, {"x": even}, seed=-1)
    with pytest.raises(ValueError, match=r"one number a draw, shape \(10,\)"):
        simulate(lambda x: x.mean(), {"x": even}, draws=10)
    with pytest.raises(ValueError, match="must be finite"):
        simulate(lambda x: np.where(x > 0.5, np.nan, x), {"x": even})


@pytest.mark.parametrize(("mean", "sd"), [(75, 20), (25, 10), (295, 8), (75, 1)])
def test_a_body_mass_is_kept_to_what_a_body_can_weigh(mean, sd):
    low, high = (20 - mean) / sd, (300 - mean) / sd
    u = (np.arange(1000) + 0.5) / 1000
    cut = stats.truncnorm(low, high, loc=mean, scale=sd).ppf(u)
    one = uncertainty.body_mass(mean, sd_kg=sd)
    assert one.quantile(u) == pytest.approx(cut, rel=1e-9)
    # what is left out is told where one of 10,000 draws would show it
    outside = stats.norm.cdf(low) + stats.norm.sf(high)
    told = f"nothing outside 20 to 300 kg can be, where {100 * outside:.2g} % would lie"
    assert (told in one.reason) == (sd > 1)
    assert ("cut to 20 to 300 kg" in one.shape) == (sd > 1)


def test_a_week_of_a_body_mass_that_is_hardly_known_is_simulated():
    week = plan("foundation")
    function, inputs = uncertainty.weekly_energy(week, body_mass_kg=22, body_mass_sd_kg=20)
    made = simulate(function, inputs, seed=1)
    assert made.inputs["body_mass_kg"].min() >= 20
    assert made.inputs["body_mass_kg"].max() <= 300


def test_a_draw_outside_the_model_is_an_error_with_advice_and_not_a_nan():
    wide = uncertainty.normal(40, 30, kind="assumption", reason="wide")
    with pytest.raises(ValueError, match="body_mass_kg must be 20 to 300 kg") as caught:
        simulate(energy.session_energy_kcal, session(body_mass_kg=wide))
    assert "narrow the distribution" in caught.value.__notes__[0]


def test_a_simulated_week_at_fixed_inputs_is_the_multiverse_default():
    foundation = plan("foundation")
    function, inputs = uncertainty.weekly_energy(foundation, body_mass_kg=75, body_mass_sd_kg=1)
    assert list(inputs) == ["met_lying_bent_knee", "met_lying_straight_leg", "body_mass_kg"]
    at_central = function(body_mass_kg=75, met_lying_bent_knee=2.8, met_lying_straight_leg=2.8)
    assert at_central == pytest.approx(multiverse.energy(foundation, body_mass_kg=75).default)
    _, with_rest = uncertainty.weekly_energy(
        foundation, body_mass_kg=75, body_mass_sd_kg=1, rest="measured", convention="compendium"
    )
    assert with_rest["rest"].shape == "normal, mean 0.84, SD 0.16"


def test_a_simulated_week_of_measured_rest_is_oxygen_times_mass_times_time():
    function, _ = uncertainty.weekly_energy(
        plan("foundation"), body_mass_kg=75, body_mass_sd_kg=1, rest="measured"
    )
    # 16 5/6 elapsed minutes a session week on average: see tests/test_multiverse.py
    elapsed = (2 * (5 / 3 + 2) + 3 * (3 + 4) + 3 * (2 + 4) + 3 * (3 + 4)) / 4
    met = np.array([2.8, 8.0])
    found = function(body_mass_kg=80, rest=2.6, met_lying_bent_knee=met, met_lying_straight_leg=met)
    assert found == pytest.approx(met * 2.6 * 5 / 1000 * 80 * elapsed, rel=1e-12)


def ishigami(x, y, z, a=7.0, b=0.1):
    return np.sin(x) + a * np.sin(y) ** 2 + b * z**4 * np.sin(x)


def test_sobol_indices_of_the_ishigami_function_agree_within_one_percent():
    # Analytic values: Ishigami and Homma 1990
    a, b = 7.0, 0.1
    variance = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first_x = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    first_y = a**2 / 8
    shared = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    angle = uncertainty.uniform(-np.pi, np.pi, reason="definition of the function")
    found = uncertainty.sobol(ishigami, {"x": angle, "y": angle, "z": angle}, samples=2**15, seed=3)
    first = found.indices["first"]
    total = found.indices["total"]
    assert first["x"] == pytest.approx(first_x / variance, rel=0.01)
    assert first["y"] == pytest.approx(first_y / variance, rel=0.01)
    assert first["z"] == pytest.approx(0, abs=0.01)
    assert total["x"] == pytest.approx((first_x + shared) / variance, rel=0.01)
    assert total["y"] == pytest.approx(first_y / variance, rel=0.01)
    assert total["z"] == pytest.approx(shared / variance, rel=0.01)
    assert found.most == "x"


def test_sobol_indices_name_what_matters_most_and_repeat_by_seed():
    found = uncertainty.sobol(energy.session_energy_kcal, session(), samples=256, seed=2)
    again = uncertainty.sobol(energy.session_energy_kcal, session(), samples=256, seed=2)
    assert found.most == "met"
    assert found.summary.startswith("met matters most")
    assert found.indices.equals(again.indices)


def test_inputs_with_one_parent_are_one_input_of_the_sensitivity():
    def two(bent, straight, body_mass_kg):
        return (bent + straight) * body_mass_kg

    found = uncertainty.sobol(
        two,
        {
            "bent": uncertainty.analogy("lying_bent_knee", edition=2024),
            "straight": uncertainty.analogy("lying_straight_leg", edition=2024),
            "body_mass_kg": uncertainty.body_mass(75, sd_kg=1),
        },
        samples=256,
        seed=1,
    )
    assert list(found.indices.index) == ["bent, straight", "body_mass_kg"]


def test_sensitivities_that_cannot_be_are_refused():
    even = uncertainty.uniform(0, 1, reason=REASON)
    with pytest.raises(ValueError, match="power of two; got 1000"):
        uncertainty.sobol(lambda a, b: a + b, {"a": even, "b": even}, samples=1000, seed=1)
    with pytest.raises(ValueError, match="two independent inputs"):
        uncertainty.sobol(lambda a: a, {"a": even}, seed=1)
    with pytest.raises(ValueError, match="no variance to share out"):
        uncertainty.sobol(lambda a, b: 0 * (a + b) + 1, {"a": even, "b": even}, seed=1)
