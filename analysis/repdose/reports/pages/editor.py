"""What a notebook editor needs that a page has in its stylesheet: styles, pictures, cards.

JupyterLab and VS Code give every table their own look, in which all cells stand right, as numbers
do; a style at the cell itself is what both of them keep. What only a page's stylesheet and script
read is not in the notebook once more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from repdose.evidence.records import Record
from repdose.reports.figure_files import PAGE
from repdose.reports.pages import citations
from repdose.reports.pages.fragments import embedded, escape, signed
from repdose.reports.pages.terse import terse
from repdose.reports.provenance import own_mark
from repdose.tables.numbers import Number, headline

#: The same output as a page has it. Editors of notebooks do not know the type and leave it alone
ON_PAGE = "text/vnd.repdose.page"
# Read aloud and not seen, as the class does it on the page
UNSEEN = '<span style="position:absolute;clip-path:inset(50%)">'

_BOX = re.compile(r'<div class="table-scroll"[^>]*>(<table.*?</table>)</div>', re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])((?: [a-z-]+=\"[^\"]*\")*)>")
_SCOPE = re.compile(r" scope=\"(\w+)\"")
# Only a page's stylesheet has a look for it
_OF_PAGE = re.compile(r'<span(?: class="unit")?>([^<]*)</span>')


def styled(html: str) -> str:
    """HTML of tables with their words left and their numbers right, whatever the editor does.

    Examples
    --------
    >>> styled('<tr><td class="num">1</td><td class="words">a few words</td></tr>')
    '<tr><td align=right>1<td style=text-align:left>a few words</tr>'
    """
    html = _BOX.sub(r"\1", html).replace("<wbr>", "").replace('<span class="spoken">', UNSEEN)
    html = _OF_PAGE.sub(r"\1", html.replace("<caption>", "<caption style=text-align:left>"))
    return terse(_ROW.sub(lambda row: _aligned(row[0]), html))


def _aligned(row: str) -> str:
    top = "vertical-align:top" if 'class="long' in row else ""  # of several lines

    def aligned(cell: re.Match[str]) -> str:
        tag, given = cell.groups()
        scope = f" scope={found[1]}" if (found := _SCOPE.search(given)) else ""
        is_number = 'class="num"' in given
        style = ";".join(filter(None, ["" if is_number else "text-align:left", top]))
        # For editors that have no look of their own
        side = " align=right" if is_number else ""
        return f"<{tag}{scope}{side}{f' style={style}' if style else ''}>"

    return _CELL.sub(aligned, row)


def listed(records: Sequence[Record]) -> str:
    """Records under the works they are from, folded: a table of them would be cramped."""
    by_source: dict[str, list[Record]] = {}
    for record in records:
        by_source.setdefault(record.source, []).append(record)
    made = [
        f"<p>{citations.link(key)}</p><ul>{''.join(map(_item, found))}</ul>"
        for key, found in sorted(by_source.items())
    ]
    said = f"{len(records)} records read, and how each was checked against its source"
    return terse(f"<details><summary>{said}</summary>{''.join(made)}</details>")


def _item(record: Record) -> str:
    said = signed(escape(record.stated))
    where = f"{escape(record.locator)}; {escape(record.checked)}"
    return f"<li><code>{escape(record.id)}</code>{own_mark(record)} {said} ({where})</li>"


def picture(drawn: Mapping[str, str], alt: str) -> str:
    """A figure as every editor shows it, also of a notebook that it does not trust.

    A browser reads it, so it has no declaration and one name for links; and its attributes are
    between apostrophes, as JSON marks each quotation mark.
    """
    svg = drawn[PAGE][drawn[PAGE].index("<svg") :].replace("\n", "")
    svg = svg.replace(" xlink:href=", " href=")
    address = embedded(svg.replace('"', "'"))[1:-1].replace("%27", "'")
    return f'<img src="{address}" alt="{escape(alt)}" style=max-width:100%>'


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
