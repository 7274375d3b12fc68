"""The secrets that a DAG file prints or logs, and whether Airflow would mask them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from airwarden import syntax
from airwarden.credentials.names import names_a_secret, words
from airwarden.dag import DagFile
from airwarden.depth import Steps
from airwarden.patterns import regex
from airwarden.records import dataclass

Source: TypeAlias = Literal["connection", "uri", "variable", "environment", "store", "name", "everything"]
"""Where a secret that is logged comes from; `everything` is the whole environment."""

_TABLE = Path(__file__).parent / "tables" / "masked_fields.csv"
_LEVELS = frozenset({"critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning"})
_LOGGER = regex(r"(?:.*_)?(?:log|logger|logging)", re.IGNORECASE)
_PRINTERS = frozenset(
    {"print", "pprint.pprint", "pprint", "rich.print", "sys.stdout.write", "sys.stderr.write"}
)
_PRINTING_METHODS = frozenset(name.rpartition(".")[2] for name in _PRINTERS)
_SHOWN_WHOLE = frozenset({"bytes", "dict", "dumps", "format", "join", "pformat", "repr", "str"})
_SAME_TEXT = frozenset(
    {"b64encode", "copy", "decode", "encode", "lower", "quote", "quote_plus", "strip", "upper"}
)
_STORES = regex(
    r"(?:\w{0,100}_)?(?:access_secret(?:_version)?|get_secret(?:_value\w*|_as_dict)?|read_secret(?:_version)?)"
)
_CONNECTION_MAKERS = regex(r".*\bget_connection|.*\bConnection(?:\.get\w*)?")
_ENVIRONMENT = frozenset({"os.environ", "environ"})
_READS_ENVIRONMENT = frozenset({"os.getenv", "os.environ.get", "os.environ.pop", "getenv", "environ.get"})
_VARIABLE = regex(r"airflow\.(?:models|sdk)\.(?:.*\.)?Variable\.get")
_COMMANDS = ("arguments", "bash_command", "cmds", "command")
_DEEPEST = 6
_MOST_LOOKED_AT = 1_000
"""Expressions that are looked at for the secrets in one argument."""
_NO_SECRETS = (syntax.Constant, syntax.FormattedString, syntax.Mapping, syntax.Operation, syntax.Sequence)
"""What is judged by its parts, and never by the name that it was given."""

_ECHO = regex(
    r"(?:^|[;&|\n]|\b(?:then|do|else)\b)[^\S\n]*(?:echo|printf)\s(?P<said>[^\n;|&]*)(?P<then>[|&;]*)"
)
_SHELL_NAME = regex(r"(?<!\\)\$(?:\{(?P<braced>[A-Za-z_]\w*)\}|(?P<plain>[A-Za-z_]\w*))")
_TEMPLATE = regex(
    r"\{\{(?=[^{}]*\}\})[^{}]*?(?:\bconn\.\w+\.(?P<field>password|get_uri\(\)|extra_dejson\.\w+)"
    r"|\bvar\.(?:value|json)\.(?:get\(\s*['\"])?(?P<variable>[\w.-]+))"
)
_ALL = regex(r"(?:^|[;&\n]|\bthen\b)[^\S\n]*(?:env|printenv|export\s+-p)[^\S\n]*(?=$|[;&\n])")


@dataclass(frozen=True, eq=False)
class LoggedSecret:
    """A secret in a log: where, what it is called there, whence it comes and whether Airflow masks it."""

    node: syntax.Expression
    name: str
    source: Source
    is_masked: bool = False


def logged_secrets(file: DagFile) -> Iterator[LoggedSecret]:
    """Every secret that a file prints, logs or echoes, each place once."""
    hidden = _hidden(file)
    seen: set[int] = set()
    for site in file.module.calls:
        for found in [*_said(file, site), *_echoed(file, site)]:
            if id(found.node) not in seen and found.name not in hidden:
                seen.add(id(found.node))
                yield found


def _hidden(file: DagFile) -> set[str]:
    """The names that the file itself has masked."""
    if "mask_secret" not in file.source.text:
        return set()
    given = (
        site.call.positional(0)
        for site in file.module.calls
        if (file.full_name(site.call.function, site.scope) or "").endswith("mask_secret")
    )
    return {each.id for each in given if isinstance(each, syntax.Name)}


# Printed and logged in Python


def _said(file: DagFile, site: syntax.CallSite) -> Iterator[LoggedSecret]:
    if _is_sink(file, site):
        for argument in site.call.arguments:
            if argument.keyword not in ("file", "sep", "end", "exc_info", "stacklevel"):
                yield from _shown(file, argument.value, site.scope, 0, Steps(_MOST_LOOKED_AT))


def _is_sink(file: DagFile, site: syntax.CallSite) -> bool:
    function = site.call.function
    may_print = not isinstance(function, syntax.Attribute) or function.name in _PRINTING_METHODS
    if may_print and file.full_name(function, site.scope) in _PRINTERS:
        return site.call.keyword("file") is None
    if not isinstance(function, syntax.Attribute) or function.name not in _LEVELS:
        return False
    match function.value:
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return bool(_LOGGER.fullmatch(name))
        case syntax.Call(function=made):
            return (file.full_name(made, site.scope) or "").endswith("getLogger")
        case _:
            return False


def _shown(
    file: DagFile, value: syntax.Expression, scope: syntax.Scope, depth: int, steps: Steps
) -> Iterator[LoggedSecret]:
    """The secrets that a text, or what is turned into one, holds in full."""
    if depth > _DEEPEST or not steps.take():
        return
    found = _secret(file, value, scope)
    if found is not None:
        yield found
        return
    for inner in _parts(value):
        yield from _shown(file, inner, scope, depth + 1, steps)
    if isinstance(value, syntax.Name):
        assigned = file.value(value, scope)
        if isinstance(assigned, syntax.Mapping | syntax.FormattedString):
            for held in list(_shown(file, assigned, scope, depth + 1, steps))[:1]:
                yield LoggedSecret(value, held.name, held.source, held.is_masked)


def _parts(value: syntax.Expression) -> Iterator[syntax.Expression]:
    match value:
        case syntax.FormattedString(parts=parts):
            yield from (part for part in parts if isinstance(part, syntax.Expression))
        case syntax.Formatted(value=inner):
            yield inner
        case syntax.Operation(operators=operators, operands=operands) if set(operators) <= {
            "Add",
            "Modulo",
            "Or",
        }:
            yield from operands
        case syntax.Sequence(items=items):
            yield from items
        case syntax.Mapping(entries=entries):
            yield from (inner for _, inner in entries)
        case syntax.Conditional(body=body, orelse=orelse):
            yield from (body, orelse)
        case syntax.Call(function=syntax.Name(id=name) | syntax.Attribute(name=name)) as call:
            if name in _SHOWN_WHOLE | _SAME_TEXT:
                yield from (argument.value for argument in call.arguments)
            if name in _SAME_TEXT and isinstance(call.function, syntax.Attribute):
                yield call.function.value
        case _:
            pass


def _secret(file: DagFile, value: syntax.Expression, scope: syntax.Scope) -> LoggedSecret | None:
    """The secret that an expression is, as far as it tells."""
    origin = file.value(value, scope)
    source = _source(file, origin, scope)
    if source is not None:
        kind, name, is_masked = source
        told = name if kind == "everything" else _told(value) or name
        return LoggedSecret(value, told, kind, is_masked)
    if isinstance(origin, _NO_SECRETS):
        return None
    name = _told(value)
    if name and names_a_secret(name) and words(name)[-1:] not in (["token"], ["secret"]):
        return LoggedSecret(value, name, "name")
    if name and names_a_secret(name) and len(words(name)) > 1 and words(name)[0] in _TELLING:
        return LoggedSecret(value, name, "name")
    return None


_TELLING = frozenset(
    {"access", "api", "auth", "bearer", "bot", "client", "id", "jwt", "oauth", "refresh", "slack"}
)
"""First words of names of tokens and secrets that are no pieces of a text and no Kubernetes objects."""


def _told(value: syntax.Expression) -> str:
    """The name by which an expression asks for something."""
    match value:
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name
        case syntax.Subscript(index=syntax.Constant(value=str(name))):
            return name
        case syntax.Call(function=syntax.Attribute(name="get" | "pop")) as call:
            key = call.positional(0)
            return key.value if isinstance(key, syntax.Constant) and isinstance(key.value, str) else ""
        case _:
            return ""


def _source(file: DagFile, value: syntax.Expression, scope: syntax.Scope) -> tuple[Source, str, bool] | None:
    """Whence a secret comes, its name and whether Airflow masks it; None where it is none that is known."""
    match value:
        case syntax.Name() | syntax.Attribute() if file.full_name(value, scope) in _ENVIRONMENT:
            return "everything", "os.environ", False
        case syntax.Attribute(value=inner, name="password") if _is_connection(file, inner, scope):
            return "connection", "password", True
        case syntax.Call(function=syntax.Attribute(value=inner, name="get_uri")):
            return ("uri", "get_uri()", False) if _is_connection(file, inner, scope) else None
        case syntax.Subscript(value=inner, index=index):
            return _item(file, inner, file.text(index, scope), scope)
        case syntax.Call(function=function) as call:
            name, key = file.full_name(function, scope) or "", call.positional(0)
            asked = None if key is None else file.text(key, scope)
            if name in _READS_ENVIRONMENT:
                return ("environment", asked, False) if asked and names_a_secret(asked) else None
            if _VARIABLE.fullmatch(name):
                return ("variable", asked, is_masked(asked)) if asked and names_a_secret(asked) else None
            if isinstance(function, syntax.Attribute):
                if _STORES.fullmatch(function.name):
                    return "store", function.name, False
                return _item(file, function.value, asked, scope) if function.name == "get" else None
            return None
        case _:
            return None


def _item(
    file: DagFile, owner: syntax.Expression, key: str | None, scope: syntax.Scope
) -> tuple[Source, str, bool] | None:
    """`owner[key]`: of the environment, of a connection's extra."""
    if not key or not names_a_secret(key):
        return None
    if file.full_name(owner, scope) in _ENVIRONMENT:
        return "environment", key, False
    match file.value(owner, scope):
        case syntax.Attribute(name="extra_dejson"):
            return "connection", key, is_masked(key)
        case syntax.Call(function=syntax.Attribute(name="get_extra_dejson")):
            return "connection", key, is_masked(key)
        case _:
            return None


def _is_connection(file: DagFile, value: syntax.Expression, scope: syntax.Scope) -> bool:
    match file.value(value, scope):
        case syntax.Call(function=function):
            return bool(_CONNECTION_MAKERS.fullmatch(_dotted(function)))
        case syntax.Name(id=name):
            return bool(re.fullmatch(r"(?:\w+_)?(?:conn|connection)", name))
        case _:
            return False


def _dotted(function: syntax.Expression) -> str:
    names: list[str] = []
    while isinstance(function, syntax.Attribute):
        names.append(function.name)
        function = function.value
    names.append(function.id if isinstance(function, syntax.Name) else "")
    return ".".join(reversed(names))


# Echoed by shells


def _echoed(file: DagFile, site: syntax.CallSite) -> Iterator[LoggedSecret]:
    given = {argument.keyword for argument in site.call.arguments}
    for keyword in _COMMANDS if not given.isdisjoint(_COMMANDS) else ():
        value = site.call.keyword(keyword)
        for node in [] if value is None else [value, *(_items(file.value(value, site.scope)))]:
            text = file.text(node, site.scope)
            if text is None:
                continue
            for name, source, masked in _shell_secrets(text):
                yield LoggedSecret(node, name, source, masked)
                break
            else:
                is_whole = site.call.keyword("env") is None and keyword == "bash_command"
                if is_whole and _ALL.search(text):
                    yield LoggedSecret(node, "the whole environment", "everything")


def _items(value: syntax.Expression) -> tuple[syntax.Expression, ...]:
    return value.items if isinstance(value, syntax.Sequence) else ()


def _shell_secrets(text: str) -> Iterator[tuple[str, Source, bool]]:
    """What `echo` says in a command, where it goes to the log and not to a file or another command."""
    for match in _ECHO.finditer(text):
        said = re.sub(r"'[^']*'", lambda quoted: quoted[0] if "{{" in quoted[0] else "", match["said"])
        if "|" in match["then"] or ">" in re.sub(r"\{\{(?:(?!\{\{).)*?\}\}", "", said):
            continue
        for name in _SHELL_NAME.finditer(said):
            told = name["braced"] or name["plain"]
            if names_a_secret(told):
                yield f"${told}", "environment", False
        for asked in _TEMPLATE.finditer(said):
            name_ = asked["field"] or asked["variable"]
            if asked["field"]:
                yield name_, "connection", name_ == "password"
            elif names_a_secret(name_):
                yield name_, "variable", is_masked(name_)


def is_masked(name: str) -> bool:
    """Whether Airflow masks the value of a Variable, or of a field of an extra, by its name."""
    said = name.lower()
    return any(field in said for field in _masked_fields())


@lru_cache(maxsize=1)
def _masked_fields() -> frozenset[str]:
    with _TABLE.open(encoding="utf-8", newline="") as rows:
        return frozenset(row["field"] for row in csv.DictReader(rows))
