"""The view of a state: widgets that draw it, and hand what a person sets to the state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from repdose.evidence.input_files import content_of
from repdose.evidence.packs import stacked
from repdose.explorer import regions
from repdose.explorer.answers import Answer
from repdose.explorer.controls import Control, SeveralOf, control
from repdose.explorer.pictures import picture
from repdose.explorer.state import State
from repdose.inputs import yaml_strict
from repdose.inputs.cells import title_of
from repdose.inputs.notebooks import find

# ipywidgets gives a slider's handle no name to be read out: it takes that of the box beside it
NAMED = """<script>
(() => {
  if (window.repdoseNamed) return;
  window.repdoseNamed = true;
  const name = () => {
    for (const line of document.querySelectorAll(".repdose-line")) {
      const label = line.querySelector("label");
      const handle = line.querySelector(".noUi-handle:not([aria-label])");
      if (label && handle) handle.setAttribute("aria-label", `${label.textContent}, slider`);
    }
  };
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  name();
})();
</script>"""


class Explorer:
    """A notebook's numbers and figure, to move its parameters and see.

    Shown by the last line of a cell. Whatever cannot be used is refused in a sentence below the
    controls, and the view stays as it was. After the kernel was restarted the view stands still,
    with the numbers it showed last: run its cell again.

    Parameters
    ----------
    state : State
        What to begin with.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._answer = state.results()
        self._controls: dict[str, Control] = {
            name: control(name, field, self._told)
            for name, field in type(state.parameters).model_fields.items()
        }
        self.leading, self.numbers, self.figure = (widgets.HTML() for _ in range(3))
        self.sources, self.refused = widgets.HTML(), widgets.HTML(regions.refused(""))
        self.text = _area("This view as YAML; change it and apply it", rows=10)
        self.apply = widgets.Button(description="Apply the YAML")
        self.apply.on_click(lambda _: self._applied())
        self.cell = _area("As the parameters cell of the notebook", rows=6)
        self.command = _area("As a command", rows=3)
        self.exchange = widgets.VBox([self.text, self.apply, self.cell, self.command])
        self.exchange.layout.display = "none"
        self.more = widgets.ToggleButton(description="Export and import", value=False)
        self.more.observe(self._unfold, "value")
        self._given = ""
        self.box = self._box()
        with stacked(state.packs):
            self._draw()

    @property
    def state(self) -> State:
        """What is shown, as values."""
        return self._state

    @property
    def answer(self) -> Answer:
        """Numbers, figure and sources as they are shown."""
        return self._answer

    def set(self, **given: Any) -> None:
        """Show other parameters.

        Raises
        ------
        ValueError
            If they are refused; the view stays as it was.
        """
        self._become(self._state.changed(**given))

    def save(self, path: str | Path) -> Path:
        """Write the state as YAML, for ``repdose run NOTEBOOK -f``.

        Raises
        ------
        ValueError
            If the name does not end in .yaml or .yml.
        FileExistsError
            If there is such a file.
        """
        out = Path(path).expanduser()
        if out.suffix not in (".yaml", ".yml"):
            raise ValueError(f"{str(path)!r}: the name of the file must end in .yaml")
        with out.open("x", encoding="utf-8") as file:
            file.write(self._state.yaml())
        return out

    def load(self, path: str | Path) -> None:
        """Show what a YAML file gives: a scenario, or parameters by name.

        Raises
        ------
        ValueError, OSError
            If it is refused or cannot be read; the view stays as it was.
        """
        file = Path(path).expanduser()
        text = content_of(file, most=yaml_strict.MAX_BYTES).decode("utf-8-sig")
        self._become(self._state.from_yaml(text, name=file.name))

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        # A widget's own HTML runs no script
        display(HTML(NAMED))  # type: ignore[no-untyped-call]
        display(self.box)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        main = "; ".join(one.text for one in self._answer.numbers if one.headline)
        return f"<Explorer of {self._state.notebook}: {main}>"

    # -- what a person does ----------------------------------------------------------------------

    def _told(self, name: str, read: Callable[[], Any]) -> None:
        self._attempt(lambda: self._state.changed(**{name: _read(name, read)}))

    def _applied(self) -> None:
        self._attempt(lambda: self._state.from_yaml(self.text.value))

    def _attempt(self, make: Callable[[], State]) -> None:
        """Show the state that is made; what refuses it is told, and nothing else changes."""
        try:
            self._become(make())
        except (ValueError, OSError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            self.refused.value = regions.refused(f"Not changed. {said}")

    def _become(self, state: State) -> None:
        answer = state.results()
        self._state, self._answer = state, answer
        self.refused.value = regions.refused("")
        with stacked(state.packs):
            self._draw()

    # -- what is drawn ---------------------------------------------------------------------------

    def _draw(self) -> None:
        """Numbers first: they are there while the figure is drawn."""
        answer = self._answer
        self.leading.value, self.numbers.value = regions.leading(answer), regions.numbers(answer)
        for name, value in self._state.parameters.model_dump().items():
            mine = self._controls[name]
            if isinstance(mine, SeveralOf) and name in answer.options:
                mine.offer(answer.options[name])
            mine.show(value)
        self.figure.value = regions.figure(*picture(answer.draw))
        self.sources.value = regions.sources(answer)
        text = self._state.yaml()
        if self.text.value == self._given:  # what a person is writing stays
            self.text.value = text
        self._given = text
        self.cell.value, self.command.value = self._state.cell(), self._state.command()

    def _unfold(self, change: Any) -> None:
        self.exchange.layout.display = None if change["new"] else "none"

    def _box(self) -> widgets.Widget:
        title = title_of(find(self._state.notebook).path)
        head = widgets.HTML(f"{regions.STYLE}<h3>{title}</h3>")
        left = widgets.VBox([one.box for one in self._controls.values()])
        left.layout.flex, left.layout.min_width = "1 1 17rem", "15rem"
        right = widgets.VBox([self.leading, self.figure, self.numbers, self.sources])
        right.layout.flex, right.layout.min_width = "3 1 28rem", "18rem"
        middle = widgets.HBox([left, right])
        middle.layout.flex_flow, middle.layout.grid_gap = "row wrap", "1.5rem"
        box = widgets.VBox([head, self.refused, middle, self.more, self.exchange])
        box.add_class("repdose-explorer")
        return box


def _read(name: str, read: Callable[[], Any]) -> Any:
    """What was set; a text that cannot be read is refused under the parameter's name."""
    try:
        return read()
    except ValueError as error:
        raise ValueError(f"{name}: {str(error).removeprefix('value: ')}") from None


def _area(words: str, rows: int) -> Any:
    area = widgets.Textarea(description=words, rows=rows, continuous_update=False)
    area.style.description_width = "initial"
    area.layout.width, area.layout.flex_flow, area.layout.height = "100%", "column", "auto"
    return area
