"""Trust: which policies in Python may run, by what is said outside of the repository that names them."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from airwarden import user_folders
from airwarden.bounded import DeepText, LongText, toml_of
from airwarden.config import ConfigError
from airwarden.packs import checkout

VARIABLE = "AIRWARDEN_TRUST"
"""The variable of the environment: 1 for every policy, 0 for none, or folders as in PATH."""

OWN_FILE = "config.toml"
"""The file in the user's folder of configuration whose `trusted` lists folders."""

NOBODY_ALLOWS = "nothing outside of the repository allows the code of its policies to run"
"""Why policies are left out of which nobody has said anything."""

_MOST = 1 << 20
"""Bytes of that file that are read: some ten thousand folders, more than anybody writes."""

_OTHERS_WRITE = 0o002
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "trusted": {
            "type": "array",
            "items": {"description": "the path of a folder", "type": "string", "minLength": 1},
        }
    },
}


class Trust:
    """What a user says of the policies in Python that the settings of a repository name.

    `asked` is what the command line says: True for all of them, False for none. Where it says nothing, the
    environment does, and then the user's own configuration too. Nothing is read before it is asked for.
    """

    def __init__(self, root: Path, asked: bool | None = None) -> None:
        self._root = root.resolve()
        self._asked = asked

    def allows(self, file: Path) -> bool:
        """Whether code of a file may run: both it and the repository stand in folders that are trusted,
        links followed. Raises `ConfigError`.
        """
        if self._said is not None:
            return self._said
        return all(self._covers(path) for path in (self._root, file.resolve()))

    @property
    def is_refused(self) -> bool:
        """Whether somebody has said that no such policy is to run, so that nobody has to wonder."""
        return self._said is False

    @cached_property
    def _said(self) -> bool | None:
        """What is said of all policies at once."""
        if self._asked is not None:
            return self._asked
        return {"0": False, "1": True}.get(os.environ.get(VARIABLE, "").strip())

    def _covers(self, path: Path) -> bool:
        return any(path.is_relative_to(folder) for folder in self._folders)

    @cached_property
    def _folders(self) -> list[Path]:
        named = os.environ.get(VARIABLE, "").split(os.pathsep)
        given = [_folder(name, VARIABLE) for name in named if name.strip()]
        return [*given, *self._configured()]

    def _configured(self) -> list[Path]:
        """The folders that the user's own configuration lists."""
        file = own_file()
        if file is None or not _is_there(file):
            return []
        if file.resolve().is_relative_to(checkout(self._root)):
            raise ConfigError(
                f"{file}: stands in the repository whose policies it is to allow; use --trust-policies"
            )
        names = _table(file, _read(file)).get("trusted", ())
        return [_folder(name, f"{file}: trusted[{index}]") for index, name in enumerate(names)]


def own_file() -> Path | None:
    """Where the user's own configuration stands, if there is any."""
    folder = user_folders.configuration()
    return folder / OWN_FILE if folder else None


def way_to_allow() -> str:
    """How policies are allowed to run, in words that end a sentence."""
    file = own_file()
    if file is None:
        return "--trust-policies does"
    try:
        shown = f"~/{file.relative_to(Path.home()).as_posix()}"
    except (RuntimeError, ValueError):
        shown = str(file)
    return f"--trust-policies does, or `trusted` in {shown}"


def _folder(name: str, place: str) -> Path:
    """A folder by its name, links followed. Raises `ConfigError` for one that depends on where one is, or
    that holds everything.
    """
    try:
        folder = Path(name.strip()).expanduser()
    except RuntimeError:
        raise ConfigError(f"{place}: nobody knows whose home {name!r} is") from None
    if not folder.is_absolute():
        either = "neither 1 nor 0 nor an" if place == VARIABLE else "no"
        raise ConfigError(f"{place}: {name!r} is {either} absolute path of a folder")
    real = folder.resolve()
    if real == Path(real.anchor):
        raise ConfigError(f"{place}: {name!r} holds everything; name the folders that you trust")
    return real


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None


def _read(file: Path) -> str:
    """The text of a file that nobody but the user and root can have written. Raises `ConfigError`."""
    try:
        for path in (file, file.resolve().parent):
            _verify_owner(path, path.stat())
        with file.open("rb") as stream:
            _verify_owner(file, os.fstat(stream.fileno()))
            data = stream.read(_MOST + 1)
        if len(data) > _MOST:
            raise ConfigError(f"{file}: has more than {_MOST:,} bytes")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8 text") from None


def _verify_owner(path: Path, status: os.stat_result) -> None:
    if not hasattr(os, "geteuid"):
        return
    if status.st_uid not in (os.geteuid(), 0):
        raise ConfigError(f"{path}: belongs to another user, so it allows nothing")
    if status.st_mode & _OTHERS_WRITE:
        raise ConfigError(f"{path}: everybody may write it, so it allows nothing; run `chmod o-w {path}`")


def _table(file: Path, text: str) -> dict[str, Any]:
    from airwarden.config.validation import validate

    try:
        table = toml_of(text)
    except (DeepText, LongText) as error:
        raise ConfigError(f"{file}: {error}") from None
    except ValueError as error:
        raise ConfigError(f"{file}: is not valid TOML: {error}") from None
    validate(f"{file}: ", table, _SCHEMA)
    return table
