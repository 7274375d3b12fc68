"""What build files tell: looking for words first, and in few lines, finds what the patterns alone find."""

from __future__ import annotations

import pytest
from airwarden.dependencies import build_files
from airwarden.source import Source
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import some

_Clue = type(build_files._COMPILED)
CLUES = [each for each in vars(build_files).values() if isinstance(each, _Clue)]
CLUES += [*build_files._VERSIONS, *(clue for _, clue in build_files._SERVICES), build_files._beginnings()]


@pytest.mark.parametrize("clue", CLUES, ids=lambda clue: clue.expression[:30])
@settings(max_examples=some(25), deadline=None)
@given(data=st.data())
def test_whatever_a_pattern_is_found_in_has_one_of_its_words(
    clue: build_files._Clue, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(clue.pattern))
    assert any(word in text for word in clue.words)
    assert [match.span() for match in clue.finditer(text)] == [
        match.span() for match in clue.pattern.finditer(text)
    ]


pieces = st.sampled_from(
    [
        *(
            "apache-airflow",
            "Apache_Airflow-providers-google",
            "apache.airflow",
            "airflow",
            "astronomer-cosmos",
        ),
        *("s3fs", "S3FS", "dag_factory", "[aws,", "s3]", "==2.9.3", ">=2 ,<3", "\n", "\n", "\r\n", " ", "# "),
        *("-", "x", "_", "İ", ".whl", "apache_airflow-2.9.0-py3-none-any.whl"),
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_distributions_are_found_line_by_line_as_in_the_whole(text: str) -> None:
    whole = [match.span() for match in build_files._distributions().finditer(text)]
    assert [match.span() for match in build_files._named(text)] == whole


def test_a_path_that_speaks_of_a_service_is_known() -> None:
    paths = ("infra/MWAA/main.tf", "gcp-Composer/x.yaml", "composer/x.yaml", "docs/mwaa.md", "dags/a.py")
    assert [build_files.service_of(path) for path in paths] == ["mwaa", "composer", None, None, None]


def test_a_list_is_compiled_and_constrained_where_its_words_say_so() -> None:
    compiled = Source("requirements.txt", "a==1 \\\n    --hash=sha256:0\n")
    assert build_files.is_compiled(compiled)
    assert not build_files.is_constrained(compiled)
    assert build_files.is_constrained(Source("requirements.txt", "-c constraints.txt\na\n"))


def test_a_text_is_looked_through_once_for_all_stages() -> None:
    class Text(str):
        looks = 0

        def lower(self) -> str:
            self.looks += 1
            return super().lower()

    text = Text("FROM apache/airflow:2.10.0 AS a\n" * 9)
    assert len(list(build_files.base_images(Source("Dockerfile", text)))) == 9
    assert text.looks == 1
