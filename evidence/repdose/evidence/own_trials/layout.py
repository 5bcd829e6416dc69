"""The layout of a reader's own table of trials: its columns, their meaning, an example."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from typing import Any

from repdose.evidence.tables import DATA, resource

# Columns whose product the weekly sets are, where they are not given themselves
FACTORS = ("freq", "sets_per_exercise", "exercises")
# Times, and the difference, that an SD is the spread of
TIMES = ("pre", "post", "change")


def spreads(time: str) -> tuple[tuple[str, ...], ...]:
    """Columns that give the SD of one time or of the change, each set of them alone."""
    of_change = (("t_change",),) if time == "change" else ()
    return ((f"sd_{time}",), (f"se_{time}",), (f"ci_low_{time}", f"ci_high_{time}"), *of_change)


@cache
def _declared() -> dict[str, Any]:
    """The layout's own file: its columns, and an invented example."""
    declared: dict[str, Any] = json.loads((DATA / "own_trials.json").read_text("utf-8"))
    return declared


@cache
def fields() -> tuple[dict[str, Any], ...]:
    """Field descriptors of the layout, in order; what is not said is as in volume_arms."""
    shipped = {item["name"]: item for item in resource("volume_arms")["schema"]["fields"]}
    described = []
    for own in _declared()["fields"]:
        base = shipped.get(own["name"], {})
        limits = {**base.get("constraints", {}), "required": False, **own.get("constraints", {})}
        described.append({**base, **own, "constraints": limits})
    return tuple(described)


def template() -> str:
    """A table to start from: six invented studies of two arms, one effect an arm, as CSV.

    Examples
    --------
    >>> template().splitlines()[0]
    'es_id,study,arm,n,domain,weekly_sets,mean_pre,sd_pre,mean_post,sd_post,control_arm'
    """
    example = _declared()["example"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(example["columns"])
    for row in example["rows"]:
        writer.writerow([str(cell).lower() if cell is False else cell for cell in row])
    return text.getvalue()
