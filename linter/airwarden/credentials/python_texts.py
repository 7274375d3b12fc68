"""The credentials that Python inside a values file writes out: airflow_local_settings.py and its like."""

from __future__ import annotations

import re
from dataclasses import field

from airwarden.credentials.inline import InlineSecret
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source, Unreadable
from airwarden.values import Entry, ValuesFile

_KEYS = frozenset({"airflowLocalSettings", "apiServerConfig", "stringOverride", "webserverConfig"})
_PYTHON = regex(
    r"^[ \t]*(?:from\s+[\w.]+\s+import\s|import\s+\w|def\s+\w|class\s+\w|\w+(?:\[.*\])?\s*=)", re.MULTILINE
)
_SPEAKS_OF_SECRETS = regex(
    r"airflow_conn|authorization|basic |bearer|fernet|key|pass|pwd|secret|token|://[^/\s]*@", re.IGNORECASE
)
_CONDITION = regex(r"^[ \t]*\{\{-?[ \t]*if\b", re.MULTILINE)
_LONG_TEXT = regex(r"\"{3}|'{3}|\\$", re.MULTILINE)
"""Where a text of Python may go on in the next line."""


@dataclass
class PythonTexts:
    """The Python of a values file: the credentials in it, each at its literal, and its docstrings."""

    secrets: list[InlineSecret] = field(default_factory=list)
    docstrings: list[Region] = field(default_factory=list)


def python_texts(values: ValuesFile) -> PythonTexts:
    """Reads the Python of a values file. Texts that are no Python, as a template may be, hold nothing.

    libcst is loaded only where a text speaks of secrets.
    """
    found = PythonTexts()
    for entry in values.entries():
        if _is_python(entry) and _SPEAKS_OF_SECRETS.search(_code(entry.text or "")):
            _read(values, entry, found)
    return found


def _is_python(entry: Entry) -> bool:
    named, text = entry.name in _KEYS or entry.name.endswith(".py"), entry.text or ""
    return named and "\n" in text.strip() and bool(_PYTHON.search(text)) and not _is_template(text)


def _is_template(text: str) -> bool:
    """Whether a line that begins with a condition of a template, outside of any text, makes it no Python."""
    return _CONDITION.search(text) is not None and _LONG_TEXT.search(text) is None


def _code(text: str) -> str:
    """A text without the lines that are comments."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _read(values: ValuesFile, entry: Entry, found: PythonTexts) -> None:
    from airwarden.dag import DagFile
    from airwarden.written_credentials import written_credentials

    source = Source(f"{values.path}.py", entry.text or "")
    try:
        file = DagFile.read(source)
    except Unreadable:
        return
    written = list(written_credentials(file))
    prose = [text.node for text in file.module.texts if text.is_docstring]
    spans = [_span(source, file.region(node)) for node in (*(each.node for each in written), *prose)]
    regions = list(values.regions(entry, spans))
    for region, each in zip(regions, written, strict=False):
        found.secrets.append(InlineSecret(region, entry.path, each.name))
    found.docstrings.extend(regions[len(written) :])


def _span(source: Source, region: Region) -> tuple[int, int]:
    end = source.offset(region.end_line, region.end_column)
    return source.offset(region.line, region.column), end
