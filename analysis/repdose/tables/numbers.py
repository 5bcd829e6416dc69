"""A reported number: value, range, what the range is, and how it reads."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from repdose.storing import stored
from repdose.tables.words import printed

RangeKind = Literal["assumption", "confidence", "credible", "prediction", "simulation", "none"]
RANGE_KINDS: tuple[str, ...] = get_args(RangeKind)

# Under which a notebook hands its results to whoever runs it
RESULTS_MIME = "application/vnd.repdose.results+json"

# What a reader is told that a range is; an assumption's range is no confidence interval.
MEANING: dict[str, str] = {
    "assumption": "range over the stated assumptions",
    "confidence": "confidence interval",
    "credible": "credible interval",
    "prediction": "prediction interval",
    "simulation": "range of simulated values",
    "none": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number that a report states, as ``results.json`` carries it."""

    id: str
    label: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    kind: str = "none"
    headline: bool = False
    digits: int = 0
    note: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.id):
            raise ValueError(
                f"number id {self.id!r}: lower-case letters, digits and underscores only"
            )
        if not self.label.strip():
            raise ValueError(f"number {self.id}: a label is required")
        if self.kind not in RANGE_KINDS:
            raise ValueError(
                f"number {self.id}: kind must be one of {', '.join(RANGE_KINDS)}; got {self.kind!r}"
            )
        if (self.low is None) != (self.high is None):
            raise ValueError(f"number {self.id}: give both low and high, or neither")
        if (self.low is None) != (self.kind == "none"):
            raise ValueError(
                f"number {self.id}: a range needs a kind that says what it is, and a kind a "
                f"range; got low={self.low}, high={self.high}, kind={self.kind!r}"
            )
        for name in ("value", "low", "high"):
            part = getattr(self, name)
            if part is not None and not math.isfinite(part):
                raise ValueError(f"number {self.id}: {name} is {part}; it must be finite")
            if part is not None:
                object.__setattr__(self, name, stored(part))
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"number {self.id}: low {self.low:g} is above high {self.high:g}")

    @property
    def text(self) -> str:
        """The number as it is printed, as in ``188 (139 to 396) kcal/week``."""
        return written(self.value, self.low, self.high, self.unit, self.digits)

    @property
    def meaning(self) -> str:
        """What the range is. Without width none is printed, and this says why; empty without one.

        Examples
        --------
        >>> sets = {"id": "sets", "label": "Sets", "value": 9.0, "unit": "sets"}
        >>> Number(**sets, low=9.0, high=9.0, kind="confidence").meaning
        'the same at both ends of the confidence interval'
        """
        what = MEANING[self.kind]
        return f"the same at both ends of the {what}" if what and self.low == self.high else what

    def content(self) -> dict[str, Any]:
        """The number as plain data."""
        return {
            "id": self.id,
            "label": self.label,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "kind": self.kind,
            "headline": self.headline,
            "digits": self.digits,
            "note": self.note,
            "text": self.text,
        }


def rounded(value: float, digits: int) -> str:
    """`value` with `digits` decimals, thousands grouped, a true minus sign and no -0."""
    return printed(value, digits)


def written(value: float, low: float | None, high: float | None, unit: str, digits: int) -> str:
    """Value, range and unit as printed.

    Examples
    --------
    >>> written(188.2, 139.4, 395.7, "kcal/week", 0)
    '188 (139 to 396) kcal/week'
    """
    text = rounded(value, digits)
    if low is not None and high is not None and low != high:
        text += f" ({rounded(low, digits)} to {rounded(high, digits)})"
    return f"{text} {unit}".rstrip()


def headline(results: Mapping[str, Any]) -> list[dict[str, str]]:
    """Headline numbers of a report as text, for cards and for the index."""
    shown = []
    for number in results["numbers"]:
        if not number["headline"]:
            continue
        digits = number["digits"]
        low, high, what = number["low"], number["high"], MEANING[number["kind"]]
        within = "" if low is None else f"{rounded(low, digits)} to {rounded(high, digits)}, {what}"
        if low is not None and rounded(low, digits) == rounded(high, digits):
            within = f"{rounded(low, digits)} at both ends of the {what}"
        shown.append(
            {
                "label": number["label"],
                "main": rounded(number["value"], digits),
                "unit": number["unit"],
                "range": within,
                "text": number["text"],
                "kind": what,
            }
        )
    return shown
