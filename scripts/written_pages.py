"""Brings generated pages up to date, or tells which of them are stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(description: str, wanted: Mapping[Path, str], home: Path | None = None) -> int:
    """Writes or, with --check, compares; `home` is a folder that holds nothing but such pages."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file is stale")
    outdated = stale(wanted, home)
    if not parser.parse_args().check:
        write(outdated, wanted)
        return 0
    for path in outdated:
        print(f"{path.relative_to(ROOT)} is stale: run `make pages`", file=sys.stderr)
    return bool(outdated)


def stale(wanted: Mapping[Path, str], home: Path | None) -> list[Path]:
    """The generated files that are missing or outdated, or that nothing makes any more."""
    outdated = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    return outdated + [path for path in (home.glob("*.md") if home else ()) if path not in wanted]


def write(outdated: list[Path], wanted: Mapping[Path, str]) -> None:
    """Writes each file that is stale, or deletes it where nothing makes it any more."""
    for path in outdated:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
