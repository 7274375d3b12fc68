"""Whether a value that ought to be a secret is one: no reference to it, and no placeholder."""

from __future__ import annotations

import re

from airwarden.credentials.names import repeats
from airwarden.credentials.tokens import is_example_token
from airwarden.patterns import regex

_TEMPLATE = regex(
    r"""
    \{\{ | \{% | <%                      # Jinja, Go, Helm, ERB
    | \$\{ | \$\(\w | \#\{\w             # ${VAR}, $(VAR), #{VAR}#
    | %\(\w+\)[sdr]                      # %(name)s
    | ENC\[ | \$ANSIBLE_VAULT;           # ciphertext of SOPS and Ansible
    """,
    re.VERBOSE,
)
_ADDRESS = regex(
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
_BLANK = regex(
    r"""
    <[^<>]*> | \[[\w\s.-]*\] | __\w+__ | @@?[\w-]+@@? | ~[\w-]+~ | %[A-Z_]+%
    | [.\u2026*x#?_\u2022-]+ | (\w)\1{3,}
    | (?:.*[\W_])?(?:x{4,}|\*{3,}|\.{3,})(?:\W.*)?
    | none | null | nil | undefined | n/?a | unset | not[\s_-]?set | true | false | ~
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_REQUEST = regex(
    r"""
    (?:.*[\W_])?(?:change|replace|fill|set|override|edit|update|rotate)[\s_-]?(?:me|this|it|in|with)
      (?:[\W_\d].*)?
    | (?:.*[\W_])?your[\s_-].* | your(?:own|secret|password|token|api|key|access|client)\w*
    | (?:put|insert|enter|type|paste|use|add|provide|specify)[\s_-](?:your|the|an?|my|real|here|in)
      (?:[\s_-].*)?
    | (?:.*[\s_-])?(?:dummy|example|fake|filtered|fixme|hidden|masked|omitted|placeholder|redacted|sample)
      (?:[\s_:-].*)?
    | (?:.*[\s_-])?(?:tbd|todo)(?:[\s_:-].*)?
    | (?:.*[\W_])?random[\s_-]?(?:bytes|characters|chars|hex|key|password|secret|string|text|token|value)s?
      (?:[\W_].*)?
    | my[\s_-](?:[a-z]{1,12}[\s_-]){0,3}(?:credentials?|key|pass|passphrase|passwd|password|pwd|secret|token)
    | .*EXAMPLE(?:KEY)? | .*[\s_-]here | to[\s_-]be[\s_-].* | same[\s_-]as[\s_-].* | see[\s_-].*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_NONE = regex(
    r"none|null|nil|undefined|n/?a|unset|not[\s_-]?set|true|false|~|[.\u2026#?_\u2022-]+|\W+|see[\s_-].*|.*[\s_-](?:from|by|via)[\s_-].*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_PLACEHOLDER = 200


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
    if _BLANK.fullmatch(stripped) or _REQUEST.fullmatch(stripped) or is_example_token(stripped):
        return True
    return repeats(stripped, key)


def asks_for_secret(text: str) -> bool:
    """Whether a value asks to be replaced by a secret. One that says that there is none asks for nothing."""
    stripped = text.strip()
    if len(stripped) > _LONGEST_PLACEHOLDER or is_reference(stripped) or _NONE.fullmatch(stripped):
        return False
    return bool(_BLANK.fullmatch(stripped) or _REQUEST.fullmatch(stripped))


def is_literal_secret(value: object, key: str = "") -> bool:
    """Whether a value that ought to be a secret stands there in full."""
    if isinstance(value, bool) or not isinstance(value, (str, bytes, int, float)):
        return False
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return bool(text.strip()) and not is_reference(text) and not is_placeholder(text, key)
