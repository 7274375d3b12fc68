"""What the options say of the repository that is meant, its settings, and the files that were named."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden import user_folders
from airwarden.terminal import say, verify_place

if TYPE_CHECKING:
    from argparse import _ActionsContainer as ArgumentGroup
    from collections.abc import Iterable, Sequence

    from airwarden.config import Config, Settings
    from airwarden.registry import Registry
    from airwarden.repo import Repo
    from airwarden.workspace import Workspace


def add_run_arguments(parser: ArgumentGroup) -> None:
    """What every command takes that checks files."""
    add = parser.add_argument
    add("--jobs", metavar="N", type=_count, help="how many processes may work (default: one a core)")
    add("--no-cache", action="store_true", help="neither use nor write what earlier runs found")
    add("--cache-dir", metavar="DIR", type=Path, help="where that is kept (default: the user's cache folder)")


def add_trust_arguments(parser: ArgumentGroup) -> None:
    """What every command takes that may load policies."""
    add = parser.add_argument
    run = "also run the policies in Python of folders that the settings name"
    add("--trust-policies", action="store_true", default=None, dest="trust", help=run)
    none = "run none of these, whatever allows them otherwise"
    add("--no-trust-policies", action="store_false", dest="trust", help=none)


def add_baseline_arguments(parser: ArgumentGroup) -> None:
    """What every command takes that holds findings against the baseline."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--baseline", metavar="FILE", type=Path, help="the baseline (default: .airwarden-baseline.json)"
    )
    choice.add_argument("--no-baseline", action="store_true", help="report what the baseline has, too")


def jobs_of(options: argparse.Namespace) -> int:
    """How many processes may work: one for each core that this one may use, unless that is said."""
    return int(options.jobs or cores())


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes, from 1 on")
    return int(text)


def workspace_of(options: argparse.Namespace, root: Path) -> Workspace:
    """The repository with the settings and the cache that the options of `check` ask for, as it is today."""
    from datetime import date

    from airwarden.registry import Registry
    from airwarden.trust import Trust
    from airwarden.workspace import Workspace

    registry = Registry(trust=Trust(root, options.trust))
    config = config_of(options, root, registry)
    tell_withheld(registry, is_required=config.require_policies)
    return Workspace(root, registry, config, _cache_home(options), date.today())


def _cache_home(options: argparse.Namespace) -> Path | None:
    """Where to keep what runs found; None for nowhere. Raises `ConfigError` where a link of the repository
    leads out of it there.
    """
    from airwarden.config import ConfigError

    home: Path | None = None if options.no_cache else options.cache_dir or user_folders.caches()
    try:
        if home is not None:
            verify_place(home)
    except ConfigError:
        if options.cache_dir is not None:
            raise
        return None
    return home


def tell_withheld(registry: Registry, *, is_required: bool = False) -> None:
    """Tells which policies are left out, why, and what would let them run. Raises `ConfigError` where these
    are required, unless somebody has refused them.
    """
    if is_required and registry.withheld and not (registry.trust and registry.trust.is_refused):
        from airwarden.config import ConfigError

        raise ConfigError(f"require-policies: {registry.left_out}; --no-trust-policies goes on without them")
    if registry.withheld:
        say(registry.left_out)


def root_of(paths: Sequence[str]) -> Path:
    """The repository that is meant: the one around the current folder where all `paths` stand in it, else
    the one around the first of them. So a file is judged in the same way whoever else is named beside it.
    """
    from airwarden.repo import find_root

    here = find_root(_current_folder())
    for path in paths:
        _must_be_there(path)
    if not paths:
        return here
    there = find_root(Path(paths[0]))
    is_inside = all(_place(path).is_relative_to(here) for path in paths)
    return here if is_inside and (_is_marked(here) or not _is_marked(there)) else there


def _current_folder() -> Path:
    from airwarden.config import ConfigError

    try:
        return Path.cwd()
    except OSError as error:
        raise ConfigError(f"the current folder: cannot be read: {error.strerror}") from None


def _must_be_there(path: str) -> None:
    """Raises `ConfigError` where there is no such file or folder, or none that may be seen."""
    from airwarden.config import ConfigError

    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        raise ConfigError(f"{path}: there is no such file or folder") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def _place(path: str) -> Path:
    """Where a path stands, without following it should it be a link itself."""
    plain = Path(os.path.abspath(path))  # noqa: PTH100 (resolve would follow it)
    return plain.parent.resolve() / plain.name


def _is_marked(root: Path) -> bool:
    from airwarden.repo import is_configured

    return os.path.exists(root / ".git") or is_configured(root)  # noqa: PTH110 (no, where it is closed)


def registry_here(trust: bool | None = None) -> Registry:
    """The built-in rules and those of the packs of the repository around the current folder; `trust` is what
    the options say of these.
    """
    from airwarden.config import Config
    from airwarden.registry import Registry
    from airwarden.trust import Trust

    root = root_of(())
    return Registry(packs=Config.read(root).packs, trust=Trust(root, trust))


def config_of(options: argparse.Namespace, root: Path, registry: Registry) -> Config:
    """The repository's settings, with those of the command line put over them."""
    from dataclasses import replace

    config = settings_of(options, root, registry).config
    if options.no_baseline:
        return replace(config, baseline="")
    return replace(config, baseline=str(options.baseline.absolute())) if options.baseline else config


def settings_of(options: argparse.Namespace, root: Path, registry: Registry) -> Settings:
    """The same, with where each of them comes from."""
    from airwarden.config import Settings

    asked = {
        "profile": getattr(options, "profile", None),
        "select": _names(options.select),
        "ignore": _names(options.ignore),
        "fail-on": options.fail_on,
    }
    settings = Settings.read(root, options.config, {name: said for name, said in asked.items() if said})
    registry.take(settings.config.packs)
    registry.verify_settings(settings)
    return settings


def add_settings_options(parser: ArgumentGroup) -> None:
    """Adds the options that lie over the settings of a repository."""
    add_selection_options(parser)
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "note"),
        help="the mildest level that fails (default: error)",
    )


def add_selection_options(parser: ArgumentGroup) -> None:
    """Adds those of them that say what is asked."""
    add = parser.add_argument
    profiles = ("core", "recommended", "strict")
    add("--profile", choices=profiles, help="how much is asked (default: recommended)")
    for option, said in (("--select", "only these rules or families"), ("--ignore", "not these")):
        add(option, action="append", default=[], metavar="NAMES", help=f"{said}; commas separate them")
    add("--config", metavar="FILE", type=Path, help="settings, in place of those of the repository")


def _names(lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for names in lists for name in names.split(",") if name.strip())


def paths_of(options: argparse.Namespace, repo: Repo) -> list[str] | None:
    """The paths to check, from the root on; None for all of them."""
    from airwarden.config import ConfigError

    if not options.paths:
        return None
    known, chosen = frozenset(repo.files), []
    for path in options.paths:
        name = repo.relative(Path(path))
        if name is None and not _place(path).is_relative_to(repo.root):
            raise ConfigError(f"{path}: stands outside of {repo.root}; check one repository at a time")
        around = next((each for each in repo.walk.closed if f"{name}".startswith(f"{each}/")), None)
        if name is not None:
            chosen.append(around or name)
        if not (around or name in known or Path(path).is_dir() or options.quiet):
            say(f"{path}: not checked, for {_why_not(name, repo)}")
    return chosen


def _why_not(name: str | None, repo: Repo) -> str:
    if name is None:
        return "it leads out of the repository"
    if not (repo.root / name).is_file():
        return "it is a pipe, a socket or a device"
    if any(pack.is_local and name.startswith(f"{pack.name}/") for pack in repo.config.packs):
        return "it belongs to the policies"
    return ".gitignore or `exclude` leaves it out"
