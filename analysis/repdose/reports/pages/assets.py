"""Files of the page template, and the policy under which a page runs."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

TEMPLATE = Path(__file__).parent / "template"


@cache
def asset(name: str) -> str:
    """Text of a file of the template."""
    return (TEMPLATE / name).read_text("utf-8")


@cache
def policy(script: str = "") -> str:
    """Content-Security-Policy: nothing from anywhere, and the one script known by its hash."""
    parts = ["default-src 'none'", "img-src data:", "style-src 'unsafe-inline'"]
    if script:
        digest = hashlib.sha256(asset(script).encode("utf-8")).digest()
        parts.append(f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])
