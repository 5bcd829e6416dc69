"""What is printed: nothing that steers a terminal, and no word that fills it."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repdose.cli import terminal


def test_data_and_messages_are_shown_and_never_obeyed(capsys):
    terminal.say("a\x1b[2Jb\nc\td")
    terminal.warn("e\x07\u202ef\udc80")
    assert capsys.readouterr() == ("a\\u001b[2Jb\nc\td\n", "e\\u0007\\u202ef\\udc80\n")


def test_a_long_word_of_a_message_is_cut_and_data_are_not(capsys):
    terminal.say("x" * 100_000)
    terminal.warn(f"no {'x' * 100_000} here")
    out, err = capsys.readouterr()
    assert out == "x" * 100_000 + "\n"
    assert err == f"no {'x' * 100} … 100,000 characters … {'x' * 20} here\n"


@given(st.text(alphabet=st.sampled_from("ab \n\x1b"), max_size=50), st.integers(1, 3000))
def test_no_line_of_a_message_is_longer_than_a_screen(text, times):
    said = terminal.message(text * times)
    assert all(len(line) <= terminal.LONGEST_LINE for line in said.split("\n"))


@pytest.mark.parametrize("text", ["٣", "1_0", "1.0", "", "0x1", "９", "1 2"])
def test_a_whole_number_has_the_digits_0_to_9(text):
    with pytest.raises(click.BadParameter, match="is not a whole number"):
        terminal.Whole(1, 64).convert(text, None, None)
    assert terminal.Whole(1, 64).convert("12", None, None) == 12


@pytest.mark.parametrize("text", ["٠.٥", "1_0", "nan", "inf", "1e999", "", "0,5", "."])
def test_a_number_is_finite_and_has_the_digits_0_to_9(text):
    with pytest.raises(click.BadParameter, match="is not a number"):
        terminal.Decimal().convert(text, None, None)
    assert terminal.Decimal().convert("1e-6", None, None) == 1e-6
