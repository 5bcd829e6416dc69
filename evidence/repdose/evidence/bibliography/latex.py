"""LaTeX in a field as text, decoded once it is asked for: it takes nine tenths of the time."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

#: Journals as macros, which the Astrophysics Data System gives and the classes of that field
#: define, with what these print.
_JOURNALS = (
    "aj AJ, psj PSJ, araa ARA&A, apj ApJ, apjl ApJL, apjs ApJS, ao ApOpt, apss Ap&SS, aap A&A, "
    "aapr A&A Rv, aaps A&AS, azh AZh, baas BAAS, icarus Icarus, jaavso JAAVSO, jrasc JRASC, "
    "memras MmRAS, mnras MNRAS, pra PhRvA, prb PhRvB, prc PhRvC, prd PhRvD, pre PhRvE, prl PhRvL, "
    "pasp PASP, pasj PASJ, qjras QJRAS, skytel S&T, solphys SoPh, sovast Soviet Ast., ssr SSRv, "
    "zap ZA, nat Nature, iaucirc IAUC, gca GeoCoA, grl Geophys. Res. Lett., jcp JChPh, "
    "jgr J. Geophys. Res., jqsrt JQSRT, memsai MmSAI, nphysa NuPhA, physrep PhR, physscr PhyS, "
    "planss Planet. Space Sci., procspie Proc. SPIE, actaa AcA, jcap JCAP, na NewA, nar NewAR, "
    "pasa PASA, rmxaa RMxAA"
)
_SIGNS = "LaTeX LaTeX, TeX TeX, BibTeX BibTeX, textless <, textgreater >, textdegree °, slash /"
#: Deeper braces than anybody writes; the LaTeX decoder recurses once a brace.
MAX_DEPTH = 50

_SPECIAL = re.compile(r"[\\{}$~]|--|``|''")


def decoded(value: str) -> str:
    """A field's text with LaTeX turned to Unicode, on one line."""
    if _SPECIAL.search(value):
        value = _decode(value)
    if not value.isprintable():
        # control characters have no place in a reference and some break XML
        value = "".join(char if char.isprintable() else " " for char in value)
    return " ".join(value.split())


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
    words = [pair.split(" ", 1) for pair in f"{_JOURNALS}, {_SIGNS}".split(", ")]
    macros = [MacroTextSpec(name, simplify_repl=text) for name, text in words]
    macros.append(MacroTextSpec("url", simplify_repl="%s"))
    known.add_context_category("fields", prepend=True, macros=macros)
    return LatexNodes2Text(latex_context=known, keep_braced_groups=False, math_mode="text")


def depth(value: str) -> int:
    """How deep the braces of a field are nested."""
    now = deepest = 0
    for brace in re.findall("[{}]", value):
        now += 1 if brace == "{" else -1
        deepest = max(deepest, now)
    return deepest
