"""Further lines in files that hold one distribution a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airwarden.dependencies.places import place_of
from airwarden.dependencies.requirement_text import RequirementText
from airwarden.findings import Edit
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.source import Source

_LINE_END = regex(r"\r\n|\r|\n")
_COMMENT = regex(r"[ \t]*[#;]")
_TRAILING = regex(r"([ \t]*)[^ \t#;\[].*?[ \t]#")
_OPTION = regex(r"\s*-")
_SECTION = regex(r"[ \t]*\[([^\]]*)\]")
_KEY = regex(r"([\w.-]+)[ \t]*[=:][ \t]*(.*)")
_PIP = regex(r"([ \t]*)-[ \t]+pip:[ \t]*(?:#.*)?")
_ITEM = regex(r"([ \t]*)-([ \t]+)([\"']?)([^\"'#]*)")


@dataclass(frozen=True)
class Line:
    """A line that names a distribution: its first and last number, and what stands before and behind it."""

    name: str
    first: int
    last: int
    before: str = ""
    behind: str = ""


def line_end(source: Source) -> str:
    """How the lines of a file end."""
    found = _LINE_END.search(source.text)
    return found[0] if found else "\n"


def behind_line(source: Source, number: int, line: str) -> Edit:
    """Puts a line behind that of the number, or at the end of the file."""
    number = last_of_comment(source, number)
    if number < len(source.starts):
        start = source.starts[number]
        return Edit(source.region(start, start), line + line_end(source))
    end = len(source.text)
    is_whole = not source.text or source.text.endswith(("\n", "\r"))
    text = line + line_end(source) if is_whole else line_end(source) + line
    return Edit(source.region(end, end), text)


def last_of_comment(source: Source, number: int) -> int:
    """The last line of the comment at the end of a line, which may go on below it, further in than the line
    itself.
    """
    trailing = _TRAILING.match(source.line(number))
    while trailing and (sign := _COMMENT.match(source.line(number + 1))) and sign.end() - 1 > trailing.end(1):
        number += 1
    return number


def first_of_comments(source: Source, number: int) -> int:
    """The first line of the comments right above a line, save those that stand further in and go on from the
    end of another line.
    """
    first, indent = number, _indent(source.line(number))
    while first > 1 and _COMMENT.match(source.line(first - 1)):
        first -= 1
    is_trailed = _TRAILING.match(source.line(first - 1)) is not None
    while is_trailed and first < number and _indent(source.line(first)) > indent:
        first += 1
    return first


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def before_line(source: Source, number: int, line: str) -> Edit:
    """Puts a line before that of the number, and before the comments right above it, save those that the
    file begins with: they are about the whole of it.
    """
    first = first_of_comments(source, number)
    is_top = not source.text[: source.starts[first - 1]].strip()
    start = source.starts[(number if is_top else first) - 1]
    return Edit(source.region(start, start), line + line_end(source))


def added_among(source: Source, lines: Sequence[Line], name: str, text: str) -> Edit:
    """Puts a text on a line of its own where it belongs among others, of which there is one at least."""
    place = place_of(name, [each.name for each in lines])
    neighbour = lines[place.item]
    line = f"{neighbour.before}{text}{neighbour.behind}"
    if place.is_before:
        return before_line(source, neighbour.first, line)
    return behind_line(source, neighbour.last, line)


def added_to_requirements(source: Source, name: str, requirement: str) -> tuple[Edit, ...]:
    """Adds to a requirements file."""
    lines = list(_requirement_lines(source))
    if lines:
        return (added_among(source, lines, name, requirement),)
    has_open_line = bool(source.text) and not source.text.endswith(("\n", "\r"))
    return (behind_line(source, len(source.starts) - (not has_open_line), requirement),)


def _requirement_lines(source: Source) -> Iterator[Line]:
    number = 1
    while number <= len(source.starts):
        first, text = number, source.line(number)
        while source.line(number).rstrip().endswith("\\") and number < len(source.starts):
            number += 1
        found = None if _OPTION.match(text) or _COMMENT.match(text) else RequirementText.parse(text)
        if found:
            yield Line(found.written_name, first, number, text[: found.name[0]])
        number += 1


def added_to_setup_cfg(source: Source, name: str, requirement: str, beside: int | None) -> tuple[Edit, ...]:
    """Adds to the list of a setup.cfg in which line `beside` stands, or to `install_requires`."""
    for head, lines in _setup_lists(source):
        wanted = head.name == "options.install_requires" if beside is None else _holds(head, lines, beside)
        if wanted and lines:
            return (added_among(source, lines, name, requirement),)
        if wanted and not head.behind:
            return (behind_line(source, head.last, f"    {requirement}"),)
    return ()


def _holds(head: Line, lines: Sequence[Line], number: int) -> bool:
    return any(each.first <= number <= each.last for each in (head, *lines))


def _setup_lists(source: Source) -> Iterator[tuple[Line, list[Line]]]:
    """Every key of a setup.cfg, with its value on the same line behind it, and the lines below it."""
    section, head, lines = "", None, list[Line]()
    for number in range(1, len(source.starts) + 1):
        text = source.line(number)
        key, header = _KEY.match(text), _SECTION.match(text)
        if text.strip() and not text[0].isspace() and not _COMMENT.match(text) and head:
            yield head, lines
            head, lines = None, []
        if header and not text[0].isspace():
            section = header[1]
        elif key:
            head = Line(f"{section}.{key[1]}", number, number, behind=key[2].strip())
        elif head and text[:1].isspace() and not _COMMENT.match(text):
            found = RequirementText.parse(text)
            lines += [Line(found.written_name, number, number, text[: found.name[0]])] if found else []
    if head:
        yield head, lines


def added_to_environment(source: Source, name: str, requirement: str) -> tuple[Edit, ...]:
    """Adds to the list for pip of a conda environment, where it has one of the usual form."""
    heads = [number for number in range(1, len(source.starts) + 1) if _PIP.fullmatch(source.line(number))]
    if len(heads) != 1:
        return ()
    lines = list(_pip_lines(source, heads[0]))
    return (added_among(source, lines, name, requirement),) if lines else ()


def _pip_lines(source: Source, head: int) -> Iterator[Line]:
    pip = _PIP.match(source.line(head))
    outer = len(pip[1]) if pip else 0
    for number in range(head + 1, len(source.starts) + 1):
        text = source.line(number)
        item = _ITEM.match(text)
        if not text.strip() or _COMMENT.match(text):
            continue
        if item is None or len(item[1]) <= outer:
            return
        found = None if item[4].startswith("-") else RequirementText.parse(item[4])
        if found:
            yield Line(found.written_name, number, number, f"{item[1]}-{item[2]}{item[3]}", item[3])
