"""RO-Crate 1.2 metadata: what is in an archive, who made it, from what and with what."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from repdose.reports.jobs import as_json
from repdose.reports.manifest import digest

METADATA = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
# The package is described by the profile's address; its text is not needed to read the tables
DATA_PACKAGE = "https://specs.frictionlessdata.io/tabular-data-package/"
PYTHON = "#python"

_ENCODINGS = {
    ".ipynb": "application/x-ipynb+json",
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".yaml": "application/yaml",
    ".cff": "application/yaml",
    ".md": "text/markdown",
    "": "text/plain",
}

Entity = dict[str, Any]


@dataclass
class Crate:
    """Entities by identifier, each once."""

    entities: dict[str, Entity] = field(default_factory=dict)

    def add(self, own_id: str, kind: str | list[str], name: str, /, **properties: Any) -> Entity:
        """Enter an entity, unless it is there, and return a reference to it."""
        stated = {
            key: value[0] if isinstance(value, list) and len(value) == 1 else value
            for key, value in properties.items()
            if value not in (None, "", [])
        }
        entity = {"@id": own_id, "@type": kind, "name": name, **stated}
        self.entities.setdefault(own_id, entity)
        return {"@id": own_id}

    def text(self) -> str:
        """The metadata file."""
        graph = [self.entities[key] for key in sorted(self.entities)]
        return as_json({"@context": f"{SPECIFICATION}/context", "@graph": graph})


def address(path: str) -> str:
    """Identifier of a file or folder of the archive."""
    return quote(path)


def add_file(crate: Crate, path: str, content: bytes | Path, description: str = "") -> Entity:
    """Enter a file with its type, size and SHA-256."""
    raw = content.read_bytes() if isinstance(content, Path) else content
    suffix = PurePosixPath(path).suffix
    encoding = _ENCODINGS.get(suffix) or mimetypes.types_map.get(suffix)
    return crate.add(
        address(path),
        "File",
        path,
        encodingFormat=encoding,
        contentSize=str(len(raw)),
        sha256=digest(raw),
        description=description,
    )


def add_folder(
    crate: Crate, path: str, parts: Sequence[Entity], description: str, **properties: Any
) -> Entity:
    """Enter a folder with its parts."""
    return crate.add(
        address(path), "Dataset", path, hasPart=parts, description=description, **properties
    )


def add_licence(crate: Crate, identifier: str) -> Entity:
    """Enter a licence by its SPDX identifier."""
    return crate.add(
        f"https://spdx.org/licenses/{identifier}",
        "CreativeWork",
        identifier,
        description=f"The licence {identifier}, by its SPDX identifier",
        identifier=identifier,
    )


def add_people(crate: Crate, authors: Iterable[Mapping[str, str]]) -> list[Entity]:
    """Enter the authors of a citation file: persons, and organisations that have but a name."""
    people = []
    for number, author in enumerate(authors, start=1):
        if "name" in author:
            people.append(_organisation(crate, author["name"], author.get("website")))
            continue
        given, family = author.get("given-names", ""), author.get("family-names", "")
        whole = " ".join(part for part in (given, author.get("name-particle", ""), family) if part)
        affiliation = author.get("affiliation")
        people.append(
            crate.add(
                author.get("orcid") or f"#person-{number}",
                "Person",
                whole,
                givenName=given,
                familyName=family,
                affiliation=_organisation(crate, affiliation) if affiliation else None,
            )
        )
    return people


def _organisation(crate: Crate, name: str, website: str | None = None) -> Entity:
    slug = quote("-".join(name.lower().split()))
    return crate.add(website or f"#{slug}", "Organization", name, url=website)


def add_source(crate: Crate, key: str) -> Entity | None:
    """Enter a cited work; None where it has no address, which a citation here must have."""
    from repdose.evidence import bibliography

    source = bibliography.source(key)
    if not source.link():
        return None
    return crate.add(
        source.link(),
        "ScholarlyArticle" if source.kind == "article" else "CreativeWork",
        source.title,
        datePublished=str(source.year) if source.year else None,
        creditText=bibliography.cite(key),
    )


def add_software(
    crate: Crate, version: str, libraries: Mapping[str, str], **properties: Any
) -> Entity:
    """Enter the package in one version, with the versions of what it ran on."""
    return crate.add(
        f"#repdose-{digest(as_json([version, libraries]))[:12]}",
        "SoftwareApplication",
        "repdose",
        version=version,
        softwareRequirements=[f"{name} {number}" for name, number in sorted(libraries.items())],
        **properties,
    )


def add_parameter(crate: Crate, name: str, value: Any, unit: str, meaning: str) -> Entity:
    """Enter a parameter with its value; the same value of two reports is entered once."""
    shown = value if isinstance(value, str | int | float | bool) else as_json(value).strip()
    return crate.add(
        f"#{name}-{digest(as_json([value, unit]))[:12]}",
        "PropertyValue",
        name,
        value=shown,
        unitText=unit,
        description=meaning,
    )
