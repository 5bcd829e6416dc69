"""How what a report states is shown: bundles for the notebook, and its closing tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from repdose.evidence.records import Record
from repdose.inputs.declared import unit
from repdose.reports.figure_files import DRAWN
from repdose.reports.pages import citations, editor, fragments
from repdose.reports.provenance import own_mark, pack_row
from repdose.storing import stored
from repdose.tables.numbers import RESULTS_MIME, Number

if TYPE_CHECKING:
    import pandas as pd


def paragraph(text: str, css: str) -> None:
    """A paragraph, escaped, its citations made links."""
    html(f'<p class="{css}">{citations.html(text)}</p>', text)


def html(made: str, text: str) -> None:
    """A piece of HTML of the report's own, with its plain text."""
    bundle({**_of_page(made), "text/plain": text}, {"repdose": {"own": True}})


def _of_page(made: str) -> dict[str, str]:
    """HTML for an editor, and as a page has it where that is something else."""
    shown = editor.styled(made)
    return {"text/html": shown} | ({editor.ON_PAGE: made} if shown != made else {})


def cards(numbers: Sequence[Number]) -> None:
    """Headline numbers for whoever reads in a notebook editor; a page has its own."""
    made = editor.cards(numbers)
    if made:
        text = "\n".join(f"{one.label}: {one.text}" for one in numbers if one.headline)
        bundle({"text/html": made, "text/plain": text}, {"repdose": {"editor": True}})


def table(frame: pd.DataFrame, *, caption: str, digits: int | Mapping[str, int], name: str) -> None:
    """A table, and its numbers as they are stored for whoever has no HTML."""
    columns = [
        [str(name), *map(str, values)] for name, (_, values) in fragments.columns_of(frame).items()
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = [
        "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True))
        for line in zip(*columns, strict=True)
    ]
    html(
        fragments.table(frame, caption=caption, digits=digits, name=name),
        "\n".join([caption, *lines]),
    )


def figure(drawn: Mapping[str, str], *, name: str, alt: str, caption: str) -> None:
    """A figure, `drawn` as SVG, and its caption."""
    bundle(
        {"text/html": editor.picture(drawn, alt), DRAWN: drawn, "text/plain": alt},
        {"repdose": {"figure": name, "alt": alt, "caption": caption}},
    )
    # The page puts the caption into the figure; a notebook editor shows this instead
    bundle(
        {"text/markdown": citations.markdown(caption), "text/plain": caption},
        {"repdose": {"editor": True}},
    )


def sources(keys: Sequence[str], records: Sequence[Record]) -> None:
    """References, and the records that were read."""
    if keys:
        bundle(*citations.listed(keys))
    if not records:
        return
    links = {key: citations.link(key) for key in {record.source for record in records}}
    rows = [
        [
            f"<code>{fragments.breakable(record.id)}</code>{own_mark(record)}",
            fragments.signed(fragments.breakable(record.stated)),
            links[record.source],
            fragments.breakable(record.locator),
            fragments.escape(record.checked),
        ]
        for record in records
    ]
    caption = "Records read for this report, and how each was checked against its source"
    shown = fragments.simple_table(
        ["Record", "What it says", "Source", "Where", "Checked"], rows, caption=caption
    )
    data = {
        editor.ON_PAGE: f"<details><summary>{len(records)} records read</summary>{shown}</details>",
        "text/html": editor.listed(records),
        "text/plain": f"{len(records)} records read; the results have each",
    }
    bundle(data, {"repdose": {"own": True}})


def provenance(
    results: Mapping[str, Any], declared: Mapping[str, Any], numbers: Sequence[Number]
) -> None:
    """Numbers, assumptions and what a report was made with, and its results for the runner."""
    parts = [_numbers_table(numbers)] if numbers else []
    if results["assumptions"]:
        items = "".join(f"<li>{citations.html(text)}</li>" for text in results["assumptions"])
        parts.append(f'<p class="label">Assumptions</p><ul class="assumptions">{items}</ul>')
    if results["parameters"]:
        parts.append(_parameters_table(results["parameters"], declared))
    parts.append(_made_with(results))
    bundle(
        {
            RESULTS_MIME: results,
            **_of_page(f'<div class="provenance">{"".join(parts)}</div>'),
            "text/plain": f"{results['notebook']}: {len(numbers)} numbers reported",
        },
        {"repdose": {"own": True}},
    )


def _numbers_table(numbers: Sequence[Number]) -> str:
    rows = [
        [number.label, number.text, number.meaning or "–", number.note or "–"] for number in numbers
    ]
    return fragments.simple_table(
        ["Number", "Value (range)", "What the range is", "Note"],
        [[fragments.signed(fragments.escape(cell)) for cell in row] for row in rows],
        caption="Numbers this report states; results.json has them unrounded",
    )


def _parameters_table(given: Mapping[str, Any], declared: Mapping[str, Any]) -> str:
    rows = [
        [
            f"<code>{fragments.breakable(name)}</code>",
            fragments.breakable(f"{_compact(value)} {unit(declared[name])}".rstrip()),
            fragments.escape(declared[name].description or "–"),
        ]
        for name, value in given.items()
    ]
    return fragments.simple_table(
        ["Parameter", "Value", "What it is"],
        rows,
        caption="Parameters of this report, and what they were given",
    )


def _made_with(results: Mapping[str, Any]) -> str:
    tables = [(name, value[:16]) for name, value in results["data"].items()]
    sections = [("Made with", list(results["versions"].items()))]
    if tables:
        sections.append(("Data tables read (SHA-256, first 16 digits)", tables))
    if packs := [pack_row(pack) for pack in results["packs"]]:
        sections.append(("Packs of evidence (version, SHA-256, first 16 digits)", packs))
    return "".join(
        f'<p class="label">{fragments.escape(title)}</p><dl>'
        + "".join(
            f"<div><dt>{fragments.breakable(key)}</dt><dd>{fragments.escape(value)}</dd></div>"
            for key, value in items
        )
        + "</dl>"
        for title, items in sections
    )


def _compact(value: Any) -> str:
    if isinstance(value, dict) and "title" in value:
        return str(value["title"])
    if value in ("", []):
        return "none"
    if isinstance(value, list):
        stages = all(isinstance(one, dict) and "title" not in one for one in value)
        return f"{len(value)} stages" if stages else "; ".join(map(_compact, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


_BASE = ("id", "source", "locator", "checked")
_SCALAR = str | bool | int | float


def content(record: Record) -> dict[str, Any]:
    """A record as plain data; the pack only of one that comes from a pack."""
    values = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    return {
        name: value
        for name, value in values.items()
        if name in _BASE or (value is not None and (name != "pack" or value))
    }


def _plain(value: Any) -> Any:
    """A field that JSON can hold, else None: a record's nested parts are records themselves."""
    if value is None or isinstance(value, _SCALAR):
        return stored(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return None


def bundle(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
    """Hand a bundle to the notebook; outside of one there is nobody to show it to."""
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        return
    display(dict(data), metadata=dict(metadata), raw=True)  # type: ignore[no-untyped-call]
