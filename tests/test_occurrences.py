"""Which of many texts hold one of some words: the same as asking each of them."""

from __future__ import annotations

import random

from airwarden.credentials.occurrences import Words, holders


def test_every_text_with_a_word_is_found_once_and_in_order() -> None:
    assert holders(["a Token", "", "none", "token, token"], ["token", "ken"]) == [0, 3]


def test_a_word_across_two_texts_is_in_neither() -> None:
    assert holders(["to", "ken"], ["token"]) == []


def test_no_texts_hold_nothing() -> None:
    assert holders([], ["token"]) == []


def test_letters_that_grow_in_lower_case_move_nothing() -> None:
    assert holders(["\u0130\u0130\u0130", "KEY", "none"], ["key"]) == [1]


def test_it_says_the_same_as_a_search_in_each_text() -> None:
    choose = random.Random(7).choices
    texts = ["".join(choose("abAB", k=number % 7)) for number in range(300)]
    words = ["ab", "bba", "a"]
    assert holders(texts, words) == [
        place for place, text in enumerate(texts) if any(word in text.lower() for word in words)
    ]


def test_words_are_found_however_many_they_are() -> None:
    many = [f"word{number:04}" for number in range(1_000)]
    words = Words([*many, "short", "a longer one", "word00001"])
    assert words.within("word0007, short, word00001 and a longer one") == [
        "a longer one",
        "word00001",
        "word0000",
        "word0007",
        "short",
    ]
    assert words.within("wor") == []
