"""The Python of README.md runs as it stands there, and its picture is what it draws.

``python tests/test_readme.py`` draws the picture anew.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
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


if __name__ == "__main__":
    import tempfile

    mpl.use("agg")
    with tempfile.TemporaryDirectory() as made:
        ran(Path(made), next(block for block in BLOCKS if "fit.plot()" in block))
    PICTURE.write_text(picture(), "utf-8")
