"""Patterns of .gitignore, without those that mean nothing."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

_MAY_BE_WRONG = "[\\!"
"""Only a pattern with one of these can be one that nothing understands."""


def globs(lines: Iterable[str]) -> GitIgnoreSpec:
    """The patterns of some lines; one that nothing can be made of, as of `[z-a]`, matches nothing."""
    from pathspec import GitIgnoreSpec

    listed = list(lines)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return GitIgnoreSpec.from_lines(listed)
        except (ValueError, re.error):
            return GitIgnoreSpec.from_lines(filter(is_sound, listed))


def is_sound(glob: str) -> bool:
    """Whether a pattern can be understood."""
    if not any(sign in glob for sign in _MAY_BE_WRONG):
        return True
    from pathspec import GitIgnoreSpec

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            GitIgnoreSpec.from_lines([glob])
        except (ValueError, re.error):
            return False
    return True
