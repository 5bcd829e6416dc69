"""Pages of a default build in a real browser: what is on the first screen, cut, folded, saved.

Needs Debian's chromium and playwright, and says so where either is missing.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import lab
import pandas as pd
import pytest
from PIL import Image

from repdose.reports.pages import citations, fragments, page

pytestmark = pytest.mark.slow
DESK, PHONE = (1280, 900), (390, 844)
BOXES = """() => [...document.querySelectorAll(".table-scroll, .picture")]
  .filter((box) => box.checkVisibility({contentVisibilityAuto: true}))
  .map((box) => ({
    what: box.getAttribute("aria-label"),
    cut: box.scrollWidth > box.clientWidth + 1,
    said: box.classList.contains("scrolls") &&
      getComputedStyle(box, "::before").content.includes("Scrolls sideways"),
    reached: box.tabIndex === 0,
    scrolls: getComputedStyle(box).overflowX === "auto",
  }))"""
TOLD = """() => [...document.querySelectorAll("main .table-scroll, main .picture")]
  .every((box) => !box.checkVisibility({contentVisibilityAuto: true}) ||
    document.body.classList.contains("site") ||
    box.classList.contains("scrolls") === box.scrollWidth > box.clientWidth + 1)"""
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@pytest.fixture(scope="module")
def browser():
    with lab.browser() as started:
        yield started


@contextmanager
def opened(browser, path, size, **given):
    """The page at a size of the window, which must log no error."""
    window = {"width": size[0], "height": size[1]}
    with lab.page_in(browser, viewport=window, offline=True, **given) as shown:
        shown.goto(path.as_uri())
        shown.wait_for_function(TOLD)  # boxes are observed from frame to frame
        yield shown
        assert shown.complaints == [], path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Every report of a default build, the index and the page without Python."""
    out = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "repdose", "build", "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    pages = [out / "index.html", out / "explore.html", *sorted(out.glob("*/*/report.html"))]
    assert len(pages) > 10
    return pages


@pytest.fixture
def small(tmp_path):
    """A page whose table holds what a spreadsheet would run, and what print cannot hold."""
    frame = pd.DataFrame(
        {
            "what": ["=1+1", "@a", "-0.5 to 2", 'two, "three"', None, "5 to 7 kg"],
            "gross_energy_kcal": [1234.5678, -0.25, 3.0, float("nan"), 0.125, 2.0],
        }
    )
    shown = fragments.table(frame, caption="Small", digits=1, name="small")
    reference, _ = citations.listed(["garber2011"])

    def cell(html):
        output = {
            "output_type": "display_data",
            "data": {"text/html": html},
            "metadata": {"repdose": {"own": True}},
        }
        return {
            "cell_type": "code",
            "id": f"c{len(html)}",
            "source": "x",
            "metadata": {},
            "execution_count": 1,
            "outputs": [output],
        }

    head = {"cell_type": "markdown", "id": "h", "source": "# T [@garber2011]", "metadata": {}}
    cells = [head, cell(shown), cell(reference["text/html"])]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "small.html"
    path.write_text(page.page(notebook, None, "T"), "utf-8")
    return path


def test_on_a_phone_no_page_scrolls_sideways_and_what_is_wider_scrolls_in_its_box(browser, built):
    for path in built:
        with opened(browser, path, PHONE) as shown:
            for unfold in (False, True):
                if unfold:
                    shown.evaluate(UNFOLD)
                    shown.wait_for_function(TOLD)
                assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
                for box in shown.evaluate(BOXES):
                    if path.name == "report.html":
                        assert box["said"] == box["reached"] == box["cut"], (path, box)
                        assert box["scrolls"] or not box["cut"], (path, box)
                    else:
                        assert not box["cut"], (path, box)


def test_on_a_phone_each_figure_is_drawn_for_it_so_that_its_text_keeps_its_size(browser, built):
    widths = """() => [...document.querySelectorAll("figure img, figure svg")]
      .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().width)"""
    for path in built:
        with opened(browser, path, PHONE) as shown:
            found = shown.evaluate(widths)
            assert len(found) == shown.locator("figure").count(), path
            for width in found:
                assert 330 <= width <= PHONE[0], path  # drawn at 3.6 inches of 96 px
        with opened(browser, path, DESK) as shown:
            assert shown.locator(".narrow:visible").count() == 0, path
            assert shown.locator("figure svg:visible").count() == len(found), path


def test_on_a_desk_no_table_is_cut_and_the_first_screen_has_answer_and_figure(browser, built):
    bottom = "(e) => e.getBoundingClientRect().bottom"
    for path in built:
        with opened(browser, path, DESK) as shown:
            if path.name == "report.html":
                for part in (".lead figure .wide", ".lead .answer"):
                    assert shown.eval_on_selector(part, bottom) <= DESK[1], (path, part)
            shown.evaluate(UNFOLD)
            shown.wait_for_function(TOLD)
            assert [box for box in shown.evaluate(BOXES) if box["cut"]] == [], path
            assert shown.evaluate("document.documentElement.scrollWidth") <= DESK[0], path


def test_what_is_folded_on_screen_is_whole_in_print(browser, built):
    hidden = """() => [...document.querySelectorAll("details:not(.code) tbody tr")]
      .filter((row) => !row.checkVisibility()).length"""
    folded = 0
    for path in built:
        with opened(browser, path, DESK) as shown:
            folded += shown.evaluate(hidden) > 0
            shown.emulate_media(media="print")
            assert shown.evaluate(hidden) == 0, path
    assert folded


HEADS = """() => [...document.querySelectorAll("main table")].filter((one) => one.tHead)
  .map((one) => [one.tHead.innerText, one.tBodies[0].rows[0].innerText])"""
PAPER = {"width": 672, "height": 1000}  # A4 less its margins, in CSS pixels


def test_in_print_no_table_is_wider_than_paper_and_figures_leave_room_for_text(browser, built):
    wide = """() => [...document.querySelectorAll("table, img, svg")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length"""
    sizes = """() => [...document.querySelectorAll("figure .wide")].map((one) => {
      const { width, height } = one.getBoundingClientRect();
      return [width, height, Boolean(one.closest(".lead"))];
    })"""
    mm = 96 / 25.4
    for path in built:
        with opened(browser, path, DESK) as shown:
            shown.emulate_media(media="print")
            shown.set_viewport_size(PAPER)
            assert shown.evaluate(wide) == 0, path
            for width, height, first in shown.evaluate(sizes):
                assert height <= (95 if first else 135) * mm + 1, path
                assert first or width <= 140 * mm + 1, path


def test_in_print_no_head_of_a_table_and_no_single_first_row_ends_a_page(browser, built, tmp_path):
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext: where printed pages end was not looked at")
    for path in built:
        with opened(browser, path, DESK) as shown:
            shown.emulate_media(media="print")
            heads = shown.evaluate(HEADS)
            shown.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
        done = subprocess.run([reader, tmp_path / "page.pdf", "-"], capture_output=True, check=True)
        ends = [page.split() for page in done.stdout.decode("utf-8").split("\f")]
        for head, row in heads:
            for last in (head.split(), [*head.split(), *row.split()]):
                for words in ends[:-2]:  # after the last page is a form feed too
                    assert sorted(words[-len(last) :]) != sorted(last), (path, last)


def test_no_value_is_parted_from_its_unit_on_any_page_at_any_width(browser, built):
    parted = r"""() => {
      const pair = /\d\)? (%|kcal|MET|min|kg|N m)(?![\w-])/g;
      const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let one; (one = texts.nextNode());)
        if (!one.parentElement.closest("pre, code, script, style, title, option, svg"))
          found.push(...(one.data.match(pair) || []));
      return found;
    }"""
    for path in built:
        with opened(browser, path, DESK) as shown:
            assert shown.evaluate(parted) == [], path


def test_the_screening_is_an_appendix_that_a_link_unfolds(browser, built):
    (path, *_) = [one for one in built if one.parent.name == "dose_response"]
    with opened(browser, path, DESK) as shown:
        table = shown.locator("details.appendix #table-screening")
        assert not table.is_visible()
        shown.get_by_role("link", name="Appendix: the trials, screened").click()
        table.wait_for(state="visible")


def test_a_table_is_saved_unrounded_with_units_and_without_formulas(browser, small):
    with opened(browser, small, DESK, accept_downloads=True) as shown:
        with shown.expect_download() as saved:
            shown.get_by_role("button", name="Download CSV: Small").click()
        assert saved.value.suggested_filename == "report-small.csv"
        text = Path(saved.value.path()).read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [
        ["What", "Gross energy [kcal]"],
        ["'=1+1", "1234.5678"],
        ["'@a", "-0.25"],
        ["'-0.5 to 2", "3.0"],
        ['two, "three"', ""],
        ["", "0.125"],
        ["5 to 7 kg", "2.0"],
    ]


def test_every_figure_is_saved_as_the_svg_of_its_folder(browser, built):
    for path in [one for one in built if one.parent.parent.name in ("foundation", "general")]:
        with opened(browser, path, DESK, accept_downloads=True) as shown:
            for file in (path.parent / "figures").iterdir():
                words = file.stem.replace("_", " ")
                with shown.expect_download() as saved:
                    shown.get_by_role("button", name=f"Download SVG: {words}", exact=True).click()
                name = f"{path.parent.parent.name}-{path.parent.name}-{file.name}"
                assert saved.value.suggested_filename == name
                assert Path(saved.value.path()).read_bytes() == file.read_bytes(), name


def test_a_figure_is_saved_as_a_png_of_what_is_shown(browser, built):
    (path, *_) = [one for one in built if one.parent.name == "energy_cost"]
    for size in (DESK, PHONE):  # the drawing for a page, also from a phone
        with opened(browser, path, size, accept_downloads=True) as shown:
            with shown.expect_download() as saved:
                shown.get_by_role("button", name="Download PNG: energy by week").click()
            assert saved.value.suggested_filename.endswith("-energy_cost-energy_by_week.png")
            image = Image.open(Path(saved.value.path()))
            image.load()
        # 7.2 by 3.9 inches, 300 dots to an inch; a browser knows whole dots of a screen
        assert image.size == pytest.approx((7.2 * 300, 3.9 * 300), abs=2)
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}
        assert {(255, 255, 255), (0, 114, 178), (185, 212, 230)} <= colours


def test_a_citation_shows_its_reference_to_pointer_and_keyboard_and_escape_hides_it(browser, small):
    with opened(browser, small, DESK) as shown:
        link, tip = shown.locator('a[href="#ref-garber2011"]'), shown.get_by_role("tooltip")
        assert not tip.is_visible()
        link.hover()
        assert "Quantity and quality of exercise" in tip.inner_text()
        assert link.get_attribute("aria-describedby") == tip.get_attribute("id")
        tip.hover()  # the pointer may go to it
        shown.wait_for_timeout(400)
        assert tip.is_visible()
        shown.keyboard.press("Escape")
        assert not tip.is_visible()
        shown.mouse.move(5, 800)
        link.focus()
        assert tip.is_visible()
        shown.keyboard.press("Escape")
        assert not tip.is_visible()
        assert link.get_attribute("aria-describedby") is None
