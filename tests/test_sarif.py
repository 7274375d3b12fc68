"""The SARIF log: what code scanning reads of it, and what its validator says."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import pytest
from airwarden.findings import LEVELS, Edit, Fix, Region, Related
from airwarden.formats import sarif
from airwarden.formats.view import View, sentence, visible
from airwarden.report import Report
from hypothesis import given
from hypothesis import strategies as st

from tests import node_packages, reports
from tests.reports import NO_ALERT, PASSWORD, SECRET, UNUSED, anything

Run: TypeAlias = dict[str, Any]
Validate: TypeAlias = Callable[[str], list[str]]


def run_of(report: Report, view: View | None = None) -> Run:
    log = sarif.render(report, view) if view else sarif.render(report)
    assert log.isascii()
    body = json.loads(log)
    assert body["version"] == "2.1.0"
    (run,) = body["runs"]
    assert isinstance(run, dict)
    return run


def place_of(location: dict[str, Any]) -> tuple[str, list[int]]:
    place = location["physicalLocation"]
    return place["artifactLocation"]["uri"], list(place["region"].values())


def test_a_clean_run_has_results_and_rules() -> None:
    run = run_of(reports.clean())
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(reports.RULES)


def test_what_is_silenced_is_left_out_unless_it_is_asked_for() -> None:
    report = reports.messy()
    assert len(run_of(report)["results"]) == len(report.findings)
    assert not any("suppressions" in result for result in run_of(report)["results"])
    results = run_of(report, View(suppressed=True))["results"]
    shown, silenced = results[: len(report.findings)], results[len(report.findings) :]
    assert all(result["suppressions"] == [] for result in shown), "all of a run have them, or none"
    assert [result["suppressions"] for result in silenced] == [
        [
            {
                "kind": "external",
                "status": "accepted",
                "justification": "as the\\x1bvault, 数据, is late "
                "(owner @data|platform, ticket DATA-12, until 2027-01-31).",
            }
        ],
        [{"kind": "inSource", "status": "accepted"}],
    ]


def test_a_result_tells_rule_place_and_fingerprint() -> None:
    report = reports.messy()
    run = run_of(report)
    found = {
        (result["ruleId"], *place_of(result["locations"][0])[1]): result["partialFingerprints"]
        for result in run["results"]
    }
    expected = {
        (finding.rule, region.line, region.column, region.end_line, region.end_column): {"airwarden/v1": name}
        for finding, name in zip(report.findings, report.fingerprints, strict=True)
        for region in (finding.region,)
    }
    assert found == expected
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_the_worst_come_first() -> None:
    levels = [LEVELS.index(result["level"]) for result in run_of(reports.messy())["results"]]
    assert levels == sorted(levels)
    assert set(levels) == {0, 1, 2}


def test_secrets_are_security_alerts_and_the_rest_are_not() -> None:
    rules = {rule["id"]: rule["properties"] for rule in run_of(reports.clean())["tool"]["driver"]["rules"]}
    assert rules[SECRET.id] == {
        "tags": ["airflow", "secrets", "core", "security"],
        "security-severity": "8.0",
    }
    assert rules[NO_ALERT.id] == {"tags": ["airflow", "alerts", "core"], "problem.severity": "error"}


@given(anything, anything, st.sampled_from(["", "sub dir/"]))
def test_any_path_and_message_survive(path: str, message: str, prefix: str) -> None:
    finding = UNUSED.finding(Region(f"a{path}", 1, 2, 3, 4), f"x{message}", remedy="")
    (result,) = run_of(reports.report([finding]), View(prefix=prefix))["results"]
    uri = place_of(result["locations"][0])[0]
    assert uri.isascii()
    assert not set(uri) & set(" :\\?#[]")
    assert unquote(uri, errors="surrogatepass") == f"{prefix}a{path}"
    text = result["message"]["text"]
    assert text.replace("] (", "](") == sentence(f"x{message}").replace("] (", "](")
    assert text.endswith(".")
    assert visible(text, keep="\n") == text
    assert "](" not in text


def test_related_places_are_linked_from_the_message() -> None:
    related = [Related(Region(f"{line}.py", line, 1, line, 2), f"the [{line}] one.") for line in range(1, 8)]
    (result,) = run_of(reports.report([UNUSED.finding(Region("a.py", 1, 1, 1, 2), "x", related=related)]))[
        "results"
    ]
    links = ", ".join(rf"[the \[{line}\] one]({line})" for line in range(1, 6))
    assert result["message"]["text"] == f"x. Delete it. See {links}."
    assert [(place["id"], *place_of(place)) for place in result["relatedLocations"]] == [
        (line, f"{line}.py", [line, 1, line, 2]) for line in range(1, 8)
    ]


def test_the_way_of_a_value_is_a_code_flow_that_ends_at_the_finding() -> None:
    steps = [
        Related(Region("lib/b.py", 3, 1, 3, 9), "read_csv() gives it"),
        Related(Region("a.py", 1, 1, 1, 5), "x"),
    ]
    after = [Related(Region("values.yaml", 7, 1, 7, 2), "set here")]
    here, related = Region("a.py", 2, 1, 2, 2), [*steps[:1], *after]
    finding = UNUSED.finding(here, "f() returns it", steps=steps, related=related)
    (result,) = run_of(reports.report([finding]))["results"]
    (flow,) = result["codeFlows"]
    (thread,) = flow["threadFlows"]
    told = [
        (*place_of(each["location"]), each["location"]["message"]["text"]) for each in thread["locations"]
    ]
    assert told == [
        ("lib/b.py", [3, 1, 3, 9], "read_csv() gives it."),
        ("a.py", [1, 1, 1, 5], "x."),
        ("a.py", [2, 1, 2, 2], "f() returns it."),
    ]
    assert [place_of(place)[0] for place in result["relatedLocations"]] == ["lib/b.py", "values.yaml"]


def test_a_fix_is_grouped_by_file() -> None:
    here, there = Region("a.py", 1, 1, 1, 1), Region("b.py", 2, 1, 3, 4)
    edits = (Edit(there, "two"), Edit(here, "one"), Edit(replace(there, line=1), "three"))
    finding = UNUSED.finding(here, "x", fix=Fix("Mend it", edits))
    (fix,) = run_of(reports.report([finding]))["results"][0]["fixes"]
    assert fix["description"] == {"text": "Mend it."}
    assert [
        (
            change["artifactLocation"]["uri"],
            [each["insertedContent"]["text"] for each in change["replacements"]],
        )
        for change in fix["artifactChanges"]
    ] == [("a.py", ["one"]), ("b.py", ["three", "two"])]


def test_a_fix_that_repeats_a_secret_is_left_out() -> None:
    fixed = [result["ruleId"] for result in run_of(reports.messy())["results"] if "fixes" in result]
    assert fixed == [SECRET.id, NO_ALERT.id]
    assert PASSWORD not in sarif.render(reports.messy())


def test_a_crash_is_a_notification_and_no_success() -> None:
    (invocation,) = run_of(reports.messy())["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["associatedRule"]) == ("error", {"id": "dataframe-in-xcom"})
    assert note["message"]["text"].startswith(
        "airwarden itself failed: dataframe-in-xcom on dags/odd|name.py"
    )


def test_no_path_of_this_machine_stands_in_it() -> None:
    log = sarif.render(reports.messy())
    assert reports.messy().root not in log
    assert "file:" not in log


@pytest.mark.parametrize(("limit", "most"), [("RESULTS", 3), ("BYTES", 4_000)])
def test_what_is_too_much_is_left_out_mildest_first(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(sarif, limit, most)
    warnings = [
        UNUSED.finding(Region(f"a{line}.py", line, 1, line, 2), f"x{line**9}") for line in range(1, 90)
    ]
    error = NO_ALERT.finding(Region("z.py", 1, 1, 1, 2), "x")
    run = run_of(reports.report([*warnings, error]))
    left = 90 - len(run["results"])
    assert 0 < left < 89
    assert run["results"][0]["ruleId"] == NO_ALERT.id
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert note["message"]["text"].endswith(f" {left} findings are left out.")
    assert run["invocations"][0]["executionSuccessful"] is True


# Its validator

PACKAGE = "@microsoft/sarif-multitool"
NO_NETWORK = {"SARIF2006.UrisShouldBeReachable.Options": {"RuleEnabled": "Disabled"}}


@pytest.fixture(scope="module")
def multitool(request: pytest.FixtureRequest) -> Path:
    """The validator, kept from run to run; AIRWARDEN_SARIF_MULTITOOL names another folder for it."""
    named = os.environ.get("AIRWARDEN_SARIF_MULTITOOL")
    home = Path(named) if named else request.config.cache.mkdir("sarif-multitool")
    run = node_packages.install("sarif-multitool", home)
    assert run.returncode == 0, run.stderr
    programs = ["Sarif.Multitool", "Sarif.Multitool.exe"]
    found = [file for name in programs for file in home.glob(f"node_modules/{PACKAGE}-*/{name}")]
    found[0].chmod(0o755)
    return found[0]


@pytest.fixture
def complaints(multitool: Path, tmp_path: Path) -> Validate:
    """Every error and warning that the validator has about a log."""

    def validate(log: str) -> list[str]:
        given, said, settings = (tmp_path / name for name in ("log.sarif", "said.sarif", "settings.json"))
        given.write_text(log, encoding="utf-8")
        settings.write_text(json.dumps(NO_NETWORK), encoding="utf-8")
        command = [
            str(multitool),
            "validate",
            str(given),
            "--rule-kind",
            "Sarif;Ghas",
            "--config",
            str(settings),
        ]
        command += ["--level", "Error;Warning", "--max-file-size-in-kb", "1000000", "--output", str(said)]
        invariant = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        done = subprocess.run(command, env=invariant, capture_output=True, text=True, check=False)
        assert said.exists(), done.stdout + done.stderr
        return complaints_in(json.loads(said.read_text(encoding="utf-8-sig")))

    return validate


def complaints_in(body: dict[str, Any]) -> list[str]:
    (run,) = body["runs"]
    said = [(result["ruleId"], result["message"]) for result in run["results"]]
    for invocation in run.get("invocations", []):
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            said += [(note["descriptor"]["id"], note["message"]) for note in invocation.get(kind, [])]
    return [f"{rule}: {message}" for rule, message in said if rule != "WRN999.RuleExplicitlyDisabled"]


@pytest.mark.real
@pytest.mark.parametrize(
    "report",
    [
        pytest.param(reports.clean(), id="clean"),
        pytest.param(reports.messy(), id="messy"),
        pytest.param(reports.large(2000), id="large"),
    ],
)
def test_its_validator_is_silent(complaints: Validate, report: Report) -> None:
    assert complaints(sarif.render(report)) == []


@pytest.mark.real
@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda run: run["results"][0]["locations"][0]["physicalLocation"].pop("region"), "SARIF2017"),
        (lambda run: run["results"][0]["locations"].clear(), "GH1015"),
        (lambda run: run["tool"]["driver"]["rules"][0].pop("help"), "GH2012"),
    ],
)
def test_its_validator_is_awake(complaints: Validate, spoil: Callable[[Run], None], rule: str) -> None:
    body = json.loads(sarif.render(reports.messy()))
    spoil(body["runs"][0])
    assert [said.partition(":")[0] for said in complaints(json.dumps(body))].count(rule) == 1
