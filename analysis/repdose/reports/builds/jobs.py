"""A job from a notebook and its checked parameters, its words resolved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repdose.evidence.packs import in_force
from repdose.inputs import cells, stated
from repdose.inputs.notebooks import Notebook
from repdose.reports import folders, manifest
from repdose.reports.jobs import Job, in_a_line


def job(notebook: Notebook, scenario: str, checked: Mapping[str, Any], out: Path) -> Job:
    """A job whose folder may be written to."""
    return job_in(folders.place(out, scenario, notebook.name), notebook, scenario, checked)


def job_in(folder: Path, notebook: Notebook, scenario: str, checked: Mapping[str, Any]) -> Job:
    """A job with its words, for a folder that is known to be one's own."""
    declared = notebook.declared
    return Job(
        notebook.name,
        notebook.path,
        scenario,
        checked,
        folder,
        title=cells.title_of(notebook.path),
        subtitle=stated.subtitle(declared, checked),
        stated=stated.stated(declared, checked),
        files=stated.own_files(declared, checked),
        made_of=manifest.digest(in_a_line(stated.contents(declared, checked))),
        packs=[pack.plain() for pack in in_force()],
    )
