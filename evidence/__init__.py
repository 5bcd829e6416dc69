"""What is known: MET tables, study findings, guidelines, trial data, each with its source.

Importing the package costs next to nothing: its modules use the standard library alone
and read a table, or pandas, when first asked for it.
"""

from __future__ import annotations

# Imported here, not on demand: some functions bear the name of the module they live in.
from evidence.activity_search import search
from evidence.bibliography import cite, source
from evidence.claims import claims
from evidence.compendium import compendium, crosswalk, met
from evidence.curves import published_curve, published_curves
from evidence.derived_findings import derived_finding, derived_findings
from evidence.errors import EvidenceError, UnknownRecordError
from evidence.exercises import exercise, exercises
from evidence.findings import finding, findings
from evidence.guidelines import guideline, guidelines
from evidence.ledger import ledger
from evidence.reporting import cert_items
from evidence.trials import corrections, dataset, trials

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
    "exercise",
    "exercises",
    "finding",
    "findings",
    "guideline",
    "guidelines",
    "ledger",
    "met",
    "published_curve",
    "published_curves",
    "search",
    "source",
    "trials",
]


def __dir__() -> list[str]:
    return sorted(__all__)
