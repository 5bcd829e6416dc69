"""The study one is in: found from any folder of it, its references beside ours."""

from __future__ import annotations

import json

import pytest

from repdose import evidence as ev
from repdose.evidence import EvidenceError, bibliography, own_study

ENTRY = """@article{Doe2025,
  author = {Doe, Jane}, title = {Curls}, journal = {Journal of Curls}, year = {2025},
  doi = {10.1234/curls.5}
}
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study with one reference, whose folder one is in."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "datapackage.json").write_text(json.dumps({"repdose": {"prefix": "mine"}}))
    (tmp_path / "references.bib").write_text(ENTRY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_study_is_found_from_every_folder_of_it_and_from_none_outside(study, monkeypatch):
    assert own_study.find().prefix == "mine"
    monkeypatch.chdir(study / "notebooks")
    assert own_study.find().root == study.resolve()
    monkeypatch.chdir(study.parent)
    assert own_study.find() is None
    monkeypatch.setenv(own_study.VARIABLE, str(study))
    assert own_study.find().root == study.resolve()


def test_evidence_alone_and_data_of_others_are_no_study(tmp_path):
    (tmp_path / "datapackage.json").write_text(json.dumps({"repdose": {"prefix": "mine"}}))
    assert own_study.at(tmp_path) is None
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "datapackage.json").write_text("{]")
    assert own_study.at(tmp_path) is None


@pytest.mark.parametrize("text", ['{"repdose": 1', '{"repdose": {}}', '{"repdose": []}'])
def test_a_descriptor_that_cannot_be_read_is_a_sentence(study, text):
    (study / "datapackage.json").write_text(text)
    with pytest.raises(EvidenceError, match=r"datapackage\.json: a study's descriptor"):
        own_study.find()


def test_references_of_a_study_are_cited_beside_ours_inside_it_alone(study, monkeypatch):
    assert ev.source("doe2025").title == "Curls"
    assert ev.source("doi:10.1234/CURLS.5").key == "Doe2025"
    assert ev.source("garber2011").year == 2011
    assert list(bibliography.sources())[-1] == "Doe2025"
    monkeypatch.chdir(study.parent)
    with pytest.raises(EvidenceError, match="no source 'doe2025'"):
        ev.source("doe2025")


def test_a_letter_after_the_year_tells_a_study_s_source_from_ours_cited_alike(study):
    (study / "references.bib").write_text(
        ENTRY.replace("Doe2025", "Zz")
        .replace("Doe, Jane", "Krieger, J. W.")
        .replace("2025", "2010")
    )
    assert {bibliography.short("krieger2010"), bibliography.short("Zz")} == {
        "Krieger 2010a",
        "Krieger 2010b",
    }


def test_a_key_of_ours_and_a_faulty_file_are_refused_by_line(study):
    (study / "references.bib").write_text(ENTRY + "\n" + ENTRY.replace("Doe2025", "GARBER2011"))
    with pytest.raises(EvidenceError, match=r"references\.bib:6: GARBER2011: the package has"):
        ev.cite("garber2011")
    (study / "references.bib").write_text(ENTRY.replace("{Doe2025,", "{Doe2025"))
    with pytest.raises(EvidenceError, match=r"references\.bib:"):
        ev.cite("garber2011")
