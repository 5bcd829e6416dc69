"""LaTeX in a field as text, decoded once it is asked for: it takes nine tenths of the time."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

#: Deeper braces than anybody writes; the LaTeX decoder recurses once a brace.
MAX_DEPTH = 50

_SPECIAL = re.compile(r"[\\{}$~]|--|``|''")


def decoded(value: str) -> str:
    """A field's text with LaTeX turned to Unicode, on one line."""
    if _SPECIAL.search(value):
        value = _decode(value)
    # control characters have no place in a reference and some break XML
    printable = "".join(char if char.isprintable() else " " for char in value)
    return re.sub(r"\s+", " ", printable).strip()


def _decode(value: str) -> str:
    bare = value.replace("{", "").replace("}", "")
    if "\\" not in bare and "$" not in bare:
        return (
            bare.replace("---", "—")
            .replace("--", "–")
            .replace("~", " ")
            .replace("``", "“")
            .replace("''", "”")
        )
    if depth(value) > MAX_DEPTH:
        return bare.replace("\\", "")
    try:
        # an unescaped percent sign would swallow the rest of the line as a comment
        return str(_decoder().latex_to_text(re.sub(r"(?<!\\)%", r"\\%", value)))
    except Exception:  # whatever the decoder meets in LaTeX that is none
        return bare.replace("\\", "")


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import (
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )

    known = get_default_latex_context_db()
    known.add_context_category(
        "addresses", prepend=True, macros=[MacroTextSpec("url", simplify_repl="%s")]
    )
    return LatexNodes2Text(latex_context=known, keep_braced_groups=False, math_mode="text")


def depth(value: str) -> int:
    """How deep the braces of a field are nested."""
    now = deepest = 0
    for brace in re.findall("[{}]", value):
        now += 1 if brace == "{" else -1
        deepest = max(deepest, now)
    return deepest
