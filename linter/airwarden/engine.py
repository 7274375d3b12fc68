"""Files become models, models meet the checks of the rules, and what they find is put in a stable order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden.crashes import crash
from airwarden.findings import LEVELS, Finding
from airwarden.records import dataclass
from airwarden.report import Crash, Report
from airwarden.rule import Rules
from airwarden.source import Source, Unreadable
from airwarden.suppressions import Suppression, suppressions_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from airwarden.config import Config
    from airwarden.repo import Repo
    from airwarden.rule import Kind, Rule

Progress: TypeAlias = Callable[[Sequence[str]], Iterable[str]]
"""Hands on the files it is given, one by one, and may show how far it has come."""

_Check: TypeAlias = Callable[..., Iterator[Finding]]

_DEPENDENCY_FILES = (".toml", ".txt", ".cfg")

READING = "(reading)"
"""Stands in the place of a rule in the crash of a model."""


def check(
    repo: Repo,
    paths: Sequence[str] | None,
    config: Config,
    rules: Mapping[str, Rule],
    progress: Progress = iter,
    families: Mapping[str, str] | None = None,
) -> Report:
    """Checks the files of `paths` and of the folders among them, or the whole repository, with `rules`.

    Paths are relative to the repository's root or absolute; a file that the repository leaves out is not
    checked. `families` has the family of every rule there is, also of those not to be run, so that a
    suppression can be told from a misspelt one.
    """
    families = families or {name: rule.family for name, rule in rules.items()}
    rules = rules if isinstance(rules, Rules) else Rules(rules)
    run = _Run(repo, config, rules, families, _exempt(config))
    outcomes = [run.outcome(path) for path in progress(files_of(repo, paths))]
    sources = {o.path: o.source for o in outcomes if o.source and o.findings and not o.unread}
    findings = sorted((f for outcome in outcomes for f in outcome.findings), key=_order)
    return Report(
        root=str(repo.root),
        findings=_withheld(findings, sources),
        crashes=tuple(c for outcome in outcomes for c in outcome.crashes),
        rules=rules,
        sources=sources,
        checked=sum(outcome.checked for outcome in outcomes),
        suppressed=sum(outcome.suppressed for outcome in outcomes),
        unknown_dags=_unknown_dags(repo, outcomes),
    )


def _withheld(findings: Sequence[Finding], sources: Mapping[str, Source]) -> tuple[Finding, ...]:
    """The findings, each without what another one of its file calls a secret."""
    if not any(finding.secret for finding in findings):
        return tuple(findings)
    from airwarden.disclosure import found_secrets, withheld

    secrets = found_secrets(findings, sources)
    return tuple(withheld(f, secrets.get(f.region.path, frozenset())) for f in findings)


def _unknown_dags(repo: Repo, outcomes: Iterable[_Outcome]) -> tuple[str, ...]:
    """The DAGs of which the rules on alerts could not tell whether a failure reaches anybody."""
    if not any(outcome.checked and outcome.path.endswith(".py") for outcome in outcomes):
        return ()
    from airwarden.alerts.callbacks import Alerts

    alerts = repo.made(Alerts)
    return alerts.unknown_dags if alerts else ()


def files_of(repo: Repo, paths: Sequence[str] | None) -> list[str]:
    """The repository's files that `paths` name, sorted, each once whatever name it goes by; all for None."""
    if paths is None:
        return list(repo.files)
    known, chosen = frozenset(repo.files), set[str]()
    for name in {repo.relative(repo.root / path) for path in paths}:
        if name in known:
            chosen.add(name)
        elif name is not None:
            folder = "" if name == "." else f"{name}/"
            chosen.update(path for path in repo.files if path.startswith(folder))
    return sorted(chosen)


def _exempt(config: Config) -> list[tuple[GitIgnoreSpec, tuple[str, ...]]]:
    if not config.per_file_ignores:
        return []
    from pathspec import GitIgnoreSpec

    return [(GitIgnoreSpec.from_lines([glob]), names) for glob, names in config.per_file_ignores.items()]


def _order(finding: Finding) -> tuple[Any, ...]:
    return finding.region, finding.rule, finding.message


@dataclass
class _Outcome:
    """What came of one file. `unread` where it can't be read as what it is."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)
    checked: bool = False
    unread: bool = False
    suppressed: int = 0
    source: Source | None = None


@dataclass(frozen=True)
class _Run:
    """One run over a repository: what it needs to judge any of its files."""

    repo: Repo
    config: Config
    rules: Rules
    families: Mapping[str, str]
    exempt: Sequence[tuple[GitIgnoreSpec, tuple[str, ...]]]
    told: dict[_Check, tuple[Finding, ...]] = field(default_factory=dict)

    def outcome(self, path: str) -> _Outcome:
        outcome = _Outcome(path)
        try:
            self._find(outcome)
            self._suppress(outcome)
        except Exception as error:
            outcome.crashes.append(crash(READING, path, error))
        outcome.findings = [self._at_level(finding) for finding in outcome.findings]
        return outcome

    def _rules(self, kind: Kind, path: str) -> list[Rule]:
        """The rules that may have checks of a kind and judge the file."""
        return [rule for rule in self.rules.of_kind(kind) if not self._is_exempt(rule, path)]

    def _is_exempt(self, rule: Rule, path: str) -> bool:
        names = (names for pattern, names in self.exempt if pattern.match_file(path))
        return any(rule.id in some or rule.family in some for some in names)

    def _find(self, outcome: _Outcome) -> None:
        repo, path = self.repo, outcome.path
        if repo.is_dag_file(path):
            self._judge(outcome, "dag", lambda path: [repo.dag_file(path)], lambda rule: rule.dag_checks)
        if repo.is_values_file(path):
            self._judge(outcome, "values", repo.values_files, lambda rule: rule.values_checks)
        if path.lower().endswith(".cfg"):
            self._tell_unread_config(outcome)
        if not path.endswith(".py"):
            self._judge_settings(outcome)
            self._judge_text(outcome)
        self._judge_dependencies(outcome)
        if path.endswith(_DEPENDENCY_FILES):
            faults = [each for each in repo.dependencies.unreadable if each.region.path == path]
            self._tell_unread(outcome, faults)
        found = list({(f.rule, f.region, f.message): f for f in outcome.findings}.values())
        outcome.findings = [each for each in found if not self._is_told_better(each, found)]

    def _is_told_better(self, finding: Finding, findings: Sequence[Finding]) -> bool:
        """Whether a general rule repeats what an exact one of its family says of the same place, or any rule
        what the one that outranks it says.
        """
        rule = self.rules[finding.rule]
        if rule.outranked_by and any(
            other.rule == rule.outranked_by and other.region.overlaps(finding.region) for other in findings
        ):
            return True
        if not rule.general:
            return False
        return any(
            other.family == finding.family
            and not self.rules[other.rule].general
            and other.region.overlaps(finding.region)
            for other in findings
        )

    def _judge(
        self,
        outcome: _Outcome,
        kind: Kind,
        read: Callable[[str], Sequence[object]],
        checks: Callable[[Rule], Sequence[_Check]],
    ) -> None:
        try:
            models = read(outcome.path)
        except Unreadable as fault:
            self._tell_unread(outcome, [fault])
            return
        for model in models:
            outcome.checked = True
            for rule in self._rules(kind, outcome.path):
                _gather(outcome, rule, checks(rule), model, self.repo)

    def _judge_settings(self, outcome: _Outcome) -> None:
        """Gathers what the rules about settings find in this file, if it makes any."""
        from airwarden.deployment.effective import Deployment, may_set_options

        if not may_set_options(outcome.path, self.repo):
            return
        rules = [rule for rule in self._rules("deployment", outcome.path) if rule.deployment_checks]
        if not rules:
            return
        deployment = self.repo.analysis(Deployment)
        if not deployment.speaks_in(outcome.path):
            return
        outcome.checked = True
        for rule in rules:
            checks = [partial(self._here, outcome.path, each) for each in rule.deployment_checks]
            _gather(outcome, rule, checks, deployment, self.repo)

    def _judge_dependencies(self, outcome: _Outcome) -> None:
        """Gathers what the rules about dependencies find in this file, if it declares any."""
        from airwarden.dependencies.reader import kind_of

        is_named = outcome.path in self.config.dependency_files
        if not is_named and kind_of(outcome.path) in (None, "trace"):
            return
        rules = [rule for rule in self._rules("dependencies", outcome.path) if rule.dependency_checks]
        if not rules or not self.repo.dependencies.speaks_in(outcome.path):
            return
        outcome.checked = True
        for rule in rules:
            checks = [partial(self._here, outcome.path, each) for each in rule.dependency_checks]
            _gather(outcome, rule, checks, self.repo.dependencies, self.repo)

    def _tell_unread_config(self, outcome: _Outcome) -> None:
        """Gathers what there is to say of an airflow.cfg that is no text."""
        from airwarden.deployment.config_file import may_be_config
        from airwarden.deployment.effective import may_set_options

        try:
            if may_be_config(outcome.path) and may_set_options(outcome.path, self.repo):
                self.repo.source(outcome.path)
        except Unreadable as fault:
            self._tell_unread(outcome, [fault])

    def _judge_text(self, outcome: _Outcome) -> None:
        """Gathers what the rules about texts find in a file that settings are taken from, if it is text."""
        from airwarden.deployment.effective import is_settings_file

        if not is_settings_file(outcome.path):
            return
        rules = [rule for rule in self._rules("text", outcome.path) if rule.text_checks]
        if not rules:
            return
        try:
            source = self.repo.source(outcome.path)
        except Unreadable:
            return
        outcome.checked = True
        for rule in rules:
            _gather(outcome, rule, rule.text_checks, source, self.repo)

    def _here(self, path: str, check: _Check, *given: object) -> Iterator[Finding]:
        """What a check of the settings finds in one file; it runs once for all of them."""
        if check not in self.told:
            self.told[check] = tuple(check(*given))
        return (finding for finding in self.told[check] if finding.region.path == path)

    def _tell_unread(self, outcome: _Outcome, faults: Iterable[Unreadable]) -> None:
        for fault in faults:
            outcome.checked = outcome.unread = True
            for rule in self._rules("unreadable", outcome.path):
                _gather(outcome, rule, rule.unreadable_checks, fault)

    def _suppress(self, outcome: _Outcome) -> None:
        """Takes out what the file's comments silence, and puts in what there is to say of the comments."""
        if not outcome.checked:
            return
        try:
            outcome.source = self.repo.source(outcome.path)
        except Unreadable:
            return
        suppressions = suppressions_of(outcome.source, {*self.families, *self.families.values()})
        if not suppressions:
            return
        used = _silence(outcome, suppressions)
        idle = [each for each in suppressions if each not in used and self._had_its_chance(each, outcome)]
        for rule in self._rules("unused", outcome.path):
            for suppression in idle:
                if suppression.name not in (rule.id, rule.family):
                    _gather(outcome, rule, rule.unused_checks, suppression)
        _silence(outcome, suppressions)

    def _had_its_chance(self, suppression: Suppression, outcome: _Outcome) -> bool:
        """Whether every rule that a suppression speaks of has judged the file."""
        if not suppression.is_known:
            return True
        named = [rule for rule, family in self.families.items() if suppression.name in (rule, family)]
        return not outcome.unread and all(self._has_judged(rule, outcome) for rule in named)

    def _has_judged(self, rule: str, outcome: _Outcome) -> bool:
        has_failed = any(crash.rule == rule for crash in outcome.crashes)
        return rule in self.rules and not has_failed and not self._is_exempt(self.rules[rule], outcome.path)

    def _at_level(self, finding: Finding) -> Finding:
        """The finding at the level that the settings give its rule, unless the rule itself put it lower."""
        level = self.config.level(finding.rule, finding.family)
        if level is None or level == "off":
            return finding
        lowered = finding.level != self.rules[finding.rule].level
        return replace(finding, level=max(level, finding.level, key=LEVELS.index) if lowered else level)


def _gather(outcome: _Outcome, rule: Rule, checks: Sequence[_Check], *given: object) -> None:
    """Adds what `checks` find; whatever they raise is a crash of the rule, for this file alone."""
    try:
        for each in checks:
            for finding in each(*given):
                if finding.region.path != outcome.path:
                    raise ValueError("a finding must stand in the file that is checked")
                outcome.findings.append(finding)
    except Exception as error:
        outcome.crashes.append(crash(rule.id, outcome.path, error))


def _silence(outcome: _Outcome, suppressions: Sequence[Suppression]) -> set[Suppression]:
    """Takes the findings out that `suppressions` cover, and returns those that covered one."""
    used = {s for s in suppressions for finding in outcome.findings if s.covers(finding)}
    kept = [finding for finding in outcome.findings if not any(s.covers(finding) for s in used)]
    outcome.suppressed += len(outcome.findings) - len(kept)
    outcome.findings = kept
    return used
