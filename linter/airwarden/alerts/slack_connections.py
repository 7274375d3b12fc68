"""Which connections a repository uses for Slack's API, and which for its webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal, TypeAlias

from airwarden import syntax
from airwarden.alerts.templates import is_template
from airwarden.dag import DagFile
from airwarden.findings import Region, Related
from airwarden.interpreter.values import Instance, alternatives, text_of
from airwarden.patterns import regex
from airwarden.repo import Repo

SLACK_API_NOTIFIERS = frozenset(
    f"airflow.providers.slack.notifications.{name}"
    for name in (
        "slack.SlackNotifier",
        "slack.send_slack_notification",
        "slack_notifier.SlackNotifier",
        "slack_notifier.send_slack_notification",
    )
)
"""Slack's notifier that posts as a bot, to a channel of its own choice."""

SLACK_WEBHOOK_NOTIFIERS = frozenset(
    f"airflow.providers.slack.notifications.slack_webhook.{name}"
    for name in ("SlackWebhookNotifier", "send_slack_webhook_notification")
)
"""Slack's notifier that posts to the one channel of a webhook."""


SlackKind: TypeAlias = Literal["api", "webhook"]

SLACK_ARGUMENTS: Mapping[SlackKind, tuple[str, str]] = {
    "api": ("slack_conn_id", "slack_api_default"),
    "webhook": ("slack_webhook_conn_id", "slack_default"),
}
"""The argument that names the connection, and the connection without it."""

_SLACK_USERS: Mapping[SlackKind, frozenset[str]] = {
    "api": SLACK_API_NOTIFIERS
    | {
        f"airflow.providers.slack.{name}"
        for name in (
            "hooks.slack.SlackHook",
            "operators.slack.SlackAPIFileOperator",
            "operators.slack.SlackAPIOperator",
            "operators.slack.SlackAPIPostOperator",
            "transfers.sql_to_slack.SqlToSlackApiFileOperator",
        )
    },
    "webhook": SLACK_WEBHOOK_NOTIFIERS
    | {
        f"airflow.providers.slack.{name}"
        for name in (
            "hooks.slack_webhook.SlackWebhookHook",
            "operators.slack_webhook.SlackWebhookOperator",
            "transfers.sql_to_slack_webhook.SqlToSlackWebhookOperator",
        )
    },
}


_SLACK = regex(rb"slack")

_ROLES: Mapping[SlackKind, str] = {
    "api": "{!r} is used here for Slack's API, which takes a bot's token",
    "webhook": "{!r} is used here for a webhook",
}


class SlackConnections:
    """The connections of one repository that lead to Slack, by kind and id, with a place each."""

    def __init__(self, repo: Repo) -> None:
        self._found: dict[SlackKind, dict[str, Related]] = {"api": {}, "webhook": {}}
        for path in repo.files_with(_SLACK, ".py"):
            file = repo.readable_dag_file(path) if repo.is_dag_file(path) else None
            if file is not None:
                self._read(file)

    def of(self, kind: SlackKind) -> Mapping[str, Related]:
        """The connections that are used for Slack's API, or for webhooks."""
        return self._found[kind]

    def _read(self, file: DagFile) -> None:
        for site, kind in product(file.module.calls, self._found):
            for connection, region in _connected(kind, site, file):
                self._found[kind].setdefault(connection, Related(region, _ROLES[kind].format(connection)))


def slack_kind(name: str) -> SlackKind | None:
    """Which of Slack's notifiers a full name is, if any."""
    if name in SLACK_API_NOTIFIERS:
        return "api"
    return "webhook" if name in SLACK_WEBHOOK_NOTIFIERS else None


def connections_of(notifier: Instance) -> Iterator[str]:
    """The connections that one of Slack's notifiers may use, as far as they are known."""
    kind = slack_kind(notifier.callee.name)
    if kind is None:
        return
    argument, usual = SLACK_ARGUMENTS[kind]
    given = notifier.arguments.keywords.get(argument)
    if given is not None:
        names = (text_of(each) for each in alternatives(given))
        yield from (name for name in names if name and not is_template(name))
    elif notifier.arguments.complete:
        yield usual


def _connected(kind: SlackKind, site: syntax.CallSite, file: DagFile) -> Iterator[tuple[str, Region]]:
    """The connection that a call hands to a class of Slack's provider, and where it does."""
    argument, usual = SLACK_ARGUMENTS[kind]
    names = file.names(site.call.function, site.scope)
    given = site.call.keyword(argument)
    if _SLACK_USERS[kind].isdisjoint(names):
        return
    text = None if given is None else file.text(given, site.scope)
    if text and given is not None:
        yield text, file.region(given)
    elif given is None and slack_kind(names[0]) and not site.call.has_unpacking:
        yield usual, file.region(site.call.function)
