"""What an explorer shows, as HTML: numbers, figure, sources, what was refused."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from html import escape

from repdose.evidence import bibliography
from repdose.evidence.bibliography import citations
from repdose.evidence.records import Record
from repdose.evidence.training.leg_raises import NO_MODEL
from repdose.explorer.answers import Answer
from repdose.tables.numbers import MEANING, Number, rounded

STYLE = """<style>
.repdose-explorer{max-width:78rem}
.repdose-explorer .repdose-line{border-bottom:1px solid var(--jp-border-color2,#ddd);
padding:.2rem 0 .3rem}
.repdose-line .widget-inline-hbox{align-items:center}
.repdose-line .widget-inline-hbox .widget-label{flex:1 1 0;width:auto;max-width:none;height:auto;
white-space:normal;overflow:visible;line-height:1.3;text-align:left}
.repdose-line .widget-text input{flex:0 0 6.5rem;width:6.5rem}
.repdose-line .widget-dropdown select{flex:0 0 11rem;width:11rem}
.repdose-line .repdose-wide .widget-label{flex:1 1 100%}
.repdose-line .repdose-wide input,.repdose-line .repdose-wide select{flex:1 1 100%}
.repdose-region{color:var(--jp-content-font-color1,#111);line-height:1.45;font-size:.92rem}
.repdose-region p{margin:.2rem 0 .6rem}
.repdose-region .main{font-size:1.45rem;font-weight:650;line-height:1.25}
.repdose-region .main small{display:block;font-size:.85rem;font-weight:400}
.repdose-region table{border-collapse:collapse;width:100%;margin:.2rem 0 .6rem;font-size:.88rem}
.repdose-region th,.repdose-region td{text-align:left;vertical-align:top;white-space:normal;
padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--jp-border-color2,#ddd)}
.repdose-region th{font-weight:400}
.repdose-region thead th{font-weight:600}
.repdose-region td.value{font-variant-numeric:tabular-nums;font-weight:600}
.repdose-region .scroll{overflow-x:auto}
.repdose-region figure{margin:0}
.repdose-region img{width:100%;max-width:720px;height:auto;background:#fff}
.repdose-region .refused{border-left:4px solid #b91c1c;background:#fef2f2;color:#7f1d1d;
padding:.5rem .7rem;white-space:pre-line;overflow-wrap:anywhere}
.repdose-region ul{padding-left:1.1rem;margin:.2rem 0 .6rem}
.repdose-region a{color:var(--jp-content-link-color,#0b5cad);text-decoration:underline}
.repdose-region summary{cursor:pointer}
</style>"""


def leading(answer: Answer) -> str:
    """Numbers that lead, in a live region: read out when they change."""
    main = "".join(_main(one) for one in answer.numbers if one.headline)
    return _region(f'<div role="status" aria-live="polite" aria-atomic="true">{main}</div>')


def numbers(answer: Answer) -> str:
    """Every number, as the notebook states it."""
    return _region(_beside(answer) if answer.beside else _one_a_line(answer.numbers))


def _main(number: Number) -> str:
    within = ""
    if number.low is not None and number.high is not None:
        ends = f"{rounded(number.low, number.digits)} to {rounded(number.high, number.digits)}"
        within = f": {ends}, {MEANING[number.kind]}"
    value = escape(f"{rounded(number.value, number.digits)} {number.unit}")
    return f'<p class="main">{value}<small>{escape(number.label)}{escape(within)}</small></p>'


def _one_a_line(found: Sequence[Number]) -> str:
    rows = [[one.label, one.text, MEANING[one.kind] or "no range", one.note] for one in found]
    return _table(["Number", "Value (range)", "What the range is", "Note"], rows, "Numbers")


def _beside(answer: Answer) -> str:
    """A line a quantity, a column a plan; a plan may have no model of one of them."""
    lines: dict[str, dict[str, Number]] = {}
    for one in answer.numbers:
        stem, _, end = one.id.rpartition("_")
        if end.upper() in answer.beside:
            lines.setdefault(stem, {})[end.upper()] = one
    rows = []
    for mine in lines.values():
        one = next(iter(mine.values()))
        texts = {letter: shown.text.removesuffix(one.unit) for letter, shown in mine.items()}
        label = f"{one.label.partition(',')[0]} [{one.unit}]"
        rows.append([label, *(texts.get(letter, NO_MODEL) for letter in answer.beside)])
    headings = ["Mean week of a plan", *answer.beside]
    return _table(headings, rows, "Numbers of each plan", values=len(answer.beside))


def figure(svg: str, alt: str) -> str:
    """The figure with its alternative text, which an image widget has no place for."""
    data = base64.b64encode(svg.encode()).decode("ascii")
    image = f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'
    return _region(f"<figure>{image}</figure>")


def sources(answer: Answer) -> str:
    """Notes, references, and each record that was read."""
    notes = "".join(f"<li>{_cited(note)}</li>" for note in answer.notes)
    keys = sorted(
        {record.source for record in answer.records}
        | {item.key for note in answer.notes for item in _items(note)}
    )
    references = re.sub(r' id="[^"]*"', "", bibliography.render_html(keys))
    return _region(
        f"<ul>{notes}</ul>"
        f"<details><summary>Sources of what is shown: {len(keys)} works</summary>"
        f"<ul>{references}</ul></details>"
        f"<details><summary>{len(answer.records)} records read</summary>"
        f"{_records(answer.records)}</details>"
    )


def _records(found: Sequence[Record]) -> str:
    short = {key: bibliography.short(key) for key in {one.source for one in found}}
    rows = [[one.id, one.stated, short[one.source], one.locator, one.checked] for one in found]
    headings = ["Record", "What it says", "Source", "Where", "Checked"]
    return _table(headings, rows, "Records read, and how each was checked against its source")


def refused(text: str) -> str:
    """What was refused, read out at once; nothing where nothing was."""
    said = f'<p class="refused">{escape(text)}</p>' if text else ""
    return _region(f'<div role="alert">{said}</div>')


def _table(headings: list[str], rows: list[list[str]], caption: str, values: int = 1) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f"<td{' class=value' if at < values else ''}>{escape(text)}</td>"
            for at, text in enumerate(row[1:])
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _region(inner: str) -> str:
    return f'<div class="repdose-region">{inner}</div>'


def _items(text: str) -> list[citations.CitedItem]:
    return [item for found in citations.parse_citations(text) for item in found.items]


def _cited(text: str) -> str:
    """A text escaped, its citations links to the works themselves."""
    return citations.replaced(text, escape, _link)


def _link(key: str) -> str:
    found = bibliography.source(key)
    words = escape(bibliography.short(key))
    address = found.link()
    return f'<a href="{escape(address)}">{words}</a>' if address else words
