"""The tour runs in a kernel of its own and leaves live views, one of each kind."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbclient import NotebookClient

from repdose.inputs import cells, notebooks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def toured(tmp_path_factory):
    path = cells.notebooks_folder() / "explore.ipynb"
    notebook = nbformat.read(path, as_version=4)
    folder = tmp_path_factory.mktemp("tour")
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": folder}}).execute()
    return notebook


def models(notebook):
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    return {key: one["state"] for key, one in state.items()}


def views(notebook):
    return [
        output.data["application/vnd.jupyter.widget-view+json"]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]


def texts(known, key):
    """Values of every HTML region below a widget."""
    found = []
    mine = known[key]
    if mine.get("_model_name") == "HTMLModel":
        found.append(mine["value"])
    for child in mine.get("children", []):
        found.append(texts(known, child.removeprefix("IPY_MODEL_")))
    return " ".join(found)


def test_each_view_shows_its_numbers_figure_and_sources(toured):
    known, shown = models(toured), views(toured)
    assert len(shown) == 5
    words = (
        "Energy of an average week",
        "rectus abdominis",
        "Slope per weekly set",
        "Mean week",
        "Ratio of risk of death",
    )
    for key, word in zip(shown, words, strict=True):
        text = texts(known, key)
        assert word in text
        for part in ('role="status" aria-live="polite"', 'role="alert"', "records read"):
            assert part in text
        assert '<img alt="' in text


def test_its_sliders_have_the_ranges_that_are_declared(toured):
    known = models(toured).values()
    sliders = [one for one in known if one.get("_model_name") == "FloatSliderModel"]
    ranges = {(one["min"], one["max"]) for one in sliders}
    assert {(20.0, 300.0), (1.2, 2.3), (0.0, 1.0), (0.0, 0.95)} <= ranges
    assert not any(one["continuous_update"] for one in sliders)


def test_it_is_no_report_and_makes_none(toured):
    assert "explore" not in [one.name for one in notebooks.notebooks()]
    with pytest.raises(ValueError, match="no notebook 'explore'"):
        notebooks.find("explore")
    (last,) = [cell for cell in toured.cells if cell.id == "take-command"]
    assert "repdose run energy_cost" in json.dumps(last.outputs)
