"""The credentials that a Python file writes out: under telling names, by place, and inside of texts."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from airwarden import syntax
from airwarden.bounded import json_of
from airwarden.credentials.connections import connection_credentials
from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.masks import masked
from airwarden.credentials.names import is_secret_name, names_a_secret, words
from airwarden.credentials.occurrences import holders
from airwarden.credentials.statements import address_secrets, command_secrets, statement_secrets
from airwarden.credentials.texts import header_credential, written_secrets
from airwarden.credentials.tokens import is_fernet_key, tokens
from airwarden.credentials.trial import is_for_trial, is_random
from airwarden.credentials.urls import url_password
from airwarden.dag import DagFile
from airwarden.joined_texts import Nodes, joined_texts
from airwarden.named_values import NamedValue, literals, named_values
from airwarden.patterns import regex
from airwarden.records import dataclass

_POSITIONS_TABLE = Path(__file__).parent / "tables" / "credential_positions.csv"
_SPEAKS_OF_SECRETS = regex(
    r"://|airflow_conn|auth|basic|bearer|credential|fernet|identified|jdbc:|key|login|pass|pat\b|pwd|secret"
    r"|token|(?<!\w)-[apuw]",
    re.IGNORECASE,
)
_SPEAKING_WORDS = (
    *("://", "airflow_conn", "auth", "basic", "bearer", "credential", "fernet", "identified", "jdbc:", "key"),
    *("login", "pass", "pwd", "secret", "token"),
)
_WORDS_OF_SECRETS = (*_SPEAKING_WORDS, "pat", "-a", "-p", "-u", "-w")
"""A text without any of these holds nothing that `_SPEAKS_OF_SECRETS` finds."""
_CONNECTIONS = frozenset({"airflow.models.Connection", "airflow.models.connection.Connection"})
_SDK_CONNECTIONS = frozenset({"airflow.sdk.Connection", "airflow.sdk.definitions.connection.Connection"})
_POSITIONS = {"password": 5, "extra": 8, "uri": 9}
"""Where `airflow.models.Connection` takes what may hold a credential; the SDK's takes it by keyword only."""
_ABOUT_PASSWORDS = regex(r"pass|pwd", re.IGNORECASE)
_NO_CREDENTIAL = regex(
    r"""
    .*\s.* | .*://.* | [^{]*\{.*\}.*                       # prose, an address, a template
    | .*(?:\\|\[\^|[.)\]][*+]|\(\?).*                   # a regular expression
    | (?:\$\w+\$|\{\w+\}|(?:pbkdf2|scrypt|sha\d+)\W).*  # a hash
    | [a-z.~_-]*(?:/[a-z._-]+)+ | [\W_]*
    | [a-z]+(?:\.[a-z]+(?:[A-Z][a-z]+)*)*\.[a-z]+(?:[A-Z][a-z]+)+   # a path in settings or values
    | bool(?:ean)?|bytes|int(?:eger)?|keyword|object|optional|prompt|required|str(?:ing)?|text
    | (?i:(?:n?var)?char(?:\(\d+\))?)
    | \w+_(?:col|column|count|field|hash|hashed)           # the name of a column
    | dropp?(?:ed)?|disabled|encrypted|hashed|md5|redact|rotated|sensitive|sha\d+
    | (?:button|div|form|input|label|span)[\#.\[].* | //.*\[@.*   # a selector
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = regex(r"[A-Za-z]{1,12}|[A-Za-z]+(?:[ _./:-]+[A-Za-z]+)+")
"""What a password may be, but no token or key: a plain word such as a mode's name, or words joined."""
_LONGEST_NAME = 100
_SEPARATOR = regex(r"[_./:-]")
_PROSE = frozenset({"description", "doc", "doc_md", "doc_rst", "epilog", "help", "usage"})
_DEEPEST_JSON = 6


@dataclass(frozen=True, eq=False)
class WrittenCredential:
    """A credential in full: the node that holds it, what gets or holds it, and the fault in words.

    `is_for_trial` says that it is a word for want of a real one: `os.getenv("DB_PASSWORD", "airflow")`.
    """

    node: syntax.Expression
    name: str
    message: str
    is_for_trial: bool = False


def written_credentials(
    file: DagFile, imported: Callable[[str], str | None] = lambda _: None
) -> Iterator[WrittenCredential]:
    """Every credential of a file, each told once. What known-token tells by its form is left out.

    `imported` gives the text that a dotted name stands for in another file, where it is known.
    """
    if not _speaks_of_secrets(file.source.text):
        return
    nodes = syntax.compounds_of(file.module)
    seen: set[int] = set()
    for found in [*_named(file, nodes), *_by_place(file), *_texts(file, imported, nodes)]:
        if id(found.node) not in seen:
            seen.add(id(found.node))
            yield found


def written_under(file: DagFile, is_meant: Callable[[str], bool]) -> Iterator[WrittenCredential]:
    """What stands in full under names that are meant to have credentials, whatever they say themselves."""
    for named in named_values(file, is_meant):
        for node, text in literals(file, named.value, named.scope):
            if is_literal_secret(text, named.name) and not _NO_CREDENTIAL.fullmatch(text):
                message = f"{named.name} is written into the code: {masked(text)}"
                yield WrittenCredential(node, named.name, message)


def _speaks_of_secrets(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _SPEAKING_WORDS) or bool(_SPEAKS_OF_SECRETS.search(text))


def _named(file: DagFile, nodes: Nodes) -> Iterator[WrittenCredential]:
    values = [*_connection_arguments(file), *named_values(file, _may_hold_secret, nodes)]
    for named in values:
        for node, text in literals(file, named.value, named.scope):
            message = _fault(named, text)
            if message and not any(tokens(text)):
                is_weak = named.form == "fallback" and is_for_trial(text)
                yield WrittenCredential(node, named.name, message, is_weak)


@lru_cache(maxsize=8192)
def _may_hold_secret(name: str) -> bool:
    if names_a_secret(name) or name.upper().startswith("AIRFLOW_CONN_"):
        return True
    return words(name)[-1:] == ["secret"] and len(name) < _LONGEST_NAME


# Under names


def _connection_arguments(file: DagFile) -> Iterator[NamedValue]:
    """What `Connection(...)` is given, named as its fields."""
    for site in file.module.calls if "Connection" in file.source.text else ():
        names = file.names(site.call.function, site.scope)
        by_place = not _CONNECTIONS.isdisjoint(names)
        if by_place or not _SDK_CONNECTIONS.isdisjoint(names):
            for name, position in _POSITIONS.items():
                value = site.call.argument(position, name) if by_place else site.call.keyword(name)
                if value is not None:
                    yield NamedValue(f"Connection.{name}", "argument", value, site.scope)


def _fault(named: NamedValue, text: str) -> str | None:
    """What is wrong with a literal under a name; None where nothing is."""
    name = named.name
    if name in ("Connection.uri", "Connection.extra") or name.upper().startswith("AIRFLOW_CONN_"):
        whole = json.dumps({"extra": text}) if name == "Connection.extra" else text
        fields = ", ".join(connection_credentials(whole))
        return f"{name} is given credentials in the code: {fields}" if fields else None
    may_be_a_name = not names_a_secret(name) or (name == "secret" and named.form == "argument")
    if may_be_a_name and not is_random(text):
        return None
    return f"{name} is written into the code: {masked(text)}" if is_credential(text, name) else None


def is_credential(text: str, name: str) -> bool:
    """Whether a literal under a name that says secret is one: no name, mode, type, prose, pattern or path."""
    if not is_literal_secret(text, name) or is_secret_name(text) or _NO_CREDENTIAL.fullmatch(text):
        return False
    if words(name) == ["pass"] and _WORDS.fullmatch(text.strip(":")):
        return False
    if _ABOUT_PASSWORDS.search(name):
        return len(text) > 2
    return len(text) > 5 and not _WORDS.fullmatch(text) and not _joins_secret_words(text)


def _joins_secret_words(text: str) -> bool:
    """Whether a text is made of words of which one says secret, as names of secrets are: `slack-token-v2`."""
    parts = _SEPARATOR.split(text)
    return len(parts) > 1 and any(names_a_secret(part) for part in parts)


# By place


def _by_place(file: DagFile) -> Iterator[WrittenCredential]:
    """Passwords given by place: `auth=("user", ...)`, `HTTPBasicAuth("user", ...)`; and keys of `Fernet`."""
    for site in file.module.calls:
        auth = site.call.keyword("auth")
        if isinstance(auth, syntax.Sequence) and len(auth.items) == 2:
            yield from _password(file, auth.items[1], site.scope)
        if not _may_take_by_place(site.call):
            continue
        called = file.full_name(site.call.function, site.scope) or _last_name(site.call.function)
        place = _positions().get(called, _positions().get(called.rpartition(".")[2]))
        given = None if place is None else site.call.positional(place[0])
        if place is not None and given is not None:
            yield from _password(file, given, site.scope, place[1])
        key = site.call.positional(0)
        if called.rpartition(".")[2] == "Fernet" and key is not None:
            for node, text in literals(file, key, site.scope):
                if is_fernet_key(text):
                    told = f"A Fernet key is written into the code: {masked(text)}"
                    yield WrittenCredential(node, "Fernet", told)


def _may_take_by_place(call: syntax.Call) -> bool:
    """Whether a call gives anything by place, to what may be called like something that takes a secret so."""
    if not call.arguments or call.arguments[0].keyword:
        return False
    return not isinstance(call.function, syntax.Attribute) or call.function.name in _takers()


@lru_cache(maxsize=1)
def _takers() -> frozenset[str]:
    return frozenset({"Fernet", *(name.rpartition(".")[2] for name in _positions())})


def _last_name(function: syntax.Expression) -> str:
    match function:
        case syntax.Name(id=name) | syntax.Attribute(name=name):
            return name
        case _:
            return ""


def _password(
    file: DagFile, value: syntax.Expression, scope: syntax.Scope, said: str = "password"
) -> Iterator[WrittenCredential]:
    for node, text in literals(file, value, scope):
        if is_credential(text, said) and not any(tokens(text)):
            yield WrittenCredential(node, "auth", f"A {said} is written into the code: {masked(text)}")


@lru_cache(maxsize=1)
def _positions() -> dict[str, tuple[int, str]]:
    """At which place functions and classes take what, by full name or by the last part of it."""
    with _POSITIONS_TABLE.open(encoding="utf-8", newline="") as rows:
        return {row["function"]: (int(row["position"]), row["said"]) for row in csv.DictReader(rows)}


# Inside of texts


def _texts(file: DagFile, imported: Callable[[str], str | None], nodes: Nodes) -> Iterator[WrittenCredential]:
    """Credentials inside of strings: URLs, headers, commands, SQL, JSON. What is to be read is left out."""
    prose = set(_prose(file))
    texts = [text for text in file.module.texts if not text.is_docstring and id(text.node) not in prose]
    for text in (texts[place] for place in holders([text.value for text in texts], _WORDS_OF_SECRETS)):
        for name, start, end in _inside(text.value):
            yield WrittenCredential(text.node, name, _held(name, text.value[start:end]))
    joins = list(joined_texts(file, imported, nodes))
    for joined in (joins[place] for place in holders([joined.text for joined in joins], _WORDS_OF_SECRETS)):
        written = joined.text
        for name, start, end in _inside(written):
            node = joined.node_at(start, end)
            if id(node) not in prose and id(joined.node) not in prose:
                yield WrittenCredential(node, name, _held(name, written[start:end]))


def _held(name: str, secret: str) -> str:
    return f"{name} holds a credential: {masked(secret)}"


def _prose(file: DagFile) -> Iterator[int]:
    for site in file.module.calls:
        for argument in site.call.arguments:
            if argument.keyword in _PROSE:
                yield id(argument.value)
                yield from (id(node) for node, _ in literals(file, argument.value, site.scope))


def _inside(text: str) -> Iterator[tuple[str, int, int]]:
    """What of a text holds its first credential, and the span of that; nothing for a known token."""
    if len(text) < 5 or not _SPEAKS_OF_SECRETS.search(text):
        return
    found = next(_spans(text), None)
    if found is not None and not any(tokens(text)):
        yield found


def _spans(text: str) -> Iterator[tuple[str, int, int]]:
    url = url_password(text)
    if url is not None:
        yield "A URL", *url
    header = header_credential(text)
    if header is not None:
        yield "A header", *header
    for name, start, end in written_secrets(text):
        if is_credential(text[start:end], name):
            yield name, start, end
    for name, start, end in (*statement_secrets(text), *address_secrets(text)):
        if is_credential(text[start:end], "password" if "password" in words(name) else name):
            yield f"{name}", start, end
    for option, start, end in command_secrets(text):
        if is_credential(text[start:end], "password"):
            yield f"The option {option}", start, end
    yield from _in_json(text)


def _in_json(text: str) -> Iterator[tuple[str, int, int]]:
    """The secrets under the names of a JSON object."""
    if not (text.lstrip().startswith("{") and text.rstrip().endswith("}") and '"' in text):
        return
    try:
        document = json_of(text)
    except ValueError:
        return
    for name, value in _members(document, 0):
        place = text.find(json.dumps(value, ensure_ascii=False)[1:-1])
        if place >= 0 and names_a_secret(name) and is_credential(value, name):
            yield name, place, place + len(value)


def _members(value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST_JSON:
        return
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str):
                yield name, member
            yield from _members(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            yield from _members(member, depth + 1)
