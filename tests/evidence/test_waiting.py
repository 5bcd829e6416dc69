"""A bar is for a terminal and for many rows; elsewhere nothing is printed."""

from __future__ import annotations

import io
import sys

import pytest
from terminal import Terminal

from repdose.evidence.waiting import MANY_ROWS, steps


@pytest.mark.parametrize(
    ("stream", "rows", "is_shown"),
    [
        (Terminal, MANY_ROWS, True),
        (Terminal, MANY_ROWS - 1, False),
        (io.StringIO, MANY_ROWS, False),
    ],
)
def test_a_bar_is_shown_on_a_terminal_where_there_are_many_rows(
    monkeypatch, capsys, stream, rows, is_shown
):
    shown = stream()
    monkeypatch.setattr(sys, "stderr", shown)
    assert list(steps(["linear", "log"], "Fitting", rows=rows)) == ["linear", "log"]
    assert capsys.readouterr().out == ""
    assert ("Fitting: log" in shown.getvalue()) is is_shown
    assert ("2/2" in shown.getvalue()) is is_shown
    assert is_shown or shown.getvalue() == ""


def test_a_bar_goes_when_a_step_fails(monkeypatch):
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    walk = steps(["linear", "log"], "Fitting", rows=MANY_ROWS)
    next(walk)
    with pytest.raises(ValueError, match="no fit"):
        walk.throw(ValueError("no fit"))
    assert shown.getvalue().endswith("\x1b[2K") or "\x1b[?25h" in shown.getvalue()
