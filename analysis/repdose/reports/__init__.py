"""Reports: what a notebook calls to speak, and what runs it and writes the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repdose.reports.report import Report

__all__ = ["Report"]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    """Import what a notebook needs when one asks for it; the command has no use for it."""
    if name == "Report":
        from repdose.reports.report import Report

        return Report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
