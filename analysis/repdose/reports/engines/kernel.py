"""Run a notebook by papermill in a Jupyter kernel of its own."""

from __future__ import annotations

import asyncio
import json
import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from repdose.reports.engines.environment import TIME_LIMIT_S
from repdose.reports.engines.given import notebook_of
from repdose.reports.engines.write_guard import explained
from repdose.reports.jobs import CellError, Job

_KERNEL = [sys.executable, "-m", "repdose.reports.engines.kernel_cells", "-f", "{connection_file}"]


def execute(job: Job, *, time_limit_s: float = TIME_LIMIT_S) -> dict[str, Any]:
    """The executed notebook.

    Raises
    ------
    CellError
        If a cell raises, the kernel dies, a cell takes longer than `time_limit_s` [s], or what
        it has said does not all arrive within that time after its end.
    """
    notebook = notebook_of(job)
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import ensure_event_loop
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    told: dict[str, str] = {}
    running: dict[str, Any] = {"cell_index": -1, "cell": {"source": ""}}

    class Manager(AsyncKernelManager):
        """Says with each request which cell it is, as an editor does and papermill does not."""

        @property
        def kernel_spec(self) -> Any:
            """The kernel that loses no output, whatever the user has installed by this name."""
            return KernelSpec(argv=_KERNEL, display_name="Python 3", language="python")

        def client(self, **options: Any) -> Any:
            made = super().client(**options)
            made.session.metadata = told
            return made

    # Sockets of names of their own in a folder of our own: no port to race for
    runtime = os.environ["JUPYTER_RUNTIME_DIR"]
    os.makedirs(runtime, exist_ok=True)
    folder = tempfile.TemporaryDirectory(prefix="k", dir=runtime, ignore_cleanup_errors=True)
    place = Path(folder.name)
    transport = {"transport": "ipc", "connection_file": str(place / "k.json")}
    cells = place / "cells"
    cells.mkdir()

    def begins(**cell: Any) -> None:
        running.update(cell)
        told["cellId"] = str(cell["cell_index"])

    def ended(problem: str) -> CellError:
        cell, source = running["cell_index"], running["cell"]["source"]
        return CellError(cell=cell, source=source, problem=problem)

    try:
        executed: dict[str, Any] = execute_notebook(
            notebook,
            None,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            execution_timeout=time_limit_s,
            iopub_timeout=math.ceil(time_limit_s),
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(cells)}},  # papermill's own cwd is not for threads
            kernel_manager_class=Manager,
            on_cell_execute=begins,
            extra_arguments=[f"--KernelApp.packs={json.dumps(list(job.packs))}"],
            config=Config({"KernelManager": transport, "AsyncKernelManager": transport}),
        )
    except PapermillExecutionError as error:
        raise CellError(
            cell=error.cell_index,
            source=error.source,
            problem=explained(f"{error.ename}: {error.evalue}"),
            traceback="\n".join(error.traceback),
        ) from None
    except CellTimeoutError as error:
        if "IOPub" in str(error):  # nbclient has no other sign of it
            raise ended(
                "the cell's output was lost: not all of it arrived within "
                f"{time_limit_s:g} s after the cell had ended"
            ) from None
        raise ended(f"the cell ran longer than {time_limit_s:g} s") from None
    except DeadKernelError:
        raise ended("the cell ended its own process") from None
    except RuntimeError as error:
        raise CellError(cell=-1, source="", problem=f"the kernel did not start: {error}") from None
    finally:
        folder.cleanup()
        _end(ensure_event_loop())  # this thread's own; nbclient opens one and leaves it
    return executed


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop, and first what still waits in it for a cell that failed."""
    waiting = asyncio.all_tasks(loop)
    for task in waiting:
        task.cancel()
    if waiting:
        loop.run_until_complete(asyncio.wait(waiting))
    loop.close()
