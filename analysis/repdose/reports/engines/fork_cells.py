"""The process that forks a child for the cells of each report, and how it is asked to.

It has imported the heavy parts once: IPython, pandas, matplotlib and what the notebooks take
from the package. What a page needs is imported by :mod:`repdose.reports.engines.fork_server`,
so that the two halves are imported side by side.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import json
import os
import random
import re
import select
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, TextIO

from repdose.reports.engines.given import notebook_of
from repdose.reports.jobs import CellError, EngineGone, Job

_BEGINS = b"B"  # a line from a child: the cell that begins, and the child's process
_ENDS = b"E"  # a line from a child: the outputs, or the error that ended it
_DEAD = b"D"  # a line from its parent, once it has ended: its wait status
_LONGEST = 16384  # bytes of a question: a name and a path


def execute(job: Job, ask: socket.socket, *, time_limit_s: float) -> dict[str, Any]:
    """The executed notebook, its cells run in a child of the process that listens to `ask`.

    Raises
    ------
    CellError
        If a cell raises, takes longer than `time_limit_s` [s], or ends its own process.
    EngineGone
        If nothing listens any more.
    """
    notebook: dict[str, Any] = notebook_of(job)
    cells = notebook["cells"]
    at = child = -1
    ours, theirs = socket.socketpair()
    with ours, ours.makefile("rwb") as channel:
        with theirs, _gone():
            asked = json.dumps([job.notebook, str(job.source), _shared(job)]).encode()
            socket.send_fds(ask, [asked], [theirs.fileno()])
        with _gone():
            given = json.dumps({"cells": _to_run(cells), "packs": list(job.packs)})
            channel.write(given.encode() + b"\n")
            channel.flush()
        try:
            for line in channel:
                if line[:1] == _BEGINS:
                    at, child = map(int, line[1:].split())
                    ours.settimeout(time_limit_s)
                elif line[:1] == _ENDS:
                    with contextlib.suppress(json.JSONDecodeError):  # it died while saying it
                        return _filled(notebook, json.loads(line[1:]))
                elif line[:1] == _DEAD:
                    problem = _cause(int(line[1:]))
                    break
            else:
                raise EngineGone("the process that runs the cells has ended")
        except TimeoutError:
            problem = f"the cell ran longer than {time_limit_s:g} s"
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
    raise CellError(cell=at, source=cells[at].source if at >= 0 else "", problem=problem)


def _shared(job: Job) -> dict[str, Any] | None:
    """Parameters by which a report shares fits with others; none of one that brings its own."""
    if job.packs or job.files:
        return None
    plain = {name: value for name, value in job.parameters.items() if name != "progression"}
    return plain if len(json.dumps(plain)) < _LONGEST // 2 else None


@contextlib.contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise EngineGone("the process that runs the cells has ended") from None


def _to_run(cells: list[Any]) -> list[tuple[int, str]]:
    """Number and source of each cell that is run."""
    return [
        (index, cell.source)
        for index, cell in enumerate(cells)
        if cell.cell_type == "code"
        and cell.source.strip()
        and "skip-execution" not in cell.metadata.get("tags", [])
    ]


def _filled(notebook: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The notebook with what its cells said."""
    if "error" in answer:
        raise CellError(**answer["error"])
    for cell in notebook["cells"]:
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    for index, count, outputs in answer["cells"]:
        notebook["cells"][index]["execution_count"] = count
        notebook["cells"][index]["outputs"] = outputs
    return notebook


def _cause(status: int) -> str:
    """Why a child ended, in words."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGKILL:
        return "the cell's process was killed; it may have run out of memory"
    if number:
        return f"the cell ended its own process ({signal.Signals(number).name})"
    return f"the cell ended its own process (exit code {os.waitstatus_to_exitcode(status)})"


def warm() -> None:
    """Import and try once what the cells of every report need, so that no child pays for it."""
    from repdose.reports.engines.shell import shell

    shell()
    import matplotlib as mpl
    from matplotlib import font_manager

    from repdose import evidence as ev
    from repdose.inputs import scenarios  # noqa: F401
    from repdose.plots import style, svg
    from repdose.reports import Report, provenance  # noqa: F401
    from repdose.reports.engines.environment import prepare_libraries

    prepare_libraries()
    # A notebook that opens no report draws as it does in a kernel. Pyplot, which takes as long as
    # all of this, is brought by those that import it
    with mpl.rc_context():
        style.use_style()
        svg.warm()
    with contextlib.suppress(AttributeError):  # a font is read anew in each child, who would
        font_manager._get_font.cache_clear()  # type: ignore[attr-defined]  # free these first
    for name in ev.__all__:
        getattr(ev, name)  # brings its module
    ev.cite("garber2011")
    provenance.versions()


def warm_for(source: Path) -> None:
    """Import what a notebook takes from the package, and read what its cells have in common."""
    import importlib

    import pandas as pd

    from repdose.inputs import declared, scenarios
    from repdose.inputs.cells import read_cells
    from repdose.reports.engines.shell import shell
    from repdose.reports.pages import citations, fragments
    from repdose.reports.running import names

    # What is wrong with a notebook is said of the report made from it
    with contextlib.suppress(OSError, ValueError, SyntaxError):
        cells = [(one["cell_type"], "".join(one["source"])) for one in read_cells(source)]
        code = [text for kind, text in cells if kind == "code"]
        for line in ast.walk(ast.parse("\n".join(code))):
            if isinstance(line, ast.ImportFrom) and (line.module or "").startswith("repdose"):
                for name in line.names:
                    with contextlib.suppress(ImportError):
                        importlib.import_module(f"{line.module}.{name.name}")
        if any("pyplot" in text for text in code):
            import matplotlib.pyplot as plt

            plt.close(plt.figure())  # loads the backend, which has settings of its own
        for text in code:
            names(text)
        takes = declared.model(source)
        if declared.of_kind(takes, "plan") or declared.of_kind(takes, "plans"):
            for scenario in scenarios.names():
                scenarios.shipped(scenario).plan.exercises  # noqa: B018
        citations.listed(citations.known(citations.keys("\n".join(text for _, text in cells))))
    # After what was imported, by which what is known of classes is forgotten
    frame = pd.DataFrame([{"Of": "words", "By": 1.5}])
    frame.mean(numeric_only=True)
    fragments.table(frame, caption="Table")
    shell().run_cell("pass")  # type: ignore[no-untyped-call]


def warm_with(notebook: str, parameters: dict[str, Any]) -> None:
    """Make what reports of a notebook share, once for all of them."""
    from repdose.tables.shared import make

    with contextlib.suppress(Exception):  # what is wrong is said by the report itself
        make(notebook, parameters)


def warm_by(told: TextIO) -> None:
    """Read the evidence and set the works that a report has told of, for the reports after it.

    Whoever is handed what is kept has read it, so each report still names its own.
    """
    from repdose.evidence import used
    from repdose.reports.pages import citations

    told.seek(0)
    # Nothing, if the report has failed; or what its cells have written there
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(told.read())
        used.make(said["kept"])
        citations.listed(citations.known(said["sources"]))


def _tell(told: TextIO, answer: dict[str, Any]) -> None:
    """Say what this report has read of the shipped evidence, and which works it cites."""
    from repdose.evidence.used import made
    from repdose.tables.numbers import RESULTS_MIME

    outputs = [output for _, _, outputs in answer.get("cells", ()) for output in outputs]
    results = [one["data"][RESULTS_MIME] for one in outputs if RESULTS_MIME in one.get("data", {})]
    if results and not results[-1]["packs"]:
        shown = "".join(one["data"].get("text/html", "") for one in outputs if "data" in one)
        listed = {*results[-1]["sources"], *re.findall(r'<li id="ref-([^"]+)"', shown)}
        said = {"kept": made(), "sources": sorted(listed)}
        told.write(json.dumps(said))
        told.flush()


class Cells:
    """Forks a child for each notebook asked for; whoever asks keeps to a number at a time."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._running: dict[int, tuple[socket.socket, str, TextIO | None]] = {}
        self._warm: set[str] = set()

    def run(self) -> None:
        """Serve until nobody can ask any more and every child has ended."""
        self._woken = _woken_by_children()
        is_open = True
        while is_open or self._running:
            listened: list[int | socket.socket] = [self._woken[0]]
            listened += [self._asked] if is_open else []
            ready, _, _ = select.select(listened, [], [])
            if self._woken[0] in ready:
                os.read(self._woken[0], 4096)
                self._bury()
            if self._asked in ready:
                asked, handles, _, _ = socket.recv_fds(self._asked, _LONGEST, 1)
                is_open = bool(asked)
                if is_open:
                    notebook, source, shared = json.loads(asked)
                    if shared is not None and notebook not in self._warm:
                        warm_with(notebook, shared)
                    self._fork(notebook, Path(source), handles[0])

    def _fork(self, notebook: str, source: Path, handle: int) -> None:
        told = None
        if notebook not in self._warm:
            self._warm.add(notebook)
            # Opened before its cells run, who write in their own folder only
            told = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
            warm_for(source)
            gc.freeze()  # pages shared with the children stay shared
        channel = socket.socket(fileno=handle)
        folder = tempfile.mkdtemp(dir=os.path.dirname(os.environ["IPYTHONDIR"]))
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for end in self._woken:
                os.close(end)
            for other in (self._asked, *(one for one, *_ in self._running.values())):
                other.close()
            _child(channel, folder, told)
        self._running[pid] = channel, folder, told

    def _bury(self) -> None:
        """Tell of each child that has ended, and end what its cells left running."""
        for pid in list(self._running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            channel, folder, told = self._running.pop(pid)
            with channel, contextlib.suppress(OSError):  # it may have heard enough
                channel.sendall(b"\n" + _DEAD + str(status).encode() + b"\n")
            shutil.rmtree(folder, ignore_errors=True)
            if told is not None:
                with told:
                    warm_by(told)
                gc.freeze()


def _woken_by_children() -> tuple[int, int]:
    """A pipe that can be read from whenever a child has ended."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reads, writes


def _child(channel: socket.socket, folder: str, told: TextIO | None) -> NoReturn:
    """Run the cells in a folder of their own, hand over what came of them, and end."""
    status = 1
    try:
        os.setpgid(0, 0)  # so that what the cells start can be ended with it
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        gc.enable()
        _first_to_go()
        _reseed()
        os.chdir(folder)
        with channel, channel.makefile("rwb") as file:
            given = json.loads(file.readline())
            answer = _run(given["cells"], given["packs"], file)
            file.write(_ENDS + json.dumps(answer).encode() + b"\n")
            file.flush()
            if told is not None:
                _tell(told, answer)
        status = 0
    finally:
        os._exit(status)


def _run(cells: list[tuple[int, str]], packs: list[dict[str, Any]], file: Any) -> dict[str, Any]:
    from repdose.evidence.errors import EvidenceError
    from repdose.evidence.packs import begin
    from repdose.reports.engines.shell import run
    from repdose.reports.engines.write_guard import guard

    def begins(index: int) -> None:
        file.write(_BEGINS + f"{index} {os.getpid()}\n".encode())
        file.flush()

    guard(os.getcwd())
    try:
        begin(packs)
        return {"cells": run(cells, begins=begins)}
    except EvidenceError as error:
        return {"error": {"cell": -1, "source": "", "problem": str(error), "traceback": ""}}
    except CellError as error:
        return {"error": vars(error)}


def _first_to_go() -> None:
    """Where memory runs out, the report goes and not the process that makes them all."""
    with contextlib.suppress(OSError):  # not Linux
        handle = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(handle, b"1000")
        os.close(handle)


def _reseed() -> None:
    """Give the child random states of its own, as a new kernel would have."""
    import numpy as np

    random.seed()
    np.random.seed()
