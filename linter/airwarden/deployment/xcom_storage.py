"""XComStorage: what becomes of XComs in each deployment, with a backend that writes to object storage."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import Setting
from airwarden.findings import Region
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.tracing import traced_property

OBJECT_STORAGE = "airflow.providers.common.io.xcom.backend.XComObjectStorageBackend"
DATABASE = frozenset(
    {
        "airflow.models.xcom.BaseXCom",
        "airflow.sdk.bases.xcom.BaseXCom",
        "airflow.sdk.execution_time.xcom.BaseXCom",
    }
)
"""The backend of Airflow 2 and those of Airflow 3, which all write to the metadata database."""

COMPRESSIONS = frozenset({"", "bz2", "gzip", "lz4", "lzma", "xz", "zip", "zstd"})
"""The names of codecs that the backend takes, empty for none."""

SECTION = "common.io"
PATH = "xcom_objectstorage_path"
THRESHOLD = "xcom_objectstorage_threshold"
COMPRESSION = "xcom_objectstorage_compression"

_REMARK = regex(r"(?:^|\s)[#;].*", re.DOTALL)
_LOCAL = regex(r"(?:file|local)://|(?!.*://)", re.IGNORECASE)


@dataclass(frozen=True)
class XComStore:
    """Where one deployment keeps XComs: the settings that count where tasks run, None where there is none."""

    deployed: Deployed
    backend: Setting | None
    path: Setting | None
    threshold: Setting | None
    compression: Setting | None

    @classmethod
    def of(cls, deployed: Deployed) -> XComStore:
        """The store of a deployment."""
        where = deployed.tasks_run_in
        backend = deployed.effective("core", "xcom_backend", where)
        of_store = (deployed.effective(SECTION, option, where) for option in (PATH, THRESHOLD, COMPRESSION))
        return cls(deployed, backend, *of_store)

    def setting(self, option: str) -> Setting | None:
        """The setting that counts of one of the store's own options."""
        return {PATH: self.path, THRESHOLD: self.threshold, COMPRESSION: self.compression}[option]

    @property
    def is_object_storage(self) -> bool:
        """Whether the backend is Airflow's own for object storage."""
        return text_of(self.backend) == OBJECT_STORAGE

    @property
    def is_database(self) -> bool:
        """Whether all XComs are known to stay in the metadata database."""
        name = text_of(self.backend)
        if self.backend is not None:
            return name == "" or name in DATABASE
        return self.deployed.lacks("core", "xcom_backend", self.deployed.tasks_run_in)

    @property
    def is_local(self) -> bool:
        """Whether the path is known to lead to a disk, and not to an object storage."""
        path = text_of(self.path)
        return bool(path) and _LOCAL.match(path or "") is not None

    def lacks(self, option: str) -> bool:
        """Whether it is known that nothing sets an option of the store where tasks run."""
        return self.deployed.lacks(SECTION, option, self.deployed.tasks_run_in)

    @property
    def works(self) -> bool:
        """Whether large values are known to go to an object storage."""
        given = (self.path, self.threshold)
        if not self.is_object_storage or any(each is None or _is_ignored(each) for each in given):
            return False
        size, codec, path = number_of(self.threshold), text_of(self.compression), text_of(self.path)
        if path == "" or self.is_local:
            return False
        return (size is None or size >= 0) and (codec is None or codec in COMPRESSIONS)


class XComStorage:
    """The stores of all deployments that a repository tells of."""

    def __init__(self, repo: Repo) -> None:
        self.tracer = repo.tracer
        self._deployment = repo.analysis(Deployment)

    @traced_property
    def stores(self) -> tuple[XComStore, ...]:
        """One store for each deployment."""
        return tuple(map(XComStore.of, self._deployment.deployments))

    @traced_property
    def in_object_storage(self) -> tuple[XComStore, ...]:
        """The stores of Airflow's own backend for object storage, working or not."""
        return tuple(store for store in self.stores if store.is_object_storage)

    def options(self, option: str) -> Iterator[tuple[XComStore, Setting]]:
        """Each setting of an option that counts in one of those stores, once, with the first such store."""
        seen = set[Region]()
        for store in self.in_object_storage:
            setting = store.setting(option)
            if setting is not None and setting.region not in seen:
                seen.add(setting.region)
                yield store, setting

    @traced_property
    def working(self) -> Setting | None:
        """The setting that names the backend of a store that is known to work; None where there is none."""
        return next((store.backend for store in self.stores if store.works), None)


def _is_ignored(setting: Setting) -> bool:
    """Whether an option stands in a section that is written like a variable, `common_io`."""
    return setting.is_option and setting.section != SECTION


def text_of(setting: Setting | None) -> str | None:
    """The text of a setting without blanks and remark; None where there is none or it can't be known."""
    if setting is None or setting.text is None:
        return None
    return _REMARK.sub("", setting.text).strip()


def number_of(setting: Setting | None) -> float | None:
    """The number that a setting gives, in any way to write one; None where there is none."""
    text = text_of(setting)
    try:
        number = float((text or "").replace("_", ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
