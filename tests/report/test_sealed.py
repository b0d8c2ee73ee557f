from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given

from gate.model import Report
from gate.report import Style, sealed
from gate.report.json_report import render, with_seal, written
from gate.report.sealed import NotEvidence

from .cases import CASES, blocked, hostile, passes
from .strategies import reports, whole_reports

KEY = b"the secret of the pipeline"
UNSIGNED = render(passes(), Style())
SIGNED = sealed.signed(UNSIGNED, KEY)


def check(text: str, key: bytes | None = None, *, needs_key: bool = True) -> str:
    return sealed.check(json.loads(text), text.encode(), key, needs_key=needs_key)


def edited(text: str, **changes: Any) -> str:
    return written({**json.loads(text), **changes})


@pytest.mark.parametrize("name", CASES)
def test_what_the_gate_writes_holds_signed_and_unsigned(name: str) -> None:
    text = render(CASES[name](), Style())
    assert "digest holds" in check(text)
    assert "signature hold" in check(sealed.signed(text, KEY), KEY)


@whole_reports
@given(reports())
def test_any_report_holds_whatever_its_texts(made: Report) -> None:
    text = sealed.signed(render(made, Style()), KEY)
    assert sealed.check(json.loads(text), text.encode("utf-8"), KEY)


def test_signing_changes_nothing_but_the_signature() -> None:
    first, second = json.loads(UNSIGNED), json.loads(SIGNED)
    assert first["seal"]["signature"] is None
    assert re.fullmatch("[0-9a-f]{64}", second["seal"]["signature"])
    first["seal"]["signature"] = second["seal"]["signature"]
    assert (list(first), first) == (list(second), second)
    assert sealed.signed(SIGNED, KEY) == SIGNED
    assert KEY.decode() not in SIGNED


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        (UNSIGNED, KEY, "not signed"),
        (SIGNED, b"another key", "not by the key"),
        (SIGNED, None, "can't be verified"),
        (edited(UNSIGNED, verdict="blocked"), None, "digest does not hold"),
        (edited(SIGNED, verdict="blocked"), KEY, "digest does not hold"),
        (written(with_seal({**json.loads(SIGNED), "verdict": "blocked"}, None)), KEY, "not signed"),
        (
            written(
                with_seal({**json.loads(SIGNED), "exitCode": 1}, json.loads(SIGNED)["seal"]["signature"])
            ),
            KEY,
            "not by the key",
        ),
        (edited(UNSIGNED, seal=None), None, "no seal"),
        (edited(UNSIGNED, seal={"digest": 1, "signature": None}), None, "digest does not hold"),
        (edited(UNSIGNED, seal={"digest": "\ud800", "signature": None}), None, "digest does not hold"),
        (edited(SIGNED, seal={**json.loads(SIGNED)["seal"], "signature": 1}), KEY, "not by the key"),
        (edited(SIGNED, seal={**json.loads(SIGNED)["seal"], "more": 1}), KEY, "no seal"),
        (edited(UNSIGNED, tool={"name": "other", "version": "1"}), None, "not a report"),
        (edited(UNSIGNED, schemaVersion=2), None, "schemaVersion"),
        (edited(UNSIGNED, schemaVersion=True), None, "schemaVersion"),
        (UNSIGNED.rstrip(), None, "bytes"),
        (" " + UNSIGNED, None, "bytes"),
        (json.dumps(json.loads(UNSIGNED)), None, "bytes"),
    ],
)
def test_what_does_not_hold_is_refused_and_says_why(text: str, key: bytes | None, why: str) -> None:
    with pytest.raises(NotEvidence, match=why) as refused:
        check(text, key)
    assert refused.value.hint
    assert refused.value.exit_code == 3
    assert "another key" not in str(refused.value)


def test_a_signature_may_go_unverified_only_where_that_is_asked_for() -> None:
    assert "not verified" in check(SIGNED, needs_key=False)
    with pytest.raises(NotEvidence, match="not signed"):
        check(UNSIGNED, KEY, needs_key=False)


def test_the_same_text_in_another_writing_is_another_report() -> None:
    text = render(hostile(), Style())
    assert check(text)
    with pytest.raises(NotEvidence, match="bytes"):
        check(text.replace("##".replace("#", r"\u0023", 1), "##"))


def test_a_document_that_is_nested_too_deep_is_refused() -> None:
    document: dict[str, Any] = json.loads(render(blocked(), Style()))
    for _ in range(5000):
        document = {"more": document}
    with pytest.raises(NotEvidence):
        sealed.check(document, b"", None)
    with pytest.raises(NotEvidence, match="deep"):
        sealed.check({**json.loads(UNSIGNED), "more": document}, b"", None)
