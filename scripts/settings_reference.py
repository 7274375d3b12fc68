"""The page of all settings, made of the schema that they are checked against."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

HEAD = """\
<!-- Written by `make pages` from schemas/config.json and scripts/settings_reference.py: change those. -->

# Configuration

In the table `[tool.airwarden]` of `pyproject.toml` at the root of the repository, or at the top of an \
`airwarden.toml` or `.airwarden.toml` beside it; `--config FILE` reads another file. Every setting is \
optional, and a name that is no setting is an error. `airwarden config` shows what counts and which line \
says so; what counts of several files is said under [profiles and shared settings](profiles.md).

An editor that knows TOML completes and checks an `airwarden.toml` whose first line is \
`#:schema https://raw.githubusercontent.com/airwarden/airwarden/main/schemas/config.json`.

```toml
[tool.airwarden]
profile = "recommended"
ignore = ["failure-alert-not-slack"]
exclude = ["vendor/"]
dag-folders = ["pipelines"]
accepted-notifiers = ["slack", "pagerduty", "company.alerts.tell_the_team"]
alert-channels = ["#data-alerts", "#sales-alerts"]
exempt-dags = [{ id = "sandbox_*", reason = "nobody waits for them" }]

[tool.airwarden.levels]
provider-needed-by-values = "warning"

[tool.airwarden.rules.variable-at-parse-time]
level = "error"
allow = ["environment", "schedule_*"]

[[tool.airwarden.overrides]]
paths = ["dags/legacy/"]
levels = { alerts = "note" }

[tool.airwarden.per-file-ignores]
"dags/sandbox/" = ["alerts"]
```

"""

NOUNS = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
    "object": "a table",
}


def configuration(schemas: Path) -> str:
    """The page, setting by setting, in the order of the schema."""
    schema = json.loads((schemas / "config.json").read_text(encoding="utf-8"))
    return HEAD + "\n".join(
        "\n\n".join(section(name, each, schema)) + "\n" for name, each in schema["properties"].items()
    )


def section(name: str, setting: Schema, schema: Schema) -> Iterator[str]:
    """What one setting is for, what it takes and what it looks like."""
    whole = resolved(setting, schema)
    yield f"## {name}"
    yield sentence(whole)
    default = f" Default: `{json.dumps(whole['default'])}`." if "default" in whole else ""
    yield f"Takes {kind(whole, schema)}.{default}"
    fields = list(own_options(whole, schema) if name == "rules" else keys(whole, schema))
    if fields:
        yield "| key | takes | |\n| --- | --- | --- |\n" + "\n".join(fields)
    for example in whole.get("examples", ())[:1]:
        yield f"```toml\n{toml(name, example)}\n```"


def toml(name: str, value: Any) -> str:
    """A setting as it stands in pyproject.toml."""
    if isinstance(value, dict):
        rows = "\n".join(f"{bare(key)} = {inline(each)}" for key, each in value.items())
        return f"[tool.airwarden.{name}]\n{rows}"
    return f"[tool.airwarden]\n{name} = {inline(value)}"


def inline(value: Any) -> str:
    """A value of TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{bare(key)} = {inline(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return json.dumps(value, ensure_ascii=False)


def bare(key: str) -> str:
    """A key of TOML, in quotes where it needs them."""
    return key if re.fullmatch(r"[\w-]+", key, re.ASCII) else json.dumps(key, ensure_ascii=False)


def own_options(setting: Schema, root: Schema) -> Iterator[str]:
    """A row for each rule that has more than a level to be set."""
    for rule, each in setting.get("properties", {}).items():
        options = {
            key: option
            for key, option in resolved(each, root).get("properties", {}).items()
            if key != "level"
        }
        for key, option in options.items():
            takes = kind(resolved(option, root), root)
            yield f"| [`{rule}`](rules/{rule}.md) | `{key}`: {takes} | {sentence(option)} |"


def sentence(schema: Schema) -> str:
    """The description of a schema, as a sentence."""
    text = str(schema.get("description", ""))
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def resolved(schema: Schema, root: Schema) -> Schema:
    """A schema with what it refers to, its own words first."""
    if "$ref" not in schema:
        return schema
    found: Any = root
    for key in schema["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return {**resolved(found, root), **{key: value for key, value in schema.items() if key != "$ref"}}


def kind(schema: Schema, root: Schema) -> str:
    """What a schema takes, in words."""
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(each)}`" for each in schema["enum"])
    for key in ("oneOf", "anyOf"):
        if key in schema and "type" not in schema:
            return ", or ".join(kind(resolved(each, root), root) for each in schema[key])
    types = schema.get("type", "string")
    named = [types] if isinstance(types, str) else types
    return ", or ".join(of_type(each, schema, root) for each in sorted(named, reverse=True))


def of_type(name: str, schema: Schema, root: Schema) -> str:
    """What a schema takes of one type."""
    rest = schema.get("additionalProperties")
    if name == "array":
        return f"a list, each item {item(schema.get('items', {}), root)}"
    if name == "object" and isinstance(rest, Mapping):
        return f"a table, each value {item(rest, root)}"
    return NOUNS.get(name, "a string")


def item(schema: Schema, root: Schema) -> str:
    """What each member of a list or table is."""
    whole = resolved(schema, root)
    if whole.get("type") in ("array", "object") or "enum" in whole:
        return kind(whole, root)
    return str(whole.get("description", "")) or kind(whole, root)


def keys(schema: Schema, root: Schema) -> Iterator[str]:
    """A row for each key of a table, or of the tables in a list or table."""
    inner = schema
    while "properties" not in inner:
        further = inner.get("items") or inner.get("additionalProperties")
        if not isinstance(further, Mapping):
            return
        inner = resolved(further, root)
    for name, each in inner["properties"].items():
        whole = resolved(each, root)
        needed = " Required." if name in inner.get("required", ()) else ""
        yield f"| `{name}` | {kind(whole, root)} | {sentence(whole)}{needed} |"
