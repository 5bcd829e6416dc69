"""Inputs that mean harm or are broken, and what the command must answer: ``make hostile``.

Each case gives files and arguments, and says which exit code, which first line and which files
must come of it. Besides, whatever comes out must hold no traceback, no sign that steers a
terminal and no line that fills it, and must come in time. Prints how many were tried, right and
wrong for each kind; exits 1 if one is wrong.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TIME_LIMIT_S = 20
TIME_LIMIT_APART_S = 60  # of one that makes a report, on a machine that is busy
LONGEST_LINE = 4_100
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

#: Text, bytes, or what makes something else at a path.
Content = str | bytes | Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """One attack.

    Parameters
    ----------
    kind, name : str
        Which reader is attacked, and by what.
    arguments : sequence of str
        Of the command, which runs in the folder of the files.
    code : int
        Exit code.
    first : str
        First line of standard error; that of standard output where it begins with "out: ". What
        stands behind "…" at its end is not looked at.
    given : mapping of str to Content
        Files by path.
    left : sequence of str
        Files that are there afterwards beside those given.
    also : str
        What else must be said.
    shell : str
        A shell's line to run it by, with {repdose} for the command, where streams matter.
    """

    kind: str
    name: str
    arguments: Sequence[str] = ()
    code: int = 2
    first: str = ""
    given: Mapping[str, Content] = field(default_factory=dict)
    left: Sequence[str] = ()
    also: str = ""
    shell: str = ""

    @property
    def id(self) -> str:
        """Kind and name."""
        return f"{self.kind}: {self.name}"


class Late(BaseException):
    """No answer in time; nothing that runs may take it for an error of its own."""


def fifo(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def device(path: Path) -> None:
    """A way to a device that never ends."""
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    """A folder in the place of a file."""
    path.mkdir()


def growing(path: Path) -> None:
    """A file that holds more than its size says."""
    path.symlink_to("/proc/self/status")


def circle(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path.name)


def nothing(_path: Path) -> None:
    """No file at all."""


def of_size(size: int) -> Callable[[Path], None]:
    """A file of that many bytes that takes no room."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return make


def wrong(case: Case) -> list[str]:
    """What is not as it must be; nothing if the case is right."""
    place = Path(tempfile.mkdtemp(prefix="hostile-"))
    try:
        inside = place / "here"
        inside.mkdir()
        for name, content in case.given.items():
            path = inside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        before = files(inside)
        try:
            code, out, err = (run_apart if case.shell else run_here)(case, inside)
        except Late:
            limit = TIME_LIMIT_APART_S if case.shell else TIME_LIMIT_S
            return [f"no answer within {limit} s"]
        return [
            *judged(case, code, out, err),
            *(
                f"{word}: {', '.join(sorted(names)[:5])}"
                for word, names in (
                    ("not left", {*before, *case.left} - files(inside)),
                    ("left too", files(inside) - {*before, *case.left}),
                    ("beside the folder", {path.name for path in place.iterdir()} - {"here"}),
                )
                if names
            ),
        ]
    finally:
        shutil.rmtree(place, ignore_errors=True)


def judged(case: Case, code: int, out: str, err: str) -> Iterator[str]:
    """What is wrong with an answer."""
    if code != case.code:
        yield f"exit code {code}, not {case.code}"
    on_out = case.first.startswith("out: ")
    wanted = case.first.removeprefix("out: ")
    said = (out if on_out else err).split("\n", 1)[0]
    begin = wanted.removesuffix("…")
    if not (said == wanted or (begin != wanted and said.startswith(begin))):
        yield f"says {said[:300]!r}, not {wanted!r}"
    if case.also not in out + err:
        yield f"does not say {case.also!r}: {err[:500]!r}"
    for text in (out, err):
        if "Traceback (most" in text or re.search(r'^  File "', text, re.MULTILINE):
            yield f"a traceback: {text[-300:]!r}"
        if sign := STEERING.search(text):
            yield f"{sign[0]!a} reaches the terminal"
        if any(len(line) > LONGEST_LINE for line in text.split("\n")):
            yield f"a line of {max(map(len, text.split(chr(10)))):,} characters"


def files(inside: Path) -> set[str]:
    """Everything below a folder that is no folder, and folders that hold nothing."""
    return {
        path.relative_to(inside).as_posix()
        for path in inside.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }


def run_here(case: Case, inside: Path) -> tuple[int, str, str]:
    """The command run in this process."""
    from repdose import cli

    out, err = io.StringIO(), io.StringIO()
    was = Path.cwd()
    previous = signal.signal(signal.SIGALRM, _late)
    os.chdir(inside)
    signal.alarm(TIME_LIMIT_S)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.app(args=list(case.arguments), prog_name="repdose")
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    except Exception:
        code = 1
        err.write(traceback.format_exc())
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
        os.chdir(was)
    return code, out.getvalue(), err.getvalue()


def _late(_signal: int, _frame: object) -> None:
    raise Late


def run_apart(case: Case, inside: Path) -> tuple[int, str, str]:
    """The command run by a shell."""
    line = case.shell.replace("{repdose}", f"{sys.executable} -m repdose")
    process = subprocess.Popen(
        ["bash", "-c", line],
        cwd=inside,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        out, err = process.communicate(timeout=TIME_LIMIT_APART_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise Late from None
    return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def main() -> int:
    """Try every case; 1 if one is wrong."""
    from hostile.corpus import cases

    begun = time.monotonic()
    tried, right = Counter[str](), Counter[str]()
    for case in cases():
        tried[case.kind] += 1
        faults = wrong(case)
        right[case.kind] += not faults
        for fault in faults:
            print(f"{case.id}: {fault}")
    for kind, count in tried.items():
        print(f"{kind:28} {count:4} tried  {right[kind]:4} right  {count - right[kind]:4} wrong")
    missed = tried.total() - right.total()
    print(
        f"{'all':28} {tried.total():4} tried  {right.total():4} right  {missed:4} wrong, "
        f"in {time.monotonic() - begun:.0f} s"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    sys.exit(main())
