"""Diminishing returns: how many further sets bring a change that can be told from none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri

from analysis.arguments import Range, checked
from analysis.dose_response.published import DOSE, Curve
from analysis.dose_response.refits import Refit

if TYPE_CHECKING:
    import pandas as pd

COVERAGE = Range(0.5, 1, "(coverage)", below=True)
POWER = Range(0, 1, "(power)", above=True, below=True)
STEP = Range(0, DOSE.high, "", above=True)
# Doses at which a rise is looked for before the place is found exactly; dense near the start.
GRID = 64


def smallest_detectable_effect(
    variance: Any, *, arms: int = 1, power: float = 0.8, level: float = 0.95
) -> float:
    """Smallest true effect that a typical arm, or two of them compared, would tell from none.

    Parameters
    ----------
    variance : array_like
        Sampling variances of the effects where there is no effect [unit of the effect, squared],
        above 0; a variance at the effect found would count the effect as noise.
    arms : {1, 2}
        1 for a gain in one arm, 2 for the difference of the gains of two arms.
    power : float
        Probability of telling it from none, above 0 and below 1.
    level : float
        Confidence of telling it from none.

    Returns
    -------
    float
        [unit of the effect]

    Raises
    ------
    ValueError
        If a variance is no number above 0, arms is neither 1 nor 2, power lies outside (0, 1) or
        the level is no coverage.

    Notes
    -----
    .. math:: \\delta = (z_{(1 + level)/2} + z_{power})\\,\\sqrt{arms \\cdot
        \\operatorname{median}(v_i)}

    At a power of one half this is the limit of significance itself.

    *Valid for*: judging whether a gain, or a gain from more sets, could be seen in one such trial.
    *Not valid for*: what matters to a person; what all trials together can tell; a published
    smallest detectable effect may be defined otherwise.

    Examples
    --------
    >>> round(smallest_detectable_effect([0.01, 0.04, 0.09]), 3)
    0.56
    >>> round(smallest_detectable_effect([0.01, 0.04, 0.09], arms=2, power=0.5), 3)
    0.554
    """
    v = np.atleast_1d(checked("variance", variance, Range(0, math.inf, "", above=True)))
    if arms not in (1, 2) or isinstance(arms, bool):
        raise ValueError(f"arms must be 1 or 2; got {arms!r}")
    asked = float(checked("power", power, POWER))
    coverage = float(checked("level", level, COVERAGE))
    steps = ndtri((1 + coverage) / 2) + ndtri(asked)
    return float(steps * math.sqrt(arms * float(np.median(v))))


def sets_to_next_step(
    curve: Curve | Refit,
    dose: float | Sequence[float] | NDArray[np.float64],
    *,
    step: float,
) -> pd.DataFrame:
    """Further dose that raises the response by one step, from each dose.

    Parameters
    ----------
    curve : Curve or Refit
        A curve that is a formula, not bands.
    dose : float or array_like
        Doses to start from [the curve's dose unit].
    step : float
        Change wanted [the curve's outcome unit], as a smallest detectable effect.

    Returns
    -------
    DataFrame
        ``dose``, ``further`` and ``reached`` [dose unit; infinite if the curve never rises so
        far], ``slope`` at the start [outcome unit per dose unit] and ``extrapolated`` (the dose
        reached was not studied).

    Raises
    ------
    ValueError
        If the curve has bands, or step is not above 0.

    Examples
    --------
    >>> from analysis import dose_response
    >>> curve = dose_response.curve_of("pelland2026.size_volume")
    >>> sets_to_next_step(curve, [4], step=2.05)["further"].round(1).tolist()
    [6.3]
    """
    import pandas as pd

    wanted = float(checked("step", step, STEP))
    starts = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
    slopes = np.asarray(curve.slope(starts))

    def short(at: float, start: float) -> float:
        answer = curve.response([at], reference_dose=start)
        return float(answer["estimate"].iloc[0]) - wanted

    reached = []
    for start in starts:
        grid = np.geomspace(1, DOSE.high - start + 1, GRID) + start - 1
        gains = curve.response(grid, reference_dose=float(start))["estimate"].to_numpy()
        over = np.flatnonzero(gains >= wanted)
        if not over.size:
            reached.append(math.inf)
        else:
            low, high = grid[over[0] - 1], grid[over[0]]
            reached.append(float(brentq(short, low, high, args=(float(start),))))
    at = np.array(reached)
    beyond = ~np.isfinite(at)
    beyond[~beyond] = curve.extrapolated(at[~beyond])
    return pd.DataFrame(
        {
            "dose": starts,
            "further": at - starts,
            "reached": at,
            "slope": slopes,
            "extrapolated": beyond,
        }
    )
