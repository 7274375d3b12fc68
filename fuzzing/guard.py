"""Guard: one input, given to a target under a limit of processor time and with warnings as errors."""

from __future__ import annotations

import signal
import time
import warnings
from dataclasses import dataclass
from types import FrameType

from fuzzing.target import Failure, Target, TooSlow


@dataclass(frozen=True)
class Tried:
    """What became of an input, and the processor time that it took, in seconds."""

    failure: Failure | None
    seconds: float


def tried(target: Target, data: bytes, patience: float = 1) -> Tried:
    """Gives an input to a target. `patience` is by how much its time is longer than usual.

    Where the system can't interrupt a process by its processor time, only time that has passed is noted.
    """
    limit = target.seconds * patience
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        began = time.process_time()
        failure = _outcome(target, data, limit)
        seconds = time.process_time() - began
    if failure is None and seconds > limit:
        failure = Failure("TooSlow", "time")
    return Tried(failure, seconds)


def _outcome(target: Target, data: bytes, limit: float) -> Failure | None:
    before = _begin(limit)
    try:
        target.check(data)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Failure.of(error)
    finally:
        _end(before)
    return None


def _begin(limit: float) -> signal.Handlers | object:
    """Has the system call `_stop` once the time is over, and every second from then on."""
    if not hasattr(signal, "setitimer"):
        return None
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit, 1)
    return before


def _end(before: object) -> None:
    if before is not None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise TooSlow
