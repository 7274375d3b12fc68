"""The repositories: made of a seed where only the form matters, and written out where the content does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.installs import dags
from tests.installs.dags import AIRFLOW_2, SHAPES, SMALL, Files, Provider, Shape, dag
from tests.installs.forms import FORMS, Declared, Form, project

AIRFLOW = "apache-airflow==3.*"
OLD_AIRFLOW = "apache-airflow==2.11.*"
PREFIX = "apache-airflow-providers-"


BEYOND_FIXES = frozenset(
    {
        *("constraints", "too-new", "too-old", "too-old-argument", "too-old-http"),
        *("dockerfile", "excludes-airflow", "legacy-backport", "removed"),
    }
)
"""Those in which somebody has to choose: another version than the pinned one, or another provider."""


SINCE = {
    "discord": "3.9",
    "ftp": "3.8",
    "http": "5.0",
    "opsgenie": "5.5",
    "sftp": "4.8",
    "slack": "8.9",
    "ssh": "3.10",
}
"""Versions of some providers that have what is used of them."""


@dataclass(frozen=True)
class Repository:
    """A repository, and how what it declares is installed."""

    name: str
    files: Files
    form: Form

    def runs_on(self, python: tuple[int, int]) -> bool:
        """Whether there is an Airflow for that Python: Airflow 2 ends with 3.12."""
        return python < (3, 13) or not any(OLD_AIRFLOW in text for text in self.files.values())


def repositories(seed: int = 0) -> tuple[Repository, ...]:
    """All of them, each with a name of its own."""
    made = [of_form(name, Random(f"{seed} {name}")) for name in FORMS]
    return (*made, *of_content())


def of_form(name: str, chance: Random) -> Repository:
    """A form of declaration: what is declared, what only developers have and what nobody has, each used."""
    picked = chance.sample(sorted(SMALL), 7)
    main, dev, missing = picked[:3], picked[3:4], picked[4:]
    for_developers = [SMALL[each].distribution for each in dev]
    declared = Declared(AIRFLOW, [_requirement(each, chance) for each in main], for_developers)
    form = FORMS[name](declared, chance)
    files = dict(form.files)
    shapes = [*SHAPES]
    chance.shuffle(shapes)
    used = [*main, *dev, *missing, *chance.choices([*main, *dev, *missing], k=len(shapes))]
    for number, (shape, provider) in enumerate(zip(shapes, used, strict=False)):
        files |= shape(f"flow_{number}_{shape.__name__}", SMALL[provider], form.dags)
    return Repository(name, files, form)


def _requirement(name: str, chance: Random) -> str:
    """A provider, and now and then bounds that leave out nothing which has what is used."""
    bound = f">={SINCE[name]}" if name in SINCE else "!=1.0.0"
    return SMALL[name].distribution + chance.choice(["", "", bound, f"{bound},<99"])


def written(
    name: str, main: list[str], files: Files, airflow: str = AIRFLOW, dev: tuple[str, ...] = ()
) -> Repository:
    """A repository whose pyproject.toml declares `main`."""
    form = project(Declared(airflow, main, dev), Random(name))
    return Repository(name, {**form.files, **files}, form)


def flows(*uses: tuple[Shape, Provider]) -> Files:
    """A DAG file for each use."""
    files: dict[str, str] = {}
    for number, (shape, provider) in enumerate(uses):
        files |= shape(f"flow_{number}_{shape.__name__}", provider, "dags")
    return files


def at_the_top(*providers: Provider) -> Files:
    """A DAG file for each provider, that imports it first of all."""
    return flows(*((dags.at_the_top, each) for each in providers))


def of_airflow_2(tops: dict[str, str]) -> Files:
    """A DAG file of Airflow 2 for each name, with what stands at its start."""
    return {f"dags/{name}.py": dag(name, top, imports=AIRFLOW_2) for name, top in tops.items()}


def of_content() -> Iterator[Repository]:
    """Those whose content matters: extras, bounds, markers, what comes along, what imports nothing."""
    yield from _extras()
    yield from _bounds()
    yield from _markers()
    yield from _companions()
    yield from _images()
    yield from _decorators()
    yield from _libraries()
    yield from _second_airflow()


def _extras() -> Iterator[Repository]:
    slack, ssh, winrm = SMALL["slack"], SMALL["ssh"], SMALL["winrm"]
    airflow = "apache-airflow[slack,ssh]==3.*"
    yield written("extras", [], at_the_top(slack, ssh, winrm), airflow)
    airflow = "apache-airflow[microsoft.winrm,cncf.kubernetes]==3.*"
    yield written("dotted-extras", [], at_the_top(winrm, dags.KUBERNETES, ssh), airflow)
    airflow = "apache-airflow[aws,slack]==3.*"
    yield written("retired-extra", [], at_the_top(dags.AMAZON, slack), airflow)
    airflow = "apache-airflow[winrm]==3.*"
    yield written("retired-extra-winrm", [], at_the_top(winrm), airflow)
    form = FORMS["pipfile"](Declared("apache-airflow[slack]==3.*", []), Random(0))
    yield Repository("extras-in-pipfile", {**form.files, **at_the_top(slack, ssh)}, form)
    own = "from airflow.providers.slack.transfers.sql_to_slack import SqlToSlackApiFileOperator"
    yield written("extra-of-a-provider", [slack.distribution], {"dags/report.py": dag("report", own)})


NOTIFIER = """\
from airflow.providers.slack.notifications.slack import SlackNotifier

ALERT = SlackNotifier(slack_conn_id="slack", channel="#etl", text="failed", unfurl_links=False)
"""


def _bounds() -> Iterator[Repository]:
    webhook = Provider(
        SMALL["slack"].distribution,
        "airflow.providers.slack.notifications.slack_webhook",
        "SlackWebhookNotifier",
    )
    used = of_airflow_2({"webhook": webhook.statement, "notifier": NOTIFIER})
    yield written("too-old", [f"{webhook.distribution}==8.0.0"], used, OLD_AIRFLOW)
    yield written("old-enough", [f"{webhook.distribution}==8.9.0"], used, OLD_AIRFLOW)
    files = {**at_the_top(webhook), "dags/notifier.py": dag("notifier", NOTIFIER)}
    yield written("too-old-argument", [f"{webhook.distribution}==8.1.0"], files)
    yield written("too-old-http", [f"{PREFIX}http==4.5.0"], at_the_top(SMALL["http"]))
    gone = of_airflow_2(
        {
            "http": "from airflow.providers.http.operators.http import SimpleHttpOperator",
            "slack": "from airflow.providers.slack.notifications.slack_notifier import SlackNotifier",
        }
    )
    main = [SMALL["http"].distribution, f"{webhook.distribution}>=9"]
    yield written("too-new", main, gone, OLD_AIRFLOW)
    main = [f"{SMALL['http'].distribution}==4.10.0", f"{webhook.distribution}<9"]
    yield written("bounded-above", main, gone, OLD_AIRFLOW)
    lowest = written("lowest", [f"{webhook.distribution}>=8.0"], at_the_top(webhook), "apache-airflow==3.3.*")
    arguments = (*lowest.form.arguments, "--resolution", "lowest-direct")
    yield replace(lowest, form=replace(lowest.form, arguments=arguments))
    qubole = dags.provider("qubole.operators.qubole", "QuboleOperator")
    yield written("removed", [qubole.distribution], at_the_top(qubole))
    yield _constrained(webhook)
    excluded = [f"{webhook.distribution}>=9.11"]
    yield written("excludes-airflow", excluded, at_the_top(webhook), "apache-airflow==2.8.*")
    backport = ["apache-airflow-backport-providers-ssh"]
    yield written("legacy-backport", backport, at_the_top(SMALL["ssh"]))


def _constrained(webhook: Provider) -> Repository:
    """Constraints hold a version that the requirements leave open."""
    files = {
        "requirements.txt": f"-c constraints.txt\n{AIRFLOW}\n{webhook.distribution}\n",
        "constraints.txt": f"{webhook.distribution}==8.0.0\n{SMALL['ssh'].distribution}<99\n",
        **at_the_top(webhook, SMALL["ssh"]),
    }
    return Repository("constraints", files, Form({}, ("-r", "requirements.txt")))


def _markers() -> Iterator[Repository]:
    ssh, ftp, http, slack = (SMALL[name] for name in ("ssh", "ftp", "http", "slack"))
    main = [
        f"{ssh.distribution}; python_version < '3.9'",
        f"{ftp.distribution}; sys_platform == 'win32'",
        f"{http.distribution}; python_version >= '3.9'",
        f"{slack.distribution}; sys_platform == 'linux' and implementation_name == 'cpython'",
    ]
    yield written("markers", main, at_the_top(ssh, ftp, http, slack))
    main = [f"{ssh.distribution}; python_version >= '3.14'", f"{ftp.distribution}; python_version > '3.8'"]
    form = project(Declared(AIRFLOW, main), Random(1))
    text = form.files["pyproject.toml"].replace('">=3.10"', '">=3.10,<3.14"')
    files = {**form.files, "pyproject.toml": text, **at_the_top(ssh, ftp)}
    yield Repository("markers-and-requires-python", files, form)
    yield written("dev-only", [slack.distribution], at_the_top(slack, ssh), dev=(ssh.distribution,))


def _companions() -> Iterator[Repository]:
    main = [SMALL[name].distribution for name in ("discord", "sftp")]
    yield written(
        "comes-along", main, at_the_top(*(SMALL[each] for each in ("http", "ssh", "discord", "ftp")))
    )
    used = at_the_top(
        *dags.PREINSTALLED.values(), *(SMALL[name] for name in ("ftp", "http", "imap", "sqlite"))
    )
    yield written("preinstalled", [], used)
    shims = "from airflow.operators.bash import BashOperator\nfrom airflow.hooks.base import BaseHook"
    files = {"dags/shims.py": dag("shims", shims), **at_the_top(SMALL["redis"])}
    yield written("core-shims", [], files)
    parts = "apache-airflow-task-sdk"
    yield written("core-alone", [parts], used, airflow="apache-airflow-core==3.*")
    yield written("nothing-missing", [SMALL["ssh"].distribution], at_the_top(SMALL["ssh"]))


def _images() -> Iterator[Repository]:
    """Where the image is not built from pyproject.toml, but from what a Dockerfile or the settings name."""
    slack, ssh, ftp = (SMALL[name] for name in ("slack", "ssh", "ftp"))
    form = project(Declared(AIRFLOW, [slack.distribution, ssh.distribution]), Random(2))
    files = {
        **form.files,
        **at_the_top(slack, ssh, ftp),
        "image/requirements.txt": f"{AIRFLOW}\n{slack.distribution}\n",
    }
    text = "FROM python:3.11-slim\nCOPY image/requirements.txt .\nRUN pip install -r requirements.txt\n"
    installed = Form({}, ("-r", "image/requirements.txt"))
    yield Repository("drift", {**files, "Dockerfile": text}, installed)
    beside = {path.removeprefix("image/"): each for path, each in files.items()}
    beside["Dockerfile"] = text.replace("image/", "")
    yield Repository("drift-beside", beside, Form({}, ("-r", "requirements.txt")))
    named = '\n[tool.airwarden]\ndependency-files = ["image/requirements.txt"]\n'
    yield Repository(
        "dependency-files", {**files, "pyproject.toml": form.files["pyproject.toml"] + named}, installed
    )


def _decorators() -> Iterator[Repository]:
    docker = "@task.docker(image='python:3.12')\ndef inside():\n    return 1\n"
    kubernetes = "@task.kubernetes(image='python:3.12')\ndef inside():\n    return 1\n"
    files = {
        "dags/in_docker.py": dag("in_docker", docker),
        "dags/in_kubernetes.py": dag("in_kubernetes", kubernetes),
        "dags/in_bash.py": dag("in_bash", "@task.bash\ndef inside():\n    return 'true'\n"),
        "dags/in_venv.py": dag("in_venv", "@task.virtualenv\ndef inside():\n    return 1\n"),
    }
    yield written("task-decorators", [], files)
    yield written("task-decorators-declared", [f"{PREFIX}docker"], files)


def _libraries() -> Iterator[Repository]:
    used = at_the_top(dags.COSMOS, dags.DAG_FACTORY)
    yield written("libraries", [], used)
    yield written("libraries-declared", [dags.COSMOS.distribution], used)
    stored = flows((dags.on_storage, dags.S3), (dags.on_storage, dags.SFTP))
    yield written("storage", [dags.SFTP.distribution], stored)
    yield written(
        "storage-declared", [f"{dags.S3.distribution}[s3fs]", f"{dags.SFTP.distribution}[sshfs]"], stored
    )


def _second_airflow() -> Iterator[Repository]:
    """Airflow 2 has other providers by itself than Airflow 3."""
    used = (*dags.PREINSTALLED.values(), *(SMALL[name] for name in ("ftp", "http", "imap", "sqlite", "ssh")))
    shims = {
        "bash": "from airflow.operators.bash import BashOperator",
        "contrib_ssh": "from airflow.contrib.operators.ssh_operator import SSHOperator",
        "contrib_ftp": "from airflow.contrib.hooks.ftp_hook import FTPHook",
        "old_http": "from airflow.hooks.http_hook import HttpHook",
        "old_docker": "from airflow.operators.docker_operator import DockerOperator",
    }
    files = of_airflow_2({**{f"flow_{number}": each.statement for number, each in enumerate(used)}, **shims})
    yield written("airflow-2", [], files, OLD_AIRFLOW)
    declared = [f"{PREFIX}{name}" for name in ("docker", "ssh", "standard")]
    yield written("airflow-2-declared", declared, files, OLD_AIRFLOW)
