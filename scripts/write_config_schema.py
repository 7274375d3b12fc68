"""Writes the options of all rules into schemas/config.json, where editors and `airwarden check` look them up.

With --check nothing is written: exit 1 where the schema is stale.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airwarden.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airwarden.rule import Rule

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "config.json"
WIDTH = 110


def written(text: str, rules: Iterable[Rule]) -> str:
    """The schema with a table for each rule: its level and the options that it declares."""
    schema = json.loads(text)
    schema["$defs"]["rules"]["properties"] = {rule.id: table(rule) for rule in rules}
    return f"{spread(schema)}\n"


def table(rule: Rule) -> dict[str, Any]:
    """The schema of a rule's table."""
    if not rule.options:
        return {"$ref": "#/$defs/rule"}
    level = {"$ref": "#/$defs/level"}
    properties = {"level": level, **{name: dict(option) for name, option in rule.options.items()}}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def spread(value: Any, indent: str = "", before: int = 0) -> str:
    """JSON in which a value that fits into a line stands in one, behind `before` characters."""
    line = flat(value)
    if len(indent) + before + len(line) <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return line
    deeper = f"{indent}  "
    if isinstance(value, dict):
        named = ((f"{json.dumps(key)}: ", inner) for key, inner in value.items())
        parts = [f"{deeper}{name}{spread(inner, deeper, len(name) + 1)}" for name, inner in named]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(f"{deeper}{spread(each, deeper, 1)}" for each in value) + f"\n{indent}]"


def flat(value: Any) -> str:
    """JSON on one line, with blanks inside of braces."""
    if isinstance(value, dict) and value:
        return "{ " + ", ".join(f"{json.dumps(key)}: {flat(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(flat, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    """Writes or, with --check, compares."""
    parser = argparse.ArgumentParser(description="Writes the options of all rules into schemas/config.json.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where the schema is stale"
    )
    arguments = parser.parse_args()
    rules, crashes = Registry().load()
    if crashes:
        raise SystemExit("\n".join(f"{crash.path} {crash.message}" for crash in crashes))
    text = SCHEMA.read_text(encoding="utf-8")
    wanted = written(text, rules.values())
    if wanted == text:
        return 0
    if arguments.check:
        print("schemas/config.json is stale: run `make pages`", file=sys.stderr)
        return 1
    SCHEMA.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
