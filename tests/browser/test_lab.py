"""What a person meets in JupyterLab: notebooks run again, explorers answer the keyboard."""

from __future__ import annotations

import shutil
import time

import lab
import pytest

pytestmark = pytest.mark.slow

# Of JupyterLab itself, whatever notebook is open
NOT_OURS = ("favicon", "api/me", "extensionmanager", "lsp", "workspaces", "collaboration")
# The notebook of a name is in front, with its text, and has a kernel, which may still be starting
READABLE = """(name) => {
  const widget = jupyterapp.shell.currentWidget;
  return widget?.context?.path === name && widget.content.widgets[0]?.isVisible
    && widget.sessionContext.session?.kernel;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    lab.browser_path()
    folder = tmp_path_factory.mktemp("lab")
    for name in ("explore", "energy_cost"):
        shutil.copy(lab.ROOT / "notebooks" / f"{name}.ipynb", folder)
    with lab.jupyterlab(folder) as address:
        yield address


@pytest.fixture
def page():
    with lab.page(viewport={"width": 1440, "height": 1000}) as page:
        yield page


def complaints(page):
    return [one for one in page.complaints if not any(word in one for word in NOT_OURS)]


def run_again_in_reverse(page):
    """Each code cell once more, from the last to the first: what shows an error afterwards."""
    for at, cell in reversed(list(enumerate(lab.cells(page)))):
        if cell["type"] == "code":
            lab.run_cell(page, at)
    return lab.errors(page)


def test_the_tour_answers_and_its_sliders_move_by_the_keyboard(address, page, tmp_path, capsys):
    lab.opened(page, address, "energy_cost.ipynb")  # as somebody at work has it: Lab is there
    began = time.perf_counter()
    page.get_by_role("listitem", name="Name: explore.ipynb").dblclick()
    page.wait_for_function(READABLE, arg="explore.ipynb")
    ready = time.perf_counter()
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
    first = page.locator(".repdose-explorer .main").first
    first.wait_for()
    there = time.perf_counter()
    page.locator(".repdose-explorer").nth(4).wait_for(state="attached")
    lab.idle(page)
    done = time.perf_counter()
    with capsys.disabled():
        print(
            f"\nexplore.ipynb, from the double click: text after {ready - began:.1f} s, then Run "
            f"All; first number after {there - began:.1f} s, everything after {done - began:.1f} s"
        )
    assert lab.errors(page) == []

    first.scroll_into_view_if_needed()
    lab.picture(page, tmp_path, "explore-energy")
    before = first.inner_text()
    handle = page.locator(".repdose-explorer .noUi-handle").first
    assert handle.get_attribute("aria-label") == "Body mass [kg], 20 to 300, slider"
    handle.focus()
    handle.press("ArrowRight")
    page.wait_for_function(
        "(was) => document.querySelector('.repdose-explorer .main').innerText !== was",
        arg=before,
    )
    box = page.get_by_label("Body mass [kg], 20 to 300", exact=True).first
    page.wait_for_function("(box) => box.value === '76'", arg=box.element_handle())

    box.fill("500")
    box.press("Enter")
    refused = page.locator(".repdose-explorer .refused").first
    refused.wait_for()
    assert "allowed is a number, 20 to 300 kg" in refused.inner_text()
    assert box.input_value() == "500"
    lab.picture(page, tmp_path, "explore-refused")

    assert run_again_in_reverse(page) == []
    for at, name in enumerate(("energy", "volume", "dose", "compare", "risk")):
        view = page.locator(".repdose-explorer").nth(at)
        view.scroll_into_view_if_needed()
        view.locator("img").wait_for()
        if at == 0:
            view.get_by_text("Export and import").click()
        lab.picture(page, tmp_path, f"explore-{name}")
    assert complaints(page) == []


def test_a_restarted_kernel_leaves_the_view_as_it_was(address, page, tmp_path):
    lab.opened(page, address, "explore.ipynb")
    lab.run_all(page)
    main = page.locator(".repdose-explorer .main").first
    main.wait_for()
    main.scroll_into_view_if_needed()
    before = main.text_content()
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    lab.idle(page)
    handle = page.locator(".repdose-explorer .noUi-handle").first
    handle.focus()
    handle.press("ArrowRight")
    page.wait_for_timeout(1000)
    assert main.text_content() == before
    lab.picture(page, tmp_path, "explore-restarted")
    lab.run_all(page)
    assert lab.errors(page) == []
    page.locator(".repdose-explorer .main").first.wait_for()


def test_explorers_have_no_accessibility_violation(address, page, tmp_path):
    source = lab.axe(tmp_path)
    lab.opened(page, address, "explore.ipynb")
    lab.run_all(page)
    page.locator(".repdose-explorer").nth(4).wait_for(state="attached")
    for view in range(5):
        page.locator(".repdose-explorer").nth(view).scroll_into_view_if_needed()
        page.locator(".repdose-explorer").nth(view).get_by_text("Export and import").click()
    assert lab.violations(page, source, ".repdose-explorer") == []


def test_a_report_runs_again_cell_by_cell_in_reverse(address, page, tmp_path):
    lab.opened(page, address, "energy_cost.ipynb")
    lab.run_all(page)
    assert lab.errors(page) == []
    lab.picture(page, tmp_path, "energy-cost-in-lab")
    assert run_again_in_reverse(page) == []
    assert complaints(page) == []
