"""How curves show themselves: in a line, in Jupyter, and on axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from repdose.evidence.studies.curves import PublishedCurve
from repdose.evidence.studies.derived import DerivedFinding
from repdose.evidence.studies.study_findings import Finding

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


class _Curve(Protocol):
    """What a published curve and a refit have in common."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def quantity(self) -> str: ...
    @property
    def dose_unit(self) -> str: ...
    @property
    def outcome_unit(self) -> str: ...
    @property
    def response(self) -> Any: ...


class _Published(_Curve, Protocol):
    @property
    def record(self) -> PublishedCurve: ...
    @property
    def findings(self) -> tuple[Finding | DerivedFinding, ...]: ...
    @property
    def studied_range(self) -> tuple[float | None, float | None]: ...


class _Refitted(_Curve, Protocol):
    @property
    def dose(self) -> str: ...
    @property
    def forms(self) -> pd.DataFrame: ...
    @property
    def fits(self) -> Mapping[str, Any]: ...
    @property
    def averaged(self) -> list[str]: ...
    @property
    def left_out(self) -> Any: ...
    @property
    def studied_range(self) -> tuple[float, float]: ...


class Published:
    """How a published curve shows itself."""

    __slots__ = ()

    def __repr__(self: _Published) -> str:
        record = self.record
        return (
            f"<Curve {self.id}: {_published(self)} "
            f"[{record.source}, {record.locator}; {record.checked}]>"
        )

    def _repr_html_(self: _Published) -> str:
        import pandas as pd

        from repdose.shown import block, grid

        record, found = self.record, self.findings
        rows = pd.DataFrame(
            {
                "coefficient": [one.stated for one in found],
                "source": [f"{one.source}, {one.locator} ({one.checked})" for one in found],
            }
        )
        lines = (
            _published(self),
            f"{record.source}, {record.locator}; checked: {record.checked}",
            f"Valid for: {record.valid_for}",
            f"Not valid for: {record.not_valid_for}",
        )
        return block(f"{self.label} ({self.id})", lines, grid(rows, index=False))

    def plot(self: _Published, ax: Axes | None = None) -> Axes:
        """The curve over the doses that were studied, with the interval its source prints.

        Parameters
        ----------
        ax : Axes, optional
            What to draw on; new axes that look like a report's if not given.

        Returns
        -------
        Axes
            What was drawn on.

        Raises
        ------
        ValueError
            If the highest dose studied was not seen, or a dose below it lies in no band.

        Examples
        --------
        >>> from repdose import dose_response
        >>> axes = dose_response.curve_of("pelland2026.size_volume").plot()
        >>> axes.get_xlabel()
        'Dose [fractional sets per muscle per week]'
        """
        from repdose.plots import dose, style

        low, high = self.studied_range
        if high is None:
            raise ValueError(f"{self.id}: the highest dose studied was not seen; use response()")
        line = self.response(dose.between(low or 0, high))
        axes = style.on(ax)
        dose.curve(axes, line, label=self.label)
        axes.set_xlabel(f"Dose [{self.dose_unit}]")
        axes.set_ylabel(f"{self.quantity.capitalize()} [{self.outcome_unit}]")
        axes.legend()
        return axes


class Refitted:
    """How a refit shows itself."""

    def __repr__(self: _Refitted) -> str:
        return f"<Refit “{self.id}”: {_refitted(self)}>"

    def _repr_html_(self: _Refitted) -> str:
        from repdose.shown import block, grid

        columns = ["formula", "aic", "delta", "weight", "converged"]
        out = f"Left out: {', '.join(self.left_out)}" if self.left_out else ""
        return block(self.id, (_refitted(self), out), grid(self.forms[columns]))

    def plot(self: _Refitted, ax: Axes | None = None) -> Axes:
        """The averaged curve along the dose with its two intervals, over the effects.

        Parameters
        ----------
        ax : Axes, optional
            What to draw on; new axes that look like a report's if not given.

        Returns
        -------
        Axes
            What was drawn on.
        """
        import pandas as pd

        from repdose.plots import dose, style

        fit = next(iter(self.fits.values()))
        effects = pd.DataFrame(
            {"dose": fit.data[self.dose].to_numpy(), "yi": fit.problem.y, "vi": fit.problem.v}
        )
        line = self.response(dose.between(*self.studied_range))
        axes = style.on(ax)
        dose.effects_and_curve(axes, effects, line)
        axes.set_xlabel(f"Dose [{self.dose_unit}]")
        axes.set_ylabel(f"Gain in {self.outcome} [{self.outcome_unit}]")
        axes.legend()
        return axes


def _published(curve: _Published) -> str:
    low, high = ("not seen" if end is None else f"{end:g}" for end in curve.studied_range)
    return (
        f"{curve.record.form}, {curve.quantity} in {curve.outcome} [{curve.outcome_unit}] over "
        f"{curve.dose_unit}, studied {low} to {high}"
    )


def _refitted(curve: _Refitted) -> str:
    fit = next(iter(curve.fits.values()))
    low, high = curve.studied_range
    name, *others = curve.averaged
    forms = f"{1 + len(others)} forms averaged" if others else f"{name} form alone"
    return (
        f"{forms}, {curve.quantity} in {curve.outcome} "
        f"[{curve.outcome_unit}] over {low:g} to {high:g} {curve.dose_unit}; {fit.k} effects in "
        f"{len(fit.labels)} studies"
    )
