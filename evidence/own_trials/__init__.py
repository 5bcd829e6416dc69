"""Trials of one's own: the layout of their table, and its strict reading."""

from __future__ import annotations

from evidence.own_trials.layout import fields, template
from evidence.own_trials.reading import OwnTrials, read_own_trials

__all__ = ["OwnTrials", "fields", "read_own_trials", "template"]
