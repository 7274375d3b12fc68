"""Files are read only where they are files, and written as a whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from airwarden import disk

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as here:
        here.bind(os.path.relpath(path))


def make_folder(path: Path) -> None:
    path.mkdir()


def make_endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_circle(path: Path) -> None:
    path.symlink_to(path.name)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


ODD: list[Callable[[Path], None]] = [make_pipe, make_socket, make_folder, make_endless, make_circle]


@pytest.mark.parametrize("make", ODD)
def test_what_is_no_file_is_not_read(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "values.yaml")
    with pytest.raises(OSError, match=r".") as caught:
        disk.read(tmp_path / "values.yaml")
    assert caught.value.strerror
    with pytest.raises(OSError, match=r"."):
        disk.beginning(tmp_path / "values.yaml", 9)


def test_what_becomes_a_pipe_while_it_is_opened_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"x")
    status = file.stat()
    file.unlink()
    os.mkfifo(file)
    monkeypatch.setattr(os, "stat", lambda _: status)
    with pytest.raises(OSError, match="a pipe"):
        disk.read(file)


def test_a_pipe_that_the_user_named_is_read_and_one_that_never_ends_is_not(
    tmp_path: Path,
) -> None:
    most = 1 << 17
    here, there = os.pipe()
    os.write(there, b"\xef\xbb\xbfa\r\nb\rc\n")
    os.close(there)
    assert disk.text(Path(f"/dev/fd/{here}"), may_wait=True) == "a\nb\nc\n"
    os.close(here)
    with pytest.raises(OSError, match="too large"):
        disk.read("/dev/zero", may_wait=True, most=most)
    (tmp_path / "a").write_bytes(b"x" * (1 << 17))
    assert len(disk.read(tmp_path / "a", most=most)) == most
    (tmp_path / "a").write_bytes(b"x" * ((1 << 17) + 1))
    with pytest.raises(OSError, match="too large"):
        disk.read(tmp_path / "a", most=most)
    assert disk.beginning(tmp_path / "a", 3) == b"xxx"


def test_what_is_replaced_stays_what_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a"
    disk.replace(file, b"1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~_umask()
    file.chmod(0o751)
    disk.replace(file, b"2")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"2", 0o751)
    disk.keep(tmp_path / "b", b"3")
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert names(tmp_path) == ["a", "b"]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("lacks", ["O_TMPFILE", "link"])
def test_where_drafts_need_a_name_they_have_one(
    lacks: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOENT, "there is no /proc")

    if lacks == "link":
        monkeypatch.setattr(os, "link", refuse)
    else:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    disk.replace(tmp_path / "a", b"1")
    disk.replace(tmp_path / "a", b"2")
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"2")


def test_what_speaks_against_it_at_the_last_moment_leaves_all_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")

    def refuse() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        disk.replace(tmp_path / "a", b"2", refuse)
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"1")


def test_owner_and_group_are_kept_as_far_as_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def chown(_: object, owner: int, group: int) -> None:
        asked.append((owner, group))
        if owner != -1:
            raise PermissionError(errno.EPERM, "Operation not permitted")

    (tmp_path / "a").write_bytes(b"1")
    monkeypatch.setattr(os, "chown", chown)
    disk.replace(tmp_path / "a", b"2")
    status = (tmp_path / "a").stat()
    assert asked == [(status.st_uid, status.st_gid), (-1, status.st_gid)]


def test_a_report_goes_through_links_and_into_what_must_stay_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to("a")
    disk.put(tmp_path / "link", b"2")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"2"
    (tmp_path / "hard").hardlink_to(tmp_path / "a")
    disk.put(tmp_path / "hard", b"3")
    assert (tmp_path / "a").read_bytes() == b"3"
    disk.put(Path("/dev/null"), b"4")
    (tmp_path / "dangling").symlink_to("new")
    disk.put(tmp_path / "dangling", b"5")
    assert (tmp_path / "new").read_bytes() == b"5"


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES, errno.EXDEV])
def test_a_report_is_written_into_a_file_that_cannot_be_replaced(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "a").write_bytes(b"1")
    monkeypatch.setattr(Path, "replace", refuse)
    disk.put(tmp_path / "a", b"2")
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"2")


def test_a_full_disk_leaves_the_report_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a").write_bytes(b"1")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        disk.put(tmp_path / "a", b"2")
    assert (names(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"1")


def test_what_is_there_is_not_created(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("dangling", "a/b"):
        if name == "a/b":
            disk.create(tmp_path / name, b"1")
        with pytest.raises(FileExistsError):
            disk.create(tmp_path / name, b"2")
    assert (tmp_path / "a/b").read_bytes() == b"1"


LEFT = f".airwarden-{'0a' * 8}.tmp"


def test_what_is_left_over_is_swept_out_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    for name in (LEFT, ".airwarden-mine.tmp", "a.tmp"):
        (tmp_path / name).write_bytes(b"")
    with (tmp_path / LEFT).open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        disk.sweep(tmp_path)
        assert (tmp_path / LEFT).exists()
    disk.sweep(tmp_path)
    disk.sweep(tmp_path / "nowhere")
    assert names(tmp_path) == [".airwarden-mine.tmp", "a.tmp"]


@pytest.mark.real
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a draft has a name while it is written")
def test_a_process_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    texts = [b"1" * 200_000, b"2" * 300_000]
    (tmp_path / "a").write_bytes(texts[0])
    for turn in range(40):
        child = os.fork()
        if not child:
            while True:
                for text in texts:
                    disk.replace(tmp_path / "a", text)
        time.sleep(turn / 1000)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert (tmp_path / "a").read_bytes() in texts
    disk.sweep(tmp_path)
    assert names(tmp_path) == ["a"]
