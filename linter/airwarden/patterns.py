"""Regular expressions that are compiled when they are first used: most runs need few of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, AnyStr, cast


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, but compiled late. A mistake in it shows as late."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))


class _Late:
    """Has an attribute of the compiled expression as its own once that was asked for."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name == "_compiled":
                found = re.compile(self.pattern, self._flags)
            else:
                found = getattr(self._compiled, name)
            setattr(self, name, found)
            return found
