"""Every hostile input is answered as it must be; those that need a process of their own apart."""

from __future__ import annotations

import pytest
from hostile.attack import Case, wrong
from hostile.corpus import cases

ALL = cases()


def test_there_are_as_many_as_were_promised_and_each_has_a_name_of_its_own():
    assert len(ALL) >= 200
    assert len({case.id for case in ALL}) == len(ALL)


@pytest.mark.parametrize("case", [one for one in ALL if not one.shell], ids=lambda case: case.id)
def test_a_hostile_input_is_refused_in_a_sentence(case: Case):
    assert wrong(case) == []


@pytest.mark.slow
@pytest.mark.parametrize("case", [one for one in ALL if one.shell], ids=lambda case: case.id)
def test_a_hostile_stream_is_answered(case: Case):
    assert wrong(case) == []


def test_a_wrong_answer_is_seen():
    right = Case("self", "help", ["--help"], 0, "out: Usage: repdose…")
    assert wrong(right) == []
    assert wrong(Case("self", "code", ["--help"], 1, "out: Usage: repdose…"))
    assert wrong(Case("self", "line", ["--help"], 0, "out: Something else"))
    assert wrong(Case("self", "left", ["--help"], 0, "out: Usage: repdose…", left=["a.txt"]))
