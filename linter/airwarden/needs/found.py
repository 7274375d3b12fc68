"""What is found in one file, before it is known where it stands and what it means for another."""

from __future__ import annotations

from airwarden import syntax
from airwarden.dag import DagFile
from airwarden.distributions.minors import Minor
from airwarden.distributions.modules import modules, need_of_module, package_of
from airwarden.distributions.names import Need
from airwarden.distributions.shims import need_behind
from airwarden.needs.use import When
from airwarden.records import dataclass
from airwarden.repo import Repo


def known_roots() -> frozenset[str]:
    """The first parts of the names of all known packages."""
    return frozenset(name.partition(".")[0] for name in modules())


@dataclass(frozen=True, eq=False)
class Found:
    """A node of a file that needs a distribution; the rest is as in `Use`."""

    node: syntax.Node
    need: Need
    name: str
    when: When
    member: str = ""
    argument: str = ""
    trusts_image: bool = False
    way: tuple[Step, ...] = ()


@dataclass(frozen=True, eq=False)
class Step:
    """A step of a way through modules of the repository: an import, and what it imports."""

    file: DagFile
    node: syntax.Node
    name: str


class Names:
    """What the names that one repository's files import need."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.airflows: frozenset[Minor] = repo.dependencies.airflows

    def need(self, dotted: str, importer: str) -> Need | None:
        """What has to be installed so that the file `importer` can import a name; None for the
        repository's own, and where that is not known.
        """
        if dotted.startswith("."):
            return None
        found = need_of_module(dotted) or self._need_behind(dotted)
        return None if found is None or self._is_own(dotted, importer) else found

    def _need_behind(self, dotted: str) -> Need | None:
        """What a module of Airflow's core imports, where each Airflow that may be in use has it so."""
        if not dotted.startswith("airflow."):
            return None
        needs = {need_behind(dotted, airflow) for airflow in self.airflows}
        return needs.pop() if len(needs) == 1 else None

    def _is_own(self, dotted: str, importer: str) -> bool:
        names = {dotted, dotted.rpartition(".")[0], package_of(dotted)} - {"", None}
        return any(self.repo.module_path(name, importer) is not None for name in names if name)
