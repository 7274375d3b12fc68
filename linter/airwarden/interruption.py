"""What ends a run from outside: Ctrl-C, the end of a terminal, and whoever stops a job."""

from __future__ import annotations

import os
import signal
import time

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

_PATIENCE = 2.0
"""Seconds for which a run may clean up, whatever else is sent to it."""


class Interrupted(BaseException):
    """The run has been told to end. `code` is its exit code."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number

    @property
    def is_wanted(self) -> bool:
        """Whether it was Ctrl-C, so that there is somebody to tell."""
        return self.code == 128 + signal.SIGINT


def heed() -> None:
    """Has a signal to end raise `Interrupted`, once: what is cleaned up then is not cut short."""
    since: list[float] = []

    def end(number: int, _: object) -> None:
        if not since:
            since.append(time.monotonic())
            raise Interrupted(number)
        if time.monotonic() - since[0] > _PATIENCE:
            os._exit(128 + number)

    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end)


def leave_to_the_system() -> None:
    """Has a signal to end the process at once."""
    for number in SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
