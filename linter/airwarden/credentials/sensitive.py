"""Which settings and environment variables are sensitive, and when a text gives a secret away."""

from __future__ import annotations

import base64
import binascii
import csv
import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import unquote

from airwarden.bounded import json_of
from airwarden.credentials.backends import backend_credentials, is_credential, is_for_backend
from airwarden.credentials.connections import connection_credentials
from airwarden.credentials.literals import is_literal_secret
from airwarden.credentials.names import names_a_secret, repeats_start
from airwarden.credentials.tokens import tokens
from airwarden.credentials.urls import url_password, url_passwords
from airwarden.inner_yaml import every
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.yaml_tree import Mapping, Node, Scalar

Fault: TypeAlias = Literal["connection", "variable", "setting", "name", "json", "url"]
"""Why a value is a secret: what it is to Airflow, what its name says, or what stands in its JSON or URL."""

MAX_PLACEHOLDER = 200
"""How many characters of a value are searched for words that call it a placeholder."""

_TABLE = Path(__file__).parents[1] / "tables" / "sensitive_config.csv"

_WORD = regex(r"[a-z0-9]+", re.IGNORECASE)
_REQUEST_BEHIND = regex(
    r"(?P<value>.+?)[\W_]+(?:please[\W_]+)?(?:change|replace|rotate)[\W_]?(?:me|this|it|in)(?:[\W_].*)?",
    re.IGNORECASE,
)
_USERINFO = regex(
    r"(?<![\w+.-])[a-z][a-z0-9+.-]*://[^\s/?#@:]*:(?P<password>[^\s/?#:]+)@(?P<host>[\w.-]*)", re.IGNORECASE
)
_FROM_ELSEWHERE = regex(
    r"""
    (?:overrid\w*|overwritten|injected|provided|supplied|set|managed|loaded|taken|comes|read)
    [\W_]+(?:by|from|in|via|with)\b.*
    | (?:[a-z]+[\W_]+)+from(?:[\W_]+[a-z]+)+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SOME_HOST = regex(
    r"(?:your|my|some|the)?[-_]?(?:(?:db|database|mysql|postgres|redis)[-_]?)?(?:host|hostname|server|address)\b",
    re.IGNORECASE,
)
_WEAK = frozenset({"example", "sample", "dummy", "fake"})

_ASSIGNED = {
    "python": regex(
        r"""(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)["']?\]?\s*(?::\s*\w+\s*)?[:=]\s*(?P<quote>["'])(?P<value>[^"'\n]+)(?P=quote)"""
    ),
    "ini": regex(r"""(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)\s*=\s*["']?(?P<value>[^\s"'#;]+)"""),
}
_COMMENT = regex(r"^[ \t]*[#;].*$", re.MULTILINE)


@dataclass(frozen=True)
class Setting:
    """An option of Airflow whose value may be a secret.

    `form` tells when it is: any `literal`, a `url` with a password, `json` with a secret in it, or `headers`.
    `replaced_by` is the path in the official chart that takes the name of a Secret for it, if there is one;
    `secret_key` is the key which that Secret must hold.
    """

    form: str
    replaced_by: str
    secret_key: str


def setting_of(env: str) -> Setting | None:
    """The sensitive option that a variable sets. Source: config.yml of Airflow and provider.yaml files."""
    return _settings().get(env)


def env_name(section: str, key: str) -> str:
    """The environment variable that sets an option of airflow.cfg."""
    return f"AIRFLOW__{section.replace('.', '_')}__{key}".upper()


def env_fault(name: str, text: str) -> Fault | None:
    """Why the value of an environment variable is a secret; None where it is none."""
    if _is_indirect(name):
        return None
    if name.startswith("AIRFLOW_CONN_"):
        return "connection" if connection_credentials(text) or live_password(text) else None
    if name.startswith("AIRFLOW_VAR_"):
        return "variable" if _is_secret_variable(name.removeprefix("AIRFLOW_VAR_"), text) else None
    return "setting" if _is_secret_setting(name, text) else name_fault(name, text)


def name_fault(name: str, text: str) -> Fault | None:
    """Why the value of a key that nothing else is known of is a secret; None where it is none.

    A token of recognisable form tells more than the name it stands under, so it is left to whoever knows
    tokens.
    """
    if names_a_secret(name) and is_plain_secret(text, name):
        return None if any(True for _ in tokens(text)) else "name"
    if text.lstrip().startswith(("{", "[")) and json_holds_secret(text):
        return "json"
    return "url" if live_password(text) else None


def is_plain_secret(text: str, key: str = "") -> bool:
    """Whether a text under a key that wants a secret is one, however weak.

    `password: password` is one; a text that repeats a longer name, `DB_PASSWORD: DB_PASSWORD`, or how it
    starts, only marks the place. `shop-test-key-change-me` is in use until somebody heeds it, `change-me` and
    `overridden-by-secret` are not.
    """
    said, name = "".join(_WORD.findall(text)).lower(), "".join(_WORD.findall(key)).lower()
    if said == name and not (key.islower() and key.isalnum()):
        return False
    if len(_WORD.findall(text)) > 1 and repeats_start(text, key):
        return False
    short = text.strip()[:MAX_PLACEHOLDER]
    if _FROM_ELSEWHERE.fullmatch(short):
        return False
    asked = _REQUEST_BEHIND.fullmatch(short)
    if asked and len(_WORD.findall(asked["value"])) >= 3:
        return is_literal_secret(asked["value"])
    return is_literal_secret(text)


def live_password(text: str) -> bool:
    """Whether a URL in settings that are in use holds a literal password, however weak.

    Elsewhere `root:example@` and `app:app-password@` are examples; here a server takes them, unless it is
    just `host`.
    """
    if url_password(text):
        return True
    return any(
        is_literal_secret(match["password"]) or match["password"].lower() in _WEAK
        for match in _USERINFO.finditer(text)
        if not _SOME_HOST.match(match["host"])
    )


def json_holds_secret(text: str) -> bool:
    """Whether a JSON text has a secret under one of its names, or a URL with a password."""
    return any(True for _ in json_secrets(text))


def json_secrets(text: str) -> Iterator[str]:
    """The secrets that a JSON text has under their names, and its URLs with a password."""
    try:
        waiting = [json_of(text)]
    except ValueError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield from (str(each) for name, each in value.items() if _is_secret_member(name, each))
            waiting += value.values()
        elif isinstance(value, str) and live_password(value):
            yield value


def member_spans(text: str) -> list[tuple[int, int]]:
    """Where the secrets in a JSON object or list stand; empty for a text that is none."""
    if not text.lstrip().startswith(("{", "[")):
        return []
    written = (json.dumps(secret, ensure_ascii=False)[1:-1] for secret in dict.fromkeys(json_secrets(text)))
    places = ((text.find(f'"{secret}"') + 1, len(secret)) for secret in written)
    return sorted((place, place + length) for place, length in places if place)


def text_secrets(text: str, language: Literal["python", "ini"]) -> Iterator[tuple[str, int, int]]:
    """The literal secrets in a text of settings, comments apart: the name of each, and where it stands."""
    code = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    for match in _ASSIGNED[language].finditer(code):
        if names_a_secret(match["name"]) and is_plain_secret(match["value"], match["name"]):
            yield match["name"], *match.span("value")
    for start, end in url_passwords(code):
        yield "a URL's password", start, end


def text_passwords(text: str) -> list[tuple[int, int]]:
    """The passwords in the URLs of a text of any kind, those in comments apart."""
    return list(url_passwords(_COMMENT.sub(lambda comment: " " * len(comment[0]), text)))


def settings_spans(name: str, text: str) -> list[tuple[int, int]]:
    """Where the secrets in an airflow.cfg or its like stand; empty for a file of another name."""
    if not name.endswith((".cfg", ".ini")):
        return []
    return [(start, end) for _, start, end in text_secrets(text, "ini")]


def yaml_secrets(roots: list[Node]) -> Iterator[tuple[str, Scalar]]:
    """The literal secrets in the data of Secrets and ConfigMaps, plain or in base64, each with its name.

    The `name` and `value` of an environment variable are no such data.
    """
    mappings = [node for node in every(roots) if isinstance(node, Mapping)]
    sealed = {id(node.get("encryptedData")) for node in mappings}
    for node in mappings:
        if id(node) in sealed or node.get("remoteRef") or (node.get("name") and node.get("value")):
            continue
        for key, value in node.members:
            if not isinstance(value, Scalar) or value.kind not in ("text", "number"):
                continue
            texts = (value.text, decoded(value.text))
            if any(env_fault(key.text, text) or settings_spans(key.text, text) for text in texts):
                yield key.text, value


def decoded(text: str) -> str:
    """What a text is in base64, empty where it is none."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _is_indirect(name: str) -> bool:
    """Whether a setting's value is the command or the path that gives the secret."""
    if not name.startswith("AIRFLOW__"):
        return False
    return name.endswith("_CMD") or name.removesuffix("_SECRET") in _settings().keys() - {name}


def _is_secret_variable(name: str, text: str) -> bool:
    if names_a_secret(name) and is_plain_secret(text, name):
        return True
    return json_holds_secret(text) or live_password(text)


def _is_secret_setting(name: str, text: str) -> bool:
    if is_for_backend(name):
        return any(True for _ in backend_credentials(name, text)) or live_password(text)
    setting = setting_of(name)
    return setting is not None and _GIVES_AWAY[setting.form](text)


def _is_secret_member(name: str, value: object) -> bool:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return False
    return (is_credential(name) or names_a_secret(name)) and is_plain_secret(str(value), name)


def _headers_hold_secret(text: str) -> bool:
    pairs = (pair.partition("=") for pair in unquote(text).split(","))
    return any(names_a_secret(name.strip()) and is_plain_secret(value) for name, _, value in pairs)


_GIVES_AWAY = {
    "literal": is_plain_secret,
    "url": live_password,
    "json": json_holds_secret,
    "headers": _headers_hold_secret,
}


@lru_cache(maxsize=1)
def _settings() -> MappingOf[str, Setting]:
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table)
        return {row["env"]: Setting(row["form"], row["replaced_by"], row["secret_key"]) for row in rows}
