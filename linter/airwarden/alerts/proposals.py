"""Proposals: the failure alert to give a DAG, as ready code: what the repository uses or asks for."""

from __future__ import annotations

from functools import cached_property

from airwarden import syntax
from airwarden.alerts.callbacks import DagAlert, Reach
from airwarden.alerts.notifications import Notifications
from airwarden.alerts.notifiers import FAILURE, Callback, Use
from airwarden.alerts.slack_connections import SLACK_ARGUMENTS, SlackKind, slack_kind
from airwarden.credentials.names import names_a_secret
from airwarden.credentials.tokens import has_token
from airwarden.dag import DAG_CLASSES, DAG_DECORATORS, Dag, DagFile
from airwarden.edits import named_item, with_argument, without_item
from airwarden.findings import Edit, Fix, Region
from airwarden.importing import Imported, imported
from airwarden.interpreter.values import (
    ClassOf,
    FunctionOf,
    Instance,
    Partial,
    Symbol,
    Table,
    Written,
    text_of,
)
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.repo import Repo
from airwarden.walking import digest_of

_GIVEN = regex(rb"""\bon_failure_callback["']?\s*[=:]\s*(?:\[\s*)?(?!None\b|lambda\b)([A-Za-z_][\w.]*)""")
_WEBHOOK = regex(r"hook|^slack_default$")
_NAME = regex(r"[#@][\w.-]+|[a-z][a-z_.-]*")
_SEVERAL_LINES = regex(r"[\r\n#]")
_INDENT = regex(r"[ \t]*")
_LONGEST = 60
"""How long a callback may be that stands on the line of the argument."""

_SLACK = "airflow.providers.slack.notifications"
_MESSAGE = "{{ dag.dag_id }} failed: run {{ run_id }} ({{ reason }})"
_SLACK_TEXT = ":red_circle: *{{ dag.dag_id }}* failed: run `{{ run_id }}` ({{ reason }})"
_CHANNEL = "#airflow-alerts"


@dataclass(frozen=True)
class Proposal:
    """A callback in words of Python: what is called, by module and name, with which arguments.

    Without `arguments` it is passed as it stands. An empty `module` is the file itself; `home` is where one
    of the repository stands.
    """

    module: str
    name: str
    arguments: tuple[str, ...] | None
    title: str
    home: str | None = None

    def code(self, called: str, indent: str, unit: str, newline: str) -> str:
        """A list of it for a line that is indented so; on that line alone where there is room."""
        if self.arguments is None:
            return f"[{called}]"
        short = f"[{called}({', '.join(self.arguments)})]"
        if len(indent) + len(short) <= _LONGEST:
            return short
        inner = "".join(f"{newline}{indent}{unit}{unit}{each}," for each in self.arguments)
        return f"[{newline}{indent}{unit}{called}({inner}{newline}{indent}{unit}),{newline}{indent}]"


_OTHER_SERVICES = (
    Proposal(
        "airflow.providers.pagerduty.notifications.pagerduty",
        "send_pagerduty_notification",
        (f'summary="{_MESSAGE}"', 'severity="error"'),
        "page through PagerDuty when a run fails",
    ),
    Proposal(
        "airflow.providers.opsgenie.notifications.opsgenie",
        "send_opsgenie_notification",
        (f'payload={{"message": "{_MESSAGE}"}}',),
        "open an alert of Opsgenie when a run fails",
    ),
    Proposal(
        "airflow.providers.discord.notifications.discord",
        "DiscordNotifier",
        (f'text="{_MESSAGE}"',),
        "tell Discord when a run fails",
    ),
    Proposal(
        "airflow.providers.apprise.notifications.apprise",
        "send_apprise_notification",
        (f'body="{_MESSAGE}"', 'notify_type="failure"'),
        "tell Apprise when a run fails",
    ),
)


class Proposals:
    """What to give the DAGs of one repository that have no alert of their own."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.notifications = repo.analysis(Notifications)
        self.alerts = self.notifications.alerts

    def fix(self, alert: DagAlert, file: DagFile) -> Fix | None:
        """Gives a DAG without any alert the one that fits; None where that can't be done simply."""
        dag = self._dag(alert, file)
        proposal = None if dag is None else self._proposal(file)
        if dag is None or proposal is None:
            return None
        edits = self._written(proposal, dag, file)
        return Fix(proposal.title, edits) if edits else None

    def beside(self, alert: DagAlert, file: DagFile) -> Fix | None:
        """Gives a DAG the alert that fits beside a callback that does not reach those who watch."""
        dag = self._place(alert, file)
        others = None if dag is None else self._others(alert, dag, file)
        proposal = None if others is None else self._proposal(file)
        if dag is None or others is None or proposal is None:
            return None
        edits = self._written(proposal, dag, file, others)
        return Fix(f"also {proposal.title}", edits) if edits else None

    def _others(self, alert: DagAlert, dag: Dag, file: DagFile) -> str | None:
        """The callbacks that a DAG is given, as items of a list; None where they may be something else."""
        value = dag.call.keyword(FAILURE) if dag.call and dag.scope.kind == "module" else None
        if value is None:
            return None
        text = file.source.slice(file.region(value))
        if isinstance(value, syntax.Sequence) and value.kind == "list" and not _SEVERAL_LINES.search(text):
            return text[1:-1].strip().rstrip(",")
        is_one = isinstance(alert.dag.argument(FAILURE), (FunctionOf, Instance, Partial, Symbol))
        return text if is_one and _means_one_thing(value, dag) else None

    def moved(self, alert: DagAlert, file: DagFile) -> Fix | None:
        """Gives a DAG the alert that all its tasks have, and takes it from them; or one beside theirs."""
        written = _default(alert)
        if written is None:
            return self.fix(alert, file)
        entry = None if written[0] is not file else named_item(file.source, FAILURE, file.region(written[1]))
        group = [] if entry is None else self._group(file, written[1])
        if entry is None or not group:
            return None
        code = self._repeated(file, written[1])
        edits = [edit for dag in group for edit in _given(dag, file, code)]
        who = f"the {len(group)} DAGs" if len(group) > 1 else "the DAG"
        title = f"give the alert to {who}, and no longer to each task"
        return Fix(title, (without_item(file.source, entry), *edits))

    def _group(self, file: DagFile, node: syntax.Node) -> list[Dag]:
        """The DAGs whose `default_args` hold one entry, where each of them can be given its own alert."""
        found = []
        alerts = [each for each in self.alerts.of(file) if (_default(each) or (file, None))[1] is node]
        for alert in alerts:
            dag = self._dag(alert, file)
            if dag is None or alert.dag_level is not Reach.NOBODY or dag.scope.kind != "module":
                return []
            found.append(dag)
        uses = [each for each in self.notifications.written_in(file) if each.level == "default_args"]
        here = [each for each in uses if any(each.dag is alert.dag for alert in alerts)]
        is_alone = all(each in here for each in uses if _holds(node, each.written[1]))
        reached = [each for each in here if self.notifications.reach(each) is Reach.ACCEPTED]
        return found if is_alone and here and len(reached) == len(here) else []

    def _repeated(self, file: DagFile, node: syntax.Node) -> str:
        """The code of the callbacks in an entry, for several DAGs: no two share a notifier."""
        uses = [each for each in self.notifications.callbacks(file) if isinstance(each, Use)]
        texts = []
        for item in node.items if isinstance(node, syntax.Sequence) else (node,):
            mine = next((each for each in uses if each.written[1] is item), None)
            callers = {each.caller for each in uses if mine and each.instance is mine.instance}
            made = file.value(item, file.module.scope) if isinstance(item, syntax.Expression) else item
            is_shared = mine is not None and mine.is_changed and len(callers) > 1
            is_shared &= isinstance(made, syntax.Call)
            texts.append(file.source.slice(file.region(made if is_shared else item)))
        return f"[{', '.join(texts)}]"

    # The DAG

    def _dag(self, alert: DagAlert, file: DagFile) -> Dag | None:
        """The place that makes the DAG, where it can be given a callback."""
        dag = self._place(alert, file)
        return dag if dag is not None and _has_room(dag, file) else None

    def _place(self, alert: DagAlert, file: DagFile) -> Dag | None:
        """The place that makes the DAG, where what it is given is heeded."""
        if self.alerts.has_policy or alert.dag.file is not file:
            return None
        if any(each.name == FAILURE for each in alert.dag.reassigned):
            return None
        dag = file.dag_at(alert.dag.node)
        if dag is None or not alert.dag.arguments.complete:
            return None
        anchor = dag.node if dag.call is None else dag.call.function
        names = file.names(anchor, dag.scope)
        is_plain = DAG_CLASSES.issuperset(names) or (
            DAG_DECORATORS.issuperset(names) and not _is_applied(dag)
        )
        return dag if names and is_plain else None

    def _written(self, proposal: Proposal, dag: Dag, file: DagFile, others: str = "") -> tuple[Edit, ...]:
        """The edits that give a DAG what is proposed, behind others."""
        user = file.region(dag.node)
        name = imported(file, proposal.module, proposal.name, user) if proposal.module else None
        if proposal.module and name is None:
            return ()
        called = name or Imported(proposal.name)
        line = _line_of(dag, file)
        indent = _INDENT.match(file.source.line(line))
        before = indent[0] if indent else ""
        unit = file.indent_unit
        code = proposal.code(called.name, before, unit, file.source.newline)
        if others:
            is_long = code[1] in "\r\n"
            first = f"{file.source.newline}{before}{unit}{others}," if is_long else f"{others}, "
            code = f"[{first}{code[1:]}"
        return (*called.edits, *_given(dag, file, code))

    # What fits

    def _proposal(self, file: DagFile) -> Proposal | None:
        own = self._used_in(file) if FAILURE in file.source.text else None
        return own or self._used_elsewhere(file) or self._configured(file)

    def _used_elsewhere(self, file: DagFile) -> Proposal | None:
        """What most DAG files use, where a file can import it as the first of them does."""
        self.repo.tracer.note("usual alert", self.usual_digest)
        usual = self.usual
        if usual is None or not usual.module:
            return None
        mine = self.repo.module_path(usual.module, file.path)
        is_known = mine == usual.home and (mine is not None or not usual.module.startswith("."))
        return usual if is_known and mine != file.path else None

    @property
    def usual_digest(self) -> str:
        """A short name for what most DAG files use."""
        return digest_of(repr(self.usual).encode())

    @cached_property
    def usual(self) -> Proposal | None:
        """What most DAG files use, as the first of them has it.

        Whoever asks for it notes the answer, and not what it was made from: that changes more often.
        """
        with self.repo.tracer.unnoted():
            name, path = self.repo.commonest(_GIVEN)
            example = self.repo.readable_dag_file(path) if name else None
            return None if example is None else self._used_in(example, name)

    def _used_in(self, example: DagFile, name: str = "") -> Proposal | None:
        for callback in self.notifications.callbacks(example):
            if callback.event != FAILURE or callback.written[0] is not example:
                continue
            if self.notifications.reach(callback) is Reach.ACCEPTED:
                found = self._portable(callback, example, name)
                if found is not None:
                    return found
        return None

    def _portable(self, callback: Callback, example: DagFile, name: str) -> Proposal | None:
        node, scope = callback.written[1], example.module.scope
        if not isinstance(node, syntax.Expression):
            return None
        used = node.function if isinstance(node, syntax.Call) else node
        if name and example.source.slice(example.region(used)) != name:
            return None
        target = example.value(node, scope)
        if isinstance(callback, Use) and slack_kind(callback.instance.callee.name):
            return _like(callback.instance)
        if isinstance(target, syntax.Call):
            return self._called(target, example)
        names = example.names(target, scope)
        if isinstance(callback, Use) or len(names) != 1 or not isinstance(callback.value, FunctionOf):
            return None
        return self._named(names[0], None, example)

    def _called(self, call: syntax.Call, example: DagFile) -> Proposal | None:
        """A call whose arguments mean the same in any file."""
        names = example.names(call.function, example.module.scope)
        if len(names) != 1 or call.has_unpacking or not all(map(_may_be_repeated, call.arguments)):
            return None
        values = [a.value.value for a in call.arguments if isinstance(a.value, syntax.Constant)]
        pairs = zip(call.arguments, values, strict=True)
        arguments = tuple(f"{a.keyword}={value!r}" if a.keyword else repr(value) for a, value in pairs)
        return self._named(names[0], arguments, example)

    def _named(self, dotted: str, arguments: tuple[str, ...] | None, example: DagFile) -> Proposal | None:
        """Something by its full name, and where the example has it from."""
        module, _, name = dotted.rpartition(".")
        if not module:
            bound = example.module.scope.bindings.get(name, ())
            is_function = len(bound) == 1 and isinstance(bound[0].value, syntax.Function)
            return Proposal("", name, arguments, _as_here(name)) if is_function else None
        if self.repo.module_path(dotted, example.path) is not None:
            return None
        home = self.repo.module_path(module, example.path)
        return Proposal(module, name, arguments, f"alert through {name}, as other DAGs here do", home)

    def _configured(self, file: DagFile) -> Proposal | None:
        """What the settings ask for: a callback of one's own before Slack, and Slack before others."""
        own = [each for each in self.alerts.own_notifiers if not each.startswith("airflow.")]
        if own:
            return self._own(own[0], file)
        accepted = self.repo.config.accepted_notifiers
        if f"{_SLACK}.slack.send_slack_notification" in accepted:
            return self._slack()
        return next((each for each in _OTHER_SERVICES if f"{each.module}.{each.name}" in accepted), None)

    def _own(self, dotted: str, file: DagFile) -> Proposal | None:
        """An accepted callback of one's own; None for one that is known not to take the context alone."""
        module, _, name = dotted.rpartition(".")
        title = f"alert through {dotted}, which the settings accept"
        home = self.repo.module(module, file.path)
        if home is None:
            return Proposal(module, name, () if name[:1].isupper() else None, title)
        value = self.alerts.module(home).names.own(name)
        if isinstance(value, ClassOf):
            return Proposal(module, name, (), title)
        is_callback = isinstance(value, FunctionOf) and self.alerts.takes_context(value)
        return Proposal(module, name, None, title) if is_callback else None

    def _slack(self) -> Proposal:
        channels, connections = self.repo.config.alert_channels, self.repo.config.alert_connections
        connection = connections[0] if connections else ""
        if connection and _WEBHOOK.search(connection):
            title = f"alert Slack through the webhook of {connection} when a run fails"
            return _slack_proposal("webhook", connection, "", title)
        channel = channels[0] if channels else _CHANNEL
        connection = connection or SLACK_ARGUMENTS["api"][1]
        lacking = [
            *([] if channels else [f"the channel {channel}"]),
            *([] if connections else [f"the connection {connection}"]),
        ]
        change = f"; change {' and '.join(lacking)} to yours" if lacking else ""
        return _slack_proposal(
            "api", connection, channel, f"alert Slack's {channel} when a run fails{change}"
        )


def _default(alert: DagAlert) -> Written | None:
    """Where the `default_args` of a DAG give its tasks their callback."""
    table = alert.dag.argument("default_args")
    return table.content.nodes.get(FAILURE) if isinstance(table, Table) else None


def _holds(node: syntax.Node, other: syntax.Node) -> bool:
    return other is node or (isinstance(node, syntax.Sequence) and any(each is other for each in node.items))


def _as_here(name: str) -> str:
    return f"alert through {name}, as other DAGs of this file do"


def _like(notifier: Instance) -> Proposal | None:
    """Slack's notifier with the address of another one, and words that can always be rendered."""
    kind = slack_kind(notifier.callee.name)
    if kind is None or not notifier.arguments.complete:
        return None
    given = notifier.arguments.keywords
    known = {name: text_of(given[name]) for name in ("channel", SLACK_ARGUMENTS[kind][0]) if name in given}
    if None in known.values() or (kind == "api" and "channel" not in known):
        return None
    connection = known.get(SLACK_ARGUMENTS[kind][0]) or SLACK_ARGUMENTS[kind][1]
    channel = known.get("channel") or ""
    where = f"Slack's {channel}" if channel else f"Slack through {connection}"
    return _slack_proposal(kind, connection, channel, f"alert {where} when a run fails, as other DAGs do")


def _slack_proposal(kind: SlackKind, connection: str, channel: str, title: str) -> Proposal:
    module, name = {
        "api": ("slack", "send_slack_notification"),
        "webhook": ("slack_webhook", "send_slack_webhook_notification"),
    }[kind]
    given = {SLACK_ARGUMENTS[kind][0]: connection, **({"channel": channel} if channel else {})}
    arguments = tuple(f"{key}={_quoted(value)}" for key, value in {**given, "text": _SLACK_TEXT}.items())
    return Proposal(f"{_SLACK}.{module}", name, arguments, title)


def _quoted(text: str) -> str:
    """A text in double quotes, where it can simply be had in these."""
    plain = repr(text)
    return f'"{plain[1:-1]}"' if plain.startswith("'") and '"' not in text and "\\" not in plain else plain


def _may_be_repeated(argument: syntax.Argument) -> bool:
    """Whether an argument is a constant that is surely no secret."""
    value = argument.value.value if isinstance(argument.value, syntax.Constant) else argument
    if not isinstance(value, (str, bool, int, type(None))):
        return False
    return not (isinstance(value, str) and _may_be_secret(value, argument.keyword))


def _may_be_secret(text: str, keyword: str | None) -> bool:
    if "://" in text or has_token(text) or (keyword is not None and names_a_secret(keyword)):
        return True
    return keyword is None and _NAME.fullmatch(text) is None


# Where it is written


def _means_one_thing(value: syntax.Expression, dag: Dag) -> bool:
    """Whether an expression is no name that is given several values, as a loop does."""
    found = dag.scope.lookup(value.id) if isinstance(value, syntax.Name) else None
    return found is None or (len(found[1]) == 1 and found[1][0].kind != "other")


def _is_applied(dag: Dag) -> bool:
    """Whether the decorator is called with a function, and may heed no argument more: `dag(function)`."""
    first = None if dag.call is None or dag.function is not None else dag.call.positional(0)
    return first is not None and not isinstance(first, (syntax.Constant, syntax.FormattedString))


def _has_room(dag: Dag, file: DagFile) -> bool:
    """Whether the DAG is known to be given no callback there, whoever makes it."""
    if dag.call is None:
        return True
    starred = [file.value(each.value, dag.scope) for each in dag.call.arguments if each.star]
    value = dag.call.keyword(FAILURE)
    match None if value is None else file.value(value, dag.scope):
        case None | syntax.Constant(value=None) | syntax.Sequence(items=()):
            return all(map(_gives_none, starred))
        case _:
            return False


def _gives_none(starred: syntax.Expression) -> bool:
    """Whether what is unpacked is a dict, all written out, without a callback."""
    keys = [key for key, _ in starred.entries] if isinstance(starred, syntax.Mapping) else [None]
    names = [key.value if isinstance(key, syntax.Constant) else None for key in keys]
    return all(isinstance(name, str) and name != FAILURE for name in names)


def _line_of(dag: Dag, file: DagFile) -> int:
    """The line whose indentation an argument more takes over."""
    if dag.call is None:
        return file.region(dag.node).line
    value = dag.call.keyword(FAILURE)
    if value is None and not dag.call.arguments:
        return file.region(dag.node).end_line
    return file.region(value or dag.call.arguments[-1]).line


def _given(dag: Dag, file: DagFile, code: str) -> tuple[Edit, ...]:
    """The callback as an argument of the DAG, in the place of the one that is there."""
    region, argument = file.region(dag.node), f"{FAILURE}={code}"
    if dag.call is None:
        end = Region(region.path, region.end_line, region.end_column, region.end_line, region.end_column)
        return (Edit(end, f"({argument})"),)
    value = dag.call.keyword(FAILURE)
    if value is not None:
        return (Edit(file.region(value), code),)
    last = file.region(dag.call.arguments[-1]) if dag.call.arguments else None
    return with_argument(file.source, region, last, argument)
