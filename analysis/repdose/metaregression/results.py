"""What a fit answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.arguments import Range, checked
from repdose.metaregression import heterogeneity, inference, influence, small_study
from repdose.metaregression.data import new_rows
from repdose.metaregression.fitted import Fitted
from repdose.plots.style import Plotted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[Any]

LEVEL = Range(0.5, 0.999999, "(coverage)")


@dataclass(frozen=True, eq=False, repr=False)
class Fit(Fitted, Plotted):
    """A fitted meta-regression, made by :func:`repdose.metaregression.fit`.

    All estimates are in the units of the data. Tables are computed when first asked for.
    """

    # -- coefficients ---------------------------------------------------------------------------

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """Coefficients with 95 % intervals: estimate, se, statistic, p, ci_low, ci_high by term."""
        return self.summary().drop(columns=["df", "note"])

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Coefficients with model-based intervals, degrees of freedom, and a note where few."""
        checked("level", level, LEVEL)
        se = np.sqrt(np.diag(self.fitted.covariance) * self.scale)
        df = self.degrees_of_freedom
        return inference.table(self.terms, self.fitted.beta, se, df, level)

    def robust(self, kind: str = "CR2", level: float = 0.95) -> pd.DataFrame:
        """Coefficients with cluster-robust standard errors; the clusters are the outermost groups.

        Parameters
        ----------
        kind : {"CR2", "CR1", "CR0"}
            Small-sample correction.
        level : float
            Coverage of the intervals.

        Returns
        -------
        DataFrame
            By term: estimate, se, df (Satterthwaite), statistic, p, ci_low, ci_high, and a note
            where df is below 4. Where a coefficient rests on one study alone, its residuals are
            zero, or df is below 1, there is no robust error: se, df, statistic, p and interval
            are NaN and the note says why.

        References
        ----------
        :cite:`pustejovsky2018,tipton2015`
        """
        checked("level", level, LEVEL)
        errors = self.sandwich(kind)
        contrasts = self.fitted.to_terms
        return inference.robust_table(self, errors, self.terms, self.fitted.beta, contrasts, level)

    # -- tests ----------------------------------------------------------------------------------

    @property
    def heterogeneity(self) -> pd.Series:
        """Q test of residual heterogeneity: q, df, p."""
        return pd.Series(
            dict(zip(("q", "df", "p"), heterogeneity.q_test(self.problem), strict=True))
        )

    @property
    def i2(self) -> pd.Series:
        """I² of each level and in total [0 to 1]."""
        return heterogeneity.i_squared(self.problem, self.fitted)

    def variance_intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Profile-likelihood intervals of the variances, by level and term [unit of vi]."""
        checked("level", level, LEVEL)
        if self.method not in ("REML", "ML"):
            raise ValueError(
                f"method={self.method!r} maximises no likelihood; refit with 'REML' or 'ML'"
            )
        out = heterogeneity.profile_intervals(self.fitted, self.method == "REML", level)
        names = [
            term if term == "Intercept" else self.slope_designs[name].terms[0]
            for name, term in out.index
        ]
        out.index = pd.MultiIndex.from_arrays(
            [out.index.get_level_values(0), names], names=out.index.names
        )
        return out

    def wald(self, terms: Sequence[str] | None = None, kind: str | None = None) -> pd.Series:
        """Wald test that coefficients are all zero.

        Parameters
        ----------
        terms : sequence of str, optional
            Coefficients; all but the intercept if not given.
        kind : {"CR2", "CR1", "CR0"}, optional
            A robust test; model-based if not given.

        Returns
        -------
        Series
            statistic, df, df_denominator (infinite for a χ² test), p.
        """
        return inference.wald(self, terms, kind)

    def contrast(
        self, weights: Mapping[str, float], *, kind: str | None = None, level: float = 0.95
    ) -> pd.Series:
        """A weighted sum of coefficients, as the slope in one group or ten sets more.

        Parameters
        ----------
        weights : mapping of term to number
            Weight of each coefficient; those not named have none.
        kind : {"CR2", "CR1", "CR0"}, optional
            Robust standard error and degrees of freedom; model-based if not given.
        level : float
            Coverage of the interval.

        Returns
        -------
        Series
            estimate, se, df, statistic, p, ci_low, ci_high [unit of yi], and a note as in
            :meth:`robust`.

        Raises
        ------
        ValueError
            If a term is unknown, a weight is no finite number, or all are zero.
        """
        checked("level", level, LEVEL)
        return inference.contrast(self, weights, kind, level)

    def likelihood_ratio(self, smaller: Fit) -> pd.Series:
        """Likelihood-ratio test of a smaller fit of the same effects: statistic, df, p."""
        return inference.likelihood_ratio(self, smaller)

    # -- predictions ----------------------------------------------------------------------------

    def predict(
        self,
        new: Mapping[str, Any] | pd.DataFrame | Sequence[float] | float | None = None,
        *,
        level: float = 0.95,
        kind: str | None = None,
    ) -> pd.DataFrame:
        """Mean effect along the dose, with confidence and prediction intervals.

        Parameters
        ----------
        new : dict, DataFrame or array_like, optional
            Values of the moderators; the values alone where there is one moderator, and nothing for
            a formula without any.
        level : float
            Coverage of both intervals.
        kind : {"CR2", "CR1", "CR0"}, optional
            Robust standard errors and degrees of freedom for the mean; model-based if not given.

        Returns
        -------
        DataFrame
            estimate, se, ci_low, ci_high, pi_low, pi_high per row [unit of yi].

        Notes
        -----
        The prediction interval is for the true effect of a new group at every level,

        .. math:: x'b \\pm t_{N-p} \\sqrt{se^2 + \\sum_l z'G_l z}

        with N outermost groups and p coefficients :cite:`higgins2009,riley2011`; intercept and
        slope variance and their covariance all enter, so that it widens along the dose. It takes
        t whatever `test` is.

        *Valid for* doses within the range fitted. *Not valid for* the effect that a trial will
        observe, which also carries that trial's sampling error.
        """
        checked("level", level, LEVEL)
        names = list(self.design.variables)
        for item in self.slope_designs.values():
            names += [name for name in item.variables if name not in names]
        if new is None and names:
            raise ValueError(f"the fit needs new values of {', '.join(names)}")
        table = new_rows({} if new is None else new, names)
        rows, offset, between = self._rows(table)
        return inference.predictions(self, rows, offset, between, level, kind)

    def _rows(self, table: pd.DataFrame) -> tuple[Array, Array, Array]:
        """Design rows, what is known of the mean beyond them, and z'Gz summed over levels."""
        count = len(table)
        rows = self.design.matrix(table)
        offset = np.zeros(count)
        if self.emax is not None:
            at, ed50 = self.emax.position, self.emax.ed50
            dose = rows[:, at].copy()
            if (dose < 0).any():
                raise ValueError(f"term {self.design.terms[at]!r} needs doses of at least zero")
            rows[:, at] = dose / (ed50 + dose)
            rows = np.insert(rows, at + 1, -self.emax.size * dose / (ed50 + dose) ** 2, axis=1)
            offset = -rows[:, at + 1] * ed50
        between = np.zeros(count)
        for name, g in self.fitted.random.items():
            z = np.ones((count, 1))
            if name in self.slope_designs:
                z = np.column_stack([z, self.slope_designs[name].matrix(table)])
            between += np.einsum("ra,ab,rb->r", z, g, z)
        return rows, offset, between

    # -- influence ------------------------------------------------------------------------------

    def leave_one_out(self) -> pd.DataFrame:
        """The fit without each outermost group in turn; see :func:`influence.leave_one_out`."""
        return influence.leave_one_out(self)

    def cooks_distance(self) -> pd.Series:
        """Cook's distance of each outermost group; see :func:`influence.cooks_distance`."""
        return influence.cooks_distance(self)

    def bootstrap(self, replicates: int = 1000, *, seed: int) -> pd.DataFrame:
        """Refits of resampled outermost groups; see :func:`influence.bootstrap`."""
        return influence.bootstrap(self, replicates, seed)

    def small_study_effects(
        self, level: float = 0.95, *, precision: str | Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Egger-type slope, PET and PEESE; see :func:`small_study.small_study_effects`.

        `precision` names the column of sample sizes, or those of two groups.
        """
        checked("level", level, LEVEL)
        return small_study.small_study_effects(self, level, precision)

    def _picture(self) -> Callable[[Axes], None]:
        from repdose.plots import dose

        names = dict.fromkeys(self.design.variables)
        names |= {name: None for one in self.slope_designs.values() for name in one.variables}
        numeric = [name for name in names if pd.api.types.is_numeric_dtype(self.data[name])]
        if len(names) != 1 or not numeric:
            raise ValueError(
                f"plot draws effects along one number; the moderators are "
                f"{', '.join(names) or 'none'}: use predict() and draw what it gives"
            )
        effects = pd.DataFrame(
            {"dose": self.data[numeric[0]], "yi": self.problem.y, "vi": self.problem.v}
        )
        doses = dose.between(effects["dose"].min(), effects["dose"].max())
        line = self.predict(doses).rename(columns={"ci_low": "low", "ci_high": "high"})

        def draw(axes: Axes) -> None:
            dose.effects_and_curve(axes, effects, line.assign(dose=doses))
            dose.named(axes, numeric[0], "Effect")

        return draw

    def _repr_html_(self) -> str:
        from repdose.shown import block, grid

        first, *rest = self._headline().splitlines()
        spread = self.sigma2.rename("variance").to_frame().rename_axis("level")
        summary = self.summary().rename_axis("term")
        return block(first, rest, grid(summary), grid(spread))

    def __repr__(self) -> str:
        return f"{self._headline()}{self.sigma2.to_string()}\n{self.summary().to_string()}"

    def _headline(self) -> str:
        counts = self.groups
        groups = "; ".join(f"{count} {counts.words(name)}" for name, count in counts.items())
        if not counts.within:
            groups = groups.replace("; ", ", ")
        state = "converged" if self.converged else "NOT CONVERGED"
        if self.boundary:
            state += ", a variance component on its boundary"
        left_out = f"{self.dropped}\n" if self.dropped.rows else ""
        return (
            f"{self.method} meta-regression {self.design.formula!r}: {self.k} effects in "
            f"{groups}; {state}\n{left_out}"
        )
