"""SECURITY.md promises nothing that no test holds."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_promise_is_held_by_tests_that_are_there() -> None:
    section = TEXT.partition("## What is promised, and what holds it")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!promise|---)(.+?) \| (.+) \|$", section, re.MULTILINE)
    assert len(rows) > 5
    for promise, held_by in rows:
        files = re.findall(r"`(tests/test_\w+\.py)`", held_by)
        assert files, f"nothing holds it: {promise}"
        assert all((ROOT / file).is_file() for file in files), held_by
