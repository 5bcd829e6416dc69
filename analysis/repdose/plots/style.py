"""How figures look: the colours and lines of every report, told apart in greyscale.

A figure is drawn at the width of a page, and again at that of a phone, from the same numbers and
with text of the same size: one picture made smaller could not be read there.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ParamSpec
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

P = ParamSpec("P")
Drawn = tuple[Any, str]  # a figure, and its alt text

WIDTH, NARROW = 7.2, 3.6  # of a figure on a page, and on a phone [inch]
_width = ContextVar("width", default=WIDTH)
_again: WeakKeyDictionary[Any, Callable[[], Drawn]] = WeakKeyDictionary()

DARK, MIDDLE, LIGHT, GREY = "#1f2937", "#0072B2", "#b9d4e6", "#6b7280"
TEAL, RULE, GRID = "#0f766e", "#9ca3af", "#e5e7eb"
# Lines that are told apart by dash and place as well
SHADES = (DARK, MIDDLE, "#b45309", GREY, TEAL, "#9d174d", "#4f46e5")

# Of words on white ground of their own, where lines may pass behind them
GROUND: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 1}

# Okabe and Ito's colours, told apart with any colour vision; the lightest is left out.
COLOURS = (MIDDLE, "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#555555")

STYLE: dict[str, Any] = {
    "figure.figsize": (WIDTH, 4.2),
    "figure.dpi": 100,
    "figure.facecolor": "white",
    "figure.constrained_layout.use": True,
    "savefig.dpi": 160,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same everywhere
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": DARK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": "#4b5563",
    "ytick.color": "#4b5563",
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "svg.hashsalt": "repdose",  # element ids would be random without it
    "svg.fonttype": "path",
}


# Settings that use_style() has found, and those that it made of them
_known: list[dict[str, Any]] = []


def use_style() -> None:
    """Set matplotlib's defaults to the reports' own, whatever they were.

    Matplotlib checks each of some 300 settings; what it made of the same before is not checked
    again, as in a process that was forked.
    """
    import matplotlib as mpl
    from cycler import cycler

    found = _settings()
    if _known and found == _known[0]:
        setting: Any = mpl.rcParams
        dict.update(setting, _copied(_known[1]))
        return
    mpl.rcdefaults()
    settings: Any = STYLE | {"axes.prop_cycle": cycler(color=COLOURS)}
    mpl.rcParams.update(settings)
    _known[:] = [_copied(found), _copied(_settings())]


def _settings() -> dict[str, Any]:
    import matplotlib as mpl

    # Past the reading of rcParams, which would choose a backend
    settings: Any = mpl.rcParams
    return dict(dict.items(settings))


def _copied(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: list(one) if isinstance(one, list) else one for name, one in settings.items()}


def width() -> float:
    """Width that a figure is to be drawn at [inch]."""
    return _width.get()


def narrow() -> bool:
    """Whether a figure is being drawn for a phone."""
    return width() == NARROW


def wrapped(text: str, most: int, page: int | None = None) -> str:
    """Text in lines of at most so many characters on a phone, and on a page where that is given.

    The lines are about as long as each other, so that no word is left alone on the last.
    """
    limit = most if narrow() else page
    if limit is None:
        return text
    lines = textwrap.wrap(text, limit, break_long_words=False)
    if len(lines) < 2:
        return "\n".join(lines)
    for shorter in range(len("".join(lines)) // len(lines), limit):
        even = textwrap.wrap(text, shorter, break_long_words=False)
        if len(even) == len(lines):
            return "\n".join(even)
    return "\n".join(lines)


def two_widths(draw: Callable[P, Drawn]) -> Callable[P, Drawn]:
    """A function that draws a figure, so that :func:`for_phone` can have it drawn once more."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **given: P.kwargs) -> Drawn:
        figure, alt = draw(*args, **given)
        if not narrow():
            _again[figure] = functools.partial(drawn, *args, **given)
        return figure, alt

    return drawn


def for_phone(figure: Any) -> Any:
    """The figure drawn again at the width of a phone, if its function can do that."""
    again = _again.get(figure)
    if again is None:
        return None
    token = _width.set(NARROW)
    try:
        return again()[0]
    finally:
        _width.reset(token)


class Plotted:
    """A result that draws itself as reports do; its ``_picture`` says what."""

    __slots__ = ()

    def _picture(self) -> Callable[[Axes], None]:
        """What draws the result; a result that cannot be drawn refuses here."""
        raise NotImplementedError

    def plot(self, ax: Axes | None = None) -> Axes:
        """The result as reports draw it.

        A fit or a refit: its effects along the dose, by precision, with the mean and its two
        intervals. A published curve: over the doses that were studied, with the interval its
        source prints. A plan: sets of each week, with what is trained in each run of weeks above.

        Parameters
        ----------
        ax : Axes, optional
            What to draw on; new axes that look like a report's if not given.

        Returns
        -------
        Axes
            What was drawn on.

        Raises
        ------
        ValueError
            If a fit has no moderator, more than one, or one that is no number, or the highest
            dose that a curve was studied at was not seen.

        Examples
        --------
        >>> from repdose import dose_response
        >>> axes = dose_response.curve_of("pelland2026.size_volume").plot()
        >>> axes.get_xlabel()
        'Dose [fractional sets per muscle per week]'
        """
        draw = self._picture()
        axes = _new_axes() if ax is None else ax
        draw(axes)
        return axes


def _new_axes() -> Axes:
    """Axes that look like a report's and are known to pyplot, so that a notebook shows them."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    settings: Any = STYLE
    with mpl.rc_context(settings):
        return plt.subplots()[1]
