"""Reports made by hand: a clean one, a small and messy one, and ones as large as a first run's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from airwarden.findings import Edit, Finding, Fix, Level, Region, Related
from airwarden.justification import Justification
from airwarden.report import Crash, Report, Silenced
from airwarden.rule import Rule
from airwarden.source import Source
from hypothesis import strategies as st

AWKWARD = "\ud800\udc80\u202e\u2028\x1b\x85\r\n\t%:,=|`&<>[]()\\*_~$#数\u0301"
PAIRED_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""Two of them make one character in JSON, so they can't come back as two; no file name or text holds them."""

anything = (
    st.lists(st.sampled_from(AWKWARD) | st.characters(exclude_categories=()), max_size=40)
    .map("".join)
    .filter(lambda text: PAIRED_SURROGATES.search(text) is None)
)

PASSWORD = "".join(["invented", "-", "pass", "word", "-", "7"])
KEY_LINE = "".join(["not", "A", "real", "Key"]) * 3


def rule(name: str, level: Level, summary: str, remedy: str, severity: float | None = None) -> Rule:
    return Rule(
        f"airwarden.rules.{name}",
        help=f"{summary}\n\nThe longer story, with `code` and a list:\n\n- one\n- two\n",
        level=level,
        remedy=remedy,
        see=f"https://airflow.apache.org/docs/{name.replace('.', '/')}.html",
        severity=severity,
    )


NO_ALERT = rule(
    "alerts.dag_without_failure_alert",
    "error",
    "A DAG whose failure is told to nobody is found broken by the people who miss its data.",
    "give the DAG on_failure_callback=[send_slack_notification(...)]",
)
FRAME = rule(
    "xcom.dataframe_in_xcom",
    "error",
    "A frame that goes through XCom fills the metadata database.",
    "Write the frame to object storage and return its path.",
)
SECRET = rule(
    "secrets.inline_secret_in_values",
    "error",
    "A secret in values is read by everybody who reads the repository.",
    "Put it into a Kubernetes Secret and name that.",
    severity=8.0,
)
TOKEN = rule(
    "secrets.known_token",
    "error",
    "A token in a file is a token in everybody's hands.",
    "Revoke it, then read it from a secrets backend.",
    severity=9.5,
)
PROVIDER = rule(
    "providers.provider_not_declared",
    "error",
    "A provider that nobody declared is missing from the next image.",
    "add it to the dependencies",
)
UNUSED = rule(
    "hygiene.unused_suppression",
    "warning",
    "A suppression that suppresses nothing hides the next fault that comes to its line.",
    "Delete it.",
)
RULES = {each.id: each for each in (NO_ALERT, FRAME, SECRET, TOKEN, PROVIDER, UNUSED)}


def region(source: Source, text: str, start: int = 0) -> Region:
    """The region of the first `text` in a source from the offset `start`."""
    place = source.text.index(text, start)
    return source.region(place, place + len(text))


def report(findings: Iterable[Finding], sources: Iterable[Source] = (), checked: int = 0) -> Report:
    ordered = tuple(sorted(findings, key=lambda finding: (finding.region, finding.rule)))
    held = {source.path: source for source in sources}
    return Report("/home/ada/platform", ordered, rules=RULES, sources=held, checked=checked)


def clean() -> Report:
    return report([], checked=12)


DAGS = Source(
    "dags/été, 50%: naïve.py",
    "# 数据管道\n"
    "import pandas as pd\n"
    "from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook\n"
    "\n"
    "with DAG(\n"
    '    "数据",  # the DAG\n'
    "    default_args={'on_failure_callback': notify},\n"
    "):\n"
    "    @task\n"
    "    def load():\n"
    "\t\tname = '顧客'; return pd.read_csv('顧客.csv')\t# tab\n"
    f"\t\tlog('\x1b[31m', secret='{PASSWORD}'); return pd.DataFrame(rows)\n"
    "x = 1  # airwarden: ignore[no-such] why\n",
)
VALUES = Source(
    "chart/values.yaml",
    "# the chart\n"
    "data:\n"
    "  metadataConnection:\n"
    f'    pass: "{PASSWORD}"  # not yet in the vault\n'
    "webserver:\n"
    "  key: |\n"
    f"    {KEY_LINE}1\n"
    f"    {KEY_LINE}2\n" + "padding: " + "x" * 150 + f" token={PASSWORD} " + "y" * 150 + "\n",
)


def messy() -> Report:
    """One of everything that is hard to write down."""
    findings = [*_in_dags(), *_in_values(), _missing_source()]
    crashes = (Crash(FRAME.id, "dags/odd|name.py", "RecursionError in airwarden.dag, line 30"),)
    base = report(findings, (DAGS, VALUES), checked=14)
    unknown = ("dags/factory.py:9 sales",)
    return replace(base, crashes=crashes, silenced=_silenced(), unknown_dags=unknown)


def _silenced() -> tuple[Silenced, ...]:
    """One that a comment silences, and one that the baseline does, with all that can be said of it."""
    frame = FRAME.finding(region(DAGS, "rows"), "load() returns rows; they are few [really]")
    reference = Fix("Name a Secret", (Edit(region(VALUES, "key: |"), "keySecretName: x"),), safe=True)
    secret = SECRET.finding(region(VALUES, "data:"), "data is a secret", fix=reference)
    why = Justification("as the\x1bvault, 数据, is late", "@data|platform", "DATA-12", "2027-01-31")
    return Silenced(secret, "baseline", why), Silenced(frame, "in-source")


def _in_dags() -> list[Finding]:
    callback = Related(region(DAGS, "notify"), "default_args [sets] it for tasks")
    other = Related(Region("plugins/b|c.py", 3, 1, 4, 9), 'notify() "calls" e-mail, not Slack')
    dag = region(DAGS, DAGS.text[DAGS.text.index("DAG(\n") : DAGS.text.index("):\n") + 1])
    here = Region(DAGS.path, 5, 6, 5, 10)
    insert = Fix("Add the callback", (Edit(Region(DAGS.path, 7, 5, 7, 5), "on_failure_callback=…,\n    "),))
    second = DAGS.text.index("log(")
    return [
        NO_ALERT.finding(
            dag, "DAG '数据' alerts nobody: 100%, really", related=[callback, other], fix=insert
        ),
        FRAME.finding(
            region(DAGS, "pd.read_csv('顧客.csv')"),
            "load() returns a frame\nof two | lines::really",
            related=[other],
            steps=[Related(region(DAGS, "'顧客.csv'"), "the file [of] `customers`"), other],
        ),
        FRAME.finding(region(DAGS, "pd.DataFrame(rows)", second), "load() returns `rows` <b>too</b>"),
        PROVIDER.finding(
            region(DAGS, "airflow.providers.snowflake"), "snowflake[0](7) is not declared", level="note"
        ),
        UNUSED.finding(
            region(DAGS, "# airwarden: ignore[no-such] why"), "no-such\x07 is no rule \u202e", subject="s"
        ),
        NO_ALERT.finding(here, "the same message at another place"),
    ]


def _in_values() -> list[Finding]:
    password, token = region(VALUES, PASSWORD), region(VALUES, PASSWORD, VALUES.text.index("token="))
    key = region(VALUES, f"{KEY_LINE}1\n    {KEY_LINE}2")
    reference = Fix("Name a Secret", (Edit(password, "metadataSecretName: airflow-metadata"),), safe=True)
    leaky = Fix("Move it", (Edit(password, f"moved: {PASSWORD}"),))
    return [
        SECRET.finding(password, "data.metadataConnection.pass is a secret", secret=True, fix=reference),
        SECRET.finding(key, "webserver.key is a secret", secret=True),
        TOKEN.finding(token, "this looks like a token", secret=True, fix=leaky),
    ]


def _missing_source() -> Finding:
    return TOKEN.finding(Region("gone.yaml", 1, 1, 1, 1), "in a file whose text is not at hand", secret=True)


def large(findings: int) -> Report:
    """A first run over a company's repository: nine of ten DAGs have no alert, and a little of the rest."""
    sources = [_dag_source(number) for number in range(findings * 3 // 10)]
    found = [_large_finding(number, sources[number * 7919 % len(sources)]) for number in range(findings)]
    return report(found, sources, checked=len(sources) + 300)


def _dag_source(number: int) -> Source:
    name = f"team_{number % 17}_pipeline_{number}"
    lines = [
        f"# {name}",
        "import pandas as pd",
        *(f'with DAG("{name}_{part}") as dag:' for part in range(60)),
    ]
    return Source(f"dags/team_{number % 17}/{name}.py", "\n".join(lines))


def _large_finding(number: int, source: Source) -> Finding:
    line = 3 + number % 60
    place = Region(source.path, line, 6, line, len(source.line(line)) - 7)
    if number % 10 < 8:
        return NO_ALERT.finding(place, f"DAG {number} has no on_failure_callback: a failed run tells nobody")
    if number % 97 == 9:
        return UNUSED.finding(place, f"known-token finds nothing on line {line} that this could suppress")
    if number % 150 == 8:
        return SECRET.finding(place, f"data.metadataConnection.pass {number} is a secret", secret=True)
    chosen = FRAME if number % 10 == 9 else PROVIDER
    related = [Related(Region("pyproject.toml", 9, 1, 9, 13), "the dependencies of the image")]
    return chosen.finding(place, f"task {number} moves a frame", related=related)
