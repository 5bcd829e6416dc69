"""Make reports in processes forked from ones that have imported the heavy parts once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, Self

from analysis.reports.jobs import TIME_LIMIT_S, Job, Outcome, environment


class ForkServer:
    """The processes that fork, which import what they need while the caller goes on.

    Parameters
    ----------
    workers : int
        Reports at a time.
    time_limit_s : float
        A cell that takes longer fails its report. [s]
    scratch : str, optional
        Where the folder of IPython's own files goes; with other temporary files by default.
    """

    def __init__(
        self, workers: int, *, time_limit_s: float = TIME_LIMIT_S, scratch: str | None = None
    ) -> None:
        self._asked = False
        self._folder = tempfile.TemporaryDirectory(prefix="repdose-", dir=scratch)
        self._messages = tempfile.TemporaryFile(  # noqa: SIM115 (closed with the rest)
            "w+", encoding="utf-8", errors="replace"
        )
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "analysis.reports.fork_server"),
                *(str(workers), str(time_limit_s)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
            encoding="utf-8",
            env=environment(self._folder.name),
            cwd=Path(__file__).resolve().parents[2],
            start_new_session=True,  # Ctrl-C is for the caller, who then lets it finish
        )

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._process.poll() is None

    def ask(self, job: Job) -> None:
        """Have a report made; raises OSError if it takes no more jobs."""
        given = {
            "notebook": job.notebook,
            "source": str(job.source),
            "scenario": job.scenario,
            "parameters": dict(job.parameters),
            "folder": str(job.folder),
        }
        self._asked = True
        assert self._process.stdin is not None  # a pipe
        self._process.stdin.write(json.dumps(given) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any] | None:
        """The next report that is done: folder, status, message, seconds; None at the end."""
        assert self._process.stdout is not None  # a pipe
        line = self._process.stdout.readline()
        return json.loads(line) if line else None

    def said(self) -> str:
        """What it has written as errors."""
        self._messages.seek(0)
        return self._messages.read()

    def close(self) -> None:
        """Let what is running finish, and end; at once if nothing was ever asked for."""
        assert self._process.stdin is not None  # both are pipes
        assert self._process.stdout is not None
        if self._process.stdout.closed:
            return
        if not self._asked:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.stdout.read()  # what was running when it was told to stop
        self._process.stdout.close()
        self._process.wait()
        self._messages.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run(jobs: Sequence[Job], server: ForkServer) -> Generator[Outcome, None, None]:
    """Make the reports and yield each as it is done; the server is closed at the end.

    Closing the iterator early lets what is running finish and starts nothing more.
    """
    by_folder = {str(job.folder): job for job in jobs}
    with server:
        with contextlib.suppress(BrokenPipeError):  # it says why where its answer is missing
            for job in jobs:
                server.ask(job)
        for _ in jobs:
            said = server.answer()
            if said is None:
                raise RuntimeError(f"the process that forks has ended: {server.said()}")
            job = by_folder.pop(said["folder"])
            yield Outcome(job, said["status"], said["message"], said["seconds"])
