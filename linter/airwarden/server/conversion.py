"""Findings and actions in the words of the Language Server Protocol."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from lsprotocol import types

from airwarden.formats.view import visible
from airwarden.rule_pages import address
from airwarden.server.documents import uri_of
from airwarden.server.explanations import message_of
from airwarden.server.places import Encoding, span_of
from airwarden.source import Source, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airwarden.findings import Edit, Finding, Level, Region
    from airwarden.server.actions import Action
    from airwarden.server.faults import Fault
    from airwarden.server.places import Span
    from airwarden.server.session import Judged

_SEVERITIES: Mapping[Level, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_TAGS = {"unused-": types.DiagnosticTag.Unnecessary, "retired-": types.DiagnosticTag.Deprecated}


class Conversion:
    """Writes what is known of a document as its client can take it."""

    def __init__(self, encoding: Encoding, client: types.ClientCapabilities) -> None:
        self.encoding: Encoding = encoding
        document, workspace = client.text_document, client.workspace
        found = document.publish_diagnostics if document else None
        self._can = found or types.PublishDiagnosticsClientCapabilities()
        edit = workspace.workspace_edit if workspace else None
        self._takes_versions = bool(edit and edit.document_changes)
        action = document.code_action if document else None
        resolve = action.resolve_support if action else None
        self.takes_edits_late = bool(resolve and "edit" in resolve.properties)

    def range(self, source: Source, region: Region) -> types.Range:
        """The range of a region."""
        return _range(span_of(source, region, self.encoding))

    # Diagnostics

    def diagnostics(self, judged: Judged) -> list[types.Diagnostic]:
        """The findings of a document."""
        return [self.diagnostic(judged, finding) for finding in judged.findings]

    def diagnostic(self, judged: Judged, finding: Finding) -> types.Diagnostic:
        """One finding."""
        rule = judged.checked.report.rules[finding.rule]
        page = address(rule) if self._can.code_description_support else ""
        return types.Diagnostic(
            range=self.range(judged.source, finding.region),
            severity=_SEVERITIES[finding.level],
            code=finding.rule,
            code_description=types.CodeDescription(href=page) if page else None,
            source="airwarden",
            message=message_of(finding),
            tags=self._tags(finding) or None,
            related_information=list(self._related(judged, finding)) or None,
            data={"rule": finding.rule, "subject": finding.subject} if self._can.data_support else None,
        )

    def _tags(self, finding: Finding) -> list[types.DiagnosticTag]:
        known = self._can.tag_support.value_set if self._can.tag_support else ()
        return [tag for start, tag in _TAGS.items() if finding.rule.startswith(start) and tag in known]

    def _related(self, judged: Judged, finding: Finding) -> Iterator[types.DiagnosticRelatedInformation]:
        if not self._can.related_information:
            return
        for each in (*finding.steps, *finding.related):
            try:
                source = judged.checked.repo.source(each.region.path)
            except Unreadable:
                source = Source(each.region.path, "")
            place = types.Location(_uri(judged, each.region.path), self.range(source, each.region))
            yield types.DiagnosticRelatedInformation(place, visible(each.note))

    def fault(self, fault: Fault) -> types.Diagnostic:
        """A setting that can't be followed."""
        return types.Diagnostic(
            range=self.range(fault.source, fault.region),
            severity=types.DiagnosticSeverity.Error,
            source="airwarden",
            message=visible(fault.message, keep="\n"),
        )

    # Actions

    def action(self, judged: Judged, action: Action) -> types.CodeAction:
        """An action, with its edits."""
        about = [self.diagnostic(judged, action.finding)] if action.finding else None
        return types.CodeAction(
            title=visible(action.title),
            kind=action.kind,
            diagnostics=about,
            is_preferred=action.is_preferred or None,
            edit=self.edit(judged, action.edits),
        )

    def edit(self, judged: Judged, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        """Edits of one or more files, those that are open at the version that was judged."""
        by_path = {path: list(self._edits(judged, path, some)) for path, some in _by_path(edits).items()}
        if not self._takes_versions:
            return types.WorkspaceEdit(changes={_uri(judged, path): some for path, some in by_path.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(_identifier(judged, path), [*some]) for path, some in by_path.items()
            ]
        )

    def _edits(self, judged: Judged, path: str, edits: Iterable[Edit]) -> Iterator[types.TextEdit]:
        source = judged.checked.repo.source(path)
        for edit in edits:
            yield types.TextEdit(self.range(source, edit.region), edit.text)


def span_in(found: types.Range) -> Span:
    """The span of a range."""
    return (found.start.line, found.start.character), (found.end.line, found.end.character)


def _range(span: Span) -> types.Range:
    return types.Range(types.Position(*span[0]), types.Position(*span[1]))


def _uri(judged: Judged, path: str) -> str:
    """The address of a file, as the client calls it where it is open."""
    document = judged.open.get(path)
    return document.uri if document else uri_of(judged.checked.repo.root / path)


def _identifier(judged: Judged, path: str) -> types.OptionalVersionedTextDocumentIdentifier:
    document = judged.open.get(path)
    return types.OptionalVersionedTextDocumentIdentifier(
        uri=_uri(judged, path), version=document.version if document else None
    )


def _by_path(edits: Iterable[Edit]) -> Mapping[str, list[Edit]]:
    found: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        found[edit.region.path].append(edit)
    return found
