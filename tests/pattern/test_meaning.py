"""What is accepted means what it means in Python's `re`; there `\\Z` is what `$` is here."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.pattern import Pattern, PatternError

ATOMS = st.sampled_from(
    [
        *("a", "b", "A", "1", "_", " ", "é", "ſ", "k", "\n", "-"),
        *(".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S"),
        *(r"\.", r"\-", r"\n", r"\t", r"\x61", r"\u00e9", r"\{", r"\\"),
        *(
            "[ab]",
            "[^a]",
            "[a-z]",
            "[^a-z0-9_]",
            r"[\d-]",
            r"[^\w]",
            r"[\]\-a]",
            "[-a]",
            "[a-]",
            "[K-ſ]",
            r"[\x61-c]",
        ),
    ]
)
PLACES = st.sampled_from(["^", "$", r"\b"])
QUANTIFIERS = st.sampled_from(
    ["*", "+", "?", "*?", "+?", "??", "{0}", "{2}", "{1,}", "{0,2}", "{1,3}?", "{2,}?"]
)


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("{}{})".format, st.sampled_from(["(", "(?:"]), inner)
    return st.one_of(
        st.builds("{}{}".format, st.one_of(ATOMS, group), QUANTIFIERS),
        st.lists(inner, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda options: "(?:" + "|".join(options) + ")"),
        group,
    )


TREES = st.recursive(st.one_of(ATOMS, PLACES, st.just("")), compound, max_leaves=10)
PATTERNS = st.builds("{}{}".format, st.sampled_from(["", "", "(?i)"]), TREES)
TEXTS = st.text(alphabet="aabbAkK1_ .-\n\té\u017f\u0130\u212a{}\\", max_size=12)
SYNTAX = st.text(alphabet=r"ab0129(((|)))[]{}{,}?*+^$.\\-:i=!<>PdwbBxuZ&~", max_size=14)
BRACKETS = st.builds(
    "{}{}]".format, st.sampled_from(["[", "[^", "(?i)["]), st.text(r"ab-&~|[^\dw+*,", max_size=7)
)


def oracle(pattern: str) -> re.Pattern[str]:
    """`$` outside of brackets becomes `\\Z`; an escaped character is left alone."""
    tokens = re.findall(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    return re.compile("".join(r"\Z" if token == "$" else token for token in tokens))


@settings(max_examples=80)
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=5))
@example(r"(?i)ſ", ["s", "S", "ſ"])
@example(r"(?:a?)*?b$", ["aab", "aab\n", ""])
@example(r"(?:^|b)*a", ["bba", "ca"])
@example(r"\b", ["", "a", " ", "é"])
def test_a_search_says_what_re_says(pattern: str, texts: list[str]) -> None:
    ours, theirs = Pattern.parse(pattern), oracle(pattern)
    for text in texts:
        assert ours.search(text) is (theirs.search(text) is not None), text


@settings(max_examples=100)
@given(st.one_of(SYNTAX, BRACKETS, st.text(max_size=20)), TEXTS)
@example("[+--]", ",")
def test_any_text_is_either_refused_or_means_what_re_makes_of_it(pattern: str, text: str) -> None:
    ours = accepted(pattern)
    assert ours is None or ours.search(text) is (oracle(pattern).search(text) is not None)


def accepted(pattern: str) -> Pattern | None:
    try:
        return Pattern.parse(pattern)
    except PatternError as refusal:
        is_helpful = 0 <= refusal.at <= len(pattern) and refusal.message.isprintable()
    assert is_helpful
    return None


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize(
    "source", [r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", ".", "[^a-z]", "[A-ÿ]", "s", "k"]
)
def test_one_character_is_read_as_re_reads_it_all_over_unicode(source: str, *, ignore_case: bool) -> None:
    pattern = ("(?i)" if ignore_case else "") + source
    ours, theirs = Pattern.parse(pattern), re.compile(pattern)
    for code in (*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFF00, 0x10500), *range(0x1D400, 0x1D800)):
        assert ours.search(chr(code)) is (theirs.search(chr(code)) is not None), hex(code)


@pytest.mark.parametrize(
    "text", [chr(code) for code in (0x30, 0x5F, 0x61, 0xE9, 0xB2, 0x2CE, 0x301, 0x4E2D, 0x1D7D8)]
)
def test_a_boundary_knows_the_word_characters_of_re(text: str) -> None:
    assert Pattern.parse(r"^\b").search(text) is (re.search(r"^\b", text) is not None)


@pytest.mark.parametrize(
    ("pattern", "found", "not_found"),
    [
        ("modified", "configmap modified", "Modified"),
        (r"v1\.29", "v1.29", "v1x29"),
        ("", "", None),
        ("a.c", "abc", "a\nc"),
        ("[abc]x", "bx", "dx"),
        ("[^abc]x", "dx", "bx"),
        ("[a-c]x", "bx", "-x"),
        (r"[\]x]", "]", "["),
        (r"[\d.]$", "1.", "1,"),
        (r"\d\w\s", "1a ", "a1 "),
        (r"\D\W\S", "a-a", "1-a"),
        (r"\bcat\b", "the cat", "concat"),
        (r"\(\)\[\]\{\}\*\+\?\|\^\$\\\.", r"()[]{}*+?|^$\.", "()"),
        (r"\/\-\ \"\#", '/- "#', "/"),
        (r"a\n\t\r", "a\n\t\r", "a\\n\\t\\r"),
        (r"\x41\u4e2d", "A中", "A"),
        ("(ab)+c", "ababc", "ac"),
        ("(?:ab)+c", "ababc", "ac"),
        ("cat|dog", "hotdog", "cow"),
        ("^(cat|)$", "", "ca"),
        ("^a*$", "", "b"),
        ("^a+$", "aa", ""),
        ("^a?$", "a", "aa"),
        ("^a{2}$", "aa", "aaa"),
        ("^a{2,}$", "aaaa", "a"),
        ("^a{2,3}$", "aaa", "aaaa"),
        ("^a{0}$", "", "a"),
        ("^a{002}$", "aa", "a"),
        ("^a*?b+?c??d{1,2}?$", "abd", "abddd"),
        ("^a", "ab", "ba"),
        ("b$", "ab", "ba"),
        ("(?i)configMap", "CONFIGMAP", "config map"),
        ("(?i)[a-c]é", "BÉ", "DÉ"),
        (r"(?i)a\.b\(\[", "A.B([", "AxB(["),
    ],
)
def test_each_element_finds_and_does_not_find(pattern: str, found: str, not_found: str | None) -> None:
    assert Pattern.parse(pattern).search(found)
    assert not_found is None or not Pattern.parse(pattern).search(not_found)


def test_the_end_is_the_end_of_the_text_and_not_before_a_last_newline() -> None:
    assert Pattern.parse("a$").search("a")
    assert not Pattern.parse("a$").search("a\n")
    assert not Pattern.parse("^a$").search("a\nb")
