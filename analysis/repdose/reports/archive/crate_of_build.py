"""What an archive of a build says of itself: its RO-Crate metadata, entity by entity."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repdose.evidence import tables
from repdose.reports import folders
from repdose.reports.archive import about
from repdose.reports.archive import crate as ro
from repdose.reports.archive.crate import Crate, Entity

REPORTS = "reports"
EVIDENCE = "evidence"
SPREADSHEETS = "spreadsheets"
Files = Mapping[str, bytes | Path]


def inside(files: Files) -> dict[str, list[str]]:
    """By each folder of the archive, the files and folders in it."""
    held: dict[str, set[str]] = {}
    for name in files:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth]) + "/"
            end = "" if depth == len(parts) - 1 else "/"
            held.setdefault(folder, set()).add(f"{folder}{parts[depth]}{end}")
    return {folder: sorted(names) for folder, names in held.items()}


@dataclass(frozen=True)
class _Tree:
    """The files of the archive, and what is in each folder."""

    files: Files
    inside: Mapping[str, Sequence[str]]


_DESCRIPTIONS = {
    "references.bib": "Every source of the package, in BibTeX",
    "CITATION.cff": "How to cite the software",
    "LICENSE": "Licence of the software, the notebooks and the tables",
    "report.html": "The report as a page",
    "report.ipynb": "The notebook as it was run",
    "results.json": "Parameters, numbers with units and ranges, assumptions, sources, records read",
    "manifest.json": "What the report was made from, by checksum",
    "error.html": "Why the report failed",
    "index.html": "Index of the reports",
    "explore.html": "Numbers of energy and weekly sets over a grid of choices",
    "results.csv": "Every number of a sweep, one a row",
    "results.parquet": "Every number of a sweep, one a row, columns typed",
    "numbers.csv": "Every reported number, one a row",
    "datapackage.json": "Columns, units and checksums of the evidence tables",
    "corrections.yaml": "Corrections of the tables, each with what it expects to replace",
    "README.md": "The evidence tables, a paragraph each",
}
_BY_FOLDER = {
    "figures": "Figure of the report",
    SPREADSHEETS: "Evidence table for spreadsheets",
}


def _description(name: str) -> str:
    """What a file is, from its name and the folder it lies in."""
    *folders_above, own = name.split("/")
    if folders_above and own == "references.bib":
        return f"Sources that the pack of evidence {folders_above[1]} brings, in BibTeX"
    above = folders_above[-1] if folders_above else ""
    return _DESCRIPTIONS.get(own) or _BY_FOLDER.get(above, "")


def _folder_description(name: str) -> str:
    above, *inside, own = name.removesuffix("/").split("/")
    if above == EVIDENCE:
        pack = (*inside, own)[0]
        tables_of = "Tables of the" if inside else "The"
        return f"{tables_of} pack of evidence {pack}, which reports were made with"
    return "Figures of the report" if own == "figures" else f"Reports of {own}"


@dataclass(frozen=True)
class Made:
    """A report of the build: its folder, manifest, results if it has any, and its notebook."""

    name: str
    folder: Path
    manifest: Mapping[str, Any]
    results: Mapping[str, Any] | None
    source: Path

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions it was made with; a report that failed does not say."""
        return self.results["versions"] if self.results else {}

    def place_of(self, table: str) -> str:
        """Where the archive holds a table it has read; what a scenario declares, under its name."""
        scenario = self.name.split("/")[0]
        name = table.replace("scenario/", f"scenario-{scenario}/") if "/" in table else table
        return f"{EVIDENCE}/{name}"

    @property
    def files(self) -> list[str]:
        """Names of its files, the manifest among them."""
        listed = self.manifest.get("files", ("error.html",))
        return sorted([*listed, folders.MANIFEST])


def described(reports: Sequence[Made], files: Files, when: str) -> str:
    """The metadata file of an archive of these reports and files, published at that date."""
    crate = Crate()
    tree = _Tree(files, inside(files))
    citation = about.citation()
    licences = citation["license"]
    licence = [
        ro.add_licence(crate, one)
        for one in ([licences] if isinstance(licences, str) else licences)
    ]
    people = ro.add_people(crate, citation["authors"])
    version = str(citation["version"])
    pythons = {one.versions.get("python", "") for one in reports if one.results} - {""}
    parts = [
        ro.add_file(crate, name, content, _description(name))
        for name, content in files.items()
        if "/" not in name
    ]
    crate.add(
        ro.PYTHON,
        "ComputerLanguage",
        "Python",
        url="https://www.python.org/",
        version=", ".join(sorted(pythons)) or platform.python_version(),
    )
    about_software = {
        "description": citation["title"],
        "license": licence,
        "author": people,
        # An application must have an address: its own, else that of its citation file here
        "url": citation.get("repository-code")
        or citation.get("url")
        or {"@id": ro.address("CITATION.cff")},
    }
    software = [_software(crate, report, about_software) for report in reports]
    actions = [_action(crate, *pair, tree) for pair in zip(reports, software, strict=True)]
    parts += [
        _folder(crate, f"{REPORTS}/", tree, "Reports, a folder each, and an index of them"),
        _notebooks(crate, tree),
        _evidence(crate, tree),
        _folder(
            crate,
            f"{SPREADSHEETS}/",
            tree,
            "The evidence tables and every reported number as CSV for spreadsheets: text that "
            "looks like a formula has an apostrophe before it, numbers are as they were",
        ),
    ]
    keys = sorted({key for one in reports if one.results for key in one.results["sources"]})
    scenarios = sorted({report.name.split("/")[0] for report in reports})
    crate.add(
        "./",
        "Dataset",
        f"Reports made by repdose {version}",
        description=f"{len(reports)} reports ({', '.join(scenarios[:10])}"
        f"{', ...' if len(scenarios) > 10 else ''}) with the notebooks, parameters and evidence "
        "tables they were made from, and the software that made them. A range of assumptions "
        "is not a confidence interval; each number says what its range is.",
        datePublished=when,
        license=licence,
        author=people,
        publisher=people[0],
        hasPart=parts,
        mentions=actions,
        citation=[one for key in keys if (one := ro.add_source(crate, key))],
    )
    crate.add(
        ro.METADATA,
        "CreativeWork",
        "RO-Crate metadata of the archive",
        about={"@id": "./"},
        conformsTo={"@id": ro.SPECIFICATION},
    )
    return crate.text()


def _folder(crate: Crate, path: str, tree: _Tree, description: str, **properties: Any) -> Entity:
    """Enter a folder of the archive with the folders and files in it."""
    parts = [
        ro.add_file(crate, name, tree.files[name], _description(name))
        if name in tree.files
        else _folder(crate, name, tree, _folder_description(name))
        for name in tree.inside[path]
    ]
    return ro.add_folder(crate, path, parts, description, **properties)


def _notebooks(crate: Crate, tree: _Tree) -> Entity:
    """Enter the notebooks, which are programs."""
    for name in tree.files:
        if name.startswith("notebooks/"):
            ro.add_file(crate, name, tree.files[name], "Notebook, before it is run")
            entity = crate.entities[ro.address(name)]
            entity["@type"] = ["File", "SoftwareSourceCode"]
            entity["programmingLanguage"] = {"@id": ro.PYTHON}
    return _folder(crate, "notebooks/", tree, "The notebooks that the reports were made from")


def _evidence(crate: Crate, tree: _Tree) -> Entity:
    """Enter the evidence tables, a Frictionless data package."""
    for resource in tables.package()["resources"]:
        name = f"{EVIDENCE}/{resource['path']}"
        ro.add_file(crate, name, tree.files[name], resource["description"])
    profile = crate.add(
        ro.DATA_PACKAGE, ["CreativeWork", "Profile"], "Frictionless tabular data package"
    )
    return _folder(
        crate,
        f"{EVIDENCE}/",
        tree,
        "Published numbers with their sources, as the reports read them",
        conformsTo=profile,
    )


def _software(crate: Crate, report: Made, about_software: Mapping[str, Any]) -> Entity:
    libraries = dict(report.versions)
    version = libraries.pop("repdose", about.citation()["version"])
    return ro.add_software(crate, version, libraries, **about_software)


def _action(crate: Crate, report: Made, software: Entity, tree: _Tree) -> Entity:
    """Enter the making of one report: from which parameters and tables, with what, into what."""
    from repdose.inputs.validation import describe

    notebook = report.manifest["notebook"]
    described = {row["name"]: row for row in describe(report.source)}
    given = [
        ro.add_parameter(crate, name, value, said.get("unit", ""), said.get("meaning", ""))
        for name, value in report.manifest["parameters"].items()
        # One that failed may be of another version, whose notebook had others
        for said in [described.get(name, {})]
    ]
    results = report.results or {"data": {}, "numbers": []}
    stated = "; ".join(
        f"{number['label']}: {number['text']}"
        for number in results["numbers"]
        if number["headline"]
    )
    folder = f"{REPORTS}/{report.name}/"
    _folder(crate, folder, tree, stated or f"The report {report.name}")
    failed = report.results is None
    return crate.add(
        f"#making-{ro.address(report.name.replace('/', '-'))}",
        "CreateAction",
        f"Making of the report {report.name}",
        description=f"repdose ran the notebook {notebook} with the parameters of its scenario",
        instrument=[
            {"@id": ro.address(f"notebooks/{notebook}.ipynb")},
            software,
        ],
        object=[*given, *({"@id": ro.address(report.place_of(name))} for name in results["data"])],
        result=[{"@id": ro.address(f"{folder}{name}")} for name in report.files],
        actionStatus="http://schema.org/"
        + ("FailedActionStatus" if failed else "CompletedActionStatus"),
        error=report.manifest.get("problem") if failed else None,
    )
