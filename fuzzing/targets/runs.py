"""Whole runs: every rule over small repositories one file of which is hostile, or all; each format of what is
found; and every fix.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from airwarden.fixer import foreseen
from airwarden.repo import Repo
from airwarden.report import Report

from fuzzing import grammars
from fuzzing.grammar import Grammar
from fuzzing.invariants import PLANTED, verify, verify_output
from fuzzing.states import judged, packed, repo_of, unpacked
from fuzzing.target import Target

_SECONDS = 20.0
_BESIDE = {
    "airflow.cfg": f"[core]\nfernet_key = {PLANTED}\n".encode(),
    "requirements.txt": b"apache-airflow==3.0.2\napache-airflow-providers-slack>=8\n",
    "plugins/alerts.py": b"def notify(context):\n    print(context)\n",
}
_HEADS = {
    ".py": f"PASSWORD = '{PLANTED}'\n".encode(),
    "values.yaml": f"fernetKey: {PLANTED}\n".encode(),
    ".env": f"AIRFLOW__CORE__FERNET_KEY={PLANTED}\n".encode(),
}
"""Lines that hold the planted secret, put before the hostile bytes of some files."""


def _run_with(path: str) -> Callable[[bytes], None]:
    """What checks a repository whose file of that path holds the input."""
    head = next((head for ending, head in _HEADS.items() if path.endswith(ending)), b"")

    def run(data: bytes) -> None:
        repo = repo_of({**_BESIDE, path: head + data})
        verify(judged(repo), repo, data)

    return run


def _run(data: bytes) -> None:
    repo = repo_of({**_BESIDE, **unpacked(data)})
    verify(judged(repo), repo, data)


def _fix(data: bytes) -> None:
    """Makes every fix there is, and looks at the diff and at what is left."""

    def look(repo: Repo) -> Report:
        return judged(repo)

    repo = repo_of({**_BESIDE, **(unpacked(data) or {"dags/a.py": data})})
    result = foreseen(repo, look, unsafe=True)
    verify_output("diff", result.diff().text)
    verify(result.report, repo.afresh(result.new), data)


def _target(name: str, path: str, grammar: Grammar, seeds: str, weight: int = 2) -> Target:
    return Target(f"run-{name}", _run_with(path), grammar, re.compile(seeds), weight, _SECONDS)


_ANY = re.compile(
    r".*(\.(py|ya?ml|toml|cfg|txt|in|tf|env|lock|gotmpl)|Dockerfile|\.gitignore|\.airflowignore|Pipfile|CODEOWNERS)"
)

TARGETS = (
    _target("dag", "dags/a.py", grammars.PYTHON, r".*\.py", weight=6),
    _target("values", "values.yaml", grammars.YAML, r".*\.ya?ml", weight=4),
    _target("release", "deploy/airflow.yaml", grammars.RELEASES, r".*\.ya?ml"),
    _target("helmfile", "helmfile.yaml.gotmpl", grammars.RELEASES, r".*helmfile.*", weight=1),
    _target("terraform", "main.tf", grammars.HCL, r".*\.tf"),
    _target("config-file", "airflow.cfg", grammars.INI, r".*\.cfg"),
    _target("dockerfile", "Dockerfile", grammars.CONTAINER, r".*Dockerfile.*"),
    _target("compose", "docker-compose.yaml", grammars.CONTAINER, r".*compose.*\.ya?ml"),
    _target("env-file", ".env", grammars.CONTAINER, r".*\.env.*", weight=1),
    _target("requirements", "requirements.txt", grammars.REQUIREMENTS, r".*\.(txt|in)"),
    _target("pyproject", "pyproject.toml", grammars.TOML, r".*pyproject\.toml"),
    _target("setup-cfg", "setup.cfg", grammars.INI, r".*\.cfg", weight=1),
    _target("gitignore", ".gitignore", grammars.PATTERNS, r".*ignore", weight=1),
    Target("run-repository", _run, grammars.PYTHON, _ANY, 4, _SECONDS, packed),
    Target("fix", _fix, grammars.PYTHON, _ANY, 4, 3 * _SECONDS, packed),
)
