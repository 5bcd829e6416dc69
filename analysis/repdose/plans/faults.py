"""What is wrong with a plan, each fault by its place, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from repdose.arguments import Range

MAX_FAULTS = 20  # more than a reader takes in at once


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the keys that lead to it, its place in words, and what is wrong."""

    words: str
    keys: tuple[str | int, ...] = ()
    place: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words

    def within(self, place: str, *keys: str | int) -> Fault:
        """The same fault as seen from what holds the part it is in."""
        whole_place = f"{place}, {self.place}" if self.place else place
        return Fault(self.words, (*keys, *self.keys), whole_place)


class PlanError(ValueError):
    """A plan that cannot be carried out as written; `faults` has all that is wrong with it."""

    def __init__(self, faults: str | Iterable[Fault]) -> None:
        self.faults = (Fault(faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__(self.told(str))

    def told(self, words: Callable[[Fault], str]) -> str:
        """Every fault on a line of its own, in the words of `words`; many are cut short."""
        lines = [words(fault) for fault in self.faults[:MAX_FAULTS]]
        if len(self.faults) > MAX_FAULTS:
            lines.append(f"and {len(self.faults) - MAX_FAULTS} more")
        return "\n".join(lines)


class Faults(list[Fault]):
    """Faults as they are found."""

    def add(self, words: str, *keys: str | int) -> None:
        self.append(Fault(words, keys))

    def check(self, key: str, function: Callable[..., object], *given: Any) -> None:
        """Note what a check of one field refuses; records that are not there are refused too."""
        try:
            function(*given)
        except (ValueError, TypeError) as error:
            self.add(str(error), key)

    def check_all(
        self, given: Mapping[str, Any], checks: Mapping[str, tuple[Callable[..., object], Range]]
    ) -> None:
        """Check each field that is given and not None."""
        for name, (function, allowed) in checks.items():
            if given.get(name) is not None:
                self.check(name, function, name, given[name], allowed)

    def refuse(self) -> None:
        """Raise them, if there are any."""
        if self:
            raise PlanError(self)


def known_fields(what: str, given: Mapping[str, Any], kind: type, *others: str) -> Faults:
    """Fields of `given` that `kind` does not have, and those it lacks; `others` are allowed."""
    found = Faults()
    names = [field.name for field in fields(kind)]
    for name in given:
        if name not in names and name not in others:
            found.add(f"{what} has no field {name!r}; its fields are {', '.join(names)}", name)
    for field in fields(kind):
        if (
            field.default is MISSING
            and field.default_factory is MISSING
            and field.name not in given
        ):
            found.add(f"{what} field {field.name!r} is missing")
    return found
