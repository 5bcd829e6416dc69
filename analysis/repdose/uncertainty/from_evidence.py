"""Distributions attached to evidence: intervals, spreads, analogies, tables, body mass."""

from __future__ import annotations

from scipy.special import ndtri

from repdose import evidence as ev
from repdose.arguments import BODY_MASS_KG, Range, choice
from repdose.evidence.choices import declared_options
from repdose.evidence.studies.study_findings import Finding
from repdose.evidence.training.variants import met_analogies
from repdose.uncertainty.distributions import Distribution, normal, one_number, one_of, three_point

INTERVAL_KINDS = {"95% CI": "confidence", "95% CrI": "credible"}
# A 95 % interval of a normal distribution reaches this many SD to either side.
REACH_95 = float(ndtri(0.975))
# How much longer one side of an interval may be before a normal distribution misstates it;
# below it the difference can come from rounding in print.
LOPSIDED = 0.25


def interval(id: str) -> Distribution:
    """Normal distribution from the 95 % interval of a finding, its kind kept.

    Parameters
    ----------
    id : str
        As in ``pelland2026.hypertrophy_percent_per_weekly_set``.

    Raises
    ------
    UnknownRecordError
        If there is no such finding.
    ValueError
        If it has no 95 % interval, or one so lopsided that a normal distribution misstates it.

    Notes
    -----
    Mean: the estimate. SD: the interval's width over 2 x 1.96. *Valid for:* estimates whose
    sampling distribution is about normal. *Not valid for:* the range between people or
    studies, which is wider.

    Examples
    --------
    >>> slope = interval("pelland2026.hypertrophy_percent_per_weekly_set")
    >>> slope.kind, slope.parent
    ('credible', 'pelland2026.hypertrophy_percent_per_weekly_set')
    """
    finding = ev.finding(id)
    kind = INTERVAL_KINDS.get(finding.interval)
    if kind is None or finding.value is None or finding.low is None or finding.high is None:
        stated = f"a {finding.interval}" if finding.interval else "no interval"
        raise ValueError(
            f"finding {id!r} states {stated}, and a normal distribution needs a value with a "
            "95 % interval; use `between_people` for an SD, or `uniform` with a reason for ends"
        )
    return normal_of(finding, kind, finding.value, finding.low, finding.high)


def normal_of(finding: Finding, kind: str, value: float, low: float, high: float) -> Distribution:
    """Normal distribution from the ends of a 95 % interval, unless it is too lopsided."""
    below, above = value - low, high - value
    if max(below, above) > (1 + LOPSIDED) * min(below, above):
        raise ValueError(
            f"finding {finding.id!r}: the interval reaches {below:g} below and {above:g} above "
            f"{value:g}, which is no normal distribution; use `three_point` with a reason"
        )
    return normal(
        value,
        (high - low) / (2 * REACH_95),
        kind=kind,
        reason=f"{finding.interval} of {finding.quantity}",
        source=finding.source,
        parent=finding.id,
    )


def between_people(id: str) -> Distribution:
    """Normal distribution from the mean and SD of a finding: where one person may lie.

    Parameters
    ----------
    id : str
        As in ``byrne2005.resting_oxygen_uptake``.

    Raises
    ------
    UnknownRecordError
        If there is no such finding.
    ValueError
        If it has no SD.

    Examples
    --------
    >>> between_people("byrne2005.resting_oxygen_uptake").shape
    'normal, mean 2.6, SD 0.4'
    """
    finding = ev.finding(id)
    if finding.value is None or finding.sd is None:
        raise ValueError(
            f"finding {id!r} has no mean with an SD; use `interval` for an estimate with a "
            "95 % interval"
        )
    return normal(
        finding.value,
        finding.sd,
        kind="between people",
        reason=f"mean and SD of {finding.quantity}",
        source=finding.source,
        parent=finding.id,
    )


def analogy(variant: str, *, edition: int | str, shape: str = "pert") -> Distribution:
    """Low, central and high MET row that stand in for a variant.

    All variants of an edition have one parent and get the same draw: whatever puts a leg
    raise near its high row does so for all of them, and errors that are one error do not
    cancel.

    Parameters
    ----------
    variant : str
        Leg-raise variant.
    edition : {"2011", "2024"}
        Adult edition of the Compendium.
    shape : {"pert", "triangular"}
        How the weight falls off from the central row, see :func:`three_point`; the reasons
        are those of the declared choice ``met_spread``.

    Raises
    ------
    UnknownRecordError, EvidenceError
        If there is no such variant, or no analogies for the edition.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> analogy("lying_straight_leg", edition=2011).words
    'pert, 2.3, 2.8, 8 (an assumption)'
    """
    rows = met_analogies(variant, edition=edition)
    low, central, high = rows["low"].met, rows["central"].met, rows["high"].met
    spreads = declared_options("met_spread")
    why = spreads[choice("shape", shape, spreads)].reason
    return three_point(
        low.met,
        central.met,
        high.met,
        shape=shape,
        reason=f"MET rows {low.code}, {central.code}, {high.code} of {edition} as analogies. {why}",
        source=central.source,
        parent=f"MET rows {edition}",
    )


def body_mass(body_mass_kg: float, *, sd_kg: float) -> Distribution:
    """Body mass with the SD of its error, which the caller states, kept to what a body can weigh.

    Examples
    --------
    >>> body_mass(75, sd_kg=1).words
    'normal, mean 75, SD 1 (stated error of measurement)'
    >>> body_mass(75, sd_kg=20).words
    'normal, mean 75, SD 20, cut to 20 to 300 kg (stated error of measurement)'
    """
    return normal(
        one_number("body_mass_kg", body_mass_kg, BODY_MASS_KG),
        one_number("sd_kg", sd_kg, Range(0, BODY_MASS_KG.high, "kg", above=True)),
        within=BODY_MASS_KG,
        kind="measurement",
        reason="body mass and SD of its error as stated",
    )


def segment_tables() -> Distribution:
    """One of the segment tables whose end points agree with their lengths, each as likely.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`

    Examples
    --------
    >>> segment_tables().labels
    ('deleva1996', 'winter2009')
    """
    return one_of(
        "deleva1996",
        "winter2009",
        reason="standard segment tables that cut the thigh at different places",
        source="winter2009",
        parent="segment table",
    )
