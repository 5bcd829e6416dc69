"""A table checked once and fitted several times is as if each fit had been alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from repdose import metaregression
from repdose.metaregression.estimation import estimate
from repdose.metaregression.model import fits
from repdose.metaregression.prepared import prepare

LEVELS = ["study", "es_id"]


def effects(studies=12, between=0.3, seed=5):
    """Three effects a study around a line in the dose, whose studies differ by `between`."""
    random = np.random.default_rng(seed)
    study = np.repeat(np.arange(studies), 3)
    dose = random.uniform(2, 20, len(study))
    vi = random.uniform(0.02, 0.06, len(study))
    shift = between * random.standard_normal(studies)[study]
    yi = 0.2 + 0.03 * dose + shift + np.sqrt(vi) * random.standard_normal(len(study))
    return pd.DataFrame({"study": study, "es_id": range(len(study)), "dose": dose}).assign(
        yi=yi, vi=vi
    )


def blocks(data, rho=0.5):
    """Covariances of errors that correlate by `rho` within a study."""
    found = []
    for _, rows in data.groupby("study"):
        root = np.sqrt(rows["vi"].to_numpy())
        found.append(np.outer(root, root) * (rho + (1 - rho) * np.eye(len(rows))))
    return found


def assert_alike(one, other):
    """Two fits of the same model end in the same place."""
    # The slope of a likelihood vanishes at its top: of a variance the square root of rounding
    # counts, of a likelihood rounding itself.
    np.testing.assert_allclose(one.coefficients, other.coefficients, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(one.sigma2, other.sigma2, rtol=1e-6, atol=1e-9)
    assert one.loglik == pytest.approx(other.loglik, abs=1e-10)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("between", [0.0, 0.3])
def test_models_of_one_table_are_those_of_fits_alone(between, seed):
    data = effects(between=between, seed=seed)
    ready, start = prepare(data, levels=LEVELS, V=blocks(data)), None
    for formula in ("~ 1", "~ dose", "~ rcs(dose, 3)"):
        both = fits(ready, formula, ("ML", "REML"), start=start)
        start = both[0].fitted
        for method, found in zip(("ML", "REML"), both, strict=True):
            alone = metaregression.fit(
                data, formula=formula, levels=LEVELS, V=blocks(data), method=method
            )
            assert_alike(found, alone)
            assert found.method == method


def test_an_ed50_is_that_of_a_fit_alone_whatever_was_fitted_before():
    data = effects(studies=20)
    data["yi"] = 2 * data["dose"] / (6 + data["dose"]) + 0.1 * (data["yi"] - data["yi"].mean())
    ready = prepare(data, levels=LEVELS)
    for method, found in zip(
        ("ML", "REML"), fits(ready, "~ emax(dose)", ("ML", "REML")), strict=True
    ):
        alone = metaregression.fit(data, formula="~ emax(dose)", levels=LEVELS, method=method)
        assert_alike(found, alone)
        assert found.emax.ed50 == pytest.approx(alone.emax.ed50, rel=1e-7)


@pytest.mark.parametrize("sloped", [False, True])
def test_where_a_search_begins_does_not_move_where_it_ends(sloped):
    # from a fit whose variances are zero, in which the slope of the likelihood vanishes too
    slopes = {"study": "dose"} if sloped else {}
    differing, alike = effects(studies=30), effects(studies=30, between=0.0)
    zero = metaregression.fit(
        alike.assign(yi=0.2 + 0.001 * alike["yi"]), formula="~ dose", levels=LEVELS, slopes=slopes
    )
    assert zero.fitted.boundary
    cold = metaregression.fit(differing, formula="~ dose", levels=LEVELS, slopes=slopes)
    assert cold.sigma2["study"].max() > 0.01 if sloped else cold.sigma2["study"] > 0.01
    warm = estimate(cold.problem, True, zero.fitted)
    assert warm.loglik == pytest.approx(cold.loglik, abs=1e-9)
    np.testing.assert_allclose(warm.beta, cold.fitted.beta, rtol=1e-6)
    np.testing.assert_allclose(warm.random["study"], cold.fitted.random["study"], rtol=1e-4)


@pytest.mark.parametrize("sloped", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_search_that_takes_over_from_an_unlike_table_ends_where_it_would_alone(seed, sloped):
    # with the curvature of that one too, whatever it is worth
    random = np.random.default_rng(seed)
    data = effects(studies=14, seed=seed)
    slopes = {"study": "dose"} if sloped else {}
    cold = metaregression.fit(data, formula="~ dose", levels=LEVELS, slopes=slopes).fitted
    others = [
        data.assign(yi=random.permutation(data["yi"])),
        data.assign(yi=3 * data["yi"], vi=data["vi"] * random.uniform(0.1, 8, len(data))),
        data.assign(yi=0.2 + 0.001 * data["yi"]),
    ]
    for other in others:
        begun = metaregression.fit(other, formula="~ dose", levels=LEVELS, slopes=slopes).fitted
        warm = estimate(cold.tree.problem, True, begun)
        assert warm.converged
        assert warm.loglik == pytest.approx(cold.loglik, abs=1e-9)
        np.testing.assert_allclose(warm.beta, cold.beta, rtol=1e-6, atol=1e-9)


def test_columns_that_are_added_can_be_fitted_and_are_checked_like_any():
    data = effects()
    ready = prepare(data, levels=LEVELS)
    doubled = fits(ready.assign(twice=2 * data["dose"]), "~ twice", ["REML"])[0]
    once = metaregression.fit(data, formula="~ dose", levels=LEVELS)
    assert doubled.coefficients.loc["twice", "estimate"] == pytest.approx(
        once.coefficients.loc["dose", "estimate"] / 2
    )
    lost = ready.assign(lost=data["dose"].where(data.index != 3))
    with pytest.raises(ValueError, match="'lost' is missing at rows 3"):
        fits(lost, "~ lost", ["REML"])
    with pytest.raises(ValueError, match="no column 'sets'"):
        fits(ready, "~ sets", ["REML"])


def test_faults_of_the_table_are_told_before_anything_is_fitted():
    data = effects()
    with pytest.raises(ValueError, match="'vi' is not positive at rows 2"):
        prepare(data.assign(vi=data["vi"].where(data.index != 2, -1.0)), levels=LEVELS)
    with pytest.raises(ValueError, match="'dose' is missing at rows 1"):
        prepare(
            data.assign(dose=data["dose"].where(data.index != 1)),
            formulas=["~ dose"],
            levels=LEVELS,
        )
    with pytest.raises(ValueError, match="DataFrame"):
        prepare(data.to_numpy(), levels=LEVELS)


def test_a_warning_points_to_the_line_that_asked_for_the_fit():
    data = effects()
    kinds = data.assign(kind=data.groupby("study").cumcount().map({0: "a", 1: "b", 2: "c"}))
    asked = [{"levels": LEVELS, "max_iterations": 1}, {"levels": ["study", "kind"]}]
    for given in asked:
        with pytest.warns(UserWarning, match="did not converge|recur in most") as told:
            metaregression.fit(kinds, formula="~ dose", **given)
        assert [warning.filename for warning in told] == [__file__]


@pytest.mark.parametrize("given", [{"V": True}, {"rho": 0.4, "rho_within": "arm"}])
def test_other_effects_of_the_same_rows_are_fitted_as_if_prepared_anew(given):
    data = effects().assign(arm=lambda rows: rows["study"] * 2 + rows["es_id"] % 2)
    other = data.assign(yi=1.1 * data["yi"] + 0.1, vi=data["vi"] * np.linspace(0.5, 3, len(data)))

    def errors(table):
        return {"V": blocks(table)} if "V" in given else given

    ready = prepare(data, levels=LEVELS, **errors(data))
    fits(ready, "~ rcs(dose, 3)", ["REML"])
    found = fits(ready.with_effects(other, **errors(other)), "~ rcs(dose, 3)", ["REML"])[0]
    alone = metaregression.fit(other, formula="~ rcs(dose, 3)", levels=LEVELS, **errors(other))
    np.testing.assert_array_equal(found.fitted.beta, alone.fitted.beta)
    np.testing.assert_array_equal(found.fitted.covariance, alone.fitted.covariance)
    assert found.knots == alone.knots
    pd.testing.assert_frame_equal(found.data, other)


def test_other_effects_are_checked_like_the_first():
    data = effects()
    ready = prepare(data, levels=LEVELS)
    with pytest.raises(ValueError, match="'vi' is not positive at rows 2"):
        ready.with_effects(data.assign(vi=data["vi"].where(data.index != 2, 0.0)))
    with pytest.raises(ValueError, match="'yi' is missing at rows 4"):
        ready.with_effects(data.assign(yi=data["yi"].where(data.index != 4)))
    with pytest.raises(ValueError, match="other rows"):
        ready.with_effects(data.iloc[:-1])
    with pytest.raises(ValueError, match="symmetric"):
        ready.with_effects(data, V=[block + np.triu(block, 1) for block in blocks(data)])


def test_a_column_that_is_added_again_is_the_new_one():
    data = effects()
    ready = prepare(data, levels=LEVELS)
    for factor in (2, 4):
        found = fits(ready.assign(times=factor * data["dose"]), "~ times", ["REML"])[0]
        once = fits(ready, "~ dose", ["REML"])[0]
        assert found.fitted.beta[1] == pytest.approx(once.fitted.beta[1] / factor)


def test_a_design_that_was_read_and_changed_by_hand_is_read_as_it_was():
    data = effects()
    parsed, _ = prepare(data, levels=LEVELS).design("~ dose + I(dose**2)")
    at = pd.DataFrame({"dose": [2.0, 5.0]})
    first = parsed.matrix(at)
    first[:] = 0
    np.testing.assert_array_equal(parsed.matrix(at), [[1, 2, 4], [1, 5, 25]])
    np.testing.assert_array_equal(parsed.matrix(at.astype(int)), [[1, 2, 4], [1, 5, 25]])
    np.testing.assert_array_equal(parsed.matrix(at.iloc[::-1]), [[1, 5, 25], [1, 2, 4]])
    with pytest.raises(ValueError, match="no finite value at rows 1"):
        parsed.matrix(at.assign(dose=[2.0, np.inf]))
