"""Arguments are checked by their ends, and what is refused is named with its place."""

import numpy as np
import pytest

from repdose.arguments import BODY_MASS_KG, Range, checked, choice

ABOVE = Range(0, 10, "kg", above=True)


def test_scalars_stay_floats_and_arrays_keep_their_shape():
    assert type(checked("mass", 75, BODY_MASS_KG)) is float
    assert checked("mass", [[70, 80]], BODY_MASS_KG).shape == (1, 2)
    assert checked("mass", np.array([], dtype=float), BODY_MASS_KG).shape == (0,)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 19.9, 300.1])
def test_one_bad_value_in_a_large_array_is_found_and_its_place_named(bad):
    many = np.full((100, 1000), 75.0)
    many[42, 17] = bad
    with pytest.raises(ValueError, match=r"mass must be 20 to 300 kg; got .* at \(42, 17\)"):
        checked("mass", many, BODY_MASS_KG)
    with pytest.raises(ValueError, match="mass must be 20 to 300 kg"):
        checked("mass", bad, BODY_MASS_KG)


def test_both_ends_are_allowed_unless_the_low_one_is_said_not_to_be():
    assert checked("mass", [20, 300], BODY_MASS_KG).tolist() == [20, 300]
    assert checked("mass", 10, ABOVE) == 10
    with pytest.raises(ValueError, match="mass must be above 0 to 10 kg; got 0"):
        checked("mass", [5, 0], ABOVE)


@pytest.mark.parametrize("bad", ["75", None, True, [75, "80"], 75 + 0j])
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(ValueError, match="mass must be a number"):
        checked("mass", bad, BODY_MASS_KG)


def test_a_choice_lists_what_is_allowed():
    assert choice("sex", "male", ("female", "male")) == "male"
    with pytest.raises(ValueError, match="sex must be one of female, male; got 'm'"):
        choice("sex", "m", ("female", "male"))
