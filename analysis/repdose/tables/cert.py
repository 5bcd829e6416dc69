"""Tables of the exercise reporting template: what a plan says to it, and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from repdose.evidence import bibliography
from repdose.plans import Plan
from repdose.progression import cert
from repdose.tables.words import listed


def cert_overview(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Every item of the exercise reporting template, and which plans say something to it."""
    frames = {letter: cert.cert(plan) for letter, plan in plans.items()}
    first = next(iter(frames.values()))
    rows = []
    for place, item in enumerate(first["item"]):
        rows_by_plan = {letter: frame.iloc[place] for letter, frame in frames.items()}
        states: dict[str, list[str]] = {}
        for letter, row in rows_by_plan.items():
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
    items = cert.cert(plan)
    reported = items[items["status"] != cert.NOT_REPORTED]
    rest = items[items["status"] == cert.NOT_REPORTED]
    rows = [
        {"Item": row["item"], "What it asks for": row["asks"], "Reported": _prose(row["reported"])}
        for row in reported.to_dict("records")
    ]
    rows.append(
        {
            "Item": ", ".join(rest["item"]),
            "What it asks for": "all other items",
            "Reported": cert.NOT_REPORTED,
        }
    )
    return pd.DataFrame(rows)


def _prose(text: str) -> str:
    """Text with a guideline's name where its key stands."""
    return re.sub(r"\bwithin (\w+\d{4})", lambda m: f"within {bibliography.short(m[1])}", text)
