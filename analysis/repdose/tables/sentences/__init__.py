"""Sentences of reports that follow from their numbers, one module a notebook."""
