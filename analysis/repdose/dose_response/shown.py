"""How curves show themselves: in a line, in Jupyter, and on axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from repdose.evidence.studies.curves import PublishedCurve
from repdose.evidence.studies.derived import DerivedFinding
from repdose.evidence.studies.study_findings import Finding
from repdose.plots.style import Plotted

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
    @property
    def extrapolated(self) -> Any: ...


class _Published(_Curve, Protocol):
    @property
    def record(self) -> PublishedCurve: ...
    @property
    def findings(self) -> tuple[Finding | DerivedFinding, ...]: ...
    @property
    def covers(self) -> Any: ...
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


class Published(Plotted):
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

    def _picture(self: _Published) -> Callable[[Axes], None]:
        from repdose.plots import dose

        low, high = self.studied_range
        if high is None:
            raise ValueError(f"{self.id}: the highest dose studied was not seen; use response()")
        doses = dose.between(low or 0, high)
        # Between two bands nothing was seen, and nothing is drawn
        line = self.response(doses[self.covers(doses)]).set_index("dose").reindex(doses)
        line = line.reset_index().assign(extrapolated=self.extrapolated(doses))

        def draw(axes: Axes) -> None:
            dose.curve(axes, line, label=self.label)
            response = f"{self.quantity.capitalize()} [{self.outcome_unit}]"
            dose.named(axes, f"Dose [{self.dose_unit}]", response)

        return draw


class Refitted(Plotted):
    """How a refit shows itself."""

    def __repr__(self: _Refitted) -> str:
        return f"<Refit “{self.id}”: {_refitted(self)}>"

    def _repr_html_(self: _Refitted) -> str:
        from repdose.shown import block, grid

        columns = ["formula", "aic", "delta", "weight", "converged"]
        out = f"Left out: {', '.join(self.left_out)}" if self.left_out else ""
        return block(self.id, (_refitted(self), out), grid(self.forms[columns]))

    def _picture(self: _Refitted) -> Callable[[Axes], None]:
        import pandas as pd

        from repdose.plots import dose

        fit = next(iter(self.fits.values()))
        effects = pd.DataFrame(
            {"dose": fit.data[self.dose].to_numpy(), "yi": fit.problem.y, "vi": fit.problem.v}
        )
        line = self.response(dose.between(*self.studied_range))

        def draw(axes: Axes) -> None:
            dose.effects_and_curve(axes, effects, line)
            response = f"Gain in {self.outcome} [{self.outcome_unit}]"
            dose.named(axes, f"Dose [{self.dose_unit}]", response)

        return draw


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
