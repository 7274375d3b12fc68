"""`airwarden config`: shows which settings count, and where each comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN
from airwarden.commands.scope import (
    add_settings_options,
    add_trust_arguments,
    paths_of,
    root_of,
    settings_of,
    tell_withheld,
)
from airwarden.terminal import colors, show

if TYPE_CHECKING:
    import argparse

    from airwarden.formats.view import View
    from airwarden.provenance.places import Places
    from airwarden.registry import Registry
    from airwarden.repo import Repo

FORMATS = ("text", "toml", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Shows the settings that count, and the file and line that each comes from."
    parser.epilog = _EXAMPLES
    add = parser.add_argument
    parser.set_defaults(quiet=False)
    add("path", nargs="?", metavar="PATH", help="show what counts for this file: how each rule stands")
    add("--rule", metavar="RULE", help="show what counts for this rule")
    add("--format", choices=FORMATS, default="text", help="how to show it (default: text)")
    add_settings_options(parser)
    add_trust_arguments(parser)
    add("--no-color", action="store_true", help="no colours, as with NO_COLOR in the environment")


_EXAMPLES = """\
examples:
  airwarden config                              every setting, and who sets it
  airwarden config dags/orders.py               which rules run on a file, and why
  airwarden config --rule known-token           the level and the options of a rule
  airwarden config --format toml > team.toml    all of it as one file, to be extended
"""


def run(options: argparse.Namespace) -> int:
    """Shows all settings, or those of a file or a rule."""
    from airwarden.config import ConfigError
    from airwarden.provenance.places import Places
    from airwarden.registry import Registry
    from airwarden.repo import Repo
    from airwarden.trust import Trust

    if options.format == "toml" and (options.path or options.rule):
        raise ConfigError("--format toml: shows all settings; for a file or a rule, ask for text or json")
    options.paths = [options.path] if options.path else []
    root = root_of(options.paths)
    registry = Registry(trust=Trust(root, options.trust))
    settings = settings_of(options, root, registry)
    tell_withheld(registry)
    repo = Repo(root, settings.config)
    path = _path(options, repo)
    if options.rule:
        show(_rule(options, path, Places(settings), registry))
    elif path is not None:
        show(_file(options, path, Places(settings), registry, repo))
    else:
        show(_settings(options, root, Places(settings)))
    return CLEAN


def _path(options: argparse.Namespace, repo: Repo) -> str | None:
    """The file that is asked about, from the root on."""
    from airwarden.config import ConfigError

    if options.path and Path(options.path).is_dir():
        raise ConfigError(f"{options.path}: is a folder; name one file")
    paths = paths_of(options, repo)
    return paths[0] if paths else None


def _rule(options: argparse.Namespace, path: str | None, places: Places, registry: Registry) -> str:
    from airwarden.config import ConfigError, nearest
    from airwarden.formats.view import json_text
    from airwarden.provenance import views
    from airwarden.provenance.facts import rule_facts

    if options.rule not in registry.files:
        near = nearest(options.rule, registry.files) or " (`airwarden rules` lists them)"
        raise ConfigError(f"--rule: there is no rule {options.rule!r}{near}")
    facts = rule_facts(options.rule, path, places, registry)
    is_json = options.format == "json"
    return (
        json_text(views.rule_json(facts), plain=True) if is_json else views.rule_text(facts, _view(options))
    )


def _file(options: argparse.Namespace, path: str, places: Places, registry: Registry, repo: Repo) -> str:
    from airwarden.formats.view import json_text
    from airwarden.provenance import views
    from airwarden.provenance.facts import file_facts

    facts = file_facts(repo, path, places, registry)
    if options.format == "json":
        return json_text(views.file_json(facts, places), plain=True)
    return views.file_text(facts, places, _view(options))


def _settings(options: argparse.Namespace, root: Path, places: Places) -> str:
    from airwarden.formats.view import json_text
    from airwarden.provenance import views

    match options.format:
        case "json":
            return json_text(views.settings_json(str(root), places), plain=True)
        case "toml":
            return views.settings_toml(places)
    return views.settings_text(str(root), places, _view(options))


def _view(options: argparse.Namespace) -> View:
    from airwarden.formats.view import View

    return View(color=colors(options.no_color))
