"""What is known: MET tables, study findings, guidelines, trial data, each with its source.

Names are loaded on first use, so that importing the package costs almost nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence.errors import EvidenceError, UnknownRecordError
from evidence.ledger import ledger

_HOME = {
    "met": "compendium",
    "compendium": "compendium",
    "search": "compendium",
    "crosswalk": "compendium",
    "finding": "findings",
    "findings": "findings",
    "guideline": "guidelines",
    "guidelines": "guidelines",
    "exercise": "exercises",
    "exercises": "exercises",
    "claims": "claims",
    "trials": "trials",
    "source": "bibliography",
    "cite": "bibliography",
}

__all__ = ["EvidenceError", "UnknownRecordError", "ledger", *sorted(_HOME)]
