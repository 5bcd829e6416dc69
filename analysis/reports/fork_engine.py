"""Make reports in processes forked from one that has imported the heavy parts once."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path

from analysis.reports.jobs import TIME_LIMIT_S, Job, Outcome


def run(
    jobs: Sequence[Job], *, workers: int, time_limit_s: float = TIME_LIMIT_S
) -> Generator[Outcome, None, None]:
    """Make the reports, at most `workers` at a time, and yield each as it is done.

    Closing the iterator early lets what is running finish and starts nothing more.
    """
    by_folder = {str(job.folder): job for job in jobs}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as messages:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "analysis.reports.fork_server"),
                *(str(min(workers, len(jobs))), str(time_limit_s)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            encoding="utf-8",
            cwd=Path(__file__).resolve().parents[2],
            start_new_session=True,  # Ctrl-C is for the caller, who then lets it finish
        )
        assert server.stdin is not None  # both are pipes
        assert server.stdout is not None
        try:
            for job in jobs:
                server.stdin.write(json.dumps(_as_line(job)) + "\n")
            server.stdin.flush()
            for _ in jobs:
                line = server.stdout.readline()
                if not line:
                    messages.seek(0)
                    raise RuntimeError(f"the process that forks has ended: {messages.read()}")
                said = json.loads(line)
                job = by_folder.pop(said["folder"])
                yield Outcome(job, said["status"], said["message"], said["seconds"])
        finally:
            server.stdin.close()
            server.stdout.read()  # what was running when we were told to stop
            server.stdout.close()
            server.wait()


def _as_line(job: Job) -> dict[str, object]:
    return {
        "notebook": job.notebook,
        "source": str(job.source),
        "scenario": job.scenario,
        "parameters": dict(job.parameters),
        "folder": str(job.folder),
    }
