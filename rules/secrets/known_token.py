"""A token in the repository works for everyone who reads a clone, an image or a diff of it.

Tokens of many services have a form of their own, so they can be told wherever they stand: in a string of a
DAG, in Helm values, in a comment. Git keeps what was once committed, so deleting the line does not take the
token back.

Revoke the token first. Then keep its successor in a secrets backend or a Kubernetes Secret, and let an
Airflow connection or `valueFrom.secretKeyRef` bring it to where it is used. Tokens that are plainly examples
(one letter repeated, `EXAMPLE`, `12345678`) are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airwarden.credentials.masks import masked
from airwarden.credentials.tokens import mentions_token, tokens
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
    if not mentions_token(dag_file.source.text):
        return
    lines: set[int] = set()
    for text in dag_file.module.texts:
        for token in tokens(text.value):
            region = dag_file.region(text.node)
            lines.update(range(region.line, region.end_line + 1))
            yield _finding(region, token.kind, text.value[token.start : token.end])
    yield from (found for found in _in_comments(dag_file.source) if found.region.line not in lines)


def _in_comments(source: Source) -> Iterator[Finding]:
    for token in tokens(source.text):
        region = source.region(token.start, token.end)
        if "#" in source.line(region.line)[: region.column - 1]:
            yield _finding(region, token.kind, source.text[token.start : token.end])


@rule.values
def check_values(values_file: ValuesFile, _: Repo) -> Iterator[Finding]:
    """Looks into the whole text of a values file, comments included."""
    source = values_file.source
    for token in tokens(source.text):
        region = source.region(token.start, token.end)
        yield _finding(region, token.kind, source.text[token.start : token.end])


def _finding(region: Region, kind: str, token: str) -> Finding:
    return rule.finding(region, f"{kind} in plain text: {masked(token)}", subject=kind, secret=True)
