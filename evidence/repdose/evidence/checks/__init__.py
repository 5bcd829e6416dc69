"""Checks of evidence: the shipped tables, and a table of one's own."""
