"""The page for whoever has no Python: numbers computed beforehand, a script that only chooses."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from repdose import energy, volume
from repdose.evidence import packs
from repdose.inputs import scenarios
from repdose.inputs.validation import validate
from repdose.reports.builds import grid, index
from repdose.reports.folders import EXPLORE
from repdose.reports.pages.assets import asset

SMALL = {
    "energy_cost": {"body_mass_kg": (60.0, 70.0), "edition": ("2024", "2011")},
    "weekly_volume": {"indirect_weight": (0.0, 0.5)},
}


def put(out, notebook, scenario, status="complete", **given):
    """A report's folder, as far as the page looks into it."""
    folder = out / scenario / notebook
    folder.mkdir(parents=True)
    parameters = validate(notebook, {"progression": scenario} | given).model_dump()
    made = {"status": status, "notebook": notebook, "scenario": scenario, "parameters": parameters}
    made |= {"problem": "", "files": {}, "made_from": {"data": {}, "bibliography": {}}}
    (folder / "manifest.json").write_text(json.dumps(made), "utf-8")


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setattr(grid, "GRID", SMALL)
    for scenario in ("foundation", "to_hanging"):
        put(tmp_path, "energy_cost", scenario, sex="male", age_y=35)
        put(tmp_path, "weekly_volume", scenario)
    return tmp_path


def page(out, ahead=None):
    index.write_index(out, ahead)
    return (out / EXPLORE).read_text("utf-8")


def sections(text):
    """By view and key: the section's opening tag, and its text."""
    found = re.findall(r"(<section [^>]+>)(.*?)</section>", text, re.DOTALL)
    return {
        tuple(re.search(r'data-of="([^"]+)" data-key="([^"]+)"', tag).groups()): (
            tag,
            unescape(re.sub(r"<[^>]+>", " ", inside)),
        )
        for tag, inside in found
    }


def test_every_combination_is_there_and_one_is_seen(out):
    found = sections(page(out))
    energies = itertools.product("01", ("60", "70"), ("2024", "2011"))
    volumes = itertools.product("01", ("0", "0.5"))
    expected = {("energy_cost", "|".join(key)) for key in energies}
    expected |= {("weekly_volume", "|".join(key)) for key in volumes}
    assert found.keys() == expected
    seen = {key for key, (tag, _) in found.items() if "hidden" not in tag}
    assert seen == {("energy_cost", "0|70|2024"), ("weekly_volume", "0|0.5")}


def test_its_numbers_are_those_of_the_models(out):
    found = sections(page(out))
    plan = scenarios.shipped("foundation").plan
    weekly = energy.weekly_energy(
        plan, body_mass_kg=60.0, edition="2011", convention="oxygen", time_basis="elapsed"
    )
    tag, text = found["energy_cost", "0|60|2011"]
    assert f"{weekly['gross_central'].mean():.0f} (" in text
    assert "of 1.75\u00a0m and 35 years, male" in text
    sets = volume.weekly_sets(plan, indirect_weight=0.0).query("muscle == 'rectus_abdominis'")
    said = f"{sets['fractional'].iloc[-1]:.1f} ({sets['direct'].iloc[-1]:.1f}\u00a0to"
    assert said in unescape(found["weekly_volume", "0|0"][0])
    assert "An indirect set counts 0 of a set" in found["weekly_volume", "0|0"][1]
    assert 'data-said="Energy of an average week: ' in tag


def test_it_says_that_it_does_not_interpolate_and_cites_what_it_read(out):
    text = page(out)
    assert "nothing is computed or interpolated here" in text
    assert "No edition of the Compendium lists a leg raise" in text
    assert 'id="ref-herrmann2024"' in text
    assert 'id="ref-pelland2026"' in text  # cited by a note
    for key in re.findall(r'href="#ref-([^"]+)"', text):
        assert f'id="ref-{key}"' in text


def test_the_script_only_chooses():
    script = asset("explore.js")
    assert not re.search(r"[*/%+]|Math|parse|Number|fetch", script.replace('"use strict"', ""))


class Controls(HTMLParser):
    def __init__(self):
        super().__init__()
        self.labels, self.selects, self.loads = set(), set(), []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "label":
            self.labels.add(given["for"])
        if tag == "select":
            self.selects.add(given["id"])
        self.loads += [given[name] for name in ("src", "srcset") if name in given]
        self.loads += [given["href"]] if tag == "link" else []


def test_each_choice_has_a_label_and_nothing_is_loaded(out):
    text = page(out)
    found = Controls()
    found.feed(text)
    assert found.labels == found.selects
    assert len(found.selects) == 5
    assert found.loads == []
    assert text.count('role="status" aria-live="polite"') == 2
    assert "default-src 'none'" in text


def test_it_is_written_again_only_when_what_made_it_changed(out, monkeypatch):
    text = page(out)
    monkeypatch.setattr(grid, "_page", lambda *_: pytest.fail("computed again"))
    assert page(out) == text
    monkeypatch.undo()
    monkeypatch.setattr(grid, "GRID", SMALL)
    (out / EXPLORE).write_text("of another time")
    assert page(out) == text  # the same bytes
    (out / EXPLORE).write_text(text.replace("kcal", "kJ"))
    assert page(out) == text
    put(out, "energy_cost", "flutter_endurance")
    assert page(out) != text


def test_a_failed_report_and_a_plan_that_is_gone_are_not_on_it(out):
    put(out, "energy_cost", "flutter_endurance", status="failed")
    gone = out / "gone" / "energy_cost"
    gone.mkdir(parents=True)
    made = json.loads((out / "foundation/energy_cost/manifest.json").read_text("utf-8"))
    made["parameters"]["progression"] = "no such plan"
    (gone / "manifest.json").write_text(json.dumps(made), "utf-8")
    text = page(out)
    assert "Flutter" not in text
    assert text.count("<option") == 2 * 2 + len(SMALL["energy_cost"]["body_mass_kg"]) + 2 + 2


def test_plans_beyond_the_most_are_told_and_parameters_of_another_version_passed_over(
    out, monkeypatch
):
    monkeypatch.setattr(grid, "MOST_PLANS", 1)
    path = out / "to_hanging/weekly_volume/manifest.json"
    made = json.loads(path.read_text("utf-8"))
    made["parameters"]["of_another_version"] = 1
    path.write_text(json.dumps(made), "utf-8")
    text = page(out)
    assert "Only the first 1 of 2 plans, by title, are here." in text
    assert "To hanging" not in text


def test_plans_of_one_title_are_told_apart_by_their_scenarios(out):
    stages = scenarios.shipped("foundation").stages
    for name, weeks in (("one", 2), ("other", 3)):
        mine = {"title": "Mine", "plan": [stages[0] | {"weeks": weeks}]}
        put(out, "energy_cost", name, progression=mine)
    text = page(out)
    assert re.findall(r">(Mine[^<]*)</option>", text) == ["Mine (one)", "Mine (other)"]
    found = sections(text)
    weeks = [found["energy_cost", f"{at}|70|2024"][1] for at in (1, 2)]  # after "Foundation: ..."
    assert "Weeks 1\u00a0to\u00a02:" in weeks[0]
    assert "Weeks 1\u00a0to\u00a03:" in weeks[1]


def test_the_index_leads_to_it_where_it_is(out, tmp_path_factory):
    index.write_index(out)
    assert f'<a href="{EXPLORE}">' in (out / index.INDEX).read_text("utf-8")
    empty = tmp_path_factory.mktemp("empty")
    (empty / EXPLORE).write_text("of another time")
    index.write_index(empty)
    assert not (empty / EXPLORE).exists()
    assert EXPLORE not in (empty / index.INDEX).read_text("utf-8")


def test_a_plan_with_rows_of_one_edition_is_named_as_left_out(out):
    content = {
        "title": "Flags for two weeks",
        "exercises": {
            "dragon_flag": {
                "name": "dragon flag",
                "tempo": {"up_s": 1.0, "top_s": 0.0, "down_s": 3.0, "bottom_s": 0.0},
                "met": {
                    "2024": {"low": "02024", "central": "02022", "high": "02020", "reason": "Alike"}
                },
                "credits": {"rectus_abdominis": "direct"},
                "reason": "Our judgement",
            }
        },
        "plan": [
            {"variant": "dragon_flag", "weeks": 2, "sessions_per_week": 2, "sets": 3}
            | {"repetitions": 6, "rest_s": 120}
        ],
    }
    mine = scenarios.of(content, "mine", "mine")
    with packs.stacked(mine.packs):
        for notebook in ("energy_cost", "weekly_volume"):
            put(out, notebook, "mine", progression=mine.stages)
        text = page(out)
    plain = unescape(re.sub(r"<[^>]+>", " ", text))
    assert (
        "is not under “What a plan costs in energy”: edition: dragon_flag has no MET rows of 2011"
        in plain
    )
    kept = {key.split("|")[0] for view, key in sections(text) if view == "energy_cost"}
    assert len(kept) == 2  # the two shipped plans
    assert len({key.split("|")[0] for view, key in sections(text) if view == "weekly_volume"}) == 3


def test_a_week_of_whole_sessions_is_a_bar_of_its_stage(out):
    tempo = {"up_s": 3, "top_s": 0, "down_s": 3, "bottom_s": 0}
    raises = {"exercise": "lying_straight_leg", "sets": 2, "repetitions": 10, "rest_s": 60}
    bent = {"exercise": "lying_bent_knee", "sets": 1, "repetitions": 10, "rest_s": 60}
    both = [raises | {"tempo": tempo}, bent | {"tempo": tempo}]
    content = {
        "title": "Two exercises in whole sessions",
        "plan": [
            {"weeks": 3, "sessions": [{"exercises": both}]},
            {"weeks": 1, "sessions": [{"exercises": both}, {"exercises": both}]},
        ],
    }
    mine = scenarios.of(content, "mine", "mine")
    put(out, "energy_cost", "mine", progression=mine.stages)
    chosen = "|70|2024"
    (shown,) = [
        " ".join(inside.split())
        for (_, key), (_, inside) in sections(page(out)).items()
        if key.endswith(chosen) and "2 exercises" in inside
    ]
    # three sets of a minute and two rests of one, at 2.8 MET of 3.5 mL/kg/min and 5 kcal/L
    week = 2.8 * 3.5 * 70 / 200 * 5
    assert f"Weeks 1 to 3: 2 exercises in 1 session {week:.0f} (" in shown
    assert f"Week 4: 2 exercises in 2 sessions {2 * week:.0f} (" in shown


def planned(out):
    """The reports that lie there, as jobs that a build is going to make."""
    return [
        SimpleNamespace(
            folder=folder,
            notebook=folder.name,
            scenario=folder.parent.name,
            stated=json.loads((folder / "manifest.json").read_text())["parameters"],
        )
        for folder in sorted(out.glob("*/*"))
    ]


def test_what_was_made_ahead_is_the_page_and_is_not_computed_again(out, tmp_path, monkeypatch):
    text = page(out)
    jobs = planned(out)
    (out / EXPLORE).unlink()
    assert grid.made_ahead(tmp_path / "empty", []) == {}  # nothing to make, and nothing lies there
    ahead = grid.made_ahead(out, jobs[:1])  # the others lie there
    monkeypatch.setattr(grid, "_page", lambda *_: pytest.fail("computed again"))
    assert page(out, ahead) == text
    assert grid.made_ahead(out, jobs) == {}  # it lies there


def test_what_was_made_ahead_is_left_where_a_report_has_failed(out):
    jobs = planned(out)
    ahead = grid.made_ahead(out, jobs)
    for notebook in ("energy_cost", "weekly_volume"):
        shutil.rmtree(out / "to_hanging" / notebook)
    assert {key.split("|")[0] for _, key in sections(page(out, ahead))} == {
        "0"
    }  # the one plan left
