"""A notebook in a real kernel, its cells run one at a time and in any order."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import KernelManager

from repdose.tables.numbers import RESULTS_MIME

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


class Failed(Exception):
    """A cell raised: the name of the error and its words."""


class Kernel:
    """Runs cells as JupyterLab does (`ids`), or as a client that sends their text alone."""

    def __init__(self, client, *, ids: bool = True) -> None:
        self.client, self.ids = client, ids
        self.outputs: list[dict] = []

    def run(self, source: str, cell: str, *, deleted: tuple[str, ...] = ()) -> list[dict]:
        """Outputs of a cell; an error raises."""
        session = self.client.session
        told = {"cellId": cell, "deletedCells": list(deleted)} if self.ids else {}
        content = {
            "code": source,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        message = session.msg("execute_request", content, metadata=told)
        self.client.shell_channel.send(message)
        outputs, error = [], None
        while True:
            heard = self.client.get_iopub_msg(timeout=120)
            if heard["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, said = heard["msg_type"], heard["content"]
            if kind == "error":
                error = f"{said['ename']}: {said['evalue']}"
            elif kind in ("display_data", "execute_result", "stream"):
                outputs.append(said)
            elif kind == "status" and said["execution_state"] == "idle":
                break
        if error is not None:
            raise Failed(error)
        return outputs

    def complete(self, text: str) -> list[str]:
        """What Tab offers after a text."""
        reply = self.client.complete(text, len(text), reply=True, timeout=60)
        return reply["content"]["matches"]


@contextmanager
def kernel(*, ids: bool = True):
    """A kernel of its own, ended afterwards."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        yield Kernel(client, ids=ids)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.context.destroy(linger=0)


def cells(notebook: str) -> list[tuple[str, str]]:
    """Id and source of a shipped notebook's code cells."""
    found = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    return [(c["id"], "".join(c["source"])) for c in found if c["cell_type"] == "code"]


def results(outputs: list[dict]) -> dict:
    """What provenance() hands over."""
    [found] = [one["data"][RESULTS_MIME] for one in outputs if RESULTS_MIME in one.get("data", {})]
    return found
