"""Requirements that are written in: where they go, and that nothing else changes. tomlkit is the judge."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
import tomlkit
from airwarden.dependencies.additions import added, with_extra, with_lower_bound
from airwarden.dependencies.bounds import raised
from airwarden.findings import Edit, Region
from airwarden.source import Source
from airwarden.toml_file import TomlFile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import some

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SLACK = "apache-airflow-providers-slack>=8.6"
AMAZON = "apache-airflow-providers-amazon"
AIRFLOW = "apache-airflow"
NEXT, LAST = "apache-airflow-providers-ssh", "apache-airflow-providers-yandex"
PROJECT = '[project]\nname = "x"\n'
POETRY = "[tool.poetry.dependencies]\n"


def applied(source: Source, edits: Sequence[Edit]) -> str:
    """The text with edits made: equal ones once, and those at one place ordered by their text."""
    changes = sorted({(*span(source, edit.region), edit.text) for edit in edits})
    for (_, end, _), (start, _, _) in pairwise(changes):
        assert end <= start, "edits overlap"
    text = source.text
    for start, end, new in reversed(changes):
        text = text[:start] + new + text[end:]
    return text


def span(source: Source, region: Region) -> tuple[int, int]:
    return source.offset(region.line, region.column), source.offset(region.end_line, region.end_column)


def with_all(path: str, text: str, *requirements: str, beside: Region | None = None) -> str:
    """The text after each requirement was added to the same text, apart from the others."""
    source = Source(path, text)
    found = [added(source, each, beside) for each in requirements]
    assert all(found), "nothing was added"
    new = applied(source, [edit for edits in reversed(found) for edit in edits])
    assert is_subsequence(text, new)
    return new


def is_subsequence(old: str, new: str) -> bool:
    rest = iter(new)
    return all(char in rest for char in old)


def judged(text: str) -> dict[str, Any]:
    """The data of a TOML document, on which both readers have to agree."""
    data = tomllib.loads(text)
    document = tomlkit.parse(text)
    assert document.as_string() == text
    assert document.unwrap() == data
    return data


def project(text: str, *requirements: str) -> str:
    new = with_all("pyproject.toml", text, *requirements)
    judged(new)
    return new


# Arrays


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]", f'[\n    "{AMAZON}",\n    "{SLACK}",\n]'),
        ("[ ]", f'[\n    "{AMAZON}",\n    "{SLACK}",\n]'),
        ("[\n]", f'[\n    "{AMAZON}",\n    "{SLACK}",\n]'),
        ("[\n  # none\n]", f'[\n  # none\n  "{AMAZON}",\n  "{SLACK}",\n]'),
        (f"['{AIRFLOW}']", f"['{AIRFLOW}', '{AMAZON}', '{SLACK}']"),
        (f"['{AIRFLOW}', ]", f"['{AIRFLOW}', '{AMAZON}', '{SLACK}', ]"),
        ('["pandas", "zstd"]', f'["{AMAZON}", "{SLACK}", "pandas", "zstd"]'),
        (f'[\n  "{AIRFLOW}"\n]', f'[\n  "{AIRFLOW}",\n  "{AMAZON}",\n  "{SLACK}"\n]'),
        (f'[\n\t"{AIRFLOW}"]', f'[\n\t"{AIRFLOW}",\n\t"{AMAZON}",\n\t"{SLACK}"]'),
        (f'[\n  "{AIRFLOW}",  # x\n]', f'[\n  "{AIRFLOW}",  # x\n  "{AMAZON}",\n  "{SLACK}",\n]'),
        (f'[\n  "{AIRFLOW}"  # x, y\n]', f'[\n  "{AIRFLOW}",  # x, y\n  "{AMAZON}",\n  "{SLACK}",\n]'),
        (
            f'[\n  "{AIRFLOW}",  # x\n                     # y\n  # z\n]',
            f'[\n  "{AIRFLOW}",  # x\n                     # y\n  "{AMAZON}",\n  "{SLACK}",\n  # z\n]',
        ),
        (
            f'[\n  "{AIRFLOW}",  # x\n    # y\n      # z\n  # b\n]',
            f'[\n  "{AIRFLOW}",  # x\n    # y\n      # z\n  "{AMAZON}",\n  "{SLACK}",\n  # b\n]',
        ),
        (
            f'[\n  "{AIRFLOW}",\n    # z\n  "zstd",\n]',
            f'[\n  "{AIRFLOW}",\n  "{AMAZON}",\n  "{SLACK}",\n    # z\n  "zstd",\n]',
        ),
        (
            f'[\n"zstd", # z\n  # y\n# x\n"{NEXT}",\n"{LAST}"\n]',
            f'[\n"zstd", # z\n  # y\n"{AMAZON}",\n"{SLACK}",\n# x\n"{NEXT}",\n"{LAST}"\n]',
        ),
        (
            '[\n  # the first\n  "pandas",\n  "zstd",\n]',
            f'[\n  "{AMAZON}",\n  "{SLACK}",\n  # the first\n  "pandas",\n  "zstd",\n]',
        ),
        (
            f'[\n    "{AIRFLOW}"\n  , "zstd" # z\n]',
            f'[\n    "{AIRFLOW}"\n  , "{AMAZON}"\n  , "{SLACK}"\n  , "zstd" # z\n]',
        ),
        ('[\n  "b"\n  , "c"\n]', f'[\n  "{AMAZON}"\n  , "{SLACK}"\n  , "b"\n  , "c"\n]'),
        (f'["{AIRFLOW}",\n "zstd"]', f'["{AIRFLOW}", "{AMAZON}", "{SLACK}",\n "zstd"]'),
        (f'[\n  "{AIRFLOW}", "zstd",\n]', f'[\n  "{AIRFLOW}", "{AMAZON}", "{SLACK}", "zstd",\n]'),
    ],
)
def test_an_array_keeps_its_style(before: str, after: str) -> None:
    assert project(f"{PROJECT}dependencies = {before}\n", SLACK, AMAZON) == (
        f"{PROJECT}dependencies = {after}\n"
    )


def test_an_item_goes_to_its_place_in_a_sorted_run() -> None:
    run = ("apache-airflow", "apache-airflow-providers-http", "Apache_Airflow_Providers.Sftp")
    items = ("zstd", *run, "boto3")
    new = judged(project(f"{PROJECT}dependencies = {[*items]}\n", SLACK, AMAZON))["project"]["dependencies"]
    assert new == ["zstd", run[0], AMAZON, run[1], run[2], SLACK, "boto3"]


def test_an_item_goes_behind_the_last_of_the_family_where_nothing_is_sorted() -> None:
    items = ("zstd", "apache-airflow-providers-http", AIRFLOW, "boto3")
    new = judged(project(f"{PROJECT}dependencies = {[*items]}\n", SLACK))["project"]["dependencies"]
    assert new == [*items[:3], SLACK, "boto3"]


NAMES = st.lists(
    st.sampled_from(
        [
            *(
                "apache-airflow[celery]>=2.9",
                "apache-airflow-providers-http",
                "apache-airflow-providers-ssh<5",
            ),
            *("boto3", "Pandas>=2 ; python_version>'3.8'", "zstd", "apache-airflow-providers-yandex"),
        ]
    ),
    unique=True,
    max_size=6,
)
NEW = st.lists(st.sampled_from([SLACK, AMAZON, "s3fs", f"{AMAZON}[s3fs]>=9"]), min_size=1, unique=True)


@st.composite
def arrays(draw: st.DrawFn) -> tuple[list[str], str]:
    """Requirements, and a text of them as an array, with a comment for many that names the item."""
    items = draw(st.one_of(NAMES, NAMES.map(lambda names: sorted(names, key=str.lower))))
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    quote, indent = draw(st.sampled_from("\"'")), draw(st.sampled_from(["  ", "    ", "\t", ""]))
    quote = '"' if any("'" in each for each in items) else quote
    if draw(st.booleans()):
        comma, end = draw(st.sampled_from([",", ", ", " , "])), draw(st.sampled_from(["", ", ", " "]))
        return items, f"[{comma.join(f'{quote}{each}{quote}' for each in items)}{end if items else ''}]"
    leads = draw(st.integers(0, 5)) == 0
    trails = draw(st.booleans())
    lines = []
    for number, each in enumerate(items):
        comma = "" if leads or (number == len(items) - 1 and not trails) else ","
        lead = ", " if leads and number else ""
        above = f"{indent}# above {number}, [x]{eol}" if draw(st.integers(0, 3)) == 0 else ""
        above = f"{eol}{above}" if draw(st.integers(0, 5)) == 0 else above
        behind = f"  # behind {number}, [x]" if draw(st.integers(0, 2)) == 0 else ""
        gap = draw(st.sampled_from(["", "", " "]))
        lines.append(f"{above}{indent}{lead}{quote}{each}{quote}{gap}{comma}{behind}")
    closing = draw(st.sampled_from([eol, eol, f"{eol}  ", f"{eol}{indent}# the end{eol}"]))
    return items, f"[{eol}{eol.join(lines)}{closing}]"


@given(arrays(), NEW)
@settings(max_examples=some(300), deadline=None)
def test_any_array_takes_any_additions_at_once(array: tuple[list[str], str], new: list[str]) -> None:
    items, written = array
    eol = "\r\n" if "\r\n" in written else "\n"
    text = f"[project]{eol}name = 'x'{eol}dependencies = {written}{eol}{eol}[tool.x]{eol}y = [1]{eol}"
    changed = project(text, *new)
    data = judged(changed)
    listed = data["project"].pop("dependencies")
    assert [each for each in listed if each not in new] == items
    assert sorted(listed) == sorted([*items, *new])
    old = tomllib.loads(text)
    assert {**old, "project": {"name": "x"}} == data
    assert ("\r\n" in text) == ("\r\n" in changed)
    assert "\n" not in changed.replace("\r\n", "") or eol == "\n"
    check_comments(changed, items)
    check_sorted(items, listed)


def check_comments(text: str, items: Sequence[str]) -> None:
    lines = text.splitlines()
    for number, item in enumerate(items):
        for line, below in pairwise(lines):
            if f"# behind {number}," in line:
                assert item in line
            if f"# above {number}," in line:
                assert item in below


def check_sorted(items: Sequence[str], listed: Sequence[str]) -> None:
    def name(requirement: str) -> str:
        return requirement.partition("[")[0].partition("<")[0].partition(">")[0].partition(" ")[0].lower()

    names = [name(each) for each in items]
    if len(items) > 1 and names == sorted(names):
        assert [name(each) for each in listed] == sorted(map(name, listed))


@pytest.mark.parametrize(
    ("header", "beside"),
    [
        ("dependency-groups", "image"),
        ("project.optional-dependencies", "image"),
        ("tool.pdm.dev-dependencies", "image"),
        ("tool.hatch.envs.image", "dependencies"),
        ("tool.uv", "dev-dependencies"),
    ],
)
def test_the_list_beside_is_taken(header: str, beside: str) -> None:
    text = f'[project]\ndependencies = ["pandas"]\n\n[{header}]\n{beside} = ["{AIRFLOW}"]\n'
    source = Source("pyproject.toml", text)
    route = (*header.split("."), beside)
    file = TomlFile.read(source)
    for region in (file.key(route), file.value((*route, 0))):
        new: Any = judged(with_all("pyproject.toml", text, SLACK, beside=region))
        assert new["project"]["dependencies"] == ["pandas"]
        for key in route:
            new = new[key]
        assert new == [AIRFLOW, SLACK]


# [project] without dependencies


@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n[tool.x]\ny = 1\n", "  # v", "  # v\n[project.urls]\nh = 'x'\n"]
)
def test_a_project_without_dependencies_gets_some(end: str) -> None:
    text = f'[project]\nname = "x"\nversion = "1"{end}'
    new = judged(project(text, SLACK))
    assert new["project"].pop("dependencies") == [SLACK]
    assert new == tomllib.loads(text)


def test_a_project_without_dependencies_gets_two_at_once() -> None:
    text = '[project]\r\nname = "x"  # n\r\n\r\n[tool.x]\r\n'
    new = f'dependencies = [\n  "{AMAZON}",\n  "{SLACK}",\n]\n'.replace("\n", "\r\n")
    assert project(text, SLACK, AMAZON) == text.replace("# n\r\n", f"# n\r\n{new}")


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n',
        'project.name = "x"\n',
        "[tool.x]\n",
        "[project\n",
    ],
)
def test_where_nothing_can_be_known_nothing_is_added(text: str) -> None:
    assert added(Source("pyproject.toml", text), SLACK) == ()


# Tables


ADDED = f'{AMAZON} = "*"\napache-airflow-providers-slack = ">=8.6"\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{POETRY}+", ADDED),
        (
            f'{POETRY}python = "^3.9"\napache-airflow = "2.9"  # core\n+\n# data\npandas = "*"\n[tool.x]\n',
            ADDED,
        ),
        (f'{POETRY}+# w\npandas="*"\nzstd="*"', ADDED.replace(" = ", "=")),
        (
            f'{POETRY}apache-airflow = "2"  # core\n+\n[tool.poetry.dependencies.pandas]\nversion = "1"\n',
            ADDED,
        ),
        (f'  {POETRY}  apache-airflow = "2"  # core\n+', f"  {ADDED}".replace("\na", "\n  a")),
        (
            "[tool.poetry]\ndependencies.apache-airflow = '2'\n+dependencies.pandas.version = '3'\n",
            f"dependencies.{ADDED}".replace("\na", "\ndependencies.a"),
        ),
        (
            "[tool.poetry]\ndependencies = { apache-airflow = '2'+ }\n",
            f", {ADDED.strip()}".replace("\n", ", "),
        ),
        (
            "[tool.poetry]\ndependencies = {+pandas = '2', zstd = '1'}\n",
            ADDED.replace("\n", ", "),
        ),
    ],
)
def test_a_table_keeps_its_style(text: str, line: str) -> None:
    assert project(text.replace("+", ""), SLACK, AMAZON) == text.replace("+", line)


def test_a_table_of_poetry_is_the_list_of_a_project_that_has_none() -> None:
    text = f'[project]\nname = "x"\ndynamic = ["dependencies"]\n\n{POETRY}pandas = "*"\n'
    assert project(text, SLACK, AMAZON) == f"{text}{ADDED}"


def test_keys_stay_in_line() -> None:
    text = f'{POETRY}apache-airflow                     = "2.9"\napache-airflow-providers-sftp      = "*"\n'
    assert project(text, SLACK) == f'{text}apache-airflow-providers-slack     = ">=8.6"\n'


def test_a_table_at_the_end_of_the_file_needs_no_line_end() -> None:
    assert project(POETRY.strip(), SLACK, AMAZON) == f"{POETRY}{ADDED}".rstrip()


def test_an_extra_makes_an_inline_table() -> None:
    text = f'{POETRY}apache-airflow = {{ version = "2", extras = ["x"] }}\n'
    assert project(text, f"{AMAZON}[s3fs,pandas]>=9").splitlines()[-1] == (
        f'{AMAZON} = {{ version = ">=9", extras = ["s3fs", "pandas"] }}'
    )


def test_a_group_of_poetry_and_one_of_pixi_are_tables_too() -> None:
    for header in ("tool.poetry.group.image.dependencies", "tool.pixi.feature.image.pypi-dependencies"):
        text = f'[tool.x]\ny = 1\n[{header}]\napache-airflow = "*"\n'
        file = TomlFile.read(Source("pyproject.toml", text))
        route = tuple(header.split("."))
        for region in (file.key(route), file.key((*route, AIRFLOW))):
            new = judged(with_all("pyproject.toml", text, SLACK, beside=region))
            for key in route:
                new = new[key]
            assert new == {AIRFLOW: "*", "apache-airflow-providers-slack": ">=8.6"}


def test_an_entry_that_is_a_table_is_no_list() -> None:
    text = f"{POETRY}apache-airflow = {{ version = '2' }}\n"
    region = TomlFile.read(Source("pyproject.toml", text)).key(("tool", "poetry", "dependencies", AIRFLOW))
    assert with_all("pyproject.toml", text, AMAZON, beside=region) == f'{text}{AMAZON} = "*"\n'


@given(NAMES, st.booleans(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "  # c"]), NEW)
@settings(max_examples=some(200), deadline=None)
def test_any_table_takes_any_additions_at_once(
    items: list[str], ends: bool, eol: str, comment: str, new: list[str]
) -> None:
    names = [each.split("[")[0].split("<")[0].split(">")[0].strip() for each in items]
    lines = ["[tool.poetry.dependencies]", *(f'{each} = "*"{comment}' for each in names)]
    text = eol.join(lines) + (eol if ends else "")
    if f"{AMAZON}[s3fs]>=9" in new and AMAZON in new:
        new = [AMAZON]
    table = judged(project(text, *new))["tool"]["poetry"]["dependencies"]
    assert [each for each in table if each in names] == names
    assert len(table) == len(names) + len(new)


def test_a_pipfile_is_a_table() -> None:
    text = '[packages]\n"apache-airflow" = "*"\n\n[dev-packages]\npytest = "*"\n'
    new = with_all("Pipfile", text, SLACK, AMAZON)
    assert judged(new)["packages"] == {
        AIRFLOW: "*",
        AMAZON: "*",
        "apache-airflow-providers-slack": ">=8.6",
    }
    assert '"apache-airflow-providers-slack" = ' in new


# Files of lines


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{AMAZON}\n{SLACK}\n"),
        ("# none", f"# none\n{AMAZON}\n{SLACK}"),
        ("# none\n", f"# none\n{AMAZON}\n{SLACK}\n"),
        ("-r base.txt\n", f"-r base.txt\n{AMAZON}\n{SLACK}\n"),
        (f"{AIRFLOW}==2  # x\r\n\r\nzstd\r\n", f"{AIRFLOW}==2  # x\r\n{AMAZON}\r\n{SLACK}\r\n\r\nzstd\r\n"),
        ("zstd  # x\n      # y\n# z\n", f"zstd  # x\n      # y\n{AMAZON}\n{SLACK}\n# z\n"),
        ("zstd  # x\n  # y\n# z\n", f"zstd  # x\n  # y\n{AMAZON}\n{SLACK}\n# z\n"),
        (
            "# p\npandas  # x\n  # y\nzstd\n# b\na-b\n",
            f"# p\npandas  # x\n  # y\nzstd\n# b\na-b\n{AMAZON}\n{SLACK}\n",
        ),
        (
            f"pandas  # x\n  # y\n# z\n{NEXT}\n{LAST}\n",
            f"pandas  # x\n  # y\n{AMAZON}\n{SLACK}\n# z\n{NEXT}\n{LAST}\n",
        ),
        (f"zstd\n{AIRFLOW}", f"zstd\n{AIRFLOW}\n{AMAZON}\n{SLACK}"),
        ("# p\npandas\nzstd", f"# p\n{AMAZON}\n{SLACK}\npandas\nzstd"),
        ("# Image\n\n# p\npandas\nzstd", f"# Image\n\n{AMAZON}\n{SLACK}\n# p\npandas\nzstd"),
        (f"{AIRFLOW} \\\n  ==2\nzstd\n", f"{AIRFLOW} \\\n  ==2\n{AMAZON}\n{SLACK}\nzstd\n"),
    ],
)
def test_a_requirements_file_keeps_its_style(before: str, after: str) -> None:
    assert with_all("requirements.txt", before, SLACK, AMAZON) == after


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "# This file is autogenerated by pip-compile\napache-airflow==2\n"),
        ("requirements.txt", "apache-airflow==2 \\\n    --hash=sha256:00\n"),
        ("environment.yml", "dependencies:\n  - apache-airflow\n"),
        ("setup.cfg", "[options]\ninstall_requires = apache-airflow\n"),
        ("Dockerfile", "RUN pip install apache-airflow\n"),
        ("setup.py", "setup(install_requires=['apache-airflow'])\n"),
    ],
)
def test_what_has_no_plain_list_is_left_alone(path: str, text: str) -> None:
    assert added(Source(path, text), SLACK) == ()


SETUP = """\
[options]
packages = find:
install_requires =
    apache-airflow>=2
{}    zstd; a>'3'

[x]
a = 1
"""


def test_setup_cfg_keeps_its_style() -> None:
    expected = SETUP.format(f"    {AMAZON}\n    {SLACK}\n")
    assert with_all("setup.cfg", SETUP.format(""), SLACK, AMAZON) == expected


def test_the_list_of_setup_cfg_that_is_beside_is_taken() -> None:
    text = SETUP.format("") + "[options.extras_require]\nimage =\n  apache-airflow\n"
    region = Region("setup.cfg", 11, 3, 11, 17)
    assert with_all("setup.cfg", text, SLACK, beside=region) == f"{text}  {SLACK}\n"


def test_the_pip_list_of_a_conda_environment_keeps_its_style() -> None:
    text = "dependencies:\n  - python\n  - pip:\n      - 'apache-airflow==2'\n{}      - zstd\n  - gcc\n"
    expected = text.format(f"      - '{AMAZON}'\n      - '{SLACK}'\n")
    assert with_all("environment.yml", text.format(""), SLACK, AMAZON) == expected


# Changes of what is declared


def declared(text: str, part: str) -> tuple[Source, Region]:
    source = Source("pyproject.toml" if text[0] == "[" else "requirements.txt", text)
    start = text.index(part)
    return source, source.region(start, start + len(part))


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("dag[x]==1\n", "dag[x]==1", "dag[x,s3fs]==1\n"),
        ("dag==1; a>'2'\n", "dag==1; a>'2'", "dag[s3fs]==1; a>'2'\n"),
        ("dag [a, b] @ git+https://x\n", "dag [a, b] @ git+https://x", "dag [a, b, s3fs] @ git+https://x\n"),
        (
            "[project]\ndependencies = ['dag>=1']\n",
            "'dag>=1'",
            "[project]\ndependencies = ['dag[s3fs]>=1']\n",
        ),
        ("[project]\ndependencies = ['dag[]']\n", "'dag[]'", "[project]\ndependencies = ['dag[s3fs]']\n"),
        (f"{POETRY}dag = '^1'\n", "dag", f"{POETRY}dag = {{version = '^1', extras = [\"s3fs\"]}}\n"),
        (
            f"{POETRY}dag = {{ version = '^1', extras = ['x'] }}\n",
            "dag",
            f"{POETRY}dag = {{ version = '^1', extras = ['x', 's3fs'] }}\n",
        ),
        (f"{POETRY}dag = {{ git = '1' }}\n", "dag", f"{POETRY}dag = {{ git = '1', extras = [\"s3fs\"] }}\n"),
    ],
)
def test_an_extra_is_put_in(text: str, part: str, expected: str) -> None:
    source, region = declared(text, part)
    new = applied(source, with_extra(source, region, "s3fs"))
    assert new == expected
    if source.path == "pyproject.toml":
        judged(new)
        again, region = declared(new, "dag" if part == "dag" else new[new.index("'dag") : new.index("]\n")])
    else:
        again, region = declared(new, new.strip())
    assert with_extra(again, region, "s3fs") == ()


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("dag[x]\n", "dag[x]", "dag[x]>=2.1\n"),
        ("dag >= 1.0, <3 ; a>'2'\n", "dag >= 1.0, <3 ; a>'2'", "dag >= 2.1, <3 ; a>'2'\n"),
        ("[project]\ndependencies = ['dag (>=1,<3)']\n", "'dag (>=1,<3)'", None),
        (f"{POETRY}dag = '*'\n", "dag", f"{POETRY}dag = '>=2.1'\n"),
        (f"{POETRY}dag = {{version = '^2.0'}}\n", "dag", f"{POETRY}dag = {{version = '^2.1'}}\n"),
        (f"{POETRY}dag.version = '^2.0'\n", "dag", f"{POETRY}dag.version = '^2.1'\n"),
        (f"{POETRY[:-2]}.dag]\nversion = '2.*'\n", "tool.poetry.dependencies.dag", None),
    ],
)
def test_a_bound_is_raised(text: str, part: str, expected: str | None) -> None:
    source, region = declared(text, part)
    new = applied(source, with_lower_bound(source, region, "2.1"))
    if expected is None:
        expected = text.replace(">=1,", ">=2.1,").replace("2.*", ">=2.1,<3")
    assert new == expected


@pytest.mark.parametrize(
    "text",
    [
        "dag>=1\n    # via x\n",
        "dag>=1 --hash=sha256:00\n",
        "dag>=1 \\\n    --hash=sha256:00\n",
        "# This file was autogenerated by uv\ndag>=1\n",
    ],
)
def test_a_compiled_list_is_not_changed(text: str) -> None:
    source, region = declared(text, "dag>=1")
    assert added(source, SLACK) == ()
    assert with_extra(source, region, "s3fs") == ()
    assert with_lower_bound(source, region, "2.1") == ()


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ("", ">=2.1"),
        ("*", ">=2.1"),
        (">=1.0,<3", ">=2.1,<3"),
        (">1, !=2.0", ">=2.1, !=2.0"),
        ("<3", ">=2.1,<3"),
        ("~=2.0", ">=2.1,~=2.0"),
        ("==2.*", ">=2.1,<3"),
        ("^2", "^2.1"),
        ("^2.0.5", "^2.1"),
        ("~2", ">=2.1,<3"),
        ("2.*", ">=2.1,<3"),
        (">=2.1", None),
        (">=3", None),
        ("<2", None),
        ("==1.0", None),
        ("===1.0", None),
        ("1.0", None),
        ("^1.0", None),
        ("^3", None),
        ("~2.0", None),
        ("~=1.0", None),
        ("!=2.1", None),
        ("^1 || ^2", None),
        ("latest", None),
    ],
)
def test_a_specifier_is_raised_or_left(versions: str, expected: str | None) -> None:
    assert raised(versions, "2.1") == expected
