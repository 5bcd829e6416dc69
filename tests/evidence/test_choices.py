"""Declared options: what an option is called is what it stands for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from repdose.evidence import EvidenceError
from repdose.evidence.choices import by_choice

# Typed from the words alone: what a reader of the name takes for the number
MEANT = {
    "indirect_weight.direct": 0,
    "indirect_weight.fractional": 0.5,
    "indirect_weight.total": 1,
    "one_legged_set.one": 1,
    "one_legged_set.half": 0.5,
    "r.0.5": 0.5,
    "r.0.8": 0.8,
    "r.0.9": 0.9,
    "rho.0": 0,
    "rho.0.6": 0.6,
    "limbs.0": 0,
    "limbs.0.6": 0.6,
}
OPTIONS = {row.id: row for rows in by_choice().values() for row in rows.values()}


def test_every_option_that_is_a_number_is_the_one_its_name_says():
    assert {id: row.value for id, row in OPTIONS.items() if row.value is not None} == MEANT


@pytest.mark.parametrize("id", MEANT)
def test_a_name_that_disagrees_with_its_value_is_refused(id):
    with pytest.raises(EvidenceError, match=f"{id}.*its value is {MEANT[id] + 0.1:g}"):
        replace(OPTIONS[id], value=MEANT[id] + 0.1)
    with pytest.raises(EvidenceError, match="its name says None"):
        replace(OPTIONS[id], name="some")


def test_an_id_is_made_of_choice_and_option():
    with pytest.raises(EvidenceError, match="its choice and option make 'r.0.7'"):
        replace(OPTIONS["r.0.8"], option="0.7")
