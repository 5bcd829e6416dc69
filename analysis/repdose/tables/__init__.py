"""Tables that reports show, one module a notebook."""
