"""Notebooks, JSON, YAML and tables that are broken, and what is said of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hostile.attack import Case, Content

TAGGED: dict[str, Any] = {
    "cell_type": "code",
    "metadata": {"tags": ["parameters"]},
    "source": "",
    "outputs": [],
    "execution_count": None,
}
WORD = {"cell_type": "markdown", "metadata": {}, "source": "# T"}


def _notebook(*cells: Any, **changed: Any) -> str:
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [*cells]} | changed
    )


def _without(cell: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in cell.items() if name != key}


NOTEBOOKS: tuple[tuple[str, Content, str], ...] = (
    ("empty", "", "x.ipynb:1 column 1: Expecting value; this is no JSON"),
    ("not JSON", "print(1)\n", "x.ipynb:1 column 1: Expecting value; this is no JSON"),
    ("half of one", _notebook(WORD)[:40], "x.ipynb:1 column …"),
    ("bytes", b"\xff\xfe\x00", "x.ipynb: byte 0 is not UTF-8; save it as UTF-8"),
    (
        "2,000 brackets",
        '{"nbformat":4,"cells":' + "[" * 2000 + "]" * 2000 + "}",
        "x.ipynb: its br…",
    ),
    ("200,000 brackets", "[" * 200_000, "x.ipynb: its brackets are nested too deep to be read"),
    ("deep objects", '{"a":' * 100_000, "x.ipynb: its brackets are nested too deep to be read"),
    (
        "a number of 5,000 digits",
        _notebook(WORD)[:-1] + ',"x":' + "9" * 5000 + "}",
        "x.ipynb: a nu…",
    ),
    ("a list", "[]", "x.ipynb: not a notebook: it has no nbformat and cells"),
    ("a word", '"cells"', "x.ipynb: not a notebook: it has no nbformat and cells"),
    ("no cells", '{"nbformat": 4}', "x.ipynb: not a notebook: it has no nbformat and cells"),
    ("null cells", _notebook(cells=None), "x.ipynb: not a notebook: cells is null, and a list is…"),
    (
        "cells of numbers",
        _notebook(5, None),
        "x.ipynb: not a notebook: cell 1 is 5, and an object…",
    ),
    ("null for a cell", _notebook(WORD, None), "x.ipynb: not a notebook: cell 2 is null, and an…"),
    (
        "no metadata",
        _notebook(_without(WORD, "metadata")),
        "x.ipynb: not a notebook: cell 1: metadata…",
    ),
    (
        "metadata a list",
        _notebook(WORD | {"metadata": []}),
        "x.ipynb: not a notebook: cell 1: met…",
    ),
    (
        "metadata of none",
        _notebook(metadata=None),
        "x.ipynb: not a notebook: metadata is null, and an object is required",
    ),
    (
        "a number for a source",
        _notebook(WORD, TAGGED | {"source": 5}),
        "x.ipynb: not a notebook: ce…",
    ),
    (
        "a number in a source",
        _notebook(TAGGED | {"source": ["a", 5]}),
        "x.ipynb: not a notebook: ce…",
    ),
    (
        "null for a source",
        _notebook(TAGGED | {"source": None}),
        "x.ipynb: not a notebook: cell 1: s…",
    ),
    (
        "no source",
        _notebook(_without(WORD, "source")),
        "x.ipynb: not a notebook: cell 1: source is m…",
    ),
    (
        "a number for tags",
        _notebook(TAGGED | {"metadata": {"tags": 5}}),
        "x.ipynb: not a notebook: c…",
    ),
    (
        "a word for tags",
        _notebook(TAGGED | {"metadata": {"tags": "a"}}),
        "x.ipynb: not a notebook: c…",
    ),
    (
        "numbers in tags",
        _notebook(TAGGED | {"metadata": {"tags": [1]}}),
        "x.ipynb: not a notebook: c…",
    ),
    (
        "no type of a cell",
        _notebook(_without(WORD, "cell_type")),
        "x.ipynb: not a notebook: cell 1: c…",
    ),
    (
        "a word for outputs",
        _notebook(TAGGED | {"outputs": "x"}),
        "x.ipynb: not a notebook: cell 1: outp…",
    ),
    (
        "of format 3",
        _notebook(WORD, nbformat=3),
        "x.ipynb: not a notebook: nbformat 3; save it as 4",
    ),
    (
        "of a format of words",
        _notebook(WORD, nbformat="4"),
        "x.ipynb: not a notebook: nbformat '4';…",
    ),
    (
        "no parameters",
        _notebook(WORD),
        "x.ipynb: no cell is tagged 'parameters'; give it one, a li…",
    ),
    (
        "no Python",
        _notebook(TAGGED | {"source": "a = ("}),
        "x: the parameters cell is not Python:…",
    ),
    (
        "NUL in Python",
        _notebook(TAGGED | {"source": "a = 1\0"}),
        "x: the parameters cell is not Py…",
    ),
    (
        "deep Python",
        _notebook(TAGGED | {"source": "a = " + "(" * 5000}),
        "x: the parameters cell is…",
    ),
    ("a deep sum", _notebook(TAGGED | {"source": "a = " + "-" * 50_000 + "1"}), "x: …"),
    (
        "an import",
        _notebook(TAGGED | {"source": "import os"}),
        "x: 'import os': a parameters cell h…",
    ),
    (
        "a number of 5,000 digits in Python",
        _notebook(TAGGED | {"source": "a = " + "9" * 5000}),
        "x: …",
    ),
    (
        "a name that steers",
        _notebook(TAGGED | {"source": "'\x1b[31m'"}),
        "x: \"'\\x1b[31m'\": a parameters cell holds lines of name = value",
    ),
)

STAGE = """  - variant: lying_straight_leg
    weeks: 2
    sessions_per_week: 3
    sets: 3
    repetitions: 10
    tempo: {up_s: 2, top_s: 1, down_s: 2, bottom_s: 0}
    rest_s: 120
"""
PLAN = f"title: T\nplan:\n{STAGE}"
SCENARIOS: tuple[tuple[str, Content, str], ...] = (
    (
        "empty",
        "",
        "x.yaml: a scenario has the keys title, plan, parameters, packs, exercises; read…",
    ),
    ("bytes", b"\xff\xfe", "x.yaml: byte 0 is not UTF-8"),
    ("NUL", "title: a\0b\n", "x.yaml: not YAML: …"),
    (
        "a tab",
        "title:\n\t- a\n",
        "x.yaml:2: not YAML: found character that cannot start any token",
    ),
    ("a tag", "title: !!python/object/apply:os.system ['touch x']\n", "x.yaml:1: tag '…"),
    ("an alias", "title: &a T\nplan: *a\n", "x.yaml:1: anchor &a; write the value out"),
    ("a merge", "title: T\nplan: []\n<<: {a: 1}\n", "x.yaml:3 (top): key '<<' is not a word"),
    ("deep lists", "title: " + "[" * 5000, "x.yaml:1: more than 12 levels deep"),
    (
        "two documents",
        "title: a\n---\ntitle: b\n",
        "x.yaml:2: not YAML: but found another document",
    ),
    (
        "a key twice",
        "title: a\ntitle: b\n",
        "x.yaml:2 title: this key is there twice, first on line…",
    ),
    (
        "a number of 5,000 digits",
        PLAN.replace("weeks: 2", "weeks: " + "9" * 5000),
        "x.yaml:4 plan[1].weeks: a number of 5,000 signs is too large to be meant",
    ),
    (
        "a fraction beyond all numbers",
        PLAN.replace("rest_s: 120", "rest_s: " + "9" * 400 + ".0"),
        "x.yaml:9 plan[1].rest_s: a number of 402 signs is too large to be meant",
    ),
    (
        "infinity",
        PLAN.replace("weeks: 2", "weeks: .inf"),
        "x.yaml:4 plan[1].weeks: read '.inf'; a…",
    ),
    (
        "underscores",
        PLAN.replace("sets: 3", "sets: 3_0"),
        "x.yaml:6 plan[1].sets: read '3_0'; write…",
    ),
    (
        "base 60",
        PLAN.replace("rest_s: 120", "rest_s: 2:00"),
        "x.yaml:9 plan[1].rest_s: read '2:00';…",
    ),
    (
        "an octal",
        PLAN.replace("sets: 3", "sets: 010"),
        "x.yaml:6 plan[1].sets: read '010'; YAML 1.1…",
    ),
    ("Arabic digits", PLAN.replace("sets: 3", "sets: ٣"), "x.yaml:6 plan: stage 1…"),
    ("full-width digits", PLAN.replace("sets: 3", "sets: ３"), "x.yaml:6 plan: stage 1…"),
    (
        "a title that steers",
        PLAN.replace("T\n", '"\\e[31mred"\n', 1) + "unknown: 1\n",
        "x.yaml:10 unknown: unknown key; a…",
    ),
    (
        "a key of 100,000 letters",
        PLAN + "k" * 100_000 + ": 1\n",
        "x.yaml:10: not YAML: could not find expected ':'",
    ),
    (
        "40,000 keys nobody knows",
        PLAN + "".join(f"k{n}: 1\n" for n in range(40_000)),
        "x.yaml:10 k0: unknown key; a scenario has title, plan, parameters, packs, exercises",
    ),
    ("a plan of numbers", "title: T\nplan: [1, 2]\n", "x.yaml:2 plan: …"),
    ("a plan of nothing", "title: T\nplan: []\n", "x.yaml:2 plan: …"),
    (
        "a variant of 100,000 letters",
        PLAN.replace("lying_straight_leg", "v" * 100_000),
        "x.yaml:3 …",
    ),
    ("a pack outside", PLAN + "packs: [../../../etc]\n", "x.yaml:10 packs: …"),
)
SWEEPS: tuple[tuple[str, Content, str], ...] = (
    ("empty", "", "s.yaml: a sweep has the keys notebook, scenario, grid, sets; read None"),
    ("a list", "[1]", "s.yaml: a sweep has the keys notebook, scenario, grid, sets; read [1]"),
    (
        "a million sets",
        "notebook: energy_cost\ngrid: {age_y: ["
        + "30, " * 1000
        + "31], body_mass_kg: ["
        + "70.0, " * 1000
        + "71.0]}\n",
        "s.yaml …",
    ),
    (
        "a path for a notebook",
        "notebook: ../x\nsets: [{age_y: 30}]\n",
        "s.yaml: no notebook '../x';…",
    ),
    (
        "a number for a notebook",
        "notebook: 5\nsets: []\n",
        "s.yaml notebook: the name of a notebook…",
    ),
    (
        "null for a scenario",
        "notebook: energy_cost\nscenario: null\nsets: [{age_y: 30}]\n",
        "s.yaml scenario: the name or the file of a scenario is required; read None",
    ),
    (
        "a value 50,000 times",
        "notebook: energy_cost\ngrid: {age_y: [" + ",".join(["1"] * 50_000) + "]}\n",
        "s.yaml grid.age_y: 1 is there twice",
    ),
    ("neither grid nor sets", "notebook: energy_cost\n", "s.yaml: give either grid or sets"),
    (
        "an unknown parameter",
        "notebook: energy_cost\nsets: [{nothing: 1}]\n",
        "s.yaml:2 sets[1]: energy_cost: 'nothing': no such parameter;…",
    ),
)
PARAMETERS: tuple[tuple[str, Content, str], ...] = (
    ("a list", "[1]", "x.yaml: a mapping of parameters is required"),
    ("a word", "word", "x.yaml: a mapping of parameters is required"),
    ("an unknown one", "nothing: 1\n", "energy_cost: 'nothing': no such parameter; did you mean…"),
    (
        "a number of 5,000 digits",
        "age_y: " + "3" * 5000 + "\n",
        "x.yaml:1 age_y: a number of 5,000…",
    ),
    ("Arabic digits", "age_y: ٣٠\n", "energy_cost: age_y: read '٣٠'; allowed is a whole number, …"),
    (
        "Arabic digits in quotes",
        'body_mass_kg: "٧٠"\n',
        "energy_cost: body_mass_kg: read '٧٠'; al…",
    ),
    (
        "digits in quotes",
        'body_mass_kg: "7_0"\n',
        "energy_cost: body_mass_kg: read '7_0'; allowed…",
    ),
    (
        "a list for a number",
        "age_y: [30]\n",
        "energy_cost: age_y: read [30]; allowed is a whole nu…",
    ),
    (
        "code",
        "sex: \"__import__('os').system('touch x')\"\n",
        "energy_cost: sex: read \"__import__('…",
    ),
    (
        "a key of 100,000 letters",
        "k" * 100_000 + ": 1\n",
        "x.yaml:1: not YAML: mapping values are not allowed in this context",
    ),
    (
        "a plan outside",
        "progression: ../../x.yaml\n",
        "x.yaml: cannot be read: no such file in ../..; give its full path",
    ),
)

MET = "code,met,activity,source,locator\n"
ROW = "02024,2.8,sit-ups,ainsworth2011,code 02024\n"
TABLES: tuple[tuple[str, Content, str], ...] = (
    ("empty", "", "t.csv:1: code: the column is missing; add it [column]"),
    ("a header alone", MET, "t.csv:1: there is no row below the header [empty]"),
    ("NUL", MET + "\0", "t.csv:2: a NUL byte; this is no CSV text [csv]"),
    (
        "Latin-1",
        MET.encode() + b"\xe9",
        "t.csv:2: byte 33 is not UTF-8; save the file as UTF-8 [encoding]",
    ),
    (
        "a workbook",
        b"PK\x03\x04" + bytes(range(128, 256)),
        "t.csv:1: byte 4 is not UTF-8; save the file as UTF-8 [encoding]",
    ),
    ("a quote that never ends", MET + '"02024,2.8', "t.csv:2: unexpected end of data; export the…"),
    ("a cell of 200,000 letters", MET + "0" * 200_000, "t.csv:2: field larger than field limit…"),
    (
        "Arabic digits",
        MET + ROW.replace("02024,2.8", "٠٢٠٢٤,٢.٨", 1),
        "t.csv:2: code: '٠٢٠٢٤' has…",
    ),
    (
        "full-width digits",
        MET + ROW.replace("2.8", "２.８"),
        "t.csv:2: met: '２.８' has other digits…",
    ),
    ("an underscore", MET + ROW.replace("2.8", "2_8"), "t.csv:2: met: '2_8' is not a number [met]"),
    ("infinity", MET + ROW.replace("2.8", "inf"), "t.csv:2: met: 'inf' is not a number [met]"),
    ("5,000 digits", MET + ROW.replace("2.8", "2" * 5000), "t.csv:2: met: …"),
    ("an escape", MET + ROW.replace("sit-ups", "sit\x1b[31mups"), "t.csv:2: activity: holds the…"),
    (
        "a turned label",
        MET + ROW.replace("sit-ups", "sit\u202eups"),
        "t.csv:2: activity: holds the…",
    ),
    (
        "an unseen space",
        MET + ROW.replace("sit-ups", "sit\u200bups"),
        "t.csv:2: activity: holds th…",
    ),
    (
        "a tag",
        MET + ROW.replace("sit-ups", "<b>sit-ups</b>"),
        "t.csv:2: activity: holds the markup…",
    ),
    (
        "an entity",
        MET + ROW.replace("sit-ups", "sit&nbsp;ups"),
        "t.csv:2: activity: holds the mar…",
    ),
    (
        "a formula",
        MET + ROW.replace("sit-ups", "=SUM(A1)"),
        "t.csv:2: activity: '=SUM(A1)' is a fo…",
    ),
    (
        "a command",
        MET + ROW.replace("sit-ups", "@SUM(1)"),
        "t.csv:2: activity: '@SUM(1)' is a form…",
    ),
)
TRIALS = (
    "es_id,study,arm,n,domain,weekly_sets,mean_pre,sd_pre,mean_post,sd_post\n"
    "1,Lee 2020,low,12,size,5,10.0,1.0,10.4,1.1\n"
)
OWN_TRIALS: tuple[tuple[str, str, str], ...] = (
    ("an escape", "Lee \x1b[31m2020", "x.csv:2 study: holds the invisible character '\\x1b'"),
    ("a turned label", "Lee \u202e2020", "x.csv:2 study: holds the invisible character '\\u202e'"),
    ("a tag", "<b>Lee</b>", "x.csv:2 study: holds the markup '<b>'"),
    ("a formula", "=HYPERLINK(1)", "x.csv:2 study: '=HYPERLINK(1)' is a formula"),
    ("a command", "@SUM(1)", "x.csv:2 study: '@SUM(1)' is a formula to a spreadsheet"),
)
RESULTS: tuple[tuple[str, Content, str], ...] = (
    ("empty", "", "b.json:1 column 1: Expecting value; this is no JSON…"),
    ("a word", '"a"', "b.json: content: …"),
    ("100,000 brackets", "[" * 100_000, "b.json: its brackets are nested too deep to be read…"),
    (
        "a number of 5,000 digits",
        '{"reports": ' + "9" * 5000 + "}",
        "b.json: a number in it has tho…",
    ),
    ("no reports", '{"reports": []}', "b.json: reports: a list of reports is required; read []"),
    ("reports of numbers", '{"reports": [1]}', "b.json: report 1: …"),
)
PACKS: tuple[tuple[str, Content, str], ...] = (
    ("empty", "", "p/datapackage.json:1: column 1: Expecting value; this is no JSON [pack]"),
    ("a list", "[]", "p/datapackage.json…"),
    ("100,000 brackets", "[" * 100_000, "p/datapackage.json: its brackets are nested too deep…"),
    ("a key twice", '{"a": 1, "a": 2}', "p/datapackage.json: key 'a' is there twice [pack]"),
    (
        "a number of 5,000 digits",
        '{"a": ' + "9" * 5000 + "}",
        "p/datapackage.json: a number in it…",
    ),
    ("null", "null", "p/datapackage.json…"),
)


def cases() -> Iterator[Case]:
    """Each file, given to the command that reads it."""
    for name, content, first in NOTEBOOKS:
        yield Case(
            "broken notebook",
            name,
            ["params", "x.ipynb"],
            2,
            f"repdose: {first}",
            {"x.ipynb": content},
        )
    for name, content, first in SCENARIOS:
        arguments = ["build", "--dry-run", "--scenario", "x.yaml"]
        yield Case("broken scenario", name, arguments, 2, f"repdose: {first}", {"x.yaml": content})
    for name, content, first in SWEEPS:
        arguments = ["build", "--dry-run", "--sweep", "s.yaml"]
        yield Case("broken sweep", name, arguments, 2, f"repdose: {first}", {"s.yaml": content})
    for name, content, first in PARAMETERS:
        arguments = ["run", "energy_cost", "-f", "x.yaml", "-o", "o.html"]
        yield Case(
            "broken parameters", name, arguments, 2, f"repdose: {first}", {"x.yaml": content}
        )
    for name, content, first in TABLES:
        yield Case(
            "broken MET table",
            name,
            ["check", "--table", "t.csv"],
            1,
            f"out: {first}",
            {"t.csv": content},
        )
    for name, label, said in OWN_TRIALS:
        text = TRIALS.replace("Lee 2020", label)
        arguments = ["run", "dose_response", "-p", "table", "x.csv", "-o", "o.html"]
        first = "repdose: dose_response: table: x.csv cannot be used as it stands; nothing was run"
        yield Case("labels of trials", name, arguments, 2, first, {"x.csv": text}, also=said)
    for name, content, first in RESULTS:
        yield Case(
            "broken baseline",
            name,
            ["diff", "b.json", "b.json"],
            2,
            f"repdose: {first}",
            {"b.json": content},
        )
    for name, content, first in PACKS:
        given = {"p/datapackage.json": content}
        yield Case("broken pack", name, ["check", "--pack", "p"], 1, f"out: {first}", given)
