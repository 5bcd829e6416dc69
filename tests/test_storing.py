"""Numbers are kept to as many digits as a model can be good for."""

from __future__ import annotations

import pytest

from repdose.storing import stored


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (1 / 3, 0.33333333),
        (0.7308812012904787, 0.7308812),  # the same report, by two kernels of OpenBLAS
        (0.7308812012890744, 0.7308812),
        (-1234.56789012, -1234.5679),
        (3026000123.0, 3026000123.0),
        (1.2345678912e-9, 1.2345679e-9),
        (True, True),
        (12, 12),
    ],
)
def test_numbers_are_kept_to_eight_digits_and_counts_whole(value, kept):
    assert stored(value) == kept
    assert type(stored(value)) is type(value)
