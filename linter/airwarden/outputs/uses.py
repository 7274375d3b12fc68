"""Uses: what of a repository may need the output of a task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.outputs.pulls import Pull, pulls_in, pulls_of
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.tracing import Answers, traced_property

_MOST_MODULES = 80
_LARGEST = 1 << 20
_TEMPLATES = (
    ".hql",
    ".html",
    ".j2",
    ".jinja",
    ".jinja2",
    ".sh",
    ".sql",
    ".tmpl",
    ".tpl",
    ".txt",
    ".yaml",
    ".yml",
)
_XCOM = regex(rb"xcom|XCom")
_READS_ROWS = regex(r"\bXCom(?:Model)?\s*\.\s*get_(?:all|many|one|value)\b|\bquery\(\s*XCom")
_OF_EVENTS = regex(r"\bsource_task_i(?:d|nstance)\b")
"""What made an asset's event, whose XComs those may pull that the asset triggers."""
_OUTPUT = regex(r"(?:(?<![\w.\])])(?P<before>[\w.\])]+)|(?<![\s\w.\])]))\s*\.\s*output\b(?!\s*\()")
_ARGUMENT = regex(r"\bXComArg\s*\(")
_TELLS_TASK = regex(r"(?!external_)(?=\w+\Z)\w*(?:task|xcom)\w*", re.IGNORECASE)


class Uses:
    """Who may pull the outputs of one repository's tasks."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._pulls: dict[str, tuple[Pull, ...]] = {}
        self.tracer = repo.tracer
        self._modules: Answers[str, tuple[DagFile, ...]] = Answers(repo.tracer)

    def may_need(self, task_id: str | None, node: syntax.Node, files: Sequence[DagFile]) -> bool:
        """Whether something may need the output of a task, made at `node`, a name that is called.

        `files` are those that take part in making it. `task_id` is None where it is not known.
        """
        if any(_hands_on(node, file) for file in files):
            return True
        near = {file.path: file for each in files for file in self._with_modules(each)}
        return (
            any(self._may_pull(file, task_id) for file in near.values())
            or any(pull.may_take_output and pull.may_be_of(task_id) for pull in self._in_templates)
            or any(_names(text, task_id) for path, text in self._far.items() if path not in near)
            or any(_OF_EVENTS.search(text) for text in self._far.values())
        )

    def _may_pull(self, file: DagFile, task_id: str | None) -> bool:
        if file.path not in self._pulls:
            self._pulls[file.path] = pulls_of(file)
        return (
            any(pull.may_take_output and pull.may_be_of(task_id) for pull in self._pulls[file.path])
            or _READS_ROWS.search(file.source.text) is not None
            or any(task_id == each for each in _told_ids(file))
        )

    def _with_modules(self, file: DagFile) -> tuple[DagFile, ...]:
        """A file and the modules of the repository that it imports, and that these import."""
        return self._modules.get(file.path, lambda: self._found_modules(file))

    def _found_modules(self, file: DagFile) -> tuple[DagFile, ...]:
        found, pending = {file.path: file}, [file]
        while pending and len(found) < _MOST_MODULES:
            for module in self._imported(pending.pop()):
                if module.path not in found:
                    found[module.path] = module
                    pending.append(module)
        return tuple(found.values())

    def _imported(self, file: DagFile) -> Iterator[DagFile]:
        for each in file.module.imports:
            for name in each.names:
                for dotted in dict.fromkeys((name.dotted, name.module)):
                    module = self._repo.module(dotted, file.path)
                    if module is not None:
                        yield module

    @traced_property
    def _in_templates(self) -> tuple[Pull, ...]:
        """The pulls of templates that stand in files of their own."""
        texts = (text for path, text in self._far.items() if not path.endswith(".py"))
        return tuple(pull for text in texts for pull in pulls_in(text))

    @traced_property
    def _far(self) -> dict[str, str]:
        """The text of every file that speaks of XCom, by path."""
        texts = ((path, self._repo.data(path)) for path in self._repo.files_with(_XCOM, ".py", *_TEMPLATES))
        return {path: data.decode("utf-8", "replace") for path, data in texts if len(data) <= _LARGEST}


def _names(text: str, task_id: str | None) -> bool:
    """Whether a text, of which it is known that it speaks of XCom, names a task in quotes."""
    if task_id is None:
        return False
    last = re.escape(task_id.rpartition(".")[2])
    return re.search(rf"""["'.]{last}["']""", text) is not None


def _told_ids(file: DagFile) -> Iterator[str]:
    """The texts that a file gives to arguments which tell of another task: `source_task_id="extract"`."""
    for site in file.module.calls:
        for argument in site.call.arguments:
            name = argument.keyword or ""
            if name != "task_id" and _TELLS_TASK.fullmatch(name):
                yield from _texts(argument.value, site.scope, file)


def _texts(written: syntax.Expression, scope: syntax.Scope, file: DagFile) -> Iterator[str]:
    value = file.value(written, scope)
    for each in value.items if isinstance(value, syntax.Sequence) else (value,):
        text = file.text(each, scope)
        if text is not None:
            yield text


# The task itself, handed on


def _hands_on(node: syntax.Node, file: DagFile) -> bool:
    """Whether `.output` or `XComArg(...)` of a file may mean the task that is made at `node`."""
    text = file.source.text
    if _ARGUMENT.search(text):
        return True
    owners = {found["before"] or "" for found in _OUTPUT.finditer(text)}
    return any(not _is_other(name, node, file) for name in owners)


def _is_other(name: str, node: syntax.Node, file: DagFile) -> bool:
    """Whether a name is known to be another operator than the one that is made at `node`."""
    found = [(scope, each.value) for scope in _scopes(file) for each in scope.bindings.get(name, [])]
    return bool(found) and all(
        isinstance(call, syntax.Call)
        and all(callee is not node for callee in _called(call))
        and any(_is_operator(callee, scope, file) for callee in _called(call))
        for scope, call in found
    )


def _is_operator(callee: syntax.Expression, scope: syntax.Scope, file: DagFile) -> bool:
    """Whether what is called is a class of operators that the repository does not define."""
    names = (name.removesuffix(".partial") for name in file.names(callee, scope))
    return any(name.startswith("airflow.") and name.endswith(("Operator", "Sensor")) for name in names)


def _called(call: syntax.Call) -> list[syntax.Expression]:
    """What is called in `a.partial(...).expand(...)`: the last, and what that is called on."""
    found: list[syntax.Expression] = []
    inner: syntax.Expression = call
    while isinstance(inner, (syntax.Call, syntax.Attribute)):
        if isinstance(inner, syntax.Call):
            found.append(inner.function)
            inner = inner.function
        else:
            inner = inner.value
    return found


def _scopes(file: DagFile) -> list[syntax.Scope]:
    scopes = [file.module.scope, *(each.scope for each in file.module.functions)]
    scopes += [site.scope for site in file.module.calls]
    return list({id(scope): scope for scope in scopes}.values())
