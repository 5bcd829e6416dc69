"""Every reader of a file, given any bytes at all: it reads them, or raises an error of ours."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repdose.evidence import own_study, packs
from repdose.evidence.bibliography.cited import cited_keys
from repdose.evidence.bibliography.lint import lint
from repdose.evidence.checks.own_table import check_table
from repdose.evidence.checks.pack import check
from repdose.evidence.errors import EvidenceError
from repdose.evidence.own_trials import read_own_trials, template
from repdose.inputs import cells, notebooks, scenarios, yaml_strict
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import model
from repdose.inputs.scenarios import ScenarioError
from repdose.inputs.yaml_strict import YamlError
from repdose.reports import manifest
from repdose.reports.builds import sweeps
from repdose.reports.compare import baseline
from repdose.reports.compare.baseline import BaselineError
from repdose.reports.shapes import UnreadableError

#: By the file's name: who reads it, and the errors that may come of it.
READERS = {
    "a.bib": (lint, EvidenceError),
    "a.md": (lambda path: list(cited_keys(path)), EvidenceError),
    "a.tex": (lambda path: list(cited_keys(path)), EvidenceError),
    "b.ipynb": (lambda path: list(cited_keys(path)), EvidenceError),
    "met.csv": (check_table, EvidenceError),
    "trials.csv": (read_own_trials, EvidenceError),
    "c.ipynb": (cells.read_cells, ParameterError),
    "d.ipynb": (model, ParameterError),
    "e.ipynb": (notebooks.of_file, ParameterError),
    "f.yaml": (yaml_strict.load, YamlError),
    "g.yaml": (scenarios.read, (YamlError, ScenarioError)),
    "h.yaml": (
        lambda path: sweeps.jobs(path, path.parent / "out"),
        (YamlError, ScenarioError, sweeps.SweepError, ParameterError),
    ),
    "i.json": (lambda path: list(baseline.read(path)), BaselineError),
    "pack/datapackage.json": (lambda path: packs.read(path.parent), EvidenceError),
    "pack2/datapackage.json": (lambda path: check(path.parent), EvidenceError),
    "study/datapackage.json": (lambda path: own_study.at(path.parent), EvidenceError),
    "report/manifest.json": (lambda path: manifest.read(path.parent), UnreadableError),
}
WORDS = st.sampled_from(
    [
        *("cells", "nbformat", "metadata", "source", "cell_type", "code", "tags", "parameters"),
        *("title", "plan", "notebook", "energy_cost", "grid", "sets", "scenario", "foundation"),
        *("reports", "name", "resources", "path", "version", "repdose", "prefix", "bibliography"),
        *(
            "status",
            "complete",
            "failed",
            "made_from",
            "files",
            "x",
            ".",
            "..",
            "",
            "\x1b",
            "\u202e",
        ),
    ]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
CONTENT = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
#: What begins as the file has to, so that what is inside it is reached.
NOTEBOOK = st.fixed_dictionaries(
    {"nbformat": st.just(4), "cells": st.lists(CONTENT, max_size=3)}, optional={"metadata": CONTENT}
)
CELL = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown"]),
        "metadata": st.just({"tags": ["parameters"]}),
        "source": st.text(alphabet="abx =#:[]{}()'\"\\\n0159.,_type\0é", max_size=40),
    }
)
WITH_CELLS = st.fixed_dictionaries({"nbformat": st.just(4), "cells": st.lists(CELL, max_size=3)})
SCENARIO = st.fixed_dictionaries(
    {"title": PLAIN, "plan": CONTENT},
    optional={"packs": CONTENT, "exercises": CONTENT, "parameters": CONTENT},
)
SWEEP = st.fixed_dictionaries(
    {"notebook": st.just("energy_cost"), "sets": CONTENT}, optional={"scenario": CONTENT}
)
HEADER = template().splitlines()[0]
CSV = st.lists(
    st.lists(
        st.sampled_from(
            ["1", "Lee", "low", "12", "size", "0.5", "", "x", '"', "=1", "1e9", "٣", "-"]
        )
        | st.text(max_size=3),
        max_size=12,
    ).map(",".join),
    max_size=4,
).map(lambda rows: "\n".join([HEADER, *rows]))
ANY = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80),
    st.one_of(CONTENT, NOTEBOOK, WITH_CELLS, SCENARIO, SWEEP).flatmap(
        lambda content: st.sampled_from([json.dumps(content), yaml.safe_dump(content)])
    ),
    CSV,
    st.text(alphabet='@a{}=",#b \n[;`:-doi10./&', max_size=60),
)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=ANY)
def test_any_content_is_read_or_refused_by_an_error_of_ours(tmp_path_factory, name, content):
    read, ours = READERS[name]
    path = Path(tmp_path_factory.getbasetemp()) / "any" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.startswith("study"):
        (path.parent / "notebooks").mkdir(exist_ok=True)
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    )
    with contextlib.suppress(ours):
        read(path)
