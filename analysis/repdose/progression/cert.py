"""What a report of a plan has to say by a checklist, and what the plan itself knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from repdose.evidence.errors import near
from repdose.evidence.training.checklists import cert_items
from repdose.evidence.training.leg_raises import geometry, has_model
from repdose.evidence.training.variants import exercise
from repdose.plans import AnyStage, Plan, Prescription, Stage, Week

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["filled", "in part", "given", "not reported"]
NOT_REPORTED: Literal["not reported"] = "not reported"
Filled = tuple[str, Status, str]  # text, status, and what it was filled from
EMPTY: Filled = (NOT_REPORTED, NOT_REPORTED, "")


def cert(plan: Plan, *, given: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A plan against the Consensus on Exercise Reporting Template, item by item.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    given : mapping of str to str, optional
        Text for items that a plan cannot know, or knows in part, by their number
        (``{"12": "at home"}``).

    Returns
    -------
    DataFrame
        One row an item, all 19 in the checklist's order: item, category, asks (what the item
        asks for), reported (what there is to say, or "not reported"), status ("filled" or
        "in part" from the plan, "given", "not reported") and filled_from.

    Raises
    ------
    ValueError
        If `given` names no item, is empty for one, or is for one that the plan fills.

    Notes
    -----
    What is filled is a draft for the author to check. A plan written by hand says how it
    progresses and not by which rule, nor whether it was tailored to somebody.

    *Valid for:* planned exercise. *Not valid for:* what was done: adherence, adverse events
    and delivery are never filled from a plan.

    References
    ----------
    :cite:`slade2016`

    Examples
    --------
    >>> from repdose import progression
    >>> items = cert(progression.plan([{"variant": "hanging_straight_leg", "weeks": 4,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 8, "rest_s": 120}])).set_index("item")
    >>> items.loc["1", "reported"]
    'a bar to hang from'
    >>> items.loc["11", "reported"]
    'not reported'
    """
    import pandas as pd

    items = {row.item: row for row in cert_items()}
    filled = {item: fill(plan) for item, fill in FILLED.items()}
    extra = dict(given or {})
    for item, text in extra.items():
        if item not in items:
            raise ValueError(
                f"given: CERT has no item {item!r}; near it: {', '.join(near(item, items))}"
            )
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"given: item {item} must be a line of text; got {text!r}")
        if filled.get(item, EMPTY)[1] == "filled":
            raise ValueError(
                f"given: item {item} is filled from the plan ({filled[item][2]}); change the plan"
            )
    rows = []
    for item, row in items.items():
        text, status, source = filled.get(item, EMPTY)
        if item in extra:
            known = f"{text}; " if status == "in part" else ""
            text, status = f"{known}{extra[item].strip()}", "given"
            source = f"{source}; the author" if source else "the author"
        rows.append(
            {
                "item": item,
                "category": row.category,
                "asks": row.words,
                "reported": text,
                "status": status,
                "filled_from": source,
            }
        )
    return pd.DataFrame(rows)


def _equipment(plan: Plan) -> Filled:
    positions = {geometry(one).position for one in plan.exercises if has_model(one)}
    others = [exercise(one).equipment for one in plan.exercises if not has_model(one)]
    done = [one for stage in plan.stages for _, one in stage.prescriptions]
    masses = sorted({one.ankle_mass_kg for one in done if one.ankle_mass_kg})
    loads = sorted({one.load_kg for one in done if one.load_kg is not None})
    parts = ["a bar to hang from"] if "hanging" in positions else []
    parts += dict.fromkeys(others)
    if masses:
        parts.append(f"weights of {_span(masses[0], masses[-1], digits=1)} kg at each ankle")
    if loads:
        parts.append(f"loads of {_span(loads[0], loads[-1], digits=1)} kg")
    text = ", ".join([*parts[:-2], " and ".join(parts[-2:])]) or "none: the floor"
    return text, "filled", "equipment of the exercises" if others else "positions and ankle weights"


def _rule(plan: Plan) -> Filled:
    return (plan.rule, "filled", "the planner's rule") if plan.rule else EMPTY


def _progress(plan: Plan) -> Filled:
    runs = groupby(plan, key=lambda week: week.stage.label)
    path = [f"{label} ({_weeks(list(weeks))})" for label, weeks in runs]
    changes = []
    stages = [stage for stage in plan.stages if isinstance(stage, Stage)]
    if len(stages) == len(plan.stages):
        changes += _changes([(stage.sessions_per_week, stage.prescription) for stage in stages])
    else:
        for name in plan.exercises:
            done = [(n, one) for s in plan.stages for n, one in s.prescriptions]
            own = _changes([(n, one) for n, one in done if one.exercise == name])
            changes += [f"{exercise(name).name}: {', '.join(own)}"] if own else []
    text = ", then ".join(path) + (f"; {', '.join(changes)}" if changes else "")
    return text, "filled", "the plan's weeks"


def _changes(done: list[tuple[int, Prescription]]) -> list[str]:
    """What differs between doses, each with its ends."""
    each = [one for _, one in done]
    changes = []
    for name, values in (
        ("sessions a week", {times for times, _ in done}),
        ("sets", {one.sets for one in each}),
        ("repetitions", {one.repetitions for one in each if one.repetitions}),
        ("seconds of a bout", {one.set_duration_s for one in each if one.set_duration_s}),
        ("share of the range", {share for one in each if (share := _share_of_range(one))}),
        ("kg at each ankle", {round(one.ankle_mass_kg, 1) for one in each}),
        ("kg", {one.load_kg for one in each if one.load_kg}),
        ("% of 1RM", {one.load_percent_1rm for one in each if one.load_percent_1rm}),
    ):
        if len(values) > 1:
            changes.append(f"{name} between {min(values):g} and {max(values):g}")
    return changes


def _replicable(plan: Plan) -> Filled:
    words = [
        f"{kind.name}: {kind.description[0].lower()}{kind.description[1:]}"
        for kind in map(exercise, plan.exercises)
    ]
    return "; ".join(words), "filled", "definitions of the variants"


def _dose(plan: Plan) -> Filled:
    # Told once where it is the same throughout, else with each run of weeks
    done = [one for stage in plan.stages for _, one in stage.prescriptions]
    shared = [tell for tell in (_rest, _tempo) if len({tell(one) for one in done}) == 1]
    own = [tell for tell in (_rest, _tempo) if tell not in shared]
    runs = groupby(plan, key=lambda week: replace(week.stage, weeks=1, start_week=None))
    parts = [f"{_weeks(list(weeks))}: {_week_words(stage, own)}" for stage, weeks in runs]
    text = "; ".join([*parts, *(tell(done[0]) for tell in shared)])
    return f"sessions × (sets × repetitions), {text}", "filled", "the plan's weeks"


def _week_words(stage: AnyStage, own: Sequence[Callable[[Prescription], str]]) -> str:
    """A week's sessions, with what is told of each exercise by `own`."""
    if isinstance(stage, Stage):
        one = stage.prescription
        words = f"{stage.sessions_per_week} × ({_set_words(one)}{_rated(stage.rpe)})"
        return ", ".join([words, *(tell(one) for tell in own)])
    return "; ".join(
        f"{session.label or f'session {number}'} × ("
        + "; ".join(
            ", ".join([f"{one.kind.name} {_set_words(one)}", *(tell(one) for tell in own)])
            for one in session.exercises
        )
        + f"{_rated(session.rpe)})"
        for number, session in enumerate(stage.sessions, start=1)
    )


def _rated(rpe: float | None) -> str:
    return "" if rpe is None else f", rated {rpe:g} of 10"


def _generic(plan: Plan) -> Filled:
    if plan.tailoring:
        return "tailored", "filled", "the planner's inputs"
    if plan.rule:
        return "the same for everyone: the rule asks nothing of a body", "filled", "the planner"
    return EMPTY


def _tailored(plan: Plan) -> Filled:
    if plan.tailoring:
        return plan.tailoring, "filled", "the planner's inputs"
    if plan.rule:
        return "does not apply: the same for everyone", "filled", "the planner"
    return EMPTY


def _start(plan: Plan) -> Filled:
    if not plan.rule:
        return EMPTY
    first = plan.stages[0]
    if isinstance(first, Stage):
        begins = (
            f"begins with the {first.exercise.name} at {first.sessions_per_week} × "
            f"({_set_words(first.prescription)}{_rated(first.rpe)}), as the rule sets it; how a "
            "person is matched to that variant"
        )
    else:
        begins = "begins with the sessions and loads that it was given; how they were found"
    return f"{begins} is {NOT_REPORTED}", "in part", "the planner's rule"


# Items that a plan knows; all others wait for the author.
FILLED: dict[str, Callable[[Plan], Filled]] = {
    "1": _equipment,
    "7a": _rule,
    "7b": _progress,
    "8": _replicable,
    "13": _dose,
    "14a": _generic,
    "14b": _tailored,
    "15": _start,
}


def _weeks(weeks: list[Week]) -> str:
    first, last = weeks[0].number, weeks[-1].number
    return f"week {first}" if first == last else f"weeks {first} to {last}"


def _share_of_range(one: Prescription) -> float | None:
    if one.range_deg is None:
        return None
    own, (low, high) = geometry(one.exercise), one.range_deg
    return round((high - low) / (own.end_deg - own.start_deg), 2)


def _set_words(one: Prescription) -> str:
    """Sets of a session, with what is not the exercise's own."""
    if one.repetitions is None:
        words = f"{one.sets} × {one.set_duration_s:g} s"
    else:
        side = "leg" if has_model(one.exercise) else "side"
        words = f"{one.sets} × {one.repetitions}{f' per {side}' * (one.kind.sides - 1)}"
    if one.range_deg is not None and _share_of_range(one) != 1:
        words += f", thigh {one.range_deg[0]:g}° to {one.range_deg[1]:g}°"
    if one.ankle_mass_kg:
        words += f", {one.ankle_mass_kg:.1f} kg at each ankle"
    return f"{words}, {one.load}" if one.load else words


def _rest(one: Prescription) -> str:
    return f"rest {one.rest_s:g} s"


def _tempo(one: Prescription) -> str:
    pace = one.pace
    if pace is None:
        return "held still"
    return (
        f"tempo {pace.up_s:g}-{pace.top_s:g}-{pace.down_s:g}-{pace.bottom_s:g} s "
        "(up, top, down, bottom)"
    )


def _span(low: float, high: float, *, digits: int) -> str:
    ends = [f"{end:.{digits}f}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
