"""A pattern is a value."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys

import pytest

from gate.pattern import Pattern


def test_patterns_of_the_same_text_are_equal() -> None:
    pattern = Pattern.parse("a+")
    pattern.search("a")
    assert pattern == Pattern.parse("a+")
    assert hash(pattern) == hash(Pattern.parse("a+"))
    assert pattern != Pattern.parse("a*")
    assert pattern.text == "a+"


def test_a_pattern_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Pattern.parse("a").text = "b"  # type: ignore[misc]


def test_a_pattern_shows_its_text() -> None:
    assert repr(Pattern.parse("a+")) == "Pattern(text='a+')"


def test_a_pattern_survives_copying() -> None:
    pattern = Pattern.parse("^a+$")
    for same in (copy.deepcopy(pattern), pickle.loads(pickle.dumps(pattern))):
        assert same == pattern
        assert same.search("aa")
        assert not same.search("ab")


def test_importing_the_package_leaves_the_work_for_later() -> None:
    show = "import sys, gate.pattern; print([m for m in sys.modules if m.startswith('gate.pattern.')])"
    shown = subprocess.run([sys.executable, "-c", show], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == "['gate.pattern.refusal']"
