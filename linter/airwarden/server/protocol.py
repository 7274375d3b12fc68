"""The language server: what a client tells and asks, handed on to a session."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, TypeVar

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from airwarden import __version__
from airwarden.crashes import crash
from airwarden.depth import STACK
from airwarden.formats.view import visible
from airwarden.server.actions import ALL_FIXES, Action, actions, all_fixes, has_safe_fix
from airwarden.server.conversion import Conversion, span_in
from airwarden.server.documents import Change, Document, Documents, file_of, is_same_file, uri_of
from airwarden.server.explanations import explanation
from airwarden.server.faults import fault_of
from airwarden.server.places import Encoding, region_of
from airwarden.server.session import Judged, Look, Session

_T = TypeVar("_T")

_PATIENCE = 0.15
"""Seconds without a change after which what is typed is judged."""

_IDLE = 1.0
"""Seconds without a change after which there is time to tidy up."""

_MOST_TRIES = 5
"""Looks after which a question is answered though more is typed all the time."""

_MOST_UNTIDIED = 10
"""Looks after which there is no more waiting for that."""

_FAULTS_OF_CLIENTS = (JsonRpcInvalidParams, JsonRpcInvalidRequest, JsonRpcMethodNotFound)

_Diagnostics: TypeAlias = "dict[str, list[types.Diagnostic]]"
_Found: TypeAlias = tuple[Look, _Diagnostics]

_FIX_ALL = "source.fixAll.airwarden"
_WATCHED = (
    "**/*.{py,yaml,yml,toml,txt,in,cfg,tf,env,lock,gotmpl}",
    "**/{Dockerfile,Dockerfile.*,Pipfile,.gitignore,.airflowignore,.env,.airwarden-baseline.json}",
)


class _Protocol(LanguageServerProtocol):
    """Keeps no copies of documents beside ours, whose columns are counted in another way."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> _Handling:
        """Hands on what is opened."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> _Handling:
        """Hands on what is changed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> _Handling:
        """Hands on what is closed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    def _send_response(
        self, msg_id: int | str, result: Any | None = None, error: types.ResponseError | None = None
    ) -> None:
        """Answers; where a fault of our own is the answer, it is logged, and nothing of it is quoted."""
        if error is not None and error.code == types.ErrorCodes.InternalError:
            fault = sys.exc_info()[1]
            if isinstance(fault, Exception):
                self._server.report_server_error(fault, JsonRpcInternalError)
            error = types.ResponseError(error.code, "airwarden failed by its own fault; its log tells where")
        super()._send_response(msg_id, result, error)


_Handling = Generator[Any, Any, None]


class Server(LanguageServer):
    """One client, and the session that serves it. Whatever takes long is done by one thread, in turn."""

    def __init__(self, *, trust: bool | None = None) -> None:
        super().__init__("airwarden", __version__, protocol_cls=_Protocol)
        self.documents = Documents()
        self.session = Session()
        self._trust = trust
        self.conversion = Conversion("utf-16", types.ClientCapabilities())
        self.capabilities = types.ClientCapabilities()
        self.is_shut_down = False
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="airwarden")
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._look = Look()
        self._seen: Mapping[str, Document] = {}
        self._shown: dict[str, Document | None] = {}
        self._published: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}
        self._untidied = 0
        self._told: set[str] = set()
        self._faults: set[str] = set()

    def begin(self, params: types.InitializeParams) -> None:
        """Takes in what the client can do, and which folders it has opened."""
        folders = [folder.uri for folder in params.workspace_folders or ()]
        folders = folders or [params.root_uri or uri_of(Path(params.root_path or "/"))]
        found = (file_of(uri) for uri in folders)
        opened = [file for file in found if file is not None and file != Path(file.anchor)]
        self.session = Session(opened, trust=self._trust)
        self.capabilities = params.capabilities
        encoding = _encoding(params.capabilities)
        self.documents = Documents(encoding)
        self.conversion = Conversion(encoding, params.capabilities)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Logs a fault without quoting anything: of our own, or of a client that sent what is no message."""
        if isinstance(error, JsonRpcInternalError) and error.data:
            return  # what it was made of is logged already
        if source is JsonRpcException or isinstance(error, _FAULTS_OF_CLIENTS):
            self.log(f"a message of the editor can't be understood: {type(error).__name__}")
        else:
            found = crash("", "", error)
            self.log(f"airwarden failed by its own fault: {found.message}. {found.advice}")

    def log(self, text: str, kind: types.MessageType = types.MessageType.Error) -> None:
        """Writes to the client's log, each text once."""
        if text not in self._told:
            self._told.add(text)
            self.window_log_message(types.LogMessageParams(kind, visible(text)))

    # Looking

    def look_soon(self, delay: float = _PATIENCE) -> None:
        """Judges what is open once nothing more has changed for a while."""
        self._stop_timers()
        self._timer = asyncio.get_running_loop().call_later(delay, self._start)

    def _stop_timers(self) -> None:
        for timer in (self._timer, self._idle):
            if timer is not None:
                timer.cancel()

    def _start(self) -> None:
        task = asyncio.get_running_loop().create_task(self._refresh())
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if isinstance(fault, Exception):
            self.report_server_error(fault, JsonRpcInternalError)

    async def _refresh(self) -> None:
        """Judges what is open as it is now, what has changed before all else, and tells the client."""
        async with self._turn:
            documents = self.documents.all()
            changed = {uri for uri, each in documents.items() if self._shown.get(uri) is not each}
            looks = self.session.looks(documents, changed, lambda: self.documents.all() != documents)
            while (found := await self._work(lambda: self._judged(looks, documents))) is not None:
                self._tell(*found, documents)
        self._untidied += 1
        if self._untidied < _MOST_UNTIDIED:
            self._idle = asyncio.get_running_loop().call_later(_IDLE, self._tidy)
        else:
            self._tidy()

    async def current(self, uri: str) -> Judged | None:
        """What is known of a document as all of them are at this moment; None for one that is not judged."""
        for _ in range(_MOST_TRIES):
            if self.documents.get(uri) is None or self._seen == self.documents.all():
                break
            await self._refresh()
        return self._look.judged.get(uri)

    async def _converted(self, judged: Judged, do: Callable[[], Iterable[Action]]) -> list[types.CodeAction]:
        """Works out actions in turn, beside the talk with the client."""
        async with self._turn:
            found = await self._work(lambda: [self.conversion.action(judged, each) for each in do()])
        return found or []

    async def _work(self, do: Callable[[], _T]) -> _T | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, do)
        except Exception as error:
            self.report_server_error(error, None)
            return None

    def _judged(self, looks: Iterator[Look], documents: Iterable[str]) -> _Found | None:
        """The next of some looks, in the words of the client."""
        look = next(looks, None)
        if look is None:
            return None
        diagnostics = {uri: self.conversion.diagnostics(each) for uri, each in look.judged.items()}
        for root, message in look.faults.items():
            fault = fault_of(root, message)
            same = (each for each in documents if is_same_file(each, uri_of(fault.file)))
            uri = next(same, uri_of(fault.file))
            diagnostics.setdefault(uri, []).append(self.conversion.fault(fault))
        return look, diagnostics

    def _tidy(self) -> None:
        """Takes out what is no longer needed while nothing is typed: a look leaves much behind."""
        self._untidied = 0
        if not self.is_shut_down:
            self._worker.submit(gc.collect)

    # Telling

    def _tell(self, look: Look, diagnostics: _Diagnostics, documents: Mapping[str, Document]) -> None:
        uris = set(look.uris)
        if len(uris) == len(documents):
            self._look, self._seen = look, documents
            uris |= diagnostics.keys() | self._published.keys()
        for uri in sorted(uris):
            document = documents.get(uri)
            self._shown[uri] = document
            if document is self.documents.get(uri):
                self._publish(uri, document.version if document else None, diagnostics.get(uri, []))
        for each in look.crashes:
            self.log(f"airwarden: {each.complaint}")
        for text in sorted(look.left_out):
            self.log(f"airwarden: {text}", types.MessageType.Warning)
        self._tell_faults(set(look.faults.values()))

    def _tell_faults(self, faults: set[str]) -> None:
        for text in faults - self._faults:
            self.window_show_message(
                types.ShowMessageParams(types.MessageType.Error, visible(f"airwarden: {text}"))
            )
        self._faults = faults

    def _publish(self, uri: str, version: int | None, found: list[types.Diagnostic]) -> None:
        if self._published.get(uri, (None, [])) == (version, found):
            return
        self._published[uri] = version, found
        if not found and version is None:
            del self._published[uri]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def forget(self, uri: str) -> None:
        """Takes back what was told of a document that is closed."""
        self._shown.pop(uri, None)
        self.documents.close(uri)
        if uri in self._published:
            self._publish(uri, None, [])

    def shut_down(self) -> None:
        """Ends all work."""
        self.is_shut_down = True
        self._stop_timers()
        self._worker.shutdown(wait=False, cancel_futures=True)

    # Answers

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """The rules that find something at a place."""
        judged = await self.current(params.text_document.uri)
        if judged is None:
            return None
        place = (params.position.line, params.position.character)
        here = region_of(judged.source, (place, place), self.documents.encoding)
        met = judged.at(here)
        rules = judged.checked.report.rules
        if not met:
            return None
        texts = dict.fromkeys(explanation(each, rules[each.rule]) for each in met)
        content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(texts))
        return types.Hover(content, self.conversion.range(judged.source, met[0].region))

    async def code_actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What can be done about the findings in a range."""
        judged = await self.current(params.text_document.uri)
        if judged is None:
            return []
        region = region_of(judged.source, span_in(params.range), self.documents.encoding)
        only = params.context.only
        found: list[types.CodeAction] = []
        if _is_wanted(types.CodeActionKind.QuickFix, only):
            found += await self._converted(judged, lambda: actions(judged, region))
        if _is_wanted(_FIX_ALL, only) and has_safe_fix(judged):
            found += await self._fix_all(judged, is_asked_for=only is not None)
        return found

    async def _fix_all(self, judged: Judged, *, is_asked_for: bool) -> list[types.CodeAction]:
        """All safe fixes at once: worked out when they are made, if the client can wait till then."""
        if self.conversion.takes_edits_late:
            data = {"uri": judged.document.uri}
            return [types.CodeAction(ALL_FIXES, kind=_FIX_ALL, data=data)]
        if not is_asked_for:
            return []
        return await self._converted(judged, lambda: [all_fixes(judged)])

    async def resolved(self, action: types.CodeAction) -> types.CodeAction:
        """An action with its edits."""
        uri = action.data.get("uri") if isinstance(action.data, dict) else None
        judged = await self.current(uri) if isinstance(uri, str) else None
        if judged is not None:
            found = await self._converted(judged, lambda: [all_fixes(judged)])
            action.edit = found[0].edit if found else None
        return action


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a client asks for a kind of actions, by its own name or one that holds it."""
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _encoding(client: types.ClientCapabilities) -> Encoding:
    chosen = ServerCapabilitiesBuilder.choose_position_encoding(client)
    names: dict[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}
    return names[str(getattr(chosen, "value", chosen))]


def server(*, trust: bool | None = None) -> Server:
    """A server that waits for its client."""
    made = Server(trust=trust)
    _follow_documents(made)
    _follow_workspace(made)
    _answer(made)
    return made


def _follow_documents(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        if server.documents.open(document.uri, document.text, document.version):
            server.look_soon(0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        changes = [_change(each) for each in params.content_changes]
        server.documents.change(params.text_document.uri, changes, params.text_document.version)
        server.look_soon()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:  # noqa: ARG001
        server.look_soon(0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)
        server.look_soon(0)


def _change(told: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(told, types.TextDocumentContentChangePartial):
        return span_in(told.range), told.text
    return None, told.text


def _follow_workspace(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def begun(params: types.InitializeParams) -> None:
        server.begin(params)

    @server.feature(types.INITIALIZED)
    def ready(params: types.InitializedParams) -> None:  # noqa: ARG001
        workspace = server.capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(glob_pattern=glob) for glob in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            registration = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            server.client_register_capability(types.RegistrationParams([registration]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:  # noqa: ARG001
        server.look_soon()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def settings_changed(params: types.DidChangeConfigurationParams) -> None:  # noqa: ARG001
        server.look_soon()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = {file_of(each.uri) for each in params.event.removed}
        come = [file_of(each.uri) for each in params.event.added]
        kept = [folder for folder in server.session.folders if folder not in gone]
        server.session.folders = [*kept, *(folder.resolve() for folder in come if folder is not None)]
        server.look_soon()

    @server.feature(types.SHUTDOWN)
    def shut_down(params: None) -> None:  # noqa: ARG001
        server.shut_down()


def _answer(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await server.hover(params)

    kinds = [types.CodeActionKind.QuickFix, _FIX_ALL]
    options = types.CodeActionOptions(code_action_kinds=kinds, resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await server.code_actions(params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(params: types.CodeAction) -> types.CodeAction:
        return await server.resolved(params)


def serve(stdin: BinaryIO, stdout: BinaryIO, *, trust: bool | None = None) -> bool:
    """Serves one client until it goes away; whether it said goodbye.

    What pygls and asyncio log quotes what they were given, so it goes nowhere.
    """
    for name in ("pygls", "asyncio"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    with suppress(ValueError, RuntimeError):  # not every system lets it be told
        threading.stack_size(STACK)
    made = server(trust=trust)
    made.start_io(stdin, stdout)
    return made.is_shut_down
