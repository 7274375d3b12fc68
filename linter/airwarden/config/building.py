"""From tables as they are written to the values that the settings have."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from airwarden.config.faults import ConfigError, nearest
from airwarden.config.layers import Merged, level_and_options
from airwarden.config.parts import Exemption, Override
from airwarden.globs import is_sound
from airwarden.packs import Pack, PackError, at, checkout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_NOTIFIERS = Path(__file__).parents[1] / "tables" / "notifiers.csv"


def fields_of(merged: Merged, root: Path) -> dict[str, Any]:
    """The fields of `Config` that merged settings set. Raises `ConfigError`."""
    table = merged.table
    _verify_globs(merged)
    fields = {
        name.replace("-", "_"): table[name]
        for name in ("dag-policy-attaches-alert", "require-policies", *_WORDS)
        if name in table
    }
    fields |= {name.replace("-", "_"): tuple(table[name]) for name in _LISTS if name in table}
    if "baseline" in table:
        _verify_baseline(table["baseline"], merged, root)
    made: dict[str, Callable[[Any], Any]] = {
        "levels": dict,
        "rules": dict,
        "per-file-ignores": lambda globs: {glob: tuple(names) for glob, names in globs.items()},
        "overrides": lambda overrides: tuple(map(_override, overrides)),
        "exempt-dags": lambda exemptions: tuple(Exemption(**each) for each in exemptions),
        "accepted-notifiers": lambda names: notifiers(names, merged.at("accepted-notifiers")),
        "dependency-files": lambda paths: _files_at(paths, merged, root, "dependency-files"),
        "xcom-threshold-range": lambda bounds: _range(bounds, merged.at("xcom-threshold-range")),
        "deployments": lambda named: {
            name: _files_at(paths, merged, root, "deployments", name) for name, paths in named.items()
        },
    }
    fields |= {name.replace("-", "_"): make(table[name]) for name, make in made.items() if name in table}
    stacked = {
        f"/{_escaped(path)}": None for paths in fields.get("deployments", {}).values() for path in paths
    }
    packs = _packs(merged, root)
    return {
        **fields,
        "values_files": (*table.get("values-files", ()), *stacked),
        "exclude": (
            *table.get("exclude", ()),
            *(f"/{_escaped(pack.name)}/" for pack in packs if pack.is_local),
        ),
        "packs": packs,
    }


def _verify_globs(merged: Merged) -> None:
    """Raises `ConfigError` for the first pattern of files that nothing can be made of."""
    table = merged.table
    found: list[tuple[tuple[str | int, ...], str]] = [
        ((key, index), glob)
        for key in ("exclude", "values-files")
        for index, glob in enumerate(table.get(key, ()))
    ]
    found += [(("per-file-ignores", glob), glob) for glob in table.get("per-file-ignores", ())]
    for index, override in enumerate(table.get("overrides", ())):
        found += [(("overrides", index, "paths", at), glob) for at, glob in enumerate(override["paths"])]
    for route, glob in found:
        if not is_sound(glob):
            raise ConfigError(f"{merged.at(*route)}: {glob!r} is no pattern that .gitignore knows")


_WORDS = ("profile", "fail-on", "baseline")
_LISTS = ("select", "ignore", "exclude", "dag-folders", "alert-channels", "alert-connections")


def _packs(merged: Merged, root: Path) -> tuple[Pack, ...]:
    """The packs in folders, each relative to the file that names it."""
    found: dict[Path, Pack] = {}
    for index, path in enumerate(merged.table.get("policies", ())):
        origin = merged.origins.get(("policies", index))
        file = origin.layer.file if origin else None
        try:
            pack = at(path, file.parent if file else root, root)
        except PackError as error:
            raise ConfigError(f"{merged.at('policies', index)}: {error}") from None
        found.setdefault(pack.folder, pack)
    return tuple(found.values())


def _override(table: Mapping[str, Any]) -> Override:
    levels, rules = dict(table.get("levels", {})), {}
    for rule, said in table.get("rules", {}).items():
        level, rules[rule] = level_and_options(said)
        levels |= {} if level is None else {rule: level}
    paths, select, ignore = (tuple(table.get(key, ())) for key in ("paths", "select", "ignore"))
    return Override(paths, select, ignore, levels, rules)


def _files_at(paths: Sequence[str], merged: Merged, root: Path, *route: str) -> tuple[str, ...]:
    """Paths of files, relative to the root, as the repository names them."""
    for index, path in enumerate(paths):
        if ".." in PurePosixPath(path).parts or not (root / path).is_file():
            raise ConfigError(f"{merged.at(*route, index)}: there is no file {path!r}")
    return tuple(PurePosixPath(path).as_posix() for path in paths)


def _verify_baseline(path: str, merged: Merged, root: Path) -> None:
    """Raises `ConfigError` for a baseline outside of the checkout: it would be written there."""
    if not (root / path).resolve().is_relative_to(checkout(root)):
        said = "stands outside of the repository; name a file in it, or use --baseline"
        raise ConfigError(f"{merged.at('baseline')}: {path!r} {said}")


def _escaped(path: str) -> str:
    """A path as a .gitignore pattern that means nothing else."""
    return re.sub(r"([\\*?\[\] ])", r"\\\1", path)


def _range(bounds: Sequence[int], place: str) -> tuple[int, int]:
    least, greatest = bounds
    if least > greatest:
        raise ConfigError(f"{place}: {least} is more than {greatest}")
    return least, greatest


def notifiers(names: Sequence[str], place: str) -> tuple[str, ...]:
    """The dotted names behind `names`, each a service of the table or a dotted name already."""
    import csv

    with _NOTIFIERS.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    services = {row["service"] for row in rows}
    for index, name in enumerate(names):
        if "." not in name and name not in services:
            near = nearest(name, services) or f" (known: {', '.join(sorted(services))})"
            fault = f"{name!r} is neither a known service nor a dotted name"
            raise ConfigError(f"{place}[{index}]: {fault}, such as sentry_sdk.capture_message{near}")
    own = [name for name in names if "." in name]
    return (*(row["name"] for row in rows if row["service"] in names), *own)
