"""How fast reports are made, against a shell loop of papermill and ploomber-engine.

Everything is measured in this one run, each side in cold processes of its own: twelve
different reports of ``energy_cost`` by a loop of the papermill command, by ploomber-engine
where it is installed, and by both engines of ``repdose build`` two at a time; then a build
with nothing to do, a look-up, an import, and memory while reports are made.

    python benchmarks/reports.py [--repeats 5] [--reports 12] [--idle 100]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from analysis.reports.scenarios import notebooks_folder

NOTEBOOK = notebooks_folder() / "energy_cost.ipynb"
REPDOSE = [sys.executable, "-m", "analysis.cli"]
PAPERMILL = [sys.executable, "-m", "papermill"]
PLOOMBER = """
import sys
from ploomber_engine import execute_notebook
for mass in sys.argv[3:]:
    out = f"{sys.argv[2]}/{mass}.ipynb"
    execute_notebook(sys.argv[1], out, parameters={"body_mass_kg": float(mass)})
"""
CELLS = """
import os, sys, time
from pathlib import Path
from analysis.reports import build, shipped
from analysis.reports.fork_server import warm
from analysis.reports.jobs import ENVIRONMENT
os.environ.update(ENVIRONMENT)
start = time.perf_counter()
warm()
print(time.perf_counter() - start, flush=True)
from analysis.reports.fork_shell import execute
notebook = shipped.find("energy_cost")
for mass in sys.argv[2:]:
    checked = build.parameters(notebook, None, {"body_mass_kg": float(mass)})
    job = build.job(notebook, "cells", checked, Path(sys.argv[1]))
    said, hears = os.pipe()
    if os.fork() == 0:
        start = time.perf_counter()
        execute(job, time_limit_s=600, begins=lambda index: None)
        os.write(hears, str(time.perf_counter() - start).encode())
        os._exit(0)
    os.wait()
    os.close(hears)
    print(os.read(said, 100).decode(), flush=True)
    os.close(said)
"""


def timed(action: Callable[[Path], None], repeats: int) -> float:
    """Median wall time of an action in a new folder each time. [s]"""
    times = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            action(Path(folder))
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def run(command: list[str], **options: object) -> str:
    """Run a command quietly; a failure ends the benchmark."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command[:5])} failed: {done.stderr[-800:]}")
    return done.stdout


def masses(count: int) -> list[float]:
    """Different body masses, one for each report. [kg]"""
    return [60 + i / 4 for i in range(count)]


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


def ploomber(folder: Path, count: int) -> None:
    """One process, ploomber-engine for each notebook."""
    run([sys.executable, "-c", PLOOMBER, str(NOTEBOOK), str(folder), *map(str, masses(count))])


def repdose(folder: Path, count: int, engine: str) -> None:
    """One cold ``repdose build``, two reports at a time, pages and figures included."""
    sweep = str(sweep_file(folder, count))
    run([*REPDOSE, "build", "--sweep", sweep, "-o", str(folder / "out"), "-j2", "--engine", engine])


def cell_times(count: int) -> tuple[float, float]:
    """Time of one import of everything, and of the cells of all reports alone. [s]"""
    with tempfile.TemporaryDirectory() as folder:
        text = run([sys.executable, "-c", CELLS, folder, *map(str, masses(count))])
    imports, *cells = map(float, text.split())
    return imports, sum(cells)


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


def peak_memory(count: int) -> list[float]:
    """Memory of the command and all it starts, sampled while reports are made. [MB]"""
    samples: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sweep = str(sweep_file(folder, count))
        command = [*REPDOSE, "build", "--sweep", sweep, "-o", str(folder / "out"), "-j2"]
        running = subprocess.Popen(command, stderr=subprocess.DEVNULL)

        def sample() -> None:
            while running.poll() is None:
                samples.append(memory_mb(descendants(running.pid)))
                time.sleep(0.1)

        watcher = threading.Thread(target=sample)
        watcher.start()
        running.wait()
        watcher.join()
    return samples


def main() -> None:
    """Measure and print both sides with their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--reports", type=int, default=12)
    parser.add_argument("--idle", type=int, default=100, help="reports of the idle build")
    asked = parser.parse_args()
    count = asked.reports
    print(f"{count} reports of energy_cost, {os.cpu_count()} cores, medians of {asked.repeats}")

    loop = timed(lambda folder: papermill_loop(folder, count), asked.repeats)
    print(f"papermill command in a loop   {loop:7.2f} s   1.0 x")
    if importlib.util.find_spec("ploomber_engine"):
        other = timed(lambda folder: ploomber(folder, count), asked.repeats)
        print(f"ploomber-engine               {other:7.2f} s  {loop / other:5.1f} x")
    else:
        print("ploomber-engine               not installed")
    took = {}
    for engine in ("kernel", "fork"):
        took[engine] = timed(lambda folder, e=engine: repdose(folder, count, e), asked.repeats)
        ratio = loop / took[engine]
        print(f"repdose build, {engine:<6}         {took[engine]:7.2f} s  {ratio:5.1f} x")
    imports, cells = cell_times(count)
    floor = cells / 2 + imports
    print(
        f"cells alone on two cores and one import: {cells:.2f} / 2 + {imports:.2f} = "
        f"{floor:.2f} s; the fork engine takes {took['fork'] / floor:.2f} times that"
    )

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repdose(folder, asked.idle, "fork")
        again = [
            *REPDOSE,
            "build",
            "--sweep",
            str(folder / "sweep.yaml"),
            "-o",
            str(folder / "out"),
        ]
        idle = timed(lambda _: run(again) and None, asked.repeats)
    print(f"build of {asked.idle} reports with nothing to do   {idle:.2f} s")
    met = timed(lambda _: run([*REPDOSE, "met", "02024"]) and None, asked.repeats)
    print(f"repdose met 02024                         {met:.2f} s")
    light = timed(lambda _: run([sys.executable, "-c", "import evidence"]) and None, asked.repeats)
    print(f"import evidence (with the interpreter)    {light:.2f} s")
    if Path("/proc/self/smaps_rollup").is_file():
        samples = peak_memory(count)
        print(f"memory, command and all it starts, peak   {max(samples):.0f} MB")


if __name__ == "__main__":
    main()
