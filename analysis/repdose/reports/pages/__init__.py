"""From an executed notebook to HTML that needs nothing else."""
