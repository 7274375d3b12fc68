"""`airwarden new`: begins a rule, or a pack of rules, of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.commands.exit_codes import CLEAN
from airwarden.commands.scope import registry_here, root_of
from airwarden.terminal import say, show

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from airwarden.registry import Registry
    from airwarden.scaffolds import Place

_EXAMPLES = """\
examples:
  airwarden new rule ownership owner-missing --in policies   a rule in Python
  airwarden new rule ownership team-tag-missing --schema     a JSON Schema that needs no code
  airwarden new pack acme-airflow                            a package that many repositories can install
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.description = "Writes a rule that works, or a pack of rules, with fixtures that pass at once."
    parser.epilog = _EXAMPLES
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True, dest="what")
    rule = kinds.add_parser("rule", help="a rule and its fixtures")
    rule.add_argument(
        "family", metavar="FAMILY", help="the family that the rule belongs to, an old or a new one"
    )
    rule.add_argument("name", metavar="NAME", help="the id of the rule, words that name the fault")
    rule.add_argument("--schema", action="store_true", help="a JSON Schema in place of Python")
    pack = kinds.add_parser("pack", help="a package of rules to be installed")
    pack.add_argument("name", metavar="NAME", help="the name of the package")
    for each, said in (
        (rule, "the folder of policies (default: that of the settings)"),
        (pack, "where (default: NAME)"),
    ):
        each.add_argument("--in", dest="folder", metavar="FOLDER", type=Path, help=said)


def run(options: argparse.Namespace) -> int:
    """Writes the files, and says how to go on."""
    if options.what == "pack":
        return _begin_pack(options.name, options.folder or Path(options.name))
    return _begin_rule(options)


def _begin_pack(name: str, home: Path) -> int:
    from shlex import quote

    from airwarden.scaffolds import pack_files

    _write(pack_files(name, home))
    say(f"try it: airwarden test {quote(str(home / 'src' / name.replace('-', '_')))}")
    say(f'use it: pip install {quote(str(home))}, and extends = ["{name}"] in [tool.airwarden]')
    return CLEAN


def _settings(root: Path) -> str:
    """Where the settings of a repository stand, or may be put."""
    from airwarden.config.parts import OWN_FILES

    own = next((root / name for name in OWN_FILES if (root / name).is_file()), None)
    return f"at the top of {own}" if own else f"in [tool.airwarden] of {root / 'pyproject.toml'}"


def _begin_rule(options: argparse.Namespace) -> int:
    from shlex import quote

    from airwarden.config import ConfigError
    from airwarden.scaffolds import rule_files

    root, registry = root_of(()), registry_here()
    place = _place(options, root, registry)
    if options.name in registry.names:
        known = registry.files.get(options.name) or "a family"
        raise ConfigError(f"there is a rule {options.name!r} already: {known}")
    _write(rule_files(options.family, options.name, place, is_schema=options.schema))
    if not any(pack.folder == place.rules.resolve() for pack in registry.packs) and options.folder:
        inside = place.rules.resolve().is_relative_to(root)
        shown = place.rules.resolve().relative_to(root).as_posix() if inside else place.rules
        say(f'let it run: policies = ["{shown}"] {_settings(root)}')
    if place.fixtures.parent == place.rules:
        say(f"try it: airwarden test {quote(str(place.rules))}")
    else:
        say(f"try it: pytest -k {options.name}")
    return CLEAN


def _place(options: argparse.Namespace, root: Path, registry: Registry) -> Place:
    """Where the rule goes: the folder that is named, that of the settings, or our own rules."""
    from airwarden.config import ConfigError
    from airwarden.folders import folder
    from airwarden.scaffolds import Place, place_in

    if options.folder is not None:
        return place_in(options.folder)
    local = [pack for pack in registry.packs if pack.is_local]
    if local:
        return place_in(_seen_from_here(local[0].folder))
    if (root / "rules").resolve() == folder("rules").resolve():
        if options.schema:
            raise ConfigError("--schema: the built-in rules are Python; name a folder of policies with --in")
        return Place(_seen_from_here(root / "rules"), _seen_from_here(root / "tests" / "fixtures"))
    raise ConfigError("there is no folder of policies in the settings: name one, such as --in policies")


def _seen_from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _write(files: Mapping[Path, str]) -> None:
    from airwarden.formats.view import visible
    from airwarden.scaffolds import written

    for path in written(files):
        show(f"{visible(str(path))}\n")
