"""Reports: what a notebook calls to speak, and what runs it and writes the result."""

from __future__ import annotations

from analysis.reports.report import Report

__all__ = ["Report"]
