"""A bill of materials, in CycloneDX: what the program is installed with where locks/program.txt counts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from scripts.release.locks import Pin


def bill(version: str, locked: Sequence[Pin], moment: int) -> dict[str, Any]:
    """The bill of a version, the same whenever it is written."""
    own = f"pkg:pypi/airwarden@{version}"
    program = {"type": "application", "name": "airwarden", "version": version, "purl": own, "bom-ref": own}
    license_ = {"license": {"id": "Apache-2.0"}}
    direct = sorted({_purl(pin) for pin in locked if pin.is_direct})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(moment, timezone.utc).isoformat(),
            "component": {**program, "licenses": [license_]},
        },
        "components": [_component(pin) for pin in locked],
        "dependencies": [
            {"ref": own, "dependsOn": direct},
            *({"ref": _purl(pin), "dependsOn": _needs(pin, locked)} for pin in locked),
        ],
    }


def _component(pin: Pin) -> dict[str, Any]:
    plain = {"type": "library", "name": pin.name, "version": str(pin.version)}
    counts = [{"name": "airwarden:marker", "value": str(pin.marker)}] if pin.marker else []
    files = [{"name": "airwarden:hash", "value": each.removeprefix("--hash=")} for each in pin.hashes]
    return {**plain, "purl": _purl(pin), "bom-ref": _purl(pin), "properties": [*counts, *files]}


def _needs(pin: Pin, locked: Sequence[Pin]) -> list[str]:
    return sorted({_purl(other) for other in locked if pin.name in other.wanted_by})


def _purl(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"
