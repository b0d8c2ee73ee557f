"""The calls of the CCE API, each from a request to a type of the model or an `ApiError`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from gate.api.credentials import Credential
from gate.api.error_body import ErrorFacts, read_error
from gate.api.http import Http, Request, Response
from gate.api.parse import parse_answer
from gate.errors import ApiError, NotAnAnswer, UsageError
from gate.model import Answer, Deadline, Target

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TRANSIENT = frozenset({408, 429})
_HINTS: Mapping[int, str] = {
    400: "check the options that name the project, the cluster and the tasks",
    401: "the credentials are wrong or have run out: get new ones, for this region and project",
    403: "let the user read the add-ons of this cluster (CCE permissions in IAM), in this project",
    404: "check --cluster-id, --project-id and --region or --endpoint",
    409: "something else is under way in the cluster: run this again when it has ended",
    429: "the API is busy with too many requests: run this again later",
}
_CODE_HINTS: Mapping[str, str] = {
    "APIGW.0307": "the token has run out: get a new one",
    "CCE.01429002": "another operation holds the cluster: run this again when it has ended",
}
"""Hints for codes that say more than their status. Source: the vendor's error code pages."""

Exchanged = Callable[[Request, Response], None]
"""Is told of every exchange, for diagnostics."""


@dataclass(frozen=True, slots=True)
class Cce:
    """The CCE API for one cluster."""

    http: Http
    credential: Credential
    target: Target
    exchanged: Exchanged

    def tasks(self, deadline: Deadline) -> Answer:
        """All add-on check tasks of the cluster: ListAddonPrecheckTasks, unfiltered.

        Without a filter the answer holds what supersedes what, and its count can be held against it.
        """
        response = self._get(f"{self._cluster}/addons/precheck/tasks", deadline)
        try:
            return parse_answer(response.body)
        except NotAnAnswer as error:
            facts = read_error(response.body, response.headers)
            raise NotAnAnswer(
                f"{error.message}{_quoted(facts)}",
                error.hint,
                status=response.status,
                code=facts.code,
                request_id=facts.request_id,
            ) from None

    @property
    def _cluster(self) -> str:
        return f"/api/v3/projects/{self.target.project_id}/clusters/{self.target.cluster_id}"

    def _get(self, path: str, deadline: Deadline) -> Response:
        headers = {"Content-Type": "application/json"}
        request = self.credential.authorize(Request("GET", f"{self.target.endpoint}{path}", headers))
        response = self.http.exchange(request, deadline)
        self.exchanged(request, response)
        if response.status == 200:
            return response
        raise _refusal(response)


def check_id(option: str, value: str) -> str:
    """An ID that can stand in a path. Raises `UsageError` for anything else."""
    if not _ID.fullmatch(value):
        raise UsageError(
            f"{option} {value} is not an ID", "copy the ID from the console: letters, digits and -"
        )
    return value


def _refusal(response: Response) -> ApiError:
    facts = read_error(response.body, response.headers)
    status = response.status
    if 200 <= status < 300:
        return NotAnAnswer(
            f"the API answered with status {status}, which this call does not have{_quoted(facts)}",
            "check --endpoint and what stands between it and this machine (proxy, gateway)",
            status=status,
            code=facts.code,
            request_id=facts.request_id,
        )
    if 300 <= status < 400:
        host = urlsplit(response.headers.get("Location", "")).netloc or "elsewhere"
        return ApiError(
            f"the endpoint redirects to {host} (status {status}); that is not followed",
            "set --endpoint to the API itself: credentials are sent to no other host",
            status=status,
            request_id=facts.request_id,
        )
    return ApiError(
        f"the API answered {status}{_quoted(facts)}",
        _hint(status, facts.code),
        transient=status in _TRANSIENT or status >= 500,
        status=status,
        code=facts.code,
        request_id=facts.request_id,
        retry_after=_retry_after(response.headers),
    )


def _hint(status: int, code: str | None) -> str:
    if code is not None and code in _CODE_HINTS:
        return _CODE_HINTS[code]
    if status >= 500:
        return "the service has a problem: run this again later, and give its support the request ID"
    return _HINTS.get(status, "check --endpoint, and give the support of the cloud the request ID")


def _quoted(facts: ErrorFacts) -> str:
    return f": {facts.message}" if facts.message else ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait: a number, or a date read on the server's own clock (RFC 9110)."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until = _http_date(text)
    if until is None:
        return None
    now = _http_date(headers.get("Date", "")) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
