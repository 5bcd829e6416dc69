"""Claims that mechanics can decide: angles, moments, shares of them, and their sign."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from repdose import mechanics
from repdose.arguments import choice
from repdose.claim_checks.comparison import (
    PERCENT,
    STRAIGHT,
    Comparison,
    Person,
    against,
    claimed_range,
    claimed_words,
)
from repdose.evidence.claim_audit import SEPARATOR, Claim, evidence_for
from repdose.evidence.studies.study_findings import Finding
from repdose.evidence.training.leg_raises import geometry
from repdose.evidence.training.variants import exercise
from repdose.mechanics.body_segments import leg
from repdose.mechanics.hip_lift import hip_lift

M_PER_INCH = 0.0254  # exact, by definition
UPRIGHT = 90.0  # a straight leg that points up, where gravity has no moment at the hip
BENT, SINGLE = "lying_bent_knee", "lying_single_leg"
HOLDERS = ("flexors", "extensors")
SIDES = ("above", "below")
ROUNDING = 6  # decimals within which two computed numbers are the same


def _angle(claim: Claim, person: Person) -> Iterator[Comparison]:
    for row in evidence_for(claim):
        if isinstance(row, Finding) and row.value is not None:
            yield against(claim, f"{row.quantity} ({row.population})", row.value, row.unit, row.id)
    yield from _moment_share(claim, person)


def _moment_share(claim: Claim, person: Person) -> Iterator[Comparison]:
    for angle in dict.fromkeys(claimed_range(claim)):
        yield _share(claim, person, angle, f"hip moment at {angle:g} degrees")


def _share(claim: Claim, person: Person, angle: float, what: str) -> Comparison:
    words, record = f"{what}, share of that at horizontal", "repdose.mechanics.hip_moment_nm"
    return against(claim, words, person.moment_share(angle), "%", record, within=None)


def _hover_height(claim: Claim, person: Person) -> Iterator[Comparison]:
    for inches in dict.fromkeys(claimed_range(claim)):
        angle = float(
            mechanics.hover_angle_deg(
                inches * M_PER_INCH, stature_m=person.stature_m, sex=person.sex
            )
        )
        height = f"feet {inches:g} in up"
        record = "repdose.mechanics.hover_angle_deg"
        yield against(claim, f"{height}: angle of the legs", angle, "degrees", record, within=None)
        yield _share(claim, person, angle, f"{height}: hip moment")
    for row in evidence_for(claim):
        if isinstance(row, Finding) and row.value is not None:
            inches_up = row.value / PERCENT / M_PER_INCH  # the study states centimetres
            exact = {} if row.relation == "=" else {"within": None}
            yield against(claim, row.quantity, inches_up, "in", row.id, **exact)


def _bent_knee(claim: Claim, person: Person) -> Iterator[Comparison]:
    body = leg(person.body_mass_kg, person.stature_m, person.sex)
    share = float(PERCENT * body.thigh_kgm / (body.thigh_kgm + body.shank_kgm))
    words = "thigh level, shank hanging: hip moment, share of that with straight legs"
    yield against(claim, words, share, "%", "repdose.mechanics.body_segments.leg", within=None)
    peaks = [mechanics.repetition(one, **person.given).peak_nm for one in (BENT, STRAIGHT)]
    share = float(PERCENT * peaks[0] / peaks[1])
    words = "peak hip moment of the bent-knee raise, share of the straight-leg raise"
    yield against(claim, words, share, "%", "repdose.mechanics.repetition", within=None)


def _lowering_share(claim: Claim, person: Person) -> Iterator[Comparison]:
    low, _ = claimed_range(claim)
    claimed = f"more than {low:g} {claim.claimed_unit}"
    tempo = exercise(STRAIGHT)
    assert tempo.up_s is not None  # it counts repetitions
    once, twice = (
        float(
            mechanics.repetition(
                STRAIGHT,
                up_s=times * tempo.up_s,
                down_s=tempo.down_s,
                top_s=0.0,
                bottom_s=0.0,
                **person.given,
            ).moment_time_nms
        )
        for times in (1, 2)
    )
    # a way up of twice the time adds its integral once more; the rest is the way down
    share = PERCENT * (once - (twice - once)) / once
    yield Comparison(
        quantity=f"hip moment over the time of the way down, share of {tempo.up_s:g} s up and "
        f"{tempo.down_s:g} s down",
        claimed=claimed,
        found=share,
        unit="%",
        within=round(share, ROUNDING) > low,
        record="repdose.mechanics.repetition",
    )
    for row in evidence_for(claim):
        if isinstance(row, Finding) and row.value is not None:
            yield Comparison(
                quantity=row.quantity,
                claimed=claimed,
                found=row.value,
                unit=row.unit,
                within=None,
                record=row.id,
            )


def _hip_lift(claim: Claim, person: Person) -> Iterator[Comparison]:
    _, lever_m = hip_lift(**person.given, segments="deleva1996", ankle_mass_kg=0.0)
    for inches in dict.fromkeys(claimed_range(claim)):
        raised = inches * M_PER_INCH
        # the pelvis turns up about the lumbar pivot, the thigh stays vertical
        turn = -math.degrees(math.asin(raised / float(lever_m)))
        share = person.moment_share(UPRIGHT)
        about = float(mechanics.hip_lift_moment_nm(raised, **person.given))
        for what, value, unit, within, record in (
            ("change of hip flexion", turn, "degrees", turn > 0, "hip_lift.hip_lift"),
            (
                "hip moment, share of that at horizontal",
                share,
                "%",
                round(share, ROUNDING) > 0,
                "hip_moment_nm",
            ),
            ("moment about the lumbar pivot", about, "N m", None, "hip_lift_moment_nm"),
        ):
            yield Comparison(
                quantity=f"hips {inches:g} in up, legs vertical: {what}",
                claimed=f"more hip flexion at {claimed_words(claim)}",
                found=value,
                unit=unit,
                within=within,
                record=f"repdose.mechanics.{record}",
            )


def _lowering_sign(claim: Claim, person: Person) -> Iterator[Comparison]:
    claimed = choice(f"claimed_text of {claim.id}", claim.claimed_text, HOLDERS)
    variant = geometry(STRAIGHT)
    for angle in (variant.start_deg, (variant.start_deg + variant.end_deg) / 2):
        moment = person.hip_moment_nm(angle)
        holders = HOLDERS[0] if moment > 0 else HOLDERS[1]
        yield Comparison(
            quantity=f"legs lowered to {angle:g} degrees: gravity's moment",
            claimed=f"held by {claimed}",
            found=moment,
            found_text=f"held by {holders}",
            unit="N m",
            within=holders == claimed,
            record="repdose.mechanics.hip_moment_nm",
        )


def _level(claim: Claim, person: Person) -> Iterator[Comparison]:
    single, straight = (mechanics.repetition(one, **person.given) for one in (SINGLE, STRAIGHT))
    for name, one, other in (
        ("peak hip moment", single.peak_nm, straight.peak_nm),
        ("mean hip moment", single.mean_nm, straight.mean_nm),
        ("work of a repetition", single.work_up_j, straight.work_up_j),
    ):
        share = float(PERCENT * one / other)
        apart = round(share - PERCENT, ROUNDING)
        for words in claim.claimed_text.split(SEPARATOR):
            side = choice(f"claimed_text of {claim.id}", words, SIDES)
            yield Comparison(
                quantity=f"{name}, single leg as share of both",
                claimed=f"{side} the straight-leg raise",
                found=share,
                unit="%",
                within=apart > 0 if side == SIDES[0] else apart < 0,
                record="repdose.mechanics.repetition",
            )


MECHANICAL: Mapping[str, Callable[[Claim, Person], Iterator[Comparison]]] = {
    "angle above horizontal": _angle,
    "hover height": _hover_height,
    "moment share": _moment_share,
    "bent-knee moment": _bent_knee,
    "lowering share": _lowering_share,
    "hip lift": _hip_lift,
    "lowering sign": _lowering_sign,
    "level": _level,
}
