"""Executed notebooks without what differs from run to run, place to place or engine to engine."""

from __future__ import annotations

import json
import re
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

VERSION = 3  # raised whenever the same run would be written differently

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
# Looked for where a word begins only: a long word would be read through at each of its letters
_CELL_FILE = re.compile(
    r"(?:(?<![^\s'\"(])[^\s'\"(]*[/\\]ipykernel_\d+[/\\]\d+\.py|<ipython-input-\d+-[0-9a-f]+>)"
)
# The name that pandas draws by lot for each styled table, and gives each of its cells
_STYLED = re.compile(r'<table id="(T_[0-9a-f]{5,32})"')
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def canonical(notebook: dict[str, Any]) -> dict[str, Any]:
    """A copy of an executed notebook that is the same for the same inputs."""
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        tags = list(cell["metadata"].get("tags", []))
        new: dict[str, Any] = {
            "cell_type": cell["cell_type"],
            "id": "injected-parameters" if "injected-parameters" in tags else f"cell-{number:02d}",
            "metadata": ({"tags": tags} if tags else {}) | _folded(cell["metadata"]),
            "source": cell["source"],
        }
        if cell["cell_type"] == "code":
            new["execution_count"] = cell["execution_count"]
            new["outputs"] = _outputs(cell["outputs"], number)
        cells.append(new)
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"file_extension": ".py", "name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _folded(metadata: dict[str, Any]) -> dict[str, Any]:
    """That an editor shows a cell's output without its code, if it is so."""
    hidden = metadata.get("jupyter", {}).get("source_hidden")
    return {"jupyter": {"source_hidden": True}} if hidden else {}


def _outputs(outputs: list[dict[str, Any]], cell: int) -> list[dict[str, Any]]:
    merged: list[dict[str, Any]] = []
    for place, output in enumerate(outputs):
        new = {key: value for key, value in output.items() if key != "transient"}
        kind = new["output_type"]
        if kind == "stream":
            new["text"] = scrubbed(_joined(new["text"]))
            if _merged(merged, new):
                continue
        elif kind == "error":
            new["evalue"] = scrubbed(new["evalue"])
            new["traceback"] = [scrubbed(line) for line in new["traceback"]]
        else:
            new["data"] = {
                mime: scrubbed(_joined(value)) if mime.startswith("text/") else value
                for mime, value in new["data"].items()
            }
            if "text/html" in new["data"]:
                html = new["data"]["text/html"]
                for count, drawn in enumerate(dict.fromkeys(_STYLED.findall(html))):
                    html = html.replace(drawn, f"T_{cell}_{place}_{count}")
                new["data"]["text/html"] = html
        merged.append(new)
    return merged


def _merged(merged: list[dict[str, Any]], new: dict[str, Any]) -> bool:
    """Whether printed text went into the output before it.

    A kernel sends what is printed in pieces, cut where its timer fell, and the two streams
    in either order: of what stands together, standard output comes first, in one piece.
    """
    at = len(merged)
    while at and merged[at - 1]["output_type"] == "stream":
        at -= 1
        if merged[at]["name"] == new["name"]:
            merged[at]["text"] += new["text"]
            return True
    if new["name"] == "stdout":
        merged.insert(at, new)
        return True
    return False


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def scrubbed(text: str) -> str:
    """Text without addresses in memory, colours, and the places of this computer."""
    text = _COLOUR.sub("", text)
    # Looking for what is not there takes longest
    if "at 0x" in text:
        text = _ADDRESS.sub("at 0x…", text)
    if "ipykernel_" in text or "<ipython-input-" in text:
        text = _CELL_FILE.sub("<cell>", text)
    for place, name in _places():
        text = text.replace(place, name)
    return text


@cache
def _places() -> tuple[tuple[str, str], ...]:
    """Folders that messages may mention, longest first, and what stands for them."""
    paths = sysconfig.get_paths()
    code = Path(__file__).resolve().parents[3]  # of the checkout, or site-packages
    named = {
        **{f"{folder}/": "" for folder in (code, code.parent / "evidence", code.parent)},
        paths["purelib"] + "/": "",
        paths["platlib"] + "/": "",
        paths["stdlib"] + "/": "",
        sys.prefix + "/": "",
        sys.base_prefix + "/": "",
        str(Path.home()) + "/": "~/",
    }
    named.pop("//", None)
    return tuple(sorted(named.items(), key=lambda item: -len(item[0])))


def written(notebook: dict[str, Any]) -> str:
    """A canonical notebook as the text of its file, in the order Jupyter writes it."""
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
