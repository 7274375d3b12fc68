"""A small editor: talks to `airwarden server` as a real one does, over stdin and stdout."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from airwarden.server.documents import file_of, uri_of
from airwarden.server.places import offset_of
from airwarden.source import Source

Json: TypeAlias = Any

PATIENCE = 60
"""Seconds to wait for what must come."""

CAPABILITIES: Json = {
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "tagSupport": {"valueSet": [1, 2]},
            "codeDescriptionSupport": True,
            "dataSupport": True,
        },
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
    },
}


class Editor:
    """Starts a server and follows the protocol; `texts` has the open documents as a user sees them."""

    def __init__(
        self,
        *folders: Path,
        capabilities: Json = CAPABILITIES,
        encodings: Sequence[str] = (),
        start: Sequence[str] = (sys.executable, "-m", "airwarden", "server"),
        **environment: str,
    ) -> None:
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.diagnostics: dict[str, list[Json]] = {}
        self.heard: list[Json] = []
        self._published: dict[str, int] = {}
        self._last = 0
        self._inbox: queue.Queue[Json] = queue.Queue()
        self.process = subprocess.Popen(
            start,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        self._talk: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._listen_to_talk, daemon=True).start()
        general = {"general": {"positionEncodings": list(encodings)}} if encodings else {}
        self.begun = self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri_of(folders[0]) if folders else None,
                "workspaceFolders": [{"uri": uri_of(each), "name": each.name} for each in folders] or None,
                "capabilities": {**capabilities, **general},
            },
        )
        self.tell("initialized", {})

    # The protocol

    def _listen(self) -> None:
        assert self.process.stdout
        while line := self.process.stdout.readline():
            length = int(line.removeprefix(b"Content-Length: "))
            while self.process.stdout.readline().strip():
                pass
            self._inbox.put(json.loads(self.process.stdout.read(length)))
        self._inbox.put(None)

    def _listen_to_talk(self) -> None:
        assert self.process.stderr
        self._talk += self.process.stderr

    def _send(self, message: Json) -> None:
        assert self.process.stdin
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def tell(self, method: str, params: Json) -> None:
        """Sends a notification."""
        self._send({"method": method, "params": params})

    def begin(self, method: str, params: Json) -> int:
        """Sends a request, and returns its number."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        return self._last

    def ask(self, method: str, params: Json) -> Json:
        """Sends a request, and returns the result."""
        answer = self.answer(self.begin(method, params))
        assert "error" not in answer, answer
        return answer.get("result")

    def answer(self, number: int) -> Json:
        """Waits for the answer to a request."""
        for message in self._messages():
            if message.get("id") == number and "method" not in message:
                return message
        raise AssertionError("no answer")

    def _messages(self) -> Iterator[Json]:
        while True:
            message = self._inbox.get(timeout=PATIENCE)
            assert message is not None, b"".join(self._talk).decode()
            self._hear(message)
            yield message

    def _hear(self, message: Json) -> None:
        self.heard.append(message)
        if message.get("method") == "textDocument/publishDiagnostics":
            uri = message["params"]["uri"]
            self.diagnostics[uri] = message["params"]["diagnostics"]
            self._published[uri] = message["params"].get("version")
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def said(self, method: str) -> list[Json]:
        """What the server has sent so far by one method."""
        return [each["params"] for each in self.heard if each.get("method") == method]

    # What a user does

    def open(self, file: Path, text: str | None = None) -> str:
        """Opens a file, perhaps with another text than it holds; returns its address."""
        uri = uri_of(file)
        self.texts[uri] = file.read_bytes().decode() if text is None else text
        self.versions[uri] = 1
        document = {"uri": uri, "languageId": "any", "version": 1, "text": self.texts[uri]}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def type(self, uri: str, old: str, new: str) -> None:
        """Replaces a text that stands once in a document, as an incremental change in UTF-16."""
        text = self.texts[uri]
        assert text.count(old) == 1
        start = text.index(old)
        self._change(uri, [{"range": span(text, start, start + len(old)), "text": new}])
        self.texts[uri] = text.replace(old, new)

    def set(self, uri: str, text: str) -> None:
        """Replaces the whole text."""
        self._change(uri, [{"text": text}])
        self.texts[uri] = text

    def _change(self, uri: str, changes: list[Json]) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def close(self, uri: str) -> None:
        """Closes a document."""
        del self.texts[uri], self.versions[uri]
        self._published.pop(uri, None)
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def rules(self, uri: str) -> list[str]:
        """The rules that find something in a document as it is now."""
        return sorted(each["code"] for each in self.shown(uri))

    def shown(self, uri: str) -> list[Json]:
        """The diagnostics of a document as it is now."""
        if self._published.get(uri) != self.versions[uri]:
            next(each for each in self._messages() if self._published.get(uri) == self.versions[uri])
        return self.diagnostics[uri]

    def until(self, uri: str, *rules: str) -> None:
        """Waits until these rules and no others find something in a document."""
        if uri not in self.diagnostics or sorted(map(_code, self.diagnostics[uri])) != sorted(rules):
            next(
                each
                for each in self._messages()
                if uri in self.diagnostics and sorted(map(_code, self.diagnostics[uri])) == sorted(rules)
            )

    def actions(self, uri: str, found: Json, *only: str) -> list[Json]:
        """The code actions for a diagnostic, or for a range."""
        context = {"diagnostics": [found] if "message" in found else [], **({"only": only} if only else {})}
        params = {"textDocument": {"uri": uri}, "range": found.get("range", found), "context": context}
        return list(self.ask("textDocument/codeAction", params) or [])

    def apply(self, action: Json) -> None:
        """Makes the edits of an action: in open documents, and in files that are not open."""
        edit = action.get("edit") or self.ask("codeAction/resolve", action)["edit"]
        for uri, edits in _edits(edit):
            if uri in self.texts:
                self.set(uri, edited(self.texts[uri], edits))
            else:
                file = file_of(uri)
                assert file
                file.write_bytes(edited(file.read_bytes().decode(), edits).encode())

    def hover(self, uri: str, text: str) -> str | None:
        """What is shown over a text that stands once in a document."""
        start = self.texts[uri].index(text)
        position = span(self.texts[uri], start, start)["start"]
        shown = self.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": position})
        return shown and str(shown["contents"]["value"])

    def leave(self) -> int:
        """Says goodbye; returns the exit code. Nothing may have been said beside the protocol."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        code = self.process.wait(timeout=PATIENCE)
        assert self.process.stdin
        self.process.stdin.close()
        return code

    @property
    def talk(self) -> str:
        """What the server wrote to stderr."""
        return b"".join(self._talk).decode()


def _code(diagnostic: Json) -> str:
    return str(diagnostic.get("code", ""))


def span(text: str, start: int, end: int) -> Json:
    """The range between two offsets, in UTF-16."""
    return {"start": _position(text, start), "end": _position(text, end)}


def _position(text: str, offset: int) -> Json:
    region = Source("", text).region(offset, offset)
    before = Source("", text).line(region.line)[: region.column - 1]
    return {"line": region.line - 1, "character": len(before.encode("utf-16-le")) // 2}


def _edits(edit: Json) -> Iterator[tuple[str, Sequence[Json]]]:
    if "documentChanges" in edit:
        yield from ((each["textDocument"]["uri"], each["edits"]) for each in edit["documentChanges"])
    else:
        changes: Mapping[str, Sequence[Json]] = edit["changes"]
        yield from changes.items()


def edited(text: str, edits: Sequence[Json]) -> str:
    """A text with edits made, all of which speak of the text as it was."""
    source = Source("", text)
    spans = []
    for each in edits:
        start, end = (
            offset_of(source, (place["line"], place["character"]), "utf-16")
            for place in (each["range"]["start"], each["range"]["end"])
        )
        spans.append((start, end, each["newText"]))
    for start, end, new in sorted(spans, key=lambda each: each[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text
