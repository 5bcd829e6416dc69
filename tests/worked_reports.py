"""The numbers of the default reports, worked by plain arithmetic; nothing here is repdose's.

Plans are read off the scenario files, or off the rule's words where a rule made them; METs are
those of the printed Compendium, segments those of the printed tables. ``python
tests/worked_reports.py`` writes the results to ``tests/published/reports_*.csv``.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections import Counter
from pathlib import Path

import numpy as np
from scipy import stats
from worked_mechanics import moments

PUBLISHED = Path(__file__).parent / "published"
DATA = Path(__file__).parent.parent / "evidence" / "data"
G = 9.80665

# variant, weeks, sessions a week, sets, repetitions, seconds of a bout, rest [s]
PLANS = {
    "foundation": [
        ("lying_bent_knee", 2, 2, 2, 10, None, 120),
        ("lying_bent_knee", 2, 3, 3, 12, None, 120),
        ("lying_straight_leg", 2, 3, 3, 8, None, 120),
        ("lying_straight_leg", 2, 3, 3, 12, None, 120),
    ],
    "to_hanging": [
        ("lying_straight_leg", 3, 3, 3, 12, None, 120),
        ("lying_hip_lift", 3, 3, 3, 10, None, 120),
        ("hanging_knee_raise", 3, 3, 3, 8, None, 150),
        ("hanging_straight_leg", 3, 3, 4, 8, None, 180),
    ],
    "flutter_endurance": [
        ("flutter_kick", 2, 3, 3, None, 20, 60),
        ("flutter_kick", 2, 3, 4, None, 30, 60),
        ("flutter_kick", 2, 3, 4, None, 45, 60),
    ],
    # 8, 10 and 12 repetitions of each variant, a week each; the first week of the hip lift has
    # two sets, since three would raise the direct sets of the abdominals too far
    "two_for_two": [
        (variant, 1, 3, 2 if (variant, count) == ("lying_hip_lift", 8) else 3, count, None, 120)
        for variant in (
            "lying_straight_leg",
            "lying_single_leg",
            "lying_hip_lift",
            "hanging_knee_raise",
        )
        for count in (8, 10, 12)
    ],
    # 2, 3 and 4 sets of ten of each variant, a week each
    "volume_before_variant": [
        (variant, 1, 3, sets, 10, None, 120)
        for variant in (
            "lying_straight_leg",
            "lying_single_leg",
            "lying_hip_lift",
            "hanging_knee_raise",
        )
        for sets in (2, 3, 4)
    ],
}
# body mass [kg], stature [m], age [y], sex
PEOPLE = {
    "foundation": (75, 1.75, 35, "male"),
    "to_hanging": (75, 1.75, 35, "male"),
    "flutter_endurance": (62, 1.66, 29, "female"),
}


def printed(code):
    """MET of a row in the edition of 2011 and in that of 2024, as typed from print."""
    found = []
    for edition in ("2011", "2024"):
        with open(PUBLISHED / f"met_{edition}.csv", encoding="utf-8", newline="") as file:
            found += [float(row["met"]) for row in csv.DictReader(file) if row["code"] == code]
    return tuple(found)


# Rows that stand in for each variant: low, central, high.
LIGHT, GENERAL, MODERATE, VIGOROUS = map(printed, ("02024", "02030", "02022", "02020"))
# Gentle stretching in 2011; mat Pilates in 2024, which 2011 does not list.
FLOOR = (printed("02101")[0], printed("02103")[-1])
MET = {
    "lying_bent_knee": (FLOOR, LIGHT, VIGOROUS),
    "lying_straight_leg": (FLOOR, LIGHT, VIGOROUS),
    "lying_single_leg": (FLOOR, LIGHT, VIGOROUS),
    "lying_hip_lift": (LIGHT, GENERAL, VIGOROUS),
    "flutter_kick": (LIGHT, MODERATE, VIGOROUS),
    "hanging_knee_raise": (LIGHT, MODERATE, VIGOROUS),
    "hanging_straight_leg": (LIGHT, MODERATE, VIGOROUS),
}
LYING_QUIETLY = printed("07011")
LOW, CENTRAL, HIGH = range(3)
# What a set counts as for the rectus abdominis, and the grade of the evidence.
ABDOMINAL = {
    "lying_bent_knee": ("indirect", "b"),
    "lying_straight_leg": ("indirect", "a"),
    "lying_single_leg": ("indirect", "c"),
    "lying_hip_lift": ("direct", "b"),
    "flutter_kick": ("indirect", "c"),
    "hanging_knee_raise": ("direct", "b"),
    "hanging_straight_leg": ("direct", "a"),
}


def work_s(stage):
    """Seconds of a session at work: 2 up, 1 held, 2 down, for each leg in turn."""
    variant, _, _, sets, repetitions, bout, _ = stage
    each = bout if repetitions is None else repetitions * 5
    return sets * each * (2 if variant == "lying_single_leg" else 1)


def pause_s(stage):
    return (stage[3] - 1) * stage[6]


def mean_week(plan, of_session):
    """Mean over the weeks of what a session gives, times the sessions."""
    weeks = sum(stage[1] for stage in plan)
    return sum(stage[1] * stage[2] * of_session(stage) for stage in plan) / weeks


def rest_kcal_day(mass, stature, age, sex):
    """Mifflin and St Jeor."""
    return 9.99 * mass + 6.25 * 100 * stature - 4.92 * age + (5 if sex == "male" else -161)


def met_minutes(plan, row, *, edition=1, off=0, basis="elapsed"):
    """MET-minutes of a mean week; `off` is what is taken off for rest [MET]."""

    def session(stage):
        met = MET[stage[0]][row][edition] - off
        minutes = met * work_s(stage)
        if basis == "elapsed":
            minutes += met * pause_s(stage)
        elif basis == "quiet":
            minutes += (LYING_QUIETLY[edition] - off) * pause_s(stage)
        return minutes / 60

    return mean_week(plan, session)


def kcal(plan, mass, row, **given):
    """5 kcal/L at 3.5 mL/kg/min is 1.05 kcal/kg/h."""
    return met_minutes(plan, row, **given) / 60 * 1.05 * mass


def every_energy(plan, person):
    """Energy of a mean week under every combination of the six choices."""
    mass = person[0]
    found = []
    rows = sorted({tuple(MET[stage[0]][row] for stage in plan): row for row in range(3)}.values())
    for row, edition, oxygen, off, basis, baseline in itertools.product(
        rows, (0, 1), (True, False), (0, 1), ("elapsed", "working", "quiet"), range(3)
    ):
        per_kg_h = (
            1.05 if oxygen else 1.0,
            2.6 * 5 * 60 / 1000 if oxygen else 0.84,
            rest_kcal_day(*person) / 24 / mass,
        )[baseline]
        minutes = met_minutes(plan, row, edition=edition, off=off, basis=basis)
        found.append(minutes / 60 * per_kg_h * mass)
    return found


def simulated(plan, mass, sd=1.0):
    """Median and 95 % of mass x sum of PERT METs that move together, by quadrature."""
    share = (np.arange(4000) + 0.5) / 4000
    total = 0.0
    for stage in plan:
        low, mode, high = (MET[stage[0]][row][1] for row in range(3))
        first, second = (1 + 4 * abs(mode - end) / (high - low) for end in (low, high))
        met = low + (high - low) * stats.beta(first, second).ppf(share)
        minutes = stage[1] * stage[2] * (work_s(stage) + pause_s(stage)) / 60
        total = total + met * minutes
    weeks = sum(stage[1] for stage in plan)
    masses = stats.norm(mass, sd).ppf((np.arange(400) + 0.5) / 400)
    every = np.sort(np.multiply.outer(masses, total).ravel()) / weeks / 60 * 1.05
    return tuple(every[int(at * len(every))] for at in (0.5, 0.025, 0.975))


def sets(plan, weight, *, grades="abc", last=False, one_legged=1.0):
    """Weekly sets of the rectus abdominis under one way to count."""

    def session(stage):
        role, grade = ABDOMINAL[stage[0]]
        credit = (1 if role == "direct" else weight) if grade in grades else 0
        return stage[3] * credit * (one_legged if stage[0] == "lying_single_leg" else 1)

    return mean_week([plan[-1]] if last else plan, session)


def every_set_count(plan):
    return [
        sets(plan, weight, grades=grades, last=last)
        for weight, grades, last in itertools.product(
            (0, 0.5, 1), ("abc", "ab", "a"), (False, True)
        )
    ]


# Mechanics: every closed form is of first moments a (thigh) and b (shank and foot) [kg m]


def cos(degrees):
    return math.cos(math.radians(degrees))


def sin(degrees):
    return math.sin(math.radians(degrees))


def lift_n(mass, sex, segments="deleva1996"):
    """Weight that a hip lift raises, at the level of the navel [N]."""
    lower, centre = {"male": (0.1117, 0.6115), "female": (0.1247, 0.4920)}[sex]
    leg = 0.161 if segments == "winter2009" else {"male": 0.1986, "female": 0.2088}[sex]
    return (2 * leg + centre * lower) * mass * G


def peak(variant, a, b):
    return (
        2
        * G
        * {
            "lying_bent_knee": a * cos(55) + b * sin(55),
            "flutter_kick": (a + b) * cos(15),
            "hanging_knee_raise": math.hypot(a, b),
            "hanging_straight_leg": a + b,
        }.get(variant, (a + b) * cos(5))
    )


def up(variant, a, b):
    """Integral of the moment of both hips over the angle [N m rad]."""
    return (
        2
        * G
        * {
            "lying_bent_knee": a * (1 - sin(55)) + b * cos(55),
            "flutter_kick": (a + b) * cos(15) * 2 * sin(10),
            "hanging_knee_raise": a * (1 - cos(110)) - b * sin(110),
            "hanging_straight_leg": a + b,
            "lying_single_leg": (a + b) * (1 - sin(5) + cos(5) * math.radians(85)) / 2,
        }.get(variant, (a + b) * (1 - sin(5)))
    )


ANGLES = {"lying_bent_knee": 35, "flutter_kick": 20, "hanging_knee_raise": 110}


def mean(variant, a, b):
    return up(variant, a, b) / math.radians(
        ANGLES.get(variant, 90 if variant == "hanging_straight_leg" else 85)
    )


def work(variant, a, b, mass=75, sex="female", segments="deleva1996"):
    """Of one repetition; a leg alone does half, and two that kick in turn do each their own."""
    if variant == "lying_single_leg":
        return G * (a + b) * (1 - sin(5))
    if variant == "flutter_kick":
        return 2 * G * (a + b) * (sin(25) - sin(5))
    lifted = lift_n(mass, sex, segments) * 0.0635 if variant == "lying_hip_lift" else 0
    return up(variant, a, b) + lifted


def moment(variant, at, a, b):
    """Both hips' moment at an angle of the thigh [N m]."""
    if variant == "lying_bent_knee":
        return 2 * G * (a * cos(at) + b * sin(at))
    if variant == "flutter_kick":
        return G * (a + b) * (cos(at) + cos(30 - at))
    if variant == "hanging_knee_raise":
        return 2 * G * (a * sin(at) - b * cos(at))
    if variant == "hanging_straight_leg":
        return 2 * G * (a + b) * sin(at)
    if variant == "lying_single_leg":
        return G * (a + b) * (cos(at) + cos(5))
    return 2 * G * (a + b) * cos(at)


RANGE = {
    "lying_bent_knee": (55, 90),
    "flutter_kick": (5, 25),
    "hanging_knee_raise": (0, 110),
    "hanging_straight_leg": (0, 90),
}


def impulse(variant, a, b):
    """Time integral over a repetition at the usual tempo, minimum jerk each way [N m s]."""
    start, end = RANGE.get(variant, (5, 90))
    way = 0.5 if variant == "flutter_kick" else 2
    time = (np.arange(2000) + 0.5) / 2000
    angle = start + (end - start) * (10 * time**3 - 15 * time**4 + 6 * time**5)
    moving = 2 * way * float(np.mean([moment(variant, at, a, b) for at in angle]))
    return moving + (0 if variant == "flutter_kick" else moment(variant, end, a, b))


def repetitions(stage):
    """As mechanics counts them: of each leg, and one kick of each leg a second of a bout."""
    each = stage[5] if stage[4] is None else stage[4]
    return stage[3] * each * (2 if stage[0] == "lying_single_leg" else 1)


VARIANTS = tuple(MET)
BODIES = [
    (table, sex) for table in ("deleva1996", "winter2009", "mixed") for sex in ("female", "male")
]


def shares(mass, stature, bodies=tuple(BODIES)):
    """Share of the straight-leg raise by quantity and variant, a number for each table and sex."""
    found = {"peak": {}, "mean": {}, "work": {}}
    for variant in VARIANTS:
        for quantity, of in (("peak", peak), ("mean", mean), ("work", work)):
            values = []
            for table, sex in bodies:
                a, b = moments(mass, stature, sex, table)
                extra = (mass, sex, table) if of is work else ()
                values.append(of(variant, a, b, *extra) / of("lying_straight_leg", a, b, *extra))
            found[quantity][variant] = values
    return found


def pairs_without_order(mass, stature):
    """Pairs that one quantity puts one way in every table and sex, and another the other way."""
    found = shares(mass, stature)
    count = 0
    for one, other in itertools.combinations(VARIANTS, 2):
        signs = set()
        for by_variant in found.values():
            apart = np.subtract(by_variant[one], by_variant[other])
            if (apart >= 0.01).all():
                signs.add(1)
            if (apart <= -0.01).all():
                signs.add(-1)
        count += len(signs) == 2
    return count


def inertial_share(mass, stature):
    """A woman's straight leg, 2 s one way: I x 10/sqrt(3) x angle / T2 over one leg's peak."""
    thigh, shank, foot = 0.3685 / 1.735, 0.4323 / 1.735, 0.2283 / 1.735
    inertia = 0.1478 * ((0.3612 * thigh) ** 2 + (0.364 * thigh) ** 2)
    inertia += 0.0481 * ((thigh + 0.4416 * shank) ** 2 + (0.267 * shank) ** 2)
    inertia += 0.0129 * ((thigh + shank + 0.039 / 2) ** 2 + (0.279 * foot) ** 2)
    inertia *= mass * stature**2
    fastest = 10 / math.sqrt(3) * math.radians(85) / 2**2
    return inertia * fastest / (peak("lying_straight_leg", *moments(mass, stature, "female")) / 2)


# The reports: rows of id, value, low, high


def energy_cost(scenario):
    plan, person = PLANS[scenario], PEOPLE[scenario]
    mass = person[0]
    every = every_energy(plan, person)
    gross = [kcal(plan, mass, row) for row in (CENTRAL, LOW, HIGH)]
    net = [kcal(plan, mass, row, off=1) for row in (CENTRAL, LOW, HIGH)]
    weeks = sum(stage[1] for stage in plan)
    rest = rest_kcal_day(*person)
    yield "weekly_energy", gross[0], min(every), max(every)
    yield "weekly_gross_energy", *gross
    yield "weekly_net_energy", *net
    yield "plan_gross_energy", *(weeks * one for one in gross)
    yield "weekly_met_minutes", *(met_minutes(plan, row) for row in (CENTRAL, LOW, HIGH))
    yield "daily_resting_energy", rest
    yield "share_of_resting_energy", *(100 * one / (7 * rest) for one in net)
    # at 80 m/min on the level 3.5 + 0.1 x 80 = 11.5 mL/kg/min, at 5 kcal/L
    yield "walking_minutes", *(one / (11.5 * mass / 1000 * 5) for one in gross)
    yield "combinations", len(every)
    yield "choices", 6


def weekly_volume(scenario):
    plan = PLANS[scenario]
    every = every_set_count(plan)
    last = plan[-1][2] * plan[-1][3]
    counts = [sets(plan, weight, last=True) for weight in (0.5, 0, 1)]
    yield "rectus_abdominis_sets_last_week", *counts
    yield "iliopsoas_sets_last_week", last, last, last
    yield "sets_last_week", last
    yield "rectus_abdominis_sets_any_count", sets(plan, 0.5), min(every), max(every)
    yield "weekly_met_minutes", *(met_minutes(plan, row) for row in (CENTRAL, LOW, HIGH))
    yield "indirect_weight", 0.5
    yield "ways", len(every)


def assumptions(scenario):
    plan, person = PLANS[scenario], PEOPLE[scenario]
    every, counts = every_energy(plan, person), every_set_count(plan)
    yield "weekly_gross_energy", kcal(plan, person[0], CENTRAL), min(every), max(every)
    yield "weekly_gross_energy_simulated", *simulated(plan, person[0])
    yield "weekly_sets", sets(plan, 0.5), min(counts), max(counts)
    others = [stage[0] for stage in plan if stage[0] != "lying_straight_leg"]
    hardest = max(others, key=VARIANTS.index)
    bodies = [body for body in BODIES if body[0] != "mixed"]
    found = shares(*person[:2], bodies)
    every_share = [share for quantity in found.values() for share in quantity[hardest]]
    own = found["peak"][hardest][bodies.index(("deleva1996", person[3]))]
    yield "relative_load", own, min(every_share), max(every_share)
    yield "combinations", len(every)
    yield "choices", 6


def leg_raise_mechanics(_):
    mass, stature = 75, 1.75
    a, b = moments(mass, stature, "female")
    straight = peak("lying_straight_leg", a, b)
    tables = [
        peak("lying_straight_leg", *moments(mass, stature, "female", table))
        for table in ("deleva1996", "winter2009", "mixed")
    ]
    found = shares(mass, stature)
    bent = [100 * share for share in found["peak"]["lying_bent_knee"]]
    lifted = lift_n(mass, "female")
    yield "straight_leg_peak_moment", straight, min(tables), max(tables)
    yield "straight_leg_work", work("lying_straight_leg", a, b)
    yield "bent_knee_peak_share", bent[0], min(bent), max(bent)
    yield "single_leg_mean_share", 100 * found["mean"]["lying_single_leg"][0]
    yield "straight_leg_inertial_share", 100 * inertial_share(mass, stature)
    yield "hip_lift_moment", lifted * 0.1815 / 1.735 * stature
    yield "hip_lift_work", lifted * 0.0635
    yield "published_spine_compression", 3000
    yield "hanging_straight_leg_peak_moment", peak("hanging_straight_leg", a, b)
    yield "pairs_without_order", pairs_without_order(mass, stature)
    yield "tables_apart", 100 * (max(tables) / min(tables) - 1)
    for name, quantity, variant in (
        ("peak_most", "peak", "hanging_straight_leg"),
        ("mean_least", "mean", "hanging_knee_raise"),
        ("mean_most", "mean", "flutter_kick"),
        ("work_least", "work", "lying_bent_knee"),
        ("work_most", "work", "lying_hip_lift"),
    ):
        mine = [100 * share for share in found[quantity][variant]]
        yield name, mine[0], min(mine), max(mine)
    larger = shares(1.5 * mass, 1.1 * stature)
    yield (
        "larger_body",
        100
        * max(
            abs(one - other)
            for quantity in found
            for variant in VARIANTS
            for one, other in zip(found[quantity][variant], larger[quantity][variant], strict=True)
        ),
    )


def progression_comparison(_):
    mass, stature = 75, 1.75
    a, b = moments(mass, stature, "female")
    lettered = dict(zip("abcde", PLANS.values(), strict=True))
    energy = {
        letter: [kcal(plan, mass, row) for row in (CENTRAL, LOW, HIGH)]
        for letter, plan in lettered.items()
    }
    for letter, plan in lettered.items():
        of = {
            "met_minutes": met_minutes(plan, CENTRAL),
            "time_under_tension": mean_week(plan, work_s) / 60,
            "fractional_sets_iliopsoas": mean_week(plan, lambda stage: stage[3]),
            "fractional_sets_rectus_abdominis": sets(plan, 0.5),
            "mechanical_work": mean_week(
                plan, lambda stage: repetitions(stage) * work(stage[0], a, b) / 1000
            ),
            "moment_time_impulse": mean_week(
                plan, lambda stage: repetitions(stage) * impulse(stage[0], a, b) / 1000
            ),
            "relative_peak": sum(stage[1] * 100 * peak(stage[0], a, b) for stage in plan)
            / sum(stage[1] for stage in plan)
            / peak("lying_straight_leg", a, b),
            # Of garber2011 every plan misses the muscle groups; bouts have no repetitions, and
            # their rests of a minute are too short: sessions, sets, hours between remain
            "recommendations_met": 100 * 3 / 5 if letter == "c" else 100 * 5 / 6,
        }
        yield f"gross_energy_{letter}", *energy[letter]
        for metric, value in of.items():
            yield f"{metric}_{letter}", value
    yield "gross_energy_least", *min(energy.values())
    yield "gross_energy_most", *max(energy.values())
    yield (
        "low_and_high_row",
        min(e[1] for e in energy.values()),
        None,
        max(e[2] for e in energy.values()),
    )
    rises = {}
    for letter, plan in lettered.items():
        weekly = [
            stage[2] * repetitions(stage) * impulse(stage[0], a, b)
            for stage in plan
            for _ in range(stage[1])
        ]
        for week, (before, after) in enumerate(itertools.pairwise(weekly), start=2):
            rises[letter, week] = 100 * (after / before - 1)
    yield "largest_rise", max(rises.values())
    yield "largest_rise_week", max(rises, key=rises.get)[1]
    rests = [
        100 * (1 - kcal(plan, mass, CENTRAL, basis="working") / kcal(plan, mass, CENTRAL))
        for plan in lettered.values()
    ]
    yield "without_rests", min(rests), None, max(rests)
    lengths = [sum(stage[1] for stage in plan) for plan in lettered.values()]
    yield "plans", len(lettered)
    yield "weeks", min(lengths), None, max(lengths)


def claim_audit(_):
    with open(PUBLISHED / "claim_verdicts.csv", encoding="utf-8", newline="") as file:
        verdicts = Counter(
            row["value"] for row in csv.DictReader(file) if row["field"] == "verdict"
        )
    with open(DATA / "claims.csv", encoding="utf-8", newline="") as file:
        cited = sum(bool(row["cited"]) for row in csv.DictReader(file))
    yield "claims", sum(verdicts.values())
    yield "supported", verdicts["supported"]
    yield "partly_supported", verdicts["partly supported"]
    yield "citation_does_not_support", verdicts["citation does not support it"]
    yield "misdated", verdicts["source mis-dated or mis-attributed"]
    yield "contrary", verdicts["uncited; contrary evidence found"]
    yield "not_checkable", verdicts["not checkable here"]
    yield "cited", cited


WORKED = {
    "energy_cost": (energy_cost, tuple(PEOPLE)),
    "weekly_volume": (weekly_volume, tuple(PEOPLE)),
    "assumptions": (assumptions, tuple(PEOPLE)),
    "leg_raise_mechanics": (leg_raise_mechanics, ("general",)),
    "progression_comparison": (progression_comparison, ("general",)),
    "claim_audit": (claim_audit, ("general",)),
}


# Unit and decimals of each number as a report prints it; of those with a letter, for all letters.
PRINTED = {
    "weekly_energy": ("kcal/week", 0),
    "weekly_gross_energy": ("kcal/week", 0),
    "weekly_gross_energy_simulated": ("kcal/week", 0),
    "weekly_net_energy": ("kcal/week", 0),
    "plan_gross_energy": ("kcal", 0),
    "weekly_met_minutes": ("MET-min/week", 0),
    "daily_resting_energy": ("kcal/day", 0),
    "share_of_resting_energy": ("%", 1),
    "walking_minutes": ("min/week", 0),
    "rectus_abdominis_sets_last_week": ("sets per muscle per week", 1),
    "iliopsoas_sets_last_week": ("sets per muscle per week", 1),
    "sets_last_week": ("sets per week", 0),
    "rectus_abdominis_sets_any_count": ("sets per muscle per week", 1),
    "weekly_sets": ("sets per muscle per week", 1),
    "relative_load": ("", 2),
    "straight_leg_peak_moment": ("N m", 0),
    "straight_leg_work": ("J", 0),
    "bent_knee_peak_share": ("%", 0),
    "single_leg_mean_share": ("%", 0),
    "straight_leg_inertial_share": ("%", 0),
    "hip_lift_moment": ("N m", 0),
    "hip_lift_work": ("J", 0),
    "published_spine_compression": ("N", 0),
    "hanging_straight_leg_peak_moment": ("N m", 0),
    "gross_energy": ("kcal/week", 0),
    "met_minutes": ("MET-min/week", 0),
    "time_under_tension": ("min/week", 1),
    "fractional_sets_iliopsoas": ("sets per muscle per week", 1),
    "fractional_sets_rectus_abdominis": ("sets per muscle per week", 1),
    "mechanical_work": ("kJ/week", 1),
    "moment_time_impulse": ("kN m s/week", 1),
    "relative_peak": ("% of straight-leg raise", 0),
    "recommendations_met": ("%", 0),
    "gross_energy_least": ("kcal/week", 0),
    "gross_energy_most": ("kcal/week", 0),
}


def in_print(id):
    """Unit and decimals of a number; counts have no unit."""
    return PRINTED.get(id) or PRINTED.get(id[:-2], ("", 0))


def rows(notebook):
    """Scenario, id, value, low and high of every worked number of a notebook."""
    work_out, scenarios = WORKED[notebook]
    return [
        (scenario, id, *(*numbers, None, None)[:3])
        for scenario in scenarios
        for id, *numbers in work_out(scenario)
    ]


def write():
    for notebook in WORKED:
        path = PUBLISHED / f"reports_{notebook}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            made = csv.writer(file, lineterminator="\n")
            made.writerow(("scenario", "id", "value", "low", "high", "unit", "decimals"))
            for scenario, id, *numbers in rows(notebook):
                shown = ("" if number is None else f"{number:.10g}" for number in numbers)
                made.writerow((scenario, id, *shown, *in_print(id)))


if __name__ == "__main__":
    write()
