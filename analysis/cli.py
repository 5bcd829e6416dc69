"""The command ``repdose``: its options, and which exit code says what.

Nothing heavy is imported here, so that one look-up answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from analysis.reports.engines import warming
from analysis.terminal import Exit, error_text, say, warn

app = typer.Typer(
    name="repdose",
    help="From repetitions to dose, every number with its source.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


MAX_JOBS = 64
_PARAMETER = ("-p", "--parameter")
_PAIR = "\0"  # joins a pair into one argument; the shell can pass no such character


def main() -> None:
    """Run the command; what is wrong with the input is said in a sentence, with exit code 2."""
    arguments = sys.argv[1:]
    if look_up := plain_look_up(arguments):
        try:
            met(*look_up)
        except typer.Exit as end:
            sys.exit(end.exit_code)
    else:
        app(args=paired(arguments))


def plain_look_up(arguments: list[str]) -> tuple[list[str], str | None, bool] | None:
    """Words, edition and JSON of a plain ``met ...``; None of anything else.

    To read its first argument typer imports pydantic, which takes longer than the look-up.
    """
    if arguments[:1] != ["met"]:
        return None
    words: list[str] = []
    edition: str | None = None
    as_json = False
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "--json":
            as_json = True
        elif argument == "--edition":
            edition = next(rest, None)
            if edition is None:
                return None
        elif argument.startswith("-"):
            return None
        else:
            words.append(argument)
    return (words, edition, as_json) if words else None


def paired(arguments: list[str]) -> list[str]:
    """Arguments with each ``-p NAME VALUE`` joined, since a typer option takes one word."""
    found: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        found.append(argument)
        if argument in _PARAMETER:
            found += [_PAIR.join(part for part in (next(rest, None), next(rest, None)) if part)]
    return found


def pairs(joined: list[str]) -> list[tuple[str, str]]:
    """Name and value of each ``-p``."""
    for item in joined:
        if _PAIR not in item:
            raise ValueError(f"-p takes a name and a value, as in -p body_mass_kg 82.5; got {item}")
    return [(name, value) for name, value in (item.split(_PAIR, 1) for item in joined)]


@contextmanager
def teaching() -> Iterator[None]:
    """Turn an error about the input into a message and exit code 2."""
    try:
        yield
    except (ValueError, OSError) as error:
        warn(f"repdose: {error_text(error)}")
        raise typer.Exit(Exit.BAD_INPUT) from None


@app.command()
def build(
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="Shipped scenario, or a scenario file; all shipped ones by default."),
    ] = None,
    sweep: Annotated[
        Path | None, typer.Option(help="Sweep file: one notebook, many sets of parameters.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", min=1, max=MAX_JOBS, help="Reports at a time.")
    ] = min(os.cpu_count() or 1, MAX_JOBS),
    out: Annotated[Path, typer.Option("-o", "--output", help="Output folder.")] = Path("build"),
    force: Annotated[
        bool, typer.Option("--force", help="Make reports that are up to date as well.")
    ] = False,
    engine: Annotated[
        str | None,
        typer.Option(help="fork or kernel; the faster one that works here by default."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers make the reports."),
    ] = None,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast/--keep-going", help="Stop at the first failure, or not.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be made, and make nothing.")
    ] = False,
    log: Annotated[Path | None, typer.Option(help="File for the wall time of each report.")] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print each report as PDF too, by Chromium.")
    ] = False,
    why: Annotated[
        bool, typer.Option("--why", help="Print what changed since each report was made.")
    ] = False,
) -> None:
    """Make every report of every scenario, and an index of them."""
    with teaching(), ExitStack() as stack:
        # Where nothing lies yet something has to be made: what that takes is imported meanwhile
        is_sure = not out.exists() and not (dry_run or scheduler)
        warm = stack.enter_context(warming(jobs, engine=engine)) if is_sure else None
        from analysis.commands_reports import Choices
        from analysis.commands_reports import build as run

        choices = Choices(
            out=out,
            workers=jobs,
            force=force,
            engine=engine,
            scheduler=scheduler,
            fail_fast=fail_fast,
            dry_run=dry_run,
            log=log,
            pdf=pdf,
            why=why,
            warm=warm,
        )
        code = run(scenario or [], sweep, choices)
    raise typer.Exit(code)


@app.command()
def run(
    notebook: Annotated[str, typer.Argument(help="Shipped notebook, or a notebook file.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="File: .html or .ipynb.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="NAME VALUE", help="One parameter."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="YAML file of parameters.")
    ] = None,
) -> None:
    """Run one notebook with parameters of your own."""
    with teaching():
        from analysis.commands_reports import run_one

        code = run_one(notebook, pairs(parameter or []), file, out)
    raise typer.Exit(code)


@app.command()
def params(
    notebook: Annotated[str, typer.Argument(help="Shipped notebook, or a notebook file.")],
    json: Json = False,
) -> None:
    """Show the parameters of a notebook: type, unit, range, default, meaning."""
    with teaching():
        from analysis.commands_reports import show_parameters

        show_parameters(notebook, as_json=json)


@app.command()
def met(
    words: Annotated[
        list[str], typer.Argument(metavar="CODE|WORDS", help="Activity code, or words.")
    ],
    edition: Annotated[
        str | None,
        typer.Option(help="2011, 2024, older-2024 or wheelchair; by default every one."),
    ] = None,
    json: Json = False,
) -> None:
    """Look up the MET of an activity, with its source."""
    with teaching():
        from analysis.commands_evidence import show_met

        show_met(" ".join(words), edition, as_json=json)


@app.command()
def cite(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Key, pmid:N or doi:D.")],
    style: Annotated[str, typer.Option(help="apa, vancouver, bibtex or csl-json.")] = "apa",
) -> None:
    """Print references."""
    with teaching():
        import evidence as ev

        say(ev.cite(*keys, style=style))


@app.command()
def bib(
    file: Annotated[Path, typer.Argument(help="BibTeX file to check.")],
    cited_in: Annotated[
        list[Path] | None,
        typer.Option(help="Markdown, LaTeX or notebook file that cites from it; may be repeated."),
    ] = None,
) -> None:
    """Check a BibTeX file; exit code 1 if something is wrong with it."""
    with teaching():
        from analysis.commands_evidence import lint_bibliography

        code = lint_bibliography(file, cited_in or [])
    raise typer.Exit(code)


@app.command()
def check(
    table: Annotated[
        Path | None, typer.Option(help="CSV file: a MET table of your own, instead.")
    ] = None,
    reports: Annotated[
        Path | None, typer.Option(help="Folder of a build: is any report in it stale?")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="First write the checksums of changed tables.")
    ] = False,
) -> None:
    """Check that everything is sourced and consistent; exit code 1 if not."""
    with teaching():
        if sum((table is not None, reports is not None, renew)) > 1:
            raise ValueError("give one of --table, --reports and --renew")
        if table is not None:
            from analysis.commands_evidence import check_table

            code = check_table(table)
        elif reports is not None:
            from analysis.commands_reports import check_reports

            code = check_reports(reports)
        else:
            from analysis.commands_evidence import check_evidence

            code = check_evidence(renew=renew)
    raise typer.Exit(code)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="trials, or claims of an article.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="File: .csv; its columns' meaning is written beside."),
    ] = None,
    columns: Annotated[
        bool, typer.Option("--columns", help="Print what each column means instead.")
    ] = False,
) -> None:
    """Write a valid example of a table of your own, to start from."""
    with teaching():
        from analysis.commands_evidence import write_template

        write_template(name, out, columns=columns)


@app.command()
def claims(
    verdict: Annotated[str | None, typer.Option(help="Only claims with this verdict.")] = None,
    json: Json = False,
) -> None:
    """List what articles claim, what their sources say, and the verdict."""
    with teaching():
        from analysis.commands_evidence import list_claims

        list_claims(verdict, as_json=json)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Folder of a build, or a baseline file.")],
    new: Annotated[Path, typer.Argument(help="Folder of a build, or a baseline file.")],
    tolerance: Annotated[
        float | None,
        typer.Option(help="How far a number may move, relative to its size; 1e-9 by default."),
    ] = None,
    json: Json = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a comment for a pull request.")
    ] = False,
) -> None:
    """Compare two builds number by number; exit code 1 if something moved."""
    with teaching():
        from analysis.commands_builds import diff as run

        code = run(old, new, tolerance=tolerance, as_json=json, as_markdown=markdown)
    raise typer.Exit(code)


@app.command()
def baseline(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a build.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="File: .json.")],
) -> None:
    """Keep what a build states in one file, to commit and to compare later builds with."""
    with teaching():
        from analysis.commands_builds import write_baseline

        code = write_baseline(folder, out)
    raise typer.Exit(code)


@app.command()
def archive(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a build.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="File: .zip.")],
    date: Annotated[
        str,
        typer.Option(
            metavar="YYYY-MM-DD", help="Date of publication; by default the software's release."
        ),
    ] = "",
) -> None:
    """Pack a build to deposit: an RO-Crate of reports, evidence, software and people."""
    with teaching():
        from analysis.commands_builds import pack

        code = pack(folder, out, date)
    raise typer.Exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"repdose {version('repdose')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """From repetitions to dose, every number with its source."""


if __name__ == "__main__":
    main()
