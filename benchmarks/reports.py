"""How fast reports are made, against a shell loop of papermill and ploomber-engine.

Everything is measured in this one run, each side in cold processes of its own: twelve
different reports of ``energy_cost`` by a loop of the papermill command, by both engines of
``repdose build`` two at a time, and by ploomber-engine, which is given the interpreter of an
environment of its own since it is no dependency; then a build with nothing to do, a look-up,
an import, and memory while reports are made.

    python benchmarks/reports.py [--repeats 5] [--reports 12] [--idle 100] [--long 500]
                                 [--ploomber PYTHON]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
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
import gc, os, sys, time
from pathlib import Path
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from analysis.reports.jobs import ENVIRONMENT
notebooks = []
for mass in sys.argv[2:]:
    given = {"body_mass_kg": float(mass)}
    made = parameterize_notebook(load_notebook_node(sys.argv[1]), given, kernel_name="python3")
    notebooks.append([(i, c.source) for i, c in enumerate(made.cells) if c.cell_type == "code"])
os.environ.update(ENVIRONMENT)
from analysis.reports import fork_cells
fork_cells.warm()
fork_cells.warm_for(Path(sys.argv[1]))
gc.freeze()
from analysis.reports.fork_shell import run
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
IMPORT = "from analysis.reports import fork_cells as f; f.warm(); f.warm_for(f.Path({!r}))"


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
    parser.add_argument("--long", type=int, default=500, help="reports of the memory run")
    parser.add_argument("--ploomber", metavar="PYTHON", help="interpreter that has ploomber-engine")
    asked = parser.parse_args()
    count = asked.reports
    print(f"{count} reports of energy_cost, {os.cpu_count()} cores, medians of {asked.repeats}")

    with compiled():
        loop = timed(lambda folder: papermill_loop(folder, count), asked.repeats)
        print(f"papermill command in a loop   {loop:7.2f} s   1.0 x", flush=True)
        fork = timed(lambda folder: repdose(folder, count, "fork"), asked.repeats)
        print(f"repdose build, fork           {fork:7.2f} s  {loop / fork:5.1f} x", flush=True)
        kernel = timed(lambda folder: repdose(folder, count, "kernel"), asked.repeats)
        print(f"repdose build, kernel         {kernel:7.2f} s  {loop / kernel:5.1f} x", flush=True)
        for words, way in (
            ("ploomber-engine in a loop     ", ploomber_loop),
            ("ploomber-engine, one process  ", ploomber_in_one_process),
        ):
            if not asked.ploomber:
                print(f"{words}not measured; see --ploomber")
                continue
            warm_up(way, asked.ploomber)
            other = timed(lambda folder, way=way: way(folder, count, asked.ploomber), asked.repeats)
            print(
                f"{words}{other:7.2f} s  {loop / other:5.1f} x; "
                f"the fork engine is {other / fork:.1f} times as fast",
                flush=True,
            )
        cells = statistics.median(cell_times(count) for _ in range(asked.repeats))
        imports = IMPORT.format(str(NOTEBOOK))
        once = timed(lambda _: run([sys.executable, "-c", imports]) and None, asked.repeats)
        floor = cells / 2 + once
        print(
            f"cells alone on two cores and one import: {cells:.2f} / 2 + {once:.2f} = "
            f"{floor:.2f} s; the fork engine takes {fork / floor:.2f} times that",
            flush=True,
        )
        small_things(asked.idle, asked.repeats)
        if Path("/proc/self/smaps_rollup").is_file():
            memory(count, asked.long)


def warm_up(way: Callable[[Path, int, str], None], python: str) -> None:
    """Let it compile its modules."""
    with tempfile.TemporaryDirectory() as folder:
        way(Path(folder), 1, python)


def small_things(count: int, repeats: int) -> None:
    """An idle build, a look-up and an import."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repdose(folder, count, "fork")
        idle = timed(lambda _: repdose(folder, count, "fork"), repeats)
    print(f"build of {count} reports with nothing to do   {idle:.2f} s")
    met = timed(lambda _: run([*REPDOSE, "met", "02024"]) and None, repeats)
    print(f"repdose met 02024                         {met:.2f} s")
    bare = timed(lambda _: run([sys.executable, "-c", "pass"]) and None, repeats)
    light = timed(lambda _: run([sys.executable, "-c", "import evidence"]) and None, repeats)
    print(f"import evidence                           {light - bare:.2f} s", flush=True)


def memory(few: int, many: int) -> None:
    """Peak of a short build, and how a long one's memory goes."""
    print(f"memory, command and all it starts, peak   {max(peak_memory(few)):.0f} MB")
    samples = peak_memory(many)
    tenth = len(samples) // 10
    early, late = samples[tenth : 2 * tenth], samples[-2 * tenth : -tenth]
    print(
        f"over {many} reports: peak {max(samples):.0f} MB; median of the second tenth "
        f"{statistics.median(early):.0f} MB, of the ninth {statistics.median(late):.0f} MB"
    )


if __name__ == "__main__":
    main()
