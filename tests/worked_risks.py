"""The numbers of the report on minutes and risk, by plain algebra; nothing here is repdose's.

Ratios, cases and person-years are those typed a second time from print; plans are those of
``worked_reports``. The likelihood is written with whole matrices and searched by a simplex from
several places. ``python tests/worked_risks.py`` writes ``published/reports_activity_and_risk.csv``.
"""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.optimize import brentq, minimize, root
from worked_reports import PLANS, mean_week, pause_s, work_s

PUBLISHED = Path(__file__).parent / "published"
Z = 1.959963984540054
# Upper bounds of the classes whose lower bounds the transcriptions have.
UPPER = {"kamada2017": [0, 19, 59, 149, None], "patel2020": [0, 60, 120, None]}
# Width of the class below the open one, and its lower bound.
OPEN = {"kamada2017": (60, 149, 150), "patel2020": (60, 120, 120)}
SHAPES = ("quadratic", "spline", "spline_people", "root")
OPEN_RULES = ("half", 1.2, 1.5)
COVARIANCES = ("greenland", "hamling", "none")
METHODS = ("REML", "ML", "fixed")


def cohort(name):
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["outcome"] == "death"]
    return {
        key: np.array([float(row[key]) if row[key] else np.nan for row in rows])
        for key in ("dose_low", "cases", "n", "rr", "ci_low", "ci_high")
    }


def doses(name, rule):
    low = cohort(name)["dose_low"]
    below, above, bound = OPEN[name]
    last = bound + (above - below) / 2 if rule == "half" else rule * bound
    return np.array(
        [last if high is None else (a + high) / 2 for a, high in zip(low, UPPER[name], strict=True)]
    )


def covariance(one, how):
    v = (np.log(one["ci_high"][1:] / one["ci_low"][1:]) / (2 * Z)) ** 2
    if how == "none":
        return np.diag(v)
    if how == "greenland":
        u = 1 / (one["rr"] * one["n"])
        s = np.sqrt(u[0] + u[1:])
        r = u[0] / np.outer(s, s)
        np.fill_diagonal(r, 1)
        return r * np.sqrt(np.outer(v, v))
    # Hamling, rates: counts A_x = 1/(v - 1/A_0) keep N_0/sum N and sum N/sum A
    share, odds = one["n"][0] / one["n"].sum(), one["n"].sum() / one["cases"].sum()

    def off(logs):
        a0, n0 = np.exp(logs)
        a = 1 / (v - 1 / a0)
        n = a * n0 / (a0 * one["rr"][1:])
        if a.min() <= 0:
            return [9.0, 9.0]
        return [n0 / (n0 + n.sum()) / share - 1, (n0 + n.sum()) / (a0 + a.sum()) / odds - 1]

    for times in np.geomspace(1.001, 1000, 60):
        a0 = times / v.min()
        found = root(off, np.log([a0, a0 * one["n"][0] / one["cases"][0]]), tol=1e-12)
        if max(map(abs, off(found.x))) < 1e-9:
            matrix = np.full((len(v), len(v)), 1 / np.exp(found.x[0]))
            np.fill_diagonal(matrix, v)
            return matrix
    raise AssertionError("no counts found")


def cube(x):
    return np.maximum(x, 0.0) ** 3


def columns(shape, x, knots):
    x = np.asarray(x, float)
    if shape == "quadratic":
        return np.column_stack([x / 100, (x / 100) ** 2])
    if shape == "root":
        return np.column_stack([np.sqrt(x / 100), x / 100])
    a, b, c = knots
    bend = cube(x - a) - (cube(x - b) * (c - a) - cube(x - c) * (b - a)) / (c - b)
    return np.column_stack([x / 100, bend / (c - a) ** 2 / 100])


def knots_of(shape, all_doses, years):
    if shape == "spline":
        return np.quantile(all_doses, [0.1, 0.5, 0.9])
    some = all_doses > 0
    order = np.argsort(all_doses[some], kind="stable")
    weight = years[some][order]
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    return np.interp([0.1, 0.5, 0.9], middle, all_doses[some][order])


def minus_two(theta, parts, method):
    """-2 log-likelihood less its constants, coefficients, their covariance and Psi."""
    lower = np.array([[theta[0], 0], [theta[1], theta[2]]])
    psi = lower @ lower.T
    information, score, value = np.zeros((2, 2)), np.zeros(2), 0.0
    for x, y, s in parts:
        sigma = s + x @ psi @ x.T
        information += x.T @ np.linalg.solve(sigma, x)
        score += x.T @ np.linalg.solve(sigma, y)
        value += np.linalg.slogdet(sigma)[1]
    b = np.linalg.solve(information, score)
    for x, y, s in parts:
        e = y - x @ b
        value += e @ np.linalg.solve(s + x @ psi @ x.T, e)
    if method == "REML":
        value += np.linalg.slogdet(information)[1]
    return value, b, np.linalg.inv(information), psi


def fitted(shape="quadratic", rule="half", how="greenland", method="REML"):
    cohorts = {name: cohort(name) for name in UPPER}
    at = {name: doses(name, rule) for name in UPPER}
    knots = None
    if shape.startswith("spline"):
        every = np.concatenate(list(at.values()))
        knots = knots_of(shape, every, np.concatenate([one["n"] for one in cohorts.values()]))
    parts = [
        (columns(shape, at[name][1:], knots), np.log(one["rr"][1:]), covariance(one, how))
        for name, one in cohorts.items()
    ]
    if method == "fixed":
        return minus_two(np.zeros(3), parts, "ML")[1:], knots
    best = None
    for start in (0.05, 0.3, 1.0):
        theta = np.array([start, 0.0, start])
        for _ in range(3):
            found = minimize(
                lambda theta: minus_two(theta, parts, method)[0],
                theta,
                method="Nelder-Mead",
                options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000},
            )
            theta = found.x
        if best is None or found.fun < best.fun:
            best = found
    return minus_two(best.x, parts, method)[1:], knots


def ratio(fit, shape, minutes):
    """Ratio with confidence and prediction limits, by the normal quantile."""
    (b, v, psi), knots = fit
    d = columns(shape, [minutes], knots)[0]
    estimate = d @ b
    inner, outer = Z * np.sqrt(d @ v @ d), Z * np.sqrt(d @ (v + psi) @ d)
    return [float(np.exp(estimate + side)) for side in (0, -inner, inner, -outer, outer)]


def every_ratio(minutes):
    """The ratio under each of 108 ways to fit it."""
    return [ratio(fit, shape, minutes)[0] for (shape, _, _, _), fit in every_fit().items()]


def every_fit(kept={}):  # noqa: B006
    if not kept:
        for way in itertools.product(SHAPES, OPEN_RULES, COVARIANCES, METHODS):
            kept[way] = fitted(*way)
    return kept


def lowest(fit):
    """Vertex of the parabola, and exact quantiles of where one of its distribution is lowest.

    Bent upwards it is lowest below q where its slope at q is above 0; bent downwards it is lowest
    at no dose, or at the last one where it ends below 1.
    """
    (b, v, _), _ = fit
    top = max(doses(name, "half").max() for name in UPPER) / 100

    def below(q):
        """Probability, of two normal sums both above 0."""
        total = 0.0
        for first, second in (([0, 1], [1, 2 * q]), ([0, -1], [1, top])):
            two = np.array([first, second], float)
            spread = two @ v @ two.T
            total += stats.multivariate_normal.cdf(two @ b, np.zeros(2), spread)
        return total

    ends = [brentq(lambda q, share=share: below(q) - share, 0.01, top) for share in (0.025, 0.975)]
    return float(-50 * b[0] / b[1]), *(100 * end for end in ends)


def last_dose_below_one(fit):
    """Largest root of (b'd)² = z² d'Vd within the doses: a polynomial in the dose."""
    (b, v, _), _ = fit
    # with d = (t, t²): (b0 + b1 t)² - z² (v00 + 2 v01 t + v11 t²) = 0
    roots = np.roots(
        [
            b[1] ** 2 - Z**2 * v[1, 1],
            2 * (b[0] * b[1] - Z**2 * v[0, 1]),
            b[0] ** 2 - Z**2 * v[0, 0],
        ]
    )
    good = [100 * r.real for r in roots if abs(r.imag) < 1e-9 and 0 < r.real < 1.945]
    return min(good)


def rows():
    fit = fitted()
    for scenario, plan in PLANS.items():
        if scenario not in ("foundation", "to_hanging", "flutter_endurance"):
            continue
        working = mean_week(plan, work_s) / 60
        elapsed = mean_week(plan, lambda stage: work_s(stage) + pause_s(stage)) / 60
        here, there = ratio(fit, "quadratic", elapsed), ratio(fit, "quadratic", working)
        every = every_ratio(elapsed)
        vertex, low, high = lowest(fit)
        yield scenario, "minutes_elapsed", elapsed, None, None, "min/week", 0
        yield scenario, "minutes_working", working, None, None, "min/week", 0
        yield scenario, "risk_elapsed", *here[:3], "", 2
        yield scenario, "risk_working", *there[:3], "", 2
        yield scenario, "risk_elapsed_further_cohort", here[0], *here[3:], "", 2
        yield scenario, "lowest_minutes", vertex, low, high, "min/week", 0
        yield scenario, "lowest_risk", *ratio(fit, "quadratic", vertex)[:3], "", 2
        yield scenario, "risk_elapsed_over_choices", here[0], min(every), max(every), "", 2
        yield scenario, "upper_limit_crosses", last_dose_below_one(fit), None, None, "min/week", 0


def write():
    path = PUBLISHED / "reports_activity_and_risk.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.writer(file, lineterminator="\n")
        made.writerow(("scenario", "id", "value", "low", "high", "unit", "decimals"))
        for scenario, id, *numbers, unit, decimals in rows():
            shown = ["" if number is None else f"{number:.8g}" for number in numbers]
            made.writerow((scenario, id, *shown, unit, decimals))


if __name__ == "__main__":
    write()
