"""What earlier runs found, read from their reports in JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from airwarden import disk
from airwarden.bounded import json_of
from airwarden.config import ConfigError
from airwarden.findings import LEVELS, Level
from airwarden.formats.view import EarlierRun


def earlier_runs(paths: Iterable[Path]) -> tuple[EarlierRun, ...]:
    """The runs whose reports are given: files in their order, those of a folder in the order of their names.

    Raises `ConfigError` where one of them is no such report.
    """
    return tuple(_run(file, is_named=file is path) for path in paths for file in _files(path))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(path.glob("*.json"))
    else:
        yield path


def _run(file: Path, *, is_named: bool) -> EarlierRun:
    families: defaultdict[str, Counter[Level]] = defaultdict(Counter)
    try:
        disk.must_stay(file)
        report = json_of(disk.text(file, may_wait=is_named))
        if report["tool"]["name"] != "airwarden" or report.get("shard"):
            raise ValueError("the report of another tool, or of a part of a run")
        counts: dict[Level, int] = {level: int(report["summary"][f"{level}s"]) for level in LEVELS}
        for finding in report["findings"]:
            level = LEVELS[LEVELS.index(finding["level"])]
            families[str(finding["family"])][level] += 1
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise ConfigError(f"{file}: is no report of a whole run of airwarden in JSON") from None
    return EarlierRun(file.stem, counts, dict(families))
