"""Readers of one text: Python, YAML, TOML, INI, HCL, the values of charts, and lines that hold patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from airwarden import yaml_tree
from airwarden.adoption import precommit
from airwarden.adoption.origin import Origin
from airwarden.blame import read as read_blame
from airwarden.charts import Chart
from airwarden.codeowners import CodeOwners
from airwarden.credentials import sensitive, texts, tokens, urls
from airwarden.credentials.connections import connection_credentials
from airwarden.credentials.statements import command_secrets, statement_secrets
from airwarden.dag import DagFile
from airwarden.deployment.config_file import ConfigFile
from airwarden.deployment.container_files import variables_reader_of
from airwarden.findings import Region
from airwarden.inner_yaml import Inside, every, masked, read
from airwarden.releases import hcl
from airwarden.releases.files import releases_in
from airwarden.source import Source, Unreadable, decode, encoded
from airwarden.suppressions import suppressions_of
from airwarden.toml_file import TomlFile
from airwarden.values import ValuesFile

from fuzzing import grammars
from fuzzing.invariants import is_inside
from fuzzing.states import repo_of
from fuzzing.target import Broken, Target

_MOST_NODES = 2000
"""Nodes of one input that are looked at one by one."""


def _reading(path: str, read: Callable[[Source], object]) -> Callable[[bytes], None]:
    """What gives a reader the text of a file of that path; bytes that are no text are refused before."""

    def check(data: bytes) -> None:
        with suppress(Unreadable):
            read(Source(path, decode(path, data)))

    return check


def _verify(source: Source, regions: Iterable[Region | None]) -> None:
    for region in regions:
        if region is not None and not is_inside(region, source):
            raise Broken(f"{region} is no region of the text")


def _source(data: bytes) -> None:
    for path in ("a.py", "a.yaml"):
        with suppress(Unreadable):
            text = decode(path, data)
            source = Source(path, text)
            lines = [source.line(number) for number in range(len(source.starts) + 2)]
            _verify(source, (source.region(0, len(text)), source.region(len(text), len(text))))
            again = encoded(path, data, text)
            if (again is not None and again != data) or sum(map(len, lines)) > len(text):
                raise Broken("the text is not that of the bytes")


def _python(source: Source) -> None:
    DagFile.read(source)


def _nodes(text: str, roots: Iterable[yaml_tree.Node]) -> None:
    for _, node in zip(range(_MOST_NODES), every(roots), strict=False):
        if not 0 <= node.start <= node.end <= len(text):
            raise Broken("a node stands outside of the text")
        if isinstance(node, yaml_tree.Mapping):
            list(map(node.get, (key.text for key, _ in node.members)))


def _yaml(source: Source) -> None:
    with suppress(yaml_tree.NotYaml):
        _nodes(source.text, yaml_tree.compose(source.text))
        yaml_tree.repeated_keys(source.text)


def _template(source: Source) -> None:
    if len(masked(source.text)) != len(source.text):
        raise Broken("a mask is not as long as what it hides")
    roots = read(source.text)
    scalars = [node for node in every(roots) if isinstance(node, yaml_tree.Scalar)]
    for scalar in scalars[:200]:
        inside = Inside.of(source.text, scalar)
        inside.nodes()
        inside.span(0, len(scalar.text))
    precommit.has_hook(source.text)
    precommit.with_hook(source.text, Origin("https://github.com/a/b", "c"))


def _toml(source: Source) -> None:
    file = TomlFile.read(source)
    for route, _ in (*file.find("*"), *file.find("*.*"), *file.find("*.*.*")):
        _verify(source, (file.key(route), file.value(route), file.header(route)))


def _hcl(source: Source) -> None:
    with suppress(hcl.DeepHcl):
        for block in hcl.read(source.text).every():
            _nodes(source.text, [block.attributes])
    if len(hcl.hidden(source.text)) != len(source.text):
        raise Broken("a mask is not as long as what it hides")


def _config_file(source: Source) -> None:
    for option in ConfigFile(source).options:
        _verify(source, (option.region, option.key_region))


def _container(path: str) -> Callable[[bytes], None]:
    reader = variables_reader_of(path)
    assert reader is not None
    return _reading(path, lambda source: _verify(source, (each.region for each in reader(source))))


def _chart(source: Source) -> None:
    Chart.read(source)


def _values(source: Source) -> None:
    for values in ValuesFile.all_in(source, forced=True):
        _verify(source, (entry.region for entry in values.entries()[:_MOST_NODES]))
        _verify(source, (entry.key_region for entry in values.entries()[:_MOST_NODES]))
        values.env_items()
        values.config_items()
        values.violations("hardcoded-secret")


def _releases(path: str) -> Callable[[bytes], None]:
    return _reading(path, lambda source: [each.documents for each in releases_in(source)])


def _suppressions(path: str) -> Callable[[bytes], None]:
    known = {"secrets", "hardcoded-credential"}

    def read(source: Source) -> None:
        _verify(
            source, (region for each in suppressions_of(source, known) for region in (each.region, each.cut))
        )

    return _reading(path, read)


def _secrets(source: Source) -> None:
    """Every reader of secrets in a text."""
    text = source.text
    for line in (text, *text.splitlines()[:50]):
        list(tokens.tokens(line))
        list(urls.url_passwords(line))
        list(texts.written_secrets(line))
        list(statement_secrets(line))
        list(command_secrets(line))
        connection_credentials(line)
        list(sensitive.json_secrets(line))
        list(sensitive.text_secrets(line, "ini"))
        list(sensitive.text_secrets(line, "python"))
        sensitive.is_plain_secret(line, "password")


def _codeowners(data: bytes) -> None:
    owners = CodeOwners(data.decode(errors="replace"))
    for path in ("dags/a.py", "values.yaml", "a b", ""):
        owners.owner(path)


def _ignore_files(data: bytes) -> None:
    repo = repo_of(
        {".gitignore": data, "dags/.airflowignore": data, "dags/a/b.py": b"import airflow", "a.yaml": b""}
    )
    _ = repo.files
    repo.is_airflow_ignored("dags/a/b.py")


def _blame(data: bytes) -> None:
    read_blame(data.decode(errors="replace").split("\n"))


_ANY_YAML = re.compile(r".*\.ya?ml")
_ANY_PYTHON = re.compile(r".*\.py")
_CONTAINERS = re.compile(r".*(Dockerfile|compose.*\.ya?ml|\.env).*")

TARGETS = (
    Target("source", _source, grammars.PYTHON, _ANY_PYTHON),
    Target("python", _reading("a.py", _python), grammars.PYTHON, _ANY_PYTHON, weight=3),
    Target("yaml", _reading("a.yaml", _yaml), grammars.YAML, _ANY_YAML, weight=2),
    Target("template", _reading("a.yaml", _template), grammars.YAML, _ANY_YAML),
    Target(
        "toml", _reading("a.toml", _toml), grammars.TOML, re.compile(r".*\.(toml|lock)|Pipfile"), weight=2
    ),
    Target("hcl", _reading("a.tf", _hcl), grammars.HCL, re.compile(r".*\.(tf|hcl)"), weight=2),
    Target("config-file", _reading("airflow.cfg", _config_file), grammars.INI, re.compile(r".*\.(cfg|ini)")),
    Target("dockerfile", _container("Dockerfile"), grammars.CONTAINER, _CONTAINERS),
    Target("compose", _container("docker-compose.yaml"), grammars.CONTAINER, _CONTAINERS),
    Target("env-file", _container(".env"), grammars.CONTAINER, _CONTAINERS),
    Target("chart", _reading("Chart.yaml", _chart), grammars.YAML, re.compile(r".*Chart\.ya?ml")),
    Target(
        "values", _reading("values.yaml", _values), grammars.YAML, re.compile(r".*values.*\.ya?ml"), weight=3
    ),
    Target("releases", _releases("airflow.yaml"), grammars.RELEASES, _ANY_YAML, weight=2),
    Target("helmfile", _releases("helmfile.yaml"), grammars.RELEASES, re.compile(r".*helmfile.*")),
    Target("terraform", _releases("main.tf"), grammars.HCL, re.compile(r".*\.tf")),
    Target("suppressions", _suppressions("a.py"), grammars.PYTHON, _ANY_PYTHON),
    Target("suppressions-yaml", _suppressions("a.yaml"), grammars.YAML, _ANY_YAML),
    Target(
        "secrets", _reading("a.yaml", _secrets), grammars.INI, re.compile(r".*\.(py|ya?ml|cfg|env|sh|tf)")
    ),
    Target("codeowners", _codeowners, grammars.PATTERNS, re.compile(r".*(CODEOWNERS|ignore)")),
    Target("ignore-files", _ignore_files, grammars.PATTERNS, re.compile(r".*ignore")),
    Target("blame", _blame, grammars.PATTERNS, re.compile(r".*CODEOWNERS")),
)
