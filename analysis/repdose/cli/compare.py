"""What ``repdose diff``, ``baseline`` and ``archive`` do and print: builds that are there."""

from __future__ import annotations

from pathlib import Path

from repdose.cli.terminal import Exit, say, say_json, warn
from repdose.reports.compare import baseline
from repdose.reports.compare.difference import TOLERANCE, difference
from repdose.reports.compare.words import markdown, text


def diff(
    old: Path, new: Path, *, tolerance: float | None, as_json: bool, as_markdown: bool
) -> Exit:
    """Compare two builds, or a build and a baseline, and say what moved."""
    if as_json and as_markdown:
        raise ValueError("give --json or --markdown, not both")
    found = difference(
        baseline.read(old),
        baseline.read(new),
        tolerance=TOLERANCE if tolerance is None else tolerance,
    )
    if as_json:
        say_json(found.content())
    else:
        say(markdown(found) if as_markdown else text(found))
    return Exit.CHECK_FAILED if found else Exit.FINE


def write_baseline(folder: Path, out: Path) -> Exit:
    """Keep what a build states as one file, to be committed and compared with."""
    build = baseline.read(folder)
    baseline.write(build, out)
    warn(f"{len(build.stated)} reports; compare with: repdose diff {out} {folder}")
    return Exit.FINE


def pack(folder: Path, out: Path, date: str) -> Exit:
    """Write the archive of a build."""
    from repdose.reports.archive.deposit import archive

    warn(f"{archive(folder, out, date=date)} files in {out}")
    return Exit.FINE
