"""Failures, each kept once: its smallest input, and how to repeat it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fuzzing.target import Failure


def keep(folder: Path, target: str, failure: Failure, data: bytes) -> Path | None:
    """Writes the input of a failure, unless a smaller one that fails alike is there; where it is then."""
    home = folder / target
    home.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(failure).encode(errors="replace")).hexdigest()[:12]
    file = home / f"{name}.input"
    if file.exists() and file.stat().st_size <= len(data):
        return None
    file.write_bytes(data)
    story = f"{failure}\n\nRepeat it with:\n\n    python -m fuzzing {target} {file}\n\n{failure.story}"
    file.with_suffix(".txt").write_text(story, encoding="utf-8", errors="replace")
    return file


def listed(folder: Path) -> list[Path]:
    """The inputs of all failures that are kept."""
    return sorted(folder.glob("*/*.input"))
