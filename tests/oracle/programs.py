"""Whole small DAG files, made at random of the forms in which DAG files give their DAGs a callback.

Every name is of a kind: a callback or None, a list of callbacks, the arguments of a DAG, an object that has all of
these, or a function that makes something. An expression of a kind is made of expressions of any kinds, and
statements change what names stand for, so that the forms meet in every combination. The same seed gives the same
text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["callback", "list", "dict", "object", "given"]
Form: TypeAlias = "tuple[int, Callable[[], str]]"
Deed: TypeAlias = "tuple[int, Callable[[], None]]"

CALLBACK: Final = "callback"
LIST: Final = "list"
DICT: Final = "dict"
OBJECT: Final = "object"
GIVEN: Final = "given"
KINDS: Final[tuple[Kind, ...]] = (CALLBACK, LIST, DICT, OBJECT)
FAILURE = "on_failure_callback"
ERRORS = ("KeyError", "ValueError", "LookupError", "RuntimeError", "Exception", "IndexError", "Trouble")
MOST_DEPTH = 5

SHARED: Mapping[str, str] = {
    "shared/__init__.py": "from .notify import NOTIFIER as EXPORTED, tell_slack, write_log\n"
    "from .settings import *\n"
    "__all__ = ['EXPORTED', 'tell_slack', 'write_log', 'SETTINGS', 'DEFAULT', 'notify']\n"
    "from . import notify\n",
    "shared/notify.py": "import logging\n"
    "from airflow.providers.slack.hooks.slack import SlackHook\n"
    "from airflow.providers.slack.notifications.slack import SlackNotifier\n"
    "NOTIFIER = SlackNotifier(channel='#a', text='failed')\n"
    "SILENT = None\n"
    "def hook():\n"
    "    return SlackHook(slack_conn_id='slack_default')\n"
    "def post(text):\n"
    "    hook().call('chat.postMessage', json={'channel': '#a', 'text': text})\n"
    "def tell_slack(context):\n"
    "    post('failed')\n"
    "def write_log(context):\n"
    "    logging.getLogger(__name__).error('failed: %s', context['run_id'])\n"
    "def tell(context, inner=None, *, loud=False):\n"
    "    if inner is not None:\n"
    "        inner(context)\n"
    "    if loud:\n"
    "        post('loud')\n",
    "shared/settings.py": "from shared.notify import NOTIFIER, tell_slack, write_log\n"
    "DEFAULT = write_log\n"
    "_hidden = tell_slack\n"
    "SETTINGS = {'on_failure_callback': tell_slack, 'catchup': False}\n"
    "REGISTRY = []\n"
    "class Settings:\n"
    "    callback = tell_slack\n"
    "    callbacks = [write_log]\n"
    "    options = {'catchup': False}\n",
    "shared/loud.py": "from shared import settings\n"
    "from shared.settings import *\n"
    "settings.REGISTRY.append(tell_slack)\n"
    "settings.DEFAULT = NOTIFIER\n",
    "shared/derived.py": "from shared.settings import REGISTRY\n"
    "import shared.settings as settings\n"
    "DERIVED = settings.DEFAULT\n"
    "COUNT = len(REGISTRY)\n"
    "FIRST = REGISTRY[0] if REGISTRY else None\n",
    "shared/stars.py": "from shared.notify import *\n"
    "from shared.settings import SETTINGS\n"
    "_private = NOTIFIER\n"
    "STAR = write_log\n",
    "shared/inner/__init__.py": "from .deep import deep_callback\nfrom ..notify import write_log as inner_log\n",
    "shared/inner/deep.py": "from ...shared.notify import NOTIFIER\n"
    if False
    else "from ..notify import NOTIFIER\n"
    "def deep_callback(context):\n"
    "    from shared import notify\n"
    "    notify.tell_slack(context)\n"
    "    return NOTIFIER\n",
}
"""The modules of the repository that the DAG files import, by path below the DAG folder."""

_HEADER = """\
import os
import time
from collections import OrderedDict, defaultdict, deque
from contextlib import ExitStack, contextmanager, suppress
from copy import copy, deepcopy
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from functools import cache, partial, reduce, wraps
from itertools import chain, islice
from types import SimpleNamespace
from typing import NamedTuple

from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG, dag
"""

_IMPORTS = (
    "from shared.notify import NOTIFIER, tell, tell_slack, write_log\n",
    "from shared.notify import *\n",
    "from shared.stars import *\nfrom shared.notify import NOTIFIER\n",
    "import shared.notify as notify\n"
    "NOTIFIER, tell = notify.NOTIFIER, notify.tell\n"
    "tell_slack, write_log = notify.tell_slack, notify.write_log\n",
    "from shared import EXPORTED as NOTIFIER, notify, tell_slack\nfrom shared.notify import tell, write_log\n",
    "from shared import *\nfrom shared.notify import tell\nNOTIFIER = EXPORTED\n",
    "import shared.notify\n"
    "from shared.inner import deep_callback as tell_slack, inner_log as write_log\n"
    "NOTIFIER = shared.notify.NOTIFIER\n"
    "tell = shared.notify.tell\n",
)

_MORE_IMPORTS = (
    "from shared import settings\n",
    "import shared.settings as settings\nimport shared.loud\n",
    "from shared import settings\nsettings.DEFAULT = None\nfrom shared import derived\n",
    "from shared import derived, settings\n",
    "from shared import settings\nsettings.REGISTRY.append(NOTIFIER)\n",
)


@dataclass
class Scope:
    """The names of a block. A block of its own kind begins a function or a class."""

    sort: Literal["module", "function", "class", "block"]
    names: dict[str, list[str]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function that a program defines."""

    name: str
    kind: Kind
    is_default: bool = False
    is_keyword: bool = False


@dataclass(frozen=True)
class Function:
    """A function that a program defines; `makes` is what it gives, None for one that only changes things."""

    name: str
    parameters: tuple[Parameter, ...]
    makes: Kind | None
    has_rest: bool = False
    options: str = ""


class Writer:
    """Writes one program. `is_known` where every condition in it is known without a run."""

    def __init__(self, random: Random, name: str, is_known: bool, room: int = 26) -> None:
        self.random = random
        self.name = name
        self.is_known = is_known
        self.room = room
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.dags = 0
        self.scopes = [Scope("module")]
        self.functions: list[list[Function]] = [[]]
        self.keys: list[str] = []
        self.returns: list[Kind | None] = []
        self.loops = 0
        self.catching: list[str] = []
        self.in_callback = False
        self.nested = 0

    # Text

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text if text else "")

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    @contextmanager
    def block(self, head: str, sort: Literal["function", "class", "block"] = "block") -> Iterator[Scope]:
        """An indented block with names of its own."""
        self.line(head)
        scope = Scope(sort)
        self.scopes.append(scope)
        self.functions.append([])
        self.indent += 1
        self.nested += 1
        before = len(self.lines)
        try:
            yield scope
        finally:
            if len(self.lines) == before:
                self.line("pass")
            self.nested -= 1
            self.indent -= 1
            self.functions.pop()
            self.scopes.pop()

    @contextmanager
    def function(
        self, head: str, makes: Kind | None, keys: Sequence[str], own: Sequence[str] = ()
    ) -> Iterator[Scope]:
        """The body of a function."""
        state = self.keys, self.loops, self.catching
        self.keys, self.loops, self.catching = list(keys), 0, []
        self.returns.append(makes)
        with self.block(head, "function") as scope:
            self.declare(scope, own)
            yield scope
        self.returns.pop()
        self.keys, self.loops, self.catching = state

    def declare(self, scope: Scope, own: Sequence[str]) -> None:
        """`global` and `nonlocal` names of a function, its parameters aside."""
        wanted = [name for kind in (CALLBACK, LIST, DICT) for name in self.scopes[0].names.get(kind, [])]
        wanted = [name for name in wanted if name not in own]
        if wanted and self.chance(0.3):
            name = self.random.choice(wanted)
            self.line(f"global {name}")
            scope.shared.add(name)
        outer = [each for each in self.scopes[1:-1] if each.sort != "class"]
        start = next((n for n in reversed(range(len(outer))) if outer[n].sort == "function"), None)
        around = outer[start:] if start is not None else []
        inner = [name for each in around for kind in (CALLBACK, LIST) for name in each.names.get(kind, [])]
        inner = [name for name in inner if name not in scope.shared and name not in own]
        inner = [name for name in inner if not any(name in each.shared for each in outer)]
        if inner and self.chance(0.4):
            name = self.random.choice(inner)
            self.line(f"nonlocal {name}")
            scope.shared.add(name)

    # Choices

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, *texts: str) -> str:
        return self.random.choice(texts)

    def formed(self, forms: Sequence[Form]) -> str:
        return self.random.choices([form for _, form in forms], [weight for weight, _ in forms])[0]()

    # Names

    def bind(self, name: str, kind: Kind) -> str:
        """Notes that a name stands for something from here on, to the end of the block."""
        self.scopes[-1].names.setdefault(kind, []).append(name)
        return name

    def visible(self, kind: Kind) -> list[str]:
        """The names of a kind that can be read here."""
        inside = True
        found: list[str] = []
        for scope in reversed(self.scopes):
            if scope.sort != "class" or inside:
                found += scope.names.get(kind, [])
            inside = inside and scope.sort == "block"
        return found

    def writable(self, kind: Kind) -> list[str]:
        """The names of a kind that can be given a new value here."""
        found: list[str] = []
        readable = self.visible(kind)
        for scope in reversed(self.scopes):
            found += scope.names.get(kind, [])
            found += [name for name in scope.shared if name in readable]
            if scope.sort != "block":
                break
        return found

    def callable_functions(self, makes: Kind | None) -> list[Function]:
        """The functions that can be called here."""
        return [each for functions in self.functions for each in functions if each.makes == makes]

    # Expressions

    def expression(self, kind: Kind, depth: int = 2) -> str:
        """An expression of a kind."""
        if kind == GIVEN:
            return self.formed(
                [
                    (3, lambda: self.expression(CALLBACK, depth)),
                    (2, lambda: self.expression(LIST, depth)),
                    (1, lambda: self.from_dict(depth)),
                ]
            )
        names = self.visible(kind)
        if names and self.chance(0.45):
            return self.random.choice(names)
        if depth <= 0:
            return self.leaf(kind)
        forms = {CALLBACK: self.callbacks, LIST: self.lists, DICT: self.dicts, OBJECT: self.objects}[kind]
        return self.formed([*forms(depth - 1), *self.common(kind, depth - 1)])

    def leaf(self, kind: Kind) -> str:
        match kind:
            case "callback":
                return self.one_of("tell_slack", "write_log", "write_log", "NOTIFIER", "None", "None")
            case "list":
                return self.one_of("[]", "[tell_slack]", "[write_log]", "[write_log, NOTIFIER]", "[None]")
            case "dict":
                return self.one_of("{}", "{'catchup': False}", f"{{'{FAILURE}': {self.leaf(CALLBACK)}}}")
            case "object":
                return "SimpleNamespace(callback=write_log, callbacks=[tell_slack], options={})"
            case _:
                return self.leaf(CALLBACK)

    def common(self, kind: Kind, depth: int) -> list[Form]:
        """Forms that fit every kind."""
        expression = self.expression
        return [
            (3, lambda: f"({expression(kind, depth)} if {self.flag()} else {expression(kind, depth)})"),
            (1, lambda: f"({expression(kind, depth)} or {expression(kind, depth)})"),
            (1, lambda: f"(lambda: {expression(kind, depth)})()"),
            (1, lambda: f"(lambda *given: given[-1])(None, {expression(kind, depth)})"),
            (1, lambda: f"(lambda **given: given['x'])(x={expression(kind, depth)})"),
            (1, lambda: f"[{expression(kind, depth)}, {expression(kind, depth)}][{self.one_of('0', '1', '-1')}]"),
            (1, lambda: f"{{'a': {expression(kind, depth)}}}.get({self.one_of(*'ab')!r}, {expression(kind, depth)})"),
            (1, lambda: f"{{'a': {expression(kind, depth)}, 'b': {expression(kind, depth)}}}[{self.text()}]"),
            (1, lambda: f"{self.one_of('copy', 'deepcopy')}({expression(kind, depth)})"),
            (1, lambda: self.walrus(kind, depth)),
            (4, lambda: self.made(kind, depth)),
            (1, lambda: self.of_record(kind, depth)),
            (1, lambda: f"next(iter([{expression(kind, depth)}]), None)"),
            (1, lambda: f"dict(a={expression(kind, depth)}).pop('a')"),
        ]

    def walrus(self, kind: Kind, depth: int) -> str:
        value = self.expression(kind, depth)
        if self.scopes[-1].sort == "class" or any(scope.sort == "class" for scope in self.scopes):
            return value
        name = self.fresh("w")
        return f"({name} := {value})"

    def text(self) -> str:
        """An expression that gives 'a' or 'b'."""
        if not self.is_known and self.chance(0.2):
            return "os.environ.get('ORACLE_UNSET', 'b')"
        return self.one_of("'a'", "'b'", "'ab'[0]", "f'{chr(98)}'[:0] + 'a'", "'%s' % 'b'", "'{}'.format('a')", "str('b')")

    def callbacks(self, depth: int) -> list[Form]:
        expression = self.expression
        return [
            (6, lambda: self.leaf(CALLBACK)),
            (6, self.defined_callback),
            (2, lambda: f"(lambda context: {self.call_of(depth)})"),
            (1, lambda: f"(lambda context, inner={expression(CALLBACK, depth)}: inner and inner(context))"),
            (2, lambda: f"partial(tell, inner={expression(CALLBACK, depth)})"),
            (1, lambda: f"partial(tell, loud={self.flag()})"),
            (2, lambda: f"({expression(LIST, depth)} or [None])[{self.one_of('0', '-1')}]"),
            (1, lambda: f"next(iter({expression(LIST, depth)}), None)"),
            (2, lambda: f"{expression(OBJECT, depth)}.callback"),
            (1, lambda: f"getattr({expression(OBJECT, depth)}, {self.one_of('callback', 'nothing')!r}, None)"),
            (1, lambda: f"({expression(CALLBACK, depth)} and {expression(CALLBACK, depth)})"),
            (1, lambda: f"reduce(lambda left, right: right or left, {expression(LIST, depth)}, None)"),
            (2, lambda: self.bound_method(depth)),
            (1, lambda: "SlackNotifier(text='failed')"),
            (1, lambda: f"next((each for each in {expression(LIST, depth)} if {self.flag()}), None)"),
            (1, self.from_modules),
        ]

    def from_modules(self) -> str:
        if "settings" not in self.lines[0]:
            return "NOTIFIER"
        found = ["settings.DEFAULT", "settings.Settings.callback", f"settings.SETTINGS['{FAILURE}']"]
        found += ["derived.DERIVED", "derived.FIRST"] if "derived" in self.lines[0] else []
        return self.one_of(*found, "(settings.REGISTRY or [None])[-1]")

    def call_of(self, depth: int) -> str:
        """A call of a callback that may be None, inside of a callback."""
        names = self.visible(CALLBACK)
        if names and self.chance(0.6):
            name = self.random.choice(names)
            return f"{name} and {name}(context)"
        return f"({self.expression(CALLBACK, depth)} or print)(context)"

    def lists(self, depth: int) -> list[Form]:
        expression = self.expression
        return [
            (5, lambda: f"[{', '.join(expression(CALLBACK, depth) for _ in range(self.random.randint(0, 3)))}]"),
            (1, lambda: f"({expression(LIST, depth)} + {expression(LIST, depth)})"),
            (1, lambda: f"[*{expression(LIST, depth)}, {expression(CALLBACK, depth)}]"),
            (1, lambda: f"[{expression(CALLBACK, depth)}, *{expression(LIST, depth)}]"),
            (1, lambda: f"{expression(LIST, depth)}[{self.one_of(':1', '1:', '::-1', ':', ':0', '-1:')}]"),
            (1, lambda: f"[each for each in {expression(LIST, depth)} if {self.one_of('each', 'not each', 'each is not None')}]"),
            (1, lambda: f"[each or {expression(CALLBACK, depth)} for each in {expression(LIST, depth)}]"),
            (1, lambda: f"list({expression(LIST, depth)})"),
            (1, lambda: f"list(filter(None, {expression(LIST, depth)}))"),
            (1, lambda: f"list(map(lambda each: each or {expression(CALLBACK, depth)}, {expression(LIST, depth)}))"),
            (1, lambda: f"({expression(LIST, depth)} * {self.one_of('0', '1', '2')})"),
            (1, lambda: f"{expression(LIST, depth)}.copy()"),
            (2, lambda: f"{expression(OBJECT, depth)}.callbacks"),
            (1, lambda: f"list({{'a': {expression(CALLBACK, depth)}, 'b': None}}.values())"),
            (1, lambda: f"[two for one, two in zip({expression(LIST, depth)}, {expression(LIST, depth)})]"),
            (1, lambda: f"list(reversed({expression(LIST, depth)}))"),
            (1, lambda: f"list(chain({expression(LIST, depth)}, {expression(LIST, depth)}))"),
            (1, lambda: f"[inner for outer in [{expression(LIST, depth)}, {expression(LIST, depth)}] for inner in outer]"),
            (1, lambda: f"list(dict.fromkeys({expression(LIST, depth)}))"),
            (1, lambda: f"list(islice({expression(LIST, depth)}, {self.one_of('1', '0, 2', '1, None')}))"),
            (1, lambda: f"list({self.generator(depth)})"),
        ]

    def generator(self, depth: int) -> str:
        """A call of a generator function that is defined before."""
        values = [self.expression(CALLBACK, depth) for _ in range(3)]
        flag, more, name = self.flag(), self.expression(LIST, depth), self.fresh("gen")
        with self.block(f"def {name}():", "function"):
            self.line(f"yield {values[0]}")
            with self.block(f"if {flag}:"):
                self.line(f"yield {values[1]}" if self.chance(0.6) else "return")
            self.line(f"yield from {more}" if self.chance(0.5) else f"yield {values[2]}")
        return f"{name}()"

    def dicts(self, depth: int) -> list[Form]:
        expression = self.expression
        return [
            (5, lambda: f"{{'{FAILURE}': {expression(GIVEN, depth)}}}"),
            (1, lambda: f"{{'catchup': False, '{FAILURE}': {expression(GIVEN, depth)}, 'tags': ['a']}}"),
            (2, lambda: f"dict({FAILURE}={expression(GIVEN, depth)})"),
            (2, lambda: f"{{**{expression(DICT, depth)}, **{expression(DICT, depth)}}}"),
            (2, lambda: f"({expression(DICT, depth)} | {expression(DICT, depth)})"),
            (1, lambda: f"dict({expression(DICT, depth)}, {FAILURE}={expression(GIVEN, depth)})"),
            (1, lambda: f"{{'default_args': {{'{FAILURE}': {expression(CALLBACK, depth)}}}}}"),
            (1, lambda: f"{expression(DICT, depth)}.copy()"),
            (2, lambda: f"{expression(OBJECT, depth)}.options"),
            (1, lambda: f"{{key: value for key, value in {expression(DICT, depth)}.items() if {self.key_test()}}}"),
            (1, lambda: f"dict(zip(['{FAILURE}', 'catchup'], [{expression(GIVEN, depth)}, False]))"),
            (1, lambda: f"dict([('{FAILURE}', {expression(GIVEN, depth)})])"),
            (1, lambda: f"{{**({expression(DICT, depth)} if {self.flag()} else {{}}), 'catchup': False}}"),
        ]

    def key_test(self) -> str:
        return self.one_of(f"key != '{FAILURE}'", "value is not None", "value", "key.startswith('on_')", "True")

    def from_dict(self, depth: int) -> str:
        table = self.expression(DICT, depth)
        return self.one_of(
            f"{table}.get('{FAILURE}')",
            f"{table}.get('{FAILURE}', {self.leaf(CALLBACK)})",
            f"dict({table}).pop('{FAILURE}', None)",
            f"{{'{FAILURE}': {self.leaf(CALLBACK)}, **{table}}}['{FAILURE}']",
        )

    def objects(self, depth: int) -> list[Form]:
        expression = self.expression
        return [
            (2, lambda: f"SimpleNamespace({self.attributes(depth)})"),
            (6, lambda: self.of_class(depth)),
        ]

    def attributes(self, depth: int) -> str:
        values = {"callback": CALLBACK, "callbacks": LIST, "options": DICT}
        return ", ".join(f"{name}={self.expression(kind, depth)}" for name, kind in values.items())  # type: ignore[arg-type]

    def of_class(self, depth: int) -> str:
        """An instance of a class that is defined before, or the class itself."""
        name = self.fresh("Class")
        writers = (self.plain_class, self.class_with_init, self.data_class, self.derived_class, self.named_tuple)
        return self.random.choice(writers)(name, depth)

    def plain_class(self, name: str, depth: int) -> str:
        values = [self.expression(kind, depth) for kind in (CALLBACK, LIST, DICT)]
        with self.block(f"class {name}:", "class"):
            self.line(f"callback = {values[0]}")
            self.line(f"callbacks = {values[1]}")
            self.line(f"options = {values[2]}")
            if self.chance(0.3):
                with self.block(f"if {self.flag()}:"):
                    self.line(f"callback = {self.one_of('NOTIFIER', 'None', 'write_log')}")
        if self.chance(0.5):
            return self.kept(name)
        return self.kept(f"{name}()")

    def kept(self, value: str) -> str:
        """A name for an object, so that others may change it."""
        name = self.fresh("obj")
        self.line(f"{name} = {value}")
        return self.bind(name, OBJECT)

    def class_with_init(self, name: str, depth: int) -> str:
        default, shared = self.expression(CALLBACK, depth), self.expression(LIST, depth)
        attributes = self.attributes(depth)
        with self.block(f"class {name}:", "class"):
            self.line(f"everyone = {shared}")
            with self.block(f"def __init__(self, callback={default}, callbacks=[], options=None):", "function"):
                self.line("self.callback = callback")
                self.line(self.one_of("self.callbacks = callbacks", "self.callbacks = self.everyone"))
                self.line("self.options = {} if options is None else options")
                if self.chance(0.3):
                    self.line(f"self.callbacks.append({self.one_of('tell_slack', 'write_log')})")
                if self.chance(0.3):
                    with self.block(f"if {self.flag()}:"):
                        self.line(f"self.callback = {self.one_of('NOTIFIER', 'None', 'write_log')}")
            if self.chance(0.4):
                self.line("@property")
                with self.block("def first(self):", "function"):
                    self.line("return self.callback or next(iter(self.callbacks), None)")
        return self.kept(self.one_of(f"{name}()", f"{name}({attributes})", f"{name}({self.expression(CALLBACK, depth)})"))

    def data_class(self, name: str, depth: int) -> str:
        value, items = self.expression(CALLBACK, depth), self.expression(LIST, depth)
        attributes = self.attributes(depth)
        self.line(self.one_of("@dataclass", "@dataclass(frozen=True)", "@dataclass(kw_only=True)"))
        frozen, keyword = "frozen" in self.lines[-1], "kw_only" in self.lines[-1]
        with self.block(f"class {name}:", "class"):
            self.line(f"callback: object = {value}")
            self.line(f"callbacks: list = field(default_factory=lambda: {items})")
            self.line("options: dict = field(default_factory=dict)")
            if not frozen and self.chance(0.3):
                with self.block("def __post_init__(self):", "function"):
                    self.line("self.callback = self.callback or next(iter(self.callbacks), None)")
        given = "" if keyword else self.expression(CALLBACK, depth)
        made = self.one_of(f"{name}({attributes})", f"{name}({given})", f"replace({name}(), callback={value})")
        return made if frozen else self.kept(made)

    def derived_class(self, name: str, depth: int) -> str:
        values = [self.expression(kind, depth) for kind in (CALLBACK, LIST, DICT, CALLBACK)]
        base = self.fresh("Base")
        with self.block(f"class {base}:", "class"):
            self.line(f"callback = {values[0]}")
            self.line(f"callbacks = {values[1]}")
            self.line(f"options = {values[2]}")
            with self.block("def __init__(self, callback=None):", "function"):
                self.line(self.one_of("self.own = callback", "self.callback = callback or self.callback"))
        with self.block(f"class {name}({base}):", "class"):
            if self.chance(0.5):
                self.line(f"callback = {values[3]}")
            if self.chance(0.5):
                with self.block("def __init__(self, *given, **named):", "function"):
                    self.line("super().__init__(*given, **named)")
                    self.line(self.one_of("self.callbacks = [self.callback]", "self.callback = self.callbacks[:1] and self.callbacks[0]" if False else "self.extra = 1"))
        return self.kept(self.one_of(f"{name}()", f"{name}(callback={values[3]})", f"{name}({values[3]})"))

    def named_tuple(self, name: str, depth: int) -> str:
        value, items, attributes = self.expression(CALLBACK, depth), self.expression(LIST, depth), self.attributes(depth)
        with self.block(f"class {name}(NamedTuple):", "class"):
            self.line(f"callback: object = {value}")
            self.line(f"callbacks: list = {items}")
            self.line("options: dict = {}")
        return self.one_of(f"{name}()", f"{name}({attributes})", f"{name}()._replace(callback={value})")

    def of_record(self, kind: Kind, depth: int) -> str:
        """The value of a member of an enum that is defined before."""
        if self.scopes[-1].sort == "class":
            return self.expression(kind, depth)
        value, other, name = self.expression(kind, depth), self.expression(kind, depth), self.fresh("Enum")
        with self.block(f"class {name}(Enum):", "class"):
            self.line(f"ONE = (1, {value})")
            self.line(f"TWO = (2, {other})")
        return self.one_of(f"{name}.ONE.value[1]", f"{name}['TWO'].value[1]", f"list({name})[1].value[-1]")

    def bound_method(self, depth: int) -> str:
        value, name = self.expression(CALLBACK, depth), self.fresh("Teller")
        with self.block(f"class {name}:", "class"):
            with self.block(f"def __init__(self, inner={value}):", "function"):
                self.line("self.inner = inner")
            head = self.one_of("__call__", "tell")
            with self.block(f"def {head}(self, context):", "function"):
                with self.block("if self.inner:"):
                    self.line("self.inner(context)")
        given = self.one_of("", self.expression(CALLBACK, depth))
        return f"{name}({given})" + ("" if head == "__call__" else ".tell")

    # Conditions

    def flag(self) -> str:
        """A condition."""
        if not self.is_known and self.chance(0.45):
            return self.one_of(
                "os.environ.get('ORACLE_UNSET')",
                "os.environ.get('ORACLE_UNSET') is None",
                "os.environ.get('ORACLE_UNSET', 'x') == 'x'",
                "'ORACLE_UNSET' not in os.environ",
                "time.time() > 0",
                "not os.getenv('ORACLE_UNSET')",
            )
        names, lists, tables = self.visible(CALLBACK), self.visible(LIST), self.visible(DICT)
        forms = ["True", "False", "1 < 2", "'a' == 'b'", "not ''", "'x' in 'xyz'"]
        if names:
            name = self.random.choice(names)
            forms += [f"{name} is None", f"{name}", f"not {name}", f"callable({name})", f"{name} is tell_slack"]
        if lists:
            name = self.random.choice(lists)
            forms += [f"{name}", f"len({name}) > 1", f"not {name}", f"write_log in {name}"]
        if tables:
            name = self.random.choice(tables)
            forms += [f"'{FAILURE}' in {name}", f"{name}", f"{name}.get('{FAILURE}') is None"]
        found = self.one_of(*forms)
        return f"({found} {self.one_of('and', 'or')} {self.flag()})" if self.chance(0.15) else found

    # Functions

    def made(self, kind: Kind, depth: int) -> str:
        """A call of a function that gives something of a kind, defined before where there is none."""
        known = self.callable_functions(kind)
        if known and self.chance(0.7):
            return self.call(self.random.choice(known), depth)
        if self.nested > MOST_DEPTH or self.room <= 0 or self.scopes[-1].sort == "class" or self.in_callback:
            return self.leaf(kind)
        return self.call(self.define(kind), depth)

    def define(self, makes: Kind | None) -> Function:
        """Defines a function and returns it."""
        self.room -= 1
        name = self.fresh("make_" if makes else "do_")
        parameters: tuple[Parameter, ...] = ()
        for _ in range(self.random.randint(0, 3)):
            parameters = (*parameters, self.parameter([each.name for each in parameters]))
        options = self.fresh("options") if self.chance(0.3) else ""
        made = Function(name, parameters, makes, self.chance(0.2), options)
        decorated = self.decorator(makes)
        head = f"def {name}({self.signature(made)}):"
        if decorated:
            self.line(decorated)
        keys = ["key"] if makes is None else []
        with self.function(head, makes, keys, [each.name for each in parameters]) as scope:
            for each in parameters:
                self.bind(each.name, each.kind)
            if made.has_rest:
                self.bind_rest(scope)
            if made.options:
                self.bind(made.options, DICT)
            self.statements(self.random.randint(1, 3))
            if makes is not None:
                self.line(f"return {self.expression(makes)}")
        self.functions[-1].append(made)
        return made

    def bind_rest(self, scope: Scope) -> None:
        name = self.fresh("rest")
        self.line(f"{name} = list(more)")
        scope.names.setdefault(LIST, []).append(name)

    def decorator(self, makes: Kind | None) -> str:
        """A decorator of the repository that calls the function, sometimes."""
        if not self.chance(0.12) or self.scopes[-1].sort == "class":
            return ""
        name, value = self.fresh("around"), self.expression(makes) if makes else "None"
        with self.block(f"def {name}(inner):", "function"):
            self.line("@wraps(inner)")
            with self.block("def outer(*given, **named):", "function"):
                self.line("found = inner(*given, **named)")
                self.line(self.one_of("return found", f"return found or {value}"))
            self.line("return outer")
        return f"@{name}"

    def parameter(self, taken: Sequence[str]) -> Parameter:
        kind = self.random.choice(KINDS)
        names = [name for name in self.visible(kind) if name not in taken]
        name = self.random.choice(names) if names and self.chance(0.15) else self.fresh("given")
        return Parameter(name, kind, self.chance(0.5), self.chance(0.3))

    def signature(self, made: Function) -> str:
        plain = [each for each in made.parameters if not each.is_keyword]
        plain.sort(key=lambda each: each.is_default)
        named = [each for each in made.parameters if each.is_keyword]
        parts = ["key"] if made.makes is None else []
        parts += [self.declared(each) for each in plain]
        parts += ["*more"] if made.has_rest else ["*"] if named else []
        parts += [self.declared(each) for each in named]
        parts += [f"**{made.options}"] if made.options else []
        return ", ".join(parts)

    def declared(self, each: Parameter) -> str:
        return f"{each.name}={self.expression(each.kind, 1)}" if each.is_default else each.name

    def call(self, made: Function, depth: int) -> str:
        """A call of a function."""
        plain = [each for each in made.parameters if not each.is_keyword]
        plain.sort(key=lambda each: each.is_default)
        parts = [self.key()] if made.makes is None else []
        positional = True
        for each in plain:
            if each.is_default and self.chance(0.5):
                positional = False
                continue
            positional = positional and self.chance(0.7)
            value = self.expression(each.kind, depth)
            parts.append(value if positional else f"{each.name}={value}")
        if made.has_rest and positional and self.chance(0.6):
            parts.append(self.one_of(f"*{self.expression(LIST, depth)}", self.expression(CALLBACK, depth)))
        for each in made.parameters:
            if each.is_keyword and not (each.is_default and self.chance(0.5)):
                parts.append(f"{each.name}={self.expression(each.kind, depth)}")
        taken = {each.name for each in made.parameters}
        if made.options and FAILURE not in taken and self.chance(0.6):
            parts.append(self.one_of(f"{FAILURE}={self.expression(GIVEN, depth)}", f"**{self.expression(DICT, depth)}"))
        return f"{made.name}({', '.join(parts)})"

    def defined_callback(self) -> str:
        """A function to be called back that is defined before."""
        if self.nested > MOST_DEPTH or self.room <= 0:
            return self.leaf(CALLBACK)
        self.room -= 1
        name = self.fresh("cb_")
        was, self.in_callback = self.in_callback, True
        with self.function(f"def {name}(context):", None, []):
            self.statements(self.random.randint(1, 3))
        self.in_callback = was
        return self.bind(name, CALLBACK)

    # Statements

    def statements(self, count: int) -> None:
        for _ in range(count):
            self.statement()

    def statement(self) -> None:
        """One statement, compound ones included."""
        self.room -= 1
        deeds: list[Deed] = [(4, self.assign), (5, self.change), (2, self.reassign), (1, self.leave)]
        deeds.append((8 if self.in_callback else 0, self.tell))
        deeds.append((4 if not self.in_callback and not (self.returns and self.returns[-1]) else 0, self.dag))
        if self.room > 0 and self.nested < MOST_DEPTH:
            deeds += [(3, self.if_), (2, self.for_), (2, self.try_), (1, self.while_), (1, self.with_)]
            deeds += [(1, self.match), (0 if self.in_callback else 2, self.do)]
        self.random.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])[0]()

    def tell(self) -> None:
        """A statement of a callback that calls another one."""
        names, lists = self.visible(CALLBACK), self.visible(LIST)
        forms = ["tell_slack(context)", "write_log(context)", "NOTIFIER(context)", "tell(context, write_log)"]
        if names:
            name = self.random.choice(names)
            forms += [f"{name} and {name}(context)", f"{name}(context)", f"tell(context, inner={name})"]
        if lists:
            name = self.random.choice(lists)
            forms += [f"[each(context) for each in {name} if each]", f"list(map(lambda each: each and each(context), {name}))"]
        self.line(self.one_of(*forms))

    def assign(self) -> None:
        kind = self.random.choice(KINDS[:3] if self.chance(0.8) else KINDS)
        value = self.expression(kind)
        name = self.fresh({CALLBACK: "cb", LIST: "cbs", DICT: "kw", OBJECT: "ob"}[kind])
        form = self.random.randrange(8)
        if form == 0:
            other = self.expression(kind, 1)
            second = self.fresh(name)
            self.line(f"{name}, {second} = {value}, {other}")
            self.bind(second, kind)
        elif form == 1:
            self.line(f"{name} = {self.bind(self.fresh(name), kind)} = {value}")
        elif form == 2:
            self.line(f"{name}, *_ = [{value}, None]")
        elif form == 3:
            self.line(f"{name}: object = {value}")
        else:
            self.line(f"{name} = {value}")
        self.bind(name, kind)

    def reassign(self) -> None:
        kind = self.random.choice(KINDS)
        names = self.writable(kind)
        if not names or self.scopes[-1].sort == "class":
            return self.assign()
        name = self.random.choice(names)
        value = self.expression(kind)
        other = self.random.choice(names)
        if other != name and self.chance(0.2):
            return self.line(f"{name}, {other} = {other}, {name}")
        return self.line(f"{name} = {value}")

    def change(self) -> None:
        """Changes a list, dict or object in place."""
        kinds: tuple[Kind, ...] = (LIST, LIST, DICT, DICT, OBJECT)
        kind = self.random.choice(kinds)
        names = self.visible(kind)
        if not names:
            return self.assign()
        changes = {LIST: self.list_change, DICT: self.dict_change, OBJECT: self.object_change}
        return self.line(changes[kind](self.random.choice(names)))

    def list_change(self, name: str) -> str:
        value = self.expression(CALLBACK)
        more = self.expression(LIST, 1)
        is_writable = name in self.writable(LIST)
        return self.one_of(
            f"{name}.append({value})",
            f"{name}.append({value})",
            f"{name}.extend({more})",
            f"{name}.insert({self.one_of('0', '1', '-1')}, {value})",
            f"{name}[:] = {more}",
            f"{name}[:1] = [{value}]",
            f"{name}.clear()",
            f"{name}.reverse()",
            f"{name} and {name}.pop()",
            f"{name} and {name}.pop(0)",
            f"write_log in {name} and {name}.remove(write_log)",
            f"{name} += {more}" if is_writable else f"{name}.__iadd__({more})",
            f"{name} *= 2" if is_writable else f"{name}.append(None)",
            f"del {name}[{self.one_of(':1', ':', '1:')}]",
        )

    def dict_change(self, name: str) -> str:
        value, more = self.expression(GIVEN), self.expression(DICT, 1)
        is_writable = name in self.writable(DICT)
        return self.one_of(
            f"{name}['{FAILURE}'] = {value}",
            f"{name}['{FAILURE}'] = {value}",
            f"{name}.update({more})",
            f"{name}.update({FAILURE}={value})",
            f"{name}.setdefault('{FAILURE}', {value})",
            f"{name}.setdefault('{FAILURE}', {value})",
            f"{name}.pop('{FAILURE}', None)",
            f"{name}.clear()",
            f"{name} |= {more}" if is_writable else f"{name}.update({more})",
            f"{name}.update([('{FAILURE}', {value})])",
        )

    def object_change(self, name: str) -> str:
        return self.one_of(
            f"{name}.callback = {self.expression(CALLBACK)}" if self.is_open(name) else f"{name}.callbacks.append(None)",
            f"{name}.callbacks.append({self.expression(CALLBACK)})",
            f"{name}.options['{FAILURE}'] = {self.expression(GIVEN)}",
            f"{name}.options.pop('{FAILURE}', None)",
        )

    def is_open(self, name: str) -> bool:
        """Whether an object's attributes can be assigned: it was made to be changed."""
        return name.startswith("obj")

    def leave(self) -> None:
        """`return`, `break`, `continue` or `raise`, where there is something to leave."""
        ways = []
        if self.loops:
            ways += ["break", "continue"]
        if self.returns and self.scopes[-1].sort == "block":
            kind = self.returns[-1]
            ways.append("return" if kind is None else f"return {self.expression(kind, 1)}")
        if self.catching:
            ways.append(f"raise {self.random.choice(self.catching)}('x')")
        elif self.in_callback:
            ways.append("raise ValueError('x')")
        if not ways:
            return self.assign()
        way, test = self.random.choice(ways), self.flag()
        if self.chance(0.75):
            with self.block(f"if {test}:"):
                self.line(way)
        elif self.scopes[-1].sort == "block":
            self.line(way)
        return None

    # Compound statements

    def if_(self) -> None:
        tests = [self.flag() for _ in range(3)]
        with self.block(f"if {tests[0]}:"):
            self.statements(self.random.randint(1, 3))
        if self.chance(0.3):
            with self.block(f"elif {tests[1]}:"):
                self.statements(self.random.randint(1, 2))
        if self.chance(0.5):
            with self.block("else:"):
                self.statements(self.random.randint(1, 2))

    def for_(self) -> None:
        number = self.fresh("i")
        targets, iterable, kinds = self.iteration(number)
        state = self.keys
        self.keys = [*self.keys, number]
        self.loops += 1
        with self.block(f"for {targets} in {iterable}:"):
            for name, kind in kinds.items():
                self.bind(name, kind)
            if iterable.startswith("enumerate(") and not iterable.startswith("enumerate(["):
                self.line(f"if {number} > 3: break")
            self.statements(self.random.randint(1, 3))
        self.loops -= 1
        self.keys = state
        if self.chance(0.3):
            with self.block("else:"):
                self.statements(1)

    def iteration(self, number: str) -> tuple[str, str, dict[str, Kind]]:
        """Targets and iterable of a loop, and of which kind the names are that it gives a value."""
        name = self.fresh("each")
        if not self.is_known and self.chance(0.3):
            unknown = "range(int(os.environ.get('ORACLE_UNSET', '2')))"
            return number, self.one_of(unknown, "os.environ.get('ORACLE_UNSET', 'a,b').split(',')"), {}
        match self.random.randrange(8):
            case 7:
                return f"{number}, {name}", f"enumerate({self.expression(LIST)})", {name: CALLBACK}
            case 0:
                return number, f"range({self.random.randint(0, 3)})", {}
            case 1:
                return f"{number}, {name}", f"enumerate([*{self.expression(LIST)}])", {name: CALLBACK}
            case 2:
                entries = ", ".join(f"'{key}': {self.expression(CALLBACK, 1)}" for key in "xyz")
                return f"{number}, {name}", f"{{{entries}}}.items()", {name: CALLBACK}
            case 3:
                pairs = ", ".join(f"('{key}', {self.expression(DICT, 1)})" for key in "uv")
                return f"{number}, {name}", f"[{pairs}]", {name: DICT}
            case 4:
                other = self.fresh("other")
                columns = f"zip('mn', {self.expression(LIST)}, [{self.expression(LIST, 1)}, []])"
                return f"{number}, {name}, {other}", columns, {name: CALLBACK, other: LIST}
            case 5:
                return number, f"sorted({{'q': 1, 'p': 2}}, reverse={self.random.choice([True, False])})", {}
            case _:
                return number, "('r', 's')", {}

    def while_(self) -> None:
        number, test = self.fresh("n"), self.flag()
        self.line(f"{number} = {self.random.randint(0, 2)}")
        state = self.keys
        self.keys = [*self.keys, number]
        self.loops += 1
        with self.block(f"while {number} < 3 and {test}:" if self.chance(0.4) else f"while {number} < 3:"):
            self.line(f"{number} += 1")
            self.statements(self.random.randint(1, 2))
        self.loops -= 1
        self.keys = state
        if self.chance(0.3):
            with self.block("else:"):
                self.statements(1)

    def try_(self) -> None:
        caught = self.random.sample(ERRORS, self.random.randint(1, 2))
        state = self.catching
        self.catching = [*self.catching, *caught] if self.chance(0.4) else list(caught)
        with self.block("try:"):
            self.statements(self.random.randint(1, 2))
            if self.chance(0.5):
                self.fault(caught[0])
            self.statements(self.random.randint(0, 1))
        self.catching = state
        for kind in caught if self.chance(0.9) else []:
            with self.block(f"except {kind}{self.one_of('', ' as error')}:"):
                self.statements(self.random.randint(1, 2))
        is_bare = not self.lines[-1].strip() or self.lines[-1].startswith("    " * (self.indent + 1))
        handled = any(line.startswith("    " * self.indent + "except") for line in self.lines[-40:])
        if handled and is_bare and self.chance(0.3):
            with self.block("else:"):
                self.statements(1)
        if self.chance(0.3) or not handled:
            with self.block("finally:"):
                self.statements(1)

    def fault(self, kind: str) -> None:
        """Something that raises, or may."""
        names = self.visible(LIST)
        forms = {
            "KeyError": "{'a': 1}['c']",
            "ValueError": "int('x')",
            "LookupError": "{}['c']",
            "IndexError": f"{self.random.choice(names)}[7]" if names else "[][0]",
            "Exception": "raise ValueError('y')",
        }
        text = forms.get(kind, f"raise {kind}('x')")
        if self.chance(0.6):
            return self.line(text)
        with self.block(f"if {self.flag()}:"):
            self.line(text)
        return None

    def with_(self) -> None:
        if self.chance(0.4):
            state, kind = self.catching, self.random.choice(ERRORS)
            self.catching = [kind]
            with self.block(f"with suppress({kind}):"):
                self.statements(self.random.randint(1, 2))
                if self.chance(0.5):
                    self.fault(kind)
            self.catching = state
            return
        value, kind = self.expression(CALLBACK), self.fresh("given")
        name = self.fresh("context")
        if self.scopes[-1].sort == "class":
            return
        self.line("@contextmanager")
        with self.block(f"def {name}():", "function"):
            self.line(f"yield {value}")
        with self.block(f"with {name}() as {kind}:"):
            self.bind(kind, CALLBACK)
            self.statements(self.random.randint(1, 2))

    def match(self) -> None:
        subject = self.one_of("'a'", "('a', 1)", "{'k': 'a'}", "None", "3")
        possible = ["'a' | 'b'", "None", "'c'", "3", "False"]
        if not self.is_known:
            possible += ["('a', _)", "{'k': _}", "str()", "int()", "[_, *_]", "'a' as found", "3 | 'a' if True"]
            subject = "os.environ.get('ORACLE_UNSET', 'a')" if self.chance(0.4) else subject
        cases, last = self.random.sample(possible, 3), self.one_of("", "_", "anything")
        value = self.expression(CALLBACK)
        if self.chance(0.2):
            subject, cases, last = value, ["None"], "found"
        with self.block(f"match {subject}:"):
            for case in (*cases, last) if last else cases:
                with self.block(f"case {case}:"):
                    if subject == value and case == "found":
                        self.bind("found", CALLBACK)
                    self.statements(1)

    def do(self) -> None:
        """A call of a function that changes something, defined before where there is none."""
        known = self.callable_functions(None)
        if (known and self.chance(0.6)) or self.scopes[-1].sort == "class":
            if known:
                self.line(self.call(self.random.choice(known), 1))
            return
        made = self.define(None)
        for _ in range(self.random.randint(1, 2)):
            self.line(self.call(made, 1))

    # DAGs

    def key(self) -> str:
        """A text that no other call gives."""
        self.count += 1
        return self.joined(f"k{self.count}", self.keys)

    def dag_id(self) -> str:
        """An expression that gives every DAG another id."""
        self.dags += 1
        return self.joined(f"{self.name}_{self.dags}", self.keys)

    def joined(self, first: str, keys: Sequence[str]) -> str:
        if not keys:
            return repr(first)
        return self.one_of(
            "f'" + "_".join([first, *(f"{{{key}}}" for key in keys)]) + "'",
            "'" + "_".join([first, *("%s" for _ in keys)]) + f"' % ({', '.join(keys)},)",
            "'" + "_".join([first, *("{}" for _ in keys)]) + f"'.format({', '.join(keys)})",
            "'_'.join(['" + first + "', " + ", ".join(f"str({key})" for key in keys) + "])",
            "'" + first + "'" + "".join(f" + '_' + str({key})" for key in keys),
        )

    def dag(self) -> None:
        """A DAG, made in one of many ways."""
        forms = [self.with_dag, self.with_dag, self.assigned_dag, self.decorated_dag, self.dag_subclass]
        forms += [self.dags_of_factory, self.dags_of_comprehension, self.partial_dag, self.built_dag]
        if self.scopes[-1].sort == "class":
            forms = [self.with_dag]
        self.random.choice(forms)()

    def dag_arguments(self) -> str:
        return self.formed(
            [
                (4, lambda: f"{FAILURE}={self.expression(GIVEN)}"),
                (3, lambda: f"**{self.expression(DICT)}"),
                (1, lambda: f"catchup=False, **{{'{FAILURE}': {self.expression(GIVEN)}}}"),
                (1, lambda: f"default_args={{'{FAILURE}': write_log}}, {FAILURE}={self.expression(GIVEN)}"),
                (1, lambda: f"**{{'tags': [], **{self.expression(DICT)}}}"),
            ]
        )

    def with_dag(self) -> None:
        given = self.dag_arguments()
        name = self.one_of("", f" as {self.fresh('dag')}")
        with self.block(f"with DAG({self.one_of('', 'dag_id=')}{self.dag_id()}, {given}){name}:"):
            if self.chance(0.2) and not self.in_callback:
                self.statements(1)

    def assigned_dag(self) -> None:
        given, name = self.dag_arguments(), self.fresh("dag")
        identifier = self.dag_id()
        self.line(f"{name} = DAG({identifier}, {given})")
        self.line(f"globals()[{name}.dag_id] = {name}")
        if self.chance(0.2):
            self.line(f"{name}.{FAILURE} = {self.expression(GIVEN)}")

    def decorated_dag(self) -> None:
        given, name = self.dag_arguments(), self.fresh("decorated")
        self.line(f"@dag(dag_id={self.dag_id()}, {given})")
        with self.block(f"def {name}():", "function"):
            pass
        if self.chance(0.9):
            self.line(f"{name}()")

    def dag_subclass(self) -> None:
        value, name = self.expression(GIVEN), self.fresh("Dag")
        with self.block(f"class {name}(DAG):", "class"):
            with self.block("def __init__(self, *given, **named):", "function"):
                self.line(
                    self.one_of(
                        f"named.setdefault('{FAILURE}', {value})",
                        f"named = {{'{FAILURE}': {value}, **named}}",
                        f"named['{FAILURE}'] = named.get('{FAILURE}') or {value}",
                        f"named.update({FAILURE}={value})",
                    )
                )
                self.line("super().__init__(*given, **named)")
        given = self.one_of("", f", {self.dag_arguments()}")
        with self.block(f"with {name}({self.dag_id()}{given}):"):
            pass

    def dags_of_factory(self) -> None:
        """A function that makes a DAG, and calls of it."""
        name, value = self.fresh("factory"), self.expression(GIVEN)
        rest = self.fresh("options")
        head = self.one_of(
            f"def {name}(key, callback={value}, **{rest}):",
            f"def {name}(key, *, callback={value}, **{rest}):",
            f"def {name}(key, callback=None, *more, **{rest}):",
        )
        with self.function(head, None, ["key"]):
            self.bind(rest, DICT)
            self.statements(self.random.randint(0, 2))
            given = self.one_of(
                f"**{{'{FAILURE}': callback, **{rest}}}",
                f"**{{**{rest}, '{FAILURE}': callback}}",
                f"**({rest} or {{'{FAILURE}': callback}})",
                f"{FAILURE}={rest}.pop('{FAILURE}', callback), **{rest}",
                f"{FAILURE}=callback",
            )
            with self.block(f"with DAG({self.dag_id()}, {given}) as made:"):
                pass
            self.line("return made")
        for _ in range(self.random.randint(1, 2)):
            more = self.one_of("", f", callback={self.expression(GIVEN, 1)}", f", **{self.expression(DICT, 1)}")
            self.line(f"{name}({self.key()}{more})")

    def dags_of_comprehension(self) -> None:
        keys, self.keys = self.keys, [*self.keys, "number"]
        identifier = self.dag_id()
        self.keys = keys
        items, name = self.expression(LIST), self.fresh("dags")
        self.line(
            f"{name} = [DAG({identifier}, {FAILURE}=each) for number, each in enumerate({items}) if {self.flag()}]"
        )
        self.line(f"globals().update({{each.dag_id: each for each in {name}}})")

    def partial_dag(self) -> None:
        value, name = self.dag_arguments(), self.fresh("dag")
        self.line(f"{name} = partial(DAG, {value})({self.dag_id()})")
        self.line(f"globals()[{name}.dag_id] = {name}")

    def built_dag(self) -> None:
        """A builder class, and what it builds."""
        value, name, given = self.expression(CALLBACK), self.fresh("Builder"), self.expression(CALLBACK)
        with self.block(f"class {name}:", "class"):
            self.line(f"default = {value}")
            self.line("extra = []")
            with self.block("def __init__(self, key):", "function"):
                self.line("self.key = key")
                self.line(self.one_of("self.callbacks = []", "self.callbacks = self.extra", "self.callbacks = [self.default]"))
            with self.block("def tell(self, callback):", "function"):
                self.line(self.one_of("self.callbacks.append(callback)", "self.callbacks += [callback]", "self.callbacks = [*self.callbacks, callback]"))
                self.line("return self")
            with self.function("def build(self, **options):", None, ["self.key"]):
                callbacks = self.one_of("self.callbacks", "self.callbacks or self.default", "self.default")
                with self.block(f"with DAG({self.dag_id()}, {FAILURE}={callbacks}, **options):"):
                    pass
        self.line(f"{name}({self.key()}){self.one_of('', f'.tell({given})', '.tell(write_log)')}.build()")
        if self.chance(0.4):
            self.line(f"{name}({self.key()}).build()")

    # The whole

    def program(self) -> str:
        """The text of the module."""
        self.lines.append("")
        imports = self.random.choice(_IMPORTS)
        if self.chance(0.3):
            imports += self.random.choice(_MORE_IMPORTS)
        self.lines[0] = f"{_HEADER}\n{imports}\n\nclass Trouble(Exception):\n    pass\n"
        for kind in self.random.sample(KINDS, 3):
            if kind != OBJECT:
                name = self.fresh({CALLBACK: "CB", LIST: "CBS", DICT: "KW"}[kind])
                self.line(f"{name} = {self.expression(kind, 1)}")
                self.bind(name, kind)
        while self.room > 0:
            self.statement()
        while self.dags < 3:
            self.with_dag()
        return "\n".join(self.lines) + "\n"


def program(seed: int, name: str) -> str:
    """A module whose DAGs have ids that begin with `name`. Of even seeds, every condition is known without a run.

    A form that Python refuses where it was put (`:=` in what a comprehension loops over) makes another attempt.
    """
    random = Random(seed)
    while True:
        text = Writer(random, name, is_known=seed % 2 == 0, room=random.randint(12, 32)).program()
        with suppress(SyntaxError):
            compile(text, name, "exec")
            return text
