"""The engine, with rules and models made here: what is checked, and what becomes of what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from airwarden.config import Config
from airwarden.deployment.effective import Deployment
from airwarden.engine import check, files_of
from airwarden.findings import Finding, Level, Region
from airwarden.repo import Repo
from airwarden.report import Report
from airwarden.rule import Rule
from airwarden.source import Source, Unreadable
from airwarden.suppressions import Suppression
from airwarden.tracing import Tracer

if TYPE_CHECKING:
    from tests.conftest import MakeRepository


@dataclass
class Memory:
    """A repository in memory: .py files are DAGs, .yaml files values; what says `broken` can't be read."""

    texts: Mapping[str, str]
    root: Path = Path("/nowhere")
    read: list[str] = field(default_factory=list)
    tracer: Tracer = field(default_factory=Tracer)

    @property
    def config(self) -> Config:
        return Config()

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(sorted(self.texts))

    @property
    def dependencies(self) -> object:
        broken = [path for path in self.files if path.endswith(".toml") and "broken" in self.texts[path]]
        return SimpleNamespace(
            unreadable=tuple(Unreadable(Region(p, 1, 1, 1, 2), "is broken") for p in broken)
        )

    def made(self, kind: object) -> None:  # noqa: ARG002
        return None

    def relative(self, path: Path) -> str | None:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else None

    def closed(self, path: str) -> None:  # noqa: ARG002
        return None

    def too_big(self, path: str) -> None:  # noqa: ARG002
        return None

    def is_dag_file(self, path: str) -> bool:
        return path.endswith(".py")

    def is_values_file(self, path: str) -> bool:
        return path.endswith(".yaml")

    def dag_file(self, path: str) -> Source:
        return self._model(path)

    def values_files(self, path: str) -> list[Source]:
        return [] if "not airflow" in self.texts[path] else [self._model(path)]

    def source(self, path: str) -> Source:
        if "undecodable" in self.texts[path]:
            raise Unreadable(Region(path, 1, 1, 1, 1), "is not utf-8 text")
        return Source(path, self.texts[path])

    def _model(self, path: str) -> Source:
        self.read.append(path)
        if "explosive" in self.texts[path]:
            raise RecursionError(self.texts[path])
        if "broken" in self.texts[path]:
            raise Unreadable(Region(path, 2, 3, 2, 4), "is broken")
        return self.source(path)


def rule(name: str, family: str = "xcom", level: Level = "error") -> Rule:
    return Rule(
        f"airwarden.rules.{family}.{name}",
        help="Harm.",
        level=level,
        remedy="Mend it.",
        see="https://x.example",
    )


def marks(
    found: Rule, word: str, level: Level | None = None
) -> Callable[[Source, object], Iterator[Finding]]:
    """A check that flags each place of a word."""

    def flag(source: Source, repo: object) -> Iterator[Finding]:  # noqa: ARG001
        for number in range(1, len(source.starts) + 1):
            column = source.line(number).find(word)
            if column >= 0:
                region = Region(source.path, number, column + 1, number, column + 1 + len(word))
                yield found.finding(region, f"{word} is here", level=level)

    return flag


def rules_for_words(**words: str) -> dict[str, Rule]:
    """For each `name="word"` a rule that flags the word in DAG and values files."""
    made = {}
    for name, word in words.items():
        one = rule(name)
        one.dag_checks.append(cast("Any", marks(one, word)))
        one.values_checks.append(cast("Any", marks(one, word)))
        made[one.id] = one
    return made


def unreadable() -> Rule:
    one = rule("unreadable_file", "hygiene")

    @one.unreadable
    def flag(fault: Unreadable) -> Iterator[Finding]:
        yield one.finding(fault.region, fault.reason)

    return one


def unused() -> Rule:
    one = rule("unused_suppression", "hygiene", "warning")

    @one.unused
    def flag(suppression: Suppression) -> Iterator[Finding]:
        yield one.finding(suppression.region, f"{suppression.name} is idle")

    return one


def run(
    texts: Mapping[str, str], rules: Mapping[str, Rule], config: Config | None = None, **more: Any
) -> Report:
    repo = cast("Repo", Memory(texts))
    return check(repo, more.pop("paths", None), config or Config(), rules, **more)


def places(report: Report) -> list[tuple[str, int, str]]:
    return [(f.region.path, f.region.line, f.rule) for f in report.findings]


def with_hygiene(rules: dict[str, Rule]) -> dict[str, Rule]:
    return rules | {"unreadable-file": unreadable(), "unused-suppression": unused()}


# Order and identity


def test_findings_stand_in_a_stable_order_whatever_the_rules() -> None:
    rules = rules_for_words(second="beta", first="alpha")
    texts = {"b.py": "alpha beta\nbeta", "a.yaml": "beta\nalpha beta"}
    expected = [
        ("a.yaml", 1, "second"),
        ("a.yaml", 2, "first"),
        ("a.yaml", 2, "second"),
        ("b.py", 1, "first"),
        ("b.py", 1, "second"),
        ("b.py", 2, "second"),
    ]
    assert places(run(texts, rules)) == expected
    assert places(run(texts, dict(reversed(rules.items())))) == expected


def test_one_file_alone_gives_what_the_whole_gives_for_it() -> None:
    rules, texts = rules_for_words(first="alpha"), {"a.py": "alpha", "b.py": "x\nalpha", "c.yaml": "alpha"}
    whole = run(texts, rules)
    for path in texts:
        assert run(texts, rules, paths=[path]).findings == tuple(
            f for f in whole.findings if f.region.path == path
        )


def test_a_finding_made_twice_is_told_once() -> None:
    rules = rules_for_words(first="alpha")
    one = rules["first"]
    one.dag_checks.append(one.dag_checks[0])
    assert len(run({"a.py": "alpha"}, rules).findings) == 1


def test_a_general_rule_is_silent_where_an_exact_one_of_its_family_speaks() -> None:
    rules = rules_for_words(exact="bad token", general="token")
    rules["general"].general = True
    texts = {"a.py": "bad token\nlone token\n"}
    assert places(run(texts, rules)) == [("a.py", 1, "exact"), ("a.py", 2, "general")]
    assert places(run(texts, {"general": rules["general"]})) == [
        ("a.py", 1, "general"),
        ("a.py", 2, "general"),
    ]
    rules["general"].module = "airwarden.rules.secrets.general"
    assert len(run(texts, rules).findings) == 3


def test_the_report_holds_the_text_of_files_with_findings_and_counts_all() -> None:
    report = run({"a.py": "alpha", "b.py": "", "c.txt": "alpha"}, rules_for_words(first="alpha"))
    assert set(report.sources) == {"a.py"}
    assert report.checked == 2


def test_values_of_something_else_are_not_checked() -> None:
    report = run({"a.yaml": "not airflow: alpha"}, rules_for_words(first="alpha"))
    assert (report.checked, report.findings) == (0, ())


# Which files


def test_a_file_is_checked_once_whatever_name_it_goes_by(make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": "", "dags/b.py": "", "other/c.py": "", "outside.txt": ""})
    (root / "link.py").symlink_to("dags/a.py")
    repo = Repo(root)
    names = ["dags/a.py", "./dags/a.py", "dags/../dags/a.py", str(root / "dags/a.py"), "link.py", "dags"]
    assert files_of(repo, names) == ["dags/a.py", "dags/b.py"]
    assert files_of(repo, ["."]) == files_of(repo, None) == sorted(repo.files)
    assert "other/c.py" in repo.files


def test_a_folder_is_not_a_prefix_of_its_neighbour(make_repository: MakeRepository) -> None:
    repo = Repo(make_repository({"dags/a.py": "", "dags_old/b.py": ""}))
    assert files_of(repo, ["dags"]) == ["dags/a.py"]


def test_what_the_repository_leaves_out_is_not_checked_by_name_either(
    make_repository: MakeRepository,
) -> None:
    root = make_repository({".gitignore": "build/\n", "build/a.py": "alpha", "kept.py": "airflow"})
    assert files_of(Repo(root), ["build/a.py", "build", "/elsewhere/a.py"]) == []


def test_the_progress_is_given_every_file() -> None:
    seen: list[str] = []

    def watch(files: Any) -> Iterator[str]:
        for path in files:
            seen.append(path)
            yield path

    run({"a.py": "", "b.txt": ""}, {}, progress=watch)
    assert seen == ["a.py", "b.txt"]


# Files that can't be read


def test_an_unreadable_file_is_a_finding_and_the_rest_goes_on() -> None:
    rules = with_hygiene(rules_for_words(first="alpha"))
    texts = {"a.py": "broken", "b.py": "alpha", "c.yaml": "broken", "pyproject.toml": "broken"}
    report = run(texts, rules)
    assert places(report) == [
        ("a.py", 2, "unreadable-file"),
        ("b.py", 1, "first"),
        ("c.yaml", 2, "unreadable-file"),
        ("pyproject.toml", 1, "unreadable-file"),
    ]
    assert not report.crashes


def test_a_file_that_is_no_text_is_a_finding_without_a_source() -> None:
    report = run({"a.py": "undecodable"}, with_hygiene({}))
    assert places(report) == [("a.py", 1, "unreadable-file")]
    assert report.sources == {}


# Crashes


def test_a_crash_is_told_without_the_files_text_and_the_others_finish() -> None:
    rules = rules_for_words(first="alpha")
    bad = rules["bad"] = rule("bad")

    @bad.dag
    def explode(dag_file: Any, repo: Any) -> Iterator[Finding]:  # noqa: ARG001
        yield bad.finding(Region(dag_file.path, 1, 1, 1, 2), "before")
        raise KeyError(dag_file.text)

    report = run({"a.py": "alpha not-a-real-password", "b.py": "alpha"}, rules)
    assert [(c.rule, c.path) for c in report.crashes] == [("bad", "a.py"), ("bad", "b.py")]
    assert report.crashes[0].message.startswith("KeyError in airwarden.judging, line ")
    assert "not-a-real" not in repr(report.crashes)
    assert places(report) == [
        ("a.py", 1, "bad"),
        ("a.py", 1, "first"),
        ("b.py", 1, "bad"),
        ("b.py", 1, "first"),
    ]


def test_a_model_that_crashes_takes_down_its_file_alone() -> None:
    report = run({"a.py": "explosive alpha", "b.py": "alpha"}, rules_for_words(first="alpha"))
    assert [(c.rule, c.path) for c in report.crashes] == [("(reading)", "a.py")]
    assert places(report) == [("b.py", 1, "first")]


def test_a_finding_in_another_file_is_the_rules_fault() -> None:
    stray = rule("stray")

    @stray.dag
    def flag(dag_file: Any, repo: Any) -> Iterator[Finding]:  # noqa: ARG001
        yield stray.finding(Region("b.py", 1, 1, 1, 2), "over there")

    report = run({"a.py": "", "b.yaml": ""}, {"stray": stray})
    assert [c.rule for c in report.crashes] == ["stray"]
    assert report.findings == ()


# Suppressions


def test_a_suppressed_finding_is_counted_and_gone() -> None:
    report = run({"a.py": "alpha  # airwarden: ignore[first] known\nalpha"}, rules_for_words(first="alpha"))
    assert places(report) == [("a.py", 2, "first")]
    (silenced,) = report.silenced
    assert (silenced.finding.region.line, silenced.kind, silenced.why.reason) == (1, "in-source", "known")
    assert report.suppressed == 1


def test_a_fingerprint_is_the_same_whether_others_are_silenced_or_not() -> None:
    rules = rules_for_words(first="alpha")
    plain = run({"a.py": "alpha\nalpha\nalpha"}, rules)
    report = run({"a.py": "alpha\nalpha  # airwarden: ignore[first]\nalpha"}, rules)
    first, second, third = plain.fingerprints
    assert (report.fingerprints, report.silenced_fingerprints) == ((first, third), (second,))


def test_a_family_or_a_whole_file_may_be_suppressed() -> None:
    rules = with_hygiene(rules_for_words(first="alpha", second="beta"))
    assert places(run({"a.py": "# airwarden: ignore[xcom]\nalpha beta"}, rules)) == []
    assert places(run({"a.py": "alpha\n# airwarden: ignore-file[first]\nalpha beta"}, rules)) == [
        ("a.py", 3, "second")
    ]


def test_an_idle_suppression_is_told() -> None:
    rules = with_hygiene(rules_for_words(first="alpha"))
    text = "beta  # airwarden: ignore[first]\nalpha  # airwarden: ignore[first, misspelt]"
    report = run({"a.py": text}, rules)
    assert [(f.region.line, f.message) for f in report.findings] == [
        (1, "first is idle"),
        (2, "misspelt is idle"),
    ]


def test_a_suppression_of_a_rule_that_did_not_run_is_not_idle() -> None:
    families = {"first": "xcom", "second": "xcom", "unused-suppression": "hygiene"}
    rules = {"unused-suppression": unused()} | rules_for_words(first="alpha")
    text = "# airwarden: ignore-file[second]\n# airwarden: ignore-file[xcom]\n# airwarden: ignore-file[third]"
    report = run({"a.py": text}, rules, families=families)
    assert [f.message for f in report.findings] == ["third is idle"]


@pytest.mark.parametrize("text", ["broken", "explosive"])
def test_a_suppression_in_a_file_that_no_rule_could_judge_is_not_idle(text: str) -> None:
    rules = {"unused-suppression": unused()} | rules_for_words(first="alpha")
    assert run({"a.py": f"x = 1  # airwarden: ignore[first] {text}"}, rules).findings == ()


def test_a_suppression_of_a_rule_that_crashed_is_not_idle() -> None:
    bad = rule("bad")

    @bad.dag
    def explode(dag_file: Any, repo: Any) -> Iterator[Finding]:  # noqa: ARG001
        raise ValueError
        yield

    report = run({"a.py": "x  # airwarden: ignore[bad]"}, {"bad": bad, "unused-suppression": unused()})
    assert (len(report.crashes), report.findings) == (1, ())


def test_word_of_an_idle_suppression_may_itself_be_suppressed() -> None:
    rules = with_hygiene(rules_for_words(first="alpha"))
    text = "x = 1  # airwarden: ignore[first] # airwarden: ignore[unused-suppression]"
    assert run({"a.py": text}, rules).findings == ()


def test_an_unreadable_file_may_be_suppressed() -> None:
    text = "# airwarden: ignore-file[unreadable-file] a template\nbroken"
    report = run({"a.py": text, "b.toml": text}, with_hygiene({}))
    assert (report.findings, report.suppressed) == ((), 2)


# Settings


def test_files_may_be_exempt_from_rules_and_families() -> None:
    rules = rules_for_words(first="alpha", second="beta")
    texts = {"dags/a.py": "alpha beta", "dags/old/b.py": "alpha beta", "c.py": "alpha beta"}
    config = Config(per_file_ignores={"dags/old/": ("xcom",), "c.py": ("first",)})
    assert places(run(texts, rules, config)) == [
        ("c.py", 1, "second"),
        ("dags/a.py", 1, "first"),
        ("dags/a.py", 1, "second"),
    ]


def test_a_suppression_of_an_exempt_rule_is_not_idle() -> None:
    rules = with_hygiene(rules_for_words(first="alpha"))
    config = Config(per_file_ignores={"*.py": ("first",)})
    assert run({"a.py": "alpha  # airwarden: ignore[first]"}, rules, config).findings == ()


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({}, ["error", "note"]),
        ({"first": "warning"}, ["warning", "note"]),
        ({"xcom": "warning"}, ["warning", "note"]),
        ({"first": "note"}, ["note", "note"]),
        ({"first": "error", "xcom": "note"}, ["error", "note"]),
    ],
)
def test_a_level_may_be_set_and_a_milder_finding_stays_milder(levels: Any, expected: list[str]) -> None:
    rules = rules_for_words(first="alpha")
    one = rules["first"]
    one.dag_checks.append(cast("Any", marks(one, "beta", "note")))
    report = run({"a.py": "alpha\nbeta"}, rules, Config(levels=levels))
    assert [finding.level for finding in report.findings] == expected


# Settings, wherever they stand


def about_settings(found: list[str]) -> Rule:
    """A rule that flags every setting of the deployment; `found` gets an item for each time it looks."""
    one = rule("loud")

    @one.deployment
    def flag(deployment: Deployment, repo: Repo) -> Iterator[Finding]:  # noqa: ARG001
        found.append("looked")
        for setting in deployment.settings:
            yield one.finding(setting.region, f"{setting.variable} is set")

    return one


SETTINGS = {
    "airflow.cfg": "[core]\nparallelism = 4\n# airwarden: ignore[loud] known\nplugins_folder = a\n",
    "dags/a.py": "import airflow\n",
    "deploy/Dockerfile": "FROM x\nENV AIRFLOW__CORE__PARALLELISM=5\n",
    "Dockerfile": "FROM x\n",
}


def test_a_check_of_the_settings_looks_once_and_speaks_of_every_file(make_repository: MakeRepository) -> None:
    found: list[str] = []
    one = about_settings(found)
    repo = Repo(make_repository(SETTINGS))
    report = check(repo, None, Config(), {one.id: one})
    assert places(report) == [("airflow.cfg", 2, "loud"), ("deploy/Dockerfile", 2, "loud")]
    assert (report.suppressed, report.checked, found) == (1, 3, ["looked"])


@pytest.mark.parametrize(
    ("path", "lines"),
    [("airflow.cfg", [2]), ("deploy/Dockerfile", [2]), ("Dockerfile", []), ("dags/a.py", [])],
)
def test_a_check_of_the_settings_speaks_of_the_file_that_is_asked_for(
    make_repository: MakeRepository, path: str, lines: list[int]
) -> None:
    one = about_settings([])
    report = check(Repo(make_repository(SETTINGS)), [path], Config(), {one.id: one})
    assert places(report) == [(path, line, "loud") for line in lines]
