"""The completion of bash, from version 3.2 on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from airwarden.grammar import Argument, Command

_HEAD = """\
# Completion of airwarden for bash, written by `airwarden completion bash`.

_airwarden_words() {
    COMPREPLY=($(compgen -W "$1" -- "$current"))
}

_airwarden_list() {
    local before=
    [[ $current == *,* ]] && before=${current%,*},
    COMPREPLY=($(compgen -P "$before" -W "$1" -- "${current##*,}"))
    compopt -o nospace 2>/dev/null
}

_airwarden_files() {
    local IFS=$'\\n'
    COMPREPLY=($(compgen "$1" -- "$current"))
    compopt -o filenames 2>/dev/null
}

_airwarden() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= index
    COMPREPLY=()
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    fi
"""


def script(program: Command, families: Sequence[str], rules: Sequence[str]) -> str:
    """The whole script."""
    names = " ".join((*families, *rules))
    lines = [
        f"    local names='{names}'",
        *_path(program),
        *_case("    ", "$path $previous", _values(program)),
        "    if [[ $current == -* ]]; then",
        *_case("        ", "$path", _options(program)),
        "        return",
        "    fi",
        *_case("    ", "$path", _places(program)),
    ]
    return _HEAD + "\n".join(lines) + "\n}\n\ncomplete -F _airwarden airwarden\n"


def _case(indent: str, of: str, cases: Iterator[str]) -> Iterator[str]:
    yield f'{indent}case "{of}" in'
    yield from (f"{indent}    {case}" for case in cases)
    yield f"{indent}esac"


def _path(program: Command) -> Iterator[str]:
    """What finds the command that is typed."""
    paths = " | ".join(f"'{_of(command)}'" for command in program.every() if len(command.words) > 1)
    yield "    for ((index = 1; index < COMP_CWORD; index++)); do"
    yield '        case "$path ${COMP_WORDS[index]}" in'
    yield f'            {paths}) path="$path ${{COMP_WORDS[index]}}" ;;'
    yield "        esac"
    yield "    done"


def _of(command: Command) -> str:
    return "".join(f" {word}" for word in command.words[1:])


def _values(program: Command) -> Iterator[str]:
    for command in program.every():
        for option in command.options:
            if option.kind != "nothing":
                names = " | ".join(f"'{_of(command)} {name}'" for name in option.names)
                yield f"{names}) {_reply(option)}return ;;"


def _options(program: Command) -> Iterator[str]:
    for command in program.every():
        names = " ".join(name for option in command.options for name in option.names)
        yield f"'{_of(command)}') _airwarden_words '{names}' ;;"


def _places(program: Command) -> Iterator[str]:
    for command in program.every():
        reply = "".join(_reply(place) for place in command.positionals)
        if command.commands:
            reply = f"_airwarden_words '{' '.join(each.name for each in command.commands)}'; "
        if reply:
            yield f"'{_of(command)}') {reply}return ;;"


def _reply(argument: Argument) -> str:
    """What completes the value of an argument."""
    return {
        "choice": f"_airwarden_words '{' '.join(argument.choices)}'; ",
        "file": "_airwarden_files -f; ",
        "folder": "_airwarden_files -d; ",
        "rule": '_airwarden_words "$names"; ',
        "rules": '_airwarden_list "$names"; ',
    }.get(argument.kind, "")
