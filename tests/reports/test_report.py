"""What a notebook says through Report, and the page it becomes."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from threading import Event
from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from report_notebooks import job

from repdose import evidence as ev
from repdose.inputs.validation import ParameterError
from repdose.reports import Report, displays, making
from repdose.reports.engines.fork import ForkServer, run
from repdose.reports.pages import citations, editor, fragments, page
from repdose.tables import numbers
from repdose.tables.numbers import MEANING, RANGE_KINDS, Number, rounded, written

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="x'


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A report with hostile strings wherever a string can be, made once."""
    folder = tmp_path_factory.mktemp("document")
    one = job(
        folder,
        "small",
        f"hostile = {HOSTILE!r}\n"
        "text = report.number('energy', hostile, 188.2, 'kcal/week', low=139.0, high=395.9,"
        " kind='assumption', headline=True, note=hostile)\n"
        "report.answer(f'It costs {text}; {hostile} [@herrmann2024].')\n"
        "report.assume(hostile)\nreport.say(hostile)",
        "import pandas as pd\n"
        "frame = pd.DataFrame({'week': [1, 2], hostile: [hostile, None]})\n"
        "frame['energy_kcal'] = [1.5, -0.01]\n"
        "report.table(frame, caption=hostile, digits=1, name='weeks')\nframe",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\n"
        "ax.set_title('A')\n"
        "report.figure(fig, name='line', alt='A line from 1 to 2 ' + hostile, caption=hostile)",
        "print(hostile)\nfrom repdose import evidence as ev\n"
        "met = ev.met('02024', edition=2011)\nhostile",
        "report.sources()",
        body_mass_kg=82.5,
        progression={
            "title": HOSTILE,
            "plan": [
                {
                    "variant": "lying_bent_knee",
                    "weeks": 1,
                    "sessions_per_week": 1,
                    "sets": 1,
                    "repetitions": 5,
                    "rest_s": 0,
                }
            ],
        },
    )
    [outcome] = run([one], ForkServer(1), Event())
    assert outcome.status == "made", outcome.message
    return one.folder


def test_page_has_no_active_content_but_its_own_script(made):
    text = (made / "report.html").read_text("utf-8")
    elements = Elements(text)
    assert len(elements.named("script")) == 1
    assert elements.named("script")[0] == {}
    for tag, attributes in elements.found:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert tag not in ("iframe", "object", "embed", "form", "link", "base")
    assert HOSTILE not in text


def drawn_in(address):
    """What an address within a page draws: a browser reads it so."""
    kind, _, text = address.partition(",")
    assert kind == "data:image/svg+xml"
    return unquote(text).encode()


def test_page_asks_the_network_for_nothing(made):
    text = (made / "report.html").read_text("utf-8")
    elements = Elements(text)
    for image in elements.named("img"):
        assert image["src"].startswith("data:image/svg+xml,")
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    [policy] = [m["content"] for m in elements.named("meta") if m.get("http-equiv")]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/=]+'(;|$)", policy)
    for link in elements.named("a"):
        assert link["href"].startswith(("#", "https://"))


def test_page_has_language_one_title_contents_and_no_broken_anchor(made):
    elements = Elements((made / "report.html").read_text("utf-8"))
    assert elements.named("html") == [{"lang": "en"}]
    assert len(elements.named("h1")) == 1
    assert len(elements.named("main")) == 1
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in elements.named("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids, link
    assert "part-one" in ids


def test_tables_have_captions_and_scoped_headings(made):
    text = (made / "report.html").read_text("utf-8")
    own = text.split('<table id="table-weeks">')[1].split("</table>")[0]
    assert own.startswith("<caption>")
    elements = Elements(own)
    assert [heading["scope"] for heading in elements.named("th")] == ["col"] * 3 + ["row"] * 2
    assert '>Energy <span class="unit">[kcal]</span><' in own
    assert own.endswith(">0.0")  # -0.01 with one decimal is no negative zero


def test_figures_have_alt_text_and_are_files_too(made):
    elements = Elements((made / "report.html").read_text("utf-8"))
    [figure] = [one for one in elements.named("div") if one.get("role") == "img"]
    assert figure["aria-label"] == f"A line from 1 to 2 {HOSTILE}"
    _, drawn = elements.named("svg")
    svg = (made / "figures" / "line.svg").read_text("utf-8")
    assert f'viewBox="{drawn["viewbox"]}"' in svg
    assert [path.name for path in (made / "figures").iterdir()] == ["line.svg"]


@pytest.mark.parametrize("text", ['<t a="1">50 % &amp; #1\n−é🏋</t>', """<t a="it's">&quot;</t>"""])
def test_a_drawing_of_any_signs_is_read_back_from_its_address(text):
    (image,) = Elements(f"<img src={fragments.embedded(text)}>").named("img")
    assert unquote(image["src"].removeprefix("data:image/svg+xml,")) == text
    assert "#" not in image["src"]  # what follows it is no part of a picture


def test_the_notebook_shows_a_figure_by_its_picture_and_has_nothing_twice(made):
    """An editor that does not trust a notebook shows a picture in HTML, and no SVG of its own."""
    notebook = json.loads((made / "report.ipynb").read_text("utf-8"))
    outputs = [one for cell in notebook["cells"] for one in cell.get("outputs", [])]
    [shown] = [one for one in outputs if "figure" in one.get("metadata", {}).get("repdose", {})]
    assert shown["data"].keys() == {"text/html", "text/plain"}
    [picture] = Elements(shown["data"]["text/html"]).named("img")
    tree, other = (
        ElementTree.fromstring(text.replace(b" xlink:href=", b" href="))
        for text in ((made / "figures" / "line.svg").read_bytes(), drawn_in(picture["src"]))
    )
    drawn = [[(one.tag, one.attrib) for one in root.iter()] for root in (tree, other)]
    assert drawn[0] == drawn[1]
    assert picture["alt"] == shown["data"]["text/plain"] == f"A line from 1 to 2 {HOSTILE}"
    kinds = {kind for one in outputs for kind in one.get("data", {})}
    assert not [kind for kind in kinds if kind.startswith("application/")]


def test_results_carry_numbers_sources_assumptions_versions_and_checksums(made):
    results = json.loads((made / "results.json").read_text("utf-8"))
    [number] = results["numbers"]
    assert number["value"] == 188.2
    assert (number["low"], number["high"], number["unit"]) == (139.0, 395.9, "kcal/week")
    assert number["kind"] == "assumption"
    assert number["text"] == "188 (139 to 396) kcal/week"
    assert results["parameters"]["body_mass_kg"] == 82.5
    assert results["assumptions"] == [HOSTILE]
    assert {"ainsworth2011", "herrmann2024"} <= set(results["sources"])
    assert "2011:02024" in [record["id"] for record in results["records"]]
    assert "met_2011.csv" in results["data"]
    assert set(results["versions"]) >= {"repdose", "python", "numpy", "pandas"}


def test_sources_of_the_prose_cells_are_in_the_list_of_references(made):
    """The first cell cites garber2011 in Markdown, which no code ever sees."""
    results = json.loads((made / "results.json").read_text("utf-8"))
    assert "garber2011" in results["sources"]
    assert 'id="ref-garber2011"' in (made / "report.html").read_text("utf-8")


def test_references_link_doi_and_pubmed(made):
    text = (made / "report.html").read_text("utf-8")
    entry = text.split('id="ref-ainsworth2011"')[1].split("<li")[0]
    assert "https://doi.org/" in entry
    assert "https://pubmed.ncbi.nlm.nih.gov/" in entry


def test_headline_number_stands_at_the_head_of_the_page(made):
    text = (made / "report.html").read_text("utf-8")
    card = text.split('class="headline"')[1].split("</div>")[0]
    assert "188" in card
    assert "139\u00a0to\u00a0396, range over the stated assumptions" in card


def test_contents_name_each_part_once():
    body = "<!--contents--><h2>A &amp; B</h2><h3>Inner</h3><h2>A &amp; B</h2>"
    shown = page.with_contents(body)
    assert shown.count('href="#a-amp-b"') == 1
    assert shown.count('href="#a-amp-b-2"') == 1
    assert '<li class="inner"><a href="#inner">' in shown


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.5, 0, "0"), (1234.5, 1, "1,234.5"), (-0.001, 1, "0.0"), (-3.25, 1, "−3.2"), (7, 2, "7.00")],
)
def test_numbers_are_printed_with_a_true_minus_and_no_negative_zero(value, digits, text):
    assert rounded(value, digits) == text


def test_number_without_unit_or_range_is_printed_plain():
    assert written(40.0, None, None, "", 0) == "40"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": "Energy"}, "lower-case"),
        ({"label": " "}, "a label is required"),
        ({"value": float("nan")}, "must be finite"),
        ({"low": 1.0, "kind": "assumption"}, "both low and high"),
        ({"low": 1.0, "high": 2.0}, "a range needs a kind"),
        ({"kind": "confidence"}, "and a kind a range"),
        ({"low": 2.0, "high": 1.0, "kind": "credible"}, "is above high"),
        ({"kind": "interval"}, "kind must be one of"),
    ],
)
def test_number_that_says_too_little_is_refused(wrong, words):
    given = {"id": "a", "label": "A", "value": 1.0, "unit": "kg", "kind": "none"} | wrong
    with pytest.raises(ValueError, match=words):
        Number(**given)


def test_every_kind_of_range_has_words_and_an_assumption_is_no_confidence_interval():
    assert set(MEANING) == set(RANGE_KINDS)
    assert "confidence" not in MEANING["assumption"]


def test_report_refuses_a_second_number_figure_or_table_of_one_name():
    report = Report("energy_cost", {})
    report.number("a", "A", 1.0, "kg")
    with pytest.raises(ValueError, match="reported twice"):
        report.number("a", "A", 1.0, "kg")
    frame = pd.DataFrame({"a": [1]})
    report.table(frame, caption="A", name="t")
    with pytest.raises(ValueError, match="table 't' is shown twice"):
        report.table(frame, caption="A", name="t")
    report.figure(plt.figure(), name="f", alt="Nothing.", caption="C")
    with pytest.raises(ValueError, match="figure 'f' is shown twice"):
        report.figure(plt.figure(), name="f", alt="Nothing.", caption="C")
    plt.close("all")


def test_figure_without_alt_text_is_refused():
    with pytest.raises(ValueError, match="alt text is required"):
        Report("energy_cost", {}).figure(plt.figure(), name="f", alt=" ", caption="C")
    plt.close("all")


def test_report_refuses_an_unknown_source():
    with pytest.raises(ev.UnknownRecordError, match="nobody1900"):
        Report("energy_cost", {}).say("It is so [@nobody1900].")


def test_report_refuses_a_misspelt_parameter_that_papermill_would_let_pass():
    with pytest.raises(ParameterError, match="'body_mas_kg'.*did you mean body_mass_kg"):
        Report("energy_cost", {"body_mass_kg": 75.0, "body_mas_kg": 80.0})


def test_report_leaves_other_names_of_the_notebook_alone():
    report = Report("energy_cost", {"weights": [1], "_body_mass_kg": 3, "body_mass_kg": 80})
    assert report.parameters.body_mass_kg == 80.0


def test_citations_in_code_are_left_alone_and_locators_kept():
    assert citations.markdown("`[@x]` and [@garber2011, p. 3]") == (
        "`[@x]` and ([Garber et al. 2011](#ref-garber2011), p. 3)"
    )


def test_missing_values_and_truth_read_as_words():
    frame = pd.DataFrame(
        {"a": pd.array([1, None], dtype="Int64"), "b": [True, False], "c": [None, 2.25]}
    )
    shown = fragments.table(frame, caption="C", digits=2)
    assert ">–</span>" in shown
    assert "<td>yes</td><td" in shown
    assert ">2.25</td>" in shown


def test_ranges_in_cells_have_a_true_minus_and_names_keep_their_hyphen():
    assert fragments.cell("-0.1 to .2 (-.3)", 1) == "−0.1 to .2 (−.3)"
    assert fragments.cell("8-12, C-1, deload-2", 1) == "8-12, C-1, deload-2"


def test_index_of_a_table_heads_its_rows():
    frame = pd.DataFrame({"x": [1.0]}, index=pd.Index(["a"], name="muscle"))
    assert '<th scope="row">a</th>' in fragments.table(frame, caption="C")


def test_a_table_without_html_has_its_numbers_as_they_are_stored(monkeypatch):
    shown = []
    monkeypatch.setattr(displays, "bundle", lambda data, _: shown.append(data))
    frame = pd.DataFrame(
        {"kcal": [1 / 3, 40.0], "Who": ["a", "b"]}, index=pd.Index([1, 20], name="n")
    )
    Report("energy_cost", {}).table(frame, caption="Energy")
    # 8 significant digits, and the index as the heading of each row
    assert shown[0]["text/plain"].split("\n") == [
        "Energy",
        " n        kcal  Who",
        " 1  0.33333333    a",
        "20        40.0    b",
    ]
    assert 'data-v="0.33333333"' in shown[0][editor.ON_PAGE]


def test_a_table_of_nothing_has_its_caption():
    assert "<caption><span>None yet</span></caption>" in fragments.table(
        pd.DataFrame(), caption="None yet"
    )


def test_notebook_that_hands_over_no_results_is_a_failure():
    assert making.results_of({"cells": [{"outputs": []}]}) is None


def test_a_table_longer_than_a_screen_is_folded_under_its_caption_and_its_count():
    short = pd.DataFrame({"n": range(fragments.FOLDED_LINES)})
    assert "<details" not in fragments.table(short, caption="C")
    long = pd.DataFrame({"n": range(fragments.FOLDED_LINES + 1)})
    shown = fragments.table(long, caption="<b>")
    assert shown.startswith('<details class="rows"><summary>&lt;b&gt; <small>(41 rows)</small>')
    assert "<caption><span>&lt;b&gt;</span></caption>" in shown
    wordy = pd.DataFrame({"words": ["x" * fragments.LINE * fragments.FOLDED_LINES, "y"]})
    assert fragments.table(wordy, caption="C").startswith('<details class="rows">')


def test_a_range_alone_in_its_cell_is_kept_on_one_line_and_a_symbol_keeps_its_case():
    frame = pd.DataFrame({"p": [0.04], "ci": ["-0.1 to 1,200"], "note": ["0.1 to 2 and more"]})
    shown = fragments.table(frame, caption="C")
    assert '<td class="span">−0.1 to 1,200</td>' in shown
    assert '<td class="words">0.1 to 2 and more</td>' in shown
    assert '<th scope="col" class="num">p</th>' in shown


def test_numbers_written_as_text_stand_right_and_codes_and_ranges_do_not():
    frame = pd.DataFrame(
        {
            "what": ["a", "b", "c"],
            "p": ["0.04", "< 0.001", ""],
            "df": [4.0, "−1,200.5", None],
            "code": ["02024", "02020", "02103"],
            "ci": ["1 to 2", "0.5", "3"],
            "done": [True, "1", "2"],
        }
    )
    shown = fragments.table(frame, caption="C")
    for name in ("p", "Df"):
        assert f'<th scope="col" class="num">{name}</th>' in shown
    for name in ("Code", "Ci", "Done"):
        assert f'<th scope="col">{name}</th>' in shown
    assert '<td class="num">&lt; 0.001</td>' in shown
    assert '<td class="num"><span aria-hidden="true">–</span>' in shown  # empty is none
    assert '<td class="num">4.0</td>' in shown


def test_short_cells_units_of_heads_and_parts_of_names_are_kept_whole():
    frame = pd.DataFrame({"who": ["CLUE II", "second-hand", "Patel et al. 2020"], "G [N m]": 1.5})
    shown = fragments.table(frame, caption="C")
    assert '<th scope="row" class="span">CLUE II</th>' in shown
    assert '<th scope="row" class="span">second-hand</th>' in shown
    assert '<th scope="row" class="words">Patel et al. 2020</th>' in shown
    assert '>G <span class="unit">[N m]</span></th>' in shown
    long = pd.DataFrame({"Slope [sets per muscle per week]": [1.0]})
    assert "unit" not in fragments.table(long, caption="C")
    assert fragments.breakable("a2011.set_x, 0.5 <b>") == "a2011.<wbr>set_<wbr>x, 0.5 &lt;b&gt;"


def test_a_parameter_is_shown_with_its_meaning_and_an_empty_one_as_none(made):
    text = (made / "report.html").read_text("utf-8")
    [row] = [row for row in text.split("<tr>") if "<code>body_<wbr>mass_<wbr>kg</code>" in row]
    assert ">82.5\u00a0kg<" in row
    assert row.endswith(">body mass")
    assert displays._compact([]) == displays._compact("") == "none"
    assert displays._compact([{"weeks": 2}, {"weeks": 1}]) == "2 stages"


def test_a_range_without_width_is_said_to_be_one():
    given = {"id": "x", "label": "X", "value": 9.0, "unit": "sets", "kind": "assumption"}
    same = Number(**given, low=9.0, high=9.0)
    assert same.text == "9 sets"
    assert same.meaning == "the same at both ends of the range over the stated assumptions"
    assert Number(**given, low=9.0, high=9.5).meaning == "range over the stated assumptions"
    assert Number(**given | {"kind": "none"}).meaning == ""


def test_a_cell_of_ready_html_is_given_room_by_the_words_a_reader_sees_of_it():
    link = f'<a href="{"x" * 130}">short</a>'
    rows = [["a", link, "y" * 41, "z" * 121]]
    shown = fragments.simple_table(["A", "B", "C", "D"], rows, caption="C")
    assert f"<td>{link}</td>" in shown
    assert f'<td class="long">{"y" * 41}</td>' in shown
    assert f'<td class="longer">{"z" * 121}</td>' in shown


def test_a_page_has_both_drawings_of_a_figure_and_takes_no_other_html_for_one(tmp_path):
    one = job(
        tmp_path,
        "small",
        "from repdose.plots import sheet, style\n"
        "@style.two_widths\ndef line():\n"
        "    fig, ax = sheet.drawing(3)\n    ax.plot([1, 2])\n    return fig, 'From 1 to 2'\n"
        "fig, alt = line()\nreport.figure(fig, name='line', alt=alt, caption='C')",
        "from IPython.display import HTML\n"
        'HTML(\'<figure id="figure-x"><picture><source srcset="https://a.example">'
        "</picture></figure>')",
    )
    [outcome] = run([one], ForkServer(1), Event())
    assert outcome.status == "made", outcome.message
    shown = (one.folder / "report.html").read_text("utf-8")
    elements = Elements(shown)
    assert 'role="img" aria-label="From 1 to 2"' in shown
    shared, page, phone = elements.named("svg")
    assert (page["width"], phone["width"], shared["aria-hidden"]) == ("518.4pt", "259.2pt", "true")
    assert elements.named("img") == []
    assert '<source srcset="https' not in shown  # but in the code, escaped


def test_records_notes_and_descriptions_of_figures_have_a_true_minus(tmp_path):
    one = job(
        tmp_path,
        "small",
        "report.number('x', 'X', 1.0, 'kcal', note='model-based -0.1 to 0.2')",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\n"
        "report.figure(fig, name='line', alt='From -23 at 0 to 2', caption='C')",
        "from repdose import evidence as ev\nev.finding('westcott2012.fat_mass_change')\n"
        "report.sources()",
    )
    [outcome] = run([one], ForkServer(1), Event())
    assert outcome.status == "made", outcome.message
    text = (one.folder / "report.html").read_text("utf-8")
    assert "model-based −0.1\u00a0to\u00a00.2" in text
    assert 'aria-label="From −23 at 0 to 2"' in text
    assert "change of fat mass: −1.8\u00a0kg" in text


def notebook_of(*cells):
    """Cells as (kind, source, HTML shown) in a notebook."""
    made = []
    for at, (kind, source, shown) in enumerate(cells):
        cell = {"cell_type": kind, "id": f"c{at}", "source": source, "metadata": {}}
        if kind == "code":
            output = {
                "output_type": "display_data",
                "data": {"text/html": shown},
                "metadata": {"repdose": {"own": True}},
            }
            cell |= {"execution_count": 1, "outputs": [output] if shown else []}
        made.append(cell)
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


HEAD = "# Title\n\n**Question.** Why?\n\n**Reads.** Tables.\n\n**Does not say.** More."


def test_the_answer_stands_below_the_question_and_above_what_is_read():
    shown = page.page(
        notebook_of(
            ("markdown", HEAD, ""),
            ("code", "x = 1", ""),
            ("code", "report.answer('Because.')", '<p class="answer">Because.</p>'),
            ("markdown", "## Method", ""),
        ),
        None,
        "",
    )
    wanted = ("Why?", ">Because.<", "Tables.", "More.", '<h2 id="method">')
    places = [shown.index(words) for words in wanted]
    assert places == sorted(places)
    assert shown.count("Tables.") == 1


@pytest.mark.parametrize("head", [HEAD, "# Title\n\nOne paragraph."])
def test_a_page_without_an_answer_or_another_head_stays_as_it_is(head):
    shown = page.page(notebook_of(("markdown", head, ""), ("code", "x = 1", "")), None, "")
    words = [part.split("**")[-1].strip() for part in head.split("\n\n")[1:]]
    places = [shown.index(one) for one in words]
    assert places == sorted(places)


def test_a_card_whose_ends_print_alike_says_so_once():
    number = Number(
        id="x",
        label="X",
        value=12.0,
        unit="sets",
        low=12.0,
        high=12.0,
        kind="assumption",
        headline=True,
        digits=1,
    )
    [card] = numbers.headline({"numbers": [number.content()]})
    assert card["range"] == "12.0 at both ends of the range over the stated assumptions"
