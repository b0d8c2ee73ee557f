"""What an error answer says, in whichever dialect: CCE's, the gateway's, IAM's, or a proxy's HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

_CODES = ("errorCode", "error_code", "code")
_MESSAGES = ("errorMessage", "error_msg", "message", "title", "reason")
_REQUEST_IDS = ("request_id", "requestId", "requestID")


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """The API's own code, words and request ID; None where it gave none."""

    code: str | None
    message: str | None
    request_id: str | None


def read_error(body: bytes, headers: Mapping[str, str]) -> ErrorFacts:
    """Find what there is to find. Never raises: an error answer may be anything."""
    fields = _fields(body)
    return ErrorFacts(
        _first(fields, _CODES),
        _first(fields, _MESSAGES),
        _first(fields, _REQUEST_IDS) or headers.get("X-Request-Id") or None,
    )


def _fields(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    nested = value.get("error")
    return {**value, **nested} if isinstance(nested, dict) else value


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None
