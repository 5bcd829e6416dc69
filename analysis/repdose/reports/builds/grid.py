"""The explorer's views of energy and volume as one page, for whoever has no Python.

Every combination of a few values is computed when a build ends, by the explorer's own states; the
page's script chooses among them and computes nothing.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from repdose import volume
from repdose.energy import session_energy
from repdose.evidence import bibliography, whole_files
from repdose.evidence.training.variants import muscles
from repdose.explorer import state as states
from repdose.explorer.answers import Answer
from repdose.explorer.state import State
from repdose.inputs.cells import ParameterError
from repdose.inputs.progressions import plan
from repdose.plans import Plan
from repdose.reports import manifest, provenance
from repdose.reports.folders import EXPLORE
from repdose.reports.jobs import Job, as_json
from repdose.reports.pages import citations
from repdose.reports.pages.site import explore_page
from repdose.tables.numbers import written
from repdose.tables.plans import last_week, stage_weeks

NOTEBOOKS = ("energy_cost", "weekly_volume")
# What the page has of each parameter that it lets a reader choose
GRID: dict[str, dict[str, Sequence[Any]]] = {
    "energy_cost": {
        "body_mass_kg": (50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 110.0),
        "time_basis": ("elapsed", "working"),
        "convention": ("oxygen", "compendium"),
        "edition": ("2024", "2011"),
    },
    "weekly_volume": {"indirect_weight": (0.0, 0.25, 0.5, 0.75, 1.0)},
}
LABELS = {
    "body_mass_kg": "Body mass [kg]",
    "time_basis": "Time the MET holds for",
    "convention": "How a MET becomes energy",
    "edition": "Edition of the Compendium",
    "indirect_weight": "What an indirect set counts",
}
# What stands first: near the middle of what there is, and the notebooks' defaults
FIRST = {"body_mass_kg": 70.0, "indirect_weight": 0.5}
MOST_PLANS = 12  # a page that opens at once

Bars = list[dict[str, Any]]
_MARK = '<meta name="made-of" content="{}">'
_MADE_OF = re.compile(_MARK.format("([0-9a-f]+)"))


#: Parameters of the reports of one plan, by notebook.
OfPlan = dict[str, dict[str, Any]]
#: These by the plan as it was given, with the scenario that it is of.
Given = dict[str, tuple[str, OfPlan]]


def enter(given: Given, made: Mapping[str, Any]) -> None:
    """Enter the plan of a report, by its manifest, if the page is of such reports.

    Of many reports of one plan, as a sweep makes them, the first one's person stands for all.
    """
    if made["status"] != "complete" or made["notebook"] not in NOTEBOOKS:
        return
    parameters = made["parameters"]
    if "progression" in parameters:  # a manifest of another version may have none
        key = as_json(parameters["progression"])
        _, of_plan = given.setdefault(key, (made["scenario"], {}))
        of_plan.setdefault(made["notebook"], parameters)


def made_ahead(out: Path, jobs: Iterable[Job]) -> dict[str, str]:
    """The page as it will be once these jobs are done, by the digest of what makes it.

    There is none if it lies there. What goes wrong here, or turns out otherwise, is seen when the
    page is written.
    """
    with contextlib.suppress(Exception):
        made: dict[Path, Any] = dict(manifest.reports(out))
        for job in jobs:
            made[job.folder] = {
                "status": "complete",
                "notebook": job.notebook,
                "scenario": job.scenario,
                "parameters": job.stated,
            }
        given: Given = {}
        for _, written in sorted(made.items()):
            if isinstance(written, dict):
                enter(given, written)
        titled = _titled(given)
        made_of = _made_of(titled)
        if titled and not _lies(out / EXPLORE, made_of):
            return {made_of: _page(titled)}
    return {}


def write_grid(out: Path, given: Given, ahead: Mapping[str, str] | None = None) -> bool:
    """Write the page over the plans that were entered; without any, remove it.

    Nothing is computed where the page that lies there, or one made `ahead`, was made of the same.

    Returns
    -------
    bool
        Whether there is a page.
    """
    titled = _titled(given)
    page = out / EXPLORE
    if not titled:
        page.unlink(missing_ok=True)
        return False
    made_of = _made_of(titled)
    if not _lies(page, made_of):
        text = (ahead or {}).get(made_of) or _page(titled)
        mark = _MARK.format(made_of + manifest.digest(text))
        whole_files.write_file(page, text.replace(_MARK.format(""), mark, 1))
    return True


def _lies(page: Path, made_of: str) -> bool:
    """Whether a page made of the same is there, as it was written."""
    if not page.is_file():
        return False
    text = page.read_text("utf-8", errors="replace")
    found = _MADE_OF.search(text)
    # Its own digest too, or what somebody has altered in it would stay
    return found is not None and found[1] == made_of + manifest.digest(
        text.replace(found[1], "", 1)
    )


def _titled(given: Given) -> dict[str, OfPlan]:
    """The same by the title of each plan, as far as this version can still show it.

    Plans of one title are told apart by their scenarios.
    """
    found: list[tuple[str, str, OfPlan]] = []
    for scenario, of_plan in given.values():
        kept: OfPlan = {}
        for notebook, parameters in of_plan.items():
            # Of another version, or of a plan that is gone
            with contextlib.suppress(ValueError, TypeError):
                states.of(notebook, **parameters)
                kept[notebook] = parameters
        if kept:
            title = plan(next(iter(kept.values()))["progression"]).title
            found.append((title, scenario, kept))
    titles = [title for title, *_ in found]
    titled: dict[str, OfPlan] = {}
    for title, scenario, kept in found:
        label = title if titles.count(title) == 1 else f"{title} ({scenario})"
        titled.setdefault(label, {}).update(kept)
    return dict(sorted(titled.items()))


def _made_of(given: Mapping[str, Any]) -> str:
    """Digest of all that makes the page: plans, code, and what is shipped or installed."""
    return manifest.digest(as_json([given, manifest.package_digest(), provenance.shipped()]))


def _page(given: Mapping[str, OfPlan]) -> str:
    answers: list[Answer] = []
    shown, absent = dict(list(given.items())[:MOST_PLANS]), list[str]()
    views = [
        _view("energy_cost", "What a plan costs in energy", shown, _stages, answers, absent),
        _view("weekly_volume", "What each muscle gets", shown, _muscles, answers, absent),
    ]
    sources = {record.source for answer in answers for record in answer.records}
    sources |= {key for answer in answers for note in answer.notes for key in citations.keys(note)}
    return explore_page(
        [view for view in views if view["states"]],
        references=bibliography.render_html(sorted(sources)),
        plans=" ".join(
            [f"Only the first {MOST_PLANS} of {len(given)} plans, by title, are here."]
            * (len(given) > MOST_PLANS)
            + absent
        ),
    )


def _view(
    notebook: str,
    title: str,
    given: Mapping[str, OfPlan],
    bars: Callable[[State, Plan], Bars],
    answers: list[Answer],
    absent: list[str],
) -> dict[str, Any]:
    """One view: what can be chosen, and what is shown for each choice.

    A plan that cannot be shown at every choice is left out, and `absent` says why.
    """
    grid = GRID[notebook]
    plans, shown = list[str](), list[dict[str, Any]]()
    for name in (name for name, of in given.items() if notebook in of):
        first = states.of(notebook, **given[name][notebook])
        mine = plan(first.parameters.model_dump()["progression"])
        person, here, mine_answers = _person(first), list[dict[str, Any]](), list[Answer]()
        try:
            for values in itertools.product(*grid.values()):
                state = first.changed(**dict(zip(grid, values, strict=True)))
                answer = state.results()
                mine_answers.append(answer)
                here.append(_shown(len(plans), values, answer, bars(state, mine), person))
        except ParameterError as error:  # an exercise of a reader's may have rows of one edition
            absent.append(f"“{name}” is not under “{title}”: {error}.")
            continue
        plans.append(name)
        answers += mine_answers
        # Bars of one plan have one scale, so that a choice is seen to move them
        longest = max(bar["high"] for one in here for bar in one["bars"])
        for bar in (bar for one in here for bar in one["bars"]):
            bar |= {end: round(100 * bar[end] / longest, 1) for end in ("low", "value", "high")}
        shown += here
    choices = [{"label": "Plan", "options": list(enumerate(plans)), "first": 0}]
    choices += [
        {
            "label": LABELS[name],
            "options": [(_word(value), _word(value)) for value in values],
            "first": _word(FIRST.get(name, values[0])),
        }
        for name, values in grid.items()
    ]
    key = "|".join(str(choice["first"]) for choice in choices)
    return {
        "id": notebook,
        "title": title,
        "choices": choices,
        "states": [one | {"first": one["key"] == key} for one in shown],
    }


def _shown(
    at: int, values: Iterable[Any], answer: Answer, bars: Bars, person: str
) -> dict[str, Any]:
    main = next(one for one in answer.numbers if one.headline)
    return {
        "key": "|".join([str(at), *map(_word, values)]),
        "said": f"{main.label}: {main.text}",
        "numbers": [
            {"label": one.label, "text": one.text, "what": one.meaning} for one in answer.numbers
        ],
        "bars": bars,
        "notes": [citations.html(note) for note in (*answer.notes, person) if note],
    }


def _stages(state: State, mine: Plan) -> Bars:
    """Energy of a week in each stage, at the low, central and high row."""
    chosen: Any = state.parameters
    bars = []
    for weeks, stage in zip(stage_weeks(mine), mine.stages, strict=True):
        spent = [
            (
                times,
                session_energy(
                    session,
                    body_mass_kg=chosen.body_mass_kg,
                    edition=chosen.edition,
                    convention=chosen.convention,
                    time_basis=chosen.time_basis,
                ),
            )
            for times, session in stage.week_sessions
        ]
        value, low, high = (
            sum(times * one.gross_kcal[role] for times, one in spent)
            for role in ("central", "low", "high")
        )
        label = f"Week{'' if weeks.isdigit() else 's'} {weeks}: {stage.label}"
        bars.append(_bar(label, value, low, high, unit="kcal/week", digits=0))
    return bars


def _muscles(state: State, mine: Plan) -> Bars:
    """Sets of each muscle in the last week: direct, fractional, total."""
    chosen: Any = state.parameters
    last = last_week(volume.weekly_sets(mine, indirect_weight=chosen.indirect_weight))
    names = muscles()
    return [
        _bar(
            names[str(muscle)][0],
            *(float(row[column]) for column in ("fractional", "direct", "total")),
            unit="sets/week",
            digits=1,
        )
        for muscle, row in last.to_dict("index").items()
        if row["total"]
    ]


def _bar(
    label: str, value: float, low: float, high: float, *, unit: str, digits: int
) -> dict[str, Any]:
    text = written(value, low, high, unit, digits)
    return {"label": label, "value": value, "low": low, "high": high, "text": text}


def _person(state: State) -> str:
    """Whoever the numbers are of, as far as the page lets nobody choose it."""
    given = state.parameters.model_dump()
    if "stature_m" not in given:
        return ""
    return (
        f"Of a person of {given['stature_m']:g} m and {given['age_y']} years, {given['sex']}, as "
        "in the plan's report."
    )


def _word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
