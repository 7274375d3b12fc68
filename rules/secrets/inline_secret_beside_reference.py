"""A secret stands in git for nothing: the chart takes the Secret beside it, or refuses to render with both.

Where the name of a Secret is set, the charts take what that Secret holds. The value in the values file is
dead, but it stays readable for everyone who can read the repository, and the next person who changes it
wonders why nothing happens. For Redis, the broker, Elasticsearch and OpenSearch the official chart demands
one of the two and fails with both.

Take the value out, and replace the secret if it was ever in use.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.chart_secrets import Pair, pairs
from airwarden.credentials.sensitive import is_plain_secret, live_password
from airwarden.deployment.chart_values import ChartRelease, ChartReleases
from airwarden.findings import Finding, Related
from airwarden.repo import Repo
from airwarden.rule import Rule
from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="take the value out, and keep the name of the Secret",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    severity=6.0,
)


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Looks at each name of a Secret in these values, and at what stands beside it."""
    for release in repo.analysis(ChartReleases).of(values):
        for pair in pairs(release.chart):
            yield from _of_pair(values, release, pair)


def _of_pair(values: ValuesFile, release: ChartRelease, pair: Pair) -> Iterator[Finding]:
    reference, inline = release.entry(pair.reference), release.entry(pair.inline)
    if reference is None or inline is None or reference.source is not values.source:
        return
    if not release.text(pair.reference) or not release.is_set(pair.inline):
        return
    related = [Related(inline.key_region or inline.region, f"{inline.dotted} is set here")]
    region = reference.key_region or reference.region
    if _is_refused(release, pair):
        message = f"the chart fails: {pair.reference} and {pair.inline} exclude each other"
        yield rule.finding(region, message, related=related, subject=reference.dotted)
    elif _is_dead_secret(release, pair):
        message = f"{pair.reference} wins: {pair.inline} is a secret in plain text that nothing uses"
        yield rule.finding(region, message, related=related, level="warning", subject=reference.dotted)


def _is_refused(release: ChartRelease, pair: Pair) -> bool:
    if not pair.exclusive:
        return False
    if pair.exclusive not in ("celery", "redis"):
        return release.is_on(pair.exclusive, False) is True
    is_text = release.text(pair.inline) is not None
    has_redis = pair.exclusive == "celery" or release.is_on("redis.enabled", True) is True
    return is_text and has_redis and release.uses_celery is True


def _is_dead_secret(release: ChartRelease, pair: Pair) -> bool:
    """Whether a secret stands in plain text that no part of the chart takes."""
    text = release.text(pair.inline) or ""
    if pair.inline.startswith("data.") and release.is_on("pgbouncer.enabled", False) is not False:
        return False
    if pair.inline == "data.brokerUrl":
        return live_password(text)
    return bool(text) and is_plain_secret(text, pair.inline.rpartition(".")[2])
