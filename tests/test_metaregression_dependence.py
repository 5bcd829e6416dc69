"""Sampling covariances: of one's own and built from a table, against metafor and closed forms."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import metaregression
from analysis.metaregression import robust, sampling_covariance
from analysis.metaregression.estimation import Objective
from analysis.metaregression.problem import Tree

PUBLISHED = Path(__file__).parent / "published"
# Written by oracle_dependence.R; tolerances as in test_metaregression_oracle.py.
PINS = json.loads((PUBLISHED / "metafor_dependence.json").read_text("utf-8"))
CLOSE, VARIANCE, ZERO = 1e-6, 1e-5, 1e-8


def table(name):
    return pd.read_csv(PUBLISHED / f"{name}.csv", comment="#")


def volume():
    """The table of training arms, with ids of arms and effects that restart in every study."""
    data = table("volume_size_effects")
    data["effect"] = data.groupby("study").cumcount() + 1
    data["group"] = data.groupby("study")["arm"].transform(lambda arm: pd.factorize(arm)[0] + 1)
    return data


def fit(data, formula="~ weekly_sets", **options):
    return metaregression.fit(data, formula=formula, **{"levels": ["study", "effect"], **options})


def within_and_between(data, within=0.7, between=0.3):
    study, arm = data["study"].to_numpy(), data["group"].to_numpy()
    same_study = study[:, None] == study
    same_arm = same_study & (arm[:, None] == arm)
    root = np.sqrt(data["vi"].to_numpy())
    correlation = within * same_arm + between * (same_study & ~same_arm)
    np.fill_diagonal(correlation, 1.0)
    return correlation * np.outer(root, root)


def falling(data):
    study, effect = data["study"].to_numpy(), data["effect"].to_numpy()
    root = np.sqrt(data["vi"].to_numpy())
    distance = np.abs(effect[:, None] - effect)
    return (study[:, None] == study) * (-0.6) ** distance * np.outer(root, root)


def agrees(found, pin):
    assert found.converged
    np.testing.assert_allclose(found.coefficients["estimate"], pin["beta"], rtol=CLOSE, atol=1e-9)
    np.testing.assert_allclose(found.coefficients["se"], pin["se"], rtol=CLOSE)
    assert found.loglik == pytest.approx(pin["loglik"], rel=1e-8)
    assert found.heterogeneity["q"] == pytest.approx(pin["qe"], rel=1e-8)
    np.testing.assert_allclose(found.robust()["se"], pin["robust"]["se"], rtol=CLOSE)
    np.testing.assert_allclose(found.robust()["df"], pin["robust"]["df"], rtol=VARIANCE)
    if "g" in pin:
        np.testing.assert_allclose(found.random_effects["study"], pin["g"], rtol=VARIANCE)
        assert found.sigma2.iloc[-1] == pytest.approx(pin["sigma2"], rel=VARIANCE)
    else:
        np.testing.assert_allclose(found.sigma2, pin["sigma2"], rtol=VARIANCE, atol=ZERO)


# -- nested ids --------------------------------------------------------------------------------


def test_ids_that_restart_agree_with_metafor():
    assert PINS["versions"]["metafor"] == "3.8.1"
    schools = table("konstantopoulos2011")
    schools["school"] = schools.groupby("district").cumcount() + 1
    found = fit(schools, "~ year", levels=["district", "school"])
    agrees(found, PINS["schools restarting"])
    assert found.groups == {"district": 11, "school": 56}
    agrees(fit(volume(), levels=["study", "group", "effect"]), PINS["volume restarting"])


# -- a covariance of one's own -----------------------------------------------------------------

OWN = {
    "volume V": (within_and_between, {}),
    "volume V arms": (within_and_between, {"levels": ["study", "group"]}),
    "volume V arms ML": (
        within_and_between,
        {"levels": ["study", "group", "effect"], "method": "ML"},
    ),
    "volume V slope": (within_and_between, {"slopes": {"study": "weekly_sets"}}),
    "volume V falling": (falling, {}),
}


@pytest.mark.parametrize("name", list(OWN))
def test_fits_with_a_given_covariance_agree_with_metafor(name):
    build, options = OWN[name]
    data = volume()
    agrees(fit(data, V=build(data), **options), PINS[name])


@pytest.mark.parametrize("name", list(OWN))
def test_every_way_to_give_it_gives_the_same_fit(name):
    build, options = OWN[name]
    data = volume().set_index("es_id", drop=False)
    full = build(data)
    expected = fit(data, V=full, **options)
    labelled = pd.DataFrame(full, index=data.index, columns=data.index)
    mixed = labelled.sample(frac=1, random_state=1)
    groups = {study: rows.index for study, rows in data.groupby("study", sort=False)}
    blocks = {study: labelled.loc[ids, ids[::-1]] for study, ids in groups.items()}
    arrays = [labelled.loc[ids, ids].to_numpy() for ids in groups.values()]
    ways = [mixed, blocks, dict(reversed(blocks.items())), arrays]
    for given in ways:
        found = fit(data, V=given, **options)
        pd.testing.assert_frame_equal(found.robust(), expected.robust(), rtol=1e-8)
    shuffled = data.sample(frac=1, random_state=2)
    for given in (labelled, blocks):
        found = fit(shuffled, V=given, **options)
        columns = ["estimate", "se", "df"]
        np.testing.assert_allclose(
            found.robust()[columns], expected.robust()[columns], rtol=1e-7, atol=1e-12
        )
    alone = fit(data.drop(columns="vi"), variance=None, V=full, **options)
    np.testing.assert_allclose(alone.robust()[columns], expected.robust()[columns], rtol=1e-9)


def test_it_is_matched_by_ids_of_the_innermost_level_where_those_are_unique():
    data = volume().sample(frac=1, random_state=3)
    full = within_and_between(data)
    ids = data["es_id"].to_numpy()
    labelled = pd.DataFrame(full, index=ids, columns=ids).sample(frac=1, random_state=4)
    one = fit(data, levels=["study", "es_id"], V=labelled)
    pd.testing.assert_frame_equal(
        one.robust(), fit(data, levels=["study", "es_id"], V=full).robust(), rtol=1e-8
    )


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_results_do_not_depend_on_the_unit(unit):
    data = volume()
    scaled = data.assign(yi=data["yi"] * unit, vi=data["vi"] * unit**2)
    one, two = (fit(d, V=within_and_between(d)).robust() for d in (data, scaled))
    np.testing.assert_allclose(two["se"], one["se"] * unit, rtol=1e-8)
    np.testing.assert_allclose(two["df"], one["df"], rtol=1e-8)


STRUCTURES = {
    "row": {},
    "crossed": {"levels": ["study", "group", "effect"]},
    "crossed slope": {"levels": ["study", "group"], "slopes": {"group": "weekly_sets"}},
}


@pytest.mark.parametrize("name", list(STRUCTURES))
def test_likelihood_gradient_and_large_studies_agree_with_dense_algebra(name, monkeypatch):
    data = volume()
    v = within_and_between(data)
    found = fit(data, V=v, **STRUCTURES[name])
    sigma = v.copy()
    for i, level in enumerate(found.problem.levels):
        codes = found.problem.codes[:, i]
        z = np.ones((len(data), 1))
        if level in found.problem.slopes:
            z = np.column_stack([z, found.problem.slopes[level]])
        g = found.random_effects[level].to_numpy()
        sigma = sigma + (z @ g @ z.T) * (codes[:, None] == codes)
    x, y = found.problem.x, data["yi"].to_numpy()
    inverse = np.linalg.inv(sigma)
    a = x.T @ inverse @ x
    beta = np.linalg.solve(a, x.T @ inverse @ y)
    residual = y - x @ beta
    minus2 = np.linalg.slogdet(sigma)[1] + residual @ inverse @ residual
    minus2 += np.linalg.slogdet(a)[1] - np.linalg.slogdet(x.T @ x)[1]
    minus2 += (len(y) - x.shape[1]) * np.log(2 * np.pi)
    assert found.loglik == pytest.approx(-minus2 / 2, rel=1e-10)
    np.testing.assert_allclose(found.coefficients["estimate"], beta, rtol=1e-8)
    tree = Tree(found.problem)
    objective = Objective(tree, tree.effects, True)
    point = np.linspace(0.3, 0.9, len(found.fitted.point))
    _, slope = objective.value_and_gradient(point)
    for i in range(len(point)):
        step = np.eye(len(point))[i] * 1e-5
        up, down = (objective.value_and_gradient(point + s)[0] for s in (step, -step))
        assert slope[i] == pytest.approx((up - down) / 2e-5, rel=1e-6, abs=1e-6)
    monkeypatch.setattr(robust, "LARGE", 0)
    large = robust.sandwich(found.fitted)
    se = np.sqrt(large.variance(found.fitted.to_terms))
    np.testing.assert_allclose(se, found.robust()["se"], rtol=1e-8)
    np.testing.assert_allclose(
        large.degrees_of_freedom(found.fitted.to_terms), found.robust()["df"], rtol=1e-7
    )


def test_influence_keeps_the_covariance_of_the_studies_left():
    data = volume()
    found = fit(data, V=falling(data))
    moved = found.leave_one_out()
    left = data[data["study"] != data["study"].iloc[40]]
    again = fit(left, V=falling(left))
    row = moved.loc[data["study"].iloc[40]]
    np.testing.assert_allclose(row["estimate"], again.coefficients["estimate"], rtol=1e-7)
    np.testing.assert_allclose(row["se"], again.coefficients["se"], rtol=1e-7)
    drawn = found.bootstrap(20, seed=1)
    assert drawn.attrs["redrawn"] < 5
    rho = fit(data, rho=0.6)
    same = fit(data, V=within_and_between(data, 0.6, 0.6)).bootstrap(10, seed=2)
    np.testing.assert_allclose(same, rho.bootstrap(10, seed=2), rtol=1e-5, atol=1e-8)


def test_rows_left_out_leave_their_rows_of_the_covariance_out():
    data = volume()
    full = within_and_between(data)
    gaps = data.copy()
    gaps.loc[[3, 4, 50], "yi"] = np.nan
    gaps.loc[60, "vi"] = np.nan
    kept = ~data.index.isin([3, 4, 50, 60])
    expected = fit(data[kept], V=full[np.ix_(kept, kept)])
    found = fit(gaps, V=full, missing="drop")
    pd.testing.assert_frame_equal(found.robust(), expected.robust(), rtol=1e-9)
    assert len(found.dropped.rows) == 4


def test_fits_with_other_sampling_errors_do_not_compare():
    data = volume()
    larger = fit(data, V=within_and_between(data), method="ML")
    small = {"formula": "~ 1", "method": "ML"}
    ratio = larger.likelihood_ratio(fit(data, V=within_and_between(data), **small))
    assert 0 < ratio["p"] < 1
    options = ({}, {"rho": 0.5}, {"V": falling(data)}, {"V": within_and_between(data, 0.6)})
    for other in options:
        with pytest.raises(ValueError, match="same effects and sampling errors"):
            larger.likelihood_ratio(fit(data, **small, **other))
    with pytest.raises(ValueError, match="same effects and sampling errors"):
        fit(data, method="ML", rho=0.5).likelihood_ratio(
            fit(data, **small, rho=0.5, rho_within="group")
        )


def message(data, given, **options):
    with pytest.raises(ValueError, match=".") as caught:
        fit(data, V=given, **options)
    assert "np." not in str(caught.value)
    return str(caught.value)


def test_a_covariance_that_cannot_be_is_refused():
    data = volume()
    full = within_and_between(data)
    k = len(data)
    first = str(data["study"].iloc[0])
    assert f"V is {k - 1} x {k - 1} for {k} rows" in message(data, full[1:, 1:])
    assert "V is a single number" in message(data, 0.1)
    # the same person twice: a correlation of 1
    one = full.copy()
    one[0, 1] = one[1, 0] = np.sqrt(one[0, 0] * one[1, 1])
    said = message(data, one)
    assert f"V of study {first!r} is not positive definite" in said
    assert "largest correlation 1, rows 0, 1" in said
    assert "below 1" in said
    lopsided = full.copy()
    lopsided[0, 1] *= 0.5
    assert "not symmetric" in message(data, lopsided)
    across = full.copy()
    last = k - 1
    across[0, last] = across[last, 0] = 1e-4
    said = message(data, across)
    assert f"correlates rows 0, {last} of two groups of 'study'" in said
    swapped = full.copy()
    rows = np.flatnonzero(data["study"] == first)
    swapped[np.ix_(rows, rows)] = full[np.ix_(rows[::-1], rows[::-1])]
    assert "another order than the data" in message(data, swapped)
    assert "is not the variances of its rows" in message(data, 2 * full)
    holed = full.copy()
    holed[0, 0] = np.nan
    assert "missing or infinite" in message(data, holed)
    assert "must hold numbers" in message(data, full.astype(str))
    assert "no place beside it" in message(data, full, rho=0.5)
    assert "different lengths" in message(data, [[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match="there is none"):
        fit(data, variance=None)
    with pytest.raises(ValueError, match="one independent effect per group"):
        fit(data, V=full, method="DL", levels=["study"])


def test_blocks_that_do_not_match_are_refused():
    data = volume().set_index("es_id", drop=False)
    labelled = pd.DataFrame(within_and_between(data), index=data.index, columns=data.index)
    groups = {study: rows.index for study, rows in data.groupby("study", sort=False)}
    blocks = {study: labelled.loc[ids, ids] for study, ids in groups.items()}
    name = next(iter(blocks))
    lacking = {study: block for study, block in blocks.items() if study != name}
    assert f"no block for {name}" in message(data, lacking)
    assert "blocks for unknown Nobody2020" in message(data, {**blocks, "Nobody2020": [[1.0]]})
    other = blocks[name].rename(index=lambda i: i + 1000, columns=lambda i: i + 1000)
    assert "are not those of" in message(data, {**blocks, name: other})
    half = blocks[name].rename(index=lambda i: i + 1000)
    assert "must carry the same labels" in message(data, {**blocks, name: half})
    assert f"V of study {name!r} is 1 x 1" in message(data, {**blocks, name: [[0.1]]})
    assert "blocks for 25 groups" in message(data, list(lacking.values()))
    unlabelled = labelled.reset_index(drop=True).T.reset_index(drop=True)
    assert "are not those of" in message(data.set_index(data.index + 5000), unlabelled)


# -- from the table ----------------------------------------------------------------------------


def test_one_correlation_of_people_is_what_rho_says():
    data = volume()
    blocks = sampling_covariance(data, people="group", r=0.6)
    one = fit(data, V=blocks)
    two = fit(data, rho=0.6, rho_within="group")
    pd.testing.assert_frame_equal(one.robust(), two.robust(), rtol=1e-8)
    assert one.loglik == pytest.approx(two.loglik, rel=1e-12)
    everyone = sampling_covariance(data.assign(all="x"), people="all", r=0.4)
    three = fit(data, V=everyone)
    pd.testing.assert_frame_equal(three.robust(), fit(data, rho=0.4).robust(), rtol=1e-8)
    full = np.zeros((len(data), len(data)))
    for block in blocks.values():
        full[np.ix_(block.index, block.index)] = block
    np.testing.assert_allclose(full[:12, :12], PINS["vcalc"], rtol=1e-12)


def test_groups_against_one_control_correlate_by_their_sizes():
    rows = pd.DataFrame({"study": 1, "arm": [1, 2, 3], "against": 9, "n": [10, 20, 15], "nc": 12})
    rows["vi"] = 1 / rows["n"] + 1 / rows["nc"]
    found = sampling_covariance(rows, control="against", n_control="nc", people="arm")[1]
    np.testing.assert_allclose(found, PINS["shared"], rtol=1e-12)
    # by hand: the error of the control mean, 1/12, is in both differences
    off = found.to_numpy()[~np.eye(3, dtype=bool)]
    np.testing.assert_allclose(off, 1 / 12, rtol=1e-12)


def test_standardised_differences_from_one_control_have_the_covariance_of_a_simulation():
    random = np.random.default_rng(7)
    n, nc, draws = np.array([40, 60]), 50, 200_000
    true = np.array([0.8, 1.5])
    total = n.sum() + nc
    pooled = np.sqrt(random.chisquare(total - 3, draws) / (total - 3))
    means = [random.normal(t, 1 / np.sqrt(k), draws) for t, k in zip(true, n, strict=True)]
    control = random.normal(0, 1 / np.sqrt(nc), draws)
    d = np.array([(mean - control) / pooled for mean in means])
    simulated = np.cov(d)
    rows = pd.DataFrame({"study": "a", "n": n, "n_control": nc, "against": 1, "d": true})
    rows["vi"] = 1 / n + 1 / nc + true**2 / (2 * total)
    found = sampling_covariance(rows, control="against", effect="d")["a"]
    assert found.iloc[0, 1] == pytest.approx(1 / 50 + 0.8 * 1.5 / (2 * 150), rel=1e-12)
    # large-sample formula against 150 people: within 3 %
    np.testing.assert_allclose(found, simulated, rtol=0.03)


def test_two_times_from_one_baseline_correlate_by_one_half():
    random = np.random.default_rng(8)
    r, draws = 0.7, 100_000
    scores = random.multivariate_normal(np.zeros(3), r + (1 - r) * np.eye(3), draws)
    changes = scores[:, 1:] - scores[:, :1]
    assert np.corrcoef(changes.T)[0, 1] == pytest.approx(0.5, abs=0.01)
    rows = pd.DataFrame({"study": "a", "arm": 1, "week": [6, 12], "vi": [0.04, 0.09]})
    found = sampling_covariance(rows, people="arm", time="week", r_time=0.5)["a"]
    assert found.iloc[0, 1] == pytest.approx(0.5 * 0.2 * 0.3)


def test_outcomes_times_limbs_and_controls_multiply():
    rows = pd.DataFrame(
        {
            "study": ["a"] * 4 + ["b"] * 4,
            "arm": [1, 1, 2, 2] * 2,
            "endpoint": ["arm", "leg"] * 4,
            "allocation": ["within"] * 4 + ["between"] * 4,
            "against": 1,
            "n": 10,
            "n_control": 10,
            "vi": 0.2,
        }
    )
    found = sampling_covariance(
        rows,
        people="arm",
        outcome="endpoint",
        r=0.8,
        allocation="allocation",
        r_limbs=0.5,
        control="against",
    )
    limbs = [[1, 0.8, 0.5, 0.4], [0.8, 1, 0.4, 0.5], [0.5, 0.4, 1, 0.8], [0.4, 0.5, 0.8, 1]]
    np.testing.assert_allclose(found["a"], 0.2 * np.array(limbs), rtol=1e-12)
    # ten people against ten: half of each difference's variance is the control's
    np.testing.assert_allclose(found["b"], 0.2 * np.array(limbs), rtol=1e-12)
    data = pd.concat([rows, rows.assign(study=rows["study"] + "2")], ignore_index=True)
    data["yi"] = np.linspace(0.1, 0.9, 16)
    blocks = sampling_covariance(data, people="arm", outcome="endpoint", r=0.8, control="against")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert metaregression.fit(data, levels=["study", "arm"], V=blocks).converged


def test_a_table_that_does_not_say_enough_is_refused():
    rows = pd.DataFrame(
        {
            "study": "a",
            "arm": [1, 1, 2],
            "outcome": ["x", "y", "x"],
            "allocation": "within",
            "against": 1,
            "n": 10,
            "n_control": 10,
            "vi": 0.2,
        }
    )
    cases = [
        ({"people": "arm"}, "give the correlation r="),
        ({"people": "arm", "r": 1.0}, "r must be 0 to 0.999999"),
        ({"people": "arm", "r": -0.1}, "r must be 0"),
        ({"people": "arm", "outcome": "outcome", "r": 0.5, "allocation": "allocation"}, "r_limbs="),
        ({"people": "arm", "r": 0.5, "allocation": "allocation", "r_limbs": 0.4}, "outcome= must"),
        ({"people": "arm", "outcome": "against", "r": 0.5}, "rows 0, 1 are the same people"),
        ({"people": "group"}, "no column 'group'"),
        ({"control": "against", "n": "people"}, "no column 'people'"),
    ]
    for options, words in cases:
        with pytest.raises(ValueError, match=words):
            sampling_covariance(rows, **options)
    with pytest.raises(ValueError, match="occur twice"):
        sampling_covariance(rows.set_index([[0, 0, 1]]), people="arm", r=0.5)
    with pytest.raises(ValueError, match="different sizes"):
        sampling_covariance(
            rows.assign(n_control=[8, 8, 9]),
            people="arm",
            control="against",
            outcome="outcome",
            r=0.5,
        )
    with pytest.raises(ValueError, match="differs between its rows"):
        sampling_covariance(
            rows.assign(allocation=["within", "between", "within"]),
            people="arm",
            r=0.5,
            outcome="outcome",
            allocation="allocation",
            r_limbs=0.5,
        )
