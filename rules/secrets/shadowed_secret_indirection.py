"""The command or the path that is to give a secret is never asked: the plain variable is there, and it wins.

Airflow looks for the variable itself, then for `<VARIABLE>_CMD`, then for `<VARIABLE>_SECRET`, and takes
the first. The official chart gives the plain variable to every pod, from a Secret of its own making,
unless `enableBuiltInSecretEnvVars` says false to it: so the key in use is not the one that the vault
keeps.

Flagged is an indirection beside the plain variable for the same component, and one in values of the
official chart that leave its own variable on.

Take the plain variable away:

    enableBuiltInSecretEnvVars:
      AIRFLOW__CORE__FERNET_KEY: false
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.chart_secrets import built_ins
from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.deployment.effective import Deployment
from airwarden.deployment.indirections import base_of, is_heeded
from airwarden.deployment.precedence import Deployed
from airwarden.deployment.settings import Setting
from airwarden.findings import Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take the plain variable away: of the chart's own, enableBuiltInSecretEnvVars.<VARIABLE>: false",
    see="https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html",
    profile="recommended",
    severity=5.0,
)

SOMETIMES = {
    "AIRFLOW__API_AUTH__JWT_SECRET": frozenset({"all", "api-server", "scheduler"}),
    "AIRFLOW__API__SECRET_KEY": frozenset({"all", "api-server", "scheduler"}),
}
"""Variables that the chart gives to some components: those of which it is known."""


@rule.deployment
def check(deployment: Deployment, repo: Repo) -> Iterator[Finding]:
    """Looks at each indirection of each deployment, and at what stands before it."""
    for deployed in deployment.deployments:
        for setting, base in _indirections(deployed):
            plain = next((each for each in deployed.settings if _hides(each, setting, base, repo)), None)
            if plain is not None:
                related = [Related(plain.name_region, f"{base} is set here, and wins")]
                message = f"{_called(setting)} is never asked: {base} is set too"
                yield rule.finding(setting.name_region, message, related=related, subject=setting.variable)
    for values in deployment.values_files:
        for release in repo.analysis(ChartReleases).of(values):
            yield from _behind_the_charts_own(release)


def _indirections(deployed: Deployed) -> Iterator[tuple[Setting, str]]:
    for setting in deployed.settings:
        base = base_of(setting.variable)
        if base and is_heeded(base) and setting.text != "":
            yield setting, base


def _hides(plain: Setting, setting: Setting, base: str, repo: Repo) -> bool:
    """Whether a plain value comes before an indirection for some component that has both."""
    if plain.variable != base or plain.text == "" or (plain.is_option and not setting.is_option):
        return False
    if plain.is_option and not _is_written(plain):
        return False
    if {plain.place, setting.place} == {"compose"} and not _in_one_block(plain, setting, repo):
        return False
    both = plain.components & setting.components
    return bool(both) or "all" in plain.components | setting.components


def _is_written(plain: Setting) -> bool:
    """Whether a plain option stands in airflow.cfg, and is no key that names a Secret."""
    return plain.place != "chart" or "config" in plain.path


def _in_one_block(one: Setting, other: Setting, repo: Repo) -> bool:
    """Whether two variables of a compose file are those of one service: no line between is further out."""
    regions = sorted((one.name_region, other.name_region))
    if regions[0].path != regions[1].path:
        return False
    source = repo.source(regions[0].path)
    lines = [source.line(number) for number in range(regions[0].line, regions[1].line + 1)]
    depths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return min(depths) >= min(depths[0], depths[-1])


def _behind_the_charts_own(release: ChartRelease) -> Iterator[Finding]:
    if release.chart != "official" or release.deployed is None:
        return
    for setting, base in _indirections(release.deployed):
        reached = SOMETIMES.get(base)
        is_reached = reached is None or bool(reached & setting.components)
        if setting.place != "chart" or not is_reached or not _is_given(release, base):
            continue
        message = f"{_called(setting)} is never asked: the chart itself sets {base}"
        remedy = f"write enableBuiltInSecretEnvVars.{base}: false"
        yield rule.finding(setting.name_region, message, remedy=remedy, subject=setting.variable)


def _is_given(release: ChartRelease, variable: str) -> bool:
    """Whether it is known that the chart gives a variable to its pods."""
    if (
        variable not in built_ins()
        or release.is_on(f"enableBuiltInSecretEnvVars.{variable}", True) is not True
    ):
        return False
    if variable == "AIRFLOW__WEBSERVER__SECRET_KEY":
        return release.airflow == "2"
    if variable in SOMETIMES:
        return release.airflow == "3"
    if variable == "AIRFLOW__CORE__SQL_ALCHEMY_CONN":
        return release.version is not None and release.version < (1, 20, 0)
    if variable == "AIRFLOW__CELERY__BROKER_URL":
        return release.uses_celery is True
    return variable in ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN")


def _called(setting: Setting) -> str:
    option = setting.variable.rpartition("__")[2].lower()
    return setting.called(setting.section, option)
