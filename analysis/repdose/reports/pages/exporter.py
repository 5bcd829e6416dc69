"""nbconvert's HTML exporter with the reports' own template."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML

from repdose.reports.pages.assets import TEMPLATE
from repdose.reports.pages.sanitized import sanitized

CELLS = 512  # whose colours are kept


class PageExporter(HTMLExporter):
    """Fills the template, and leaves out the second parse of the finished page.

    HTMLExporter parses it once more to write a placeholder where alt text is missing; the
    template writes alt text itself, and a third of the time is saved.
    """

    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: Any = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Page of a notebook, and the resources it was made with."""
        self.register_filter("highlight_code", self._coloured)  # type: ignore[no-untyped-call]
        self.register_filter("sanitized", sanitized)  # type: ignore[no-untyped-call]
        page: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, resources, **options
        )
        return page

    def _coloured(self, source: str, metadata: Any = None) -> str:
        """Code in colours; that of a notebook is the same in each of its reports."""
        if source.startswith("%%"):  # in the language of the magic
            return str(self._highlight(source, metadata=metadata))
        return self._kept(source)

    @cached_property
    def _highlight(self) -> Any:
        return Highlight2HTML(pygments_lexer="python", parent=self)  # type: ignore[no-untyped-call]

    @cached_property
    def _kept(self) -> Callable[[str], str]:
        return lru_cache(CELLS)(lambda source: str(self._highlight(source)))


def exporter() -> PageExporter:
    """An exporter; its template is compiled at its first page and kept."""
    return PageExporter(  # type: ignore[no-untyped-call]
        extra_template_basedirs=[str(TEMPLATE.parent)],
        template_name=TEMPLATE.name,
        optimistic_validation=True,  # once, and not after each step
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
