"""Whose a file is, by the CODEOWNERS of GitHub or GitLab."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from airwarden import disk
from airwarden.globs import globs_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pathspec import GitIgnoreSpec

PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


class CodeOwners:
    """The owners that a repository names; the last line that matches a file counts. Sections of GitLab are
    read as if they were none. `prefix` leads from the root of the checkout to the root of all paths.
    """

    def __init__(self, text: str, prefix: str = "") -> None:
        self._text = text
        self._prefix = prefix
        self._rows: list[tuple[GitIgnoreSpec, str]] | None = None

    @classmethod
    def of(cls, root: Path) -> CodeOwners:
        """Those of the checkout that `root` stands in; none where it names none."""
        places = (root, *root.parents)
        top = next((each for each in places if os.path.exists(each / ".git")), root)  # noqa: PTH110 (no error)
        prefix = "" if top == root else f"{root.relative_to(top).as_posix()}/"
        for place in PLACES:
            try:
                disk.must_stay(top / place)
                return cls(disk.text(top / place, "replace"), prefix)
            except OSError:  # noqa: PERF203
                continue
        return cls("")

    def owner(self, path: str) -> str:
        """The owners of a file, with blanks between them; empty where it has none."""
        if self._rows is None:
            self._rows = list(map(_row, filter(_is_row, self._text.splitlines())))
        full = self._prefix + path
        return next((owners for pattern, owners in reversed(self._rows) if pattern.match_file(full)), "")


def _is_row(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith(("#", "[", "^["))


def _row(line: str) -> tuple[GitIgnoreSpec, str]:
    pattern, *owners = _words(line.partition(" #")[0])
    return globs_of([pattern]), " ".join(owners)


def _words(line: str) -> Sequence[str]:
    r"""The words of a line; a blank behind `\` does not end one."""
    return [word.replace("\0", "\\ ") for word in line.replace("\\ ", "\0").split()]
