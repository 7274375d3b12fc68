"""Git, asked about the repository that a folder stands in, whatever the settings of whoever asks."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from airwarden.config import ConfigError
from airwarden.packs import checkout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PATIENCE = 120
"""Seconds that git has for an answer. In the largest repositories it takes a few."""

MOST = 1 << 30
"""Bytes of an answer that are read. Those of the largest repositories have a hundredth of that."""

_NONSENSE = "git gave an answer that is none of git's: run it yourself"
_MOST_FAULTS = 1 << 16
_LONGEST_REASON = 300
"""Characters of what git says went wrong that are told: some paths are longer than any line."""

_FIXED = (
    *("--literal-pathspecs", "--no-replace-objects"),
    *("-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never"),
    *("-c", f"core.hooksPath={os.devnull}", "-c", "safe.bareRepository=explicit"),
)
"""How it is called: paths are paths, no program that watches files and no hook runs, no network is used, and
no folder of the repository is taken for a repository because of the files that it holds.
"""

_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
"""Settings that name programs which git runs to read a file; no option of git's turns these off."""

_OWN_SCOPES = ("local", "worktree")

_OF_A_REPOSITORY = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX"),
        *("GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE"),
        *("GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_INTERNAL_SUPER_PREFIX"),
        *("GIT_DIFF_OPTS", "GIT_EXTERNAL_DIFF"),
    }
)
"""Variables that name another repository than that of the folder, or change what a diff looks like."""


class GitError(ConfigError):
    """What git could not do, and why."""


class Git:
    """The repository that a folder stands in; paths are relative to the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, *arguments: str, data: bytes = b"") -> bytes:
        """What a command of git writes to stdout. Raises `GitError`."""
        run = self._run(arguments, data)
        if run.returncode:
            raise GitError(_reason(run.stderr) or f"git {arguments[0]} failed")
        return run.stdout

    def answer(self, *arguments: str) -> str | None:
        """The line that a command writes; None where it fails."""
        run = self._run(arguments, b"")
        return None if run.returncode else os.fsdecode(run.stdout).strip()

    def blobs(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Blobs by their names, without those that are not there."""
        wanted = sorted(set(names))
        found = self.ask("cat-file", "--batch", data="".join(f"{name}\n" for name in wanted).encode())
        start = 0
        for name in wanted:
            end = found.find(b"\n", start)
            if end < 0:
                raise GitError(_NONSENSE)
            head, start = found[start:end].split(), end + 1
            if len(head) == 3:
                size = int(head[2])
                yield name, found[start : start + size]
                start += size + 1

    def _run(self, arguments: Iterable[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
        return _called(arguments, self.folder, self._environment, data)

    @cached_property
    def _environment(self) -> Mapping[str, str]:
        """The environment without what a hook says of its repository, save the index that a commit is made
        of, where that is the folder's own.
        """
        plain = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
        plain |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "PATH": _safe_path(self.folder)}
        plain |= self._repository(plain)
        return {**plain, **self._unfiltered(plain)}

    def _unfiltered(self, plain: Mapping[str, str]) -> Mapping[str, str]:
        """What takes back the filters that the repository's own settings name: they would run as files are
        read. Those of the user's settings stay.
        """
        asked = ("config", "--null", "--show-scope", "--name-only", "--get-regexp", _FILTERS)
        words = os.fsdecode(_called(asked, self.folder, plain).stdout).split("\0")
        keys = {key for scope, key in zip(words[::2], words[1::2], strict=False) if scope in _OWN_SCOPES}
        start = plain.get("GIT_CONFIG_COUNT", "0")
        if not keys or not start.isdecimal():
            return {}
        taken = {"GIT_CONFIG_COUNT": str(int(start) + len(keys))}
        for number, key in enumerate(sorted(keys), int(start)):
            value = "false" if key.endswith(".required") else ""
            taken |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return taken

    def _repository(self, plain: Mapping[str, str]) -> Mapping[str, str]:
        """Which repository and which index the environment names, as far as they count here."""
        if os.environ.keys().isdisjoint(("GIT_DIR", "GIT_INDEX_FILE")):
            return {}
        run = _called(("rev-parse", "--absolute-git-dir"), self.folder, plain)
        given = _given()
        if run.returncode:
            return given
        home = os.path.dirname(given.get("GIT_INDEX_FILE", ""))  # noqa: PTH120
        is_others = os.path.exists(f"{home}/HEAD") and not _is_same(home, os.fsdecode(run.stdout).strip())  # noqa: PTH110
        index = {name: value for name, value in given.items() if name == "GIT_INDEX_FILE"}
        return {} if is_others else index


def _given() -> dict[str, str]:
    """The repository that the environment names, with paths that hold in any folder."""
    names = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE")
    given = {name: os.path.abspath(os.environ[name]) for name in names if os.environ.get(name)}  # noqa: PTH100
    if "GIT_DIR" in given:
        given.setdefault("GIT_WORK_TREE", os.getcwd())  # noqa: PTH109
    return given


def _is_same(first: str, second: str) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _safe_path(folder: Path) -> str:
    """PATH without what depends on the current folder, and without what stands in the repository there or
    around a folder: a program in it that is called git is no git.
    """
    around = (checkout(folder), checkout(Path()))
    wholes = [each for each in around if (each / ".git").exists() and each != each.parent]
    named = map(Path, os.environ.get("PATH", os.defpath).split(os.pathsep))
    far = (
        each for each in named if each.is_absolute() and not any(map(each.resolve().is_relative_to, wholes))
    )
    return os.pathsep.join(map(str, far))


def _program(path: str) -> str:
    """Git in a folder of PATH. `which` would look into the current folder first on Windows."""
    name = "git.exe" if os.name == "nt" else "git"
    for file in (Path(entry, name) for entry in path.split(os.pathsep) if entry):
        if file.is_file() and os.access(file, os.X_OK):
            return str(file)
    raise GitError("git is not there; install it")


def _called(
    arguments: Iterable[str], folder: Path, environment: Mapping[str, str], data: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    program = _program(environment["PATH"])
    command = [program, *_FIXED, *arguments]
    try:
        return _answered(command, folder, environment, data)
    except OSError as error:
        raise GitError(f"{program} can't be run: {error.strerror}") from None
    except ValueError:
        raise GitError(_NONSENSE) from None


def _answered(
    command: list[str], folder: Path, environment: Mapping[str, str], data: bytes
) -> subprocess.CompletedProcess[bytes]:
    """What a command said. Raises `GitError` where it takes longer than `PATIENCE`: it ends then, with all
    that it started.
    """
    is_posix = os.name == "posix"
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=is_posix
    ) as run:
        try:
            said, faults = _heard(run, data)
        except subprocess.TimeoutExpired:
            _end(run)
            raise GitError(f"git did not answer within {PATIENCE} seconds: run it yourself") from None
        except BaseException:
            _end(run)
            raise
    return subprocess.CompletedProcess(command, run.returncode, said, faults)


def _heard(run: subprocess.Popen[bytes], data: bytes) -> tuple[bytes, bytes]:
    """What a process says until its end, given `data`. Raises `GitError` where that is more than `MOST`, and
    `TimeoutExpired`.
    """
    from threading import Thread
    from time import monotonic

    said, faults = bytearray(), bytearray()
    ends = monotonic() + PATIENCE
    threads = (
        Thread(target=_tell, args=(run.stdin, data), daemon=True),
        Thread(target=_hear, args=(run.stdout, said, MOST), daemon=True),
        Thread(target=_hear, args=(run.stderr, faults, None), daemon=True),
    )
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join(max(ends - monotonic(), 0))
        if thread.is_alive():
            raise subprocess.TimeoutExpired(run.args, PATIENCE)
        if len(said) > MOST:
            _end(run)
            raise GitError(f"git answered with more than {MOST >> 20} MiB: run it yourself")
    run.wait(max(ends - monotonic(), 0))
    threads[0].join(max(ends - monotonic(), 0))
    return bytes(said), bytes(faults)


def _tell(stream: IO[bytes] | None, data: bytes) -> None:
    with suppress(OSError, ValueError):
        if stream is not None:
            stream.write(data)
            stream.close()


def _hear(stream: IO[bytes] | None, heard: bytearray, most: int | None) -> None:
    """Reads until the end, or until there is more than `most`; of what has no limit the beginning is kept."""
    with suppress(OSError, ValueError):
        while stream is not None and (part := os.read(stream.fileno(), 1 << 16)):
            if most is not None or len(heard) < _MOST_FAULTS:
                heard += part
            if most is not None and len(heard) > most:
                return


def _end(run: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    else:
        run.kill()


def _reason(said: bytes) -> str:
    """The first line of what git says went wrong, and what to do where a clone lacks what files held."""
    if b"promisor" in said:
        return "this clone was made with a filter and lacks what files held before; clone it without one"
    lines = said[:_MOST_FAULTS].decode(errors="replace").strip().splitlines()
    first = lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else ""
    return first if len(first) <= _LONGEST_REASON else f"{first[:_LONGEST_REASON]}..."
