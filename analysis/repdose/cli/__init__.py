"""The command ``repdose``: a file a verb, and which exit code says what.

A verb's file is imported once it is asked for, and what is heavy within its function, so that one
look-up answers at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from repdose.cli.terminal import (
    Exit,
    error_text,
    finish,
    give_up,
    message,
    open_streams,
    say,
    warn,
)
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
            finish()
        except BrokenPipeError:  # whoever read the output has left, as head does
            give_up(sys.stdout)
            code = Exit.PIPE_CLOSED
        except (ValueError, OSError, RecursionError) as error:
            warn(f"repdose: {error_text(error)}")
            give_up(sys.stdout)
            code = Exit.BAD_INPUT
        ctx.exit(code)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command, and say what is wrong with its arguments as anything else is said."""
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
            if not standalone_mode:
                return code
        except click.ClickException as error:
            if not standalone_mode:
                raise
            said = message(error.format_message())
            error.format_message = lambda: said  # type: ignore[method-assign]
            error.show()
            code = error.exit_code
        except click.Abort:
            if not standalone_mode:
                raise
            warn("Aborted!")
            code = 1
        sys.exit(code)


def _say_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from repdose.reports.provenance import package_version

        say(f"repdose {package_version()}")
        ctx.exit()


@click.group(
    cls=Verbs,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show the version and exit.",
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
    # Looking for plugins, of which we have none, goes through everything that is installed
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    open_streams()
    try:
        app(prog_name="repdose")
    finally:
        gc.freeze()  # what is left goes with the process, and is not looked through once more
