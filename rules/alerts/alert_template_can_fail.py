"""An alert whose text asks for what is not there can't be rendered, and the whole message is lost.

Airflow renders the text of a notifier with Jinja, for which an undefined name is an error. A DAG's own
callback gets `dag`, `run_id` and `reason` for sure. On Airflow 3 everything else, `ti` first of all, comes
from the task instance that Airflow holds to be relevant, and there may be none: when a run times out with
nothing left to do, when the failed task is gone from the DAG, and always on Airflow 3.0.0 to 3.0.3. What is
made of a logical date is missing in runs that have none, too. `exception` is known to the callbacks of
tasks alone. The failure to render is one line in the log of the DAG processor, and nobody is told.

`{% if ti %}` and `ti.task_id | default("")` fail just so, and so does what is no Jinja at all. Only
`ti is defined` asks safely:

    text="{{ dag.dag_id }} failed at {{ ti.task_id if ti is defined else 'n/a' }}"

Nothing is flagged where the DAG has a `template_undefined` of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from airwarden.alerts.context import NEVER, Context, implied_names
from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import Notifier, Template
from airwarden.alerts.templates import guarded, is_broken, needs
from airwarden.dag import DagFile
from airwarden.findings import Edit, Finding, Fix
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="ask first whether it is there: {{ ti.task_id if ti is defined else 'n/a' }}",
    see="https://airflow.apache.org/docs/apache-airflow/stable/administration-and-deployment/logging-monitoring/callbacks.html",
)

IS_BROKEN = "opens a template that it does not close: the message is always lost"
MAY_BE = "which may be missing when the DAG run fails: then the message is lost"
IS_NEVER = {
    NEVER: "which only the callback of a task gets: the message is always lost",
    "Airflow 2": "which Airflow 3 does not have: the message is always lost",
}
IS_BARE = "which Airflow before 3.0.4 does not give a DAG's callback: the message is always lost"


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags each text of a DAG's own failure notifier that may be impossible to render."""
    notifications = repo.analysis(Notifications)
    for notifier in notifications.made_in(dag_file):
        found: dict[tuple[str, str], Finding] = {}
        for use in notifier.of_failed_dags:
            uncertain = notifications.uncertain_names(use)
            is_bare = notifications.context(use) is Context.NEVER
            for template in notifier.templates_of(use) if uncertain else ():
                missing = _missing(template, uncertain)
                fault = _fault(template, missing, is_bare)
                if fault is not None:
                    finding = rule.finding(
                        template.region,
                        f"{template.field} {fault}",
                        related=[use.related],
                        fix=_fix(notifier, template, missing, dag_file),
                        level="error" if is_bare else "warning",
                        subject=use.subject,
                    )
                    found.setdefault((template.field, template.text), finding)
        yield from found.values()


def _missing(template: Template, uncertain: Mapping[str, str]) -> dict[str, str]:
    names = needs(template.text, implied_names())
    return {name: uncertain[name] for name in names if name in uncertain}


def _fault(template: Template, missing: Mapping[str, str], is_bare: bool) -> str | None:
    """What is wrong with a text; of several faults, the worst."""
    if template.is_whole and is_broken(template.text):
        return IS_BROKEN
    for need, reason in IS_NEVER.items():
        found = [name for name, each in missing.items() if each == need]
        if found:
            return f"needs {_listed(found)}, {reason}"
    return f"needs {_listed(missing)}, {IS_BARE if is_bare else MAY_BE}" if missing else None


def _listed(names: Iterable[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def _fix(notifier: Notifier, template: Template, missing: Mapping[str, str], dag_file: DagFile) -> Fix | None:
    """Puts the names under a guard, where only DAGs use the text and it stands where it is given."""
    if not (missing and template.literal) or any(use.level != "dag" for use in notifier.uses):
        return None
    mended = guarded(dag_file.source.slice(template.region), missing)
    if mended is None:
        return None
    return Fix(f"ask whether {_listed(missing)} can be had", (Edit(template.region, mended),), safe=True)
