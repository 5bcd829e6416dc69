"""Four effects of three trials and a curve, typed, for tests of the figures that show them."""

import pandas as pd

EFFECTS = pd.DataFrame(
    {
        "study": ["Ash2001", "Ash2001", "Birch2004", "Cedar2010"],
        "status": ["trained", "trained", "untrained", "untrained"],
        "weekly_sets": [3.0, 9.0, 6.0, 18.0],
        "yi": [0.10, 0.50, -0.20, 0.91],
        "vi": [0.01, 0.04, 0.09, 0.0625],
    }
)
SUMMARY = {"estimate": 0.33, "ci_low": 0.11, "ci_high": 0.55, "pi_low": -0.42, "pi_high": 1.08}
CURVE = pd.DataFrame(
    {
        "dose": [1.0, 10.0, 20.0],
        "estimate": [0.12, 0.31, 0.44],
        "low": [0.02, 0.21, 0.24],
        "high": [0.22, 0.41, 0.64],
        "pi_low": [-0.3, -0.1, -0.05],
        "pi_high": [0.5, 0.7, 0.93],
        "extrapolated": [True, False, True],
    }
)
