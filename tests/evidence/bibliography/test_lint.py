"""Lint of BibTeX files: each rule fires on its fault, and on nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repdose.evidence.bibliography.cited import cited_keys
from repdose.evidence.bibliography.lint import lint
from repdose.evidence.errors import EvidenceError

HOSTILE = Path(__file__).parents[2] / "hostile"
SOUND = """@article{lee2020,
  author  = {Lee, Ann and Roe, Bo},
  title   = {A title long enough to be compared with others},
  journal = {Journal of Examples},
  year    = {2020},
  doi     = {10.1000/example.1},
  pmid    = {99999991},
}
"""


@pytest.fixture
def linted(tmp_path):
    def lint_text(text, **options):
        path = tmp_path / "mine.bib"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return lint(path, **options)

    return lint_text


def rules(problems):
    return [(problem.line, problem.key, problem.rule) for problem in problems]


def test_a_sound_file_has_no_problems(linted):
    assert linted(SOUND) == []
    braced = (
        "school = {{School of Sport and Health Sciences}},\n  address = {Durham and London},\n"
        "  title = {Of {A$^2$}, ${I}_i$, $t$ and {log(A)},"
    )
    assert linted(SOUND.replace("title   = {A title", braced, 1)) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        ("  author  = {Lee, Ann and Roe, Bo},\n", "", "author", "no author"),
        ("{Lee, Ann and Roe, Bo}", "{{}}", "author", "no author"),
        ("  year    = {2020},\n", "", "year", "n.d."),
        ("{2020}", "{in press}", "year", "'in press'"),
        ("{2020}", "{20200}", "year", "four digits"),
        ("  journal = {Journal of Examples},\n", "", "journal", "without a journal"),
        ("{A title long enough to be compared with others}", "{}", "title", "no title"),
        ("{10.1000/example.1}", "{doi.org/example}", "doi", "is no DOI"),
        ("{10.1000/example.1}", "{10.1000}", "doi", "is no DOI"),
        ("{10.1000/example.1}", "{10.1000/two words}", "doi", "is no DOI"),
        ("{10.1000/example.1}", "{10.1000/example.1.}", "doi", "punctuation"),
        ("{10.1000/example.1}", "{https://doi.org/10.1000/example.1}", "doi", "DOI alone"),
        (
            "{A title long enough to be compared with others}",
            "{Computing A{$^\\alpha$} and {log(A)} of a matrix}",
            "formula",
            "'A' in lower case",
        ),
        (
            "{A title long enough to be compared with others}",
            "{Computing {A$^\\alpha$}, log(A) and the like}",
            "formula",
            "'log(A)' in lower case",
        ),
        (
            "@article{lee2020,",
            "@phdthesis{lee2020, school = {School of Sport and Health Sciences},",
            "split-name",
            "split at 'and'",
        ),
        ("{99999991}", "{PMC99999991}", "pmid", "is no PMID"),
        ("{99999991}", "{099999991}", "pmid", "leading zero"),
        ("{99999991}", "{99999991}, note = {PMID: 99999992}", "pmid", "in the note"),
        ("{99999991}", "{99999991}, pmcid = {5684266}", "pmcid", "PMC5684266"),
        ("{99999991}", "{99999991}, url = {javascript:alert(1)}", "url", "http or https"),
        ("lee2020", "lee&2020", "key", "letters, digits"),
        ("{Lee, Ann and Roe, Bo}", "{World Health Organization}", "corporate-author", "{{"),
        ("{Lee, Ann and Roe, Bo}", "{Department of Health and Human Services}", None, "braces"),
        ("A title", "A <i>title</i>", "markup", "<i>"),
        ("A title", r"A \input{x} title", "command", r"\input"),
        ("A title", r"A \write18{ls} title", "command", r"\write18"),
        ("{99999991}", "{99999991}, crossref = {nowhere}", "crossref", "nowhere"),
        ("{99999991}", "{99999991}, year = {2021}", "duplicate-field", "year"),
        ("{Journal of Examples}", "joe", "string", "uses joe"),
        ("{Lee, Ann and Roe, Bo}", "{Lee, Ann and and Roe, Bo}", "author", "missing beside"),
        ("A title", "A &amp; title", "markup", "&amp;"),
        ("{10.1000/example.1}", "{10.1000/a&lt;b}", "doi", "holds '&lt;'"),
        ("{99999991}", "{99999991}, crossref = {lee2020}", "crossref", "round: lee2020 > lee2020"),
        ("{Lee, Ann and Roe, Bo}", "{Lee A, Roe B}", "name", "write Lee, A and Roe, B"),
        ("A title", "A \u200btitle", "control", r"\u200b"),
        ("A title", "A \u202etitle", "control", r"\u202e"),
        ("A title", "A " + "{" * 60 + "title" + "}" * 60, "braces", "deeper than 50"),
    ],
)
def test_each_fault_is_named_with_its_line_and_key(linted, old, new, rule, said):
    assert old in SOUND
    text = "\n" + SOUND.replace(old, new)
    [problem] = linted(text)
    lines = text.splitlines()
    assert new.strip()[:8] in lines[problem.line - 1] or problem.line == 2
    assert problem.key == ("lee&2020" if rule == "key" else "lee2020")
    assert problem.rule == (rule or "corporate-author")
    assert said in problem.message
    assert str(problem).startswith(f"{problem.file}:{problem.line}: ")


@pytest.mark.parametrize(
    "text",
    [
        SOUND.replace("lee2020", "ли2020"),
        SOUND.replace("  pmid", "  publisher = {House and Sons},\n  pmid"),
        SOUND.replace("{Journal of Examples}", r"{\mnras}"),
        SOUND.replace("A title", r"Rest \& play, 5\,\% of all"),
        SOUND.replace("  pmid", "  pages = {1011--31},\n  pmid"),
        SOUND.replace(
            "  pmid", "  pages = {e12--e10},\n  url = {https://x.org/a%20b&c#d},\n  pmid"
        ),
        SOUND.replace("@article", "@book").replace(
            "  pmid", "  publisher = {House and Sons},\n  location = {Bonn and Bern},\n  pmid"
        ),
        "@standard{s, title={Road bicycles}, year=2020}",
        "@misc{m, author={{A} and Bo Lee}, institution={{House} and {Sons}}, title={T}, year=2020}",
        "@inproceedings{c, author={Lee, A.}, title={T}, crossref={p}}\n"
        "@proceedings{p, title={Proceedings of X}, year=2020}",
        "@software{s, author={Lee, A.}, title={T}, date={2020-01}}\n"
        "@softwareversion{s1, version={1.1}, date={2021}, crossref={s}}\n"
        "@codefragment{s2, subtitle={Loop}, crossref={s1}}",
        "@book{a, author={Lee, A.}, title={Principles of training}, year=2020}\n"
        "@book{b, author={Roe, B.}, title={Principles of training}, year=2020}",
    ],
)
def test_what_bibtex_and_biblatex_read_as_it_is_meant_raises_no_alarm(linted, text):
    assert linted(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (SOUND.replace("Lee, Ann and Roe, Bo", "Lee, Ann and Example contributors"), "corporate"),
        (SOUND.replace("Lee, Ann and Roe, Bo", "Example tables community"), "corporate"),
        (SOUND.replace("{Journal of Examples}", r"{\examplejournal}"), "macro"),
        ("@inproceedings{c, author={Lee, A.}, title={T}, year=2020, pages={1--2}}", "booktitle"),
        (SOUND.replace("A title", "Rest & play"), "escape"),
        (SOUND.replace("A title", "A title with 5% of all"), "escape"),
        (SOUND.replace("Journal of Examples", "Sports & Exercise"), "escape"),
        (SOUND.replace("  pmid", "  pages = {12--10},\n  pmid"), "pages"),
        (
            "@book{a, author={Lee, A.}, title={Principles of training}, year=2020}\n"
            "@book{b, author={Lee, A.}, title={Principles of training}, year=2020}",
            "duplicate-work",
        ),
    ],
)
def test_what_would_be_lost_or_split_is_found(linted, text, rule):
    [problem] = linted(text)
    assert problem.rule.startswith(rule)


def test_a_fault_of_a_field_is_reported_at_its_line(linted):
    text = SOUND.replace("{2020}", "{in press}").replace("{99999991}", "{none}")
    assert rules(linted("\n" + text)) == [(6, "lee2020", "year"), (8, "lee2020", "pmid")]


@pytest.mark.parametrize(
    "author",
    [
        "{{World Health Organization}}",
        "{Lee, Ann and {SBRN Working Group}}",
        "{College, Ann and Lee, Bo}",
        "{{Department of Health and Human Services}}",
        "{Grouper, Ann}",
    ],
)
def test_braced_bodies_and_persons_of_like_names_pass(linted, author):
    assert linted(SOUND.replace("{Lee, Ann and Roe, Bo}", author)) == []


def test_works_under_two_keys_are_found_by_each_trait(linted):
    other = SOUND.replace("lee2020", "lee2020b")
    by_doi = other.replace("99999991", "99999992").replace("A title", "Quite another title")
    by_pmid = other.replace("example.1", "example.2").replace("A title", "Quite another title")
    by_title = other.replace("example.1", "example.2").replace("99999991", "99999992")
    unlike = by_title.replace("2020}", "2019}")
    for text, trait in ((by_doi, "DOI"), (by_pmid, "PMID"), (by_title, "title and year")):
        [problem] = linted(SOUND + text)
        assert rules([problem]) == [(9, "lee2020b", "duplicate-work")]
        assert f"the same {trait} as lee2020 at line 1" in problem.message
    assert linted(SOUND + unlike) == []


def test_a_title_is_the_same_in_braces_case_and_latex(linted):
    other = (
        SOUND.replace("lee2020", "lee2020b")
        .replace("example.1", "example.2")
        .replace("99999991", "99999992")
        .replace("A title long enough", r"{A} Title \emph{Long} enough")
    )
    assert rules(linted(SOUND + other)) == [(9, "lee2020b", "duplicate-work")]


def test_keys_that_repeat_or_differ_in_case_alone_are_found(linted):
    again = SOUND.replace("example.1", "example.2").replace("99999991", "99999992")
    again = again.replace("A title", "Quite another title")
    assert rules(linted(SOUND + again)) == [(9, "lee2020", "duplicate-key")]
    assert rules(linted(SOUND + again.replace("lee2020", "Lee2020"))) == [
        (9, "Lee2020", "duplicate-key")
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        # Garber 2011 with the PMID of Ainsworth 2011
        ("doi={10.1249/MSS.0b013e318213fefb}, pmid={21681120}", "garber2011"),
        # the DOI of Baz-Valle 2022, which a public file gives to another paper
        ("doi={10.2478/hukin-2022-0017}", "the title is another"),
    ],
)
def test_identifiers_that_contradict_the_shipped_record_are_named(linted, fields, said):
    text = (
        "@article{x, author={Garber, C. E.}, journal={J}, year={2011}, title={Quantity and quality "
        "of exercise for developing and maintaining cardiorespiratory, musculoskeletal, and "
        f"neuromotor fitness in apparently healthy adults}}, {fields}}}"
    )
    problems = linted(text)
    assert {problem.rule for problem in problems} == {"contradiction"}
    assert any(said in problem.message for problem in problems)


def test_a_known_work_with_a_wrong_doi_is_found_by_its_title(linted):
    text = (
        "@article{g, author={Krieger, J. W.}, journal={J}, year={2010}, doi={10.1519/wrong},"
        "title={Single vs. Multiple Sets of Resistance Exercise for Muscle Hypertrophy: A "
        "Meta-Analysis}}"
    )
    [problem] = linted(text)
    assert problem.rule == "contradiction"
    assert "DOI is 10.1519/wrong, there 10.1519/jsc.0b013e3181d4d436" in problem.message


def test_the_shipped_record_written_differently_is_no_contradiction(linted):
    text = (
        "@article{g, author={Krieger, James W.}, journal={JSCR}, year={2010}, "
        "eprint={20300012}, eprinttype={pubmed}, doi={10.1519/jsc.0b013e3181d4d436},"
        "title={Single vs. multiple sets of resistance exercise for muscle hypertrophy}}"
    )
    assert linted(text) == []


def test_pmids_in_eprint_and_note_are_compared_too(linted):
    for field in ("eprint={21681120}, eprinttype={pubmed}", "note={PMID: 21681120}"):
        [problem] = linted(
            "@article{g, author={Lee, A.}, journal={J}, year={2011}, "
            f"title={{Something else entirely}}, {field}}}"
        )
        assert (problem.rule, "ainsworth2011" in problem.message) == ("contradiction", True)


def notebook(*pages):
    cells = [{"cell_type": "markdown", "metadata": {}, "source": page} for page in pages]
    cells.append({"cell_type": "code", "metadata": {}, "source": ["x = '[@incode]'"]})
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_undefined_and_unused_keys_are_found_in_texts_and_notebooks(linted, tmp_path):
    page, paper, book = tmp_path / "a.md", tmp_path / "b.tex", tmp_path / "c.ipynb"
    page.write_text("First.\n\nSecond [@nowhere; @lee2020, p. 3].\n", "utf-8")
    paper.write_text("Third \\citep[see][p. 3]{lee2020, elsewhere}.\n", "utf-8")
    book.write_text(notebook(["Fourth ", "{cite:p}`missing`."]), "utf-8")
    spare = SOUND.replace("lee2020", "spare2020").replace("A title", "Quite another title")
    spare = spare.replace("example.1", "example.2").replace("99999991", "99999992")
    problems = linted(SOUND + spare, cited_in=[page, paper, book])
    assert [(Path(item.file).name, item.line, item.key, item.rule) for item in problems] == [
        ("a.md", 3, "nowhere", "undefined-key"),
        ("b.tex", 1, "elsewhere", "undefined-key"),
        ("c.ipynb", 8, "missing", "undefined-key"),
        ("mine.bib", 9, "spare2020", "unused-key"),
    ]


def test_a_round_of_crossrefs_is_told_once(linted):
    books = "".join(
        f"@book{{{key}, author={{Lee, Ann}}, title={{{key}}}, year=2020, crossref={{{parent}}}}}\n"
        for key, parent in (("a", "b"), ("b", "c"), ("c", "b"))
    )
    [problem] = linted(books)
    assert (problem.line, problem.key, problem.rule) == (1, "a", "crossref")
    assert "crossref goes round: b > c > b; leave one of them out" in problem.message


def test_sets_of_entries_need_no_title_of_their_own(linted):
    assert linted(SOUND + "@set{both, entryset={lee2020}}\n@xdata{press, publisher={P}}\n") == []


def test_without_texts_no_key_is_called_unused(linted):
    assert linted(SOUND, cited_in=()) == []


def test_a_notebook_that_is_none_is_refused(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text("{}", "utf-8")
    with pytest.raises(EvidenceError, match=r"broken\.ipynb: not a Jupyter notebook"):
        list(cited_keys(path))


def test_bytes_that_are_not_utf_8_are_named_with_their_line(linted):
    problems = linted(SOUND.encode() + "% café\n".encode("latin-1"))
    assert rules(problems) == [(9, "", "encoding")]
    assert "0xe9" in problems[0].message


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(EvidenceError, match="absent.bib"):
        lint(tmp_path / "absent.bib")


def test_what_stands_after_an_unclosed_entry_is_still_checked(linted):
    text = "@article{open, title={never closed,\n\n" + SOUND.replace("  year    = {2020},\n", "")
    assert [(line, rule) for line, _, rule in rules(linted(text))] == [(1, "syntax"), (3, "year")]


@pytest.mark.parametrize("path", sorted(HOSTILE.glob("*.bib")), ids=lambda path: path.stem)
def test_hostile_files_are_linted_without_a_crash(path):
    problems = lint(path)
    assert problems or path.stem == "long_line"
    assert all(problem.file == str(path) and problem.line >= 1 for problem in problems)


GARBAGE = {
    "open braces": b"{" * 3_000_000,
    "open entries": b"@a{b,\n" * 40_000,
    "one endless field": b"@a{b, title={" + b"x " * 5_000_000 + b"}}",
    "nested": b"@a{b, title={" + b"{" * 500_000 + b"}" * 500_000 + b"}}",
    "zeros": b"\0" * 10_000_000,
    "every byte": bytes(range(256)) * 40_000,
}


@pytest.mark.parametrize("name", GARBAGE)
def test_megabytes_of_garbage_end_in_problems_one_can_read(linted, name):
    problems = linted(GARBAGE[name])
    assert problems
    assert all(len(str(problem)) < 1000 for problem in problems)


@pytest.mark.parametrize("text", ["", "prose alone\n", "% a comment\n@comment{x}\n"])
def test_a_file_without_an_entry_does_not_pass_for_a_bibliography(linted, text):
    assert rules(linted(text)) == [(1, "", "empty")]


def test_what_cannot_be_a_bibliography_is_refused_at_once(linted):
    with pytest.raises(EvidenceError, match=r"mine\.bib: 10,000,000 signs @; at most 200,000"):
        linted(b"@" * 10_000_000)
    with pytest.raises(EvidenceError, match=r"mine\.bib: 64,000,001 bytes; at most 64,000,000"):
        linted(b" " * 64_000_001)
