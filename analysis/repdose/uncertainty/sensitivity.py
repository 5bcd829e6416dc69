"""Which input the outcome's variance comes from: Sobol indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repdose.arguments import Range
from repdose.uncertainty.simulation import (
    SEED,
    Inputs,
    Model,
    streams,
    through,
    uncertain_inputs,
    whole,
)

if TYPE_CHECKING:
    import pandas as pd

SAMPLES = Range(2, 2**22, "")


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Sobol indices of the inputs.

    Parameters
    ----------
    indices : DataFrame
        By input, largest total index first: first, first_ci, total, total_ci. The `_ci`
        are half-widths of 95 % bootstrap intervals of the sampling error alone.
    samples : int
        Points of the base sequence.
    """

    indices: pd.DataFrame
    samples: int

    @property
    def most(self) -> str:
        """The input with the largest total index."""
        return str(self.indices.index[0])

    @property
    def leading(self) -> tuple[str, ...]:
        """The inputs whose total index is the largest in whole percent: one, or several level."""
        shares = self.indices["total"].map(lambda share: round(100 * share))
        return tuple(str(name) for name in shares.index[shares == shares.max()])

    @property
    def summary(self) -> str:
        """Plain words: what matters most, and what share of the variance it makes alone."""
        first, total = self.indices.iloc[0][["first", "total"]]
        if len(self.leading) > 1:
            return (
                f"{', '.join(self.leading)} matter alike and most: each makes {100 * total:.0f} % "
                "of the variance, with what it does together with other inputs. Shares are of "
                "the stated distributions and change with them."
            )
        return (
            f"{self.most} matters most: alone it makes {100 * first:.0f} % of the variance, and "
            f"{100 * total:.0f} % with what it does together with other inputs. Shares are of "
            "the stated distributions and change with them."
        )


def sobol(function: Model, inputs: Inputs, *, samples: int = 1024, seed: int) -> Sensitivity:
    r"""First-order and total Sobol indices of the inputs.

    Parameters
    ----------
    function, inputs
        As in :func:`repdose.uncertainty.simulate`. Inputs with one parent are one input here,
        named together.
    samples : int
        Points of the base sequence, a power of two; the function sees samples x (inputs + 2).
    seed : int
        Seed of the scrambled sequence and of the bootstrap.

    Returns
    -------
    Sensitivity

    Raises
    ------
    ValueError
        If `samples` is no power of two, there is one independent input, or the outcome does
        not vary.

    Notes
    -----
    .. math:: S_i = \frac{V[E(Y \mid X_i)]}{V[Y]}, \qquad
              S_{Ti} = \frac{E[V(Y \mid X_{\sim i})]}{V[Y]}

    *Valid for:* independent inputs. *Not valid for:* inputs correlated through a copula, or
    for how much an assumption matters that was not given a distribution.

    References
    ----------
    :cite:`sobol2001`, :cite:`saltelli2010`

    Examples
    --------
    >>> from repdose.uncertainty import uniform
    >>> even = uniform(0, 1, reason="example")
    >>> sensitivity = sobol(lambda a, b: 2 * a + b, {"a": even, "b": even}, seed=1)
    >>> sensitivity.most, round(float(sensitivity.indices.loc["a", "first"]), 2)
    ('a', 0.8)
    """
    # SALib pulls in half of the scientific stack; whoever only simulates does not pay for it
    import pandas as pd
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    uncertain = uncertain_inputs(inputs)
    base, start = int(whole("samples", samples, SAMPLES)), int(whole("seed", seed, SEED))
    if base & (base - 1):
        raise ValueError(f"samples must be a power of two; got {base}")
    drawn_once = streams(uncertain)
    if len(drawn_once) < 2:
        raise ValueError(
            f"inputs vary together in one draw ({drawn_once[0]!r}), which makes all of the "
            "variance; give two independent inputs or more"
        )
    members = {
        stream: ", ".join(n for n, one in uncertain.items() if (one.parent or n) == stream)
        for stream in drawn_once
    }
    names = list(members.values())
    problem = {
        "num_vars": len(drawn_once),
        "names": names,
        "bounds": [[0.0, 1.0]] * len(drawn_once),
    }
    points = sampling.sample(problem, base, calc_second_order=False, seed=start)
    # The ends of the unit cube have infinite normal quantiles
    edge = np.finfo(np.float64).eps
    column = dict(zip(drawn_once, np.clip(points, edge, 1 - edge).T, strict=True))
    drawn = {name: one.quantile(column[one.parent or name]) for name, one in uncertain.items()}
    fixed = {name: value for name, value in inputs.items() if name not in uncertain}
    outcome = through(function, drawn, uncertain, fixed, len(points))
    if np.ptp(outcome) == 0:
        raise ValueError(f"the outcome is {outcome[0]:g} at every point: no variance to share out")
    indices = analysis.analyze(problem, outcome, calc_second_order=False, seed=start)
    table = pd.DataFrame(
        {
            "first": indices["S1"],
            "first_ci": indices["S1_conf"],
            "total": indices["ST"],
            "total_ci": indices["ST_conf"],
        },
        index=pd.Index(names, name="input"),
    )
    return Sensitivity(table.sort_values("total", ascending=False, kind="stable"), base)
