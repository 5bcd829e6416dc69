"""The entries of a BibTeX text, as BibTeX reads it and in time that grows with the text alone.

A brace counts wherever it stands, also behind a backslash; a quoted value ends at the first
quotation mark outside braces; a ``@string`` may be joined of others that stand before it; what
stands between entries is a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(r"@\s*+(?P<kind>(?:[A-Za-z][\w-]*+)?)\s*+(?P<open>[{(])", re.ASCII)
_LINE_START = re.compile(r"^[ \t]*+@\s*+[A-Za-z][\w-]*+\s*+[{(]", re.ASCII | re.MULTILINE)
_SPACE = re.compile(r"\s*+")
_KEYS = {
    "}": re.compile(r"[^\s,{}]*+(?:[ \t]++[^\s,{}=]++)*+"),
    ")": re.compile(r"[^\s,()]*+(?:[ \t]++[^\s,()=]++)*+"),
}
#: A field where the key has to stand.
_NO_KEY = re.compile(r"[\w-]*+\s*+=\s*+[{\"]", re.ASCII)
_FIELD = re.compile(r"([^\s\"#%'(),={}]++)\s*+=\s*+")
_NAME = re.compile(r"[^\s\"#%'(),={}]++")
_DIGITS = re.compile(r"[0-9]++(?![^\s\"#%'(),={}])")
_BRACE = re.compile(r"[{}]")
_QUOTE = re.compile(r"[\"{}]")
#: What stands for itself where no @string defines it.
_MONTHS = frozenset(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)
#: As long as the longest file that is read: what the @strings of a file may make together.
MOST_JOINED = 64_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """Name in lower case, value without its delimiters, and line."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its own text."""

    kind: str
    key: str
    fields: tuple[Field, ...]
    line: int
    raw: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read: line, key if there is one, rule and message."""

    line: int
    key: str
    rule: str
    message: str


class _Unreadable(Exception):
    """An entry that breaks off, with the place."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


def entries(text: str) -> Iterator[Entry | Fault]:
    """Each entry of a text and each fault, in order.

    What breaks an entry off is its fault, and reading goes on at the next line that begins one.

    Examples
    --------
    >>> [entry] = entries('@string{j = "Journal"} @book{lee, title = {A {B} #1}, note = j # " 2"}')
    >>> entry.key, [(field.name, field.value) for field in entry.fields]
    ('lee', [('title', 'A {B} #1'), ('note', 'Journal 2')])
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._starts: list[int] = []
        self._is_broken = False
        self._limit = len(text)
        self._strings: dict[str, str] = {}
        self._joined = 0

    def read(self) -> Iterator[Entry | Fault]:
        at = 0
        while match := _START.search(self._text, at):
            kind, start = match["kind"].lower(), match.start()
            self._limit = self._next(start) if self._is_broken else len(self._text)
            close = "}" if match["open"] == "{" else ")"
            faults: list[Fault] = []
            try:
                if kind == "comment":
                    at = self._closing(match.end() - 1, close, "the comment")
                elif kind == "preamble":
                    at = self._end(self._preamble(match.end(), faults), close)
                elif kind == "string":
                    at = self._string(match.end(), close, faults)
                else:
                    entry, at = self._entry(kind, match, close, faults)
                    yield entry
            except _Unreadable as error:
                if kind != "comment":
                    yield Fault(self._line(start), "", "syntax", str(error))
                at = self._resume(start, match.end(), error.at)
            yield from faults

    def _line(self, at: int) -> int:
        return bisect_right(self._newlines, at - 1) + 1

    def _next(self, start: int) -> int:
        """Where the next line after `start` begins an entry."""
        if not self._starts:
            found = _LINE_START.finditer(self._text)
            self._starts = [self._text.index("@", match.start()) for match in found]
            self._starts.append(len(self._text))
        return self._starts[min(bisect_right(self._starts, start), len(self._starts) - 1)]

    def _resume(self, start: int, inside: int, broken_at: int) -> int:
        """Where to go on after an entry that begins at `start` and breaks off."""
        following = self._next(start)
        # From here on no entry may reach into the next one, or each could be read to the end
        self._is_broken = self._is_broken or broken_at > following
        return min(following, broken_at) if broken_at > inside else inside

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _sign(self, at: int) -> str:
        return self._text[at] if at < self._limit else ""

    def _shown(self, at: int) -> str:
        word = self._text[at : at + 20].split("\n")[0]
        return repr(word) if at < self._limit and word else "the end"

    def _closing(self, at: int, close: str, what: str) -> int:
        """Behind the delimiter that closes the one at `at`."""
        pattern = _BRACE if close == "}" else re.compile("[{})]")
        depth = 1 if close == ")" else 0
        for match in pattern.finditer(self._text, at + (close == ")"), self._limit):
            sign = match[0]
            if sign == ")":
                if depth == 1:
                    return match.end()
            else:
                depth += 1 if sign == "{" else -1
                if depth == 0 and close == "}":
                    return match.end()
        raise _Unreadable(self._limit, f"{what} is never closed: a {close} is missing")

    def _end(self, at: int, close: str) -> int:
        at = self._skip(at)
        if self._sign(at) != close:
            raise _Unreadable(at, f"{self._shown(at)} stands where a {close} has to")
        return at + 1

    def _preamble(self, at: int, faults: list[Fault]) -> int:
        return self._value("the preamble", self._skip(at), faults)[1]

    def _string(self, at: int, close: str, faults: list[Fault]) -> int:
        at = self._skip(at)
        match = _FIELD.match(self._text, at, self._limit)
        if not match:
            raise _Unreadable(at, "a @string reads name = {text}")
        value, at = self._value(match[1], match.end(), faults)
        self._strings[match[1].lower()] = value
        return self._end(at, close)

    def _entry(
        self, kind: str, start: re.Match[str], close: str, faults: list[Fault]
    ) -> tuple[Entry, int]:
        if not kind:
            raise _Unreadable(start.end(), "an entry without its type; write @article or another")
        at = self._skip(start.end())
        found = _KEYS[close].match(self._text, at, self._limit)
        key, at = (found[0], found.end()) if found else ("", at)
        is_field = _NO_KEY.match(self._text, self._skip(start.end()))
        at = self._skip(at)
        if not key or is_field or self._sign(at) == "=":
            raise _Unreadable(at, f"no key: write one, and a comma, behind @{kind}{start['open']}")
        fields: list[Field] = []
        undefined: list[Fault] = []
        while (sign := self._sign(at)) == ",":
            at = self._skip(at + 1)
            if self._sign(at) == close:
                break
            match = _FIELD.match(self._text, at, self._limit)
            if not match:
                where = f"{key}: {self._shown(at)} stands"
                raise _Unreadable(at, f"{where} where a field has to, as in title = {{Title}}")
            name = match[1].lower()
            value, end = self._value(name, match.end(), undefined, key)
            fields.append(Field(name, value, self._line(match.start())))
            at = self._skip(end)
        if (sign := self._sign(at)) != close:
            of = f" after {fields[-1].name}" if fields else ""
            said = f"{self._shown(at)} stands" if sign else "the entry ends"
            raise _Unreadable(at, f"{key}: {said}{of} where a comma or {close} has to")
        faults += undefined
        line, raw = self._line(start.start()), self._text[start.start() : at + 1]
        return Entry(kind, key, tuple(fields), line, raw), at + 1

    def _value(self, name: str, at: int, faults: list[Fault], key: str = "") -> tuple[str, int]:
        """A value of one or more parts joined by #, and where it ends."""
        parts: list[str] = []
        begun = at
        while True:
            sign = self._sign(at)
            if sign == "{":
                end = self._closing(at, "}", f"{key}: {name}" if key else name)
                parts.append(self._text[at + 1 : end - 1])
            elif sign == '"':
                end = self._quoted(at, f"{key}: {name}" if key else name)
                parts.append(self._text[at + 1 : end - 1])
            elif digits := _DIGITS.match(self._text, at, self._limit):
                end = digits.end()
                parts.append(digits[0])
            elif word := _NAME.match(self._text, at, self._limit):
                end = word.end()
                parts.append(self._defined(word[0], name, self._line(begun), key, faults))
            else:
                of = f"{key}: {name}" if key else name
                raise _Unreadable(at, f"{of}: {self._shown(at)} stands where its value has to")
            at = self._skip(end)
            if self._sign(at) != "#":
                break
            at = self._skip(at + 1)
        if len(parts) > 1:
            self._joined += sum(map(len, parts))
            if self._joined > MOST_JOINED:
                raise _Unreadable(at, f"{name}: the @strings of this file make too long a text")
        return "".join(parts).strip(), end

    def _quoted(self, at: int, what: str) -> int:
        depth = 0
        for match in _QUOTE.finditer(self._text, at + 1, self._limit):
            if match[0] == '"':
                if depth == 0:
                    return match.end()
            else:
                depth += 1 if match[0] == "{" else -1
                if depth < 0:
                    raise _Unreadable(match.start(), f"{what}: a }} too many inside quotes")
        raise _Unreadable(self._limit, f'{what} is never closed: a " is missing')

    def _defined(self, word: str, name: str, line: int, key: str, faults: list[Fault]) -> str:
        """What a bare word stands for."""
        lower = word.lower()
        if lower in self._strings:
            return self._strings[lower]
        if lower not in _MONTHS and name != "month":  # no style prints a month
            message = f"{name} uses {word}, which no @string defines; put text in braces"
            faults.append(Fault(line, key, "string", message))
        return word
