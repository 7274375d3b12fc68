"""The language server: messages as an editor may send them, and documents that change in odd ways."""

from __future__ import annotations

import io
import re
import traceback
from functools import cache
from random import Random
from unittest.mock import patch
from zlib import crc32

from fuzzing import grammars
from fuzzing.folders import folder, put
from fuzzing.invariants import PLANTED
from fuzzing.target import Broken, Target

_PLACES = (
    "dags/a.py",
    "values.yaml",
    "pyproject.toml",
    "airflow.cfg",
    ".env",
    "requirements.txt",
    "Dockerfile",
)


def _messages(data: bytes) -> None:
    """Sends the lines of an input as messages; one that begins with `Content-Length` is sent as it is."""
    from airwarden.server.protocol import Server, serve

    sent = b"".join(
        line if line.startswith(b"Content-Length") else b"Content-Length: %d\r\n\r\n%b" % (len(line), line)
        for line in data.split(b"\n")
    )
    faults: list[str] = []

    def note(server: Server, error: Exception, source: object) -> None:  # noqa: ARG001
        told = getattr(error, "data", None) or {"traceback": traceback.format_exception(error)}
        faults.extend(line for line in told.get("traceback", ()) if "/airwarden/" in line)

    with patch.object(Server, "report_server_error", note):
        serve(io.BytesIO(sent), io.BytesIO())
    if faults:
        raise Broken(f"the server failed: {faults[-1].strip()}")


@cache
def _session() -> object:
    from airwarden.server.session import Session

    home = folder("editor")
    put(home, ".git/HEAD", b"ref: refs/heads/main\n")
    put(home, "values.yaml", f"executor: CeleryExecutor\nfernetKey: {PLANTED}\n".encode())
    return Session([home])


def _documents(data: bytes) -> None:
    """Opens a text, changes it at places anywhere, and asks for all that there is to know and to do."""
    from airwarden.server.actions import actions, all_fixes, has_safe_fix
    from airwarden.server.conversion import Conversion
    from airwarden.server.documents import Documents, uri_of
    from airwarden.server.places import Encoding
    from airwarden.server.session import Session
    from lsprotocol import types

    random = Random(crc32(data))
    encodings: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
    encoding = random.choice(encodings)
    session = _session()
    assert isinstance(session, Session)
    documents = Documents(encoding)
    uri = uri_of(folder("editor") / random.choice(_PLACES))
    documents.open(uri, data.decode(errors="replace"), 1)
    numbers = (0, 1, 2, 7, 80, 10**9)
    places = [(random.choice(numbers), random.choice(numbers)) for _ in range(2)]
    documents.change(
        uri, [((places[0], places[1]), random.choice(("", "x", "\n", "\ud83d", "\U0001f600")))], 2
    )
    look = session.look(documents.all())
    if look.crashes:
        raise Broken(f"a rule crashed: {look.crashes[0]}")
    conversion = Conversion(encoding, types.ClientCapabilities())
    for judged in look.judged.values():
        conversion.diagnostics(judged)
        for finding in judged.findings[:5]:
            for action in actions(judged, finding.region):
                conversion.action(judged, action)
        if has_safe_fix(judged) and random.random() < 0.2:
            conversion.action(judged, all_fixes(judged))


TARGETS = (
    Target("messages", _messages, grammars.MESSAGES, re.compile(r".*\.(jsonl|json)")),
    Target("documents", _documents, grammars.PYTHON, re.compile(r".*\.(py|ya?ml|toml|cfg|txt)"), weight=2),
)
