"""The same reports on this computer's own engine and on two worker processes of a dask cluster.

    .venv/bin/python benchmarks/cluster.py [reports] [repeats]

Both sides run in turn, modules compiled as an ordinary install has them. The cluster is up before
its clock starts, as a cluster is, and set up as docs/scaling.md says, but its workers have imported
nothing; then the same workers make the same reports again. Printed are medians, their ratios, and
what a task costs beyond its report.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from repdose.inputs import notebooks
from repdose.inputs.scenarios import find
from repdose.reports.builds import jobs as build
from repdose.reports.engines import cluster as cluster_engine
from repdose.reports.engines import run_jobs
from repdose.reports.jobs import Job

NO_OPS = 2000
# What docs/scaling.md sets by environment: dask looks after itself less often
CALM = {"distributed.admin.tick.interval": "1s", "distributed.worker.profile.enabled": False}


def jobs(count: int, out: Path) -> list[Job]:
    """Different reports of one notebook."""
    notebook, plan = notebooks.find("energy_cost"), find("foundation")
    return [
        build.job(
            notebook,
            f"mass_{number}",
            notebooks.parameters(notebook, plan, {"body_mass_kg": 50.0 + number / 10}),
            out,
        )
        for number in range(count)
    ]


def nothing(number: int) -> int:
    """A task without work."""
    return number


def local(count: int) -> float:
    """Wall time [s] of the local engine with two reports at a time."""
    with tempfile.TemporaryDirectory() as name:
        todo = jobs(count, Path(name).resolve())
        start = time.perf_counter()
        found = list(run_jobs(todo, engine=None, workers=2))
        took = time.perf_counter() - start
    assert all(one.status == "made" for one in found), found[0].message
    return took


def on_cluster(count: int) -> tuple[float, float, float]:
    """Wall time [s] on two fresh worker processes, again on the same ones; bytes of a report."""
    import dask
    from distributed import LocalCluster

    took, size = [], 0.0
    with (
        dask.config.set(CALM),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
    ):
        for _ in range(2):
            with tempfile.TemporaryDirectory() as name:
                out = Path(name).resolve()
                todo = jobs(count, out)
                start = time.perf_counter()
                found = list(cluster_engine.run(todo, scheduler=cluster.scheduler_address))
                took.append(time.perf_counter() - start)
                size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
            assert all(one.status == "made" for one in found), found[0].message
    return took[0], took[1], size / count


def no_op_s() -> float:
    """Seconds a task takes that does nothing."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(nothing, range(10)))
        start = time.perf_counter()
        client.gather(client.map(nothing, range(10, 10 + NO_OPS)))
        return (time.perf_counter() - start) / NO_OPS


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    here, fresh, again, size = [], [], [], 0.0
    with tempfile.TemporaryDirectory() as cache:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = cache
        local(2)
        on_cluster(2)
        for _ in range(repeats):
            here.append(local(count))
            first, second, size = on_cluster(count)
            fresh.append(first)
            again.append(second)
        per_task = no_op_s()
    base = statistics.median(here)
    print(f"{count} reports, two at a time, medians of {repeats}")
    for name, times in (
        ("local engine, cold", here),
        ("two fresh workers", fresh),
        ("the same workers again", again),
    ):
        took = statistics.median(times)
        print(f"{name:24}{took:7.2f} s {1000 * took / count:7.1f} ms a report{took / base:7.2f} x")
    print(f"a task without work     {1000 * per_task:7.2f} ms")
    print(f"bytes of a report       {size / 1e6:7.2f} MB")


if __name__ == "__main__":
    main()
