"""What is known: MET tables, study findings, guidelines, trial data, each with its source.

Importing the package costs next to nothing: a name brings its module when it is first used,
and the modules use the standard library alone and read a table, or pandas, when first asked
for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repdose.evidence.all_records import every_record
    from repdose.evidence.bibliography import cite, source
    from repdose.evidence.checks.pack import pack
    from repdose.evidence.claim_audit import claims
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

# The module of each, as above
_WHERE = {
    "EvidenceError": "errors",
    "UnknownRecordError": "errors",
    "cert_items": "training.checklists",
    "cite": "bibliography",
    "claims": "claim_audit",
    "compendium": "compendia.met_tables",
    "corrections": "studies.corrections",
    "crosswalk": "compendia.met_tables",
    "dataset": "studies.trial_data",
    "derived_finding": "studies.derived",
    "derived_findings": "studies.derived",
    "every_record": "all_records",
    "exercise": "training.variants",
    "exercises": "training.variants",
    "finding": "studies.study_findings",
    "findings": "studies.study_findings",
    "guideline": "training.recommendations",
    "guidelines": "training.recommendations",
    "ledger": "used",
    "met": "compendia.met_tables",
    "pack": "checks.pack",
    "published_curve": "studies.curves",
    "published_curves": "studies.curves",
    "search": "compendia.met_search",
    "source": "bibliography",
    "trials": "studies.trial_data",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
