"""The checks behind ``repdose check``: silent on what is shipped, loud on each kind of damage."""

from __future__ import annotations

import csv
import json
import re
import shutil
import warnings

import pytest
from copied_checkout import ROOT, checked, replaced, stamped

from repdose.evidence import bibliography, tables
from repdose.evidence.checks import files, keys, shipped


def test_the_package_as_it_stands_has_no_problem():
    limit = csv.field_size_limit()
    assert shipped.run() == []
    assert shipped.not_checked() == []
    assert csv.field_size_limit() == limit


@pytest.mark.slow
def test_each_damage_is_found_with_its_file_and_line(checkout, tmp_path):
    root = tmp_path / "damaged"
    shutil.copytree(checkout, root)
    data = root / "evidence" / "data"
    expected = set()

    # one MET changed, and the checksum with it
    line = replaced(data / "met_2011.csv", "02024,2.8,", "02024,2.9,")
    stamped(root, "met_2011")
    expected.add(("evidence/data/met_2011.csv", line, "02024", "transcription"))
    # one coefficient changed, and nothing else
    replaced(data / "lusk.csv", "4.686", "4.687")
    found = {("evidence/data/datapackage.json", "lusk", "checksum")}
    # a row without a source fits no schema
    text = (data / "intensity_bands.csv").read_text("utf-8")
    source = re.search(r"hhs2018|garber2011|[a-z]+\d{4}", text).group()
    line = replaced(data / "intensity_bands.csv", f",{source},", ",,")
    expected.add(("evidence/data/intensity_bands.csv", line, "", "table"))
    # an id that a record of another table has
    replaced(data / "mechanics_constants.csv", "same_share,", "deload,")
    stamped(root, "mechanics_constants")
    tables_with_it = ("mechanics_constants", "progression_rules")
    twice = {(f"evidence/data/{name}.csv", "deload", "repeated-id") for name in tables_with_it}
    # keys that resolve nowhere: table, docstring, notebook
    line = replaced(data / "segments_winter2009.csv", ",winter2009,", ",winter2010,")
    stamped(root, "segments_winter2009")
    expected.add(("evidence/data/segments_winter2009.csv", line, "winter2010", "undefined-key"))
    (root / "analysis" / "extra.py").write_text('"""One.\n\nTwo :cite:`nobody1999`."""\n', "utf-8")
    expected.add(("analysis/extra.py", 3, "nobody1999", "undefined-key"))
    page = {"cell_type": "markdown", "metadata": {}, "source": ["As shown\n", "[@noone2000]."]}
    book = json.dumps({"cells": [page], "nbformat": 4, "nbformat_minor": 5}, indent=1)
    (root / "notebooks" / "extra.ipynb").write_text(book, "utf-8")
    expected.add(("notebooks/extra.ipynb", 8, "noone2000", "undefined-key"))
    # references.bib: an entry that nothing uses, and one without a year
    bib = root / "references.bib"
    lines = bib.read_text("utf-8").count("\n")
    with bib.open("a", encoding="utf-8") as file:
        file.write("@book{spare1900,\n  author = {Spare, A.},\n  title = {Not used}\n}\n")
    expected.add(("references.bib", lines + 1, "spare1900", "unused-key"))
    expected.add(("references.bib", lines + 1, "spare1900", "year"))
    # a correction whose value is gone, as if the source had been mended
    line = replaced(data / "corrections.yaml", "expect: 10.1113/JP278456", "expect: 10.1113/JP1")
    expected.add(("evidence/data/corrections.yaml", line - 4, "", "correction"))

    problems, left_out = checked(root)
    seen = {(item.file, item.line, item.key, item.rule) for item in problems}
    seen |= {(item.file, item.line, "", item.rule) for item in problems}
    assert expected <= seen, sorted(expected - seen)
    by_rule = {(item.file, item.key, item.rule) for item in problems}
    assert found <= by_rule
    assert len(twice & by_rule) == 1  # in the table read last
    assert left_out == []


@pytest.mark.slow
def test_an_installed_package_checks_what_it_carries_and_says_what_it_does_not(checkout, tmp_path):
    site = tmp_path / "site-packages"
    skip = shutil.ignore_patterns("__pycache__")
    package = site / "repdose"
    for folder in ("evidence", "analysis"):
        shutil.copytree(checkout / folder / "repdose", package, ignore=skip, dirs_exist_ok=True)
    shutil.copytree(checkout / "evidence" / "data", package / "evidence" / "data")
    shutil.copytree(checkout / "notebooks", package / "notebooks", ignore=skip)
    shutil.copy(checkout / "references.bib", package / "evidence" / "references.bib")
    # what lies beside it belongs to others
    (site / "README.md").write_text("Another package cites [@stranger2001].\n", "utf-8")
    replaced(package / "evidence" / "references.bib", "  year         = {2011},\n", "")
    problems, left_out = checked(site)
    assert [(item.file, item.rule) for item in problems] == [
        ("repdose/evidence/data/datapackage.json", "checksum"),
        ("repdose/evidence/references.bib", "year"),
    ]
    assert len(left_out) == 2


def test_no_two_tables_share_an_id():
    assert len(files.by_id()) > 400
    assert list(shipped.repeated_ids()) == []


def test_every_used_key_resolves_and_its_line_holds_it():
    for key, file, line in keys.uses():
        assert key in bibliography.sources()
        assert key in (ROOT / file).read_text("utf-8").splitlines()[line - 1], (file, line)


def test_every_table_with_records_names_a_source_in_each_row():
    with_source = [name for name in tables.names() if "source" in tables.table(name).columns]
    assert len(with_source) > 10
    for name in with_source:
        for row in tables.table(name).rows:
            assert row["source"] in bibliography.sources()
            assert row["locator"]
            assert row["checked"]


def test_a_primary_trial_is_used_where_its_doi_stands_in_a_table():
    doi = "10.1080/02640414.2010.517544"
    assert doi in {row["doi"] for row in tables.table("volume_arms").rows}
    assert keys.mentioned({doi: "cannon2010", "10.1000/none": "nobody1999"}) == {"cannon2010"}


def test_another_reader_of_table_schemas_finds_the_tables_valid():
    limit = csv.field_size_limit()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages for formats that are not used here
        from frictionless import Package

        report = Package(str(tables.DATA / "datapackage.json")).validate()
    csv.field_size_limit(limit)  # which importing it lifts for the whole process
    assert report.flatten(["title", "row_number", "note"]) == []
    assert report.stats["tasks"] == len(list(tables.DATA.glob("*.csv")))
