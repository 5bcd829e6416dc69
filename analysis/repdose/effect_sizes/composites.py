"""One effect for several of the same people, as a forest plot shows a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from repdose.arguments import Range, checked
from repdose.effect_sizes.common import HUGE, MEAN

if TYPE_CHECKING:
    import pandas as pd


def composite(data: pd.DataFrame, *, by: str = "study", rho: float) -> pd.DataFrame:
    """Mean of the effects of each group, whose sampling errors are correlated.

    Parameters
    ----------
    data : DataFrame
        With columns ``yi`` and ``vi``.
    by : str
        Column of the groups.
    rho : float
        Correlation of two sampling errors within a group, 0 to 1. No default: it is assumed.

    Returns
    -------
    DataFrame
        By group, in order of appearance: ``k`` effects, ``yi`` and ``vi``.

    Raises
    ------
    ValueError
        If a column is missing, a variance is not above 0, or rho is no correlation.

    Notes
    -----
    .. math:: \\bar y = \\frac{1}{m} \\sum_i y_i, \\qquad
        \\bar v = \\frac{1}{m^2} \\Big( \\sum_i v_i + \\rho \\sum_{i \\ne j}
        \\sqrt{v_i v_j} \\Big)

    *Valid for*: showing a group as one line. *Not valid for*: replacing a multilevel model, which
    keeps the differences between its effects.

    References
    ----------
    :cite:`pustejovsky2022`

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"study": ["a", "a"], "yi": [0.2, 0.4], "vi": [0.04, 0.04]})
    >>> composite(rows, rho=0.5).round(3).values.tolist()
    [[2.0, 0.3, 0.03]]
    """
    import pandas as pd

    absent = [name for name in (by, "yi", "vi") if name not in data.columns]
    if absent:
        raise ValueError(f"data has no column {', '.join(absent)}")
    shared = float(checked("rho", rho, Range(0, 1, "")))
    effect: Any = np.atleast_1d(checked("yi", data["yi"].to_numpy(), MEAN))
    variance: Any = np.atleast_1d(
        checked("vi", data["vi"].to_numpy(), Range(0, HUGE, "", above=True))
    )
    rows = pd.DataFrame(
        {by: data[by].to_numpy(), "k": 1, "yi": effect, "vi": variance, "_root": np.sqrt(variance)}
    )
    sums = rows.groupby(by, sort=False).sum()
    pairs = sums["_root"] ** 2 - sums["vi"]
    return pd.DataFrame(
        {
            "k": sums["k"],
            "yi": sums["yi"] / sums["k"],
            "vi": (sums["vi"] + shared * pairs) / sums["k"] ** 2,
        }
    )
