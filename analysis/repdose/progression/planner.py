"""A plan from a start variant to a goal variant under a named rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from repdose import mechanics
from repdose.arguments import BODY_MASS_KG, STATURE_M, Range, checked, choice, one_number, whole
from repdose.evidence.training.leg_raises import geometry, leg_raises
from repdose.evidence.training.progression_rules import progression_rule
from repdose.evidence.training.recommendations import Guideline, guideline
from repdose.evidence.training.variants import exercise
from repdose.mechanics.body_segments import SEXES
from repdose.plans import WEEKS, AnyStage, Plan, PlanError, Stage
from repdose.volume import INDIRECT_WEIGHT, credited_sets

Rule = Literal["two_for_two", "load_2_to_10_percent", "range_before_load", "volume_before_variant"]
RULES: tuple[Rule, ...] = (
    "two_for_two",
    "load_2_to_10_percent",
    "range_before_load",
    "volume_before_variant",
)
RISE = Range(0, 2, "as a share of the week before", above=True)
DELOAD_EVERY = Range(2, 12, "weeks")
# Parts of a variant's range in the rule that extends the range first.
RANGE_PARTS = (0.5, 0.75, 1.0)
# Sets are counted in halves or finer: a millionth of one is rounding.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a guideline allows: sessions a week, sets and repetitions, each with both ends."""

    sessions: tuple[int, int]
    sets: tuple[int, int]
    repetitions: tuple[int, int]


def bounds(key: str) -> Bounds:
    """A guideline's bounds on frequency, sets and repetitions for most adults.

    Raises
    ------
    PlanError
        If the guideline leaves one of them open, so that it cannot bound a plan.

    Examples
    --------
    >>> bounds("garber2011").sets
    (2, 4)
    """
    rows = {
        row.quantity: row
        for row in reversed(guideline(key))
        if row.domain == "resistance" and row.population in ("adults", "most adults")
    }
    ranges = {
        name: _both_ends(key, name, rows.get(quantity))
        for name, quantity in {
            "sessions": "sessions_per_week",
            "sets": "sets_per_exercise",
            "repetitions": "repetitions",
        }.items()
    }
    return Bounds(**ranges)


def _both_ends(key: str, name: str, row: Guideline | None) -> tuple[int, int]:
    if row is None or row.low is None or row.high is None:
        raise PlanError(f"guideline {key!r} does not bound {name} on both sides; garber2011 does")
    return int(row.low), int(row.high)


def planned(
    start: str,
    goal: str,
    weeks: int,
    *,
    rule: str,
    guideline: str = "garber2011",
    sessions_per_week: int = 3,
    sets: int = 3,
    repetitions: int = 10,
    rest_s: float = 120.0,
    max_weekly_rise: float = 0.5,
    indirect_weight: float = 0.5,
    deload_every: int | None = None,
    body_mass_kg: float | None = None,
    stature_m: float | None = None,
    sex: str | None = None,
) -> Plan:
    r"""A plan that leads from one variant to a harder one under a named rule.

    Parameters
    ----------
    start, goal : str
        Variants counted in repetitions; those between them in order of difficulty are
        passed through.
    weeks : int
        Length of the plan. [weeks]
    rule : {"two_for_two", "load_2_to_10_percent", "range_before_load", "volume_before_variant"}
        How the plan advances; its words are in the plan's ``rule``.
    guideline : str
        Guideline whose frequency, sets and repetitions bound the plan.
    sessions_per_week, sets, repetitions : int
        What is aimed at, within the guideline; the rule may vary sets or repetitions. [1]
    rest_s : float
        Rest between sets. [s]
    max_weekly_rise : float
        Largest rise of any muscle's weekly fractional sets over the last full week, as a
        share. A muscle that had none may begin. [1]
    indirect_weight : float
        What an indirect set counts for. [1]
    deload_every : int, optional
        Every so many weeks the sets are halved and nothing advances. [weeks]
    body_mass_kg, stature_m, sex
        The person; the load rule asks for it. [kg], [m]

    Returns
    -------
    Plan
        One stage a week, with the rule in words.

    Raises
    ------
    PlanError
        If the goal is not harder than the start, no step keeps to the weekly rise, or the
        weeks do not suffice; the message says what would.
    ValueError
        If an argument is out of range, the guideline's bounds included.

    Notes
    -----
    The plan assumes that each week's repetitions are done; in training the next step is
    taken when they are. Sessions and sets are lowered to the most that keep to the rise.

    *Valid for:* laying out weeks. *Not valid for:* a promise that a person keeps up, or that
    one rule beats another: no trial compared them for leg raises.

    References
    ----------
    :cite:`acsm2009`, :cite:`garber2011`, :cite:`suchomel2021`, :cite:`bell2023`

    Examples
    --------
    >>> ramp = planned("lying_bent_knee", "lying_straight_leg", 6, rule="two_for_two")
    >>> [(geometry(stage.variant).order, stage.repetitions) for stage in ramp.stages]
    [(1, 8), (1, 10), (1, 12), (2, 8), (2, 10), (2, 12)]
    """
    name = choice("rule", rule, RULES)
    whole("weeks", weeks, WEEKS)
    checked("max_weekly_rise", max_weekly_rise, RISE)
    weight = float(checked("indirect_weight", indirect_weight, INDIRECT_WEIGHT))
    allowed = bounds(guideline)
    for what, value, ends in (
        ("sessions_per_week", sessions_per_week, allowed.sessions),
        ("sets", sets, allowed.sets),
        ("repetitions", repetitions, allowed.repetitions),
    ):
        whole(what, value, Range(*ends, f"by {guideline}"))
    if deload_every is not None:
        whole("deload_every", deload_every, DELOAD_EVERY)
    for what, given, adults in (
        ("body_mass_kg", body_mass_kg, BODY_MASS_KG),
        ("stature_m", stature_m, STATURE_M),
    ):
        if given is not None:
            one_number(what, given, adults)
    if sex is not None:
        choice("sex", sex, SEXES)
    path = _path(start, goal)
    tailoring = ""
    base = Stage(
        variant=start,
        weeks=1,
        sessions_per_week=sessions_per_week,
        sets=sets,
        repetitions=repetitions,
        rest_s=rest_s,
    )
    if name == "load_2_to_10_percent":
        if body_mass_kg is None or stature_m is None or sex is None:
            raise PlanError("rule load_2_to_10_percent needs body_mass_kg, stature_m and sex")
        person = {"body_mass_kg": body_mass_kg, "stature_m": stature_m, "sex": sex}
        steps = _loaded(base, path, weeks, deload_every, person)
        tailoring = (
            f"the ankle weight of each week is set by the hip moment of a body of "
            f"{body_mass_kg:g} kg, {stature_m:g} m, {sex}"
        )
    else:
        steps = _steps(name, base, path, allowed)
    stages = _weeks(steps, weeks, allowed, weight, max_weekly_rise, deload_every)
    if stages[-1].variant != goal:
        raise PlanError(
            f"{weeks} weeks reach {stages[-1].variant} by rule {name}, not {goal}; give more "
            "weeks, a nearer goal or a larger max_weekly_rise"
        )
    words = [progression_rule(name).words]
    if deload_every is not None:
        words.append(f"Every {deload_every} weeks: {progression_rule('deload').words}")
    words.append(
        f"Sessions, sets and repetitions stay within {guideline}; no muscle's weekly fractional "
        f"sets rise by more than {100 * max_weekly_rise:.0f} % over the last full week."
    )
    title = f"{exercise(start).name} to {exercise(goal).name}, {progression_rule(name).name}"
    return Plan(tuple(stages), title, " ".join(words), tailoring)


def _path(start: str, goal: str) -> list[str]:
    """Variants from start to goal in order of difficulty, those done in bouts left out."""
    for variant in (start, goal):
        if exercise(variant).set_unit != "repetitions":
            raise PlanError(f"{variant} is done in bouts; the planner counts repetitions")
    first, last = geometry(start).order, geometry(goal).order
    if not first < last:
        raise PlanError(
            f"goal {goal} must be harder than start {start}; in order: {', '.join(leg_raises())}"
        )
    return [
        one
        for one in leg_raises()
        if first <= geometry(one).order <= last and exercise(one).set_unit == "repetitions"
    ]


def _steps(rule: str, base: Stage, path: list[str], allowed: Bounds) -> Iterator[Stage]:
    """What each training week aims at; at the goal the last step is kept."""
    extra = progression_rule("two_for_two").extra_repetitions or 1
    stage = base
    for variant in path:
        own = replace(base, variant=variant)
        if rule == "two_for_two":
            low, high = allowed.repetitions
            options = [replace(own, repetitions=count) for count in range(low, high + 1, extra)]
        elif rule == "volume_before_variant":
            low, high = allowed.sets
            options = [replace(own, sets=count) for count in range(low, high + 1)]
        else:
            options = [_part_of_range(own, part) for part in RANGE_PARTS]
        for stage in options:
            yield stage
    while True:
        yield stage


def _part_of_range(stage: Stage, part: float) -> Stage:
    """The variant with part of its range: the lighter part, near vertical when lying."""
    kind = geometry(stage.variant)
    width = part * (kind.end_deg - kind.start_deg)
    if kind.position == "lying":
        return replace(stage, start_deg=kind.end_deg - width)
    return replace(stage, end_deg=kind.start_deg + width)


def _loaded(
    base: Stage, path: list[str], weeks: int, deload_every: int | None, person: dict[str, object]
) -> Iterator[Stage]:
    """Equal parts of the plan for each variant, with the ankle weight rising within each."""
    training = weeks - (weeks // deload_every if deload_every else 0)
    each = max(training // len(path), 1)
    factor = load_factor()
    stage = base
    for variant in path:
        bare, kilo = (
            float(mechanics.repetition(variant, ankle_mass_kg=mass, **person).peak_nm)  # type: ignore[arg-type]
            for mass in (0.0, 1.0)
        )
        for step in range(each):
            # The peak moment is linear in the ankle weight.
            mass = bare * (factor**step - 1) / (kilo - bare)
            stage = replace(base, variant=variant, ankle_mass_kg=mass)
            yield stage
    while True:
        yield stage


def _weeks(
    steps: Iterator[Stage],
    weeks: int,
    allowed: Bounds,
    weight: float,
    rise: float,
    deload_every: int | None,
) -> list[Stage]:
    """One stage a week: each step as large as the weekly rise lets it be."""
    stages: list[Stage] = []
    full: Stage | None = None  # the last week that was no deload
    wanted = next(steps)
    for number in range(1, weeks + 1):
        if full is not None and deload_every and number % deload_every == 0:
            stages.append(replace(full, sets=-(-full.sets // 2)))
            continue
        stage = _largest(wanted, full, allowed, weight, rise)
        if stage is None and full is not None:
            # Build up where we are until the next variant's first week is within the rise.
            stage = _largest(replace(full, sets=allowed.sets[1]), full, allowed, weight, rise)
            if stage is None or _same_dose(stage, full):
                raise PlanError(
                    f"week {number}: no step from {full.variant} to {wanted.variant} keeps every "
                    f"muscle's weekly sets within a rise of {100 * rise:.0f} %; give a larger "
                    "max_weekly_rise or fewer sets"
                )
        elif number < weeks:
            wanted = next(steps)
        assert stage is not None  # the first week has nothing to rise from
        stages.append(stage)
        full = stage
    return stages


def _same_dose(one: Stage, other: Stage) -> bool:
    return (one.sessions_per_week, one.sets) == (other.sessions_per_week, other.sets)


def _largest(
    wanted: Stage, full: Stage | None, allowed: Bounds, weight: float, rise: float
) -> Stage | None:
    """`wanted` with the most sessions and sets, no more than asked, that keep to the rise."""
    options = [
        replace(wanted, sessions_per_week=sessions, sets=sets)
        for sessions in range(allowed.sessions[0], wanted.sessions_per_week + 1)
        for sets in range(allowed.sets[0], wanted.sets + 1)
    ]
    options.sort(key=lambda stage: (stage.sessions_per_week * stage.sets, stage.sessions_per_week))
    before = fractional_sets(full, weight) if full else {}
    for option in reversed(options):
        if keeps_to_rise(fractional_sets(option, weight), before, rise):
            return option
    return None


def fractional_sets(stage: AnyStage, indirect_weight: float) -> dict[str, float]:
    """Weekly fractional sets of each muscle in one stage.

    Examples
    --------
    >>> fractional_sets(Stage(variant="lying_straight_leg", weeks=1, sessions_per_week=3,
    ...     sets=3, repetitions=10, rest_s=60), 0.5)["rectus_abdominis"]
    4.5
    """
    counted: dict[str, float] = {}
    for sets, credit in credited_sets(stage):
        share = sets * (1.0 if credit.role == "direct" else indirect_weight)
        counted[credit.muscle] = counted.get(credit.muscle, 0.0) + share
    return counted


def keeps_to_rise(now: Mapping[str, float], before: Mapping[str, float], rise: float) -> bool:
    """Whether no muscle that had sets gets more than `rise` above them; others may begin."""
    return all(
        now.get(muscle, 0) <= sets * (1 + rise) + ROUNDING
        for muscle, sets in before.items()
        if sets
    )


def load_factor() -> float:
    """What a load is multiplied by when it rises: the middle of the 2 to 10 % of ACSM 2009."""
    rise = next(row for row in guideline("acsm2009") if row.quantity == "load_increase_percent")
    assert rise.low is not None  # a range, as a test holds it to print
    assert rise.high is not None
    return 1 + (rise.low + rise.high) / 2 / 100
