"""Which files hold the settings of a repository, and what they extend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from airwarden import disk
from airwarden.bounded import DeepText, LongText, toml_of
from airwarden.config.faults import ConfigError
from airwarden.config.layers import Layer
from airwarden.config.parts import OWN_FILES
from airwarden.packs import Pack

FindPack: TypeAlias = Callable[[str], Pack]
"""The policy pack of a name. Raises `ConfigError`, whose text goes on behind the place of the name."""


def no_pack(name: str) -> Pack:
    """Finds none."""
    raise ConfigError(f"there is no policy pack {name!r}; the path of a file to extend ends in .toml")


def layers_of(root: Path, file: Path | None = None, find_pack: FindPack = no_pack) -> tuple[Layer, ...]:
    """The settings in `file`, or else those at a root, behind all that they extend; none without any.

    `file` may hold them in `[tool.airwarden]` or, unless it is a pyproject.toml, at its top. Raises
    `ConfigError`.
    """
    layer = _at_root(root) if file is None else _named(file, may_wait=True)
    return () if layer is None else tuple(_stacked(layer, find_pack, (layer,)))


def _at_root(root: Path) -> Layer | None:
    places = (_project(root / "pyproject.toml"), *(_own(root / name) for name in OWN_FILES))
    found = [layer for layer in places if layer is not None]
    if len(found) > 1:
        first, second = (each.at().removesuffix(": tool.airwarden") for each in found[:2])
        raise ConfigError(f"{second}: {first} holds settings too; keep them in one of the two")
    return found[0] if found else None


def _project(path: Path) -> Layer | None:
    if not path.is_file():
        return None
    text = _text(path)
    if "airwarden" not in text:
        return None
    _must_stay(path)
    try:
        table = _own_table(_document(_shown(path), text))
    except ConfigError:
        if "tool.airwarden" in text:
            raise
        return None
    return None if table is None else _layer(path, table, ("tool", "airwarden"))


def _own(path: Path) -> Layer | None:
    if not path.is_file():
        return None
    _must_stay(path)
    return _named(path)


def _must_stay(path: Path) -> None:
    """Raises `ConfigError` for settings outside of a repository to which a link in it leads."""
    try:
        disk.must_stay(path)
    except OSError as error:
        raise ConfigError(f"{_shown(path)}: cannot be read: {error.strerror}") from None


def _named(path: Path, *, may_wait: bool = False) -> Layer:
    document = _document(_shown(path), _text(path, may_wait=may_wait))
    table = _own_table(document)
    if table is not None and path.name in OWN_FILES:
        raise ConfigError(
            f"{_shown(path)}: settings stand at the top of this file; take out [tool.airwarden]"
        )
    if table is not None:
        return _layer(path, table, ("tool", "airwarden"))
    if path.name == "pyproject.toml":
        raise ConfigError(f"{_shown(path)}: there is no table [tool.airwarden]")
    return _layer(path, document)


def _layer(path: Path, table: Any, route: tuple[str, ...] = ()) -> Layer:
    from airwarden.config.validation import validate

    place = f"{_shown(path)}: {''.join(f'{key}.' for key in route)}"
    validate(place, table)
    return Layer(table, place, path, route)


def _stacked(layer: Layer, find_pack: FindPack, around: Sequence[Layer]) -> Iterator[Layer]:
    """A layer, behind all that it extends. `around` has the layers that extend it, and itself."""
    extended = layer.table.get("extends", ())
    is_one = isinstance(extended, str)
    for index, name in enumerate([extended] if is_one else extended):
        place = layer.at("extends") if is_one else layer.at("extends", index)
        if name.endswith(".toml"):
            yield from _extended(_file(layer, name, place), place, find_pack, around)
            continue
        pack = _pack(name, place, find_pack)
        yield Layer({}, f"{name}: ", pack=pack)
        if pack.config_file is not None:
            yield from _extended(pack.config_file, place, find_pack, around)
    yield layer


def _extended(file: Path, place: str, find_pack: FindPack, around: Sequence[Layer]) -> Iterator[Layer]:
    circle = [each for each in around if each.file is not None and each.file.resolve() == file.resolve()]
    if circle:
        itself = "a file can't extend itself"
        fault = itself if circle[0] is around[-1] else f"{_shown(file)} extends this file in turn"
        raise ConfigError(f"{place}: {fault}")
    layer = _named(file)
    yield from _stacked(layer, find_pack, (*around, layer))


def _file(layer: Layer, name: str, place: str) -> Path:
    """The file of that name, which is relative to the one that says so."""
    file = (layer.file or Path()).parent / name
    if not file.is_file():
        raise ConfigError(f"{place}: there is no file {name!r}")
    _must_stay(file)
    return file


def _pack(name: str, place: str, find_pack: FindPack) -> Pack:
    try:
        return find_pack(name)
    except ConfigError as error:
        raise ConfigError(f"{place}: {error}") from None


def _shown(path: Path) -> str:
    """The path as seen from the current folder, where it stands below that."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _text(path: Path, *, may_wait: bool = False) -> str:
    try:
        return disk.text(path, may_wait=may_wait)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: is not UTF-8 text") from None


def _document(place: str, text: str) -> dict[str, Any]:
    try:
        return toml_of(text)
    except (DeepText, LongText) as error:
        raise ConfigError(f"{place}: {error}") from None
    except ValueError as error:
        raise ConfigError(f"{place}: is not valid TOML: {error}") from None


def _own_table(document: dict[str, Any]) -> object:
    tools = document.get("tool")
    return tools.get("airwarden") if isinstance(tools, dict) else None
