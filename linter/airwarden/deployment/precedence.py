"""Deployed: one deployment of Airflow, and which of the places that set an option counts in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from functools import cached_property

from airwarden.credentials.sensitive import env_name, setting_of
from airwarden.deployment.settings import Setting, by_variable, reaches
from airwarden.records import dataclass

_LOCAL_EXECUTORS = frozenset({"DebugExecutor", "LocalExecutor", "SequentialExecutor"})
_LISTS = ("env", "secret", "extraEnv")
"""The official chart's lists of variables for all components, as they follow each other in a pod."""


@dataclass(frozen=True)
class Deployed:
    """One deployment: a release of a chart, or containers without one.

    `name` is what the user calls it, or the file that counts most. `files` are those that it is made of.
    `settings` are what they set, without what a later values file replaces; `possible` gives the settings of
    a variable in files that may belong to it, those in values of charts only if asked for. `outside` are the
    components that get variables which the repository does not tell; `elsewhere` tells whether a script, a
    template or the like may set an option.
    """

    name: str
    files: tuple[str, ...]
    is_chart: bool
    settings: tuple[Setting, ...] = field(repr=False)
    possible: Callable[[str, bool], Iterable[Setting]] = field(repr=False, compare=False)
    outside: frozenset[str] = field(repr=False)
    elsewhere: Callable[[str, str], bool] = field(repr=False, compare=False)

    def effective(self, section: str, option: str, component: str = "workers") -> Setting | None:
        """The setting that decides an option for a component; None where none is known.

        That is the last of: airflow.cfg or the chart's `config`, the image, a file of variables, the
        variables of all containers, those of one component. The `text` is None where it can't be known.
        """
        asked = (section, option, component)
        if asked not in self._decided:
            self._decided[asked] = self._decide(_ways(section, option), component)
        return self._decided[asked]

    def _decide(self, ways: tuple[str, ...], component: str) -> Setting | None:
        found = [each for way in ways for each in self._by_name.get(way, ()) if each.reaches(component)]
        if not found:
            rival = next(self._rivals(ways, component), None)
            return replace(rival, text=None) if rival else None
        best = max(found, key=lambda each: (*_weight(each, ways), each.region))
        peers = [each for each in found if _weight(each, ways) == _weight(best, ways)]
        disputed = [each for each in peers if each.path != best.path or each.place == "compose"]
        is_known = best.variable == ways[0] and all(each.text == best.text for each in disputed)
        if is_known and not self._is_overridden(best, ways, component):
            return best
        return replace(best, text=None)

    def lacks(self, section: str, option: str, component: str = "workers") -> bool:
        """Whether it is known that nothing sets an option for a component: no file that belongs to the
        deployment or may, no variables from outside, no script or template.
        """
        if self.effective(section, option, component) or reaches(self.outside, component):
            return False
        return not self.elsewhere(section, option)

    @cached_property
    def tasks_run_in(self) -> str:
        """The component that runs tasks, and so reads and writes XCom: "workers" or "scheduler"."""
        executor = self.effective("core", "executor", "scheduler")
        if executor is not None and executor.text is not None:
            return "scheduler" if executor.text.strip() in _LOCAL_EXECUTORS else "workers"
        told = frozenset[str]().union(*(each.components for each in self.settings))
        is_alone = not self.is_chart and "scheduler" in told and "workers" not in told
        return "scheduler" if is_alone else "workers"

    @cached_property
    def _by_name(self) -> defaultdict[str, list[Setting]]:
        return by_variable(self.settings)

    @cached_property
    def _decided(self) -> dict[tuple[str, str, str], Setting | None]:
        return {}

    def _rivals(self, ways: tuple[str, ...], component: str, with_charts: bool = True) -> Iterator[Setting]:
        for way in ways:
            yield from (each for each in self.possible(way, with_charts) if each.reaches(component))

    def _is_overridden(self, best: Setting, ways: tuple[str, ...], component: str) -> bool:
        """Whether a setting that may belong here says otherwise and would count before. What runs in a
        cluster takes nothing from the files of a place to try things, and of another overlay only what a base
        leaves open.
        """
        is_open = not self.is_chart or best.region.path != self.files[-1]
        places = {"chart", "image"} if self.is_chart else None
        weight = _weight(best, ways)
        return any(
            each.text != best.text
            and (places is None or each.place in places)
            and _weight(each, ways) >= weight
            for each in self._rivals(ways, component, with_charts=is_open)
        )


def _ways(section: str, option: str) -> tuple[str, ...]:
    """The variables that set an option, the one that counts first in front."""
    name = env_name(section, option)
    return (name, f"{name}_CMD", f"{name}_SECRET") if setting_of(name) else (name,)


def _weight(setting: Setting, ways: tuple[str, ...]) -> tuple[bool, int, int, int]:
    """How much a setting counts: variables before options, a value before a command, the nearer place."""
    place = ("config", "image", "env", "compose", "chart").index(setting.place)
    place = 0 if setting.is_option else min(place, 3)
    return not setting.is_option, -ways.index(setting.variable), place, _list_weight(setting)


def _list_weight(setting: Setting) -> int:
    """How late a list of a chart comes in the environment of a pod, where the last of one name counts."""
    if setting.place != "chart":
        return 0
    keys = [part for part in setting.path if isinstance(part, str)]
    if "all" not in setting.components:
        return len(_LISTS) + 1 + len({"celery", "kubernetes", "sets"}.intersection(keys))
    last = keys[-1] if keys else ""
    return _LISTS.index(last) + 1 if last in _LISTS else 0
