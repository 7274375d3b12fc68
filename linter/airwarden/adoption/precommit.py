"""airwarden's hook in a .pre-commit-config.yaml, written in the style that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airwarden.yaml_tree import Mapping, NotYaml, Scalar, Sequence, compose

if TYPE_CHECKING:
    from airwarden.adoption.origin import Origin

FILE = ".pre-commit-config.yaml"

HOOK = "airwarden-repo"
"""It sees what a changed file breaks in others too, and rests where nothing changes that it reads."""

_NAMES = frozenset({"airwarden", HOOK})


def new_config(origin: Origin) -> str:
    """A configuration that has our hook alone."""
    return f"repos:\n{_entry(origin, '  ')}"


def with_hook(text: str, origin: Origin) -> str | None:
    """The configuration with our hook behind all others; None where it has no list of them that is written
    one a line.
    """
    if not text.strip():
        return new_config(origin)
    repos = _repos(text)
    if repos is None:
        return None
    starts = [child.start for child in repos.children]
    dash = text[text.rfind("\n", 0, starts[0]) + 1 : starts[0]]
    if dash.strip() != "-":
        return None
    indent = dash[: len(dash) - len(dash.lstrip())]
    end = _end(text, repos.end)
    line_end = "\r\n" if "\r\n" in text else "\n"
    before = text[:end] if text[:end].endswith("\n") else text[:end] + line_end
    gap = "\n" if _are_apart(text, starts) else ""
    return before + f"{gap}{_entry(origin, indent)}".replace("\n", line_end) + text[end:]


def has_hook(text: str) -> bool:
    """Whether one of our hooks is there already."""
    repos = _repos(text)
    hooks = (each.get("hooks") for each in repos.children if isinstance(each, Mapping)) if repos else ()
    entries = (hook for list_ in hooks if isinstance(list_, Sequence) for hook in list_.children)
    ids = (hook.get("id") for hook in entries if isinstance(hook, Mapping))
    return any(isinstance(each, Scalar) and each.text in _NAMES for each in ids)


def _repos(text: str) -> Sequence | None:
    """The list of repositories, where it has any and is written in block style."""
    try:
        roots = compose(text)
    except NotYaml:
        return None
    found = roots[0].get("repos") if len(roots) == 1 and isinstance(roots[0], Mapping) else None
    is_block = isinstance(found, Sequence) and found.children and text[found.start] == "-"
    return found if isinstance(found, Sequence) and is_block else None


def _are_apart(text: str, starts: list[int]) -> bool:
    """Whether a blank line stands before the last entry, and it is not the first."""
    lines = text[: max(starts)].splitlines()
    return len(starts) > 1 and len(lines) > 1 and not lines[-2].strip()


def _end(text: str, offset: int) -> int:
    """Where the line ends on which the last entry has its last word."""
    last = len(text[:offset].rstrip())
    found = text.find("\n", last)
    return len(text) if found < 0 else found + 1


def _entry(origin: Origin, indent: str) -> str:
    lines = [f"- repo: {origin.url}", f"  rev: {origin.revision}", "  hooks:", f"    - id: {HOOK}"]
    return "".join(f"{indent}{line}\n" for line in lines)
