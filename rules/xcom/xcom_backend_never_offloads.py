"""An XCom backend that was set up for object storage and takes nothing leaves all values in the database.

`XComObjectStorageBackend` writes to its path what is as large as `xcom_objectstorage_threshold` or larger.
The default is -1, and below zero it writes nothing: the backend is loaded, the bucket is there, and every
XCom still becomes a row of the metadata database. Nothing says so.

Flagged is the backend of a deployment that has a path and a threshold below zero or none. A deployment is
what `[tool.airwarden.deployments]` says, or each values file over the `values.yaml` beside it. A threshold
counts as there if any file that may belong to the deployment sets it, and nothing is flagged where it may
come from `extraEnvFrom`, a script or a template.

Set the threshold in bytes, in values as a quoted number:

    config:
      common.io:
        xcom_objectstorage_path: s3://aws_default@xcom-bucket/xcom
        xcom_objectstorage_threshold: "1048576"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.credentials.sensitive import env_name
from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.deployment.xcom_storage import (
    COMPRESSIONS,
    SECTION,
    THRESHOLD,
    XComStorage,
    XComStore,
    number_of,
    text_of,
)
from airwarden.findings import Edit, Finding, Fix, Region, Related
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.source import Source

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="set xcom_objectstorage_threshold to a number of bytes, such as 1048576",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)

SIZE = "1048576"
BEFORE = regex(r"[ \t]*(?:-[ \t]+(?:name:[ \t]*)?|export[ \t]+|ENV[ \t]+)?", re.IGNORECASE)
BETWEEN = regex(r"[ \t]*[:=][ \t]*|[ \t]*\r?\n[ \t]+value:[ \t]*")
BEHIND = regex(r"[ \t]*(?:#[^\r\n]*)?(\r?\n|\Z)")


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each backend that is known to write nothing, once."""
    seen = set[Region]()
    for store in repo.analysis(XComStorage).in_object_storage:
        backend, path = store.backend, store.path
        if backend is None or path is None or text_of(path) == "" or backend.region in seen:
            continue
        fault = _fault(store)
        if fault:
            seen.add(backend.region)
            yield rule.finding(
                backend.region,
                f"{backend.called('core', 'xcom_backend')} puts nothing into object storage: {fault}",
                related=list(_related(store, path, backend)),
                fix=_fix(store, deployment, repo),
                subject="xcom_backend",
            )


def _fault(store: XComStore) -> str:
    """Why nothing is written; empty where something is, or may be."""
    if store.threshold is None:
        return f"nothing sets {THRESHOLD}" if store.lacks(THRESHOLD) else ""
    size = number_of(store.threshold)
    name = store.threshold.called(SECTION, THRESHOLD)
    return f"{name} is {size:g}" if size is not None and size < 0 else ""


def _related(store: XComStore, path: Setting, backend: Setting) -> Iterator[Related]:
    yield Related(path.region, "this is where it would write")
    if store.threshold is not None:
        yield Related(store.threshold.region, "below zero, it writes nothing")
    elif store.deployed.files[-1] != backend.region.path:
        yield Related(Region(store.deployed.files[-1], 1, 1, 1, 1), "this is laid over it, and sets none")


def _fix(store: XComStore, deployment: Deployment, repo: Repo) -> Fix | None:
    """A threshold beside the path, or a better one; in the file of the backend alone."""
    backend, path, threshold = store.backend, store.path, store.threshold
    if backend is None or path is None:
        return None
    source = repo.source(backend.region.path)
    if threshold is not None:
        text = source.slice(threshold.region) if threshold.region.path == source.path else ""
        is_bare = text.startswith("-") and threshold.place in ("chart", "compose")
        mended = re.sub(r"-\d+", f"'{SIZE}'" if is_bare else SIZE, text)
        edits = (Edit(threshold.region, mended),) if mended != text else ()
        return Fix("Set a threshold of 1 MiB", edits) if edits else None
    edit = _beside(source, path) if path.region.path == source.path else None
    return Fix("Set a threshold of 1 MiB", (edit,), _is_safe(store, deployment, repo)) if edit else None


def _is_safe(store: XComStore, deployment: Deployment, repo: Repo) -> bool:
    """Whether nothing in the repository sets a threshold, not even under a wrong name, and no codec fails."""
    paths = {*store.deployed.files, *(each.region.path for each in deployment.settings)}
    is_alone = not any(THRESHOLD in repo.source(path).text.lower() for path in paths)
    return is_alone and (store.compression is None or text_of(store.compression) in COMPRESSIONS)


def _beside(source: Source, path: Setting) -> Edit | None:
    """The threshold in a line or two after those of the path, in their form; None for a form of its own."""
    name, value = _span(source, path.name_region), _span(source, path.region)
    before = source.text[source.starts[path.name_region.line - 1] : name[0]]
    between = "=" if name == value else source.text[name[1] : value[0]]
    behind = BEHIND.match(source.text, value[1])
    if not (behind and BEFORE.fullmatch(before) and BETWEEN.fullmatch(between)):
        return None
    option = THRESHOLD if path.is_option else env_name(SECTION, THRESHOLD)
    size = f"'{SIZE}'" if path.place in ("chart", "compose") and between != "=" else SIZE
    lines = f"{before}{option}{between}{size}"
    place = source.region(behind.end(), behind.end())
    return Edit(place, f"{lines}{behind[1]}" if behind[1] else f"{source.newline}{lines}")


def _span(source: Source, region: Region) -> tuple[int, int]:
    return (
        source.offset(region.line, region.column),
        source.offset(region.end_line, region.end_column),
    )
