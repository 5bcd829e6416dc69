"""Make reports in processes forked from ones that have imported the heavy parts once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Iterable
from typing import Any, Self

from repdose.reports import holding
from repdose.reports.engines.environment import TIME_LIMIT_S, environment
from repdose.reports.jobs import Job, Outcome


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
        self.workers = workers
        self._asked = False
        self._folder = tempfile.TemporaryDirectory(
            prefix="repdose-", dir=scratch, ignore_cleanup_errors=True
        )
        self._messages = tempfile.TemporaryFile(  # noqa: SIM115 (closed with the rest)
            "w+", encoding="utf-8", errors="replace"
        )
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "repdose.reports.engines.fork_server"),
                *(str(workers), str(time_limit_s), self._folder.name),
                *map(str, holding.handles()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
            encoding="utf-8",
            env=environment(self._folder.name),
            cwd=self._folder.name,
            pass_fds=holding.handles(),  # whoever still writes a report keeps others out
            start_new_session=True,  # Ctrl-C is for the caller, who then lets it finish
        )

    @property
    def alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._process.poll() is None

    def ask(self, job: Job) -> None:
        """Have a report made; raises OSError if it takes no more jobs."""
        self._asked = True
        assert self._process.stdin is not None  # a pipe
        self._process.stdin.write(json.dumps(job.plain()) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any] | None:
        """The next report that is done: folder, status, message, seconds; None at the end."""
        assert self._process.stdout is not None  # a pipe
        line = self._process.stdout.readline()
        return json.loads(line) if line else None

    def said(self) -> str:
        """The last line that it has written as an error."""
        self._messages.seek(0)
        return next(reversed(self._messages.read().split("\n")[:-1]), "nothing is known of why")

    def no_more(self) -> None:
        """Have it begin nothing more, and finish what it is making."""
        assert self._process.stdin is not None  # a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def close(self) -> None:
        """Let it finish what it is making, and end; at once if nothing was ever asked for."""
        assert self._process.stdout is not None  # a pipe
        if self._process.stdout.closed:
            return
        if not self._asked:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self.no_more()
        self._process.stdout.read()
        self._process.stdout.close()
        self._process.wait()
        self._messages.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def run(
    jobs: Iterable[Job], server: ForkServer, halt: threading.Event
) -> Generator[Outcome, None, None]:
    """Make the reports and yield each as it is done; the server is closed at the end.

    Once `halt` is set, by the caller or by Ctrl-C, nothing more is begun.
    """
    waiting = deque(jobs)
    asked: dict[str, Job] = {}
    with server:
        while waiting or asked:
            try:
                if halt.is_set():
                    server.no_more()
                    waiting.clear()
                # A few ahead, so that answers never wait for questions
                while waiting and len(asked) < 2 * server.workers:
                    asked[str(waiting[0].folder)] = waiting[0]
                    server.ask(waiting.popleft())
                answer = server.answer()
            except KeyboardInterrupt:
                if halt.is_set():  # for the second time
                    raise
                halt.set()
                continue
            except BrokenPipeError:
                answer = None
            if answer is None:
                break
            yield Outcome(
                asked.pop(answer["folder"]), answer["status"], answer["message"], answer["seconds"]
            )
        if not halt.is_set():
            for job in (*asked.values(), *waiting):
                yield Outcome(job, "failed", f"the process that forks has ended: {server.said()}")
