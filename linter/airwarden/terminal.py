"""All talk: reports go to stdout or into files, everything else to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_PATIENCE = 1.0
"""Seconds after which a run that is not yet done shows how far it has come."""


def say(text: str) -> None:
    """Tells the user something beside the report, if that can be done, on one line that no terminal and no
    log obeys.
    """
    from airwarden.formats.view import visible

    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"airwarden: {visible(text)}\n")
        sys.stderr.flush()


def colors(is_refused: bool) -> bool:
    """Whether stdout is to be coloured: it is a terminal, and nobody minds."""
    is_plain = is_refused or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return not is_plain and is_for_people()


def is_for_people() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def width() -> int | None:
    """How many columns the terminal has that stdout is; None where it is none, and no line is too long."""
    from shutil import get_terminal_size

    return get_terminal_size((100, 24)).columns if is_for_people() else None


def show(text: str) -> None:
    """Writes a report to stdout whatever its encoding; a reader who has gone away, or never came, has seen
    enough. Raises `ConfigError` where it can't be written.
    """
    import io

    if sys.stdout is None:
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _write_no_more()
    except OSError as error:
        from airwarden.config import ConfigError

        _write_no_more()
        raise ConfigError(f"the report cannot be written: {error.strerror}") from None


def _write_no_more() -> None:
    """Has whatever is still on its way to stdout go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write(file: Path, text: str) -> None:
    """Writes a report into a file, which holds all of it or what it held before. Raises `ConfigError`."""
    from airwarden import disk

    _write(file, text, disk.put)


def verify_place(file: Path) -> None:
    """Raises `ConfigError` where a link of a checkout would lead what is written out of it."""
    from airwarden import disk

    _write(file, "", lambda file, _: disk.must_stay(file))


def append(file: Path, text: str) -> None:
    """Writes a report behind what a file holds. Raises `ConfigError`."""
    from airwarden import disk

    _write(file, text, disk.append)


def _write(file: Path, text: str, put: Callable[[Path, bytes], None]) -> None:
    from airwarden.config import ConfigError

    try:
        put(file, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}{_next_step(file)}") from None


def _next_step(file: Path) -> str:
    return "" if file.parent.is_dir() else f"; make the folder {file.parent} first"


def progress(files: Sequence[str]) -> Iterator[str]:
    """Hands on the files; on a terminal, a bar shows up once it takes long."""
    from time import monotonic

    pending, started = iter(files), monotonic()
    for done, path in enumerate(pending, 1):
        yield path
        if monotonic() - started > _PATIENCE and sys.stderr is not None and sys.stderr.isatty():
            yield from _under_a_bar(pending, done, len(files))


def _under_a_bar(pending: Iterable[str], done: int, total: int) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Checking", total=total, completed=done)
        for path in pending:
            yield path
            bar.advance(task)
