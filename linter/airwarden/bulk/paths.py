"""Paths as they are written: which of them lead to what people write by hand."""

from __future__ import annotations

import re

from airwarden.patterns import regex

_LONGEST = 200
_BY_HAND = regex(
    r"""
    \. (?: cfg | conf | env | graphql | hql | html? | ini | j2 | jinja2? | key | md | pem | py | r | sh | sql
        | toml | tmpl | tpl | ya?ml ) $
    | /airflow/dags(?:/|$)
    | (?<![a-z]) (?: configs? | conf | configuration | credentials? | manifest | quer(?:y|ies) | schemas?
        | markers? | param(?:eter)?s? | secrets? | settings | sql | templates? | tokens? | version ) (?![a-z])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_by_hand(path: str) -> bool:
    """Whether a path leads to code, settings or the like, which people write and which is never large."""
    return len(path) < _LONGEST and _BY_HAND.search(path) is not None
