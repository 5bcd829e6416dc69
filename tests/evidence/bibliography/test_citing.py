"""References of entries as people write them, set in both styles."""

from __future__ import annotations

import pytest

from repdose.evidence.bibliography.bibtex import parse_bibtex
from repdose.evidence.bibliography.citing import csl_item, print_references


def printed(text, style):
    """The reference of the first entry."""
    return print_references(parse_bibtex(text).sources[:1], style)


LEE = "author={Lee, A.}, year=2020"
PARENT = "@proceedings{p, title={Proceedings of X}, subtitle={Day 2}, publisher={H}, year=2020}"


# Worked by hand after the APA manual (7th ed., chapters 9 and 10) and the ICMJE's samples
@pytest.mark.parametrize(
    ("entry", "apa", "vancouver"),
    [
        (
            rf"@misc{{a, {LEE}, title={{T}}, howpublished={{\url{{https://x.org/~lee/a_b}}}}}}",
            "Lee, A. (2020). T. https://x.org/~lee/a_b",
            "Lee A. T. 2020. Available from: https://x.org/~lee/a_b.",
        ),
        (
            f"@misc{{a, {LEE}, title={{T}}, eprint={{2001.00001}}, archiveprefix={{arXiv}}}}",
            "Lee, A. (2020). T. https://arxiv.org/abs/2001.00001",
            "Lee A. T. 2020. Available from: https://arxiv.org/abs/2001.00001.",
        ),
        (
            f"@softwareversion{{a, {LEE}, title={{T}}, version={{v1.2}}, publisher={{Zenodo}}}}",
            "Lee, A. (2020). T (Version 1.2) [Computer software]. Zenodo.",
            "Lee A. T. Version 1.2. Zenodo; 2020.",
        ),
        (
            f"@inbook{{a, {LEE}, title={{T}}, edition={{Second}}, pages={{4--5}}}}",
            "Lee, A. (2020). T (2nd ed., pp. 4–5).",
            "Lee A. T. 2nd ed. 2020. p. 4-5.",
        ),
        (
            f"@manual{{a, {LEE}, title={{T}}, publisher={{H}}, pages={{432}}}}",
            "Lee, A. (2020). T. H.",
            "Lee A. T. H; 2020.",
        ),
        (
            f"@thesis{{a, {LEE}, title={{T}}, type={{mathesis}}, institution={{University of X}}}}",
            "Lee, A. (2020). T [Master's thesis, University of X].",
            "Lee A. T [Master's thesis]. University of X; 2020.",
        ),
        (
            f"@manual{{a, {LEE}, title={{T}}, organization={{Foundation of X}}}}",
            "Lee, A. (2020). T. Foundation of X.",
            "Lee A. T. Foundation of X; 2020.",
        ),
        (
            f"@book{{a, {LEE}, title={{Part one. Part two.}}, subtitle={{More}}, publisher={{H}}}}",
            "Lee, A. (2020). Part one. Part two. More. H.",
            "Lee A. Part one. Part two. More. H; 2020.",
        ),
        (
            f"@book{{a, {LEE}, title={{A title.}}, publisher={{H}}}}",
            "Lee, A. (2020). A title. H.",
            "Lee A. A title. H; 2020.",
        ),
        (
            f"@article{{a, {LEE}, title={{A title:}}, journal={{J}}, number=3, pages={{1--2}}}}",
            "Lee, A. (2020). A title. J, (3), 1–2.",
            "Lee A. A title. J. 2020;(3):1-2.",
        ),
        (
            rf"@article{{a, {LEE}, title={{T: v2 etc}}, journal={{\mnras}}, volume=1, eid=07}}",
            "Lee, A. (2020). T: v2 etc. MNRAS, 1, Article 07.",
            "Lee A. T: v2 etc. MNRAS. 2020;1:07.",
        ),
        (
            f"@inproceedings{{a, {LEE}, title={{T}}, booktitle={{Proceedings of X}}, pages=4}}",
            "Lee, A. (2020). T. In Proceedings of X (p. 4).",
            "Lee A. T. In: Proceedings of X. 2020. p. 4.",
        ),
        (
            f"@inproceedings{{a, {LEE}, title={{T}}, pages={{4--5}}, crossref={{p}}}} {PARENT}",
            "Lee, A. (2020). T. In Proceedings of X: Day 2 (pp. 4–5). H.",
            "Lee A. T. In: Proceedings of X: Day 2. H; 2020. p. 4-5.",
        ),
        (
            f"@online{{a, subtitle={{Up}}, crossref={{b}}}}@online{{b, date=2021, crossref={{c}}}}"
            f"@online{{c, {LEE}, title={{T}}, url={{https://x.org}}}}",
            "Lee, A. (2021). T: Up.",
            "Lee A. T: Up. 2021.",
        ),
    ],
)
def test_a_reference_has_all_that_its_entry_says(entry, apa, vancouver):
    assert printed(entry, "apa") == apa
    assert printed(entry, "vancouver") == vancouver


def test_the_number_of_an_article_is_told_from_its_pages():
    given = [
        csl_item(parse_bibtex(f"@article{{a, journal={{J}}, {fields}}}").sources[0])
        for fields in ("eid=07", "eid=07, pages=07", "eid=07, pages={1--9}", "pages=07")
    ]
    assert [(item["page"], item.get("number")) for item in given] == [
        ("07", "07"),
        ("07", "07"),
        ("1-9", None),
        ("07", None),
    ]


def test_a_child_keeps_what_is_its_own_and_never_takes_the_identity_of_its_parent():
    [child, _] = parse_bibtex(
        "@incollection{a, title={T}, date={2021}, crossref={b}}"
        "@book{b, title={Book}, booktitle={Short}, year=2020, doi={10.1000/b}, pages={9}, note={N}}"
    ).sources
    assert child.fields == {
        "title": "T",
        "date": "2021",
        "crossref": "b",
        "booktitle": "Short",
    }
