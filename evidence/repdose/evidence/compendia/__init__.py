"""MET values: the editions of the Compendium, search in their labels, and what a MET is worth."""
