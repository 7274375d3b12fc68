"""The tables of what providers are, what they need and what they bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.version import Version

from scripts.provider_tables.history import Origin, Reader, Told, git, told, yanked
from scripts.provider_tables.listed import Listed
from scripts.provider_tables.metadata import PROVIDER, Wanted, Wheel, ordered

_AIRFLOW_2_HAS_ITSELF = f"{PROVIDER}standard"
"""Its decorators of tasks were Airflow's own before, and every Airflow 3 has it."""


@dataclass(frozen=True)
class Release:
    """A release, and what it allows."""

    version: str
    airflow: str
    python: str


@dataclass
class Provider:
    """What is known of one provider: of its newest known release, but for `releases`."""

    distribution: str
    module: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    wanted: tuple[Wanted, ...] = ()
    extras: frozenset[str] = frozenset()
    releases: dict[str, Release] = field(default_factory=dict)


def providers(
    origins: Iterable[Origin], wheels: Iterable[Wheel], names: Mapping[str, Listed]
) -> dict[str, Provider]:
    """Gathers what the history, wheels and the list of names tell, each overruling the one before."""
    found = defaultdict[str, Provider](lambda: Provider(""))
    origins = list(origins)
    readers = {clone: Reader(clone) for clone in {origin.clone for origin in origins}}
    for origin in origins:
        _from_history(found[origin.distribution], origin, told(readers[origin.clone], origin))
    for reader in readers.values():
        _without_yanked(found, reader)
        reader.close()
    for wheel in sorted(wheels, key=lambda each: Version(each.version)):
        if wheel.distribution.startswith(PROVIDER):
            _from_wheel(found[wheel.distribution], wheel)
    for name in found:
        found[name].distribution = name
        if name in names and names[name].version not in found[name].releases:
            _listed_last(found[name], names[name].version)
    return dict(found)


def listed_only(
    distributions: Iterable[str], found: Mapping[str, Provider], names: Mapping[str, Listed]
) -> dict[str, Provider]:
    """The providers of which nothing is known but their name and newest version."""
    made = {each: Provider(each) for each in distributions if each not in found}
    for name, provider in made.items():
        _listed_last(provider, names[name].version)
    return made


def _from_history(provider: Provider, origin: Origin, known: Told) -> None:
    provider.module = origin.sources[origin.sources.index("airflow/providers/") :].replace("/", ".")
    provider.info, provider.wanted = known.info, known.wanted
    provider.extras = frozenset(each.asked_by for each in known.wanted if each.asked_by)
    provider.releases[origin.version] = Release(origin.version, known.airflow, known.python)


def _from_wheel(provider: Provider, wheel: Wheel) -> None:
    if all(Version(each) <= Version(wheel.version) for each in provider.releases):
        provider.module, provider.info, provider.wanted = wheel.module, wheel.info, tuple(wheel.wanted)
        provider.extras = frozenset(wheel.own_extras)
    needs = [each for each in wheel.wanted if each.name == "apache-airflow" and not each.asked_by]
    airflow = needs[0].versions if needs else ""
    provider.releases[wheel.version] = Release(wheel.version, ordered(airflow), wheel.python)


def _listed_last(provider: Provider, version: str) -> None:
    """Adds the newest release, of which nothing but its version is known."""
    if not Version(version).is_prerelease:
        provider.releases[version] = Release(version, "", "")


def _without_yanked(found: Mapping[str, Provider], reader: Reader) -> None:
    head = git(reader.clone, "rev-parse", "HEAD").strip()
    for name, provider in found.items():
        for version in yanked(reader, head, name):
            provider.releases.pop(version, None)


def release_rows(distribution: str, releases: Iterable[Release]) -> Iterator[tuple[str, ...]]:
    """The releases of a distribution, those that allow the same in one row."""
    alike = defaultdict[tuple[str, str], list[str]](list)
    for each in releases:
        alike[each.airflow, each.python].append(each.version)
    for (airflow, python), versions in alike.items():
        yield distribution, airflow, python, " ".join(sorted(versions, key=Version))


def dependency_rows(provider: Provider) -> Iterator[tuple[str, ...]]:
    """The providers that one always needs."""
    for each in provider.wanted:
        if not each.asked_by and each.name.startswith(PROVIDER):
            yield provider.distribution, each.name


def own_extra_rows(provider: Provider) -> Iterator[tuple[str, ...]]:
    """Each extra, with the providers that it brings, or "" where it brings none."""
    for extra in provider.extras:
        names = {each.name for each in provider.wanted if each.asked_by == extra}
        for name in {name for name in names if name.startswith(PROVIDER)} or {""}:
            yield provider.distribution, extra, name


def connection_type_rows(provider: Provider) -> Iterator[tuple[str, ...]]:
    """The types of connections that it has a hook for."""
    for each in provider.info.get("connection-types", ()):
        yield each["connection-type"], provider.distribution


def task_decorator_rows(provider: Provider) -> Iterator[tuple[str, ...]]:
    """The decorators of tasks that it adds to `@task`."""
    if provider.distribution != _AIRFLOW_2_HAS_ITSELF:
        for each in provider.info.get("task-decorators", ()):
            yield each["name"], provider.distribution
