"""What is made of packaged trials is made once, tells what it read each time, and is nobody's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from repdose import evidence as ev
from repdose.dose_response.trials import Trials
from repdose.evidence.own_trials import template
from repdose.tables import dose_response as tables
from repdose.tables.packaged_trials import once, trials_of

DEFAULT = {
    "table": "",
    "flagged": "keep",
    "pre_post_r": 0.0,
    "rho": 0.6,
    "form": "averaged",
    "left_out": [],
}
DOSES = {"low_sets": 5.0, "high_sets": 10.0}


def test_trials_are_those_that_the_parameters_name():
    trials = trials_of("strength", **{**DEFAULT, "rho": 0.3, "form": "linear"})
    assert trials == Trials("strength", rho=0.3, form="linear")
    assert trials_of("strength", **{**DEFAULT, "rho": 0.3, "form": "linear"}) is trials
    assert trials_of("strength", **{**DEFAULT, "rho": 0.2, "form": "linear"}) is not trials


def test_a_second_report_has_read_what_the_first_one_has():
    with ev.ledger() as first:
        tables.in_percent(trials_of("hypertrophy", **DEFAULT), **DOSES)
    with ev.ledger() as second:
        tables.in_percent(trials_of("hypertrophy", **DEFAULT), **DOSES)
    with ev.ledger() as anew:
        trials = Trials("hypertrophy")
        _ = trials.curve, trials.slopes, trials.queries
        tables.in_percent.__wrapped__(trials, **DOSES)
    assert first.sources() == second.sources() == anew.sources() != []
    assert first.tables() == second.tables() == anew.tables() != {}


def test_what_a_report_does_to_its_table_is_not_seen_by_the_next():
    @once
    def made(trials: Trials, *, low_sets: float) -> pd.DataFrame:
        return pd.DataFrame({"outcome": [trials.outcome], "sets": [low_sets]})

    trials = Trials("hypertrophy")
    first = made(trials, low_sets=5.0)
    first["sets"] = 99.0
    first["more"] = 1.0
    again = made(trials, low_sets=5.0)
    assert again.to_dict("list") == {"outcome": ["hypertrophy"], "sets": [5.0]}


def test_a_reader_s_table_is_read_again_once_it_has_changed(tmp_path: Path):
    file = tmp_path / "mine.csv"
    file.write_text(template(), "utf-8")
    before = trials_of("hypertrophy", **{**DEFAULT, "table": str(file)})
    lines = file.read_text("utf-8").splitlines()
    study = before.arms["study"].iloc[-1]
    kept = [line for line in lines if f",{study}," not in line]
    assert len(kept) < len(lines)
    file.write_text("\n".join(kept) + "\n", "utf-8")
    after = trials_of("hypertrophy", **{**DEFAULT, "table": str(file)})
    assert set(before.arms["study"]) - set(after.arms["study"]) == {study}
