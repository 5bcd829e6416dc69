"""Effect size of a change against the change of a control group."""

from __future__ import annotations

from typing import Any

from repdose.effect_sizes.common import (
    CORRELATION,
    MEAN,
    PEOPLE,
    POSITIVE,
    Effect,
    between_groups,
    checked_arrays,
)


def d_ppc2(
    mean_pre_1: Any,
    sd_pre_1: Any,
    mean_post_1: Any,
    n_1: Any,
    mean_pre_2: Any,
    sd_pre_2: Any,
    mean_post_2: Any,
    n_2: Any,
    *,
    r: Any,
    vtype: str = "large-sample",
    at: Any = None,
) -> Effect:
    """Difference of two groups' changes over their pooled SD before (Morris's d_ppc2).

    Parameters
    ----------
    mean_pre_1, mean_post_1, mean_pre_2, mean_post_2 : float or array_like
        Means before and after of the trained (1) and the control group (2) [unit of the outcome].
    sd_pre_1, sd_pre_2 : float or array_like
        SDs before [unit of the outcome], above 0.
    n_1, n_2 : float or array_like
        People in each group, above 2.
    r : float or array_like
        Correlation of the two measurements, the same in both groups, above -1 and below 1. It
        enters the variance alone.
    vtype : {"large-sample", "exact"}
        Which sampling variance; see Notes.
    at : float or array_like, optional
        True effect at which the variance is taken; by default each estimate for its own, which
        lets weights follow the outcome.

    Returns
    -------
    Effect
        yi [pooled SD before], positive where group 1 gained more, and vi [its square].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    With m = n_1 + n_2 - 2, :math:`a = 2(1-r)(1/n_1 + 1/n_2)` and :math:`\\delta` = `at`, or y,

    .. math:: y = J(m)\\,\\frac{(\\bar x_{post,1} - \\bar x_{pre,1})
        - (\\bar x_{post,2} - \\bar x_{pre,2})}{s_p}, \\quad
        v_{large} = a + \\frac{\\delta^2}{2(n_1+n_2)}, \\quad
        v_{exact} = J(m)^2\\,\\frac{m}{m-2}\\,(a + \\delta^2) - \\delta^2

    where s_p pools the SDs before :cite:`morris2008`.

    *Valid for*: two separate groups measured twice, SDs before alike. *Not valid for*: limbs of
    the same people.

    References
    ----------
    :cite:`morris2008`

    Examples
    --------
    The first of five studies of training in :cite:`morris2008`:

    >>> effect = d_ppc2(30.6, 15.0, 38.5, 20, 23.1, 13.8, 19.7, 20, r=0.47, vtype="exact")
    >>> round(effect.yi, 2), round(effect.vi, 3)
    (0.77, 0.116)
    """
    m1, s1, p1, k1, m2, s2, p2, k2, cor = checked_arrays(
        mean_pre_1=(mean_pre_1, MEAN),
        sd_pre_1=(sd_pre_1, POSITIVE),
        mean_post_1=(mean_post_1, MEAN),
        n_1=(n_1, PEOPLE),
        mean_pre_2=(mean_pre_2, MEAN),
        sd_pre_2=(sd_pre_2, POSITIVE),
        mean_post_2=(mean_post_2, MEAN),
        n_2=(n_2, PEOPLE),
        r=(r, CORRELATION),
    )
    scale = 2 * (1 - cor) * (1 / k1 + 1 / k2)
    gained = (p1 - m1) - (p2 - m2)
    return between_groups(gained, s1, k1, s2, k2, scale, vtype=vtype, at=at)
