"""Faults of the disk at every step of every writer: the old whole or the new whole, nothing beside.

``pytest -s`` prints the counts: tried, right, wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from faults import ERRORS, Disk, files, installed, killed_at

from repdose.cli import app
from repdose.cli import run as cli_run
from repdose.cli.terminal import error_text
from repdose.evidence import whole_files
from repdose.evidence.checks import checksums
from repdose.inputs.notebooks import find
from repdose.reports import folders, making, manifest
from repdose.reports.builds import index, overview
from repdose.reports.compare import baseline
from repdose.reports.jobs import CellError, Job, as_json

TALLY: Counter[str] = Counter()
NUMBER = {
    **{"id": "n", "label": "N", "value": 1.0, "low": None, "high": None, "unit": "kcal"},
    "headline": True,
}
Said = str  # what a writer says of a failure; empty if there was none


@pytest.fixture(scope="module", autouse=True)
def counts():
    yield
    for what in sorted({key.rpartition(" ")[0] for key in TALLY}):
        tried, right = TALLY[f"{what} tried"], TALLY[f"{what} right"]
        sys.stdout.write(f"\n{what}: {tried} tried, {right} right, {tried - right} wrong")


@cache
def source() -> Path:
    return find("leg_raise_mechanics").path


def job(top: Path, scenario: str = "foundation") -> Job:
    folder = top / scenario / "mine"
    return Job("mine", source(), scenario, {}, folder, "Mine", "", {}, {}, "made of")


@cache
def made(scenario: str, value: float) -> dict[str, str | bytes]:
    """A small report as a build makes it, wherever it goes."""
    one = job(Path("/nowhere"), scenario)
    files_of: dict[str, str | bytes] = {
        "report.html": f"<p>{value}</p>" * 100,
        "figures/one.png": bytes([int(value)]) * 5000,
        folders.RESULTS: as_json({"numbers": [{**NUMBER, "value": value}], "sources": []}),
    }
    told = manifest.complete(one, {"data": {"met_2024.csv": ""}, "sources": []}, files_of)
    return {**files_of, folders.MANIFEST: as_json(told)}


def report(one: Job, value: float) -> dict[str, str | bytes]:
    return made(one.scenario, value)


def said(do: Callable[[], object]) -> Said:
    """What the command says of what a writer raises."""
    try:
        do()
    except (OSError, ValueError) as error:
        return error_text(error)
    return ""


def command(*arguments: object) -> Said:
    ran = CliRunner().invoke(app, [str(one) for one in arguments])
    assert ran.exit_code in (0, 2), ran.output
    assert (ran.exit_code == 0) == (not ran.stderr.startswith("repdose: "))
    return ran.stderr if ran.exit_code else ""


# What each writer begins with, and what it then does


def nothing(top: Path) -> None:
    top.mkdir()


def one_report(top: Path) -> None:
    making.put(job(top), report(job(top), 1.0))
    (job(top).folder / "notes.txt").write_text("mine")
    (job(top).folder / "more").mkdir()
    (job(top).folder / "more" / "link").symlink_to("../notes.txt")


def a_sweep(top: Path) -> None:
    for name in ("a", "b"):
        making.put(job(top, name), report(job(top, name), 1.0))
    index.write_index(top)
    index.write_table(top, [job(top, "a"), job(top, "b")])
    making.put(job(top, "b"), report(job(top, "b"), 2.0))


def an_old(name: str, top: Path) -> None:
    top.mkdir()
    (top / name).write_text("old")


def an_old_run(top: Path) -> None:
    top.mkdir()
    for name in ("o.html", "o.results.json"):
        (top / name).write_text("old")


def a_descriptor(top: Path) -> None:
    top.mkdir()
    (top / "datapackage.json").write_text('{"hash": "old"}')


def put(top: Path) -> Said:
    return said(lambda: making.put(job(top), report(job(top), 2.0)))


def fail(top: Path) -> Said:
    outcome = making.failed(job(top), CellError(cell=1, source="1/0", problem="no"), 0.0)
    assert outcome.message.startswith("cell 2: no")
    return outcome.message if "cannot be written" in outcome.message else ""


def table(top: Path) -> Said:
    return said(lambda: index.write_table(top, [job(top, "a"), job(top, "b")]))


def over_all(top: Path) -> Said:
    return said(lambda: overview.write(top, [job(top, "a"), job(top, "b")]))


def archived(top: Path) -> Said:
    def write() -> None:
        with whole_files.replacing(top / "a.zip") as file, zipfile.ZipFile(file, "w") as packed:
            for name in ("a", "b"):
                packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), name * 5000)

    return said(write)


def kept(top: Path) -> Said:
    parsed = baseline.parsed("test", as_json({**STATED, "numbers": [NUMBER]}).encode())
    return said(lambda: baseline.write(baseline.Build({"a/mine": parsed}), top / "b.json"))


STATED = {
    **{"scenario": "a", "notebook": "mine", "parameters": {}, "assumptions": []},
    **{"sources": [], "records": []},
}


def renewed(top: Path) -> Said:
    target = top / "datapackage.json"

    def write() -> None:
        content = json.loads(target.read_text())
        now = checksums.Checksum("x", "x", content["hash"], "new")
        checksums.write_descriptor(target, content, [(now, content)])

    return said(write)


def run_out(top: Path) -> Said:
    made = {"report.html": b"new" * 999, folders.RESULTS: b"new" * 999}
    return said(lambda: cli_run.put(top / "o.html", top / "o.results.json", made))


@dataclass(frozen=True)
class Writer:
    """One of those who write, what lies there before, and who reads afterwards."""

    before: Callable[[Path], None]
    write: Callable[[Path], Said]
    is_build: bool = False  # whoever reads it puts it right
    swaps: bool = True
    in_steps: bool = False  # several files, each whole by itself
    every: int = 1  # of so many steps one is tried, where there are many of a kind


WRITERS = {
    "a first report": Writer(lambda _: None, put, is_build=True),
    "a report anew": Writer(one_report, put, is_build=True),
    "a report anew where folders cannot be exchanged": Writer(
        one_report, put, is_build=True, swaps=False
    ),
    "an error page beside a report": Writer(one_report, fail, is_build=True),
    "an error page where folders cannot be exchanged": Writer(
        one_report, fail, is_build=True, swaps=False
    ),
    "the index": Writer(a_sweep, lambda top: said(lambda: index.write_index(top)), is_build=True),
    "the tables of a sweep": Writer(a_sweep, table, is_build=True, in_steps=True),
    "all that lies over reports": Writer(a_sweep, over_all, is_build=True, in_steps=True),
    "a baseline": Writer(partial(an_old, "b.json"), kept),
    "an archive": Writer(partial(an_old, "a.zip"), archived),
    "a run's page and numbers": Writer(an_old_run, run_out, in_steps=True),
    "the checksums of a descriptor": Writer(a_descriptor, renewed),
    "a template": Writer(
        nothing, lambda top: command("template", "trials", "-o", top / "t.csv"), in_steps=True
    ),
    "a new study": Writer(nothing, lambda top: command("init", top / "study"), every=5),
    "a study in an empty folder": Writer(
        lambda top: (top / "study").mkdir(parents=True),
        lambda top: command("init", top / "study"),
        in_steps=True,
        every=5,
    ),
}


class Trial:
    """A writer, what there is before it and after it, and copies of the former."""

    def __init__(self, writer: Writer, tmp_path: Path) -> None:
        self.writer = writer
        self._first, self._here = tmp_path / "first", tmp_path / "top"
        self.restore()
        assert writer.write(self._here) == ""
        self.new = files(self._here)

    def restore(self) -> Path:
        """The folder as it is before, always at one place."""
        shutil.rmtree(self._here, ignore_errors=True)
        if not self._first.exists():
            self.writer.before(self._first)
            self._first.mkdir(exist_ok=True)
        shutil.copytree(self._first, self._here, symlinks=True)
        self.old = files(self._here)
        return self._here

    def is_whole(self, found: dict[str, bytes]) -> bool:
        """The old or the new, of several files each; a scenario's folder may be there, empty."""
        visible = {
            name: raw
            for name, raw in found.items()
            if ".repdose-" not in name and (name, raw) != ("foundation", b"")
        }
        if not self.writer.in_steps:
            return visible in (self.old, self.new)
        return all(raw in (self.old.get(name), self.new.get(name)) for name, raw in visible.items())

    def fault(self, top: Path) -> str:
        """What is wrong after a fault, with what lies there and after the next commands."""
        if not self.is_whole(files(top)) and self.writer.swaps:
            return f"neither the old nor the new: {sorted(files(top))}"
        if self.writer.is_build:
            list(manifest.reports(top))
            found = files(top)
            if not self.is_whole(found) or any(".repdose-" in name for name in found):
                return f"read, there is {sorted(found)}"
        if files(top) != self.new and (told := self.writer.write(top)):
            return f"written again, it says {told}"
        found = files(top)
        return "" if found == self.new else f"written again, there is {sorted(found)}"


def judged(what: str, at: int, step: str, fault: str) -> list[str]:
    TALLY[f"{what} tried"] += 1
    TALLY[f"{what} right"] += not fault
    return [f"step {at}, {step}: {fault}"] if fault else []


@pytest.mark.parametrize(
    "how", [pytest.param(how, marks=pytest.mark.slow if how != "ENOSPC" else ()) for how in ERRORS]
)
@pytest.mark.parametrize(
    "name",
    # A study has many files, and so many steps
    [pytest.param(name, marks=pytest.mark.slow if "study" in name else ()) for name in WRITERS],
)
def test_an_error_at_any_step_leaves_the_old_or_the_new_and_is_told(name, how, tmp_path):
    trial = Trial(WRITERS[name], tmp_path)
    wrong: list[str] = []
    for at in range(0, 1000, trial.writer.every):
        top = trial.restore()
        disk = Disk(at, how)
        with installed(disk, swaps=trial.writer.swaps):
            told = trial.writer.write(top)
        if not disk.was_hit:
            break
        fault = "" if not told else sentence(told, how)
        if not told and trial.is_whole(files(top)) and not set(trial.new) <= set(files(top)):
            fault = "nothing was said"
        wrong += judged(how, at, disk.steps[at], fault or trial.fault(top))
    assert wrong == []
    assert at > 3


def sentence(told: str, how: str) -> str:
    """What is wrong with the sentence that tells of an error."""
    reason = os.strerror(ERRORS[how])
    is_right = reason in told and told.strip().count("\n") == 0 and "Errno" not in told
    return "" if is_right and whole_files.ASIDE not in told else f"it says {told!r}"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["kill before", "kill after"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_kill_at_any_step_leaves_the_old_or_the_new(name, how, tmp_path):
    trial = Trial(WRITERS[name], tmp_path)
    wrong: list[str] = []
    for at in range(0, 1000, trial.writer.every):
        top = trial.restore()
        do = partial(trial.writer.write, top)
        if not killed_at(at, how, do, swaps=trial.writer.swaps):
            break
        wrong += judged(how, at, "", trial.fault(top))
    assert wrong == []
    assert at > 3


def test_a_write_goes_on_after_a_signal(tmp_path):
    """Python itself takes a call up again that a signal has interrupted, so nobody sees EINTR."""
    heard = []
    before = signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        for value in (1.0, 2.0, 3.0):
            making.put(job(tmp_path), report(job(tmp_path), value))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert heard
    assert manifest.damaged(job(tmp_path).folder, manifest.read(job(tmp_path).folder)) == []
