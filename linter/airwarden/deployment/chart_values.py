"""ChartReleases: the values that count in each release of an Airflow chart, and what nothing sets in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from pathlib import PurePosixPath

from airwarden.chart_secrets import ChartVersion, chart_version, official_keys
from airwarden.charts import ChartName, Root
from airwarden.credentials.trial import is_for_trial, urls_are_for_trial
from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import Setting, written
from airwarden.findings import Level, Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.source import Unreadable
from airwarden.tracing import Tracer, traced_property
from airwarden.values import Entry, ValuesFile
from airwarden.yaml_tree import Mapping, NotYaml, Scalar, Sequence, compose

_VERSION = regex(r"v?(\d{1,4})\.(\d{1,4})")
_VERSION_PATHS = ("airflowVersion", "defaultAirflowTag", "images.airflow.tag", "airflow.image.tag")
_EXAMPLE = regex(
    r"(?:.*[^a-z])?(?:defaults?|dist|examples?|reference|samples?|templates?|tmpl|tpl)(?:[^a-z].*)?",
    re.IGNORECASE,
)
"""How people call a file that is to be read, or copied and filled in, or a folder of such files."""
_TRUE = frozenset({"true", "yes", "on"})
_WHOLE: dict[ChartName, int] = {"official": 5, "community": 4}
"""How many keys at the top make the values of a whole deployment, and no piece of one."""
_COMMUNITY_KEYS = frozenset(
    {
        *("airflow", "dags", "externalDatabase", "externalRedis", "extraManifests", "flower", "ingress"),
        *("logs", "pgbouncer", "postgresql", "rbac", "redis", "scheduler", "serviceAccount", "triggerer"),
        *("web", "workers"),
    }
)


class Crowd:
    """All values of which it is not known to which release they belong. Each release asks the same of them
    but for its own, so each answer is kept: which of them say so, by their ids.
    """

    def __init__(self, files: Iterable[ValuesFile]) -> None:
        self._files = tuple(files)
        self._giving: dict[tuple[ChartName, str], frozenset[int]] = {}
        self._naming: dict[str, frozenset[int]] = {}
        self._holding: dict[str, frozenset[int]] = {}

    def giving(self, chart: ChartName, path: str) -> frozenset[int]:
        """Those that give a value at a path of a chart."""
        if (chart, path) not in self._giving:
            keys = path.split(".")
            roots = [(file, root) for file in self._files for root in file.roots if root.chart == chart]
            found = (id(file) for file, root in roots if _is_full(file.entry((*root.path, *keys))))
            self._giving[chart, path] = frozenset(found)
        return self._giving[chart, path]

    def naming(self, variable: str) -> frozenset[int]:
        """Those that name a variable elsewhere than where they set it."""
        if variable not in self._naming:
            found = (id(file) for file in self._files if _names_more(file, variable))
            self._naming[variable] = frozenset(found)
        return self._naming[variable]

    def holding(self, word: str) -> frozenset[int]:
        """Those whose text holds a word."""
        if word not in self._holding:
            self._holding[word] = frozenset(id(file) for file in self._files if word in file.source.text)
        return self._holding[word]


@dataclass(frozen=True)
class ChartRelease:
    """One release of a chart. `files` are its values, those that count most last, and `crowd` has, beside
    these, those of which it is not known whether they belong to it.
    """

    root: Root
    files: tuple[ValuesFile, ...]
    crowd: Crowd = field(repr=False)
    deployed: Deployed | None = field(repr=False)
    repo: Repo = field(repr=False)

    @property
    def tracer(self) -> Tracer:
        """That of the repository."""
        return self.repo.tracer

    @property
    def chart(self) -> ChartName:
        """The chart that is released."""
        return self.root.chart

    def entry(self, path: str) -> Entry | None:
        """What the values give at a path of the chart; None where they leave it to the chart."""
        return next((found for file in reversed(self.files) if (found := self._entry(file, path))), None)

    def is_set(self, path: str) -> bool:
        """Whether something stands at a path: neither null, nor an empty text, map or list."""
        return _is_full(self.entry(path))

    def text(self, path: str) -> str | None:
        """The text at a path; None where there is none, or one that refers to something else."""
        entry = self.entry(path)
        return (
            written(entry.node.text) if entry and isinstance(entry.node, Scalar) and _is_full(entry) else None
        )

    def is_on(self, path: str, default: bool) -> bool | None:
        """Whether a switch is on; None where that can't be known."""
        entry = self.entry(path)
        if entry is None:
            return default if self.lacks(path) else None
        if not isinstance(entry.node, Scalar) or entry.node.kind != "bool":
            return None
        return entry.node.text.lower() in _TRUE

    def lacks(self, *paths: str) -> bool:
        """Whether it is known that nothing gives a value at any of some paths: no values that belong to the
        release or may, and no script or template that names the last key, or the path where the key is a
        plain word.
        """
        if self._is_partial or any(self.is_set(path) or self._may_be_given(path) for path in paths):
            return False
        return not self._is_named_elsewhere(map(_word, paths))

    def sets(self, *variables: str) -> Setting | None:
        """What sets one of some variables, or an option by them, in this release, or may; None where nothing
        is known to. What a key of the chart's own makes of it does not count.
        """
        found = [each for name in variables for each in self._settings if each.variable == name]
        return next((each for each in found if not _is_charts_own(each, self.root)), None)

    def may_set(self, *variables: str) -> bool:
        """Whether something may set one of some variables: a setting, variables from elsewhere, or a text, a
        script or a template that names one.
        """
        if self.deployed is None or self._is_partial or self.deployed.outside or self.sets(*variables):
            return True
        if any(True for name in variables for _ in self.deployed.possible(name, True)):
            return True
        if any(_names_more(file, name) for file in self.files for name in variables):
            return True
        if any(self._is_of_others(self.crowd.naming(name)) for name in variables):
            return True
        return self._is_named_elsewhere(variables)

    def may_hold(self, word: str) -> bool:
        """Whether the text of any values that belong to the release, or may, holds a word."""
        own = any(word in file.source.text for file in self.files)
        return own or self._is_of_others(self.crowd.holding(word))

    @traced_property
    def uses_celery(self) -> bool | None:
        """Whether tasks run with Celery, as is the default; None where that can't be known."""
        if self.entry("executor") is None:
            return True if self.lacks("executor") else None
        text = self.text("executor")
        return None if text is None else "CeleryExecutor" in text or "CeleryKubernetesExecutor" in text

    @traced_property
    def told_airflow(self) -> tuple[int, int] | None:
        """The version of Airflow that the values tell."""
        told = next((path for path in _VERSION_PATHS if self.is_set(path)), None)
        found = _VERSION.match(self.text(told) or "") if told else None
        return (int(found[1]), int(found[2])) if found else None

    @traced_property
    def airflow(self) -> str:
        """The major version of Airflow, as values or else dependency files tell; empty where they don't."""
        if self.told_airflow is not None:
            return str(self.told_airflow[0])
        is_open = any(self.is_set(path) for path in _VERSION_PATHS)
        series = self.repo.dependencies.series
        return next(iter(series)) if len(series) == 1 and not is_open else ""

    @traced_property
    def version(self) -> ChartVersion | None:
        """The version of the chart, where a Chart.yaml pins it."""
        for folder in PurePosixPath(self.files[-1].path).parents:
            path = (folder / "Chart.yaml").as_posix()
            if self.repo.is_file(path):
                return self._pinned(path)
        return None

    @property
    def is_whole(self) -> bool:
        """Whether the values are those of a whole deployment: no piece, and not the chart's own defaults."""
        if self.deployed is None or self._is_partial:
            return False
        if is_model(self.files[-1], self.repo):
            return False
        starts = [self._entry(file, "") for file in self.files]
        members = [each.node.members for each in starts if each and isinstance(each.node, Mapping)]
        names = {key.text for pairs in members for key, _ in pairs}
        known = official_keys()[""] if self.chart == "official" else _COMMUNITY_KEYS
        return len(names & known) >= _WHOLE[self.chart]

    @property
    def _is_partial(self) -> bool:
        """Whether values of the release are known to come from somewhere else too."""
        return any(file.release is not None and file.release.is_partial for file in self.files)

    @traced_property
    def _deployment(self) -> Deployment:
        return self.repo.analysis(Deployment)

    @property
    def _settings(self) -> tuple[Setting, ...]:
        return self.deployed.settings if self.deployed else ()

    def _is_named_elsewhere(self, words: Iterable[str]) -> bool:
        return self._deployment.is_named_elsewhere(words, [file.path for file in self.files])

    def _entry(self, file: ValuesFile, path: str) -> Entry | None:
        return file.entry((*self.root.path, *filter(None, path.split("."))))

    def _may_be_given(self, path: str) -> bool:
        return self._is_of_others(self.crowd.giving(self.chart, path))

    def _is_of_others(self, found: frozenset[int]) -> bool:
        return len(found) > sum(id(file) in found for file in self.files)

    def _pinned(self, path: str) -> ChartVersion | None:
        try:
            tops = compose(self.repo.source(path).text)
        except (NotYaml, Unreadable):
            return None
        top = tops[0] if tops else None
        if not isinstance(top, Mapping):
            return None
        if not self.root.path:
            return chart_version(_text(top, "version")) if _text(top, "name") == "airflow" else None
        listed = top.get("dependencies")
        items = (
            [each for each in listed.children if isinstance(each, Mapping)]
            if isinstance(listed, Sequence)
            else []
        )
        mine = (each for each in items if (_text(each, "alias") or _text(each, "name")) == self.root.path[0])
        return next((chart_version(_text(each, "version")) for each in mine), None)


class ChartReleases:
    """All releases that a repository tells of."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.tracer = repo.tracer
        self._deployment = repo.analysis(Deployment)

    def of(self, values: ValuesFile) -> tuple[ChartRelease, ...]:
        """The releases of the known charts of which some values are a part."""
        return tuple(self._by_file.get(id(values), ()))

    @traced_property
    def _by_file(self) -> dict[int, list[ChartRelease]]:
        found: dict[int, list[ChartRelease]] = {}
        for each in self._releases:
            for file in {id(file) for file in each.files}:
                found.setdefault(file, []).append(each)
        return found

    @traced_property
    def _releases(self) -> tuple[ChartRelease, ...]:
        alone: dict[str, list[ValuesFile]] = {}
        for file in self._deployment.values_files:
            alone.setdefault(file.path, []).append(file)
        stacked = [
            (each, tuple(_files_of(each, alone))) for each in self._deployment.deployments if each.is_chart
        ]
        known = {id(file) for _, files in stacked for file in files}
        rest = [file for file in self._deployment.values_files if id(file) not in known]
        found = [each for deployed, files in stacked for each in self._released(files, deployed)]
        return (*found, *(each for file in rest for each in self._released((file,), None)))

    @traced_property
    def _crowd(self) -> Crowd:
        is_told = bool(self._repo.config.deployments)
        return Crowd(() if is_told else self._deployment.values_files)

    def _released(self, files: tuple[ValuesFile, ...], deployed: Deployed | None) -> Iterator[ChartRelease]:
        for root in dict.fromkeys(root for file in files for root in file.roots):
            if root.chart != "other":
                yield ChartRelease(root, files, self._crowd, deployed, self._repo)


def is_surely_official(
    values: ValuesFile, root: Root, repo: Repo, apart: Callable[[str], bool] = lambda _: False
) -> bool:
    """Whether the values at a root are the official chart's beyond doubt: a Chart.yaml says so, or most keys
    there are its own, not counting those that are `apart`.
    """
    chart = repo.chart(values.path)
    if root.chart != "official" or (chart and root.path[:1] in [(key,) for key, _ in chart.airflow]):
        return root.chart == "official"
    top = values.entry(root.path)
    members = top.node.members if top and isinstance(top.node, Mapping) else ()
    names = {key.text for key, _ in members if not apart(key.text)}
    return 2 * len(names & official_keys()[""]) > len(names)


def is_model(values: ValuesFile, repo: Repo) -> bool:
    """Whether a file is there to be read or copied: the chart's own `values.yaml`, or an example by name."""
    place = PurePosixPath(values.path)
    return any(_EXAMPLE.fullmatch(part) for part in place.parts) or is_charts_own(values, repo)


def level_of_secret(values: ValuesFile, repo: Repo, region: Region) -> Level | None:
    """`warning` for a secret that nobody's generator made in values to be read or copied; None,
    for a rule's own level, where it may open something.
    """
    text = values.source.slice(region).strip("'\"")
    is_weak = is_for_trial(text) or urls_are_for_trial(text)
    return "warning" if is_weak and is_model(values, repo) else None


def is_charts_own(values: ValuesFile, repo: Repo) -> bool:
    """Whether a file stands beside the Chart.yaml of an Airflow chart itself: its own defaults."""
    place = PurePosixPath(values.path)
    chart = repo.chart(values.path)
    is_beside = repo.is_file(place.with_name("Chart.yaml").as_posix())
    return bool(is_beside and chart and chart.name == "airflow" and not chart.airflow)


def _files_of(deployed: Deployed, by_path: dict[str, list[ValuesFile]]) -> Iterator[ValuesFile]:
    for path in deployed.files:
        if len(by_path.get(path, ())) == 1:
            yield by_path[path][0]


def _is_charts_own(setting: Setting, root: Root) -> bool:
    """Whether a key of the chart makes the setting, such as the name of a Secret."""
    below = setting.path[len(root.path) :]
    return setting.place == "chart" and setting.is_option and below[:1] != ("config",)


def _word(path: str) -> str:
    """What a file that sets a path from outside has in it: `enabled` alone is in every other file."""
    key = path.rpartition(".")[2]
    return path if key.islower() else key


def _names_more(file: ValuesFile, variable: str) -> bool:
    """Whether values name a variable anywhere but in a switch of the chart and in a comment."""
    text = file.source.text
    if variable not in text:
        return False
    lines = (line.partition(" #")[0] for line in text.splitlines() if variable in line)
    named = re.compile(rf"(?<![A-Z_]){re.escape(variable)}(?![A-Z_])")
    switch = re.compile(rf"""\s*["']?{re.escape(variable)}["']?\s*:\s*(?:true|false)\s*""", re.IGNORECASE)
    return any(
        named.search(each) and not switch.fullmatch(each) and each.lstrip()[:1] != "#" for each in lines
    )


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) and value.kind != "null" else ""


def _is_full(entry: Entry | None) -> bool:
    if entry is None:
        return False
    if isinstance(entry.node, Scalar):
        return entry.node.kind != "null" and bool(entry.node.text.strip())
    return bool(entry.node.children)
