"""Shows the steps as diffs, and takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden import disk
from airwarden.fixer import Unwritable, write_all
from airwarden.formats.view import visible
from airwarden.source import Source

if TYPE_CHECKING:
    from airwarden.adoption.steps import Step
    from airwarden.formats.view import View

_STYLES = {"+": "good", "-": "error", "@": "faint"}


def diff_of(step: Step, view: View) -> Iterator[str]:
    """The lines of a step's diff, without the two that name the file; all lines of a new file."""
    old = (step.old or "").splitlines()
    lines = unified_diff(old, step.text.splitlines(), lineterm="")
    for number, line in enumerate(lines):
        if number > 1:
            text = visible(line, keep="\t")
            yield view.paint(text, _STYLES[line[0]]) if line[0] in _STYLES else text


def take(root: Path, steps: Iterable[Step]) -> None:
    """Writes the files of all steps. Raises `Unwritable`, which names the file and the reason."""
    steps = tuple(steps)
    changes = [(Source(each.path, each.old), each) for each in steps if each.old is not None]
    write_all(root, [(old, Source(old.path, step.text)) for old, step in changes], [])
    for step in steps:
        if step.old is None:
            _create(root / step.path, step)


def _create(file: Path, step: Step) -> None:
    try:
        disk.create(file, step.text.encode())
    except OSError as error:
        raise Unwritable(f"{step.path}: cannot be written: {error.strerror}") from None
