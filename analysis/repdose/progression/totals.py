"""What each week of a plan amounts to: volume, time, load, work and energy side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repdose import energy, mechanics, session_load, volume
from repdose.evidence.training.leg_raises import has_model
from repdose.plans import Plan, Stage

if TYPE_CHECKING:
    import pandas as pd

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
# Of a session; a week's is that of its sessions together.
SUMS = ("moment_time_impulse", "mechanical_work")


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
        One row for each week and metric: week, variant, metric, value, unit. Metrics that a
        week does not have (a rating that the plan does not give, the monotony of seven equal
        days, mechanics of an exercise without a model) have no row.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Peak hip moment is gravity's, over the stage's range; moment-time impulse is its time
    integral, holds included; work is that of the way up, a hip lift's included. A bout is
    as many repetitions as its tempo fits into it. Session-RPE load uses elapsed minutes.
    Hip moment is not spinal load.

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

    person = {"body_mass_kg": body_mass_kg, "stature_m": stature_m, "sex": sex}
    weekly = volume.weekly_volume(plan).set_index("week")
    spent = {
        basis: energy.weekly_energy(
            plan,
            body_mass_kg=body_mass_kg,
            edition=edition,
            convention=convention,
            time_basis=basis,
        ).set_index("week")
        for basis in energy.TIME_BASES
    }
    moved = {stage: _mechanics(stage, segments=segments, **person) for stage in plan.stages}
    rows = []
    for week in plan:
        stage, sessions = week.stage, week.stage.sessions_per_week
        done = weekly.loc[week.number]
        values: dict[str, Any] = {
            "sessions": sessions,
            "sets": done["sets"],
            "repetitions": done["repetitions"],
            "time_under_tension": done["time_under_tension_s"],
            "working_time": done["work_min"],
            "elapsed_time": done["elapsed_min"],
            **moved[stage],
            **_rated(stage),
        }
        for basis, table in spent.items():
            cost = table.loc[week.number]
            values[f"met_minutes_{basis}"] = cost["met_min_central"]
            values[f"gross_energy_{basis}"] = cost["gross_central"]
            values[f"net_energy_{basis}"] = cost["net_central"]
        values |= {name: sessions * values[name] for name in SUMS if name in values}
        rows += [
            {
                "week": week.number,
                "variant": stage.variant,
                "metric": metric,
                "value": float(values[metric]),
                "unit": unit,
            }
            for metric, unit in UNITS.items()
            if metric in values
        ]
    return pd.DataFrame(rows)


def session_mechanics_repetitions(stage: Stage) -> float:
    """Repetitions of a session as mechanics counts them: each leg's, and those of a bout.

    Examples
    --------
    >>> session_mechanics_repetitions(Stage(variant="flutter_kick", weeks=1,
    ...     sessions_per_week=3, sets=3, set_duration_s=20, rest_s=60))
    60.0
    """
    if stage.set_duration_s is None:
        return float(volume.session_repetitions(stage))
    assert stage.pace is not None  # an exercise that has a model has a tempo
    return stage.sets * stage.set_duration_s / stage.pace.repetition_s


def _mechanics(stage: Stage, **person: Any) -> dict[str, float]:
    """Peak hip moment, and impulse and work of one session; nothing where there is no model."""
    if not has_model(stage.variant):
        return {}
    start, end = stage.range_deg
    pace = stage.pace
    assert pace is not None  # an exercise that has a model has a tempo
    repetition = mechanics.repetition(
        stage.variant,
        start_deg=start,
        end_deg=end,
        up_s=pace.up_s,
        top_s=pace.top_s,
        down_s=pace.down_s,
        bottom_s=pace.bottom_s,
        ankle_mass_kg=stage.ankle_mass_kg,
        **person,
    )
    count = session_mechanics_repetitions(stage)
    return {
        "peak_hip_moment": float(repetition.peak_nm),
        "moment_time_impulse": count * float(repetition.moment_time_nms),
        "mechanical_work": count * float(repetition.work_up_j + repetition.lift_work_j),
    }


def _rated(stage: Stage) -> dict[str, float]:
    """Session-RPE load of the week with its monotony and strain, where the plan rates effort."""
    if stage.rpe is None:
        return {}
    load = float(session_load.session_rpe_load(stage.rpe, stage.elapsed_min))
    days = session_load.even_days(stage.sessions_per_week, load)
    values = {"session_rpe_load": sum(days)}
    if len(set(days)) > 1:
        values["monotony"] = session_load.monotony(days)
        values["strain"] = session_load.strain(days)
    return values
