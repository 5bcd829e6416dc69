"""What each week of a plan amounts to: volume, time, load, work and energy side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repdose import energy, mechanics, session_load, volume
from repdose.evidence.training.leg_raises import NO_MODEL
from repdose.plans import AnyStage, Plan, Prescription, Stage

if TYPE_CHECKING:
    import pandas as pd

MODEL = "rigid segments"
MOMENTS = ("peak_hip_moment", "moment_time_impulse", "mechanical_work")
# Unit of each metric; the order is that of the table.
UNITS = {
    "sessions": "sessions",
    "sets": "sets",
    "repetitions": "repetitions",
    "time_under_tension": "s",
    "working_time": "min",
    "elapsed_time": "min",
    "peak_hip_moment": "N m",
    "moment_time_impulse": "N m s",
    "mechanical_work": "J",
    "met_minutes_working": "MET-min",
    "met_minutes_elapsed": "MET-min",
    "gross_energy_working": "kcal",
    "gross_energy_elapsed": "kcal",
    "net_energy_working": "kcal",
    "net_energy_elapsed": "kcal",
    "session_rpe_load": "arbitrary units",
    "monotony": "",
    "strain": "arbitrary units",
}
# Of plans with loads in kilograms, and of those with exercises that have no model
UNITS_OF_SOME = {
    "volume_load": "kg",
    "sets_without_load": "sets",
    "exercises_without_model": "exercises",
}


def weekly_totals(
    plan: Plan,
    *,
    body_mass_kg: float,
    stature_m: float,
    sex: str,
    edition: int | str,
    convention: str = "oxygen",
    segments: str = "deleva1996",
) -> pd.DataFrame:
    """Every weekly total of a plan, in tidy form.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    body_mass_kg, stature_m : float
        The person. [kg], [m]
    sex : {"female", "male"}
        As segment tables use it.
    edition : {"2011", "2024"}
        Adult edition of the Compendium; energy is at the central analogy.
    convention : {"oxygen", "compendium"}
        How a MET becomes energy.
    segments : {"deleva1996", "winter2009", "mixed"}
        Segment parameters.

    Returns
    -------
    DataFrame
        One row for each week and metric: week, variant (ids of its exercises), metric, value,
        unit. Metrics that a week does not have (a rating that the plan does not give for every
        session, the monotony of seven equal days, kilograms where no load has any) have no row.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Peak hip moment is gravity's, over the stage's range; moment-time impulse is its time
    integral, holds included; work is that of the way up, a hip lift's included. A bout is
    as many repetitions as its tempo fits into it. Session-RPE load uses elapsed minutes.
    Hip moment is not spinal load. Of several exercises the peak is the largest, impulse and
    work add up over those that have a model; ``exercises_without_model`` says how many have
    none, and :func:`hip_moments` which. Volume load is as in
    :func:`repdose.volume.weekly_volume`.

    *Valid for:* comparing plans for one person. *Not valid for:* metabolic cost of the
    mechanical work, or load on the spine.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`, :cite:`foster2001`, :cite:`herrmann2024`

    Examples
    --------
    >>> from repdose import progression
    >>> totals = weekly_totals(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}]),
    ...     body_mass_kg=75, stature_m=1.75, sex="male", edition=2024)
    >>> totals.set_index("metric").loc["elapsed_time", "value"].item()
    15.0
    """
    import pandas as pd

    weekly = volume.weekly_volume(plan).set_index("week").to_dict("index")
    spent = {
        basis: energy.weekly_energy(
            plan,
            body_mass_kg=body_mass_kg,
            edition=edition,
            convention=convention,
            time_basis=basis,
        )
        .set_index("week")
        .to_dict("index")
        for basis in energy.TIME_BASES
    }
    moved = {
        stage: _mechanics(
            _hip_moments(
                stage,
                body_mass_kg=body_mass_kg,
                stature_m=stature_m,
                sex=sex,
                segments=segments,
            )
        )
        for stage in plan.stages
    }
    rows: list[dict[str, object]] = []
    for week in plan:
        stage = week.stage
        done = weekly[week.number]
        values: dict[str, Any] = {
            "sessions": stage.sessions_per_week,
            "sets": done["sets"],
            "repetitions": done["repetitions"],
            "time_under_tension": done["time_under_tension_s"],
            "working_time": done["work_min"],
            "elapsed_time": done["elapsed_min"],
            **moved[stage],
            **_rated(stage),
        }
        if not pd.isna(done["volume_load_kg"]):
            values["volume_load"] = done["volume_load_kg"]
            values["sets_without_load"] = done["sets_without_load"]
        for basis, table in spent.items():
            cost = table[week.number]
            values[f"met_minutes_{basis}"] = cost["met_min_central"]
            values[f"gross_energy_{basis}"] = cost["gross_central"]
            values[f"net_energy_{basis}"] = cost["net_central"]
        rows += [
            {
                "week": week.number,
                "variant": stage.trained,
                "metric": metric,
                "value": float(values[metric]),
                "unit": unit,
            }
            for metric, unit in {**UNITS, **UNITS_OF_SOME}.items()
            if metric in values
        ]
    return pd.DataFrame(rows)


def session_mechanics_repetitions(done: Stage | Prescription) -> float:
    """Repetitions of a session as mechanics counts them: each leg's, and those of a bout.

    Examples
    --------
    >>> session_mechanics_repetitions(Stage(variant="flutter_kick", weeks=1,
    ...     sessions_per_week=3, sets=3, set_duration_s=20, rest_s=60))
    60.0
    """
    one = done.prescription if isinstance(done, Stage) else done
    if one.set_duration_s is None:
        return float(one.all_repetitions)
    assert one.pace is not None  # an exercise that has a model has a tempo
    return one.sets * one.set_duration_s / one.pace.repetition_s


def hip_moments(
    stage: AnyStage,
    *,
    body_mass_kg: float,
    stature_m: float,
    sex: str,
    segments: str = "deleva1996",
) -> pd.DataFrame:
    """Hip moments of each exercise of a stage, where there is a model of it.

    Parameters
    ----------
    stage : Stage or SessionsStage
        What is done in a week.
    body_mass_kg, stature_m, sex, segments
        As in :func:`weekly_totals`.

    Returns
    -------
    DataFrame
        One row for each session and exercise in order: session (its number), variant,
        times (a week), model ("rigid segments" or "no model for this exercise"),
        peak_hip_moment [N m], and of one session moment_time_impulse [N m s] and
        mechanical_work [J]; none of the three without a model.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> stage = Stage(variant="lying_straight_leg", weeks=1, sessions_per_week=3, sets=3,
    ...     repetitions=12, rest_s=60)
    >>> hip_moments(stage, body_mass_kg=75, stature_m=1.75, sex="male")["model"].tolist()
    ['rigid segments']
    """
    import pandas as pd

    rows = _hip_moments(
        stage, body_mass_kg=body_mass_kg, stature_m=stature_m, sex=sex, segments=segments
    )
    return pd.DataFrame(rows).astype(dict.fromkeys(MOMENTS, "Float64"))


def _hip_moments(stage: AnyStage, **person: Any) -> list[dict[str, Any]]:
    return [
        {
            "session": number,
            "variant": one.exercise,
            "times": times,
            **(
                {"model": NO_MODEL, **dict.fromkeys(MOMENTS)}
                if one.range_deg is None
                else {"model": MODEL, **_moments(one, one.range_deg, **person)}
            ),
        }
        for number, (times, session) in enumerate(stage.week_sessions, start=1)
        for one in session.exercises
    ]


def _moments(one: Prescription, range_deg: tuple[float, float], **person: Any) -> dict[str, float]:
    """Peak hip moment, and impulse and work of one session."""
    pace = one.pace
    assert pace is not None  # an exercise that has a model has a tempo
    repetition = mechanics.repetition(
        one.exercise,
        start_deg=range_deg[0],
        end_deg=range_deg[1],
        up_s=pace.up_s,
        top_s=pace.top_s,
        down_s=pace.down_s,
        bottom_s=pace.bottom_s,
        ankle_mass_kg=one.ankle_mass_kg,
        **person,
    )
    count = session_mechanics_repetitions(one)
    return {
        "peak_hip_moment": float(repetition.peak_nm),
        "moment_time_impulse": count * float(repetition.moment_time_nms),
        "mechanical_work": count * float(repetition.work_up_j + repetition.lift_work_j),
    }


def _mechanics(moments: list[dict[str, Any]]) -> dict[str, float]:
    """A week's peak hip moment, impulse and work over the exercises that have a model."""
    known = [row for row in moments if row["model"] == MODEL]
    without = len({row["variant"] for row in moments if row["model"] != MODEL})
    values: dict[str, float] = {"exercises_without_model": without} if without else {}
    if known:
        values["peak_hip_moment"] = max(row["peak_hip_moment"] for row in known)
        for name in MOMENTS[1:]:
            values[name] = sum(row["times"] * row[name] for row in known)
    return values


def _rated(stage: AnyStage) -> dict[str, float]:
    """Session-RPE load of the week with its monotony and strain, where every session is rated."""
    sessions = [one for times, session in stage.week_sessions for one in [session] * times]
    loads = [
        float(session_load.session_rpe_load(one.rpe, one.elapsed_min))
        for one in sessions
        if one.rpe is not None
    ]
    if len(loads) < len(sessions):
        return {}
    days = session_load.session_days(loads, [one.weekday for one in sessions])
    values = {"session_rpe_load": sum(days)}
    if len(set(days)) > 1:
        values["monotony"] = session_load.monotony(days)
        values["strain"] = session_load.strain(days)
    return values
