"""The two errors that `evidence` raises: bad evidence, and a record that is not there."""

from __future__ import annotations

from collections.abc import Iterable


class EvidenceError(ValueError):
    """A table, record or bibliography entry that must not be used as it stands."""


class UnknownRecordError(KeyError, EvidenceError):
    """A key under which no record is kept; the message lists near ones."""

    def __str__(self) -> str:
        # KeyError prints the repr of its argument, which would quote the sentence
        return str(self.args[0]) if self.args else ""


def near(wanted: str, known: Iterable[str], count: int = 5) -> list[str]:
    """Keys of `known` that look like `wanted`, else the first few in order."""
    import difflib  # which only a refusal needs

    keys = sorted(known)
    return difflib.get_close_matches(wanted, keys, n=count, cutoff=0.5) or keys[:count]


def unknown(kind: str, wanted: object, known: Iterable[str]) -> UnknownRecordError:
    """Build the error for a key that is not there, with what is."""
    return UnknownRecordError(
        f"no {kind} {wanted!r}; near it: {', '.join(near(str(wanted), known))}"
    )
