"""What a picture shows: its words and shapes, wherever in its file they are and however written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import numpy as np

SVG = "{http://www.w3.org/2000/svg}"
USED = "{http://www.w3.org/1999/xlink}href"
NEAR = 1.6  # units, of which a point has twenty: a rounding on each side of a step
# How lines end and what is cut is no matter of where they are
LOOKS = ("fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity")
_STEP = re.compile(r"([mMlhvqtcz])([^mMlhvqtcz]*)")
_NUMBER = re.compile(r"-?\d+")

Part = tuple[tuple[Any, ...], "np.ndarray[Any, Any]"]  # looks, and places


def parts(text: str) -> list[Part]:
    """Words and shapes of a picture, each with its places in units."""
    root = ElementTree.fromstring(text)
    shapes = {one.get("id"): one.get("d", "") for one in root.iter(f"{SVG}path")}
    found: list[Part] = []
    for one in _apart(root):
        if one.tag == f"{SVG}g" and one.get("transform") is None and len(one) == 1:
            one = one[0] if one[0].tag == f"{SVG}g" else one
        if (moved := one.get("transform")) is not None:
            found.append(_words(one, moved, shapes))
            continue
        looks = tuple(one.get(name) for name in LOOKS)
        for inner in (one, *one):
            for places in _places(inner, shapes):
                # The ground of a line from a point to another is nothing
                found.append((looks[places.shape == (2, 2) :], places))
    return found


def _apart(root: Any) -> Iterator[Any]:
    """What is drawn, each text with the colour that it has in common with those around it."""
    for one in root:
        if one.tag == f"{SVG}g" and one.keys() == ["fill"]:
            for text in one:
                text.set("fill", one.get("fill"))
                yield text
        elif one.tag != f"{SVG}defs":
            yield one


def _words(one: Any, moved: str, shapes: dict[str | None, str]) -> Part:
    x, y, *others = re.findall(r"-?[\d.]+", moved)
    glyphs = tuple(shapes[use.get(USED, "")[1:]] for use in one)
    across = [float(use.get("x", 0)) / 5 for use in one]  # in units of a common size, about
    return (one.get("fill"), *others, *glyphs), np.array([float(x), float(y), *across])


def _places(one: Any, shapes: dict[str | None, str]) -> list[Any]:
    number = {name: float(value) for name, value in one.items() if name in ("x", "y")}
    if one.tag == f"{SVG}path":
        return _lines(one.get("d", ""))
    if one.tag == f"{SVG}circle":
        x, y, r = (float(one.get(name)) for name in ("cx", "cy", "r"))
        return [np.array([x - r, y - r, x + r, y + r])]
    if one.tag == f"{SVG}use":
        at = number["x"], number["y"]
        shape = _lines(shapes[one.get(USED)[1:]])
        return [places + (at * 2 if places.ndim == 1 else at) for places in shape]
    if one.tag == f"{SVG}image":
        size = float(one.get("width")), float(one.get("height"))
        at = np.array([number["x"], number["y"]])
        return [np.array([at, at + size])]
    return []


def _lines(data: str) -> list[Any]:
    """Points of each line of a path; the box of one that is bent."""
    x = y = 0
    lines: list[list[tuple[int, int]]] = []
    is_bent = "c" in data or "q" in data
    for step, said in _STEP.findall(data):
        numbers = [int(one) for one in _NUMBER.findall(said)]
        if step in "hv":
            numbers = [n for one in numbers for n in ((one, 0) if step == "h" else (0, one))]
        for count, (across, down) in enumerate(zip(numbers[::2], numbers[1::2], strict=True), 1):
            if step == "M":
                x = y = 0
            point = x + across, y + down
            if step == "c":
                lines[-1].append(point)
                if count % 3 == 0:
                    x, y = point
                continue
            x, y = point
            if step in "mM":
                lines.append([])
            lines[-1].append(point)
    if is_bent:
        points = np.array([point for line in lines for point in line])
        return [np.array([*points.min(axis=0), *points.max(axis=0)])]
    return [np.array(_without_stops(line)) for line in lines if len(_without_stops(line)) > 1]


def _without_stops(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Points of a line but for those that lie on the one before or half-way on a level line."""
    there = [one for one, before in zip(line, [None, *line], strict=False) if one != before]
    if len(there) == 3 and len({y for _, y in there}) == 1:
        return [there[0], there[2]]
    return there[:-1] if len(there) > 2 and there[0] == there[-1] else there


def differences(first: list[Part], second: list[Part]) -> list[Part]:
    """Parts that only one of both has, whatever their order."""
    left = list(second)
    found = []
    for looks, places in first:
        same = [
            number
            for number, (other, there) in enumerate(left)
            if other == looks and _are_near(there, places)
        ]
        if same:
            del left[same[0]]
        else:
            found.append((looks, places))
    return found + left


def _are_near(one: Any, other: Any) -> bool:
    """Whether each place of both has one of the other beside it."""
    if one.ndim == 1 or other.ndim == 1:
        return one.shape == other.shape and bool(np.abs(one - other).max() < NEAR)
    apart = np.abs(one[:, None] - other[None]).max(axis=2)
    return bool(apart.min(axis=0).max() < NEAR and apart.min(axis=1).max() < NEAR)
