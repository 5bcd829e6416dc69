"""What a build has to make, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from repdose.evidence.packs import stacked
from repdose.inputs.cells import ParameterError, notebooks_folder
from repdose.inputs.notebooks import notebooks, parameters
from repdose.inputs.scenarios import GENERAL, ScenarioError, find, names
from repdose.reports import folders, manifest
from repdose.reports.builds.jobs import job
from repdose.reports.jobs import Job


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


def of_scenarios(wanted: Iterable[str], out: Path, *, force: bool = False) -> Todo:
    """Every job of a build, checked as a whole before anything runs or is written.

    Parameters
    ----------
    wanted : iterable of str
        Names of shipped scenarios or paths of scenario files; all shipped ones if empty.
    out : Path
        Output folder.
    force : bool
        Make what is up to date as well.

    Raises
    ------
    YamlError, ScenarioError, ParameterError, OutputError
        Naming the file, key or parameter, what was read and what is allowed.
    """
    folder = folders.checked(out, notebooks_folder())
    chosen = [find(name) for name in wanted] or [find(name) for name in names()]
    repeated = {one.name for one in chosen if [two.name for two in chosen].count(one.name) > 1}
    if repeated:
        raise ScenarioError(f"scenario {min(repeated)!r} is asked for twice; name each once")
    jobs: list[Job] = []
    problems: list[str] = []
    for notebook in notebooks():
        for scenario in chosen if notebook.is_of_a_plan else [None]:
            with stacked(scenario.packs if scenario else ()):
                try:
                    checked = parameters(notebook, scenario)
                except ParameterError as error:
                    named = f"{scenario.name}.yaml: " if scenario else ""
                    problems.append(f"{named}{error}")
                    continue
                jobs.append(job(notebook, scenario.name if scenario else GENERAL, checked, folder))
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return _planned(jobs, folder, force=force)


def of_sweep(sweep: Path, out: Path, *, force: bool = False) -> Todo:
    """Every job of a sweep file, checked as a whole."""
    from repdose.reports.builds import sweeps

    folder = folders.checked(out, notebooks_folder())
    return _planned(sweeps.jobs(sweep, folder), folder, force=force, is_sweep=True)


def _planned(jobs: list[Job], out: Path, *, force: bool, is_sweep: bool = False) -> Todo:
    why = {one.name: ["asked for"] if force else manifest.changed(one) for one in jobs}
    return Todo(jobs, why, out, is_sweep)
