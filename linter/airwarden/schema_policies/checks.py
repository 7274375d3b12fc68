"""Makes rules of policies that are schemas."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from airwarden.crashes import PACKAGE_OF_POLICIES
from airwarden.dag_arguments import DagArguments, ResolvedDag
from airwarden.findings import Finding, Region, Related
from airwarden.partial_json import UNKNOWN, Path
from airwarden.records import dataclass
from airwarden.rule import Rule
from airwarden.schema_policies.reading import SchemaPolicy, read
from airwarden.schema_policies.values_json import ResolvedValues, resolved
from airwarden.schema_policies.wording import demand, dotted, missing, shown

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.repo import Repo
    from airwarden.schema_policies.judgement import Judgement
    from airwarden.toml_file import TomlFile
    from airwarden.values import ValuesFile


def rule_of(file: FilePath) -> Rule:
    """The rule that a policy's file, in a family's folder, stands for. Raises `ConfigError`."""
    policy = read(file)
    rule = Rule(
        f"{PACKAGE_OF_POLICIES}.{file.parent.name}.{file.stem}",
        help=f"{policy.summary}\n\n{policy.description}".strip(),
        level=policy.level,
        remedy=policy.remedy or f"`airwarden explain {file.stem.replace('_', '-')}` says why",
        see=policy.see,
        profile=policy.profile,
    )
    checks = _Checks(rule, policy)
    if policy.on == "dag":
        rule.dag(checks.dag)
    elif policy.on == "values":
        rule.values(checks.values)
    else:
        rule.pyproject(checks.pyproject)
    return rule


@dataclass(frozen=True)
class _Fault:
    """One value that does not fit: where it is, what it is as far as that may be told, and what it must be.

    `is_missing` where nothing stands there. `is_secret` where what stands there must not be shown.
    """

    path: Path
    value: str | None
    wanted: str
    is_missing: bool = False
    is_secret: bool = False

    def sentence(self, name: str, owner: str) -> str:
        """The fault of what is called `name`, which belongs to `owner`."""
        whole = f"{f'`{name}`' if name else 'all of it'}{f' of {owner}' if owner else ''}"
        if self.is_missing:
            return f"{whole} is not set"
        is_told = self.value is not None and name and self.wanted != f"not be {self.value}"
        return f"{whole} {f'is {self.value}, and ' if is_told else ''}must {self.wanted}"


class _Checks:
    """The checks of one policy."""

    def __init__(self, rule: Rule, policy: SchemaPolicy) -> None:
        self._rule = rule
        self._policy = policy

    def dag(self, dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
        """What is wrong with the arguments of a file's DAGs; what several share is told once."""
        found: dict[tuple[Region, Path, str], list[tuple[ResolvedDag, _Fault]]] = {}
        for dag in repo.analysis(DagArguments).of(dag_file):
            for fault in self._faults(dag.arguments):
                key = (dag.region_of(fault.path), fault.path, fault.sentence(".", ""))
                found.setdefault(key, []).append((dag, fault))
        for (region, path, _), faults in found.items():
            dag, fault = faults[0]
            others = len({each.id for each, _ in faults}) - 1
            title = f"{dag.title} (and {others} more)" if others else dag.title
            name, owner = _in_task(dag, path, title)
            finding = self._finding(region, fault, name, owner, dag.subject, dag.id or "this DAG")
            written = dag.written(path)
            is_elsewhere = written is not None and written.path != region.path
            related = (Related(written, "it is written here"),) if written and is_elsewhere else ()
            yield replace(finding, related=related)

    def values(self, values: ValuesFile, repo: Repo) -> Iterator[Finding]:
        """What is wrong with the values of the releases of a file, as far as it stands in this one."""
        for each in resolved(values, repo, self._policy.chart):
            for fault in self._faults(each.values):
                region = each.region_of(fault.path)
                if region.path == values.path and _is_certain(fault, each):
                    name = dotted((*each.start, *fault.path))
                    yield self._finding(region, fault, name, "")

    def pyproject(self, document: TomlFile, repo: Repo) -> Iterator[Finding]:  # noqa: ARG002
        """What is wrong with a pyproject.toml."""
        for fault in self._faults(_plain(document.data)):
            yield self._finding(_region_in(document, fault.path), fault, dotted(fault.path), "")

    @cached_property
    def _judgement(self) -> Judgement:
        from airwarden.schema_policies.judgement import Judgement

        return Judgement(self._policy.schema)

    def _faults(self, instance: Mapping[str, Any]) -> Iterator[_Fault]:
        found: dict[_Fault, None] = {}
        for error in self._judgement.faults(instance):
            path: Path = tuple(error.absolute_path)
            for key in missing(error):
                found[_Fault((*path, key), None, "be there", is_missing=True)] = None
            if not missing(error):
                value = shown(error.instance, path)
                is_secret = value is None and isinstance(error.instance, str)
                found[_Fault(path, value, demand(error), is_secret=is_secret)] = None
        yield from found

    def _finding(
        self, region: Region, fault: _Fault, name: str, owner: str, subject: str = "", dag_id: str = ""
    ) -> Finding:
        message = self._policy.message.format(
            argument=name,
            dag_id=dag_id,
            value="not set" if fault.is_missing else fault.value or "***",
            wanted=fault.wanted,
        )
        return self._rule.finding(
            region,
            message or fault.sentence(name, owner),
            subject=": ".join(filter(None, (subject, name))),
            secret=fault.is_secret,
        )


def _in_task(dag: ResolvedDag, path: Path, title: str) -> tuple[str, str]:
    """How an argument is called, and what it belongs to."""
    if path[:1] != ("tasks",) or len(path) < 2:
        return dotted(path), title
    rest = path[3:] if path[2:3] == ("arguments",) else path[2:]
    task = dag.get(f"tasks.{path[1]}.task_id")
    return dotted(rest), f"task {task!r} of {title}" if task else f"a task of {title}"


def _is_certain(fault: _Fault, values: ResolvedValues) -> bool:
    return not fault.is_missing or values.lacks(fault.path)


def _region_in(document: TomlFile, path: Path) -> Region:
    """Where the value at a path stands, or what is around it."""
    asks: tuple[Callable[[Path], Region | None], ...] = (document.value, document.header, document.key)
    for end in range(len(path), 0, -1):
        found = next(filter(None, (ask(path[:end]) for ask in asks)), None)
        if found is not None:
            return found
    return document.source.region(0, 0)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return UNKNOWN if isinstance(value, (datetime.date, datetime.time)) else value
