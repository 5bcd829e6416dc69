"""The grammar of BibTeX: braces, quotation marks, strings; and what breaks an entry off."""

from __future__ import annotations

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repdose.evidence import bibliography
from repdose.evidence.bibliography.bibtex import parse_bibtex
from repdose.evidence.bibliography.entries import Entry, Fault, entries


def read(text):
    """Fields of each entry by key, and the faults by line."""
    found = list(entries(text))
    fields = {
        one.key: {field.name: field.value for field in one.fields}
        for one in found
        if isinstance(one, Entry)
    }
    return fields, [(one.line, one.message) for one in found if isinstance(one, Fault)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{a {b} c}", "a {b} c"),
        ('"a {"}b{"} c"', 'a {"}b{"} c'),  # a quotation mark in braces does not end the value
        (r"{396$\{2}$ chip}", r"396$\{2}$ chip"),  # a backslash guards no brace
        (r"{a\\}", r"a\\"),
        ("{one\n @two more}", "one\n @two more"),
        ("{a @book{b, c} d}", "a @book{b, c} d"),
        ("1999", "1999"),
        ("mar", "mar"),
        ('"a" # { b}#1', "a b1"),
        ("acsm # {: }# ACSM", "Amer. Coll.: Amer. Coll."),  # names have no case
        ("journal", "Amer. Coll. Journal"),
    ],
)
def test_a_value_is_what_bibtex_makes_of_it(written, meant):
    strings = '@string{acsm = "Amer. " # "Coll."}\n@STRING(journal = acsm # " Journal")\n'
    fields, faults = read(f"{strings}@misc{{key, Note = {written}}}")
    assert faults == []
    assert fields == {"key": {"note": meant}}


def test_entries_need_no_line_of_their_own_and_may_have_round_brackets():
    fields, faults = read(
        '@preamble{ {a} # "b" } text @a{one, x={1}} more @b(two, x={)}, y = 2,) '
        "@comment{@c{no, x=1}}\n@ d { three , }"
    )
    assert faults == []
    assert fields == {"one": {"x": "1"}, "two": {"x": ")", "y": "2"}, "three": {}}


def test_lines_are_those_of_the_file():
    [one, two] = entries("\n@a{one,\n x = {\n1},\n y = 2}\n\n@b{two}")
    assert (one.line, [field.line for field in one.fields], two.line) == (2, [3, 5], 7)
    assert one.raw == "@a{one,\n x = {\n1},\n y = 2}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@a{k, t={T", "k: t is never closed: a } is missing"),
        ('@a{k, t="T}', "k: t: a } too many inside quotes"),
        ('@a{k, t="T', 'k: t is never closed: a " is missing'),
        ("@a{k, t=}", "k: t: '}' stands where its value has to"),
        ("@a{k, t=T x}", "k: 'x}' stands after t where a comma or } has to"),
        ("@a{k, t}", "k: 't}' stands where a field has to, as in title = {Title}"),
        ("@a{t={T}}", "no key: write one, and a comma, behind @a{"),
        ("@a{}", "no key: write one, and a comma, behind @a{"),
        ("@{k}", "an entry without its type; write @article or another"),
        ("@string{a}", "a @string reads name = {text}"),
        ("@string{a = {b} c}", "'c}' stands where a } has to"),
    ],
)
def test_what_breaks_an_entry_off_is_told_and_the_next_line_read(text, said):
    fields, faults = read(f"{text}\n@b{{next, x=1}}")
    assert (1, said) in faults
    assert fields["next"] == {"x": "1"}


def test_an_undefined_string_is_told_once_where_it_stands_and_kept_as_written():
    fields, faults = read("@a{k,\n note = nobody # { x}}")
    assert fields == {"k": {"note": "nobody x"}}
    assert faults == [(2, "note uses nobody, which no @string defines; put text in braces")]


def test_strings_that_double_end_before_memory_does():
    doubling = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}" for n in range(1, 60))
    _, faults = read('@string{s0 = "ha"}' + doubling)
    assert "s24: the @strings of this file make too long a text" in [said for _, said in faults]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*'@{}()",=#\n %\\', "@a{", "@string{", "@comment{", "k", "x = ", "{y}", "1"]
        ),
        max_size=60,
    ).map("".join)
)
def test_any_text_is_read_to_its_end(text):
    """Whatever stands before it, a sound entry on a line of its own behind a blank is found."""
    found = list(entries(text))
    assert all(isinstance(one, Entry | Fault) for one in found)
    assert all(1 <= one.line <= text.count("\n") + 1 for one in found)
    keys = [source.key for source in parse_bibtex(text).sources]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "text",
    [
        "@a{b, t={" * 20_000,
        "@a{b, t={\n" * 20_000,
        '@a{b, t="{\n' * 20_000,
        "@a{b,\n" * 20_000 + "}" * 20_000,
        "@a{b, t={x" * 20_000 + "}" * 20_000 + "y",
        "@comment{\n" * 20_000,
        "@" * 100_000,
        "@a{b, t=" + "x # " * 50_000,
    ],
)
def test_what_never_closes_is_looked_through_once(text):
    """Were it looked through for each entry anew, these would take minutes."""
    assert all(isinstance(one, Entry | Fault) for one in entries(text))


def test_the_shipped_bibliography_is_read_as_bibtexparser_reads_it():
    path = bibliography.path()
    ours = [one for one in entries(path.read_text("utf-8")) if isinstance(one, Entry)]
    theirs = bibtexparser.parse_file(str(path)).entries
    assert len(ours) > 100

    def plain(text):
        return " ".join(str(text).split())

    assert [
        (one.kind.lower(), one.key, {field.name: plain(field.value) for field in one.fields})
        for one in ours
    ] == [
        (
            one.entry_type.lower(),
            one.key,
            {field.key.lower(): plain(field.value) for field in one.fields},
        )
        for one in theirs
    ]
