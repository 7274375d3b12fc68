"""A secret in a values file is read by everyone who can read the repository, today and in its history.

Whoever has the Fernet key reads every connection that Airflow keeps; whoever has the database's password
needs no Airflow at all. The chart puts most of these values into a Secret, but git has them in plain text
first, and `helm upgrade` prints some. Where both the value and the name of a Secret are set, the Secret
wins and the value leaks all the same. A chart's published default, `postgres` or `admin`, is a secret that
everyone knows. In the chart's own values.yaml, and in files that are called examples, samples, templates or
defaults, a word that nobody's generator made is a warning.

Values count wherever they stand: in a values file, also of a chart around Airflow's, in an Application of
Argo CD, a HelmRelease of Flux, a HelmChart of k3s, a helmfile, a kustomization, or a `helm_release` of
Terraform. So do passwords in the command and the arguments of a container.

Create the Secret outside of the repository (an operator, a sealed or an external Secret), give the chart its
name at the path that the message names, and replace the secret itself: it stays in git's history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from airwarden.credentials.inline import InlineSecret, at_known_paths, replacing_path, under_telling_names
from airwarden.credentials.python_texts import python_texts
from airwarden.deployment.chart_values import level_of_secret
from airwarden.findings import Finding, Region
from airwarden.rule import Rule, patterns

if TYPE_CHECKING:
    from airwarden.policies import Keywords
    from airwarden.repo import Repo
    from airwarden.values import ValuesFile

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="keep it in a Secret that the values only name, and rotate it: git keeps what was committed",
    see="https://airflow.apache.org/docs/helm-chart/stable/production-guide.html",
    severity=8.0,
    outranked_by="published-default-key",
    options={
        "allow": patterns(
            "Dotted keys whose values are no secrets, though they look like some; none of the chart's own.",
            "*.demoPassword",
        ),
    },
)


WHAT = {
    "name": "is a secret",
    "no-literal-secret": "is a secret",
    "json": "holds JSON with a secret",
    "no-secret-in-json": "holds a secret",
    "url": "holds a URL with its password",
    "no-password-in-url": "holds a URL with its password",
}


@rule.values
def check(values: ValuesFile, repo: Repo) -> Iterator[Finding]:
    """Reports what the charts' known paths hold, then what Python, the name of a key, JSON or a URL tells."""

    def told_of(secret: InlineSecret, message: str) -> Finding:
        level = level_of_secret(values, repo, secret.region)
        return rule.finding(secret.region, message, level=level, subject=secret.dotted, secret=True)

    python = python_texts(values)
    told = [*python.docstrings]
    for secret in _apart(at_known_paths(values), told):
        told.append(secret.region)
        yield told_of(secret, f"{_what(secret)} in plain text{_instead(secret)}")
    for secret in _apart(iter(python.secrets), told):
        told.append(secret.region)
        yield told_of(secret, f"{secret.dotted} holds {secret.name} in plain text")
    for secret in _apart(under_telling_names(values), told):
        if rule.lists("allow", secret.dotted, repo, values.path):
            continue
        beside = replacing_path(values, secret.path)
        instead = _by_name(beside) if beside else ""
        yield told_of(secret, f"{secret.dotted} {WHAT[secret.fault or 'name']} in plain text{instead}")


def _apart(secrets: Iterator[InlineSecret], told: list[Region]) -> Iterator[InlineSecret]:
    """The secrets that have not been told yet."""
    return (secret for secret in secrets if not any(secret.region.overlaps(each) for each in told))


def _what(secret: InlineSecret) -> str:
    form = (secret.keywords or {})["format"]
    if form in WHAT:
        return f"{secret.dotted} {WHAT[form]}"
    return f"{secret.dotted} holds {secret.name}"


def _instead(secret: InlineSecret) -> str:
    keywords: Keywords = secret.keywords or {}
    if "x-instead" in keywords:
        return f": {keywords['x-instead']}"
    path = ".".join((*secret.start, keywords["x-replaced-by"]))
    also = f" ({keywords['x-also']})" if "x-also" in keywords else ""
    return _by_name(path, keywords["x-secret-keys"]) + also


def _by_name(path: str, keys: Sequence[str] = ()) -> str:
    named = " and ".join(f"`{key}`" for key in keys)
    with_keys = f" with the key{'s' if len(keys) > 1 else ''} {named}" if keys else ""
    return f": name a Secret{with_keys} in {path} instead"
