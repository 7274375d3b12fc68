"""Tells of a fault of the tool or of a policy without telling anything of the files that were read."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from airwarden.report import Crash, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

PACKAGE_OF_POLICIES = "airwarden_policies"
"""What the modules of policies in Python are called by: their faults are their authors'."""

_MOST = 40
"""Functions of one fault that are told: where one calls itself without an end, there are a thousand."""


_SHORTAGES = {
    *(errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN),
    *(errno.EIO, errno.ESTALE, errno.EROFS),
}
"""What a machine lacks or has broken, whatever it is asked for."""


def shortage(error: BaseException) -> str:
    """What the machine could not give, which is nobody's fault here; empty where it is not that."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, OSError) and error.errno in _SHORTAGES:
        return f"the machine says: {error.strerror}"
    return ""


def crash(rule: str, path: str, error: BaseException) -> Crash:
    """A crash of `rule` on the file `path`: the kind of the error and the line of our own code, and that of
    the policy whose fault it is, where one has a share in it.

    The error's own text is left out, for it may quote a secret.
    """
    if told := shortage(error):
        return Crash(rule, path, told, "machine")
    place, policy, frames = "", "", list[str]()
    for trace in _traces(error):
        module = trace.tb_frame.f_globals.get("__name__", "")
        home, _, name = str(module).partition(".")
        if home == "airwarden":
            place = f" in {module}, line {trace.tb_lineno}"
            frames.append(f"{module}:{trace.tb_lineno} {_function(trace)}")
        elif home == PACKAGE_OF_POLICIES:
            place, policy = "", f" in the policy {name.replace('.', '/')}.py, line {trace.tb_lineno}"
            frames.append(f"a policy:{trace.tb_lineno}")
    place += f", called{policy}" if place and policy else policy
    kind = type(error)
    is_theirs = kind.__module__.partition(".")[0] == PACKAGE_OF_POLICIES
    told = "an error of its own" if is_theirs else kind.__name__
    fault: Fault = "policy" if policy else "own"
    return Crash(rule, path, f"{kind.__name__}{place}", fault, told, tuple(_few(frames)))


def _traces(error: BaseException) -> Iterator[TracebackType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _function(trace: TracebackType) -> str:
    code = trace.tb_frame.f_code
    return str(getattr(code, "co_qualname", code.co_name))


def _few(frames: list[str]) -> Iterator[str]:
    left = len(frames) - _MOST
    if left <= 0:
        yield from frames
        return
    yield from frames[: _MOST // 2]
    yield f"({left:,} more)"
    yield from frames[-_MOST // 2 :]
