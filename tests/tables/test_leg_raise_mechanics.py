"""Tables of the mechanics report, every column, against closed forms typed from print."""

import math
from types import SimpleNamespace

import pandas as pd
import pytest
import worked_reports as worked
from two_stages import rows, typed
from worked_mechanics import MAN, SHORT, inertia_kgm2, moments, percent_range

from repdose import mechanics
from repdose.tables import leg_raise_mechanics as tables

VARIANTS = worked.VARIANTS
NAMES = {row["id"]: row["name"] for row in typed("exercises")}
A, B = moments(80, 1.80, "male")


@pytest.fixture(scope="module")
def load():
    return mechanics.relative_load(body_mass_kg=80.0, stature_m=1.80)


@pytest.fixture(scope="module")
def reps():
    return tables.repetitions(**MAN)


def test_a_repetition_of_each_variant(reps):
    table = tables.repetition_rows(reps)
    assert list(table.columns) == [
        "Variant",
        "Range [deg]",
        "Peak moment [N m]",
        "Mean moment [N m]",
        "Work up [J]",
        "Moment-time impulse [N m s]",
        "Time [s]",
    ]
    for row, variant in zip(rows(table), VARIANTS, strict=True):
        start, end = worked.RANGE.get(variant, (5, 90))
        assert row == [
            NAMES[variant],
            f"{start} to {end}",
            pytest.approx(worked.peak(variant, A, B)),
            pytest.approx(worked.mean(variant, A, B)),
            # the lift's own work is told apart
            pytest.approx(
                worked.up(variant, A, B)
                if variant == "lying_hip_lift"
                else worked.work(variant, A, B)
            ),
            pytest.approx(worked.impulse(variant, A, B), rel=1e-6),
            1.0 if variant == "flutter_kick" else 5.0,
        ]


def test_how_far_acceleration_matters(reps):
    table = tables.inertia_rows(reps)
    assert list(table.columns) == [
        "Variant",
        "Up and down [s]",
        "Inertial moment at one hip [N m]",
        "Share of that hip's peak [%]",
        "Acceleration",
    ]
    for row, variant in zip(rows(table), VARIANTS, strict=True):
        bent = variant in ("lying_bent_knee", "hanging_knee_raise")
        start, end = worked.RANGE.get(variant, (5, 90))
        way = 0.5 if variant == "flutter_kick" else 2
        fastest = 10 / math.sqrt(3) * math.radians(end - start) / way**2
        moment = inertia_kgm2(90 if bent else 0) * fastest
        # at one hip: half of both legs' peak, and of a kick the low leg's own at its start
        one = worked.peak(variant, A, B) / 2
        if variant == "flutter_kick":
            one = worked.G * (A + B) * worked.cos(5)
        assert row == [
            NAMES[variant],
            "0.5 and 0.5" if variant == "flutter_kick" else "2 and 2",
            pytest.approx(moment),
            pytest.approx(100 * moment / one),
            "may be left out" if variant == "lying_bent_knee" else "matters",
        ]


def test_the_straight_leg_under_each_segment_table():
    table = tables.table_rows(**{**MAN, "segments": "winter2009"})
    assert list(table.columns) == ["Segments", "Straight-leg peak [N m]", "What it is"]
    for row, name in zip(rows(table), ("deleva1996", "winter2009", "mixed"), strict=True):
        a, b = moments(80, 1.80, "male", name)
        assert row[:2] == [name, pytest.approx(worked.peak("lying_straight_leg", a, b))]
        assert row[2] == mechanics.SEGMENT_SETS[name]
    assert "mixes end points" in table["What it is"].iloc[2]


def conflicts(found, variant):
    """Variants that one quantity puts above this one, in every table and sex, another below."""
    names = []
    for other in VARIANTS:
        apart = [
            [mine - theirs for mine, theirs in zip(of[variant], of[other], strict=True)]
            for of in found.values()
        ]
        above = any(all(one >= 0.01 for one in signs) for signs in apart)
        below = any(all(one <= -0.01 for one in signs) for signs in apart)
        if above and below:
            names.append(SHORT[other])
    return names


def test_shares_of_the_straight_leg_raise(load):
    table = tables.share_rows(load)
    assert list(table.columns) == [
        "Variant",
        "Peak [%]",
        "Mean [%]",
        "Work [%]",
        "Order turns with table or sex against",
        "Order turns with the quantity against",
    ]
    found = worked.shares(80, 1.80)
    for row, variant in zip(rows(table), VARIANTS, strict=True):
        assert row[:5] == [
            NAMES[variant],
            *(percent_range(found[quantity][variant]) for quantity in ("peak", "mean", "work")),
            "none",
        ]
        assert sorted(row[5].split("; ")) == sorted(conflicts(found, variant))


def test_a_place_that_no_quantity_turns_is_said_to_be_open_to_none(load):
    straight = load[load["variant"].isin(["lying_bent_knee", "lying_straight_leg"])]
    assert tables.certainty_words(load).startswith("No segment table or sex turns any")
    assert "order 11 pairs of them differently" in tables.certainty_words(load)
    assert tables.certainty_words(straight).endswith("and work give one order.")


def test_quantities_that_agree_turn_no_order(load):
    same = load.copy()
    same["share"] = load.groupby("variant")["share"].transform("min")
    table = tables.share_rows(same)
    assert set(table["Order turns with the quantity against"]) == {"none"}


def test_certainty_counts_the_pairs_that_a_table_turns_round(load):
    turned = load.copy()
    for quantity in ("work", "peak"):
        here = (turned["variant"] == "hanging_knee_raise") & (turned["quantity"] == quantity)
        turned.loc[here & (turned["segments"] == "winter2009"), "share"] = 1.05
    words = tables.certainty_words(turned)
    count = tables.uncertain_pairs(turned)
    assert words.startswith(f"Tables or sexes turn {count} pairs of variants round.")
    # by work it passes the straight leg alone, by peak five: the straight legs and the kick
    assert count == 6
    row = tables.share_rows(turned).set_index("Variant").loc["hanging knee raise"]
    said = row["Order turns with table or sex against"].split("; ")
    assert said[0] == "straight-leg raise (peak)"
    assert said[-1] == "straight-leg raise (work)"
    assert len(said) == 6


def test_one_thing_done_otherwise_at_a_time():
    table = tables.choices(**MAN)
    assert list(table.columns) == [
        "Variant",
        "Done",
        "Peak moment [N m]",
        "Mean moment [N m]",
        "Work up [J]",
        "Times the variant's peak",
    ]
    straight = "lying_straight_leg"
    climbed, angle = 1 - worked.sin(5), math.radians(85)

    def legs(total, low=5, share=1.0):
        """Peak, mean and work of straight legs of a first moment, from an angle up."""
        peak = 2 * worked.G * total * worked.cos(low) * share
        work = 2 * worked.G * total * (1 - worked.sin(low)) * share
        return [peak, work / math.radians(90 - low), work]

    winter, mixed = (sum(moments(80, 1.80, "male", name)) for name in ("winter2009", "mixed"))
    length = (0.4222 + 0.4340) / 1.741 * 1.80
    single = [
        worked.peak("lying_single_leg", A, B),
        worked.mean("lying_single_leg", A, B),
        worked.work("lying_single_leg", A, B),
    ]
    bent = [worked.peak("lying_bent_knee", A, B), worked.mean("lying_bent_knee", A, B)]
    bent.append(worked.work("lying_bent_knee", A, B))
    # shank level: a follows the cosine, b keeps its whole moment
    level_work = 2 * worked.G * (A * (1 - worked.sin(55)) + B * math.radians(35))
    level = [2 * worked.G * (A * worked.cos(55) + B), level_work / math.radians(35), level_work]
    expected = [
        (straight, "as it is", legs(A + B)),
        (straight, "Winter 2009 segments", legs(winter)),
        (straight, "mixed segments", legs(mixed)),
        (straight, "down only to 30°", legs(A + B, low=30)),
        (straight, "1 kg more at each ankle", legs(A + B + length)),
        ("lying_single_leg", "as it is", single),
        ("lying_single_leg", "other leg on the floor", legs(A + B, share=0.5)),
        ("lying_bent_knee", "as it is", bent),
        ("lying_bent_knee", "shank held level", level),
    ]
    assert climbed / angle == pytest.approx(legs(1.0)[1] / legs(1.0)[0] * worked.cos(5))
    own = {"lying_straight_leg": legs(A + B), "lying_single_leg": single, "lying_bent_knee": bent}
    assert rows(table) == [
        [
            NAMES[variant],
            done,
            *map(pytest.approx, values),
            pytest.approx(values[0] / own[variant][0]),
        ]
        for variant, done, values in expected
    ]


def test_an_ankle_weight_worn_already_is_added_to():
    table = tables.choices(**{**MAN, "ankle_mass_kg": 2.0})
    length = (0.4222 + 0.4340) / 1.741 * 1.80
    bare, more = table["Peak moment [N m]"].iloc[[0, 4]]
    assert bare == pytest.approx(2 * worked.G * (A + B + 2 * length) * worked.cos(5))
    assert more == pytest.approx(2 * worked.G * (A + B + 3 * length) * worked.cos(5))
    none = {name: value for name, value in MAN.items() if name != "ankle_mass_kg"}
    assert rows(tables.choices(**none)) == rows(tables.choices(**MAN))


def test_names_and_ranges_in_words():
    for variant, name in SHORT.items():
        assert tables.short(variant) == name
    assert tables.percent_range(62.8, 63.9) == "63 to 64"
    assert tables.percent_range(62.8, 63.2) == "63"
    assert tables.segments_words("winter2009").startswith("Segments: Winter 2009: masses")
    assert tables.segments_words("winter2009").endswith(".")


def test_orders_in_words_and_places(load):
    # peaks: 64 < 80 < 97, and four within a percent of 100
    words = tables.ends_words(load, "peak")
    assert "least is asked by the bent-knee leg raise (6" in words
    assert (
        "most by the straight-leg raise, single-leg raise, straight-leg raise with hip lift and "
        "hanging straight-leg raise (100 %)"
    ) in words
    places = tables.place_rows(load).set_index("Variant")
    names = {variant: NAMES[variant] for variant in SHORT}
    by_peak = {variant: places.loc[name, "By peak"] for variant, name in names.items()}
    assert by_peak == {
        "lying_bent_knee": 1,
        "hanging_knee_raise": 2,
        "flutter_kick": 3,
        "lying_straight_leg": 4,
        "lying_single_leg": 4,
        "lying_hip_lift": 4,
        "hanging_straight_leg": 4,
    }
    by_work = sorted(names, key=lambda variant: places.loc[names[variant], "By work"])
    assert by_work == [
        "lying_bent_knee",
        "flutter_kick",
        "lying_single_leg",
        "hanging_knee_raise",
        "lying_straight_leg",
        "hanging_straight_leg",
        "lying_hip_lift",
    ]
    assert set(places["By work"]) == {1, 2, 3, 4, 5, 6, 7}


def test_the_ends_are_those_of_the_measure_asked_for(load):
    # by work the hip lift comes last, and by peak four are level there
    words = tables.ends_words(load, "work")
    assert words.startswith("By work, least is asked by the bent-knee leg raise (")
    assert "and most by the straight-leg raise with hip lift (" in words


@pytest.mark.parametrize("turned", [False, True])
def test_an_end_that_is_open_against_all_others_is_no_end(monkeypatch, turned):
    """One end is open against both others, the other end against it alone."""
    names = ["lying_bent_knee", "flutter_kick", "lying_straight_leg"]
    names = names[::-1] if turned else names
    order = pd.DataFrame(
        {
            "variant": names,
            "share_low": 0.5,
            "share_high": 1.0,
            "equal_to": "",
            "uncertain_against": [", ".join(names[1:]), names[0], names[0]],
        }
    )
    order = order[::-1] if turned else order
    monkeypatch.setattr(mechanics, "load_order", lambda *_: order.reset_index(drop=True))
    assert tables.ends_words(None, "mean") == (
        "By the mean over the angle no variant asks more than all others for certain"
    )


def test_the_way_up_and_the_way_down_are_told_apart(monkeypatch, reps):
    slow = SimpleNamespace(name="slow down", up_s=1.0, down_s=3.5)
    monkeypatch.setattr(tables, "exercise", lambda _: slow)
    assert set(tables.inertia_rows(reps)["Up and down [s]"]) == {"1 and 3.5"}


def test_headings_with_a_unit_are_those_of_the_model(reps):
    table = tables.repetition_rows(reps)
    for heading, quantity in (
        ("Peak moment", "peak"),
        ("Mean moment", "mean"),
        ("Work up", "work"),
    ):
        assert f"{heading} [{mechanics.QUANTITIES[quantity]}]" in table.columns
