"""A real JupyterLab and a real browser, for tests of what a person sees."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Where pictures are kept for a person to look at; else they go with the test's folder
PICTURES = "REPDOSE_SCREENSHOTS"
PATIENCE_MS = 120_000
CORNER = """() => {
  const widget = jupyterapp.shell.currentWidget;
  return widget.content.widgets.map((cell) => ({
    type: cell.model.type,
    source: cell.model.sharedModel.getSource(),
    errors: cell.model.outputs
      ? cell.model.outputs.toJSON().filter((one) => one.output_type === "error")
          .map((one) => `${one.ename}: ${one.evalue}`)
      : [],
  }));
}"""


def browser_path() -> str:
    """A browser of this machine; without one the test is skipped, which the summary says."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed; nothing was seen")
    return found


@contextmanager
def browser() -> Iterator[Any]:
    """A browser without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = browser_path()
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def page_in(started: Any, **given: Any) -> Iterator[Any]:
    """A page of a browser; what it complains of is in ``page.complaints``."""
    opened = started.new_page(**given)
    opened.set_default_timeout(PATIENCE_MS)
    opened.complaints = []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("console", lambda said: _heard(opened, said))
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def page(**given: Any) -> Iterator[Any]:
    """A page of a browser of its own."""
    with browser() as started, page_in(started, **given) as opened:
        yield opened


def _heard(opened: Any, said: Any) -> None:
    if said.type == "error":
        opened.complaints.append(f"{said.text} ({said.location.get('url', '')})")


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """JupyterLab over a folder, at the address that is given."""
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = folder / ".own"  # settings of whoever runs the tests are left alone
    home = {"JUPYTER_CONFIG_DIR": str(own / "config"), "JUPYTER_DATA_DIR": str(own / "data")}
    quiet = own / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)  # it asks no network for news
    news = '{"fetchNews": "false", "checkForUpdates": false}'
    (quiet / "notification.jupyterlab-settings").write_text(news)
    home |= {"JUPYTERLAB_SETTINGS_DIR": str(own / "settings")}
    home |= {"JUPYTER_RUNTIME_DIR": str(own / "runtime"), "JUPYTER_PREFER_ENV_PATH": "1"}
    options = ["--no-browser", f"--port={port}", "--allow-root", "--IdentityProvider.token="]
    options += ["--expose-app-in-browser", f"--notebook-dir={folder}", "--ServerApp.port_retries=0"]
    with (folder / "lab.log").open("w") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=folder,
            env=os.environ | home,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/api/status", running, folder / "lab.log")
            yield address
        finally:
            running.terminate()
            running.wait(30)


def _wait(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        if running.poll() is not None:
            raise AssertionError(f"JupyterLab ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer: {log.read_text()[-2000:]}")


def opened(page: Any, address: str, notebook: str) -> None:
    """Open a notebook and wait until its kernel answers."""
    page.goto(f"{address}/lab/tree/{notebook}?reset")
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
        " === 'idle'"
    )


def run_all(page: Any) -> None:
    """Run every cell, and wait until the last has run."""
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    idle(page)


def run_cell(page: Any, at: int) -> None:
    """Run one cell, as Ctrl-Enter does."""
    page.evaluate(
        """async (at) => {
          const notebook = jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = at;
          await jupyterapp.commands.execute('notebook:run-cell');
        }""",
        at,
    )
    idle(page)


def idle(page: Any) -> None:
    """Wait until nothing runs."""
    page.wait_for_function(
        "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
    )


def cells(page: Any) -> list[dict[str, Any]]:
    """Type, source and errors of each cell of the notebook that is open."""
    found: list[dict[str, Any]] = page.evaluate(CORNER)
    return found


def errors(page: Any) -> list[tuple[str, list[str]]]:
    """Cells that show an error, by the beginning of their source."""
    return [(one["source"][:60], one["errors"]) for one in cells(page) if one["errors"]]


def picture(page: Any, folder: Path, name: str, **given: Any) -> None:
    """Keep what is seen."""
    out = Path(os.environ.get(PICTURES, folder))
    out.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=out / f"{name}.png", **given)


def axe(folder: Path) -> str:
    """Source of axe-core from its registry; the test is skipped where that does not answer."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm, so no axe-core: accessibility was not looked at")
    done = subprocess.run(
        [npm, "pack", "axe-core", "--silent"], cwd=folder, capture_output=True, text=True
    )
    packed = next(iter(folder.glob("axe-core-*.tgz")), None)
    if packed is None:
        pytest.skip(f"no axe-core ({done.stderr.strip()[-200:]}): accessibility was not looked at")
    with tarfile.open(packed) as content:
        file = content.extractfile("package/axe.min.js")
        assert file is not None
        return file.read().decode("utf-8")


def violations(page: Any, source: str, within: str) -> list[str]:
    """What axe-core finds within a selector: rule, what it is about, and where."""
    page.evaluate(source)
    found = page.evaluate("(where) => axe.run(where).then((all) => all.violations)", within)
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found
        for node in one["nodes"]
    ]
