"""An audit of a table of trials, or of risks by category of dose, before anyone fits it.

Each rule looks for one kind of entry error and says what it saw, how grave it is and what to
check in the paper. A query is a question to the paper, not a verdict: nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from repdose.evidence.waiting import steps
from repdose.screening import design, labels, numbers, risks
from repdose.screening.query import Frame, Query, Rule, listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RISK_RULES", "RULES", "Query", "Rule", "screen"]


def __dir__() -> list[str]:
    return sorted(__all__)


RULES: tuple[Rule, ...] = (
    Rule("duplicate_id", (), labels.duplicate_id),
    Rule("label_forms", (), labels.label_forms),
    Rule("malformed_doi", ("doi",), labels.malformed_doi),
    Rule("fill_down", (), labels.fill_down),
    Rule("several_dois", ("doi",), labels.several_dois),
    Rule("outcome_region", ("outcome", "body_region"), labels.outcome_region),
    Rule("arm_label_dose", ("sets_per_exercise",), design.arm_label_dose),
    Rule("dose_elsewhere", ("sets_per_exercise", "muscle_group"), design.dose_elsewhere),
    Rule("exercises_differ", ("exercises", "outcome", "weeks"), design.exercises_differ),
    Rule(
        "dose_arithmetic",
        ("freq", "sets_per_exercise", "exercises", "weekly_sets"),
        design.dose_arithmetic,
    ),
    Rule("group_size_changes", ("n",), design.group_size_changes),
    Rule("arm_attribute_changes", (), design.arm_attribute_changes),
    Rule("shared_control", ("control_arm",), design.shared_control),
    Rule("duplicate_rows", ("mean_pre", "sd_pre", "mean_post"), numbers.duplicate_rows),
    Rule("baseline_changes", ("outcome", "weeks", "mean_pre", "sd_pre"), numbers.baseline_changes),
    Rule("spread", ("n", "domain", "outcome", "mean_pre", "sd_pre"), numbers.spread),
    Rule("effect_beyond_3", ("n", "mean_pre", "sd_pre", "mean_post"), numbers.effect_beyond_3),
    Rule("implausible_change", ("domain", "mean_pre", "mean_post"), numbers.implausible_change),
    Rule("change_score", ("mean_change", "mean_pre", "mean_post"), numbers.change_score),
)

RISK_RULES: tuple[Rule, ...] = (
    Rule("duplicate_id", (), labels.duplicate_id),
    Rule("references", (), risks.references),
    Rule("interval_excludes", (), risks.interval_excludes),
    Rule("interval_asymmetric", (), risks.interval_asymmetric),
    Rule("cases_sum", ("cases", "study_cases"), risks.cases_sum),
    Rule("more_cases", ("cases", "n"), risks.more_cases),
    Rule("dose_order", (), risks.dose_order),
    Rule("classes_overlap", ("dose_low", "dose_high"), risks.classes_overlap),
    Rule("dose_outside_class", ("dose_low", "dose_high"), risks.dose_outside_class),
    Rule("crude_ratio", ("cases", "n"), risks.crude_ratio),
)

# Ids that more than this share of the rows have in common with another study restart by design.
MOST = 0.5


def screen(data: pd.DataFrame, *, id: str | None = None) -> pd.DataFrame:
    """Queries of every rule on an arm-level table, or on one of risks by category of dose.

    Parameters
    ----------
    data : DataFrame
        One row an arm, outcome and time point, with columns ``study`` and ``arm`` and, as far
        as there are any, ``doi``, ``year``, ``n``, ``domain`` (size or strength), ``outcome``,
        ``muscle_group``, ``body_region``, ``weeks`` [week], ``freq`` [1/week],
        ``sets_per_exercise`` [set], ``exercises``, ``weekly_sets`` [set/week], ``control_arm``,
        ``mean_pre``, ``sd_pre``, ``mean_post``, ``sd_post``, ``mean_change``, ``sd_change``
        [unit of the outcome]. A table with ``rr`` or ``log_rr`` and no ``arm`` is one of risks, a
        row a category: ``study``, ``outcome``, ``design``, ``dose`` or ``dose_low`` and
        ``dose_high`` [unit of dose], ``cases``, ``n``, ``study_cases`` (their printed total),
        ``ci_low``, ``ci_high``, ``se``, as for :func:`repdose.dose_response.grouped`.
    id : str, optional
        Column that names a row, by default ``es_id``, and ``row_id`` in a table of risks. Where
        ids are counted anew in every study, rows are named by study and id, as ``Smith2020/3``.

    Returns
    -------
    DataFrame
        ``rows`` (list of ids), ``study``, ``rule``, ``severity`` (high: almost surely an entry
        error; medium: improbable or contradictory; low: to be known before fitting),
        ``evidence`` and ``check`` (what to do). Gravest first. ``attrs["not_run"]`` maps each
        rule that could not run to the columns it missed.

    Raises
    ------
    ValueError
        If the id, study or arm column is missing or empty in a row, a column that must hold
        numbers does not, or ``control_arm`` is neither true nor false in a row.

    Notes
    -----
    *Valid for*: tables of published means and SDs. *Not valid for*: proving a table right; a
    single number that is wrong but plausible passes.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> queries = screen(ev.trials("volume", raw=True))
    >>> queries.loc[queries["rule"] == "arm_label_dose", "rows"].tolist()
    [[272, 273, 274, 275], [366, 367, 368, 369]]
    """
    from repdose.shown import Table

    of_risks = "arm" not in data.columns and bool({"rr", "log_rr"} & set(data.columns))
    id = id or ("row_id" if of_risks else "es_id")
    needed = (id, "study") if of_risks else (id, "study", "arm")
    if of_risks and not {"dose", "dose_low"} & set(data.columns):
        raise ValueError("data has no column 'dose' or 'dose_low'")
    for name in needed:
        if name not in data.columns:
            hint = "; name the id column with id=" if name == id else ""
            raise ValueError(f"data has no column {name!r}{hint}")
    rows = _ready(data, id, needed)
    if of_risks:
        rows = risks.ready(rows)
    not_run: dict[str, list[str]] = {}
    queries: list[tuple[str, Query]] = []
    rules = {rule.name: rule for rule in (RISK_RULES if of_risks else RULES)}
    for name in steps(list(rules), "Screening", rows=len(rows)):
        rule = rules[name]
        absent = [column for column in rule.needs if column not in rows.columns]
        if absent:
            not_run[name] = absent
        else:
            queries += [(name, query) for query in rule.look(rows)]
    grave = {"high": 0, "medium": 1, "low": 2}
    queries.sort(key=lambda pair: grave[pair[1].severity])
    result = Table(
        [
            [list(item.rows), item.study, rule, item.severity, item.evidence, item.check]
            for rule, item in queries
        ],
        columns=["rows", "study", "rule", "severity", "evidence", "check"],
    )
    result.attrs["not_run"] = not_run
    result.attrs["title"] = f"{len(queries)} queries: questions to the papers, no verdicts"
    return result


_NUMBERS = (
    "year",
    "n",
    "weeks",
    "freq",
    "sets_per_exercise",
    "exercises",
    "weekly_sets",
    "age_mean",
    "mean_pre",
    "sd_pre",
    "mean_post",
    "sd_post",
    "mean_change",
    "sd_change",
    "dose",
    "dose_low",
    "dose_high",
    "dose_median",
    "dose_mean",
    "cases",
    "study_cases",
    "rr",
    "log_rr",
    "ci_low",
    "ci_high",
    "se",
)


def _ready(data: pd.DataFrame, id: str, needed: tuple[str, ...]) -> Frame:
    """A copy with the id in column ``_id`` and numbers where numbers belong."""
    rows: Frame = data.reset_index(drop=True).copy()
    # Rules take many small groups, which is slow from Arrow's strings.
    text = rows.select_dtypes("string").columns
    rows[text] = rows[text].astype(object)
    rows["_id"] = rows[id]
    for name in dict.fromkeys(needed):
        empty = rows[name].isna() | (rows[name].astype(str).str.strip() == "")
        if empty.any():
            places = listed(rows.index[empty] + 1)
            raise ValueError(f"data column {name} is empty in row {places} (counted from 1)")
    if _restarts(rows, id):
        rows["_id"] = rows["study"].astype(str) + "/" + rows[id].astype(str)
    for name in _number_columns(rows):
        kind = rows[name].dtype.kind
        if kind not in "iufb":
            raise ValueError(
                f"data column {name} must hold numbers; its type is {rows[name].dtype}"
            )
        rows[name] = rows[name].astype(np.float64)
    if "control_arm" in rows.columns:
        wrong = ~rows["control_arm"].isin([True, False])
        if wrong.any():
            raise ValueError(
                "data column control_arm must be true or false; got "
                f"{listed(repr(value) for value in rows.loc[wrong, 'control_arm'])} "
                f"in rows with {id} {listed(rows.loc[wrong, '_id'])}"
            )
        rows["control_arm"] = rows["control_arm"].astype(bool)
    return rows.copy()  # columns of one type together: what is cut thousands of times has few parts


def _restarts(rows: Frame, id: str) -> bool:
    """Whether ids are counted anew in every study: most rows have an id that others have too."""
    studies = rows.groupby(id, sort=False)["study"].transform("nunique")
    return bool((studies > 1).mean() > MOST)


def _number_columns(rows: Frame) -> Iterator[str]:
    return (name for name in _NUMBERS if name in rows.columns)
