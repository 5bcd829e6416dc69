"""Files put in place whole: what was there stays, one writer at a time, nothing outside."""

from __future__ import annotations

import errno
import os
import stat

import pytest

from repdose.evidence import whole_files
from repdose.evidence.whole_files import ASIDE


def test_a_file_is_put_in_place_with_the_rights_of_a_new_one(tmp_path):
    target = tmp_path / "folder" / "a.txt"
    before = os.umask(0o027)
    try:
        whole_files.write_file(target, "é")
    finally:
        os.umask(before)
    assert target.read_bytes() == b"\xc3\xa9"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert os.listdir(target.parent) == ["a.txt"]


def test_what_a_killed_process_left_is_written_over(tmp_path):
    (tmp_path / f".a.txt{ASIDE}").write_text("longer than what comes")
    whole_files.write_file(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_two_at_once_are_told_apart_and_the_first_is_whole(tmp_path):
    target = tmp_path / "a.txt"
    with whole_files.replacing(target) as file:
        file.write(b"first")
        with pytest.raises(BlockingIOError) as refusal:
            whole_files.write_file(target, "second")
        assert refusal.value.filename == str(target)
        assert "another process is writing it; wait" in refusal.value.strerror
    assert target.read_text() == "first"
    whole_files.write_file(target, "second")
    assert target.read_text() == "second"


@pytest.mark.parametrize("lay", ["link", "fifo"])
def test_what_is_laid_where_it_is_written_is_neither_followed_nor_waited_for(tmp_path, lay):
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours")
    aside = tmp_path / f".a.txt{ASIDE}"
    aside.symlink_to(outside) if lay == "link" else os.mkfifo(aside)
    whole_files.write_file(tmp_path / "a.txt", "new")
    assert outside.read_text() == "not ours"
    assert (tmp_path / "a.txt").read_text() == "new"
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "outside.txt"]


def test_a_link_in_its_place_is_replaced_and_what_it_names_is_not(tmp_path):
    (tmp_path / "other.txt").write_text("other")
    (tmp_path / "a.txt").symlink_to("other.txt")
    whole_files.write_file(tmp_path / "a.txt", "new")
    assert (tmp_path / "other.txt").read_text() == "other"
    assert not (tmp_path / "a.txt").is_symlink()


def half_written(target, error):
    with whole_files.replacing(target) as file:
        file.write(b"half")
        raise error


def test_an_error_inside_leaves_what_was_there_and_keeps_its_own_name(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    for raised, name in ((OSError(28, "No space left on device"), str(target)), (KeyError(), None)):
        with pytest.raises(type(raised)) as refusal:
            half_written(target, raised)
        assert getattr(refusal.value, "filename", None) == name
        assert target.read_text() == "old"
        assert os.listdir(tmp_path) == ["a.txt"]
    with pytest.raises(FileNotFoundError) as refusal, whole_files.replacing(target):
        (tmp_path / "missing").read_bytes()
    assert refusal.value.filename == str(tmp_path / "missing")


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP])
def test_where_a_file_system_knows_no_locks_it_is_written_all_the_same(
    tmp_path, monkeypatch, number
):
    def no_locks(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(whole_files.fcntl, "flock", no_locks)
    whole_files.write_file(tmp_path / "a.txt", "new")
    handle, is_sure = whole_files.opened_alone(tmp_path / "lock")
    os.close(handle)
    assert ((tmp_path / "a.txt").read_text(), is_sure) == ("new", False)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_a_folder_that_cannot_be_flushed_is_an_error_only_where_the_disk_has_one(
    tmp_path, monkeypatch, number
):
    flush = os.fsync

    def refuse(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))
        flush(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    if number == errno.EINVAL:
        whole_files.write_file(tmp_path / "a.txt", "new")
    else:
        with pytest.raises(OSError, match="Input/output error"):
            whole_files.write_file(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "new"
