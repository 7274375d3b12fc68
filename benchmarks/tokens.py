"""How the table of tokens does on the true and false examples of other scanners' rules.

    python -m benchmarks.tokens --gitleaks FOLDER --betterleaks FOLDER --detect-secrets FOLDER [--misses]

The folders are checkouts of those projects; nothing of them is kept here. Examples that their tests build
with helpers are built anew, at random. Rules of issuers that the table does not have are left out, and so are
those for names, addresses and other things that open nothing.
"""

from __future__ import annotations

import argparse
import ast
import base64
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airwarden.credentials.tokens import forms, mentioned, tokens

from tests.sampling import Sampler

NO_SECRETS = re.compile(
    r".*-(?:client-id|access-id|access-key-id|cloud-name|instance-url|jfrog-url|project-url|account-host)(?:\.\d)?"
    r"|.*-(?:public-key|pub-key|pub-api-key|server-host\.1|token-name\.1|account-id|storage-account-name)"
    r"|aws-access-token|azure-(?:client|tenant)-id|clickhouse-cloud-key-id|confluent-access-token|lark-app-id"
    r"|mapbox-api-token|new-relic-browser-api-token|new-relic-user-api-id|planetscale-id"
    r"|posthog-project-api-key|twilio|twilio-api-key|hashicorp-tf-password|mongodb-connection-string"
    r"|neon-connection-uri|cloudinary-api-key|(?:curl|generic|kubernetes|nuget-config|jwt-base64).*"
)
"""Rules for identifiers and public keys, which open nothing, and for what no form tells: passwords, URLs."""

ALIASES = {
    "1password": "1Password", "alibaba": "Alibaba", "amazon": "AWS", "artifactory": "Artifactory",
    "aws_key": "AWS", "azure_storage_key": "Azure", "circleci": "CircleCI", "cisco": "Meraki",
    "cockroachlabs": "CockroachDB", "coveralls": "Coveralls", "crates": "crates.io",
    "databricks": "Databricks", "datagov": "data.gov", "dockerhub": "Docker", "droneci": "Drone",
    "elastic": "Elastic", "flyio": "Fly.io", "frameio": "Frame.io", "gcp": "Google",
    "github_token": "GitHub", "gitlab_token": "GitLab", "huggingface": "Hugging", "ibm_cloud_iam": "IBM",
    "ibm_cos_hmac": "IBM", "jfrog": "JFrog", "jwt": "JSON", "kimi": "Moonshot", "langchain": "LangSmith",
    "linked": "LinkedIn", "mailchimp_key": "Mailchimp", "microsoft": "Microsoft", "newrelic": "New",
    "octopus": "Octopus", "planetscale": "PlanetScale", "private": "private", "private_key": "private",
    "privateai": "Private", "pypi_token": "PyPI", "rapidapi": "RapidAPI", "readme": "ReadMe",
    "sendinblue": "Brevo", "sonar": "SonarQube", "square_oauth": "Square", "stability": "Stability",
    "stripe_key": "Stripe", "sumologic": "Sumo", "telegram_token": "Telegram", "togetherai": "Together",
    "travisci": "Travis", "val": "Val", "vault": "HashiCorp", "weights": "Weights", "yandex": "Yandex",
    "zai": "Zhipu",
}  # fmt: skip
"""What their rules and files call an issuer, and how the kinds of the table begin."""


@dataclass(frozen=True)
class Example:
    """A text of a rule, and whether it holds what the rule is for; empty where it could not be made."""

    source: str
    rule: str
    text: str
    is_true: bool


# Go, as far as lists of examples need it

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/
    | (?P<raw>`[^`]*`) | (?P<text>"(?:\\.|[^"\\\n])*") | (?P<name>[A-Za-z_]\w*)
    | (?P<number>\d[\w.]*) | (?P<sign>\.\.\.|:=|[^\s\w])""",
    re.VERBOSE | re.DOTALL,
)
UNKNOWN = object()
"""An expression that this does not understand."""
_FUNCTION = re.compile(
    r"^func (?P<name>\w+)\((?P<given>[^)]*)\)[^{\n]*\{\n(?P<body>.*?)(?=^func |\Z)", re.MULTILINE | re.DOTALL
)


class Go:
    """The functions of a folder of Go files that build examples, and how to evaluate their expressions."""

    def __init__(self, sources: Sequence[Path], luck: random.Random) -> None:
        self._sampler = Sampler(luck)
        texts = [path.read_text("utf-8") for path in sources]
        self.functions = {match["name"]: match for text in texts for match in _FUNCTION.finditer(text)}
        self._builtin: dict[str, Callable[..., Any]] = {
            "GenerateSampleSecrets": self._sample_secrets,
            "GenerateSemiGenericRegex": lambda names, secret, _: f"(?:{'|'.join(names)}) = {secret}",
            "GenerateUniqueTokenRegex": lambda secret, _: secret,
            "MustCompile": lambda pattern: pattern,
            "NewSecret": self._secret,
            "NewSecretWithEntropy": lambda pattern, _: self._secret(pattern),
            "Sprintf": _printed,
            "append": lambda first, *more: [*first, *more],
            "EncodeToString": lambda text: base64.b64encode(text.encode()).decode(),
            "byte": lambda text: text,
        }
        self._samples: Mapping[str, str] = {}
        if "GenerateSampleSecrets" in self.functions:
            self._samples = self._assigned(self.functions["GenerateSampleSecrets"]["body"], {})["samples"]
        self._shared: dict[str, Any] = {}
        for text in texts:
            self._shared = self._assigned(text, self._shared)

    def _secret(self, pattern: str) -> str:
        pattern = re.sub(r"\(\?-?i\)", "", pattern).replace("(?i:", "(?:").replace("(?-i:", "(?:")
        pattern = pattern.replace("[:alnum:]", "A-Za-z0-9").replace(r"\z", "")
        return self._sampler.sample(pattern)

    def _sample_secrets(self, name: str, secret: str) -> list[str]:
        filled = {"{i}": name, "{I}": name.upper(), "{s}": secret}
        return [
            re.sub(r"\{[iIs]\}", lambda match: filled[match[0]], sample) for sample in self._samples.values()
        ]

    def call(self, name: str, given: Sequence[Any]) -> Any:
        """What a function gives, of those that are known or only return an expression."""
        if any(value is UNKNOWN for value in given):
            return UNKNOWN
        if name in self._builtin:
            return self._builtin[name](*given)
        function = self.functions.get(name)
        body = function and re.match(r"\s*return (.*?)\n\}", function["body"], re.DOTALL)
        if not function or not body:
            return UNKNOWN
        names = re.findall(r"(\w+)(?:,| [\w\[\]]+)", function["given"])
        return _Reader(self, dict(zip(names, given, strict=False)), body[1]).expression()

    def variables(self, function: str) -> dict[str, Any]:
        """The variables of a function, as far as they can be told, each with its last value."""
        return self._assigned(self.functions[function]["body"], dict(self._shared))

    def _assigned(self, body: str, known: dict[str, Any]) -> dict[str, Any]:
        assigned = re.compile(r"^\t*(?:var |const )?(?P<name>\w+)\s*:?=\s*(?=\S)", re.MULTILINE)
        for match in assigned.finditer(body):
            reader = _Reader(self, known, body[match.end() :])
            try:
                known[match["name"]] = reader.expression()
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                known[match["name"]] = UNKNOWN
        return known


class _Reader:
    """Evaluates one expression."""

    def __init__(self, go: Go, known: Mapping[str, Any], text: str) -> None:
        self._go, self._known = go, known
        self._parts = (match for match in _TOKEN.finditer(text) if match.lastgroup)
        self._next = next(self._parts, None)

    def _take(self) -> re.Match[str]:
        taken = self._next
        if taken is None:
            raise ValueError("the expression goes on")
        self._next = next(self._parts, None)
        return taken

    def _sees(self, sign: str) -> bool:
        return self._next is not None and self._next[0] == sign

    def expression(self) -> Any:
        """The value of an expression."""
        value = self._term()
        while self._sees("+"):
            self._take()
            more = self._term()
            value = UNKNOWN if UNKNOWN in (value, more) else value + more
        return value

    def _term(self) -> Any:
        part = self._take()
        if part["raw"]:
            return part[0][1:-1]
        if part["text"]:
            return ast.literal_eval(part[0].replace(r"\/", "/"))
        if part["number"]:
            return float(part[0])
        if part[0] == "[":
            return self._typed()
        return self._named(part[0]) if part["name"] else UNKNOWN

    def _typed(self) -> Any:
        """`[]string{...}` or `[]byte(...)`."""
        self._take()
        kind = self._take()[0]
        if self._sees("("):
            return self._go.call(kind, self.list("(", ")"))
        return self.list("{", "}")

    def _named(self, name: str) -> Any:
        if name == "nil":
            return []
        if name == "map":
            while not self._sees("{"):
                self._take()
            return dict(self._pairs())
        if name == "config" and self._sees("."):
            return self._rule()
        path = [name]
        while self._sees("."):
            self._take()
            path.append(self._take()[0])
        if self._sees("("):
            given = self.list("(", ")")
            if path[-1] == "String":
                rule = self._known.get("r", UNKNOWN)
                return rule.get("Regex", UNKNOWN) if isinstance(rule, dict) else UNKNOWN
            return self._go.call(path[-1], given)
        return self._known.get(name, UNKNOWN) if len(path) == 1 else UNKNOWN

    def _rule(self) -> dict[str, Any]:
        for _ in range(2):
            self._take()
        return dict(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        self._take()
        while not self._sees("}"):
            start = self._take()
            key = start[0] if start["name"] else start[0][1:-1]
            self._take()
            yield key, self.expression()
            while self._next is not None and not (self._sees(",") or self._sees("}")):
                self._take()
            if self._sees(","):
                self._take()
        self._take()

    def list(self, opening: str = "(", closing: str = ")") -> list[Any]:
        """The values of a list, or of what a function is given."""
        items: list[Any] = []
        if self._take()[0] != opening:
            raise ValueError("no list")
        while not self._sees(closing):
            value = self.expression()
            if self._sees("..."):
                self._take()
                items.extend(value if isinstance(value, list) else [UNKNOWN])
            else:
                items.append(value)
            if self._sees(","):
                self._take()
        self._take()
        return items


def _printed(pattern: str, *given: object) -> str:
    return pattern.replace("%v", "%s") % given


def go_examples(source: str, root: Path, luck: random.Random) -> Iterator[Example]:
    """The examples of all rules of gitleaks or of what was made from it."""
    folder = root / "cmd" / "generate" / "config"
    go = Go([*sorted((folder / "utils").glob("*.go")), *sorted((folder / "rules").glob("*.go"))], luck)
    for name, function in go.functions.items():
        rule = re.search(r'RuleID: *"([^"]*)"', function["body"])
        validated = function["body"].rpartition("utils.Validate")[2].removeprefix("WithPaths")
        if not rule or not validated.startswith("("):
            continue
        given = _Reader(go, go.variables(name), validated).list()
        for found, is_true in zip(given[1:3], (True, False), strict=True):
            texts = list(found.values()) if isinstance(found, dict) else found
            for text in texts if isinstance(texts, list) else [found] if found is UNKNOWN else ():
                yield Example(source, rule[1], text if isinstance(text, str) else "", is_true)


# Python


def python_examples(source: str, root: Path) -> Iterator[Example]:
    """The examples of the tests of detect-secrets: parameters that are a text and whether to flag it."""
    for path in sorted((root / "tests" / "plugins").glob("*_test.py")):
        tree = ast.parse(path.read_text("utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and "analyze" in node.name + ast.unparse(node):
                for text, is_true in _parameters(node, constants):
                    yield Example(source, path.stem.removesuffix("_test"), text, is_true)


def _parameters(function: ast.FunctionDef, constants: Mapping[str, ast.expr]) -> Iterator[tuple[str, bool]]:
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or len(decorator.args) < 2:
            continue
        rows = decorator.args[1]
        for row in rows.elts if isinstance(rows, (ast.List, ast.Tuple)) else ():
            items = row.elts if isinstance(row, ast.Tuple) else [row]
            text = _python_text(items[0], constants)
            flag = items[1].value if len(items) > 1 and isinstance(items[1], ast.Constant) else True
            if text is not None and isinstance(flag, bool):
                yield text, flag


def _python_text(node: ast.expr, constants: Mapping[str, ast.expr]) -> str | None:
    """A text that is written out, joined, repeated or formatted, with constants of the module."""
    if isinstance(node, ast.Name):
        value = constants.get(node.id)
        return None if value is None else _python_text(value, {})
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp):
        left, right = _python_text(node.left, constants), _python_text(node.right, constants)
        if isinstance(node.op, ast.Mult) and isinstance(node.right, ast.Constant):
            return None if left is None else left * int(str(node.right.value))
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _formatted(node, constants)
    return None


def _formatted(call: ast.Call, constants: Mapping[str, ast.expr]) -> str | None:
    pattern = _python_text(call.func.value, constants) if isinstance(call.func, ast.Attribute) else None
    given = {str(place): _python_text(value, constants) for place, value in enumerate(call.args)}
    given |= {each.arg or "": _python_text(each.value, constants) for each in call.keywords}
    if pattern is None or None in given.values():
        return None
    pattern = re.sub(r"\{\}", "{0}", pattern)
    return re.sub(r"\{(\w+)\}", lambda match: given.get(match[1]) or "", pattern)


# The score


@dataclass
class Score:
    """How many examples there are, and how many of them were flagged.

    `plain` are true ones of a known form that were left alone as made up, such as `12345678`; `own` are the
    false ones that were flagged as what their rule is for, and not as a token of another.
    """

    true: int = 0
    found: int = 0
    plain: int = 0
    false: int = 0
    flagged: int = 0
    own: int = 0

    def add(self, example: Example, kinds: Sequence[str], is_own: bool) -> None:
        """Counts one example, which was flagged as these kinds."""
        if example.is_true:
            self.true, self.found = self.true + 1, self.found + bool(kinds)
            self.plain += not kinds and _has_a_form(example.text)
        else:
            self.false, self.flagged = self.false + 1, self.flagged + bool(kinds)
            self.own += is_own

    def __str__(self) -> str:
        recall = f"{self.found / self.true:7.1%}" if self.true else "      -"
        wrong = f"{self.flagged / self.false:7.1%}" if self.false else "      -"
        found, false = (
            f"{self.found:5} of {self.true:5} {recall}",
            f"{self.flagged:4} of {self.false:4} {wrong}",
        )
        return f"{found} {self.plain:5}   {false} {self.own:4}"


def _is_unsound(text: str) -> bool:
    found = list(tokens(text))
    return bool(found) and not any(token.sound for token in found)


def _has_a_form(text: str) -> bool:
    return any(form.pattern.search(text) for form in mentioned(text))


def issuer_of(rule: str, issuers: Mapping[str, str]) -> str | None:
    """The issuer of a rule, where the table has it: by the first word of its name."""
    word = rule.partition("-")[0].lower()
    alias = ALIASES.get(word, word).lower()
    return issuers.get(alias)


def score(examples: Sequence[Example], shows_misses: bool) -> None:
    """Prints how each issuer did, and all of them."""
    issuers = {form.kind.split()[0].lower(): form.kind.split()[0] for form in forms()}
    scores: defaultdict[str, Score] = defaultdict(Score)
    left_out: defaultdict[str, set[str]] = defaultdict(set)
    print("examples that could not be read:", sum(not each.text for each in examples))
    kinds = {each: [token.kind for token in tokens(each.text)] for each in examples if each.text}
    true_kinds: defaultdict[str, set[str]] = defaultdict(set)
    for each, found in kinds.items():
        true_kinds[each.rule].update(found if each.is_true else ())
    for each in kinds:
        issuer = issuer_of(each.rule, issuers)
        if issuer is None or NO_SECRETS.fullmatch(each.rule):
            left_out["no secrets" if issuer else "issuers not in the table"].add(each.rule)
            continue
        found = kinds[each]
        for name in (issuer, f"= {each.source}", "= all"):
            scores[name].add(each, found, not true_kinds[each.rule].isdisjoint(found))
        if shows_misses and bool(found) != each.is_true:
            print("missed" if each.is_true else "flagged", each.source, each.rule, found, repr(each.text))
    print(f"{'':22} {'true found':>24} plain {'false flagged':>22}  own")
    for name in sorted(scores, key=lambda name: (name[0] == "=", name.lower())):
        print(f"{name:22} {scores[name]}")
    unsound = sum(_is_unsound(each.text) for each in kinds if each.is_true)
    print(f"of the true ones, with a wrong checksum, which is only a warning: {unsound}")
    for why, rules in sorted(left_out.items()):
        print(f"left out, {why}: {len(rules)}: {' '.join(sorted(rules))}")


def main() -> None:
    """Reads the folders that are given and prints the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--gitleaks", "--betterleaks", "--detect-secrets"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--misses", action="store_true", help="show each example that was judged otherwise")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    luck, examples = random.Random(given.seed), list[Example]()
    for source in ("gitleaks", "betterleaks"):
        root = getattr(given, source)
        examples += go_examples(source, root, luck) if root else ()
    examples += python_examples("detect-secrets", given.detect_secrets) if given.detect_secrets else ()
    score(examples, given.misses)


if __name__ == "__main__":
    main()
