"""Tables and words of a plan that several reports share, where two stages do not show it."""

from repdose.tables import plans


def test_rows_alike_but_for_one_column_stand_together_in_their_first_order():
    table = plans.together(
        [
            {"Code": "b", "Reason": None, "In": "one"},
            {"Code": "a", "Reason": "why", "In": "two"},
            {"Code": "b", "Reason": None, "In": "three"},
            {"Code": "b", "Reason": None, "In": "one"},
        ],
        "In",
    )
    # an empty cell is a value like any other: its rows are not left out
    assert table["Code"].tolist() == ["b", "a"]
    assert table["In"].tolist() == ["one; three", "two"]
