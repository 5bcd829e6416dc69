"""Widgets made of what a notebook declares: type, unit, range, words and meaning of each name."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, get_args, get_origin

import ipywidgets as widgets
from pydantic.fields import FieldInfo

from repdose.evidence.training.leg_raises import leg_raises
from repdose.inputs import scenarios, yaml_strict
from repdose.inputs.declared import unit
from repdose.inputs.validation import choices, limits

#: What a control hands on: the parameter's name, and how to read what it was set to.
Tell = Callable[[str, Callable[[], Any]], None]
# A slider's whole length in steps: at least so many
STEPS = 50
OWN = "own plan"
WIDTH = "100%"


class Control:
    """A parameter in the view: `box` holds its widgets, :meth:`show` sets them.

    Parameters
    ----------
    name : str
        Name of the parameter.
    field : FieldInfo
        What it is declared to be.
    tell : callable
        Told of each change that a person makes.
    """

    def __init__(self, name: str, field: FieldInfo, tell: Tell) -> None:
        self.name, self._tell, self._showing = name, tell, False
        self.label = label(name, field)
        self.box: widgets.Widget = widgets.VBox(self._made(field))
        self.box.add_class("repdose-line")

    def _made(self, field: FieldInfo) -> list[widgets.Widget]:
        raise NotImplementedError

    def _set(self, value: Any) -> None:
        raise NotImplementedError

    def show(self, value: Any) -> None:
        """Show a value without telling of it."""
        self._showing = True
        try:
            self._set(value)
        finally:
            self._showing = False

    def _listen(self, widget: widgets.Widget, read: Callable[[Any], Any]) -> None:
        """Tell of a person's changes, as `read` makes them plain."""

        def changed(change: Any) -> None:
            if not self._showing:
                self._tell(self.name, lambda: read(change["new"]))

        widget.observe(changed, "value")


class Quantity(Control):
    """A number: a box to type in, and a slider. What is typed is checked and never clamped."""

    def _made(self, field: FieldInfo) -> list[widgets.Widget]:
        low, high = limits(field)
        assert low is not None  # a declared number has a range
        assert high is not None
        whole = field.annotation is int
        self.typed = _described(widgets.Text(continuous_update=False), self.label)
        step = 1 if whole else nice_step(low, high)
        given = {"min": low, "max": high, "step": step, "readout": False}
        slider = widgets.IntSlider if whole else widgets.FloatSlider
        self.slider = slider(
            **given, continuous_update=False, layout=widgets.Layout(width=WIDTH, margin="2px 0")
        )
        digits = max(0, -math.floor(math.log10(step)))
        self._listen(self.slider, int if whole else lambda value: round(value, digits))
        self._listen(self.typed, plain)
        return [self.typed, self.slider]

    def _set(self, value: Any) -> None:
        self.typed.value = f"{value!r}".removesuffix(".0")
        self.slider.value = value


class Words(Control):
    """One of several words."""

    def _made(self, field: FieldInfo) -> list[widgets.Widget]:
        self.choice = _described(widgets.Dropdown(options=choices(field)), self.label)
        self._listen(self.choice, str)
        return [self.choice]

    def _set(self, value: Any) -> None:
        self.choice.value = value


class Typed(Control):
    """A text, as the path of a file."""

    def _made(self, field: FieldInfo) -> list[widgets.Widget]:  # noqa: ARG002
        self.typed = _described(widgets.Text(continuous_update=False), self.label, wide=True)
        self._listen(self.typed, str.strip)
        return [self.typed]

    def _set(self, value: Any) -> None:
        self.typed.value = str(value)


class OneOf(Control):
    """One of what there is: scenarios, or leg raises; a plan of one's own is another option."""

    def _made(self, field: FieldInfo) -> list[widgets.Widget]:
        is_plan = _kind(field) == "plan"
        there = scenarios.names() if is_plan else leg_raises()
        self.choice = _described(widgets.Dropdown(options=there), self.label)
        self._own: Any = None
        self._listen(self.choice, lambda value: self._own if value == OWN else value)
        return [self.choice]

    def _set(self, value: Any) -> None:
        if not isinstance(value, str):
            self._own = value
            if OWN not in self.choice.options:
                self.choice.options = [*self.choice.options, OWN]
            value = OWN
        self.choice.value = value


class SeveralOf(Control):
    """Several of what there is; with Ctrl or Shift, or the arrow keys with Ctrl and the space."""

    def _made(self, field: FieldInfo) -> list[widgets.Widget]:
        self._values: dict[str, Any] = {}
        there = scenarios.names() if _kind(field) == "plans" else _inner_words(field)
        self.choice = _described(widgets.SelectMultiple(rows=4), self.label, wide=True)
        self.offer(there)
        self._listen(self.choice, lambda names: [self._values[name] for name in names])
        return [self.choice]

    def offer(self, names: Sequence[str]) -> None:
        """Say what there is to choose from; what is chosen stays as far as it is there."""
        fresh = {name: self._values.get(name, name) for name in names}
        own = {name: one for name, one in self._values.items() if not isinstance(one, str)}
        if fresh | own == self._values:
            return
        was, self._showing = self._showing, True
        kept = [name for name in self.choice.value if name in fresh | own]
        self._values = fresh | own
        self.choice.options = list(self._values)
        self.choice.value = kept
        self._showing = was

    def _set(self, value: Any) -> None:
        named = {one if isinstance(one, str) else str(one.get("title")): one for one in value}
        if not named.keys() <= self._values.keys():
            self._values |= named
            self.choice.options = list(self._values)
        self._values |= named
        self.choice.value = list(named)


def control(name: str, field: FieldInfo, tell: Tell) -> Control:
    """The control of a declared parameter, by its type."""
    if field.annotation in (int, float):
        kind: type[Control] = Quantity
    elif choices(field):
        kind = Words
    elif get_origin(field.annotation) is list:
        kind = SeveralOf
    elif _kind(field) == "plan" or name.endswith("_variant"):
        kind = OneOf
    else:
        kind = Typed
    return kind(name, field, tell)


def label(name: str, field: FieldInfo) -> str:
    """Name of a parameter as a person reads it, with its unit.

    Examples
    --------
    >>> from repdose.inputs.declared import model
    >>> label("body_mass_kg", model("energy_cost").model_fields["body_mass_kg"])
    'Body mass [kg], 20 to 300'
    """
    of = unit(field)
    words = name.removesuffix(f"_{of}").replace("_", " ")
    words = LABELS.get(name, words[:1].upper() + words[1:])
    low, high = limits(field)
    within = f", {low:g} to {high:g}" if low is not None and high is not None else ""
    return f"{words} [{of}]{within}" if of else f"{words}{within}"


# Names that say too little by themselves
LABELS = {
    "table": "Your own trials, path of a CSV file or workbook (empty: the packaged ones)",
    "pre_post_r": "Correlation r of before and after (0: the outcome's own)",
    "rho": "Correlation ρ of errors within an arm",
    "form": "Form of the curve",
    "left_out": "Trials left out",
    "progression": "Plan",
    "progressions": "Plans",
    "indirect_weight": "What an indirect set counts",
    "low_sets": "Fewer weekly sets",
    "high_sets": "More weekly sets",
}


def nice_step(low: float, high: float) -> float:
    """A power of ten that parts a range into at least :data:`STEPS` steps.

    Examples
    --------
    >>> nice_step(20, 300), nice_step(0, 1)
    (1.0, 0.01)
    """
    return float(10 ** math.floor(math.log10((high - low) / STEPS)))


def plain(text: str) -> Any:
    """What was typed into a number's box, as ``repdose run -p`` reads it."""
    return yaml_strict.loads(text, name="value")


def _described(widget: widgets.Widget, words: str, *, wide: bool = False) -> Any:
    """A widget under its label, which belongs to it for whoever hears it too."""
    widget.description = words
    widget.style.description_width = "initial"
    widget.layout.width, widget.layout.height = WIDTH, "auto"
    widget.layout.flex_flow, widget.layout.margin = "row wrap", "2px 0"
    if wide:
        widget.add_class("repdose-wide")
    return widget


def _kind(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra.get("kind", "")) if isinstance(extra, dict) else ""


def _inner_words(field: FieldInfo) -> list[str]:
    (inner,) = get_args(field.annotation)
    words = get_args(inner)
    return [word for word in words if isinstance(word, str)]
