"""Many reports: what is planned, what is stale, what is made, and the index over them."""
