"""`dataclass` as in the standard library, save that a class gets its methods when it gets its first instance.

To write and compile these methods takes a third of a millisecond a class, and most runs need few classes.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """Marks a class as a dataclass; one with slots is made at once, for it is another class."""
        if cls is None:
            return lambda cls: dataclass(cls, **options)
        if options.get("slots") or "__init__" in vars(cls):
            return dataclasses.dataclass(**options)(cls)
        _put_off(cls, options)
        return cls


_UNMADE = "_unmade"


def _put_off(cls: type[Any], options: dict[str, bool]) -> None:
    """Gives a class stand-ins for the two ways into an instance: to be called, and to be unpickled."""

    def make() -> None:
        for base in reversed(cls.__mro__[1:]):
            _make(base)
        for name in (_UNMADE, "__init__", "__setstate__"):
            delattr(cls, name)
        dataclasses.dataclass(**options)(cls)

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        make()
        cls.__init__(self, *values, **named)

    def __setstate__(self: Any, state: dict[str, Any]) -> None:  # noqa: N807
        make()
        self.__dict__.update(state)

    setattr(cls, _UNMADE, make)
    cls.__init__ = __init__
    cls.__setstate__ = __setstate__


def _make(cls: type) -> None:
    unmade: Callable[[], None] | None = vars(cls).get(_UNMADE)
    if unmade is not None:
        unmade()
