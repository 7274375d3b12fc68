"""What a new rule or a new pack begins with: files that work at once, and say what to change."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template

from airwarden import disk
from airwarden.config import ConfigError
from airwarden.packs import FIXTURES, GROUP, SETTINGS
from airwarden.patterns import regex
from airwarden.records import dataclass

_NAME = regex(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DISTRIBUTION = regex(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_PACK_FAMILY = "ownership"


@dataclass(frozen=True)
class Place:
    """Where rules go, and where their fixtures do."""

    rules: Path
    fixtures: Path


def place_in(folder: Path) -> Place:
    """The place for rules in a pack's folder."""
    return Place(folder, folder / FIXTURES)


def rule_files(family: str, name: str, place: Place, *, is_schema: bool) -> dict[Path, str]:
    """The files of a new rule, by path. Raises `ConfigError` for what can't be a name."""
    for text, what in ((family, "family"), (name, "rule")):
        if not _NAME.fullmatch(text):
            raise ConfigError(f"{text!r} is no name of a {what}: small letters, digits and dashes make one")
    fixtures = place.fixtures / name
    words = {"name": name}
    if is_schema:
        return {
            place.rules / family / f"{name}.json": _SCHEMA.substitute(words),
            fixtures / "flagged.py": _FLAGGED_TAGS.substitute(words),
            fixtures / "accepted.py": _ACCEPTED_TAGS,
        }
    return {
        place.rules / family / f"{name.replace('-', '_')}.py": _RULE.substitute(words),
        fixtures / "flagged.py": _FLAGGED_OWNER.substitute(words),
        fixtures / "accepted.py": _ACCEPTED_OWNER,
    }


def pack_files(name: str, home: Path) -> dict[Path, str]:
    """The files of a new pack, by path. Raises `ConfigError` for what can't be its name."""
    if not _DISTRIBUTION.fullmatch(name):
        raise ConfigError(f"{name!r} is no name of a package: small letters, digits and dashes make one")
    package = name.replace("-", "_")
    folder = home / "src" / package
    words: Mapping[str, str] = {"name": name, "package": package, "group": GROUP, "settings": SETTINGS}
    return {
        home / "pyproject.toml": _PYPROJECT.substitute(words),
        home / "README.md": _README.substitute(words),
        folder / "__init__.py": f'"""Policies for Airflow, to be extended as `{name}`."""\n',
        folder / SETTINGS: _SETTINGS.substitute(words),
        **rule_files(_PACK_FAMILY, "owner-missing", place_in(folder), is_schema=False),
        **rule_files(_PACK_FAMILY, "team-tag-missing", place_in(folder), is_schema=True),
    }


def written(files: Mapping[Path, str]) -> Iterator[Path]:
    """Writes files and gives their paths. Raises `ConfigError`, and writes none, where one is there."""
    for path in files:
        if os.path.lexists(path):
            raise ConfigError(f"{path}: is there already")
    for path, text in files.items():
        try:
            disk.create(path, text.encode())
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
        yield path


_RULE = Template('''"""A DAG without an owner of its own wakes nobody when it fails.

Say here why that hurts, in a few sentences: `airwarden explain $name` shows this text. Then say what to do.

Give `default_args` an `owner`.
"""

from __future__ import annotations

from collections.abc import Iterator

from airwarden.api import DagFile, Finding, Repo, Rule, dags_of

rule = Rule(
    __name__,
    help=__doc__,
    level="warning",
    remedy="name an owner in default_args",
    see="https://example.com/our-handbook",
)


@rule.dag
def check(dag_file: DagFile, repo: Repo) -> Iterator[Finding]:
    """Flags each DAG that is known to have no owner."""
    for dag in dags_of(dag_file, repo):
        if dag.is_known("default_args.owner") and not dag.get("default_args.owner"):
            yield rule.finding(dag.region, f"{dag.title} has no owner", subject=dag.subject)
''')

_FLAGGED_OWNER = Template("""\
from airflow.sdk import DAG

with DAG("orders", schedule="@daily"):  # expect: $name
    pass
""")

_ACCEPTED_OWNER = """\
import os

from airflow.sdk import DAG

with DAG("orders", schedule="@daily", default_args={"owner": "sales"}):
    pass

# What only a run can tell is not flagged.
with DAG("returns", schedule="@daily", default_args={"owner": os.environ["OWNER"]}):
    pass
"""

_SCHEMA = Template("""\
{
  "$$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "A DAG without the tag of a team wakes nobody when it fails.",
  "description": "Say here why that hurts, and what to do: `airwarden explain $name` shows this text.",
  "x-rule": {
    "on": "dag",
    "level": "warning",
    "remedy": "add a tag such as team:sales",
    "see": "https://example.com/our-handbook"
  },
  "properties": {
    "tags": { "contains": { "pattern": "^team:" } }
  }
}
""")

_FLAGGED_TAGS = Template("""\
from airflow.sdk import DAG

with DAG("orders", schedule="@daily", tags=["daily"]):  # expect: $name
    pass
""")

_ACCEPTED_TAGS = """\
import os

from airflow.sdk import DAG

with DAG("orders", schedule="@daily", tags=["daily", "team:sales"]):
    pass

# What only a run can tell is not flagged.
with DAG("returns", schedule="@daily", tags=[os.environ["TEAM_TAG"]]):
    pass
"""

_PYPROJECT = Template("""\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "$name"
version = "0.1.0"
description = "Policies for Airflow, for airwarden."
readme = "README.md"
requires-python = ">=3.10"

[project.entry-points."$group"]
$name = "$package"

[tool.setuptools]
package-dir = { "" = "src" }
packages = ["$package"]

[tool.setuptools.package-data]
$package = ["$settings", "*/*.py", "*/*.json", "fixtures/**/*"]

[tool.airwarden]
policies = ["src/$package"]
""")

_SETTINGS = Template("""\
# What every repository gets that says `extends = ["$name"]`. What it sets itself lies over this.

[levels]
owner-missing = "error"
""")

_README = Template("""\
# $name

Policies for Airflow, for [airwarden](https://github.com/airwarden/airwarden).

A repository that wants them installs this package beside airwarden, and says in its `pyproject.toml`:

```toml
[tool.airwarden]
extends = ["$name"]
```

In `src/$package/`:

- a folder is a family, and each file in it a rule: Python, or a JSON Schema;
- `fixtures/<rule-id>/` holds what a rule must flag and what it must not;
- `$settings` holds the settings that come with the package.

```sh
airwarden new rule ownership schedule-missing   # begin another rule
airwarden test src/$package                      # try all rules on their fixtures
```
""")
