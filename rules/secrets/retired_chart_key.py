"""The chart no longer heeds this key: the secret that it gives, or names, is used nowhere.

Each version of the official chart may rename keys. What stands at the top of the values under a former
name is taken without a word, and does nothing: Airflow 3 has no use for `webserverSecretKeySecretName`,
and with nothing at `apiSecretKeySecretName` the chart makes a new key each time it renders. Below keys
with a closed list, such as `apiServer`, a former name keeps the chart from rendering.

Flagged is a key that the version of Airflow in the values, or that of the chart in a Chart.yaml, shows to
be dead. The new Secret may have to hold another key: rename nothing without a look at the message.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.chart_secrets import RetiredKey, built_ins, retired_keys
from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding, Level
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import Entry, ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="write its successor instead",
    see="https://airflow.apache.org/docs/helm-chart/stable/release_notes.html",
    applies_to="official chart",
    profile="recommended",
    severity=4.0,
)


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Looks at each former key in these values."""
    for release in repo.analysis(ChartReleases).of(values):
        if release.chart != "official":
            continue
        for key in retired_keys():
            entry = release.entry(key.key)
            why = _why(release, key)
            if entry and why and entry.source is values.source and release.is_set(key.key):
                yield _finding(
                    entry, key, why, any(map(release.is_set, (key.successor, f"{key.successor}SecretName")))
                )
        yield from _switches(values, release)


def _why(release: ChartRelease, key: RetiredKey) -> tuple[str, Level] | None:
    """Why a key is dead and how sure that is; None where it may be alive."""
    told = release.told_airflow
    if key.dead_on and release.airflow == key.dead_on:
        return f"is used nowhere on Airflow {key.dead_on}", "error" if told else "warning"
    since = f"left the chart with version {'.'.join(map(str, key.removed))}"
    if release.version is not None:
        return (since, "error") if release.version >= key.removed else None
    return (since, "warning") if told and key.likely_on and told >= key.likely_on else None


def _finding(entry: Entry, key: RetiredKey, why: tuple[str, Level], is_succeeded: bool) -> Finding:
    """What is dead beside its successor does no harm, save where the chart refuses it."""
    text, level = why
    secret = f", whose Secret must hold the key `{key.secret_key}`" if key.secret_key else ""
    return rule.finding(
        entry.key_region or entry.region,
        f"{key.key} {text}",
        remedy="take it out" if is_succeeded else f"write {key.successor} instead{secret}",
        level="note" if is_succeeded and "." not in key.key else level,
        subject=entry.dotted,
    )


def _switches(values: ValuesFile, release: ChartRelease) -> Iterator[Finding]:
    """The switches of variables that the chart in use has no more."""
    for name, known in built_ins().items():
        entry = release.entry(f"enableBuiltInSecretEnvVars.{name}")
        is_gone = release.version and known.removed and release.version >= known.removed
        if entry is not None and is_gone and entry.source is values.source:
            version = ".".join(map(str, known.removed or ()))
            message = f"the chart has no switch for {name} since version {version}, and refuses it"
            region = entry.key_region or entry.region
            yield rule.finding(region, message, remedy="take it out", subject=name)
