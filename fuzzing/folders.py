"""Folders in memory for the readers that only take files of a disk."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

MEMORY = Path("/dev/shm")
"""Where files stand in memory, should the system have that."""


@cache
def folder(name: str) -> Path:
    """A folder for one purpose, there as long as the process is."""
    home = tempfile.mkdtemp(prefix=f"airwarden-fuzzing-{name}-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return Path(home).resolve()


def put(home: Path, path: str, data: bytes) -> Path:
    """A file in a folder that holds these bytes."""
    file = home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file
