"""The command: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata

import pytest
from report_notebooks import notebook

from repdose import cli

COMMAND = (sys.executable, "-m", "repdose")


@pytest.fixture
def repdose(capsys):
    """Run the command in this process: exit code, stdout, stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.app(args=list(arguments), prog_name="repdose")
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def test_met_of_a_code_as_json(repdose):
    code, out, err = repdose("met", "02024", "--edition", "2011", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["met"] == 2.8
    assert found["source"] == "ainsworth2011"
    assert found["edition"] == "2011"
    assert found["locator"]


def test_a_look_up_as_a_program_has_the_same_exit_codes():
    command = [*COMMAND, "met"]
    done = subprocess.run([*command, "02056", "--edition", "2011"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("repdose: no code '02056'")
    done = subprocess.run([*command, "02056", "--edition=2024"], capture_output=True, text=True)
    assert done.returncode == 0


def test_met_without_an_edition_shows_every_edition_that_has_the_code(repdose):
    code, out, _ = repdose("met", "02024", "--json")
    assert code == 0
    assert {row["edition"] for row in json.loads(out)} == {"2011", "2024"}


def test_code_of_the_new_edition_alone(repdose):
    assert json.loads(repdose("met", "02056", "--edition", "2024", "--json")[1])["met"] == 3.0
    code, out, err = repdose("met", "02056", "--edition", "2011")
    assert (code, out) == (2, "")
    assert "02054" in err


def test_words_are_searched_in_a_named_edition(repdose):
    code, out, _ = repdose("met", "abdominal", "crunch")
    assert code == 0
    assert out.startswith("Edition 2024\n02024")
    code, out, err = repdose("met", "zzzzzz qqqq")
    assert (code, out) == (2, "")
    assert "zzzzzz" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["met", "99999"], ["no code '99999'", "near it"]),
        (["met", "02024", "--edition", "2012"], ["2012", "2011"]),
        (["cite", "nobody1900"], ["nobody1900"]),
        (["cite", "garber2011", "--style", "mla"], ["mla", "vancouver"]),
        (["params", "energy_costs"], ["no notebook 'energy_costs'", "energy_cost"]),
        (["claims", "--verdict", "true"], ["verdict", "true"]),
        (["build", "--scenario", "fundation"], ["no scenario 'fundation'", "foundation"]),
        (["build", "--engine", "thread", "--scenario", "foundation"], ["fork", "thread"]),
        (["check", "--reports", "nowhere"], ["no such folder"]),
        (["run", "energy_cost", "-p", "stature_m", "175"], ["1.2 to 2.3 m", "1.75"]),
        (["run", "energy_cost", "-p", "body_mass_kg", "7e1"], ["-p body_mass_kg", "'7e1'"]),
        (["run", "energy_cost", "-p", "sex", "no"], ["-p sex", "'no'"]),
        (["run", "energy_cost", "-p", "x = 1; y", "1"], ["'x = 1; y'", "no parameter's name"]),
        (["run", "energy_cost", "-p", "age_y", "30", "-p", "age_y", "31"], ["age_y", "twice"]),
        (["run", "energy_cost", "-p", "age_y"], ["requires 2 arguments"]),
        (["run", "missing.ipynb"], ["missing.ipynb", "cannot be read"]),
        (["run", "energy_cost", "-p", "age_y", "30", "-o", "out.pdf"], [".html", "out.pdf"]),
    ],
)
def test_bad_input_is_a_sentence_with_exit_code_2_and_nothing_written(
    repdose, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    output = [] if arguments[0] not in ("run", "build") or "-o" in arguments else ["-o", "o.html"]
    code, out, err = repdose(arguments[0], *output, *arguments[1:])
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for word in words:
        assert word in err
    assert list(tmp_path.iterdir()) == []


def test_notebook_without_parameters_cell_is_refused_with_what_to_write(repdose, tmp_path):
    path = notebook(tmp_path / "mine.ipynb")
    content = json.loads(path.read_text("utf-8"))
    content["cells"][1]["metadata"] = {}
    path.write_text(json.dumps(content))
    code, _, err = repdose("run", str(path), "-o", str(tmp_path / "o.html"))
    assert code == 2
    assert "no cell is tagged 'parameters'" in err
    assert "body_mass_kg = 75.0  # type: float  [kg] body mass" in err
    (tmp_path / "my report.ipynb").write_text(
        json.dumps(
            content | {"cells": [content["cells"][1] | {"metadata": {"tags": ["parameters"]}}]}
        )
    )
    code, _, err = repdose("run", str(tmp_path / "my report.ipynb"), "-o", str(tmp_path / "o.html"))
    assert code == 2
    assert "its name becomes a folder" in err


@pytest.mark.slow
def test_run_writes_the_page_and_its_results_or_an_error_page(repdose, tmp_path):
    path = notebook(tmp_path / "mine.ipynb", "report.number('x', 'X', 1 / (stature_m - 1.5), '')")
    out = tmp_path / "out" / "o.html"
    code, _, err = repdose("run", str(path), "-o", str(out), "-p", "body_mass_kg", "82.5")
    assert (code, err) == (0, f"see {out}; its numbers are in {out.with_name('o.results.json')}\n")
    assert "<h1" in out.read_text("utf-8")
    results = json.loads((tmp_path / "out" / "o.results.json").read_text("utf-8"))
    assert results["parameters"]["body_mass_kg"] == 82.5
    assert results["numbers"][0]["value"] == 4.0
    code, _, err = repdose("run", str(path), "-o", str(out), "-p", "stature_m", "1.5")
    assert code == 3
    for word in ("energy_cost", "cell 5", "ZeroDivisionError", "stature_m=1.5"):
        assert word in err
    # The page made before stays as it was, and the next one that is made takes the error away
    assert f"o.error.html; {out} is as it was made before" in err
    names = ["o.error.html", "o.html", "o.results.json"]
    assert sorted(found.name for found in out.parent.iterdir()) == names
    assert json.loads((tmp_path / "out" / "o.results.json").read_text("utf-8")) == results
    assert repdose("run", str(path), "-o", str(out))[0] == 0
    assert sorted(found.name for found in out.parent.iterdir()) == names[1:]


def test_parameters_are_listed_with_unit_and_range(repdose):
    code, out, _ = repdose("params", "energy_cost", "--json")
    assert code == 0
    rows = {row["name"]: row for row in json.loads(out)["parameters"]}
    assert rows["body_mass_kg"]["unit"] == "kg"
    assert (rows["body_mass_kg"]["minimum"], rows["body_mass_kg"]["maximum"]) == (20, 300)
    assert rows["sex"]["choices"] == ["female", "male"]
    assert "body_mass_kg = 75.0  float [kg], 20 to 300" in repdose("params", "energy_cost")[1]


def test_dry_run_says_what_would_be_made_and_makes_nothing(repdose, tmp_path):
    out = tmp_path / "out"
    code, said, err = repdose("build", "--scenario", "foundation", "-o", str(out), "--dry-run")
    assert code == 0
    assert "foundation/energy_cost: not made yet" in said
    assert "nothing was run" in err
    assert not out.exists()


def test_references_are_printed_in_the_style_asked_for(repdose):
    assert "Garber" in repdose("cite", "garber2011")[1]
    assert repdose("cite", "garber2011", "--style", "bibtex")[1].startswith("@article{garber2011")


def test_references_are_found_by_what_people_paste(repdose):
    expected = repdose("cite", "garber2011", "hhs2018")[1]
    assert expected.count("\n") == 2
    for pasted in (["GARBER2011,hhs2018"], ["[@garber2011; @hhs2018]"], ["@garber2011", "HHS2018"]):
        assert repdose("cite", *pasted)[1] == expected
    assert repdose("cite", "https://doi.org/10.1249/MSS.0b013e318213fefb")[1] in expected


def test_every_reference_is_listed_on_demand(repdose):
    from repdose.evidence import bibliography

    code, out, _ = repdose("cite", "--all", "--style", "bibtex")
    assert code == 0
    assert out.count("\n@") + 1 == len(bibliography.sources())
    for wrong, words in ((["--all", "garber2011"], "not both"), ([], "or --all")):
        code, out, err = repdose("cite", *wrong)
        assert (code, out) == (2, "")
        assert words in err


def test_bibliography_with_a_fault_has_exit_code_1(repdose, tmp_path):
    path = tmp_path / "mine.bib"
    path.write_text("@article{a2001, title = {T}, author = {A, B}, journal = {J}}\n")
    code, out, _ = repdose("bib", str(path))
    assert code == 1
    assert "mine.bib:1: a2001: no year" in out


def test_keys_cited_but_not_entered_and_entered_but_not_cited_are_named(repdose, tmp_path):
    bib, page, paper = (tmp_path / name for name in ("mine.bib", "page.md", "paper.tex"))
    entry = "@article{{{}, author={{Lee, A.}}, title={{{}}}, journal={{J}}, year={{2001}}}}\n"
    bib.write_text(entry.format("a1", "First") + entry.format("a2", "Second"), "utf-8")
    page.write_text("As\n[@a1] and [@a9] say.\n", "utf-8")
    paper.write_text("As \\citep{a2} says.\n", "utf-8")
    assert repdose("bib", str(bib))[0] == 0
    code, out, _ = repdose("bib", str(bib), "--cited-in", str(page))
    assert code == 1
    assert "mine.bib:2: a2: no given text cites it" in out
    assert "page.md:2: a9: cited and not in" in out
    code, out, _ = repdose("bib", str(bib), "--cited-in", str(page), "--cited-in", str(paper))
    assert code == 1
    assert "a2: no given text" not in out
    assert "page.md:2: a9" in out
    assert repdose("bib", str(bib), "--cited-in", str(tmp_path / "none.md"))[0] == 2


def test_a_table_of_ones_own_is_refused_with_line_column_and_fix(repdose, tmp_path):
    table = tmp_path / "mine.csv"
    header = "code,met,activity,source,locator\n"
    table.write_text(f"{header}2024,2.8,sit-ups,a2011,p. 1\n02030,3.5,back,,p. 2\n", "utf-8")
    code, out, err = repdose("check", "--table", str(table))
    assert code == 1
    assert "mine.csv:2: code: '2024' lacks its leading zero; write 02024" in out
    assert "mine.csv:3: source: empty; name the source" in out
    assert "2 problems" in err
    table.write_text(f"{header}02024,2.8,sit-ups,a2011,p. 1\n", "utf-8")
    assert repdose("check", "--table", str(table))[0] == 0
    assert repdose("check", "--table", str(tmp_path / "none.csv"))[0] == 2


def test_claims_are_listed_by_verdict(repdose):
    rows = json.loads(repdose("claims", "--verdict", "supported", "--json")[1])
    assert rows
    assert {row["verdict"] for row in rows} == {"supported"}


def test_version_and_help(repdose):
    for option in ("--version", "-V"):
        code, out, _ = repdose(option)
        assert (code, out) == (0, f"repdose {metadata.version('repdose')}\n")
    for option in ("--help", "-h"):
        code, out, _ = repdose(option)
        assert code == 0
        assert all(f"\n  {verb} " in out for verb in cli.VERBS)
    assert "Sweep file" in repdose("build", "-h")[1]


def test_called_alone_it_shows_its_help():
    done = subprocess.run([*COMMAND], capture_output=True, text=True)
    assert "Usage: repdose" in done.stdout + done.stderr
    assert done.returncode == 2


def test_a_misspelt_verb_is_bad_input():
    done = subprocess.run([*COMMAND, "biuld"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "No such command 'biuld'" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(shell):
    variables = {**os.environ, "_REPDOSE_COMPLETE": f"{shell}_source"}
    done = subprocess.run([*COMMAND], capture_output=True, text=True, env=variables)
    assert done.returncode == 0
    assert "repdose" in done.stdout


def test_a_reader_that_leaves_early_is_no_error():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, "claims"], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_look_up_imports_nothing_heavy():
    program = (
        "import sys\nfrom repdose import cli\n"
        "sys.argv = ['repdose', 'met', '02024']\ncli.main()\n"
        "heavy = {'pandas', 'numpy', 'papermill', 'pydantic', 'matplotlib', 'IPython'}\n"
        "found = heavy & set(sys.modules)\nsys.exit(str(found) if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "2.8 MET" in done.stdout


def test_the_template_on_stdout_is_a_table_and_on_stderr_where_its_columns_are_told(repdose):
    code, out, err = repdose("template", "trials")
    assert code == 0
    assert out.splitlines()[0].startswith("es_id,study,arm,n,domain,weekly_sets")
    assert len(out.splitlines()) == 13
    assert "repdose template trials --columns" in err
    code, out, err = repdose("template", "trials", "--columns")
    assert (code, err) == (0, "")
    assert out.splitlines()[3] == "n: Participants in the arm (integer, required; 3 to 100000)"


def test_the_template_in_a_file_has_its_columns_beside_it_and_overwrites_nothing(repdose, tmp_path):
    out = tmp_path / "mine.csv"
    assert repdose("template", "trials", "-o", str(out))[0] == 0
    columns = (tmp_path / "mine.columns.txt").read_text("utf-8").splitlines()
    for name in out.read_text("utf-8").splitlines()[0].split(","):
        assert sum(line.startswith(f"{name}: ") for line in columns) == 1
    code, _, err = repdose("template", "trials", "-o", str(out))
    assert code == 2
    assert "is there already" in err
    assert repdose("template", "claims")[1].startswith("id,location,claim")
    assert "there are trials, claims" in repdose("template", "plans")[2]


def test_a_table_of_trials_with_faults_is_refused_by_line_and_column_and_nothing_is_written(
    repdose, tmp_path
):
    table = tmp_path / "mine.csv"
    lines = repdose("template", "trials")[1].splitlines()
    lines[2] = lines[2].replace(",false", ",")
    lines[4] = lines[4].replace("4,", "3,", 1)
    lines[7] = lines[7].replace("18.3", '"18,3"')
    table.write_text("\n".join(lines), "utf-8")
    out = tmp_path / "out.html"
    code, _, err = repdose("run", "dose_response", "-p", "table", str(table), "-o", str(out))
    assert code == 2
    assert [line.split(": ")[0] for line in err.splitlines()[1:]] == [
        "mine.csv:3 control_arm",
        "mine.csv:5 es_id",
        "mine.csv:8 mean_pre",
    ]
    assert list(tmp_path.iterdir()) == [table]


def test_parameters_of_the_dose_response_say_where_the_columns_are_told(repdose):
    out = repdose("params", "dose_response")[1]
    assert "repdose template trials --columns" in out


def test_a_pipe_or_a_folder_as_a_table_is_refused_at_once(repdose, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for name, said in (("pipe.csv", "a pipe or a device"), (".", "a folder")):
        given = str(tmp_path / name)
        code, _, err = repdose("run", "dose_response", "-p", "table", given, "-o", "out.html")
        assert code == 2
        assert said in err


@pytest.mark.slow
def test_a_table_of_one_effect_an_arm_makes_a_report_that_says_so(repdose, tmp_path):
    table, out = tmp_path / "mine.csv", tmp_path / "out.html"
    table.write_text(repdose("template", "trials")[1], "utf-8")
    code, _, err = repdose("run", "dose_response", "-p", "table", str(table), "-o", str(out))
    assert (code, str(out) in err) == (0, True)
    results = json.loads((tmp_path / "out.results.json").read_text("utf-8"))
    dropped = "Each arm has one es_id, so the level es_id was dropped"
    assert dropped in out.read_text("utf-8")
    assert any(dropped in text for text in results["assumptions"])
    assert not {"volume_arms.csv", "corrections.yaml"} & set(results["data"])
