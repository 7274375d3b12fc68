"""XComStorage: what becomes of XComs in a deployment."""

from __future__ import annotations

import pytest
from airwarden.config import Config
from airwarden.deployment.xcom_storage import OBJECT_STORAGE, XComStorage
from airwarden.engine import check
from airwarden.findings import Finding
from airwarden.registry import Registry
from airwarden.repo import Repo
from airwarden.source import Source

from tests.conftest import MakeRepository

REGISTRY = Registry()
S3 = "s3://aws_default@shop-xcoms/xcoms"


def values(
    backend: str = OBJECT_STORAGE, path: str = S3, threshold: str = "'1048576'", more: str = ""
) -> str:
    return (
        f"executor: CeleryExecutor\nconfig:\n  core:\n    xcom_backend: {backend}\n  common.io:\n"
        f"    xcom_objectstorage_path: {path}\n    xcom_objectstorage_threshold: {threshold}\n{more}"
    )


WORKING = {
    "working": (values(), True),
    "zero": (values(threshold="0"), True),
    "a threshold from elsewhere": (values(threshold="$(SIZE)"), True),
    "a path from elsewhere": (values(path="'{{ .Values.path }}'"), True),
    "never": (values(threshold="-1"), False),
    "no path": (values(path="''"), False),
    "a local path": (values(path="file:///tmp/xcoms"), False),
    "no scheme": (values(path="/mnt/xcoms"), False),
    "a wrong codec": (values(more="    xcom_objectstorage_compression: gz\n"), False),
    "the database": (values("airflow.models.xcom.BaseXCom"), False),
    "one's own": (values("shop.xcom.Backend"), False),
    "nothing": ("executor: CeleryExecutor\n", False),
}


@pytest.mark.parametrize(("text", "works"), WORKING.values(), ids=WORKING)
def test_a_working_store(make_repository: MakeRepository, text: str, works: bool) -> None:
    found = Repo(make_repository({"values.yaml": text})).analysis(XComStorage).working
    assert (found is not None) == works
    assert found is None or (found.region.line, found.text) == (4, OBJECT_STORAGE)


def test_one_working_store_of_several_is_enough(make_repository: MakeRepository) -> None:
    root = make_repository({"a/values.yaml": values(threshold="-1"), "b/airflow-values.yaml": values()})
    found = Repo(root).analysis(XComStorage).working
    assert found is not None
    assert found.region.path == "b/airflow-values.yaml"


def test_a_disk_is_no_object_storage(make_repository: MakeRepository) -> None:
    text = f"[core]\nxcom_backend = {OBJECT_STORAGE}\n[common.io]\nxcom_objectstorage_path = file:///xcoms\n"
    root = make_repository({"airflow.cfg": text + "xcom_objectstorage_threshold = 0\n"})
    assert Repo(root).analysis(XComStorage).working is None


def mended(root: MakeRepository, rule_id: str, path: str, text: str) -> tuple[str, bool | None]:
    """A file's text after the fix of the one finding in it, and whether that is safe; None without one."""
    repo = Repo(root({path: text}), Config())
    rules, _ = REGISTRY.load([rule_id])
    report = check(repo, None, Config(), rules, families=REGISTRY.families)
    (found,) = report.findings
    return _applied(Source(path, text), found), found.fix.safe if found.fix else None


def _applied(source: Source, finding: Finding) -> str:
    text = source.text
    for edit in finding.fix.edits if finding.fix else ():
        start = source.offset(edit.region.line, edit.region.column)
        end = source.offset(edit.region.end_line, edit.region.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


BACKEND, PATH, SIZE = (
    "AIRFLOW__CORE__XCOM_BACKEND",
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_PATH",
    "AIRFLOW__COMMON_IO__XCOM_OBJECTSTORAGE_THRESHOLD",
)
ABSENT = {
    "chart": (
        "values.yaml",
        values().replace("    xcom_objectstorage_threshold: '1048576'\n", ""),
        "    xcom_objectstorage_threshold: '1048576'\n",
    ),
    "chart without a last line end": (
        "values.yaml",
        values().replace("\n    xcom_objectstorage_threshold: '1048576'\n", ""),
        "\n    xcom_objectstorage_threshold: '1048576'",
    ),
    "list": (
        "values.yaml",
        (
            f"executor: CeleryExecutor\nenv:\n  - name: {BACKEND}\n    value: {OBJECT_STORAGE}\n"
            f"  - name: {PATH}\n    value: {S3}  # shared\n"
        ),
        f"  - name: {SIZE}\n    value: '1048576'\n",
    ),
    "text of a list": (
        "values.yaml",
        (
            f"executor: CeleryExecutor\nextraEnv: |\n  - name: {BACKEND}\n    value: {OBJECT_STORAGE}\n"
            f"  - name: {PATH}\n    value: '{S3}'\n"
        ),
        f"  - name: {SIZE}\n    value: '1048576'\n",
    ),
    "airflow.cfg": (
        "airflow.cfg",
        f"[core]\nxcom_backend={OBJECT_STORAGE}\n[common.io]\nxcom_objectstorage_path={S3}\n",
        "xcom_objectstorage_threshold=1048576\n",
    ),
    "lines that end as on Windows": (
        "airflow.cfg",
        f"[core]\r\nxcom_backend = {OBJECT_STORAGE}\r\n[common.io]\r\nxcom_objectstorage_path = {S3}\r\n",
        "xcom_objectstorage_threshold = 1048576\r\n",
    ),
    "Dockerfile": (
        "Dockerfile",
        f"FROM apache/airflow:3.1.5\nENV {BACKEND}={OBJECT_STORAGE}\nENV {PATH}={S3}\n",
        f"ENV {SIZE}=1048576\n",
    ),
    "file of variables": (
        ".env",
        f'export {BACKEND}="{OBJECT_STORAGE}"\nexport {PATH}="{S3}"\n',
        f"export {SIZE}=1048576\n",
    ),
    "compose": (
        "compose.yaml",
        (
            f"services:\n  airflow:\n    image: a\n    environment:\n      {BACKEND}: {OBJECT_STORAGE}\n"
            f"      {PATH}: {S3}\n"
        ),
        f"      {SIZE}: '1048576'\n",
    ),
    "list of compose": (
        "compose.yaml",
        (
            f"services:\n  airflow:\n    image: a\n    environment:\n      - {BACKEND}={OBJECT_STORAGE}\n"
            f"      - {PATH}={S3}\n"
        ),
        f"      - {SIZE}=1048576\n",
    ),
}


@pytest.mark.parametrize(("path", "text", "added"), ABSENT.values(), ids=ABSENT)
def test_a_threshold_is_added_beside_the_path(
    make_repository: MakeRepository, path: str, text: str, added: str
) -> None:
    found, is_safe = mended(make_repository, "xcom-backend-never-offloads", path, text)
    assert (found, is_safe) == (text + added, True)
    root = make_repository({path: found})
    assert Repo(root).analysis(XComStorage).working


UNFIT = {
    "a flow map": (
        f"executor: CeleryExecutor\nconfig: {{core: {{xcom_backend: {OBJECT_STORAGE}}}, "
        f"common.io: {{xcom_objectstorage_path: '{S3}'}}}}\n"
    ),
    "a flow item": (
        f"executor: a\nenv:\n  - {{name: {BACKEND}, value: {OBJECT_STORAGE}}}\n"
        f"  - {{name: {PATH}, value: '{S3}'}}\n"
    ),
}


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
def test_nothing_is_added_to_a_form_of_its_own(make_repository: MakeRepository, text: str) -> None:
    assert mended(make_repository, "xcom-backend-never-offloads", "values.yaml", text) == (text, None)


NOT_SAFE = {
    "below zero": (values(threshold="-1"), values()),
    "below zero in quotes": (values(threshold="'-1'"), values()),
}


@pytest.mark.parametrize(("text", "expected"), NOT_SAFE.values(), ids=NOT_SAFE)
def test_another_threshold_is_the_users_choice(
    make_repository: MakeRepository, text: str, expected: str
) -> None:
    found = mended(make_repository, "xcom-backend-never-offloads", "values.yaml", text)
    assert found == (expected, False)


MISSPELT = values().replace("    xcom_objectstorage_thr", "  common_io:\n    xcom_objectstorage_thr")


def test_a_threshold_in_a_misspelt_section_does_not_count(make_repository: MakeRepository) -> None:
    """Another rule tells of the section, so that this one has nothing to add."""
    repo = Repo(make_repository({"values.yaml": MISSPELT}))
    assert repo.analysis(XComStorage).working is None


def test_a_threshold_under_a_wrong_name_leaves_the_choice_to_the_user(
    make_repository: MakeRepository,
) -> None:
    text = ABSENT["chart"][1] + "extraEnv: |\n  - name: xcom_objectstorage_threshold\n    value: '1048576'\n"
    assert mended(make_repository, "xcom-backend-never-offloads", "values.yaml", text)[1] is False


CODECS = {
    "bare": ("gz", "gzip", True),
    "in quotes": ("'gz'", "'gzip'", True),
    "snappy": ("snappy", "snappy", None),
    "another case": ("GZ", "GZ", None),
}


@pytest.mark.parametrize(("codec", "expected", "safe"), CODECS.values(), ids=CODECS)
def test_gz_becomes_gzip(
    make_repository: MakeRepository, codec: str, expected: str, safe: bool | None
) -> None:
    text = values(more=f"    xcom_objectstorage_compression: {codec}\n")
    found = mended(make_repository, "xcom-compression-unsupported", "values.yaml", text)
    assert found == (values(more=f"    xcom_objectstorage_compression: {expected}\n"), safe)


def test_a_password_in_a_path_is_told_once(make_repository: MakeRepository) -> None:
    """By the rules about what sets it, which have more to say than the one about URLs."""
    url = "s3://AKIDNOTREAL:not-a-real-key-12@shop-xcoms/xcoms"
    files = {
        "values.yaml": values(path=url),
        "airflow.cfg": f"[common.io]\nxcom_objectstorage_path = {url}\n",
    }
    rules, _ = REGISTRY.load()
    ours = {
        name: rule for name, rule in rules.items() if rule.family == "secrets" and rule.profile != "strict"
    }
    report = check(Repo(make_repository(files)), None, Config(), ours, families=REGISTRY.families)
    assert [(each.region.path, each.rule, each.secret) for each in report.findings] == [
        ("airflow.cfg", "inline-secret-in-config", True),
        ("values.yaml", "inline-secret-in-config", True),
    ]
    assert "not-a-real-key" not in str([each.message + each.remedy for each in report.findings])
