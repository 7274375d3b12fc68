"""Files become models, and models meet the checks of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from airwarden.crashes import crash
from airwarden.depth import room
from airwarden.outcomes import READING, Outcome
from airwarden.source import Gone, Unreadable
from airwarden.suppressions import suppressions_of
from airwarden.tracing import Answers, Trace

if TYPE_CHECKING:
    from airwarden.credentials.occurrences import Words
    from airwarden.findings import Finding
    from airwarden.repo import Repo
    from airwarden.rule import Kind, Rule, Rules

    Check: TypeAlias = Callable[..., Iterator[Finding]]

_MOST_FRAMES = 2_000
"""Calls inside one another for one file, walks that ask for room of their own apart: twice what Python grants
where nobody has used any.
"""
_DEPENDENCY_FILES = (".toml", ".txt", ".cfg")


class Judge:
    """Puts the files of one repository to rules, each file by itself.

    `families` has the family of every rule there is, also of those not to be run, so that a suppression can
    be told from a misspelt one. `fixes` says whether findings are asked for to make their fixes.
    """

    def __init__(self, repo: Repo, rules: Rules, families: Mapping[str, str], *, fixes: bool = False) -> None:
        self._repo = repo
        self._rules = rules
        self._fixes = fixes
        self._ran = frozenset(rules.ids)
        self._names = {*families, *families.values()}
        self._told: Answers[Check, tuple[Finding, ...]] = Answers(repo.tracer, are_shared=True)

    def outcome(self, path: str) -> tuple[Outcome, Trace]:
        """What the rules find in a file, and what that was made from."""
        outcome = Outcome(path, self._ran)
        with room(_MOST_FRAMES), self._repo.tracer.answer() as trace:
            try:
                self._find(outcome)
                self._finish(outcome)
            except Exception as error:
                outcome.crashes.append(crash(READING, path, error))
        return outcome, trace

    def _find(self, outcome: Outcome) -> None:
        repo, path = self._repo, outcome.path
        self._judge_all(outcome)
        closed = repo.closed(path) or self._too_big(path)
        if closed is not None and not outcome.unread:
            self._tell_unread(outcome, [closed])

    def _too_big(self, path: str) -> Unreadable | None:
        """Why a file of a kind that rules judge was not read, where its size is why."""
        found = self._repo.too_big(path)
        if found is None:
            return None
        from airwarden.dependencies.reader import kind_of
        from airwarden.deployment.effective import is_settings_file

        return found if is_settings_file(path) or kind_of(path) not in (None, "trace") else None

    def _judge_all(self, outcome: Outcome) -> None:
        """Gathers what there is to find in this file as each of the kinds that it is of."""
        repo, path = self._repo, outcome.path
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
        if path.rpartition("/")[2] == "pyproject.toml":
            self._judge_pyproject(outcome)
        if path.endswith(_DEPENDENCY_FILES):
            faults = [each for each in repo.dependencies.unreadable if each.region.path == path]
            self._tell_unread(outcome, faults)

    def _judge(
        self,
        outcome: Outcome,
        kind: Kind,
        read: Callable[[str], Sequence[object]],
        checks: Callable[[Rule], Sequence[Check]],
    ) -> None:
        try:
            models = read(outcome.path)
        except Unreadable as fault:
            self._tell_unread(outcome, [fault])
            return
        for model in models:
            outcome.checked = True
            for rule in self._rules.of_kind(kind):
                gather(outcome, rule, checks(rule), model, self._repo)

    def _judge_settings(self, outcome: Outcome) -> None:
        """Gathers what the rules about settings find in this file, if it makes any."""
        from airwarden.deployment.effective import Deployment, may_set_options

        if not may_set_options(outcome.path, self._repo):
            return
        rules = [rule for rule in self._rules.of_kind("deployment") if rule.deployment_checks]
        if not rules:
            return
        deployment = self._repo.analysis(Deployment)
        if not deployment.speaks_in(outcome.path):
            return
        outcome.kinds += ("deployment",)
        for rule in rules:
            checks = [partial(self._here, outcome.path, each) for each in rule.deployment_checks]
            gather(outcome, rule, checks, deployment, self._repo)

    def _judge_dependencies(self, outcome: Outcome) -> None:
        """Gathers what the rules about dependencies find in this file, if it declares any."""
        from airwarden.dependencies.reader import kind_of

        is_named = outcome.path in self._repo.config.dependency_files
        if not is_named and kind_of(outcome.path) in (None, "trace"):
            return
        rules = [rule for rule in self._rules.of_kind("dependencies") if rule.dependency_checks]
        if not rules or not self._repo.dependencies.speaks_in(outcome.path):
            return
        outcome.kinds += ("dependencies",)
        for rule in rules:
            checks = [partial(self._here, outcome.path, each) for each in rule.dependency_checks]
            gather(outcome, rule, checks, self._repo.dependencies, self._repo)

    def _tell_unread_config(self, outcome: Outcome) -> None:
        """Gathers what there is to say of an airflow.cfg that is no text."""
        from airwarden.deployment.config_file import may_be_config
        from airwarden.deployment.effective import may_set_options

        try:
            if may_be_config(outcome.path) and may_set_options(outcome.path, self._repo):
                self._repo.source(outcome.path)
        except Unreadable as fault:
            self._tell_unread(outcome, [fault])

    def _judge_text(self, outcome: Outcome) -> None:
        """Gathers what the rules about texts find in a file that settings are taken from, if it is text."""
        from airwarden.deployment.effective import is_settings_file

        if not is_settings_file(outcome.path):
            return
        rules = [rule for rule in self._rules.of_kind("text") if rule.text_checks]
        if not rules:
            return
        try:
            source = self._repo.source(outcome.path)
        except Unreadable:
            return
        outcome.kinds += ("text",)
        for rule in rules:
            gather(outcome, rule, rule.text_checks, source, self._repo)

    def _judge_pyproject(self, outcome: Outcome) -> None:
        """Gathers what the rules about a pyproject.toml find in this one, if it can be read."""
        rules = [rule for rule in self._rules.of_kind("pyproject") if rule.pyproject_checks]
        if not rules:
            return
        from airwarden.toml_file import TomlFile

        try:
            document = TomlFile.read(self._repo.source(outcome.path))
        except Unreadable as fault:
            self._tell_unread(outcome, [fault])
            return
        outcome.kinds += ("pyproject",)
        for rule in rules:
            gather(outcome, rule, rule.pyproject_checks, document, self._repo)

    def _here(self, path: str, check: Check, *given: object) -> Iterator[Finding]:
        """What a check of the settings finds in one file; it runs once for all of them."""
        told = self._told.get(check, lambda: tuple(check(*given)))
        return (finding for finding in told if finding.region.path == path)

    def _tell_unread(self, outcome: Outcome, faults: Iterable[Unreadable]) -> None:
        for fault in (each for each in faults if not isinstance(each, Gone)):
            outcome.checked = outcome.unread = True
            for rule in self._rules.of_kind("unreadable"):
                gather(outcome, rule, rule.unreadable_checks, fault)

    def _finish(self, outcome: Outcome) -> None:
        """Takes out what is there twice, notes the suppressions, and sees to it that no finding's words
        repeat what another one calls a secret.
        """
        if not (outcome.checked or outcome.kinds):
            return
        outcome.findings = list({(f.rule, f.region, f.message): f for f in outcome.findings}.values())
        if outcome.path.endswith(".py"):
            outcome.unknown_dags = self._unknown_dags(outcome.path)
        try:
            source = self._repo.source(outcome.path)
        except Unreadable:
            return
        outcome.suppressions = suppressions_of(source, self._names)
        if any(finding.secret for finding in outcome.findings) and not outcome.unread:
            from airwarden.credentials.occurrences import Words
            from airwarden.disclosure import discreet, found_secrets, unlikely, withheld

            secrets = found_secrets(outcome.findings, {outcome.path: source})
            found = secrets.get(outcome.path, frozenset())
            known, rare = Words(found), Words(unlikely(found))
            outcome.findings = [self._silent(withheld(finding, rare), known) for finding in outcome.findings]
            outcome.suppressions = tuple(discreet(each, rare) for each in outcome.suppressions)

    def _silent(self, finding: Finding, secrets: Words) -> Finding:
        """The finding, without a fix that would repeat a secret unless fixes are to be made."""
        is_kept = self._fixes or finding.fix is None or not finding.fix.tells(secrets)
        return finding if is_kept else replace(finding, fix=None)

    def _unknown_dags(self, path: str) -> tuple[str, ...]:
        from airwarden.alerts.callbacks import Alerts

        alerts = self._repo.made(Alerts)
        return alerts.unknown_dags(path) if alerts else ()


def gather(outcome: Outcome, rule: Rule, checks: Iterable[Check], *given: object) -> None:
    """Adds what `checks` find; whatever they raise is a crash of the rule, for this file alone."""
    try:
        for each in checks:
            for finding in each(*given):
                if finding.region.path != outcome.path:
                    raise ValueError("a finding must stand in the file that is checked")
                outcome.findings.append(finding)
    except (Exception, SystemExit) as error:
        outcome.crashes.append(crash(rule.id, outcome.path, error))
