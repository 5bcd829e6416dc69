"""Rules about the rooms: imports without a circle, names that hide nothing, a test for each."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOTS = (ROOT / "evidence", ROOT / "analysis")
FILES = {
    ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
    for root in ROOTS
    for path in sorted((root / "repdose").rglob("*.py"))
}
LONGEST = 400
# Modules without a test of their name: why, and which file tests them, from tests/.
ELSEWHERE: dict[str, dict[str, str]] = {
    "a package, tested through the public names it holds": {
        "adherence": "adherence/test_adherence.py",
        "cli": "cli/test_cli.py",
        "dose_response": "dose_response/test_dose_response.py",
        "dose_response.by_category": "dose_response/by_category/test_by_category.py",
        "effect_sizes": "effect_sizes/test_effect_sizes.py",
        "energy": "energy/test_energy.py",
        "evidence": "test_project.py",
        "evidence.bibliography": "evidence/bibliography/test_bibliography.py",
        "evidence.own_trials": "evidence/own_trials/test_own_trials.py",
        "evidence.studies": "evidence/studies/test_study_findings.py",
        "inputs": "inputs/test_validation.py",
        "mechanics": "mechanics/test_mechanics.py",
        "metaregression": "metaregression/test_metaregression.py",
        "multiverse": "multiverse/test_multiverse.py",
        "plots": "plots/test_plots.py",
        "progression": "progression/test_progression.py",
        "reports": "reports/test_report.py",
        "reports.archive": "reports/archive/test_deposit.py",
        "reports.builds": "reports/builds/test_build.py",
        "reports.compare": "reports/compare/test_difference.py",
        "reports.engines": "reports/engines/test_engines.py",
        "reports.pages": "reports/test_report.py",
        "screening": "screening/test_screening.py",
        "uncertainty": "uncertainty/test_uncertainty.py",
    },
    "what it draws is held to what matplotlib draws of the same": {
        "plots.kept": "plots/test_shapes.py",
        "plots.marks": "plots/test_shapes.py",
        "plots.places": "plots/test_shapes.py",
        "plots.picture": "plots/test_svg.py",
        "plots.renderer": "plots/test_svg.py",
    },
    "one line, which calls what the other file tests": {
        "__main__": "cli/test_cli.py",
    },
    "its results are worked on the same two plans as those of its neighbours": {
        "energy.average_week": "progression/test_two_stages.py",
        "plans": "progression/test_progression.py",
        "progression.comparison": "progression/test_progression.py",
        "session_load": "progression/test_totals.py",
        "tables.cert": "tables/test_energy_cost.py",
    },
    "it answers only with evidence whose table the other file holds to print": {
        "claim_checks": "evidence/test_claim_audit.py",
        "dose_response.trials": "notebooks/test_dose_response.py",
        "evidence.body.metabolic_equations": "energy/test_locomotion.py",
        "evidence.studies.corrections": "evidence/studies/test_trial_data.py",
        "evidence.studies.curves": "dose_response/test_dose_response.py",
        "evidence.training.checklists": "progression/test_cert.py",
        "evidence.training.progression_rules": "progression/test_planner.py",
    },
    "a part of `repdose check`, tested by faults put into a copy of the shipped files": {
        "evidence.checks.checksums": "evidence/checks/test_copies.py",
        "evidence.checks.files": "evidence/checks/test_shipped.py",
        "evidence.checks.keys": "evidence/checks/test_shipped.py",
        "evidence.checks.transcriptions": "evidence/checks/test_copies.py",
        "evidence.places": "evidence/checks/test_shipped.py",
    },
    "its words and records are seen in what others say with them": {
        "evidence.all_records": "evidence/test_records.py",
        "evidence.errors": "evidence/test_tables.py",
        "evidence.problems": "evidence/checks/test_own_table.py",
        "evidence.used": "reports/test_provenance.py",
        "figures.claim_audit": "tables/test_claim_audit.py",
    },
    "the same numbers as the notebook's, held bit for bit by exports that are run": {
        "explorer": "explorer/test_state.py",
        "tables.stated": "explorer/test_state.py",
    },
    "a part of the view, seen in what the view shows": {
        "explorer.controls": "explorer/test_view.py",
        "explorer.pictures": "explorer/test_view.py",
        "explorer.regions": "explorer/test_view.py",
    },
    "a step of making a report, tested by reports that are made": {
        "reports.folders": "reports/test_making.py",
        "reports.jobs": "reports/builds/test_build.py",
        "tables.numbers": "reports/test_report.py",
    },
}
TESTED_IN = {module: file for files in ELSEWHERE.values() for module, file in files.items()}


def imports(name: str) -> set[str]:
    """Modules of the package that a module imports, at its head or in a function."""
    found = set()
    for node in ast.walk(ast.parse(FILES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            whole = {f"{base}.{alias.name}" for alias in node.names}
            found |= {each if each in FILES else base for each in whole}
    return {each for each in found if each in FILES and each != name}


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Strongly connected components of more than one node, by Tarjan's algorithm."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        number[node] = lowest[node] = len(number)
        path.append(node)
        for other in graph[node]:
            if other not in number:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in path:
                lowest[node] = min(lowest[node], number[other])
        if lowest[node] == number[node]:
            circle = path[path.index(node) :]
            del path[path.index(node) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    for node in graph:
        if node not in number:
            visit(node)
    return found


def test_a_circle_is_found_where_there_is_one():
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c"]]
    assert circles({"a": ["b", "c"], "b": ["c"], "c": []}) == []


def test_no_module_imports_itself_by_way_of_others():
    assert circles({name: imports(name) for name in FILES}) == []


def test_imports_are_absolute_and_name_the_module_they_are_from():
    relative = {
        f"{name}:{node.lineno}"
        for name, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert relative == set()


def test_the_old_import_names_are_gone():
    pattern = r"^(from analysis|import evidence|from evidence)"
    found = subprocess.run(
        ["git", "grep", "-nE", pattern, "--", "*.py", "*.ipynb", "*.md", ":!CHANGELOG.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if found.returncode > 1:
        pytest.skip("not in a checkout under git")
    assert found.stdout == ""


@pytest.mark.parametrize("name", [name for name, path in FILES.items() if "__init__" in path.name])
def test_no_name_of_a_package_hides_one_of_its_modules(name):
    names = {
        alias.asname or alias.name
        for node in ast.parse(FILES[name].read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom) and node.module != name
        for alias in node.names
    }
    modules = {other.removeprefix(f"{name}.") for other in FILES if other.startswith(f"{name}.")}
    assert names & modules == set()


def test_no_file_is_longer_than_a_room():
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in FILES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_module_has_a_test_of_its_name_or_is_listed_with_the_reason():
    """A module in a folder whose one test has the folder's name is tested there."""
    lost = set()
    for name, path in FILES.items():
        inside = name.removeprefix("repdose.")
        folder, _, leaf = inside.rpartition(".")
        own = ROOT / "tests" / folder.replace(".", "/") / f"test_{leaf}.py"
        whole = TESTED_IN.get(folder)
        given = TESTED_IN.get(inside)
        if given is not None:
            assert not own.exists(), f"{inside} has a test of its name; take it off the list"
            assert (ROOT / "tests" / given).is_file(), (inside, given)
        elif not own.exists() and whole is None and len(path.read_text("utf-8").splitlines()) > 1:
            lost.add(inside)
    assert lost == set()
    assert sum(map(len, ELSEWHERE.values())) == len(TESTED_IN), "listed under two reasons"
    unknown = {f"repdose.{name}" for name in TESTED_IN} - FILES.keys()
    assert unknown == set()


def test_it_is_imported_and_run_beside_a_readers_own_modules(tmp_path):
    """A lab has an analysis.py, and one's clone of the project is a folder named repdose."""
    (tmp_path / "analysis").mkdir()
    (tmp_path / "repdose" / "evidence").mkdir(parents=True)
    for own in ("analysis/__init__.py", "analysis.py", "evidence.py"):
        (tmp_path / own).write_text("raise SystemExit('a file of my own')\n")
    program = "import repdose; from repdose import evidence as ev, energy; print(energy.__name__)"
    for command in (["-c", program], ["-m", "repdose", "--version"]):
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "repdose" in done.stdout
