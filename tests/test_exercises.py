"""The variants' MET rows and set credits, typed a second time: judgements change by intent only."""

from __future__ import annotations

import pytest

from evidence.compendium import met
from evidence.exercises import exercises, met_analogies, set_credits

MUSCLES = (
    "iliopsoas",
    "rectus_femoris",
    "rectus_abdominis",
    "obliques",
    "transversus_abdominis",
    "latissimus_dorsi",
    "forearm_flexors",
)
# d direct, i indirect, - none, in the order of MUSCLES; then the central MET row
JUDGED = {
    "lying_bent_knee": ("diiii--", "02024"),
    "lying_straight_leg": ("ddiii--", "02024"),
    "lying_single_leg": ("ddiii--", "02024"),
    "lying_hip_lift": ("ddddi--", "02030"),
    "flutter_kick": ("ddiii--", "02022"),
    "hanging_knee_raise": ("diddiii", "02022"),
    "hanging_straight_leg": ("ddddiii", "02022"),
}


def test_every_variant_is_judged():
    assert list(exercises().index) == list(JUDGED)


@pytest.mark.parametrize("variant", JUDGED)
def test_a_set_counts_for_the_muscles_it_was_judged_to_work(variant):
    letters = {"d": "direct", "i": "indirect"}
    expected = {
        muscle: letters[letter]
        for muscle, letter in zip(MUSCLES, JUDGED[variant][0], strict=True)
        if letter != "-"
    }
    assert {name: credit.role for name, credit in set_credits(variant).items()} == expected


@pytest.mark.parametrize("edition", ["2011", "2024"])
@pytest.mark.parametrize("variant", JUDGED)
def test_a_variant_stands_between_a_lighter_row_and_vigorous_calisthenics(variant, edition):
    # mat Pilates, which 2011 does not list; there gentle stretching
    floor = {"2024": "02103", "2011": "02101"}[edition]
    rows = met_analogies(variant, edition=edition)
    assert {role: row.met.code for role, row in rows.items()} == {
        "low": floor if JUDGED[variant][1] == "02024" else "02024",
        "central": JUDGED[variant][1],
        "high": "02020",
    }
    assert all(row.met == met(row.met.code, edition=edition) for row in rows.values())
    assert rows["low"].met.met < rows["central"].met.met < rows["high"].met.met


def test_the_low_row_of_the_lying_variants_is_mat_pilates_or_stretching():
    newer = met_analogies("lying_straight_leg", edition=2024)["low"].met
    assert (newer.met, newer.basis) == (1.8, "measured")
    assert met_analogies("lying_straight_leg", edition=2011)["low"].met.met == 2.3
