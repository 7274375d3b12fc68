"""A credential written into a DAG is known to everyone who can read the code, and stays so in its history.

DAG files are in git, in the image and in the git-sync volume of every Airflow pod, and Airflow shows their
code in its UI. What stands in them is no secret any more: a password given to a `Connection` or a hook, a
default of `Variable.get` or `os.getenv`, a URL with `user:password@`, an `Authorization` header.

Keep the credential in an Airflow connection, best in a secrets backend, and name only the connection's id:
`PostgresHook(postgres_conn_id="warehouse")`. In templates `{{ conn.warehouse.password }}` reads it when the
task runs, in pods a `Secret` or `secretKeyRef` brings it as an environment variable. A default for a missing
secret is better left out, so that the task fails and says what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airwarden import syntax
from airwarden.credentials.connections import connection_credentials
from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.masks import masked
from airwarden.credentials.names import is_secret_name, names_a_secret
from airwarden.credentials.texts import header_credential, written_secrets
from airwarden.credentials.tokens import is_fernet_key, tokens
from airwarden.credentials.urls import url_password
from airwarden.named_values import NamedValue, literals, named_values
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.findings import Finding
    from airwarden.repo import Repo

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="keep it in an Airflow connection or a secrets backend, and name only the connection's id here",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html",
    severity=8.0,
)

_CONNECTIONS = frozenset({"airflow.models.Connection", "airflow.models.connection.Connection"})
_SDK_CONNECTIONS = frozenset({"airflow.sdk.Connection", "airflow.sdk.definitions.connection.Connection"})
_POSITIONS = {"password": 5, "extra": 8, "uri": 9}
"""Where `airflow.models.Connection` takes what may hold a credential; the SDK's takes it by keyword only."""
_BASIC_AUTH = frozenset({"BasicAuth", "HTTPBasicAuth", "HTTPDigestAuth", "HTTPProxyAuth"})
_ABOUT_PASSWORDS = re.compile(r"pass|pwd", re.IGNORECASE)
_NO_CREDENTIAL = re.compile(
    r"""
    .*\s.* | .*://.* | .*\{.*\}.*                       # prose, an address, a template
    | .*(?:\\|\[\^|[.)\]][*+]|\(\?).*                   # a regular expression
    | (?:\$\w+\$|\{\w+\}|(?:pbkdf2|scrypt|sha\d+)\W).*  # a hash
    | [a-z.~_-]*(?:/[a-z._-]+)+ | [\W_]*
    | bool(?:ean)?|bytes|int(?:eger)?|keyword|object|optional|prompt|required|str(?:ing)?|text|varchar
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = re.compile(r"[A-Za-z]{1,12}|[A-Za-z]+(?:[ _./:-]+[A-Za-z]+)+")
"""What a password may be, but no token or key: a plain word such as a mode's name, or words joined."""
_PROSE = frozenset({"description", "doc", "doc_md", "doc_rst", "epilog", "help", "usage"})
_SEPARATOR = re.compile(r"[_./:-]")


@dataclass(frozen=True)
class _Credential:
    node: syntax.Node
    name: str
    message: str


@rule.dag
def check(dag_file: DagFile, _: Repo) -> Iterator[Finding]:
    """Looks at values by their names, at what makes connections, and into every string."""
    seen: set[int] = set()
    for found in _credentials(dag_file):
        if id(found.node) not in seen:
            seen.add(id(found.node))
            region = dag_file.region(found.node)
            yield rule.finding(region, found.message, subject=found.name, secret=True)


def _credentials(dag_file: DagFile) -> Iterator[_Credential]:
    values = [*_connection_arguments(dag_file), *named_values(dag_file, _may_hold_secret)]
    for named in values:
        for node, text in literals(dag_file, named.value, named.scope):
            message = _fault(named, text)
            if message and not any(tokens(text)):
                yield _Credential(node, named.name, message)
    yield from _authentication(dag_file)
    yield from _texts(dag_file)


def _may_hold_secret(name: str) -> bool:
    return names_a_secret(name) or name.upper().startswith("AIRFLOW_CONN_")


def _connection_arguments(dag_file: DagFile) -> Iterator[NamedValue]:
    """What `Connection(...)` is given, named as its fields."""
    for site in dag_file.module.calls:
        names = dag_file.names(site.call.function, site.scope)
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
    if not names_a_secret(name) or (name == "secret" and named.form == "argument"):
        return None
    return f"{name} is written into the code: {masked(text)}" if _is_credential(text, name) else None


def _is_credential(text: str, name: str) -> bool:
    """Whether a literal under a name that says secret is one: no name, mode, type, prose, pattern or path."""
    if not is_literal_secret(text, name) or is_secret_name(text) or _NO_CREDENTIAL.fullmatch(text):
        return False
    if _ABOUT_PASSWORDS.search(name):
        return len(text) > 2
    return len(text) > 5 and not _WORDS.fullmatch(text) and not _joins_secret_words(text)


def _joins_secret_words(text: str) -> bool:
    """Whether a text is made of words of which one says secret, as names of secrets are: `slack-token-v2`."""
    words = _SEPARATOR.split(text)
    return len(words) > 1 and any(names_a_secret(word) for word in words)


def _authentication(dag_file: DagFile) -> Iterator[_Credential]:
    """Passwords given by place: `auth=("user", ...)`, `HTTPBasicAuth("user", ...)`; and keys of `Fernet`."""
    for site in dag_file.module.calls:
        auth = site.call.keyword("auth")
        if isinstance(auth, syntax.Sequence) and len(auth.items) == 2:
            yield from _password(dag_file, auth.items[1], site.scope)
        called = (dag_file.full_name(site.call.function, site.scope) or "").rpartition(".")[2]
        password = site.call.positional(1)
        if called in _BASIC_AUTH and password is not None:
            yield from _password(dag_file, password, site.scope)
        key = site.call.positional(0)
        if called == "Fernet" and key is not None:
            for node, text in literals(dag_file, key, site.scope):
                if is_fernet_key(text):
                    yield _Credential(
                        node, "Fernet", f"A Fernet key is written into the code: {masked(text)}"
                    )


def _password(dag_file: DagFile, value: syntax.Expression, scope: syntax.Scope) -> Iterator[_Credential]:
    for node, text in literals(dag_file, value, scope):
        if _is_credential(text, "password"):
            yield _Credential(node, "auth", f"A password is written into the code: {masked(text)}")


def _texts(dag_file: DagFile) -> Iterator[_Credential]:
    """Credentials inside of strings: in URLs, headers and commands. What is there to be read is left out."""
    prose = set(_prose(dag_file))
    for text in dag_file.module.texts:
        found = None if text.is_docstring or id(text.node) in prose else _inside(text.value)
        if found is not None and not any(tokens(text.value)):
            name, span = found
            yield _Credential(
                text.node, name, f"{name} holds a credential: {masked(text.value[slice(*span)])}"
            )


def _prose(dag_file: DagFile) -> Iterator[int]:
    for site in dag_file.module.calls:
        for argument in site.call.arguments:
            if argument.keyword in _PROSE:
                yield from (id(node) for node, _ in literals(dag_file, argument.value, site.scope))


def _inside(text: str) -> tuple[str, tuple[int, int]] | None:
    url = url_password(text)
    if url is not None:
        return "A URL", url
    header = header_credential(text)
    if header is not None:
        return "A header", header
    for name, start, end in written_secrets(text):
        if _is_credential(text[start:end], name):
            return name, (start, end)
    return None
