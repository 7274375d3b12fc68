"""An import from a place that Airflow 3 has left breaks the DAG with the next upgrade, if not already.

Airflow 3 moved its operators, sensors and hooks to providers, and what DAG files are written with to the Task
SDK. For a while the old names warn and lead to the new ones; then they are gone, the file does not load, and
its DAGs and their alerts vanish behind an import error. `airflow.operators.bash` warns since 3.0,
`airflow.decorators` since 3.1, `airflow.datasets` is gone since 3.2, and what Airflow 2 already called
deprecated (`airflow.operators.python_operator`, `airflow.contrib`) since 3.0.

Flagged is an import that warns on the oldest version of Airflow that the repository declares, and as an error
one that fails there. A repository that may also run on Airflow 2 is left alone, and so are imports in `try`,
under a condition and for types alone.

Import the new name:

    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import dag, task
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.distributions.modules import need_of_module
from airwarden.edits import as_imports, import_from
from airwarden.findings import Finding, Fix
from airwarden.moved_imports import Move, move_of
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="import it from where Airflow 3 has it",
    see="https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading_to_airflow3.html",
    applies_to="Airflow 3",
    profile="recommended",
    general=True,
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags imports that warn or fail on every version of Airflow that the repository may run on."""
    airflow = repo.dependencies.oldest_airflow
    if airflow is None or airflow < (3, 0):
        return
    for statement in dag_file.needed_imports:
        found = [(name.dotted, move_of(name.dotted, airflow)) for name in statement.names]
        moved = [(dotted, move) for dotted, move in found if move is not None]
        if moved:
            yield rule.finding(
                dag_file.region(statement),
                "; ".join(_told(dotted, move, move.is_gone(airflow)) for dotted, move in moved),
                level="error" if any(move.is_gone(airflow) for _, move in moved) else None,
                remedy=_remedy([move for _, move in moved]),
                fix=_fix(statement, [move for _, move in found], dag_file, repo),
                subject=", ".join(dotted for dotted, _ in moved),
            )


def _told(dotted: str, move: Move, is_gone: bool) -> str:
    """What became of a name, in words."""
    if not is_gone:
        return f"{dotted} is deprecated: it has moved to {move.new}"
    return f"{dotted} is gone" + (f": it has moved to {move.new}" if move.new else " from Airflow 3")


def _remedy(moves: list[Move]) -> str | None:
    """The import to write, where the names have one new home."""
    homes = {move.new.rpartition(".")[0] for move in moves}
    names = dict.fromkeys(move.new.rpartition(".")[2] for move in moves)
    return f"from {homes.pop()} import {', '.join(names)}" if len(homes) == 1 and homes != {""} else None


def _fix(statement: syntax.Import, moves: list[Move | None], dag_file: DagFile, repo: Repo) -> Fix | None:
    """Another module in the place of the old one, where all names of the statement move there as they are;
    else an import for each module, where a name that is another one is known here as before.
    """
    moved = [move for move in moves if move is not None]
    homes = {move.new.rpartition(".")[0] for move in moved}
    needs = {need_of_module(move.new) for move in moved if move.new} - {None}
    if "" in homes or any(each.name is None or each.bound is None for each in statement.names):
        return None
    if not all(need is None or repo.dependencies.declares(need.distribution) for need in needs):
        return None
    source, region = dag_file.source, dag_file.region(statement)
    keep_their_names = all(move.keeps_its_name for move in moved)
    if len(moved) == len(moves) and len(homes) == 1 and keep_their_names:
        edit = import_from(source, region, min(homes))
    else:
        edit = as_imports(source, region, list(_rewritten(statement, moves)))
    title = f"import from {' and '.join(sorted(homes))}"
    return None if edit is None else Fix(title, (edit,), safe=keep_their_names)


def _rewritten(statement: syntax.Import, moves: list[Move | None]) -> Iterator[tuple[str, str, str]]:
    """Each name of a statement: its module and its name there by now, and what it is called here."""
    for each, move in zip(statement.names, moves, strict=True):
        module, _, name = (move.new if move else each.dotted).rpartition(".")
        yield module, name, each.bound or name
