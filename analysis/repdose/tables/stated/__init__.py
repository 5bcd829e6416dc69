"""Numbers that each report states, which the explorer shows too: a module a notebook."""
