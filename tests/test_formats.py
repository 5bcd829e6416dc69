"""The examples of docs/formats.md are read as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from repdose.dose_response import read_trials
from repdose.evidence import EvidenceError
from repdose.evidence.own_trials import fields
from repdose.evidence.table_schema import meanings

TEXT = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
EXAMPLES = re.findall(r"```csv\n(.*?)```.*?```text\n(.*?)\n```", TEXT, re.DOTALL)


def test_there_are_examples_of_what_is_read_and_of_what_is_refused():
    assert len(EXAMPLES) == TEXT.count("```csv") == 4
    assert "mine.csv:" in EXAMPLES[-1][1]


@pytest.mark.parametrize(("table", "said"), EXAMPLES)
def test_an_example_is_read_or_refused_in_the_words_that_stand_below_it(tmp_path, table, said):
    path = tmp_path / "mine.csv"
    path.write_text(table, "utf-8")
    try:
        told = read_trials(path).notes
    except EvidenceError as refused:
        told = str(refused).splitlines()
    assert told == said.splitlines()


def test_every_column_is_listed_with_its_meaning():
    listed = re.search(r"```columns\n(.*?)\n```", TEXT, re.DOTALL)
    assert listed[1].splitlines() == list(meanings(fields()))
