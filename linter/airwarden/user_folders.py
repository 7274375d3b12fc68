"""Where what belongs to a user stands, outside of every repository."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def caches() -> Path | None:
    """The folder for what can be made again; None for a user without a home, as in some containers."""
    if sys.platform == "win32":
        local = _local()
        return local / "airwarden" / "Cache" if local else None
    return _own("XDG_CACHE_HOME", "~/Library/Caches" if sys.platform == "darwin" else "~/.cache")


def configuration() -> Path | None:
    """The folder for what a user has set; None for a user without a home."""
    if sys.platform == "win32":
        local = _local()
        return local / "airwarden" if local else None
    macos = sys.platform == "darwin"
    return _own("XDG_CONFIG_HOME", "~/Library/Application Support" if macos else "~/.config")


def _own(variable: str, usual: str) -> Path | None:
    folder = _absolute(os.environ.get(variable, "")) or _absolute(usual)
    return folder / "airwarden" if folder else None


def _local() -> Path | None:
    return _absolute(os.environ.get("LOCALAPPDATA", "")) or _absolute("~/AppData/Local")


def _absolute(path: str) -> Path | None:
    """A relative one would lead into the current folder, which may be a stranger's repository."""
    try:
        folder = Path(path).expanduser()
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None
