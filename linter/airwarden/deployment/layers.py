"""Layers: which files of a repository make one deployment together, and what is left of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePosixPath

from airwarden.deployment.chart_settings import outside_of
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import ALL, Place, Setting, by_variable, joined
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Mapping as YamlMapping
from airwarden.yaml_tree import Scalar

_MAIN = frozenset({"AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__XCOM_BACKEND"})
_BASES = ("values.yaml", "values.yml")
_WORD = regex(r"[A-Za-z]+")
_STAGES = frozenset(
    {
        *("ci", "dev", "develop", "development", "local", "sandbox"),
        *("int", "integration", "qa", "test", "testing", "uat"),
        *("demo", "nonprod", "preprod", "stage", "staging", "stg"),
        *("live", "prd", "prod", "production"),
    }
)
"""How people call the places that one thing is deployed to."""


@dataclass(frozen=True)
class Layers:
    """The files that set options. `values` are those of charts, None where one can't be read; `settings` are
    all there are. `named` are the deployments that the user tells, each a list of values files; `blind` the
    compose files that take variables from a file which is not there.
    """

    values: Mapping[str, ValuesFile | None]
    settings: Sequence[Setting]
    named: Mapping[str, tuple[str, ...]]
    blind: frozenset[str]
    elsewhere: Callable[[str, str], bool]

    def deployments(self) -> tuple[Deployed, ...]:
        """All deployments: those of charts, then those without one."""
        return (*self._of_charts(), *self._without_chart())

    # Releases of charts

    def _of_charts(self) -> Iterator[Deployed]:
        image = self._only("image")
        for name, stack in self.named.items() or [(stack[-1], stack) for stack in self._stacks()]:
            yield Deployed(
                name,
                files=(image, *stack) if image else stack,
                is_chart=True,
                settings=(*self._kept(stack), *self._set_in(image)),
                possible=partial(self._possible, stack, image),
                outside=self._outside(stack),
                elsewhere=self.elsewhere,
            )

    def _stacks(self) -> Iterator[tuple[str, ...]]:
        """Each values file over the base beside it; a base that others stand on is none of its own."""
        readable = {path: values for path, values in self.values.items() if values}
        over = {path: base for path in readable if (base := _base_of(path, readable))}
        for path in readable:
            if path not in over.values():
                yield (over[path], path) if path in over else (path,)

    def _kept(self, stack: Sequence[str]) -> list[Setting]:
        """What values files set one over the other, as Helm merges them."""
        found: list[Setting] = []
        for path in stack:
            values = self.values.get(path)
            if values is not None:
                found = [each for each in found if not _is_replaced(each, values)]
                found += self._set_in(path)
        return found

    def _outside(self, stack: Sequence[str]) -> frozenset[str]:
        found = [self.values.get(path) for path in stack]
        known = [each for values in found if values for each in outside_of(values)]
        return joined([*known, *(ALL for values in found if values is None)])

    def _possible(
        self, stack: Sequence[str], image: str, variable: str, with_charts: bool
    ) -> Iterator[Setting]:
        """What of other files may count: not compose files, nor what the official chart puts its own over."""
        unused = {"compose", "config"} if self._is_official(stack) else {"compose"}
        counts_charts = with_charts and not self.named
        for each in (self._by_name if counts_charts else self._plain_by_name).get(variable, ()):
            path = each.region.path
            if path == image or path in stack or each.place in unused:
                continue
            if each.place != "chart" or not self._are_alternatives(path, stack[-1]):
                yield each

    def _are_alternatives(self, one: str, other: str) -> bool:
        """Whether two values files are for two deployments: after different stages, or called alike in
        folders side by side, where each says by itself what runs the tasks or keeps their XComs.
        """
        first, second = self._told_by(one), self._told_by(other)
        if first.stages and second.stages and first.stages != second.stages:
            return True
        if first.name != second.name or first.main.isdisjoint(second.main):
            return False
        return not (first.folder.startswith(second.folder) or second.folder.startswith(first.folder))

    def _told_by(self, path: str) -> _Told:
        if path not in self._told:
            self._told[path] = _told(path, self._set_in(path))
        return self._told[path]

    @cached_property
    def _told(self) -> dict[str, _Told]:
        return {}

    def _is_official(self, stack: Sequence[str]) -> bool:
        values = [self.values.get(path) for path in stack]
        return all(each and {root.chart for root in each.roots} == {"official"} for each in values)

    # Containers without a chart

    def _without_chart(self) -> Iterator[Deployed]:
        seen = set[frozenset[str]]()
        for head in self._plain:
            files = tuple(self._around(head))
            if frozenset(files) not in seen:
                seen.add(frozenset(files))
                yield Deployed(
                    files[-1],
                    files=files,
                    is_chart=False,
                    settings=tuple(each for path in files for each in self._set_in(path)),
                    possible=partial(self._beside, files),
                    outside=ALL if self.blind.intersection(files) else frozenset(),
                    elsewhere=self.elsewhere,
                )

    def _around(self, head: str) -> Iterator[str]:
        """The files that count with another: of each kind the only one, or the only one beside it."""
        for kind in ("config", "image", "env", "compose"):
            if self._plain[head] == kind:
                yield head
            elif found := self._only(kind) or self._only(kind, _folder(head)):
                yield found

    def _beside(self, files: Sequence[str], variable: str, with_charts: bool) -> Iterator[Setting]:
        settings = self._by_name if with_charts else self._plain_by_name
        yield from (each for each in settings.get(variable, ()) if each.region.path not in files)

    # The settings

    def _only(self, kind: Place, folder: str | None = None) -> str:
        """The only file of a kind, be it in one folder; empty where there are none or several."""
        found = self._of_kind.get((kind, folder), ())
        return found[0] if len(found) == 1 else ""

    @cached_property
    def _of_kind(self) -> dict[tuple[Place, str | None], list[str]]:
        """The files of each kind, in all folders together, which stand under None, and in each."""
        found: defaultdict[tuple[Place, str | None], list[str]] = defaultdict(list)
        for path, place in self._plain.items():
            found[place, None].append(path)
            found[place, _folder(path)].append(path)
        return found

    def _set_in(self, path: str) -> Sequence[Setting]:
        return self._by_path.get(path, ())

    @cached_property
    def _plain(self) -> dict[str, Place]:
        """Each file that is none of a chart, and of which kind it is."""
        return {each.region.path: each.place for each in self.settings if each.place != "chart"}

    @cached_property
    def _by_path(self) -> dict[str, list[Setting]]:
        found: defaultdict[str, list[Setting]] = defaultdict(list)
        for each in self.settings:
            found[each.region.path].append(each)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Setting]]:
        return by_variable(self.settings)

    @cached_property
    def _plain_by_name(self) -> dict[str, list[Setting]]:
        """Those of files that are none of a chart: few, where a repository keeps many values files."""
        return by_variable(each for each in self.settings if each.place != "chart")


@dataclass(frozen=True)
class _Told:
    """What tells whether a values file is for another deployment than the next: the stages that its path
    names, its own name, its folder with a slash at the end, and which of `_MAIN` it sets.
    """

    stages: frozenset[str]
    name: str
    folder: str
    main: frozenset[str]


def _told(path: str, settings: Sequence[Setting]) -> _Told:
    folder, slash, name = path.rpartition("/")
    stages = _STAGES.intersection(_WORD.findall(path.lower()))
    return _Told(stages, name, folder + slash, _MAIN.intersection(each.variable for each in settings))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _base_of(path: str, readable: Mapping[str, ValuesFile]) -> str | None:
    """The values file that another one is laid over: that of the usual name, for the same chart."""
    for name in _BASES if not readable[path].release else ():
        base = PurePosixPath(path).with_name(name).as_posix()
        if base != path and base in readable and readable[path].roots in ((), readable[base].roots):
            return base
    return None


def _is_replaced(setting: Setting, values: ValuesFile) -> bool:
    """Whether later values replace a setting: maps are merged key by key, anything else as a whole."""
    for length in range(1, len(setting.path) + 1):
        entry = values.entry(setting.path[:length])
        if entry is None:
            return False
        if not isinstance(entry.node, YamlMapping):
            return not (isinstance(entry.node, Scalar) and entry.node.kind == "tagged")
    return False
