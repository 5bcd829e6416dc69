"""What is said of a chart is remembered, so that matplotlib can be told the same."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from repdose.plots.texts import NotPlain

# Which of both coordinates is a share of the axes: that across, that upwards, or both
ACROSS, UP, SHARES = "across", "up", "axes fraction"


class Told(Protocol):
    """A figure that remembers what is said of its charts."""

    @property
    def is_realised(self) -> bool:
        """Whether the figure is matplotlib's by now, to which all is said from then on."""

    def axes_of(self, chart: Any) -> Any:
        """Matplotlib's axes that stand for a chart."""

    def say(self, chart: Any, call: Callable[[Any], Any]) -> None:
        """Remember what is said of a chart."""


def kept(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method whose calls are remembered, so that matplotlib can be told the same.

    What it does not know is asked of matplotlib.
    """
    name, known = method.__name__, list(inspect.signature(method).parameters.values())[1:]
    named_too = {one.name for one in known}
    needed = [one for one in known if one.default is one.empty]
    least = sum(one.kind is one.POSITIONAL_OR_KEYWORD for one in needed)
    most = sum(one.kind is one.POSITIONAL_OR_KEYWORD for one in known)
    must_be_named = {one.name for one in needed if one.kind is one.KEYWORD_ONLY}

    def said(axes: Any, given: Any, named: Any) -> Any:
        for key in ("transform", "xycoords"):
            if named.get(key) == ACROSS:
                named = {**named, key: axes.get_yaxis_transform()}
            elif named.get(key) == UP:
                named = {**named, key: axes.get_xaxis_transform()}
        return getattr(axes, name)(*given, **named)

    @wraps(method)
    def call(self: Any, *given: Any, **named: Any) -> Any:
        is_known = must_be_named <= named.keys() <= named_too and least <= len(given) <= most
        if self.sheet.is_realised or not is_known:
            return said(self.sheet.axes_of(self), given, named)
        self.sheet.say(self, lambda axes: said(axes, given, named))
        try:
            return method(self, *given, **named)
        except NotPlain:  # matplotlib has been told as well
            return self.sheet.axes_of(self)

    return call
