"""How fast reports are made, against a shell loop of papermill and ploomber-engine.

Everything is measured in this one run, the sides in turn and each in cold processes of its
own: different reports of ``energy_cost`` by a loop of the papermill command, by both engines
of ``repdose build`` two at a time, and by ploomber-engine, which is given the interpreter of an
environment of its own since it is no dependency; then a build with nothing to do, a look-up,
an import, and a long build, whether its rate and its memory stay as they are. Printed are medians
with the least and the largest over the rounds, ratios round by round, and the conditions before
and after.

    python benchmarks/reports.py [--repeats 5] [--reports 12] [--idle 100] [--long 500]
                                 [--ploomber PYTHON]

``--idle 0`` and ``--long 0`` leave out the idle build and the long one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from machine import at_least, conditions, in_turn, ratios, spread

from repdose.inputs.cells import notebooks_folder

NOTEBOOK = notebooks_folder() / "energy_cost.ipynb"
REPDOSE = [sys.executable, "-m", "repdose"]
PAPERMILL = [sys.executable, "-m", "papermill"]
PLOOMBER = """
import sys
from ploomber_engine import execute_notebook
for mass in sys.argv[3:]:
    out = f"{sys.argv[2]}/{mass}.ipynb"
    execute_notebook(sys.argv[1], out, parameters={"body_mass_kg": float(mass)})
"""
CELLS = """
import gc, os, sys, time
from pathlib import Path
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from repdose.reports.engines.environment import ENVIRONMENT
notebooks = []
for mass in sys.argv[2:]:
    given = {"body_mass_kg": float(mass)}
    made = parameterize_notebook(load_notebook_node(sys.argv[1]), given, kernel_name="python3")
    notebooks.append([(i, c.source) for i, c in enumerate(made.cells) if c.cell_type == "code"])
os.environ.update(ENVIRONMENT)
from repdose.reports.engines import fork_cells
fork_cells.warm()
fork_cells.warm_for(Path(sys.argv[1]))
gc.freeze()
from repdose.reports.engines.shell import run
for cells in notebooks:
    said, hears = os.pipe()
    if os.fork() == 0:
        start = time.perf_counter()
        run(cells, begins=lambda index: None)
        os.write(hears, str(time.perf_counter() - start).encode())
        os._exit(0)
    os.wait()
    os.close(hears)
    print(os.read(said, 100).decode(), flush=True)
    os.close(said)
"""
COMPARED = 25  # reports of a long build whose parts can be compared
IMPORT = "from repdose.reports.engines import fork_cells as f; f.warm(); f.warm_for(f.Path({!r}))"


@contextlib.contextmanager
def compiled() -> Iterator[None]:
    """Let every side find its modules compiled, as pip leaves them."""
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        papermill_loop(Path(folder), 1)
        for engine in ("fork", "kernel"):
            repdose(Path(folder) / engine, 1, engine)
        run([*REPDOSE, "met", "02024"])
        yield


def seconds(action: Callable[[Path], object]) -> float:
    """Wall time of an action in a new folder. [s]"""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        action(Path(folder))
        return time.perf_counter() - start


def run(command: list[str], **options: object) -> str:
    """Run a command quietly; a failure ends the benchmark."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command[:5])} failed: {done.stderr[-800:]}")
    return done.stdout


def masses(count: int) -> list[float]:
    """Different body masses, one for each report, however many: from 60 to below 260 kg. [kg]"""
    step = min(0.25, 200 / count)
    return [round(60 + i * step, 6) for i in range(count)]


def sweep_file(folder: Path, count: int) -> Path:
    """A sweep over as many body masses."""
    path = folder / "sweep.yaml"
    path.write_text(f"notebook: energy_cost\ngrid: {{body_mass_kg: {masses(count)}}}\n")
    return path


def papermill_loop(folder: Path, count: int) -> None:
    """What a shell loop of the papermill command does."""
    for mass in masses(count):
        out = str(folder / f"{mass}.ipynb")
        run([*PAPERMILL, "--no-progress-bar", str(NOTEBOOK), out, "-p", "body_mass_kg", str(mass)])


def ploomber_loop(folder: Path, count: int, python: str) -> None:
    """What a shell loop of the ploomber-engine command does."""
    command = str(Path(python).with_name("ploomber-engine"))
    for mass in masses(count):
        run(
            [command, str(NOTEBOOK), str(folder / f"{mass}.ipynb"), "-p", "body_mass_kg", str(mass)]
        )


def ploomber_in_one_process(folder: Path, count: int, python: str) -> None:
    """All notebooks one after the other in one process of ploomber-engine, which they share."""
    run([python, "-c", PLOOMBER, str(NOTEBOOK), str(folder), *map(str, masses(count))])


def repdose(folder: Path, count: int, engine: str) -> None:
    """One cold ``repdose build``, two reports at a time, pages and figures included."""
    folder.mkdir(exist_ok=True)
    sweep = str(sweep_file(folder, count))
    run([*REPDOSE, "build", "--sweep", sweep, "-o", str(folder / "out"), "-j2", "--engine", engine])


def cell_times(count: int) -> float:
    """Time of the cells of all reports alone. [s]"""
    times = run([sys.executable, "-c", CELLS, str(NOTEBOOK), *map(str, masses(count))]).split()
    if len(times) != count:
        sys.exit(f"the cells of {count - len(times)} reports did not run to their end")
    return sum(map(float, times))


def memory_mb(pids: set[int]) -> float:
    """Memory of processes, shared pages counted once. [MB]"""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        except OSError:  # it has ended meanwhile
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def processor_s(pids: set[int]) -> float:
    """Processor time of processes and of their children that have ended. [s]"""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError, IndexError):  # it has ended meanwhile
            text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
            ticks += sum(map(int, text.rsplit(")", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> set[int]:
    """A process and all it has started."""
    found = {pid}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text("ascii", "replace").rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent in found:
            found.add(int(path.parent.name))
    return found


@dataclass(frozen=True)
class Sample:
    """A build at one moment: seconds since it began, memory [MB], reports that are there."""

    at_s: float
    processor_s: float  # of the command and all it has started
    all_mb: float  # the command and all it has started
    command_mb: float
    made: int


def watched(folder: Path, count: int) -> list[Sample]:
    """A build looked at while it makes reports, until all are there."""
    samples: list[Sample] = []
    sweep, out = str(sweep_file(folder, count)), folder / "out"
    command = [*REPDOSE, "build", "--sweep", sweep, "-o", str(out), "-j2"]
    began = time.perf_counter()
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while running.poll() is None:
        every = descendants(running.pid)
        mine, busy = memory_mb({running.pid}), processor_s(every)
        whole = mine + memory_mb(every - {running.pid})
        made = len([name for name in os.listdir(out) if name[0] == "b"]) if out.exists() else 0
        samples.append(Sample(time.perf_counter() - began, busy, whole, mine, made))
        time.sleep(0.25)
    if running.returncode:
        sys.exit(f"the build of {count} reports failed")
    return samples


def disk_kb(folder: Path) -> float:
    """What lies in a folder, as it is counted against a disk. [kB]"""
    return sum(path.lstat().st_blocks * 512 for path in folder.rglob("*")) / 1000


def each(samples: list[Sample], what: str, low: float, high: float) -> float:
    """What a report took while the share of them that is there went from `low` to `high`."""
    most = samples[-1].made
    within = [one for one in samples if low * most <= one.made <= high * most]
    made = within[-1].made - within[0].made if within else 0
    return (getattr(within[-1], what) - getattr(within[0], what)) / made if made else float("nan")


def main() -> None:
    """Measure and print every side with its ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=at_least(1), default=5, help="rounds over all sides")
    parser.add_argument("--reports", type=at_least(1), default=12)
    parser.add_argument("--idle", type=at_least(0), default=100, help="reports of the idle build")
    parser.add_argument("--long", type=at_least(0), default=500, help="reports of the long build")
    parser.add_argument("--ploomber", metavar="PYTHON", help="interpreter that has ploomber-engine")
    asked = parser.parse_args()
    count = asked.reports
    print(f"{count} reports of energy_cost, {asked.repeats} rounds: median (least to largest)")
    print(f"before: {conditions()}", flush=True)
    with compiled():
        sides_in_turn(count, asked.repeats, asked.ploomber)
        small_things(asked.idle, asked.repeats)
        many(count, asked.long)
    print(f"after: {conditions()}")


def sides_in_turn(count: int, rounds: int, ploomber: str | None) -> None:
    """All ways of making the reports, and what none of them can go below."""
    loop, fork, kernel = (
        "papermill command in a loop",
        "repdose build, fork",
        "repdose build, kernel",
    )
    ways: dict[str, Callable[[Path], object]] = {
        loop: lambda folder: papermill_loop(folder, count),
        fork: lambda folder: repdose(folder, count, "fork"),
        kernel: lambda folder: repdose(folder, count, "kernel"),
    }
    others = {}
    if ploomber:
        others = {
            "ploomber-engine in a loop": ploomber_loop,
            "ploomber-engine, one process": ploomber_in_one_process,
        }
        for way in others.values():
            warm_up(way, ploomber)
        ways |= {
            name: lambda folder, way=way: way(folder, count, ploomber)
            for name, way in others.items()
        }
    else:
        print("ploomber-engine not measured; see --ploomber")
    imports = IMPORT.format(str(NOTEBOOK))
    sides = {name: lambda way=way: seconds(way) for name, way in ways.items()}
    sides["cells alone"] = lambda: cell_times(count)
    sides["one import"] = lambda: seconds(lambda _: run([sys.executable, "-c", imports]))
    times = in_turn(sides, rounds)
    for name in ways:
        words = f"{name:30}{spread(times[name]):30}"
        if name != loop:
            words += f"papermill's loop took {spread(ratios(times[loop], times[name]), 'x', 1)}"
        if name in others:
            words += f"; fork engine {spread(ratios(times[name], times[fork]), 'x as fast', 1)}"
        print(words, flush=True)
    floor = [
        cells / 2 + once
        for cells, once in zip(times["cells alone"], times["one import"], strict=True)
    ]
    print(
        f"cells alone on two cores and one import: {spread(floor)}; "
        f"the fork engine takes {spread(ratios(times[fork], floor), 'times that')}",
        flush=True,
    )


def warm_up(way: Callable[[Path, int, str], None], python: str) -> None:
    """Let it compile its modules."""
    with tempfile.TemporaryDirectory() as folder:
        way(Path(folder), 1, python)


def small_things(count: int, rounds: int) -> None:
    """An idle build, a look-up and an import."""
    bare = [sys.executable, "-c", "pass"]
    light = [sys.executable, "-c", "from repdose import evidence"]
    sides: dict[str, Callable[[], float]] = {
        "repdose met 02024": lambda: seconds(lambda _: run([*REPDOSE, "met", "02024"])),
        "bare": lambda: seconds(lambda _: run(bare)),
        "light": lambda: seconds(lambda _: run(light)),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        idle = f"build of {count} reports with nothing to do"
        if count:
            repdose(folder, count, "fork")
            sides[idle] = lambda: seconds(lambda _: repdose(folder, count, "fork"))
        times = in_turn(sides, rounds)
    if count:
        print(f"{idle:42}{spread(times[idle])}")
    print(f"{'repdose met 02024':42}{spread(times['repdose met 02024'])}")
    more = [one - other for one, other in zip(times["light"], times["bare"], strict=True)]
    print(f"{'from repdose import evidence':42}{spread(more)}", flush=True)


def many(few: int, count: int) -> None:
    """Peak of a short build's memory, and whether a long one slows down or grows."""
    if not Path("/proc/self/smaps_rollup").is_file():
        print("memory not measured: this system has no /proc")
        return
    with tempfile.TemporaryDirectory() as name:
        short = watched(Path(name), few)
    peak = max(one.all_mb for one in short)
    print(f"memory, command and all it starts, peak   {peak:.0f} MB")
    if not count:
        return
    with tempfile.TemporaryDirectory() as name:
        samples = watched(Path(name), count)
        on_disk = disk_kb(Path(name) / "out") / count
    print(
        f"{count} reports: {samples[-1].at_s:.1f} s, {on_disk:.0f} kB each on the disk; memory at "
        f"most {max(one.all_mb for one in samples):.0f} MB, of the command alone "
        f"{max(one.command_mb for one in samples):.0f} MB"
    )
    if count >= COMPARED:
        fifth = len(samples) // 5
        early, late = samples[fifth : 2 * fifth], samples[-2 * fifth : -fifth]
        print(
            "of its second fifth and its last but one: "
            f"{each(samples, 'at_s', 0.2, 0.4):.3f} and {each(samples, 'at_s', 0.6, 0.8):.3f} s a "
            f"report, {each(samples, 'processor_s', 0.2, 0.4):.3f} and "
            f"{each(samples, 'processor_s', 0.6, 0.8):.3f} s of processor time, "
            f"{statistics.median(one.all_mb for one in early):.0f} and "
            f"{statistics.median(one.all_mb for one in late):.0f} MB"
        )


if __name__ == "__main__":
    main()
