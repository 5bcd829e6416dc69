"""The explorer's view in process: what is set is shown, what cannot be used is refused."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from repdose import energy, explorer, volume
from repdose import evidence as ev
from repdose.evidence.own_trials import template
from repdose.explorer import controls
from repdose.explorer.answers import ANSWERS
from repdose.explorer.pictures import picture
from repdose.inputs import scenarios
from repdose.inputs.declared import model

OWN = "title: Mine\nplan:\n- {variant: flutter_kick, weeks: 1, sessions_per_week: 2, sets: 3, " + (
    "set_duration_s: 20, rest_s: 60}\n"
)


@pytest.fixture(scope="module")
def view():
    return explorer.energy_cost("foundation")


def text(region):
    return re.sub(r"<[^>]+>", " ", region.value)


def control(view, name):
    return view._controls[name]


def picture_of(view):
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', view.figure.value)
    return ElementTree.fromstring(base64.b64decode(found[1]))


def test_a_slider_moves_the_number_the_box_the_figure_and_the_exports(view):
    view.set(body_mass_kg=75.0)
    before = view.figure.value
    control(view, "body_mass_kg").slider.value = 80.0
    weekly = energy.weekly_energy(
        scenarios.shipped("foundation").plan,
        body_mass_kg=80.0,
        edition="2024",
        convention="oxygen",
        time_basis="elapsed",
    )
    assert f"{weekly['gross_central'].mean():.0f} (" in text(view.numbers)
    assert control(view, "body_mass_kg").typed.value == "80"
    assert view.figure.value != before
    # Its width is that of a page, 7.2 inches of 72 points
    assert picture_of(view).get("width") == "518.4pt"
    assert "body_mass_kg: 80.0" in view.text.value
    assert "body_mass_kg = 80.0  # type: float  [kg]" in view.cell.value
    assert "-p body_mass_kg 80.0" in view.command.value


def test_what_leads_is_in_a_live_region_and_the_figure_has_its_words(view):
    live = r'<div role="status" aria-live="polite"[^>]*><p class="main">'
    assert re.search(live, view.leading.value)
    alt = re.search(r'alt="([^"]+)"', view.figure.value)[1]
    assert alt.startswith("Gross energy by week. Week 1: ")
    assert 'role="status"' not in view.numbers.value


def test_sources_stand_beside_with_links(view):
    assert "taken as an analogy" in text(view.sources)
    assert "Herrmann" in text(view.sources)
    assert 'href="https://doi.org/' in view.sources.value
    assert "2024:02024" in text(view.sources)
    assert ' id="' not in view.sources.value  # a second view in the notebook has the same works


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("500", "body_mass_kg: read 500; allowed is a number, 20 to 300 kg (body mass)"),
        ("70,5", "body_mass_kg: read &#x27;70,5&#x27;; it is text, not a number; use a decimal"),
        ("7e1", "body_mass_kg: read &#x27;7e1&#x27;; YAML 1.1 reads it as text"),
        ("seventy", "allowed is a number, 20 to 300 kg"),
        ("", "allowed is a number, 20 to 300 kg"),
        (".nan", "a finite number is required"),
    ],
)
def test_what_is_typed_and_out_of_range_is_refused_and_not_clamped(view, typed, said):
    view.set(body_mass_kg=75.0)
    before = (view.state, view.numbers.value, view.figure.value, view.text.value)
    mass = control(view, "body_mass_kg")
    mass.typed.value = typed
    assert said in view.refused.value
    assert 'role="alert"' in view.refused.value
    assert mass.typed.value == typed  # what was typed is there to be mended
    assert mass.slider.value == 75.0
    assert (view.state, view.numbers.value, view.figure.value, view.text.value) == before
    mass.typed.value = "76.5"
    assert "refused" not in view.refused.value
    assert (view.state.parameters.body_mass_kg, mass.slider.value) == (76.5, 76.5)


def test_a_whole_number_stays_whole(view):
    age = control(view, "age_y")
    age.typed.value = "40.5"
    assert "age_y: read 40.5; allowed is a whole number" in view.refused.value
    age.typed.value = "41"
    assert view.state.parameters.age_y == 41


def test_a_plan_with_an_error_in_the_yaml_is_a_sentence_and_nothing_is_lost(view):
    view.set(progression="foundation")
    before, wrong = view.state, OWN.replace("flutter_kick", "plank")
    view.text.value = wrong
    view.apply.click()
    assert "no exercise" in text(view.refused)
    assert (view.state, view.text.value) == (before, wrong)
    control(view, "sex").choice.value = "female"  # another control moves: what is written stays
    assert view.text.value == wrong
    view.text.value = OWN
    view.apply.click()
    assert view.state.parameters.progression["title"] == "Mine"
    assert control(view, "progression").choice.value == "own plan"
    assert "allowed" not in view.refused.value
    control(view, "progression").choice.value = "to_hanging"
    control(view, "progression").choice.value = "own plan"
    assert view.state.parameters.progression["title"] == "Mine"


def test_it_is_saved_and_loaded(tmp_path):
    view = explorer.energy_cost("to_hanging", body_mass_kg=61.25)
    path = view.save(tmp_path / "mine.yaml")
    with pytest.raises(FileExistsError):
        view.save(path)
    with pytest.raises(ValueError, match=r"must end in \.yaml"):
        view.save(tmp_path / "mine.txt")
    other = explorer.energy_cost("foundation")
    other.load(path)
    assert [one.text for one in other.answer.numbers] == [one.text for one in view.answer.numbers]
    path.write_text("body_mass_kg: 1", "utf-8")
    with pytest.raises(ValueError, match="20 to 300 kg"):
        other.load(path)
    assert other.state.parameters.body_mass_kg == 61.25


def test_volume_follows_what_an_indirect_set_counts():
    view = explorer.weekly_volume("foundation", indirect_weight=0.5)
    control(view, "indirect_weight").slider.value = 0.25
    sets = volume.weekly_sets(scenarios.shipped("foundation").plan, indirect_weight=0.25)
    mine = sets[(sets["muscle"] == "rectus_abdominis")].iloc[-1]["fractional"]
    assert f"{mine:.1f} (" in text(view.numbers)
    assert "An indirect set counts 0.25" in text(view.sources)
    assert "Pelland" in text(view.sources)


@pytest.mark.slow
def test_risk_follows_the_plan_and_the_shape_and_says_what_it_is_not():
    view = explorer.activity_and_risk("foundation")
    quadratic = view.numbers.value
    control(view, "curve_shape").choice.value = "spline"
    assert view.state.parameters.curve_shape == "spline"
    assert view.numbers.value != quadratic
    control(view, "curve_shape").choice.value = "quadratic"
    assert view.numbers.value == quadratic
    assert "An association, no effect" in text(view.sources)
    assert "extrapolation" not in text(view.sources)
    assert {"Kamada", "Patel"} <= set(re.findall(r"Kamada|Patel", text(view.sources)))
    # 2 sessions of 3 sets of 20 s with 2 rests of 60 s: 6 min a week with rests, 2 without
    view.text.value = OWN
    view.apply.click()
    minutes = {one.id: one.text for one in view.answer.numbers if one.id.startswith("minutes")}
    assert minutes == {"minutes_elapsed": "6 min/week", "minutes_working": "2 min/week"}
    alt = re.search(r'alt="([^"]+)"', view.figure.value)[1]
    assert "elapsed, 6: " in alt
    assert "working, 2: " in alt
    longer = OWN.replace("sessions_per_week: 2, sets: 3", "sessions_per_week: 7, sets: 20")
    view.text.value = longer.replace("rest_s: 60", "rest_s: 120")
    view.apply.click()
    assert text(view.refused).strip() == ""
    # 7 sessions of 20 sets of 20 s and 19 rests of 120 s, 2,680 s: 313 min a week
    assert "313 min/week lie beyond the" in text(view.sources)
    assert "extrapolation" in text(view.sources)


@pytest.mark.slow
def test_a_refit_follows_form_trials_and_a_table_and_refuses_what_cannot_be_read(tmp_path):
    view = explorer.dose_response("hypertrophy", form="linear")
    there = control(view, "left_out").choice
    whole = view.numbers.value
    there.value = (there.options[0], there.options[1])
    assert view.state.parameters.left_out == list(there.options[:2])
    assert view.numbers.value != whole
    assert f"left out by choice: {there.options[0]}, {there.options[1]}" in text(view.sources)
    there.value = ()
    assert view.numbers.value == whole
    before = (view.state, view.numbers.value)
    broken = tmp_path / "broken.csv"
    broken.write_text("study;arm\na;b\n", "utf-8")
    for path in (broken, tmp_path / "gone.csv"):
        control(view, "table").typed.value = str(path)
        assert path.name in text(view.refused)
        assert (view.state, view.numbers.value) == before
    own = tmp_path / "own.csv"
    own.write_text(template(), "utf-8")
    control(view, "table").typed.value = str(own)
    assert "own.csv" in text(view.sources)
    assert "refused" not in view.refused.value
    control(view, "outcome").choice.value = "strength"
    assert "strength" in text(view.refused)  # the template has none: it stays as it was
    assert view.state.parameters.outcome == "hypertrophy"


@pytest.mark.slow
def test_plans_are_compared_and_at_least_two():
    view = explorer.compare(["foundation", "to_hanging"], rules=[])
    assert re.findall(r'<th scope="col">([AB])</th>', view.numbers.value) == ["A", "B"]
    control(view, "progressions").choice.value = ("foundation",)
    assert "progressions and rules make 1 plans; allowed are 2 to 7" in text(view.refused)
    assert view.state.parameters.progressions == ["foundation", "to_hanging"]


def test_every_parameter_has_a_control_with_a_label_and_its_unit():
    for notebook in ANSWERS:
        for name, field in model(notebook).model_fields.items():
            made = controls.control(name, field, lambda *_: None)
            made.show(field.default)
            labelled = [one.description for one in made.box.children if one.description]
            assert labelled == [made.label]
    mass = model("energy_cost").model_fields["body_mass_kg"]
    assert controls.label("body_mass_kg", mass) == "Body mass [kg], 20 to 300"


def test_the_callers_style_is_as_it_was(view):
    mpl.rcParams["lines.linewidth"] = 7.5
    try:
        svg, alt = picture(view.answer.draw)
        assert mpl.rcParams["lines.linewidth"] == 7.5
    finally:
        mpl.rcdefaults()
    assert picture(view.answer.draw)[0] == svg
    assert alt


def test_without_ipywidgets_it_says_what_to_install(monkeypatch):
    import builtins
    import sys

    found = builtins.__import__

    def without(name, *rest):
        if name.startswith("ipywidgets"):
            raise ModuleNotFoundError("no", name="ipywidgets")
        return found(name, *rest)

    monkeypatch.delitem(sys.modules, "repdose.explorer.view")
    monkeypatch.delitem(sys.modules, "repdose.explorer.controls")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'repdose\[lab\]'"):
        explorer.energy_cost()


def test_a_plan_is_given_as_stages_or_by_a_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, "utf-8")
    assert "Mine" in explorer.energy_cost(str(path)).text.value
    with pytest.raises(ValueError, match="near it"):
        explorer.energy_cost("fundation")
    assert "Mine" in text(explorer.compare([str(path), "foundation"], rules=[]).sources)


def test_it_is_shown_as_a_widget(view, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    view._ipython_display_()
    script, box = shown
    assert "aria-label" in script.data  # ipywidgets names no handle of a slider
    assert box is view.box
    assert repr(view).startswith("<Explorer of energy_cost: ")


def test_a_plan_without_a_model_stands_beside_one_with_it_and_both_outlive_the_pack():
    squat = {"variant": "common.back_squat", "weeks": 1, "sessions_per_week": 2, "sets": 3}
    plan = {"title": "Squats", "plan": [squat | {"repetitions": 8, "rest_s": 120}]}
    with ev.pack("common"):
        shown = explorer.compare([plan, "foundation"], rules=[])
    control(shown, "body_mass_kg").slider.value = 80.0
    assert "no model for this exercise" not in text(shown.refused)
    said = text(shown.numbers)
    assert re.search(r"Peak moment \[% of straight-leg raise\]\s+no model for this exercise", said)
    assert re.search(r"Time under tension \[min/week\]\s+2\.4", said)  # 2 x 3 x 8 x 3 s
