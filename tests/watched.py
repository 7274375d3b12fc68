"""Runs commands of airwarden under Python's own audit, and writes down whatever it must not do.

    python watched.py LOG ROOT WRITABLE:WRITABLE... < commands, a JSON list of lists of arguments

Forked workers are audited too: they write to the same log. This file imports nothing of the tests.
"""
# ruff: noqa: PTH100, PTH117, PTH118, PTH119, PTH120

from __future__ import annotations

import json
import os
import sys
from typing import Any

LOG = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
ROOT = os.path.realpath(sys.argv[2])
WRITABLE = [os.path.realpath(path) for path in sys.argv[3].split(os.pathsep)]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

NEVER = (
    *("os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.spawn", "webbrowser.open"),
    *(
        "urllib.Request",
        "http.client",
        "ftplib.",
        "smtplib.",
        "imaplib.",
        "poplib.",
        "telnetlib.",
        "nntplib.",
    ),
    *("socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.sendto", "syslog."),
    *("ctypes.", "os.putenv", "os.chmod", "os.chown", "setopencodehook", "sys.setprofile", "sys.settrace"),
)
CHANGING = {
    **dict.fromkeys(("os.mkdir", "os.rmdir", "os.remove", "os.truncate", "os.utime"), (0,)),
    **dict.fromkeys(("os.link", "os.symlink"), (1,)),
    "os.rename": (0, 1),
}
"""Events that change files, and which of their arguments are the paths of these."""

MAKERS = {"attr", "cattrs", "collections", "dataclasses", "typing"}
OWN_MAKERS = {"airwarden.lean_libcst"}
"""Modules that write code and run it: methods of classes, out of their fields."""

LOCAL_SOCKET = 1
"""AF_UNIX: what workers and event loops talk over, which no name leads to."""


def note(event: str, about: object) -> None:
    """Writes a line into the log, which is no event itself."""
    os.write(LOG, f"{event} {about}\n".encode(errors="backslashreplace"))


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Looks at what Python is about to do."""
    if event.startswith(NEVER):
        note(event, arguments)
    elif event == "open":
        _opened(*arguments)
    elif event in CHANGING:
        for place in CHANGING[event]:
            _changed(event, arguments[place])
    elif event == "subprocess.Popen":
        _started(arguments[1])
    elif event == "socket.__new__" and arguments[1] != LOCAL_SOCKET:
        note(event, arguments[1:])
    elif event == "exec":
        _executed(arguments[0])
    elif event == "pickle.find_class" and not str(arguments[0]).startswith(
        ("airwarden", "builtins", "pathlib")
    ):
        note(event, arguments)


def _opened(path: object, mode: object, flags: object) -> None:
    if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & WRITING:
        _changed(f"open {mode or oct(flags)}", path)


def _changed(event: str, path: object) -> None:
    if isinstance(path, (str, bytes)):
        name = os.path.abspath(os.fsdecode(path))
        real = os.path.join(os.path.realpath(os.path.dirname(name)), os.path.basename(name))
        if real != os.devnull and not any(real == one or real.startswith(f"{one}/") for one in WRITABLE):
            note(event, name)


def _started(arguments: Any) -> None:
    named = os.fsdecode(arguments[0]) if isinstance(arguments, (list, tuple)) else str(arguments)
    if (
        os.path.basename(named) != "git"
        or not os.path.isabs(named)
        or os.path.realpath(named).startswith(ROOT)
    ):
        note("subprocess.Popen", arguments)


def _executed(code: Any) -> None:
    """Code of a file may be run that does not stand in the repository, and code that a known module makes."""
    file = getattr(code, "co_filename", "?")
    if file.startswith("<frozen "):
        return
    if file.startswith("<"):
        caller = sys._getframe(2).f_globals.get("__name__", "")
        if caller.partition(".")[0] not in MAKERS and caller not in OWN_MAKERS:
            note("exec", f"{file} by {caller}")
    elif os.path.realpath(file).startswith(f"{ROOT}/"):
        note("exec", file)


def main() -> None:
    """Runs the commands, each with its exit code in the log behind a dash."""
    commands = json.load(sys.stdin)
    sys.path[:] = [entry for entry in sys.path if entry != os.path.dirname(os.path.abspath(__file__))]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.addaudithook(watch)
    from airwarden.__main__ import main as run

    for arguments in commands:
        sys.argv[1:] = arguments
        try:
            code: object = run()
        except SystemExit as ended:
            code = ended.code
        os.write(LOG, f"- {code} {' '.join(arguments)}\n".encode(errors="backslashreplace"))
    for name, module in list(sys.modules.items()):
        if os.path.realpath(getattr(module, "__file__", None) or "/").startswith(f"{ROOT}/"):
            note("import", name)


if __name__ == "__main__":
    main()
