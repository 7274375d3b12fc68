"""What findings may say: nothing that another finding of the same file calls a secret."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from airwarden.credentials.occurrences import Words
from airwarden.credentials.texts import header_credential, written_secrets
from airwarden.credentials.tokens import tokens
from airwarden.credentials.urls import url_passwords
from airwarden.findings import Finding, Related
from airwarden.justification import Justification
from airwarden.patterns import regex
from airwarden.source import Source
from airwarden.suppressions import Suppression

_UNLIKELY = regex(r"(?=.*\d)(?=.*[A-Za-z]).{8,}|.{12,}", re.DOTALL)


def found_secrets(findings: Iterable[Finding], sources: Mapping[str, Source]) -> Mapping[str, frozenset[str]]:
    """The texts that findings call secret, and the passwords and tokens in these, by file."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding in findings:
        source = sources.get(finding.region.path) if finding.secret else None
        if source is not None:
            text = source.slice(finding.region).strip("'\" \t\r\n")
            parts = filter(None, (text, *parts_of(text)))
            found[source.path].update(parts)
    return {path: frozenset(texts) for path, texts in found.items()}


def parts_of(text: str) -> Iterator[str]:
    """The passwords and tokens that stand in a text, told by the form of what is around them."""
    yield from (text[start:end] for start, end in url_passwords(text))
    yield from (text[token.start : token.end] for token in tokens(text))
    yield from (text[start:end] for _, start, end in written_secrets(text))
    header = header_credential(text)
    if header is not None:
        yield text[slice(*header)]


def unlikely(secrets: Iterable[str]) -> list[str]:
    """Those of some secrets that no other text repeats by chance, as it may `admin`; the longest first."""
    return sorted(filter(_UNLIKELY.fullmatch, secrets), key=len, reverse=True)


def withheld(finding: Finding, secrets: Words) -> Finding:
    """The finding with `***` in place of each `unlikely` secret that its own words would repeat."""
    if not any(map(secrets.within, _words(finding))):
        return finding
    return replace(
        finding,
        message=_covered(finding.message, secrets),
        remedy=_covered(finding.remedy, secrets),
        subject=_covered(finding.subject, secrets),
        related=tuple(Related(each.region, _covered(each.note, secrets)) for each in finding.related),
        steps=tuple(Related(each.region, _covered(each.note, secrets)) for each in finding.steps),
    )


def discreet(suppression: Suppression, secrets: Words) -> Suppression:
    """The suppression with `***` in place of each `unlikely` secret that its own words would repeat."""
    why = suppression.why
    words = (why.reason, why.owner, why.ticket, why.until)
    covered = Justification(*(_covered(text, secrets) for text in words))
    return replace(suppression, name=_covered(suppression.name, secrets), why=covered)


def _words(finding: Finding) -> Iterator[str]:
    yield from (finding.message, finding.remedy, finding.subject)
    yield from (each.note for each in (*finding.related, *finding.steps))


def _covered(text: str, secrets: Words) -> str:
    for secret in secrets.within(text):
        text = text.replace(secret, "***")
    return text
