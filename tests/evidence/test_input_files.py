"""The one place that opens files: what is no file is refused before it could be waited for."""

from __future__ import annotations

import json
import os
import threading
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import content_of, json_of


def test_a_file_is_read_whole_and_a_link_to_it_too(tmp_path):
    (tmp_path / "a").write_bytes(b"ab\0\xff")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "empty").touch()
    assert content_of(tmp_path / "a", most=4) == content_of(tmp_path / "b") == b"ab\0\xff"
    assert content_of(str(tmp_path / "empty")) == b""


@pytest.mark.parametrize("most", [0, 1, 3])
def test_a_file_beyond_its_limit_is_refused_unread(tmp_path, most):
    (tmp_path / "a").write_bytes(b"abcd")
    with pytest.raises(EvidenceError, match=f"^a: 4 bytes; at most {most} are read$"):
        content_of(tmp_path / "a", most=most)
    with (tmp_path / "vast").open("wb") as file:
        file.truncate(10**12)
    tracemalloc.start()
    try:
        with pytest.raises(EvidenceError, match=r"^vast: 1,000,000,000,000 bytes; at most"):
            content_of(tmp_path / "vast")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "round").symlink_to("round")
    said = {
        "pipe": "pipe: this is a pipe or a device, not a file; save it as one",
        "zero": "zero: this is a pipe or a device, not a file; save it as one",
        "round": "round: cannot be read: Too many levels of symbolic links",
        "none": f"none: cannot be read: no such file in {tmp_path}; give its full path",
        "n" * 1000: f"{'n' * 1000}: cannot be read: File name too long",
        "a\0b": "a\0b: no file can have this name: embedded null byte",
    }
    for name, message in said.items():
        with pytest.raises(EvidenceError) as refused:
            content_of(tmp_path / name)
        assert str(refused.value) == message
    with pytest.raises(EvidenceError, match="^mine: this is a folder; name the file in it$"):
        content_of(tmp_path, name="mine")


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"x")
    looked = os.stat(tmp_path / "a")
    (tmp_path / "a").unlink()
    os.mkfifo(tmp_path / "a")
    monkeypatch.setattr("repdose.evidence.input_files.os.stat", lambda _path: looked)
    refused = []

    def read():
        with pytest.raises(EvidenceError, match="a pipe or a device"):
            content_of(tmp_path / "a")
        refused.append(True)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    thread.join(timeout=10)
    assert refused == [True]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="it is a file of Linux")
def test_a_file_that_holds_more_than_its_size_is_refused():
    with pytest.raises(EvidenceError, match="^status: it holds more than the 0 bytes it had"):
        content_of("/proc/self/status")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "m.json:1 column 1: Expecting value; this is no JSON"),
        ('{"a":\n}', "m.json:2 column 1: Expecting value; this is no JSON"),
        (b"\xff", "m.json: byte 0 is not UTF-8; save it as UTF-8"),
        ("[" * 100_000, "m.json: its brackets are nested too deep to be read"),
        ("9" * 5000, "m.json: a number in it has thousands of digits"),
    ],
)
def test_json_that_is_none_is_refused_by_line(text, said):
    with pytest.raises(EvidenceError) as refused:
        json_of(text, "m.json")
    assert str(refused.value) == said


@given(
    st.one_of(st.binary(max_size=60), st.text(alphabet='[]{}":,0 \\nulltrefas-eE.', max_size=60))
)
def test_any_bytes_are_json_or_are_refused(content):
    try:
        found = json_of(content, "m.json")
    except EvidenceError:
        return
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    assert repr(found) == repr(json.loads(text))  # NaN is not itself
