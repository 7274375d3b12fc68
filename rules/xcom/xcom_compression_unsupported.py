"""A compression that the XCom backend does not know makes every task fail that pushes a large value.

`XComObjectStorageBackend` takes the names of codecs: `gzip`, `bz2`, `zip`, `lzma`, `xz`, and with their
packages `lz4` and `zstd`. `gz` is an ending and no name, and `snappy` is refused even where python-snappy is
installed. Nobody notices before the first value that is larger than the threshold: `ValueError: Compression
snappy is not supported. Make sure it is installed.`

Flagged is any other `xcom_objectstorage_compression` where the backend for object storage is in use. The
remark that follows a value in airflow.cfg is another rule's business.

Name a codec, or leave the option out:

    config:
      common.io:
        xcom_objectstorage_compression: gzip
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.deployment.xcom_storage import COMPRESSION, COMPRESSIONS, SECTION, XComStorage, text_of
from airwarden.findings import Edit, Finding, Fix
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="use gzip, bz2, zip, lzma, xz, lz4 or zstd, or leave the option out",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)

ENDINGS = {"gz": "gzip", "bz": "bz2", "bzip2": "bz2", "zst": "zstd", "zstandard": "zstd"}
GZ = regex(r"""((?:\w+=)?["']?)gz(["']?)""")


@rule.deployment
def check(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each compression that no large value survives."""
    for _store, compression in repo.analysis(XComStorage).options(COMPRESSION):
        text = text_of(compression)
        if text is not None and text not in COMPRESSIONS:
            name = compression.called(SECTION, COMPRESSION)
            yield rule.finding(
                compression.region,
                f"{name}: {text!r} is no compression that the XCom backend knows{_nearest(text)}",
                fix=_fix(compression, repo),
                subject=COMPRESSION,
            )


def _nearest(text: str) -> str:
    bare = text.strip("\"'").lower()
    known = difflib.get_close_matches(bare, sorted(filter(None, COMPRESSIONS)), n=1, cutoff=0.8)
    meant = ENDINGS.get(bare) or next(iter(known), "")
    return f" ({meant!r} is meant?)" if meant else ""


def _fix(compression: Setting, repo: Repo) -> Fix | None:
    """The name for the ending `gz`, which fails on every version of Airflow."""
    if compression.text != "gz":
        return None
    found = GZ.fullmatch(repo.source(compression.region.path).slice(compression.region))
    if found is None:
        return None
    return Fix("Write gzip", (Edit(compression.region, f"{found[1]}gzip{found[2]}"),), safe=True)
