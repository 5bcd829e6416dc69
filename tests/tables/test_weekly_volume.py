"""What of the volume report's tables and words no plan of two stages shows."""

from types import SimpleNamespace

import pytest
import two_sessions as sessions
from two_stages import PLAN, rows

from repdose import progression, volume
from repdose.evidence.training import variants
from repdose.tables import weekly_volume


def test_the_volume_of_whole_sessions_with_its_load():
    table = weekly_volume.volume_by_stage(sessions.PLAN)
    assert list(table.columns) == [
        "Weeks",
        "Variant",
        "Sessions",
        "Sets",
        "Repetitions",
        "Time under tension [s]",
        "Volume load [kg]",
        "Sets without a load in kg",
    ]
    # 30 + 2 x 12 + 16 repetitions; 150 + 120 + 120 + 80 s; of 11 sets two of 8 x 5 kg
    assert rows(table) == [["1 to 3", "4 exercises in 2 sessions", 2, 11, 70, 470.0, 80.0, 9]]


def test_what_the_volume_load_leaves_out():
    def said(stages):
        return weekly_volume.load_words(volume.weekly_volume(progression.plan(stages)))

    ends = (
        "; body mass and ankle weights are not counted, and kilograms of one exercise are not "
        "those of another."
    )
    begins = "Volume load is sets times repetitions times kilograms. "
    # 9 of 11 sets in each of three weeks
    assert said(sessions.STAGES) == (
        f"{begins}27 sets of the plan's 33 have no load in kilograms and are not in it{ends}"
    )
    hanging = sessions.THURSDAY["exercises"][1]
    loaded = [{"weeks": 2, "sessions": [{"exercises": [hanging]}]}]
    assert said(loaded) == f"{begins}Every set of the plan has one{ends}"
    bare = {name: value for name, value in hanging.items() if name != "load_kg"}
    assert said([{"weeks": 2, "sessions": [{"exercises": [bare]}]}]) == ""


def test_muscles_in_sentences_and_in_ids():
    assert weekly_volume.in_words("iliopsoas") == "hip flexors"
    assert weekly_volume.in_words("rectus_abdominis") == "rectus abdominis"
    assert weekly_volume.number_id("common.soleus") == "common_soleus"


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.049, "differ (p = 0.049)"),
        (0.05, "do not differ beyond chance (p = 0.05)"),
        (0.6, "do not differ beyond chance (p = 0.6)"),
    ],
)
def test_five_in_a_hundred_is_chance_still(monkeypatch, p, said):
    monkeypatch.setattr(weekly_volume, "finding", lambda _: SimpleNamespace(p=p, source="key"))
    assert weekly_volume.trend_words().startswith(f"The three bands of weekly sets {said}")


def test_a_muscle_without_sets_hides_none_that_comes_after_it(monkeypatch):
    turned = dict(reversed(variants.muscles().items()))
    monkeypatch.setattr(weekly_volume, "muscles", lambda: turned)
    # neither variant gives the forearm and the back any set: they come first here
    assert list(turned)[:2] == ["forearm_flexors", "latissimus_dorsi"]
    assert weekly_volume.sets_by_muscle(PLAN, indirect_weight=0.5)["Muscle"].tolist() == [
        "transversus abdominis",
        "abdominal obliques",
        "rectus abdominis",
        "rectus femoris",
        "hip flexors (iliopsoas)",
    ]
