"""The body: segments, sizes, resting energy and metabolic equations."""
