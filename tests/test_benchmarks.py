"""The benchmarks' own arithmetic: spread, turns, layouts. Times are never asserted."""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    import machine
    import metaregression

    yield machine, metaregression
    for name in ("machine", "metaregression"):
        sys.modules.pop(name)


@pytest.fixture
def reports(monkeypatch):
    """The script of that name, which is that of a folder of tests too."""
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("speed_of_reports", FOLDER / "reports.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "speed_of_reports", module)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("machine", None)


def test_a_spread_is_the_median_with_its_ends(scripts):
    machine, _ = scripts
    assert machine.spread([4.4, 3.9, 4.1]) == "4.10 s (3.90 to 4.40)"
    assert machine.spread([0.2], "ms", 1) == "0.2 ms (0.2 to 0.2)"
    assert machine.ratios([40, 30], [4, 5]) == [10, 6]


def test_sides_take_turns_and_every_other_round_goes_backwards(scripts):
    machine, _ = scripts
    seen = []
    sides = {name: lambda name=name: seen.append(name) or len(seen) for name in "ab"}
    assert machine.in_turn(sides, 3) == {"a": [1, 4, 5], "b": [2, 3, 6]}
    assert "".join(seen) == "abbaab"


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_number_of_runs_that_cannot_be_is_refused(scripts, text):
    machine, _ = scripts
    with pytest.raises(argparse.ArgumentTypeError, match="a whole number from 1 on is needed"):
        machine.at_least(1)(text)
    assert machine.at_least(0)("0") == 0


def test_the_conditions_name_versions_and_no_machine(scripts):
    import platform

    machine, _ = scripts
    said = machine.conditions()
    assert "numpy" in said
    assert platform.node() not in said


def test_the_two_layouts_are_what_their_words_say(scripts):
    _, benchmark = scripts
    balanced = np.bincount(benchmark.studies(1000, "balanced"))
    assert set(balanced) == {5}
    sizes = np.bincount(benchmark.studies(10_000, "unbalanced"))
    assert sizes.sum() == 10_000
    assert (sizes == 300).sum() == 1
    others = np.sort(sizes)[1:-1]  # the last study may be cut short
    assert others.min() >= 5
    assert others.max() <= 60


def test_a_mean_is_adjusted_by_what_is_known_of_the_same_tables(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    import coverage

    random = np.random.default_rng(4)
    control = random.normal(3.0, 1.0, (50, 1))
    # twice what the control is off by, and an error of its own of .001: the mean of 50 such
    # estimates is off by .28, the adjusted one by .00014
    estimate = 0.05 + 2 * (control[:, 0] - 3.0) + random.normal(0, 0.001, 50)
    mean, error = coverage.adjusted(estimate, control, np.array([3.0]))
    assert mean == pytest.approx(0.05, abs=5e-4)
    assert error == pytest.approx(0.001 / np.sqrt(50), rel=0.3)
    assert abs(estimate.mean() - 0.05) > 20 * error
    sys.modules.pop("coverage")


@pytest.mark.parametrize("script", ["reports.py", "metaregression.py", "coverage.py"])
def test_the_options_are_told(script):
    done = subprocess.run(
        [sys.executable, str(FOLDER / script), "--help"], capture_output=True, text=True, check=True
    )
    assert "--r" in done.stdout


def test_what_a_report_takes_is_that_of_its_part_of_a_build(reports):
    # Two a second up to the fiftieth, then one, at one and a half seconds of two processors
    made = [(at / 2, at) for at in range(51)] + [(25 + at, 50 + at) for at in range(1, 51)]
    samples = [reports.Sample(at, at * 1.5, 0.0, 0.0, number) for at, number in made]
    assert reports.each(samples, "at_s", 0.2, 0.4) == 0.5
    assert reports.each(samples, "at_s", 0.6, 0.8) == 1
    assert reports.each(samples, "processor_s", 0.6, 0.8) == 1.5
    assert math.isnan(reports.each(samples[:1], "at_s", 0.2, 0.4))


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
def test_processor_time_counts_children_that_have_ended(reports):
    before = reports.processor_s({os.getpid()})
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    assert 0.05 < reports.processor_s({os.getpid()}) - before < 60
    assert reports.processor_s({2**30}) == 0


def test_the_disk_is_counted_in_its_blocks(reports, tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 100_000)
    assert 100 <= reports.disk_kb(tmp_path) <= 110


def test_the_table_of_all_says_how_it_was_made_and_keeps_its_columns(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(FOLDER))
    import run_all

    assert all((FOLDER / f"{name}.py").is_file() for name in run_all.ASKED)
    assert run_all.cell("a | b\nc  d") == "a \\| b<br>c\u2002d"
    out = tmp_path / "table.md"
    monkeypatch.setattr(run_all, "run", lambda name, _: (name != "search", f"of {name} | x", 1.0))
    given = ["run_all.py", "--quick", "--only", "search", "screening", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", given)
    assert run_all.main() == 1  # one has failed, and is there all the same
    text = out.read_text("utf-8")
    assert "`python benchmarks/run_all.py --only search screening --quick`" in text
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [row.split(" | ")[:2] for row in rows] == [
        ["| `benchmarks/search.py`", "of search \\| x"],
        ["| `benchmarks/screening.py`", "of screening \\| x"],
    ]
    for name in ("run_all", "machine"):
        sys.modules.pop(name)
