"""Licences and known advisories of what the locks install: ``make audit``.

Exits 1 where a package may be used under the GNU (Affero) General Public License alone or under no
known licence, and where an advisory is known of a version in a lock. Where the service that knows
advisories cannot be reached, or does not know a package, that is said and passes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "lint" / "bin"
REFUSED = ("(GPL", "GPL-2", "GPL-3", "GPL V", "AGPL", "Affero", "SSPL", "UNKNOWN")
EITHER = {"text-unidecode": "Artistic License"}  # or the GPL, as whoever uses it likes


def refused(packages: list[dict[str, str]]) -> list[str]:
    """Packages whose licence is refused, by name and version."""
    return [
        f"{one['Name']} {one['Version']}: {one['License'][:80]}"
        for one in packages
        if any(word in one["License"].replace("LGPL", "") for word in REFUSED)
        and EITHER.get(one["Name"], "\n") not in one["License"]
    ]


def licences() -> list[str]:
    """Packages of the environment whose licence is refused."""
    environment = f"--python={ROOT / '.venv' / 'bin' / 'python'}"
    command = [TOOLS / "pip-licenses", environment, "--from=mixed", "--format=json"]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    packages = json.loads(said.stdout)
    print(f"licences of {len(packages)} packages looked at")
    return refused(packages)


def advisories(lock: Path) -> list[str]:
    """Known advisories of the versions in a lock; says how many packages nothing is known of."""
    command = [TOOLS / "pip-audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
    said = subprocess.run([*command, "--format=json"], capture_output=True, text=True, check=False)
    name = lock.relative_to(ROOT)
    try:
        packages = json.loads(said.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        reason = (said.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(f"SKIPPED advisories of {name}: {reason}")
        return []
    unknown = sum("skip_reason" in one for one in packages)
    if unknown:
        print(f"SKIPPED {unknown} of {len(packages)} packages of {name}: not known to the service")
    print(f"advisories of {len(packages) - unknown} packages of {name} looked up")
    return [
        f"{one['name']} {one['version']}: {', '.join(found['id'] for found in one['vulns'])}"
        for one in packages
        if one.get("vulns")
    ]


def main() -> int:
    """Say what was found."""
    faults = licences()
    for lock in sorted((ROOT / "locks").glob("*.txt")):
        faults += advisories(lock)
    for fault in faults:
        print(f"REFUSED {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
