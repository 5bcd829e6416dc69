"""What a notebook editor needs that a page has in its stylesheet: styles, pictures, cards.

JupyterLab and VS Code give every table their own look, in which words stand right like numbers;
a style at the cell itself is what both of them keep. :func:`bare` takes it off for the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from repdose.reports.figure_files import PAGE
from repdose.reports.pages.fragments import embedded, escape, signed
from repdose.tables.numbers import Number, headline

LEFT = ' style="text-align:left;vertical-align:top"'
RIGHT = ' style="text-align:right;vertical-align:top"'
# Read aloud and not seen, as the class does it on the page
UNSEEN = ' style="position:absolute;clip-path:inset(50%)"'

_CELL = re.compile(r"<(t[hd])((?: (?!style=)[a-z-]+(?:=\"[^\"]*\")?)*)>")
_CAPTION, _SPOKEN = "<caption>", '<span class="spoken">'


def styled(html: str) -> str:
    """HTML of tables with their words left and their numbers right, whatever the editor does.

    Examples
    --------
    >>> styled('<td class="num">1</td><td>a</td>').count("text-align:left")
    1
    """
    html = _CELL.sub(_aligned, html).replace(_CAPTION, f"<caption{LEFT}>")
    return html.replace(_SPOKEN, _SPOKEN[:-1] + UNSEEN + ">")


def _aligned(match: re.Match[str]) -> str:
    side = RIGHT if 'class="num"' in match[2] else LEFT
    return f"<{match[1]}{match[2]}{side}>"


def bare(html: str) -> str:
    """The HTML as it was before :func:`styled`."""
    for style in (LEFT, RIGHT, UNSEEN):
        html = html.replace(f"{style}>", ">")
    return html


def picture(drawn: Mapping[str, str], alt: str) -> str:
    """A figure as every editor shows it, also of a notebook that it does not trust."""
    return f'<img src={embedded(drawn[PAGE])} alt="{escape(alt)}" style="max-width:100%">'


def cards(numbers: Sequence[Number]) -> str:
    """Headline numbers as a row of cards; empty without one."""
    found = headline({"numbers": [number.content() for number in numbers]})
    made = [
        '<div style="flex:1 1 12em;border:1px solid #8885;border-radius:6px;padding:.3em .7em">'
        f"<div><small>{escape(one['label'])}</small></div>"
        f'<div style="font-size:1.5em"><strong>{escape(signed(one["main"]))}</strong> '
        f'<span style="font-size:.6em">{escape(one["unit"])}</span></div>'
        f"<div><small>{escape(one['range'])}</small></div></div>"
        for one in found
    ]
    if not made:
        return ""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:.6em;max-width:60em;'
        'text-align:left;line-height:1.25">'
        f"{''.join(made)}</div>"
    )
