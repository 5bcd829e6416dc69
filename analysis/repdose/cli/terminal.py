"""What the command says where: data on stdout, messages on stderr, and its exit codes.

Nothing else prints. What comes from a file or an argument is shown and never obeyed: signs that
steer a terminal are written out, and in a message a word that would fill the screen is cut.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from repdose.evidence.hidden import plain

if TYPE_CHECKING:
    import pandas as pd

Verb = TypeVar("Verb", bound=Callable[..., Any])
#: Characters of a word, and of a line, that a message may have; of longer ones the middle is cut.
LONGEST_WORD, LONGEST_LINE = 300, 4000


def output_option(help: str, *, required: bool = True) -> Callable[[Verb], Verb]:
    """The file that a verb writes."""
    path = click.Path(path_type=Path)
    return click.option("-o", "--output", "out", type=path, required=required, help=help)


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for a program to read."
)


class Whole(click.IntRange):
    """A whole number of an option, in the digits 0 to 9 and nothing between them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, or a refusal."""
        if isinstance(value, str) and not re.fullmatch(r"[-+]?[0-9]+", value):
            self.fail(f"{value!r} is not a whole number, as 12 is.", param, ctx)
        return super().convert(value, param, ctx)


class Decimal(click.ParamType[float]):
    """A finite number of an option, in the digits 0 to 9."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, or a refusal."""
        if isinstance(value, str):
            plainly = re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?", value)
            if not plainly or not math.isfinite(float(value)):
                self.fail(f"{value!r} is not a number, as 0.5 or 1e-6 is.", param, ctx)
        return float(value)


class Exit(IntEnum):
    """Exit codes of ``repdose``."""

    FINE = 0
    CHECK_FAILED = 1  # a check failed, or results differ
    BAD_INPUT = 2  # nothing was run, nothing was written
    NOTEBOOK_FAILED = 3
    INTERRUPTED = 130  # what was done is written; the same command goes on
    PIPE_CLOSED = 141  # whoever read the output has left


class _Closed(io.TextIOBase):
    """Standard output that was closed before the command began."""

    def write(self, _text: str) -> int:
        """Refuse: what is printed would be lost."""
        raise ValueError("standard output is closed; open it, or send it to a file")


def open_streams() -> None:
    """Make sure that each standard stream is there, and can hold every sign."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file that is opened, a report, would get what is meant for the stream
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # a kernel has it too
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line of data.

    Raises
    ------
    ValueError
        If standard output is closed or full.
    """
    with _told("standard output"):
        sys.stdout.write(f"{plain(text)}\n")


@contextmanager
def _told(stream: str) -> Iterator[None]:
    """Name the stream that cannot be written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ValueError(f"{stream} cannot be written: {error.strerror}") from None


def finish() -> None:
    """Write out what was printed.

    Raises
    ------
    BrokenPipeError
        If whoever read it has left.
    ValueError
        If it cannot be written.
    """
    with _told("standard output"):
        sys.stdout.flush()


def give_up(stream: TextIO) -> None:
    """Let what cannot be written go, so that nothing is said of it once more at the end."""
    try:
        stream.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say_json(content: Any) -> None:
    """Print data as JSON."""
    say(json.dumps(content, indent=2, ensure_ascii=False))


def error_text(error: Exception) -> str:
    """The message; of a file that cannot be read or written, with its name."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, UnicodeEncodeError):
        return f"{error.object!r} is no text in UTF-8"
    if isinstance(error, RecursionError):
        return "what was given is nested too deep to be read"
    return str(error)


def message(text: str) -> str:
    """A text as it can be shown, each line of it short enough to be read.

    Examples
    --------
    >>> message("no notebook " + "x" * 100_000)[112:]
    ' … 100,000 characters … xxxxxxxxxxxxxxxxxxxx'
    """
    text = re.sub(rf"\S{{{LONGEST_WORD},}}", lambda word: _cut(word[0], 100), plain(text))
    return "\n".join(
        line if len(line) <= LONGEST_LINE else _cut(line, 1000) for line in text.split("\n")
    )


def _cut(text: str, kept: int) -> str:
    return f"{text[:kept]} … {len(text):,} characters … {text[-20:]}"


def warn(text: str) -> None:
    """Print a message."""
    try:
        sys.stderr.write(f"{message(text)}\n")
        sys.stderr.flush()
    except OSError:  # there is nobody to tell
        give_up(sys.stderr)


def say_problems(problems: Iterable[object], well: str) -> Exit:
    """Print what is wrong, a line each, or that all is `well`."""
    lines = [message(str(problem)) for problem in problems]
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
