"""The seal of a JSON report: that not one byte of it was changed, and by whom it was written.

The digest shows an accident, and a hand that changes without counting again. Only the signature (HMAC, with a
key that the jobs in between don't have) shows who wrote the report.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gate import seal
from gate.errors import ExitCode, GateError
from gate.report.json_report import SCHEMA_VERSION, TOOL, with_seal, written

KEY = "CCE_GATE_SIGNING_KEY"
"""The environment variable that holds the key."""

_Object = Mapping[str, Any]
_AGAIN = "take the report as --report json wrote it; if it is gone, make a new one with cce-gate check"
_EDITED = "something changed it on its way; make a new one with cce-gate check, and look for what did"


class NotEvidence(GateError):
    """The report proves nothing. `message` says why, as the end of a sentence about it."""

    exit_code = ExitCode.UNDECIDED


def signed(text: str, key: bytes) -> str:
    """The JSON report `text` with a signature in its seal."""
    document = json.loads(text)
    return written(with_seal(document, seal.signature(_sealed_text(document), key)))


def is_report(document: _Object) -> bool:
    """Whether the JSON object calls itself a report of this tool, of whatever version."""
    tool = document.get("tool")
    return isinstance(tool, dict) and tool.get("name") == TOOL


def check(document: _Object, data: bytes, key: bytes | None, *, needs_key: bool = True) -> str:
    """Hold the report `data`, which reads as `document`, against its seal; returns in words what held.

    With a key a signature is insisted on. Without one a signed report is refused too, unless `needs_key` is
    off: what can't be verified is not verified. Raises `NotEvidence`.
    """
    _check_form(document, data)
    found = document.get("seal")
    if not isinstance(found, dict) or set(found) != {"digest", "signature"}:
        raise NotEvidence("it has no seal", _AGAIN)
    text = _sealed_text(document)
    if not isinstance(found["digest"], str) or not seal.same(found["digest"], seal.digest(text)):
        raise NotEvidence("its digest does not hold: it was changed", _EDITED)
    return _check_signature(text, found["signature"], key, needs_key=needs_key)


def _check_form(document: _Object, data: bytes) -> None:
    if not is_report(document):
        raise NotEvidence("it is not a report of cce-gate", _AGAIN)
    version = document.get("schemaVersion")
    if type(version) is not int or version != SCHEMA_VERSION:
        raise NotEvidence(
            f"its schemaVersion is not {SCHEMA_VERSION}", "use the release of cce-gate that wrote it"
        )
    try:
        if written(dict(document)).encode("utf-8", "surrogatepass") != data:
            raise NotEvidence("its bytes are not as the gate wrote them", _EDITED)
    except RecursionError:
        raise NotEvidence("it is nested too deep", _AGAIN) from None


def _check_signature(text: str, found: object, key: bytes | None, *, needs_key: bool) -> str:
    if key is None:
        if found is None:
            return f"the digest holds; not signed, and {KEY} is not set"
        if needs_key:
            raise NotEvidence(
                f"it is signed, and {KEY} is not set here: its signature can't be verified",
                f"set {KEY} to the key that the report was signed with",
            )
        return f"the digest holds; the signature was not verified, {KEY} is not set"
    if found is None:
        raise NotEvidence(
            f"it is not signed, and {KEY} is set", f"set {KEY} for the run that writes the report, too"
        )
    if not isinstance(found, str) or not seal.same(found, seal.signature(text, key)):
        raise NotEvidence(
            f"its signature is not by the key in {KEY}",
            "give both jobs the same key; if they have it, somebody else wrote this report",
        )
    return "the digest and the signature hold"


def _sealed_text(document: _Object) -> str:
    return seal.canonical(seal.without(document, "seal"))
