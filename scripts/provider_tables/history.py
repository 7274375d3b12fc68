"""Releases of providers in the history of Airflow's sources: what each was made from.

A clone's tags `providers-<name>/<version>` tell exactly. For what is younger than these, a release is the
commit that first lists its version in the provider's `provider.yaml`, as the newest. One that is first listed
below another was made from a branch that the history lacks.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from packaging.version import Version

from scripts.provider_tables.metadata import PROVIDER, Wanted, ordered

_TAG = re.compile(r"providers-([a-z0-9-]+)/(\d+(?:\.\d+)+)")
_INFO = re.compile(
    r"(?:providers/src/)?airflow/providers/(.+)/provider\.yaml|providers/([^.]+)/provider\.yaml"
)
_PYTHON = re.compile(r"(?:python_requires|requires-python)\s*=\s*[\"']?([^\"'\n]+)")
_TEMPLATES = (
    "dev/breeze/src/airflow_breeze/templates/pyproject_TEMPLATE.toml.jinja2",
    "dev/provider_packages/SETUP_TEMPLATE.cfg.jinja2",
    "setup.cfg",
    "setup.py",
)
"""What the files that say a provider's Python were made from, until each had a file of its own."""
_TAGS_END = "2024-10-20"


@dataclass(frozen=True)
class Origin:
    """The tree of Airflow's sources that a release of a provider was made from.

    `folder` has the provider's `provider.yaml`, `sources` its package; both paths from the root. `later` is
    the commit that prepared it anew, where the first try was given up.
    """

    clone: Path
    commit: str
    distribution: str
    version: str
    folder: str
    later: str = ""

    @property
    def sources(self) -> str:
        """The folder of the package."""
        if "airflow/providers/" in self.folder:
            return self.folder
        return f"{self.folder}/src/airflow/{self.folder}"


class Reader:
    """Reads files of a clone at any commit, by one git process that stays."""

    def __init__(self, clone: Path) -> None:
        self.clone = clone
        command = ["git", "-C", str(clone), "cat-file", "--batch"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, name: str) -> str | None:
        """The text of a blob, by its id or as `commit:path`; None where there is none."""
        pipes = self._process.stdin, self._process.stdout
        if pipes[0] is None or pipes[1] is None or "\n" in name:
            return None
        pipes[0].write(f"{name}\n".encode())
        pipes[0].flush()
        head = pipes[1].readline().split()
        if len(head) != 3:
            return None
        content = pipes[1].read(int(head[2]) + 1)
        return content[:-1].decode("utf-8", "replace") if head[1] == b"blob" else None

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()


def git(clone: Path, *arguments: str) -> str:
    """What a git command says."""
    command = ["git", "-C", str(clone), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def origins(clones: Iterable[Path]) -> list[Origin]:
    """What is known of each release of each provider."""
    found: dict[tuple[str, str], Origin] = {}
    for clone in clones:
        for origin in (*_tagged(clone), *_listed(clone)):
            found.setdefault((origin.distribution, origin.version), origin)
    final = [each for each in found.values() if not Version(each.version).is_prerelease]
    return sorted(final, key=lambda each: (each.distribution, Version(each.version)))


def _tagged(clone: Path) -> Iterator[Origin]:
    reader = Reader(clone)
    for tag in git(clone, "tag").split():
        match = _TAG.fullmatch(tag)
        paths = _folders(match[1]) if match else ()
        for folder in paths:
            if match and reader.read(f"{tag}:{folder}/provider.yaml") is not None:
                yield Origin(clone, tag, f"{PROVIDER}{match[1]}", match[2], folder)
                break
    reader.close()


def _folders(name: str) -> Iterator[str]:
    for path in (name.replace("-", "/"), name.replace("-", "/", 1), name.replace("-", "_"), name):
        yield from (
            f"airflow/providers/{path}",
            f"providers/src/airflow/providers/{path}",
            f"providers/{path}",
        )


def _listed(clone: Path) -> Iterator[Origin]:
    """The releases that `provider.yaml` lists first in a commit after the tags end."""
    log = git(clone, "log", "--first-parent", "--reverse", "--format=@%H %s", "--name-only",
              f"--since={_TAGS_END}", "HEAD", "--", "*provider.yaml")  # fmt: skip
    known, reader, commit, subject = _versions_before(clone), Reader(clone), "", ""
    found: dict[tuple[str, str], Origin] = {}
    for line in filter(None, log.splitlines()):
        if line.startswith("@"):
            commit, _, subject = line[1:].partition(" ")
        elif _INFO.fullmatch(line):
            info = _info(reader, f"{commit}:{line}")
            name = info.get("package-name", "")
            versions = [str(version) for version in info.get("versions") or ()]
            key = (name, versions[0] if versions else "")
            if name.startswith(PROVIDER) and versions and versions[0] not in known[name]:
                found[key] = Origin(clone, commit, *key, line.removesuffix("/provider.yaml"))
            elif key in found and "prepare" in subject.lower():
                found[key] = replace(found[key], later=commit)
            known[name].update(versions)
    reader.close()
    yield from found.values()


def _versions_before(clone: Path) -> defaultdict[str, set[str]]:
    """The versions of each provider that were listed before the tags end."""
    known = defaultdict[str, set[str]](set)
    commit = git(clone, "rev-list", "-1", "--first-parent", f"--before={_TAGS_END}", "HEAD").strip()
    reader = Reader(clone)
    for path in git(clone, "ls-tree", "-r", "--name-only", commit).splitlines() if commit else ():
        if _INFO.fullmatch(path):
            info = _info(reader, f"{commit}:{path}")
            known[info.get("package-name", "")] |= set(map(str, info.get("versions", ())))
    reader.close()
    return known


def _info(reader: Reader, name: str) -> dict[str, Any]:
    found = yaml.load(reader.read(name) or "", Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Told:
    """What the sources tell of a release: its `provider.yaml`, what it requires, and its Python."""

    info: dict[str, Any]
    wanted: tuple[Wanted, ...]
    python: str

    @property
    def airflow(self) -> str:
        """The versions of Airflow that it allows. One that says nothing was made for all of Airflow 2."""
        found = [each.versions for each in self.wanted if each.name == "apache-airflow" and not each.asked_by]
        return ordered(",".join(filter(None, found)).replace(".dev0", "")) or ">=2.0.0"


def told(reader: Reader, origin: Origin) -> Told:
    """Reads what a release's sources tell."""
    info = _info(reader, f"{origin.commit}:{origin.folder}/provider.yaml")
    project = _toml(reader.read(f"{origin.commit}:{origin.folder}/pyproject.toml") or "").get("project", {})
    lines = list(project.get("dependencies", ()))
    for extra, wanted in project.get("optional-dependencies", {}).items():
        lines += [f"{line.partition(';')[0]}; extra == '{extra}'" for line in wanted]
    if not project:
        lines = [*info.get("dependencies", ()), *info.get("additional-dependencies", ())]
    wanted = tuple(found for line in lines if (found := Wanted.parse(line)))
    return Told(
        info, wanted, ordered(project.get("requires-python") or python_of(reader, origin.commit, _TEMPLATES))
    )


def python_of(
    reader: Reader, commit: str, paths: Iterable[str] = ("setup.cfg", "setup.py", "pyproject.toml")
) -> str:
    """The versions of Python that the first of some files that says any asks for."""
    for path in paths:
        match = _PYTHON.search(reader.read(f"{commit}:{path}") or "")
        if match and match[1].strip()[:1] in "<>=~!":
            return ordered(match[1].strip())
    return ""


def _toml(text: str) -> dict[str, Any]:
    import tomlkit

    return tomlkit.parse(text).unwrap() if text else {}


def yanked(reader: Reader, commit: str, distribution: str) -> set[str]:
    """The versions that a provider's changelog says to have been yanked."""
    for folder in _folders(distribution.removeprefix(PROVIDER)):
        for name in ("docs/changelog.rst", "CHANGELOG.rst"):
            text = reader.read(f"{commit}:{folder}/{name}")
            if text is not None:
                return set(re.findall(r"^([\d.]+) \(YANKED\)", text, re.MULTILINE))
    return set()
