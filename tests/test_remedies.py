"""What the fixes of the providers write into the dependencies."""

from __future__ import annotations

import pytest
from airwarden.config import Config
from airwarden.engine import check
from airwarden.needs.code import CodeNeeds
from airwarden.needs.remedies import addition, advice, extra, raised, requirement
from airwarden.needs.shortfalls import Shortfall, shortfalls
from airwarden.registry import Registry
from airwarden.repo import Repo

from tests.conftest import MakeRepository

RULES = {
    name: rule
    for name, rule in Registry().load()[0].items()
    if name in ("provider-not-declared", "provider-needed-by-values")
}
SLACK = "apache-airflow-providers-slack"
HOOK = "from airflow.providers.slack.hooks.slack import SlackHook\n"
NOTIFIER = "from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier\n"


@pytest.mark.parametrize(
    ("group", "text", "wanted"),
    [
        ("", HOOK, SLACK),
        ("", NOTIFIER, f"{SLACK}>=8.1.0"),
        ("", HOOK + NOTIFIER, f"{SLACK}>=8.1.0"),
        (SLACK, HOOK, SLACK),
        (f"{SLACK}>=8.5,<10", NOTIFIER, f"{SLACK}>=8.5,<10"),
        (f"{SLACK} ~= 9.0", HOOK, SLACK),
    ],
)
def test_a_requirement_has_the_bound_that_is_needed(
    make_repository: MakeRepository, group: str, text: str, wanted: str
) -> None:
    project = '[project]\nname = "orders"\ndependencies = ["apache-airflow==3.1.*"]\n'
    dev = f'[dependency-groups]\ndev = ["{group}"]\n' if group else ""
    repo = Repo(make_repository({"pyproject.toml": project + dev, "dags/orders.py": text}))
    uses = repo.analysis(CodeNeeds).of(repo.dag_file("dags/orders.py"))
    (found,) = shortfalls(uses, repo, frozenset({"missing", "outside"}))
    assert requirement(found) == wanted


MAIN = '[project]\nname = "orders"\ndependencies = ["apache-airflow==3.1.*"]\n'
WHOLE = MAIN.replace('"]', '", "apache-airflow-providers-mongo"]')
DEV = '[project]\nname = "orders"\ndependencies = []\n[dependency-groups]\ndev = ["apache-airflow==3.1.*"]\n'
STOCK, SLIM = "FROM apache/airflow:3.1.0\n", "FROM apache/airflow:slim-3.1.0\n"
COPIED = "COPY image/requirements.txt requirements.txt .\nRUN pip install -r requirements.txt\n"
SYNC = "RUN pip-sync requirements.txt\n"
BARE = "FROM python:3.12\n"
FLAT = "apache-airflow==3.1.0\n"


def found_in(make_repository: MakeRepository, files: dict[str, str]) -> tuple[Repo, Shortfall]:
    repo = Repo(make_repository({"dags/orders.py": HOOK, **files}))
    uses = repo.analysis(CodeNeeds).of(repo.dag_file("dags/orders.py"))
    (found,) = shortfalls(uses, repo, frozenset({"missing", "outside"}))
    return repo, found


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"pyproject.toml": MAIN}, "pyproject.toml"),
        ({"pyproject.toml": MAIN, "Dockerfile": SLIM}, None),
        ({"pyproject.toml": MAIN, "docker/Dockerfile": f"{SLIM}RUN pip install pandas\n"}, None),
        ({"pyproject.toml": MAIN, "Dockerfile": f"{SLIM}COPY . .\nRUN pip install .\n"}, "pyproject.toml"),
        ({"pyproject.toml": MAIN, "Dockerfile": SLIM, "app/Dockerfile": "RUN uv sync\n"}, "pyproject.toml"),
        ({"pyproject.toml": MAIN, "Dockerfile": "FROM python:3.12\n"}, "pyproject.toml"),
        ({"pyproject.toml": WHOLE, "Dockerfile": "FROM our/airflow\n"}, "pyproject.toml"),
        ({"pyproject.toml": WHOLE, "Dockerfile": STOCK}, None),
        ({"pyproject.toml": MAIN, "Dockerfile": SLIM, "mwaa/start.sh": ""}, "pyproject.toml"),
        ({"pyproject.toml": DEV}, None),
        ({"pyproject.toml": DEV, "Dockerfile": f"{SLIM}RUN uv sync\n"}, "pyproject.toml"),
        ({"pyproject.toml": DEV, "Dockerfile": SLIM, "app/Dockerfile": "RUN uv sync\n"}, None),
        ({"pyproject.toml": DEV.replace("dev =", "airflow =")}, "pyproject.toml"),
        ({"pyproject.toml": f'{DEV}airflow = ["apache-airflow"]\n'}, "pyproject.toml"),
        ({"requirements.txt": FLAT, "Dockerfile": SLIM}, None),
        ({"requirements.txt": FLAT, "Dockerfile": SLIM + COPIED}, "requirements.txt"),
        ({"requirements.txt": FLAT, "Dockerfile": f"{SLIM}# requirements.txt\n"}, None),
        ({"requirements.txt": FLAT, "Dockerfile": SLIM + SYNC}, "requirements.txt"),
        ({"requirements.txt": FLAT, "Dockerfile": f"{SLIM}COPY req*.txt /\nRUN /x.sh\n"}, "requirements.txt"),
        ({"requirements.in": FLAT, "requirements.txt": FLAT, "Dockerfile": SLIM + COPIED}, "requirements.in"),
        ({"image/requirements.txt": FLAT, "Dockerfile": BARE + COPIED}, "image/requirements.txt"),
        ({"Pipfile": '[packages]\n[dev-packages]\napache-airflow = "*"\n'}, None),
    ],
)  # fmt: skip
def test_a_requirement_goes_only_where_an_image_gets_it(
    make_repository: MakeRepository, files: dict[str, str], place: str | None
) -> None:
    repo, found = found_in(make_repository, files)
    fix = addition(found, repo)
    assert (fix and fix.edits[0].region.path) == place
    assert advice(found).startswith(f"add {SLACK} to {place or ''}")
    assert ("dependency-files" in advice(found)) == (place is None)


def test_a_list_that_the_settings_name_is_what_the_image_is_built_from(
    make_repository: MakeRepository,
) -> None:
    named = f'{MAIN}[tool.airwarden]\ndependency-files = ["pyproject.toml"]\n'
    root = make_repository({"pyproject.toml": named, "Dockerfile": SLIM, "dags/orders.py": HOOK})
    (found,) = check(Repo(root, Config.read(root)), None, Config.read(root), RULES).findings
    assert found.fix
    assert found.level == "error"


BACKEND = "config:\n  secrets:\n    backend: airflow.providers.hashicorp.secrets.vault.VaultBackend\n"


@pytest.mark.parametrize(
    ("docker", "level"),
    [
        (STOCK, "warning"),
        (SLIM, "error"),
        (STOCK + "RUN pip install pandas\n", "warning"),
        (STOCK + "COPY . .\nRUN pip install .\n", "error"),
        ("FROM python:3.12\nRUN uv sync\n", "error"),
    ],
)
def test_what_only_a_base_image_brings_is_there_today(
    make_repository: MakeRepository, docker: str, level: str
) -> None:
    values = f"defaultAirflowRepository: our/airflow\nexecutor: LocalExecutor\n{BACKEND}"
    files = {"pyproject.toml": WHOLE, "Dockerfile": docker, "values.yaml": values, "dags/orders.py": HOOK}
    root = make_repository(files)
    found = check(Repo(root), None, Config(), RULES).findings
    assert [each.level for each in found] == [level, level]
    assert all(("only the base image brings" in each.message) == (level == "warning") for each in found)


@pytest.mark.parametrize(
    ("files", "end"),
    [
        ({"pyproject.toml": MAIN}, "to pyproject.toml"),
        ({"pyproject.toml": MAIN, "uv.lock": ""}, "to pyproject.toml, then run `uv lock`"),
        ({"pyproject.toml": MAIN, "poetry.lock": ""}, "to pyproject.toml, then run `poetry lock`"),
        ({"pyproject.toml": MAIN, "pdm.lock": ""}, "to pyproject.toml, then run `pdm lock`"),
        ({"pyproject.toml": MAIN, "app/uv.lock": ""}, "to pyproject.toml"),
        ({"dags/pyproject.toml": MAIN, "uv.lock": ""}, "to dags/pyproject.toml"),
        (
            {
                "dags/pyproject.toml": MAIN,
                "pyproject.toml": "[tool.uv.workspace]\nmembers = ['dags']\n",
                "uv.lock": "",
            },
            "to dags/pyproject.toml, then run `uv lock`",
        ),
        (
            {"Pipfile": "[packages]\napache-airflow = '*'\n", "Pipfile.lock": "{}"},
            "to Pipfile, then run `pipenv lock`",
        ),
        ({"requirements.txt": FLAT, "uv.lock": ""}, "to requirements.txt"),
    ],
)
def test_a_fix_says_what_has_to_be_locked_again(
    make_repository: MakeRepository, files: dict[str, str], end: str
) -> None:
    repo, found = found_in(make_repository, files)
    fix = addition(found, repo)
    assert fix
    assert fix.title == f"add {SLACK} {end}"


@pytest.mark.parametrize(("docker", "is_mended"), [(SLIM, False), (f"{SLIM}RUN uv sync\n", True)])
def test_no_bound_and_no_extra_is_written_where_no_image_gets_it(
    make_repository: MakeRepository, docker: str, is_mended: bool
) -> None:
    project = MAIN.replace('"]', f'", "{SLACK}>=8.0"]')
    repo = Repo(make_repository({"pyproject.toml": project, "Dockerfile": docker}))
    (declared,) = (
        each for listed in repo.dependencies.lists for each in listed.declarations if each.name == SLACK
    )
    assert bool(raised(declared, "8.1", repo)) == bool(extra(declared, "sql", repo)) == is_mended
