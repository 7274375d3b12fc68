"""The chart refuses to render: `enableBuiltInSecretEnvVars` has a closed list of names, each true or false.

The schema of the official chart rejects any other name below it, and a quoted `'false'`: it wants a truth
value and no text. What is meant to keep a variable out of the pods then keeps the release from being made.

Flagged is a name that no version of the chart has, and a value that is a text.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator

from airwarden.chart_secrets import built_ins
from airwarden.findings import Edit, Finding, Fix, Region
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.source import Source
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Mapping, Scalar

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="write the name of one of the chart's variables, with true or false",
    see="https://airflow.apache.org/docs/helm-chart/stable/parameters-ref.html",
    applies_to="official chart",
    profile="recommended",
    severity=4.0,
)

PATH = "enableBuiltInSecretEnvVars"


@rule.values
def check(values: ValuesFile, _: Repo) -> Iterator[Finding]:
    """Flags unknown names and quoted truth values."""
    for root in values.roots:
        entry = values.entry((*root.path, PATH)) if root.chart == "official" else None
        own = entry.node.own if entry and isinstance(entry.node, Mapping) else ()
        names = Counter(_near(key.text) or key.text for key, _ in own)
        for key, value in own:
            if key.text not in built_ins():
                yield _unknown(values.source, key, names)
            elif (
                isinstance(value, Scalar) and value.text.lower() in ("true", "false") and value.kind == "text"
            ):
                region = values.source.region(value.start, value.end)
                message = f"{PATH}.{key.text} is a text, and the schema takes true or false only"
                edit = Edit(region, value.text.lower())
                yield rule.finding(region, message, subject=key.text, fix=_fix(value, edit))


def _fix(value: Scalar, edit: Edit) -> Fix | None:
    return Fix(f"write {edit.text} without quotes", (edit,), safe=True) if value.style in ("'", '"') else None


def _near(name: str) -> str:
    """The variable that a name is a near miss of, or is; empty where there is none."""
    return next(iter(difflib.get_close_matches(name.upper(), built_ins(), n=1, cutoff=0.85)), "")


def _unknown(source: Source, key: Scalar, names: Counter[str]) -> Finding:
    region: Region = source.region(key.start, key.end)
    near = _near(key.text)
    meant = f" ({near} is meant?)" if near else ""
    message = f"{PATH}: no version of the chart has a switch for {key.text}{meant}"
    is_alone = names[near] == 1 and not key.style
    fix = Fix(f"write {near}", (Edit(region, near),)) if near and is_alone else None
    return rule.finding(region, message, subject=key.text, fix=fix)
