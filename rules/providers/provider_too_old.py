"""A provider that is older than what a DAG uses of it does not have the module, and the DAG does not load.

Notifiers, secrets backends, operators and arguments come with a certain version of their provider:
`airflow.providers.slack.notifications.slack_webhook` with 8.1.0 of the Slack provider, for example. A pin, an
upper bound, or the Airflow that the dependencies ask for can keep the image at a version before that; a lower
bound that is too low allows it, and with a constraints file it is what gets installed.

Flagged is the first place of a file that uses something which the newest version that may get installed does
not have yet, or which the oldest one that the dependencies allow does not have. Where a lock file or
constraints pin the version, that one counts. A requirement without any lower bound allows nothing in
particular, and is flagged only where no allowed version has it.

Ask for the version that has it:

    dependencies = [
      "apache-airflow==3.1.*",
      "apache-airflow-providers-slack>=8.1.0",
    ]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from airwarden.dependencies.allowed_versions import span
from airwarden.dependencies.provisions import Span
from airwarden.dependencies.specifiers import is_older
from airwarden.findings import Finding, Fix, Related
from airwarden.needs.remedies import newest_since, raised, since
from airwarden.needs.use import Use
from airwarden.repo import Repo
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.deployment.effective import Deployment
    from airwarden.needs.found import Found
    from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="ask for the version of the provider that has it",
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first place that uses what an allowed version of its provider lacks."""
    from airwarden.needs.code import CodeNeeds

    uses = repo.analysis(CodeNeeds).where(lambda each: _is_lacking(each, dag_file.path, repo), dag_file)
    yield from _findings(uses, repo)


@rule.values
def check_values(values_file: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first value that names what an allowed version of its provider lacks."""
    from airwarden.needs.settings import SettingNeeds

    yield from _findings(repo.analysis(SettingNeeds).of_values(values_file), repo)


@rule.deployment
def check_settings(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags settings outside of values that name what an allowed version of its provider lacks."""
    from airwarden.needs.settings import SettingNeeds

    yield from _findings(repo.analysis(SettingNeeds).of_settings(deployment), repo)


def _findings(uses: Iterable[Use], repo: Repo) -> Iterator[Finding]:
    told = set[tuple[str, str]]()
    needed = [use for use in uses if use.when in ("load", "run")]
    for use in needed:
        first, key = since(use), (use.region.path, use.need.distribution)
        if first is None or key in told:
            continue
        found = span(repo.dependencies, use.need.distribution, use.region.path)
        if found is None:
            continue
        version = _lacking(found, first)
        if version is not None:
            told.add(key)
            same = [each for each in needed if each.need.distribution == use.need.distribution]
            yield _finding(use, first, version, found, _fix(found, newest_since(same) or first, repo))


def _is_lacking(each: Found, path: str, repo: Repo) -> bool:
    first = since(each) if each.when in ("load", "run") else None
    found = None if first is None else span(repo.dependencies, each.need.distribution, path)
    return first is not None and found is not None and _lacking(found, first) is not None


def _lacking(found: Span, first: str) -> str | None:
    """An allowed version that lacks what came with `first`; None where there is none."""
    if is_older(found.newest, first):
        return found.newest
    return found.oldest if found.oldest and is_older(found.oldest, first) else None


def _finding(use: Use, first: str, version: str, found: Span, fix: Fix | None) -> Finding:
    what = f"the argument {use.argument} of {use.name}" if use.argument else use.name
    allowed = "the dependencies allow" if version == found.oldest else "the dependencies allow none after"
    notes = (Related(each.region, "declared here") for each in found.declarations[:1])
    return rule.finding(
        use.region,
        f"{what} needs {use.need.distribution}>={first}, and {allowed} {version}",
        related=(*use.way, *notes),
        fix=fix,
        remedy=f"declare {use.need.distribution}>={first}",
        subject=f"{use.need.distribution} {use.name}",
    )


def _fix(found: Span, first: str, repo: Repo) -> Fix | None:
    """Raises the bound of the one declaration that there is, where a version for it exists."""
    own = [each for each in found.declarations if each.versions]
    if found.pinned or len(own) != 1 or is_older(found.newest, first):
        return None
    return raised(own[0], first, repo)
