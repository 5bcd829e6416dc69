"""``python -m repdose``: the command."""

from repdose.cli import main

main()
