"""What a notebook answers for its parameters, by the functions that its cells call."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from repdose import energy, multiverse, resting, volume
from repdose import evidence as ev
from repdose.evidence.used import Used, kept_of_last
from repdose.inputs.progressions import compared, plan
from repdose.multiverse.declarations import declared
from repdose.multiverse.energy_cost import complete_editions, edition_choice

if TYPE_CHECKING:
    from repdose.dose_response.trials import Trials
    from repdose.evidence.records import Record
    from repdose.multiverse import Multiverse
    from repdose.plans import Plan
    from repdose.plots.sheet import Sheet
    from repdose.tables.activity_and_risk import Risks
    from repdose.tables.numbers import Number

# Fits and counts that are kept, so that going back to one takes no time
KEPT = 16


@dataclass(frozen=True)
class Answer:
    """What is shown for one set of parameters.

    Parameters
    ----------
    numbers : tuple of Number
        As the notebook states them.
    draw : callable
        Makes the notebook's main figure and its alt text.
    notes : tuple of str
        What the numbers are not, and what they rest on; ``[@key]`` cites.
    options : mapping of str to tuple of str
        What a free parameter may be, by its name, where the answer knows.
    used : Used
        Records that were read.
    beside : tuple of str
        Letters of plans whose numbers stand side by side.
    """

    numbers: tuple[Number, ...]
    draw: Callable[[], tuple[Sheet, str]]
    notes: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    used: Used
    beside: tuple[str, ...] = ()

    @property
    def records(self) -> list[Record]:
        """Records read, in order of id."""
        return self.used.records()


def energy_cost(chosen: Any) -> Answer:
    """Energy of a plan, and how far the defensible choices move it."""
    from repdose.tables.plans import analogies
    from repdose.tables.stated.energy_cost import numbers

    with ev.ledger() as used:
        mine = plan(chosen.progression)
        settings = {
            "body_mass_kg": chosen.body_mass_kg,
            "edition": chosen.edition,
            "convention": chosen.convention,
            "time_basis": chosen.time_basis,
        }
        person = {"stature_m": chosen.stature_m, "age_y": chosen.age_y, "sex": chosen.sex}
        weekly = energy.weekly_energy(mine, **settings)
        rest = resting.resting_energy_kcal_day(
            chosen.body_mass_kg, **person, equation="mifflin1990"
        )
        asked = (
            *edition_choice(mine, chosen.edition),
            *(declared(name, default=settings[name]) for name in ("convention", "time_basis")),
        )
        defaults = {one.name: one for one in asked}
        every = _costs(mine, chosen.body_mass_kg, *person.values())
        universe = replace(
            every, choices=tuple(defaults.get(one.name, one) for one in every.choices)
        )
        stated = numbers(
            weekly, universe, daily_rest_kcal=float(rest), body_mass_kg=chosen.body_mass_kg
        )
        met_words = analogies(mine, edition=chosen.edition)

    def draw() -> tuple[Sheet, str]:
        # what only asks for numbers, as the page without Python does, loads no matplotlib
        from repdose.figures.energy_cost import energy_by_week

        return energy_by_week(mine, weekly)

    return Answer(
        tuple(stated),
        draw,
        (met_words,),
        {},
        used,
    )


@kept_of_last(KEPT)
def _costs(mine: Plan, body_mass_kg: float, stature_m: float, age_y: int, sex: str) -> Multiverse:
    """Energy over every choice: which of them stands first moves no outcome."""
    return multiverse.energy(
        mine,
        body_mass_kg=body_mass_kg,
        stature_m=stature_m,
        age_y=age_y,
        sex=sex,
        edition=complete_editions(mine)[0],
    )


def weekly_volume(chosen: Any) -> Answer:
    """Weekly sets of each muscle."""
    from repdose.tables.stated.weekly_volume import numbers
    from repdose.tables.weekly_volume import TOLD

    with ev.ledger() as used:
        mine = plan(chosen.progression)
        sets = volume.weekly_sets(mine, indirect_weight=chosen.indirect_weight)
        universe = _counted(mine)
        cost = energy.weekly_energy(
            mine,
            body_mass_kg=chosen.body_mass_kg,
            edition=chosen.edition,
            convention=chosen.convention,
            time_basis=chosen.time_basis,
        )
        stated = numbers(
            volume.weekly_volume(mine),
            sets,
            universe,
            cost,
            leading=volume.leading_muscles(mine)[:TOLD],
            indirect_weight=chosen.indirect_weight,
        )

    def draw() -> tuple[Sheet, str]:
        from repdose.figures.weekly_volume import sets_by_muscle

        return sets_by_muscle(sets)

    return Answer(
        tuple(stated),
        draw,
        (
            f"An indirect set counts {chosen.indirect_weight:g} of a set; this weight is "
            "unvalidated for trunk muscles [@pelland2026]. A set's credit follows EMG or "
            "mechanics, and neither is a growth outcome.",
        ),
        {},
        used,
    )


@kept_of_last(KEPT)
def _counted(mine: Plan) -> Multiverse:
    """Every way to count the sets of a plan, which no parameter but the plan moves."""
    return multiverse.weekly_sets(mine)


def dose_response(chosen: Any) -> Answer:
    """Gains along weekly sets, refitted."""
    from repdose.dose_response import trials as of_trials
    from repdose.figures.dose_response import bubble
    from repdose.tables import dose_response as tables
    from repdose.tables.sentences import dose_response as sentences
    from repdose.tables.stated.dose_response import numbers

    changed = os.stat(chosen.table).st_mtime_ns if chosen.table else 0
    with ev.ledger() as used:
        trials = _fitted(
            chosen.outcome,
            chosen.table,
            changed,
            chosen.flagged,
            chosen.pre_post_r,
            chosen.rho,
            chosen.form,
            tuple(chosen.left_out),
        )
        stated = numbers(trials, chosen.low_sets, chosen.high_sets)

    def draw() -> tuple[Sheet, str]:
        return bubble(
            trials.effects,
            trials.curve.response(tables.grid(trials.curve)),
            dose="weekly_sets",
            dose_unit=trials.curve.dose_unit,
            unit=f"Gain in {tables.NOUN[chosen.outcome]} [{tables.UNIT}]",
        )

    return Answer(
        tuple(stated),
        draw,
        (
            *trials.notes,
            sentences.reads(trials),
            of_trials.origin(trials),
            sentences.correlation_taken(trials),
            sentences.not_of_leg_raises(trials),
        ),
        {"left_out": tuple(trials.names)},
        used,
    )


@kept_of_last(KEPT)
def _fitted(
    outcome: str,
    path: str,
    _changed_ns: int,
    flagged: str,
    pre_post_r: float,
    rho: float,
    form: str,
    left_out: tuple[str, ...],
) -> Trials:
    """Trials with what the report fits to them."""
    from repdose.dose_response.trials import Trials

    trials = Trials(
        outcome,
        path=path,
        flagged=flagged,
        pre_post_r=pre_post_r,
        rho=rho,
        form=form,
        left_out=left_out,
    )
    _ = trials.curve, trials.slopes
    return trials


def progression_comparison(chosen: Any) -> Answer:
    """Plans side by side."""
    from repdose.evidence.training.leg_raises import leg_raises
    from repdose.figures.progression_comparison import overview
    from repdose.tables import progression_comparison as tables
    from repdose.tables.stated.progression_comparison import numbers

    with ev.ledger() as used:
        plans = tables.lettered(compared(chosen))
        settings = {
            "body_mass_kg": chosen.body_mass_kg,
            "edition": chosen.edition,
            "convention": chosen.convention,
            "time_basis": chosen.time_basis,
        }
        frame = tables.weekly(
            plans,
            stature_m=chosen.stature_m,
            sex=chosen.sex,
            indirect_weight=chosen.indirect_weight,
            **settings,
        )
        stated = numbers(plans, frame, tables.energy_rows(plans, **settings))
        variants = tuple(leg_raises())
    named = "; ".join(f"{letter}: {one.title}" for letter, one in plans.items())
    return Answer(
        tuple(stated),
        lambda: overview(frame, tables.DOSE),
        (
            f"{named}.",
            "Which plan is better is not said: no trial compared these plans. Hip moments are "
            "gravity's at the hip joints and no spinal load.",
        ),
        {"start_variant": variants, "goal_variant": variants},
        used,
        tuple(plans),
    )


def activity_and_risk(chosen: Any) -> Answer:
    """Ratio of risk at a plan's weekly minutes."""
    from repdose.figures.activity_and_risk import risk_curve
    from repdose.tables import activity_and_risk as tables
    from repdose.tables.sentences import activity_and_risk as sentences
    from repdose.tables.stated.activity_and_risk import numbers

    with ev.ledger() as used:
        mine = plan(chosen.progression)
        minutes = tables.mean_minutes(mine)
        risks = _risks(chosen.curve_shape)
        universe = _refitted(risks, minutes["elapsed"])
        stated = numbers(risks, minutes, universe)
    longest = float(tables.weekly_minutes(mine)["elapsed"].max())
    fit = risks.fit
    notes = (
        f"{sentences.not_an_effect(mine)} Cohorts [@kamada2017; @patel2020] asked how long people "
        "train, and did not ask them to leave rests out: elapsed minutes are the nearer reading.",
        sentences.few_cohorts(fit),
        sentences.outside(longest, fit.studied),
    )
    return Answer(
        tuple(stated),
        lambda: risk_curve(fit, unit=tables.UNIT, marks=minutes, covered=risks.covered),
        tuple(note for note in notes if note),
        {},
        used,
    )


@kept_of_last(KEPT)
def _risks(shape: str) -> Risks:
    """The cohorts and their curve, which no plan moves."""
    from repdose.tables.activity_and_risk import Risks

    risks = Risks(shape)
    _ = risks.fit, risks.covered
    return risks


@kept_of_last(KEPT)
def _refitted(risks: Risks, minutes: float) -> Multiverse:
    """The ratio at a dose over every defensible fit."""
    return risks.choices(minutes)


ANSWERS: dict[str, Callable[[Any], Answer]] = {
    "energy_cost": energy_cost,
    "weekly_volume": weekly_volume,
    "dose_response": dose_response,
    "progression_comparison": progression_comparison,
    "activity_and_risk": activity_and_risk,
}
