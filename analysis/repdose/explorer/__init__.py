"""Move the parameters of a report in JupyterLab and see its numbers and figure.

An explorer has a slider or a choice for each parameter that the notebook declares, and shows the
numbers that the notebook would state for them, by the same functions, with their sources beside
them. What it shows can be taken away as YAML, as a parameters cell or as a command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from repdose.explorer.state import State, of

if TYPE_CHECKING:
    from repdose.explorer.view import Explorer

__all__ = ["State", "activity_and_risk", "compare", "dose_response", "energy_cost", "weekly_volume"]

Progression = str | list[Any] | Mapping[str, Any]


def __dir__() -> list[str]:
    return sorted(__all__)


def energy_cost(scenario: Progression = "foundation", **parameters: Any) -> Explorer:
    """Explore what a plan costs in energy.

    Parameters
    ----------
    scenario : str, list or mapping
        Name of a shipped scenario or path of a scenario file, which bring their parameters with
        them; or the stages of a plan; or a mapping of title and plan.
    **parameters
        Parameters of the notebook, as ``repdose params energy_cost`` lists them.

    Returns
    -------
    Explorer
        Shown by the last line of a cell; ``.state``, ``.save("mine.yaml")``, ``.load(...)``.

    Raises
    ------
    ValueError
        Naming what is refused, and what is allowed.
    ImportError
        If ipywidgets is not installed.
    """
    return _shown(of("energy_cost", scenario, **parameters))


def weekly_volume(scenario: Progression = "foundation", **parameters: Any) -> Explorer:
    """Explore the weekly sets that a plan gives each muscle; see :func:`energy_cost`."""
    return _shown(of("weekly_volume", scenario, **parameters))


def dose_response(outcome: str = "hypertrophy", **parameters: Any) -> Explorer:
    """Explore gains along weekly sets: outcome, form, correlations, doses and trials left out.

    Parameters
    ----------
    outcome : {"hypertrophy", "strength"}
        Gains in muscle size or in strength.
    **parameters
        Parameters of the notebook, as ``repdose params dose_response`` lists them; ``table`` is
        the path of a table of one's own.

    Returns
    -------
    Explorer
        As :func:`energy_cost`.

    Raises
    ------
    ValueError, ImportError
        As :func:`energy_cost`.
    """
    return _shown(of("dose_response", outcome=outcome, **parameters))


def compare(progressions: Sequence[Progression] = (), **parameters: Any) -> Explorer:
    """Explore plans side by side.

    Parameters
    ----------
    progressions : sequence
        Names of shipped scenarios, paths of scenario files, or mappings of title and plan; the
        shipped ones if empty.
    **parameters
        Parameters of the notebook, as ``repdose params progression_comparison`` lists them.

    Returns
    -------
    Explorer
        As :func:`energy_cost`.

    Raises
    ------
    ValueError, ImportError
        As :func:`energy_cost`.
    """
    from repdose.inputs import scenarios

    found = [scenarios.find(one) if isinstance(one, str) else None for one in progressions]
    given = [
        one.progression if one else plan for one, plan in zip(found, progressions, strict=True)
    ]
    packs = [pack for one in found if one for pack in one.packs]
    named = {"progressions": given} if given else {}
    return _shown(of("progression_comparison", packs=packs, **named, **parameters))


def activity_and_risk(scenario: Progression = "foundation", **parameters: Any) -> Explorer:
    """Explore how the risk of death in cohorts goes with minutes; see :func:`energy_cost`."""
    return _shown(of("activity_and_risk", scenario, **parameters))


def _shown(state: State) -> Explorer:
    try:
        from repdose.explorer.view import Explorer
    except ModuleNotFoundError as error:
        if error.name != "ipywidgets":
            raise
        raise ImportError(
            "the explorer needs ipywidgets: pip install 'repdose[lab]', then start JupyterLab anew"
        ) from None
    return Explorer(state)
