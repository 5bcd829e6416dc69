"""The command ``repdose``: a file a verb, and which exit code says what.

A verb's file is imported once it is asked for, and what is heavy within its function, so that one
look-up answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from repdose.cli.terminal import Exit, error_text, warn
from repdose.evidence import own_study

VERBS = (
    *("init", "build", "run", "params", "met", "cite", "bib", "check", "template", "claims"),
    *("diff", "baseline", "archive"),
)

#: Verbs that have the evidence of the study one is in.
OF_STUDY = ("build", "run", "archive")


class Verbs(click.Group):
    """The verbs; what is wrong with the input is said in a sentence, with exit code 2."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Names of the verbs, in the order of a day's work."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """One verb."""
        if name not in VERBS:
            return None
        command: click.Command = import_module(f"repdose.cli.{name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; its exit code is what it returns."""
        try:
            code = super().invoke(ctx) or Exit.FINE
            sys.stdout.flush()
            ctx.exit(code)
        except BrokenPipeError:  # whoever read the output has left, as head does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(Exit.PIPE_CLOSED)
        except (ValueError, OSError) as error:
            warn(f"repdose: {error_text(error)}")
            ctx.exit(Exit.BAD_INPUT)


@click.group(
    cls=Verbs,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    None, "-V", "--version", package_name="repdose", message="repdose %(version)s"
)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="NAME|DIR",
    help="Pack of evidence on top of the shipped tables: common, or a folder. May be repeated.",
)
@click.pass_context
def app(ctx: click.Context, packs: tuple[str, ...]) -> None:
    """From repetitions to dose, every number with its source."""
    study = own_study.find() if ctx.invoked_subcommand in OF_STUDY else None
    opened: list[str | Path] = [study.root] if study else []
    opened += packs
    if opened:
        from repdose import evidence as ev

        for wanted in opened:
            ctx.with_resource(ev.pack(wanted))


def main() -> None:
    """Run the command."""
    app(prog_name="repdose")
