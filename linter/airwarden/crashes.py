"""Tells of a fault of the tool or of a policy without telling anything of the files that were read."""

from __future__ import annotations

import errno

from airwarden.report import Crash

PACKAGE_OF_POLICIES = "airwarden_policies"
"""What the modules of policies in Python are called by: their faults are their authors'."""


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
        return Crash(rule, path, told)
    place, policy, trace = "", "", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        home, _, name = module.partition(".")
        if home == "airwarden":
            place = f" in {module}, line {trace.tb_lineno}"
        elif home == PACKAGE_OF_POLICIES:
            place, policy = "", f" in the policy {name.replace('.', '/')}.py, line {trace.tb_lineno}"
        trace = trace.tb_next
    place += f", called{policy}" if place and policy else policy
    return Crash(rule, path, f"{type(error).__name__}{place}", is_own=not policy)
