"""A copy of all that `repdose check` reads, to be damaged, and the check run in it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from repdose.evidence.problems import Problem

ROOT = Path(__file__).resolve().parents[1]
REPORT = (
    "import json; from repdose.evidence.checks import shipped as check; "
    "print(json.dumps([[(p.file, p.line, p.key, p.rule, p.message) for p in check.run()],"
    " check.not_checked()]))"
)


def copied(root):
    """A copy of all that the checks read."""
    skip = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("evidence", "analysis", "notebooks", "docs", "tests/published"):
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, root / folder, ignore=skip)
    for file in ("references.bib", "pyproject.toml", *(path.name for path in ROOT.glob("*.md"))):
        shutil.copy(ROOT / file, root / file)
    return root


def run_in(root, code):
    """Python code run with the package that lies in `root`, and nothing else of it."""
    return subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", code],
        cwd=root,
        env={
            "PYTHONPATH": f"{root}/evidence:{root}/analysis:{root}",
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def checked(root):
    """Problems and what is left out, as the package in `root` sees them."""
    done = run_in(root, REPORT)
    assert done.returncode == 0, done.stderr
    problems, left_out = json.loads(done.stdout)
    return [Problem(*problem) for problem in problems], left_out


def replaced(path, old, new):
    """Replace the first occurrence; the line it stood in."""
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def stamped(root, name):
    """Enter the checksum of a changed table, so that it alone is not what is found."""
    path = root / "evidence" / "data" / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8"))
    for resource in descriptor["resources"]:
        if resource["name"] == name:
            data = (path.parent / resource["path"]).read_bytes()
            resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
    path.write_text(json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n", "utf-8")
