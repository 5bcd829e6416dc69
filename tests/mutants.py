"""Mutate what is printed, and see whether the fast tests notice: ``make mutants``.

Mutants are made by mutmut's operators over the table, figure, weekly-total and notebook layers,
and by one of our own: a word swapped for the one it is confused with (gross for net, low for
high). Tests are collected once; each mutant is a forked child that puts the mutated source in
place of the real one and runs the tests of that file until one fails. Prints the share caught and
every survivor; exits 1 below 90 %, or if a named regression survives.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import io
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

ROOT = Path(__file__).parent.parent
TIME_LIMIT_S = 60
WANTED = 0.9
CELL = "\n# %%\n"

# What is mutated, and which tests speak for it, the quickest first.
TESTS = {
    "analysis/tables.py": [
        "test_tables.py",
        "test_sentences.py",
        "[energy_cost-foundation",
        "[weekly_volume-foundation",
    ],
    "analysis/tables_reporting.py": ["test_tables.py", "test_tables_comparison.py"],
    "analysis/tables_mechanics.py": [
        "test_tables_mechanics.py",
        "test_mechanics_report.py",
        "[leg_raise_mechanics-",
    ],
    "analysis/tables_assumptions.py": [
        "test_tables_assumptions.py",
        "test_sentences.py",
        "[assumptions-foundation",
    ],
    "analysis/words.py": ["test_sentences.py"],
    "analysis/sentences_comparison.py": [
        "test_sentences.py",
        "test_tables_comparison.py",
        "[progression_comparison-",
    ],
    "analysis/tables_comparison.py": [
        "test_tables_comparison.py",
        "test_comparison_report.py",
        "[progression_comparison-",
    ],
    "analysis/claim_report.py": [
        "test_claim_report.py",
        "test_tables_claims.py",
        "test_sentences.py",
        "[claim_audit-",
    ],
    "analysis/weekly_totals.py": ["test_tables_weeks.py", "[progression_comparison-"],
    "analysis/average_week.py": ["test_tables_weeks.py", "[energy_cost-"],
    "analysis/figures.py": ["test_figures.py"],
    "analysis/figures_assumptions.py": ["test_figures_assumptions.py"],
    "analysis/figures_comparison.py": ["test_figures_comparison.py"],
    "analysis/figures_mechanics.py": ["test_figures_mechanics.py"],
    "notebooks/energy_cost.ipynb": ["[energy_cost-"],
    "notebooks/weekly_volume.ipynb": ["[weekly_volume-"],
    "notebooks/assumptions.ipynb": ["[assumptions-foundation"],
    "notebooks/leg_raise_mechanics.ipynb": ["[leg_raise_mechanics-"],
    "notebooks/progression_comparison.ipynb": ["[progression_comparison-"],
    "notebooks/claim_audit.ipynb": ["[claim_audit-"],
}

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
    *("use_style",),
}
WORDS = {"caption", "note"}  # prose beside numbers; the numbers in it are compared
LABELLED = "number"  # its second argument is a label: words
WORDING = {"assume", "say", "answer"}  # the same; numbers of an answer are held by their values
GUARDS = {"strict"}  # of zip: only faults of the code itself make a difference
CONSTANTS = {  # of how a figure looks
    *("DARK", "MIDDLE", "LIGHT", "SHADES", "DASHES", "STYLES", "WIDTH", "LINE", "CURVE", "HEIGHT"),
    *("ROOM", "APART", "SAMPLES", "TEMPO_S", "COLUMNS", "BINS"),
}
# Words that are taken for each other.
CONFUSED = [
    *(("gross", "net"), ("low", "high"), ("direct", "total"), ("working", "elapsed")),
    *(("first", "last"), ("up", "down"), ("mean", "peak"), ("least", "most"), ("min", "max")),
    *(("idxmin", "idxmax"), ("fractional", "total"), ("central", "low"), ("start", "end")),
    *(("sum", "mean"), ("work", "rest"), ("sets", "repetitions"), ("lowest", "highest")),
]
SWAP = {one: other for pair in CONFUSED for one, other in (pair, pair[::-1])}

# Wrong formulas that once passed every fast test: file, what is written, what was put instead.
REGRESSIONS = [
    (
        "analysis/tables.py",
        'session.net_kcal["central"]',
        'session.gross_kcal["central"]',
    ),
    (
        "analysis/tables.py",
        "({cell['direct']:g} to {cell['total']:g})",
        "({cell['total']:g} to {cell['direct']:g})",
    ),
    (
        "analysis/tables.py",
        '"Corrected MET": corrected',
        '"Corrected MET": found["central"].met.met',
    ),
    ("analysis/tables.py", "100 * part / whole", "100 * part / (whole + 1)"),
    (
        "analysis/figures.py",
        "({first['gross_low']:,.0f} to {first['gross_high']:,.0f} over",
        "({first['gross_high']:,.0f} to {first['gross_low']:,.0f} over",
    ),
    (
        "notebooks/energy_cost.ipynb",
        'mean["net_central"],\n    "kcal/week"',
        'mean["gross_central"],\n    "kcal/week"',
    ),
    (
        "notebooks/energy_cost.ipynb",
        'total["gross_central"],\n    "kcal"',
        'mean["gross_central"],\n    "kcal"',
    ),
    ("notebooks/weekly_volume.ipynb", 'weekly["sets"].iloc[-1]', 'weekly["sets"].iloc[0]'),
    (
        "analysis/tables_mechanics.py",
        '"Mean moment [N m]": rep.mean_nm',
        '"Mean moment [N m]": rep.work_up_j',
    ),
    (
        "analysis/tables_dose.py",
        '"95 % confidence": _intervals(answer, "low", "high")',
        '"95 % confidence": _intervals(answer, "pi_low", "pi_high")',
    ),
    (
        "analysis/weekly_totals.py",
        'cost["net_central"]',
        'cost["gross_central"]',
    ),
]


def source_of(target: str) -> str:
    if target.endswith(".ipynb"):
        import executed

        return CELL.join(executed.code(Path(target).stem)) + "\n"
    return (ROOT / target).read_text("utf-8")


@functools.cache
def operators():
    from mutmut.mutation import mutators

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

    METADATA_DEPENDENCIES = (cst.metadata.PositionProvider,)

    def __init__(self):
        self.found = []
        self.labels = []

    def on_visit(self, node):
        if isinstance(
            node, cst.Annotation | cst.Import | cst.ImportFrom | cst.Decorator | cst.Assert
        ):
            return False
        if isinstance(node, cst.SimpleStatementLine) and isinstance(node.body[0], cst.Expr):
            if isinstance(node.body[0].value, cst.SimpleString | cst.ConcatenatedString):
                return False
        if isinstance(node, cst.If) and getattr(node.test, "value", "") == "TYPE_CHECKING":
            return False
        if isinstance(node, cst.Raise):
            return False
        if isinstance(node, cst.Arg) and node.keyword is not None:
            if node.keyword.value in LOOKS | WORDS | GUARDS:
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
                self.found.append((node, mutated, position.start.line))
        return True

    @staticmethod
    def _of_looks(node, mutated):
        """Whether the argument that is gone is one of looks or words."""
        if len(mutated.args) == len(node.args):
            return False
        gone = [arg for arg in node.args if not any(arg is kept for kept in mutated.args)]
        return any(
            a.keyword is not None and a.keyword.value in LOOKS | WORDS | GUARDS for a in gone
        )


def mutants(target: str) -> Iterator[tuple[str, str, str]]:
    """Mutated sources of a file, each with its place and what was changed."""
    wrapper = cst.metadata.MetadataWrapper(cst.parse_module(source_of(target)))
    visitor = Visitor()
    wrapper.visit(visitor)
    whole = cst.Module([])

    def text(node):
        return " ".join(whole.code_for_node(node).split())

    for old, new, line in visitor.found:
        yield line, f"{text(old)}  ->  {text(new)}", functools.partial(_mutated, wrapper, old, new)


def _mutated(wrapper, old, new):
    return wrapper.module.deep_replace(old, new).code


def put(target: str, source: str) -> None:
    """Put a mutated source in place: of cells, or of a module and whoever imported from it."""
    if target.endswith(".ipynb"):
        import executed

        real, name = executed.code, Path(target).stem
        cells = source.rstrip("\n").split(CELL.strip("\n"))
        executed.code = lambda notebook: cells if notebook == name else real(notebook)
        return
    module = importlib.import_module(target.removesuffix(".py").replace("/", "."))
    before = dict(vars(module))
    exec(compile(source, target, "exec"), vars(module))
    replaced = {
        id(value): vars(module)[name]
        for name, value in before.items()
        if getattr(value, "__module__", None) == module.__name__ and name in vars(module)
    }
    for other in list(sys.modules.values()):
        for name, value in list(getattr(other, "__dict__", {}).items()):
            if id(value) in replaced and other is not module:
                setattr(other, name, replaced[id(value)])


class Runner:
    """Instead of running the tests once, run them against each mutant in a forked child."""

    def __init__(self, options):
        self.options = options

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        self.failures = run(session, self.options)
        return True


def chosen_tests(session, target):
    wanted = TESTS.get(target, [])
    found = []
    for part in wanted:
        found += [item for item in session.items if part in item.nodeid and item not in found]
    return [item for item in found if item.get_closest_marker("slow") is None]


def noticed(items) -> bool:
    """Whether a test fails."""
    from _pytest.runner import runtestprotocol

    for item, following in zip(items, [*items[1:], None], strict=True):
        reports = runtestprotocol(item, nextitem=following, log=False)
        if any(report.failed for report in reports):
            return True
    return False


def child(items, target, make) -> None:
    """Exit 0 if no test notices the mutant, 1 if one does."""
    signal.alarm(TIME_LIMIT_S)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    try:
        source = make()
        if source is not None:
            put(target, source)
        caught = noticed(items)
    except BaseException:
        caught = True
    os._exit(caught)


def warm() -> None:
    """Read every table and font once in the parent, so that children need not."""
    import executed
    import worked_reports

    from analysis.reports import figure_files

    # Not of the mutated layers, and much of the time of a report: the file formats
    figure_files.written = lambda fig: (fig.canvas and b"", "")
    with contextlib.redirect_stdout(io.StringIO()):
        for notebook, (_, scenarios) in worked_reports.WORKED.items():
            executed.run(notebook, **executed.chosen(notebook, scenarios[0]))


def run(session, options) -> int:
    warm()
    jobs = []
    for target in TESTS:
        if options.only and not any(part in target for part in options.only):
            continue
        items = chosen_tests(session, target)
        if not items:
            raise SystemExit(f"{target}: no test was collected for it")
        jobs.append((target, 0, "unchanged", items, lambda: None))
        jobs += [(target, line, what, items, make) for line, what, make in mutants(target)]
    for target, old, new in REGRESSIONS:
        if options.only and not any(part in target for part in options.only):
            continue
        source = source_of(target)
        if source.count(old) < 1:
            raise SystemExit(f"{target}: no longer has {old!r}; write the regression anew")
        items = chosen_tests(session, target)
        jobs.append((target, -1, new, items, lambda s=source, o=old, n=new: s.replace(o, n, 1)))
    first = [job for job in jobs if job[1] <= 0]
    rest = [job for job in jobs if job[1] > 0]
    if options.sample and options.sample < len(rest):
        rest = random.Random(1).sample(rest, options.sample)
    print(f"{len(rest)} mutants, {len(REGRESSIONS)} named", flush=True)
    outcomes = fork_all([*first, *rest], options.jobs)
    return tell(outcomes)


def fork_all(jobs, limit):
    """Outcome of each job: (job, caught, seconds)."""
    outcomes, running = [], {}
    for job in [*jobs, None]:
        while running and (len(running) >= limit or job is None):
            pid, status = os.wait()
            done, started = running.pop(pid)
            outcomes.append((done, status != 0, time.monotonic() - started))
        if job is not None:
            target, _, _, items, make = job
            pid = os.fork()
            if pid == 0:
                child(items, target, make)
            running[pid] = (job, time.monotonic())
    return outcomes


def tell(outcomes) -> int:
    wrong = [job[0] for job, caught, _ in outcomes if job[2] == "unchanged" and caught]
    if wrong:
        print(f"tests fail on the unchanged source of {', '.join(wrong)}")
        return 1
    named = [(job, caught) for job, caught, _ in outcomes if job[1] < 0]
    missed = [job for job, caught in named if not caught]
    made = [(job, caught, spent) for job, caught, spent in outcomes if job[1] > 0]
    for target in TESTS:
        mine = [caught for job, caught, _ in made if job[0] == target]
        if mine:
            spent = sum(spent for job, _, spent in made if job[0] == target)
            print(f"{target}: {sum(mine)} of {len(mine)} caught, {spent:.0f} s")
    for job, caught, _ in sorted(made, key=lambda one: (one[0][0], one[0][1])):
        if not caught:
            print(f"survived {job[0]}:{job[1]}: {job[2][:240]}")
    for job in missed:
        print(f"survived, named: {job[0]}: {job[2]}")
    share = sum(caught for _, caught, _ in made) / max(len(made), 1)
    print(f"{len(named) - len(missed)} of {len(named)} named regressions caught")
    print(f"{100 * share:.1f} % of {len(made)} mutants caught")
    return int(bool(missed) or share < WANTED)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of file names; all by default")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="so many mutants, by a fixed seed")
    options = parser.parse_args()
    started = time.monotonic()
    os.chdir(ROOT)
    files = sorted(
        {f"tests/{part}" for parts in TESTS.values() for part in parts if part.endswith(".py")}
    )
    files = [file for file in files if Path(file).exists()]
    runner = Runner(options)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("MPLCONFIGDIR", folder)
        arguments = ["-q", "-p", "no:cacheprovider", "-s", "tests/test_reports_numbers.py"]
        pytest.main([*arguments, *files], plugins=[runner])
    print(f"{(time.monotonic() - started) / 60:.1f} minutes")
    return runner.failures


if __name__ == "__main__":
    sys.exit(main())
