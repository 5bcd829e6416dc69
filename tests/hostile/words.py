"""Arguments nobody means, and streams that are closed, full or left."""

from __future__ import annotations

from collections.abc import Iterator

from hostile.attack import Case

LONG = "x" * 100_000
DIGITS = "9" * 5_000
STEERS = "a\x1b[31m\x07b"
NOT_UTF_8 = "a\udcff"
ARGUMENTS: tuple[tuple[str, list[str], str], ...] = (
    ("a code of 5,000 digits", ["met", DIGITS], "repdose: no code '999…"),
    (
        "a code in Arabic digits",
        ["met", "٠٢٠٢٤"],
        "repdose: '٠٢٠٢٤' has other digits than 0 to 9; write 02024",
    ),
    ("words of 100,000 letters", ["met", LONG], "repdose: nothing in the 2024 edition resembles…"),
    (
        "words that are not UTF-8",
        ["met", NOT_UTF_8],
        "repdose: 'a\\udcff' names no activity; write a word such as 'crunch'",
    ),
    ("an edition that steers", ["met", "02024", "--edition", STEERS], "repdose: …"),
    ("a key of 100,000 letters", ["cite", LONG], "repdose: no source 'xxx…"),
    ("a key that steers", ["cite", STEERS], "repdose: no source 'a\\x1b'; near it: …"),
    ("a key that is not UTF-8", ["cite", NOT_UTF_8], "repdose: no source 'a\\udcff'; near it: …"),
    (
        "a DOI that steers",
        ["cite", f"10.1000/{STEERS}"],
        "repdose: no source '10.1000/a\\x1b[31m\\x…",
    ),
    (
        "a style of 100,000 letters",
        ["cite", "garber2011", "--style", LONG],
        "repdose: style is 'xx…",
    ),
    ("a notebook of 100,000 letters", ["params", LONG], "repdose: no notebook 'xxx…"),
    ("a file of 100,000 letters", ["params", f"{LONG}.ipynb"], "repdose: xxx…"),
    (
        "a notebook that steers",
        ["params", STEERS],
        "repdose: no notebook 'a\\x1b[31m\\x07b'; near i…",
    ),
    (
        "a file that steers",
        ["bib", f"{STEERS}.bib"],
        "repdose: a\\u001b[31m\\u0007b.bib: cannot be r…",
    ),
    (
        "a file that is not UTF-8",
        ["bib", f"{NOT_UTF_8}.bib"],
        "repdose: a\\udcff.bib: cannot be read:…",
    ),
    ("a file name with a line in it", ["bib", "a\nb.bib"], "repdose: a"),
    ("an empty file name", ["bib", ""], "repdose: .: this is a folder; name the file in it"),
    ("a verb that steers", [STEERS], "Usage: repdose [OPTIONS] COMMAND [ARGS]..."),
    ("a verb of 100,000 letters", [LONG], "Usage: repdose [OPTIONS] COMMAND [ARGS]..."),
    ("an option that steers", ["met", f"--{STEERS}"], "Usage: repdose met [OPTIONS] CODE|WORDS…"),
    ("jobs in Arabic digits", ["build", "--dry-run", "-j", "٣"], "Usage: repdose build [OPTIONS]"),
    (
        "jobs of 5,000 digits",
        ["build", "--dry-run", "-j", DIGITS],
        "Usage: repdose build [OPTIONS]",
    ),
    (
        "jobs with an underscore",
        ["build", "--dry-run", "-j", "1_0"],
        "Usage: repdose build [OPTIONS]",
    ),
    ("no jobs", ["build", "--dry-run", "-j", "0"], "Usage: repdose build [OPTIONS]"),
    (
        "a tolerance in Arabic digits",
        ["diff", "a", "b", "--tolerance", "٠"],
        "Usage: repdose diff […",
    ),
    (
        "a tolerance with an underscore",
        ["diff", "a", "b", "--tolerance", "1_0"],
        "Usage: repdose di…",
    ),
    (
        "a tolerance that is none",
        ["diff", "a", "b", "--tolerance", "nan"],
        "Usage: repdose diff […",
    ),
    (
        "an endless tolerance",
        ["diff", "a", "b", "--tolerance", "inf"],
        "Usage: repdose diff [OPTIO…",
    ),
    (
        "a template that steers",
        ["template", STEERS],
        "repdose: no template 'a\\x1b[31m\\x07b'; there…",
    ),
    ("a verdict that steers", ["claims", "--verdict", STEERS], "repdose: …"),
    (
        "a pack that steers",
        ["--pack", STEERS, "met", "02024"],
        "repdose: a\\u001b[31m\\u0007b: no such…",
    ),
    ("a pack of 100,000 letters", ["--pack", LONG, "met", "02024"], "repdose: xxx…"),
    (
        "a scenario of 100,000 letters",
        ["build", "--dry-run", "--scenario", LONG],
        "repdose: no scen…",
    ),
    (
        "a scenario that steers",
        ["build", "--dry-run", "--scenario", STEERS],
        "repdose: no scenario '…",
    ),
    (
        "a scenario's path of dots",
        ["build", "--dry-run", "--scenario", "../..yaml"],
        "repdose: ..yaml:…",
    ),
)
RUN = ["run", "energy_cost", "-o", "o.html", "-p"]
PARAMETERS: tuple[tuple[str, list[str], str], ...] = (
    (
        "a number of 5,000 digits",
        ["age_y", DIGITS],
        "repdose: -p age_y: a number of 5,000 signs i…",
    ),
    (
        "Arabic digits",
        ["age_y", "٣٠"],
        "repdose: energy_cost: age_y: read '٣٠'; allowed is a whole …",
    ),
    ("a name of 100,000 letters", [LONG, "1"], "repdose: energy_cost: 'xxx…"),
    ("a value of 100,000 letters", ["sex", LONG], "repdose: energy_cost: sex: read 'xxx…"),
    (
        "a name that steers",
        [STEERS, "1"],
        "repdose: energy_cost: 'a\\x1b[31m\\x07b': is no parameter'…",
    ),
    (
        "a value that steers",
        ["sex", '"\\e[31m"'],
        "repdose: energy_cost: sex: read '\\x1b[31m'; allo…",
    ),
    ("a value that is not UTF-8", ["sex", NOT_UTF_8], "repdose: 'a\\udcff' is no text in UTF-8"),
    ("deep brackets", ["sex", "[" * 5000], "repdose: -p sex: value:1: more than 12 levels deep"),
    (
        "a name that is not UTF-8",
        [NOT_UTF_8, "1"],
        "repdose: energy_cost: 'a\\udcff' is no parameter…",
    ),
)
ADDRESSES = (
    "x",
    "",
    " ",
    "tcp://",
    "tcp://:1",
    "tcp://a",
    "tcp://a:",
    "tcp://a:0",
    "tcp://a:99999",
    "tcp://a:٨٧٨٦",
    "tcp://[::1",
    "tcp://[]:1",
    "tcp://a b:1",
    "udp://a:1",
    "http://a:1",
    "file:///etc/passwd",
    "tcp://a:1/b",
    "tcp://" + "a" * 100_000 + ":1",
    f"tcp://{STEERS}:1",
    "tcp://\udcff:1",
    "inproc://a",
    "javascript:alert(1)",
)
STREAMS: tuple[tuple[str, str, int, str], ...] = (
    (
        "closed output",
        "{repdose} met 02024 >&-",
        2,
        "repdose: standard output is closed; open it, …",
    ),
    (
        "closed output of a check",
        "{repdose} bib m.bib >&-",
        2,
        "repdose: standard output is closed;…",
    ),
    ("closed errors", "{repdose} cite nobody1900 2>&-", 2, ""),
    ("closed errors and output", "{repdose} met 02024 >&- 2>&-", 2, ""),
    ("all closed", "{repdose} cite garber2011 <&- >&- 2>&-", 2, ""),
    (
        "all closed, and a report",
        "{repdose} run energy_cost -o o.html <&- >&- 2>&-; code=$?; rm o.html o.results.json; "
        "exit $code",
        0,
        "",
    ),
    (
        "full output",
        "{repdose} claims >/dev/full",
        2,
        "repdose: standard output cannot be written: …",
    ),
    ("full errors", "{repdose} cite nobody1900 2>/dev/full", 2, ""),
    (
        "a reader that leaves",
        "{repdose} claims | true; exit ${PIPESTATUS[0]}",
        141,
        "",
    ),
    (
        "an output of ASCII",
        "PYTHONIOENCODING=ascii {repdose} cite hammarstrom2020 --style vancouver",
        0,
        "",
    ),
    (
        "an argument that is not UTF-8",
        "{repdose} cite $'a\\xff'",
        2,
        "repdose: no source 'a\\udcff'; near it: …",
    ),
    (
        "a file that is not UTF-8",
        "{repdose} bib $'a\\xff.bib'",
        2,
        "repdose: a\\udcff.bib: cannot be…",
    ),
    (
        "an endless input",
        "{repdose} bib /dev/zero",
        2,
        "repdose: /dev/zero: this is a pipe or a dev…",
    ),
    (
        "standard input",
        "{repdose} bib /dev/stdin",
        2,
        "repdose: /dev/stdin: this is a pipe or a dev…",
    ),
    (
        "a process for a file",
        "{repdose} bib <(yes)",
        2,
        "repdose: /dev/fd/63: this is a pipe or a…",
    ),
)


def cases() -> Iterator[Case]:
    """Each argument and each stream."""
    for name, arguments, first in ARGUMENTS:
        yield Case("arguments", name, arguments, 2, first)
    found = "out: Edition 2024"
    yield Case("arguments", "words that steer", ["met", f"crunch {STEERS}"], 0, found)
    for name, arguments, first in PARAMETERS:
        yield Case("a parameter", name, [*RUN, *arguments], 2, first)
    for number, address in enumerate(ADDRESSES, start=1):
        arguments = ["build", "--scenario", "foundation", "-o", "out", "--scheduler", address]
        first = "repdose: scheduler …"
        yield Case("address of a scheduler", f"number {number}", arguments, 2, first)
    bib = {"m.bib": "@book{a, author={Lee, Ann}, title={T}, year=2020}\n"}
    for name, line, code, first in STREAMS:
        yield Case("streams", name, (), code, first, bib, shell=line)
