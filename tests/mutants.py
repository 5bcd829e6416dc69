"""Mutate what is printed, and see whether the fast tests notice: ``make mutants``.

Mutants are made by mutmut's operators over the table, figure, weekly-total and notebook layers,
and by one of our own: a word swapped for the one it is confused with (gross for net, low for
high). Tests are collected once; each mutant is a forked child that puts the mutated source in
place of the real one and runs the tests that reach what was changed until one fails, first those
that have caught the most for their seconds. Prints the share caught and every survivor; exits 1
below 90 %, if a named regression survives, if a survivor is not explained in
``mutants_explained.yaml``, or if an explanation there explains nothing that survives.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import importlib
import io
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import pytest
import yaml
from mutations import Mutant, mutants

ROOT = Path(__file__).parent.parent
TIME_LIMIT_S = 60
WANTED = 0.9
CELL = "\n# %%\n"
# What the remembered answers of slow functions are made by
BELOW = {
    "analysis/repdose/progression/totals.py",
    "analysis/repdose/energy/average_week.py",
}

# A test that starts a process of its own sees no mutant
APART = "test_matplotlib_is_loaded_by_the_first_plot_alone"

# What is mutated, and which tests speak for it.
TESTS = {
    "analysis/repdose/tables/energy_cost.py": [
        "tables/test_energy_cost.py",
        "tables/test_words.py",
        "[energy_cost-foundation",
    ],
    "analysis/repdose/tables/weekly_volume.py": [
        "tables/test_energy_cost.py",
        "tables/test_weekly_volume.py",
        "tables/test_words.py",
        "[weekly_volume-foundation",
    ],
    "analysis/repdose/tables/plans.py": [
        "tables/test_energy_cost.py",
        "tables/test_plans.py",
        "test_which_exercises_no_row_names",
        "test_a_met_of_a_pack",
        "[energy_cost-foundation",
        "[weekly_volume-foundation",
    ],
    "analysis/repdose/tables/cert.py": [
        "tables/test_energy_cost.py",
        "tables/test_progression_comparison.py",
    ],
    "analysis/repdose/tables/leg_raise_mechanics.py": [
        "tables/test_leg_raise_mechanics.py",
        "notebooks/test_leg_raise_mechanics.py",
        "[leg_raise_mechanics-",
    ],
    "analysis/repdose/tables/assumptions.py": [
        "tables/test_assumptions.py",
        "tables/test_words.py",
        "[assumptions-foundation",
    ],
    "analysis/repdose/tables/words.py": ["tables/test_words.py", "tables/test_energy_cost.py"],
    "analysis/repdose/tables/sentences/progression_comparison.py": [
        "tables/test_words.py",
        "tables/sentences/test_progression_comparison.py",
        "tables/test_progression_comparison.py",
        "notebooks/test_progression_comparison.py",
        "[progression_comparison-",
    ],
    "analysis/repdose/tables/progression_comparison.py": [
        "tables/test_progression_comparison.py",
        "notebooks/test_progression_comparison.py",
        "[progression_comparison-",
    ],
    # by curves and trials made up in the test: fits of the packaged ones are two fifths of a run
    "analysis/repdose/tables/dose_response.py": ["tables/test_dose_response.py"],
    "analysis/repdose/tables/between_arms.py": ["tables/test_between_arms.py"],
    "analysis/repdose/tables/sentences/between_arms.py": ["tables/sentences/test_between_arms.py"],
    "analysis/repdose/tables/sentences/dose_response.py": [
        "tables/sentences/test_dose_response.py",
        "test_what_was_never_studied",
    ],
    "analysis/repdose/tables/stated/energy_cost.py": [
        "tables/test_labels.py",
        "[energy_cost-",
        "energy_follows",
    ],
    "analysis/repdose/tables/stated/weekly_volume.py": [
        "tables/test_labels.py",
        "[weekly_volume-",
        "volume_follows",
    ],
    "analysis/repdose/tables/stated/progression_comparison.py": [
        "tables/test_labels.py",
        "notebooks/test_progression_comparison.py",
        "[progression_comparison-",
    ],
    "analysis/repdose/tables/stated/dose_response.py": [
        "tables/test_labels.py",
        "default_report_states_the_numbers_of_metafor",
    ],
    "analysis/repdose/tables/stated/activity_and_risk.py": [
        "tables/test_labels.py",
        "test_every_number_is_the_one_worked_by_plain_algebra[foundation",
        "test_headlines_kinds_and_notes[foundation",
    ],
    "analysis/repdose/tables/claim_audit.py": [
        "notebooks/test_claim_audit.py",
        "tables/test_claim_audit.py",
        "tables/test_words.py",
        "[claim_audit-",
    ],
    "analysis/repdose/progression/totals.py": [
        "progression/test_two_stages.py",
        "progression/test_two_sessions.py",
        "plans/test_common_programme.py",
        "[progression_comparison-",
    ],
    "analysis/repdose/energy/average_week.py": ["progression/test_two_stages.py", "[energy_cost-"],
    "analysis/repdose/figures/energy_cost.py": [
        "figures/test_energy_cost.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/weekly_volume.py": [
        "figures/test_energy_cost.py",
        "figures/test_weekly_volume.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/claim_audit.py": [
        "notebooks/test_claim_audit.py",
        "tables/test_claim_audit.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/assumptions.py": [
        "figures/test_assumptions.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/progression_comparison.py": [
        "figures/test_progression_comparison.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/leg_raise_mechanics.py": [
        "figures/test_leg_raise_mechanics.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/dose_response.py": [
        "figures/test_dose_response.py",
        "figures/test_meta_analysis.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/figures/meta_analysis.py": [
        "figures/test_dose_response.py",
        "figures/test_meta_analysis.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/tables/activity_and_risk.py": [
        "tables/test_activity_and_risk.py",
        "test_every_number_is_the_one_worked_by_plain_algebra[foundation",
        "test_a_report_shows_its_tables_and_figures[foundation",
    ],
    "analysis/repdose/tables/sentences/activity_and_risk.py": [
        "tables/sentences/test_activity_and_risk.py",
        "test_the_answer_is_short_and_has_the_numbers_and_the_caution[foundation",
    ],
    "analysis/repdose/figures/activity_and_risk.py": [
        "figures/test_activity_and_risk.py",
        "figures/test_phone.py",
    ],
    "analysis/repdose/plots/dose.py": ["plots/test_plots.py", "figures/test_dose_response.py"],
    "analysis/repdose/plots/weeks.py": ["plots/test_plots.py", "figures/test_energy_cost.py"],
    "notebooks/energy_cost.ipynb": [
        "[energy_cost",
        "energy_follows",
        "of_its_plan_and",
        "test_sessions.py::test_energy_of_each",
    ],
    "notebooks/weekly_volume.ipynb": [
        "[weekly_volume",
        "volume_follows",
        "what_the_volume_load_leaves_out",
    ],
    "notebooks/assumptions.ipynb": [
        "default_is_placed_among_the_draws",
        "the_assumptions_report",
        "the_threshold_tables",
        "intensity_of_a_plan",
        "[assumptions-foundation",
        "[assumptions]",
        "assumptions_follows",
    ],
    "notebooks/leg_raise_mechanics.ipynb": ["[leg_raise_mechanics", "mechanics_follows"],
    "notebooks/progression_comparison.ipynb": [
        "[progression_comparison",
        "a_comparison",
        "of_sessions_and_of_one_exercise",
    ],
    "notebooks/claim_audit.ipynb": ["[claim_audit"],
    "notebooks/dose_response.ipynb": [
        "as_it_stands_opens",
        "default_report_states_the_numbers_of_metafor",
    ],
    "notebooks/activity_and_risk.ipynb": [
        "as_it_stands_opens_with_the_defaults_typed_here[activity_and_risk",
        "algebra[foundation",
        "headlines_kinds_and_notes[foundation",
        "the_caution[foundation",
        "tables_and_figures[foundation",
        "cites_what_it_reads",
        "report_follows_its_shape",
        "beyond_the_doses_studied",
    ],
}

# Wrong formulas that once passed every fast test: file, what is written, what was put instead.
REGRESSIONS = [
    (
        "analysis/repdose/tables/energy_cost.py",
        '"Week, net [kcal]": times * spent.net_kcal["central"]',
        '"Week, net [kcal]": times * spent.gross_kcal["central"]',
    ),
    (
        "analysis/repdose/tables/weekly_volume.py",
        "({cell['direct']:g} to {cell['total']:g})",
        "({cell['total']:g} to {cell['direct']:g})",
    ),
    (
        "analysis/repdose/tables/energy_cost.py",
        '"Corrected MET": corrected',
        '"Corrected MET": found["central"].met.met',
    ),
    ("analysis/repdose/tables/words.py", "100 * part / whole", "100 * part / (whole + 1)"),
    (
        "analysis/repdose/figures/energy_cost.py",
        "({first['gross_low']:,.0f} to {first['gross_high']:,.0f} over",
        "({first['gross_high']:,.0f} to {first['gross_low']:,.0f} over",
    ),
    (
        "analysis/repdose/tables/stated/energy_cost.py",
        '"net",\n            id="weekly_net_energy"',
        '"gross",\n            id="weekly_net_energy"',
    ),
    (
        "analysis/repdose/tables/stated/energy_cost.py",
        'total,\n            "gross",',
        'mean,\n            "gross",',
    ),
    (
        "analysis/repdose/tables/stated/weekly_volume.py",
        'weekly["sets"].iloc[-1]',
        'weekly["sets"].iloc[0]',
    ),
    (
        "analysis/repdose/tables/leg_raise_mechanics.py",
        '"Mean moment [N m]": rep.mean_nm',
        '"Mean moment [N m]": rep.work_up_j',
    ),
    (
        "analysis/repdose/tables/dose_response.py",
        'intervals(answer, "low", "high")',
        'intervals(answer, "pi_low", "pi_high")',
    ),
    (
        "analysis/repdose/progression/totals.py",
        'cost["net_central"]',
        'cost["gross_central"]',
    ),
]


def source_of(target: str) -> str:
    if target.endswith(".ipynb"):
        import executed

        return CELL.join(executed.code(Path(target).stem)) + "\n"
    return (ROOT / target).read_text("utf-8")


def put(target: str, source: str) -> None:
    """Put a mutated source in place: of cells, or of a module and whoever imported from it."""
    if target.endswith(".ipynb"):
        import executed

        real, name = executed.code, Path(target).stem
        cells = source.rstrip("\n").split(CELL.strip("\n"))
        executed.code = lambda notebook: cells if notebook == name else real(notebook)
        return
    module, importers = names_of(target)
    exec(compile(source, target, "exec"), vars(module))
    for other, name, own in importers:
        if own in vars(module):
            setattr(other, name, vars(module)[own])


@functools.cache
def names_of(target):
    """The target's module, and where the project or a test has a name of its own for a part of it.

    Asked for before children are made: to look through modules would copy their pages.
    """
    inside = Path(target).relative_to("analysis").with_suffix("")
    module = importlib.import_module(".".join(inside.parts))
    # Tests imported a function before it was made one that remembers its answers
    parts = {
        id(one): name
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == module.__name__
        for one in (value, getattr(value, "__wrapped__", value))
    }
    found = []
    for other in ours():
        if other is module:
            continue
        imports = f"from {module.__name__} import" in Path(other.__file__).read_text("utf-8")
        for name, value in vars(other).items():
            if id(value) in parts:
                found.append((other, name, parts[id(value)]))
            elif imports and name.isupper() and vars(module).get(name) is value:
                found.append((other, name, name))
    return module, found


@functools.cache
def ours():
    """Modules of the project and of its tests."""
    known = [one for one in list(sys.modules.values()) if getattr(one, "__file__", None)]
    return [
        one
        for one in known
        if Path(one.__file__).is_relative_to(ROOT) and ".venv" not in Path(one.__file__).parts
    ]


class Runner:
    """Instead of running the tests once, run them against each mutant in a forked child."""

    def __init__(self, options):
        self.options = options
        self.failures = 1  # unless the tests are collected and run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        self.failures = run(session, self.options)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        """Whether a test failed, and nothing of how: words for it are most of its seconds."""
        failed = call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception)
        how = "failed" if failed else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, how, None, call.when)


def chosen_tests(session, target):
    found = []
    for part in TESTS[target]:
        found += [item for item in session.items if part in item.nodeid and item not in found]
    found = [one for one in found if one.get_closest_marker("slow") is None and one.name != APART]
    if not found:
        raise SystemExit(f"{target}: no test was collected for it")
    return found


def passes(item, following=None) -> bool:
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, nextitem=following, log=False)
    return not any(report.failed for report in reports)


def quiet() -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)


def in_a_child(work) -> int:
    """Process that does the work and exits with what it returns."""
    pid = os.fork()
    if pid:
        return pid
    quiet()
    gc.disable()
    # of its own time: others may use the cores
    signal.setitimer(signal.ITIMER_PROF, TIME_LIMIT_S)
    try:
        code = work()
    except BaseException:
        code = CAUGHT
    os._exit(code)


def marked(source, reached):
    """The source with a call before each statement of a function that tells which it is."""
    tree = ast.parse(source)
    for top in tree.body:
        if not isinstance(top, ast.FunctionDef | ast.ClassDef):
            continue
        for node in list(ast.walk(top)):
            for name in () if isinstance(node, ast.ClassDef) else ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    calls = [f"{reached}({top.name!r}, {one.lineno})" for one in block]
                    calls = [ast.parse(call).body[0] for call in calls]
                    pairs = zip(calls, block, strict=True)
                    setattr(node, name, [one for pair in pairs for one in pair])
    return tree


def touched(items, target, path) -> int:
    """Write which functions and lines of the target each test runs, and its seconds."""
    import builtins

    import executed

    remember(target)
    notebook = target.endswith(".ipynb")
    functions, lines, found = set(), set(), []
    if notebook:
        real = executed.code

        def read(name):
            if name == Path(target).stem:
                functions.add("")
            return real(name)

        executed.code = read
    else:

        def reached(name, line):
            functions.add(name)
            lines.add(line)

        builtins.reached_by_a_test = reached
        put(target, marked(source_of(target), "reached_by_a_test"))
    for item in items:
        signal.setitimer(signal.ITIMER_PROF, TIME_LIMIT_S)
        functions.clear()
        lines.clear()
        # nothing kept from the test before: fixtures are made, and reports run, anew
        executed.report.cache_clear()
        started = time.process_time()
        if not passes(item):
            path.write_text(json.dumps(item.nodeid), "utf-8")
            return CAUGHT
        found.append((time.process_time() - started, sorted(functions), sorted(lines)))
    path.write_text(json.dumps(found), "utf-8")
    return SURVIVED


class Telling:
    """A target's tests in the order of what each has caught for its seconds."""

    def __init__(self, items, runs):
        self.items, self.runs = items, runs
        self.caught, self.asked = [0] * len(items), [0] * len(items)

    def of(self, mutant, notebook):
        """Places of the tests that reach the mutated statement, or else its function."""
        if notebook:
            return self._ordered([at for at, (_, names, _) in enumerate(self.runs) if "" in names])
        name, (start, end) = mutant.function, mutant.lines
        inside = [at for at, run in enumerate(self.runs) if not name or name in run[1]]
        here = [at for at in inside if any(start <= line <= end for line in self.runs[at][2])]
        # a body of a class runs when it is imported
        return self._ordered((here if name else inside) or inside or list(range(len(self.items))))

    def _ordered(self, places):
        # the quickest way to the first that fails, if each fails apart from the others
        def cost(at):
            return self.runs[at][0] * (self.asked[at] + 1) / (self.caught[at] + 0.2)

        return sorted(places, key=cost)

    def told(self, order, by):
        """Take note of which test failed; none if the mutant survived or ended its process."""
        for at in order:
            self.asked[at] += 1
            if at == by:
                self.caught[at] += 1
                return


def judged(items, order, target, make) -> int:
    """Whether a test notices the mutant, and which."""
    source = make()
    try:
        compile(source, target, "exec")
    except SyntaxError:
        return NO_PROGRAM
    if source == source_of(target):
        return NO_PROGRAM
    remember(target)
    put(target, source)
    for at, following in zip(order, [*order[1:], None], strict=True):
        if not passes(items[at], None if following is None else items[following]):
            return FIRST + at
    return SURVIVED


SURVIVED, CAUGHT, NO_PROGRAM, FIRST = range(4)  # then the place of the test that failed


def remember(target) -> None:
    """Let what the target's mutants do not reach be answered as before."""
    import remembered

    remembered.ON.clear()
    if target not in BELOW:
        remembered.ON.add("below")
    if target.endswith(".ipynb"):
        remembered.ON.add("printed")


def warm() -> None:
    """Read every table and font once in the parent, so that children need not."""
    import executed
    import remembered
    import worked_reports
    from _pytest.assertion import rewrite

    from repdose.reports import figure_files

    rewrite._saferepr = lambda _: ""  # of values that differ: nobody reads it

    # Not of the mutated layers, and much of the time of a report: the file formats
    figure_files.written = lambda _: {figure_files.PAGE: "<svg/>"}
    remembered.install()
    remember("")
    with contextlib.redirect_stdout(io.StringIO()):
        for notebook, (_, scenarios) in worked_reports.WORKED.items():
            executed.run(notebook, **executed.chosen(notebook, scenarios[0]))
        executed.run("dose_response")
    # what is there stays as it is: children that count references to it would copy it
    gc.collect()
    gc.freeze()


def first_run(items, target) -> None:
    """Run the tests of a notebook here, so that each child has the answers they asked for."""
    import executed

    remember(target)
    with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink):
        for item in items:
            passes(item)
    executed.report.cache_clear()


def run(session, options) -> int:
    targets = [one for one in TESTS if not options.only or any(p in one for p in options.only)]
    sources = {target: source_of(target) for target in targets}
    made = {target: list(mutants(source)) for target, source in sources.items()}
    refuse_outdated(sources, made)
    warm()
    items = {target: chosen_tests(session, target) for target in targets}
    for target in targets:
        if target.endswith(".ipynb"):
            first_run(items[target], target)
        else:
            names_of(target)
    gc.collect()
    gc.freeze()
    tests = {}
    with tempfile.TemporaryDirectory() as folder:
        files = {target: Path(folder) / f"{at}.json" for at, target in enumerate(targets)}
        jobs = [(t, lambda t=t: touched(items[t], t, files[t])) for t in targets]
        for target, code, _ in fork_all(jobs, options.jobs):
            found = json.loads(files[target].read_text("utf-8")) if files[target].exists() else ""
            if code != SURVIVED:
                raise SystemExit(f"{target}: unchanged, and yet {found or 'a test'} fails")
            tests[target] = Telling(items[target], found)
    jobs = []
    for target in targets:
        mine = made[target]
        if options.sample:
            mine = random.Random(1).sample(mine, min(options.sample, len(mine)))
        jobs += [(target, one) for one in mine]
    named = []
    for target, old, new in REGRESSIONS:
        if target in targets:
            source = sources[target]
            make = lambda source=source, old=old, new=new: source.replace(old, new, 1)  # noqa: E731
            named.append((target, Mutant(0, (0, 0), "", old, new, 1, make)))
    print(f"{len(jobs)} mutants, and {len(named)} named", flush=True)
    outcomes = []
    reasons = explained()

    def work():
        for target, one in [*named, *jobs]:
            order = tests[target].of(one, target.endswith(".ipynb"))
            job = (target, one, order)
            yield job, lambda job=job: judged(items[job[0]], job[2], job[0], job[1].make)

    for (target, one, order), code, spent in fork_all(work(), options.jobs):
        tests[target].told(order, code - FIRST)
        if code == SURVIVED:
            why = reasons.get(key(target, one), "unexplained")
            where = f"{target}:{one.line or 'named'}"
            nth = f", place {one.nth}" if one.nth > 1 else ""
            print(f"survived {where}: {one.change}{nth}  [{why}]", flush=True)
        outcomes.append((target, one, min(code, CAUGHT) if code >= FIRST else code, spent))
    # of a sample, or of mutants that were not made, nothing is known
    stale = [] if options.sample else [name for name in reasons if name[0] in targets]
    return tell(outcomes, reasons, stale)


def refuse_outdated(sources, made) -> None:
    """Stop before the long run at what is said of lines that are no longer there."""
    keys = {key(target, one) for target, several in made.items() for one in several}
    outdated = [
        f"{target}: no longer has {old!r}; write the regression anew"
        for target, old, _ in REGRESSIONS
        if target in sources and old not in sources[target]
    ] + [
        f"{name[0]}: no such mutant to explain, {name[1]}: {name[3]}"
        for name in explained()
        if name[0] in sources and name not in keys
    ]
    if outdated:
        raise SystemExit("\n".join(outdated))


def key(target, one):
    """What a mutant is known by, whatever stands above it: no other has the same."""
    return (target, one.function, one.text, one.change, one.nth)


def explained():
    """Reason why no test needs to notice a mutant, by :func:`key`."""
    reasons = {}
    for row in yaml.safe_load((ROOT / "tests" / "mutants_explained.yaml").read_text("utf-8")):
        name = (row["file"], row["function"], row["line"], row["change"], row.get("place", 1))
        if name in reasons:
            raise SystemExit(f"mutants_explained.yaml explains a mutant twice: {name}")
        if row["file"] not in TESTS:
            raise SystemExit(f"mutants_explained.yaml: {row['file']} is not mutated")
        reasons[name] = row["why"]
    return reasons


def fork_all(jobs, limit):
    """Each job's name, exit code and seconds of processor, as it ends."""
    running = {}

    def ended():
        pid, status, used = os.wait4(-1, 0)
        # killed: it ran out of time or memory
        code = os.waitstatus_to_exitcode(status)
        return running.pop(pid), CAUGHT if code < 0 else code, used.ru_utime + used.ru_stime

    for name, work in jobs:
        running[in_a_child(work)] = name
        while len(running) >= limit:
            yield ended()
    while running:
        yield ended()


def tell(outcomes, reasons, known) -> int:
    outcomes = [one for one in outcomes if one[2] != NO_PROGRAM]
    made = [one for one in outcomes if one[1].line]
    named = [one for one in outcomes if not one[1].line]
    for target in TESTS:
        mine = [(code, spent) for name, _, code, spent in made if name == target]
        if mine:
            caught = sum(code == CAUGHT for code, _ in mine)
            spent = sum(spent for _, spent in mine)
            print(f"{target}: {caught} of {len(mine)} caught, {spent:.0f} s of processor")
    left = {key(target, one) for target, one, code, _ in made if code == SURVIVED}
    stale = [name for name in known if name not in left]
    for file, function, _, change, _ in stale:
        print(f"stale explanation, nothing survives: {file}, {function or 'top'}: {change}")
    unexplained = left - set(reasons)
    print(f"{len(left) - len(unexplained)} of {len(left)} survivors explained")
    missed = sum(code == SURVIVED for *_, code, _ in named)
    print(f"{len(named) - missed} of {len(named)} named regressions caught")
    caught = sum(code == CAUGHT for *_, code, _ in made)
    print(f"{100 * caught / max(len(made), 1):.1f} % of {len(made)} mutants caught")
    few = caught < WANTED * len(made)
    return int(bool(missed or few or unexplained or stale))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of file names; all by default")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, help="so many mutants of a file, by a fixed seed")
    options = parser.parse_args()
    started = time.monotonic()
    os.chdir(ROOT)
    parts = {part for parts in TESTS.values() for part in parts if part.endswith(".py")}
    reports = {
        "inputs/test_declared.py",
        "notebooks/test_headline_numbers.py",
        "notebooks/test_dose_response_answer.py",
        "notebooks/test_activity_and_risk.py",
        "notebooks/test_sessions.py",
    }
    files = [f"tests/{part}" for part in sorted(parts | reports)]
    runner = Runner(options)
    pytest.main(["-q", "-s", "-p", "no:cacheprovider", *files], plugins=[runner])
    print(f"{(time.monotonic() - started) / 60:.1f} minutes")
    return runner.failures


if __name__ == "__main__":
    sys.exit(main())
