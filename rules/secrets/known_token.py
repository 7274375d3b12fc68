"""A token in the repository works for everyone who reads a clone, an image or a diff of it.

Tokens of many services have a form of their own, so they can be told wherever they stand: in a string of a
DAG, in Helm values, airflow.cfg, a Dockerfile, a compose or .env file, in a comment. Git keeps what was once
committed, so deleting the line does not take the token back.

Revoke the token first. Then keep its successor in a secrets backend or a Kubernetes Secret, and let an
Airflow connection or `valueFrom.secretKeyRef` bring it to where it is used. Tokens that are plainly examples
(one letter repeated, `EXAMPLE`, `12345678`) are left alone. Where a token carries a checksum and it is wrong,
the token was mistyped or made up: that is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from airwarden.credentials.masks import masked
from airwarden.credentials.occurrences import holders
from airwarden.credentials.tokens import Form, Token, mentioned, tokens
from airwarden.rule import Rule

if TYPE_CHECKING:
    from airwarden.dag import DagFile
    from airwarden.findings import Finding, Region
    from airwarden.repo import Repo
    from airwarden.source import Source
    from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="revoke it, keep the new one in a secrets backend or a Kubernetes Secret, and refer to that",
    see="https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/index.html",
    severity=9.5,
    general=True,
)


@rule.dag
def check_dag(dag_file: DagFile, _: Repo) -> Iterator[Finding]:
    """Looks into every string and every comment of a DAG file."""
    among = mentioned(dag_file.source.text)
    if not among:
        return
    lines: set[int] = set()
    texts = dag_file.module.texts
    keywords = {keyword for form in among for keyword in form.keywords}
    holding = (texts[place] for place in holders([text.value for text in texts], keywords))
    found = [(text, token) for text in holding for token in tokens(text.value, among)]
    dag_file.locate([text.node for text, _ in found])
    for text, token in found:
        region = dag_file.region(text.node)
        lines.update(range(region.line, region.end_line + 1))
        yield _finding(region, token, text.value)
    yield from (each for each in _in_comments(dag_file.source, among) if each.region.line not in lines)


def _in_comments(source: Source, among: Sequence[Form]) -> Iterator[Finding]:
    for finding in _in_text(source, among):
        if "#" in source.line(finding.region.line)[: finding.region.column - 1]:
            yield finding


@rule.values
def check_values(values_file: ValuesFile, _: Repo) -> Iterator[Finding]:
    """Looks into the whole text of a values file, comments included."""
    if values_file.is_first:
        yield from _in_text(values_file.source)


@rule.text
def check_text(source: Source, _: Repo) -> Iterator[Finding]:
    """Looks into the whole text of an airflow.cfg, a Dockerfile, a compose file or a file of variables."""
    yield from _in_text(source)


def _in_text(source: Source, among: Sequence[Form] | None = None) -> Iterator[Finding]:
    for token in tokens(source.text, among):
        yield _finding(source.region(token.start, token.end), token, source.text)


def _finding(region: Region, token: Token, text: str) -> Finding:
    shown = masked(text[token.start : token.end])
    if token.sound:
        return rule.finding(region, f"{token.kind} in plain text: {shown}", subject=token.kind, secret=True)
    message = f"{token.kind} whose checksum is wrong, mistyped or made up: {shown}"
    return rule.finding(region, message, level="warning", subject=token.kind, secret=True)
