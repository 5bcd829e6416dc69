"""The page for whoever has no Python, in a browser: the keyboard chooses, nothing is loaded."""

from __future__ import annotations

import json

import lab
import pytest

from repdose.inputs.validation import validate
from repdose.reports.builds import grid, index
from repdose.reports.folders import EXPLORE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    out = tmp_path_factory.mktemp("build")
    for notebook in grid.NOTEBOOKS:
        folder = out / "foundation" / notebook
        folder.mkdir(parents=True)
        parameters = validate(notebook, {"progression": "foundation"}).model_dump()
        made = {"status": "complete", "notebook": notebook, "scenario": "foundation"}
        made |= {"parameters": parameters, "files": {}}
        made |= {"made_from": {"data": {}, "bibliography": {}}}
        (folder / "manifest.json").write_text(json.dumps(made), "utf-8")
    index.write_index(out)
    return (out / EXPLORE).as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_it_is_read_and_moved_at_any_width(address, width, scheme, tmp_path):
    with lab.page(viewport={"width": width, "height": 844}, color_scheme=scheme) as page:
        page.goto(address)
        said = page.locator("[role=status]").first
        before = said.inner_text()
        page.get_by_label("Body mass [kg]").focus()
        page.keyboard.press("ArrowDown")
        assert said.inner_text() != before
        seen = page.locator("section:visible")
        assert seen.count() == 2
        assert seen.first.get_attribute("data-key") == "0|80|elapsed|oxygen|2024"
        assert page.evaluate("document.documentElement.scrollWidth") == width
        lab.picture(page, tmp_path, f"explore-page-{width}-{scheme}", full_page=True)
        assert page.complaints == []
        assert lab.violations(page, lab.axe(tmp_path), "body") == []
