"""What reports of a notebook share is made before them, and nothing of a reader's own is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from repdose import metaregression, multiverse
from repdose.dose_response import by_category
from repdose.inputs.cells import notebooks_folder
from repdose.inputs.notebooks import find, parameters
from repdose.reports.engines import fork_cells
from repdose.tables import activity_and_risk, shared
from repdose.tables import dose_response as tables
from repdose.tables.packaged_trials import trials_of

NAMES = ("table", "flagged", "pre_post_r", "rho", "form", "left_out")


def given(notebook: str) -> dict:
    return dict(parameters(find(notebook), None, {}))


@pytest.fixture
def no_fit(monkeypatch: pytest.MonkeyPatch):
    """From now on a fit is an error."""

    def stop() -> None:
        def refused(*_, **__):
            raise AssertionError("fitted again")

        for module in ("repdose.metaregression.model", "repdose.metaregression.again"):
            monkeypatch.setattr(f"{module}.estimate", refused)
        monkeypatch.setattr(by_category, "_fitted", refused)

    return stop


def test_the_trials_of_a_report_and_its_tables_are_there(no_fit):
    chosen = given("dose_response")
    shared.make("dose_response", chosen)
    no_fit()
    trials = trials_of(chosen["outcome"], **{name: chosen[name] for name in NAMES})
    assert len(tables.sensitivity(trials, low_sets=5.0, high_sets=10.0)) > 10
    with pytest.raises(AssertionError, match="fitted again"):
        tables.sensitivity(trials, low_sets=5.0, high_sets=11.0)


def test_the_slopes_and_the_risks_are_there_for_any_plan(no_fit):
    shared.make("assumptions", given("assumptions"))
    shared.make("activity_and_risk", given("activity_and_risk"))
    no_fit()
    assert multiverse.dose_response_slope().count == 108
    risks = activity_and_risk.fitted("quadratic")
    assert risks.choices(43.0).default == risks.fit.curve(43.0)["rr"].iloc[0]
    with pytest.raises(AssertionError, match="fitted again"):
        activity_and_risk.fitted("root")


def test_what_takes_long_to_import_is_there_too():
    program = (
        "import sys\nfrom unittest import mock\nfrom repdose import multiverse\n"
        "from repdose.tables import shared\n"
        "with mock.patch.object(multiverse, 'dose_response_slope'):\n"
        "    shared.make('assumptions', {})\n"
        "print({'SALib.analyze.sobol', 'SALib.sample.sobol'} <= sys.modules.keys())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


def test_nothing_is_made_of_a_table_of_ones_own_nor_of_other_notebooks(no_fit):
    no_fit()
    shared.make("dose_response", given("dose_response") | {"table": "mine.csv"})
    shared.make("my_own_question", {})


def test_every_notebook_that_shares_is_a_shipped_one():
    assert all((notebooks_folder() / f"{name}.ipynb").is_file() for name in shared.SHARED)


def test_what_cannot_be_shared_stops_no_process():
    fork_cells.warm_with("dose_response", {"outcome": "speed"})
    with pytest.raises(KeyError):
        shared.make("dose_response", {"outcome": "speed"})
    assert callable(metaregression.fit)
