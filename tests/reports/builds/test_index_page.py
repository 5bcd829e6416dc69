"""The page that lists all reports: by question, then plan."""

from __future__ import annotations

import json

from repdose.inputs.notebooks import notebooks
from repdose.reports import manifest
from repdose.reports.builds import index as builds_index


def written(folder, scenario, notebook, title, kind):
    """A report's folder as the index reads it, with one headline number."""
    where = folder / scenario / notebook
    where.mkdir(parents=True)
    number = {
        "id": "x",
        "label": "Energy",
        "value": 62.0,
        "low": 40.0,
        "high": 166.0,
        "unit": "kcal",
        "kind": kind,
        "digits": 0,
        "headline": True,
        "text": "62 (40 to 166) kcal",
    }
    results = json.dumps({"numbers": [number]}).encode()
    (where / "results.json").write_bytes(results)
    made = {
        "status": "complete",
        "scenario": scenario,
        "notebook": notebook,
        "title": title,
        "subtitle": "" if scenario == "general" else f"Plan {scenario}",
        "files": {"results.json": manifest.digest(results)},
    }
    return where, made


def index(tmp_path, monkeypatch, *reports):
    made = [written(tmp_path, *one) for one in reports]
    monkeypatch.setattr(manifest, "reports", lambda _: iter(made))
    builds_index.write_index(tmp_path)
    return (tmp_path / builds_index.INDEX).read_text("utf-8")


def test_reports_stand_by_question_then_plan_and_each_question_once(tmp_path, monkeypatch):
    text = index(
        tmp_path,
        monkeypatch,
        ("b", "energy", "What does it cost?", "assumption"),
        ("a", "volume", "How much is it?", "assumption"),
        ("a", "energy", "What does it cost?", "assumption"),
    )
    wanted = ("How much is it? <small>", "a/volume/report.html", "What does it cost? <small>")
    places = [text.index(one) for one in (*wanted, "a/energy/report.html", "b/energy/report.html")]
    assert places == sorted(places)
    assert text.count('<tr class="question">') == 2


def test_sets_of_a_sweep_stand_in_the_order_of_their_numbers(tmp_path, monkeypatch):
    names = [f"body_mass_kg-{mass}" for mass in ("60.0_9", "80.5_1", "80.75_a", "100.0_0")]
    text = index(
        *(tmp_path, monkeypatch),
        *((name, "energy", "What does it cost?", "none") for name in sorted(names)),
    )
    places = [text.index(f"{name}/energy/report.html") for name in names]
    assert sorted(names) != names
    assert places == sorted(places)


def test_a_range_of_one_kind_is_named_once_and_of_several_beside_each_number(tmp_path, monkeypatch):
    text = index(
        tmp_path,
        monkeypatch,
        ("a", "energy", "One kind", "assumption"),
        ("b", "energy", "One kind", "assumption"),
        ("a", "dose", "Two kinds", "confidence"),
        ("b", "dose", "Two kinds", "prediction"),
    )
    assert text.count("range over the stated assumptions") == 1
    assert text.count("(confidence interval)") == text.count("(prediction interval)") == 1


def test_a_general_report_has_a_title_in_place_of_a_plan(tmp_path, monkeypatch):
    text = index(
        tmp_path,
        monkeypatch,
        ("general", "claim_audit", "Claims", "none"),
        ("general", "leg_raise_mechanics", "Hips", "none"),
        ("general", "of_my_own", "Mine", "none"),
    )
    for title in ("Every claim of the article", "Every leg-raise variant", "of my own"):
        assert text.count(f">{title}</a>") == 1
    assert set(builds_index.GENERAL) < {notebook.name for notebook in notebooks()}
