"""Tables of the report that audits claims."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from repdose.claim_checks import COLUMNS, compare
from repdose.evidence import bibliography
from repdose.evidence.claim_audit import Claim, claim, claims, evidence_for, verdict_counts
from repdose.tables.words import counted, upper

Table = str | Path | None
COMPUTED = ("repdose.energy.", "repdose.mechanics.")  # models, which are no record
WITHIN = {True: "within", False: "outside"}
# What the answer says of the claims with each verdict; {s} is the ending of a singular verb.
SAID = {
    "supported": "{n} can stand as written",
    "partly supported": "{n} can stand in part",
    "citation does not support it": "for {n} the citation does not say it",
    "source mis-dated or mis-attributed": "for {n} the source is mis-dated or mis-attributed",
    "uncited; contrary evidence found": "{n} without a source meet{s} evidence against",
    "not checkable here": "{n} could not be checked",
}


def audited(path: Table = None) -> list[Claim]:
    """Every claim of the shipped table, or of a researcher's own, entered in the ledger."""
    return [claim(id, path) for id in claims(path).index]


def verdicts(path: Table = None) -> pd.DataFrame:
    """How many claims have each verdict, by whether the article cites a source for them."""
    read = pd.DataFrame(
        {"Verdict": claim.verdict, "cited": bool(claim.cited)} for claim in audited(path)
    )
    counts = verdict_counts(path)
    cited = read[read["cited"]]["Verdict"].value_counts()
    return pd.DataFrame(
        {
            "Verdict": list(counts),
            "Claims": list(counts.values()),
            "With a citation": [int(cited.get(verdict, 0)) for verdict in counts],
            "Without": [count - int(cited.get(verdict, 0)) for verdict, count in counts.items()],
        }
    )


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
            "Numbers and findings": "; ".join(record.stated for record in evidence_for(claim))
            or None,
        }
        for claim in audited(path)
    )


def _shown(value: float, unit: str, words: str) -> str:
    """A number with its unit, which a year does not need, and its class or range if it has one."""
    if words.endswith(f" {unit}"):  # a range says it all
        return words
    number = f"{value:.1f}".removesuffix(".0")
    shown = number if unit == "year" else f"{number} {unit}"
    return f"{shown}, {words}" if words else shown


def comparisons(
    path: Table = None, *, body_mass_kg: float, stature_m: float, sex: str
) -> pd.DataFrame:
    """Every number claimed beside every number of the evidence, computed."""
    frames = [
        compare(claim, body_mass_kg=body_mass_kg, stature_m=stature_m, sex=sex)
        for claim in audited(path)
        if claim.check
    ]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))
    return pd.DataFrame(
        {
            "Claim": rows["claim"],
            "Claimed": rows["claimed"],
            "Compared with": [
                quantity if record.startswith(COMPUTED) else f"{quantity} [{record}]"
                for quantity, record in zip(rows["quantity"], rows["record"], strict=True)
            ],
            "Found": [
                _shown(*row)
                for row in zip(rows["found"], rows["unit"], rows["found_text"], strict=True)
            ],
            "Within the claim": [WITHIN.get(within) for within in rows["within"]],
        }
    )


def answer_words(path: Table = None) -> str:
    """How many claims can stand, and what is wrong with the others; what none has is left out."""
    read = audited(path)
    counts = verdict_counts(path)
    cited = sum(bool(claim.cited) for claim in read)
    parts = [
        words.format(n=count, s="s" if count == 1 else "")
        for verdict, words in SAID.items()
        if (count := counts[verdict])
    ]
    every = counted(len(read), "claim")
    with_source = (
        "none cites a source"
        if not cited
        else f"{'all' if cited == len(read) else cited} cite a source"
        if cited > 1
        else "one cites a source"
    )
    return f"Of {every} {with_source}. {upper('; '.join(parts))}."


def seen_words(path: Table = None) -> str:
    """How the sources that decide were read, and what follows for what they do not say."""
    read = audited(path)
    whole = sum(claim.checked == "full-text" for claim in read)
    if whole == len(read):
        return "Every deciding source was read in full."
    part = len(read) - whole
    share = "most" if 2 * part > len(read) else "half" if 2 * part == len(read) else "some"
    many = share if whole else "all"
    return (
        f"The deciding source was read as an abstract or second hand for {many} of the claims "
        f"({part} of {len(read)}): an absence from it is not proof of absence."
    )
