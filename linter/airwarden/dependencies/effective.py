"""Dependencies: what the image's dependency files declare, and what is missing from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from functools import cached_property

from airwarden.dependencies import build_files
from airwarden.dependencies.build_files import Version
from airwarden.dependencies.declarations import Declaration, DependencyList
from airwarden.dependencies.image import installed_lists
from airwarden.dependencies.provisions import How, Provision
from airwarden.dependencies.reader import Files, Reader, is_lock, kind_of
from airwarden.dependencies.scopes import Scope
from airwarden.dependencies.speakers import is_addition, place_in, speaker
from airwarden.dependencies.specifiers import allows_any, allows_series
from airwarden.dependencies.workspaces import members_of, needed_members, owner_of
from airwarden.distributions.extras import BOTH, Series, in_image, preinstalled
from airwarden.distributions.minors import LAST_OF_SERIES
from airwarden.distributions.names import AIRFLOW, Need, is_provider
from airwarden.distributions.releases import releases
from airwarden.findings import Region, Related
from airwarden.records import dataclass
from airwarden.source import Unreadable

_AIRFLOWS: tuple[Version, ...] = tuple((major, minor) for major in (2, 3) for minor in range(13))


@dataclass(frozen=True)
class Dependencies:
    """All declarations of a repository.

    `lists` are the dependency files, `traces` further files that tell what gets installed, `constraints`
    those that only limit versions. `images` are the base images and managed services in use, each where it is
    named first; `versions` those of Airflow and `pythons` those of Python that files name. `unreadable` are
    the dependency files that can't be read as what they are; `is_blind` where one of them may speak of
    Airflow. `is_named` where the settings say which files the image is built from. `locks` are the paths of
    lock files.
    """

    lists: tuple[DependencyList, ...]
    traces: tuple[DependencyList, ...]
    constraints: tuple[DependencyList, ...]
    images: dict[str, Region]
    versions: frozenset[Version]
    pythons: frozenset[str]
    unreadable: tuple[Unreadable, ...]
    is_blind: bool
    is_named: bool = False
    locks: tuple[str, ...] = ()
    _scopes: dict[str | None, Scope] = field(default_factory=dict, repr=False, compare=False)
    _nearest: dict[str, DependencyList | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, files: Files, named: Sequence[str] = ()) -> Dependencies:
        """Reads every file that declares or tells what gets installed; or the `named` ones alone."""
        reader = Reader(files, named)
        found = reader.all_lists()
        lists = [each for each in found if each.kind not in ("trace", "constraints")]
        if named:
            lists = [each for each in found if each.path in named and each.kind != "constraints"]
        return cls(
            lists=tuple(lists),
            traces=() if named else tuple(each for each in found if each.kind == "trace"),
            constraints=tuple(each for each in found if each.kind == "constraints"),
            images=reader.images,
            versions=frozenset(reader.versions),
            pythons=frozenset(reader.pythons),
            unreadable=tuple(reader.unreadable),
            is_blind=reader.is_blind,
            is_named=bool(named),
            locks=tuple(each.path for each in found if is_lock(each.path)),
        )

    # Which Airflow it is

    @cached_property
    def series(self) -> frozenset[Series]:
        """The series of Airflow that the repository may run on."""
        majors = {str(major) for major, _ in self.airflows}
        return frozenset(one for one in BOTH if one in majors) or BOTH

    @property
    def oldest_airflow(self) -> Version | None:
        """The oldest version of Airflow that the repository may run on; None where no file tells."""
        return min(self.airflows, default=None)

    @cached_property
    def airflows(self) -> frozenset[Version]:
        """The versions of Airflow that files name, or else leave room for; none where none tells."""
        return self.versions or self._declared_airflows

    @cached_property
    def built_airflows(self) -> frozenset[Version]:
        """The versions of Airflow that an image built today gets: those that files name and no list rules
        out, else the newest that they leave room for. The last of each series where no file tells.
        """
        fitting = frozenset(each for each in self.versions if self._is_declared(each))
        if fitting or (self.versions and not self._airflow_specifiers):
            return fitting or self.versions
        known = {version_of(each.version) for each in releases("apache-airflow")}
        declared = self._declared_airflows or self.versions
        allowed_ones = declared & known or declared
        return frozenset({max(allowed_ones)}) if allowed_ones else frozenset(LAST_OF_SERIES)

    @cached_property
    def _declared_airflows(self) -> frozenset[Version]:
        """The versions of Airflow that a list leaves room for."""
        return frozenset(each for each in _AIRFLOWS if self._is_declared(each))

    def _is_declared(self, airflow: Version) -> bool:
        series = f"{airflow[0]}.{airflow[1]}"
        return any(allows_series(text, series) for text in self._airflow_specifiers)

    def airflow_allows(self, versions: Sequence[str]) -> bool:
        """Whether a dependency list declares Airflow in a way that leaves room for one of these versions."""
        return any(allows_any(text, versions) for text in self._airflow_specifiers)

    @cached_property
    def _airflow_specifiers(self) -> frozenset[str]:
        lists = (declared for listed in self.lists for declared in listed.declarations)
        return frozenset(each.versions for each in lists if each.name in AIRFLOW and each.versions)

    # Which files count

    def speaks_in(self, path: str) -> bool:
        """Whether the file at `path` declares anything of an environment with Airflow."""
        return path in self._speaking

    @cached_property
    def _speaking(self) -> frozenset[str]:
        """The files that declare something of an environment with Airflow, or are taken in by one."""
        ours = [each for each in self.lists if each.names_airflow]
        inner = (declared.region.path for each in ours for declared in each.declarations)
        return frozenset({*(each.path for each in ours), *inner})

    def scope(self, path: str) -> Scope:
        """The dependency files that count for the file at `path`: all of them, but for those of the other
        members of a uv workspace.
        """
        owner = owner_of(self._members, path)
        key = owner.folder if owner else None
        if key not in self._scopes:
            lists, traces = self._of_member(owner) if owner else (self.lists, self.traces)
            lists = lists if self.is_named else installed_lists(lists)
            self._scopes[key] = Scope(lists, traces, self.built_airflows, self.pythons)
        return self._scopes[key]

    @cached_property
    def _members(self) -> tuple[DependencyList, ...]:
        return members_of(self.lists)

    def _of_member(
        self, owner: DependencyList
    ) -> tuple[tuple[DependencyList, ...], tuple[DependencyList, ...]]:
        """The lists and traces without those of members that one does not depend on, nor what locks all."""
        needed = needed_members(self._members, owner)
        lists, traces = (
            tuple(each for each in some if self._home(each) in needed or self._home(each) is None)
            for some in (self.lists, self.traces)
        )
        return lists, tuple(each for each in traces if not is_lock(each.path))

    def _home(self, listed: DependencyList) -> str | None:
        owner = owner_of(self._members, listed.path)
        return owner.folder if owner else None

    def nearest(self, path: str) -> DependencyList | None:
        """The list that speaks for the file at `path`; None where nothing is known of its image.

        That is the one in the nearest folder above. Where none is above, one from elsewhere speaks,
        unless several projects of their own could.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._nearest:
            lists = () if self.is_blind else self.scope(path).lists
            self._nearest[folder] = speaker(lists, path, self.is_named)
        return self._nearest[folder]

    # What they give

    def declares(self, distribution: str, extra: str = "") -> bool:
        """Whether any file of the repository gives a distribution, or every Airflow it may have does."""
        return self._how(Need(distribution, extra), self.scope("")) in ("declared", "brought", "preinstalled")

    def _how(self, need: Need, scope: Scope) -> How:
        if scope.gives_all:
            return "declared"
        if need.distribution in scope.direct:
            return "declared" if _has_extra(need, scope.direct) else "lacks-extra"
        if self._is_preinstalled(need.distribution):
            return "preinstalled" if _has_extra(need, scope.direct) else "lacks-extra"
        if need.distribution in scope.brought:
            return "brought" if _has_extra(need, scope.direct) else "lacks-extra"
        return "outside" if need.distribution in scope.outside else "missing"

    def _is_preinstalled(self, distribution: str) -> bool:
        return any(distribution in preinstalled(one) for one in self.built_airflows)

    def provision(
        self, need: Need, path: str, images: Sequence[str] = (), trusts_image: bool = False
    ) -> Provision:
        """How the file at `path` gets what it needs.

        A list that describes a whole environment and names providers is held to name all of them, unless the
        need is one that `trusts_image`. Any other list adds to an image: to `images`, and to those that the
        repository names.
        """
        scope = self.scope(path)
        how = self._how(need, scope)
        found = scope.naming.get(need.distribution, ())
        nearest = None if how == "declared" else self.nearest(path)
        if how in ("declared", "brought", "preinstalled"):
            is_open = nearest is not None and not is_addition(nearest)
            return Provision(need, how, self._place(nearest, scope) if nearest and is_open else None, found)
        if nearest is None:
            return Provision(need, "unknown")
        bringing = [image for image in (*images, *self.images) if self._is_in(need, image, scope)]
        is_built_on = how == "outside" and any(map(self._is_base, bringing))
        if bringing and (trusts_image or is_built_on or not _is_whole(nearest, scope)):
            return Provision(need, "image")
        if not (images or self.images) and is_addition(nearest):
            return Provision(need, "unknown")
        own = found or scope.naming_idly.get(need.distribution, ())
        without = self._built_without(nearest, scope)
        is_stock = without is not None and build_files.SLIM not in self.images
        is_in_base = is_stock and any(map(self._is_base, bringing))
        related = (*_related(need, how, own, scope, nearest), *self._shown_image(bringing))
        if without and not is_in_base:
            related = (*related, Related(without, "this image is built without that list"))
        return Provision(need, how, self._place(nearest, scope), own, related, without, is_in_base)

    # Which lists reach an image

    def reaches_image(self, declared: Declaration) -> bool:
        """Whether an image may get a declaration: neither one of a list that images are built without, nor
        one for work on the code alone.
        """
        path = declared.region.path
        scope = self.scope(path)
        listed = next((each for each in scope.lists if each.path == path), None)
        if listed is None:
            return True
        return declared.group not in scope.idle_groups(listed) and not self._built_without(listed, scope)

    def locks_of(self, path: str) -> Iterator[str]:
        """The lock files that may be made from the file at `path`: those beside it, and for a member of a
        workspace those above it.
        """
        is_member = any(each.path == path for each in self._members)
        for lock in self.locks:
            folder = lock[: lock.rfind("/") + 1]
            if path.startswith(folder) and (is_member or "/" not in path.removeprefix(folder)):
                yield lock

    def _place(self, nearest: DependencyList, scope: Scope) -> Region | None:
        return None if self._built_without(nearest, scope) else place_in(nearest, scope.idle_groups(nearest))

    def _built_without(self, listed: DependencyList, scope: Scope) -> Region | None:
        """The Dockerfile whose image is built without a list. Managed services and the images of others may
        install a list that no Dockerfile names.
        """
        if self.is_named or not self.images.keys() <= {build_files.STOCK, build_files.SLIM}:
            return None
        found = scope.built_without.get(listed.path)
        return found.region if found else None

    def _is_base(self, image: str) -> bool:
        """Whether a Dockerfile starts from an image."""
        return image in self.images and kind_of(self.images[image].path) == "image"

    def is_in_image(self, need: Need, path: str) -> bool:
        """Whether a base image or a service that the repository names has what is needed."""
        scope = self.scope(path)
        return any(self._is_in(need, image, scope) for image in self.images)

    def _is_in(self, need: Need, image: str, scope: Scope) -> bool:
        if image == build_files.UNKNOWN:
            return True
        is_plain = not need.extra or need.extra in scope.direct
        return is_plain and any(need.distribution in in_image(image, one) for one in self.built_airflows)

    def _shown_image(self, bringing: Sequence[str]) -> Iterator[Related]:
        known = [self.images[each] for each in bringing if each in self.images.keys() - {build_files.UNKNOWN}]
        yield from (Related(region, "only the base image brings it") for region in known[:1])


def version_of(release: str) -> Version:
    """The major and minor version of a release."""
    major, minor, *_ = (*release.split("."), "0")
    return int(major), int(minor)


def _has_extra(need: Need, given: dict[str, set[str]]) -> bool:
    """Whether an extra is given, as such or as the distribution of the same name."""
    return not need.extra or need.extra in given.get(need.distribution, ()) or need.extra in given


def _is_whole(listed: DependencyList, scope: Scope) -> bool:
    return listed.kind == "project" and any(is_provider(name) for name in scope.named_by(listed.declarations))


def _related(
    need: Need, how: How, found: Sequence[Declaration], scope: Scope, nearest: DependencyList
) -> Iterator[Related]:
    barred = [each for each in scope.barred if each.name == need.distribution]
    if how == "lacks-extra" and found:
        yield Related(found[0].region, f"this lacks the extra {need.extra}")
    elif how == "outside" and found:
        yield Related(found[0].region, f"declared here, in {found[0].group} alone")
    elif barred:
        yield Related(barred[0].region, "declared here, for another Python than the image has")
    else:
        yield Related(nearest.region, "the dependencies are listed here")
