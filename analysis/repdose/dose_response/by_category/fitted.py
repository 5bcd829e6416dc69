"""What a fit of grouped dose-response answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from repdose.arguments import Range, checked, choice
from repdose.dose_response.by_category import diagnostics, turning
from repdose.dose_response.by_category.categories import Study
from repdose.dose_response.by_category.estimation import Estimate, Sums
from repdose.dose_response.by_category.robust import bias_reduced
from repdose.dose_response.by_category.shapes import Shape, designs
from repdose.metaregression.inference import quantile, table
from repdose.metaregression.robust import Sandwich

Array = NDArray[Any]

KINDS = ("t", "z", "CR2")
LEVEL = Range(0.5, 0.999999, "(coverage)")
DOSE = Range(0, 1e9, "(unit of the dose)")
# Curves whose lowest points give the interval of the nadir.
CURVES = 16_384
RISK = Range(0, 1, "(a risk or rate)", above=True)


@dataclass(frozen=True, eq=False, repr=False)
class GroupedFit:
    """A fitted curve of log ratios on dose, made by :func:`repdose.dose_response.grouped`.

    ``psi`` is the covariance of the coefficients between studies, ``optima`` the
    log-likelihoods of the distinct maxima the searches found, best first, ``notes`` what was
    assumed or must be known before reading the numbers.
    """

    studies: tuple[Study, ...]
    shape: Shape
    sums: Sums
    estimate: Estimate
    fixed: Estimate
    covariance: str
    heterogeneity: str
    method: str
    stages: int
    notes: tuple[str, ...]

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.studies)

    @property
    def psi(self) -> pd.DataFrame:
        """Covariance of the coefficients between studies [1/unit of dose, by term]."""
        terms = list(self.shape.terms)
        return pd.DataFrame(self.estimate.psi, index=terms, columns=terms)

    @property
    def loglik(self) -> float:
        """Log-likelihood; of REML with the ½ log|ΣX'X| term, as in ``metaregression``.

        Of two stages it is that of the studies' coefficients, which depends on the unit of dose.
        """
        return self.estimate.loglik

    @property
    def optima(self) -> tuple[float, ...]:
        """Log-likelihoods of the distinct maxima found, best first."""
        return self.estimate.optima

    @property
    def degrees_of_freedom(self) -> float:
        """Studies less coefficients; infinite (the normal quantile) where none are left."""
        left = self.k - len(self.shape.terms)
        return float(left) if left > 0 else np.inf

    @cached_property
    def _designs(self) -> list[Array]:
        return designs(
            self.shape,
            [study.dose for study in self.studies],
            [study.reference for study in self.studies],
        )

    @cached_property
    def _sandwich(self) -> Sandwich:
        if self.k <= len(self.shape.terms):
            raise ValueError(
                f"CR2 needs more studies than coefficients; there are {self.k} studies and "
                f"{len(self.shape.terms)} coefficients; use kind='t' or 'z'"
            )
        b, psi = self.estimate.coefficients, self.estimate.psi
        return bias_reduced(
            self._designs,
            [
                study.log_ratio[study.others] - x @ b
                for study, x in zip(self.studies, self._designs, strict=True)
            ],
            [
                study.covariance + x @ psi @ x.T
                for study, x in zip(self.studies, self._designs, strict=True)
            ],
            self.estimate.covariance,
        )

    def _error(self, contrasts: Array, kind: str) -> tuple[Array, Array]:
        """Standard errors and degrees of freedom of rows of contrasts."""
        if choice("kind", kind, KINDS) == "CR2":
            # at the reference there is nothing to be unsure of
            moved = (contrasts != 0).any(axis=1)
            variance, df = np.zeros(len(contrasts)), np.full(len(contrasts), np.inf)
            names = np.array([study.name for study in self.studies])
            variance[moved], df[moved], why = self._sandwich.inference(
                contrasts[moved], "study", names
            )
            if any(why):
                raise ValueError(f"{next(filter(None, why))}; use kind='t' or 'z'")
            return np.sqrt(variance), df
        variance = np.einsum("ra,ab,rb->r", contrasts, self.estimate.covariance, contrasts)
        degrees = self.degrees_of_freedom if kind == "t" else np.inf
        return np.sqrt(variance), np.full(len(contrasts), degrees)

    def inference(self, *, kind: str = "t", level: float = 0.95) -> pd.DataFrame:
        """Coefficients with their uncertainty.

        Parameters
        ----------
        kind : {"t", "z", "CR2"}
            t with studies less coefficients as degrees of freedom, the normal quantile, or
            cluster-robust with Satterthwaite degrees of freedom.
        level : float
            Coverage of the interval [1].

        Returns
        -------
        DataFrame
            By term: estimate, se [log ratio per unit of the term], df, statistic, p, ci_low,
            ci_high. df is infinite where the normal quantile is used.
        """
        level = float(checked("level", level, LEVEL))
        b = self.estimate.coefficients
        se, df = self._error(np.eye(len(b)), kind)
        return table(self.shape.terms, b, se, df, level)

    @property
    def coefficients(self) -> pd.DataFrame:
        """Coefficients with t intervals: :meth:`inference` at its defaults."""
        return self.inference()

    def curve(
        self,
        dose: float | Sequence[float] | Array,
        *,
        reference: float = 0,
        kind: str = "t",
        level: float = 0.95,
    ) -> pd.DataFrame:
        """The ratio at each dose against a reference dose.

        Parameters
        ----------
        dose : float or array_like, shape (n,)
            Doses [unit of the data's dose].
        reference : float
            Dose at which the ratio is 1 [unit of the data's dose].
        kind : {"t", "z", "CR2"}
            Of the confidence interval, as for :meth:`inference`.
        level : float
            Coverage [1].

        Returns
        -------
        DataFrame
            dose, log_rr, se, rr, ci_low, ci_high (of the mean curve), pi_low, pi_high (of the
            curve of a further study: Psi added, t), studied (within the doses of the data).

        Notes
        -----
        At the reference both bands have width 0 by construction; a further study's may be too
        narrow where studies are few (91.5 % of ten, simulated). *Valid for* the mean of such
        cohorts. *Not valid for* a person, nor as an effect: adjustment is the cohorts' choice.
        """
        level = float(checked("level", level, LEVEL))
        doses = np.atleast_1d(np.asarray(checked("dose", dose, DOSE)))
        start = float(checked("reference", reference, DOSE))
        contrasts = self.shape.at(doses, start)
        log_ratio = contrasts @ self.estimate.coefficients
        se, df = self._error(contrasts, kind)
        half = quantile(df, level) * se
        between = np.einsum("ra,ab,rb->r", contrasts, self.estimate.psi, contrasts)
        variance = np.einsum("ra,ab,rb->r", contrasts, self.estimate.covariance, contrasts)
        # a further study's curve is no surer than the mean curve
        ahead = quantile(self.degrees_of_freedom, level)
        wide = np.maximum(ahead * np.sqrt(variance + between), half)
        low, high = self.studied
        return pd.DataFrame(
            {
                "dose": doses,
                "log_rr": log_ratio,
                "se": se,
                "rr": np.exp(log_ratio),
                "ci_low": np.exp(log_ratio - half),
                "ci_high": np.exp(log_ratio + half),
                "pi_low": np.exp(log_ratio - wide),
                "pi_high": np.exp(log_ratio + wide),
                "studied": (doses >= low) & (doses <= high),
            }
        )

    def by_study(self) -> pd.DataFrame:
        """Each study's own coefficients where its ratios tell them apart, a column a term.

        They are the first of two stages [log ratio per unit of the term].
        """
        own = {
            study.name: b / self.sums.scale
            for study, b in zip(self.studies, diagnostics.own_coefficients(self.sums), strict=True)
            if b is not None
        }
        return pd.DataFrame.from_dict(own, orient="index", columns=list(self.shape.terms))

    @property
    def studied(self) -> tuple[float, float]:
        """Least and largest dose of a category [unit of dose]."""
        doses = np.concatenate([study.dose for study in self.studies])
        return float(doses.min()), float(doses.max())

    def heterogeneity_test(self) -> dict[str, float]:
        """Q of the studies' own curves around the common one, its df, p, and I² [share]."""
        return diagnostics.heterogeneity(self.sums, self.fixed)

    def goodness(self) -> dict[str, float]:
        """Deviance, its df and p, R² and adjusted R² [share], at the fixed-effect curve."""
        return diagnostics.goodness(self.sums, self.fixed)

    def categories(self) -> pd.DataFrame:
        """Each category with its share of variance between studies and its residual.

        Returns
        -------
        DataFrame
            study, dose [unit of dose], log_rr, vpc [share] and residual [SD]; see
            :func:`repdose.dose_response.by_category.diagnostics.categories`.
        """
        return diagnostics.categories(
            self.studies, self._designs, self.estimate.psi, self.fixed.coefficients
        )

    def test(self, terms: Sequence[str] | None = None) -> dict[str, float]:
        """Wald test that the named terms are all zero; of every term by default.

        Returns
        -------
        dict
            chi2, df and p (large samples), and f, df_denominator and p_f where studies exceed
            coefficients.
        """
        names = list(self.shape.terms)
        chosen = names if terms is None else [choice("terms", term, names) for term in terms]
        at = [names.index(term) for term in chosen]
        b = self.estimate.coefficients[at]
        inner = self.estimate.covariance[np.ix_(at, at)]
        chi2 = float(b @ np.linalg.solve(inner, b))
        tested = {"chi2": chi2, "df": float(len(at)), "p": float(chdtrc(len(at), chi2))}
        if np.isfinite(left := self.degrees_of_freedom):
            f = chi2 / len(at)
            tested |= {"f": f, "df_denominator": left, "p_f": float(fdtrc(len(at), left, f))}
        return tested

    def nonlinearity(self) -> dict[str, float]:
        """Wald test that every term but the dose itself is zero.

        Raises
        ------
        ValueError
            If the shape has no straight line inside it.
        """
        others = [term for term in self.shape.terms if term not in ("dose", "any dose")]
        if "dose" not in self.shape.terms or not others:
            raise ValueError(f"{self.shape.name} does not hold a line and a departure from it")
        return self.test(others)

    def nadir(self, *, level: float = 0.95) -> dict[str, Any]:
        """The dose of lowest risk within the doses studied, with the interval of its place.

        Parameters
        ----------
        level : float
            Coverage [1].

        Returns
        -------
        dict
            dose, dose_low, dose_high [unit of dose]; rr, ci_low, ci_high: the ratio there against
            the least dose studied; at_edge: whether the lowest point is an end of the range.

        Notes
        -----
        Quantiles of the lowest points of curves spread evenly over the distribution of the
        coefficients (normal, or t with their degrees of freedom), each within the range studied.
        *Not valid for* doses beyond those studied.
        """
        level = float(checked("level", level, LEVEL))
        low, high = self.studied
        dose, at_edge = turning.lowest(
            lambda at: self.shape.at(at, low) @ self.estimate.coefficients, low, high
        )
        doses = np.linspace(low, high, turning.GRID)
        places = turning.lowest_of_many(
            self.shape.at(doses, low),
            self.estimate.coefficients,
            self.estimate.covariance,
            self.sums.scale,
            df=self.degrees_of_freedom,
            count=CURVES,
        )
        ends = np.quantile(doses[places], [(1 - level) / 2, (1 + level) / 2])
        at_lowest = self.curve(dose, reference=low, level=level).iloc[0]
        return {
            "dose": dose,
            "dose_low": float(ends[0]),
            "dose_high": float(ends[1]),
            "rr": float(at_lowest["rr"]),
            "ci_low": float(at_lowest["ci_low"]),
            "ci_high": float(at_lowest["ci_high"]),
            "at_edge": at_edge,
        }

    def crossings(
        self, *, reference: float = 0, level: float = 0.95, kind: str = "t"
    ) -> list[float]:
        """Doses within the range studied at which the upper limit of the ratio crosses 1."""
        return turning.crossings(
            lambda doses: np.log(
                self.curve(doses, reference=reference, level=level, kind=kind)["ci_high"].to_numpy()
            ),
            *self.studied,
        )

    def risk_difference(
        self,
        dose: float | Sequence[float] | Array,
        *,
        baseline: float,
        source: str,
        reference: float = 0,
    ) -> pd.DataFrame:
        """Risk or rate at each dose and its difference from that at the reference dose.

        Parameters
        ----------
        dose, reference : float or array_like
            Doses, and the dose that the baseline belongs to [unit of dose].
        baseline : float
            Risk or rate at the reference dose [share, or events per person-year].
        source : str
            Where the baseline comes from; it is part of the answer.

        Returns
        -------
        DataFrame
            dose, risk, difference, ci_low and ci_high of the difference (the baseline is taken as
            known), source.
        """
        start = float(checked("baseline", baseline, RISK))
        if not source.strip():
            raise ValueError("source must say where the baseline risk comes from; it is empty")
        curve = self.curve(dose, reference=reference)
        return pd.DataFrame(
            {
                "dose": curve["dose"],
                "risk": start * curve["rr"],
                "difference": start * (curve["rr"] - 1),
                "ci_low": start * (curve["ci_low"] - 1),
                "ci_high": start * (curve["ci_high"] - 1),
                "source": source,
            }
        )

    def __repr__(self) -> str:
        low, high = self.studied
        lines = [
            f"GroupedFit: {self.shape.name}; {self.k} studies, {int(self.sums.rows.sum())} ratios, "
            f"doses {low:g} to {high:g}",
            f"  {self.method}, {self.heterogeneity} between studies, covariance "
            f"{self.covariance}, {self.stages} stage{'s' * (self.stages > 1)}; "
            f"log-likelihood {self.loglik:.4f}",
            f"  intervals by t with {self.degrees_of_freedom:g} degrees of freedom"
            if np.isfinite(self.degrees_of_freedom)
            else "  intervals by the normal quantile",
            *(f"  note: {note}" for note in self.notes),
        ]
        return "\n".join(lines)
