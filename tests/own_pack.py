"""A pack of a reader's own, written into a folder, whole or with something changed in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

TABLES = {
    "exercises": """\
id,name,set_unit,sides,up_s,top_s,down_s,bottom_s,equipment,description,source,locator,checked
nordic_curl,Nordic curl,repetitions,1,1,0,4,0,strap,"Kneeling, lowered",me2025,p. 2,full-text
wall_sit,wall sit,seconds,1,,,,,wall,Thighs level,me2025,p. 2,full-text
step_up,step-up,repetitions,2,1,0,1,0,box,One leg lifts the body onto a box,me2025,p. 3,full-text
""",
    "muscles": """\
id,name,group
hamstrings,hamstrings,legs
quadriceps,quadriceps as a whole,legs
""",
    "set_credits": """\
exercise,muscle,role,grade,reason,source,locator,checked
nordic_curl,hamstrings,direct,a,Recorded in that exercise,me2025,table 1,full-text
wall_sit,quadriceps,direct,c,It holds the knee,repdose2026,judgement from anatomy,full-text
step_up,quadriceps,direct,b,Recorded in a lunge,me2025,table 1,full-text
step_up,iliopsoas,indirect,c,It lifts the other leg,repdose2026,judgement from anatomy,full-text
""",
    "met_analogies": """\
exercise,edition,role,code,reason
nordic_curl,2024,low,02024,Analogy: light calisthenics
nordic_curl,2024,central,02022,Analogy: moderate calisthenics
nordic_curl,2024,high,02020,Analogy: vigorous calisthenics
wall_sit,2024,low,02024,Analogy: light calisthenics
wall_sit,2024,central,02024,Analogy: light calisthenics
wall_sit,2024,high,02022,Analogy: moderate calisthenics
step_up,2024,low,02024,Analogy: light calisthenics
step_up,2024,central,02022,Analogy: moderate calisthenics
step_up,2024,high,02020,Analogy: vigorous calisthenics
""",
}
BIB = """\
@article{me2025,
  author  = {Lee, Ann and Kim, Bo},
  title   = {Three exercises in one laboratory},
  journal = {Journal of Invented Results},
  year    = {2025},
  volume  = {1},
  pages   = {1--9},
}
"""


def write(folder: Path, *, bib: str = BIB, prefix: str = "mylab", **changed: str) -> Path:
    """Write a pack that is right but for the tables given, its checksums included."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{name}.csv": text for name, text in (TABLES | changed).items() if text}
    files["references.bib"] = bib
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    described = [
        {"name": name.removesuffix(".csv"), "path": name, "hash": _hash(text)}
        for name, text in files.items()
        if name != "references.bib"
    ]
    descriptor = {
        "name": prefix,
        "title": "Exercises of my laboratory",
        "version": "1.0",
        "licenses": [{"name": "CC-BY-4.0"}],
        "contributors": [{"title": "Ann Lee"}],
        "repdose": {"prefix": prefix},
        "bibliography": {"path": "references.bib", "hash": _hash(bib)},
        "resources": described,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=1), "utf-8")
    return folder


def without(table: str, start: str) -> str:
    """A table without the rows that start so."""
    return "".join(row for row in TABLES[table].splitlines(True) if not row.startswith(start))


def swapped(table: str, old: str, new: str) -> str:
    """A table with one text put for another, which must be there once."""
    assert TABLES[table].count(old) == 1, (table, old)
    return TABLES[table].replace(old, new)


def redescribed(folder: Path, change) -> None:
    """Change the descriptor of a pack."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8"))
    change(descriptor)
    path.write_text(json.dumps(descriptor, indent=1), "utf-8")


def _hash(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode('utf-8')).hexdigest()}"
