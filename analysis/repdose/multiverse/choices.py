"""Choices, and the options that can be defended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from repdose.arguments import choice

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "convention": "a rule of counting, with no true value",
        "assumption": "stands in for what was not measured",
        "estimate": "published results or methods that differ",
        "question": "what is asked about, and no doubt about the answer",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One defensible way to make a choice.

    Parameters
    ----------
    name : str
        As it is printed.
    value : object
        What the function is called with.
    reason : str
        Why it is defensible.
    source : str
        Bibliography key.
    """

    name: str
    value: Any
    reason: str
    source: str

    def __post_init__(self) -> None:
        for what in ("name", "reason", "source"):
            if not str(getattr(self, what)).strip():
                raise ValueError(
                    f"option {self.name!r}: {what} is empty; an option needs a name, a reason "
                    "and a source"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice with two options or more, one of them the default.

    Parameters
    ----------
    name : str
        Argument of the function.
    options : sequence of Option
        In the order in which they are printed.
    default : str
        Name of the default option.
    kind : {"convention", "assumption", "estimate", "question"}
        What kind of choice it is.
    label : str
        As it is printed; by default the name with spaces.

    Raises
    ------
    ValueError
        If there is one option of what is no question, two have the same name, or the default is
        none of them.
    """

    name: str
    options: Sequence[Option]
    default: str
    kind: str
    label: str = ""

    def __post_init__(self) -> None:
        choice(f"kind of choice {self.name!r}", self.kind, KINDS)
        object.__setattr__(self, "options", tuple(self.options))
        object.__setattr__(self, "label", self.label or self.name.replace("_", " "))
        names = [option.name for option in self.options]
        # A question may have one answer here: a plan that loads one muscle
        if len(names) < (1 if self.kind == "question" else 2):
            raise ValueError(
                f"choice {self.name!r} has {len(names)} option{'s' * (len(names) != 1)}; a choice "
                "needs two: add another, or give the value to the function as it is"
            )
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"choice {self.name!r} has two options of the same name: {', '.join(twice)}; "
                "name them apart"
            )
        choice(f"default of choice {self.name!r}", self.default, names)

    @property
    def names(self) -> list[str]:
        """Names of the options, in order."""
        return [option.name for option in self.options]

    @property
    def numeric(self) -> bool:
        """Whether every option is a number, so that the function can take all of them at once."""
        return all(
            isinstance(option.value, int | float) and not isinstance(option.value, bool)
            for option in self.options
        )
