"""Rules about the repository itself: where numbers may stand, and what imports what."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from repdose.inputs.cells import TOURS

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MODULES = sorted([*(ROOT / "evidence").rglob("*.py"), *(ROOT / "analysis").rglob("*.py")])
# What speaks to people: its numbers are lengths, digits and colours.
NOT_MODELS = (
    "__main__",
    "arguments",
    "cli",
    "explorer",
    "tables",
    "figures",
    "inputs",
    "plots",
    "reports",
    "shown",
)
MODELS = [
    path
    for path in sorted((ROOT / "analysis/repdose").rglob("*.py"))
    if path.relative_to(ROOT / "analysis/repdose").parts[0].removesuffix(".py") not in NOT_MODELS
]
# Counting, halves and doubles, percent, powers of ten, and the clock: conversions, no findings.
CONVERSIONS = {0, 1, 2, 3, 4, 6, 7, 8, 0.5, 10, 12, 24, 60, 100, 1000, 1440, 1e-9, 1e-12}


def code_cells(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def numbers(source):
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]


def typed_in_a_formula(source):
    """Numbers of a module outside argument ranges, defaults, and constants that are explained.

    A constant is explained by a comment on its line or right above it (other constants may
    stand between); what a numerical method needs is kept that way.
    """
    tree = ast.parse(source)
    lines = source.splitlines()
    spared = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Range":
            spared |= set(ast.walk(node))
        if isinstance(node, ast.arguments):
            for default in (*node.defaults, *(d for d in node.kw_defaults if d)):
                spared |= set(ast.walk(default))
    explained = False
    for node in tree.body:
        first = lines[node.lineno - 1 : node.end_lineno]
        above = lines[node.lineno - 2].lstrip().startswith("#") if node.lineno > 1 else False
        constant = isinstance(node, ast.Assign | ast.AnnAssign)
        explained = constant and (above or any("#" in line for line in first) or explained)
        if explained:
            spared |= set(ast.walk(node))
    return {
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and type(node.value) in (int, float)
        and node not in spared
        and node.value not in CONVERSIONS
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_numbers_in_a_notebook_stand_in_its_parameters_cell_alone(path):
    for cell in code_cells(path):
        if "parameters" in cell["metadata"].get("tags", []):
            continue
        found = set(numbers("".join(cell["source"]))) - {0, 1}
        assert not found, f"{sorted(found)} typed in: {''.join(cell['source'])[:80]}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_committed_without_outputs_and_with_stable_ids(path):
    notebook = json.loads(path.read_text("utf-8"))
    assert all(not c["outputs"] and c["execution_count"] is None for c in code_cells(path))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    tags = [cell["metadata"].get("tags", []) for cell in code_cells(path)]
    declared = [path.stem not in TOURS] + [False] * (len(tags) - 1)
    assert ["parameters" in these for these in tags] == declared


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_models_hold_no_number_beyond_unit_conversion(path):
    found = typed_in_a_formula(path.read_text("utf-8"))
    assert not found, f"{path.name}: {sorted(found)} belongs in evidence/data with its source"


def test_no_file_is_longer_than_a_room():
    long = {
        str(path.relative_to(ROOT)): count
        for path in MODULES
        if (count := len(path.read_text("utf-8").splitlines())) > 470
    }
    assert not long


def test_importing_evidence_loads_nothing_heavy():
    heavy = ("pandas", "numpy", "matplotlib", "pylatexenc", "pydantic", "yaml", "rapidfuzz")
    code = f"import sys, repdose.evidence; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.strip() == "[]"


def test_version_date_and_licence_agree_where_they_are_stated():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {project['version']}\n" in citation
    assert f"license: {project['license']}\n" in citation
    references = (ROOT / "references.bib").read_text("utf-8")
    assert re.findall(r"version\s*=\s*\{(.*?)\}", references) == [project["version"]]
    date = next(line for line in citation.splitlines() if line.startswith("date-released"))
    heading = f"## {project['version']} ({date.split(': ')[1]})"
    assert heading in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_locks_pin_every_requirement_by_hash_and_name_no_index():
    for path in (ROOT / "locks").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "://" not in text
        assert "--index" not in text
        pins = [line for line in text.splitlines() if line[:1].isalnum()]
        assert pins
        assert all("==" in line and line.endswith("\\") for line in pins)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    locked = (ROOT / "locks" / "reports.txt").read_text("utf-8").lower()
    for requirement in wanted:
        name = requirement.split(">=")[0].lower()
        assert f"\n{name}==" in f"\n{locked}", name
