"""What cells find around them: nothing of the caller's that may be secret, places to work in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from report_notebooks import job, notebook

import repdose
from repdose.reports import engines
from repdose.reports.engines.environment import environment

ROOTS = [str(Path(one).parent) for one in repdose.__path__]
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "wJalrFAKE",
    "GITHUB_TOKEN": "ghpFAKE",
    "MY_PASSWORD": "hunter2FAKE",
    "HTTPS_PROXY": "http://me:pwFAKE@proxy",
    "PYTHONSTARTUP": "/nowhere/FAKE.py",
    "PYTHONWARNINGS": "error::FAKE",
}
LOOK = (
    "import os, pathlib\nfound = dict(os.environ)\n"
    "try:\n    found['parent'] = pathlib.Path(f'/proc/{os.getppid()}/environ').read_text()\n"
    "except OSError:\n    found['parent'] = 'refused'\n"
    "print([name for name, value in found.items() if 'FAKE' in value], found['parent'][:7])\n"
    "print(sorted(found))"
)


@pytest.mark.slow
@pytest.mark.parametrize("engine", engines.ENGINES)
def test_cells_do_not_see_the_callers_secrets(tmp_path, monkeypatch, engine):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    one = job(tmp_path, "looks", LOOK)
    [outcome] = engines.run_jobs([one], engine=engine, workers=1)
    assert (outcome.status, outcome.message) == ("made", "")
    cells = json.loads((one.folder / "report.ipynb").read_text("utf-8"))["cells"]
    said, names, _ = cells[4]["outputs"][0]["text"].split("\n")
    assert said.startswith("[]")
    assert not SECRETS.keys() & set(names)
    assert "'PATH'" in names


def test_only_listed_variables_are_handed_on_and_paths_hold_from_any_folder(tmp_path, monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"here{os.pathsep}{os.pathsep}/there")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    given = environment("/scratch")
    assert not SECRETS.keys() & given.keys()
    assert given["OPENBLAS_CORETYPE"] == "Haswell"
    path = given["PYTHONPATH"].split(os.pathsep)
    assert path[:2] == [str(tmp_path / "here"), "/there"]
    assert given["TMPDIR"] == "/scratch"


def test_matplotlib_is_given_a_place_where_the_home_is_none(tmp_path, monkeypatch):
    for name in ("MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "MPLCONFIGDIR" not in environment("/scratch")
    for nowhere in ("/dev/null", "/proc/none"):
        monkeypatch.setenv("HOME", nowhere)
        assert environment("/scratch")["MPLCONFIGDIR"] == "/scratch/matplotlib"


def surroundings_of(tmp_path):
    long = tmp_path / "-".join(["long"] * 40)
    long.mkdir()
    (tmp_path / "relative").mkdir()
    return {
        "long": {"TMPDIR": str(long)},
        "relative": {"TMPDIR": "relative"},
        "missing": {"TMPDIR": str(tmp_path / "missing")},
        "unwritable": {"TMPDIR": "/proc"},
        "no_home": {"HOME": "/dev/null", "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""},
    }


@pytest.mark.slow
@pytest.mark.parametrize("engine", engines.ENGINES)
@pytest.mark.parametrize("odd", ["long", "relative", "missing", "unwritable", "no_home"])
def test_odd_surroundings_make_the_same_report(tmp_path, odd, engine):
    source = notebook(tmp_path / "one.ipynb", "import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    command = [sys.executable, "-m", "repdose", "run", str(source), "--engine", engine, "-o"]
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MPL"))}
    made = []
    for name, extra in (("usual", {}), (odd, surroundings_of(tmp_path)[odd])):
        ran = subprocess.run(
            [*command, f"{name}.ipynb"],
            cwd=tmp_path,
            env=usual | {"PYTHONPATH": os.pathsep.join(ROOTS)} | extra,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stderr
        made.append((tmp_path / f"{name}.ipynb").read_bytes())
        left = [one.name for one in tmp_path.rglob("*repdose-*")]
        assert left == []
    assert made[0] == made[1]


@pytest.mark.slow
@pytest.mark.parametrize("engine", engines.ENGINES)
def test_sources_on_the_python_path_alone_are_an_installation(tmp_path, engine):
    """Named relative to the folder one is in, with no metadata of a distribution."""
    place = tmp_path / "lib"
    place.mkdir()
    checkout = Path(__file__).resolve().parents[3]
    for name in ("analysis", "evidence", "notebooks", "references.bib", "CITATION.cff"):
        (place / name).symlink_to(checkout / name)
    hidden = (
        "import importlib.metadata as m, runpy, sys\n"
        "found = m.version\n"
        "def version(name):\n"
        "    if name == 'repdose':\n        raise m.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "m.version = version\n"
    )
    (place / "sitecustomize.py").write_text(hidden)
    for arguments in (["--version"], ["run", "energy_cost", "--engine", engine, "-o", "o.html"]):
        ran = subprocess.run(
            [sys.executable, "-m", "repdose", *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": "lib:lib/analysis:lib/evidence"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stderr
    results = json.loads((tmp_path / "o.results.json").read_text("utf-8"))
    assert results["versions"]["repdose"] == "not installed"


STYLED = (
    "import pandas as pd\nframe = pd.DataFrame({'a': ['<b>bold</b>', '<script>x</script>']})\n"
    "frame.style.highlight_max(color='red')",
    "frame.style.set_properties(color='blue')",
)


@pytest.mark.slow
def test_styled_tables_have_the_same_names_each_time_and_show_text_as_text(tmp_path):
    made = []
    for engine in (*engines.ENGINES, engines.ENGINES[0]):
        one = job(tmp_path, f"styled{len(made)}", *STYLED)
        [outcome] = engines.run_jobs([one], engine=engine, workers=1)
        assert (outcome.status, outcome.message) == ("made", "")
        made.append((one.folder / "report.ipynb").read_bytes())
        page = (one.folder / "report.html").read_text("utf-8")
        assert "&lt;b&gt;bold&lt;/b&gt;" in page
        assert "&lt;script&gt;x&lt;/script&gt;" in page
        assert '<table id="T_4_0_0"' in page
        assert '<table id="T_5_0_0"' in page
        assert "#T_5_0_0_row0_col0" in page
    assert made[0] == made[1] == made[2]


def test_words_are_kept_alike_whether_pyarrow_is_installed_or_not():
    program = (
        "import pandas as pd\nfrom repdose.reports.engines import environment\n"
        "environment.prepare_libraries()\nwords = pd.DataFrame([{'a': 'b'}])['a']\n"
        "print(words.dtype, getattr(words.dtype, 'storage', 'python'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout in ("str python\n", "object python\n"), done.stderr
