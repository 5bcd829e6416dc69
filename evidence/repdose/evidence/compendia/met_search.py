"""Search in the activity labels of one edition: typing slips, spelling variants and synonyms.

Words are compared by their stem. A word that neither the labels nor the synonyms use is read
as the one most like it by rapidfuzz's optimal string alignment, and the result says so. How
much a word of the query counts is its inverse document frequency.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from repdose.evidence import tables
from repdose.evidence.compendia.met_tables import Met, edition_name, mets
from repdose.evidence.errors import EvidenceError
from repdose.evidence.used import kept

if TYPE_CHECKING:
    import pandas as pd

# Least likeness (0 to 1) at which an unknown word is read as a known one: one slip in four
# letters, two in eight. A transposition is one slip.
ALIKE = 0.75
# Parts of the score: how much of the query the label names, whether the label begins with a
# word of the query, and how much of the label the query names. The last two only decide
# between labels that name the query equally well.
NAMED, BEGINS, BRIEF = 0.85, 0.08, 0.07
# Words that tell no activity from another.
EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a an and as at by for from in into it of off on one or s such the to up with
        general effort kind other""",
    )
)
# Stems that say little in a query beside other words: "core exercises" asks for the core.
WEAK = frozenset(("exercis", "workout", "activity"))
QUANTITY = re.compile(
    r"(\d+(?:\.\d+)?)(?:\s?(?:-|–|to)\s?(\d+(?:\.\d+)?))?"
    r"(?:\s?(mph|km/h|kmh|kph|m/s|watts?|w|lbs?|pounds?|kg|rpm|%|percent|min)(?![a-z]))?"
)
UNITS = {
    "watt": "w",
    "watts": "w",
    "lbs": "lb",
    "pound": "lb",
    "pounds": "lb",
    "kmh": "km/h",
    "kph": "km/h",
    "percent": "%",
}


class _Word(NamedTuple):
    """A word as it is compared, and as the user wrote it (empty if the user did not)."""

    stem: str
    shown: str


class _Quantity(NamedTuple):
    """A number or a range of numbers with its unit."""

    low: float
    high: float
    unit: str
    shown: str


class _Synonym(NamedTuple):
    words: tuple[_Word, ...]
    note: str


@dataclass(frozen=True)
class _Index:
    """One edition's labels by stem and by quantity."""

    rows: Sequence[Met]
    first: Sequence[str]
    sizes: Sequence[int]
    postings: Mapping[str, Sequence[int]]
    quantities: Sequence[Sequence[_Quantity]]
    spellings: Mapping[str, str]


def search(words: str, edition: int | str = "2024", limit: int = 10) -> pd.DataFrame:
    """Rows of one edition whose activity resembles the words, best first.

    Parameters
    ----------
    words : str
        What to look for. Typing slips, British and American spelling and the synonyms of
        ``search_synonyms`` are understood. A number must be named or lie in a named range.
    edition : {2011, 2024, "older-2024", "wheelchair"}
        Edition; ``attrs["edition"]`` of the result says which.
    limit : int
        How many rows at most.

    Returns
    -------
    pandas.DataFrame, shape (at most `limit`, 7)
        Indexed by code: score [0 to 100], match, met [MET], heading, activity, basis, note.
        ``match`` is ``exact`` where the label names everything asked for and ``near`` where it
        does not; ``note`` then says what is missing, how an unknown word was read, or that
        no edition has such a row. Empty if nothing resembles the words.

    Raises
    ------
    UnknownRecordError
        If there is no such edition.
    EvidenceError
        If `words` names nothing, or `limit` is not a whole number above 0.

    Notes
    -----
    The score is the share of the query that the label names, its words weighted by inverse
    document frequency; two small terms favour labels that begin with a word of the query
    and labels that say little else.
    *Valid for* finding candidate rows. *Not valid for* choosing one: a high score is a
    likeness of words, not of energy cost.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.search("abdominal crunches", edition=2024, limit=1).index[0]
    '02024'
    >>> matches = ev.search("hanging leg raise", edition=2011)
    >>> matches.index[0], matches["match"].iloc[0]
    ('02024', 'near')
    >>> matches["note"].iloc[0].startswith("No edition of the Compendium lists a leg raise")
    True
    """
    import pandas as pd

    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise EvidenceError(f"limit is {limit!r}; a whole number above 0 is required")
    index = _index(edition_name(edition))
    asked, amounts, notes = _query(words, index)
    if not (asked or amounts):
        raise EvidenceError(f"{words!r} names no activity; write a word such as 'crunch'")
    rows = []
    for score, row, missing in _rank(asked, amounts, index)[:limit]:
        note = "; ".join([*notes, *([f"does not name {', '.join(missing)}"] if missing else [])])
        rows.append(
            {
                "code": row.code,
                "score": score,
                "match": "near" if note else "exact",
                "met": row.met,
                "heading": row.heading,
                "activity": row.activity,
                "basis": row.basis,
                "note": note,
            }
        )
    columns = ["code", "score", "match", "met", "heading", "activity", "basis", "note"]
    table = pd.DataFrame(rows, columns=columns).set_index("code")
    table.attrs["edition"] = str(edition)
    return table


def _rank(
    asked: Sequence[_Word], amounts: Sequence[_Quantity], index: _Index
) -> list[tuple[float, Met, list[str]]]:
    """Score of each row that has something of the query, with what of it the row lacks."""
    having = [set(index.postings.get(word.stem, ())) for word in asked]
    having += [_rows_at(amount, index) for amount in amounts]
    shown = [word.shown for word in asked] + [amount.shown for amount in amounts]
    weights = [math.log1p(len(index.rows) / (1 + len(rows))) for rows in having]
    total = math.fsum(weights)
    stems = {word.stem for word in asked}
    ranked = []
    for number in set().union(*having):
        hits = [number in rows for rows in having]
        named = math.fsum(w for w, hit in zip(weights, hits, strict=True) if hit) / total
        begins = index.first[number] in stems
        brief = min(1.0, sum(hits) / index.sizes[number])
        score = 100 * (NAMED * named + BEGINS * begins + BRIEF * brief)
        missing = [name for name, hit in zip(shown, hits, strict=True) if not hit and name]
        ranked.append((score, index.rows[number], list(dict.fromkeys(missing))))
    return sorted(ranked, key=lambda item: (-item[0], item[1].code))


def _rows_at(asked: _Quantity, index: _Index) -> set[int]:
    """Numbers of the rows that name a quantity, or a range with the quantity in it."""
    return {
        number
        for number, quantities in enumerate(index.quantities)
        if any(
            quantity.low <= asked.low
            and asked.high <= quantity.high
            and asked.unit in ("", quantity.unit)
            for quantity in quantities
        )
    }


def _query(text: str, index: _Index) -> tuple[list[_Word], list[_Quantity], list[str]]:
    """The query's words and quantities, and how they were read."""
    amounts, rest = _quantities(text)
    spelt, readings = _spelt(stemmed(rest), index)
    words, notes = _substitute(spelt, _synonyms())
    telling = {word.stem: word for word in reversed(words) if word.stem not in EMPTY}
    strong = {stem: word for stem, word in telling.items() if stem not in WEAK}
    return list(reversed((strong or telling).values())), amounts, [*notes, *readings]


def _spelt(words: Sequence[_Word], index: _Index) -> tuple[list[_Word], list[str]]:
    """Read each unknown word as the known one most like it, and say so."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = {**index.spellings, **_spellings()}
    stems = set(known.values())
    right, readings = [], []
    for word in words:
        if word.stem not in stems and word.stem not in EMPTY:
            close = process.extractOne(
                word.shown, known.keys(), scorer=OSA.normalized_similarity, score_cutoff=ALIKE
            )
            if close:
                readings.append(f"{word.shown!r} read as {close[0]!r}")
                word = _Word(known[close[0]], word.shown)
        right.append(word)
    return right, readings


@kept
def _spellings() -> dict[str, str]:
    """Stems of the words in the synonyms' terms, by spelling."""
    rows = tables.table("search_synonyms").rows
    return {word.shown: word.stem for row in rows for word in stemmed(str(row["term"]))}


@kept
def _index(name: str) -> _Index:
    rows = list(mets(name).values())
    postings: dict[str, list[int]] = defaultdict(list)
    spellings: dict[str, str] = {}
    first, sizes, quantities = [], [], []
    for number, row in enumerate(rows):
        # "speed not stated" says that the label has no speed
        amounts, rest = _quantities(re.sub(r"[,;] [^,;]*not stated", "", row.activity))
        spelt = stemmed(rest)
        spellings.update((word.shown, word.stem) for word in spelt)
        words = [word.stem for word in _substitute(spelt, _synonyms())[0]]
        words = [word for word in dict.fromkeys(words) if word not in EMPTY]
        first.append(words[0] if words else "")
        sizes.append(max(1, len(words) + len(amounts)))
        quantities.append(amounts)
        for word in words:
            postings[word].append(number)
    return _Index(rows, first, sizes, dict(postings), quantities, spellings)


@kept
def _synonyms() -> dict[tuple[str, ...], _Synonym]:
    """Synonyms by the stems of their term."""
    plain = {
        tuple(word.stem for word in stemmed(str(row["term"]))): _Synonym(
            tuple(stemmed(str(row["words"]))), str(row["note"] or "")
        )
        for row in tables.table("search_synonyms").rows
    }
    # What stands in for a term may itself have a synonym ("curl-up" has): resolve it once here.
    return {
        term: _Synonym(tuple(_substitute(synonym.words, plain)[0]), synonym.note)
        for term, synonym in plain.items()
    }


def _substitute(
    words: Sequence[_Word], synonyms: Mapping[tuple[str, ...], _Synonym]
) -> tuple[list[_Word], list[str]]:
    """Put the words of each longest term's synonym in its place; collect the notes."""
    longest = max(map(len, synonyms))
    out: list[_Word] = []
    notes: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            term = words[at : at + size]
            synonym = synonyms.get(tuple(word.stem for word in term))
            if synonym is None:
                continue
            # what only stands near the term was not asked for, so a row need not name it
            shown = "" if synonym.note else " ".join(word.shown for word in term)
            out.extend(_Word(word.stem, shown) for word in synonym.words)
            if synonym.note and synonym.note not in notes:
                notes.append(synonym.note)
            at += size
            break
        else:
            out.append(words[at])
            at += 1
    return out, notes


def _quantities(text: str) -> tuple[list[_Quantity], str]:
    """Numbers of a text with their units, and the text without them."""
    lower = text.lower()
    quantities = []
    for low, high, unit in QUANTITY.findall(lower):
        shown = f"{low}{'-' + high if high else ''} {unit}".strip()
        quantities.append(_Quantity(float(low), float(high or low), UNITS.get(unit, unit), shown))
    return quantities, QUANTITY.sub(" ", lower)


def stemmed(text: str) -> list[_Word]:
    """Words without accents, by stem."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [_Word(_stem(word), word) for word in re.findall(r"[a-z]+", plain)]


@cache
def _stem(word: str) -> str:
    """A word without its plural or -ing, so that "mow" and "mowing", "shovel" and
    "shovelling" are the same. Crude, but the same crudeness on both sides."""
    for ending, bare in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word.removesuffix(ending) + bare
            break
    else:
        if len(word) > 2 and word[-1] == "s" and word[-2] not in "siu":
            word = word[:-1]
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
