"""A DAG that imports a provider which is not installed does not load, and its runs stop.

The providers of Airflow are distributions of their own. `from airflow.providers.ssh.hooks.ssh import SSHHook`
works only where `apache-airflow-providers-ssh` is installed, and a rebuilt image has exactly what its
dependencies name. The import fails in the DAG processor: the DAG vanishes from the web interface behind an
import error, and nothing is scheduled any more. An import inside a function fails later, when the task runs.

Flagged is the first place of a file that needs each provider, when no dependency file of the repository gives
it: pyproject.toml (PEP 621, dependency groups, Poetry, PDM, uv, Hatch), requirements files, Pipfile,
setup.cfg, setup.py, environment.yml and what Dockerfiles install. Besides imports, `@task.docker` and its
like need a provider, `ObjectStoragePath("gs://...")`, and modules of Airflow that have moved to one; a module
of the repository that is imported counts with what it imports itself. Extras count (`apache-airflow[ssh]`),
and so do the providers that another one needs, and those that every Airflow of the declared version has. In a
workspace of uv, the member with the DAGs counts, and those that it depends on.

A list that describes a whole environment, such as a pyproject.toml, and that names providers has to name all
of them. Requirements and Dockerfiles add to an image: the providers of `apache/airflow`, Astro Runtime, MWAA
and Composer count where the repository shows that it runs there. Where a Dockerfile starts from
`apache/airflow` and installs nothing of such a list, what that image brings is there until the image changes:
a warning. Nothing is written by `--fix` into a list that this Dockerfile leaves alone, nor into a group for
work on the code. Where no file names Airflow at all, nothing is known, and nothing is said; where there is no
dependency file at all, that is said once, as a note. `dependency-files` in the settings names the files that
the image is built from, the rule's option `installed` what a base image has. Imports inside
`try: ... except ImportError` and under `TYPE_CHECKING` are left alone, and so are packages of the repository
itself and what runs in an environment of its own, such as the body of a `@task.virtualenv`.

Add the provider to the dependencies:

    dependencies = [
      "apache-airflow==3.1.*",
      "apache-airflow-providers-ssh",
    ]
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.dag import DagFile
from airwarden.distributions.releases import removal
from airwarden.findings import Finding
from airwarden.needs.shortfalls import CodeShortfalls, FirstNeed, Shortfall
from airwarden.repo import Repo
from airwarden.rule import Rule, patterns

rule = Rule(
    __name__,
    help=__doc__,
    level="error",
    remedy="add the provider to the dependencies that the image is built from",
    see="https://airflow.apache.org/docs/apache-airflow-providers/index.html",
    folded=True,
    options={
        "installed": patterns(
            "Distributions that the image has though no file of the repository declares them.",
            "apache-airflow-providers-company-*",
        ),
    },
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags the first place that needs each distribution which no dependency file gives."""
    for shortfall in repo.analysis(CodeShortfalls).of(dag_file, frozenset({"missing"})):
        distribution = shortfall.use.need.distribution
        if rule.lists("installed", distribution, repo, dag_file.path):
            continue
        gone = removal(distribution)
        if gone is None or repo.dependencies.series != {"3"}:
            yield _missing(shortfall, repo)
    first = repo.analysis(FirstNeed)
    if first.path == dag_file.path and first.use:
        yield rule.finding(
            first.use.region,
            f"{first.use.name} needs {first.use.need}, and no file says what the image holds",
            remedy="keep the dependencies of the image in a pyproject.toml or a requirements.txt",
            level="note",
            subject="no dependency file",
        )


def _missing(shortfall: Shortfall, repo: Repo) -> Finding:
    from airwarden.needs.remedies import addition, advice

    use, provision = shortfall.use, shortfall.provision
    when = " when it runs" if use.when == "run" else ""
    lack = "only the base image brings" if provision.is_in_base else "no dependency file declares"
    return rule.finding(
        use.region,
        f"{use.name} needs {use.need}{when}, which {lack}",
        related=(*use.way, *provision.related),
        fix=addition(shortfall, repo),
        remedy=advice(shortfall),
        level="warning" if provision.is_in_base else None,
        subject=use.need.distribution,
    )
