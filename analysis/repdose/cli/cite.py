"""``repdose cite``: references."""

from __future__ import annotations

import re

import click

from repdose.cli.terminal import say


@click.command("cite")
@click.argument("keys", metavar="KEY...", nargs=-1)
@click.option("--style", default="apa", help="apa, vancouver, bibtex or csl-json.")
@click.option("--all", "everything", is_flag=True, help="Every source there is.")
def command(keys: tuple[str, ...], style: str, everything: bool) -> None:
    """Print references of the package and of the study you are in.

    A KEY is a key in any case, as it is or as @key; pmid:N; or a DOI, bare, as doi:D or as an
    address. Several may stand in one word, with commas between.
    """
    from repdose import evidence as ev
    from repdose.evidence import bibliography

    if everything and keys:
        raise ValueError("give keys or --all, not both")
    if not everything and not keys:
        raise ValueError("no key to cite; give one, as in repdose cite garber2011, or --all")
    wanted = bibliography.sources() if everything else [one for key in keys for one in parted(key)]
    say(ev.cite(*wanted, style=style))


def parted(word: str) -> list[str]:
    """The keys that stand in one word; a DOI may have a comma of its own.

    Examples
    --------
    >>> parted("[@garber2011; @hhs2018]"), parted("doi:10.1000/a,b")
    (['@garber2011', '@hhs2018'], ['doi:10.1000/a,b'])
    """
    if re.search(r"10\.[0-9]{4,9}", word):
        return [word]
    return [part for part in re.split(r"[,;\s\[\]]+", word) if part] or [word]
