"""Every combination of choices, and what each choice does to the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from repdose.arguments import Range, checked, choice
from repdose.multiverse.choices import Choice

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
LIMIT = 10**7  # rows of a table that a laptop's memory holds with room to spare
FINITE = Range(-1e12, 1e12, "")  # only infinities and NaN are kept out
SAME = 1e-9  # relative; outcomes closer than this differ by rounding alone


@dataclass(frozen=True, kw_only=True, eq=False)
class Multiverse:
    """The outcome under every combination of options.

    Parameters
    ----------
    outcome, unit : str
        What was computed, and its unit.
    choices : tuple of Choice
        One axis of `values` each.
    values : ndarray
        Outcome by option of the first choice, of the second, and so on [`unit`].

    Notes
    -----
    Steegen and others call it a multiverse, Simonsohn and others draw its specification
    curve. Its range is that of the declared assumptions: no confidence interval, and no
    statement that every combination is as likely as any other.

    References
    ----------
    :cite:`steegen2016`, :cite:`simonsohn2020`
    """

    outcome: str
    unit: str
    choices: tuple[Choice, ...]
    values: Array = field(repr=False)

    @property
    def count(self) -> int:
        """Number of specifications."""
        return int(self.values.size)

    @property
    def _defaults(self) -> tuple[int, ...]:
        return tuple(one.names.index(one.default) for one in self.choices)

    @property
    def default(self) -> float:
        """Outcome of the default specification [`unit`]."""
        return float(self.values[self._defaults])

    @property
    def range(self) -> tuple[float, float]:
        """Least and largest outcome: the range of the assumptions [`unit`]."""
        return float(self.values.min()), float(self.values.max())

    @cached_property
    def specifications(self) -> pd.DataFrame:
        """One row a specification: an option of each choice, `outcome`, and `default`."""
        import pandas as pd

        shape = self.values.shape
        table = {}
        for axis, one in enumerate(self.choices):
            # the smallest integers that do: ten million rows of int64 would not fit
            codes = np.arange(len(one.options), dtype=np.min_scalar_type(-len(one.options)))
            along = codes.reshape([-1 if i == axis else 1 for i in range(len(shape))])
            table[one.name] = pd.Categorical.from_codes(
                np.broadcast_to(along, shape).ravel(), categories=pd.Index(one.names)
            )
        marked = np.zeros(shape, dtype=bool)
        marked[self._defaults] = True
        return pd.DataFrame({**table, "outcome": self.values.ravel(), "default": marked.ravel()})

    @property
    def extremes(self) -> pd.DataFrame:
        """A specification with the least outcome and one with the largest, in this order."""
        import pandas as pd

        rows = []
        for flat in (self.values.argmin(), self.values.argmax()):
            place = np.unravel_index(flat, self.values.shape)
            rows.append(
                {
                    **{
                        one.name: one.names[int(at)]
                        for one, at in zip(self.choices, place, strict=True)
                    },
                    "outcome": float(self.values[place]),
                }
            )
        return pd.DataFrame(rows, index=pd.Index(["least", "largest"], name="extreme"))

    def share(self, threshold: float) -> float:
        """Share of the specifications that reach `threshold` [`unit`], 0 to 1.

        Raises
        ------
        ValueError
            If `threshold` is not finite.
        """
        least = checked("threshold", threshold, FINITE)
        return float((self.values >= least).mean())

    @cached_property
    def swing(self) -> pd.DataFrame:
        """What each choice does when made otherwise, all others at their default.

        Returns
        -------
        DataFrame
            By choice, largest swing first: label, kind, low, low_option, high, high_option,
            swing (high - low) [`unit`].
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for axis, one in enumerate(self.choices):
            place: list[Any] = list(self._defaults)
            place[axis] = slice(None)
            line = self.values[tuple(place)]
            low, high = int(line.argmin()), int(line.argmax())
            if line[high] - line[low] <= SAME * abs(line[high]):  # rounding names no option
                low = high = self._defaults[axis]
            rows.append(
                {
                    "choice": one.name,
                    "label": one.label,
                    "kind": one.kind,
                    "low": float(line[low]),
                    "low_option": one.names[low],
                    "high": float(line[high]),
                    "high_option": one.names[high],
                    "swing": float(line[high] - line[low]),
                }
            )
        rows.sort(key=lambda row: row["swing"], reverse=True)
        names = pd.Index([row.pop("choice") for row in rows], name="choice")
        return pd.DataFrame(rows, index=names)

    @property
    def most(self) -> str:
        """Label of the choice that moves the default answer most, questions left aside.

        Several labels, as in ``"Stand-in exercise and Edition, alike"``, where choices move it
        as far, and ``"none"`` where no choice does.
        """
        columns = (self.swing[name] for name in ("label", "kind", "swing"))
        doubts = [
            (label, by) for label, kind, by in zip(*columns, strict=True) if kind != "question"
        ]
        largest = max((by for _, by in doubts), default=0)
        if largest == 0:
            return "none"
        level = [str(label) for label, by in doubts if by >= largest * (1 - SAME)]
        return level[0] if len(level) == 1 else f"{', '.join(level[:-1])} and {level[-1]}, alike"

    def by(self, name: str) -> pd.DataFrame:
        """Range of the outcome within each option of one choice.

        Parameters
        ----------
        name : str
            Name of the choice.

        Returns
        -------
        DataFrame
            By option: low, default (all other choices at theirs), high [`unit`].

        Raises
        ------
        ValueError
            If there is no such choice.
        """
        import pandas as pd

        names = [one.name for one in self.choices]
        axis = names.index(choice("name", name, names))
        others = tuple(i for i in range(len(names)) if i != axis)
        place: list[Any] = list(self._defaults)
        place[axis] = slice(None)
        return pd.DataFrame(
            {
                "low": self.values.min(axis=others),
                "default": self.values[tuple(place)],
                "high": self.values.max(axis=others),
            },
            index=pd.Index(self.choices[axis].names, name=name),
        )

    def count_of(self, name: str, option: str) -> int:
        """Number of specifications that have an option of a choice."""
        chosen = next(one for one in self.choices if one.name == name)
        choice("option", option, chosen.names)
        return self.count // len(chosen.options)

    def summary(self, *, digits: int = 0) -> str:
        """Plain words: the range first, then the default, then what moves it most."""
        low, high = (f"{value:.{digits}f}" for value in self.range)
        unit = f" {self.unit}" if self.unit else ""
        most = (
            "no single choice moves the default"
            if self.most == "none"
            else f"what moves the default most: {self.most}"
        )
        return (
            f"{self.outcome}: {low} to {high}{unit} over {self.count} combinations of "
            f"{len(self.choices)} choices, {self.default:.{digits}f}{unit} with the defaults; "
            f"{most}. The range is that of the assumptions, no confidence interval."
        )


def evaluate(
    function: Callable[..., Any],
    choices: Sequence[Choice],
    *,
    outcome: str,
    unit: str,
) -> Multiverse:
    """The outcome of every combination of options, each once.

    Parameters
    ----------
    function : callable
        Called by keyword, one argument a choice. Choices whose options are all numbers come
        together as arrays of one shape; the function is called once for each combination of
        the others.
    choices : sequence of Choice
        What can be chosen.
    outcome, unit : str
        What the function returns, and its unit.

    Returns
    -------
    Multiverse

    Raises
    ------
    ValueError
        If there is no choice, two have one name, there are more than 10^7 combinations, or
        an outcome is not one finite number.

    References
    ----------
    :cite:`steegen2016`, :cite:`simonsohn2020`

    Examples
    --------
    >>> from repdose import energy
    >>> from repdose.multiverse.choices import Option
    >>> rows = [Option(name=f"{m} MET", value=m, reason="example", source="ainsworth2011")
    ...         for m in (2.8, 8.0)]
    >>> rules = [Option(name=c, value=c, reason="example", source="ainsworth2011")
    ...          for c in ("oxygen", "compendium")]
    >>> universe = evaluate(
    ...     lambda met, convention: energy.gross_energy_kcal(met, 80, 10, convention),
    ...     [Choice(name="met", options=rows, default="2.8 MET", kind="assumption"),
    ...      Choice(name="convention", options=rules, default="oxygen", kind="convention")],
    ...     outcome="Energy", unit="kcal")
    >>> universe.count, round(universe.default, 1), universe.most
    (4, 39.2, 'met')
    """
    declared = tuple(choices)
    _check_choices(declared)
    shape = tuple(len(one.options) for one in declared)
    # Axes of words first, then the numbers as one block, then back into the given order
    words = [axis for axis, one in enumerate(declared) if not one.numeric]
    numbers = [axis for axis, one in enumerate(declared) if one.numeric]
    block = tuple(shape[axis] for axis in numbers)
    grid = np.meshgrid(
        *[[float(option.value) for option in declared[axis].options] for axis in numbers],
        indexing="ij",
    )
    arrays = {declared[axis].name: one.ravel() for axis, one in zip(numbers, grid, strict=True)}
    values = np.empty((*(shape[axis] for axis in words), *block))
    for place in product(*(range(shape[axis]) for axis in words)):
        given = {
            declared[axis].name: declared[axis].options[at].value
            for axis, at in zip(words, place, strict=True)
        }
        try:
            got = np.asarray(function(**given, **arrays), dtype=np.float64)
        except ValueError as error:
            error.add_note(f"The specification was: {_named(declared, words, place)}")
            raise
        expected = (prod(block),) if numbers else ()
        if got.shape != expected or not np.isfinite(got).all():
            raise ValueError(
                f"{outcome}: the function must return finite numbers of shape {expected}; got "
                f"shape {got.shape}{'' if np.isfinite(got).all() else ' with NaN or infinity'} at "
                f"{_named(declared, words, place)}"
            )
        values[place] = got.reshape(block)
    order = np.argsort([*words, *numbers])
    return Multiverse(outcome=outcome, unit=unit, choices=declared, values=values.transpose(order))


def _named(choices: Sequence[Choice], axes: Sequence[int], place: Sequence[int]) -> str:
    """Options of some choices in words, for a message."""
    pairs = zip(axes, place, strict=True)
    named = [f"{choices[axis].label} {choices[axis].names[at]}" for axis, at in pairs]
    return ", ".join(named) or "all"


def _check_choices(choices: tuple[Choice, ...]) -> None:
    if not choices:
        raise ValueError("choices is empty; a multiverse needs one choice or more")
    names = [one.name for one in choices]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"choices has two of the same name: {', '.join(twice)}")
    count = prod(len(one.options) for one in choices)
    if count <= LIMIT:
        return
    left, drop = count, []
    for one in sorted(choices, key=lambda one: len(one.options), reverse=True):
        if left <= LIMIT:
            break
        drop.append(f"{one.name} ({len(one.options)} options)")
        left //= len(one.options)
    raise ValueError(
        f"choices make {count:,} combinations, and {LIMIT:,} are allowed; drop or thin out "
        f"{', '.join(drop)}, which leaves {left:,}"
    )
