"""Real git repositories for tests, away from the settings of whoever runs them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PEOPLE = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]


def plain_environment() -> dict[str, str]:
    """The environment without what git would heed of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return {
        **kept,
        **dict.fromkeys(_PEOPLE, "nobody@example.org"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }


@dataclass
class GitFolder:
    """One git repository."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def made(cls, folder: Path) -> GitFolder:
        folder.mkdir(parents=True, exist_ok=True)
        git = cls(folder, plain_environment())
        git.must("git", "init", "--quiet", "--initial-branch=main")
        return git

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def must(self, *command: str) -> str:
        run = self.run(*command)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout.strip()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Puts files there, without telling git."""
        for path, text in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, files: Mapping[str, str | bytes] | None = None) -> str:
        """Commits files together with all that was changed, and returns the commit."""
        self.write(files or {})
        self.must("git", "add", "--all")
        self.must("git", "commit", "--quiet", "--allow-empty", "--message", "a commit")
        return self.must("git", "rev-parse", "HEAD")
