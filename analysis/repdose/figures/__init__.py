"""Figures that reports show, one module a notebook."""
