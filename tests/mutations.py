"""Mutants of a source: mutmut's operators, and words swapped for those they are taken for."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import libcst as cst
from mutmut.mutation import mutators

# Not mutated, with the reason.
LOOKS = {  # arguments that change how a figure looks and nothing that it says
    *("color", "colors", "cmap", "linewidth", "linestyle", "marker", "markersize", "alpha"),
    *("markerfacecolor", "fontsize", "fontweight", "labelsize", "length", "layout", "figsize"),
    *("ha", "va", "xytext", "textcoords", "zorder", "frameon", "loc", "bbox_to_anchor"),
    *("width_ratios", "height_ratios", "height", "interpolation", "aspect", "squeeze"),
    *("annotation_clip", "foreground", "edgecolor", "labelbottom", "vmin", "vmax", "linewidths"),
}
LOOKING = {  # calls of the same kind
    *("grid", "tick_params", "set_major_locator", "MaxNLocator", "set_path_effects", "Stroke"),
    *("set_color", "set_fontweight", "legend", "minorticks_off", "set_bounds", "Normal"),
    *("use_style", "drawing"),
}
WORDS = {"caption", "note"}  # prose beside numbers; the numbers in it are compared
LABELLED = "number"  # its second argument is a label: words
WORDING = {"assume", "say", "answer"}  # the same; numbers of an answer are held by their values
GUARDS = {"strict"}  # of zip: only faults of the code itself make a difference
CONSTANTS = {  # of how a figure looks
    *("DARK", "MIDDLE", "LIGHT", "SHADES", "DASHES", "STYLES", "WIDTH", "LINE", "CURVE", "HEIGHT"),
    *("ROOM", "APART", "SAMPLES", "TEMPO_S", "COLUMNS", "BINS", "POINTS", "ROW", "TALLEST", "GREY"),
    *("TEAL", "RULE", "GRID"),
}
# Words that are taken for each other.
CONFUSED = [
    *(("gross", "net"), ("low", "high"), ("direct", "total"), ("working", "elapsed")),
    *(("first", "last"), ("up", "down"), ("mean", "peak"), ("least", "most"), ("min", "max")),
    *(("idxmin", "idxmax"), ("fractional", "total"), ("central", "low"), ("start", "end")),
    *(("sum", "mean"), ("work", "rest"), ("sets", "repetitions"), ("lowest", "highest")),
]
SWAP = {one: other for pair in CONFUSED for one, other in (pair, pair[::-1])}


@functools.cache
def operators():
    def strings(node):
        # "XX...XX" alone: other letter case is the same kind of fault
        yield from list(mutators.operator_string(node))[:1]

    def confused(node):
        if isinstance(node, cst.SimpleString):
            for match in re.finditer(r"[a-z]+", node.value):
                if match[0] in SWAP:
                    swapped = SWAP[match[0]]
                    value = node.value[: match.start()] + swapped + node.value[match.end() :]
                    yield node.with_changes(value=value)
        elif isinstance(node, cst.Attribute):
            words = node.attr.value.split("_")
            for place, word in enumerate(words):
                if word in SWAP:
                    name = "_".join([*words[:place], SWAP[word], *words[place + 1 :]])
                    yield node.with_changes(attr=cst.Name(name))

    def removal(node):
        # An argument left out; an argument of None is the same kind of fault
        if len(node.args) > 1:
            for place in range(len(node.args)):
                yield node.with_changes(args=[*node.args[:place], *node.args[place + 1 :]])

    chosen = []
    for kind, operator in mutators.mutation_operators:
        if operator is mutators.operator_string:
            operator = strings
        if operator is mutators.operator_arg_removal:
            operator = removal
        chosen.append((kind, operator))
    return [*chosen, (cst.SimpleString, confused), (cst.Attribute, confused)]


def name_of(call: cst.Call) -> str:
    return (
        call.func.attr.value
        if isinstance(call.func, cst.Attribute)
        else getattr(call.func, "value", "")
    )


class Visitor(cst.CSTVisitor):
    """Collect mutants; skip annotations, docstrings, imports and what is declared above."""

    METADATA_DEPENDENCIES = (cst.metadata.PositionProvider, cst.metadata.ByteSpanPositionProvider)

    def __init__(self):
        self.found = []
        self.inside = []
        self.statements = []
        self.labels = []

    def on_visit(self, node):
        if isinstance(node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            place = self.get_metadata(cst.metadata.PositionProvider, node)
            last = place.end.line
            if isinstance(node, cst.BaseCompoundStatement) and hasattr(node, "body"):
                last = self.get_metadata(cst.metadata.PositionProvider, node.body).start.line
            self.statements.append((place.start.line, last))
        if isinstance(
            node, cst.Annotation | cst.Import | cst.ImportFrom | cst.Decorator | cst.Assert
        ):
            return False
        alone = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
        if isinstance(alone, cst.Expr) and isinstance(alone.value, cst.SimpleString):
            return False  # a docstring
        if isinstance(node, cst.If) and getattr(node.test, "value", "") == "TYPE_CHECKING":
            return False
        if isinstance(node, cst.Raise):
            return False
        keyword = node.keyword if isinstance(node, cst.Arg) else None
        if keyword is not None and keyword.value in LOOKS | WORDS | GUARDS:
            return False
        if isinstance(node, cst.Call) and name_of(node) in LOOKING | WORDING:
            return False
        if isinstance(node, cst.Assign | cst.AnnAssign):
            target = node.targets[0].target if isinstance(node, cst.Assign) else node.target
            if getattr(target, "value", "") in CONSTANTS:
                return False
        if any(node is label for label in self.labels):
            return False
        if isinstance(node, cst.Call) and name_of(node) == LABELLED and len(node.args) > 1:
            self.labels.append(node.args[1])
        position = self.get_metadata(cst.metadata.PositionProvider, node, None)
        for kind, operator in operators():
            if not isinstance(node, kind):
                continue
            for mutated in operator(node):
                if isinstance(node, cst.Call) and self._of_looks(node, mutated):
                    continue
                function = self.inside[0] if self.inside else ""
                span = self.get_metadata(cst.metadata.ByteSpanPositionProvider, node)
                lines = self.statements[-1]
                self.found.append((node, mutated, position.start.line, lines, function, span))
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.inside.append(node.name.value)
        return True

    def on_leave(self, original_node):
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self.inside.pop()
        if isinstance(original_node, cst.SimpleStatementLine | cst.BaseCompoundStatement):
            self.statements.pop()

    @staticmethod
    def _of_looks(node, mutated):
        """Whether the argument that is gone is one of looks or words."""
        if len(mutated.args) == len(node.args):
            return False
        gone = [arg for arg in node.args if not any(arg is kept for kept in mutated.args)]
        return any(
            a.keyword is not None and a.keyword.value in LOOKS | WORDS | GUARDS for a in gone
        )


class Mutant(NamedTuple):
    """One change of a source: where it stands, by number and by words, and what it gives."""

    line: int
    lines: tuple[int, int]  # first and last of its statement, or of the head of one with a body
    function: str  # at the top level; empty outside
    text: str  # of the line
    change: str
    nth: int  # of this very change in the lines of these words, in this function
    make: Callable[[], str]


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a source."""
    wrapper = cst.metadata.MetadataWrapper(cst.parse_module(source))
    visitor = Visitor()
    wrapper.visit(visitor)
    whole = cst.Module([])

    def text(node):
        return " ".join(whole.code_for_node(node).split())

    lines, written = source.splitlines(), source.encode()
    times: Counter[tuple[str, str, str]] = Counter()
    for old, new, line, statement, function, span in visitor.found:
        place = (function, lines[line - 1].strip(), f"{text(old)}  ->  {text(new)}")
        times[place] += 1
        before, after = written[: span.start], written[span.start + span.length :]
        make = functools.partial(_put, before, _bare(whole, new), after)
        yield Mutant(line, statement, *place, times[place], make)


def _bare(whole, node) -> str:
    """Code of a node without the parentheses around it: its place leaves them out."""
    if getattr(node, "lpar", ()):
        node = node.with_changes(lpar=[], rpar=[])
    return whole.code_for_node(node)


def _put(before, code, after) -> str:
    return (before + code.encode() + after).decode()
