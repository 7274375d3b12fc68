"""SettingNeeds: what the values of charts and the settings of Airflow need to be installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from airwarden.credentials.sensitive import env_name
from airwarden.deployment.effective import Deployment
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import Setting
from airwarden.deployment.xcom_storage import COMPRESSION, PATH, SECTION, XComStorage, text_of
from airwarden.distributions.tables import rows
from airwarden.findings import Region
from airwarden.needs.asks import Ask, is_true
from airwarden.needs.conditions import counts
from airwarden.needs.connections import PREFIX, listed_connections, use_of_connection
from airwarden.needs.executors import executors_in
from airwarden.needs.switches import switches_in, written_in
from airwarden.needs.use import Use
from airwarden.patterns import regex
from airwarden.repo import Repo
from airwarden.tracing import Answers, traced_property
from airwarden.values import ValuesFile

_EXECUTORS_IN_CORE = (2, 6)
"""The last Airflow that has the executors of Celery and Kubernetes in itself."""

_BUNDLES = "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"
_MULTI_TEAM = "core.multi_team"
_INSTALLS = regex(r"\b(?:pip3?|pipenv|poetry|pdm|uv)\s+(?:pip\s+)?(?:install|sync)\b")
_STORES = frozenset({PATH, COMPRESSION})
_COMPONENTS = ("workers", "scheduler", "api-server", "webserver", "dag-processor", "triggerer")


class _Fact(NamedTuple):
    """An option whose value needs something, of the series `airflow` or of both, and when it counts."""

    section: str
    key: str
    ask: Ask
    airflow: str
    only_with: str
    unless: str

    @property
    def variable(self) -> str:
        """The variable that sets the option."""
        return env_name(self.section, self.key)


class _Option(NamedTuple):
    """An option of Airflow as the values set it: its environment variable, text, region, and name here."""

    variable: str
    text: str
    region: Region
    name: str


class SettingNeeds:
    """The uses of a repository's values and settings."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self.tracer = repo.tracer
        self._found: Answers[int, tuple[ValuesFile, tuple[Use, ...]]] = Answers(repo.tracer)

    def of_values(self, values_file: ValuesFile) -> tuple[Use, ...]:
        """What the values of a file need, in its order."""
        found = self._found.get(
            id(values_file), lambda: (values_file, tuple(sorted(self._of_values(values_file), key=_place)))
        )
        return found[1]

    def of_settings_alone(self, deployment: Deployment) -> Iterator[Use]:
        """What the settings outside of values need and no values need as well."""
        told = {use.need for values in deployment.values_files for use in self.of_values(values)}
        yield from (use for use in self.of_settings(deployment) if use.need not in told)

    def of_settings(self, deployment: Deployment) -> tuple[Use, ...]:
        """What an airflow.cfg, Dockerfiles, compose files and files of variables need, in their order.

        A place to try things may run the base image as it is, whatever the dependencies say. What runs
        Airflow and not the tasks counts only where the repository tells how the image is built.
        """
        found = dict.fromkeys(self._of_settings(deployment))
        return tuple(sorted(found, key=_place))

    # Values

    def _of_values(self, values_file: ValuesFile) -> Iterator[Use]:
        options = list(_options(values_file))
        texts = {option.variable: option.text for option in options}
        text_at = partial(_text_in, texts)
        for option in options:
            for fact in self._facts_of(option.variable):
                if counts(fact.only_with, fact.unless, text_at):
                    text = self._read(fact.ask, option.text, is_true(text_at(_MULTI_TEAM)))
                    yield from fact.ask.uses(text, option.region, option.name, self._airflows)
            if option.variable.startswith(PREFIX):
                yield from use_of_connection(option.text, option.region, option.name)
        for ask, entry, written in switches_in(values_file):
            text = self._read(ask, written, is_true(text_at(_MULTI_TEAM)))
            yield from ask.uses(text, entry.region, entry.dotted, self._airflows)
        yield from listed_connections(values_file)

    # Other settings

    def _of_settings(self, deployment: Deployment) -> Iterator[Use]:
        yield from self._of_stores()
        for fact in self._facts:
            if (fact.section == SECTION and fact.key in _STORES) or not self._counts(fact.ask):
                continue
            is_conditional = fact.only_with or fact.unless
            for setting in _where_it_counts(fact, deployment) if is_conditional else _all(fact, deployment):
                yield from self._of_setting(fact, setting, deployment)
        for setting in deployment.settings:
            if setting.variable.startswith(PREFIX) and setting.place != "chart":
                text = text_of(setting) or ""
                yield from use_of_connection(text, setting.region, setting.variable, trusts_image=True)

    def _of_stores(self) -> Iterator[Use]:
        storage = self._repo.analysis(XComStorage)
        for fact in self._facts:
            if fact.section == SECTION and fact.key in _STORES:
                for _, setting in storage.options(fact.key):
                    yield from self._of_setting(fact, setting, self._repo.analysis(Deployment))

    def _counts(self, ask: Ask) -> bool:
        return not ask.trusts_image or self._shows_image

    @traced_property
    def _shows_image(self) -> bool:
        images = (each for each in self._repo.dependencies.lists if each.kind == "image")
        return any(
            each.names_airflow or _INSTALLS.search(self._repo.source(each.path).text) for each in images
        )

    def _of_setting(self, fact: _Fact, setting: Setting, deployment: Deployment) -> Iterator[Use]:
        text = text_of(setting)
        if setting.place == "chart" or not text:
            return
        teams = deployment.setting(*_split(_MULTI_TEAM))
        ask = replace(fact.ask, trusts_image=True)
        text = self._read(ask, text, any(is_true(each.text or "") for each in teams))
        name = setting.called(fact.section, fact.key)
        yield from ask.uses(text, setting.region, name, self._airflows)

    # Both

    @traced_property
    def _facts(self) -> tuple[_Fact, ...]:
        """Those of the Airflow that the repository may run on."""
        series = self._repo.dependencies.series
        return tuple(fact for fact in _all_facts() if not fact.airflow or fact.airflow in series)

    @property
    def _airflows(self) -> frozenset[tuple[int, int]]:
        return self._repo.dependencies.built_airflows

    def _facts_of(self, variable: str) -> Iterator[_Fact]:
        return (fact for fact in self._facts if fact.variable == variable)

    def _read(self, ask: Ask, text: str, has_teams: bool) -> str:
        if ask.names != "executors":
            return text
        versions = self._repo.dependencies.versions
        return executors_in(text, has_teams, any(known <= _EXECUTORS_IN_CORE for known in versions))


def _options(values_file: ValuesFile) -> Iterator[_Option]:
    for entry in values_file.entries():
        if "dagBundleConfigList" in entry.path and entry.name == "classpath":
            yield _Option(_BUNDLES, written_in(entry), entry.region, entry.dotted)
    for item in values_file.config_items():
        text = item.text or written_in(values_file.entry(item.path))
        name = item.env or f"config.{item.section}.{item.key}"
        yield _Option(item.env or env_name(item.section, item.key), text, item.region, name)
    for env in values_file.env_items():
        yield _Option(env.name, env.text or "", env.region, env.name)


def _all(fact: _Fact, deployment: Deployment) -> Iterator[Setting]:
    """Every place that gives an option its value itself."""
    found = deployment.setting(fact.section, fact.key)
    return (setting for setting in found if setting.variable == fact.variable)


def _where_it_counts(fact: _Fact, deployment: Deployment) -> Iterator[Setting]:
    """The setting that decides an option in each deployment where its conditions hold."""
    for deployed in deployment.deployments:
        for component in _COMPONENTS:
            setting = deployed.effective(fact.section, fact.key, component)
            if setting and counts(fact.only_with, fact.unless, partial(_text_for, deployed, component)):
                yield setting


def _text_for(deployed: Deployed, component: str, option: str) -> str:
    return text_of(deployed.effective(*_split(option), component)) or ""


def _text_in(texts: dict[str, str], option: str) -> str:
    return texts.get(env_name(*_split(option)), "")


def _split(option: str) -> tuple[str, str]:
    section, _, key = option.rpartition(".")
    return section, key


def _place(use: Use) -> tuple[Region, str]:
    return use.region, str(use.need)


def _all_facts() -> Iterable[_Fact]:
    for row in rows("setting_needs"):
        plain = (row[name] for name in ("airflow", "only_with", "unless"))
        yield _Fact(row["section"], row["key"], Ask.of_row(row), *plain)
