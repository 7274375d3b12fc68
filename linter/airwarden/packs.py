"""Policy packs: an organisation's rules and settings, in a package that is installed or in a folder."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from airwarden.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.metadata import Distribution, EntryPoint

GROUP = "airwarden.policies"
"""The group of entry points in which packages name their packs."""

FIXTURES = "fixtures"
"""The folder in a pack that holds the fixtures of its rules, a folder a rule."""

SETTINGS = "airwarden.toml"


class PackError(Exception):
    """A pack that can't be used. Its text is a sentence that does not say who asked for the pack."""


@dataclass(frozen=True)
class Pack:
    """Rules and settings of an organisation.

    `name` is how the settings call it. `config_file` holds its settings, where it has any. `is_local` says
    that it stands in the very repository that is linted, and is nothing that was installed. `is_installed`
    says that it is a package, and stands outside of whatever was checked out with that repository.
    """

    name: str
    folder: Path
    config_file: Path | None
    rule_folders: tuple[Path, ...]
    is_local: bool
    is_installed: bool = False


def find(name: str, root: Path) -> Pack:
    """The installed pack of that name. Its package is found and not imported. Raises `PackError`."""
    from importlib.metadata import entry_points

    found = {(entry.value, _owner(entry)): entry for entry in entry_points(group=GROUP, name=name)}
    if not found:
        raise PackError(f"no package is installed that has a pack {name!r}{_known()}")
    if len(found) > 1:
        raise PackError(
            f"several packages have a pack {name!r}: {', '.join(sorted(map(_owner, found.values())))}"
        )
    (entry,) = found.values()
    folder = next(_folders(entry), None)
    if folder is None:
        raise PackError(f"the pack {name!r} names {entry.value!r}, which is no package that is installed")
    homes = [folder] if entry.dist is None else [folder, Path(str(entry.dist.locate_file("")))]
    is_installed = not any(_is_local(home, checkout(root)) for home in homes)
    return replace(pack_in(folder, name, root), is_installed=is_installed)


def at(path: str, home: Path, root: Path) -> Pack:
    """The pack in a folder, given by its path from `home` on; it goes by its path from the repository's root
    on, where it stands in there. Raises `PackError`.
    """
    folder, whole = (home / path).resolve(), root.resolve()
    if not folder.is_dir():
        raise PackError(f"there is no folder {path!r}")
    if whole.is_relative_to(folder):
        raise PackError(f"the folder {path!r} holds the repository itself")
    is_inside = folder.is_relative_to(whole)
    return pack_in(folder, folder.relative_to(whole).as_posix() if is_inside else path, root)


def pack_in(folder: Path, name: str, root: Path) -> Pack:
    """The pack in a folder, wherever that is."""
    settings = folder / SETTINGS
    return Pack(name, folder, settings if settings.is_file() else None, (folder,), _is_local(folder, root))


def checkout(root: Path) -> Path:
    """The folder that was checked out as a whole: the nearest one with `.git`, else `root`."""
    whole = root.resolve()
    return next((folder for folder in (whole, *whole.parents) if (folder / ".git").exists()), whole)


def _is_local(folder: Path, root: Path) -> bool:
    """Whether a folder belongs to a repository, and not to an environment that may stand in it."""
    import site
    import sysconfig

    if not folder.resolve().is_relative_to(root.resolve()):
        return False
    paths = sysconfig.get_paths()
    homes = (paths["purelib"], paths["platlib"], site.getusersitepackages())
    return not any(folder.resolve().is_relative_to(Path(home).resolve()) for home in homes)


def _folders(entry: EntryPoint) -> Iterator[Path]:
    """Where the package may stand that an entry point names: beside what tells of its distribution, or where
    an editable installation says.
    """
    parts = entry.module.split(".")
    dist = entry.dist
    places = [] if dist is None else [Path(str(dist.locate_file("/".join(parts)))), *_sources(dist, parts)]
    try:
        spec = find_spec(parts[0])
    except (ImportError, ValueError):
        spec = None
    if spec is not None:
        places += [Path(home, *parts[1:]) for home in spec.submodule_search_locations or ()]
    return (place for place in places if place.is_dir())


def _sources(dist: Distribution, parts: Sequence[str]) -> Iterator[Path]:
    """Where the package may stand of which an installation says from which folder it was made."""
    import json
    from urllib.parse import unquote, urlsplit

    try:
        url = urlsplit(json.loads(dist.read_text("direct_url.json") or "{}").get("url", ""))
    except (ValueError, AttributeError):
        return
    if url.scheme == "file":
        home = Path(unquote(url.path))
        yield from (home.joinpath(*parts), home.joinpath("src", *parts))


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _known() -> str:
    """What packs there are, in words that end a sentence."""
    from importlib.metadata import entry_points

    names = sorted({entry.name for entry in entry_points(group=GROUP)})
    return f" (installed: {', '.join(names)})" if names else " (none is installed)"
