"""What Airflow runs of the repository's code each time it parses a file, and what that looks up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from airwarden import syntax
from airwarden.dag import DAG_DECORATORS, TASK_GROUP_DECORATORS, DagFile
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo

_HARMLESS_DECORATORS = (*DAG_DECORATORS, *TASK_GROUP_DECORATORS, "contextlib.", "functools.", "property")
_LOOKUP = regex(
    r"""
    airflow\.(?:
      (?:models\.(?:variable\.)?|sdk\.(?:definitions\.variable\.)?)(?P<variable>Variable\.(?:get|set(?:default)?))
      | (?:models\.(?:connection\.)?|sdk\.(?:definitions\.connection\.)?)
        (?P<connection>Connection\.(?:get|get_connection_from_secrets))
      | (?:.*\.)?(?P<hook>\w*Hook\.get_connections?)
    )
    """,
    re.VERBOSE,
)
_MOST_HOPS = 4


@dataclass(frozen=True, eq=False)
class Lookup:
    """A Variable or a connection that is looked up while a file is parsed.

    `node` is in the file that is parsed. `name` is what is called there, `key` what is asked for, where it is
    known; `file` and `inner` are where the lookup itself stands, behind functions that are called.
    """

    node: syntax.Expression
    name: str
    key: str | None
    is_json: bool
    file: DagFile
    inner: syntax.Expression

    @property
    def is_variable(self) -> bool:
        """Whether it is a Variable, and no connection."""
        return self.name.startswith("Variable.")


class ParseTime:
    """What parsing each file of a repository runs."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._inside: dict[int, list[Lookup]] = {}

    def lookups(self, file: DagFile) -> Iterator[Lookup]:
        """What a file looks up where Airflow parses it, or a file that imports it; each lookup once."""
        found: dict[int, Lookup] = {}
        for site in calls_at_parse(file):
            for each in self._lookups(file, site):
                found.setdefault(id(each.inner), each)
        if found and (file.dags or self._is_imported(file, 0)):
            yield from found.values()

    def _lookups(self, file: DagFile, site: syntax.CallSite) -> Iterator[Lookup]:
        own = lookup_of(file, site)
        if own is not None:
            yield own
            return
        for name in file.names(site.call.function, site.scope)[:1]:
            dotted, _, last = name.rpartition(".")
            home = self.repo.module(dotted, file.path) if dotted and last else None
            if home is None or home is file or not _may_look_up(home):
                continue
            for inner in self._in_bound(home, home.module.scope.bindings.get(last, []))[:1]:
                yield Lookup(
                    site.call.function, inner.name, inner.key, inner.is_json, inner.file, inner.inner
                )

    def _in_bound(self, file: DagFile, bound: list[syntax.Binding]) -> list[Lookup]:
        """What calling a function, or making an instance of a class, looks up."""
        made = bound[-1].value if bound else None
        if isinstance(made, syntax.Class):
            return self._in_bound(file, made.scope.bindings.get("__init__", []))
        return self._in_function(file, made, 0) if isinstance(made, syntax.Function) else []

    def _in_function(self, file: DagFile, function: syntax.Function, depth: int) -> list[Lookup]:
        """What calling a function looks up, where it is not decorated to be something else."""
        if id(function) in self._inside or depth > _MOST_HOPS or not runs_when_called(file, function):
            return self._inside.get(id(function), [])
        self._inside[id(function)] = []
        found: list[Lookup] = []
        for site in sites_by_function(file)[id(function)]:
            own = lookup_of(file, site)
            inner = None if own else file.function(site.call.function, site.scope)
            found += [own] if own else []
            if isinstance(inner, syntax.Function):
                found += self._in_function(file, inner, depth + 1)
        self._inside[id(function)] = found
        return found

    def _is_imported(self, file: DagFile, depth: int) -> bool:
        """Whether a file that makes DAGs imports another where it is parsed."""
        stem = re.sub(r"(?:/__init__)?\.py$", "", file.path).rpartition("/")[2]
        for path in self.repo.dag_files_with(stem):
            other = None if path == file.path else self.repo.readable_dag_file(path)
            if other is None or not self._imports(other, file):
                continue
            if other.dags or (depth < _MOST_HOPS and self._is_imported(other, depth + 1)):
                return True
        return False

    def _imports(self, importer: DagFile, file: DagFile) -> bool:
        for statement in importer.module.imports:
            if statement.scope.kind != "module" or statement.typing_only:
                continue
            for name in statement.names:
                if file in (self.repo.module(each, importer.path) for each in (name.dotted, name.module)):
                    return True
        return False


def lookup_of(file: DagFile, site: syntax.CallSite) -> Lookup | None:
    """The lookup that a call is by itself."""
    for name in file.names(site.call.function, site.scope):
        match = _LOOKUP.fullmatch(name)
        if match:
            asked = site.call.argument(0, "key" if match["variable"] else "conn_id")
            key = None if asked is None else file.text(asked, site.scope)
            decoded = site.call.keyword("deserialize_json")
            is_json = isinstance(decoded, syntax.Constant) and decoded.value is True
            said = match["variable"] or match["connection"] or match["hook"]
            return Lookup(site.call.function, said, key, is_json, file, site.call.function)
    return None


def calls_at_parse(file: DagFile) -> list[syntax.CallSite]:
    """The calls of a file that run while it is parsed, those in functions that are called then included."""
    skipped = _not_when_imported(file.module)
    sites = sites_by_function(file)
    waiting = [site for site in sites[0] if id(site.call) not in skipped]
    for function in file.module.functions:
        if any(
            _is_any(file, each, function, DAG_DECORATORS | TASK_GROUP_DECORATORS)
            for each in function.decorators
        ):
            waiting.extend(sites[id(function)])
            sites[id(function)] = []
    found = []
    while waiting:
        site = waiting.pop()
        found.append(site)
        for called in _called(file, site):
            if runs_when_called(file, called):
                waiting.extend(sites[id(called)])
                sites[id(called)] = []
    return sorted(found, key=lambda site: site.order)


def sites_by_function(file: DagFile) -> defaultdict[int, list[syntax.CallSite]]:
    """The calls of a file by the function around each; 0 for those at its top and in its classes."""
    found: defaultdict[int, list[syntax.CallSite]] = defaultdict(list)
    for site in file.module.calls:
        found[id(site.scope.function) if site.scope.function is not None else 0].append(site)
    return found


def runs_when_called(file: DagFile, function: syntax.Function) -> bool:
    """Whether calling a function runs its body: it is no task, no generator of one, no fixture."""
    return all(_is_any(file, each, function, _HARMLESS_DECORATORS) for each in function.decorators)


def _is_any(
    file: DagFile,
    decorator: syntax.Expression,
    function: syntax.Function,
    wanted: tuple[str, ...] | frozenset[str],
) -> bool:
    plain = decorator.function if isinstance(decorator, syntax.Call) else decorator
    scope = function.scope.parent or file.module.scope
    names = file.names(plain, scope)
    return any(
        name == each or (each.endswith(".") and name.startswith(each)) for name in names for each in wanted
    )


def _called(file: DagFile, site: syntax.CallSite) -> Iterator[syntax.Function]:
    """The functions of the file that a call runs."""
    found = site.scope.lookup(site.call.function.id) if isinstance(site.call.function, syntax.Name) else None
    made = found[1][-1].value if found else None
    if isinstance(made, syntax.Class):
        makers = [each.value for each in made.scope.bindings.get("__init__", [])]
        yield from (each for each in makers if isinstance(each, syntax.Function))
        return
    function = file.function(site.call.function, site.scope)
    if isinstance(function, syntax.Function) and not isinstance(site.call.function, syntax.Call):
        yield function


def _not_when_imported(module: syntax.Module) -> set[int]:
    """What stands under `if __name__ == "__main__"` or for types alone."""
    skipped: set[int] = set()
    for node, scope in syntax.nodes_of(module):
        if isinstance(node, syntax.If):
            for test, body in node.branches:
                if _is_main(test) or syntax.is_type_checking(test):
                    skipped.update(id(each) for each, _ in syntax.nodes_in(body, scope))
    return skipped


def _is_main(test: syntax.Expression) -> bool:
    match test:
        case syntax.Operation(operators=("Equal",), operands=operands):
            return any(isinstance(each, syntax.Name) and each.id == "__name__" for each in operands)
        case _:
            return False


def _may_look_up(file: DagFile) -> bool:
    return "Variable" in file.source.text or "onnection" in file.source.text
