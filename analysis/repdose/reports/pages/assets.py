"""Files of the page templates, filled, and the policy under which a page runs."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from repdose.reports.pages.unbroken import joined

TEMPLATE = Path(__file__).parent / "template"
# A page has each file within it, and is read by people in the file
_COMMENT_OR_INDENT = re.compile(r"^(?:\s*(?://.*|/\*.*\*/)\n)*\s*", re.MULTILINE)
# Ends of lines that mean nothing: of a style, and of a script, where one may end a statement
_BREAKS = {".css": re.compile(r"(?<=[{};,])\n"), ".js": re.compile(r"(?<=[{;,])\n")}
# What is given as HTML: ours, or made safe where it was made
_HTML = {"policy", "style", "script", "references", "answer", "figure", "outlines"}


@cache
def asset(name: str) -> str:
    """Text of a file of the template, of a style or script without what is for its readers."""
    text = (TEMPLATE / name).read_text("utf-8")
    breaks = _BREAKS.get(Path(name).suffix)
    return text if breaks is None else breaks.sub("", _COMMENT_OR_INDENT.sub("", text))


@cache
def policy(script: str = "") -> str:
    """Content-Security-Policy: nothing from anywhere, and the one script known by its hash."""
    parts = ["default-src 'none'", "img-src data:", "style-src 'unsafe-inline'"]
    if script:
        digest = hashlib.sha256(asset(script).encode("utf-8")).digest()
        parts.append(f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def filled(template: str, /, **values: Any) -> str:
    """A template of a page with its values, escaped where they are text."""
    given = {key: Markup(value) if key in _HTML else value for key, value in values.items()}
    return _compiled(template).render(**given)


@cache
def _compiled(name: str) -> Template:
    environment = Environment(autoescape=True)
    environment.filters["joined"] = joined  # text that a script shows, in an attribute
    return environment.from_string(asset(name))
