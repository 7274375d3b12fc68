"""Files are read as what they say that they are written in, and what can't be read is told with its place."""

from __future__ import annotations

import codecs

import pytest
from airwarden.cli import main
from airwarden.repo import Repo
from airwarden.source import Source, Unreadable, decode, encoded

from tests.conftest import MakeRepository

NO_TEXT = ("rot13", "hex", "base64", "zlib_codec", "bz2", "uu", "quopri", "idna", "punycode", "undefined")
WIDE = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
VALUES = 'executor: CeleryExecutor\nairflowVersion: "3.0.0"\nfernetKey: not-a-real-fernet-key\n'


def why(path: str, data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        decode(path, data)
    return caught.value


@pytest.mark.parametrize("name", [*NO_TEXT, "nonsense", "oem", "../../etc/passwd", "a" * 10_000])
def test_a_cookie_that_names_no_encoding_of_text_is_told(name: str) -> None:
    assert why("a.py", f"# -*- coding: {name} -*-\nx = 1\n".encode()).region.line == 1


@pytest.mark.parametrize("name", ["latin-1", "cp1252", "shift_jis", "euc-kr", "utf-7", "unicode_escape"])
def test_a_cookie_of_text_is_heeded_in_the_first_two_lines(name: str) -> None:
    for before in ("", "#!/usr/bin/env python\n"):
        text = f"{before}# coding: {name}\nx = 'a'\n"
        assert decode("a.py", text.encode(name)) == text.encode(name).decode(name)
    assert decode("a.py", f"\n\n# coding: {name}\nx = 'é'\n".encode()).endswith("'é'\n")


def test_a_cookie_must_not_speak_against_a_mark() -> None:
    why("a.py", codecs.BOM_UTF8 + b"# coding: latin-1\n")
    assert decode("a.py", codecs.BOM_UTF8 + b"# coding: utf-8\n") == "# coding: utf-8\n"


@pytest.mark.parametrize(
    ("cookie", "half"), [("utf-7", "+2AA-"), ("unicode_escape", "\\ud800"), ("raw_unicode_escape", "\\ud800")]
)
def test_half_a_character_is_no_text(cookie: str, half: str) -> None:
    assert why("a.py", f"# coding: {cookie}\nx = '{half}'\n".encode()).reason == f"is not {cookie} text"


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("is_marked", [True, False])
def test_how_wide_characters_are_is_told(name: str, is_marked: bool) -> None:
    mark = WIDE[name] if is_marked else b""
    data = mark + VALUES.encode(name)
    assert decode("values.yaml", data) == VALUES
    assert encoded("values.yaml", data, VALUES + "x: é\n") == mark + (VALUES + "x: é\n").encode(name)
    assert "save it as UTF-8" in why("a.py", data).reason


@pytest.mark.parametrize("name", WIDE)
def test_wide_values_are_found_and_judged(name: str, make_repository: MakeRepository) -> None:
    root = make_repository({"dags/a.py": ""})
    (root / "deploy.yaml").write_bytes(WIDE[name] + VALUES.encode(name))
    assert Repo(root).is_values_file("deploy.yaml")
    assert main(["check", "--no-cache", "--quiet", "--select", "secrets", str(root / "deploy.yaml")]) == 1


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a: \xff", (1, 4)),
        ("é: ü\n".encode() + b"b: \xff\n", (2, 4)),
        (b"a: 1\r\n" + "éé".encode() + b"\xff", (2, 3)),
        (b"a: 1\rb: \xff", (2, 4)),
        (codecs.BOM_UTF16_LE + "é\né\n".encode("utf-16-le") + b"\x00\xd8a\x00", (3, 1)),
        (codecs.BOM_UTF16_LE + "é\nab".encode("utf-16-le") + b"x", (2, 3)),
    ],
)
def test_what_does_not_decode_is_told_in_lines_and_characters(data: bytes, place: tuple[int, int]) -> None:
    region = why("values.yaml", data).region
    assert (region.line, region.column) == place


@pytest.mark.parametrize("data", [b"", codecs.BOM_UTF8, *WIDE.values()])
def test_a_file_of_nothing_but_a_mark_is_empty(data: bytes) -> None:
    assert decode("values.yaml", data) == ""
    assert encoded("values.yaml", data, "a: 1\n") is not None


def test_lines_end_as_python_says_they_do() -> None:
    source = Source("a.py", "a\r\nb\rc\nd\x0ce\u2028f\x85g")
    assert [source.line(number) for number in range(1, 5)] == ["a", "b", "c", "d\x0ce\u2028f\x85g"]
