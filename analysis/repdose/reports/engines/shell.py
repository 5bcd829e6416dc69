"""Run a notebook's cells in this process, with the outputs a Jupyter kernel would give."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from repdose.reports.engines.write_guard import explained
from repdose.reports.jobs import CellError

Output = dict[str, Any]


class Recorder:
    """Outputs of the cell that runs, and of all cells by the id they were displayed under.

    Printed text is kept in pieces until the notebook has ended: joined at each line, a long text
    would be copied as often as it has lines, and threads that print would lose each other's.
    """

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self._shown: dict[str, list[Output]] = {}
        self._clear_at_next = False
        self._process = os.getpid()

    @property
    def is_elsewhere(self) -> bool:
        """Whether this is a copy, in a process that a cell has forked, which nobody reads."""
        return os.getpid() != self._process

    def begin(self) -> None:
        """Start the outputs of a new cell, which this process runs."""
        self.outputs = []
        self._clear_at_next = False
        self._process = os.getpid()

    def add(self, output: Output, display_id: str | None = None) -> None:
        """Take an output as it would arrive in a message from a kernel.

        Raises
        ------
        RuntimeError
            In a process that a cell has forked, whose outputs would be lost.
        """
        if self.is_elsewhere:
            raise RuntimeError(
                "a process that a cell has started cannot show anything in the report; hand its "
                "result back to the cell, and show it there"
            )
        if self._clear_at_next:
            self.outputs.clear()
            self._clear_at_next = False
        if display_id is not None:
            self._shown.setdefault(display_id, []).append(output)
        self.outputs.append(output)

    def update(self, display_id: str, data: Any, metadata: Any) -> None:
        """Replace what was displayed under an id, in whichever cell it was."""
        for output in self._shown.get(display_id, []):
            output["data"], output["metadata"] = data, metadata

    def clear(self, *, wait: bool) -> None:
        """Forget the cell's outputs, now or when the next one comes."""
        if wait:
            self._clear_at_next = True
        else:
            self.outputs.clear()

    def write(self, name: str, text: str) -> None:
        """Take printed text."""
        last = self.outputs[-1] if self.outputs and not self._clear_at_next else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(text)
        elif text:
            self.add({"output_type": "stream", "name": name, "text": [text]})


def _as_sent(content: Any) -> Any:
    """Content as it comes out of a kernel's message: JSON, bytes in base 64."""
    if type(content) is str:  # as nearly all is, and long
        return content
    if type(content) is dict and all(type(name) is str for name in content):
        return {name: _as_sent(value) for name, value in content.items()}
    return json.loads(json.dumps(content, default=_default, ensure_ascii=False))


def _default(content: Any) -> Any:
    from jupyter_client.jsonutil import json_default  # seldom needed, and its import takes long

    return json_default(content)


class Stream:
    """Standard output or error of the cells."""

    encoding = "utf-8"
    errors = "strict"
    closed = False

    def __init__(self, name: str, recorder: Recorder, handle: int) -> None:
        self.name = f"<{name}>"
        self._name = name
        self._recorder = recorder
        self._handle = handle

    def write(self, text: str) -> int:
        """Record text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if self._recorder.is_elsewhere:
            os.write(self._handle, text.encode("utf-8", "replace"))  # which the cell collects
        else:
            self._recorder.write(self._name, text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Record lines."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """A report is no terminal."""
        return False

    def readable(self) -> bool:
        """Only written to."""
        return False

    def writable(self) -> bool:
        """Only written to."""
        return True

    def fileno(self) -> int:
        """The descriptor that other programs started by a cell write to."""
        return self._handle


class _Publisher(DisplayPublisher):
    def publish(  # type: ignore[override]
        self,
        data: Any,
        metadata: Any = None,
        *,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        recorder = shell().recorder
        display_id = (transient or {}).get("display_id")
        data, metadata = _as_sent(data), _as_sent(metadata or {})
        if update:
            recorder.update(str(display_id), data, metadata)
            return
        output = {"output_type": "display_data", "data": data, "metadata": metadata}
        recorder.add(output, display_id)

    def clear_output(self, wait: bool = False) -> None:
        shell().recorder.clear(wait=wait)


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        shell().recorder.add(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": _as_sent(format_dict),
                "metadata": _as_sent(md_dict or {}),
            }
        )


class Shell(InteractiveShell):
    """IPython's shell, made to record what it would show."""

    def __init__(self, recorder: Recorder, **options: Any) -> None:
        self.recorder = recorder
        self.cell = (-1, "")
        super().__init__(**options)  # type: ignore[no-untyped-call]

    def get_parent(self) -> dict[str, Any]:
        """The cell that runs, as a Jupyter kernel has it from the editor's request."""
        index, source = self.cell
        return {
            "header": {"msg_id": f"{index}"},
            "metadata": {"cellId": f"{index}"},
            "content": {"code": source},
        }

    def init_display_pub(self) -> None:
        """Use the recording publisher."""
        self.display_pub_class = _Publisher
        super().init_display_pub()  # type: ignore[no-untyped-call]

    def init_displayhook(self) -> None:
        """Use the recording hook."""
        self.displayhook_class = _Hook
        super().init_displayhook()  # type: ignore[no-untyped-call]

    def init_hooks(self) -> None:
        """Show no help pages: a kernel hands them to its editor, and they are no outputs."""
        super().init_hooks()  # type: ignore[no-untyped-call]
        self.set_hook("show_in_pager", lambda *_, **__: None, 99)  # type: ignore[no-untyped-call]

    def ask_exit(self) -> None:
        """End the process, as ``exit()`` ends a kernel."""
        os._exit(0)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.recorder.add(
            {
                "output_type": "error",
                "ename": str(etype.__name__),
                "evalue": str(evalue),
                "traceback": list(stb),
            }
        )


def shell() -> Shell:
    """The one shell of this process.

    It is there before matplotlib is imported: matplotlib's inline backend registers itself
    with the shell it finds at its own first import, and figures would be lost silently.
    """
    if Shell.initialized():
        current: Shell = Shell.instance()
        return current
    config = Config()
    # Its thread would be alive at the fork, and its file is the user's
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.enable_tip = False
    own: Shell = Shell.instance(recorder=Recorder(), config=config)
    return own


def run(
    cells: Iterable[tuple[int, str]], *, begins: Callable[[int], None]
) -> list[tuple[int, int, list[Output]]]:
    """Number, execution count and outputs of each cell, run in this very process.

    Parameters
    ----------
    cells : iterable of (int, str)
        Number and source of each cell.
    begins : callable
        Told the number of each cell before it runs.

    Raises
    ------
    CellError
        If a cell raises.
    """
    running = shell()
    recorder = running.recorder
    captured = _Captured(recorder)
    done: list[tuple[int, int, list[Output]]] = []
    out, err = sys.stdout, sys.stderr
    sys.stdout = Stream("stdout", recorder, 1)
    sys.stderr = Stream("stderr", recorder, 2)
    try:
        for index, source in cells:
            begins(index)
            recorder.begin()
            running.cell = (index, source)
            count = running.execution_count
            ended = running.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            captured.collect()
            # Not copied: a later cell may still update what this one displayed
            done.append((index, count, recorder.outputs))
            if _stopped(index, source, recorder.outputs):
                break
            if not ended.success:  # a magic that is not there, say, of which IPython only warns
                error = ended.error_before_exec or ended.error_in_exec
                problem = f"{type(error).__name__}: {error}"
                raise CellError(cell=index, source=source, problem=problem)
    finally:
        sys.stdout, sys.stderr = out, err
    for *_, outputs in done:
        for output in outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
    return done


def _stopped(index: int, source: str, outputs: list[Output]) -> bool:
    """Whether the notebook ends here, by ``sys.exit()``; an error raises."""
    for output in outputs:
        if output["output_type"] != "error":
            continue
        if output["ename"] == "SystemExit" and output["evalue"] in ("", "0", "None"):
            return True
        raise CellError(
            cell=index,
            source=source,
            problem=explained(f"{output['ename']}: {output['evalue']}"),
            traceback="\n".join(output["traceback"]),
        )
    return False


class _Captured:
    """What other programs, started by cells, write to the process's own output."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._files: list[tuple[str, int, int]] = []
        for name, handle in (("stdout", 1), ("stderr", 2)):
            file = os.memfd_create(name) if hasattr(os, "memfd_create") else _unnamed()
            os.dup2(file, handle)
            self._files.append((name, handle, file))

    def collect(self) -> None:
        """Hand over what has come since the last time."""
        for name, handle, file in self._files:
            size = os.fstat(file).st_size
            if not size:
                continue
            text = os.pread(file, size, 0).decode("utf-8", "replace")
            os.ftruncate(file, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            self._recorder.write(name, text)


def _unnamed() -> int:
    import tempfile

    handle, path = tempfile.mkstemp()
    Path(path).unlink()
    return handle
