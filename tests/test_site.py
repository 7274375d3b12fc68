"""The site: built without a warning, whole, and without anything from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md"))

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("mkdocs", reason="the group of dependencies `docs` is not installed")
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(target)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return target


def test_every_page_is_there(site: Path) -> None:
    wanted = [page.with_suffix(".html") for page in PAGES] + [Path("changelog.html")]
    assert [page for page in wanted if not (site / page).is_file()] == []


def test_every_page_is_in_the_navigation(site: Path) -> None:
    named = set(
        re.findall(r'href="([^"#]+\.html)" class="md-nav__link', (site / "index.html").read_text("utf-8"))
    )
    wanted = {page.with_suffix(".html").as_posix() for page in PAGES} | {"changelog.html"}
    assert wanted - named == set()


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    fetched = re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=["']?(https?:|//)[^>]*>"""
    )
    found = [match[0] for page in site.rglob("*.html") for match in fetched.finditer(page.read_text("utf-8"))]
    assert found == []
    styles = [style.read_text("utf-8") for style in site.rglob("*.css")]
    assert [style for style in styles if re.search(r"@import|url\([\"']?(https?:)?//", style)] == []


def test_what_is_searched_for_is_found(site: Path) -> None:
    index = next(site.rglob("search_index.js*")).read_text("utf-8")
    assert "dataframe-in-xcom" in index


def test_links_to_the_repository_lead_to_files_that_are_there(site: Path) -> None:
    pages = (page.read_text("utf-8") for page in site.rglob("*.html"))
    link = re.compile(r"https://github\.com/airwarden/airwarden/(?:blob|tree)/main/([^\"#?]+)")
    linked = {path for page in pages for path in link.findall(page)}
    assert len(linked) > 1
    assert {path for path in linked if not (ROOT / path).exists()} == set()
