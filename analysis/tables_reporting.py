"""Tables of the exercise reporting template: what a plan says to it, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis import reporting
from analysis.plans import Plan
from analysis.words import listed
from evidence import bibliography


def cert_overview(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Every item of the exercise reporting template, and which plans say something to it."""
    found = {letter: reporting.cert(plan) for letter, plan in plans.items()}
    first = next(iter(found.values()))
    rows = []
    for place, item in enumerate(first["item"]):
        mine = {letter: frame.iloc[place] for letter, frame in found.items()}
        states: dict[str, list[str]] = {}
        for letter, row in mine.items():
            source = row["filled_from"]
            part = " in part" if row["status"] == "in part" else ""
            states.setdefault(
                f"filled{part} from {source}" if source else row["status"], []
            ).append(letter)
        rows.append(
            {
                "Item": item,
                "What it asks for": first.iloc[place]["asks"],
                "Plans": next(iter(states))
                if len(states) == 1
                else "; ".join(f"{listed(who)}: {what}" for what, who in states.items()),
            }
        )
    return pd.DataFrame(rows)


def cert_rows(plan: Plan) -> pd.DataFrame:
    """The exercise reporting template for one plan; items not reported share the last row."""
    found = reporting.cert(plan)
    said = found[found["status"] != reporting.NOT_REPORTED]
    rest = found[found["status"] == reporting.NOT_REPORTED]
    rows = [
        {"Item": row["item"], "What it asks for": row["asks"], "Reported": _prose(row["reported"])}
        for row in said.to_dict("records")
    ]
    rows.append(
        {
            "Item": ", ".join(rest["item"]),
            "What it asks for": "all other items",
            "Reported": reporting.NOT_REPORTED,
        }
    )
    return pd.DataFrame(rows)


def _prose(text: str) -> str:
    """Text with a guideline's name where its key stands."""
    return re.sub(r"\bwithin (\w+\d{4})", lambda m: f"within {bibliography.short(m[1])}", text)
