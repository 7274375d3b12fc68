"""The settings that count, as text, TOML or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from airwarden.config.faults import dotted
from airwarden.config.layers import ADDED
from airwarden.formats.view import visible
from airwarden.provenance.places import DEFAULT
from airwarden.provenance.toml_text import inline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airwarden.formats.view import View
    from airwarden.provenance.facts import FileFacts, RuleFacts
    from airwarden.provenance.places import Places, Value
    from airwarden.provenance.standings import OptionValue, Standing

_WIDEST = 48
"""Columns of a value beyond which its line is longer than the others."""

_ORDER = ("error", "warning", "note", "off")


Row: TypeAlias = tuple[str, str, str]


def settings_text(root: str, places: Places, view: View) -> str:
    """All settings: the layers, then a line for each value, with the place that sets it."""
    layers = [*places.files, *(["the command line"] if places.has_options else [])]
    title = f"Settings of {visible(root)}: {visible(', then '.join(('defaults', *layers)))}."
    rows = [row for each in places.values() for row in _rows(each, places)]
    lines = [view.paint(title, "strong"), "", *_aligned(_once(rows), view)]
    if places.unset:
        lines += ["", view.paint(f"Not set: {', '.join(places.unset)}.", "faint")]
    return "".join(f"{line}\n" for line in lines)


def _rows(value: Value, places: Places) -> Iterator[Row]:
    if value.route[0] != "overrides":
        yield value.key, inline(value.value), str(value.place)
        return
    for name, inner in value.value.items():
        yield dotted((*value.route, name)), inline(inner), str(places.of(*value.route, name))


def _once(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, each key written only once."""
    for key, same in groupby(rows, lambda row: row[0]):
        for number, (_, value, place) in enumerate(same):
            yield "" if number else key, value, place


def _aligned(rows: Iterable[Row], view: View) -> Iterator[str]:
    shown = [tuple(map(visible, row)) for row in rows]
    widths = [min(max((len(row[at]) for row in shown), default=0), _WIDEST) for at in (0, 1)]
    for first, second, third in shown:
        yield f"{first:<{widths[0]}}  {second:<{widths[1]}}  {view.paint(third, 'faint')}".rstrip()


def file_text(facts: FileFacts, places: Places, view: View) -> str:
    """What counts for a file: a line for each rule that looks at it, with what says so."""
    running = [each for each in facts.standings if each.runs]
    what = " and ".join(_KINDS[kind] for kind in facts.kinds) or "nothing that a rule reads"
    ran = f": {len(running)} of {len(facts.standings)} rules run on it" if facts.standings else ""
    profile = f"The profile is {places.settings.config.profile} ({visible(str(places.of('profile')))})."
    lines = [view.paint(f"{visible(facts.path)} is {what}{ran}.", "strong"), profile]
    for index in facts.overrides:
        patterns, place = inline(places.settings.config.overrides[index].paths), places.of("overrides", index)
        lines.append(f"An override for {visible(patterns)} is about it ({visible(str(place))}).")
    ordered = sorted(facts.standings, key=lambda each: (_ORDER.index(each.level), each.family, each.rule))
    wide = max((len(each.rule) for each in ordered), default=0)
    widest = max((len(each.why) for each in ordered), default=0)
    for level, members in groupby(ordered, lambda each: each.level):
        lines.append("")
        style = "faint" if level == "off" else level
        for each in members:
            told = "" if each.why == f"in {each.profile}" else visible(str(each.place))
            row = f"  {each.rule:<{wide}}  {visible(each.why):<{widest}}  {view.paint(told, 'faint')}"
            lines.append(f"{view.paint(f'{level:<7}', style)}{row.rstrip()}")
    return "".join(f"{line}\n" for line in lines)


_KINDS = {
    "dag": "a DAG file",
    "values": "a file of Helm values",
    "deployment": "a file with settings of Airflow",
    "text": "a text that settings are taken from",
    "dependencies": "a dependency file",
}


def rule_text(facts: RuleFacts, view: View) -> str:
    """What counts for a rule: whether it runs, at which level, and its options."""
    standing = facts.standing
    on = f" on {visible(facts.path)}" if facts.path else ""
    state = f"reports{on} at the level {standing.level}" if standing.runs else f"does not run{on}"
    lines = [
        view.paint(f"{standing.rule} {state}.", "strong"),
        visible(facts.summary),
        "",
        *_aligned(_once(_rule_rows(facts)), view),
    ]
    return "".join(f"{line}\n" for line in lines)


def _rule_rows(facts: RuleFacts) -> Iterator[Row]:
    standing = facts.standing
    yield "family", standing.family, ""
    yield "profile", standing.profile, ""
    yield "level", standing.level, standing.told
    for option in facts.options:
        yield option.name, inline(option.value), str(option.place)
    for paths, there, options in facts.elsewhere:
        where = f"for {inline(paths)}"
        if there != standing:
            yield where, there.level, there.told
        for option in options:
            yield where, f"{option.name} {inline(option.value)}", str(option.place)


def settings_toml(places: Places) -> str:
    """All settings as the top of a TOML file that says the same, each with the place that sets it; defaults
    in comments.
    """
    parts: dict[bool, list[str]] = {False: [], True: []}
    for key, same in groupby(places.values(), lambda value: str(value.route[0])):
        values = list(same)
        is_table = len(values[0].route) > 1 and key not in ADDED
        parts[is_table or key == "overrides"] += _written(key, values, is_table)
    return "".join(f"{line}\n" for line in (*parts[False], *parts[True]))


def _written(key: str, values: Sequence[Value], is_table: bool) -> Iterator[str]:
    if key == "overrides":
        for each in values:
            yield from ("", f"[[overrides]]  # {visible(str(each.place))}")
            yield from (f"{name} = {inline(inner)}" for name, inner in each.value.items())
    elif key in ADDED:
        yield f"{key} = ["
        yield from (f"  {inline(each.value)},  # {visible(str(each.place))}" for each in values)
        yield "]"
    elif is_table:
        yield from ("", f"[{key}]")
        for each in values:
            yield f"{dotted(each.route[1:])} = {inline(each.value)}  # {visible(str(each.place))}"
    else:
        mark = "# " if values[0].place == DEFAULT else ""
        yield f"{mark}{key} = {inline(values[0].value)}  # {visible(str(values[0].place))}"


def settings_json(root: str, places: Places) -> dict[str, Any]:
    """All settings as a value of JSON."""
    values = [
        {"key": dotted(each.route), "value": each.value, "origin": each.place.json()}
        for each in places.values()
    ]
    return {"root": root, "files": list(places.files), "settings": values, "unset": places.unset}


def file_json(facts: FileFacts, places: Places) -> dict[str, Any]:
    """What counts for a file as a value of JSON."""
    return {
        "path": facts.path,
        "kinds": list(facts.kinds),
        "overrides": [places.of("overrides", index).json() for index in facts.overrides],
        "rules": [standing_json(each) for each in facts.standings],
    }


def rule_json(facts: RuleFacts) -> dict[str, Any]:
    """What counts for a rule as a value of JSON."""
    elsewhere = [
        {"paths": list(paths), **_rule_json(there, options)} for paths, there, options in facts.elsewhere
    ]
    return {**_rule_json(facts.standing, facts.options), "path": facts.path, "elsewhere": elsewhere}


def _rule_json(standing: Standing, options: Iterable[OptionValue]) -> dict[str, Any]:
    said = [{"name": each.name, "value": each.value, "origin": each.place.json()} for each in options]
    return {**standing_json(standing), "options": said}


def standing_json(standing: Standing) -> Mapping[str, Any]:
    """How a rule stands as a value of JSON."""
    return {
        "rule": standing.rule,
        "family": standing.family,
        "profile": standing.profile,
        "level": standing.level,
        "why": standing.why,
        "origin": standing.place.json(),
    }
