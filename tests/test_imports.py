"""What each process of a build imports, by name: what else comes in has to be worth its time."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from repdose import evidence

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "energy_cost.ipynb"
PARAMETERS = {"pydantic", "pydantic_core", "annotated_types", "typing_inspection", "yaml"}
# The last three by pandas, if they are there
TABLES = {"numpy", "pandas", "dateutil", "pyarrow", "cloudpickle", "charset_normalizer"}
REFERENCES = {"bibtexparser", "citeproc", "lxml", "pylatexenc"}
FIGURES = {
    *("matplotlib", "mpl_toolkits", "PIL", "cycler", "kiwisolver", "fontTools", "pyparsing"),
    "packaging",
}
SHELL = {"IPython", "traitlets", "pygments"}
# What nbformat brings; of jsonschema's formats none
PAGES = {
    *("jinja2", "markupsafe", "mistune", "nh3", "nbformat", "traitlets", "jupyter_core"),
    *("platformdirs", "fastjsonschema", "jsonschema", "jsonschema_specifications"),
    *("referencing", "rpds", "attr", "attrs", "idna"),
}
WARM_CELLS = (
    "from pathlib import Path\nfrom repdose.reports.engines import fork_cells\n"
    f"fork_cells.warm()\nfork_cells.warm_for(Path({str(NOTEBOOK)!r}))"
)
WARM_PAGES = (
    "from pathlib import Path\nfrom repdose.reports.engines import fork_server\n"
    f"fork_server.warm(Path({str(NOTEBOOK)!r}))"
)
BUDGETS = {
    "evidence": ("from repdose import evidence", set()),
    "a command": (
        "import contextlib, io, sys\nfrom repdose import cli\nsys.argv = ['repdose', '--help']\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    cli.main()",
        {"click"},
    ),
    # scipy.special alone: a fit loads formulaic when it reads a formula
    "metaregression": ("from repdose import metaregression", TABLES | {"scipy"}),
    "cells": (WARM_CELLS, PARAMETERS | TABLES | REFERENCES | FIGURES | SHELL),
    "pages": (WARM_PAGES, REFERENCES | PAGES | {"yaml"}),
}
FOUND = (
    "\nimport sys\n"
    "found = {name.partition('.')[0] for name in list(sys.modules)} - sys.stdlib_module_names\n"
    "parts = [name.split('.') for name in list(sys.modules) if name.startswith('scipy.')]\n"
    "scipy = {f'scipy.{part[1]}' for part in parts if part[1][0] != '_'}\n"
    "print(*sorted(found), sep='\\n')\nprint(*sorted(scipy), sep='\\n')\n"
)
# Helpers of compiled modules, and the package itself
NOT_COUNTED = ("_", "cython_runtime", "cython", "repdose", "typing_extensions", "scipy.version")


def test_a_name_of_the_evidence_brings_its_module_and_what_that_needs_alone():
    program = (
        "import sys\nfrom repdose import evidence as ev\nfirst = set(sys.modules)\n"
        "print(*[name for name in first if name.startswith('repdose.evidence.')])\n"
        "ev.met\nbrought = {name for name in sys.modules if name.startswith('repdose.evidence.')}\n"
        "print('repdose.evidence.compendia.met_tables' in brought)\n"
        "print(any('bibliography' in name or 'claim_audit' in name for name in brought))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split("\n") == ["", "True", "False", ""], done.stderr


def test_every_name_of_the_evidence_is_had_from_its_module():
    for name in evidence.__all__:
        found = getattr(evidence, name)
        assert found.__module__.startswith("repdose.evidence."), name
        assert getattr(sys.modules[found.__module__], name) is found
    assert evidence.__all__ == sorted(evidence._WHERE)
    # A module of that name, once it is imported, would stand in the place of what is meant
    assert not set(evidence.__all__) & {one.name for one in pkgutil.iter_modules(evidence.__path__)}
    with pytest.raises(AttributeError, match="has no attribute 'mett'"):
        evidence.mett  # noqa: B018


@pytest.mark.parametrize("what", BUDGETS)
def test_no_module_comes_in_that_is_not_in_the_budget(what):
    program, allowed = BUDGETS[what]
    done = subprocess.run([sys.executable, "-c", program + FOUND], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {one for one in done.stdout.split("\n") if not one.startswith(NOT_COUNTED)}
    found = {one for one in found if not one.endswith("__mypyc")} - {""}
    assert found - allowed <= ({"scipy.special"} if "scipy" in allowed else set())
