"""The data tables a report names are those that were read for it."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys

import pytest
from report_notebooks import job

from repdose import evidence as ev
from repdose.evidence.tables import DATA
from repdose.evidence.used import kept
from repdose.multiverse import dose_slope
from repdose.reports import Report, manifest
from repdose.reports.engines import run_jobs


def opened():
    return Report("energy_cost", {"body_mass_kg": 75.0})


def read(report):
    return list(report.results()["data"])


def test_what_was_looked_at_before_a_report_is_not_its_data():
    ev.compendium("wheelchair")
    assert read(opened()) == []


def test_what_the_parameters_were_checked_against_is():
    report = Report("energy_cost", {"progression": "foundation"})
    assert read(report) == ["exercises.csv", "leg_raise_geometry.csv"]


def test_each_table_is_named_with_the_checksum_of_its_file():
    report = opened()
    ev.met("02024", edition=2011)
    assert report.results()["data"] == {
        "met_2011.csv": hashlib.sha256((DATA / "met_2011.csv").read_bytes()).hexdigest()
    }


def test_records_and_frames_that_are_kept_name_their_table_to_each_report():
    for _ in range(2):
        report = opened()
        ev.finding("schoenfeld2017.effect_size_per_weekly_set")
        ev.guideline("garber2011")
        ev.search("abdominal crunch", edition=2024)
        assert read(report) == [
            "findings.csv",
            "guidelines.csv",
            "met_2024.csv",
            "search_synonyms.csv",
        ]


def test_corrected_trials_name_their_table_their_corrections_and_their_terms():
    expected = ["corrections.yaml", "trial_datasets.csv", "volume_arms.csv"]
    for _ in range(2):
        with ev.ledger() as used:
            dose_slope.trial_rows("size", "corrected", "authors")
        assert list(used.tables()) == expected
        assert used.sources() == ["hammarstrom2021"]


def test_two_reports_in_one_kernel_do_not_mix():
    first = opened()
    ev.compendium("wheelchair")
    second = opened()
    ev.compendium("older-2024")
    assert read(first) == ["met_wheelchair.csv"]
    assert read(second) == ["met_older_2024.csv"]
    first.provenance()
    ev.compendium("2011")
    assert read(first) == ["met_wheelchair.csv"]
    assert read(second) == ["met_2011.csv", "met_older_2024.csv"]
    second.provenance()
    ev.compendium("2024")
    assert read(second) == ["met_2011.csv", "met_older_2024.csv"]


def test_a_ledger_around_a_report_goes_on_when_the_report_ends():
    with ev.ledger() as used:
        report = opened()
        report.provenance()
        ev.compendium("2011")
    ev.compendium("2024")
    assert list(used.tables()) == ["met_2011.csv"]


def test_what_could_not_be_made_is_tried_again():
    calls = []

    @kept
    def fails_once(number):
        calls.append(number)
        if len(calls) == 1:
            raise ValueError("first")
        return ev.met("02024", edition=2011)

    for _ in range(3):
        with ev.ledger() as used:
            try:
                fails_once(1)
            except ValueError:
                continue
        assert [record.id for record in used.records()] == ["2011:02024"]
    assert calls == [1, 1]


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="the kernels named are of x86 processors"
)
def test_the_kernel_that_linear_algebra_uses_is_named():
    code = "from repdose.reports.provenance import arithmetic; print(arithmetic())"
    said = []
    for kernel in ("Haswell", "Nehalem"):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"OPENBLAS_CORETYPE": kernel},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(ran.stdout.strip())
    if not said[0].startswith("openblas"):
        pytest.skip(f"numpy computes by {said[0]}")
    assert said == ["openblas Haswell", "openblas Nehalem"]


@pytest.mark.slow
def test_another_processor_is_why_a_readers_own_notebook_is_made_anew(tmp_path, monkeypatch):
    """It may show all digits; what a shipped one shows is rounded, so that it is the same."""
    one = job(tmp_path, "own", "print(1 / 3)")
    [outcome] = run_jobs([one], engine=None, workers=1)
    assert outcome.status == "made", outcome.message
    assert manifest.changed(one) == []
    monkeypatch.setattr(manifest.provenance, "arithmetic", lambda: "openblas Another")
    assert manifest.changed(one) == ["arithmetic"]
    made_from = manifest.Now().components(one.source, "", [], [], is_shipped=True)
    assert "arithmetic" not in made_from
