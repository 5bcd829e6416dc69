"""Which cell of a notebook is running, as far as whoever runs it says."""

from __future__ import annotations

import dis
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Running:
    """One run of one cell; outside of a notebook everything is one run of one cell.

    Parameters
    ----------
    key : str
        The cell's id where the editor sends it, else its text.
    source : str
        Its text.
    run : str
        What tells this run of it from others.
    deleted : tuple of str
        Ids of cells that the editor says were deleted since the last run.
    """

    key: str = ""
    source: str = ""
    run: str = ""
    deleted: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The line that a reader would know it by: where it opens a report, else its first."""
        lines = [line.strip() for line in self.source.splitlines() if line.strip()]
        opens = [line for line in lines if "Report(" in line]
        return (opens or lines or [""])[0]

    @property
    def takes(self) -> frozenset[str]:
        """Names that it takes from cells before it."""
        return names(self.source)[0]

    @property
    def gives(self) -> frozenset[str]:
        """Names that it gives to others."""
        return names(self.source)[1]


def running(last: Running | None = None) -> Running:
    """The cell that runs now.

    JupyterLab, VS Code and the project's own engines say which cell it is; a plain kernel client,
    as papermill's and nbconvert's, sends the text alone. What a widget calls between runs belongs
    to the `last` cell, as a run of its own.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        return Running()
    parent: Mapping[str, Any] = shell.get_parent() if hasattr(shell, "get_parent") else {}
    run = str(parent.get("header", {}).get("msg_id", shell.execution_count))
    source = parent.get("content", {}).get("code")
    if source is None and parent and last is not None:
        return replace(last, run=run, deleted=())
    if source is None:
        source = (shell.user_ns.get("In") or [""])[-1]
    told = parent.get("metadata", {})
    deleted = tuple(map(str, told.get("deletedCells") or ()))
    return Running(str(told.get("cellId") or source), source, run, deleted)


@lru_cache(maxsize=256)
def names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names that a cell takes from before it, and names that it gives.

    Examples
    --------
    >>> takes, gives = names("weekly = energy(plan); total = weekly.sum()")
    >>> sorted(takes), sorted(gives)
    (['energy', 'plan'], ['total', 'weekly'])
    """
    try:
        code = compile(source, "<cell>", "exec")
    except (SyntaxError, ValueError):  # a magic of IPython's, which gives no name
        return frozenset(), frozenset()
    takes: set[str] = set()
    gives: set[str] = set()
    _collect(code, takes, gives)
    return frozenset(takes), frozenset(gives)


def _collect(code: CodeType, takes: set[str], gives: set[str]) -> None:
    """Read the bytecode, whose order is that of evaluation."""
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_NAME", "STORE_GLOBAL"):
            gives.add(step.argval)
        elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL") and step.argval not in gives:
            takes.add(step.argval)
        elif isinstance(step.argval, CodeType):
            _collect_inner(step.argval, takes, gives)


def _collect_inner(code: CodeType, takes: set[str], gives: set[str]) -> None:
    """Read a function or comprehension: what it stores is its own, unless declared global."""
    for step in dis.get_instructions(code):
        if step.opname == "STORE_GLOBAL":
            gives.add(step.argval)
        elif step.opname == "LOAD_GLOBAL" and step.argval not in gives:
            takes.add(step.argval)
        elif isinstance(step.argval, CodeType):
            _collect_inner(step.argval, takes, gives)
