"""An import from a module that the Slack provider has dropped takes the DAG and its alerts down.

`airflow.providers.slack.notifications.slack_notifier` got another name in version 7.3.0 of the provider, and
is gone since 9.0.0. The Slack modules of Airflow itself (`airflow.operators.slack_operator`,
`airflow.hooks.slack_hook`, those in `airflow.contrib`) went with Airflow 3. The import fails in the DAG
processor, the DAG vanishes behind an import error, and the alert that it was to send is not sent either.

It is an error where the repository's dependency files leave only versions without the module. For the
notifier it is a warning where they leave others too, or say nothing. Imports in `try`, under a condition and
for types alone are left alone.

Import the notifier from where it is now:

    from airflow.providers.slack.notifications.slack import send_slack_notification
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.dependencies.allowed_versions import has_major
from airwarden.dependencies.effective import Dependencies
from airwarden.edits import import_from
from airwarden.findings import Edit, Finding, Fix, Level
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="import from airflow.providers.slack.notifications.slack",
    see="https://airflow.apache.org/docs/apache-airflow-providers-slack/stable/changelog.html",
)

_SLACK = "apache-airflow-providers-slack"
_NOTIFIER = "airflow.providers.slack.notifications.slack_notifier"
_MOVED = {
    "airflow.contrib.hooks.slack_webhook_hook": "airflow.providers.slack.hooks.slack_webhook",
    "airflow.contrib.operators.slack_webhook_operator": "airflow.providers.slack.operators.slack_webhook",
    "airflow.hooks.slack_hook": "airflow.providers.slack.hooks.slack",
    "airflow.operators.slack_operator": "airflow.providers.slack.operators.slack",
    _NOTIFIER: "airflow.providers.slack.notifications.slack",
}


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags imports of modules that the installed provider or Airflow may not have."""
    for statement in dag_file.needed_imports:
        modules = (module for name in statement.names for module in (name.dotted, name.module))
        old = next((module for module in modules if module in _MOVED), None)
        level = None if old is None else _level(old, repo.dependencies)
        if old is not None and level is not None:
            whose = "version 9.0.0 of the Slack provider" if old == _NOTIFIER else "Airflow 3.0"
            yield rule.finding(
                dag_file.region(statement),
                f"{old} is gone since {whose}",
                level=level,
                remedy=f"import from {_MOVED[old]}",
                fix=_fix(statement, old, dag_file, repo.dependencies),
                subject=old,
            )


def _level(old: str, dependencies: Dependencies) -> Level | None:
    if old != _NOTIFIER:
        return "error" if dependencies.series == {"3"} else None
    is_gone = has_major(dependencies, _SLACK, 9, (2, 9))
    return "error" if is_gone else "warning" if is_gone is None else None


def _fix(statement: syntax.Import, old: str, dag_file: DagFile, dependencies: Dependencies) -> Fix | None:
    """The new module; its classes are the same for the notifier alone, where the provider surely has both."""
    edit = _edit(statement, old, dag_file)
    if edit is None or not (old == _NOTIFIER or dependencies.declares(_SLACK)):
        return None
    is_same = old == _NOTIFIER and has_major(dependencies, _SLACK, 8, (2, 4)) is True
    return Fix(f"import from {_MOVED[old]}", (edit,), safe=is_same)


def _edit(statement: syntax.Import, old: str, dag_file: DagFile) -> Edit | None:
    """The new module in the place of the old one, where it is imported from or gets a name."""
    region, name = dag_file.region(statement), statement.names[0]
    if name.module == old and name.name is not None:
        return import_from(dag_file.source, region, _MOVED[old])
    if len(statement.names) > 1 or (name.name is None and not name.renamed):
        return None
    home, _, last = _MOVED[old].rpartition(".")
    return Edit(region, f"from {home} import {last} as {name.bound}")
