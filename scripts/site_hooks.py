"""What mkdocs asks while it builds the site: pages that stand elsewhere, and links that lead out of docs/.

Its classes are not named here, so that the checkers of types get along without it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\((?P<target>(?!https?://|#|mailto:)[^)#\s]+)")
MOVED = {"CHANGELOG.md": "changelog.md"}
"""Pages of the site whose text stands beside docs/."""


def on_config(config: Any) -> Any:
    """Puts the page of each rule into the navigation, family by family."""
    config.nav = [_with_rules(entry) for entry in config.nav or []]
    return config


def _with_rules(entry: Any) -> Any:
    if entry == {"Rules": ["rules/index.md"]}:
        return {"Rules": ["rules/index.md", *_families()]}
    return entry


def _families() -> Iterator[dict[str, list[dict[str, str]]]]:
    index = (ROOT / "docs" / "rules" / "index.md").read_text(encoding="utf-8")
    for section in index.split("\n## ")[1:]:
        pages = re.findall(r"^\| \[`([^`]+)`\]\(([^)]+)\)", section, re.MULTILINE)
        yield {section.partition("\n")[0]: [{rule: f"rules/{page}"} for rule, page in pages]}


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages that stand beside docs/."""
    file = import_module("mkdocs.structure.files").File
    for source, name in MOVED.items():
        files.append(file.generated(config, name, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Lets links that lead out of docs/ lead to the repository instead."""
    here = page.file.src_uri
    source = next((name for name, moved in MOVED.items() if moved == here), f"docs/{here}")

    def led(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), found["target"]))
        if path in MOVED or path.startswith("docs/"):
            to = MOVED.get(path, path.removeprefix("docs/"))
            return f"]({posixpath.relpath(to, posixpath.dirname(here) or '.')}"
        kind = "tree" if (ROOT / path).is_dir() else "blob"
        return f"]({config.repo_url}/{kind}/main/{path}"

    return LINK.sub(led, markdown)
