"""YAML that means what it looks like: the traps of YAML 1.1 are refused, not guessed at."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import content_of

MAX_BYTES = 1_000_000  # a sweep of ten thousand sets is far below it
MAX_DEPTH = 12
MAX_FAULTS = 20  # more than a reader takes in at once
MAX_DIGITS = 30  # of a whole number; no quantity has more

# What people write as one thing and YAML 1.1 reads as another.
_TRAPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?"),
        "YAML 1.1 reads it as a number in base 60; write plain seconds or minutes, or quote it",
    ),
    (
        re.compile(r"[-+]?0[\d_]+"),
        "YAML 1.1 reads a leading zero as octal; write the number without it, or quote a code",
    ),
    (
        re.compile(r"[-+]?0[xob][\da-fA-F_]+"),
        "YAML 1.1 reads it in another base; write a decimal number, or quote it",
    ),
    (
        re.compile(r"[-+]?\d[\d_]*_[\d_]*(\.\d*)?"),
        "write the number without underscores",
    ),
    (
        re.compile(r"(?i:y|n|yes|no|on|off)"),
        "YAML 1.1 reads it as true or false; write true or false, or quote the word",
    ),
    (
        re.compile(r"[-+]?(\d+[eE][-+]?\d+|\d+\.\d*[eE]\d+|\.\d+[eE]\d+)"),
        "YAML 1.1 reads it as text; write the number out (70.0), or as 7.0e+1",
    ),
    (
        re.compile(r"[-+]?\d+,\d+"),
        "it is text, not a number; use a decimal point",
    ),
    (
        re.compile(r"[-+]?\.(?i:inf|nan)"),
        "a finite number is required",
    ),
    (
        re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?"),
        "YAML 1.1 reads it as a date; quote it",
    ),
)


# The one in C where it was built, which reads alike; the other is ten times slower
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A YAML text that is refused; each line is ``file:line key: what is wrong``."""


_YEAR = re.compile(r"[12][0-9]{3}")


def load(path: Path) -> Any:
    """Content of a YAML file, strictly.

    Parameters
    ----------
    path : Path
        UTF-8 file of at most a megabyte.

    Returns
    -------
    object
        Mappings, lists, text, numbers, booleans and None.

    Raises
    ------
    YamlError
        If the file cannot be read, is no YAML, or holds something that YAML 1.1 reads
        otherwise than it looks, a repeated key, an alias, an anchor or a tag.
    """
    try:
        raw = content_of(path, most=MAX_BYTES)
    except EvidenceError as error:
        raise YamlError(str(error)) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError(f"{path.name}: byte {error.start} is not UTF-8") from None
    return loads(text, name=path.name)


def loads(text: str, *, name: str = "value") -> Any:
    """Content of a YAML text, strictly; `name` stands for the file in messages.

    Examples
    --------
    >>> loads("body_mass_kg: 70.0")
    {'body_mass_kg': 70.0}
    >>> loads("tempo: 2:10", name="plan.yaml")
    Traceback (most recent call last):
        ...
    repdose.inputs.yaml_strict.YamlError: plan.yaml:1 tempo: read '2:10'; YAML 1.1 reads it \
as a number in base 60; write plain seconds or minutes, or quote it
    """
    try:
        _scan(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlError(f"{name}:{line}: not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise YamlError(f"{name}: not YAML: {error}") from None
    if node is None:
        return None
    faults: list[str] = []
    value = _value(node, name, "", faults)
    if faults:
        more = len(faults) - MAX_FAULTS
        raise YamlError(
            "\n".join([*faults[:MAX_FAULTS], *([f"{name}: and {more} more"] if more > 0 else [])])
        )
    return value


def line(path: Path, keys: Sequence[str | int]) -> int:
    """Line on which a value of a file stands, or the last of its keys that is there.

    Parameters
    ----------
    path : Path
        A file that :func:`load` reads.
    keys : sequence of str or int
        Keys of mappings and places in lists, from 0, that lead to the value.

    Returns
    -------
    int
        Line, from 1.
    """
    status = path.stat()
    node: Any = _composed(path, status.st_mtime_ns, status.st_size)
    at: int = node.start_mark.line
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if pair[0].value == key]
            if not found:
                break
            at, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            at = node.start_mark.line
        else:
            break
    return at + 1


@lru_cache(maxsize=2)
def _composed(path: Path, _changed_ns: int, _size: int) -> Any:
    """The nodes of a file, made once for all the faults that are told by line."""
    text = content_of(path, most=MAX_BYTES).decode("utf-8-sig")
    return yaml.compose(text, Loader=_LOADER)


def _scan(text: str, name: str) -> None:
    """Refuse aliases, anchors, tags and depth before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(f"{name}:{line}: alias *{event.anchor}; write the value out")
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise YamlError(f"{name}:{line}: anchor &{event.anchor}; write the value out")
        if tag := getattr(event, "tag", None):
            raise YamlError(f"{name}:{line}: tag {tag!r}; write plain values only")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise YamlError(f"{name}:{line}: more than {MAX_DEPTH} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: yaml.Node, name: str, key: str, faults: list[str]) -> Any:
    """What a node means; what it only looks like is added to `faults`."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            at = key_node.start_mark.line + 1
            # A year is a name here, as that of an edition; any other key that is no text is a slip
            is_name = key_node.tag.endswith(":str") or _YEAR.fullmatch(str(key_node.value))
            if not isinstance(key_node, yaml.ScalarNode) or not is_name:
                read = getattr(key_node, "value", "a collection")
                faults.append(f"{name}:{at} {key or '(top)'}: key {read!r} is not a word")
                continue
            word = str(key_node.value)
            inner = f"{key}.{word}" if key else word
            if word == "<<":
                faults.append(f"{name}:{at} {inner}: merge key; write the values out")
                continue
            if word in mapping:
                faults.append(
                    f"{name}:{at} {inner}: this key is there twice, first on line {lines[word]}; "
                    "keep one"
                )
                continue
            lines[word] = at
            mapping[word] = _value(value_node, name, inner, faults)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, name, f"{key}[{i}]", faults) for i, item in enumerate(node.value, start=1)
        ]
    where = f"{name}:{line} {key}" if key else f"{name}:{line}" if name != "value" else name
    text = str(node.value)
    if getattr(node, "style", None):  # quoted: text, whatever it looks like
        return text
    for pattern, advice in _TRAPS:
        if pattern.fullmatch(text):
            faults.append(f"{where}: read {text!r}; {advice}")
            return None
    kind = node.tag.rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and len(text) <= MAX_DIGITS:
        return int(text)
    if kind == "float" and math.isfinite(number := float(text)):
        return number
    if kind in ("int", "float"):
        faults.append(f"{where}: a number of {len(text):,} signs is too large to be meant")
        return None
    if kind == "str":
        return text
    faults.append(f"{where}: read {text!r}, which YAML takes for a {kind}; quote it")
    return None
