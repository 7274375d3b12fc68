"""Where the airwarden that runs came from, so that others get the same one."""

from __future__ import annotations

import json
import re
from pathlib import Path

from airwarden import __version__
from airwarden.formats.view import HOME
from airwarden.records import dataclass


@dataclass(frozen=True)
class Origin:
    """A git repository, and the tag or commit of it."""

    url: str
    revision: str

    @property
    def action(self) -> str:
        """What a workflow of GitHub's has behind `uses:`."""
        return f"{re.sub(r'^.*github[.]com[/:]', '', self.url)}@{self.revision}"


def installed_origin() -> Origin:
    """The commit that was installed, from git or out of a checkout, else the tag of the release."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        said = json.loads(distribution("airwarden").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        said = {}
    commit = said.get("vcs_info", {}).get("commit_id")
    url = str(said.get("url", ""))
    is_public = url.startswith("https://github.com/") and "@" not in url
    if commit and is_public:
        return Origin(url.removesuffix(".git"), str(commit))
    return Origin(HOME, _commit_of(url) or f"v{__version__}")


def _commit_of(url: str) -> str | None:
    """The commit of the checkout that was installed, where it was one of our own."""
    from urllib.parse import unquote, urlsplit

    from airwarden.git import Git

    folder = Path(unquote(urlsplit(url).path))
    if not url.startswith("file://") or not (folder / ".git").exists():
        return None
    return Git(folder).answer("rev-parse", "HEAD")
