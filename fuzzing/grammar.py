"""Grammar: texts that are nearly what a reader expects, written at random."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

_PART = re.compile(r"@([a-z_]+)([*>]?)@")
_DEPTH = 7
_INDENT = "    "


class Grammar:
    """Productions by name; the first of each leads to an end soonest.

    `@name@` in a production stands for a production of that name, `@name*@` for any number of them, and
    `@name>@` for one that is indented. A text begins with `start`.
    """

    def __init__(self, *rules: Mapping[str, Sequence[str]], indent: str = _INDENT) -> None:
        self._rules = {name: tuple(texts) for each in rules for name, texts in each.items()}
        self._indent = indent
        missing = {part for part in self._named() if part not in self._rules}
        if missing:
            raise ValueError(f"no production is called {sorted(missing)}")

    def _named(self) -> set[str]:
        texts = [text for each in self._rules.values() for text in each]
        return {name for text in texts for name, _ in _PART.findall(text)}

    @property
    def words(self) -> list[str]:
        """What stands between the names of all productions: the keywords, and pieces of text."""
        texts = (text for each in self._rules.values() for text in each)
        found = {word.strip() for text in texts for word in _PART.split(text)[::3]}
        return sorted(found - {""})

    def text(self, random: Random, start: str = "start") -> str:
        """A text. The same numbers of `random` give the same one."""
        return self._made(random, start, _DEPTH)

    def _made(self, random: Random, name: str, depth: int) -> str:
        texts = self._rules[name]
        chosen = texts[0] if depth <= 0 else random.choice(texts)

        def part(match: re.Match[str]) -> str:
            inner, mark = match[1], match[2]
            if mark == "*":
                count = random.randrange(5) if depth > 0 else 0
                return "".join(self._made(random, inner, depth - 1) for _ in range(count))
            made = self._made(random, inner, depth - 1)
            return made.replace("\n", f"\n{self._indent}") if mark == ">" else made

        return _PART.sub(part, chosen)
