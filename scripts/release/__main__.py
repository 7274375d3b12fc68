"""Makes all that a release of the commit at hand consists of.

python -m scripts.release v0.1.0 --output release

The tag has to be that of the program's version, and CHANGELOG.md must have a section about it. Below
the output stand `dist/` with the archives, the bill of materials, and `notes.md`. What is not committed
does not count.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from airwarden import __version__

from scripts.release import archives, bill, locks

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Makes it; exit 1 where the tag, the version and the changelog don't fit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tag", help="v and the version")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "release", help="a folder that is not there yet"
    )
    arguments = parser.parse_args()
    notes = notes_of(__version__, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    wrong = fault(arguments.tag, __version__, notes)
    if wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    make(arguments.output, notes)
    return 0


def fault(tag: str, version: str, notes: str) -> str:
    """Why a tag can't be released; empty where it can."""
    if tag != f"v{version}":
        return f"the tag is {tag}, but __version__ in linter/airwarden/__init__.py is {version}"
    return "" if notes else f"CHANGELOG.md has no section ## [{version}]"


def notes_of(version: str, changelog: str) -> str:
    """The section about a version; empty where there is none."""
    pattern = rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)"
    found = re.search(pattern, changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() if found else ""


def make(output: Path, notes: str) -> None:
    """Writes archives, bill and notes into a folder."""
    moment = int(_git("log", "-1", "--format=%ct"))
    output.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        with tarfile.open(fileobj=io.BytesIO(_git("archive", "HEAD"))) as committed:
            committed.extractall(name, filter="data")
        archives.build(Path(name), output / "dist", moment)
    made = bill.bill(__version__, locks.pins("program"), moment)
    (output / f"airwarden-{__version__}.cdx.json").write_text(
        f"{json.dumps(made, indent=2)}\n", encoding="utf-8"
    )
    (output / "notes.md").write_text(f"{notes}\n", encoding="utf-8")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
