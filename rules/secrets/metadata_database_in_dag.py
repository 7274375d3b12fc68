"""Code that opens Airflow's metadata database can read every secret in it, and fails on Airflow 3.

A session on the metadata database is one on all connections, Variables and runs: a slip in it deletes them.
Airflow 3 refuses it to DAG files and tasks: `create_session()`, `@provide_session`, `settings.Session()` and
the queries of models such as `DagRun.find()` raise `RuntimeError: Direct database access via the ORM is not
allowed`, `settings.engine` is gone, and so the task fails, or the file does not load at all.

Flagged is an error where the repository's dependencies say Airflow 3, otherwise a warning. A connection named
`airflow_db` is a warning everywhere: Airflow can't stop it, the database's owner should. `Variable` and
`Connection` of `airflow.models` go through Airflow's API and are left alone, and so are files that ask for
the version of Airflow and plugins of its servers.

Ask Airflow's REST API instead (`apache-airflow-client`), or what the Task SDK has: `Variable.get`,
`Connection.get`, `get_current_context()`, `ti.get_dagrun_state(...)`. `airflow db clean` tidies up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden import syntax
from airwarden.patterns import regex
from airwarden.rule import Rule, patterns

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.findings import Finding, Level
    from airwarden.repo import Repo

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="ask Airflow's REST API or the Task SDK instead",
    see="https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading_to_airflow3.html",
    profile="recommended",
    severity=6.0,
    options={
        "allow": patterns(
            "What may open the metadata database, as the message names it.", "DagRun.find", "airflow_db"
        ),
    },
)

_SESSIONS = regex(
    r"""
    airflow\.utils\.(?:session|db)\.(?:create_session(?:_async)?|provide_session)
    | airflow\.settings\.(?:Session|NonScopedSession|AsyncSession|get_session|configure_orm|initialize)
    | airflow\.secrets\.metastore\.MetastoreBackend
    | airflow\.utils\.db\.\w+
    | airflow\.api\.common\.(?:experimental\.)?(?:trigger_dag|delete_dag|mark_tasks)\.\w+
    """,
    re.VERBOSE,
)
_QUERIES = regex(
    r"""
    airflow\.models\.(?:\w+\.)?
    (?:DagModel|DagRun|DagTag|DbCallbackRequest|Pool|SerializedDagModel|SlaMiss|TaskReschedule|Trigger)
    \.(?:create|delete|find|fetch|get|is|remove|set|write)\w*
    """,
    re.VERBOSE,
)
_WORDS_OF_IT = (
    *("session", "Session", "settings", "metastore", "utils.db", "airflow_db", "airflow.models"),
    "airflow.api",
)
_WORDS_OF_VERSIONS = ("airflow_v", "airflowplugin")
_READS_VERSION = regex(r"airflow(?: import|\.)\s*__version__")


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags what opens a session, gives one, or queries by one of its own."""
    text = dag_file.source.text
    if "airflow" not in text or not any(word in text for word in _WORDS_OF_IT) or _knows_versions(text):
        return
    refused: Level | None = "error" if repo.dependencies.series == {"3"} else None
    entrances, own = (
        [(node, name) for node, name in found if not rule.lists("allow", name, repo, dag_file.path)]
        for found in (_entrances(dag_file), _own_connections(dag_file))
    )
    dag_file.locate([node for node, _ in (*entrances, *own)])
    for node, name in entrances:
        told = "is refused to DAG files and tasks on Airflow 3" if refused else "fails on Airflow 3"
        message = f"{name} opens Airflow's metadata database, which {told}"
        yield rule.finding(dag_file.region(node), message, level=refused, subject=name)
    for node, name in own:
        yield rule.finding(
            dag_file.region(node), f"{name} connects to Airflow's metadata database", subject=name
        )


def _knows_versions(text: str) -> bool:
    """Whether a file asks which Airflow it runs on, or is a plugin, which runs where Airflow itself does."""
    lower = text.lower()
    if any(word in lower for word in _WORDS_OF_VERSIONS):
        return True
    return "__version__" in lower and _READS_VERSION.search(lower) is not None


def _entrances(dag_file: DagFile) -> Iterator[tuple[syntax.Node, str]]:
    """Where a session is opened or given, and by what."""
    for site in dag_file.module.calls:
        for name in dag_file.names(site.call.function, site.scope):
            if name.startswith("airflow.") and (_SESSIONS.fullmatch(name) or _QUERIES.fullmatch(name)):
                yield site.call.function, _short(name)
                break
    for function in dag_file.module.functions:
        scope = function.scope.parent or dag_file.module.scope
        for decorator in function.decorators:
            if any(map(_SESSIONS.fullmatch, dag_file.names(decorator, scope))):
                yield decorator, "@provide_session"
    if "engine" in dag_file.source.text and "settings" in dag_file.source.text:
        yield from _engines(dag_file)


def _engines(dag_file: DagFile) -> Iterator[tuple[syntax.Node, str]]:
    for statement in dag_file.needed_imports:
        if any(name.dotted == "airflow.settings.engine" for name in statement.names):
            yield statement, "settings.engine"
    for node, scope in syntax.compounds_of(dag_file.module):
        if not isinstance(node, syntax.Attribute) or node.name != "engine":
            continue
        if dag_file.full_name(node, scope) == "airflow.settings.engine":
            yield node, "settings.engine"


def _own_connections(dag_file: DagFile) -> Iterator[tuple[syntax.Node, str]]:
    """Hooks and operators that are given the connection `airflow_db`."""
    for site in dag_file.module.calls if "airflow_db" in dag_file.source.text else ():
        called = (dag_file.full_name(site.call.function, site.scope) or "").rpartition(".")[2]
        for argument in site.call.arguments:
            named = (argument.keyword or "").endswith("conn_id") or called == "get_connection"
            is_it = named and dag_file.text(argument.value, site.scope) == "airflow_db"
            if is_it and called != "Connection":
                yield argument.value, "airflow_db"


def _short(name: str) -> str:
    """A name as people say it: without its package."""
    parts = name.split(".")
    return ".".join(parts[-2:] if parts[-2][0].isupper() or parts[-2] in ("db", "settings") else parts[-1:])
