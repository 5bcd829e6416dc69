"""What a notebook calls to state its numbers, tables, figures and sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import fields
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Any

from repdose import evidence as ev
from repdose.evidence.errors import near
from repdose.figures import style
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import model_of, of_kind, unit
from repdose.inputs.progressions import compared, plan
from repdose.inputs.stated import stated
from repdose.inputs.validation import checked
from repdose.reports import figure_files, provenance
from repdose.reports.numbers import MEANING, RESULTS_MIME, Number
from repdose.reports.pages import citations, fragments

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from repdose.evidence.records import Record
    from repdose.plans import Plan


class Report:
    """The voice of one notebook: checks its parameters, then states results with sources.

    Parameters
    ----------
    notebook : str
        Name of the notebook, under which its parameters are declared.
    namespace : mapping
        The notebook's ``globals()``; the declared names are picked out of it.

    Raises
    ------
    ParameterError
        If a parameter is of the wrong type or out of range, or misspelt.

    Notes
    -----
    Everything said goes to the notebook as HTML with all text escaped, and with a plain
    text next to it. Sources and data tables are what the evidence ledger saw since the report
    was opened, sources also what :meth:`cite` was told and what the prose cites as ``[@key]``.

    Examples
    --------
    >>> report = Report("energy_cost", {"body_mass_kg": 82.5})
    >>> report.parameters.body_mass_kg
    82.5
    >>> report.number("mass", "Body mass", 82.5, "kg", digits=1)
    '82.5 kg'
    """

    _reading = ExitStack()

    def __init__(self, notebook: str, namespace: Mapping[str, Any]) -> None:
        declared = model_of(notebook, namespace)
        _refuse_misspelt(notebook, namespace, declared.model_fields)
        given = {name: namespace[name] for name in declared.model_fields if name in namespace}
        self.notebook = notebook
        with ev.ledger() as checking:
            self.parameters: Any = checked(declared, notebook, given)
        self._numbers: dict[str, Number] = {}
        self._assumptions: list[str] = []
        self._cited, self._names = set[str](), set[str]()
        self._answer = ""
        # Closed by provenance(), or by the next report of the same kernel
        Report._reading.close()
        Report._reading = self._stack = ExitStack()
        self._used = self._stack.enter_context(ev.ledger())
        self._used.add_tables(checking.tables())
        style.use_style()

    @cached_property
    def plan(self) -> Plan:
        """The plan that the notebook is given."""
        (name,) = of_kind(type(self.parameters), "plan")
        return plan(getattr(self.parameters, name))

    @cached_property
    def plans(self) -> list[Plan]:
        """The plans that the notebook compares."""
        return compared(self.parameters)

    def number(
        self,
        id: str,
        label: str,
        value: float,
        unit: str,
        *,
        low: float | None = None,
        high: float | None = None,
        kind: str = "none",
        headline: bool = False,
        digits: int = 0,
        note: str = "",
    ) -> str:
        """Register one reported number and return how it reads.

        Parameters
        ----------
        id : str
            Name of the number, unique in the report, in snake_case.
        label : str
            What it is, in a few words.
        value, low, high : float
            The number and its range, in `unit`.
        unit : str
            Unit as printed; empty for a pure number.
        kind : {"assumption", "confidence", "credible", "prediction", "simulation", "none"}
            What the range is.
        headline : bool
            Whether the index page shows it.
        digits : int
            Decimals in print; ``results.json`` has the number unrounded.
        note : str
            A sentence for the table of numbers.

        Returns
        -------
        str
            As in ``188 (139 to 396) kcal/week``.
        """
        if id in self._numbers:
            raise ValueError(f"number {id!r} is reported twice; each needs an id of its own")
        number = Number(
            id=id,
            label=label,
            value=float(value),
            unit=unit,
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            kind=kind,
            headline=headline,
            digits=digits,
            note=note,
        )
        self._numbers[id] = number
        return number.text

    def assume(self, text: str) -> None:
        """State an assumption: listed in the report and in ``results.json``."""
        if text not in self._assumptions:
            self._assumptions.append(text)
        self.cite(*citations.keys(text))

    def cite(self, *keys: str) -> None:
        """Add bibliography keys to the sources."""
        self._cited.update(citations.known(keys))

    def answer(self, text: str) -> None:
        """Say the answer of the report, in one block at its head; ``[@key]`` cites."""
        self._answer = text
        self._say(text, "answer")

    def say(self, text: str) -> None:
        """Say a paragraph; everything in it is escaped, ``[@key]`` cites."""
        self._say(text, "said")

    def _say(self, text: str, css: str) -> None:
        self.cite(*citations.keys(text))
        _show(f'<p class="{css}">{citations.html(text)}</p>', text)

    def table(
        self,
        frame: pd.DataFrame,
        *,
        caption: str,
        digits: int | Mapping[str, int] = 1,
        name: str = "",
    ) -> None:
        """Show a table.

        Parameters
        ----------
        frame : DataFrame
            Rows to show; the named index or the first column heads the rows.
        caption : str
            What the table shows.
        digits : int or mapping of column to int
            Decimals of numbers that are not whole.
        name : str
            Anchor of the table in the page.
        """
        self._own_name("table", name)
        _show(
            fragments.table(frame, caption=caption, digits=digits, name=name),
            f"{caption}\n{frame.to_string()}",
        )

    def figure(self, fig: Figure, *, name: str, alt: str, caption: str) -> None:
        """Show a figure, and close it.

        Parameters
        ----------
        fig : Figure
            The figure.
        name : str
            File name without extension; the figure is also written as PNG and SVG.
        alt : str
            What the figure shows, for whoever cannot see it: a sentence with its numbers.
        caption : str
            Text below the figure; ``[@key]`` cites.
        """
        import matplotlib.pyplot as plt

        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(f"figure name {name!r}: lower-case letters, digits, underscores")
        if not alt.strip():
            raise ValueError(f"figure {name}: alt text is required")
        self._own_name("figure", name)
        self.cite(*citations.keys(caption))
        alt = fragments.signed(alt)
        png, svg = figure_files.written(fig)
        _display(
            {"image/png": png, "image/svg+xml": svg, "text/plain": alt},
            {"image/png": {"alt": alt}, "repdose": {"figure": name, "caption": caption}},
        )
        # The page puts the caption into the figure; a notebook editor shows this instead
        _display({"text/markdown": caption, "text/plain": caption}, {"repdose": {"editor": True}})
        plt.close(fig)

    def _own_name(self, what: str, name: str) -> None:
        if name and f"{what} {name}" in self._names:
            raise ValueError(f"{what} {name!r} is shown twice; each needs a name of its own")
        self._names.add(f"{what} {name}")

    def sources(self) -> None:
        """Show the references, and the records that were read for this report."""
        used = self._used.records()
        keys = sorted(self._cited | {record.source for record in used})
        if keys:
            _display(*citations.listed(keys))
        if used:
            rows = [
                [
                    f"<code>{fragments.escape(record.id)}</code>",
                    fragments.signed(fragments.escape(record.stated)),
                    citations.link(record.source),
                    fragments.escape(record.locator),
                    fragments.escape(record.checked),
                ]
                for record in used
            ]
            caption = "Records read for this report, and how each was checked against its source"
            shown = fragments.simple_table(
                ["Record", "What it says", "Source", "Where", "Checked"], rows, caption=caption
            )
            _show(
                f"<details><summary>{len(used)} records read</summary>{shown}</details>",
                "\n".join(f"{record.id}: {record.source}, {record.locator}" for record in used),
            )

    def provenance(self) -> None:
        """Show what the report was made with, and hand its results to the runner."""
        results = self.results()
        parts = [self._numbers_table()] if self._numbers else []
        if self._assumptions:
            items = "".join(f"<li>{citations.html(text)}</li>" for text in self._assumptions)
            parts.append(f'<p class="label">Assumptions</p><ul class="assumptions">{items}</ul>')
        parts.append(self._made_with(results))
        self._stack.close()
        _display(
            {
                RESULTS_MIME: results,
                "text/html": f'<div class="provenance">{"".join(parts)}</div>',
                "text/plain": f"{self.notebook}: {len(self._numbers)} numbers reported",
            },
            {"repdose": {"own": True}},
        )

    def _numbers_table(self) -> str:
        rows = [
            [number.label, number.text, MEANING[number.kind] or "–", number.note or "–"]
            for number in self._numbers.values()
        ]
        return fragments.simple_table(
            ["Number", "Value (range)", "What the range is", "Note"],
            [[fragments.signed(fragments.escape(cell)) for cell in row] for row in rows],
            caption="Numbers this report states; results.json has them unrounded",
        )

    def _made_with(self, results: Mapping[str, Any]) -> str:
        declared = type(self.parameters).model_fields
        pairs = [
            (name, f"{_compact(value)} {unit(declared[name])}".rstrip())
            for name, value in results["parameters"].items()
        ]
        tables = [(name, value[:16]) for name, value in results["data"].items()]
        sections = [("Parameters", pairs), ("Made with", list(results["versions"].items()))]
        if tables:
            sections.append(("Data tables read (SHA-256, first 16 digits)", tables))
        return "".join(
            f'<p class="label">{fragments.escape(title)}</p><dl>'
            + "".join(
                f"<div><dt>{fragments.escape(key)}</dt><dd>{fragments.escape(value)}</dd></div>"
                for key, value in items
            )
            + "</dl>"
            for title, items in sections
        )

    def results(self) -> dict[str, Any]:
        """What the report states, as plain data: the content of ``results.json``."""
        used = self._used.records()
        return {
            "notebook": self.notebook,
            "answer": self._answer,
            "parameters": stated(type(self.parameters), self.parameters.model_dump()),
            "numbers": [number.content() for number in self._numbers.values()],
            "assumptions": list(self._assumptions),
            "sources": sorted(self._cited | {record.source for record in used}),
            "records": [_content(record) for record in used],
            "versions": provenance.versions(),
            "data": self._used.tables(),
        }


def _refuse_misspelt(
    notebook: str, namespace: Mapping[str, Any], declared: Mapping[str, Any]
) -> None:
    """Plain papermill runs on with a misspelt parameter; this does not."""
    for name, value in namespace.items():
        if name in declared or name.startswith("_") or name in ("In", "Out"):
            continue
        if not isinstance(value, int | float | str | list | dict):
            continue
        close = [word for word in near(name, declared, 1) if _alike(name, word)]
        if close:
            raise ParameterError(
                f"{notebook}: {name!r}: no such parameter; did you mean {close[0]}? "
                f"All: {', '.join(declared)}"
            )


def _alike(name: str, word: str) -> bool:
    """Whether `name` is `word` with a slip of the keyboard in it."""
    slip = 0.85  # one or two letters in ten
    return SequenceMatcher(None, name, word).ratio() >= slip


def _compact(value: Any) -> str:
    if isinstance(value, dict) and "title" in value:
        return str(value["title"])
    if isinstance(value, list):
        stages = all(isinstance(one, dict) and "title" not in one for one in value)
        return f"{len(value)} stages" if stages else "; ".join(map(_compact, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


_BASE = ("id", "source", "locator", "checked")


def _content(record: Record) -> dict[str, Any]:
    """A record as plain data."""
    return {
        field.name: _plain(getattr(record, field.name))
        for field in fields(record)
        if field.name in _BASE or _plain(getattr(record, field.name)) is not None
    }


def _plain(value: Any) -> Any:
    """A field that JSON can hold, else None: a record's nested parts are records themselves."""
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return None


def _show(html: str, text: str) -> None:
    _display({"text/html": html, "text/plain": text}, {"repdose": {"own": True}})


def _display(data: dict[str, Any], metadata: dict[str, Any]) -> None:
    """Hand a bundle to the notebook; outside of one there is nobody to show it to."""
    import base64

    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        return
    bundle = {
        kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
    display(bundle, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
