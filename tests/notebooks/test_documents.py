"""A notebook reads as a document in an editor: folded code, links, the answer at once."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from live_kernel import cells, kernel

from repdose import evidence as ev
from repdose.evidence import bibliography
from repdose.reports.pages import citations, editor, fragments

# Those that are reports
NOTEBOOKS = [
    path
    for path in sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
    if "report.answer(" in path.read_text("utf-8")
]
LINK = re.compile(r"\[([^\[\]]+)\]\(#ref-([\w:.+-]+)\)")


def notebook(path: Path) -> list[dict]:
    return json.loads(path.read_text("utf-8"))["cells"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_code_is_folded_under_a_line_that_says_what_it_shows_but_for_the_parameters(path):
    for cell in notebook(path):
        if cell["cell_type"] != "code":
            continue
        folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        assert folded == ("parameters" not in cell["metadata"].get("tags", []))
        if folded:
            assert re.match(r"# [A-Z]", source(cell)), source(cell)[:60]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_answer_and_main_figure_come_from_the_first_cell_after_the_parameters(path):
    head, parameters, first = notebook(path)[:3]
    assert head["cell_type"] == "markdown"
    assert source(head).count("\n\n") == 1, "title and question, nothing more"
    assert parameters["metadata"]["tags"] == ["parameters"]
    text = source(first)
    assert text.index("Report(") < text.index("report.answer(") < text.index("report.figure(")
    for other in notebook(path)[3:]:  # a card stands above the answer
        assert "headline=" not in source(other)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_cites_by_links_whose_words_are_those_of_the_bibliography(path):
    prose = "\n".join(source(one) for one in notebook(path) if one["cell_type"] == "markdown")
    assert "[@" not in prose
    for words, key in LINK.findall(prose):
        assert words.replace("\\", "") == bibliography.short(key)


def test_links_to_references_are_citations_and_stay_as_they_are():
    text = "It grows ([Schoenfeld et al. 2017](#ref-schoenfeld2017)), `[x](#ref-no)`."
    assert citations.keys(text) == ["schoenfeld2017"]
    assert citations.markdown(text) == text


class Cells(HTMLParser):
    """Attributes of each cell of a table, by its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.of: dict[str, dict[str, str | None]] = {}
        self._open: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("td", "th"):
            self._open = dict(attrs)

    def handle_data(self, data):
        self.of.setdefault(data, self._open)


def test_words_stand_left_and_numbers_right_by_the_cells_own_attributes():
    frame = pd.DataFrame({"muscle": ["iliopsoas"], "sets": [4.51], "note": [None]})
    made = fragments.table(frame, caption="C", name="t")
    styled = editor.styled(made)
    of = Cells(styled).of
    assert of["iliopsoas"] == {"scope": "row", "style": "text-align:left"}
    assert of["Muscle"] == {"scope": "col", "style": "text-align:left"}
    assert of["4.5"] == {"align": "right"}
    assert of["Sets"] == {"scope": "col", "align": "right"}
    assert "clip-path" in styled.split(">none<")[0].split("<")[-1]
    assert "<script" not in styled
    for of_the_page in ("class=", "data-v", "tabindex", "aria-label"):
        assert of_the_page not in styled


def test_rows_of_several_lines_begin_at_their_top():
    frame = pd.DataFrame({"muscle": ["iliopsoas"], "sets": [4.5], "note": ["a few words " * 9]})
    of = Cells(editor.styled(fragments.table(frame, caption="C"))).of
    assert of["iliopsoas"]["style"] == "text-align:left;vertical-align:top"
    assert of["4.5"] == {"align": "right", "style": "vertical-align:top"}


def test_an_editor_lists_each_record_once_under_its_work():
    met = [ev.met(code, edition=2011) for code in ("02024", "02020")]
    finding = ev.finding("schoenfeld2017.effect_size_per_weekly_set")
    made = editor.listed([*met, finding])
    assert made.startswith("<details><summary>3 records read, and how each was checked")
    assert made.count("<p>") == 2
    for record in (*met, finding):
        assert made.count(f"<code>{record.id}</code>") == 1
        assert f"({record.locator}; {record.checked})<" in made
    assert made.index("#ref-ainsworth2011") < made.index("2011:02020")
    assert made.index("2011:02020") < made.index("#ref-schoenfeld2017")


@pytest.mark.slow
def test_every_citation_in_an_editor_leads_to_an_entry_of_the_list():
    """Outputs and prose of one notebook, as JupyterLab gets them."""
    with kernel() as live:
        outputs = [one for cell, text in cells("energy_cost") for one in live.run(text, cell)]
    shown = "\n".join(one.get("data", {}).get("text/html", "") for one in outputs)
    captions = "\n".join(one.get("data", {}).get("text/markdown", "") for one in outputs)
    assert "[@" not in shown + captions
    [path] = [path for path in NOTEBOOKS if path.stem == "energy_cost"]
    prose = "\n".join(source(one) for one in notebook(path) if one["cell_type"] == "markdown")
    asked = set(re.findall(r"#ref-([\w:.+-]+)", shown + captions + prose))
    listed = set(re.findall(r'id="ref-([\w:.+-]+)"', shown))
    assert {"kozey2010", "steegen2016"} < asked  # in the prose alone
    assert asked <= listed
    assert "<script" not in shown
    first = next(one["data"]["text/html"] for one in outputs if "text/html" in one.get("data", {}))
    assert "Energy of an average week" in first
    assert re.search(r"<strong>\d+</strong>", first), "the card"
