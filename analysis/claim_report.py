"""What the claim audit shows: verdicts, what each source says, numbers beside numbers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.claim_checks import COLUMNS, compare
from analysis.figures import DARK, MIDDLE
from evidence import bibliography
from evidence.claims import Claim, claim, claims, evidence_for, verdict_counts
from evidence.compendium import Met
from evidence.conventions import IntensityBand
from evidence.findings import Finding
from evidence.guidelines import Guideline
from evidence.records import Record

Table = str | Path | None
RELATIONS = {"=": "", ">": "above ", "<": "below ", "~": "about "}
WITHIN = {True: "within", False: "outside"}


def audited(path: Table = None) -> list[Claim]:
    """Every claim of the shipped table, or of a researcher's own, entered in the ledger."""
    return [claim(id, path) for id in claims(path).index]


def stated(record: Record) -> str:
    """What a record says, in a few words: its number with interval and unit, or its sentence.

    Examples
    --------
    >>> import evidence as ev
    >>> stated(ev.finding("mcgill2015.hanging_rectus_abdominis"))
    'rectus abdominis activation in the hanging straight-leg raise: above 130 % MVC'
    >>> stated(ev.met("02024", edition=2011))
    'trunk calisthenics, light: sit-ups and abdominal crunches: 2.8 MET'
    """
    if isinstance(record, Met):
        return f"{record.activity}: {record.met:g} MET"
    if isinstance(record, IntensityBand):
        return record.words
    if isinstance(record, Guideline):
        return f"{record.words}: {record.items}" if record.items else record.words
    if not isinstance(record, Finding):
        return record.id
    if record.value is None:
        ended = "" if record.p is None else f" (p = {record.p:g})"
        return f"{record.statement}{ended}"
    spread = ""
    if record.low is not None and record.high is not None:
        spread = f" ({record.interval} {record.low:g} to {record.high:g})"
    elif record.sd is not None:
        spread = f" (SD {record.sd:g})"
    elif record.se is not None:
        spread = f" (SE {record.se:g})"
    elif record.plus_minus is not None:
        spread = f" (± {record.plus_minus:g})"
    return f"{record.quantity}: {RELATIONS[record.relation]}{record.value:g} {record.unit}{spread}"


def verdicts(path: Table = None) -> pd.DataFrame:
    """How many claims have each verdict, by whether the article cites a source for them."""
    found = pd.DataFrame(
        {"Verdict": claim.verdict, "cited": bool(claim.cited)} for claim in audited(path)
    )
    counts = verdict_counts(path)
    cited = found[found["cited"]]["Verdict"].value_counts()
    return pd.DataFrame(
        {
            "Verdict": list(counts),
            "Claims": list(counts.values()),
            "With a citation": [int(cited.get(verdict, 0)) for verdict in counts],
            "Without": [count - int(cited.get(verdict, 0)) for verdict, count in counts.items()],
        }
    )


def verdict_bars(table: pd.DataFrame) -> tuple[Figure, str]:
    """Claims by verdict.

    Parameters
    ----------
    table : DataFrame
        Result of :func:`verdicts`.

    Returns
    -------
    tuple of Figure and str
        The figure and its alt text.
    """
    rows = table.iloc[::-1]
    figure = Figure(figsize=(7.2, 0.6 + 0.45 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.barh(range(len(rows)), rows["Claims"], color=MIDDLE, height=0.6)
    axes.set_yticks(range(len(rows)), list(rows["Verdict"]))
    for place, count in enumerate(rows["Claims"]):
        axes.annotate(
            f"{count}",
            (count, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=DARK,
        )
    axes.set_xlim(0, float(rows["Claims"].max()) * 1.12)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("Claims")
    alt = "Claims by verdict. " + "; ".join(
        f"{verdict}: {count}"
        for verdict, count in zip(table["Verdict"], table["Claims"], strict=True)
    )
    return figure, f"{alt}."


def register(path: Table = None) -> pd.DataFrame:
    """Each claim with its citation and verdict."""
    return pd.DataFrame(
        {
            "Claim": claim.id,
            "What is claimed": f"{claim.claim} ({claim.location})",
            "Cited as": claim.cited_as,
            "Verdict": f"{claim.verdict} ({claim.confidence} confidence)",
        }
        for claim in audited(path)
    )


def grounds(path: Table = None) -> pd.DataFrame:
    """For each claim what the deciding source measured, and the records it rests on."""
    return pd.DataFrame(
        {
            "Claim": claim.id,
            "What the source says": claim.source_says,
            "Source, place and how seen": f"{bibliography.short(claim.source)}: "
            f"{claim.locator} ({claim.checked})",
            "Numbers and findings": "; ".join(stated(record) for record in evidence_for(claim))
            or None,
        }
        for claim in audited(path)
    )


def _shown(found: float, unit: str, words: str) -> str:
    """A number with its unit, which a year does not need, and its class or range if it has one."""
    if words.endswith(f" {unit}"):  # a range says it all
        return words
    number = f"{found:.1f}".removesuffix(".0")
    shown = number if unit == "year" else f"{number} {unit}"
    return f"{shown}, {words}" if words else shown


def comparisons(
    path: Table = None, *, body_mass_kg: float, stature_m: float, sex: str
) -> pd.DataFrame:
    """Every number claimed beside every number of the evidence, computed."""
    made = [
        compare(claim, body_mass_kg=body_mass_kg, stature_m=stature_m, sex=sex)
        for claim in audited(path)
        if claim.check
    ]
    rows = pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=list(COLUMNS))
    return pd.DataFrame(
        {
            "Claim": rows["claim"],
            "Claimed": rows["claimed"],
            "Compared with": [
                quantity if record.startswith("analysis.") else f"{quantity} [{record}]"
                for quantity, record in zip(rows["quantity"], rows["record"], strict=True)
            ],
            "Found": [
                _shown(*row)
                for row in zip(rows["found"], rows["unit"], rows["found_text"], strict=True)
            ],
            "Within the claim": [WITHIN.get(within) for within in rows["within"]],
        }
    )
