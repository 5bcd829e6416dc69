"""``repdose check``: is everything sourced and consistent, and are reports up to date."""

from __future__ import annotations

from collections.abc import Container, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from repdose.cli.terminal import Exit, say, say_problems, warn

if TYPE_CHECKING:
    from repdose.evidence.own_study import Study
    from repdose.inputs.notebooks import Notebook


@click.command("check")
@click.option(
    "--table", type=click.Path(path_type=Path), help="CSV file: a MET table of your own, instead."
)
@click.option(
    "--reports",
    type=click.Path(path_type=Path),
    help="Folder of a build: is any report in it stale?",
)
@click.option("--pack", metavar="NAME|DIR", help="A pack of evidence, instead.")
@click.option("--renew", is_flag=True, help="First write the checksums of changed tables.")
def command(table: Path | None, reports: Path | None, pack: str | None, renew: bool) -> Exit:
    """Check that everything is sourced and consistent; exit code 1 if not.

    In a study's folder the study is checked: its evidence, its references, its notebooks and what
    they cite, its plans.
    """
    if sum((table is not None, reports is not None, pack is not None or renew)) > 1:
        raise ValueError("give one of --table, --reports and --pack or --renew")
    if pack is not None:
        return check_pack(pack, renew=renew)
    from repdose import evidence as ev
    from repdose.evidence import own_study

    if table is not None:
        from repdose.evidence.checks.own_table import check_table

        return say_problems(check_table(table), f"{table.name}: no problem found")
    if reports is not None:
        with ExitStack() as stack:
            if (study := own_study.find()) is not None:
                stack.enter_context(ev.pack(study.root))
            return check_reports(reports)
    study = own_study.find()
    if study is not None:
        return check_study(study, renew=renew)
    return check_evidence(renew=renew)


def check_study(study: Study, *, renew: bool) -> Exit:
    """Print everything that keeps a study's reports from being made or cited."""
    from repdose import evidence as ev
    from repdose.evidence.bibliography.lint import lint
    from repdose.evidence.checks import pack
    from repdose.inputs.notebooks import of_folder
    from repdose.reports.builds import planning

    for changed in pack.renew(study.root) if renew else []:
        say(f"renewed the checksum of {changed.path}")
    problems: list[object] = []
    if study.bibliography.is_file():
        # One without an entry is a study that cites ours alone
        problems += [one for one in lint(study.bibliography) if one.rule != "empty"]
    faults = pack.check(study.root)
    problems += [one for one in faults if str(one) not in map(str, problems)]
    try:
        if faults:  # what cannot be opened can be neither planned with nor cited
            return say_problems(problems, "")
        with ev.pack(study.root):
            planning.of_scenarios([], study.root / "build")
            problems += planning.cited_and_unknown(of_folder(study.notebooks))
    except ValueError as error:
        told = {str(problem) for problem in problems}
        problems += [line for line in str(error).splitlines() if line not in told]
    return say_problems(problems, f"{study.root.name}: references, notebooks and plans can be used")


def check_pack(wanted: str, *, renew: bool) -> Exit:
    """Print what is wrong with a pack, all of it at once."""
    from repdose.evidence.checks import pack

    for changed in pack.renew(wanted) if renew else []:
        say(f"renewed the checksum of {changed.path}")
    return say_problems(pack.check(wanted), f"{wanted}: no problem found")


def check_evidence(*, renew: bool = False) -> Exit:
    """Print every inconsistency of the package's evidence, and how much was typed twice."""
    from repdose.evidence.checks import checksums, copies, shipped

    for changed in checksums.renew() if renew else []:
        say(f"renewed the checksum of {changed.path}")
    for left_out in shipped.not_checked():
        warn(f"not checked: {left_out}")
    problems = shipped.run()
    if not problems:
        say("\n".join(map(str, copies.shares())))
    return say_problems(problems, "evidence, bibliography and data package are consistent")


def check_reports(folder: Path) -> Exit:
    """Say which reports of a build are stale, which component has changed, what cannot be told."""
    from repdose.inputs.cells import ParameterError
    from repdose.reports import manifest
    from repdose.reports.shapes import UnreadableError

    if not folder.is_dir():
        raise ParameterError(f"{folder}: no such folder; name the output of a build")
    stale = untold = 0
    for report, written in manifest.of_build(folder):
        name = report.relative_to(folder).as_posix()
        if isinstance(written, UnreadableError):
            reasons, unseen = [str(written)], {}
        else:
            unseen = not_recorded(written)
            reasons = changes(report, written, unseen)
        if reasons:
            stale += 1
            say(f"{name}: {'; '.join(reasons)}")
        elif unseen:
            untold += 1
            say(f"{name}: cannot be told: {'; '.join(unseen.values())}")
    if stale:
        warn(f"{stale} stale; run repdose build")
    if untold:
        warn(f"{untold} cannot be told from here; the command that built them, run again, can")
    if stale or untold:
        return Exit.CHECK_FAILED
    say("every report is up to date")
    return Exit.FINE


def not_recorded(written: Mapping[str, Any]) -> dict[str, str]:
    """Components of a report whose files a manifest does not say the place of, with the reason."""
    from repdose.inputs import notebooks
    from repdose.reports import manifest

    unseen = {}
    opened = {pack.name for pack in manifest.packs_of(written)}
    for name in sorted(written.get("made_from", {}).get("packs", {}).keys() - opened):
        unseen["packs"] = f"its pack {name} is not recorded by path; give repdose --pack"
    own = {notebook.name for notebook in notebooks.own()}
    if not written.get("is_shipped", True) and written["notebook"] not in own:
        unseen["notebook"] = "its notebook is one of your own, not recorded by path"
    for name in written.get("own_files", []):
        file = written["parameters"][name]
        unseen["parameters"] = f"its own {name}, {file}, is not recorded by path"
    return unseen


def changes(folder: Path, written: Mapping[str, Any], unseen: Container[str]) -> list[str]:
    """Why a build would make a report anew; nothing if it would not."""
    from repdose.evidence.packs import stacked
    from repdose.inputs import notebooks
    from repdose.reports import manifest
    from repdose.reports.builds import jobs

    known = (*notebooks.notebooks(), *notebooks.own())
    by_name = {notebook.name: notebook for notebook in known}
    if written["notebook"] not in by_name:
        if "notebook" in unseen:
            return []
        return [f"no notebook {written['notebook']!r} is shipped"]
    if "packs" in unseen:
        return []  # its plan and its sources may be those of the pack
    notebook = by_name[written["notebook"]]
    try:
        with stacked(manifest.packs_of(written)):
            given = parameters_now(notebook, written)
            job = jobs.job_in(folder, notebook, written["scenario"], given)
            return manifest.changed(job, untold=unseen)
    except ValueError as error:  # a plan that is shipped no more, parameters of another version
        return [str(error).splitlines()[0]]


def parameters_now(notebook: Notebook, written: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a build would give the notebook now: by the scenario's file, where that is known."""
    from repdose.inputs import notebooks, scenarios
    from repdose.inputs.declared import of_kind

    name, given = written["scenario"], written["parameters"]
    plans = of_kind(notebook.declared, "plan")
    listed = [given.get(own) for own in of_kind(notebook.declared, "plans")]
    compared = [one for plans_of in listed if isinstance(plans_of, list) for one in plans_of]
    # Plans of the reader's own were compared, by files that nobody recorded
    if name == scenarios.GENERAL and not any(isinstance(one, dict) for one in compared):
        return notebooks.parameters(notebook, None)
    of_study = {one.name: one for one in scenarios.own()}
    if plans and name in of_study:
        return notebooks.parameters(notebook, of_study[name])
    # A file of the same name that is not shipped has the plan itself for its progression
    if any(given.get(own) == name for own in plans):
        return notebooks.parameters(notebook, scenarios.find(name))
    # Where a file of the reader's own lies nobody recorded; it is told apart
    known = {key: value for key, value in given.items() if key not in written.get("own_files", [])}
    return notebooks.parameters(notebook, None, known)
