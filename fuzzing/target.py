"""Target: one thing that is given hostile bytes, and what stands for a failure of it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fuzzing.grammar import Grammar

SECONDS = 5.0
"""Processor time that an input may take, unless a target says otherwise: a hundred times what it should."""


class TooSlow(BaseException):
    """An input took more than its processor time. No `except Exception` of the program may swallow it."""


class Broken(Exception):
    """What a target made of an input is not what it has to be."""


@dataclass(frozen=True)
class Target:
    """One thing to be fuzzed.

    `check` takes any bytes and must not raise anything: what the reader at hand may refuse is caught in it.
    `grammar` writes inputs that are nearly what it expects; `seeds` says how real files are called that
    are, and `examples` makes some where there are no such files. `weight` is its share of the time. `packs`
    makes of a file with its path what `check` takes.
    """

    name: str
    check: Callable[[bytes], None]
    grammar: Grammar
    seeds: re.Pattern[str]
    weight: int = 1
    seconds: float = SECONDS
    packs: Callable[[str, bytes], bytes] | None = None
    examples: Callable[[], Iterable[bytes]] = tuple


@dataclass(frozen=True)
class Failure:
    """How an input fails: what is raised, and where. Inputs that fail alike are told once."""

    kind: str
    place: str
    story: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.kind} in {self.place}"

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """The failure that an exception stands for: its kind, and the innermost line of the program."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [each for each in frames if "/airwarden/" in each.filename or "/rules/" in each.filename]
        last = (own or frames)[-1]
        file = last.filename.rpartition("/")[2]
        place = file if isinstance(error, TooSlow) else f"{file}:{last.lineno}"
        kind = f"{type(error).__name__}: {error}" if isinstance(error, Broken) else type(error).__name__
        return cls(kind, place, "".join(traceback.format_exception(error)))
