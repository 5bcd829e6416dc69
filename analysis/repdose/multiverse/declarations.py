"""Choices as the evidence declares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repdose.arguments import choice
from repdose.evidence.choices import declared_options
from repdose.multiverse.choices import Choice, Option


def declared(
    name: str,
    *,
    default: str,
    without: tuple[str, ...] = (),
    values: Mapping[str, Any] | None = None,
) -> Choice:
    """A choice with its declared options, reasons and sources.

    Parameters
    ----------
    name : str
        As in :func:`repdose.evidence.choices.declared_options`.
    default : str
        The default option.
    without : tuple of str
        Options that cannot be had here (a prediction without the person).
    values : mapping of option to object, optional
        What the function gets for an option; by default the number it stands for, or else
        its own name.

    Raises
    ------
    UnknownRecordError
        If the choice is not declared.
    ValueError
        If the default is none of its options.

    Examples
    --------
    >>> declared("convention", default="oxygen").names
    ['3.5 mL/kg/min at 5 kcal/L', '1 kcal/kg/h']
    """
    rows = {option: row for option, row in declared_options(name).items() if option not in without}
    first = rows[choice(name, default, rows)]
    given = values or {}
    return Choice(
        name=name,
        options=[
            Option(
                name=row.name,
                value=given.get(option, option if row.value is None else row.value),
                reason=row.reason,
                source=row.source,
            )
            for option, row in rows.items()
        ],
        default=first.name,
        kind=first.kind,
        label=first.label,
    )


def declared_number(name: str, value: float) -> str:
    """The declared option of a choice that stands for a number, or a ValueError that lists them.

    Examples
    --------
    >>> declared_number("indirect_weight", 0.5)
    'fractional'
    """
    options = {f"{row.value:g}": option for option, row in declared_options(name).items()}
    return options[choice(name, f"{value:g}", options)]
