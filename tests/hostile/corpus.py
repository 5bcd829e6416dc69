"""The hostile inputs: what each is, and what must come of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hostile import bibliographies, broken_files, special_files, words
from hostile.attack import Case


def cases() -> list[Case]:
    """Every case, those of one kind together."""
    found: Iterator[Case] = itertools.chain(
        special_files.cases(), bibliographies.cases(), broken_files.cases(), words.cases()
    )
    return sorted(found, key=lambda case: case.kind)
