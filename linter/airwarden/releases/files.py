"""Which files describe releases of charts, and what they release."""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.charts import MAX_BYTES, speaks_of_airflow
from airwarden.inner_yaml import read
from airwarden.patterns import regex
from airwarden.releases import argo_cd, flux, helmfile, kustomize, terraform
from airwarden.releases.hcl import DeepHcl
from airwarden.releases.release import Release
from airwarden.source import Source, TooDeep
from airwarden.yaml_tree import NotYaml, compose

_ENDINGS = frozenset({"tf", "yaml", "yml"})
_HELMFILE = regex(r"helmfile.*\.(?:ya?ml(?:\.gotmpl)?)|.*\.ya?ml\.gotmpl")
_MANIFEST = regex(rb"\brepoURL\b|\bHelm(?:Release|Chart)|\bhelmChart(?:s|InflationGenerator)\b")
_LISTS_RELEASES = regex(rb"^releases\s*:", re.MULTILINE)
_TERRAFORM = regex(rb"\bhelm_release\b|\bvalues\s*=")


def may_release(path: str, data: bytes) -> bool:
    """Whether a file may describe a release of Airflow: a cheap look at its name and bytes."""
    if not is_called_like_one(path) or len(data) > MAX_BYTES:
        return False
    if b"irflow" not in data and not speaks_of_airflow(path, data):
        return False
    if path.endswith(".tf"):
        return _TERRAFORM.search(data) is not None
    return _MANIFEST.search(data) is not None or _LISTS_RELEASES.search(data) is not None


def is_called_like_one(path: str) -> bool:
    """Whether the name of a file allows for releases in it."""
    name = path.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    return bool(stem) and (ending in _ENDINGS or _HELMFILE.fullmatch(name) is not None)


def releases_in(source: Source) -> Iterator[Release]:
    """Every release that a file describes with values in it; none for a template that is no YAML. Raises
    `TooDeep`.
    """
    text = source.text
    if source.path.endswith(".tf"):
        try:
            found = list(terraform.releases(text))
        except DeepHcl as error:
            raise TooDeep(source.region(error.offset, error.offset + 1), str(error)) from None
    else:
        found = list(_in_yaml(source))
    return (release for release in found if release.documents)


def _in_yaml(source: Source) -> Iterator[Release]:
    text = source.text
    if not _LISTS_RELEASES.search(text.encode()):
        try:
            documents = compose(text)
        except NotYaml:
            return
        yield from argo_cd.releases(text, documents)
        yield from flux.releases(text, documents)
        yield from kustomize.releases(documents)
    else:
        yield from helmfile.releases(text, read(text))
