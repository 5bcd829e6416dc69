"""What studies found: findings, published curves, trial data and its corrections."""
