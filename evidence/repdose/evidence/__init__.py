"""What is known: MET tables, study findings, guidelines, trial data, each with its source.

Importing the package costs next to nothing: its modules use the standard library alone
and read a table, or pandas, when first asked for it.
"""

from __future__ import annotations

from repdose.evidence.all_records import every_record
from repdose.evidence.bibliography import cite, source
from repdose.evidence.checks.pack import pack
from repdose.evidence.claim_audit import claims

# Imported here, not on demand: some functions bear the name of the module they live in.
from repdose.evidence.compendia.met_search import search
from repdose.evidence.compendia.met_tables import compendium, crosswalk, met
from repdose.evidence.errors import EvidenceError, UnknownRecordError
from repdose.evidence.studies.corrections import corrections
from repdose.evidence.studies.curves import published_curve, published_curves
from repdose.evidence.studies.derived import derived_finding, derived_findings
from repdose.evidence.studies.study_findings import finding, findings
from repdose.evidence.studies.trial_data import dataset, trials
from repdose.evidence.training.checklists import cert_items
from repdose.evidence.training.recommendations import guideline, guidelines
from repdose.evidence.training.variants import exercise, exercises
from repdose.evidence.used import ledger

__all__ = [
    "EvidenceError",
    "UnknownRecordError",
    "cert_items",
    "cite",
    "claims",
    "compendium",
    "corrections",
    "crosswalk",
    "dataset",
    "derived_finding",
    "derived_findings",
    "every_record",
    "exercise",
    "exercises",
    "finding",
    "findings",
    "guideline",
    "guidelines",
    "ledger",
    "met",
    "pack",
    "published_curve",
    "published_curves",
    "search",
    "source",
    "trials",
]


def __dir__() -> list[str]:
    return sorted(__all__)
