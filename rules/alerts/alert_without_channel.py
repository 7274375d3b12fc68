"""An alert without a channel or a text of its own goes to #general or says nothing.

Slack's notifier has a default for everything: without `channel` it writes to #general, where the bot is
often no member and the message is refused; without `text`, `blocks` or `attachments` it says "This is a
default message", and nobody learns which DAG failed.

Give both. Which channels alerts may go to can be said once for the repository:

    [tool.airwarden]
    alert-channels = ["#alerts", "#alerts-finance"]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import Notifier
from airwarden.alerts.slack_connections import SLACK_API_NOTIFIERS
from airwarden.alerts.templates import is_template
from airwarden.dag import DagFile
from airwarden.edits import with_argument, with_text
from airwarden.findings import Finding, Fix, Region
from airwarden.interpreter.values import Arguments, alternatives, text_of
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="give the notifier a channel and a text",
    see="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/notifications/slack_notifier_howto_guide.html",
    profile="recommended",
)

USUAL = "#general"
CONTENT = ("text", "blocks", "attachments")
NO_CONTENT = "has neither text nor blocks"


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags Slack's API notifiers that are left to their defaults, or that name a channel not allowed."""
    allowed = repo.config.alert_channels
    for notifier in repo.analysis(Notifications).made_in(dag_file):
        if notifier.name in SLACK_API_NOTIFIERS:
            faults = dict.fromkeys(
                fault for use in notifier.uses for fault in _faults(use.instance.arguments, notifier, allowed)
            )
            for region, message, remedy in faults:
                yield rule.finding(
                    region,
                    f"{notifier.short_name} {message}",
                    fix=_fix(notifier, message, allowed),
                    remedy=remedy,
                    subject=notifier.uses[0].subject,
                )


def _faults(
    arguments: Arguments, notifier: Notifier, allowed: Sequence[str]
) -> Iterator[tuple[Region, str, str]]:
    if arguments.complete and not any(name in arguments.keywords for name in CONTENT):
        message = f"{NO_CONTENT}: it says 'This is a default message'"
        yield notifier.region, message, "give it a text that names the DAG and the run"
    channel = arguments.keywords.get("channel")
    if channel is None:
        if arguments.complete and not _is_among(USUAL, allowed):
            yield notifier.region, f"has no channel: the alert goes to {USUAL}", 'give it channel="#..."'
        return
    names = [text_of(each) for each in alternatives(channel)]
    for name in names if allowed else ():
        if name and not is_template(name) and not _is_among(name, allowed):
            message = f"writes to {name}, which is none of this repository's alert channels"
            yield notifier.argument_region("channel"), message, f"use one of {', '.join(allowed)}"


def _fix(notifier: Notifier, message: str, allowed: Sequence[str]) -> Fix | None:
    """The one channel that the settings allow, where there is none or another one is written out."""
    if len(allowed) != 1 or message.startswith(NO_CONTENT) or not notifier.arguments.complete:
        return None
    source, call = notifier.file.source, notifier.call
    title = f"write to {allowed[0]}"
    if "channel" in notifier.arguments.keywords:
        given = text_of(notifier.arguments.keywords["channel"]) or ""
        edit = with_text(source, notifier.argument_region("channel"), given, allowed[0])
        return Fix(title, (edit,)) if edit else None
    last = notifier.file.region(call.arguments[-1]) if call.arguments else None
    argument = f'channel="{allowed[0]}"'
    return Fix(title, with_argument(source, notifier.file.region(call), last, argument))


def _is_among(name: str, allowed: Sequence[str]) -> bool:
    return name.removeprefix("#") in {each.removeprefix("#") for each in allowed}
