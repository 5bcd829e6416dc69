"""Rules on identifiers and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.screening.finding import Finding, Frame, finding, listed

DOI = re.compile(r"10\.\d{4,9}/\S+")
# Two in a row may be chance (two volumes, two years); three rising by one are a filled series.
SERIES = 3


def duplicate_id(rows: Frame) -> Iterator[Finding]:
    """Two rows under one id."""
    twice = rows[rows["_id"].duplicated(keep=False)]
    if len(twice):
        yield finding(
            twice,
            "high",
            f"ids {listed(twice['_id'])} name more than one row",
            "number the rows anew, and see whether a row was pasted twice",
        )


def malformed_doi(rows: Frame) -> Iterator[Finding]:
    """Text in the DOI column that is no DOI."""
    given = rows[rows["doi"].notna() & (rows["doi"].astype(str) != "")]
    wrong = given[~given["doi"].astype(str).str.fullmatch(DOI)]
    for doi, found in wrong.groupby("doi", sort=False):
        inner = DOI.search(str(doi))
        advice = f"enter {inner[0]}" if inner else "look the identifier up, or leave the cell empty"
        yield finding(found, "medium", f"{doi!r} is no DOI", advice)


def _stem_and_number(text: str) -> tuple[str, int] | None:
    match = re.fullmatch(r"(.*?)(\d+)", text)
    return (match[1], int(match[2])) if match else None


def _filled(values: list[str]) -> bool:
    """Whether distinct values share a stem and end in consecutive numbers."""
    parts = [_stem_and_number(value) for value in values]
    if any(part is None for part in parts) or len({part[0] for part in parts if part}) != 1:
        return False
    numbers = sorted(part[1] for part in parts if part)
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def fill_down(rows: Frame) -> Iterator[Finding]:
    """Identifiers or years that count up from row to row, as a spreadsheet fills a series."""
    for column in ("doi", "pmid", "year"):
        if column not in rows.columns:
            continue
        for study, group in rows.dropna(subset=[column]).groupby("study", sort=False):
            texts = group[column].astype(int if column == "year" else str).astype(str)
            distinct = sorted(texts.unique())
            if len(distinct) > 1 and _filled(distinct):
                counts = texts.value_counts()
                first = counts.idxmax() if (counts == counts.max()).sum() == 1 else distinct[0]
                yield finding(
                    group[texts != first],
                    "high",
                    f"{column} of one study counts up: {listed(distinct)}",
                    f"enter the study's one {column}, probably {first}",
                    str(study),
                )
    if "doi" in rows.columns:
        for doi, group in rows.dropna(subset=["doi"]).groupby("doi", sort=False):
            names = sorted(group["study"].astype(str).unique())
            if len(names) >= SERIES and _filled(names):
                yield finding(
                    group[group["study"] != names[0]],
                    "high",
                    f"study names count up under one DOI {doi}: {listed(names)}",
                    f"name them alike, probably {names[0]}",
                )


def several_dois(rows: Frame) -> Iterator[Finding]:
    """One study under several DOIs, or one DOI under several studies."""
    given = rows.dropna(subset=["doi"])
    for study, group in given.groupby("study", sort=False):
        distinct = sorted(group["doi"].astype(str).unique())
        if len(distinct) > 1 and not _filled(distinct):
            usual = group["doi"].value_counts().idxmax()
            yield finding(
                group[group["doi"] != usual],
                "medium",
                f"{study} has {len(distinct)} DOIs: {listed(distinct)}",
                "one paper has one DOI; two papers of one trial need a note",
                str(study),
            )
    usual = given.groupby("study", sort=False)["doi"].agg(lambda dois: dois.value_counts().idxmax())
    for doi, group in given[given["doi"].astype(str).str.fullmatch(DOI)].groupby("doi", sort=False):
        names = sorted(group["study"].astype(str).unique())
        if len(names) > 1 and not (len(names) >= SERIES and _filled(names)):
            strays = group[group["study"].map(usual) != doi]
            yield finding(
                strays if len(strays) else group,
                "medium",
                f"{doi} stands under {listed(names)}",
                "see which study the DOI belongs to; if they are one, name them alike",
            )


def outcome_region(rows: Frame) -> Iterator[Finding]:
    """A test coded for another part of the body than in most of the table."""
    for outcome, group in rows.groupby("outcome", sort=False):
        counts = group["body_region"].value_counts()
        if len(counts) < 2 or counts.iloc[0] == counts.iloc[1]:
            continue
        odd = group[group["body_region"] != counts.index[0]]
        for study, found in odd.groupby("study", sort=False):
            muscles = f", muscle {listed(found['muscle_group'])}" if "muscle_group" in found else ""
            yield finding(
                found,
                "medium",
                f"{outcome} is coded {listed(found['body_region'])}{muscles} here and "
                f"{counts.index[0]} in {counts.iloc[0]} other rows",
                "see whether the test or the muscle was copied from the row above",
                str(study),
            )
