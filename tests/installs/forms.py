"""Forms of declaring what an image is built from, and how each is installed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.installs.dags import SMALL, Files

Reader = Literal["uv", "poetry", "pipfile", "dockerfile"]


@dataclass(frozen=True)
class Declared:
    """What is to be declared: Airflow itself, what goes into the image, and what developers get besides."""

    airflow: str
    main: Sequence[str]
    dev: Sequence[str] = ()


@dataclass(frozen=True)
class Form:
    """Files that declare something, and how to install it.

    `arguments` are those of `uv pip install` in the repository; where a `reader` other than uv is needed, the
    file that it reads. `dags` is the DAG folder.
    """

    files: Files
    arguments: tuple[str, ...]
    reader: Reader = "uv"
    dags: str = "dags"


Writer = Callable[[Declared, Random], Form]

HEAD = '[project]\nname = "pipelines"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n'
MAIN = ("-r", "pyproject.toml")


def array(key: str, items: Iterable[str], style: Random) -> str:
    """A TOML array, in one of the ways people write one."""
    quote = style.choice('""\'')
    texts = [item if item.startswith("{") else f"{quote}{item}{quote}" for item in items]
    texts = [text if "'" not in text.strip("'") or text[0] == '"' else f'"{text[1:-1]}"' for text in texts]
    if style.random() < 0.3:
        return f"{key} = [{', '.join(texts)}]\n"
    margin, comma = style.choice(["  ", "    ", "\t"]), style.choice([",", ",", ""])
    ended = [*(f"{text}," for text in texts[:-1]), f"{texts[-1]}{comma}"] if texts else []
    return f"{key} = [\n{''.join(f'{margin}{text}{chr(10)}' for text in ended)}]\n"


def project(declared: Declared, style: Random) -> Form:
    text = HEAD + array("dependencies", [declared.airflow, *declared.main], style)
    if declared.dev:
        text += "\n[dependency-groups]\n" + array("dev", ["pytest", *declared.dev], style)
    return Form({"pyproject.toml": text}, MAIN)


def own_extras(declared: Declared, style: Random) -> Form:
    text = HEAD + array("dependencies", ["pendulum"], style) + "\n[project.optional-dependencies]\n"
    text += array("airflow", [declared.airflow, *declared.main], style)
    text += array("dev", ["pytest", *declared.dev], style)
    return Form({"pyproject.toml": text}, (*MAIN, "--extra", "airflow"))


def extras_of_extras(declared: Declared, style: Random) -> Form:
    text = HEAD + array("dependencies", [declared.airflow], style) + "\n[project.optional-dependencies]\n"
    text += array("alerts", declared.main[:1], style) + array("transfers", declared.main[1:], style)
    text += array("image", ["pipelines[alerts,transfers]"], style)
    text += array("test", ["pytest", *declared.dev], style)
    return Form({"pyproject.toml": text}, (*MAIN, "--extra", "image"))


def dependency_groups(declared: Declared, style: Random) -> Form:
    half = len(declared.main) // 2
    text = "[dependency-groups]\n" + array("alerts", declared.main[:half], style)
    text += array("airflow", [declared.airflow, '{ include-group = "alerts" }', *declared.main[half:]], style)
    text += array("dev", ['{ include-group = "airflow" }', *declared.dev], style)
    return Form({"pyproject.toml": text}, ("--group", "pyproject.toml:airflow"))


def poetry(declared: Declared, _style: Random) -> Form:
    text = '[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = ">=3.10,<3.14"\n'
    text += "".join(map(_as_key, [declared.airflow, *declared.main]))
    text += "\n[tool.poetry.group.dev.dependencies]\n" + "".join(map(_as_key, ["pytest", *declared.dev]))
    return Form({"pyproject.toml": text}, ("pyproject.toml",), "poetry")


def poetry_groups(declared: Declared, _style: Random) -> Form:
    text = '[tool.poetry]\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = ">=3.10,<3.14"\n'
    text += _as_key(declared.airflow) + "\n[tool.poetry.group.providers.dependencies]\n"
    text += "".join(map(_as_key, declared.main))
    text += "\n[tool.poetry.group.test.dependencies]\n" + "".join(map(_as_key, ["pytest", *declared.dev]))
    return Form({"pyproject.toml": text}, ("pyproject.toml", "providers"), "poetry")


def _as_key(requirement: str) -> str:
    """As Poetry and Pipenv write it: `name = "specifier"`, or a table where there are extras."""
    name = re.split(r"[=<>!~]", requirement)[0]
    versions = requirement.removeprefix(name)
    name, _, extras = name.rstrip("]").partition("[")
    version = versions or "*"
    if not extras:
        return f'{name} = "{version}"\n'
    listed = ", ".join(f'"{extra}"' for extra in extras.split(","))
    return f'{name} = {{ version = "{version}", extras = [{listed}] }}\n'


def poetry_project(declared: Declared, style: Random) -> Form:
    text = HEAD + array("dependencies", [declared.airflow, *declared.main], style)
    text += "\n[tool.poetry]\npackage-mode = false\n"
    text += "\n[tool.poetry.group.dev.dependencies]\n" + "".join(map(_as_key, ["pytest", *declared.dev]))
    return Form({"pyproject.toml": text}, MAIN)


def pdm(declared: Declared, style: Random) -> Form:
    text = HEAD + array("dependencies", [declared.airflow, *declared.main], style)
    text += "\n[tool.pdm]\ndistribution = false\n\n[tool.pdm.dev-dependencies]\n"
    return Form({"pyproject.toml": text + array("test", ["pytest", *declared.dev], style)}, MAIN)


def uv_dev(declared: Declared, style: Random) -> Form:
    text = HEAD + array("dependencies", [declared.airflow, *declared.main], style)
    text += "\n[tool.uv]\n" + array("dev-dependencies", ["pytest", *declared.dev], style)
    return Form({"pyproject.toml": text}, MAIN)


def uv_workspace(declared: Declared, style: Random) -> Form:
    """The member that owns the DAGs counts; another one, for a service, has what they may lack."""
    root = HEAD + array("dependencies", [], style) + '\n[tool.uv.workspace]\nmembers = ["packages/*"]\n'
    member = HEAD.replace("pipelines", "{}")
    files = {
        "pyproject.toml": root,
        "packages/etl/pyproject.toml": member.format("etl")
        + array("dependencies", [declared.airflow, *declared.main], style),
        "packages/service/pyproject.toml": member.format("service")
        + array("dependencies", [declared.airflow, *declared.dev], style),
    }
    return Form(files, ("-r", "packages/etl/pyproject.toml"), dags="packages/etl/dags")


def uv_member(declared: Declared, style: Random) -> Form:
    """The project depends on a member of its workspace, which has a part of what is needed."""
    root = HEAD + array("dependencies", [declared.airflow, *declared.main[:1], "connectors"], style)
    root += '\n[tool.uv.workspace]\nmembers = ["connectors"]\n'
    root += "\n[tool.uv.sources]\nconnectors = { workspace = true }\n"
    member = HEAD.replace("pipelines", "connectors") + array("dependencies", declared.main[1:], style)
    member += '\n[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
    files = {
        "pyproject.toml": root,
        "connectors/pyproject.toml": member,
        "connectors/src/connectors/__init__.py": "",
    }
    return Form(files, MAIN)


def dynamic(declared: Declared, _style: Random) -> Form:
    text = HEAD + 'dynamic = ["dependencies"]\n\n[tool.setuptools]\npackages = []\n'
    text += '\n[tool.setuptools.dynamic]\ndependencies = { file = ["requirements/main.txt"] }\n'
    text += '\n[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
    files = {
        "pyproject.toml": text,
        "requirements/main.txt": lines(declared.airflow, *declared.main),
        "requirements/dev.txt": lines("pytest", *declared.dev),
    }
    return Form(files, MAIN)


def lines(*items: str) -> str:
    return "".join(f"{item}\n" for item in items)


def requirements(declared: Declared, _style: Random) -> Form:
    files = {
        "requirements.txt": "# the image\n-c constraints.txt\n-r requirements-alerts.txt\n"
        + lines(f"{declared.airflow}  # pinned", *declared.main[1:]),
        "requirements-alerts.txt": lines(*declared.main[:1]),
        "constraints.txt": lines(*(f"{each.distribution}<99" for each in SMALL.values())),
        "requirements-dev.txt": lines("-r requirements.txt", "pytest", *declared.dev),
        "Dockerfile": "FROM python:3.11-slim\nCOPY requirements*.txt constraints.txt ./\n"
        "RUN pip install -r requirements.txt\nCOPY dags /opt/airflow/dags\n",
    }
    return Form(files, ("-r", "requirements.txt"))


def pipfile(declared: Declared, _style: Random) -> Form:
    text = '[[source]]\nurl = "https://pypi.org/simple"\nverify_ssl = true\nname = "pypi"\n\n[packages]\n'
    text += "".join(map(_as_key, [declared.airflow, *declared.main]))
    text += "\n[dev-packages]\n" + "".join(map(_as_key, ["pytest", *declared.dev]))
    return Form({"Pipfile": text}, ("Pipfile",), "pipfile")


def dockerfile(declared: Declared, _style: Random) -> Form:
    wanted = [f'"{item}"' for item in (declared.airflow, *declared.main)]
    text = "FROM python:3.11-slim\nRUN pip install --no-cache-dir \\\n    "
    text += " \\\n    ".join(wanted) + "\nCOPY dags /opt/airflow/dags\n"
    return Form({"Dockerfile": text}, ("Dockerfile",), "dockerfile")


def dockerfile_and_requirements(declared: Declared, _style: Random) -> Form:
    text = "FROM python:3.11-slim\nCOPY requirements.txt .\n"
    text += f"RUN pip install -r requirements.txt && pip install '{declared.main[0]}'\nCOPY dags /dags\n"
    files = {"Dockerfile": text, "requirements.txt": lines(declared.airflow, *declared.main[1:])}
    return Form(files, ("Dockerfile",), "dockerfile")


def setup_cfg(declared: Declared, _style: Random) -> Form:
    text = "[metadata]\nname = pipelines\nversion = 0.1.0\n\n[options]\npackages =\ninstall_requires =\n"
    text += "".join(f"    {item}\n" for item in (declared.airflow, *declared.main))
    text += "\n[options.extras_require]\ndev =\n" + "".join(
        f"    {item}\n" for item in ("pytest", *declared.dev)
    )
    return Form(
        {"setup.cfg": text, "setup.py": "from setuptools import setup\n\nsetup()\n"}, ("-r", "setup.cfg")
    )


FORMS: dict[str, Writer] = {
    "project": project,
    "own-extras": own_extras,
    "extras-of-extras": extras_of_extras,
    "dependency-groups": dependency_groups,
    "poetry": poetry,
    "poetry-groups": poetry_groups,
    "poetry-project": poetry_project,
    "pdm": pdm,
    "uv-dev": uv_dev,
    "uv-workspace": uv_workspace,
    "uv-member": uv_member,
    "dynamic": dynamic,
    "requirements": requirements,
    "pipfile": pipfile,
    "dockerfile": dockerfile,
    "dockerfile-and-requirements": dockerfile_and_requirements,
    "setup-cfg": setup_cfg,
}
