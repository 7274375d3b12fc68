"""A threshold too small sends every XCom to the bucket, one too large leaves bulk in the database.

`xcom_objectstorage_threshold` is a number of bytes: what is as large or larger goes to object storage. With 0
each number and each string makes a round trip to the bucket, at every push and pull, and a cleared task
deletes as many objects. With hundreds of megabytes nothing is ever large enough, and the metadata database
keeps all of it.

Flagged is a threshold outside of `xcom-threshold-range`, from 64 KiB to 16 MiB unless set otherwise, and one
that is empty or has a unit, which Airflow can't read; both where the backend for object storage is in use. A
threshold below zero is told of by `xcom-backend-never-offloads`.

Take a size above the usual small values, and quote the number in values:

    config:
      common.io:
        xcom_objectstorage_threshold: "1048576"

    [tool.airwarden]
    xcom-threshold-range = [65536, 16777216]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airwarden.deployment.effective import Deployment
from airwarden.deployment.settings import Setting
from airwarden.deployment.xcom_storage import SECTION, THRESHOLD, XComStorage, number_of, text_of
from airwarden.findings import Edit, Finding, Fix
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.source import Source

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="set a number of bytes such as 1048576, or another xcom-threshold-range in [tool.airwarden]",
    see="https://airflow.apache.org/docs/apache-airflow-providers-common-io/stable/xcom_backend.html",
    profile="recommended",
)

SIZE = 1 << 20
WITH_UNIT = regex(r"\d[\d_.]*\s*(?:[kmgt]i?b?|b|bytes)", re.IGNORECASE)
SHOWN = {1 << 30: "GiB", 1 << 20: "MiB", 1 << 10: "KiB"}


@rule.deployment
def check(_: Deployment, repo: Repo) -> Iterator[Finding]:
    """Flags each threshold outside of the range."""
    least, greatest = repo.config.xcom_threshold_range
    for _store, threshold in repo.analysis(XComStorage).options(THRESHOLD):
        fault = _fault(threshold, least, greatest)
        if fault:
            name = threshold.called(SECTION, THRESHOLD)
            fix = _fix(threshold, repo.source(threshold.region.path)) if least <= SIZE <= greatest else None
            yield rule.finding(threshold.region, f"{name} {fault}", fix=fix, subject=THRESHOLD)


def _fix(threshold: Setting, source: Source) -> Fix | None:
    """A threshold of 1 MiB in the place of a number that is written out."""
    written = source.slice(threshold.region)
    text = written.strip("\"'")
    if not (text.isdecimal() or WITH_UNIT.fullmatch(text)):
        return None
    quote = (
        written[:1] if written[:1] in ("'", '"') else "'" if threshold.place in ("chart", "compose") else ""
    )
    return Fix("set a threshold of 1 MiB", (Edit(threshold.region, f"{quote}{SIZE}{quote}"),))


def _fault(threshold: Setting, least: int, greatest: int) -> str:
    """What is wrong with a threshold; empty where nothing is, or another rule says it."""
    size, text = number_of(threshold), text_of(threshold)
    if size is None:
        may_be_number = threshold.text != "" and not WITH_UNIT.fullmatch(text or "")
        return "" if may_be_number else f"is {text!r}, and Airflow wants a plain number of bytes"
    if 0 <= size < least:
        what = "every value makes" if size == 0 else f"values of {_shown(size)} make"
        return f"is {size:.0f}: {what} a round trip to object storage"
    if size > greatest:
        return f"is {size:.0f}: values of almost {_shown(size)} stay in the metadata database"
    return ""


def _shown(size: float) -> str:
    unit = next((unit for unit in SHOWN if size >= unit), 1)
    return f"{size / unit:.3g} {SHOWN[unit]}" if unit > 1 else f"{size:.0f} bytes"
