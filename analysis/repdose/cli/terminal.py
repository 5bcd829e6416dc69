"""What the command says where: data on stdout, messages on stderr, and its exit codes."""

from __future__ import annotations

import json
import sys
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit codes of ``repdose``."""

    FINE = 0
    CHECK_FAILED = 1  # a check failed, or results differ
    BAD_INPUT = 2  # nothing was run, nothing was written
    NOTEBOOK_FAILED = 3
    INTERRUPTED = 130  # what was done is written; the same command goes on


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
