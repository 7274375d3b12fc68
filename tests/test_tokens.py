from __future__ import annotations

import base64
import csv
import importlib
import inspect
import json
import pkgutil
import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from airwarden import credentials, tables
from airwarden.credentials.masks import mask_line, masked
from airwarden.credentials.tokens import Form, Token, checksum, forms, mentioned, tokens
from airwarden.patterns import regex

from tests.conftest import few
from tests.pumping import seconds
from tests.sampling import Sampler, widths

TABLES = Path(tables.__file__).parent
ROOT = Path(__file__).resolve().parent.parent
FORMS = forms()
NAMED = [f"{place}-{form.kind}" for place, form in enumerate(FORMS)]


def samples(form: Form, count: int) -> Iterator[tuple[str, str]]:
    """Texts that hold a token of a form, and that token; the same ones each time."""
    luck = random.Random(form.kind)
    sampler = Sampler(luck)
    made = 0
    for _ in range(1000):
        text = sampler.sample(form.pattern.pattern)
        match = form.pattern.search(text)
        if match is None:
            continue
        maker = MAKERS.get(form.kind)
        token = maker(match["token"], luck) if maker else match["token"]
        body = token.removeprefix(form.prefix)
        if not form.is_sound(body):
            token = token[:-6] + checksum(body[:-6])
        if form.is_real(token.removeprefix(form.prefix)):
            yield text[: match.start("token")] + token, token
            made += 1
        if made == count:
            return
    raise AssertionError(f"no more than {made} examples of {form.kind}")


def web_token(_: str, luck: random.Random) -> str:
    parts = {"alg": "HS256", "typ": "JWT"}, {"sub": f"etl-{luck.randrange(10**6)}"}
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, base64.urlsafe_b64encode(luck.randbytes(32)).decode().rstrip("=")])


def server_token(token: str, luck: random.Random) -> str:
    return f"ghs_{luck.randrange(10**6)}_{web_token('', luck)}" if "eyJ" in token else token


def encoded_key(_: str, luck: random.Random) -> str:
    kind = luck.choice(["", "RSA ", "OPENSSH "])
    rest = base64.b64encode(luck.randbytes(96)).decode()
    return base64.b64encode(f"-----BEGIN {kind}PRIVATE KEY-----\n{rest}\n".encode()).decode()


MAKERS: dict[str, Callable[[str, random.Random], str]] = {
    "GitHub server token": server_token,
    "JSON Web Token": web_token,
    "private key in base64": encoded_key,
}
"""How tokens are made whose letters mean something."""


def found(text: str) -> list[tuple[str, str]]:
    return [(token.kind, text[token.start : token.end]) for token in tokens(text)]


KEYWORDS = sorted({keyword for form in FORMS for keyword in form.keywords})


@pytest.mark.parametrize("text", [*KEYWORDS, *map("".join, pairwise(KEYWORDS)), " ".join(KEYWORDS), ""])
def test_a_text_mentions_the_forms_of_the_keywords_in_it(text: str) -> None:
    expected = {id(form) for form in FORMS if any(keyword in text for keyword in form.keywords)}
    assert {id(form) for form in mentioned(text)} == expected


@pytest.mark.parametrize("form", few(FORMS), ids=few(NAMED))
def test_tokens_of_every_form_are_found(form: Form) -> None:
    for text, token in samples(form, 5):
        for whole in (text, f'first line\n{text}" # last', f"{text}\n{text}"):
            kinds = {kind for kind, what in found(whole) if what == token}
            assert kinds, f"{whole!r}: {found(whole)}"
            assert form in mentioned(whole)
            assert list(tokens(text, mentioned(f"{whole}\nfernet"))) == list(tokens(text))


@pytest.mark.parametrize("form", few(FORMS), ids=few(NAMED))
def test_a_token_of_one_letter_is_an_example(form: Form) -> None:
    for text, token in samples(form, 3):
        body = token.removeprefix(form.prefix)
        for letter in "a0A":
            plain = "".join(letter if each.isalnum() else each for each in body)
            before = text.removesuffix(token) + form.prefix
            assert not [each for each in tokens(before + plain) if each.kind == form.kind]


@pytest.mark.parametrize("form", few(FORMS), ids=few(NAMED))
def test_a_token_ends_where_its_form_does(form: Form) -> None:
    least, most = widths(form.body)
    for text, token in samples(form, 3) if least == most and form.kind != "JSON Web Token" else ():
        for other in (token[:-1], f"{token}0", f"{token}_"):
            whole = text.removesuffix(token) + other
            assert not [each for each in tokens(whole) if each.kind == form.kind], whole


@pytest.mark.parametrize("form", few([form for form in FORMS if form.anchors and not form.names]))
def test_a_token_starts_where_its_form_does(form: Form) -> None:
    for _, token in samples(form, 3):
        for before in ("a", "_", "-", "9"):
            assert not [each for each in tokens(before + token) if each.kind == form.kind]


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "your-token-here",
        "your_token_goes_here_now_please",
        "x" * 40,
        "...",
        "<token>",
        "*" * 40,
        "${TOKEN}",
    ],
)
def test_prefixes_alone_are_no_tokens(rest: str) -> None:
    for form in FORMS:
        assert found(form.prefix + rest) == []


@pytest.mark.parametrize("before", ["\\n", "\\t", "%22", "=", ":", "/", "'", '"', ">", "(", "\n", "@"])
def test_what_may_stand_before_a_token(before: str) -> None:
    token = "ghp_" + "Qw3rTy8uIo0pAs2dFg4hJk6lZx1cVb"
    token += checksum(token.removeprefix("ghp_"))
    assert found(f"x{before}{token}") == [("GitHub personal access token", token)]


CHECKED = [
    ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30), ("ghr_", 70), ("npm_", 30),
]  # fmt: skip


@pytest.mark.parametrize(("prefix", "length"), CHECKED)
def test_a_checksum_tells_a_token_from_one_that_was_made_up(prefix: str, length: int) -> None:
    luck = random.Random(length)
    body = "".join(luck.choices("BCDFGHJKLMNPQRSTVWXZ2468", k=length))
    whole = prefix + body + checksum(body)
    other = prefix + body + checksum(f"{body}2")
    assert [token.sound for token in tokens(whole)] == [True]
    assert [token.sound for token in tokens(other)] == [False]


def test_the_checksum_is_the_one_that_github_describes() -> None:
    assert checksum("") == "000000"
    assert checksum("123456789") == "3jZRME"


VALUE = "8f3a0c7d5e9b1f2a6c4d8e0b7a5f3c19"


@pytest.mark.parametrize(
    "text",
    [
        f"DATADOG_API_KEY={VALUE}",
        f"export DD_API_KEY={VALUE}",
        f'datadog_api_key = "{VALUE}"',
        f'datadogApiKey := "{VALUE}"',
        f"datadog.api-key: '{VALUE}'",
        f'"datadogToken" => "{VALUE}"',
        f'String myDatadogToken = "{VALUE}";',
        f"- name: DD_API_KEY\n  value: {VALUE}",
        f'{{"name": "DD_API_KEY", "value": "{VALUE}"}}',
        f'{{\\"datadog_token\\": \\"{VALUE}\\"}}',
        f'set("DATADOG_TOKEN", "{VALUE}")',
        f"<datadogToken>\n    {VALUE}\n</datadogToken>",
        f"first line\\nDATADOG_TOKEN={VALUE}\\nlast",
        f"Datadog API key: {VALUE}",
    ],
)
def test_a_name_may_tell_what_a_value_is(text: str) -> None:
    assert found(text) == [("Datadog API key", VALUE)]


@pytest.mark.parametrize(
    "text",
    [
        VALUE,
        f"key = {VALUE}",
        f"datadog_dashboard = {VALUE}",
        f"datadog_api_key_id = {VALUE}",
        f"datadog_api_key_sha256: {VALUE}",
        f"add_api_key = {VALUE}",
        "datadog_api_key = abcdefghijklmnopqrstuvwxyzabcdef",
        "datadog_api_key = thisIsTheNameOfAnotherVariablesX",
        "datadog_application_key: airflow-datadog-application-key-secret-1",
        "cloudflare_api_token: airflow-cloudflare-api-token-secret-2026",
        f"datadog_api_key = {VALUE}{VALUE}",
        f"datadog_api_key = vault:{VALUE[:20]}",
        "datadog_api_key = ${DATADOG_API_KEY_OF_32_CHARACTERS}",
        "MNT = discord.abcdef.ghijkl",
        "vault_token = s.somethingThatIsAnAttribute",
    ],
)
def test_a_name_alone_makes_no_token(text: str) -> None:
    assert found(text) == []


def test_what_an_issuer_shows_to_everyone_is_no_secret() -> None:
    with (TABLES / "published_tokens.csv").open(newline="") as rows:
        table = list(csv.DictReader(rows))
    assert all(re.fullmatch("[0-9a-f]{64}", row["sha256"]) for row in table)
    assert table == sorted(table, key=lambda row: row["sha256"])


def test_the_table_knows_the_services_of_data_teams() -> None:
    assert len({form.kind for form in FORMS}) >= 120
    assert len({form.kind.split()[0] for form in FORMS}) >= 120
    assert all(len(keyword) > 1 for form in FORMS for keyword in form.keywords)


@pytest.mark.parametrize("form", few(FORMS), ids=few(NAMED))
def test_nothing_but_a_public_prefix_of_a_token_is_shown(form: Form) -> None:
    for text, token in samples(form, 2):
        shown, _, rest = masked(token).partition("***")
        assert rest == f" ({len(token)} characters)"
        assert len(shown) <= 4
        assert token.startswith(shown)
        assert token not in mask_line(text)


@pytest.mark.parametrize("text", ["", "a", "İ" * 40 + "ghp_", "\x00" * 40, "K" * 50])
def test_any_letters_will_do(text: str) -> None:
    assert list(tokens(text)) == []


def test_letters_that_grow_in_lower_case_move_nothing() -> None:
    token = next(samples(next(form for form in FORMS if form.kind == "npm token"), 1))[1]
    assert found(f"İİİ {token} İ") == [("npm token", token)]


# No expression may run away

SIZES = (16, 20, 24, 32, 64, 512, 4096)
NOISE = 0.001
"""Seconds of processor time that say nothing."""
STEEP = 3
"""How many times faster than the text the time may grow: eight times the text, 8 is linear, 64 quadratic."""


def is_steep(judge: Callable[[str], object], unit: str, tail: str) -> bool:
    """Whether the time grows much faster than a text of many units."""
    text, before = unit, float("inf")
    for size in SIZES:
        longer = unit * max(1, size // len(unit)) + tail
        most = STEEP * len(longer) / len(text)
        now = seconds(judge, longer)
        if now > NOISE and now > most * before:
            now, before = seconds(judge, longer, 3 if now < 1 else 1), max(seconds(judge, text, 3), 1e-6)
            if now > most * before:
                return True
        text, before = longer, max(now, 1e-6)
    return False


def used(pattern: re.Pattern[str], *ways: str) -> Callable[[str], object]:
    """Uses an expression in some of the ways that the methods of patterns are called."""

    def judge(text: str) -> None:
        for way in ways:
            if way in ("search", "match", "fullmatch"):
                getattr(pattern, way)(text)
            else:
                pattern.sub("", text)

    return judge


@pytest.mark.parametrize("form", few(FORMS), ids=few(NAMED))
def test_forms_are_looked_for_in_linear_time(form: Form) -> None:
    text, token = next(samples(form, 1))
    body = token.removeprefix(form.prefix)
    starts = [*form.names, form.prefix or text.removesuffix(token) or form.keywords[0]]
    units = {f"{text} ", f".{token}", f"/{form.keywords[0]}", f"{starts[0]}_token: ", body[-1]}
    units |= {*starts, *(f"{start}{body[:3]}" for start in starts)}
    for unit in sorted(units):
        assert not is_steep(lambda text: list(tokens(text, [form])), unit, "+"), unit


def expressions() -> Iterator[tuple[str, re.Pattern[str], list[str]]]:
    """Every compiled expression that a module about credentials holds itself, and how the program uses it."""
    for info in pkgutil.iter_modules(credentials.__path__):
        module = importlib.import_module(f"{credentials.__name__}.{info.name}")
        for name, value in vars(module).items():
            values = value.values() if isinstance(value, dict) else [value]
            for each in values:
                if isinstance(each, (re.Pattern, LATE)) and isinstance(each.pattern, str):
                    program = inspect.getsource(module) if name.startswith("_") else PROGRAM
                    ways = re.findall(rf"\b{name}(?:\[\w+\])?\.(\w+)\(", program)
                    yield f"{info.name}.{name}", each, ways or ["sub", "fullmatch"]


PROGRAM = "".join(
    path.read_text("utf-8") for folder in ("linter", "rules") for path in (ROOT / folder).rglob("*.py")
)
LATE = type(regex(""))
SHORT_ONLY = {"sensitive._REQUEST_BEHIND"}
"""Expressions that are given the start of a text alone, a fixed number of characters."""
EXPRESSIONS = [each for each in expressions() if each[0] not in SHORT_ONLY]
HOSTILE = r"""
a A 1 a1 aA - a- -a _ a_ . a. .a / a/ // : a: := = a= == , ; & ? @ # % %41 \ \n " ' a' "a" < <a <> > { {{ {a
{} }} ( $ ${ $( [ ] * x xxxx a:a a://a a://a:a a://a:a@ ://a?b=c& ?a=b& a=b; a,a a|a |a a:@ Bearer Basic a=a
password password= password:a -password --password --a=b A=b A='b' token. key_ PGPASSWORD= api_key: eyJ eyJa.
-----BEGIN KEY----- host= host=a;password= select your_ your-here change_me example replace not_set
"""
SPACED = [" ", "\n", "a ", "a\n", " a", "a: b ", "a: b\n", "a = b ", "\n\n", "Basic a ", '"\\', "a, ", "\t\n"]
UNITS = [*HOSTILE.split(), *SPACED]


@pytest.mark.parametrize(("name", "pattern", "ways"), EXPRESSIONS, ids=[name for name, *_ in EXPRESSIONS])
def test_expressions_read_hostile_texts_in_linear_time(
    name: str, pattern: re.Pattern[str], ways: list[str]
) -> None:
    for unit in UNITS:
        for tail in ("", "!"):
            assert not is_steep(used(pattern, *ways), unit, tail), (name, unit, tail)


@pytest.mark.parametrize("unit", UNITS)
def test_tokens_are_looked_for_in_linear_time(unit: str) -> None:
    assert not is_steep(lambda text: list(tokens(text)), unit, "")


def test_the_growth_of_bad_expressions_is_noticed() -> None:
    assert is_steep(used(re.compile(r"(?:a+)+b"), "search"), "a", "")
    assert is_steep(used(re.compile(r"\w+@\w+"), "search"), "a", "")
    assert not is_steep(used(re.compile(r"[a-z]{3,50}@"), "search", "sub"), "a", "")


def test_tokens_come_in_order_and_never_overlap() -> None:
    parts = [next(samples(form, 1))[0] for form in FORMS[::7]]
    spans = [(token.start, token.end) for token in tokens("\n".join(parts))]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_a_token_knows_itself() -> None:
    assert Token("a", 0, 1, "") == Token("a", 0, 1, "", sound=True)
