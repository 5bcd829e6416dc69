"""Parameters that name a file of the reader's own."""

from __future__ import annotations

import math
import os.path
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import opened
from repdose.evidence.own_trials import read_own_trials
from repdose.evidence.own_trials.layout import FACTORS
from repdose.evidence.own_trials.reading import OTHER_WORDS


def _file(value: str) -> str:
    """The full path of a file of the reader's own: a cell runs in another folder."""
    if not value:
        return value
    path = os.path.abspath(os.path.expanduser(value))
    if not os.path.exists(path):
        raise ValueError(
            f"no file {value!r:.200}; give the path of a CSV file, in full or from the folder "
            "you are in"
        )
    return path


def own_file(meaning: str, read: Callable[[str], object] | None = None) -> Any:
    """Type of a parameter that names a file; `read` refuses what cannot be used."""

    def checked(value: str) -> str:
        path = _file(value)
        if path and read is not None:
            read(path)
        elif path:
            with opened(path):  # refuses what is no file, or too large for one
                pass
        return path

    return Annotated[
        str,
        AfterValidator(checked),
        Field(description=meaning, json_schema_extra={"kind": "file"}),
    ]


def _trained(path: str) -> dict[str, tuple[int, int]]:
    """Studies and doses of a reader's training arms, by domain; each fault of it is told."""
    try:
        status = os.stat(path)
        return _read(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise ValueError(f"{os.path.basename(path)}: {error.strerror}") from None
    except EvidenceError as error:
        raise ValueError(
            f"{os.path.basename(path)} cannot be used as it stands; nothing was run\n{error}"
        ) from None


@lru_cache(maxsize=4)
def _read(path: str, _changed: int, _size: int) -> dict[str, tuple[int, int]]:
    columns = read_own_trials(path).columns
    none = [False] * len(columns["es_id"])
    out = [columns.get(name, none) for name in ("control_arm", "authors_excluded")]
    given = ("weekly_sets",) if "weekly_sets" in columns else FACTORS
    doses = zip(*(columns[name] for name in given), strict=True)
    studies: dict[str, set[Any]] = {}
    sets: dict[str, set[Any]] = {}
    rows = zip(columns["domain"], columns["study"], doses, *out, strict=True)
    for domain, study, dose, *is_out in rows:
        if not any(is_out):
            studies.setdefault(str(domain), set()).add(study)
            sets.setdefault(str(domain), set()).add(math.prod(dose))
    return {domain: (len(studies[domain]), len(sets[domain])) for domain in studies}


def outcome_is_seen(parameters: Any) -> Any:
    """Refuse a reader's table in which no dose-response of the outcome can be seen."""
    path, outcome = parameters.table, parameters.outcome
    if not path:
        return parameters
    domain = OTHER_WORDS["domain"].get(outcome, outcome)
    trained = _trained(path)
    studies, doses = trained.get(domain, (0, 0))
    name = os.path.basename(path)
    if studies < 2:
        words = [f"{one} in {count}" for one, (count, _) in sorted(trained.items())] or ["none"]
        raise ValueError(
            f"table: {name} has too few studies with training arms of domain {domain}, which "
            f"{outcome} needs: two or more; it has {', '.join(words)}"
        )
    if doses < 2:
        raise ValueError(
            f"table: {name} has the same weekly sets in every training arm of domain {domain}; "
            "a dose-response needs arms that differ"
        )
    return parameters


OUTCOME_OF_TABLE = {"table", "outcome"}  # what outcome_is_seen looks at
NAMES = {
    "table": own_file(
        "path of a CSV file or Excel workbook of your own trials, its columns as "
        "repdose template trials --columns lists them; empty for the packaged ones",
        _trained,
    ),
}
