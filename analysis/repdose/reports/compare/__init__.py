"""Two builds compared number by number."""
