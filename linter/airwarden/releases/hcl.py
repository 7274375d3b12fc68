"""As much of HCL as it takes to read values out of Terraform, as the nodes that YAML is read into."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field

from airwarden.inner_yaml import MASK, masked
from airwarden.patterns import regex
from airwarden.records import dataclass
from airwarden.yaml_tree import Kind, Mapping, Node, Scalar, Sequence

MAX_DEPTH = 60
"""No configuration nests deeper; each level takes five frames of the stack."""

_BLANK = regex(r"(?:[ \t]+(?![ \t])|(?:#|//)[^\n]*(?![^\n])|/\*[^*]*(?:\*(?!/)[^*]*)*\*/)+")
_BLANK_LINES = regex(r"(?:\s+(?!\s)|(?:#|//)[^\n]*(?![^\n])|/\*[^*]*(?:\*(?!/)[^*]*)*\*/)+")
_NAME = regex(r"[A-Za-z_][\w-]*")
_NUMBER = regex(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_PATH = regex(r"(?:\.[\w*-]+|\[[^\[\]\n]*\])+")
_HEREDOC = regex(r"<<(-?)([A-Za-z_][\w-]*)[ \t]*\r?\n")
_PLAIN = regex(r'[^"\\$%\n]+')
_ESCAPE = regex(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([nrt"\\]))')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_TURN = regex(r'\\.|[{}"]', re.DOTALL)
_OPENS = regex(r"[$%]\{")
_LITERALS: dict[str, Kind] = {"true": "bool", "false": "bool", "null": "null"}
_ONLY_MASKS = regex(rf"^[ \t]*{MASK}[{MASK} \t]*$", re.MULTILINE)

_SAME = frozenset(
    {
        *("base64encode", "chomp", "compact", "flatten", "jsonencode", "nonsensitive", "sensitive"),
        *("tolist", "tomap", "tostring", "trimspace", "yamlencode"),
    }
)
"""Functions that give what they are given, as far as a reader of values is concerned."""


_ENCODERS = frozenset({"jsonencode", "yamlencode"})


class NotHcl(Exception):
    """A text that is no HCL, or more than is read of it here."""


class DeepHcl(Exception):
    """A text that nests too deeply to be read, and where it does."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"nests more than {MAX_DEPTH} levels deep")
        self.offset = offset


@dataclass
class Block:
    """A block: its type, its labels, the attributes in it as a mapping, and the blocks in it.

    What is no literal is a scalar of the kind `tagged` that holds the expression.
    """

    kind: str
    labels: tuple[str, ...]
    attributes: Mapping
    blocks: list[Block] = field(default_factory=list)

    def every(self) -> Iterator[Block]:
        """This block and all below it."""
        yield self
        for block in self.blocks:
            yield from block.every()


def read(text: str) -> Block:
    """The whole file as one block; where it is no HCL, what stands before. Raises `DeepHcl`."""
    top = Block("", (), Mapping(0, len(text)))
    reader = _Reader(text)
    with suppress(NotHcl, IndexError):
        reader.body(top, 0)
    return top


def hidden(text: str) -> str:
    """A template with its interpolations and directives masked, as long as before, and Helm's actions too."""
    pieces: list[str] = []
    place = 0
    for opening in _OPENS.finditer(text):
        start = opening.start()
        if start < place or text[start - 1 : start] == text[start]:
            continue
        end = _after_braces(text, opening.end())
        if end is None:
            break
        pieces += [text[place:start], re.sub(r"[^\r\n]", MASK, text[start:end])]
        place = end
    whole = "".join([*pieces, text[place:]])
    return masked(_ONLY_MASKS.sub(lambda line: line[0].replace(MASK, " "), whole))


def _after_braces(text: str, place: int) -> int | None:
    """Where the braces that were opened before a place are closed; None where they are not."""
    depth, quoted = 1, False
    for found in _TURN.finditer(text, place):
        if found[0] == '"':
            quoted = not quoted
        elif not quoted and len(found[0]) == 1:
            depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.end()
    return None


class _Reader:
    """Reads on from a place in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    # Bodies

    def body(self, block: Block, depth: int) -> None:
        """Reads attributes and blocks up to the closing brace, or the end of the file."""
        self._refuse_depth(depth)
        while self._skip(lines=True) and not self._takes("}"):
            key = self._key()
            self._skip()
            if self._takes("="):
                block.attributes.children += [key, self.expression(depth + 1, lines=False)]
            else:
                block.blocks.append(self._block(key.text, depth))
        block.attributes.end = self.at

    def _block(self, kind: str, depth: int) -> Block:
        start, labels = self.at, list[str]()
        while not self._takes("{"):
            labels.append(self._key().text)
            self._skip()
        block = Block(kind, tuple(labels), Mapping(start))
        self.body(block, depth + 1)
        return block

    def _key(self) -> Scalar:
        if self.text[self.at] == '"':
            return self._string()
        name = self._match(_NAME)
        return Scalar(self.at - len(name), self.at, name, "text")

    # Expressions

    def expression(self, depth: int, lines: bool) -> Node:
        """The expression at this place, up to a comma, a bracket or, unless `lines`, the end of the line."""
        self._refuse_depth(depth)
        self._skip(lines)
        start = self.at
        found = self._operand(depth)
        end = self.at
        self._skip(lines)
        if found is not None and self._is_over(lines):
            return found
        while not self._is_over(lines):
            end = self._pass_over(depth)
        if end == start:
            raise NotHcl
        return Scalar(start, end, self.text[start:end], "tagged")

    def _operand(self, depth: int) -> Node | None:
        character = self.text[self.at]
        if character == '"':
            return self._string()
        if character in "[{(":
            return self._bracketed(character, depth + 1)
        if heredoc := _HEREDOC.match(self.text, self.at):
            return self._heredoc(heredoc)
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            return Scalar(number.start(), number.end(), number[0], "number")
        if _NAME.match(self.text, self.at):
            return self._named(depth)
        return None

    def _bracketed(self, opening: str, depth: int) -> Node | None:
        if opening == "(":
            return self._parenthesised(depth)
        return self._list(depth) if opening == "[" else self._object(depth)

    def _named(self, depth: int) -> Node | None:
        start, name = self.at, self._match(_NAME)
        if name in _LITERALS:
            return Scalar(start, self.at, name, _LITERALS[name])
        if self._takes("("):
            given = list(self._items(")", depth + 1))
            return _called(name, given) or Scalar(start, self.at, self.text[start : self.at], "tagged")
        path = _PATH.match(self.text, self.at)
        self.at = path.end() if path else self.at
        return Scalar(start, self.at, self.text[start : self.at], "tagged")

    def _items(self, closing: str, depth: int) -> Iterator[Node]:
        while self._skip(lines=True) and not self._takes(closing):
            yield self.expression(depth, lines=True)
            self._skip(lines=True)
            self._takes(",")

    def _list(self, depth: int) -> Node | None:
        start = self.at
        self._takes("[")
        self._skip(lines=True)
        if self._is_loop():
            return None
        children = list(self._items("]", depth))
        return Sequence(start, self.at, children)

    def _object(self, depth: int) -> Node | None:
        found = Mapping(self.at)
        self._takes("{")
        while self._skip(lines=True) and not self._takes("}"):
            if self._is_loop():
                return None
            key = self._object_key(depth)
            self._skip()
            if not (self._takes("=") or self._takes(":")):
                raise NotHcl
            found.children += [key, self.expression(depth, lines=False)]
            self._takes(",")
        found.end = self.at
        return found

    def _object_key(self, depth: int) -> Scalar:
        if self.text[self.at] != "(":
            return self._key()
        start = self.at
        key = self._parenthesised(depth)
        return key if isinstance(key, Scalar) else Scalar(start, self.at, "", "tagged")

    def _parenthesised(self, depth: int) -> Node | None:
        self._takes("(")
        found = self.expression(depth, lines=True)
        if not self._takes(")"):
            raise NotHcl
        return found

    def _is_loop(self) -> bool:
        """Whether a list or an object is made by a `for`, whose rest is then passed over."""
        if not re.compile(r"for\s").match(self.text, self.at):
            return False
        depth = 1
        while depth:
            character = self.text[self.at]
            depth += (character in "[{(") - (character in "]})")
            self._pass_character()
        return True

    # Texts

    def _string(self) -> Scalar:
        start, pieces = self.at, list[str]()
        self.at += 1
        while not self._takes('"'):
            pieces.append(self._piece())
        return Scalar(start, self.at, "".join(pieces), "text", '"')

    def _piece(self) -> str:
        start = self.at
        if plain := _PLAIN.match(self.text, start):
            self.at = plain.end()
            return plain[0]
        if escape := _ESCAPE.match(self.text, start):
            self.at = escape.end()
            code = escape[1] or escape[2]
            return _character(int(code, 16)) if code else _ESCAPED[escape[3]]
        if self.text[start] == "\n":
            raise NotHcl
        doubled = self.text[start] in "$%" and self.text[start + 1] == self.text[start]
        if not doubled and _OPENS.match(self.text, start):
            end = _after_braces(self.text, start + 2)
            if end is None:
                raise NotHcl
            self.at = end
        else:
            self.at += 1 + doubled
        return self.text[start : self.at]

    def _heredoc(self, opening: re.Match[str]) -> Scalar:
        """The text of a heredoc, which stands where its first line does."""
        closing = re.compile(rf"^[ \t]*{re.escape(opening[2])}[ \t]*\r?$", re.MULTILINE)
        end = closing.search(self.text, opening.end())
        if end is None:
            raise NotHcl
        self.at = end.end()
        lines = self.text[opening.end() : end.start()].splitlines()
        indents = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
        cut = min(indents, default=0) if opening[1] else 0
        text = "".join(f"{line[cut:]}\n" for line in lines)
        return Scalar(opening.end(), max(opening.end(), end.start() - 1), text, "text")

    # Moving on

    def _skip(self, lines: bool = False) -> bool:
        """Passes over blanks and comments; whether anything is left."""
        blank = (_BLANK_LINES if lines else _BLANK).match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.at < len(self.text)

    def _takes(self, character: str) -> bool:
        found = self.text.startswith(character, self.at)
        self.at += found
        return found

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise NotHcl
        self.at = found.end()
        return found[0]

    def _is_over(self, lines: bool) -> bool:
        ends = ",)]}" if lines else ",)]}\r\n"
        return self.at >= len(self.text) or self.text[self.at] in ends

    def _pass_over(self, depth: int) -> int:
        """Passes over an operand or a character of an expression that is not followed; where it ended."""
        if self._operand(depth) is None:
            self._pass_character()
        end = self.at
        self._skip()
        return end

    def _refuse_depth(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise DeepHcl(self.at)

    def _pass_character(self) -> None:
        heredoc = _HEREDOC.match(self.text, self.at)
        if heredoc:
            self._heredoc(heredoc)
        elif self.text[self.at] == '"':
            self._string()
        else:
            self.at += 1
            self._skip(lines=False)


def _character(code: int) -> str:
    """The character of a code; of one that no text can have, the one that stands for such."""
    return chr(code) if code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _called(name: str, given: list[Node]) -> Node | None:
    """What a call gives, where that is among what it is given."""
    if name in _SAME and len(given) == 1:
        if name in _ENCODERS and not isinstance(given[0], Scalar):
            given[0].in_text = True
        return given[0]
    kind = {"merge": Mapping, "concat": Sequence}.get(name)
    parts = [each for each in given if kind and not isinstance(each, Scalar) and isinstance(each, kind)]
    if not parts:
        return None
    children = [child for part in parts for child in part.children]
    start, end = parts[0].start, parts[-1].end
    return Mapping(start, end, children) if kind is Mapping else Sequence(start, end, children)
