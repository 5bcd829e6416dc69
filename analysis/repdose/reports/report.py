"""What a notebook calls to state its numbers, tables, figures and sources."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Any

from repdose import evidence as ev
from repdose.evidence.errors import near
from repdose.evidence.packs import in_force
from repdose.inputs import cells
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import model_of, of_kind
from repdose.inputs.progressions import compared, plan
from repdose.inputs.stated import stated
from repdose.inputs.validation import checked
from repdose.plots import style
from repdose.reports import displays, figure_files, provenance
from repdose.reports.pages import citations, fragments
from repdose.reports.running import running
from repdose.reports.statements import Cell, Statements
from repdose.tables.numbers import Number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from repdose.plans import Plan
    from repdose.plots.sheet import Sheet


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

    In a live notebook any cell can be run again: what it states takes the place of what it stated
    before. After a parameter has changed, statements are refused until the cells that they rest
    on were run again; the refusal names the cell.

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
        self.notebook, self._namespace = notebook, namespace
        self._declared = declared.model_fields
        self._given, self._files = copy.deepcopy(self._stand()), _files(self._stand())
        with ev.ledger() as checking:
            self.parameters: Any = checked(declared, notebook, self._given)
        # Closed by provenance(), or by the next report of the same kernel
        Report._reading.close()
        Report._reading = self._stack = ExitStack()
        self._used = self._stack.enter_context(ev.ledger())
        self._used.add_tables(checking.tables())
        self._ran = running()
        self._opened = self._ran.line
        self._statements = self._taken_over() or Statements(self._ran)
        self._watch()
        style.use_style()

    def _stand(self) -> dict[str, Any]:
        """Parameters as the notebook has them now."""
        names, space = self._declared, self._namespace
        return {name: space[name] for name in names if name in space}

    def _taken_over(self) -> Statements | None:
        """What the report stated that this one opens again, if there is one."""
        others = [one for one in self._namespace.values() if isinstance(one, Report)]
        before = next((one for one in others if one.notebook == self.notebook), None)
        if before is None:
            return None
        changed = _changed(before._given, self._given, before._files, self._files)
        before._statements.opened_again(self._ran, changed)
        if not changed:
            self._used.add_all(before._used)
        return before._statements

    def _watch(self) -> None:
        """Hear of each cell that begins to run, also of those that state nothing."""
        from IPython.core.getipython import get_ipython

        shell = get_ipython()
        if shell is None:
            return

        def begins(_: Any) -> None:
            self._ran = running()
            self._statements.begin(self._ran)

        shell.events.register("pre_run_cell", begins)
        self._stack.callback(shell.events.unregister, "pre_run_cell", begins)

    def _cell(self) -> Cell:
        """The cell that states something, refused where it would state what no longer holds."""
        self._ran = running(self._ran)
        stand = self._stand()
        changed = _changed(self._given, stand, self._files, _files(stand))
        if changed:
            raise ParameterError(
                f"{changed} since the report was opened: run the cell that opens it again, "
                f"“{self._opened}”, then those below it"
            )
        return self._statements.at(self._ran)

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
        return self.numbers([number])[id]

    def numbers(self, stated: Iterable[Number]) -> dict[str, str]:
        """Register reported numbers and return how each reads, by its id."""
        cell, texts = self._cell(), {}
        for number in stated:
            self._statements.own(cell, "number", number.id, self._ran.run)
            cell.numbers[number.id] = number
            texts[number.id] = number.text
        return texts

    def assume(self, text: str) -> None:
        """State an assumption: listed in the report and in ``results.json``."""
        self._cell().assumptions[text] = None
        self.cite(*citations.keys(text))

    def cite(self, *keys: str) -> None:
        """Add bibliography keys to the sources."""
        self._cell().cited.update(citations.known(keys))

    def answer(self, text: str) -> None:
        """Say the answer of the report, in one block at its head; ``[@key]`` cites.

        In a notebook editor the headline numbers stated so far stand above it.
        """
        self._cell().answer = text
        displays.cards(self._statements.numbers)
        self._say(text, "answer")

    def say(self, text: str) -> None:
        """Say a paragraph; everything in it is escaped, ``[@key]`` cites."""
        self._say(text, "said")

    def _say(self, text: str, css: str) -> None:
        self.cite(*citations.keys(text))
        displays.paragraph(text, css)

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
        displays.table(frame, caption=caption, digits=digits, name=name)

    def figure(self, fig: Figure | Sheet, *, name: str, alt: str, caption: str) -> None:
        """Show a figure, and close it.

        Parameters
        ----------
        fig : Figure or Sheet
            The figure, of matplotlib or of this package.
        name : str
            File name without extension; the figure is also written as SVG.
        alt : str
            What the figure shows, for whoever cannot see it: a sentence with its numbers.
        caption : str
            Text below the figure; ``[@key]`` cites.
        """
        from repdose.plots.sheet import Sheet

        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise ValueError(f"figure name {name!r}: lower-case letters, digits, underscores")
        if not alt.strip():
            raise ValueError(f"figure {name}: alt text is required")
        self._own_name("figure", name)
        self.cite(*citations.keys(caption))
        alt = fragments.signed(alt)
        displays.figure(figure_files.written(fig), name=name, alt=alt, caption=caption)
        if not isinstance(fig, Sheet):  # pyplot may have made it
            import matplotlib.pyplot as plt

            plt.close(fig)

    def _own_name(self, what: str, name: str) -> None:
        cell = self._cell()
        if name:
            self._statements.own(cell, what, name, self._ran.run)

    def sources(self) -> None:
        """Show the references, and the records that were read for this report."""
        self._cell()
        self._statements.complete()
        used = self._used.records()
        keys = self._statements.cited | {record.source for record in used} | self._cited_in_prose()
        displays.sources(sorted(keys), used)

    def _cited_in_prose(self) -> set[str]:
        """What a shipped notebook's Markdown cites, so that its links have where to lead."""
        if self.notebook not in cells.names():
            return set()
        found = cells.read_cells(cells.notebooks_folder() / f"{self.notebook}.ipynb")
        prose = ["".join(cell["source"]) for cell in found if cell["cell_type"] == "markdown"]
        return {key for text in prose for key in citations.keys(text)}

    def provenance(self) -> None:
        """Show what the report was made with, and hand its results to the runner."""
        self._cell()
        results = self.results()
        displays.provenance(results, self._declared, self._statements.numbers)
        if not self._ran.key:  # in a notebook cells may be run again, and read again
            self._stack.close()

    def results(self) -> dict[str, Any]:
        """What the report states, as plain data: the content of ``results.json``."""
        self._statements.complete()
        used = self._used.records()
        return {
            "notebook": self.notebook,
            "answer": self._statements.answer,
            "parameters": stated(type(self.parameters), self.parameters.model_dump()),
            "numbers": [number.content() for number in self._statements.numbers],
            "assumptions": self._statements.assumptions,
            "sources": sorted(self._statements.cited | {record.source for record in used}),
            "records": [displays.content(record) for record in used],
            "versions": provenance.versions(),
            "data": self._used.tables(),
            "packs": [pack.stated() for pack in in_force()],
        }


def _files(given: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """When the files that parameters name were written, and how long they are."""
    paths = {name: value for name, value in given.items() if isinstance(value, str) and value}
    found = {name: os.stat(path) for name, path in paths.items() if os.path.isfile(path)}
    return {name: (one.st_mtime_ns, one.st_size) for name, one in found.items()}


def _changed(
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    files_before: Mapping[str, Any],
    files_now: Mapping[str, Any],
) -> str:
    """What has changed from one set of parameters to another, in words; empty if nothing."""
    said = []
    for name, value in now.items():
        if name not in before or not _same(before[name], value):
            short = repr(value)
            said.append(f"{name} has become {short}" if len(short) <= 40 else f"{name} has changed")
        elif files_before.get(name) != files_now.get(name):
            said.append(f"the file of {name}, {os.path.basename(value)}, was written")
    said += [f"{name} is gone" for name in before if name not in now]
    return " and ".join(said)


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except ValueError:  # an array, which is none of the kinds that a parameter has
        return False


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
