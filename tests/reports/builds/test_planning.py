"""Builds of notebooks and plans of one's own: what is made, and what is made of it."""

from __future__ import annotations

import json

import pytest
from own_notebooks import PLAN, written

from repdose.inputs import scenarios
from repdose.inputs.cells import ParameterError
from repdose.reports import manifest
from repdose.reports.builds import build, planning
from repdose.reports.folders import OutputError

DECLARED = (
    'progression = "foundation"  # type: str  name of a scenario\n'
    "body_mass_kg = 75.0  # type: float  [kg] body mass\n"
    "load_kg = 20.0  # type: float  [kg] 0 to 250: load of the bar"
)
PROSE = "# Load of a mine\n\nSets count [@garber2011].\n"
REPORTS = """from repdose.reports import Report
report = Report("lifted", globals())
report.number("load", "Load", load_kg * report.plan.stages[0].weeks, "kg", headline=True)
report.sources()
report.provenance()"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two notebooks of one's own on a plan of one's own, built: folder and output."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "mine.yaml").write_text(PLAN)
    written(folder / "n" / "plain.ipynb", DECLARED, "2 * load_kg", "body_mass_kg", prose=PROSE)
    written(folder / "n" / "lifts.ipynb", DECLARED, REPORTS)
    assert {outcome.status for outcome in build.run(_todo(folder), workers=1)} == {"made"}
    return folder


def _todo(folder):
    return planning.of_scenarios(
        [str(folder / "mine.yaml")], folder / "out", own_notebooks=folder / "n"
    )


def test_notebooks_of_ones_own_are_made_with_or_without_a_report(made):
    out = made / "out" / "mine"
    plain = json.loads((out / "plain" / "results.json").read_text("utf-8"))
    assert plain["parameters"]["body_mass_kg"] == 68.0  # of the plan file
    assert plain["sources"] == ["garber2011"]
    page = (out / "plain" / "report.html").read_text("utf-8")
    for shown in (
        "Load of a mine",
        "40.0",
        "68.0",
        "href=#ref-garber2011>",
        'id="ref-garber2011"',
    ):
        assert shown in page
    lifted = json.loads((out / "lifted" / "results.json").read_text("utf-8"))
    assert [number["value"] for number in lifted["numbers"]] == [40.0]
    index = (made / "out" / "index.html").read_text("utf-8")
    assert 'href="mine/lifted/report.html"' in index
    assert 'href="mine/plain/report.html"' in index


@pytest.mark.slow
def test_a_notebook_without_a_report_draws_alike_whichever_engine_runs_it(tmp_path):
    draws = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, load_kg])"
    written(tmp_path / "n" / "plain.ipynb", DECLARED, draws)
    for engine in ("fork", "kernel"):
        todo = planning.of_scenarios(
            ["foundation"], tmp_path / engine, own_notebooks=tmp_path / "n"
        )
        assert [made.status for made in build.run(todo, workers=1, engine=engine)] == ["made"]
    pages = [
        (tmp_path / engine / "foundation" / "plain" / "report.html").read_text("utf-8")
        for engine in ("fork", "kernel")
    ]
    assert pages[0] == pages[1]
    assert "data:image/png;base64," in pages[0]


def test_what_changes_in_a_notebook_or_a_plan_makes_its_reports_stale(made):
    assert _todo(made).stale == []
    plain = made / "n" / "plain.ipynb"
    text = plain.read_text("utf-8")
    plain.write_text(text.replace("2 * load_kg", "3 * load_kg"))
    assert _todo(made).why == {"mine/lifted": [], "mine/plain": ["notebook"]}
    plain.write_text(text)
    (made / "mine.yaml").write_text(PLAN.replace("repetitions: 10", "repetitions: 11"))
    assert set(map(tuple, _todo(made).why.values())) == {("parameters",)}
    (made / "mine.yaml").write_text(PLAN)
    assert _todo(made).stale == []


def test_a_notebook_that_opens_no_report_may_read_any_table(made, monkeypatch):
    whole = manifest.digest_of
    monkeypatch.setattr(
        manifest, "digest_of", lambda path: "x" if path.name == "met_2011.csv" else whole(path)
    )
    assert _todo(made).why == {"mine/lifted": [], "mine/plain": ["data: met_2011.csv"]}


def test_shipped_notebooks_are_made_beside_when_asked(made):
    todo = planning.of_scenarios(
        [str(made / "mine.yaml")], made / "out", own_notebooks=made / "n", with_shipped=True
    )
    names = {one.name for one in todo.jobs}
    assert {"mine/plain", "mine/lifted", "mine/energy_cost", "general/claim_audit"} <= names


def compared(todo):
    (one,) = [one for one in todo.jobs if one.notebook == "progression_comparison"]
    return one.parameters["progressions"]


def test_a_comparison_has_the_reader_s_plan_before_those_it_has(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(PLAN)
    mine = {"title": "Two weeks, as in a test", "plan": scenarios.read(path).stages}
    todo = planning.of_scenarios([str(path)], tmp_path / "out")
    assert compared(todo) == [mine, "foundation", "to_hanging", "flutter_endurance"]
    todo = planning.of_scenarios([str(path), "foundation"], tmp_path / "out")
    assert compared(todo)[0] == mine
    todo = planning.of_scenarios(["foundation"], tmp_path / "out")
    assert compared(todo) == ["foundation", "to_hanging", "flutter_endurance"]


def test_plans_of_one_title_are_told_apart_and_a_changed_shipped_one_stands_for_it(tmp_path):
    text = (scenarios.shipped("foundation").path).read_text("utf-8")
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(text)
    asked = [str(tmp_path / f"{name}.yaml") for name in ("a", "b")]
    title = scenarios.shipped("foundation").title
    one = planning.of_scenarios(asked[:1], tmp_path / "out")
    assert [given if isinstance(given, str) else given["title"] for given in compared(one)] == [
        title,
        *("to_hanging", "flutter_endurance"),
    ]
    both = compared(planning.of_scenarios(asked, tmp_path / "out"))
    assert [given["title"] for given in both[:2]] == [f"{title} (a)", f"{title} (b)"]


def test_more_plans_than_figures_tell_apart_are_refused(tmp_path):
    for number in range(6):
        text = PLAN.replace("a test", f"test {number}")
        (tmp_path / f"p{number}.yaml").write_text(text)
    asked = [str(path) for path in tmp_path.glob("p*.yaml")]
    assert len(compared(planning.of_scenarios(asked[:5], tmp_path / "out"))) == 5
    with pytest.raises(ParameterError, match="6 plans of your own and 2 made by rule"):
        planning.of_scenarios(asked, tmp_path / "out")


def test_plans_whose_names_differ_by_capitals_only_are_refused(tmp_path):
    for name in ("a/mine.yaml", "b/Mine.yaml"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(PLAN)
    wanted = [str(tmp_path / name) for name in ("a/mine.yaml", "b/Mine.yaml")]
    with pytest.raises(OutputError, match="Mine/.* and mine/.* differ by capitals only"):
        planning.of_scenarios(wanted, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "content", "is_refused"),
    [
        ("index.html", "<h1>My own page</h1>", True),
        ("explore.html", "", True),
        ("index.html", '<body class="site">', False),
        ("results.csv", "subject,load\n1,20\n", True),
        ("results.parquet", "PAR1", True),
        ("results.csv", "report,notebook,number\n", False),
        ("index.html", None, True),
        ("notes.html", "mine", False),
    ],
)
def test_a_readers_own_file_where_a_build_writes_is_refused_before_it_starts(
    tmp_path, name, content, is_refused
):
    out = tmp_path / "out"
    out.mkdir()
    (out / name).mkdir() if content is None else (out / name).write_text(content)
    sweep = tmp_path / "s.yaml"
    sweep.write_text("notebook: energy_cost\ngrid: {age_y: [30, 40]}\n")
    if is_refused:
        with pytest.raises(OutputError, match=f"{name} in .*out is none of a build; move it"):
            planning.of_sweep(sweep, out)
    else:
        assert len(planning.of_sweep(sweep, out).jobs) == 2
    if name.startswith("results"):  # which no build but a sweep's writes
        assert planning.of_scenarios(["foundation"], out).jobs
