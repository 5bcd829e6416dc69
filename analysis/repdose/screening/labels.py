"""Rules on identifiers and labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from repdose.screening.query import Frame, Query, listed, query, usual

DOI = re.compile(r"10\.\d{4,9}/\S+")
# Two in a row may be chance (two volumes, two years); three rising by one are a filled series.
SERIES = 3
# What a study has one of.
IDENTIFIERS = ("doi", "pmid", "pmcid", "year")
# Text that may differ from row to row.
OF_THE_ROW = ("es_id", "source", "locator", "checked", "note", "corrected", "flagged")
DASHES = re.compile(r"[\u2010-\u2015\u2212]")


def duplicate_id(rows: Frame) -> Iterator[Query]:
    """Two rows under one id."""
    twice = rows[rows["_id"].duplicated(keep=False)]
    if len(twice):
        yield query(
            twice,
            "high",
            f"ids {listed(twice['_id'])} name more than one row",
            "number the rows anew, and see whether a row was pasted twice",
        )


def malformed_doi(rows: Frame) -> Iterator[Query]:
    """Text in the DOI column that is no DOI."""
    given = rows[rows["doi"].notna() & (rows["doi"].astype(str) != "")]
    wrong = given[~given["doi"].astype(str).str.fullmatch(DOI)]
    for doi, doubtful in wrong.groupby("doi", sort=False):
        inner = DOI.search(str(doi))
        advice = f"enter {inner[0]}" if inner else "look the identifier up, or leave the cell empty"
        yield query(doubtful, "medium", f"{doi!r} is no DOI", advice)


#: What stands between the numbers of a label, and the numbers.
Parts = tuple[tuple[str, ...], tuple[int, ...]]
_NUMBER = re.compile(r"([0-9]{1,15})")


def _parts(text: str) -> Parts:
    pieces = _NUMBER.split(text)
    return tuple(pieces[::2]), tuple(int(piece) for piece in pieces[1::2])


def _filled(values: Sequence[str]) -> bool:
    """Whether distinct labels differ in one number alone and its values are consecutive."""
    frames, numbers = zip(*(_parts(value) for value in values), strict=True)
    varying = [column for column in zip(*numbers, strict=False) if len(set(column)) > 1]
    if len(set(frames)) != 1 or len(varying) != 1:
        return False
    counted = sorted(varying[0])
    return counted == list(range(counted[0], counted[0] + len(counted)))


def _step(before: Parts, after: Parts) -> int | None:
    """Which number of a label, and nothing else, is one more in the next row."""
    (frame, numbers), (next_frame, next_numbers) = before, after
    if frame != next_frame:
        return None
    pairs = zip(numbers, next_numbers, strict=True)
    steps = [(at, b - a) for at, (a, b) in enumerate(pairs) if a != b]
    return steps[0][0] if [step for _, step in steps] == [1] else None


def _runs(texts: Sequence[str]) -> Iterator[list[int]]:
    """Positions of labels in which one number counts up from row to row, :data:`SERIES` or more."""
    parts = {text: _parts(text) for text in dict.fromkeys(texts)}
    run: list[int] = [0]
    counted: int | None = None
    for place in range(1, len(texts) + 1):
        last = place == len(texts)
        same = last or texts[place] == texts[place - 1]  # most rows: nothing to take apart
        step = None if same else _step(parts[texts[place - 1]], parts[texts[place]])
        if step is not None and step == (step if counted is None else counted):
            run.append(place)
            counted = step
            continue
        if len(run) >= SERIES:
            yield run
        run = [place] if step is None else [place - 1, place]
        counted = step


def fill_down(rows: Frame) -> Iterator[Query]:
    """Identifiers, years or labels that count up from row to row, as a spreadsheet fills a series.

    A study has one DOI, PMID and year: two that differ by one are enough. Any other label, arm
    names aside, must count up over several rows on end. The number may stand anywhere in it.
    """
    yield from _identifiers(rows)
    shared = _studies_under_one_doi(rows)
    yield from shared
    seen = {row for query in shared for row in query.rows}
    for column in _labels(rows):
        if column in (*IDENTIFIERS, "arm"):
            continue
        for places in _runs(rows[column].astype(str).tolist()):
            group = rows.iloc[places]
            if column == "study" and seen >= set(group["_id"].tolist()[1:]):
                continue
            if column != "study" and group["study"].nunique() > 1:
                continue
            yield query(
                group.iloc[1:],
                "high" if column == "study" else "medium",
                f"{column} counts up from row to row: {listed(group[column])}",
                f"see whether every row should read {group[column].iloc[0]}",
            )


def _identifiers(rows: Frame) -> Iterator[Query]:
    """A study's DOI, PMID or year that counts up."""
    for column in IDENTIFIERS:
        if column not in rows.columns:
            continue
        for study, group in _varied(rows.dropna(subset=[column]), column):
            texts = group[column].astype(int if column == "year" else str).astype(str)
            distinct = sorted(texts.unique())
            if _filled(distinct):
                counts = texts.value_counts()
                first = counts.idxmax() if (counts == counts.max()).sum() == 1 else distinct[0]
                yield query(
                    group[texts != first],
                    "high",
                    f"{column} of one study counts up: {listed(distinct)}",
                    f"enter the study's one {column}, probably {first}",
                    str(study),
                )


def _studies_under_one_doi(rows: Frame) -> list[Query]:
    """Names of a study that count up while its DOI stays."""
    queries: list[Query] = []
    if "doi" not in rows.columns:
        return queries
    for doi, group in _varied(rows.dropna(subset=["doi"]), "study", by="doi"):
        names = sorted(group["study"].astype(str).unique())
        if len(names) >= SERIES and _filled(names):
            queries.append(
                query(
                    group[group["study"] != names[0]],
                    "high",
                    f"study names count up under one DOI {doi}: {listed(names)}",
                    f"name them alike, probably {names[0]}",
                )
            )
    return queries


def _varied(rows: Frame, column: str, *, by: str = "study") -> Any:
    """Groups in which a column has more than one value."""
    several = rows.groupby(by, sort=False)[column].transform("nunique") > 1
    return rows[several].groupby(by, sort=False)


def _labels(rows: Frame) -> list[str]:
    """Columns that hold text, aside from the row's own id and where its numbers were found."""
    text = [name for name in rows.columns if rows[name].dtype.kind in "OTUS"]
    text = [name for name in text if name not in ("_id", *OF_THE_ROW)]
    return [name for name in text if not rows[name].equals(rows["_id"])]


def _plain(label: str) -> str:
    """A label as it reads: one Unicode form, one kind of dash, no invisible sign, no case."""
    text = DASHES.sub("-", unicodedata.normalize("NFKC", label))
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split()).casefold()


def label_forms(rows: Frame) -> Iterator[Query]:
    """One label typed in two ways that read alike: a space, a case, a Unicode form, a dash."""
    for column in _labels(rows):
        if column == "doi":  # upper and lower case are one DOI, and links to either work
            continue
        by = ["study", "_plain"] if column == "arm" else ["_plain"]
        labelled = rows[rows[column].notna()].copy()
        forms = {label: _plain(str(label)) for label in labelled[column].unique()}
        labelled["_plain"] = labelled[column].map(forms)
        if len(set(forms.values())) == len(forms):
            continue
        several = labelled.groupby(by, sort=False)[column].transform("nunique") > 1
        for _, group in labelled[several].groupby(by, sort=False):
            typed = " and ".join(ascii(form) for form in group[column].unique())
            most, _ = usual(group[column])
            yield query(
                group[group[column] != most],
                "high" if column in ("study", "arm") else "medium",
                f"{column} is typed {typed}, which read alike",
                f"type {most!r} in every row",
            )


def several_dois(rows: Frame) -> Iterator[Query]:
    """One study under several DOIs, or one DOI under several studies."""
    given = rows.dropna(subset=["doi"])
    several: dict[str, str] = {}
    for study, group in _varied(given, "doi"):
        distinct = sorted(group["doi"].astype(str).unique())
        several[study], _ = usual(group["doi"])
        if not _filled(distinct):
            yield query(
                group[group["doi"] != several[study]],
                "medium",
                f"{study} has {len(distinct)} DOIs: {listed(distinct)}",
                "one paper has one DOI; two papers of one trial need a note",
                str(study),
            )
    for doi, group in _varied(given, "study", by="doi"):
        names = sorted(group["study"].astype(str).unique())
        if DOI.fullmatch(str(doi)) and not (len(names) >= SERIES and _filled(names)):
            strays = group[[several.get(study, doi) != doi for study in group["study"]]]
            yield query(
                strays if len(strays) else group,
                "medium",
                f"{doi} stands under {listed(names)}",
                "see which study the DOI belongs to; if they are one, name them alike",
            )


def outcome_region(rows: Frame) -> Iterator[Query]:
    """A test coded for another part of the body than in most of the table."""
    for outcome, group in rows.groupby("outcome", sort=False):
        counts = group["body_region"].value_counts()
        if len(counts) < 2 or counts.iloc[0] == counts.iloc[1]:
            continue
        odd = group[group["body_region"] != counts.index[0]]
        for study, part in odd.groupby("study", sort=False):
            muscles = f", muscle {listed(part['muscle_group'])}" if "muscle_group" in part else ""
            yield query(
                part,
                "medium",
                f"{outcome} is coded {listed(part['body_region'])}{muscles} here and "
                f"{counts.index[0]} in {counts.iloc[0]} other rows",
                "see whether the test or the muscle was copied from the row above",
                str(study),
            )
