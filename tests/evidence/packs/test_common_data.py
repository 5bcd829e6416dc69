"""The pack `common` as data: complete, sourced, and held against print where a source says so."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]
PACK = ROOT / "evidence" / "packs" / "common"
SHIPPED = ROOT / "evidence" / "data"
TEMPO = ["up_s", "top_s", "down_s", "bottom_s"]
TABLES = ["exercises", "muscles", "set_credits", "met_analogies"]
#: `guidelines.csv`, hhs2018.resistance_muscle_groups, as printed on p. 60 of the guidelines.
GROUPS = ["legs", "hips", "back", "chest", "abdomen", "shoulders", "arms"]


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _keys(path: Path) -> list[str]:
    return re.findall(r"^@\w+\{([^,\s]+),", path.read_text("utf-8"), flags=re.MULTILINE)


@pytest.fixture(scope="module")
def pack() -> dict[str, pd.DataFrame]:
    return {name: _read(PACK / f"{name}.csv") for name in TABLES}


@pytest.fixture(scope="module")
def roles(pack) -> dict[tuple[str, str], str]:
    credits = pack["set_credits"]
    return dict(
        zip(zip(credits["exercise"], credits["muscle"], strict=True), credits["role"], strict=True)
    )


def test_the_package_lists_its_tables_with_their_columns_and_hashes(pack):
    package = json.loads((PACK / "datapackage.json").read_text("utf-8"))
    assert package["name"] == package["repdose"]["prefix"] == "common"
    assert [resource["name"] for resource in package["resources"]] == TABLES
    for resource in [*package["resources"], package["bibliography"]]:
        digest = hashlib.sha256((PACK / resource["path"]).read_bytes()).hexdigest()
        assert resource["hash"] == f"sha256:{digest}", resource["path"]
    for resource in package["resources"]:
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == list(pack[resource["name"]].columns)


def test_every_cell_keeps_to_its_schema(pack):
    package = json.loads((PACK / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        table, schema = pack[resource["name"]], resource["schema"]
        assert not table.duplicated(schema["primaryKey"]).any(), resource["name"]
        for field in schema["fields"]:
            cells, rules = table[field["name"]], field.get("constraints", {})
            given = cells[cells != ""]
            assert not rules.get("required") or len(given) == len(cells), field["name"]
            if "enum" in rules:
                assert set(given) <= {str(value) for value in rules["enum"]}, field["name"]
            if "pattern" in rules:
                assert given.str.fullmatch(rules["pattern"]).all(), field["name"]
            if "maximum" in rules:
                assert given.astype(float).between(rules["minimum"], rules["maximum"]).all()


def test_there_are_at_least_sixty_exercises_each_with_a_name_of_its_own(pack):
    exercises = pack["exercises"]
    assert len(exercises) >= 60
    assert exercises["id"].is_unique
    assert exercises["name"].is_unique
    assert not set(exercises["id"]) & set(_read(SHIPPED / "exercises.csv")["id"])


def test_a_tempo_is_given_where_a_set_counts_repetitions_and_only_there(pack):
    exercises = pack["exercises"]
    given = exercises[TEMPO] != ""
    counts = exercises["set_unit"] == "repetitions"
    assert given[counts].all(axis=None)
    assert not given[~counts].any(axis=None)
    assert (exercises.loc[counts, ["up_s", "down_s"]].astype(float) > 0).all(axis=None)
    timed = {"plank", "side_plank", "hollow_hold", "farmers_carry"}
    assert set(exercises.loc[~counts, "id"]) == timed


def test_exercises_done_once_on_each_side_say_so(pack):
    exercises = pack["exercises"]
    one_sided = {"split_squat", "bulgarian_split_squat", "lunge", "step_up", "dumbbell_row"}
    one_sided |= {"bird_dog", "dead_bug", "side_plank"}
    assert set(exercises.loc[exercises["sides"] == "2", "id"]) == one_sided


def test_every_exercise_is_direct_for_some_muscle(pack):
    credits = pack["set_credits"]
    direct = set(credits.loc[credits["role"] == "direct", "exercise"])
    assert direct == set(pack["exercises"]["id"])


def test_muscles_are_known_and_none_of_ours_is_defined_again(pack):
    own, shipped = pack["muscles"], _read(SHIPPED / "muscles.csv")
    assert not set(own["id"]) & set(shipped["id"])
    credited = set(pack["set_credits"]["muscle"])
    assert credited <= set(own["id"]) | set(shipped["id"])
    assert set(own["id"]) <= credited
    assert set(own["group"]) <= set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_every_major_muscle_group_has_five_exercises_that_train_it_directly(pack, group):
    muscles = pd.concat([pack["muscles"], _read(SHIPPED / "muscles.csv")])
    members = set(muscles.loc[muscles["group"] == group, "id"])
    credits = pack["set_credits"]
    trained = credits[(credits["role"] == "direct") & credits["muscle"].isin(members)]
    assert trained["exercise"].nunique() >= 5


def test_the_groups_are_those_of_the_guidelines():
    guidelines = _read(SHIPPED / "guidelines.csv").set_index("id")
    row = guidelines.loc["hhs2018.resistance_muscle_groups"]
    assert set(GROUPS) <= set("; ".join(row.astype(str)).split("; "))


def test_every_credit_is_of_an_exercise_and_has_a_reason_and_a_source_that_exists(pack):
    credits = pack["set_credits"]
    assert set(credits["exercise"]) == set(pack["exercises"]["id"])
    keys = set(_keys(PACK / "references.bib")) | set(_keys(ROOT / "references.bib"))
    for name in ("exercises", "set_credits"):
        assert set(pack[name]["source"]) <= keys
    judged = credits["source"] == "repdose2026"
    assert (credits.loc[judged, "grade"] == "c").all()
    assert (credits.loc[judged, "locator"] == "judgement from mechanics and anatomy").all()
    assert (credits.loc[~judged, "locator"].str.contains("abstract|table")).all()
    # Joint moments of that exercise, mechanics rather than a recording of the muscle.
    sourced_mechanics = credits.loc[~judged & (credits["grade"] == "c"), "source"]
    assert set(sourced_mechanics) == {"mackey2021"}


def test_no_reason_serves_two_credits_of_different_sources(pack):
    reasons = pack["set_credits"].groupby("reason")["source"].nunique()
    assert (reasons == 1).all()


def test_the_bibliography_of_the_pack_is_sorted_used_and_new(pack):
    keys = _keys(PACK / "references.bib")
    assert keys == sorted(set(keys))
    assert set(keys) == set(pack["set_credits"]["source"]) - set(_keys(ROOT / "references.bib"))


def test_the_identifiers_of_the_bibliography_are_those_typed_a_second_time():
    text = (PACK / "references.bib").read_text("utf-8")
    printed = set()
    for entry in text.split("\n@")[1:]:
        key = entry[entry.index("{") + 1 : entry.index(",")]
        fields = re.findall(r"^  (doi|pmid|pmcid|url) += \{(.+)\},$", entry, flags=re.MULTILINE)
        assert fields, f"{key} has no identifier"
        printed |= {(key, field, value) for field, value in fields}
    again = _read(PACK / "published" / "references.csv")
    assert (again["seen"] != "").all()
    assert printed == set(again[["key", "field", "value"]].itertuples(index=False, name=None))


def test_each_exercise_has_six_met_rows_in_order_and_every_code_is_of_its_edition(pack):
    rows = pack["met_analogies"]
    assert set(rows["exercise"]) == set(pack["exercises"]["id"])
    for (exercise, edition), three in rows.groupby(["exercise", "edition"]):
        mets = _read(SHIPPED / f"met_{edition}.csv").set_index("code")["met"].astype(float)
        assert list(three["role"]) == ["low", "central", "high"], exercise
        unknown = set(three["code"]) - set(mets.index)
        assert not unknown, (exercise, edition, unknown)
        low, central, high = mets[three["code"]]
        assert low <= central <= high, (exercise, edition)
    assert (rows.groupby("exercise")["edition"].nunique() == 2).all()


#: What must stand in a row's activity, in the words of our tables, if it names the exercise.
NAMES = {
    "back_squat": "squats",
    "front_squat": "squats",
    "goblet_squat": "squats",
    "bodyweight_squat": "squats",
    "lunge": "lunges",
    "deadlift": "deadlifts",
    "sumo_deadlift": "deadlifts",
    "romanian_deadlift": "deadlifts",
    "kettlebell_swing": "swings with a kettlebell",
    "push_up": "press-ups",
    "pull_up": "pull-ups",
    "crunch": "crunches",
    "sit_up": "sit-ups",
    "plank": "planks",
}


def test_a_row_is_said_to_name_an_exercise_only_if_it_does(pack):
    rows = pack["met_analogies"]
    named = rows[rows["reason"].str.startswith("Named: ")]
    assert set(named["exercise"]) == set(NAMES)
    for row in named.itertuples():
        activity = _read(SHIPPED / f"met_{row.edition}.csv").set_index("code")["activity"]
        assert NAMES[row.exercise] in activity[row.code], (row.exercise, row.edition, row.code)


#: Central METs by hand from the official tables: 2011, 2024.
CENTRAL = {
    "back_squat": (5.0, 5.0),
    "bench_press": (3.5, 3.5),
    "push_up": (3.8, 3.8),
    "crunch": (2.8, 2.8),
    "kettlebell_swing": (8.0, 9.8),
    "farmers_carry": (7.5, 6.5),
}


@pytest.mark.parametrize("exercise", CENTRAL)
def test_central_mets_are_those_worked_by_hand(pack, exercise):
    rows = pack["met_analogies"]
    central = rows[(rows["exercise"] == exercise) & (rows["role"] == "central")]
    mets = {
        row.edition: float(
            _read(SHIPPED / f"met_{row.edition}.csv").set_index("code").loc[row.code, "met"]
        )
        for row in central.itertuples()
    }
    assert (mets["2011"], mets["2024"]) == CENTRAL[exercise]


#: Campos et al. 2020, abstract, % MVIC of front, middle and rear deltoid.
CAMPOS = {
    "bench_press": (21.4, 5.0, 3.5),
    "dumbbell_fly": (18.8, 3.4, 2.5),
    "overhead_press": (33.3, 27.9, 11.4),
    "lateral_raise": (21.2, 30.3, 24.0),
}
PARTS = ("anterior_deltoid", "lateral_deltoid", "posterior_deltoid")


@pytest.mark.parametrize("exercise", CAMPOS)
def test_parts_of_the_deltoid_are_credited_as_they_were_recorded(roles, exercise):
    for part, share in zip(PARTS, CAMPOS[exercise], strict=True):
        role = roles.get((exercise, part))
        if share < 15:
            assert role is None, part
        elif share > 27:
            assert role == "direct", part
        else:
            assert role == "indirect", part


#: Muscles that hardly grew after training with that exercise (Plotkin 2023, Kinoshita 2023).
NO_GROWTH = [
    ("back_squat", "hamstrings"),
    ("back_squat", "gluteus_medius"),
    ("hip_thrust", "hamstrings"),
    ("hip_thrust", "gluteus_medius"),
    ("seated_calf_raise", "gastrocnemius"),
]
#: Muscles that grew: Plotkin 2023, Kinoshita 2023, Maeo 2021 and 2022.
GROWTH = [
    ("back_squat", "quadriceps"),
    ("back_squat", "gluteus_maximus"),
    ("hip_thrust", "gluteus_maximus"),
    ("standing_calf_raise", "gastrocnemius"),
    ("standing_calf_raise", "soleus"),
    ("seated_calf_raise", "soleus"),
    ("lying_leg_curl", "hamstrings"),
    ("seated_leg_curl", "hamstrings"),
    ("triceps_pushdown", "triceps_brachii"),
    ("overhead_triceps_extension", "triceps_brachii"),
]


@pytest.mark.parametrize(("exercise", "muscle"), NO_GROWTH)
def test_a_muscle_that_a_trial_did_not_see_grow_gets_no_credit(roles, exercise, muscle):
    assert (exercise, muscle) not in roles


@pytest.mark.parametrize(("exercise", "muscle"), GROWTH)
def test_a_muscle_that_an_exercise_was_seen_to_make_grow_is_direct(roles, exercise, muscle):
    assert roles[exercise, muscle] == "direct"


#: Numbers of print, typed from the abstracts and tables: every number that a reason gives.
PRINTED = {
    ("split_squat", "gluteus_maximus"): "60",
    ("bulgarian_split_squat", "gluteus_maximus"): "60",
    ("lunge", "gluteus_maximus"): "60",
    ("deadlift", "gluteus_maximus"): "60",
    ("glute_bridge", "gluteus_maximus"): "45 2007",
    ("glute_bridge", "hamstrings"): "45",
    ("glute_bridge", "erector_spinae"): "45",
    ("hip_thrust", "quadriceps"): "2023",
    ("lying_leg_curl", "hamstrings"): "9",
    ("seated_leg_curl", "hamstrings"): "14",
    ("nordic_curl", "hamstrings"): "50",
    ("standing_calf_raise", "gastrocnemius"): "12.4 9.2",
    ("standing_calf_raise", "soleus"): "2.1",
    ("seated_calf_raise", "soleus"): "2.9",
    ("hip_adduction_machine", "adductors"): "99",
    ("incline_bench_press", "pectoralis_major"): "30",
    ("incline_bench_press", "anterior_deltoid"): "60",
    ("decline_bench_press", "pectoralis_major"): "100.4",
    ("close_grip_bench_press", "triceps_brachii"): "2021",
    ("push_up", "pectoralis_major"): "6",
    ("push_up", "triceps_brachii"): "6",
    ("push_up", "anterior_deltoid"): "6",
    ("dumbbell_fly", "anterior_deltoid"): "18.8",
    ("machine_fly", "anterior_deltoid"): "50",
    ("overhead_press", "anterior_deltoid"): "33.3",
    ("overhead_press", "lateral_deltoid"): "27.9",
    ("lateral_raise", "lateral_deltoid"): "30.3",
    ("lateral_raise", "anterior_deltoid"): "21.2",
    ("lateral_raise", "posterior_deltoid"): "24",
    ("reverse_fly", "posterior_deltoid"): "90",
    ("reverse_fly", "lateral_deltoid"): "48",
    ("barbell_row", "posterior_deltoid"): "54",
    ("barbell_row", "erector_spinae"): "34",
    ("dumbbell_row", "posterior_deltoid"): "54",
    ("seated_cable_row", "latissimus_dorsi"): "30.1 37.1",
    ("seated_cable_row", "upper_back"): "29.8 35.5",
    ("seated_cable_row", "biceps_brachii"): "18.2 19.9",
    ("seated_cable_row", "posterior_deltoid"): "54",
    ("pull_up", "latissimus_dorsi"): "117 130",
    ("pull_up", "biceps_brachii"): "78 96",
    ("pull_up", "upper_back"): "45 56",
    ("pull_up", "infraspinatus"): "71 79",
    ("chin_up", "latissimus_dorsi"): "117 130",
    ("chin_up", "pectoralis_major"): "44 57",
    ("chin_up", "infraspinatus"): "71 79",
    ("lat_pulldown", "latissimus_dorsi"): "26.2",
    ("lat_pulldown", "biceps_brachii"): "15.2",
    ("lat_pulldown", "upper_back"): "22.7",
    ("lat_pulldown", "posterior_deltoid"): "58",
    ("dumbbell_curl", "biceps_brachii"): "95",
    ("hammer_curl", "biceps_brachii"): "12",
    ("hammer_curl", "brachioradialis"): "6 2023",
    ("preacher_curl", "biceps_brachii"): "80",
    ("reverse_curl", "brachioradialis"): "5 2023",
    ("reverse_curl", "biceps_brachii"): "19",
    ("triceps_pushdown", "triceps_brachii"): "13.9",
    ("overhead_triceps_extension", "triceps_brachii"): "19.9",
    ("sit_up", "iliopsoas"): "15 35",
    ("plank", "rectus_abdominis"): "45",
    ("plank", "obliques"): "45",
}


def test_every_number_in_a_reason_is_the_number_printed(pack):
    given = {
        (row.exercise, row.muscle): " ".join(re.findall(r"\d+(?:\.\d+)?", row.reason))
        for row in pack["set_credits"].itertuples()
    }
    assert {credit: numbers for credit, numbers in given.items() if numbers} == PRINTED


def test_the_readme_counts_what_there_is(pack):
    text = (PACK / "README.md").read_text("utf-8")
    assert f"{len(pack['exercises'])} resistance exercises" in text
    assert f"{len(pack['muscles'])} muscles that the shipped table lacks" in text
