"""Values as TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from airwarden.config.faults import key, quoted


def inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key(name)} = {inline(inner)}" for name, inner in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(inline, value))}]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)
