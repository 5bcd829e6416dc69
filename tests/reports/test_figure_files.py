"""A figure has the same bytes from numbers that differ in their last digits."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np

from repdose.plots import sheet, style
from repdose.reports.figure_files import PAGE, PHONE, written
from repdose.tables.numbers import Number


def drawn(noise):
    """A figure of every kind of mark, its numbers moved by some parts in 10 to the 13."""
    with mpl.rc_context():
        style.use_style()
        figure, (left, right) = sheet.drawing(3.0, 1, 2)
        x = np.linspace(0.1, 9.7, 40) * (1 + noise)
        y = np.sin(x) / 3 + noise
        left.plot(x, y, marker="o")
        left.fill_between(x, y - 0.1, y + 0.1, alpha=0.2)
        left.errorbar(x[:5], y[:5], yerr=0.1 + noise)
        left.axvline(x[3])
        left.axhspan(0.1 + noise, 0.2)
        right.scatter(x, -y, s=20)
        right.bar(x[:4], np.abs(y[:4]), width=0.5 + noise)
        right.vlines(x[:5], 0, y[:5])
        right.set(title="A", xlabel="b", ylabel="1")
        return written(figure)


def test_noise_in_the_last_digits_moves_no_byte_of_a_figure():
    first = drawn(0.0)
    for noise in (1e-13, -3e-13, 7e-13):
        again = drawn(noise)
        assert again[PAGE] == first[PAGE]
        assert again.get(PHONE) == first.get(PHONE)
    assert drawn(1e-2)[PAGE] != first[PAGE]


def test_a_number_is_printed_as_it_is_kept_on_whichever_side_of_a_tie_it_was_computed():
    texts = {
        Number(id="a", label="A", value=value, unit="kg", digits=2).text
        for value in (0.125, 0.12499999999999, 0.12500000000001)
    }
    assert len(texts) == 1
