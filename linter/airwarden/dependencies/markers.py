"""Environment markers: whether a requirement counts for the Python that the image has."""

from __future__ import annotations

from functools import lru_cache

PYTHONS = tuple(f"3.{minor}" for minor in range(8, 16))
"""The Pythons that any supported Airflow runs on."""

_LONGEST, _DEEPEST = 1000, 20
"""Characters and opening parentheses of a marker that is looked at; `packaging` recurses."""

_LINUX = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}


@lru_cache(maxsize=1024)
def may_hold(marker: str, pythons: tuple[str, ...] = PYTHONS) -> bool:
    """Whether a marker holds for any of these Pythons, on Linux; yes where that is not known."""
    if not marker.strip() or "extra" in marker:
        return True
    if len(marker) > _LONGEST or marker.count("(") > _DEEPEST:
        return True
    from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        parsed = Marker(marker)
        return any(
            parsed.evaluate({**_LINUX, "platform_machine": machine, **_python(version)})
            for version in pythons
            for machine in ("x86_64", "aarch64")
        )
    except (ValueError, UndefinedComparison, UndefinedEnvironmentName):
        return True


def _python(version: str) -> dict[str, str]:
    return {
        "python_version": version,
        "python_full_version": f"{version}.9",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
