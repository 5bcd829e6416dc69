"""Every record that a report can read, by the table that holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain

from repdose.evidence.body import anthropometry, metabolic_equations, resting_equations
from repdose.evidence.choices import by_choice
from repdose.evidence.claim_audit import shipped_claims
from repdose.evidence.compendia import conventions
from repdose.evidence.compendia.met_tables import TABLES, editions, mets
from repdose.evidence.records import Record
from repdose.evidence.studies import curves, derived, study_findings, trial_data
from repdose.evidence.studies.corrections import declared_corrections
from repdose.evidence.training import (
    checklists,
    leg_raises,
    progression_rules,
    recommendations,
    variants,
)

#: What reads each table's records, by id or by what they belong to; none enters a ledger.
READERS: dict[str, Callable[[], Mapping[str, Record | tuple[Record, ...]]]] = {
    **{table: partial(mets, edition) for edition, table in TABLES.items()},
    "met_editions": editions,
    "energy_conventions": conventions.conventions,
    "intensity_bands": lambda: {"bands": conventions.bands()},
    "findings": study_findings.by_id,
    "derived_findings": derived.derived_by_id,
    "dose_response_curves": curves.by_id,
    "trial_datasets": trial_data.by_name,
    "guidelines": recommendations.by_id,
    "exercises": variants.exercises_by_id,
    "leg_raise_geometry": leg_raises.by_exercise,
    "set_credits": variants.credits_by_id,
    "progression_rules": progression_rules.by_id,
    "cert_items": checklists.by_id,
    "reference_bodies": anthropometry.bodies,
    "segments_deleva1996": anthropometry.segments_by_id,
    "segment_lengths": anthropometry.lengths,
    "mechanics_constants": anthropometry.constants,
    "resting_equations": resting_equations.by_equation,
    "metabolic_equations": metabolic_equations.by_id,
    "choices": lambda: {name: tuple(rows.values()) for name, rows in by_choice().items()},
    "claims": shipped_claims,
}


def every_record() -> tuple[Record, ...]:
    """Every record of the shipped tables and every declared correction.

    Returns
    -------
    tuple of Record
        Table by table, none of them entered in a ledger: to list what there is is not to use it.

    Raises
    ------
    EvidenceError
        If a table or one of its rows cannot be read.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.finding("krieger2010.studies") in every_record()
    True
    """
    held = chain.from_iterable(read().values() for read in READERS.values())
    rows = chain.from_iterable(one if isinstance(one, tuple) else (one,) for one in held)
    return (*rows, *declared_corrections().values())
