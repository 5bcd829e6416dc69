"""What a result looks like on axes: the ground of its ``plot`` and of the figures."""
