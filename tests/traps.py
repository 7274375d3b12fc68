"""A repository in which everything that could be run leaves a trace if it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.git_folders import GitFolder

SHADOWS = (
    *(
        "airwarden_policies",
        "argparse",
        "cattrs",
        "conftest",
        "csv",
        "fqdn",
        "gc",
        "idna",
        "jsonschema",
        "json",
    ),
    *(
        "libcst",
        "lsprotocol",
        "multiprocessing",
        "packaging",
        "pathspec",
        "pygls",
        "requests",
    ),
    *(
        "rich",
        "setup",
        "site",
        "sitecustomize",
        "subprocess",
        "tomli",
        "tomllib",
        "usercustomize",
        "webcolors",
    ),
    *("yaml", "airwarden", "airwarden_pack"),
)
"""Modules that Python, a library or airwarden itself may look for."""

PROGRAMS = ("git", "less", "pager", "ssh", "python", "python3", "sh", "gpg", "rich", "helm", "pip", "uv")

SETTINGS = """\
[build-system]
requires = []
build-backend = "setup"
backend-path = ["."]

[project]
name = "pipelines"
version = "1"
dependencies = ["apache-airflow"]
entry-points."airwarden.policies" = { pipelines = "airwarden_pack" }

[tool.airwarden]
extends = ["settings/airwarden.toml"]
policies = ["policies", "settings/../policies", "linked"]

[tool.airwarden.rules.runs-code]
allow = ["x"]

[tool.pytest.ini_options]
addopts = "-p conftest"
"""

RULE = """\
from airwarden.api import Rule

rule = Rule(
    __name__, help="It runs.", level="error", remedy="-", see="https://example.org", options={"allow": {}}
)


@rule.dag
def check(dag_file, repo):
    return ()
"""

DAG = '''\
"""A DAG."""
import os
from airflow.sdk import DAG, task
from plugins.traced import CHANNEL
from airflow.providers.amazon.aws.hooks.s3 import S3Hook

{trace}
eval({code!r})
exec({code!r})
__import__("traced")
PASSWORD = "not-a-real-password-1"
with DAG("orders", schedule="@daily", tags=[eval({code!r})], doc_md="{{{{ ''.__class__.__mro__ }}}}") as dag:
    @task
    def load():
        {trace}
        return open("x").read()  # airwarden: ignore[file-content-in-xcom] a trial
'''

VALUES = """\
airflowVersion: 3.1.0
executor: CeleryExecutor
run: !!python/object/apply:os.system ["touch {ran}/yaml-tag"]
new: !!python/object/new:os.system ["touch {ran}/yaml-new"]
name: !!python/name:traced.x
module: !!python/module:traced
env:
  - name: X
    value: '{{{{ "".__class__.__base__.__subclasses__() }}}}'
extraEnv: |
  - name: Y
    value: !!python/object/apply:os.system ["touch {ran}/inner-yaml"]
webserver:
  webserverConfig: |
    import os
    os.system("touch {ran}/webserver-config")
airflowLocalSettings: |
  open("{ran}/local-settings", "w").close()
config:
  core:
    fernet_key_cmd: touch {ran}/option-cmd
"""


def plant(root: Path, ran: Path) -> GitFolder:
    """Makes the repository, with a commit and changes behind it; whatever is run leaves a file in `ran`."""
    ran.mkdir()
    git = GitFolder.made(root)
    git.write(_files(ran))
    git.commit({"dags/first.py": "from airflow.sdk import DAG\nDAG('first')\n"})
    git.write(
        {"dags/first.py": "from airflow.sdk import DAG\nDAG('second')\n", "dags/new.py": _dag(ran, "new")}
    )
    git.must("git", "add", "dags/new.py")
    (root / "linked").symlink_to(root.parent / "outside")
    outside = root.parent / "outside" / "own"
    outside.mkdir(parents=True)
    (outside / "runs_outside.py").write_text(f"{_trace(ran, 'outside')}{RULE}", encoding="utf-8")
    _plant_programs(root, ran)
    _plant_git_settings(root, ran)
    return git


def _trace(ran: Path, name: str) -> str:
    return f"open({str(ran / name)!r}, 'w').close()\n"


def _dag(ran: Path, name: str) -> str:
    trace = _trace(ran, f"dag-{name}").strip()
    return DAG.format(trace=trace, code=f"open({str(ran / 'evaluated')!r}, 'w').close()")


def _files(ran: Path) -> dict[str, str | bytes]:
    modules = {f"{name}.py": _trace(ran, f"module-{name}") for name in SHADOWS}
    packages = {
        f"{name}/__init__.py": _trace(ran, f"package-{name}")
        for name in ("airwarden", "rules", "schemas", "tables", "plugins", "airwarden_pack", "src/fqdn")
    }
    policy = f"{_trace(ran, 'policy')}{RULE}"
    entry = "[airwarden.policies]\nevil = airwarden_pack\n[console_scripts]\nairwarden = airwarden:main\n"
    metadata = "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n"
    return {
        **modules,
        **packages,
        "airwarden/__main__.py": _trace(ran, "main"),
        "pyproject.toml": SETTINGS,
        "setup.cfg": "[options]\ninstall_requires = apache-airflow\n[build_ext]\ncompiler = traced\n",
        "settings/airwarden.toml": 'policies = ["../policies"]\n',
        "policies/own/runs_code.py": policy,
        "policies/own/runs-nothing.json": json.dumps({"title": "A.", "x-rule": {"on": "dag"}}),
        "policies/fixtures/runs-code/flagged.py": _trace(ran, "fixture"),
        "rules/own/own_rule.py": _trace(ran, "rule"),
        ".airwarden/rules/own/own_rule.py": _trace(ran, "dot-airwarden"),
        "evil-1.0.dist-info/entry_points.txt": entry,
        "evil-1.0.dist-info/METADATA": metadata,
        "evil.pth": f"import os; {_trace(ran, 'pth')}",
        "__editable___evil_finder.py": _trace(ran, "finder"),
        "plugins/traced.py": f"{_trace(ran, 'plugin')}CHANNEL = 'x'\n",
        "traced.py": _trace(ran, "traced"),
        "dags/orders.py": _dag(ran, "orders"),
        "dags/__pycache__/orders.cpython-311.pyc": b"\xa7\r\r\n" + b"\0" * 12,
        "values.yaml": VALUES.format(ran=ran),
        "dags/data.pickle": b"cos\nsystem\n(S'touch " + os.fsencode(ran / "pickle") + b"'\ntR.",
        "airflow.cfg": f"[core]\nfernet_key_cmd = touch {ran}/cfg-cmd\nexecutor = traced.Executor\n",
        "Dockerfile": f"FROM apache/airflow:3.1.0\nRUN touch {ran}/dockerfile && pip install x\n",
        "requirements.txt": "--index-url http://localhost:9/\n-r http://localhost:9/r.txt\napache-airflow\n",
        ".pre-commit-config.yaml": "repos: []\n",
        ".gitattributes": "*.py diff=evil filter=evil\n*.yaml diff=evil merge=evil filter=evil\n",
        ".env": "PYTHONSTARTUP=traced.py\nPYTHONPATH=.\n",
        "CODEOWNERS": "* @somebody\n",
    }


def _plant_programs(root: Path, ran: Path) -> None:
    for name in PROGRAMS:
        file = root / name
        if not file.exists():
            file.write_text(f"#!/bin/sh\n: > {ran}/program-{name}\nexit 3\n", encoding="utf-8")
            file.chmod(0o755)
    hooks = root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in (
        "pre-commit",
        "post-checkout",
        "post-index-change",
        "reference-transaction",
        "fsmonitor-watchman",
    ):
        (hooks / name).write_text(f"#!/bin/sh\n: > {ran}/hook-{name}\n", encoding="utf-8")
        (hooks / name).chmod(0o755)


def _plant_git_settings(root: Path, ran: Path) -> None:
    runs = {
        **{
            f"core.{key}": key
            for key in ("fsmonitor", "pager", "editor", "sshCommand", "askPass", "gitProxy")
        },
        **{f"alias.{key}": f"alias-{key}" for key in ("diff", "blame", "ls-files", "rev-parse", "cat-file")},
        **{f"filter.evil.{key}": f"filter-{key}" for key in ("clean", "smudge", "process")},
        "diff.external": "external",
        "diff.evil.command": "command",
        "diff.evil.textconv": "textconv",
        "merge.evil.driver": "driver",
        "gpg.program": "gpg",
        "credential.helper": "helper",
        "pager.blame": "pager-blame",
        "uploadpack.packObjectsHook": "pack",
        "interactive.diffFilter": "filter",
        "core.alternateRefsCommand": "alternates",
        "trailer.x.command": "trailer",
    }
    values = {
        "log.showSignature": "true",
        "diff.evil.cachetextconv": "true",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::sh -c ': > {ran}/ext'",
    }
    for key, name in runs.items():
        script = root / ".git" / f"run-{name}"
        script.write_text(f"#!/bin/sh\n: > {ran}/git-{name}\ncat\n", encoding="utf-8")
        script.chmod(0o755)
        values[key] = f"!{script}" if key.startswith("alias.") else str(script)
    with (root / ".git" / "config").open("a", encoding="utf-8") as config:
        config.writelines(map(_setting, values, values.values()))


def _setting(key: str, value: str) -> str:
    """A setting of git as it stands in a file: faster than a process for each."""
    *sections, name = key.split(".")
    section = " ".join([sections[0], *(f'"{each}"' for each in sections[1:])])
    return f'[{section}]\n\t{name} = "{value}"\n'


def environment(root: Path) -> dict[str, str]:
    """What makes a careless program run more than it should: the repository is everywhere in the PATH."""
    paths = ["", ".", str(root), *os.environ["PATH"].split(os.pathsep)]
    return {"PATH": os.pathsep.join(paths), "PYTHONSTARTUP": str(root / "traced.py"), "PAGER": "./pager"}
