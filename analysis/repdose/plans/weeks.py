"""Plans and their weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repdose.plans.faults import Fault, PlanError
from repdose.plans.stages import AnyStage, SessionsStage
from repdose.plots.style import Plotted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a plan: its number from 1, and the stage it belongs to."""

    number: int
    stage_number: int
    stage: AnyStage


@dataclass(frozen=True, slots=True, repr=False)
class Plan(Plotted):
    """Stages in order, no two of them in the same week."""

    stages: tuple[AnyStage, ...]
    title: str = ""
    rule: str = ""  # how the stages were arrived at, in words, where a rule made them
    tailoring: str = ""  # what in them was set for one person and by what, in words

    def __iter__(self) -> Iterator[Week]:
        return iter(self.weeks())

    def __repr__(self) -> str:
        weeks = self.weeks()
        trained = " then ".join(dict.fromkeys(stage.trained for stage in self.stages))
        named = f" “{self.title}”" if self.title else ""
        return f"<Plan{named}: {len(weeks)} weeks of {trained}>"

    def _repr_html_(self) -> str:
        import pandas as pd

        from repdose.shown import block, grid

        rows = pd.DataFrame(
            {
                "stage": number,
                "session": session.name or session.weekday,
                "variant": part.done.exercise,
                "weeks": stage.weeks,
                "sessions a week": times,
                "sets": part.done.sets,
                "repetitions": part.done.repetitions,
                "bout [s]": part.done.set_duration_s,
                "rest [s]": part.done.rest_s,
                "elapsed [min]": part.elapsed_min,
            }
            for number, stage in enumerate(self.stages, start=1)
            for times, session in stage.week_sessions
            for part in session.parts
        )
        said = (self.rule, self.tailoring)
        return block(
            self.title or "A plan", said, grid(rows.dropna(axis=1, how="all"), index=False)
        )

    def _picture(self) -> Callable[[Axes], None]:
        from repdose.plots import weeks

        planned = self.weeks()
        sets = [float(sum(n * one.sets for n, one in w.stage.prescriptions)) for w in planned]
        names = [week.stage.label for week in planned]

        def draw(axes: Axes) -> None:
            weeks.bars(axes, [week.number for week in planned], sets, names)
            axes.set_ylabel("Sets per week")
            axes.set_title(self.title)

        return draw

    @property
    def exercises(self) -> tuple[str, ...]:
        """Ids of all exercises, each once, in the order in which they first come."""
        return tuple(dict.fromkeys(name for stage in self.stages for name in stage.exercises))

    def weeks(self) -> list[Week]:
        """Every training week in order."""
        planned: list[Week] = []
        following = 1
        for number, stage in enumerate(self.stages, start=1):
            first = following if stage.start_week is None else stage.start_week
            if first < following:
                words = (
                    f"stage {number} starts in week {first}, which stage {number - 1} still "
                    f"covers; the first free week is {following}"
                )
                raise PlanError([Fault(words, (number - 1, "start_week"))])
            planned += [Week(first + i, number, stage) for i in range(stage.weeks)]
            following = first + stage.weeks
        return planned

    def schedule(self) -> pd.DataFrame:
        """The plan as a table, one row for each week, session and exercise.

        Returns
        -------
        DataFrame
            week, stage, session (its number in the week, none where one session is repeated),
            variant (the exercise's id), sessions_per_week (how often it is done), sets,
            repetitions, set_duration_s, rest_s, load_kg, load_percent_1rm, load_rpe, and the
            exercise's work_min and elapsed_min with the rests counted to it [min].
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "week": week.number,
                "stage": week.stage_number,
                "session": number if isinstance(week.stage, SessionsStage) else None,
                "variant": part.done.exercise,
                "sessions_per_week": times,
                "sets": part.done.sets,
                "repetitions": part.done.repetitions,
                "set_duration_s": part.done.set_duration_s,
                "rest_s": part.done.rest_s,
                "load_kg": part.done.load_kg,
                "load_percent_1rm": part.done.load_percent_1rm,
                "load_rpe": part.done.load_rpe,
                "work_min": part.work_min,
                "elapsed_min": part.elapsed_min,
            }
            for week in self
            for number, (times, session) in enumerate(week.stage.week_sessions, start=1)
            for part in session.parts
        ).astype(
            {
                "session": "Int64",
                "repetitions": "Int64",
                **dict.fromkeys(
                    ("set_duration_s", "load_kg", "load_percent_1rm", "load_rpe"), "Float64"
                ),
            }
        )
