"""Error bodies in every dialect that the API and what stands before it speak."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

JSON = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    status: int
    code: str | None
    message: str | None
    request_id: str

    @property
    def phrase(self) -> str:
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return "Error"

    @property
    def text(self) -> str:
        return self.phrase if self.message is None else self.message


_GATEWAY_CODES = {401: "APIGW.0301", 403: "APIGW.0302", 404: "APIGW.0101", 429: "APIGW.0308"}


def _json(content: object) -> tuple[str, bytes]:
    return JSON, json.dumps(content, ensure_ascii=False).encode()


def _cce_code(facts: ErrorFacts) -> str:
    return facts.code or f"CCE.01{facts.status}001"


def _cce(facts: ErrorFacts) -> tuple[str, bytes]:
    return _json({"errorCode": _cce_code(facts), "errorMessage": facts.text})


def _cce_snake(facts: ErrorFacts) -> tuple[str, bytes]:
    """The names that are seen in the wild beside the documented ones."""
    return _json(
        {
            "code": facts.status,
            "error_code": _cce_code(facts),
            "error_msg": facts.text,
            "message": facts.text,
            "reason": facts.phrase,
        }
    )


def _gateway(facts: ErrorFacts) -> tuple[str, bytes]:
    code = facts.code or _GATEWAY_CODES.get(facts.status, "APIGW.0601")
    return _json({"error_msg": facts.text, "error_code": code, "request_id": facts.request_id})


def _iam_numeric(facts: ErrorFacts) -> tuple[str, bytes]:
    return _json({"error": {"code": facts.status, "message": facts.text, "title": facts.phrase}})


def _iam_text(facts: ErrorFacts) -> tuple[str, bytes]:
    code = facts.code or "IAM.0001"
    return _json({"error": {"code": code, "message": facts.text, "title": facts.phrase}})


def _iam_code(facts: ErrorFacts) -> tuple[str, bytes]:
    code = facts.code or "IAM.0001"
    return _json({"error_code": code, "error_msg": facts.text, "request_id": facts.request_id})


def _html(facts: ErrorFacts) -> tuple[str, bytes]:
    title = html.escape(f"{facts.status} {facts.text}")
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n"
    return "text/html", page.encode()


def _empty(_: ErrorFacts) -> tuple[str, bytes]:
    return "text/plain", b""


DIALECTS: dict[str, Callable[[ErrorFacts], tuple[str, bytes]]] = {
    "cce": _cce,
    "cce-snake": _cce_snake,
    "gateway": _gateway,
    "iam-numeric": _iam_numeric,
    "iam-text": _iam_text,
    "iam-code": _iam_code,
    "html": _html,
    "empty": _empty,
}
"""By name, as scenarios use them: each makes the content type and the body."""
