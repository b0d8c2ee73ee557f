"""What an answer that is not the expected one means: an `ApiError` with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from gate.api.error_body import ErrorFacts, read_error
from gate.api.http import Response
from gate.errors import ApiError, NotAnAnswer
from gate.model import Instant

LARGEST_SKEW = 15 * 60.0
"""Seconds by which the time of a signature may be off: the vendor's page on signing."""

_TRANSIENT = frozenset({408, 429})
_HINTS: Mapping[int, str] = {
    400: "check the options that name the project, the cluster and the tasks",
    401: "the credentials are wrong or have run out: get new ones, for this region and project",
    403: "let the user read the add-ons of this cluster (CCE permissions in IAM), in this project",
    404: "check --cluster-id (a name goes into --cluster-name), --project-id and --region or --endpoint",
    409: "something else is under way in the cluster: run this again when it has ended",
    429: "the API is busy with too many requests: run this again later",
}
_CODE_HINTS: Mapping[str, str] = {
    "APIGW.0301": "the gateway does not accept the token or the signature: check that the access key and its "
    "secret (or the token) are whole, active and of this region",
    "APIGW.0302": "this user may not call this API: ask for the permission in IAM",
    "APIGW.0307": "the token has run out: get a new one",
    "APIGW.0308": "the gateway is busy with too many requests: run this again later",
    "CCE.01401001": "the credentials are not for this project: check --project-id and where they come from",
    "CCE.01403001": "this user may not read the cluster: ask for the permission in IAM and in the cluster",
    "CCE.01429002": "another operation holds the cluster: run this again when it has ended",
    "IAM.0011": "the user name or the password is wrong: check OS_USERNAME, OS_PASSWORD and OS_DOMAIN_NAME",
}
"""Hints for codes that say more than their status. Source: the vendor's error code pages."""


def refusal(response: Response, now: Instant) -> ApiError:
    """The error that an answer with another status than the expected one is."""
    facts = read_error(response.body, response.headers)
    status = response.status
    if 200 <= status < 300:
        return NotAnAnswer(
            f"the API answered with status {status}, which this call does not have{quoted(facts)}",
            "check --endpoint and what stands between it and this machine (proxy, gateway)",
            status=status,
            code=facts.code,
            request_id=facts.request_id,
        )
    if 300 <= status < 400:
        return ApiError(
            f"the endpoint redirects to {_host_of(response.headers)} (status {status}); that is not followed",
            "set --endpoint to the API itself: credentials are sent to no other host",
            status=status,
            request_id=facts.request_id,
        )
    return ApiError(
        f"the API answered {status}{quoted(facts)}",
        _hint(response, facts.code, now),
        transient=status in _TRANSIENT or status >= 500,
        status=status,
        code=facts.code,
        request_id=facts.request_id,
        retry_after=_retry_after(response.headers, now),
    )


def _host_of(headers: Mapping[str, str]) -> str:
    try:
        return urlsplit(headers.get("Location", "")).netloc or "elsewhere"
    except ValueError:
        return "elsewhere"


def quoted(facts: ErrorFacts) -> str:
    """The API's own words, to stand behind ours."""
    return f": {facts.message}" if facts.message else ""


def has_run_out(response: Response) -> bool:
    """Whether a 401 says that the credentials' time is up: `APIGW.0307`, or in words."""
    facts = read_error(response.body, response.headers)
    message = (facts.message or "").lower()
    return response.status == 401 and (
        (facts.code or "").endswith(".0307") or "token expires" in message or "token has expired" in message
    )


def _hint(response: Response, code: str | None, now: Instant) -> str:
    skew = _skew(response.headers, now)
    if response.status == 401 and abs(skew) > LARGEST_SKEW:
        direction = "ahead of" if skew > 0 else "behind"
        return f"this machine's clock is {abs(skew) / 60:.0f} minutes {direction} the server's: set it right"
    if code is not None and code in _CODE_HINTS:
        return _CODE_HINTS[code]
    if response.status >= 500:
        return "the service has a problem: run this again later, and give its support the request ID"
    return _HINTS.get(response.status, "check --endpoint, and give the support of the cloud the request ID")


def _skew(headers: Mapping[str, str], now: Instant) -> float:
    """Seconds that this machine's clock is ahead of the server's; 0 where that does not tell its time."""
    date = _http_date(headers.get("Date", ""))
    return 0.0 if date is None else now.nanoseconds / 1_000_000_000 - date.timestamp()


def _retry_after(headers: Mapping[str, str], now: Instant) -> float | None:
    """Seconds that the server asks to wait: a number, or a date read on the server's own clock (RFC 9110)."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text.lstrip("0")[:9] or "0")
    until = _http_date(text)
    if until is None:
        return None
    date = _http_date(headers.get("Date", ""))
    since = now.nanoseconds / 1_000_000_000 if date is None else date.timestamp()
    return max(until.timestamp() - since, 0.0)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        moment.timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return moment
