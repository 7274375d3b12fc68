"""Seeds: real files, gathered for each target once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from fuzzing.target import Target

MOST = 300
"""Seeds of one target."""

LARGEST = 20_000
"""Bytes of a seed."""

_PASSED = frozenset({".git", ".venv", "node_modules", "__pycache__"})


def gather(targets: Iterable[Target], folders: Sequence[Path], home: Path, random: Random) -> None:
    """Copies files that are nearly what each target expects below `home`, a folder a target."""
    files = sorted({path for folder in folders for path in _files(folder)})
    for target in targets:
        place = home / target.name
        place.mkdir(parents=True, exist_ok=True)
        own = [path for path in files if target.seeds.fullmatch(path.name)]
        for number, path in enumerate(random.sample(own, min(MOST, len(own)))):
            data = _read(path) if target.packs is None else _several(target, path, own, random)
            if data:
                (place / f"{number:04}").write_bytes(data)


def _several(target: Target, first: Path, others: Sequence[Path], random: Random) -> bytes:
    """A file with some others, as the parts of one repository."""
    assert target.packs is not None
    chosen = [first, *random.sample(others, min(random.randrange(4), len(others)))]
    return b"".join(target.packs(_place(path), _read(path)) for path in chosen)[: 3 * LARGEST]


def _place(path: Path) -> str:
    """Where a file may stand in a repository that is made for it."""
    return f"dags/{path.name}" if path.suffix == ".py" else "/".join(path.parts[-1 - len(path.name) % 2 :])


def _files(folder: Path) -> Iterator[Path]:
    for home, inner, names in os.walk(folder):
        inner[:] = sorted(set(inner) - _PASSED)
        yield from (Path(home, name) for name in names)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST and path.is_file() else b""
    except OSError:
        return b""


def of(place: Path) -> list[bytes]:
    """The seeds that a folder holds."""
    return [_read(path) for path in sorted(place.iterdir())] if place.is_dir() else []
