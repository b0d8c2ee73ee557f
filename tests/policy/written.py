"""Policies as plain data, drawn at random: in order, or broken somewhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import strategies as st

from gate.policy.fields import VERSION_RANGE
from tests.builders import TODAY

UNSEEN_MARKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0" + "".join(
    map(chr, range(0xFE00, 0xFE10))
)
SEEN = st.characters(
    codec="utf-8", exclude_categories=("C", "Z"), exclude_characters=UNSEEN_MARKS, max_codepoint=0xDFFFF
)
TEXTS = st.text(SEEN, min_size=1, max_size=12)
PATTERNS = st.sampled_from(["configmap .* modified", "^[A-Z]+-[0-9]+$", "(?i)a|b", "x{2,3}", "é"])


def _without(wildcards: str) -> st.SearchStrategy[str]:
    return TEXTS.map(lambda name: "".join(char for char in name if char not in wildcards)).filter(bool)


NAMES = _without("*?[]")
GLOBS = st.one_of(_without("[]"), st.sampled_from(["prod-*", "?", "* 1"]))
RANGES = st.one_of(
    st.from_regex(VERSION_RANGE, fullmatch=True), st.sampled_from([">=1.30,<1.31", "==1.*", "~=1.30.6"])
)

NARROWING: dict[str, st.SearchStrategy[Any]] = {
    "addon": NAMES,
    "target-version": RANGES,
    "cluster": st.one_of(GLOBS, st.lists(GLOBS, min_size=1, max_size=3)),
    "type": st.sampled_from(["addonStatic", "addonUpgrade"]),
    "message": PATTERNS,
}
REQUIRED: dict[str, st.SearchStrategy[Any]] = {"risk": NAMES, "reason": TEXTS}
DENIALS = st.fixed_dictionaries(REQUIRED, optional={**NARROWING, "owner": TEXTS, "ticket": TEXTS})
ALLOWANCES = st.fixed_dictionaries(
    REQUIRED,
    optional={**NARROWING, "owner": TEXTS, "ticket": TEXTS, "expires": st.dates().map(date.isoformat)},
)
COMPLETE_ALLOWANCES = st.fixed_dictionaries(
    {
        **REQUIRED,
        "expires": st.integers(-9, 9).map(lambda days: (TODAY + timedelta(days)).isoformat()),
        "owner": TEXTS,
        "ticket": st.sampled_from(["NET-1", "OPS-22"]),
    },
    optional=NARROWING,
)
"""Allow rules that meet any `REQUIREMENTS`."""
REQUIREMENTS = st.fixed_dictionaries(
    {},
    optional={
        "expires": st.booleans(),
        "max-days": st.integers(9, 36_500),
        "owner": st.booleans(),
        "ticket": st.sampled_from(["^[A-Z]+-[0-9]+$", "-"]),
    },
)


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Policies in order, over the whole language."""

    def with_(allowances: st.SearchStrategy[Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.fixed_dictionaries(
            {"version": st.just(1), **more},
            optional={"deny": st.lists(DENIALS, max_size=2), "allow": st.lists(allowances, max_size=2)},
        )

    return st.one_of(with_(ALLOWANCES), with_(COMPLETE_ALLOWANCES, require=REQUIREMENTS))


_ODD_CHARACTERS = (
    *("", " ", "\n", "\u3000", "\u200b", "\u2800", "a\n", " a", "a b", "a\u202eb", "a\u200bb", "\ufeff"),
    *("a\rb", "a\r\nb", "\U000e0041", "🙂", "👩\u200d💻", "a\x1bb", "\x85", "\xa0", "\u2028"),
)
_ODD_IN_YAML = (
    *("yes", "on", "1", "~", "null", "true", "=", "<<", "!x", "&a", "*a", "|", ">-", "# a", "a: b", "- a"),
    *("addonUpgrade", "addonupgrade", "addonStatic ", "AddonStatus", "Fatal", "Warning"),
)
_NEARLY_DAYS = (
    *("2024-02-29", "2026-02-29", "1900-02-29", "2000-02-29", "0000-01-01"),
    *("2026-12-31\n", "2026-1-1"),
)
_NEARLY_RANGES = (
    *(">=1.30", "~=1", "==1.*", ">=1.*", "1.30", "==1.30\n"),
    *("===1", ">=1,", ">=1.30-rc.1", "<1!2", "==1+a"),
)
_NEARLY_PATTERNS = (
    *("*", "a*", "a?", "[a]", "]", "(", "(?=a)", "(?i)a"),
    *("a{999}{999}", "\\1", "\\d", "a" * 1001, "a++"),
)
ODD_TEXTS = st.one_of(
    st.sampled_from([*_ODD_CHARACTERS, *_ODD_IN_YAML, *_NEARLY_DAYS, *_NEARLY_RANGES, *_NEARLY_PATTERNS]),
    st.text(max_size=5),
    st.dates().map(date.isoformat),
    RANGES,
    TEXTS,
)
SCALARS = st.one_of(
    ODD_TEXTS, st.none(), st.booleans(), st.integers(-2, 40_000), st.sampled_from([10**30, 1.5, -0.25])
)
_WORDS = (
    *("version", "require", "deny", "allow", "max-days", "risk", "reason", "addon", "target-version"),
    *("cluster", "type", "message", "expires", "owner", "ticket", "level", "Risk", "target_version"),
    *("", " ", "<<"),
)
KEYS = st.one_of(st.sampled_from(_WORDS), st.text(max_size=5))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)


def _inner(value: Any) -> Iterator[Any]:
    """Every mapping and every list that holds something, the outermost first."""
    if isinstance(value, dict | list):
        if value:
            yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from _inner(each)


def _replace(holder: Any, at: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    holder[at] = draw(ANYTHING)


def _drop(holder: Any, at: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    del holder[at]


def _add(holder: Any, at: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    if isinstance(holder, dict):
        holder[draw(KEYS)] = draw(ANYTHING)
    else:
        holder.append(draw(ANYTHING))


def _rename(holder: Any, at: Any, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
    if isinstance(holder, dict):
        holder[draw(KEYS)] = holder.pop(at)


@st.composite
def broken(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    """A policy in order with a change somewhere: most, not all of them, are out of order by it."""
    document: dict[str, Any] = copy.deepcopy(draw(documents()))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        holders = list(_inner(document))
        if holders:
            holder = draw(st.sampled_from(holders))
            at = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
            draw(st.sampled_from([_replace, _replace, _drop, _add, _rename]))(holder, at, draw)
    return document


def as_yaml(document: Any) -> bytes:
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    return text.encode()


def as_json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def as_yaml_with_days(document: Any) -> bytes:
    """Days are written without quotes, as people do."""
    return as_yaml(_with_days(document))


def _with_days(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_day(key, each) for key, each in value.items()}
    return [_with_days(each) for each in value] if isinstance(value, list) else value


def _with_day(key: str, value: Any) -> Any:
    if key == "expires" and isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return day if day.isoformat() == value else value
    return _with_days(value)
