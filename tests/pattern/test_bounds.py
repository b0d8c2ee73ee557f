"""No text and no accepted pattern makes a search take long, or grow without end."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.pattern import Pattern, machine

BACKSTOP = 10.0
"""Seconds. Each search below takes a small part of it; a matcher that backtracks would take years."""
LONG = 300_000


def seconds(pattern: Pattern, text: str, *, found: bool) -> float:
    begun = time.perf_counter()
    assert pattern.search(text) is found
    return time.perf_counter() - begun


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(a+)+$", "a" * LONG + "b", False),
        ("^(a+)+$", "a" * LONG, True),
        ("(a|a)*b", "a" * LONG, False),
        ("(a|aa)+$", "a" * LONG + "b", False),
        ("^(a|a?)+$", "a" * LONG + "b", False),
        ("(a?){25}a{25}b", "a" * LONG, False),
        ("(x+x+)+y", "x" * LONG, False),
        (".*.*.*=.*;", "x=" * (LONG // 2), False),
        ("((((a*)*)*)*)*b", "a" * LONG, False),
        ("(([a-z])+.)+[A-Z]([a-z])+$", "a" * LONG, False),
        (r"(\w+\s*)+:", "word " * (LONG // 5), False),
        ("(?i)(.*a){20}b", "A" * LONG, False),
        ("(.*)*(.*)*(.*)*=", "\n" * LONG, False),
        (r"^(\b\w*\b\W*)*$", "a -" * (LONG // 3) + "\0", True),
    ],
)
def test_the_classical_bombs_do_not_go_off(pattern: str, text: str, *, found: bool) -> None:
    assert seconds(Pattern.parse(pattern), text, found=found) < BACKSTOP


@pytest.mark.parametrize(
    "pattern", ["(a|b)*a(a|b){200}c", r"(?:\ba|\bb|a?b?){100}c", "(?:a?b?){200}c", "(.*a.*b){50}c"]
)
def test_states_that_never_repeat_cost_the_same_for_every_character(pattern: str) -> None:
    chance = random.Random(7)
    short = "".join(chance.choices("ab", k=15_000))
    long = short + "".join(chance.choices("ab", k=15_000))
    once = seconds(Pattern.parse(pattern), short, found=False)
    assert seconds(Pattern.parse(pattern), long, found=False) < max(6 * once, 1.0)


def test_a_pattern_of_the_usual_size_reads_a_long_message_at_once() -> None:
    pattern = Pattern.parse(r"configmap [a-z-]+/\w+ (was )?modified( by .*)?$")
    message = "configmap kube-system/coredns was left as it is\n" * 20_000
    assert seconds(pattern, message, found=False) < BACKSTOP / 5


def test_forgetting_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    texts = ["".join(chance.choices("ab", k=40)) for _ in range(200)]
    remembering = [Pattern.parse("a(a|b){6}b$").search(text) for text in texts]
    monkeypatch.setattr(machine, "REMEMBERED", 3)
    forgetful = Pattern.parse("a(a|b){6}b$")
    assert [forgetful.search(text) for text in texts] == remembering
    assert set(remembering) == {True, False}


def test_what_is_remembered_is_bounded_whatever_the_text() -> None:
    pattern = Pattern.parse("(a|b)*a[^c]{12}c")
    text = "".join(chr(code) for code in range(0x4E00, 0x9FFF)) * 2
    assert not pattern.search(text)
    search = pattern._machine._search
    assert search is not None
    kept = [search._start, *search._moments.values()]
    assert sum(map(len, kept)) <= machine.REMEMBERED
    assert len(kept) <= machine.REMEMBERED + 1
    assert len(search._readers_of) <= machine.REMEMBERED


def test_what_is_remembered_is_bounded_over_many_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "REMEMBERED", 10)
    pattern = Pattern.parse("[^a]b")
    assert not any(pattern.search(chr(code)) for code in range(0x4E00, 0x4F00))
    search = pattern._machine._search
    assert search is not None
    assert len(search._start) <= 10


@given(st.text(st.characters(), max_size=50))
def test_a_search_raises_nothing_whatever_the_text(text: str) -> None:
    for pattern in (r"(?i)[^a]\b$", r"\w{3}", "literal"):
        Pattern.parse(pattern).search(text)
