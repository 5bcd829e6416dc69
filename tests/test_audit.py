"""The audit of the locks: which licences it refuses, and that it says what it could not look up."""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "licence", "is_refused"),
    [
        ("a", "MIT License", False),
        ("a", "GNU Lesser General Public License v3 or later (LGPLv3+)", False),
        ("a", "GNU General Public License v3 (GPLv3)", True),
        ("a", "GPL-2.0-or-later", True),
        ("a", "GNU Affero General Public License v3", True),
        ("a", "UNKNOWN", True),
        ("text-unidecode", "Artistic License; GNU General Public License (GPL)", False),
        ("text-unidecode", "GNU General Public License (GPL)", True),
    ],
)
def test_a_licence_of_the_gpl_alone_or_none_is_refused(audit, name, licence, is_refused):
    found = audit.refused([{"Name": name, "Version": "1.0", "License": licence}])
    assert found == ([f"{name} 1.0: {licence}"] if is_refused else [])


@pytest.mark.parametrize(
    ("said", "expected", "told"),
    [
        (
            {
                "dependencies": [
                    {"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}, {"id": "CVE-2"}]},
                    {"name": "b", "version": "2", "vulns": []},
                    {"name": "c", "skip_reason": "not found"},
                ]
            },
            ["a 1: CVE-1, CVE-2"],
            "SKIPPED 1 of 3 packages of locks/test.txt",
        ),
        (None, [], "SKIPPED advisories of locks/test.txt: no connection"),
    ],
)
def test_what_could_not_be_looked_up_is_said(audit, monkeypatch, capsys, said, expected, told):
    text = "" if said is None else json.dumps(said)
    ended = subprocess.CompletedProcess([], 1, text, "one\nno connection\n")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: ended)
    assert audit.advisories(ROOT / "locks" / "test.txt") == expected
    assert told in capsys.readouterr().out
