"""Names as BibTeX, biblatex and the style manuals have them, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repdose.evidence.bibliography.bibtex import parse_bibtex
from repdose.evidence.bibliography.citing import print_references
from repdose.evidence.bibliography.names import faults, initials, names


# The examples of "Tame the BeaST" (N. Markey, 2009), section 11.2, and of the biblatex manual
@pytest.mark.parametrize(
    ("written", "given_name", "particle", "family", "suffix"),
    [
        ("AA BB", "AA", "", "BB", ""),
        ("AA", "", "", "AA", ""),
        ("AA bb", "AA", "", "bb", ""),
        ("AA bb CC", "AA", "bb", "CC", ""),
        ("AA bb CC dd EE", "AA", "bb CC dd", "EE", ""),
        ("AA 1B cc dd", "AA 1B", "cc", "dd", ""),
        ("AA 1b cc dd", "AA", "1b cc", "dd", ""),
        ("AA {b}B cc dd", "AA {b}B".replace("{", "").replace("}", ""), "cc", "dd", ""),
        (r"AA \BB{b} cc dd", None, "cc", "dd", ""),
        ("AA {bb} cc DD", "AA bb", "cc", "DD", ""),
        ("AA bb {cc} DD", "AA", "bb", "cc DD", ""),
        ("AA {bb} CC", "AA bb", "", "CC", ""),
        ("bb CC, AA", "AA", "bb", "CC", ""),
        ("bb, AA", "AA", "", "bb", ""),
        ("bb CC dd EE, AA", "AA", "bb CC dd", "EE", ""),
        ("bb,AA", "AA", "", "bb", ""),
        ("bb CC,XX, AA", "AA", "bb", "CC", "XX"),
        ("BB,, AA", "AA", "", "BB", ""),
        ("jean de la fontaine", "", "jean de la", "fontaine", ""),
        ("Jean De La Fontaine", "Jean De La", "", "Fontaine", ""),
        ("de la fontaine, Jean", "Jean", "de la", "fontaine", ""),
        ("van Gogh", "", "van", "Gogh", ""),
        ("Brinch Hansen, Per", "Per", "", "Brinch Hansen", ""),
        (r"{\'E}lisa Dupont", "Élisa", "", "Dupont", ""),
        (r"Jean {\'e}mile Dupont", "Jean", "émile", "Dupont", ""),
        (r"Bo {\O}fsteng", "Bo", "", "Øfsteng", ""),
        ("family=Berg, given=Jan Pieter, prefix=van den, given-i={JP}", "Jan Pieter", "van den",
         "Berg", ""),
        ("given=Hans, family={Harman, von}", "Hans", "", "Harman, von", ""),
        ("suffix=Jr, family=King, given=Martin", "Martin", "", "King", "Jr"),
        ("王, 小明", "小明", "", "王", ""),
        ("王小明", "", "", "王小明", ""),
    ],
)  # fmt: skip
def test_a_name_has_the_parts_that_bibtex_gives_it(written, given_name, particle, family, suffix):
    [name] = names(written)
    assert (name.particle, name.family, name.suffix) == (particle, family, suffix)
    assert given_name is None or name.given == given_name


def test_names_are_separated_by_and_outside_braces_whatever_its_case_and_space():
    people = names("Lee,\nAnn\nand Roe, Bo AND {Smith and Sons} and others")
    assert [one.short for one in people] == ["Lee", "Roe", "Smith and Sons", "et al."]


@pytest.mark.parametrize(
    ("given_name", "apa", "vancouver"),
    [
        ("Jean-Paul", "J.-P.", "JP"),
        ("J.-P.", "J.-P.", "JP"),
        ("Carol Ewing", "C. E.", "CE"),
        ("C.E.", "C. E.", "CE"),
        ("JR", "J. R.", "JR"),
        ("bell", "b.", "b"),
        ("Иван Петрович", "И. П.", "ИП"),
        ("Άννα", "Ά.", "Ά"),
        ("小明", "小明", "小明"),
        ("محمد", "محمد", "محمد"),
        ("지성", "지성", "지성"),
        ("María del Carmen", "M. del C.", "M del C"),
        ("A\u030ake", "A\u030a.", "A\u030a"),
        ("АБ", "А. Б.", "АБ"),
        ("J. a. J.", "J. a. J.", "JaJ"),
        ("José y", "J. y", "J y"),
    ],
)
def test_initials_are_taken_only_where_the_script_has_capitals(given_name, apa, vancouver):
    assert initials(given_name) == apa
    assert initials(given_name, stop="", hyphen="") == vancouver


def printed(author, style):
    text = f"@article{{a, author={{{author}}}, title={{T}}, journal={{J}}, year=2020}}"
    return print_references(parse_bibtex(text).sources, style)


@pytest.mark.parametrize(
    ("author", "apa", "vancouver"),
    [
        ("王, 小明", "王, 小明. (2020).", "王 小明. T."),
        ("hooks, bell", "hooks, b. (2020).", "hooks b. T."),
        ("family=Berg, given=Jan, prefix=van den", "van den Berg, J. (2020).", "van den Berg J."),
        ("Иванов, Иван", "Иванов, И. (2020).", "Иванов И. T."),
        ("Xu, Ai-Jun and Lee, Ann", "Xu, A.-J., & Lee, A. (2020).", "Xu AJ, Lee A."),
    ],
)
def test_names_print_right_in_both_styles(author, apa, vancouver):
    assert printed(author, "apa").startswith(apa)
    assert printed(author, "vancouver").startswith(vancouver)


@pytest.mark.parametrize(
    ("author", "said"),
    [
        ("Smith J, Doe A", "write Smith, J and Doe, A"),
        ("Smith J, Doe A, Roe BC", "write Smith, J and Doe, A and Roe, BC"),
        ("van Dam RM, Li T", "write van Dam, RM and Li, T"),
        ("Smith J and Doe A", "would have the family name 'J'; write Smith, J"),
        ("John Smith III", "write Smith, III, John"),
        ("Xu Li A", "write Xu Li, A"),
        ('M{\\"u}ller J', "would have the family name 'J'"),
        ("Петров А.", "would have the family name 'А.'; write Петров, А."),
        ("van Dam R. M.", "would have the family name 'M.'; write van Dam, R. M."),
        ("Smith J.-P., Doe A.", "write Smith, J.-P. and Doe, A."),
        ("A. B. Lee C. D. Roe", "reads like two names; write A. B. Lee and C. D. Roe"),
        ("Smith, A., Doe, B.", "3 commas in one name, where BibTeX takes 2"),
        ("Ann Lee, Bo Roe, Cho Kim", "'Bo Roe' stands where Jr or the like has to"),
        ("Lee, Ann, Roe", "'Ann' stands where Jr or the like has to"),
        ("Smith, A. & Doe, B.", "an & in a name"),
        (r"Smith, A. \& Doe, B.", "an & in a name"),
        ("Smith, A.; Doe, B.", "a semicolon in a name"),
        ("Smith, A. et al.", "et al. in a name"),
        ("bell hooks", "has no capital, so 'bell' is taken for a particle; write hooks, bell"),
        ("given=Ann", "a name in parts has family ="),
        ("family=Lee, nick=A", "a name in parts has family ="),
    ],
)
def test_what_is_read_otherwise_than_it_was_meant_is_found(author, said):
    assert said in next(faults(author))


@pytest.mark.parametrize(
    "author",
    [
        "Lee, Ann and Roe, Bo",
        "Ann Lee and Bo Roe",
        "King, Jr, Martin Luther and Lee, {III}, A. and Roe, 2nd, B. and Silva, Júnior, C.",
        "Lee,, Ann",
        "{Smith, Doe & Co.; Partners}",
        "AT{\\&}T",
        "van Gogh",
        "Plato",
        "王 小明 and عبد, رافق",
        "de la Fontaine, Jean and others",
        "O'Brien, K. J.",
        "WHO",
        "SMITH J",
        "A. Bo C. Lee and J. R. Ronald Lee",
        "Lee, A. B. and Sammy Roe Jr.",
        "Петров, АБ and Сидоров, В. Н.",
    ],
)
def test_sound_names_raise_no_alarm(author):
    assert list(faults(author)) == []


@given(st.text(alphabet="Aa é王,{}\\~=&; and\n.-'"))
def test_any_name_is_read_and_judged(text):
    assert all(one.family or one.literal for one in names(text))
    assert all("\n" not in said for said in faults(text))
    assert initials(text) is not None
