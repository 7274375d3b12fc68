"""Pulls: the places of a file at which XComs are pulled, in code and in templates."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import field

from airwarden import nesting, syntax
from airwarden.dag import DagFile
from airwarden.patterns import regex
from airwarden.records import dataclass

RETURNED = "return_value"
"""The key of what a task returns."""

_PULLS = frozenset({"axcom_pull", "xcom_pull"})
_CALL = regex(r"\ba?xcom_pull\s*\(")
_PIECES = regex(r"'(?:\\.|[^'\\])*\\?(?:'|\Z)|\"(?:\\.|[^\"\\])*\\?(?:\"|\Z)|[()]", re.DOTALL)
_ORDER = ("task_ids", "dag_id", "key", "include_prior_dates")
_ELSEWHERE = frozenset({"dag_id", "include_prior_dates", "map_indexes", "run_id"})
_CONTEXTS = frozenset({"context", "ctx", "kwargs"})
_RUNNING = frozenset({"task", "task_instance", "ti"})
_MOST_HOPS = 4


@dataclass(frozen=True, eq=False)
class Pull:
    """A place that pulls XComs.

    `ids` are the ids of the tasks that it names, none where it names none; None where they are not known.
    `is_own` where it names the task that it runs in. `key` is None where it is not known. `is_elsewhere`
    where it may look into another run, DAG or mapped task. `call` is None for a template.
    """

    ids: tuple[str, ...] | None
    key: str | None = RETURNED
    is_own: bool = False
    is_elsewhere: bool = False
    call: syntax.Call | None = None
    node: syntax.Node = field(default_factory=syntax.Node)
    scope: syntax.Scope = field(default_factory=lambda: syntax.Scope("module", None))

    @property
    def may_take_output(self) -> bool:
        """Whether it may take what a task returns."""
        return self.key in (None, RETURNED)

    def may_be_of(self, task_id: str | None) -> bool:
        """Whether it may pull from a task of that id, None for one that is not known.

        Groups of tasks put their names before an id, so the last part alone counts. A callback of the task
        pulls what is its own.
        """
        if not self.ids or task_id is None:
            return True
        return any(_last(each) == _last(task_id) for each in self.ids)


def pulls_of(file: DagFile) -> tuple[Pull, ...]:
    """The pulls of a Python file, docstrings left out."""
    found = [_of_call(site, file) for site in file.module.calls if _is_pull(site.call)]
    for text in file.module.texts:
        if "xcom_pull" in text.value and not text.is_docstring:
            found += pulls_in(_written(text.node, text.scope, file), text.node, text.scope)
    return tuple(found)


def _is_pull(call: syntax.Call) -> bool:
    return isinstance(call.function, syntax.Attribute) and call.function.name in _PULLS


# Code


def _of_call(site: syntax.CallSite, file: DagFile) -> Pull:
    call = site.call
    shift = 1 if _takes_context(call) else 0
    given = {name: call.argument(index + shift, name) for index, name in enumerate(_ORDER)}
    ids, is_own = _ids(given["task_ids"], site.scope, file)
    if call.has_unpacking and given["task_ids"] is None:
        ids = None
    is_elsewhere = call.has_unpacking or any(
        (call.keyword(name) or given.get(name)) is not None for name in _ELSEWHERE
    )
    return Pull(ids, _key(given["key"], site.scope, file), is_own, is_elsewhere, call, call, site.scope)


def _takes_context(call: syntax.Call) -> bool:
    """Whether it is `operator.xcom_pull(context, ...)`."""
    first = call.positional(0)
    return isinstance(first, syntax.Name) and first.id in _CONTEXTS


def _ids(
    written: syntax.Expression | None, scope: syntax.Scope, file: DagFile
) -> tuple[tuple[str, ...] | None, bool]:
    """The ids that are named, and whether they are the task's own."""
    value = None if written is None else file.value(written, scope)
    if value is None or (isinstance(value, syntax.Constant) and value.value is None):
        return (), False
    if isinstance(value, syntax.Sequence):
        if len(value.items) == 1 and is_own_id(value.items[0], scope, file):
            return None, True
        texts = [id_of(item, scope, file) for item in value.items]
        known = tuple(text for text in texts if text is not None)
        return (known if len(known) == len(texts) and texts else None), False
    if is_own_id(value, scope, file):
        return None, True
    text = id_of(value, scope, file)
    return (None if text is None else (text,)), False


def id_of(written: syntax.Expression, scope: syntax.Scope, file: DagFile) -> str | None:
    """The id that an expression gives: a text, or the `task_id` of an operator that this file makes."""
    text = file.text(written, scope)
    if text is not None or not isinstance(written, syntax.Attribute) or written.name != "task_id":
        return text
    made = file.value(written.value, scope)
    given = made.keyword("task_id") if isinstance(made, syntax.Call) else None
    return None if given is None else file.text(given, scope)


def is_own_id(written: syntax.Expression, scope: syntax.Scope, file: DagFile) -> bool:
    """Whether an expression is the id of the task that runs: `ti.task_id`, `context["task"].task_id`."""
    return (
        isinstance(written, syntax.Attribute)
        and written.name == "task_id"
        and is_running(written.value, scope, file)
    )


def is_running(written: syntax.Expression, scope: syntax.Scope, file: DagFile, hops: int = 0) -> bool:
    """Whether an expression is the task that runs, or its task instance."""
    match file.value(written, scope):
        case syntax.Subscript(index=syntax.Constant(value=str() as name)):
            return name in _RUNNING
        case syntax.Attribute(value=inner, name="task") if hops < _MOST_HOPS:
            return is_running(inner, scope, file, hops + 1)
        case syntax.Name(id=name) if name in (*_RUNNING, "self"):
            found = scope.lookup(name)
            return found is not None and [each.kind for each in found[1]] == ["parameter"]
        case _:
            return False


def _key(written: syntax.Expression | None, scope: syntax.Scope, file: DagFile) -> str | None:
    if written is None:
        return RETURNED
    name = file.full_name(written, scope) or ""
    return RETURNED if name.endswith("XCOM_RETURN_KEY") else file.text(written, scope)


# Templates


def _written(node: syntax.Expression, scope: syntax.Scope, file: DagFile) -> str:
    """The text of a string, `{}` for what is not known of an f-string."""
    if isinstance(node, syntax.FormattedString):
        parts = (part if isinstance(part, str) else id_of(part, scope, file) or "{}" for part in node.parts)
        return "".join(parts)
    return node.value if isinstance(node, syntax.Constant) and isinstance(node.value, str) else ""


def pulls_in(text: str, node: syntax.Node | None = None, scope: syntax.Scope | None = None) -> Iterator[Pull]:
    """The pulls in the text of a template, or of code that is not parsed."""
    node, scope = node or syntax.Node(), scope or syntax.Scope("module", None)
    for found in _CALL.finditer(text):
        call = _call_at(text, found.end())
        if call is None:
            yield Pull(None, None, is_elsewhere=True, node=node, scope=scope)
            continue
        given: dict[str | None, ast.expr] = dict(zip(_ORDER, call.args, strict=False))
        given.update((each.arg, each.value) for each in call.keywords)
        ids, is_own = _ids_in(given.get("task_ids"))
        key = _text(given["key"]) if "key" in given else RETURNED
        is_elsewhere = None in given or not _ELSEWHERE.isdisjoint(given)
        yield Pull(ids, key, is_own, is_elsewhere, node=node, scope=scope)


_LONGEST_CALL = 1000
"""How many characters the arguments of a pull in a template may take; what is longer is not read."""


def _call_at(text: str, start: int) -> ast.Call | None:
    """The call whose arguments start at an offset; None where it is not written like one in Python."""
    depth = 1
    for piece in _PIECES.finditer(text, start, start + _LONGEST_CALL):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if depth == 0:
            return _call_of(f"pull({text[start : piece.start()]})")
    return None


def _call_of(code: str) -> ast.Call | None:
    """A call as Python parses it; None where it does not, or where that would go too deep."""
    if nesting.fault_of(code) is not None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(code, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    return body if isinstance(body, ast.Call) else None


def _ids_in(written: ast.expr | None) -> tuple[tuple[str, ...] | None, bool]:
    match written:
        case None | ast.Constant(value=None):
            return (), False
        case ast.Attribute(value=ast.Name(id=name), attr="task_id") if name in _RUNNING:
            return None, True
        case ast.List(elts=items) | ast.Tuple(elts=items):
            texts = [_text(item) for item in items]
            known = tuple(text for text in texts if text is not None)
            return (known if texts and len(known) == len(texts) else None), False
        case _:
            text = _text(written)
            return (None if text is None else (text,)), False


def _text(written: ast.expr) -> str | None:
    """A text that is written out whole."""
    if isinstance(written, ast.Constant) and isinstance(written.value, str) and "{}" not in written.value:
        return written.value
    return None


def _last(task_id: str) -> str:
    return task_id.rpartition(".")[2]
