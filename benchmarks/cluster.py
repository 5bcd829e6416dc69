"""The same reports on this computer's own engine and on two worker processes of a dask cluster.

    .venv/bin/python benchmarks/cluster.py [reports] [repeats]

Both sides run in turn; the cluster is up before its clock starts, as a cluster is, but its workers
have imported nothing. Printed are medians, their ratio, and what a task costs beyond its report.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from analysis.reports import build, cluster_engine, shipped
from analysis.reports.engines import run_jobs
from analysis.reports.jobs import Job
from analysis.reports.scenarios import find

NO_OPS = 2000


def jobs(count: int, out: Path) -> list[Job]:
    """Different reports of one notebook."""
    notebook, plan = shipped.find("energy_cost"), find("foundation")
    return [
        build.job(
            notebook,
            f"mass_{number}",
            build.parameters(notebook, plan, {"body_mass_kg": 50.0 + number / 10}),
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


def on_cluster(count: int) -> tuple[float, float]:
    """Wall time [s] on two fresh worker processes, and the bytes of a report."""
    from distributed import LocalCluster

    with (
        tempfile.TemporaryDirectory() as name,
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
    ):
        out = Path(name).resolve()
        todo = jobs(count, out)
        start = time.perf_counter()
        found = list(cluster_engine.run(todo, scheduler=cluster.scheduler_address))
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / count
    assert all(one.status == "made" for one in found), found[0].message
    return took, size


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
    here, there, size = [], [], 0.0
    for _ in range(repeats):
        here.append(local(count))
        took, size = on_cluster(count)
        there.append(took)
    one, other = statistics.median(here), statistics.median(there)
    print(f"{count} reports, two at a time, median of {repeats}")
    print(f"local engine           {one:7.2f} s   {1000 * one / count:6.1f} ms a report")
    print(f"two worker processes   {other:7.2f} s   {1000 * other / count:6.1f} ms a report")
    print(f"ratio                  {other / one:7.2f}")
    print(f"a task without work    {1000 * no_op_s():7.2f} ms")
    print(f"bytes of a report      {size / 1e6:7.2f} MB")


if __name__ == "__main__":
    main()
