"""Names of persons and bodies in an author field, as BibTeX and biblatex read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from repdose.evidence.bibliography.latex import decoded


@dataclass(frozen=True)
class Name:
    """A person's name in its parts, or a corporate name as `literal`."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def short(self) -> str:
        """The name as it stands in a sentence."""
        return self.literal or " ".join(part for part in (self.particle, self.family) if part)


#: What "and others" stands for.
OTHERS = Name(literal="et al.")
#: Between a name's parts, and the parts that biblatex's longer form may name.
MOST_COMMAS = 2
_PARTS = {"family": "family", "given": "given", "prefix": "particle", "suffix": "suffix"}
_HINTS = frozenset(
    {
        *("family-i", "given-i", "prefix-i", "suffix-i"),
        *("useprefix", "id", "hash", "sortingnamekeyscheme"),
    }
)
_KEYED = re.compile(r"\s*\"?\s*([a-z][a-z-]*)\s*=\s*(.*?)\s*\"?\s*", re.DOTALL)
_AND = re.compile(r"[{}]|(?<=\s)and(?=\s)", re.IGNORECASE)
_COMMA = re.compile(r"[{},]")
_WORD = re.compile(r"[{}]|[\s~]+")
_COMMAND = re.compile(r"\{\\([A-Za-z]+|.)")
#: Letters that TeX has as commands, whose case is that of the command.
_LETTERS = frozenset(
    {
        *("i", "j", "o", "O", "l", "L", "oe", "OE", "ae", "AE", "aa", "AA"),
        *("ss", "dh", "DH", "th", "TH", "dj", "DJ", "ng", "NG"),
    }
)
#: Initials and a family name, twice.
_PERSON = r"((?:[^\W\d_]\. ?){2,}[^\W\d_][\w'’-]++)"
_TWO = re.compile(f"{_PERSON} {_PERSON}")
#: What may stand between two commas of one name.
_SUFFIX = re.compile(
    r"\{*(?:[JS]n?r|J[uú]nior|Filho|Neto|[IVX]{1,5}|[0-9](?:st|nd|rd|th)|Esq|M\.?D|Ph\.?D)\.?\}*",
    re.IGNORECASE,
)
_ROMAN = ("II", "III", "IV")
_NO_AND = (
    (re.compile(r"(?:^|\s)\\?&(?:\s|$)"), "an &"),
    (re.compile(r";"), "a semicolon"),
    (re.compile(r"\bet\.? al\b"), "et al."),
)


def names(value: str) -> tuple[Name, ...]:
    """The persons and bodies of an author or editor field.

    Examples
    --------
    >>> [name.short for name in names("de Leva, Paolo and {World Health Organization}")]
    ['de Leva', 'World Health Organization']
    >>> names("family=Berg, given=Jan, prefix=van den")
    (Name(family='Berg', given='Jan', particle='van den', suffix='', literal=''),)
    """
    people = (_name(part) for part in _people(value))
    return tuple(name for name in people if name.family or name.literal)


def faults(value: str) -> Iterator[str]:
    """What would be read otherwise than it was meant, a sentence a name.

    Examples
    --------
    >>> list(faults("Smith J, Doe A"))
    ["'Smith J, Doe A' reads like a list in PubMed's form, which BibTeX takes for one person; \
write Smith, J and Doe, A"]
    """
    for part in _people(value):
        shown = repr(part[:80])
        bare = outside(part)
        sections = [section.strip() for section in _split(_COMMA, part)]
        words = [_words(section) for section in sections]
        if corporate(part) or part.lower() == "others":
            continue
        if "=" in bare and _KEYED.fullmatch(sections[0]):
            if _extended(sections) is None:
                allowed = ", ".join(_PARTS)
                yield f"{shown}: a name in parts has family = and may have {allowed}, each once"
            continue
        if found := next((said for pattern, said in _NO_AND if pattern.search(bare)), None):
            apart = "separate names by ' and ', the last by ' and others'"
            yield f"{shown}: {found} in a name; {apart}"
        elif len(sections) > 1 and all(map(_initialled, sections)):
            apart = " and ".join(", ".join(_initialled(section)) for section in sections)
            yield (
                f"{shown} reads like a list in PubMed's form, which BibTeX takes for one person; "
                f"write {apart[:80]}"
            )
        elif len(sections) > MOST_COMMAS + 1:
            yield (
                f"{shown}: {len(sections) - 1} commas in one name, where BibTeX takes "
                f"{MOST_COMMAS}; separate names by ' and '"
            )
        elif len(sections) == 3 and words[1] and not _SUFFIX.fullmatch(" ".join(words[1])):
            yield (
                f"{shown}: {sections[1][:40]!r} stands where Jr or the like has to; separate names "
                "by ' and '"
            )
        elif len(sections) == 1 and (two := _TWO.fullmatch(part)):
            yield f"{shown} reads like two names; write {two[1]} and {two[2]}"
        elif len(sections) == 1 and (name := _initialled(part)):
            rest, last = name
            given, _, family = rest.rpartition(" ")
            meant = f"{family}, {last}, {given}" if last in _ROMAN else f"{rest}, {last}"
            yield f"{shown} would have the family name {words[0][-1]!r}; write {meant}"
        elif len(words[0]) > 1 and len(sections) == 1 and all(map(_is_lower, words[0])):
            yield (
                f"{shown} has no capital, so {words[0][0]!r} is taken for a particle; write "
                f"{words[0][-1]}, {' '.join(words[0][:-1])}"
            )


def _initialled(part: str) -> tuple[str, ...]:
    """Family name and initials, if these stand behind it without a comma, as PubMed lists them."""
    words = part.split()
    end = len(words)
    while end > 1 and _are_initials(words[end - 1]):
        end -= 1
    rest = " ".join(words[:end])
    return (rest, " ".join(words[end:])) if end < len(words) and any(map(str.islower, rest)) else ()


def _are_initials(word: str) -> bool:
    letters = re.sub("[.-]", "", word)
    return len(letters) <= 3 and letters.isalpha() and letters.isupper()


def _people(value: str) -> list[str]:
    """The names of a field, each on one line."""
    return [part for one in _split(_AND, value) if (part := " ".join(one.split()))]


def _name(value: str) -> Name:
    if value.lower() == "others":
        return OTHERS
    if corporate(value):
        return Name(literal=decoded(value))
    sections = _split(_COMMA, value)
    if extended := _extended(sections):
        return extended
    words = [_words(section) for section in sections]
    parts: tuple[list[str], ...]
    while len(words) > 1 and not words[-1]:
        words.pop()
    if len(words) > MOST_COMMAS + 1 or not words[0]:  # printed as it stands
        return Name(literal=decoded(value))
    first = words[0]
    lower = [at for at, word in enumerate(first[:-1]) if _is_lower(word)]
    end = lower[-1] + 1 if lower else 0
    if len(words) == 1:
        begin = lower[0] if lower else len(first) - 1
        end = end or begin
        parts = (first[end:], first[:begin], first[begin:end], [])
    else:
        parts = (first[end:], words[-1], first[:end], words[1] if len(words) == 3 else [])
    family, given, particle, suffix = (decoded(" ".join(part)) for part in parts)
    return Name(family, given, particle, suffix) if family else Name(literal=decoded(value))


def _extended(sections: list[str]) -> Name | None:
    """A name in biblatex's longer form, ``family=..., given=...``; None if it is none."""
    given: dict[str, str] = {}
    for section in sections:
        match = _KEYED.fullmatch(section)
        if not match or match[1] not in (*_PARTS, *_HINTS) or match[1] in given:
            return None
        given[match[1]] = decoded(match[2])
    if not given.get("family"):
        return None
    return Name(**{_PARTS[part]: text for part, text in given.items() if part in _PARTS})


def _split(pattern: re.Pattern[str], value: str) -> list[str]:
    """A field split at each mark outside braces."""
    parts: list[str] = []
    begin = depth = 0
    for match in pattern.finditer(value):
        if match[0] in "{}":
            depth = max(depth + (1 if match[0] == "{" else -1), 0)
        elif depth == 0:
            parts.append(value[begin : match.start()])
            begin = match.end()
    parts.append(value[begin:])
    return parts


def _words(section: str) -> list[str]:
    return [word for word in _split(_WORD, section) if word]


def outside(value: str) -> str:
    """The text without what stands in braces."""
    if "{" not in value:
        return value
    depth, kept = 0, []
    for char in value:
        depth += char == "{"
        kept.append(char if depth == 0 else " ")
        depth -= char == "}" and depth > 0
    return "".join(kept)


def _is_lower(word: str) -> bool:
    """Whether a word begins with a small letter, as a particle does, to BibTeX.

    What stands in braces has no case but that of a special character, as in ``{\\'e}``.
    """
    at = depth = 0
    while at < len(word):
        char = word[at]
        if depth == 0 and (command := _COMMAND.match(word, at)):
            if command[1] in _LETTERS:
                return command[1][0].islower()
            letter = next((one for one in word[command.end() :] if one.isalpha()), "")
            return letter.islower()
        if char in "{}":
            depth += 1 if char == "{" else -1
        elif depth == 0 and char.isalpha():
            return char.islower()
        at += 1
    return False


def corporate(value: str) -> bool:
    """Whether one pair of braces holds the whole name, as a corporate name needs."""
    if not (value.startswith("{") and value.endswith("}")):
        return False
    open_braces = 0
    for place, char in enumerate(value):
        open_braces += (char == "{") - (char == "}")
        if open_braces == 0:
            return place == len(value) - 1
    return False


def initials(given: str, *, stop: str = ". ", hyphen: str = "-") -> str:
    """Initials of given names, where their script has any; `stop` stands after each.

    A given name of a script without capitals is kept whole. Small words beside capitalised ones
    are particles and stay; where all are small, so are their initials.

    Examples
    --------
    >>> initials("Jean-Paul"), initials("JR de"), initials("bell"), initials("小明")
    ('J.-P.', 'J. R. de', 'b.', '小明')
    >>> initials("Jean-Paul Marie", stop="", hyphen="")
    'JPM'
    """
    words = re.findall(r"([^\s.]+)(\.?)", re.sub(r"\.(?=[-‐‑])", "", given))
    has_capitals = any(_first(word).isupper() for word, _ in words)
    shown: list[str] = []
    for word, dot in words:
        first = _first(word)
        is_particle = has_capitals and first.islower() and not (dot and len(word) == 1)
        if not first or first.lower() == first.upper() or is_particle:
            shown.append(f" {word} ")
            continue
        is_run = 2 <= len(word) <= 3 and word.isalpha() and word.isupper()  # as PubMed has them
        parts = list(word) if is_run else re.split(r"[-‐‑]", word)
        letters = [_letter(part) for part in parts if part]
        between = stop if len(parts) == len(word) else f"{stop.strip()}{hyphen}"
        shown.append(between.join(letters) + stop)
    return re.sub(r"\s+", " ", "".join(shown)).strip()


def _first(word: str) -> str:
    return next((char for char in word if char.isalpha()), "")


def _letter(word: str) -> str:
    """The first letter with the accents that combine with it; a word without one as it is."""
    match = re.search(r"[^\W\d_][\u0300-\u036f]*", word)
    return match[0] if match else word
