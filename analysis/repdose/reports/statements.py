"""What a notebook has stated, cell by cell: a cell that runs again states anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from repdose.inputs.cells import ParameterError
from repdose.reports.running import Running
from repdose.tables.numbers import Number


@dataclass
class Cell:
    """What the last run of one cell has stated.

    Parameters
    ----------
    ran : Running
        That run.
    numbers : dict of str to Number
        By id.
    assumptions : dict of str to None
        In order.
    cited : set of str
        Bibliography keys.
    answer : str
        Answer of the report, if it was given here.
    names : dict of str to str
        Numbers, tables and figures by name, and the run that stated each.
    outdated : str
        What has changed since it was run; empty where nothing has.
    awaited : bool
        Whether it had stated something before that.
    kept : bool
        Whether the report was opened again since, so that another cell may take over its names.
    """

    ran: Running
    numbers: dict[str, Number] = field(default_factory=dict)
    assumptions: dict[str, None] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)
    answer: str = ""
    names: dict[str, str] = field(default_factory=dict)
    outdated: str = ""
    awaited: bool = False
    kept: bool = False

    @property
    def stated(self) -> bool:
        """Whether it has stated anything."""
        return bool(self.names or self.assumptions or self.cited or self.answer or self.awaited)


class Statements:
    """The cells of one notebook in the order in which they first ran, with what each stated."""

    def __init__(self, opens: Running) -> None:
        self._cells: dict[str, Cell] = {}
        self._givers: dict[str, str] = {}  # which cell gave each name last
        self._now = Cell(opens)
        self.begin(opens)

    def begin(self, ran: Running) -> None:
        """A cell begins to run: what it stated before is forgotten."""
        for key in ran.deleted:
            self._cells.pop(key, None)
        before, self._now = self._cells.get(ran.key), Cell(ran)
        name, by = self._outdated(ran)
        if name:
            self._now.outdated = by.outdated
        # Where it is refused before it can state anything, too
        self._now.awaited = before is not None and before.stated
        self._cells[ran.key] = self._now  # a key that was there keeps its place
        self._givers |= dict.fromkeys(ran.gives, ran.key)

    def at(self, ran: Running) -> Cell:
        """The cell that states something, unless it rests on what has changed since.

        Raises
        ------
        ParameterError
            If it uses names of a cell that was not run since a parameter changed.
        """
        if ran.key != self._now.ran.key or ran.key not in self._cells:
            self.begin(ran)
        name, by = self._outdated(ran)
        if name:
            raise ParameterError(
                f"{by.outdated} since the cell that begins “{by.ran.line}” was run, and this cell "
                f"takes {name!r} from it: run that cell, then this one again"
            )
        return self._now

    def own(self, cell: Cell, what: str, name: str, run: str) -> None:
        """Enter a name as stated by a cell.

        Raises
        ------
        ValueError
            If another cell states it, or this run of the cell already has.
        """
        full, again = f"{what} {name}", "reported" if what == "number" else "shown"
        for other in self._cells.values():
            if other is cell or full not in other.names:
                continue
            if not other.kept:
                raise ValueError(
                    f"{what} {name!r} is {again} twice, here and in the cell that begins "
                    f"“{other.ran.line}”; each needs {_NEEDS[what]} of its own (if that cell is "
                    "gone or was changed, run the cell that opens the report, then this one)"
                )
            del other.names[full]
            other.numbers.pop(name if what == "number" else "", None)
        if cell.names.get(full) == run:
            raise ValueError(
                f"{what} {name!r} is {again} twice; each needs {_NEEDS[what]} of its own"
            )
        cell.names[full] = run

    def opened_again(self, ran: Running, changed: str) -> None:
        """The report is opened again: what was stated stands, unless something has `changed`."""
        if self._now.ran != ran:
            self.begin(ran)
        for key, cell in self._cells.items():
            if changed:
                cell = Cell(cell.ran, outdated=changed, awaited=cell.stated)
                self._cells[key] = cell
            else:
                cell.awaited = False
            cell.kept = True
        self._now = self._cells[ran.key] = Cell(ran)

    def complete(self) -> None:
        """Refuse to sum up while a cell that stated something waits to be run.

        Raises
        ------
        ParameterError
            If there is one.
        """
        waiting = [cell for cell in self._cells.values() if cell.outdated and cell.awaited]
        if waiting:
            first, more = waiting[0], len(waiting) - 1
            others = f" and {more} more" if more else ""
            raise ParameterError(
                f"{first.outdated} since the cell that begins “{first.ran.line}”{others} was run: "
                "run what lies between the parameters and this cell again"
            )

    def _outdated(self, ran: Running) -> tuple[str, Cell]:
        """A name that a cell takes from one that was not run since something changed."""
        for name in sorted(ran.takes):
            giver = self._cells.get(self._givers.get(name, ran.key))
            if giver is not None and giver.ran.key != ran.key and giver.outdated:
                return name, giver
        return "", self._now

    # -- everything that was stated, in order -----------------------------------------------------

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._cells.values())

    @property
    def numbers(self) -> list[Number]:
        """Numbers in order."""
        return [number for cell in self for number in cell.numbers.values()]

    @property
    def assumptions(self) -> list[str]:
        """Assumptions in order, once each."""
        return list(dict.fromkeys(text for cell in self for text in cell.assumptions))

    @property
    def cited(self) -> set[str]:
        """Bibliography keys."""
        return {key for cell in self for key in cell.cited}

    @property
    def answer(self) -> str:
        """The answer given last in the notebook; empty without one."""
        return next((cell.answer for cell in reversed(list(self)) if cell.answer), "")


_NEEDS = {"number": "an id", "table": "a name", "figure": "a name"}
