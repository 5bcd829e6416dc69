"""What of the volume report's tables and words no plan of two stages shows."""

from types import SimpleNamespace

import pytest
from two_stages import PLAN

from repdose.evidence.training import variants
from repdose.tables import weekly_volume


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
