"""Holds what airwarden says of providers against what fails to import once a repository is installed.

usage: python -m tests.installs.judge [--seed N] [--fix] [NAME...]

Each repository is written to a folder of its own. What it declares is installed with uv into a fresh
environment inside, and all its Python files are imported there. A file for which airwarden reports a missing
or too old distribution has to have an import that fails for it, and the other way round. With `--fix`,
airwarden's safe fixes are applied next, and the same is done with what is declared then.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from tests.installs.dags import distribution_of
from tests.installs.forms import Form
from tests.installs.repositories import Repository, repositories

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
TOLD = {
    "@task.kubernetes": "apache-airflow-providers-cncf-kubernetes",
    "s3://": "apache-airflow-providers-amazon",
    "sftp://": "apache-airflow-providers-sftp",
    "SlackNotifier()": "apache-airflow-providers-slack",
}
"""What has to be installed for what imports nothing."""

LANES = 2
"""How many environments are made at a time."""

TELL = {
    "image-provider-drift",
    "legacy-backport-package",
    "provider-excludes-airflow",
    "provider-extra-not-declared",
    "provider-not-declared",
    "provider-outside-main-dependencies",
    "provider-removed",
    "provider-too-new",
    "provider-too-old",
    "retired-airflow-extra",
}
"""The rules that say that an import fails."""

BLAME = TELL - {"image-provider-drift", "provider-removed"}
"""Those that never say more than that."""

UNSOLVABLE = {"legacy-backport-package", "provider-excludes-airflow", "provider-removed"}
"""The rules that say that nothing can be installed at all."""

SUCCESSORS = {"retired-airflow-extra": {"aws": "amazon", "winrm": "microsoft-winrm"}}
REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*[A-Za-z0-9](?:\[[\w,.-]+\])?")


class Failure(NamedTuple):
    """An import that fails: the file that does not load, or whose function does not run, the file in which
    the import stands, what would have to be installed, and the message.
    """

    file: str
    place: str
    distribution: str
    when: str
    message: str


class Said(NamedTuple):
    """What airwarden reports: the rule, its level, the file, and the distributions in its message."""

    rule: str
    level: str
    file: str
    names: frozenset[str]
    message: str


@dataclass
class Outcome:
    """What came of one repository: why it can't be installed, what fails, what is said, how they differ."""

    name: str
    refused: str = ""
    files: int = 0
    failures: list[Failure] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        failing = {each.file for each in self.failures if each.when == "load"}
        later = {each.file for each in self.failures} - failing
        install = "refused" if self.refused else "ok"
        counts = f"{install:8} {self.files:5} {len(failing):7} {len(later):6} {len(self.said):5}"
        verdict = "agrees" if not self.wrong else f"{len(self.wrong)} differ"
        return "\n".join([f"{self.name:32} {counts}  {verdict}", *(f"    {each}" for each in self.wrong)])


TITLE = f"{'repository':32} {'install':8} {'files':>5} {'failing':>7} {'later':>6} {'said':>5}"


class Lane:
    """A folder in which one repository after the other is laid out, installed and looked at."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.root = folder / "repository"
        self.python = python
        self.environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("AIRFLOW", "VIRTUAL_ENV"))
            },
            "AIRFLOW_HOME": str(folder / "home"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
            "PYTHONWARNINGS": "ignore",
        }

    def lay(self, repository: Repository) -> None:
        """Writes the repository where the last one was."""
        shutil.rmtree(self.root, ignore_errors=True)
        for path, text in repository.files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        (self.root / ".git").mkdir()

    def look(self, repository: Repository) -> Outcome:
        """What comes of the repository as it is laid."""
        outcome = Outcome(repository.name, self.install(repository.form))
        try:
            outcome.said = self.said()
        except RuntimeError as failure:
            outcome.wrong = [f"airwarden failed: {failure}"]
            return outcome
        if not outcome.refused:
            files = sorted(path for path in self.python_files())
            outcome.files = len(files)
            seen = self.seen(repository.form.dags, files)
            outcome.failures = list(dict.fromkeys(map(_failure, seen["failures"])))
            outcome.wrong = [*differences(outcome.failures, outcome.said, seen["reach"])]
        elif not any(each.rule in UNSOLVABLE and each.level == "error" for each in outcome.said):
            outcome.wrong = [f"not said: can't be installed: {outcome.refused}"]
        return outcome

    def python_files(self) -> Iterator[str]:
        for folder in ("dags", "plugins", "packages/etl/dags", "packages/etl/plugins"):
            for path in (self.root / folder).rglob("*.py"):
                yield path.relative_to(self.root).as_posix()

    def install(self, form: Form) -> str:
        """Installs what is declared into a fresh environment; returns why that fails, or nothing."""
        shutil.rmtree(self.root / ".venv", ignore_errors=True)
        self.run(_uv(), "venv", "--quiet", "--python", self.python, ".venv")
        python = str(self.root / ".venv" / "bin" / "python")
        # uv keeps what it built of a project, whose requirements files may have changed since.
        fresh = [f"--refresh-package={name}" for name in ("pipelines", "connectors")]
        done = self.run(_uv(), "pip", "install", "-q", "--python", python, *fresh, *self.arguments(form))
        return "" if done.returncode == 0 else " ".join(done.stderr.split())[:300]

    def arguments(self, form: Form) -> list[str]:
        """Those of `uv pip install`."""
        file = self.root / form.arguments[0]
        if form.reader == "poetry":
            return [*_of_poetry(tomllib.loads(file.read_text()), form.arguments[1:])]
        if form.reader == "pipfile":
            return [*_of_table(tomllib.loads(file.read_text())["packages"])]
        return [*_of_dockerfile(file.read_text())] if form.reader == "dockerfile" else [*form.arguments]

    def seen(self, folder: str, files: Sequence[str]) -> dict[str, Any]:
        """What imports of the files fail in the environment."""
        python = str(self.root / ".venv" / "bin" / "python")
        done = self.run(python, str(HERE / "observe.py"), str(self.root), folder, *files)
        if done.returncode:
            raise RuntimeError(done.stderr)
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def said(self) -> list[Said]:
        """What airwarden reports of providers, warnings and worse."""
        done = self.airwarden("--format", "json", "--select", "providers")
        if done.returncode not in (0, 1):
            raise RuntimeError((done.stderr or done.stdout)[:500])
        found = json.loads(done.stdout)["findings"]
        kept = [each for each in found if each["rule"] in TELL and each["level"] != "note"]
        return [_said(each) for each in kept]

    def airwarden(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "airwarden", "check", *arguments)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"


def _failure(seen: dict[str, str]) -> Failure:
    module = seen["module"]
    needed = f"airflow.providers.{module[6:]}" if module.startswith("@task.") else module
    distribution = TOLD.get(module) or distribution_of(needed)
    return Failure(seen["file"], seen["place"], distribution, seen["when"], seen["message"])


def _said(found: dict[str, Any]) -> Said:
    words = frozenset(REQUIREMENT.findall(found["message"]))
    return Said(found["rule"], found["level"], found["path"], words, found["message"])


def differences(
    failures: Sequence[Failure], said: Sequence[Said], reach: dict[str, list[str]]
) -> Iterator[str]:
    """Failures of which nothing is said, and what is said of files in which nothing fails for it."""
    for failure in {(each.file, each.distribution): each for each in failures}.values():
        if not any(_explains(each, failure) for each in said):
            yield f"not said: {failure.file} needs {failure.distribution} ({failure.when}): {failure.message}"
    for each in said:
        if each.rule in BLAME and not any(_is_true(each, failure, reach) for failure in failures):
            yield f"not so: {each.file}: {each.message} [{each.rule}, {each.level}]"


def _explains(said: Said, failure: Failure) -> bool:
    """Whether something said is the reason of a failure: at the file, or of the dependencies as a whole."""
    is_there = said.file in (failure.file, failure.place) or not said.file.endswith(".py")
    return is_there and _names(said, failure.distribution)


def _is_true(said: Said, failure: Failure, reach: dict[str, list[str]]) -> bool:
    """Whether a failure bears out what is said of a file: its own, or that of a module which it loads."""
    is_there = failure.file in (said.file, *reach.get(said.file, ())) or not said.file.endswith(".py")
    return is_there and _names(said, failure.distribution)


def _names(said: Said, distribution: str) -> bool:
    heirs = SUCCESSORS.get(said.rule, {})
    wanted = {distribution, *(extra for extra, heir in heirs.items() if distribution.endswith(f"-{heir}"))}
    return any(wanted & {name, *re.split(r"[\[\],]", name)} for name in said.names)


def _of_poetry(document: dict[str, Any], groups: Iterable[str]) -> Iterator[str]:
    """The requirements of Poetry's main dependencies and of some groups."""
    held = document["tool"]["poetry"]
    yield from _of_table(held["dependencies"])
    for group in groups:
        yield from _of_table(held["group"][group]["dependencies"])


def _of_table(table: dict[str, Any]) -> Iterator[str]:
    """The requirements of a table of names: a specifier each, or a table with it, extras and markers."""
    for name, value in table.items():
        settings = value if isinstance(value, dict) else {"version": value}
        extras = ",".join(settings.get("extras", ()))
        versions = settings.get("version", "*").removeprefix("*")
        marker = settings.get("markers", "")
        if name != "python":
            yield f"{name}{f'[{extras}]' if extras else ''}{versions}{f'; {marker}' if marker else ''}"


def _of_dockerfile(text: str) -> Iterator[str]:
    """The arguments of every `pip install` of a Dockerfile."""
    for line in text.replace("\\\n", " ").splitlines():
        for command in line.removeprefix("RUN ").split("&&") if line.startswith("RUN ") else ():
            words = shlex.split(command)
            if words[:2] == ["pip", "install"]:
                yield from (word for word in words[2:] if word != "--no-cache-dir")


def judged(chosen: Sequence[Repository], with_fixes: bool) -> Iterator[tuple[Outcome, Outcome | None]]:
    """What comes of each repository as it is, and after the fixes where something was said of it."""
    with tempfile.TemporaryDirectory(prefix="installs") as folder, ThreadPoolExecutor(LANES) as pool:
        free = SimpleQueue[Lane]()
        for number in range(LANES):
            free.put(Lane(Path(folder).resolve() / f"{number}"))
        yield from pool.map(partial(_judged, free, with_fixes), chosen)


def _judged(
    free: SimpleQueue[Lane], with_fixes: bool, repository: Repository
) -> tuple[Outcome, Outcome | None]:
    lane = free.get()
    try:
        lane.lay(repository)
        before, after = lane.look(repository), None
        if with_fixes and before.said:
            lane.airwarden("--select", "providers", "--fix")
            after = lane.look(repository)
        return before, after
    finally:
        free.put(lane)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.installs.judge")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    known = {each.name: each for each in repositories(options.seed)}
    chosen = [known[name] for name in options.names or known if known[name].runs_on(sys.version_info[:2])]
    print(TITLE, flush=True)
    outcomes = []
    for before, after in judged(chosen, options.fix):
        outcomes.append((before, after))
        print(before, flush=True)
        if after is not None:
            print(f"  fixed: {after}", flush=True)
    print(summary(outcomes))
    return int(any(each.wrong for pair in outcomes for each in pair if each))


def summary(outcomes: Sequence[tuple[Outcome, Outcome | None]]) -> str:
    """How many agree, and how many have nothing that fails once airwarden has mended them."""
    agreeing = sum(not before.wrong for before, _ in outcomes)
    failing = [(before, after) for before, after in outcomes if before.failures or before.refused]
    mended = sum(after is not None and not after.failures and not after.refused for _, after in failing)
    files = sum(before.files for before, _ in outcomes)
    return (
        f"{len(outcomes)} repositories, {files} files: {agreeing} agree; "
        f"of {len(failing)} in which something fails, {mended} are mended by the fixes"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
