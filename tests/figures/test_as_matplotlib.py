"""Figures of the default reports show what matplotlib shows of the same calls."""

from __future__ import annotations

import pytest
from executed import REPORTS, report
from pictured import differences, parts

from repdose.plots import style
from repdose.plots.svg import svg


@pytest.mark.parametrize(("notebook", "scenario"), REPORTS)
def test_a_figure_is_what_matplotlib_draws_in_the_same_places(notebook, scenario):
    for name, (figure, _) in report(notebook, scenario).figures.items():
        again = style._again[figure]
        page, _ = again()
        for sheet in (page, style.for_phone(page)):
            ours = svg(sheet)
            assert not sheet.is_realised, name
            theirs = svg(sheet.figure)
            assert not differences(parts(ours), parts(theirs)), name
