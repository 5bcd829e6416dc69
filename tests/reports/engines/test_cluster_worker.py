"""What a worker of a cluster keeps, between reports."""

from __future__ import annotations

import shutil

import pytest

from repdose.reports.engines import cluster_worker


def test_the_folder_of_a_lost_report_goes_with_a_later_one_and_is_not_tried_again(monkeypatch):
    with monkeypatch.context() as busy:
        busy.setattr(shutil, "rmtree", lambda *_, **__: None)  # a process still writes there
        with pytest.raises(KeyError), cluster_worker._place() as lost:
            raise KeyError
    assert lost.is_dir()
    assert cluster_worker._left == [lost]
    with cluster_worker._place() as place:
        assert place.is_dir()
    assert not lost.exists()
    assert not place.exists()
    assert cluster_worker._left == []
