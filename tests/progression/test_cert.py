"""The exercise reporting template: every item there, filled only from what a plan knows."""

from __future__ import annotations

import pytest

from repdose import evidence as ev
from repdose import progression
from repdose.evidence.training.checklists import cert_items
from repdose.progression import cert

# Typed again from the checklist: number, heading, and a word that each item turns on.
PRINTED = [
    ("1", "materials", "equipment"),
    ("2", "provider", "training"),
    ("3", "delivery", "group"),
    ("4", "delivery", "supervised"),
    ("5", "delivery", "adherence"),
    ("6", "delivery", "motivate"),
    ("7a", "delivery", "rule"),
    ("7b", "delivery", "progress"),
    ("8", "delivery", "each exercise"),
    ("9", "delivery", "home"),
    ("10", "delivery", "besides exercise"),
    ("11", "delivery", "adverse"),
    ("12", "location", "where"),
    ("13", "dosage", "dose"),
    ("14a", "tailoring", "tailored"),
    ("14b", "tailoring", "how"),
    ("15", "tailoring", "starting level"),
    ("16a", "compliance", "fidelity"),
    ("16b", "compliance", "as planned"),
]
ALL = [item for item, _, _ in PRINTED]
HAND = {
    "variant": "lying_straight_leg",
    "weeks": 2,
    "sessions_per_week": 3,
    "sets": 3,
    "repetitions": 12,
    "rest_s": 120,
}
PERSON = {"body_mass_kg": 75.0, "stature_m": 1.75, "sex": "male"}


def written(*stages):
    return progression.plan(list(stages or [HAND]), title="by hand")


def planned(rule="two_for_two", **more):
    return progression.planned("lying_bent_knee", "lying_straight_leg", 6, rule=rule, **more)


def by_item(plan, **more):
    return cert.cert(plan, **more).set_index("item")


def test_the_items_are_the_checklists_sixteen_with_their_parts():
    items = cert_items()
    assert [(row.item, row.category) for row in items] == [(i, c) for i, c, _ in PRINTED]
    assert len({row.item.rstrip("ab") for row in items}) == 16
    for row, (_, _, word) in zip(items, PRINTED, strict=True):
        assert word in row.words
        assert (row.source, row.locator) == ("slade2016", f"checklist item {row.item}")


@pytest.mark.parametrize("plan", [written(), planned()], ids=["by hand", "by rule"])
def test_no_item_is_ever_left_out_and_none_is_empty(plan):
    found = cert.cert(plan)
    assert list(found["item"]) == ALL
    assert (found["reported"].str.len() > 0).all()
    unfilled = found["status"] == "not reported"
    assert (found.loc[unfilled, "reported"] == "not reported").all()
    assert (found.loc[unfilled, "filled_from"] == "").all()
    assert (found.loc[~unfilled, "filled_from"] != "").all()


def test_what_happens_in_training_is_never_filled_from_a_plan():
    for plan in (written(), planned()):
        found = by_item(plan)
        for item in ("2", "3", "4", "5", "6", "9", "10", "11", "12", "16a", "16b"):
            assert found.loc[item, "status"] == "not reported", item


def test_a_plan_by_hand_says_how_it_progresses_and_not_by_which_rule():
    found = by_item(written(HAND, {**HAND, "variant": "lying_hip_lift", "sets": 4}))
    for item in ("7a", "14a", "14b", "15"):
        assert found.loc[item, "reported"] == "not reported"
    assert "weeks 3 to 4" in found.loc["7b", "reported"]
    assert "sets between 3 and 4" in found.loc["7b", "reported"]


def test_the_planners_rule_is_printed_whole():
    plan = planned(deload_every=4)
    found = by_item(plan)
    assert found.loc["7a", "reported"] == plan.rule
    assert found.loc["14a", "reported"].startswith("the same for everyone")
    assert found.loc["15", "status"] == "in part"
    assert "how a person is matched to that variant is not reported" in found.loc["15", "reported"]


def test_a_load_set_for_one_body_is_tailored_and_says_by_what():
    found = by_item(planned("load_2_to_10_percent", **PERSON))
    assert found.loc["14a", "reported"] == "tailored"
    assert "75 kg, 1.75 m, male" in found.loc["14b", "reported"]
    assert "kg at each ankle" in found.loc["1", "reported"]
    assert "kg at each ankle between 0 and" in found.loc["7b", "reported"]


def test_part_of_a_range_shows_in_dose_and_progress():
    found = by_item(planned("range_before_load"))
    assert "share of the range between 0.5 and 1" in found.loc["7b", "reported"]
    assert "thigh 72.5° to 90°" in found.loc["13", "reported"]


def test_the_dose_names_every_week_once_and_what_never_changes_once():
    stages = [HAND, {**HAND, "repetitions": 10}, {**HAND, "repetitions": 10, "rpe": 7}]
    dose = by_item(written(*stages)).loc["13", "reported"]
    assert "weeks 1 to 2: 3 × (3 × 12)" in dose
    assert "weeks 3 to 4: 3 × (3 × 10)" in dose
    assert "weeks 5 to 6: 3 × (3 × 10, rated 7 of 10)" in dose
    assert dose.count("rest 120 s") == dose.count("tempo 2-1-2-0 s") == 1
    split = by_item(written(HAND, {**HAND, "rest_s": 60})).loc["13", "reported"]
    assert "weeks 1 to 2: 3 × (3 × 12), rest 120 s; weeks 3 to 4: 3 × (3 × 12), rest 60 s" in split
    # a stage with the dose of the one before goes on with it
    assert "weeks 1 to 4" in by_item(written(HAND, HAND)).loc["13", "reported"]


def test_equipment_follows_from_the_position():
    assert by_item(written()).loc["1", "reported"] == "none: the floor"
    hanging = by_item(written({**HAND, "variant": "hanging_knee_raise", "ankle_mass_kg": 1.0}))
    assert hanging.loc["1", "reported"] == "a bar to hang from and weights of 1.0 kg at each ankle"


def test_an_author_can_fill_what_a_plan_cannot_know():
    found = by_item(planned(), given={"12": "at home", "15": "by a trial set"})
    assert found.loc["12", ["reported", "status", "filled_from"]].tolist() == [
        "at home",
        "given",
        "the author",
    ]
    assert found.loc["15", "reported"].endswith("; by a trial set")
    assert found.loc["15", "filled_from"] == "the planner's rule; the author"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"7": "x"}, "CERT has no item '7'; near it: 7"),
        ({"12": " "}, "item 12 must be a line of text"),
        ({"12": 3}, "item 12 must be a line of text; got 3"),
        ({"13": "x"}, "item 13 is filled from the plan"),
    ],
)
def test_what_does_not_fit_the_checklist_is_refused(given, words):
    with pytest.raises(ValueError, match=words):
        cert.cert(written(), given=given)


def test_the_checklist_is_among_the_sources():
    with ev.ledger() as used:
        cert.cert(written())
    assert "slade2016" in used.sources()
