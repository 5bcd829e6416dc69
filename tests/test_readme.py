"""The Python of README.md runs as it stands there, and its picture is what it draws.

``python tests/test_readme.py`` draws the picture anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from repdose.evidence.own_trials import template
from repdose.plots.style import STYLE

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "own_trials.svg"
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
MADE_BY = f"Matplotlib v{mpl.__version__}"


def ran(folder: Path, block: str) -> dict[str, object]:
    """Names of a block after it ran in a folder with a table of trials."""
    (folder / "mine.csv").write_text(template(), "utf-8")
    names: dict[str, object] = {}
    with mpl.rc_context(mpl.rcParamsDefault):  # as in a session that has drawn nothing before
        exec(block.replace('"mine.csv"', repr(str(folder / "mine.csv"))), names)
    return names


def picture() -> str:
    """What the block on one's own trials has drawn."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        plt.gcf().savefig(buffer, format="svg", metadata={"Date": None, "Creator": MADE_BY})
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


@pytest.fixture(autouse=True)
def _closed():
    plt.close("all")
    yield
    plt.close("all")


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_runs(tmp_path, block):
    ran(tmp_path, block)


def test_numbers_that_a_comment_gives_are_those_that_come_out(tmp_path):
    [block] = [block for block in BLOCKS if "gross_energy_kcal" in block]
    names = ran(tmp_path, block)
    told = re.findall(r"^(energy\..*?\))\s+# ([\d.]+)", block, re.MULTILINE)
    assert len(told) == 2
    for call, value in told:
        assert round(eval(call, names), 2) == float(value)


def test_the_picture_is_what_the_three_lines_draw(tmp_path):
    [block] = [block for block in BLOCKS if "fit.plot()" in block]
    lines = [line for line in block.splitlines() if line and not line.startswith("from")]
    assert len(lines) == 3
    there = PICTURE.read_text("utf-8")
    if MADE_BY not in there:
        pytest.skip(f"drawn by another version than {MADE_BY}")
    ran(tmp_path, block)
    assert picture() == there, "run python tests/test_readme.py"


def results(name: str) -> pd.DataFrame:
    """What a benchmark has kept, with coverages as the whole counts that they were made of."""
    table = pd.read_csv(ROOT / "benchmarks" / "results" / f"{name}.csv")
    if "coverage" in table:
        hits = (table["coverage"] * table["replicates"]).round()
        table["coverage"] = 100 * hits / table["replicates"]
    return table


def shown(head: str) -> dict[str, list[float]]:
    """Rows of a table of the README by their first cells, and their numbers."""
    lines = iter((ROOT / "README.md").read_text("utf-8").splitlines())
    next(line for line in lines if line.startswith(f"| {head} |"))
    next(lines)
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            return rows
        label, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        key = label if "%" in cells[0] else f"{label} [{cells.pop(0)}]"
        text = " ".join(cells).replace("−", "-").replace("*", "")
        rows[key] = [float(number) for number in re.findall(r"-?\d+\.\d", text)]
    raise AssertionError("a table ends before the page does")


def printed(values: Sequence[float]) -> Any:
    """What the values are to one decimal, where a half may go either way."""
    return pytest.approx(values, abs=0.05 + 1e-9)


def test_coverage_of_the_regression_engine_is_what_its_benchmark_kept():
    kept = results("coverage").set_index("world")
    worlds = {
        "the model is right": "model right",
        "sampling errors correlated, ignored": "errors correlated, taken as independent",
        "slopes differ between studies, ignored": "slopes differ, taken as equal",
        "slopes differ, random slope fitted": "slopes differ, taken as equal",
    }
    table = shown("what is true")
    assert set(table) == set(worlds)
    usual = ["slope_model", "slope_cr2", "mean_cr2", "prediction"]
    for label, world in worlds.items():
        random = label.endswith("random slope fitted")
        asked = ["slope_random", "prediction_random"] if random else usual
        rows = kept.loc[world].sort_values("studies")
        assert rows["studies"].tolist() == [10, 20, 50]
        assert table[label] == printed([100 * share for name in asked for share in rows[name]])


def test_coverage_in_the_arms_of_the_trials_is_what_its_benchmark_kept():
    trials = results("coverage_of_trials").set_index(["what", "how", "truth", "outcome"])
    arms = results("coverage_of_arms").set_index(["how", "truth", "outcome"])
    exact = results("coverage_of_forms").set_index(["form", "truth", "outcome"])
    rows = {
        "mean at 10 weekly sets; before": ("mean", "before"),
        "the same, now": ("mean", "after, line"),
        "mean at 10 sets, averaged": ("mean", "after, averaged"),
        "10 over 5 sets; before": ("difference", "before"),
        "10 over 5 sets by the line": ("difference", "after, line"),
        "10 over 5 sets between arms of one trial by a straight": (
            "difference",
            "after, randomised",
        ),
        "10 over 5 sets between arms of one trial by a spline": (),
        "10 over 5 sets, averaged": ("difference", "after, averaged"),
    }
    table = shown("estimate")
    assert len(table) == 10
    for label, numbers in table.items():
        [row] = [row for start, row in rows.items() if label.startswith(start)]
        truth = label[label.rindex("[") + 1 : -1]
        expected: list[float] = []
        for outcome in ("hypertrophy", "strength"):
            if row:
                found = trials.loc[(*row, truth, outcome)]
                expected += [found["bias_percent"], found["coverage"]]
            else:
                expected.append(exact.loc[("spline", truth, outcome), "bias_percent"])
                expected.append(arms.loc[("spline", truth, outcome), "coverage"])
        assert numbers == printed(expected), label


def test_coverage_of_curves_of_risk_is_what_its_benchmark_kept():
    kept = results("grouped_coverage").set_index(["dose", "studies"])
    for label, numbers in shown("5 / 10 / 30 studies").items():
        dose = float(re.search(r"\d+", label)[0])
        names = ["mean, t", "mean, CR2", "further study"]
        assert numbers == printed(
            [kept.loc[(dose, k), name] for name in names for k in (5, 10, 30)]
        )


if __name__ == "__main__":
    import tempfile

    mpl.use("agg")
    with tempfile.TemporaryDirectory() as made:
        ran(Path(made), next(block for block in BLOCKS if "fit.plot()" in block))
    PICTURE.write_text(picture(), "utf-8")
