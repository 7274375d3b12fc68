"""Pulls of XComs, as code and templates write them."""

from __future__ import annotations

import pytest
from airwarden.dag import DagFile
from airwarden.outputs.pulls import Pull, pulls_in, pulls_of
from airwarden.source import Source


def only_pull(code: str) -> Pull:
    (found,) = pulls_of(DagFile.read(Source("dags/x.py", code)))
    return found


@pytest.mark.parametrize(
    ("code", "ids"),
    [
        ("ti.xcom_pull('a')", ("a",)),
        ("ti.xcom_pull(task_ids='a', key='b')", ("a",)),
        ("ti.xcom_pull(['a', 'b'])", ("a", "b")),
        ("self.xcom_pull(context, 'a')", ("a",)),
        ("self.xcom_pull(context, task_ids=('a',))", ("a",)),
        ("ti.xcom_pull()", ()),
        ("ti.xcom_pull(task_ids=None, key='b')", ()),
        ("ti.xcom_pull(key='b')", ()),
        ("ti.xcom_pull(name)", None),
        ("ti.xcom_pull([name, 'a'])", None),
        ("ti.xcom_pull(**options)", None),
        ("A = 'a'\nti.xcom_pull(A)", ("a",)),
        ("made = Op(task_id='a')\nti.xcom_pull(made.task_id)", ("a",)),
        ("x = '{{ ti.xcom_pull(\"a\") }}'", ("a",)),
        ("made = Op(task_id='a')\nx = f\"{{{{ ti.xcom_pull('{made.task_id}') }}}}\"", ("a",)),
        ("x = f\"{{{{ ti.xcom_pull('{a}') }}}}\"", None),
        ('x = "{{ ti.xcom_pull(\'" + a + "\') }}"', None),
    ],
)
def test_the_ids_that_a_pull_names(code: str, ids: tuple[str, ...] | None) -> None:
    assert only_pull(code).ids == ids


@pytest.mark.parametrize(
    "code",
    [
        "def f(ti): ti.xcom_pull(ti.task_id)",
        "def f(**context): context['ti'].xcom_pull(task_ids=context['task'].task_id)",
        "def f(ti): ti.xcom_pull(task_ids=[ti.task.task_id])",
        "def f(self, context): self.xcom_pull(context, self.task_id)",
        "x = '{{ ti.xcom_pull(task_ids=task.task_id) }}'",
    ],
)
def test_a_task_may_name_itself(code: str) -> None:
    assert only_pull(code).is_own


@pytest.mark.parametrize(
    "code",
    [
        "def f(ti): ti.xcom_pull(made.task_id)",
        "def f(ti, tasks):\n    for task in tasks:\n        ti.xcom_pull(task.task_id)",
        "x = '{{ ti.xcom_pull(task_ids=params.task_id) }}'",
    ],
)
def test_another_task_is_not_itself(code: str) -> None:
    pull = only_pull(code)
    assert not pull.is_own
    assert pull.ids is None


@pytest.mark.parametrize(
    ("arguments", "key", "is_elsewhere"),
    [
        ("'a'", "return_value", False),
        ("'a', key='b'", "b", False),
        ("'a', None, 'b'", "b", True),
        ("'a', key=b", None, False),
        ("'a', dag_id='b'", "return_value", True),
        ("'a', include_prior_dates=True", "return_value", True),
        ("'a', run_id=b", "return_value", True),
        ("task_ids='a', map_indexes=[1]", "return_value", True),
    ],
)
def test_code_and_templates_are_read_alike(arguments: str, key: str | None, is_elsewhere: bool) -> None:
    (in_template,) = pulls_in(f"{{{{ ti.xcom_pull({arguments}) }}}}")
    for pull in (only_pull(f"ti.xcom_pull({arguments})"), in_template):
        assert (pull.ids, pull.key) == (("a",), key)
    assert in_template.is_elsewhere == is_elsewhere


def test_a_template_that_is_no_python_is_not_known() -> None:
    for text in ("{{ ti.xcom_pull('a' ~ b) }}", "{{ ti.xcom_pull('a'", "{{ ti.xcom_pull(a|b c) }}"):
        (pull,) = pulls_in(text)
        assert pull.ids is None
        assert pull.may_be_of("anything")


def test_groups_put_their_names_before_an_id() -> None:
    pull = only_pull("ti.xcom_pull('group.a')")
    assert pull.may_be_of("a")
    assert pull.may_be_of("outer.group.a")
    assert not pull.may_be_of("group")


@pytest.mark.parametrize("opening", ["-", "not ", "lambda: "])
def test_arguments_that_are_nested_too_deeply_tell_nothing(opening: str) -> None:
    (pull,) = pulls_in(f"{{{{ ti.xcom_pull({opening * 120}1) }}}}")
    assert (pull.ids, pull.is_elsewhere) == (None, True)
