"""What is read back of a report: nothing outside its folder, no traceback, one sentence."""

from __future__ import annotations

import copy
import json
import os
import shutil
import sys

import pytest
from click.testing import CliRunner

from repdose.cli import app
from repdose.inputs import notebooks, scenarios
from repdose.reports import folders, manifest, shapes
from repdose.reports.builds import index, jobs
from repdose.reports.jobs import as_json
from repdose.reports.shapes import RefusedError, UnreadableError

SECRET = "the secret outside"
NUMBER = {
    **{"id": "n", "label": "N", "value": 1.5, "low": 1.0, "high": 2.0, "unit": "kcal"},
    **{"kind": "assumption", "headline": True, "digits": 1, "note": "", "text": "1.5"},
}
RESULTS = {
    **{"notebook": "energy_cost", "scenario": "foundation", "parameters": {"age_y": 30}},
    **{"answer": "", "numbers": [NUMBER], "assumptions": ["One."], "sources": ["garber2011"]},
    **{"records": [{"id": "x", "source": "garber2011"}], "versions": {"python": "3.11"}},
    "data": {"met_2024.csv": "00"},
}


@pytest.fixture
def out(tmp_path):
    """A build of one report as it is made, its page and notebook being empty, and a secret."""
    found = notebooks.find("energy_cost")
    checked = notebooks.parameters(found, scenarios.find("foundation"))
    out = (tmp_path / "out").resolve()
    job = jobs.job(found, "foundation", checked, out)
    made = {"report.html": "", "report.ipynb": "", "figures/f.png": "", folders.RESULTS: ""}
    made[folders.RESULTS] = as_json(RESULTS)
    told = manifest.complete(job, {"data": {"met_2024.csv": ""}, "sources": ["garber2011"]}, made)
    folders.write_folder(job.folder, {**made, folders.MANIFEST: as_json(told)})
    (tmp_path / "secret").write_text(SECRET)
    return out


def folder(out):
    return out / "foundation" / "energy_cost"


def rewritten(out, change, name=folders.MANIFEST):
    """The same build, one of its files changed; a manifest still knows its results."""
    path = folder(out) / name
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    if name == folders.RESULTS:
        digest = manifest.digest(path.read_bytes())
        rewritten(out, lambda told: told["files"].update({name: digest}))


def every_verb(out):
    """Exit code and what is said of each verb that reads a build, as far as nothing is run."""
    there = out.parent
    for verb in (
        ["archive", out, "-o", there / "a.zip"],
        ["diff", out, out],
        ["baseline", out, "-o", there / "b.json"],
        ["check", "--reports", out],
        ["build", "--scenario", "foundation", "-o", out, "--dry-run"],
        ["build", "--scenario", "foundation", "-o", out],
    ):
        ran = CliRunner().invoke(app, [str(one) for one in verb])
        assert ran.exception is None or isinstance(ran.exception, SystemExit), (verb, ran.exception)
        yield verb, ran.exit_code, ran.stdout + ran.stderr


OUTSIDE = ["../../../secret", "/etc/hostname", "figures/../../../../secret", "..", "", "a//b", "."]
OUTSIDE += ["..\\..\\secret", "C:secret", "a\nb", "\u202egnp.x", "\\\\host\\share"]


def naming(key, name):
    def change(told):
        (told if key == "files" else told["made_from"])[key][name] = manifest.digest(SECRET)

    return change


@pytest.mark.parametrize("key", ["files", "data"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_manifest_that_names_what_lies_outside_is_refused(out, key, name):
    rewritten(out, naming(key, name))
    with pytest.raises(RefusedError, match="which is not in its folder"):
        manifest.read(folder(out))


def test_a_manifest_that_names_a_secret_is_refused_by_every_verb(out):
    rewritten(out, naming("files", "../../../secret"))
    refused_by_every_verb(out, "names '../../../secret', which is not in its folder")


def refused_by_every_verb(out, words):
    before = sorted(path for path in out.parent.rglob("*"))
    for verb, code, said in every_verb(out):
        assert code == (1 if verb[0] == "check" else 2), (verb, said)
        assert words in said, (verb, said)
        assert SECRET not in said
        assert "move the folder away" in said, (verb, said)
    assert sorted(path for path in out.parent.rglob("*")) == before


def linked(out, name):
    path = folder(out) / name
    kept = out.parent / "kept"
    shutil.move(path, kept)
    path.symlink_to(kept)


def test_a_build_is_read_by_any_name_of_its_folder(out, monkeypatch):
    monkeypatch.chdir(out)
    (out.parent / "alias").symlink_to(out)
    for name in (".", "../out", "foundation/..", out.parent / "alias"):
        ran = CliRunner().invoke(app, ["check", "--reports", str(name)])
        assert (ran.exit_code, ran.stdout) == (0, "every report is up to date\n"), name


@pytest.mark.parametrize(
    "name", ["report.html", "results.json", "manifest.json", "figures", "figures/f.png"]
)
def test_a_link_in_a_report_is_refused(out, name):
    linked(out, name)
    with pytest.raises(RefusedError, match="is a link, or lies behind one"):
        manifest.damaged(folder(out), manifest.read(folder(out)))


def test_a_link_in_a_report_or_to_one_is_refused_by_every_verb(out):
    linked(out, "results.json")
    refused_by_every_verb(out, "is a link")
    shutil.rmtree(out / "foundation")
    elsewhere = out.parent / "elsewhere"
    (elsewhere / "energy_cost").mkdir(parents=True)
    (elsewhere / "energy_cost" / "manifest.json").write_text("{}")
    (out / "foundation").symlink_to(elsewhere)
    for verb, code, said in every_verb(out):
        assert code == (1 if verb[0] == "check" else 2), (verb, said)
        assert "is a link" in said, (verb, said)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["manifest.json", "results.json", "report.html"])
@pytest.mark.parametrize("lay", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_neither_waited_for_nor_read(out, name, lay):
    (folder(out) / name).unlink()
    lay(folder(out) / name)
    for verb, code, said in every_verb(out):
        if name == "report.html" and verb[0] in ("diff", "baseline"):
            assert code == 0  # they read its numbers alone
        else:
            assert code == (1 if verb[0] == "check" else 2), (verb, said)
            assert name in said, (verb, said)


def test_a_manifest_without_end_is_not_read(out):
    with (folder(out) / "manifest.json").open("r+b") as file:
        file.truncate(shapes.MOST_BYTES + 1)
    refused_by_every_verb(out, "manifest.json has 64,000,001 bytes; at most 64,000,000 are read")


def test_altered_results_are_refused_and_are_no_baseline(out):
    path = folder(out) / "results.json"
    path.write_text(path.read_text().replace("1.5", "2.5"))
    for verb, code, said in every_verb(out):
        if verb[0] != "build":  # which makes it anew
            assert code == (1 if verb[0] == "check" else 2), (verb, said)
            assert "results.json is missing or was altered" in said, (verb, said)
        elif "--dry-run" in verb:
            assert "file results.json is missing or was altered" in said
            break
    assert sorted(os.listdir(out.parent)) == ["out", "secret"]


def test_a_report_of_another_version_is_one_row_and_a_sentence(out):
    rewritten(out, lambda told: told.pop("made_from"))
    words = "made by another version: its manifest.json: made_from: Field required"
    index.write_index(out)
    page = (out / index.INDEX).read_text("utf-8")
    assert page.count('<tr class="made">') == 1
    assert words in page
    assert 'href="foundation/energy_cost/report.html"' in page
    for verb, code, said in every_verb(out):
        if verb[0] == "build":
            assert code == 0
            assert words in said
            break
        assert code == (1 if verb[0] == "check" else 2), (verb, said)
        assert words in said, (verb, said)


def test_results_of_another_shape_are_one_row_and_a_sentence(out):
    rewritten(out, lambda told: told["numbers"][0].update(value="1.5"), folders.RESULTS)
    words = "made by another version: its results.json: numbers.0.value"
    index.write_index(out)
    assert words in (out / index.INDEX).read_text("utf-8")
    for verb in (["archive", out, "-o", out.parent / "a.zip"], ["diff", out, out]):
        ran = CliRunner().invoke(app, [str(one) for one in verb])
        assert (ran.exit_code, "numbers.0.value" in ran.stderr) == (2, True)


def places(content, path=()):
    """The path of every key and item of plain data."""
    inside = content.items() if isinstance(content, dict) else enumerate(content)
    for key, value in inside:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


ODD = [None, True, 5, -1e308, "x", "", [], {}, [[]], {"a": {"b": [1]}}, "../..", "\ud800"]


def odd_contents(content):
    """A file with each key, in turn, of every odd kind, and without it."""
    for path in places(content):
        for odd in [*ODD, KeyError]:
            changed = copy.deepcopy(content)
            at = changed
            for key in path[:-1]:
                at = at[key]
            if odd is KeyError:
                del at[path[-1]]
            else:
                at[path[-1]] = odd
            yield path, changed


ENDLESS = ["[" * 100_000, '{"a":' * 100_000, '{"status": ' + "9" * 5000 + "}", "NaN", "\x00", ""]


def test_no_odd_content_of_a_manifest_or_of_results_is_more_than_a_sentence(out):
    """Every key of every kind; the index is written over it, so is the table of a sweep."""
    contents = {
        "manifest.json": json.loads((folder(out) / "manifest.json").read_text()),
        "results.json": RESULTS,
    }
    told, tried = list[str](), 0
    for name, content in contents.items():
        read = getattr(shapes, name.partition(".")[0])
        raws = [json.dumps(changed).encode() for _, changed in odd_contents(content)]
        for raw in [*raws, *(one.encode() for one in ENDLESS)]:
            tried += 1
            try:
                read(raw, name)
            except UnreadableError as error:
                told.append(str(error))
    assert [one for one in told if "\n" in one or len(one) > 400] == []
    sys.stdout.write(f"\n{tried} odd contents read, no traceback")


@pytest.mark.slow
def test_no_odd_content_stops_a_verb_with_a_traceback(out):
    whole = {name: (folder(out) / name).read_bytes() for name in ("manifest.json", "results.json")}
    tried = 0
    for name, raw in whole.items():
        for number, (path, changed) in enumerate(odd_contents(json.loads(raw))):
            if number % 7:  # every kind is met, and every key by some
                continue
            for other, content in whole.items():
                (folder(out) / other).write_bytes(content)
            rewritten(out, lambda told, to=changed: (told.clear(), told.update(to)), name)
            index.write_index(out)
            for verb in (["diff", out, out], ["check", "--reports", out]):
                ran = CliRunner().invoke(app, [str(one) for one in verb])
                assert isinstance(ran.exception, SystemExit | None), (path, verb, ran.exception)
                assert ran.exit_code in (0, 1, 2)
                tried += 1
    sys.stdout.write(f"\n{tried} verbs on odd reports, no traceback")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("sources", ["nobody1900"], "cites 'nobody1900', which no bibliography has"),
        ("data", {"other.csv": "00"}, "its results name 'other.csv', which its manifest.json does"),
        ("data", {"../secret": "00"}, "names '../secret', which is not in its folder"),
    ],
)
def test_results_that_do_not_fit_their_manifest_are_not_archived(out, key, value, words):
    rewritten(out, lambda told: told.update({key: value}), folders.RESULTS)
    ran = CliRunner().invoke(app, ["archive", str(out), "-o", str(out.parent / "a.zip")])
    assert (ran.exit_code, words in ran.stderr) == (2, True), ran.stderr
    assert not (out.parent / "a.zip").exists()


def test_names_of_folders_are_addresses_and_no_script_in_the_index(out):
    odd = out / "javascript:alert(1)"
    shutil.copytree(out / "foundation", odd)
    (out / 'a b#c?d%41"><b>').mkdir()
    shutil.copytree(folder(out), out / 'a b#c?d%41"><b>' / "energy_cost")
    index.write_index(out)
    page = (out / index.INDEX).read_text("utf-8")
    assert 'href="javascript%3Aalert%281%29/energy_cost/report.html"' in page
    assert 'href="a%20b%23c%3Fd%2541%22%3E%3Cb%3E/energy_cost/report.html"' in page
