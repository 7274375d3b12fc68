"""A DAG that imports a provider which is not installed does not load, and its runs stop.

The providers of Airflow are distributions of their own. `from airflow.providers.ssh.hooks.ssh import SSHHook`
works only where `apache-airflow-providers-ssh` is installed, and a rebuilt image has exactly what its
dependencies name. The import fails in the DAG processor: the DAG vanishes from the web interface behind an
import error, and nothing is scheduled any more.

Flagged is the first import of each provider in a file, in functions too, when no dependency file of the
repository gives it: pyproject.toml (PEP 621, dependency groups, Poetry, PDM, uv, Hatch), requirements files,
Pipfile, setup.cfg, setup.py, environment.yml and what Dockerfiles install. Extras count
(`apache-airflow[ssh]`), and so do the providers that another one needs, and those that every Airflow of the
declared version has.

A list that describes a whole environment, such as a pyproject.toml, and that names providers has to name all
of them. Requirements and Dockerfiles add to an image: the providers of `apache/airflow`, Astro Runtime, MWAA
and Composer count where the repository shows that it runs there. Where no file names Airflow at all, nothing
is known, and nothing is said. Imports inside `try: ... except ImportError` and under `TYPE_CHECKING` are left
alone, and so are packages of the repository itself.

Add the provider to the dependencies:

    dependencies = [
      "apache-airflow==3.1.*",
      "apache-airflow-providers-ssh",
    ]
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.distributions.modules import need_of_module, package_of
from airwarden.findings import Finding
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="add the provider to the dependencies that the image is built from",
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first import of each distribution that no dependency file gives."""
    seen = set[str]()
    for node, imported in _imports(dag_file):
        need = need_of_module(imported)
        if need is None or need.distribution in seen:
            continue
        seen.add(need.distribution)
        gap = repo.dependencies.gap(need, dag_file.path)
        if gap is not None and not _is_own(imported, dag_file, repo):
            yield rule.finding(
                dag_file.region(node),
                f"{imported} needs {need}, which no dependency file declares",
                related=gap.related,
                remedy=f"add {need} to {gap.path}",
                subject=need.distribution,
            )


def _imports(dag_file: DagFile) -> Iterator[tuple[syntax.Node, str]]:
    """Every import that has to work, with the dotted name of what it imports."""
    for statement in dag_file.module.imports:
        if not statement.guarded and not statement.typing_only:
            yield from ((statement, name.dotted) for name in statement.names)
    for site in dag_file.module.calls:
        argument = site.call.argument(0, "name")
        if (
            argument is None
            or dag_file.full_name(site.call.function, site.scope) != "importlib.import_module"
        ):
            continue
        imported = dag_file.text(argument, site.scope)
        if imported is not None and not _is_tried(dag_file, site.call):
            yield site.call, imported


def _is_tried(dag_file: DagFile, call: syntax.Call) -> bool:
    """Whether a call stands in the body of a `try` that has a handler."""
    place = dag_file.region(call)
    functions = dag_file.module.functions
    pending = [*dag_file.module.body, *(each for function in functions for each in function.body)]
    while pending:
        statement = pending.pop()
        if isinstance(statement, syntax.Try) and statement.handlers:
            regions = map(dag_file.region, statement.body)
            if any(
                (each.line, each.column) <= (place.line, place.column) < (each.end_line, each.end_column)
                for each in regions
            ):
                return True
        pending.extend(inner for block in syntax.blocks_of(statement) for inner in block)
    return False


def _is_own(imported: str, dag_file: DagFile, repo: Repo) -> bool:
    """Whether the repository holds that module itself."""
    names = {imported, imported.rpartition(".")[0], package_of(imported)} - {"", None}
    return any(repo.module(name, dag_file.path) is not None for name in names if name)
