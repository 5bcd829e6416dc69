"""What the command says where: data on stdout, messages on stderr, and its exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import pandas as pd

Verb = TypeVar("Verb", bound=Callable[..., Any])


def output_option(help: str, *, required: bool = True) -> Callable[[Verb], Verb]:
    """The file that a verb writes."""
    path = click.Path(path_type=Path)
    return click.option("-o", "--output", "out", type=path, required=required, help=help)


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for a program to read."
)


class Exit(IntEnum):
    """Exit codes of ``repdose``."""

    FINE = 0
    CHECK_FAILED = 1  # a check failed, or results differ
    BAD_INPUT = 2  # nothing was run, nothing was written
    NOTEBOOK_FAILED = 3
    INTERRUPTED = 130  # what was done is written; the same command goes on
    PIPE_CLOSED = 141  # whoever read the output has left


def say(text: str) -> None:
    """Print a line of data."""
    sys.stdout.write(f"{text}\n")


def say_json(content: Any) -> None:
    """Print data as JSON."""
    say(json.dumps(content, indent=2, ensure_ascii=False))


def error_text(error: Exception) -> str:
    """The message; of a file that cannot be read or written, with its name."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def warn(text: str) -> None:
    """Print a message."""
    sys.stderr.write(f"{text}\n")


def say_problems(problems: Iterable[object], well: str) -> Exit:
    """Print what is wrong, a line each, or that all is `well`."""
    lines = [str(problem) for problem in problems]
    for line in lines:
        say(line)
    if lines:
        warn(f"{len(lines)} problem{'s' if len(lines) > 1 else ''}")
        return Exit.CHECK_FAILED
    say(well)
    return Exit.FINE


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain data, what is missing as None."""
    rows: list[dict[str, Any]] = json.loads(table.reset_index().to_json(orient="records"))
    return rows
