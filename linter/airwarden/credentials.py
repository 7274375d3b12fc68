"""What a secret looks like: literals, names, URLs, connections and tokens; and how one is masked."""

from __future__ import annotations

import base64
import binascii
import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl, unquote

_TABLES = Path(__file__).parent / "tables"

_TEMPLATE = re.compile(
    r"""
    \{\{ | \{% | <%                      # Jinja, Go, Helm, ERB
    | \$\{ | \$\(\w | \#\{\w             # ${VAR}, $(VAR), #{VAR}#
    | %\(\w+\)[sdr]                      # %(name)s
    | ENC\[ | \$ANSIBLE_VAULT;           # ciphertext of SOPS and Ansible
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(
    r"""
    \$\w+ | %[sdr] | (?:\{[^{}"']*\})+
    | (?:ref\+|secretref\+)[\w+-]+:.*
    | (?:vault|file|env|ssm|awssm):(?=[/\w.$]).*
    | (?:op|aws-sm|gcp-sm|sm|doppler|secrets?|keyvault|azurekv|akv|k8s)://.*
    | arn:[\w-]+:.*
    | <(?:path|vault|secret):.*>
    | @Microsoft\.KeyVault\(.*\)
    | /?projects/[^/]+/(?:secrets|locations)/.*
    | (?:https://)?[\w-]+\.vault\.azure\.net/.*
    | (?:\.{0,2}|~)/(?:[\w.-]+/)+[\w.-]*
    | [\w./-]+\.(?:cfg|conf|crt|env|html|ini|json|key|p12|pem|py|toml|txt|ya?ml)
    | !(?:vault|ENV|Ref|Sub|GetAtt|ImportValue)\b.*
    | Ag[A-Za-z0-9+/]{300,}=*               # what kubeseal makes
    """,
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(
    r"""
    <[^<>]*> | \[[\w\s.-]*\] | __\w+__ | @@?[\w-]+@@? | ~[\w-]+~ | %[A-Z_]+%
    | [.\u2026*x#?_\u2022-]+ | (\w)\1{3,}
    | (?:.*[\W_])?(?:x{4,}|\*{3,}|\.{3,})(?:\W.*)?
    | none | null | nil | undefined | n/?a | unset | not[\s_-]?set | true | false | ~
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_REQUEST = re.compile(
    r"""
    (?:.*[\W_])?(?:change|replace|fill|set|override|edit|update|rotate)[\s_-]?(?:me|this|it|in|with)
      (?:[\W_\d].*)?
    | (?:.*[\W_])?your[\s_-].* | your(?:own|secret|password|token|api|key|access|client)\w*
    | (?:put|insert|enter|type|paste|use|add|provide|specify)[\s_-](?:your|the|an?|my|real|here|in)
      (?:[\s_-].*)?
    | (?:.*[\s_-])?(?:dummy|example|fake|filtered|fixme|hidden|masked|omitted|placeholder|redacted|sample)
      (?:[\s_:-].*)?
    | (?:.*[\s_-])?(?:tbd|todo)(?:[\s_:-].*)?
    | .*EXAMPLE(?:KEY)? | .*[\s_-]here | to[\s_-]be[\s_-].* | same[\s_-]as[\s_-].* | see[\s_-].*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_LONGEST_PLACEHOLDER = 200
_LONGEST_NAME = 100

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NAME = re.compile(r"(?:[A-Za-z0-9]+[ _./:-]+)*[A-Za-z]+:?")
_MAY_SAY_SECRET = re.compile(r"auth|bearer|key|pass|pat|pwd|secret|token", re.IGNORECASE)
_QUESTION = re.compile(
    r"allow|automount|disable|enable|has|hide|invalid|is|missing|no|requires?|show|skip|use"
)
"""First words of names whose values say yes or no, or what is wrong."""
_NEUTRAL_ENDING = re.compile(
    r"\d+|b64|base64|content|dev|local|plain|prod|production|qa|raw|staging|string|test|value"
)


def is_reference(text: str) -> bool:
    """Whether a value is a way to get a secret and not the secret: a template, a variable, an address."""
    stripped = text.strip()
    return bool(_TEMPLATE.search(stripped) or _ADDRESS.fullmatch(stripped))


def is_placeholder(text: str, key: str = "") -> bool:
    """Whether a value only says that a secret belongs here: `changeme`, `<password>`, `xxxx`.

    With the name of its key also a value that repeats this name, or the end of it.
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST_PLACEHOLDER:
        return False
    if _BLANK.fullmatch(stripped) or _REQUEST.fullmatch(stripped) or _is_example_token(stripped):
        return True
    return _repeats(stripped, key)


def is_literal_secret(value: object, key: str = "") -> bool:
    """Whether a value that ought to be a secret stands there in full."""
    if isinstance(value, bool) or not isinstance(value, (str, bytes, int, float)):
        return False
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return bool(text.strip()) and not is_reference(text) and not is_placeholder(text, key)


def names_a_secret(name: str) -> bool:
    """Whether the name of a variable, key, environment variable or argument says that its value is a secret.

    The longest ending that tables/secret_names.csv knows decides: `db_password` does, `password_file`,
    `DB_SECRET_ID` and `next_page_token` do not.
    """
    if len(name) > _LONGEST_NAME or not _MAY_SAY_SECRET.search(name):
        return False
    words = _words(name)
    verdict = _verdict(words)
    return bool(words) and words[-1].endswith(("password", "passwd")) if verdict is None else verdict


def is_secret_name(text: str) -> bool:
    """Whether a text is the name of something that holds a secret: `db_password`, `API-KEY`."""
    stripped = text.strip()
    if len(stripped) > _LONGEST_NAME or not _MAY_SAY_SECRET.search(stripped):
        return False
    return bool(_NAME.fullmatch(stripped)) and _verdict(_words(stripped)) is True


def _verdict(words: list[str]) -> bool | None:
    """Whether words are the name of a secret; None where no row of the table speaks of them."""
    if not words or _QUESTION.fullmatch(words[0]):
        return False
    known = _secret_names()
    endings = (" ".join(["^", *words][place:]) for place in range(len(words) + 1))
    verdict = next((known[ending] for ending in endings if ending in known), None)
    if verdict is None and _NEUTRAL_ENDING.fullmatch(words[-1]):
        return _verdict(words[:-1])
    return verdict


@lru_cache(maxsize=1)
def _secret_names() -> dict[str, bool]:
    with (_TABLES / "secret_names.csv").open(encoding="utf-8", newline="") as rows:
        return {row["ending"]: row["secret"] == "yes" for row in csv.DictReader(rows)}


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _repeats(text: str, key: str) -> bool:
    said, words = "".join(_words(text)), _words(key)
    return bool(said) and any("".join(words[place:]) == said for place in range(len(words)))


_UNIT = r"\{\{[^{}]*\}\}|\{[^{}]*\}|<[^<>\s]*>"
_USERINFO = re.compile(
    rf"""
    (?<![\w+.-])(?P<scheme>[a-z][a-z0-9+.-]{{1,30}})://
    (?P<user>(?:{_UNIT}|[^\s/?\#"'`<>{{}}\\:])*)
    (?::(?P<password>(?:{_UNIT}|[^\s/?\#"'`<>{{}}\\])*))?
    @(?=[\w\[{{$<%*/.-]|$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUERY = re.compile(r"""://(?:(?!://)[^\s"'`<>?&;])*[?&;]((?:(?!://)[^\s"'`<>])*)""")
_PARAMETER = re.compile(r"(?P<name>[\w.-]+)=(?P<value>[^&;#\s]{6,})")
_NO_PASSWORD = frozenset(["", "x", "x-oauth-basic", "x-token-auth"])
_PATTERN = re.compile(r"\{[^{}]*\}|\\|\[\^|[.)\]][*+]|\(\?")
_SENTRY_KEY = re.compile(r"[0-9a-f]{32}")
"""The user part of a Sentry DSN, which is public by design."""
_MACHINE_MADE = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[\w.~+/=-]{20,}")


def url_passwords(text: str) -> Iterator[tuple[int, int]]:
    """The spans of all literal passwords, tokens and secret query parameters in the URLs of a text."""
    if "://" not in text:
        return
    for match in _USERINFO.finditer(text):
        password = match["password"] or ""
        if password not in _NO_PASSWORD:
            if _is_url_secret(password):
                yield match.span("password")
        elif _is_url_token(match["scheme"], match["user"]):
            yield match.span("user")
    for query in _QUERY.finditer(text):
        for match in _PARAMETER.finditer(text, *query.span(1)):
            if names_a_secret(match["name"]) and _is_url_secret(match["value"]):
                yield match.span("value")


def url_password(text: str) -> tuple[int, int] | None:
    """The span of the first literal password, token or secret query parameter in the URLs of a text."""
    return next(url_passwords(text), None)


def _is_url_secret(text: str) -> bool:
    plain = unquote(text)
    return is_literal_secret(plain) and not is_secret_name(plain) and not _PATTERN.search(plain)


def _is_url_token(scheme: str, user: str) -> bool:
    if scheme.lower() not in {"http", "https", "git+https"} or _SENTRY_KEY.fullmatch(user):
        return False
    return _has_token(user) or bool(_MACHINE_MADE.fullmatch(user))


def connection_credentials(text: str) -> tuple[str, ...]:
    """The fields of an `AIRFLOW_CONN_*` value, a URI or JSON, that hold a literal credential.

    A login alone is none. Fields of the extra are named `extra.<key>`.
    """
    stripped = text.strip()
    is_json = stripped.startswith("{") and not stripped.startswith("{{")
    return tuple(_credentials_of_json(stripped) if is_json else _credentials_of_uri(stripped))


def _credentials_of_json(text: str) -> Iterator[str]:
    fields = _mapping(text)
    if is_literal_secret(fields.get("password"), "password"):
        yield "password"
    yield from (name for name in ("host", "uri") if url_password(str(fields.get(name, ""))))
    yield from _credentials_of_extra(fields.get("extra"), "extra")


def _credentials_of_uri(text: str) -> Iterator[str]:
    main, _, query = text.partition("?")
    if url_password(main):
        yield "password"
    fields = dict(parse_qsl(query))
    yield from _credentials_of_extra(fields.pop("__extra__", None), "extra")
    yield from _credentials_of_extra(fields, "extra")


def _credentials_of_extra(extra: object, path: str) -> Iterator[str]:
    for name, value in _mapping(extra).items():
        if _mapping(value):
            yield from _credentials_of_extra(value, f"{path}.{name}")
        elif _holds_credential(str(name), value):
            yield f"{path}.{name}"


def _mapping(value: object) -> dict[str, object]:
    """A mapping given as such or as JSON; empty for anything else."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _holds_credential(name: str, value: object) -> bool:
    if names_a_secret(name):
        return is_literal_secret(value, name)
    return isinstance(value, str) and (_has_token(value) or url_password(value) is not None)


_HEADER = re.compile(
    r"\b(?P<scheme>Basic|Bearer|GenieKey|ApiKey|SSWS|Splunk|Token)\s+(?P<value>[\w.~+/=-]{8,})",
    re.IGNORECASE,
)


def header_credential(text: str) -> tuple[int, int] | None:
    """The span of the literal credential of an Authorization header: after `Basic`, `Bearer` and the like."""
    for match in _HEADER.finditer(text):
        is_credential = _is_basic if match["scheme"].lower() == "basic" else _is_bearer
        if is_credential(match["value"]):
            return match.span("value")
    return None


def _is_basic(value: str) -> bool:
    """Whether this is base64 of `user:password` with either in full."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return False
    return bool(colon) and (user + password).isprintable() and is_literal_secret(password or user, "password")


def _is_bearer(value: str) -> bool:
    return bool(_MACHINE_MADE.fullmatch(value)) and not is_placeholder(value) and not _is_example(value)


_COMMAND = re.compile(
    r"""
    (?:(?<![\w$.-])(?P<variable>[A-Z][A-Z0-9_]*)= | (?<![\w-])--(?P<option>[a-z][a-z-]*)[ =])
    (?P<quote>["']?)(?P<value>[^\s"'`;&|<>(){}$\\]+)(?P=quote)(?=[\s"';&|)]|$)
    """,
    re.VERBOSE,
)
_CONNECTION_STRING = re.compile(r"\b(?:host|server|uid|user(?: id)?|dbname|data source)\s*=", re.IGNORECASE)
_CONNECTION_PASSWORD = re.compile(
    r"(?:^|[\s;])(?P<name>password|pwd)\s*=\s*(?P<value>[^\s;\"'{}$]+)", re.IGNORECASE
)
_SQL = re.compile(r"\b(?:select|where|update|insert|create|alter)\b", re.IGNORECASE)


def written_secrets(text: str) -> Iterator[tuple[str, int, int]]:
    """The names and spans of values that commands and connection strings in a text give to secret names.

    Such as `PGPASSWORD=...`, `--api-token ...` and `host=... password=...`.
    """
    found = list(_COMMAND.finditer(text))
    if _CONNECTION_STRING.search(text) and not _SQL.search(text):
        found.extend(_CONNECTION_PASSWORD.finditer(text))
    for match in found:
        groups = match.groupdict()
        name = groups.get("name") or groups.get("variable") or groups.get("option") or ""
        if names_a_secret(name) and is_literal_secret(match["value"], name):
            yield name, *match.span("value")


@dataclass(frozen=True)
class Token:
    """A token of recognisable form in a text; `prefix` is what all of its kind start with."""

    kind: str
    start: int
    end: int
    prefix: str


@dataclass(frozen=True)
class _Form:
    kind: str
    prefix: str
    body: str
    context: str
    keywords: tuple[str, ...]
    is_real: Callable[[str], bool]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The form as a regular expression, whose group `token` is the token."""
        before = self.context or r"(?<![\w-])"
        return re.compile(rf"{before}(?P<token>{re.escape(self.prefix)}{self.body})(?![\w+/=-])")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the forms of tables/token_patterns.csv in a text, in order, plain examples left out."""
    found: list[Token] = []
    for form in _forms():
        if any(keyword in text for keyword in form.keywords):
            found.extend(_tokens_of(form, text))
    end = 0
    for token in sorted(found, key=lambda token: (token.start, -token.end)):
        if token.start >= end:
            end = token.end
            yield token


def mentions_token(text: str) -> bool:
    """Whether a text holds a word that a token needs; where it does not, `tokens` finds none."""
    return any(keyword in text for form in _forms() for keyword in form.keywords)


def is_fernet_key(text: str) -> bool:
    """Whether a text has the form of a Fernet key: 32 bytes in URL-safe base64."""
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{43}=", text)) and not _is_example(text)


def _has_token(text: str) -> bool:
    return next(tokens(text), None) is not None


@lru_cache(maxsize=1)
def _forms() -> tuple[_Form, ...]:
    with (_TABLES / "token_patterns.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(map(_form, csv.DictReader(rows)))


def _form(row: dict[str, str]) -> _Form:
    keywords = tuple(row["keywords"].split("|")) if row["keywords"] else (row["prefix"],)
    return _Form(row["kind"], row["prefix"], row["body"], row["context"], keywords, _CHECKS[row["check"]])


def _tokens_of(form: _Form, text: str) -> Iterator[Token]:
    for match in form.pattern.finditer(text):
        if form.is_real(match["token"].removeprefix(form.prefix)):
            yield Token(form.kind, *match.span("token"), form.prefix)


def _is_example_token(text: str) -> bool:
    """Whether a text has the form of a token, but plainly stands for none."""
    matches = (
        form.pattern.fullmatch(text) for form in _forms() if form.prefix and text.startswith(form.prefix)
    )
    return any(map(_is_example, (match["token"] for match in matches if match)))


_SAMPLE = re.compile(r"example|xxxx|your|placeholder|redacted|changeme|(.)\1{7}", re.IGNORECASE)
_EMULATOR_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"
"""How the key of the Azure storage emulator starts, published by Microsoft for everyone's use."""


def _is_example(body: str) -> bool:
    """Whether a token's body is too plain for a real one: few letters, `EXAMPLE`, `12345678`."""
    if len(set(body)) < 8 or _SAMPLE.search(body) or body.startswith(_EMULATOR_KEY):
        return True
    return "1" * 7 in "".join(str(int(ord(after) - ord(before) == 1)) for before, after in pairwise(body))


def _is_jwt(body: str) -> bool:
    """Whether the parts decode to a header with an algorithm and to claims that are no example's."""
    try:
        header, claims = (_mapping(_decoded(part)) for part in f"eyJ{body}".split(".")[:2])
    except ValueError:
        return False
    return "alg" in header and claims.get("name") != "John Doe"


def _decoded(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()


_CHECKS: dict[str, Callable[[str], bool]] = {
    "": lambda body: not _is_example(body),
    "fernet": is_fernet_key,
    "jwt": _is_jwt,
    "private key": lambda body: len(set(body)) > 20,
}

_ASSIGNED = re.compile(
    r"""
    (?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)["']?\]?\s*
    (?:(?::\s*[\w\[\], |]+)?=(?!=)|:|,)\s*
    (?:
      [bru]{0,2}(?P<quote>["'])(?P<quoted>(?:\\.|(?!(?P=quote)).)+)
      | (?P<plain>[^\s"'\#,;(){}\[\]]+)(?=\s*(?:$|[\#,;}]))
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_KEY_MATERIAL = re.compile(r"[\s\"'+#]*([A-Za-z0-9+/=_-]{40,})(?:\\n)?[\s\"'+,)]*")


def masked(text: str) -> str:
    """What may be shown of a secret: how it starts where all of its kind do, and its length."""
    prefix = max((form.prefix for form in _forms() if text.startswith(form.prefix)), key=len, default="")
    return f"{prefix[:4]}*** ({len(text)} characters)"


def mask_line(line: str) -> str:
    """A line of source with whatever may be a secret in it replaced by `***`."""
    spans = [(token.start, token.end) for token in tokens(line)]
    spans.extend(url_passwords(line))
    spans.extend(filter(None, [header_credential(line)]))
    spans.extend(_assigned_secrets(line))
    spans.extend((start, end) for _, start, end in written_secrets(line))
    spans.extend(match.span(1) for match in [_KEY_MATERIAL.fullmatch(line)] if match)
    return _covered(line, spans)


def _assigned_secrets(line: str) -> Iterator[tuple[int, int]]:
    for match in _ASSIGNED.finditer(line):
        group = "quoted" if match["quoted"] else "plain"
        if names_a_secret(match["name"]) and is_literal_secret(match[group]):
            yield match.span(group)


def _covered(line: str, spans: list[tuple[int, int]]) -> str:
    parts, place = [], 0
    for start, end in sorted(spans):
        if end > place:
            parts += [line[place:start], "***"] if start >= place else []
            place = end
    return "".join([*parts, line[place:]])
