"""The chart does not know this key: the Secret that it names is never used, and nobody is told.

At the top of the values the official chart takes any key. `fernetKeySecret:` or `jwtSecretKey:` is a key
that it has no use for, and Airflow runs with a key that the chart made up. Below `data`, `redis`, `flower`
and their like the list of keys is closed, and a misspelt one keeps the chart from rendering.

Flagged is a near miss of the chart's keys about secrets, wherever the values of the official chart start.
Keys of your own that are like none of them are left alone.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator

from airwarden.chart_secrets import key_aliases, official_keys, official_secret_keys
from airwarden.charts import Root
from airwarden.deployment.chart_values import is_surely_official
from airwarden.findings import Edit, Finding, Fix
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile
from airwarden.yaml_tree import Mapping, Scalar

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="write the key as the chart has it",
    see="https://airflow.apache.org/docs/helm-chart/stable/parameters-ref.html",
    profile="recommended",
    severity=4.0,
)

LIKE = 0.9


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Looks at the keys below each path that has some about secrets."""
    for root in values.roots:
        is_sure = is_surely_official(values, root, repo, _is_near)
        if not is_sure or _is_open(values, root, repo):
            continue
        for parent in official_secret_keys():
            entry = values.entry((*root.path, *filter(None, parent.split("."))))
            keys = [key for key, _ in entry.node.own] if entry and isinstance(entry.node, Mapping) else []
            names = Counter(_meant(key.text, parent) or key.text for key in keys)
            for key in keys:
                meant = _meant(key.text, parent)
                if meant:
                    yield _finding(values, key, parent, meant, is_alone=names[meant] == 1)


def _is_open(values: ValuesFile, root: Root, repo: Repo) -> bool:
    """Whether the keys at the top may be those of another chart, which a Chart.yaml above the file tells."""
    chart = repo.chart(values.path)
    return not root.path and chart is not None and chart.name != "airflow" and values.release is None


def _is_near(name: str) -> bool:
    return _meant(name, "") is not None


def _meant(name: str, parent: str) -> str | None:
    """The key about secrets that a name is a near miss of; None for a key of the chart."""
    if name in official_keys()[parent]:
        return None
    known = official_secret_keys()[parent]
    alias = key_aliases().get(name)
    if alias in known:
        return alias
    by_case = {key.lower(): key for key in known}
    bare = name.lower().replace("_", "").replace("-", "")
    if bare in by_case:
        return by_case[bare]
    near = difflib.get_close_matches(name, known, n=1, cutoff=LIKE)
    return near[0] if near and len(name) > len("password") else None


def _finding(values: ValuesFile, key: Scalar, parent: str, meant: str, *, is_alone: bool) -> Finding:
    path = f"{parent}.{key.text}" if parent else key.text
    effect = "refuses it" if parent else "ignores it"
    region = values.source.region(key.start, key.end)
    fix = None if key.style or not is_alone else Fix(f"write {meant}", (Edit(region, meant),))
    message = f"the chart has no key {path} and {effect} ({meant} is meant?)"
    return rule.finding(region, message, subject=path, fix=fix)
