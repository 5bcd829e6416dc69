"""Labels that are not what they look like, and text as a terminal may have it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repdose.evidence import hidden
from repdose.evidence.hidden import fault_of_label, plain


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("a\x1b[31m", "invisible character '\\x1b'"),
        ("a\x00", "invisible character '\\x00'"),
        ("a\x9bm", "invisible character '\\x9b'"),
        ("a\tb", "invisible character '\\t'"),
        ("a\u202eb", "'\\u202e' (RIGHT-TO-LEFT OVERRIDE)"),
        ("a\u2066b", "'\\u2066' (LEFT-TO-RIGHT ISOLATE)"),
        ("a\u200bb", "'\\u200b' (ZERO WIDTH SPACE)"),
        ("a\u200db", "'\\u200d' (ZERO WIDTH JOINER)"),
        ("\ufeffa", "'\\ufeff' (ZERO WIDTH NO-BREAK SPACE)"),
        ("a\u00adb", "'\\xad' (SOFT HYPHEN)"),
        ("a\U000e0041", "'\\U000e0041' (TAG LATIN CAPITAL LETTER A)"),
        ("a\ue000", "invisible character '\\ue000'"),
        ("<b>a</b>", "markup '<b>'"),
        ("<img src=x onerror=y>", "markup '<img src=x onerror=y>'"),
        ("<!-- a -->", None),
        ("a&nbsp;b", "markup '&nbsp;'"),
        ("a&#8203;b", "markup '&#8203;'"),
        ("=1+1", "'=1+1' is a formula"),
        ("=HYPERLINK(A1)", "is a formula"),
        ("+A1+cmd|x", "is a formula"),
        ("-SUM(A1)", "is a formula"),
        ("@SUM(A1)", "is a formula"),
    ],
)
def test_what_a_reader_does_not_see_is_said(label, said):
    assert (said or "") in fault_of_label(label)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "high volume",
        "=",
        "<",
        "p < 0.05 and n > 3",
        "a<b",
        "R&D; more",
        "-1.5",
        "+20 %",
        "- none",
        "@home",
        "Müller 2020",
        "王小明",
        "می\u200cخواهم",
        "क्\u200dष",
        "two\nlines",
        "two\r\nlines",
        "3.5 mL/kg/min",
    ],
)
def test_a_plain_label_in_any_script_passes(label):
    assert fault_of_label(label) == ""


@given(st.text())
def test_whatever_is_shown_steers_no_terminal_and_loses_nothing(text):
    shown = plain(text)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
    )
    shown.encode("utf-8")  # no half of a pair is left
    back = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), shown)
    if "\\" not in text:
        assert back == text.replace("\r\n", "\n")


def test_what_is_taken_for_plain_at_once_has_no_fault_when_it_is_looked_through(monkeypatch):
    signs = [chr(number) for number in range(128)]
    texts = [
        text
        for sign in signs
        for text in (sign, f"{sign}a(", f"a{sign}b", f"<{sign}>", f"&{sign};")
    ]
    at_once = [fault_of_label(text) for text in texts]
    monkeypatch.setattr(hidden, "_PLAIN", re.compile("(?!)"))
    assert at_once == [fault_of_label(text) for text in texts]
    assert {said.split()[0] for said in at_once if said} >= {"holds", "'=a('", "'+a('", "'@a('"}
