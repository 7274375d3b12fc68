"""A notifier with a connection of the wrong kind fails to log in to Slack, and the alert is lost.

Slack's API takes the token of a bot, from a connection of type `slack`; a webhook takes its own token, from
one of type `slackwebhook`. Neither works with the other's. The defaults invite the mistake: `slack_default`
is that of the webhook, `slack_api_default` that of the API.

Flagged is a notifier with a connection that the same repository uses for the other kind; one of the two is
wrong. Which connections alerts may use can be said once for the repository:

    [tool.airwarden]
    alert-connections = ["slack_alerts"]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import Notifier
from airwarden.alerts.slack_connections import (
    SLACK_ARGUMENTS,
    SlackConnections,
    SlackKind,
    connections_of,
    slack_kind,
)
from airwarden.dag import DagFile
from airwarden.edits import with_text
from airwarden.findings import Finding, Fix, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="use a connection of type slack for the API and one of type slackwebhook for webhooks",
    see="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/connections/index.html",
    profile="recommended",
)

OTHER: dict[SlackKind, SlackKind] = {"api": "webhook", "webhook": "api"}
NEEDS: dict[SlackKind, str] = {"api": "a bot's token", "webhook": "a webhook's token"}


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags notifiers whose connection can't be of their kind, or is not one for alerts."""
    for notifier in repo.analysis(Notifications).made_in(dag_file):
        kind = slack_kind(notifier.name)
        if kind is not None:
            yield from _judged(notifier, kind, repo)


def _judged(notifier: Notifier, kind: SlackKind, repo: Repo) -> Iterator[Finding]:
    allowed = repo.config.alert_connections
    names = (name for use in notifier.uses for name in connections_of(use.instance))
    for connection in dict.fromkeys(names):
        other = repo.analysis(SlackConnections).of(OTHER[kind]).get(connection)
        if allowed and connection not in allowed:
            yield _not_allowed(notifier, kind, connection, allowed, repo)
        elif other is not None:
            yield _of_both_kinds(notifier, kind, connection, other)


def _of_both_kinds(notifier: Notifier, kind: SlackKind, connection: str, other: Related) -> Finding:
    return rule.finding(
        notifier.argument_region(SLACK_ARGUMENTS[kind][0]),
        f"{notifier.short_name} needs {NEEDS[kind]}, but {connection!r} is used for {NEEDS[OTHER[kind]]} too",
        related=[other],
        subject=connection,
    )


def _not_allowed(
    notifier: Notifier, kind: SlackKind, connection: str, allowed: Sequence[str], repo: Repo
) -> Finding:
    return rule.finding(
        notifier.argument_region(SLACK_ARGUMENTS[kind][0]),
        f"{notifier.short_name} uses {connection!r}, which is none of this repository's alert connections",
        remedy=f"use one of {', '.join(allowed)}",
        fix=_fix(notifier, kind, connection, allowed, repo),
        subject=connection,
    )


def _fix(
    notifier: Notifier, kind: SlackKind, connection: str, allowed: Sequence[str], repo: Repo
) -> Fix | None:
    """The one connection that the settings allow, unless it is known to be of the other kind."""
    if len(allowed) != 1 or allowed[0] in repo.analysis(SlackConnections).of(OTHER[kind]):
        return None
    region = notifier.argument_region(SLACK_ARGUMENTS[kind][0])
    edit = with_text(notifier.file.source, region, connection, allowed[0])
    return Fix(f"use {allowed[0]}", (edit,)) if edit else None
