"""Tables of trial data, each from its source; effect sizes are computed and never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repdose.evidence.errors import unknown
from repdose.evidence.records import Record
from repdose.evidence.studies.corrections import corrected, declared_corrections
from repdose.evidence.tables import records, table
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Dataset(Record):
    """A set of trial data, for the ledger and the terms it comes on."""

    name: str
    table: str
    title: str
    licence: str
    attribution: str

    @property
    def stated(self) -> str:
        return self.title


@kept
def by_name() -> dict[str, Dataset]:
    """The sets of trials by name, without an entry in a ledger."""
    datasets = records("trial_datasets", Dataset)
    return {dataset.name: dataset for dataset in datasets.values()}


def dataset(name: str) -> Dataset:
    """What a set of trial data is, whence it comes and on what terms.

    Raises
    ------
    UnknownRecordError
        If there is none of that name.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.dataset("contralateral").licence
    'CC0: free to redistribute; citation asked for.'
    """
    if name not in by_name():
        raise unknown("trial data", name, by_name())
    return read(by_name()[name])


def trials(name: str, *, raw: bool = False) -> pd.DataFrame:
    """Trial data, with the declared corrections applied.

    Parameters
    ----------
    name : str
        ``volume``: published means and SDs of the arms of set-volume trials, one row an
        outcome and time point, with ``weekly_sets`` [sets/week] = sessions a week x sets of an
        exercise x exercises. ``contralateral``: results of single participants, one row an
        attempt. ``strength_training_mortality``, ``strength_training_diabetes`` and
        ``leisure_activity_mortality``: hazard ratios of cohorts by category of dose [min/week or
        MET-h/week] with their reference, for :func:`repdose.dose_response.grouped`.
    raw : bool
        As entered in the source, nothing corrected or left out.

    Returns
    -------
    DataFrame
        The columns of the packaged table; unless raw also ``corrected`` and ``flagged``, the
        ids of the corrections that changed or only marked the row, joined by ``; ``.

    Raises
    ------
    UnknownRecordError
        If there is no such data.
    EvidenceError
        If a correction no longer finds the value it was declared against.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> volume = ev.trials("volume")
    >>> volume.loc[volume["es_id"] == 272, ["arm", "weekly_sets", "corrected"]].values.tolist()
    [['Cannon2010:S3', 9.0, 'cannon2010_three_set_arm']]
    >>> ev.trials("volume", raw=True).loc[271, "arm"]
    'Cannon2010:S1'
    """
    import pandas as pd

    source = table(dataset(name).table)
    declared = [item for item in declared_corrections().values() if item.table == source.name]
    if raw or not declared:
        frame = source.frame()
    else:
        rows, touched = corrected(source, declared)
        frame = pd.DataFrame(rows, columns=list(source.columns))
        for column, actions in (("corrected", ("set",)), ("flagged", ("flag",))):
            frame[column] = [
                "; ".join(item.id for item in touched.get(key, []) if item.action in actions)
                for key in frame[source.schema["primaryKey"]]
            ]
    if name == "volume":
        sets = frame["freq"] * frame["sets_per_exercise"] * frame["exercises"]
        frame.insert(list(frame.columns).index("exercises") + 1, "weekly_sets", sets)
    return frame
