"""A run that is told to end does so at once, quietly, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from airwarden import interruption
from airwarden.cli import main
from airwarden.commands import check
from airwarden.crashes import crash
from airwarden.interruption import Interrupted

from tests.conftest import MakeRepository

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the system has no such signals")


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "airwarden: interrupted\n"), (signal.SIGTERM, 143, ""), (signal.SIGHUP, 129, "")],
)
def test_a_signal_ends_a_run(
    number: signal.Signals,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(_: object) -> int:
        raise Interrupted(number)

    monkeypatch.setattr(check, "run", run)
    assert main(["check"]) == code
    assert capsys.readouterr() == ("", said)


def test_it_is_raised_once() -> None:
    before = {each: signal.getsignal(each) for each in interruption.SIGNALS}
    try:
        for each in before:  # whoever starts the tests in the background has some of them ignored
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
        interruption.heed()
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        interruption.leave_to_the_system()
        heeded = [each for each in interruption.SIGNALS if before[each] != signal.SIG_IGN]
        assert {signal.getsignal(each) for each in heeded} == {signal.SIG_DFL}
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_what_nobody_heeds_is_not_heeded() -> None:
    before = {each: signal.getsignal(each) for each in interruption.SIGNALS}
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        interruption.heed()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        for each, heeded in before.items():
            signal.signal(each, heeded)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "there is not enough memory; check fewer files at a time, or with --jobs 1"),
        (OSError(28, "Full"), "the work could not be done: the machine says: Full"),
        (OSError(5, "Broken"), "the work could not be done: the machine says: Broken"),
    ],
)
def test_what_the_machine_lacks_is_no_fault_of_ours(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        raise error

    monkeypatch.setattr(check, "run", run)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == f"airwarden: {said}\n"
    assert "Error" not in crash("a-rule", "a.py", error).message


def started(root: Path, arguments: list[str], out: int | None, shut: Sequence[int] = ()) -> tuple[int, str]:
    """A run of the real program, some files shut: its exit code, and what it says beside the report."""

    def shut_all() -> None:
        for each in shut:
            os.close(each)

    command = [sys.executable, "-m", "airwarden", *arguments]
    run = subprocess.run(
        command, cwd=root, stdout=out, stderr=subprocess.PIPE, check=False, preexec_fn=shut_all
    )
    return run.returncode, run.stderr.decode()


@pytest.mark.real
@pytest.mark.parametrize("arguments", [["--version"], ["rules"], ["check", "--no-cache"]])
def test_a_stdout_that_takes_nothing_is_no_fault_of_ours(
    arguments: list[str], make_repository: MakeRepository
) -> None:
    root = make_repository({"dags/a.py": "x = 1\n"})
    with Path("/dev/full").open("w") as full:
        code, said = started(root, arguments, full.fileno())
    assert (code, said.count("\n") < 2) == (2, True)
    assert started(root, arguments, None, shut=[1]) == (0, "")
    here, there = os.pipe()
    os.close(here)
    assert started(root, arguments, there) == (0, "")
    os.close(there)
