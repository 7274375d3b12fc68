"""Tells of a fault of the tool itself without telling anything of the files it was reading."""

from __future__ import annotations

from airwarden.report import Crash


def crash(rule: str, path: str, error: BaseException) -> Crash:
    """A crash of `rule` on the file `path`: the kind of the error and the line of our own code.

    The error's own text is left out, for it may quote a secret.
    """
    place, trace = "", error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.partition(".")[0] == "airwarden":
            place = f" in {module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return Crash(rule, path, f"{type(error).__name__}{place}")
