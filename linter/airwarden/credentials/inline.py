"""The secrets that stand in plain text in a values file, each told once, by whatever knows it best."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from airwarden.credentials.arguments import argument_secrets
from airwarden.credentials.backends import is_for_backend
from airwarden.credentials.sensitive import (
    Fault,
    decoded,
    env_fault,
    env_name,
    member_spans,
    name_fault,
    settings_spans,
    text_passwords,
    text_secrets,
    yaml_secrets,
)
from airwarden.findings import Region
from airwarden.inner_yaml import Inside
from airwarden.patterns import regex
from airwarden.policies import Keywords
from airwarden.records import dataclass
from airwarden.values import Entry, Path, ValuesFile, Violation, dotted
from airwarden.yaml_tree import Mapping, Scalar, Sequence

PATH_RULE = "inline-secret-in-values"
"""The rule that the policies for known paths name."""

_REPLACING = ("existingSecret", "existingSecretName")
_REMARKS = regex(r".*(?:annotations|labels)", re.IGNORECASE)
_ARGUMENTS = regex(r"(?:.*[a-z])?(?:[aA]rgs|[cC]ommand)")
_RESOURCE_NAME = regex(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True)
class InlineSecret:
    """A secret in plain text: where, under which path, and by the name of which key or variable.

    `fault` tells why it is one. Where a policy tells, `keywords` is its subschema, and the paths in it begin
    at `start`.
    """

    region: Region
    path: Path
    name: str
    fault: Fault | None = None
    keywords: Keywords | None = None
    start: tuple[str, ...] = ()

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return dotted(self.path)


def at_known_paths(values: ValuesFile) -> Iterator[InlineSecret]:
    """Secrets at the paths where the charts take them."""
    for violation in values.violations(PATH_RULE):
        for region, name in dict(_parts(values, violation)).items():
            path, start = violation.entry.path, violation.root.path
            yield InlineSecret(region, path, name, keywords=violation.keywords, start=start)


def in_config(values: ValuesFile) -> Iterator[InlineSecret]:
    """Secrets among the options of airflow.cfg, named by their environment variables, but for the arguments
    of secrets backends.
    """
    for item in values.config_items():
        name = item.env or env_name(item.section, item.key)
        fault = env_fault(name, item.text) if item.text and not is_for_backend(name) else None
        if fault:
            yield InlineSecret(item.region, item.path, name, fault)


def in_env(values: ValuesFile) -> Iterator[InlineSecret]:
    """Secrets in environment variables, but for the arguments of secrets backends."""
    for item in values.env_items():
        if not item.text or is_for_backend(item.name):
            continue
        inner = decoded(item.text) if item.path[-2:-1] == ("data",) else ""
        fault = env_fault(item.name, item.text) or env_fault(item.name, inner)
        if fault:
            yield InlineSecret(item.region, item.path, item.name, fault)


def under_telling_names(values: ValuesFile) -> Iterator[InlineSecret]:
    """Secrets anywhere else, which the name of their key or a URL tells."""
    known = {item.region for item in values.config_items()}
    known |= {item.region for item in values.env_items()}
    known |= {violation.entry.region for violation in values.violations(PATH_RULE)}
    ordered = sorted(known)
    for entry in values.entries():
        for region, fault in (*_told(values, entry), *_in_arguments(values, entry)):
            if region not in known and not _lies_in(region, ordered):
                known.add(region)
                yield InlineSecret(region, entry.path, entry.name, fault)


def replacing_path(values: ValuesFile, path: Path) -> str | None:
    """The path beside another that takes the name of a Secret instead, where the file itself shows it."""
    beside = ((*path[:-1], key) for key in _REPLACING)
    return next((dotted(place) for place in beside if values.entry(place)), None)


def _parts(values: ValuesFile, violation: Violation) -> Iterator[tuple[Region, str]]:
    """The secrets in what breaks a policy: the value itself, or each literal in a text."""
    entry, form = violation.entry, violation.keywords["format"]
    if not isinstance(entry.node, Scalar):
        return
    if form == "no-secret-in-yaml":
        for name, node in yaml_secrets(Inside.of(values.source.text, entry.node).nodes()):
            yield values.source.region(node.start, node.end), name
    elif form in ("no-secret-in-python", "no-secret-in-ini"):
        found = list(text_secrets(entry.node.text, "ini" if form.endswith("ini") else "python"))
        places = values.regions(entry, [(start, end) for _, start, end in found])
        yield from zip(places, [name for name, *_ in found], strict=True)
    else:
        yield entry.region, entry.name


def _told(values: ValuesFile, entry: Entry) -> Iterator[tuple[Region, Fault]]:
    if not entry.text or any(isinstance(part, str) and _REMARKS.fullmatch(part) for part in entry.path):
        return
    if "encryptedData" in entry.path:
        return
    if "\n" in entry.text.strip():
        members = member_spans(entry.text)
        for region in values.regions(entry, members) if members else ():
            yield region, "json"
        if members:
            return
        named = settings_spans(entry.name, entry.text)
        spans = named or text_passwords(entry.text)
        for region in values.regions(entry, spans) if spans else ():
            yield region, "name" if named else "url"
        return
    name = entry.name if entry.key else ""
    fault = name_fault(name, _decoded(values, entry))
    if fault and not (fault == "name" and _is_reference(values, entry)):
        yield entry.region, fault


def _decoded(values: ValuesFile, entry: Entry) -> str:
    """The text of an entry, out of its base64 in a Secret's `data`."""
    text = entry.text or ""
    kind = values.entry((*entry.path[:-2], "kind")) if entry.path[-2:-1] == ("data",) else None
    return decoded(text) or text if kind and kind.text == "Secret" else text


def _in_arguments(values: ValuesFile, entry: Entry) -> Iterator[tuple[Region, Fault]]:
    """The passwords in a container's `command` and `args`, be they a list or a line."""
    if not entry.key or not _ARGUMENTS.fullmatch(entry.name) or isinstance(entry.node, Mapping):
        return
    listed = entry.node.children if isinstance(entry.node, Sequence) else [entry.node]
    words = [node for node in listed if isinstance(node, Scalar)]
    for place, start, end in argument_secrets([node.text for node in words]):
        inside = Inside.of(values.source.text, words[place])
        is_whole = (start, end) == (0, len(words[place].text))
        span = (words[place].start, words[place].end) if is_whole else inside.span(start, end)
        yield values.source.region(*span), "name"


def _is_reference(values: ValuesFile, entry: Entry) -> bool:
    """Whether `secret` or a `...secretKey` holds the name of a Secret or, beside one, of a key in it."""
    if entry.name == "secret":
        return bool(_RESOURCE_NAME.fullmatch(entry.text or ""))
    parent = values.entry(entry.path[:-1])
    if not entry.name.lower().endswith("secretkey") or parent is None or not isinstance(parent.node, Mapping):
        return False
    beside = ("name", "remoteRef", "secret", "secretName", *_REPLACING, entry.name.removesuffix("Key"))
    return any(parent.node.get(key) for key in beside)


def _lies_in(region: Region, ordered: list[Region]) -> bool:
    """Whether one of some regions, which lie apart, holds another."""
    place = bisect_right(ordered, region)
    return place > 0 and ordered[place - 1].overlaps(region)
