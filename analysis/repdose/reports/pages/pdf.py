"""Print a report's page as PDF by a Chromium that is already there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from repdose.reports import folders

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})[^)]*\)")
_TIME_LIMIT_S = 120


class PdfError(ValueError):
    """PDF cannot be printed here."""


def browser() -> str:
    """Path of a Chromium, or an error that says what to install."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise PdfError(
        "--pdf needs Chromium or Chrome on the PATH and finds none; install one, or print "
        "report.html from any browser"
    )


def print_page(page: Path) -> Path:
    """Write ``report.pdf`` beside a page, without the time it was printed.

    Raises
    ------
    PdfError
        If Chromium prints nothing, or is not done in two minutes.
    """
    name = "/".join(page.parts[-3:])
    # A Chromium that was stopped may leave a child that still writes to its profile
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "report.pdf"
        command = [
            browser(),
            "--headless",
            "--no-sandbox",  # the page is our own, allows no script but ours, and no network
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=_TIME_LIMIT_S)
        except subprocess.TimeoutExpired:
            raise PdfError(
                f"Chromium was not done with {name} after {_TIME_LIMIT_S} s and was stopped; "
                "print it from any browser"
            ) from None
        if not made.is_file():
            raise PdfError(f"Chromium printed nothing of {name}; is it able to start here?")
        content = _DATE.sub(_without_time, made.read_bytes())
    target = page.with_suffix(".pdf")
    folders.write_file(target, content)
    return target


def _without_time(match: re.Match[bytes]) -> bytes:
    """The same number of bytes, so that the file's own table of places stays true."""
    return match.group(0).replace(match.group(2), b"20000101000000")
