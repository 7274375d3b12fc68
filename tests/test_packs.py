"""Packs: found without being imported, in an environment or in a folder of the repository."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from airwarden.config import Config, ConfigError
from airwarden.packs import PackError, at, find

IMPORTED = "raise SystemExit('a pack was imported')\n"


def install(site: Path, name: str, value: str, *files: str) -> Path:
    """Puts a distribution with one pack into a folder, as pip would, and returns the package's folder."""
    folder = site / Path(*value.split("."))
    folder.mkdir(parents=True, exist_ok=True)
    for parent in (folder, *folder.parents):
        if parent == site:
            break
        (parent / "__init__.py").write_text(IMPORTED, encoding="utf-8")
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    told = site / f"{name.replace('-', '_')}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    entry = f"[airwarden.policies]\n{name} = {value}\n"
    (told / "entry_points.txt").write_text(entry, encoding="utf-8")
    return folder


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed packages."""
    home = tmp_path / "site"
    home.mkdir()
    monkeypatch.syspath_prepend(str(home))
    return home


@pytest.mark.parametrize("value", ["acme_airflow", "acme.airflow.policies"])
def test_an_installed_pack_is_found_and_not_imported(site: Path, tmp_path: Path, value: str) -> None:
    folder = install(site, "acme-airflow", value, "airwarden.toml")
    root = tmp_path / "repository"
    pack = find("acme-airflow", root)
    assert (pack.name, pack.folder, pack.rule_folders) == ("acme-airflow", folder, (folder,))
    assert pack.config_file == folder / "airwarden.toml"
    assert not pack.is_local
    assert value.partition(".")[0] not in sys.modules


def test_a_pack_without_settings_has_none(site: Path, tmp_path: Path) -> None:
    install(site, "acme-airflow", "acme_airflow")
    assert find("acme-airflow", tmp_path / "repository").config_file is None


def test_a_pack_that_is_not_there_is_told_with_those_that_are(site: Path, tmp_path: Path) -> None:
    install(site, "acme-airflow", "acme_airflow")
    with pytest.raises(
        PackError, match=r"^no package is installed that has a pack 'acme' \(installed: .*\)$"
    ):
        find("acme", tmp_path)


def test_two_packages_with_one_pack_are_told_apart_by_nobody(site: Path, tmp_path: Path) -> None:
    install(site, "acme-airflow", "acme_airflow")
    other = site / "other-1.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", encoding="utf-8")
    entry = "[airwarden.policies]\nacme-airflow = other\n"
    (other / "entry_points.txt").write_text(entry, encoding="utf-8")
    with pytest.raises(PackError, match="several packages have a pack 'acme-airflow': acme-airflow, other"):
        find("acme-airflow", tmp_path)


def test_an_entry_point_that_leads_nowhere_is_no_pack(site: Path, tmp_path: Path) -> None:
    install(site, "acme-airflow", "acme_airflow").rename(site / "gone")
    with pytest.raises(PackError, match="which is no package that is installed"):
        find("acme-airflow", tmp_path)


def test_what_stands_in_the_repository_is_local_unless_an_environment_there_has_it(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "acme-airflow", "acme_airflow")
    assert find("acme-airflow", tmp_path).is_local
    paths = {"purelib": str(site), "platlib": str(site)}
    monkeypatch.setattr("sysconfig.get_paths", lambda: paths)
    assert not find("acme-airflow", tmp_path).is_local


def test_a_folder_of_the_repository_is_a_pack(tmp_path: Path) -> None:
    (tmp_path / "tools" / "policies").mkdir(parents=True)
    pack = at("policies/", tmp_path / "tools", tmp_path)
    assert (pack.name, pack.folder, pack.is_local) == (
        "tools/policies",
        tmp_path / "tools" / "policies",
        True,
    )


def test_a_file_that_is_extended_names_folders_beside_it(tmp_path: Path) -> None:
    root, platform = tmp_path / "repository", tmp_path / "platform"
    (platform / "policies").mkdir(parents=True)
    (platform / "airwarden.toml").write_text('policies = ["policies"]\n', encoding="utf-8")
    root.mkdir()
    text = '[tool.airwarden]\nextends = "../platform/airwarden.toml"\n'
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    config = Config.read(root)
    assert [(pack.folder, pack.is_local) for pack in config.packs] == [(platform / "policies", False)]
    assert config.exclude == ()


@pytest.mark.parametrize("path", ["nowhere", "..", ".", "/", "pyproject.toml"])
def test_what_can_be_no_folder_of_policies_is_refused_with_its_place(tmp_path: Path, path: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f'[tool.airwarden]\npolicies = ["{path}"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"pyproject.toml: tool.airwarden.policies\[0\]: .*folder"):
        Config.read(tmp_path)


def test_a_folder_of_policies_is_none_of_what_is_checked(tmp_path: Path) -> None:
    (tmp_path / "my policies").mkdir()
    text = '[tool.airwarden]\npolicies = ["my policies"]\nexclude = ["vendor"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    config = Config.read(tmp_path)
    assert [pack.folder for pack in config.packs] == [tmp_path / "my policies"]
    assert config.exclude == ("vendor", "/my\\ policies/")
