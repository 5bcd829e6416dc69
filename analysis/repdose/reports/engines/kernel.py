"""Run a notebook by papermill in a Jupyter kernel of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from repdose.reports.engines.environment import TIME_LIMIT_S, import_nbformat
from repdose.reports.jobs import CellError, Job


def execute(job: Job, *, time_limit_s: float = TIME_LIMIT_S) -> dict[str, Any]:
    """The executed notebook.

    Raises
    ------
    CellError
        If a cell raises, the kernel dies, or a cell takes longer than `time_limit_s` [s].
    """
    import_nbformat()
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import ensure_event_loop
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    told: dict[str, str] = {}

    class Manager(AsyncKernelManager):
        """Says with each request which cell it is, as an editor does and papermill does not."""

        def client(self, **options: Any) -> Any:
            made = super().client(**options)
            made.session.metadata = told
            return made

    # Sockets of names of their own in a folder of our own: no port to race for
    runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
    runtime.mkdir(parents=True, exist_ok=True)
    connection = str(runtime / f"{uuid4().hex[:12]}.json")
    transport = {"transport": "ipc", "connection_file": connection}
    notebook = nbformat.read(job.source, as_version=4)  # type: ignore[no-untyped-call]
    folder = tempfile.mkdtemp(dir=runtime.parent)
    try:
        executed: dict[str, Any] = execute_notebook(
            notebook,
            None,
            parameters=dict(job.parameters),
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            execution_timeout=time_limit_s,
            record_timing=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": folder}},  # papermill's own cwd is not for threads
            kernel_manager_class=Manager,
            on_cell_execute=lambda **cell: told.update(cellId=str(cell["cell_index"])),
            extra_arguments=_begun_with(job),
            config=Config({"KernelManager": transport, "AsyncKernelManager": transport}),
        )
    except PapermillExecutionError as error:
        raise CellError(
            cell=error.cell_index,
            source=error.source,
            problem=f"{error.ename}: {error.evalue}",
            traceback="\n".join(error.traceback),
        ) from None
    except CellTimeoutError:
        raise CellError(
            cell=-1, source="", problem=f"a cell ran longer than {time_limit_s:g} s"
        ) from None
    except DeadKernelError:
        raise CellError(cell=-1, source="", problem="a cell ended its own process") from None
    except RuntimeError as error:
        raise CellError(cell=-1, source="", problem=f"the kernel did not start: {error}") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        ensure_event_loop().close()  # this thread's own; nbclient opens one and leaves it
    return executed


def _begun_with(job: Job) -> list[str]:
    """Arguments by which a kernel begins with the job's packs in force."""
    if not job.packs:
        return []
    begin = "__import__('repdose.evidence.packs', fromlist=['begin']).begin"
    return [f"--IPKernelApp.exec_lines={begin}({list(job.packs)!r})"]
