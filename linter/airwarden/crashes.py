"""Tells of a fault of the tool itself without telling anything of the files it was reading."""

from __future__ import annotations

from airwarden.report import Crash

PACKAGE_OF_POLICIES = "airwarden_policies"
"""What the modules of policies in Python are called by: their faults are their authors'."""


def crash(rule: str, path: str, error: BaseException) -> Crash:
    """A crash of `rule` on the file `path`: the kind of the error and the line of our own code.

    The error's own text is left out, for it may quote a secret.
    """
    place, trace = "", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        home, _, name = module.partition(".")
        if home == "airwarden":
            place = f" in {module}, line {trace.tb_lineno}"
        elif home == PACKAGE_OF_POLICIES:
            place = f" in the policy {name.replace('.', '/')}.py, line {trace.tb_lineno}"
        trace = trace.tb_next
    return Crash(rule, path, f"{type(error).__name__}{place}")
