"""A build packed as an RO-Crate: what it says, that validators agree, and what is refused."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from repdose.cli import app
from repdose.evidence import tables
from repdose.inputs import new_study, notebooks
from repdose.inputs.scenarios import find
from repdose.reports import folders
from repdose.reports.archive import about, crate
from repdose.reports.archive.deposit import archive
from repdose.reports.archive.spreadsheets import csv_for_people, plain
from repdose.reports.builds import index, jobs
from repdose.reports.engines import run_jobs
from repdose.reports.jobs import CellError
from repdose.reports.making import error_files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A build of one finished report and one that failed."""
    out = tmp_path_factory.mktemp("build").resolve()
    plan = find("foundation")
    job, broken = (
        jobs.job(notebook, plan.name, notebooks.parameters(notebook, plan), out)
        for notebook in (notebooks.find("energy_cost"), notebooks.find("weekly_volume"))
    )
    (outcome,) = run_jobs([job], engine=None, workers=1)
    assert outcome.status == "made", outcome.message
    error = CellError(cell=2, source="1 / 0", problem="ZeroDivisionError: division by zero")
    folders.write_folder(broken.folder, error_files(broken, error))
    index.write_index(out)
    return out


@pytest.fixture(scope="module")
def packed(made, tmp_path_factory):
    out = tmp_path_factory.mktemp("archive") / "build.zip"
    ran = CliRunner().invoke(app, ["archive", str(made), "-o", str(out)])
    assert ran.exit_code == 0, ran.stderr
    return out


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(packed) as archived:
        archived.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def graph(unpacked):
    content = json.loads((unpacked / crate.METADATA).read_text("utf-8"))
    assert content["@context"] == "https://w3id.org/ro/crate/1.2/context"
    return {entity["@id"]: entity for entity in content["@graph"]}


def listed(value):
    return value if isinstance(value, list) else [value]


def ids(value):
    return {one["@id"] for one in listed(value)}


def test_every_file_is_described_with_its_size_and_checksum_and_nothing_else_is(unpacked, graph):
    there = {
        path.relative_to(unpacked).as_posix()
        for path in unpacked.rglob("*")
        if path.is_file() and path.name != crate.METADATA
    }
    described = {
        unquote(key): entity for key, entity in graph.items() if "File" in listed(entity["@type"])
    }
    assert described.keys() == there
    for name, entity in described.items():
        raw = (unpacked / name).read_bytes()
        assert entity["contentSize"] == str(len(raw)), name
        assert entity["sha256"] == hashlib.sha256(raw).hexdigest(), name
        assert entity["encodingFormat"], name
        assert entity["description"], name


def test_every_reference_leads_to_an_entity_and_every_part_hangs_on_the_root(graph):
    reached = set()
    left = ["./"]
    while left:
        reached.add(one := left.pop())
        left += ids(graph[one].get("hasPart", [])) - reached
    data = {
        key for key, entity in graph.items() if {"File", "Dataset"} & set(listed(entity["@type"]))
    }
    assert reached == data
    outside = {"https://w3id.org/ro/crate/1.2"} | {
        f"http://schema.org/{status}ActionStatus" for status in ("Completed", "Failed")
    }
    for entity in graph.values():
        for value in entity.values():
            for one in listed(value):
                if isinstance(one, dict):
                    assert one["@id"] in graph or one["@id"] in outside, one


def test_the_root_says_who_when_under_which_licence_and_from_which_sources(graph):
    root = graph["./"]
    assert root["datePublished"] == about.citation()["date-released"]
    assert graph[root["license"]["@id"]]["identifier"] == about.citation()["license"]
    people = [graph[key]["name"] for key in ids(root["author"])]
    assert people == [author["name"] for author in about.citation()["authors"]]
    assert graph["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.2"
    assert "https://doi.org/10.1016/j.jshs.2023.10.010" in ids(root["citation"])


def test_a_report_is_an_action_with_parameters_data_software_and_results(made, graph):
    results = json.loads((made / "foundation/energy_cost/results.json").read_text("utf-8"))
    action = graph["#making-foundation-energy_cost"]
    assert action["@type"] == "CreateAction"
    assert action["actionStatus"] == "http://schema.org/CompletedActionStatus"
    objects = [graph[key] for key in ids(action["object"])]
    parameters = {one["name"]: one for one in objects if one["@type"] == "PropertyValue"}
    assert {name: one["value"] for name, one in parameters.items()} == results["parameters"]
    assert parameters["body_mass_kg"]["unitText"] == "kg"
    data = {one["@id"].removeprefix("evidence/") for one in objects if "File" in one["@type"]}
    assert data == results["data"].keys()
    instruments = [graph[key] for key in ids(action["instrument"])]
    assert {one["name"] for one in instruments} == {"repdose", "notebooks/energy_cost.ipynb"}
    (software,) = (one for one in instruments if one["name"] == "repdose")
    assert software["version"] == results["versions"]["repdose"]
    assert f"numpy {results['versions']['numpy']}" in software["softwareRequirements"]
    assert "reports/foundation/energy_cost/results.json" in ids(action["result"])
    assert action["@id"] in ids(graph["./"]["mentions"])


def test_a_report_that_failed_is_told_as_failed(graph):
    action = graph["#making-foundation-weekly_volume"]
    assert action["actionStatus"] == "http://schema.org/FailedActionStatus"
    assert "ZeroDivisionError" in action["error"]
    assert ids(action["result"]) == {
        f"reports/foundation/weekly_volume/{name}" for name in ("error.html", "manifest.json")
    }


def test_the_same_build_gives_the_same_bytes_from_another_place_and_under_another_zone(
    made, packed, tmp_path, monkeypatch
):
    shutil.copytree(made, tmp_path / "elsewhere")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    archive(tmp_path / "elsewhere", tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_the_archive_names_no_place_of_this_computer(unpacked):
    for path in unpacked.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert str(Path.home()).encode() + b"/" not in raw, path
            assert str(Path(__file__).parents[3]).encode() not in raw, path


class Shelf:
    """The context of the specification as the rocrate library carries it, given for the web's."""

    def __new__(cls):
        import rocrate
        import urllib3
        from requests.adapters import HTTPAdapter

        raw = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()

        class Adapter(HTTPAdapter):
            def send(self, request, **_):
                body = urllib3.HTTPResponse(
                    body=io.BytesIO(raw),
                    status=200,
                    headers={"Content-Type": "application/ld+json"},
                    preload_content=False,
                    request_method="GET",
                    request_url=request.url,
                )
                return self.build_response(request, body)

        return Adapter()


# The validator and its libraries warn of their own affairs
@pytest.mark.filterwarnings("ignore")
def test_an_independent_validator_finds_an_ro_crate_1_2(packed, tmp_path):
    services = pytest.importorskip("rocrate_validator.services")
    from requests_cache import CachedSession
    from rocrate_validator.models import Severity, ValidationSettings

    with CachedSession(str(tmp_path / "cache"), backend="sqlite", expire_after=-1) as session:
        session.mount("https://", Shelf())
        accepted = {"Accept": "application/ld+json, application/json"}
        session.get("https://w3id.org/ro/crate/1.2/context", headers=accepted)

    def issues(severity, archived):
        settings = ValidationSettings(
            rocrate_uri=str(archived),
            profile_identifier="ro-crate-1.2",
            requirement_severity=severity,
            offline=True,
            cache_path=tmp_path / "cache",
            abort_on_first=False,
            skip_availability_check=True,
        )
        return services.validate(settings).get_issues()

    found = issues(Severity.RECOMMENDED, packed)
    assert [one.message for one in found if one.severity == Severity.REQUIRED] == []
    # What is recommended and not done: an identifier, address and contact of the makers, which
    # CITATION.cff does not give, and a further profile
    assert all("rganization" in one.message or "`conformsTo`" in one.message for one in found)
    # That the validator can find fault at all
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(packed) as good, zipfile.ZipFile(broken, "w") as bad:
        for entry in good.infolist():
            raw = good.read(entry)
            if entry.filename == crate.METADATA:
                raw = raw.replace(b'"datePublished"', b'"dateCreated"')
            bad.writestr(entry, raw)
    assert any("datePublished" in one.message for one in issues(Severity.REQUIRED, broken))


@pytest.mark.filterwarnings("ignore")
def test_the_rocrate_library_reads_the_archive(packed):
    rocrate = pytest.importorskip("rocrate.rocrate")
    read = rocrate.ROCrate(str(packed))
    assert read.name.startswith("Reports made by repdose")
    assert read.get("#making-foundation-energy_cost").type == "CreateAction"


@pytest.mark.filterwarnings("ignore")
def test_the_evidence_is_a_valid_data_package(unpacked):
    from frictionless import Package, system

    with system.use_context(trusted=False):
        report = Package(str(unpacked / "evidence/datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "note"])[:5]
    assert len(report.tasks) == len(tables.package()["resources"])


def test_spreadsheets_have_the_cells_of_the_tables_and_no_formula(unpacked):
    for resource in tables.package()["resources"]:
        with (unpacked / "spreadsheets" / resource["path"]).open("rb") as file:
            assert file.read(3) == b"\xef\xbb\xbf"
        shown, entered = (
            list(csv.reader(io.StringIO((folder / resource["path"]).read_text(encoding))))
            for folder, encoding in (
                (unpacked / "spreadsheets", "utf-8-sig"),
                (tables.DATA, "utf-8"),
            )
        )
        assert [[plain(cell) for cell in row] for row in entered] == shown
        for row in shown:
            for cell in row:
                assert not cell.startswith(("=", "@", "\t", "\r")), (resource["name"], cell)
                if cell.startswith(("+", "-")):
                    float(cell)


def test_the_numbers_of_every_report_stand_in_one_spreadsheet_unrounded(made, unpacked):
    results = json.loads((made / "foundation/energy_cost/results.json").read_text("utf-8"))
    text = (unpacked / "spreadsheets/numbers.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [number["id"] for number in results["numbers"]]
    for row, number in zip(rows, results["numbers"], strict=True):
        assert float(row["value"]) == number["value"]
        assert (row["scenario"], row["notebook"]) == ("foundation", "energy_cost")
        assert row["unit"] == number["unit"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("=", "'="),
        ('=HYPERLINK("http://x";"y")', '\'=HYPERLINK("http://x";"y")'),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),
        ("-inf", "'-inf"),
        ("--1", "'--1"),
        ("-1.5", "-1.5"),
        ("+2e-3", "+2e-3"),
        ("-.5", "-.5"),
        (-1.5, -1.5),
        (None, None),
        ("02024", "02024"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_what_looks_like_a_formula_becomes_text_and_a_number_stays_one(cell, shown):
    assert plain(cell) == shown


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_text_survives_the_way_through_a_spreadsheet_file(rows):
    text = csv_for_people(["a", "b"], rows).decode("utf-8-sig")
    _, *read = csv.reader(io.StringIO(text, newline=""))
    assert read == [[plain(cell) for cell in row] for row in rows]


def test_people_of_a_citation_file_become_persons_with_orcid_and_affiliation():
    made_up = crate.Crate()
    found = crate.add_people(
        made_up,
        [
            {
                "given-names": "A.",
                "name-particle": "van",
                "family-names": "B.",
                "orcid": "https://orcid.org/0000-0000-0000-0001",
                "affiliation": "An Institute",
            },
            {"given-names": "C.", "family-names": "D."},
        ],
    )
    first, second = (made_up.entities[one["@id"]] for one in found)
    assert (first["@id"], first["name"]) == ("https://orcid.org/0000-0000-0000-0001", "A. van B.")
    assert made_up.entities[first["affiliation"]["@id"]]["name"] == "An Institute"
    assert (second["@type"], second["familyName"]) == ("Person", "D.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("build/inside.zip", "lies inside the build"),
        ("crate.tar", "must end in .zip"),
        ("folder.zip", "is a folder"),
    ],
)
def test_an_output_that_must_not_be_is_refused(made, tmp_path, name, said):
    shutil.copytree(made, tmp_path / "build")
    (tmp_path / "folder.zip").mkdir()
    ran = CliRunner().invoke(app, ["archive", str(tmp_path / "build"), "-o", str(tmp_path / name)])
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert not (tmp_path / name).is_file()


def test_a_folder_that_is_no_build_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "nowhere"):
        ran = CliRunner().invoke(
            app, ["archive", str(tmp_path / folder), "-o", str(tmp_path / "a.zip")]
        )
        assert ran.exit_code == 2
        assert "no build" in ran.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "empty"]


def test_a_report_that_was_altered_or_made_from_other_evidence_is_refused(made, tmp_path):
    shutil.copytree(made, tmp_path / "build")
    folder = tmp_path / "build/foundation/energy_cost"
    page = folder / "report.html"
    whole = page.read_bytes()
    page.write_bytes(whole + b"<!-- -->")
    with pytest.raises(ValueError, match=r"report\.html is missing or was altered"):
        archive(tmp_path / "build", tmp_path / "a.zip")
    page.write_bytes(whole)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["made_from"]["data"]["met_2024.csv"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ValueError, match="its data has changed since it was made"):
        archive(tmp_path / "build", tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_an_archive_that_cannot_be_finished_leaves_the_one_before(made, tmp_path, monkeypatch):
    out = tmp_path / "a.zip"
    out.write_bytes(b"the one before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        archive(made, out)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert out.read_bytes() == b"the one before"


@pytest.mark.parametrize("date", ["yesterday", "2026-13-01", "2026-1-1x"])
def test_a_date_that_is_none_is_refused(made, tmp_path, date):
    ran = CliRunner().invoke(
        app, ["archive", str(made), "-o", str(tmp_path / "a.zip"), "--date", date]
    )
    assert ran.exit_code == 2
    assert "year-month-day" in ran.stderr


def test_a_date_of_publication_is_taken_over(made, tmp_path):
    archive(made, tmp_path / "a.zip", date="2027-02-03")
    with zipfile.ZipFile(tmp_path / "a.zip") as archived:
        assert b'"datePublished": "2027-02-03"' in archived.read(crate.METADATA)


def test_a_study_is_archived_with_its_notebook_evidence_and_references(tmp_path, monkeypatch):
    monkeypatch.chdir(new_study.create(tmp_path / "mystudy"))
    notebook = Path("notebooks/first_question.ipynb")
    content = json.loads(notebook.read_text("utf-8"))
    content["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    notebook.write_text(json.dumps(content), "utf-8")
    ran = CliRunner().invoke(app, ["build", "-j", "1"])
    assert ran.exit_code == 0, ran.stderr
    ran = CliRunner().invoke(app, ["archive", "build", "-o", "../a.zip"])
    assert ran.exit_code == 0, ran.stderr
    with zipfile.ZipFile("../a.zip") as archived:
        names = archived.namelist()
        kept = json.loads(archived.read("notebooks/first_question.ipynb"))
        graph = json.loads(archived.read(crate.METADATA))["@graph"]
    assert {"evidence/mystudy/evidence/exercises.csv", "evidence/mystudy/references.bib"} <= {
        *names
    }
    assert [cell["source"] for cell in kept["cells"]] == [
        cell["source"] for cell in content["cells"]
    ]
    assert not any(cell.get("outputs") for cell in kept["cells"])
    said = {one["@id"]: one.get("description") for one in graph}
    assert said["evidence/mystudy/evidence/"].startswith("Tables of the pack of evidence mystudy")
    assert said["evidence/mystudy/references.bib"].startswith("Sources that the pack of evidence m")
    (making,) = (one for one in graph if one["@type"] == "CreateAction")
    assert {"@id": "notebooks/first_question.ipynb"} in making["instrument"]
    # From elsewhere nobody knows where its notebooks are
    monkeypatch.chdir(tmp_path)
    place = ["archive", "mystudy/build", "-o", "b.zip"]
    ran = CliRunner().invoke(app, place)
    assert ran.exit_code == 2
    assert "give the folder it is in by --notebooks DIR" in ran.stderr
    told = ["--pack", "mystudy", *place, "--notebooks", "mystudy/notebooks"]
    assert CliRunner().invoke(app, told).exit_code == 0
    assert Path("a.zip").read_bytes() == Path("b.zip").read_bytes()


def test_a_notebook_that_is_not_shipped_is_refused_by_name(made, tmp_path):
    shutil.copytree(made, tmp_path / "build")
    path = tmp_path / "build/foundation/energy_cost/manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | {"notebook": "of_my_own"}))
    with pytest.raises(ValueError, match="no notebook 'of_my_own' is shipped"):
        archive(tmp_path / "build", tmp_path / "a.zip")
