"""An XCom backend that does not exist takes every task down: nothing that reads or writes XCom can start.

Airflow imports the class that `[core] xcom_backend` names when it starts. A misspelt class, an old path or
one that a forum made up ends in `AirflowConfigException: The object could not be loaded`.

Flagged is a class of Airflow's own packages that is none of its backends, and a near miss of
`XComObjectStorageBackend`: wrong letters, wrong case, a wrong module. `XComObjectStoreBackend` was its name
in version 1.3.0 of the provider common-io, and in no other. A backend of your own is fine, in a module of the
repository or in a package of its own.

Write the whole path:

    config:
      core:
        xcom_backend: airflow.providers.common.io.xcom.backend.XComObjectStorageBackend
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.deployment.xcom_storage import DATABASE, OBJECT_STORAGE, XComStorage, text_of
from airwarden.distributions.modules import package_of
from airwarden.edits import with_text
from airwarden.findings import Finding, Fix, Region
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="write airflow.providers.common.io.xcom.backend.XComObjectStorageBackend",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)

CLASS = regex(r"[A-Za-z_][\w.:-]*")
OWN = regex(r"(?:airflow|apache-airflow[\w-]*|apache_airflow\w*|airflow_providers\w*|providers)[.:].*")
CORE = {"cli", "configuration", "hooks", "io", "models", "operators", "sdk", "serialization", "utils", "xcom"}
"""Packages of Airflow itself in which people look for backends."""
LIKE = 0.85
COMMON_IO = "apache-airflow-providers-common-io"
FIRST = "airflow.providers.common.io.xcom.backend.XComObjectStoreBackend"
"""The name of the backend in the first version that had it."""


@rule.deployment
def check(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each class that can't be a backend."""
    seen = set[Region]()
    for store in repo.analysis(XComStorage).stores:
        backend, name = store.backend, text_of(store.backend)
        if backend is None or not name or backend.region in seen or not _is_wrong(name, backend, repo):
            continue
        seen.add(backend.region)
        is_like = _is_like(name)
        near = f" ({OBJECT_STORAGE} is meant?)" if is_like else ""
        called = backend.called("core", "xcom_backend")
        source = repo.source(backend.region.path)
        edit = with_text(source, backend.region, name, OBJECT_STORAGE) if is_like else None
        yield rule.finding(
            backend.region,
            f"{called}: Airflow has no XCom backend {name!r}{near}",
            fix=Fix(f"write {OBJECT_STORAGE}", (edit,)) if edit else None,
            subject="xcom_backend",
        )


def _is_wrong(name: str, backend: Setting, repo: Repo) -> bool:
    if name == OBJECT_STORAGE or name in DATABASE or not CLASS.fullmatch(name):
        return False
    if name == FIRST and _may_have_first(repo):
        return False
    module, _, kind = name.replace(":", ".").rpartition(".")
    if module and repo.module(module, backend.region.path) is not None:
        return ":" in name and _is_like(name)
    if OWN.fullmatch(name):
        return _is_airflows(name) or _is_like(name)
    return _is_like(kind) and (not module or _is_like(name))


def _may_have_first(repo: Repo) -> bool:
    """Whether a dependency file pins the provider to the version that had the first name."""
    lists = (*repo.dependencies.lists, *repo.dependencies.traces)
    pins = (each.versions for listed in lists for each in listed.declarations if each.name == COMMON_IO)
    return any("1.3.0" in versions for versions in pins)


def _is_airflows(name: str) -> bool:
    """Whether a name lies in a package that Airflow or one of its providers has."""
    parts = name.split(".")
    return package_of(name) is not None or (len(parts) > 1 and parts[1] in CORE)


def _is_like(name: str) -> bool:
    """Whether a whole path, or the name of a class, is a near miss of the known backend."""
    known = OBJECT_STORAGE if re.search(r"[.:]", name) else OBJECT_STORAGE.rpartition(".")[2]
    return difflib.SequenceMatcher(None, name.lower(), known.lower()).ratio() >= LIKE
