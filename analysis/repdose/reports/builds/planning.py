"""What a build has to make, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repdose.evidence import bibliography, own_study
from repdose.evidence.errors import EvidenceError
from repdose.evidence.packs import Pack, stacked
from repdose.inputs import cells, progressions
from repdose.inputs.cells import ParameterError, notebooks_folder
from repdose.inputs.notebooks import Notebook, notebooks, of_folder, parameters, undeclared
from repdose.inputs.scenarios import (
    GENERAL,
    Scenario,
    ScenarioError,
    find,
    names,
    own,
    shipped,
)
from repdose.reports import folders, manifest
from repdose.reports.builds import index
from repdose.reports.builds.jobs import job
from repdose.reports.jobs import Job
from repdose.reports.pages import citations
from repdose.reports.shapes import RefusedError


@dataclass(frozen=True)
class Todo:
    """What a build is going to do, all of it valid."""

    jobs: Sequence[Job]
    why: Mapping[str, Sequence[str]]  # by name of a job: what changed
    out: Path
    is_sweep: bool = False

    @property
    def stale(self) -> list[Job]:
        """Jobs that must run."""
        return [one for one in self.jobs if self.why[one.name]]


def of_scenarios(
    wanted: Iterable[str],
    out: Path,
    *,
    own_notebooks: Path | None = None,
    with_shipped: bool = False,
    force: bool = False,
) -> Todo:
    """Every job of a build, checked as a whole before anything runs or is written.

    Parameters
    ----------
    wanted : iterable of str
        Names of scenarios or paths of scenario files; if empty all of the study one is in,
        outside one all shipped ones.
    out : Path
        Output folder.
    own_notebooks : Path, optional
        Folder whose notebooks are made; those of the study by default, outside one the shipped.
    with_shipped : bool
        Make the shipped notebooks as well.
    force : bool
        Make what is up to date as well.

    Raises
    ------
    YamlError, ScenarioError, ParameterError, EvidenceError, OutputError
        Naming the file, key or parameter, what was read and what is allowed; or what lies in the
        output folder and is none of a build.
    """
    study = own_study.find()
    folder = folders.checked(out, notebooks_folder())
    if study is not None:
        bibliography.sources()  # what prose cites must be known before anything runs
        has_own = any(study.notebooks.glob("*.ipynb"))
        if own_notebooks is None and (has_own or not with_shipped):
            own_notebooks = study.notebooks
    made: list[Notebook] = []
    if own_notebooks is not None:
        folders.checked(out, own_notebooks.resolve())
        made += of_folder(own_notebooks)
    if own_notebooks is None or with_shipped:
        made += notebooks()
    chosen = [find(name) for name in wanted] or own() or [shipped(name) for name in names()]
    repeated = {one.name for one in chosen if [two.name for two in chosen].count(one.name) > 1}
    if repeated:
        raise ScenarioError(f"scenario {min(repeated)!r} is asked for twice; name each once")
    jobs: list[Job] = []
    problems = [line for scenario in chosen for line in undeclared(scenario, made)]
    compared = _comparable(chosen)
    for notebook in made:
        for scenario in chosen if notebook.is_of_a_plan else [None]:
            given = {} if scenario else _compared(notebook, compared)
            opened = scenario.packs if scenario else _packs_of(compared) if given else ()
            with stacked(opened):
                try:
                    checked = parameters(notebook, scenario, given)
                except ParameterError as error:
                    problems += _of_scenario(scenario, notebook, str(error))
                    continue
                jobs.append(job(notebook, scenario.name if scenario else GENERAL, checked, folder))
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return _planned(jobs, folder, force=force)


def cited_and_unknown(made: Iterable[Notebook]) -> list[str]:
    """What the prose of notebooks cites and no bibliography has."""
    problems = []
    for notebook in made:
        for number, cell in enumerate(cells.read_cells(notebook.path), start=1):
            if cell["cell_type"] != "markdown":
                continue
            for key in citations.keys("".join(cell["source"])):
                try:
                    bibliography.source(key)
                except EvidenceError as error:
                    problems.append(f"{notebook.path.name} cell {number}: {error}")
    return problems


def _of_scenario(scenario: Scenario | None, notebook: Notebook, said: str) -> Iterator[str]:
    """What a notebook refuses: by line where the scenario's file has it, whichever notebook."""
    for line in said.splitlines():
        told = line.removeprefix(f"{notebook.path.stem}: ")
        key = told.split(":")[0]
        if scenario is None or key not in scenario.parameters:
            yield f"{scenario.name}.yaml: {line}" if scenario else line
        else:
            yield scenario.at(key) + told.removeprefix(key)


def _comparable(chosen: Sequence[Scenario]) -> list[Scenario]:
    """Plans that can be in one comparison: of those that declare exercises, the first alone."""
    declaring = [one for one in chosen if any(not pack.place for pack in one.packs)]
    return [one for one in chosen if one not in declaring[1:]]


def _packs_of(chosen: Iterable[Scenario]) -> list[Pack]:
    return [pack for scenario in chosen for pack in scenario.packs]


def _compared(notebook: Notebook, chosen: Sequence[Scenario]) -> dict[str, Any]:
    """Plans of the reader's own, for a notebook that compares plans: before those it has."""
    ours = [one for one in chosen if not one.is_shipped]
    fields = notebook.declared.model_fields
    if not ours or not fields.keys() >= progressions.COMPARED:
        return {}
    room = progressions.MOST_PLANS - len(fields["rules"].default) - len(ours)
    if room < 0:
        raise ParameterError(
            f"{notebook.path.stem}: progressions: {len(ours)} plans of your own and "
            f"{len(fields['rules'].default)} made by rule; its figures tell "
            f"{progressions.MOST_PLANS} apart: ask for fewer with --scenario"
        )
    # Plans are told apart by title, and an own one may be a shipped one with a change
    titles = [one.title for one in ours]
    given = [
        {"title": f"{one.title} ({one.name})", "plan": one.stages}
        if titles.count(one.title) > 1
        else one.progression
        for one in ours
    ]
    others = [one for one in fields["progressions"].default if shipped(one).title not in titles]
    return {"progressions": [*given, *others[:room]]}


def of_sweep(sweep: Path, out: Path, *, force: bool = False) -> Todo:
    """Every job of a sweep file, checked as a whole."""
    from repdose.reports.builds import sweeps

    folder = folders.checked(out, notebooks_folder())
    return _planned(sweeps.jobs(sweep, folder), folder, force=force, is_sweep=True)


def _planned(jobs: list[Job], out: Path, *, force: bool, is_sweep: bool = False) -> Todo:
    problems = [*index.somebody_elses(out, is_sweep=is_sweep), *_met_by_case(jobs)]
    now, why = manifest.Now(), dict[str, list[str]]()
    for one in jobs:
        try:
            changed = manifest.changed(one, now)
        except RefusedError as error:
            problems.append(f"{one.name}: {error}")
            continue
        why[one.name] = ["asked for"] if force else changed
    if problems:
        raise folders.OutputError("\n".join(problems))
    return Todo(jobs, why, out, is_sweep)


def _met_by_case(jobs: Iterable[Job]) -> Iterator[str]:
    """Reports whose folders are one where a file system does not tell capitals."""
    seen: dict[str, str] = {}
    for one in jobs:
        other = seen.setdefault(one.name.lower(), one.name)
        if other != one.name:
            yield (
                f"{one.name} and {other} differ by capitals only, and are one folder on some "
                "systems; give one another name"
            )
