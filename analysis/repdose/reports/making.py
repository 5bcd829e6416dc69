"""From a job to a finished folder: run, make canonical, export, check, put in place."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from repdose.evidence import packs
from repdose.inputs import cells
from repdose.reports import folders, manifest, provenance
from repdose.reports.figure_files import DRAWN, PAGE
from repdose.reports.jobs import CellError, EngineGone, Job, Outcome, as_json, in_lines
from repdose.reports.pages import citations
from repdose.reports.pages.canonical import canonical, scrubbed, written
from repdose.reports.pages.editor import ON_PAGE
from repdose.reports.pages.page import page
from repdose.reports.pages.site import error_page
from repdose.tables.numbers import RESULTS_MIME

Execute = Callable[[Job], dict[str, Any]]


def make(job: Job, execute: Execute) -> Outcome:
    """Make one report; what fails leaves an error page, beside the report made before if any.

    Raises
    ------
    EngineGone
        If there is nothing left that could run the cells.
    """
    start = time.perf_counter()
    try:
        put(job, report_files(job, execute(job)))
    except EngineGone:
        raise
    except CellError as error:
        return failed(job, error, _since(start))
    except OSError as error:  # on a full disk, say
        problem = f"it cannot be written: {error.strerror or error}"
        return failed(job, CellError(cell=-1, source="", problem=problem), _since(start))
    except Exception as error:  # in the writing of the page, say: this report alone fails
        problem = f"{type(error).__name__}: {error}"
        return failed(job, CellError(cell=-1, source="", problem=problem), _since(start))
    return Outcome(job, "made", "", _since(start))


def _since(start: float) -> float:
    return time.perf_counter() - start


def put(job: Job, files: Mapping[str, str | bytes]) -> None:
    """Put the files of a report in its folder, all of them or none; a reader's own stay there.

    They take the place of the report made before. Where they tell that it could not be made anew,
    that one stays beside them.

    Raises
    ------
    OSError, OutputError
        If they cannot be written; what was there is as it was.
    """
    stay = manifest.readers_own(job.folder)
    kept = manifest.finished(job.folder) if folders.ERROR in files else None
    if kept is not None:
        failure = json.loads(files[folders.MANIFEST]) | {"kept": kept}
        files = {**files, folders.MANIFEST: as_json(failure)}
        stay += [name for name in kept["files"] if (job.folder / name).is_file()]
    folders.write_folder(job.folder, files, keep=stay)


def failed(job: Job, error: CellError, seconds: float) -> Outcome:
    """The outcome of a report that failed, its error page written if that can be.

    A finished report that lies there stays as it is, and the page beside it.
    """
    message = described(error)
    try:
        put(job, error_files(job, error))
    except (OSError, folders.OutputError) as problem:
        said = problem.strerror if isinstance(problem, OSError) else problem
        message += f"; its error page cannot be written: {said}"
    if manifest.finished(job.folder) is not None:
        message += "; the report made before is kept"
    return Outcome(job, "failed", message, seconds)


def described(error: CellError) -> str:
    """The failure in one line."""
    where = f"cell {error.cell + 1}: " if error.cell >= 0 else ""
    return where + scrubbed(error.problem).strip()


def report_files(job: Job, executed: dict[str, Any]) -> dict[str, str | bytes]:
    """Every file of a report, by name, from its executed notebook.

    Raises
    ------
    CellError
        If the notebook ended without handing over its results.
    """
    with packs.stacked([packs.of_plain(plain) for plain in job.packs]):
        return _files_of(job, executed)


def _files_of(job: Job, executed: dict[str, Any]) -> dict[str, str | bytes]:
    notebook = canonical(without_places(executed, job.files.values()))
    results = results_of(notebook)
    if results is None and cells.reported_name(notebook["cells"]) is None:
        results = without_report(job, notebook)
    if results is None:
        raise CellError(
            cell=len(notebook["cells"]) - 1,
            source="",
            problem="the notebook ended without results; call report.provenance() in its last cell",
        )
    results["scenario"] = job.scenario
    add_prose_sources(notebook, results)
    files: dict[str, str | bytes] = {
        "report.html": page(notebook, results, job.title, job.subtitle),
        folders.RESULTS: in_lines(results),
        **figures(notebook),
    }
    # What is in files of its own, and what no editor can show, is not in the notebook once more
    for output in _outputs(notebook):
        for own in (DRAWN, RESULTS_MIME, ON_PAGE):
            output.get("data", {}).pop(own, None)
        for said in ("alt", "caption"):
            output.get("metadata", {}).get("repdose", {}).pop(said, None)
    files["report.ipynb"] = written(notebook)
    files[folders.MANIFEST] = as_json(manifest.complete(job, results, files))
    return files


def without_report(job: Job, notebook: dict[str, Any]) -> dict[str, Any]:
    """What is known of a notebook that opens no report; its references go below its last cell."""
    prose = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    cited = citations.known(key for text in prose for key in citations.keys(text))
    if cited:
        data, metadata = citations.listed(cited)
        listed = {"output_type": "display_data", "data": data, "metadata": metadata}
        notebook["cells"] += [
            {"cell_type": "markdown", "id": "sources", "metadata": {}, "source": "## Sources"},
            {
                **{"cell_type": "code", "id": "sources-listed", "execution_count": None},
                **{"metadata": {}, "outputs": [listed], "source": ""},
            },
        ]
    return {
        "notebook": job.notebook,
        "answer": "",
        "parameters": dict(job.stated),
        "numbers": [],
        "assumptions": [],
        "sources": cited,
        "records": [],
        "versions": provenance.versions(),
        "data": [],
    }


def without_places(executed: dict[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """The notebook with files of the reader's own under their names, wherever they lie."""
    for path in paths:
        text = json.dumps(executed)
        place, name = (json.dumps(one)[1:-1] for one in (path, Path(path).name))
        executed = json.loads(text.replace(place, name))
    return executed


def error_files(job: Job, error: CellError) -> dict[str, str | bytes]:
    """What a failed report leaves: a page that says where and why, and no results."""
    clean = CellError(
        cell=error.cell,
        source=error.source,
        problem=described(error),
        traceback=scrubbed(error.traceback),
    )
    return {
        folders.ERROR: error_page(job, clean),
        folders.MANIFEST: as_json(manifest.failed(job, clean)),
    }


def add_prose_sources(notebook: dict[str, Any], results: dict[str, Any]) -> None:
    """Add what the prose cells cite, which no code sees, to the sources and the references."""
    prose = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    cited = citations.known(key for text in prose for key in citations.keys(text))
    results["sources"] = sorted({*results["sources"], *cited})
    for output in _outputs(notebook):
        if output.get("metadata", {}).get("repdose", {}).get("references"):
            output["data"], output["metadata"] = citations.listed(results["sources"])


def results_of(notebook: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a notebook handed over, if it did."""
    for output in reversed(_outputs(notebook)):
        if RESULTS_MIME in output.get("data", {}):
            return dict(output["data"][RESULTS_MIME])
    return None


def figures(notebook: Mapping[str, Any]) -> dict[str, str | bytes]:
    """Figures of a notebook as files, by name."""
    return {
        f"figures/{output['metadata']['repdose']['figure']}.svg": output["data"][DRAWN][PAGE]
        for output in _outputs(notebook)
        if DRAWN in output.get("data", {})
    }


def _outputs(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
