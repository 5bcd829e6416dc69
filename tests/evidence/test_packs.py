"""The stack of packs: what is in force where, in threads and tasks, and from the wheel."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from own_pack import redescribed, swapped, write

from repdose import evidence as ev
from repdose.evidence import EvidenceError, packs

ROOT = Path(__file__).parent.parent.parent


def seconds() -> float | None:
    return ev.exercise("mylab.nordic_curl").down_s


@pytest.fixture
def two(tmp_path):
    """Two packs of one prefix whose Nordic curls last 4 and 5 s."""
    five = swapped("exercises", "1,1,0,4,0", "1,1,0,5,0")
    return write(tmp_path / "four"), write(tmp_path / "five", exercises=five)


def test_each_thread_has_a_stack_of_its_own(two):
    both_open = Barrier(2, timeout=60)

    def read(folder):
        with ev.pack(folder):
            both_open.wait()
            return seconds()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(read, two)) == [4, 5]
    assert packs.in_force() == ()


def test_each_task_has_a_stack_of_its_own(two):
    async def read(folder):
        with ev.pack(folder):
            await asyncio.sleep(0)
            return seconds()

    async def both():
        return await asyncio.gather(*map(read, two))

    assert asyncio.run(both()) == [4, 5]


def test_a_block_that_fails_leaves_the_stack_as_it_was(two):
    with pytest.raises(KeyError), ev.pack(two[0]):
        raise KeyError
    assert packs.in_force() == ()


def test_blocks_need_not_end_in_the_order_in_which_they_began(two):
    first, second = ev.pack(two[0]), ev.pack("common")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert [pack.name for pack in packs.in_force()] == ["common"]
    second.__exit__(None, None, None)
    assert packs.in_force() == ()


def test_another_process_has_in_force_what_this_one_had_or_says_what_changed(two, tmp_path):
    with ev.pack(two[0]):
        sent = json.dumps([pack.plain() for pack in packs.in_force()])
    code = (
        "import json, sys; from repdose.evidence import packs; from repdose import evidence as ev\n"
        "packs.begin(json.loads(sys.argv[1])); print(ev.exercise('mylab.nordic_curl').down_s)"
    )

    def there():
        return subprocess.run(
            [sys.executable, "-c", code, sent], capture_output=True, text=True, cwd=tmp_path
        )

    assert there().stdout.strip() == "4.0"
    redescribed(two[0], lambda content: content.update(version="1.1"))
    assert "pack mylab was changed while reports were made; build again" in there().stderr


def test_a_pack_of_the_scenario_is_sent_whole():
    pack = packs.declared({"exercises.csv": "id\n", "references.bib": ""})
    assert packs.of_plain(json.loads(json.dumps(pack.plain()))) == pack


def test_what_a_descriptor_says_of_no_file_is_refused(tmp_path):
    folder = write(tmp_path / "lab")
    (folder / "muscles.csv").unlink()
    with pytest.raises(EvidenceError, match=r"muscles\.path: there is no file 'muscles\.csv' in"):
        packs.load(folder)


@pytest.mark.slow
def test_the_shipped_pack_is_in_the_wheel(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "-w", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    (tmp_path / "mine.yaml").write_text(
        "title: Squats\npacks: [common]\nplan:\n- {variant: common.back_squat, weeks: 1, "
        "sessions_per_week: 2, sets: 3, repetitions: 8, rest_s: 90}\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "repdose", "build", "--scenario", "mine.yaml", "--dry-run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "nothing was run" in done.stderr) == (0, True), done.stderr
    assert "mine/energy_cost: not made yet" in done.stdout
