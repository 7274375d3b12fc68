"""A token that Slack's hook or operator no longer takes loses the message, or the whole DAG.

Since version 8.0.0 of the Slack provider, credentials come from connections alone. `token=` of an operator is
an invalid argument, and the file does not load. `SlackHook` and `SlackWebhookHook` drop it with a warning and
use their connection, or fail where they have none. And a token in a DAG file is a token in git.

It is an error where the repository's dependency files leave only such versions, and a warning where they
leave older ones too, or say nothing of the provider.

Put the token into a connection of the type Slack API, the address of a webhook into one of the type Slack
Incoming Webhook, in a secrets backend or in an environment variable from a Secret. Then name the connection:

    SlackAPIPostOperator(task_id="tell", slack_conn_id="slack_api_default", channel="#alerts", text="done")
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.dependencies.allowed_versions import has_major
from airwarden.edits import named_item, without_item
from airwarden.findings import Finding, Fix
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="name a connection instead",
    see="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/changelog.html",
)

_PROVIDER = "airflow.providers.slack"


@dataclass(frozen=True)
class _Retired:
    """The argument that a class no longer takes, and the one that names the connection in its place.

    `default` is the connection that it takes by itself, `position` where it took the argument by position.
    """

    argument: str
    connection: str
    default: str = ""
    position: int = -1


_HOOK = _Retired("token", "slack_conn_id", "slack_api_default", position=0)
_API = _Retired("token", "slack_conn_id", "slack_api_default")
_WEBHOOK = _Retired("webhook_token", "slack_webhook_conn_id")
_SQL = _Retired("slack_webhook_token", "slack_conn_id")
_RETIRED = {
    f"{_PROVIDER}.hooks.slack.SlackHook": _HOOK,
    f"{_PROVIDER}.hooks.slack_webhook.SlackWebhookHook": _WEBHOOK,
    f"{_PROVIDER}.operators.slack.SlackAPIFileOperator": _API,
    f"{_PROVIDER}.operators.slack.SlackAPIOperator": _API,
    f"{_PROVIDER}.operators.slack.SlackAPIPostOperator": _API,
    f"{_PROVIDER}.operators.slack_webhook.SlackWebhookOperator": _WEBHOOK,
    f"{_PROVIDER}.transfers.sql_to_slack.SqlToSlackOperator": _Retired(
        "slack_webhook_token", "slack_conn_id"
    ),
}


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags tokens that are handed to Slack's hooks and operators."""
    for site in dag_file.module.calls:
        names = {name.removesuffix(".partial") for name in dag_file.names(site.call.function, site.scope)}
        name = next((name for name in names if name in _RETIRED), None)
        retired = None if name is None else _RETIRED[name]
        value = None if retired is None else site.call.argument(retired.position, retired.argument)
        if name is None or value is None:
            continue
        is_retired = has_major(repo.dependencies, "apache-airflow-providers-slack", 8, (2, 4))
        if is_retired is not False:
            yield _finding(dag_file, name, site.call, value, is_sure=is_retired is True)


def _finding(
    dag_file: DagFile, name: str, call: syntax.Call, value: syntax.Expression, is_sure: bool
) -> Finding:
    retired, short = _RETIRED[name], name.rpartition(".")[2]
    region = dag_file.region(value)
    item = named_item(dag_file.source, retired.argument, region)
    fix = None
    if item is not None and _works_without(call, retired):
        connected = _is_given(call, retired.connection)
        title = f"delete {retired.argument}" + ("" if connected else f", and use {retired.default}")
        fix = Fix(title, (without_item(dag_file.source, item),), safe=connected and is_sure)
    return rule.finding(
        item or region,
        f"{short} takes no {retired.argument} since version 8.0.0 of the Slack provider",
        level=None if is_sure else "warning",
        remedy=f"put it into a connection, and name that in {retired.connection}",
        fix=fix,
        subject=f"{short} {retired.argument}",
        secret=True,
    )


def _works_without(call: syntax.Call, retired: _Retired) -> bool:
    """Whether a connection is left: given, or the one that the class takes by default."""
    return _is_given(call, retired.connection) or (bool(retired.default) and not call.has_unpacking)


def _is_given(call: syntax.Call, argument: str) -> bool:
    value = call.keyword(argument)
    return value is not None and not (isinstance(value, syntax.Constant) and not value.value)
