"""What the author of a rule needs. `PROMISED` stays as it is; all other names of the program may change.

    from airwarden.api import DagFile, Finding, Repo, Rule, dags_of

A name is loaded when it is asked for, so that a rule on values never loads what reads Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airwarden.dag import DagFile
    from airwarden.dag_arguments import ResolvedDag
    from airwarden.dependencies.declarations import Declaration, DependencyList
    from airwarden.dependencies.effective import Dependencies
    from airwarden.deployment.effective import Deployment
    from airwarden.deployment.precedence import Deployed
    from airwarden.deployment.settings import Setting
    from airwarden.findings import Edit, Finding, Fix, Level, Region, Related
    from airwarden.repo import Repo
    from airwarden.rule import Rule
    from airwarden.source import Source
    from airwarden.syntax import Call, CallSite, Scope
    from airwarden.toml_file import TomlFile
    from airwarden.values import ConfigItem, Entry, EnvItem, ValuesFile
else:

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"airwarden.{_HOMES[name]}"), name)


__all__ = [
    "PROMISED",
    "Call",
    "CallSite",
    "ConfigItem",
    "DagFile",
    "Declaration",
    "Dependencies",
    "DependencyList",
    "Deployed",
    "Deployment",
    "Edit",
    "Entry",
    "EnvItem",
    "Finding",
    "Fix",
    "Level",
    "Region",
    "Related",
    "Repo",
    "ResolvedDag",
    "Rule",
    "Scope",
    "Setting",
    "Source",
    "TomlFile",
    "ValuesFile",
    "dags_of",
]

_HOMES = {
    "Call": "syntax",
    "CallSite": "syntax",
    "ConfigItem": "values",
    "DagFile": "dag",
    "Declaration": "dependencies.declarations",
    "Dependencies": "dependencies.effective",
    "DependencyList": "dependencies.declarations",
    "Deployed": "deployment.precedence",
    "Deployment": "deployment.effective",
    "Edit": "findings",
    "Entry": "values",
    "EnvItem": "values",
    "Finding": "findings",
    "Fix": "findings",
    "Level": "findings",
    "Region": "findings",
    "Related": "findings",
    "Repo": "repo",
    "ResolvedDag": "dag_arguments",
    "Rule": "rule",
    "Scope": "syntax",
    "Setting": "deployment.settings",
    "Source": "source",
    "TomlFile": "toml_file",
    "ValuesFile": "values",
}

PROMISED: Mapping[str, tuple[str, ...]] = {
    "Rule": (
        *("module", "help", "level", "remedy", "see", "profile", "severity", "options", "id", "family"),
        *("dag", "values", "deployment", "dependencies", "pyproject", "text", "finding", "option"),
    ),
    "Finding": (
        "rule",
        "family",
        "level",
        "region",
        "message",
        "remedy",
        "related",
        "fix",
        "subject",
        "secret",
    ),
    "Region": ("path", "line", "column", "end_line", "end_column", "overlaps"),
    "Related": ("region", "note"),
    "Fix": ("title", "edits", "safe"),
    "Edit": ("region", "text"),
    "Source": ("path", "text", "line", "region", "slice"),
    "Repo": ("files_ending", "is_file", "source", "dag_file", "values_files", "dependencies", "analysis"),
    "DagFile": ("path", "source", "region", "calls_of", "full_name", "text", "needs"),
    "CallSite": ("call", "scope"),
    "Scope": ("kind",),
    "Call": ("function", "argument", "keyword", "positional", "has_unpacking"),
    "ResolvedDag": (
        "id",
        "title",
        "subject",
        "region",
        "arguments",
        "get",
        "is_known",
        "region_of",
        "written",
    ),
    "ValuesFile": ("path", "source", "root_paths", "at", "entry", "entries", "env_items", "config_items"),
    "Entry": ("path", "name", "dotted", "text", "region", "key_region"),
    "EnvItem": ("name", "text", "region", "path", "has_value_from"),
    "ConfigItem": ("section", "key", "text", "region", "path", "env"),
    "Deployment": ("deployments", "setting", "variable"),
    "Deployed": ("name", "files", "effective"),
    "Setting": ("variable", "text", "region", "name_region", "components", "section", "path"),
    "Dependencies": ("lists", "declares", "series", "oldest_airflow"),
    "DependencyList": ("path", "declarations", "region"),
    "Declaration": ("name", "extras", "versions", "region", "group"),
    "TomlFile": ("source", "data", "find", "key", "value", "header"),
}
"""The questions that may be asked of each kind of objects."""


def dags_of(dag_file: DagFile, repo: Repo) -> tuple[ResolvedDag, ...]:
    """The DAGs that a file makes, each with its arguments as Airflow gets them."""
    from airwarden.dag_arguments import DagArguments

    return repo.analysis(DagArguments).of(dag_file)
