"""Setting: one place that sets an option of Airflow or an environment variable, and where it counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import field, replace
from typing import Literal, TypeAlias

from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass

Place: TypeAlias = Literal["chart", "config", "image", "compose", "env", "build"]
"""A values file of a chart, an airflow.cfg, a Dockerfile, a compose file, a file of variables, or an argument
that only the build of an image gets.
"""

ALL = frozenset({"all"})
"""The components for which a setting holds that holds for all, or for nobody knows which."""

_REFERENCE = regex(
    r"""
    \{\{ | \$[{(A-Za-z_] | %\(
    | ^\s*(?: <.*> | ref\+ | ENC\[ ) | __[A-Z][A-Z0-9_]*__ | @@ | \(\(
    """,
    re.VERBOSE,
)
"""Variables, templates, and what tools that deploy put something else in the place of."""

_DEFAULT = regex(r"\s*\$\{\w+:?-(?P<default>[^{}$]+)\}\s*")


@dataclass(frozen=True)
class Setting:
    """A value that one place gives to an option or a variable.

    `variable` names it, an option by the variable that would set it; `is_option` says that it stands among
    the options and is no variable of the process. `region` is where the value stands, `name_region` where
    its name does. `text` may be a secret; it is None where the value comes from somewhere else. `components`
    are those for which it holds: "api-server", "dag-processor", "scheduler", "triggerer", "webserver",
    "workers" and the jobs, or `ALL`. `section` is that of an option, as written. `path` leads to it in values
    of a chart, or to the list or text of variables that it stands in, which Helm replaces as a whole.
    `default` is what stands there for the case that the variable which is referred to is not set.
    """

    variable: str
    region: Region
    name_region: Region
    text: str | None = field(repr=False)
    place: Place
    components: frozenset[str] = ALL
    is_option: bool = False
    path: tuple[str | int, ...] = ()
    section: str = ""
    default: str | None = field(default=None, repr=False)

    def called(self, section: str, option: str) -> str:
        """What the user calls the option that it sets: the path in values, `[section] option`, a variable."""
        if not self.is_option:
            return self.variable
        return ".".join(map(str, self.path)) if self.path else f"[{section}] {option}"

    def reaches(self, component: str) -> bool:
        """Whether it holds for a component, or may for all anyone knows."""
        return reaches(self.components, component)


def reaches(components: frozenset[str], component: str) -> bool:
    """Whether some components are all, or that one is among them."""
    return component in components or "all" in components


def joined(components: Iterable[frozenset[str]]) -> frozenset[str]:
    """Components together; all are all."""
    together = frozenset[str]().union(*components)
    return ALL if "all" in together else together


def merged(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """The settings in the order of their files; what one place sets for several components, once."""
    found: dict[tuple[Region, str], Setting] = {}
    for each in settings:
        key = (each.name_region, each.variable)
        before = found.get(key)
        found[key] = (
            replace(each, components=joined([each.components, before.components])) if before else each
        )
    return tuple(found[key] for key in sorted(found))


def by_variable(settings: Iterable[Setting]) -> defaultdict[str, list[Setting]]:
    """The settings by the variable that each is, or is set by."""
    found: defaultdict[str, list[Setting]] = defaultdict(list)
    for each in settings:
        found[each.variable].append(each)
    return found


def written(text: str) -> str | None:
    """The text of a value; None where it refers to something else."""
    return None if _REFERENCE.search(text) else text


def default_of(text: str) -> str | None:
    """What a text such as `${NAME:-default}` is where the variable is not set; None for any other text."""
    match = _DEFAULT.fullmatch(text)
    return match["default"].strip("\"'") if match else None
