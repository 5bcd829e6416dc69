"""A build packed to deposit."""
