"""What a Jinja template needs: held against what jinja2 says of the same texts, by hand."""

from __future__ import annotations

import pytest
from airwarden.alerts.templates import asks_for, guarded, is_broken, is_template, needs


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("nothing", ()),
        ("{{ ti.task_id }}", ("ti",)),
        ("{{ti}}{{ ds }}{{ ti }}", ("ti", "ds")),
        ("{{ ti['x'] }} {{ dag.ti }} {{ dag . ti }}", ("ti", "dag")),
        ("{{ f(ti=1) }} {{ f(ti==1) }}", ("f", "ti")),
        ("{{ ds|upper }} {{ ds | nice }} {{ ds  |  nice }}", ("ds",)),
        ("{{ 'ti' }} {# ti #} ti", ()),
        ("{% raw %}{{ ti }}{% endraw %}", ()),
        ("{% if ti %}x{% endif %}", ("ti",)),
        ("{%\nif ti\n%}x{% endif %}", ("ti",)),
        ("{{ ti.x | default('n/a') }}", ("ti",)),
        ("{{ not ti }} {{ ds in dag }}", ("ti", "ds", "dag")),
        ("{{ true and False or none }}", ()),
        ("{% for t in tasks %}{{ t }} {{ loop.index }}{% endfor %}{{ t }}", ("tasks", "t")),
        ("{% set x = ds %}{{ x }}", ("ds",)),
        ("{% filter upper %}{{ ti }}{% endfilter %}", ("ti",)),
    ],
)
def test_needs(template: str, names: tuple[str, ...]) -> None:
    assert needs(template) == names


@pytest.mark.parametrize(
    "template",
    [
        "{{ ti.x if ti is defined else 'n/a' }}",
        "{{ ti.x if ti is defined }}",
        "{{ ti is defined and ti.x }}",
        "{{ ti | default('') }} {{ ti|d('') }}",
        "{% if ti is defined %}{{ ti.x }}{% if ti.y %}{{ ti.z }}{% endif %}{% endif %}",
        "{%- if ti is defined -%}{{- ti.x -}}{%- endif -%}",
        "{% if ti is not defined %}-{% else %}{{ ti.x }}{% endif %}",
        "{% if dag is defined %}-{% elif ti is defined %}{{ ti.x }}{% endif %}",
        "{% if ti is undefined %}-{% else %}{{ ti.x }}{% endif %}",
        "{% set ti = 1 %}{{ ti }}",
        "{{ ti is none }} {{ ti is not string }}",
    ],
)
def test_a_name_that_is_asked_for_is_not_needed(template: str) -> None:
    assert needs(template) == ()


@pytest.mark.parametrize(
    "template",
    [
        "{% if ti is defined %}{{ ti.x }}{% endif %}{{ ti.x }}",
        "{% if ds is defined %}{{ ti.x }}{% endif %}",
        "{{ ti.x is none }}",
        "{{ ti is none or ti.x }}",
    ],
)
def test_a_question_holds_for_its_own_name_and_place(template: str) -> None:
    assert needs(template) == ("ti",)


@pytest.mark.parametrize(
    "template",
    [
        "{% macro show(ti) %}{{ ti }}{% endmacro %}",
        "{% with ti = 1 %}{{ ti }}{% endwith %}",
        "{% include 'x' %}{{ ti }}",
        "{% set ti %}x{% endset %}{{ ti }}",
        "{% %}{{ ti }}",
    ],
)
def test_nothing_is_known_of_blocks_that_hide_names(template: str) -> None:
    assert needs(template) == ()


def test_one_name_may_imply_others() -> None:
    implied = {"ds": ["ti", "ds"], "ti": ["ti", "task"]}
    assert needs("{% if ds is defined %}{{ ti }}{{ ds }}{{ task }}{% endif %}", implied) == ("task",)
    assert needs("{{ task if ti is defined else ds }}", implied) == ("ds",)


def test_is_template() -> None:
    assert [is_template(text) for text in ("{{ x }}", "a {% if x %}{% endif %}", "{# x #}")] == [True] * 3
    assert [is_template(text) for text in ("", "{x}", "100 %", "{{ x")] == [False] * 4


def test_is_broken() -> None:
    assert [is_broken(text) for text in ("{{ x", "{% if x %", "{{ x }} {{")] == [True] * 3
    assert [is_broken(text) for text in ("", "{{ x }}", "{% raw %}{{{% endraw %}", "{x}")] == [False] * 4


def test_asks_for() -> None:
    assert asks_for("{{ ti.log_url }}", "log_url")
    assert asks_for("{% if task_instance . log_url %}{% endif %}", "log_url")
    assert not asks_for("{{ ti.log_urls }} {{ 'x.log_url' }} ti.log_url", "log_url")


@pytest.mark.parametrize(
    ("literal", "mended"),
    [
        ('"{{ ti.task_id }}"', "\"{{ ti.task_id if ti is defined else 'n/a' }}\""),
        ("'{{ti.task_id}}'", "'{{ ti.task_id if ti is defined else \"n/a\" }}'"),
        ('"{{- ti.a.b -}} {{ dag }}"', "\"{{- ti.a.b if ti is defined else 'n/a' -}} {{ dag }}\""),
        (
            '"{{ ti }}" """\n{{ ti.x }}"""',
            '"{{ ti if ti is defined else \'n/a\' }}" """\n{{ ti.x if ti is defined else \'n/a\' }}"""',
        ),
        ('r"\\d {{ ti }}"', "r\"\\d {{ ti if ti is defined else 'n/a' }}\""),
    ],
)
def test_guarded(literal: str, mended: str) -> None:
    assert guarded(literal, {"ti"}) == mended


def test_guarded_keeps_lines_and_comments() -> None:
    literal = '"{{ dag.dag_id }}\\n"  # the DAG\r\n        "<{{ ti.log_url }}|Logs>"'
    mended = guarded(literal, {"ti"})
    assert mended == literal.replace("ti.log_url", "ti.log_url if ti is defined else 'n/a'")


@pytest.mark.parametrize(
    "literal",
    [
        'f"{{{{ ti.x }}}}"',
        'b"{{ ti.x }}"',
        '"{% if ti %}x{% endif %}"',
        '"{{ ti.x | default(1) }}"',
        '"{{ ti.f() }}"',
        '"{{ ti" ".x }}"',
        '"{{ ti.x }}" + x',
        "x",
        '"unclosed',
    ],
)
def test_what_can_not_be_guarded(literal: str) -> None:
    assert guarded(literal, {"ti"}) is None
