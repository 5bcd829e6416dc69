"""Outlines as the data of an SVG path, in few signs, and names for those that are used again."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

import numpy as np
from matplotlib.path import Path

_COMMANDS = {Path.MOVETO: "m", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
_BY_LETTER = re.compile(" ?([a-z]) ?")


def name_of(count: int) -> str:
    """The id of an element that so many were defined before: a, b, ... Z, a1, b1, ..."""
    again, place = divmod(count, len(string.ascii_letters))
    return f"{string.ascii_letters[place]}{again or ''}"


def data_of(path: Path) -> str:
    """A path in whole units, each step from the point before."""
    points: Sequence[Sequence[int]] = np.rint(path.vertices).astype(int).tolist()
    if path.codes is None:
        codes = [Path.MOVETO, *[Path.LINETO] * (len(points) - 1)]
    else:
        codes = np.asarray(path.codes).tolist()
    said: list[str] = []
    at, last = 0, ""
    x = y = 0
    start = (0, 0)
    smooth: tuple[int, int] | None = None  # where the next curve would be led without a corner
    while at < len(points) and (code := codes[at]) != Path.STOP:
        if code == Path.CLOSEPOLY:
            said.append("z")
            (x, y), last, smooth = start, "z", None
            at += 1
            continue
        step = _COMMANDS[code]
        end = at + Path.NUM_VERTICES_FOR_CODE[code]
        across, down = points[end - 1][0] - x, points[end - 1][1] - y
        if step == "q":
            led = points[at][0] - x, points[at][1] - y
            step, text = ("t", "") if led == smooth else ("q", f"{led[0]} {led[1]} ")
            text += f"{across} {down}"
            smooth = across - led[0], down - led[1]
        else:
            smooth = None
            if step == "c":
                text = " ".join(f"{right - x} {below - y}" for right, below in points[at:end])
            elif step == "l" and not down:
                step, text = "h", f"{across}"
            elif step == "l" and not across:
                step, text = "v", f"{down}"
            else:
                text = f"{across} {down}"
        if step != last or step == "m":
            said.append(step)
        said.append(text)
        x, y = points[end - 1]
        if step == "m":
            start = x, y
        at, last = end, step
    return _BY_LETTER.sub(r"\1", " ".join(said)).replace(" -", "-")
