"""Values that stay on one line with their units: where a page's text must not break.

Done once, on the finished page: sentences, tables and cards are written with plain spaces, and so
are results, notebooks and downloads. What has a hyphen is kept by a style, so that it is found as
it is typed.
"""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
# What a number counts; of "sets per muscle per week" the first word is kept by it
_UNITS = (
    *("%", "°", "kcal", "MET", "METs", "MET-min", "MET-h", "kJ", "J", "kN", "N", "kg", "g", "mL"),
    *("km", "m", "cm", "mm", "h", "min", "s", "y", "SD", "pre-test", "sets", "degrees"),
)
# An end of a range that is joined; with longer ones a phone's lines would be half empty
_SHORT = r"(?<![\d.,])\d{1,3}(?:,\d{3})?(?:\.\d{1,2})?(?![.,]?\d)"
_ENDS = re.compile(rf"{_SHORT} to (?=[−-]?{_SHORT})")
# Each begins with its space, and is looked for at spaces alone
_JOINED = re.compile(
    " (?:"
    + "|".join(
        (
            rf"(?<=[\d)] )(?=(?:{'|'.join(map(re.escape, _UNITS))})(?![\w-]))",
            r"(?<=pre-test )(?=SD\b)",
            r"(?<=\bN )(?=m\b)|(?<=\bkN )(?=m\b)|(?<=N m )(?=s\b)",
            r"(?<=[\d(] )× (?=[\d(])",
            # A test's p and its value, in text and in escaped text
            r"(?<=\bp )(?:[=<]|&lt;) (?=\d)|(?<=^< )(?=\d)|(?<=^&lt; )(?=\d)",
        )
    )
    + ")"
)
# Units with a hyphen, and a tempo as "2-1-2-0"
_HYPHENED = re.compile(
    r"(?<![\w.-])(?:MET-min(?:/week)?|MET-h(?:/week)?|pre-test|\d(?:\.\d)?(?:-\d(?:\.\d)?){3})(?![\w-])"
)
# What is no text: elements that hold code, drawings or text alone, whole; every tag and comment
_NO_TEXT = re.compile(
    r"<(script|style|pre|code|svg|title|option)\b.*?</\1\s*>|<!--.*?-->"
    # A drawing in an attribute has signs of its own that end a tag
    r"|<(?:\"[^\"]*+\"|'[^']*+'|[^>\"']++)*+>",
    re.DOTALL,
)


def joined(text: str) -> str:
    """Text whose values are joined to their units, and short ends of a range, by no-break spaces.

    Examples
    --------
    >>> joined("62 (5 to 177) kcal/week at 75 kg").split(" ")
    ['62', '(5\\xa0to\\xa0177)\\xa0kcal/week', 'at', '75\\xa0kg']
    """
    if " " not in text:  # as between most tags of a page
        return text
    ended = _ENDS.sub(_unbroken, text) if " to " in text else text
    return _JOINED.sub(_unbroken, ended)


def _unbroken(match: re.Match[str]) -> str:
    return match[0].replace(" ", NO_BREAK)


def page_joined(html: str) -> str:
    """A page with the same done to its text; attributes, code, scripts and styles stay.

    Examples
    --------
    >>> page_joined('<p title="> 80 %">80 % <code>80 %</code></p>')
    '<p title="> 80 %">80\\xa0% <code>80 %</code></p>'
    """
    made, at = [], 0
    for match in _NO_TEXT.finditer(html):
        made += [_kept(html[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*made, _kept(html[at:])])


def _kept(text: str) -> str:
    made = joined(text)
    if "-" in made:
        made = _HYPHENED.sub(lambda match: f'<span class="whole">{match[0]}</span>', made)
    return made
