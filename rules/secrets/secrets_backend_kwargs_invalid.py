"""With arguments that are no JSON, Airflow starts its secrets backend with none and only warns in a log.

`backend_kwargs` has to be a JSON object. Where it can't be read, Airflow takes `{}`: the backend then looks
at its defaults, and connections that are there are not found. Python's quotes `{'url': ...}`, a comma too
many and a YAML map under the chart's `config`, which becomes `map[url:...]`, all end so. Airflow 3.2 and
later also take each argument from a variable of its own, `AIRFLOW__SECRETS__BACKEND_KWARG__URL`.

A misspelt argument is a warning: the backends take any name and do nothing with those that they do not know.

Write JSON, in one text:

    config:
      secrets:
        backend_kwargs: '{"connections_path": "connections", "url": "https://vault.example.org:8200"}'
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from airwarden.credentials.backends import arguments_of
from airwarden.deployment.effective import Deployment
from airwarden.deployment.secrets_backends import OPTIONS, SecretsBackend, SecretsBackends, json_fault
from airwarden.deployment.settings import Setting
from airwarden.findings import Finding, Level, Region
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.yaml_tree import Scalar

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="write the arguments as one text of JSON, an object",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/secrets-backend/index.html",
    profile="recommended",
)

LIKE = 0.88


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags what is no JSON object, then arguments that are nearly those of the backend."""
    yield from _maps(deployment)
    backends = repo.analysis(SecretsBackends)
    for setting in backends.all_kwargs():
        fault = json_fault(setting.text) if setting.text and not _may_be_quoted(setting) else None
        if fault:
            yield _finding(setting, fault)
    seen = set[tuple[Region, str]]()
    for backend in backends.found:
        for argument, meant in _misspelt(backend):
            place = backend.kwargs
            if place is not None and (place.region, argument) not in seen:
                seen.add((place.region, argument))
                fault = f"has `{argument}`, which the backend does not know (`{meant}` is meant?)"
                yield _finding(place, fault, "warning", "write the argument as the backend calls it")


def _maps(deployment: Deployment) -> Iterator[Finding]:
    """YAML maps under the chart's `config`."""
    for values in deployment.values_files:
        for item in values.config_items():
            entry = values.entry(item.path)
            is_ours = OPTIONS.get(item.section, ("", ""))[1] == item.key
            if is_ours and item.key and entry and not isinstance(entry.node, Scalar) and entry.node.children:
                message = f"{entry.dotted} is a map, and Airflow needs it as one text of JSON"
                yield rule.finding(entry.key_region or entry.region, message, subject=entry.dotted)


def _may_be_quoted(setting: Setting) -> bool:
    """Whether a shell, or who knows what, takes something away before Airflow sees it."""
    text = (setting.text or "").strip()
    return text[:1] in ("'", '"', "\\") or (setting.place == "image" and not text.endswith("}"))


def _misspelt(backend: SecretsBackend) -> Iterator[tuple[str, str]]:
    known = arguments_of(backend.name)
    given = backend.arguments or {}
    for argument in given if known else ():
        near = difflib.get_close_matches(argument, known - given.keys(), 1, LIKE)
        if argument not in known and near:
            yield argument, near[0]


def _finding(setting: Setting, fault: str, level: Level = "error", remedy: str | None = None) -> Finding:
    section = "workers" if "__WORKERS__" in setting.variable else "secrets"
    called = setting.called(section, setting.variable.rpartition("__")[2].lower())
    message = f"{called} {fault}"
    return rule.finding(setting.region, message, level=level, remedy=remedy, subject=called, secret=True)
