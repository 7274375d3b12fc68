"""What a rule is: its facts, and the decorators that mark its checks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from airwarden.config import Profile
from airwarden.findings import Finding, Fix, Level, Region, Related
from airwarden.records import dataclass

if TYPE_CHECKING:
    from airwarden.baseline import Match
    from airwarden.dag import DagFile
    from airwarden.dependencies.effective import Dependencies
    from airwarden.deployment.effective import Deployment
    from airwarden.repo import Repo
    from airwarden.source import Source, Unreadable
    from airwarden.suppressions import Expired, Suppression
    from airwarden.toml_file import TomlFile
    from airwarden.values import ValuesFile

    DagCheck: TypeAlias = Callable[[DagFile, Repo], Iterator[Finding]]
    ValuesCheck: TypeAlias = Callable[[ValuesFile, Repo], Iterator[Finding]]
    DeploymentCheck: TypeAlias = Callable[[Deployment, Repo], Iterator[Finding]]
    DependencyCheck: TypeAlias = Callable[[Dependencies, Repo], Iterator[Finding]]
    PyprojectCheck: TypeAlias = Callable[[TomlFile, Repo], Iterator[Finding]]
    TextCheck: TypeAlias = Callable[[Source, Repo], Iterator[Finding]]
    UnreadableCheck: TypeAlias = Callable[[Unreadable], Iterator[Finding]]
    UnusedCheck: TypeAlias = Callable[[Suppression], Iterator[Finding]]
    ExpiredCheck: TypeAlias = Callable[[Expired], Iterator[Finding]]
    UnmatchedCheck: TypeAlias = Callable[[Match], Iterator[Finding]]

Kind = Literal[
    "dag",
    "values",
    "deployment",
    "dependencies",
    "pyproject",
    "text",
    "unreadable",
    "unused",
    "expired",
    "unmatched",
]
"""A kind of checks: the name of the decorator that marks them."""


@dataclass
class Rule:
    """The facts of one rule. A rule's module makes one, named `rule`, and marks its checks with it.

    The id is the module's name, the family its folder: `rules/xcom/dataframe_in_xcom.py` is
    `dataframe-in-xcom` of the family `xcom`.

    `help` is the module's docstring: its first line names the harm, the rest says why and what to do.
    `remedy` is the way out in one line. `see` is the address of the evidence. `severity` is GitHub's
    `security-severity`, 0.0 to 10.0, for rules about secrets. A `general` rule is silent where another of its
    family has something more exact to say of the same place, and one that is `outranked_by` another, given by
    its id, where that one speaks of it. Findings of a `folded` rule that are about one subject have one
    cause, and a report for people tells them as one. `applies_to` names the versions of Airflow or the chart
    where that is not all of them.

    `profile` is the first of the profiles that the rule belongs to. `options` are the JSON Schemas of what
    users may set for it, by name, each with a `description` and a `default`.
    """

    module: str
    help: str | None
    level: Level
    remedy: str
    see: str
    profile: Profile = "core"
    severity: float | None = None
    general: bool = False
    outranked_by: str = ""
    folded: bool = False
    applies_to: str = ""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    dag_checks: list[DagCheck] = field(default_factory=list, repr=False)
    values_checks: list[ValuesCheck] = field(default_factory=list, repr=False)
    deployment_checks: list[DeploymentCheck] = field(default_factory=list, repr=False)
    dependency_checks: list[DependencyCheck] = field(default_factory=list, repr=False)
    pyproject_checks: list[PyprojectCheck] = field(default_factory=list, repr=False)
    text_checks: list[TextCheck] = field(default_factory=list, repr=False)
    unreadable_checks: list[UnreadableCheck] = field(default_factory=list, repr=False)
    unused_checks: list[UnusedCheck] = field(default_factory=list, repr=False)
    expired_checks: list[ExpiredCheck] = field(default_factory=list, repr=False)
    unmatched_checks: list[UnmatchedCheck] = field(default_factory=list, repr=False)

    @property
    def id(self) -> str:
        """The name of the rule's file, with dashes."""
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def family(self) -> str:
        """The name of the rule's folder."""
        return self.module.split(".")[-2]

    @property
    def summary(self) -> str:
        """The first line of the help: the harm, in one sentence."""
        return (self.help or "").strip().partition("\n")[0]

    def option(self, name: str, repo: Repo, path: str) -> Any:
        """What one of its `options` is for a file, given by its path: as it is set, or the default."""
        value = repo.option(self.id, name, path)
        return self.options[name]["default"] if value is None else value

    def lists(self, option: str, name: str | None, repo: Repo, path: str) -> bool:
        """Whether a name in a file fits one of the patterns that an option lists."""
        patterns = self.option(option, repo, path)
        return name is not None and any(fnmatchcase(name, pattern) for pattern in patterns)

    def dag(self, check: DagCheck) -> DagCheck:
        """Marks a check that reads one DAG file, and the repository around it where it must."""
        self.dag_checks.append(check)
        return check

    def values(self, check: ValuesCheck) -> ValuesCheck:
        """Marks a check that reads one Helm values file, and the repository around it where it must."""
        self.values_checks.append(check)
        return check

    def deployment(self, check: DeploymentCheck) -> DeploymentCheck:
        """Marks a check that reads the settings of Airflow, wherever the repository makes them; what it finds
        may stand in any file that makes one.
        """
        self.deployment_checks.append(check)
        return check

    def dependencies(self, check: DependencyCheck) -> DependencyCheck:
        """Marks a check that reads what all dependency files declare together; what it finds may stand in any
        of them.
        """
        self.dependency_checks.append(check)
        return check

    def pyproject(self, check: PyprojectCheck) -> PyprojectCheck:
        """Marks a check that reads one pyproject.toml, and the repository around it where it must."""
        self.pyproject_checks.append(check)
        return check

    def text(self, check: TextCheck) -> TextCheck:
        """Marks a check that reads the text of one file which settings are taken from: an airflow.cfg, a
        Dockerfile, a compose file or a file of variables.
        """
        self.text_checks.append(check)
        return check

    def unreadable(self, check: UnreadableCheck) -> UnreadableCheck:
        """Marks a check that reports a file that can't be read as what it is."""
        self.unreadable_checks.append(check)
        return check

    def unused(self, check: UnusedCheck) -> UnusedCheck:
        """Marks a check that reports a suppression that suppressed nothing."""
        self.unused_checks.append(check)
        return check

    def expired(self, check: ExpiredCheck) -> ExpiredCheck:
        """Marks a check that reports a suppression, or a baseline entry, whose day is past or is none."""
        self.expired_checks.append(check)
        return check

    def unmatched(self, check: UnmatchedCheck) -> UnmatchedCheck:
        """Marks a check that reports an entry of the baseline that is about more findings than there are."""
        self.unmatched_checks.append(check)
        return check

    def finding(
        self,
        region: Region,
        message: str,
        *,
        related: Sequence[Related] = (),
        steps: Sequence[Related] = (),
        fix: Fix | None = None,
        remedy: str | None = None,
        level: Level | None = None,
        subject: str = "",
        secret: bool = False,
    ) -> Finding:
        """A finding of this rule; level and remedy are the rule's own unless given."""
        return Finding(
            rule=self.id,
            family=self.family,
            level=level or self.level,
            region=region,
            message=message,
            remedy=self.remedy if remedy is None else remedy,
            related=tuple(related),
            steps=tuple(steps),
            fix=fix,
            subject=subject,
            secret=secret,
        )


def patterns(description: str, *examples: str) -> Mapping[str, Any]:
    """The schema of an option that lists patterns of names, as `fnmatch` knows them; none by default."""
    return {
        "description": description,
        "type": "array",
        "items": {"description": "a pattern of names, such as team_*", "type": "string", "minLength": 1},
        "default": [],
        "examples": [list(examples)],
    }


class Rules(Mapping[str, Rule]):
    """Rules by id. Which of them have checks of a kind can be asked without a look at the others."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def ids(self) -> Iterable[str]:
        """The ids of all of them."""
        return self._rules.keys()

    @property
    def loaded(self) -> Iterable[Rule]:
        """Those that are there by now."""
        return self._rules.values()

    def have(self, kind: Kind, ids: Collection[str]) -> bool:
        """Whether any of `ids` has checks of a kind."""
        return any(each.id in ids for each in self.of_kind(kind))

    def of_kind(self, kind: Kind) -> Iterable[Rule]:  # noqa: ARG002 (one that loads rules cares)
        """All rules that have checks of a kind, in order; there may be others among them."""
        return self._rules.values()
