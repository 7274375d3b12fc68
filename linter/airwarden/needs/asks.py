"""Ask: how the value of an option or of a switch tells what it needs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple, TypeAlias, cast

from airwarden.distributions.minors import Minor
from airwarden.distributions.modules import need_of_module
from airwarden.distributions.names import Need
from airwarden.distributions.schemes import need_of_url
from airwarden.distributions.shims import need_behind
from airwarden.distributions.tables import rows
from airwarden.findings import Level, Region
from airwarden.needs.use import Use, When
from airwarden.patterns import regex
from airwarden.records import dataclass

Names: TypeAlias = Literal[
    "any",
    "auth",
    "backends",
    "broker",
    "classes",
    "codec",
    "database",
    "executors",
    "logs",
    "storage",
    "switch",
]
"""What a value names: anything at all, the way to log in as a webserver_config.py has it, backends that FAB
alone loads, the URL of a broker, dotted names, a codec, the URL of the metadata database or its scheme,
executors, the URL of logs or of an object storage, or whether something is on.
"""

_DOTTED = regex(r"(?<!\w)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_AUTH_TYPE = regex(r"^[ \t]*AUTH_TYPE\b[^=\n]*=[ \t]*(?:\w+\.)*(?P<type>AUTH_\w+)", re.MULTILINE)
_TEMPLATE = regex(r"\{\{|\{%|\$\{")
_FAB = Need("apache-airflow-providers-fab")
"""What an auth manager asks for already, where these backends are read."""

_TRUE = frozenset({"true", "t", "1"})


class _Named(NamedTuple):
    """A need, the class that is used of it where one is known, and what does in its place."""

    need: Need
    member: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What a value names, and what comes of it where that is not there.

    `requirement` is what is needed where any value needs the same. `trusts_image`, `when`, `level` and `harm`
    are those of the uses.
    """

    names: Names
    requirement: str
    when: When
    trusts_image: bool
    level: Level
    harm: str

    @classmethod
    def of_row(cls, row: Mapping[str, str]) -> Ask:
        """Of a row of a table; what it does not tell is so of whatever runs Airflow."""
        return cls(
            names=cast("Names", row["names"]),
            requirement=row["requirement"],
            when=cast("When", row.get("when", "load")),
            trusts_image=row.get("trusts_image", "yes") == "yes",
            level=cast("Level", row["level"]),
            harm=row["harm"],
        )

    def uses(self, text: str, region: Region, name: str, airflows: Collection[Minor] = ()) -> Iterator[Use]:
        """What a value at a region needs, which a message calls `name`, on these versions of Airflow."""
        for need, member, instead in self._named(text, airflows):
            yield Use(
                need,
                region,
                name,
                when=self.when,
                member=member,
                instead=instead,
                trusts_image=self.trusts_image,
                level=self.level,
                harm=self.harm,
            )

    def _named(self, text: str, airflows: Collection[Minor]) -> Iterable[_Named]:
        fixed = [_Named(Need.parse(self.requirement))] if self.requirement else []
        if self.names == "any":
            return fixed if is_written(text) else []
        if self.names == "switch":
            return fixed if is_true(text) else []
        if self.names == "backends":
            return (each for each in _of_classes(text, airflows) if each.need != _FAB)
        if self.names in ("classes", "executors"):
            return (*_of_classes(text, airflows), *_of_executors(text if self.names == "executors" else ""))
        return _READERS[self.names](text)


def is_true(text: str) -> bool:
    """Whether Airflow and the charts take a text for true."""
    return text.strip("\"' ").lower() in _TRUE


def is_written(text: str) -> bool:
    """Whether a text says something, and not by a template."""
    return bool(text.strip("\"' ")) and not _TEMPLATE.search(text)


def _of_classes(text: str, airflows: Collection[Minor]) -> Iterator[_Named]:
    for dotted in dict.fromkeys(_DOTTED.findall(text)):
        need = need_of_module(dotted) or _behind(dotted, airflows)
        if need is not None:
            yield _Named(need, dotted)


def _behind(dotted: str, airflows: Collection[Minor]) -> Need | None:
    """What a module of Airflow's own needs that imports a provider, if so in each of some versions."""
    found = {need_behind(dotted, airflow) for airflow in airflows}
    return found.pop() if len(found) == 1 else None


def _of_executors(text: str) -> Iterator[_Named]:
    """Executors by name, as `executors.executors_in` lists them."""
    for name in text.split(","):
        yield from _known("executors", name)


def _of_url(used_for: Literal["logs", "storage"], text: str) -> Iterator[_Named]:
    need = need_of_url(text, used_for)
    if need is not None:
        yield _Named(need)


def _of_scheme(kind: Names, text: str) -> Iterator[_Named]:
    """What a URL needs, or the scheme of one."""
    yield from _known(kind, text.strip("\"' ").partition("://")[0].lower())


def _of_auth(text: str) -> Iterator[_Named]:
    for match in _AUTH_TYPE.finditer(text):
        yield from _known("auth", match["type"])


def _known(kind: Names, text: str) -> tuple[_Named, ...]:
    return _values().get((kind, text.strip()), ())


_READERS: dict[str, Callable[[str], Iterable[_Named]]] = {
    "auth": _of_auth,
    "broker": lambda text: _of_scheme("broker", text),
    "codec": lambda text: _known("codec", text),
    "database": lambda text: _of_scheme("database", text),
    "logs": lambda text: _of_url("logs", text),
    "storage": lambda text: _of_url("storage", text),
}


@cache
def _values() -> dict[tuple[str, str], tuple[_Named, ...]]:
    found: defaultdict[tuple[str, str], tuple[_Named, ...]] = defaultdict(tuple)
    for row in rows("value_needs"):
        named = _Named(Need.parse(row["requirement"]), row["member"], tuple(row["instead"].split()))
        found[row["names"], row["text"]] += (named,)
    return dict(found)
