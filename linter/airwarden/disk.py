"""Files on the disk: read only where they are files, and written as a whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from airwarden.patterns import regex
from airwarden.records import dataclass

MOST = 256 << 20
"""Bytes that are read of any file: the largest that people write by hand have a few million."""

_LEFT_OVER = regex(r"\.airwarden-[0-9a-f]{16}\.tmp")
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_MINE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | _AT_ONCE | getattr(os, "O_NOFOLLOW", 0)
_MOST_LINKS = 40
"""Links on the way to a file, as many as Linux follows."""

_BOUND_TO_STAY = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EROFS, errno.EXDEV}
"""Why a file can't be replaced that may be written to all the same."""


def read(file: str | Path, *, may_wait: bool = False, most: int = MOST) -> bytes:
    """What a file holds. Raises `OSError`, also for more than `most` bytes, and for pipes and devices, which
    may never end: it `may_wait` only for what the user named.
    """
    handle = _opened(file, may_wait=may_wait)
    try:
        return _all_of(handle, os.fstat(handle).st_size, most)
    finally:
        os.close(handle)


def beginning(file: str | Path, length: int) -> bytes:
    """The first bytes of a file, however large it is. Raises `OSError`."""
    handle = _opened(file, may_wait=False)
    try:
        return os.read(handle, length)
    finally:
        os.close(handle)


def _opened(file: str | Path, *, may_wait: bool) -> int:
    """Opens what is a file before and after that."""
    try:
        status = os.stat(file)  # noqa: PTH116 (this is asked of every file of each run)
    except ValueError:
        raise FileNotFoundError(errno.ENOENT, "The system can have no such name") from None
    if may_wait:
        return os.open(file, os.O_RDONLY | (_AT_ONCE & ~getattr(os, "O_NONBLOCK", 0)))
    _must_be_file(status)
    handle = os.open(file, os.O_RDONLY | _AT_ONCE)
    try:
        _must_be_file(os.fstat(handle))
    except BaseException:
        os.close(handle)
        raise
    return handle


def text(file: Path, errors: str = "strict", *, may_wait: bool = False) -> str:
    """The text of a file in UTF-8, each line of which ends in a line feed. Raises `OSError` and, unless
    `errors` says otherwise, `UnicodeDecodeError`.
    """
    decoded = read(file, may_wait=may_wait).decode("utf-8-sig", errors)
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _must_be_file(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "It is a pipe, a socket or a device")


def _all_of(handle: int, size: int, most: int) -> bytes:
    parts, known = list[bytes](), 0
    while known <= most and size <= most:
        part = os.read(handle, max(size - known + 1, 1 << 16))
        if not part:
            return parts[0] if len(parts) == 1 else b"".join(parts)
        parts.append(part)
        known += len(part)
    raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))


# Links


def must_stay(file: Path) -> None:
    """Raises `OSError` where a link that stands in a checkout leads out of that, on the way to a file: it is
    from whoever made the checkout. Links of the user's own, which stand elsewhere, lead where they like.
    """
    for folder, name in _links(file):
        link, home = os.path.join(folder, name), _checkout(folder)  # noqa: PTH118 (most paths have no link)
        target = os.path.realpath(link)
        if home is not None and target != home and not target.startswith(os.path.join(home, "")):  # noqa: PTH118
            told = f"the link {link} leads out of the repository, to {target}"
            raise OSError(errno.ELOOP, f"{told}: delete it, or name the place that it leads to")


def is_within(place: str, home: str) -> bool:
    """Whether a file stands below a folder, links followed; it need not be there."""
    try:
        return os.path.realpath(place).startswith(os.path.join(home.rstrip("/"), ""))  # noqa: PTH118
    except (OSError, ValueError):
        return False


def _links(file: Path) -> Iterator[tuple[str, str]]:
    """The links on the way to a file, each as the folder it stands in and its name."""
    folder, rest = os.path.realpath("."), [*reversed(file.parts)]
    followed = 0
    while rest and followed <= _MOST_LINKS:
        place = os.path.normpath(os.path.join(folder, rest[-1]))  # noqa: PTH118 (no links in it but the last)
        name = rest.pop()
        if not os.path.islink(place):  # noqa: PTH114
            folder = place
            continue
        yield folder, name
        followed += 1
        rest.extend(reversed(Path(os.readlink(place)).parts))  # noqa: PTH115


def _checkout(folder: str) -> str | None:
    """The checkout that a folder stands in: the nearest one above with `.git`, else the current folder; None
    where it stands in neither.
    """
    here = Path(folder)
    found = next((each for each in (here, *here.parents) if os.path.lexists(each / ".git")), None)
    current = Path(os.path.realpath("."))
    return str(found or current) if found or here.is_relative_to(current) else None


# Writing


def replace(file: Path, data: bytes, last_look: Callable[[], object] = lambda: None) -> None:
    """Puts new bytes in the place of a file, as a whole or not at all; a new file may take its place, too.

    One that is there keeps its mode, its owner and all else that is known of it, save when it was changed.
    `last_look` is called right before. What is written outlives a loss of power. Raises `OSError`.
    """
    like = file if file.exists() else None
    _put_in_place(file, _Draft(data, like, mode=0o600 if like else 0o666), last_look)
    _settle(file.parent)


def keep(file: Path, data: bytes) -> None:
    """Puts bytes that can be done without in the place of a file, and hides them from others.

    Raises `OSError`.
    """
    _put_in_place(file, _Draft(data, None, mode=0o600, is_lasting=False))


def put(file: Path, data: bytes) -> None:
    """Writes a file that the user named: replaces it, or writes into it where it is a pipe or a device, has
    another name, or has to stay the very file. Raises `OSError`.
    """
    must_stay(file)
    place = _replaceable(file)
    if place is not None:
        sweep(place.parent)
        try:
            replace(place, data)
            return
        except OSError as error:
            if error.errno not in _BOUND_TO_STAY or not os.access(place, os.W_OK):
                raise
    with file.open("wb") as stream:
        stream.write(data)


def append(file: Path, data: bytes) -> None:
    """Writes behind what a file holds that the user named. Raises `OSError`."""
    must_stay(file)
    with file.open("ab") as stream:
        stream.write(data)


def create(file: Path, data: bytes) -> None:
    """Writes a file that is not there yet, and the folders above it. Raises `OSError`."""
    must_stay(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(file):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    replace(file, data)


def sweep(folder: Path) -> None:
    """Takes out what is left over of writing into a folder where that was cut short, be it long ago."""
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208 (names alone are wanted)
            if is_left_over(name):
                _sweep(folder / name)


def is_left_over(path: str) -> bool:
    """Whether a file is called as one that is being written."""
    return _LEFT_OVER.fullmatch(path.rpartition("/")[2]) is not None


def _replaceable(file: Path) -> Path | None:
    """Where a file stands, links followed; None where it is not to be replaced."""
    place = Path(os.path.realpath(file))
    try:
        status = file.stat()
    except FileNotFoundError:
        return place
    is_plain = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    shown = os.path.abspath(file)  # noqa: PTH100 (resolve would follow it)
    return place if is_plain and not shown.startswith(("/dev/", "/proc/")) else None


@dataclass(frozen=True)
class _Draft:
    """What is to be written: bytes, a file that it is to be like, its mode if there is none, and whether the
    disk is to have it before it takes its place.
    """

    data: bytes
    like: Path | None
    mode: int
    is_lasting: bool = True

    def write(self, name: Path, last_look: Callable[[], object]) -> None:
        """Writes it under a name, which it does not have before it is whole and all is well, where the system
        can do so: whatever ends the process leaves nothing behind.
        """
        try:
            handle = os.open(name.parent, os.O_TMPFILE | os.O_WRONLY | _AT_ONCE, self.mode)
            place = f"/proc/self/fd/{handle}"
            try:
                self._fill(os.dup(handle), place)
                last_look()
                os.link(place, name, src_dir_fd=handle, follow_symlinks=True)
            finally:
                os.close(handle)
        except (OSError, AttributeError):
            self._fill(os.open(name, _MINE, self.mode), str(name))
            last_look()

    def _fill(self, handle: int, place: str) -> None:
        with os.fdopen(handle, "wb") as stream:
            _lock(stream.fileno())
            stream.write(self.data)
            stream.flush()
            if self.like is not None:
                _liken(place, self.like)
            if self.is_lasting:
                os.fsync(stream.fileno())


def _put_in_place(file: Path, draft: _Draft, last_look: Callable[[], object] = lambda: None) -> None:
    name = file.with_name(f".airwarden-{os.urandom(8).hex()}.tmp")
    try:
        draft.write(name, last_look)
        name.replace(file)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def _liken(place: str, file: Path) -> None:
    """Gives a draft what is known of a file: owner, mode, attributes."""
    status = file.stat()
    try:
        os.chown(place, status.st_uid, status.st_gid)
    except (OSError, AttributeError):
        with suppress(OSError, AttributeError):
            os.chown(place, -1, status.st_gid)
    try:
        shutil.copystat(file, place)
    except PermissionError:
        shutil.copymode(file, place)
    os.utime(place)


def _settle(folder: Path) -> None:
    """Has the disk keep what a folder holds."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | _AT_ONCE)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(draft: Path) -> None:
    """Takes a draft out unless somebody is writing it."""
    handle = os.open(draft, os.O_RDONLY | _AT_ONCE | getattr(os, "O_NOFOLLOW", 0))
    try:
        if _lock(handle):
            draft.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Locks a draft for as long as it is open; whether that could be done. It ends with the process."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True
