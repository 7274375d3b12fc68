"""Our own settings in all their files, what they extend, and policies that are schemas."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from airwarden.config import ConfigError, Settings
from airwarden.engine import check
from airwarden.formats.view import View, json_text
from airwarden.provenance import views
from airwarden.provenance.facts import file_facts, rule_facts
from airwarden.provenance.places import Places
from airwarden.registry import Registry
from airwarden.schema_policies import checks, reading

from fuzzing import grammars
from fuzzing.folders import folder, put
from fuzzing.invariants import verify
from fuzzing.states import REGISTRY, TODAY, repo_of, rules
from fuzzing.target import Target

_EXTENDING = b'[tool.airwarden]\nextends = "base.toml"\nprofile = "strict"\nlevels = {secrets = "warning"}\n'
_FILES = {
    "dags/a.py": b"from airflow import DAG\nDAG('a', tags=['x'], default_args={'retries': 3})\n",
    "values.yaml": b"executor: CeleryExecutor\nairflowVersion: 3.0.2\nenv: [{name: A, value: b}]\n",
    "pyproject.toml": b'[project]\nname = "x"\nversion = "1"\ndependencies = ["apache-airflow>=3"]\n',
}


def _set_in(name: str) -> Callable[[bytes], None]:
    """What reads settings from a file of that name, shows them in every form and runs under them."""
    home = folder(f"settings-{name}")

    def read(data: bytes) -> None:
        put(home, name, data)
        if name == "base.toml":
            put(home, "pyproject.toml", _EXTENDING)
        with suppress(ConfigError):
            settings = Settings.read(home)
            registry = Registry()
            registry.take(settings.config.packs)
            registry.verify_settings(settings)
            _show(settings, registry)
            repo = repo_of(_FILES, settings.config)
            baseline = None
            report = check(
                *(repo, None, settings.config, rules()),
                families=REGISTRY.families,
                today=TODAY,
                baseline=baseline,
            )
            verify(report, repo, data)

    return read


def _show(settings: Settings, registry: Registry) -> None:
    places = Places(settings)
    views.settings_text("/a", places, View(color=True))
    json_text(views.settings_json("/a", places), plain=True)
    views.settings_toml(places)
    repo = repo_of(_FILES, settings.config)
    views.file_text(file_facts(repo, "dags/a.py", places, registry), places, View())
    json_text(views.rule_json(rule_facts("hardcoded-credential", "dags/a.py", places, registry)), plain=True)


def _policy(data: bytes) -> None:
    """Reads a policy that is a schema and puts what it may be about to it."""
    file = put(folder("policies"), "own/some_policy.json", data)
    with suppress(ConfigError):
        reading.verify(file)
        rule = checks.rule_of(file)
        repo = repo_of(_FILES)
        report = check(repo, None, repo.config, {rule.id: rule}, families={rule.id: rule.family})
        verify(report, repo, data)


_SETTINGS = re.compile(r".*(pyproject|airwarden|base)\.toml")

TARGETS = (
    Target("settings", _set_in("pyproject.toml"), grammars.SETTINGS, _SETTINGS, weight=2),
    Target("own-settings", _set_in("airwarden.toml"), grammars.SETTINGS, _SETTINGS),
    Target("extended-settings", _set_in("base.toml"), grammars.SETTINGS, _SETTINGS),
    Target("policy", _policy, grammars.JSON, re.compile(r".*\.json"), weight=2),
)
