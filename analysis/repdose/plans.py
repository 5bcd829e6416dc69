"""Plans: what is done in each week, as a list of stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from repdose.arguments import Range, one_number, whole
from repdose.evidence.training.leg_raises import NO_MODEL, geometry, has_model
from repdose.evidence.training.variants import TEMPO, Exercise, exercise

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "Plan",
    "PlanError",
    "Stage",
    "Tempo",
    "Week",
    "plan",
]


def __dir__() -> list[str]:
    return sorted(__all__)


# Bounds that catch a slip (minutes typed for seconds, a week's sets for a session's); they
# are not recommendations.
WEEKS = Range(1, 104, "weeks")
SESSIONS_PER_WEEK = Range(1, 14, "sessions a week")
SETS = Range(1, 20, "sets a session")
REPETITIONS = Range(1, 200, "repetitions a set")
SET_DURATION_S = Range(1, 600, "s")
REST_S = Range(0, 900, "s")
PHASE_S = Range(0, 30, "s")
ANKLE_MASS_KG = Range(0, 20, "kg at each ankle")
RPE = Range(0, 10, "on the CR10 scale")


class PlanError(ValueError):
    """A plan that cannot be carried out as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Seconds of one repetition: up, held at the top, down, held at the bottom.

    Parameters
    ----------
    up_s, down_s : float
        Time of the movement, above zero. [s]
    top_s, bottom_s : float
        Time held still, zero or more. [s]
    """

    up_s: float
    top_s: float = 0.0
    down_s: float
    bottom_s: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            one_number(f"tempo {field.name}", getattr(self, field.name), PHASE_S)
        for name in ("up_s", "down_s"):
            if getattr(self, name) == 0:
                raise PlanError(f"tempo {name} must be above 0 s; got 0")

    @property
    def repetition_s(self) -> float:
        """Duration of one repetition. [s]"""
        return self.up_s + self.top_s + self.down_s + self.bottom_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One exercise at one dose, for a number of weeks.

    Parameters
    ----------
    variant : str
        Exercise, as in :func:`repdose.evidence.exercises`.
    weeks : int
        How many weeks the stage lasts. [weeks]
    sessions_per_week : int
        Sessions in a week. [1/week]
    sets : int
        Sets in a session. For a one-legged variant a set is done when both legs have done it.
    repetitions : int, optional
        Repetitions in a set, per leg for a one-legged variant; required unless the variant
        is done in bouts.
    set_duration_s : float, optional
        Duration of a bout; required for a variant done in bouts (flutter kick). [s]
    tempo : Tempo, optional
        Seconds of one repetition; the variant's default where not given.
    rest_s : float
        Rest between sets. [s]
    start_week : int, optional
        First week of the stage; by default the week after the stage before.
    ankle_mass_kg : float
        Weight worn at each ankle. [kg]
    rpe : float, optional
        Effort of the whole session as rated about half an hour after it, 0 to 10 (CR10).
    start_deg, end_deg : float, optional
        Range of the thigh where it is less than the variant's own; of an exercise that has a
        mechanical model, as has ``ankle_mass_kg``. [deg]
    """

    variant: str
    weeks: int
    sessions_per_week: int
    sets: int
    repetitions: int | None = None
    set_duration_s: float | None = None
    tempo: Tempo | None = None
    rest_s: float
    start_week: int | None = None
    ankle_mass_kg: float = 0.0
    rpe: float | None = None
    start_deg: float | None = None
    end_deg: float | None = None

    def __post_init__(self) -> None:
        kind = self.exercise
        whole("weeks", self.weeks, WEEKS)
        whole("sessions_per_week", self.sessions_per_week, SESSIONS_PER_WEEK)
        whole("sets", self.sets, SETS)
        one_number("rest_s", self.rest_s, REST_S)
        one_number("ankle_mass_kg", self.ankle_mass_kg, ANKLE_MASS_KG)
        if self.rpe is not None:
            one_number("rpe", self.rpe, RPE)
        if self.start_week is not None:
            whole("start_week", self.start_week, WEEKS)
        self._check_range()
        wanted, other = (
            ("repetitions", "set_duration_s")
            if kind.set_unit == "repetitions"
            else ("set_duration_s", "repetitions")
        )
        if getattr(self, wanted) is None or getattr(self, other) is not None:
            raise PlanError(
                f"{self.variant} is done in {kind.set_unit}: give {wanted}, not {other}"
            )
        if self.repetitions is not None:
            whole("repetitions", self.repetitions, REPETITIONS)
        else:
            one_number("set_duration_s", self.set_duration_s, SET_DURATION_S)

    def _check_range(self) -> None:
        """Refuse a range outside the exercise's own, and what only a model can use."""
        only = ("start_deg", "end_deg", "ankle_mass_kg")
        given = [name for name in only if getattr(self, name) not in (None, 0)]
        if given and not has_model(self.variant):
            raise PlanError(f"{', '.join(given)}: {NO_MODEL}, {self.variant}; leave it out")
        if self.start_deg is None and self.end_deg is None:
            return
        kind, (low, high) = geometry(self.variant), self.range_deg
        own = Range(kind.start_deg, kind.end_deg, f"deg, the range of {self.variant}")
        one_number("start_deg", low, own)
        one_number("end_deg", high, own)
        if not low < high:
            raise PlanError(f"start_deg must be below end_deg; got {low:g} and {high:g}")

    @property
    def exercise(self) -> Exercise:
        """The exercise's record."""
        return exercise(self.variant)

    @property
    def pace(self) -> Tempo | None:
        """The stage's tempo, or the exercise's default; None of a hold, which has none."""
        kind = self.exercise
        if self.tempo is not None or kind.up_s is None:
            return self.tempo
        return Tempo(**{name: getattr(kind, name) for name in TEMPO})

    @property
    def range_deg(self) -> tuple[float, float]:
        """Range of the thigh: the stage's, or the exercise's own; refused without a model. [deg]"""
        kind = geometry(self.variant)
        return (
            kind.start_deg if self.start_deg is None else self.start_deg,
            kind.end_deg if self.end_deg is None else self.end_deg,
        )

    @property
    def set_s(self) -> float:
        """Duration of one set, both sides of a one-sided exercise included. [s]"""
        if self.set_duration_s is not None:
            return self.set_duration_s * self.exercise.sides
        assert self.repetitions is not None  # the constructor has seen to it
        assert self.pace is not None  # what counts repetitions has a tempo
        return self.repetitions * self.pace.repetition_s * self.exercise.sides

    @property
    def work_min(self) -> float:
        """Working time of a session. [min]"""
        return self.sets * self.set_s / 60

    @property
    def rest_min(self) -> float:
        """Resting time of a session: the rests lie between the sets. [min]"""
        return (self.sets - 1) * self.rest_s / 60

    @property
    def elapsed_min(self) -> float:
        """Working and resting time of a session. [min]"""
        return self.work_min + self.rest_min


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a plan: its number from 1, and the stage it belongs to."""

    number: int
    stage_number: int
    stage: Stage


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """Stages in order, no two of them in the same week."""

    stages: tuple[Stage, ...]
    title: str = ""
    rule: str = ""  # how the stages were arrived at, in words, where a rule made them
    tailoring: str = ""  # what in them was set for one person and by what, in words

    def __iter__(self) -> Iterator[Week]:
        return iter(self.weeks())

    def __repr__(self) -> str:
        weeks = self.weeks()
        variants = " then ".join(dict.fromkeys(stage.variant for stage in self.stages))
        named = f" “{self.title}”" if self.title else ""
        return f"<Plan{named}: {len(weeks)} weeks of {variants}>"

    def _repr_html_(self) -> str:
        import pandas as pd

        from repdose.shown import block, grid

        rows = pd.DataFrame(
            {
                "stage": number,
                "variant": stage.variant,
                "weeks": stage.weeks,
                "sessions a week": stage.sessions_per_week,
                "sets": stage.sets,
                "repetitions": stage.repetitions,
                "bout [s]": stage.set_duration_s,
                "rest [s]": stage.rest_s,
                "elapsed [min]": stage.elapsed_min,
            }
            for number, stage in enumerate(self.stages, start=1)
        )
        said = (self.rule, self.tailoring)
        return block(self.title or "A plan", said, grid(rows.dropna(axis=1), index=False))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Sets of each week, with the variant of each run of weeks above.

        Parameters
        ----------
        ax : Axes, optional
            What to draw on; new axes that look like a report's if not given.

        Returns
        -------
        Axes
            What was drawn on.
        """
        from repdose.plots import style, weeks

        axes = style.on(ax)
        planned = self.weeks()
        sets = [float(one.stage.sessions_per_week * one.stage.sets) for one in planned]
        names = [one.stage.exercise.name for one in planned]
        weeks.bars(axes, [one.number for one in planned], sets, names)
        axes.set_xlabel("Week")
        axes.set_ylabel("Sets per week")
        axes.set_title(self.title)
        return axes

    def weeks(self) -> list[Week]:
        """Every training week in order."""
        planned: list[Week] = []
        following = 1
        for number, stage in enumerate(self.stages, start=1):
            first = following if stage.start_week is None else stage.start_week
            if first < following:
                raise PlanError(
                    f"stage {number} starts in week {first}, which stage {number - 1} still "
                    f"covers; the first free week is {following}"
                )
            planned += [Week(first + i, number, stage) for i in range(stage.weeks)]
            following = first + stage.weeks
        return planned

    def schedule(self) -> pd.DataFrame:
        """The plan as a table, one row a week.

        Returns
        -------
        DataFrame
            week, stage, variant, sessions_per_week, sets, repetitions, set_duration_s,
            rest_s, and the session's work_min and elapsed_min [min].
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "week": week.number,
                "stage": week.stage_number,
                "variant": week.stage.variant,
                "sessions_per_week": week.stage.sessions_per_week,
                "sets": week.stage.sets,
                "repetitions": week.stage.repetitions,
                "set_duration_s": week.stage.set_duration_s,
                "rest_s": week.stage.rest_s,
                "work_min": week.stage.work_min,
                "elapsed_min": week.stage.elapsed_min,
            }
            for week in self
        ).astype({"repetitions": "Int64", "set_duration_s": "Float64"})


def plan(stages: Sequence[Stage | Mapping[str, Any]] | Plan, *, title: str = "") -> Plan:
    """A checked plan from its stages.

    Parameters
    ----------
    stages : sequence of Stage or mapping, or Plan
        Stages in order; a mapping has the fields of :class:`Stage`, with `tempo` a mapping
        of `up_s`, `top_s`, `down_s`, `bottom_s`.
    title : str
        Name for reports.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        If there is no stage, a field is unknown, missing or out of range, or two stages
        share a week; the message names the stage and the field.

    Examples
    --------
    >>> plan([{"variant": "lying_bent_knee", "weeks": 2, "sessions_per_week": 3, "sets": 3,
    ...        "repetitions": 10, "rest_s": 60}]).stages[0].elapsed_min
    4.5
    """
    if isinstance(stages, Plan):
        return stages
    if isinstance(stages, str | Mapping) or not isinstance(stages, Sequence):
        raise PlanError(f"a plan is a list of stages; got {stages!r}")
    if not stages:
        raise PlanError("a plan needs at least one stage; got none")
    trained = Plan(tuple(_stage(i, given) for i, given in enumerate(stages, start=1)), title)
    trained.weeks()
    return trained


def _stage(number: int, given: Stage | Mapping[str, Any]) -> Stage:
    if isinstance(given, Stage):
        return given
    if not isinstance(given, Mapping):
        raise PlanError(f"stage {number}: a stage is a mapping of fields; got {given!r}")
    try:
        _known("stage", given, Stage)
        values = dict(given)
        if values.get("tempo") is not None:
            if not isinstance(values["tempo"], Mapping):
                raise PlanError(
                    f"tempo must be a mapping of up_s, top_s, down_s, bottom_s; "
                    f"got {values['tempo']!r}"
                )
            _known("tempo", values["tempo"], Tempo)
            values["tempo"] = Tempo(**values["tempo"])
        return Stage(**values)
    except (ValueError, TypeError) as error:
        # Records that are not there are ValueErrors too (UnknownRecordError)
        raise PlanError(f"stage {number}: {error}") from None


def _known(what: str, given: Mapping[str, Any], kind: type[Stage] | type[Tempo]) -> None:
    """Refuse a field that `kind` does not have, and name one that it lacks."""
    names = [field.name for field in fields(kind)]
    for name in given:
        if name not in names:
            raise PlanError(f"{what} has no field {name!r}; its fields are {', '.join(names)}")
    for field in fields(kind):
        required = field.default is field.default_factory  # both are MISSING
        if required and field.name not in given:
            raise PlanError(f"{what} field {field.name!r} is missing")
