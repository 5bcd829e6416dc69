"""Broken and malicious BibTeX: what `repdose bib` finds first in each."""

from __future__ import annotations

from collections.abc import Iterator

from hostile.attack import Case, Content

REST = "title={A title}, journal={J}, year={2020}"
ENTRY = f"@article{{a, author={{Lee, Ann}}, {REST}}}\n"


def _author(name: str) -> str:
    return f"@article{{a, author={{{name}}}, {REST}}}\n"


def _with(field: str) -> str:
    return f"@article{{a, author={{Lee, Ann}}, {REST}, {field}}}\n"


#: Name, content, and the first line that is printed.
WRONG: tuple[tuple[str, Content, str], ...] = (
    ("empty", "", "m.bib:1: holds no entry, such as @article{key, ...}: this is no bibliography…"),
    ("prose", "no {entry} here, me@example.org\n", "m.bib:1: holds no entry, such as…"),
    ("zeros", b"\0" * 1_000_000, "m.bib:1: holds no entry, such as…"),
    ("open braces", "{" * 1_000_000, "m.bib:1: holds no entry, such as…"),
    ("UTF-16", ENTRY.encode("utf-16"), "m.bib:1: byte 0xff is not UTF-8…"),
    ("Latin-1", _author("M\xfcller, A.").encode("latin-1"), "m.bib:1: byte 0xfc is not UTF-8…"),
    (
        "an entry that never ends",
        "@article{a, title={T",
        "m.bib:1: a: title is never closed: a } is…",
    ),
    ("an entry inside another", "@article{a, title={T\n" + ENTRY, "m.bib:1: a: title is never…"),
    ("a quote that never ends", '@book{a, title="T}\n', "m.bib:1: a: title: a } too many inside…"),
    ("open entries", "@a{b,\n" * 1000, "m.bib:1: b: '@a{b,' stands where a field has to, as in…"),
    ("no key", "@article{author={Lee, Ann}}", "m.bib:1: no key: write one, and a comma, behind…"),
    ("no type", "@{a, title={T}}", "m.bib:1: an entry without its type; write @article or…"),
    ("no comma", "@book{a, title={T} year=2020}", "m.bib:1: a: 'year=2020}' stands after title…"),
    ("no value", "@book{a, title=, year=2020}", "m.bib:1: a: title: ', year=2020}' stands where…"),
    ("bare words", "@book{a, title=A title}", "m.bib:1: a: 'title}' stands after title where a…"),
    ("two keys alike", ENTRY + ENTRY, "m.bib:2: a: the key is already used at line 1; each work…"),
    ("a field twice", _with("year={2021}"), "m.bib:1: a: gives year more than once; keep one…"),
    ("an undefined string", _with("note = nobody"), "m.bib:1: a: note uses nobody, which no…"),
    (
        "strings that use each other",
        "@string{a = b}\n@string{b = a}\n" + ENTRY,
        "m.bib:1: a uses b, which no @string defines; put text in braces [string]",
    ),
    (
        "strings that double",
        '@string{s0 = "ha"}\n'
        + "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 40))
        + ENTRY,
        "m.bib:25: s24: the @strings of this file make too long a text [syntax]",
    ),
    (
        "a crossref to itself",
        "@inproceedings{a, author={Lee, Ann}, title={T}, booktitle={B}, year=2020, crossref={a}}\n",
        "m.bib:1: a: crossref goes round: a > a; leave one of them out [crossref]",
    ),
    (
        "crossrefs in a round",
        "@book{a, author={Lee, Ann}, title={T}, year=2020, crossref={b}}\n"
        "@book{b, author={Lee, Ann}, title={U}, year=2020, crossref={c}}\n"
        "@book{c, author={Lee, Ann}, title={V}, year=2020, crossref={a}}\n",
        "m.bib:1: a: crossref goes round: a > b > c > a; leave one of them out [crossref]",
    ),
    ("a crossref to nobody", _with("crossref={x}"), "m.bib:1: a: crossref names 'x', which is no…"),
    (
        "a key that steers the terminal",
        "@article{k\x1b[31m\x1b]0;pwn\x07, author={Lee, Ann}, " + REST + "}\n",
        "m.bib:1: k\\u001b[31m\\u001b]0;pwn\\u0007: keys are letters, digits and _ : .…",
    ),
    ("an escape in a title", _with("note={\x1b[2J}"), "m.bib:1: a: note holds the invisible…"),
    ("a turned title", _with("note={a \u202eb}"), "m.bib:1: a: note holds the invisible…"),
    ("an unseen space", _with("note={a\u200bb}"), "m.bib:1: a: note holds the invisible…"),
    (
        "a key of a script",
        f"@article{{<script>, author={{Lee, A.}}, {REST}}}",
        "m.bib:1: <script>:…",
    ),
    (
        "a script in a title",
        _with("note={<script>x</script>}"),
        "m.bib:1: a: note holds '<script>'…",
    ),
    ("an entity", _with("note={A &amp; B}"), "m.bib:1: a: note holds '&amp;'; it is printed as…"),
    (
        "a TeX command",
        _with(r"note={\input{/etc/passwd}}"),
        r"m.bib:1: a: note holds the TeX command…",
    ),
    (
        "TeX that writes",
        _with(r"note={\write18{rm -rf .}}"),
        r"m.bib:1: a: note holds the TeX comm…",
    ),
    (
        "deep braces",
        _with("note={" + "{" * 9000 + "}" * 9000 + "}"),
        "m.bib:1: a: note nests braces…",
    ),
    (
        "an address that runs",
        _with("url={javascript:alert(1)}"),
        "m.bib:1: a: 'javascript:alert(1)'…",
    ),
    ("no DOI", _with("doi={10.1000}"), "m.bib:1: a: '10.1000' is no DOI; one reads…"),
    ("an Arabic DOI", _with("doi={١٠.1000/a}"), "m.bib:1: a: '١٠.1000/a' is no DOI; one reads…"),
    ("an Arabic PMID", _with("pmid={٢١٦٨١١٢٠}"), "m.bib:1: a: '٢١٦٨١١٢٠' is no PMID; one has…"),
    (
        "an Arabic year",
        ENTRY.replace("2020", "٢٠٢٠"),
        "m.bib:1: a: year is '٢٠٢٠': it would render…",
    ),
    (
        "an entity in a DOI",
        _with("doi={10.1000/a&lt;b}"),
        "m.bib:1: a: '10.1000/a&lt;b' holds '&lt;'…",
    ),
    ("a year of 5,000 digits", ENTRY.replace("2020", "2" * 5000), "m.bib:1: a: year is '2222…"),
    ("PubMed's list", _author("Smith J, Doe A"), "m.bib:1: a: 'Smith J, Doe A' reads like a list…"),
    ("PubMed's names", _author("Smith J and Doe A"), "m.bib:1: a: 'Doe A' would have the family…"),
    (
        "four commas",
        _author("Smith, A., Doe, B., Roe, C."),
        "m.bib:1: a: 'Smith, A., Doe, B., Roe,…",
    ),
    ("an ampersand", _author("Smith, A. & Doe, B."), "m.bib:1: a: 'Smith, A. & Doe, B.': an & in…"),
    ("semicolons", _author("Smith, A.; Doe, B."), "m.bib:1: a: 'Smith, A.; Doe, B.': a semicolon…"),
    ("et al.", _author("Smith, A. et al."), "m.bib:1: a: 'Smith, A. et al.': et al. in a name;…"),
    ("no capital", _author("bell hooks"), "m.bib:1: a: 'bell hooks' has no capital, so 'bell' is…"),
    (
        "a part that is none",
        _author("family=Lee, first=Ann"),
        "m.bib:1: a: 'family=Lee, first=Ann':…",
    ),
    (
        "no family name",
        _author("given=Ann"),
        "m.bib:1: a: 'given=Ann': a name in parts has family…",
    ),
    ("nobody", _author("and and"), "m.bib:1: a: 'and and': a name is missing beside an 'and'…"),
    ("a body unbraced", _author("World Health Organization"), "m.bib:1: a: 'World Health Organiz…"),
    (
        "a key of 100,000 letters",
        ENTRY.replace("{a,", "{" + "k" * 100_000 + " x,"),
        "m.bib:1: kkk…",
    ),
)
RIGHT: tuple[tuple[str, str], ...] = (
    ("round brackets", f"@article(a, author={{Lee, Ann}}, {REST})\n"),
    ("two on one line", ENTRY[:-1] + ENTRY.replace("{a,", "{b,").replace("A title", "B")),
    ("a sign @ that begins a line of a title", _with("note={one\n @two three}")),
    ("a brace behind a backslash", _with(r"note={The 396$\{2}$ chip}")),
    ("a string of strings", '@string{a = "A " # "b"}\n@string{c = a # { d}}\n' + _with("note = c")),
    ("a month that is joined", _with('month = may # "~3"')),
    ("a comment with an entry in it", "@comment{" + ENTRY + "}\n" + ENTRY),
    ("a SICI", _with("doi={10.1002/(SICI)1097-0258(19990815)18:15<2031::AID-SIM171>3.0.CO;2-Y}")),
    ("a prefix with a part", _with("doi={10.1000.10/123}")),
    ("Chinese names", _author("王, 小明 and 李四")),
    ("Arabic names", _author("عبد, رافق")),
    ("Cyrillic names", _author("Иванов, Иван Петрович")),
    ("small names", _author("hooks, bell")),
    ("a name in parts", _author("family=Berg, given=Jan Pieter, prefix=van den, given-i=JP")),
    ("particles", _author("Ludwig van Beethoven and de la Fontaine, Jean and d'Alembert, Jean")),
    ("Jr", _author("King, Jr, Martin Luther and {Smith, Doe \\& Co.}")),
    ("others", _author("Lee, Ann and others")),
    ("one page", _with("pages={297--297}")),
)


def cases() -> Iterator[Case]:
    """Each file, checked."""
    for name, content, first in WRONG:
        yield Case("BibTeX", name, ["bib", "m.bib"], 1, f"out: {first}", {"m.bib": content})
    for name, text in RIGHT:
        first = "out: m.bib: no problem found"
        yield Case("BibTeX that is right", name, ["bib", "m.bib"], 0, first, {"m.bib": text})
