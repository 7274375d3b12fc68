"""Deployment: the settings of Airflow that a repository makes, wherever they stand, and for whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import PurePosixPath

from airwarden.credentials.sensitive import env_name, setting_of
from airwarden.deployment.chart_settings import outside_of, settings_of
from airwarden.deployment.config_file import ConfigFile, may_be_config
from airwarden.deployment.container_files import (
    is_airflows,
    is_container_file,
    reader_of,
    speaks_of_airflow,
    variables_reader_of,
)
from airwarden.deployment.layers import Layers
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import ALL, Setting, by_variable, joined, merged, reaches, written
from airwarden.patterns import regex
from airwarden.repo import VALUES_ENDINGS, Repo
from airwarden.source import Source, Unreadable
from airwarden.tracing import Answers, traced_property
from airwarden.values import ValuesFile

_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_LARGEST = 1 << 20
_TRUE = frozenset({"true", "t", "1"})
_TELLING = regex(
    r"[^.]+|.*\.(?:ya?ml|tf(?:vars)?|hcl|json|toml|ini|conf|properties|sh|bash|mk|tpl|tmpl|gotmpl|j2|ts|[cl]?jsonnet)"
)
_CODE = regex(r".*\.py")
_CONFIG_KEY = regex(rb"""["']config["']""")
"""Programs that deploy: they may build values."""
_ENV_FILE = regex(r"^[ \t]*env_file\s*:", re.MULTILINE)
_SECRET_STORES = regex(rb"external-secrets\.io|secrets-store\.csi|kind:\s*SecretProviderClass")


class Deployment:
    """What a repository tells of the deployment of Airflow that runs its DAGs."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.tracer = repo.tracer
        self._paths_naming: Answers[tuple[bytes, ...], tuple[str, ...]] = Answers(
            repo.tracer, are_shared=True
        )
        self._set_elsewhere: Answers[tuple[str, str], bool] = Answers(repo.tracer)

    @property
    def is_described(self) -> bool:
        """Whether the repository describes a deployment at all, be it one to try things."""
        return bool(self.values_files or self.config_files or self._container_settings)

    @property
    def is_configured(self) -> bool:
        """Whether what configures a deployment is kept here: values of a chart that writes airflow.cfg, or an
        airflow.cfg. Container files alone describe a place to try things.
        """
        return any(values.roots for values in self.values_files) or bool(self.config_files)

    @traced_property
    def deployments(self) -> tuple[Deployed, ...]:
        """Each deployment on its own: those that the user tells, or each values file over the `values.yaml`
        beside it; and the containers that run without a chart.
        """
        values = {path: _only_values(each) for path, each in self._values.items()}
        named = self._repo.config.deployments
        layers = Layers(values, self.settings, named, self._blind, self.may_be_set_elsewhere)
        return layers.deployments()

    def setting(self, section: str, option: str) -> tuple[Setting, ...]:
        """Every place that sets an option, as an option or by its variable, in the order of the files.

        A sensitive option may also be set by the command or the path that gives its value.
        """
        name = env_name(section, option)
        ways = (name, f"{name}_CMD", f"{name}_SECRET") if setting_of(name) else (name,)
        return tuple(each for way in ways for each in self._by_name[way])

    def variable(self, name: str) -> tuple[Setting, ...]:
        """Every place that sets an environment variable of Airflow, in the order of the files."""
        return tuple(each for each in self._by_name[name] if not each.is_option)

    @property
    def variables(self) -> tuple[Setting, ...]:
        """What the files of containers that speak of Airflow set: also variables of other programs, and
        arguments of builds, in the order of the files.
        """
        return self._container_variables

    def speaks_in(self, path: str) -> bool:
        """Whether a file sets anything of a deployment."""
        return path in self._speaking

    def set_in(self, path: str) -> tuple[Setting, ...]:
        """What one file sets."""
        return self._by_path.get(path, ())

    def takes_outside_variables(self, component: str) -> bool:
        """Whether a component gets variables that the repository does not tell: all of a Secret or a
        ConfigMap, those that a template adds, or those of a file that can't be read.
        """
        return reaches(self._outside, component)

    def may_hold_more(self, component: str) -> bool:
        """Whether a component may hold connections and variables that the repository does not tell: those of
        `takes_outside_variables`, of a secrets backend, or of a store that Kubernetes takes Secrets from.
        """
        return self.takes_outside_variables(component) or self._has_secrets_backend or self._has_secret_store

    @traced_property
    def callbacks_run_in(self) -> frozenset[str]:
        """The components of which one calls the callbacks of DAGs: the DAG processor or, on Airflow 2 without
        one, the scheduler.
        """
        told = {
            (each.text or "").lower() in _TRUE
            for each in self.setting("scheduler", "standalone_dag_processor")
        }
        series = self._repo.dependencies.series
        processor = frozenset({"dag-processor"}) if "3" in series or True in told else frozenset[str]()
        scheduler = frozenset({"scheduler"}) if "2" in series and told != {True} else frozenset[str]()
        return processor | scheduler

    def may_be_set_elsewhere(self, section: str, option: str) -> bool:
        """Whether a script, a template or the like, which is not read as what it is, may set an option."""
        return self._set_elsewhere.get((section, option), lambda: self._is_told_elsewhere(section, option))

    def _is_told_elsewhere(self, section: str, option: str) -> bool:
        variable = env_name(section, option).encode()
        words = (variable, option.encode())
        if any(map(partial(self._holds_more, env_name(section, option)), self.values_files)):
            return True
        is_telling = option.count("_") > 1
        if any(is_telling or variable in data or b"irflow" in data for _, data in self._naming(words)):
            return True
        key = re.compile(rb"""["']%s["']""" % re.escape(section).encode())
        return any(
            variable in data or _has_behind(_CONFIG_KEY, key, data) for _, data in self._naming(words, _CODE)
        )

    def _holds_more(self, variable: str, values: ValuesFile) -> bool:
        """Whether values name a variable more often than they are known to set it: a pod template may."""
        known = sum(each.variable == variable for each in self.set_in(values.path) if not each.is_option)
        return values.source.text.count(variable) > known

    def is_named_elsewhere(self, words: Iterable[str], apart: Collection[str] = ()) -> bool:
        """Whether a script, a template or the like, which is not read as what it is, has one of some words.
        The files at the paths `apart` don't count.
        """
        asked = tuple(word.encode() for word in words)
        return any(
            path not in apart for path in self._paths_naming.get(asked, lambda: self._all_naming(asked))
        )

    def _all_naming(self, words: tuple[bytes, ...]) -> tuple[str, ...]:
        return tuple(path for names in (_TELLING, _CODE) for path, _ in self._naming(words, names))

    def may_be_connected_elsewhere(self, connection: str) -> bool:
        """Whether such a file speaks of a connection, which it then may make."""
        name = re.escape(connection).encode()
        pattern = re.compile(rb"(?<![A-Za-z0-9])(?:AIRFLOW_CONN_)?%s(?![A-Za-z0-9_])" % name, re.IGNORECASE)
        return any(pattern.search(data) for _, data in self._telling())

    def is_spoken_of(self, word: str) -> bool:
        """Whether any file that may set things has a word in it, whatever it says of it."""
        if any(word in values.source.text for values in self.values_files):
            return True
        if any(word in each.variable or word in (each.text or "") for each in self.variables):
            return True
        asked = word.encode()
        return any(asked in data for _, data in self._telling())

    # The files

    @traced_property
    def settings(self) -> tuple[Setting, ...]:
        """All settings, in the order of the files."""
        found = [each for values in self.values_files for each in settings_of(values)]
        found += [each for file in self.config_files for each in _of_config(file)]
        return merged([*found, *self._container_settings])

    @traced_property
    def values_files(self) -> tuple[ValuesFile, ...]:
        """The values of Airflow deployments."""
        found = (each for each in self._values.values() if not isinstance(each, Unreadable))
        return tuple(values for each in found for values in each)

    @traced_property
    def config_files(self) -> tuple[ConfigFile, ...]:
        """Each airflow.cfg."""
        named = (self._source(path) for path in self._candidates if may_be_config(path))
        return tuple(file for source in named if source and (file := ConfigFile(source)).options)

    @traced_property
    def _values(self) -> dict[str, tuple[ValuesFile, ...] | Unreadable]:
        found: dict[str, tuple[ValuesFile, ...] | Unreadable] = {}
        for path in filter(self._repo.is_values_file, self._repo.files_ending(*VALUES_ENDINGS)):
            try:
                values = self._repo.values_files(path)
            except Unreadable as fault:
                found[path] = fault
                continue
            if values:
                found[path] = values
        return found

    @traced_property
    def _container_settings(self) -> tuple[Setting, ...]:
        return tuple(each for each in self._container_variables if is_airflows(each))

    @traced_property
    def _container_variables(self) -> tuple[Setting, ...]:
        readers = {path: reader for path in self._candidates if (reader := variables_reader_of(path))}
        sources = {path: source for path in readers if (source := self._source(path))}
        ours = {path for path, source in sources.items() if speaks_of_airflow(source)}
        folders = {PurePosixPath(path).parent for path in ours}
        beside = {
            path
            for path in sources
            if PurePosixPath(path).name == ".env" and PurePosixPath(path).parent in folders
        }
        found = [each for path in sorted(ours | beside) for each in readers[path](sources[path])]
        return merged(found)

    @traced_property
    def _speaking(self) -> frozenset[str]:
        return frozenset(each.region.path for each in (*self.settings, *self._container_variables))

    @traced_property
    def _candidates(self) -> tuple[str, ...]:
        """The files whose names alone can tell what they are."""
        files = self._repo.other_files()
        return tuple(path for path in files if path not in self._values and not _is_tested(path))

    def _source(self, path: str) -> Source | None:
        try:
            return self._repo.source(path)
        except Unreadable:
            return None

    @traced_property
    def _by_path(self) -> dict[str, tuple[Setting, ...]]:
        ordered = sorted(self.settings, key=_path_of)
        return {path: tuple(settings) for path, settings in groupby(ordered, key=_path_of)}

    @traced_property
    def _by_name(self) -> defaultdict[str, list[Setting]]:
        return by_variable(self.settings)

    # What is not told

    @traced_property
    def _outside(self) -> frozenset[str]:
        unreadable = (ALL for each in self._values.values() if isinstance(each, Unreadable))
        return joined([*unreadable, *(each for values in self.values_files for each in outside_of(values))])

    @traced_property
    def _blind(self) -> frozenset[str]:
        """The compose files that take variables from a file which the repository does not have."""
        given = {each.region.path for each in self._container_settings if each.place == "env"}
        paths = {each.region.path for each in self._container_settings if each.place == "compose"}
        sources = filter(None, map(self._source, paths))
        return frozenset(each.path for each in sources if not given and _ENV_FILE.search(each.text))

    @traced_property
    def _has_secrets_backend(self) -> bool:
        backends = (*self.setting("secrets", "backend"), *self.setting("workers", "secrets_backend"))
        return any(each.text != "" for each in backends)

    @traced_property
    def _has_secret_store(self) -> bool:
        return bool(self._repo.files_with(_SECRET_STORES, ".yaml", ".yml"))

    def _naming(
        self, words: Collection[bytes], names: re.Pattern[str] = _TELLING
    ) -> Iterator[tuple[str, bytes]]:
        """Those of the files of `_telling` that have one of some words as a word of its own."""
        pattern = re.compile(rb"\b(?:%s)\b" % b"|".join(map(re.escape, words)))
        for path, data in self._telling(names):
            if any(word in data for word in words) and pattern.search(data):
                yield path, data

    def _telling(self, names: re.Pattern[str] = _TELLING) -> Iterator[tuple[str, bytes]]:
        """The files that may set things and are not read here."""
        for path in self._unread[names]:
            data = self._repo.data(path)
            if len(data) <= _LARGEST:
                yield path, data

    @traced_property
    def _unread(self) -> dict[re.Pattern[str], tuple[str, ...]]:
        """The files that are not read here, by how those that may set things are called."""
        read = {*self._values, *(each.region.path for each in self.settings)}
        read -= {values.path for values in self.values_files if values.release}
        unread = [(path, path.rpartition("/")[2]) for path in self._repo.files if path not in read]
        return {
            names: tuple(path for path, name in unread if names.fullmatch(name))
            for names in (_TELLING, _CODE)
        }


def _only_values(found: tuple[ValuesFile, ...] | Unreadable) -> ValuesFile | None:
    """The values of a file; None where it can't be read, or tells of several releases."""
    return found[0] if not isinstance(found, Unreadable) and len(found) == 1 else None


def may_set_options(path: str, repo: Repo) -> bool:
    """Whether a file is called like one that sets options of Airflow, or may hold values that do."""
    is_named = may_be_config(path) or reader_of(path) is not None
    return not _is_tested(path) and (is_named or repo.is_values_file(path))


def is_settings_file(path: str) -> bool:
    """Whether a file is called like an airflow.cfg or a file of containers, be it an example of one."""
    return not _is_tested(path) and (may_be_config(path) or is_container_file(path))


def _path_of(setting: Setting) -> str:
    return setting.region.path


def _of_config(file: ConfigFile) -> Iterator[Setting]:
    for option in file.options:
        yield Setting(
            env_name(option.section, option.key),
            option.region,
            option.key_region,
            written(option.text),
            "config",
            is_option=True,
            section=option.section,
        )


def _is_tested(path: str) -> bool:
    return "test" in path and not _TEST_FOLDERS.isdisjoint(path.split("/")[:-1])


def _has_behind(first: re.Pattern[bytes], second: re.Pattern[bytes], data: bytes) -> bool:
    """Whether one expression is found somewhere behind another."""
    found = first.search(data)
    return found is not None and second.search(data, found.end()) is not None
