"""Who asks: `X-Auth-Token` and `SDK-HMAC-SHA256` signatures, checked as the real gateway does.

Signing is documented in the vendor's "API Request Signing Guide".
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

from gate.emulator.exchange import Received
from gate.emulator.issued import EVERYWHERE, Issued, Key, Reach

SECRET = "emulator-secret"  # noqa: S105 - opens nothing but this emulator
ALGORITHM = "SDK-HMAC-SHA256"
MAX_SKEW = 15 * 60.0
FAILURES_UNTIL_LOCK = 5
LOCKED_FOR = 5 * 60.0

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=(?P<access>[^\s,]+), ?SignedHeaders=(?P<signed>[^\s,]+), ?"
    r"Signature=(?P<signature>[0-9a-f]+)"
)
_DATE = "%Y%m%dT%H%M%SZ"
_MUST_BE_SIGNED = ("x-sdk-date", "x-project-id", "x-security-token")


class Refused(Exception):
    """The gateway says 401, with one of its codes."""

    def __init__(self, message: str, code: str = "APIGW.0301") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def _incorrect(why: str) -> Refused:
    return Refused(f"Incorrect IAM authentication information: {why}")


class Gatekeeper:
    """Checks requests and counts failed signatures by access key. May be used by several threads."""

    def __init__(self, issued: Issued, clock: Callable[[], float]) -> None:
        """An access key that was not issued is a permanent one, whatever its ID, with the secret `SECRET`."""
        self._issued = issued
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}
        self._locked_until: dict[str, float] = {}

    def admit(self, request: Received) -> Reach:
        """For what the request's token or signature is good. Raises `Refused` unless it has a right one."""
        value = request.headers.get("X-Auth-Token")
        if value is not None:
            return self._check_token(value)
        authorization = request.headers.get("Authorization")
        if authorization is None:
            raise _incorrect("x-auth-token not found")
        self._check_signature(request, authorization)
        return EVERYWHERE

    def _check_token(self, value: str) -> Reach:
        token = self._issued.token(value)
        if token is None:
            raise _incorrect("decrypt token fail")
        self._refuse_over(token.ends)
        return token.reach

    def _refuse_over(self, ends: float | None) -> None:
        if self._issued.is_over(ends):
            raise Refused("The token must be updated.", "APIGW.0307")

    def _check_signature(self, request: Received, authorization: str) -> None:
        match = _AUTHORIZATION.fullmatch(authorization.strip())
        if match is None:
            raise _incorrect("authorization header is not of the form of SDK-HMAC-SHA256")
        access, signed = match["access"], match["signed"].split(";")
        with self._lock:
            self._refuse_locked(access)
            self._check_date(request)
            self._check_coverage(request, signed)
            canonical = canonical_request(request, signed)
            key = self._issued.key(access)
            secret = SECRET if key is None else key.secret
            expected = signature(canonical, request.headers["X-Sdk-Date"], secret)
            if not hmac.compare_digest(expected, match["signature"]):
                self._count_failure(access)
                shown = canonical.replace("\n", "|")
                raise _incorrect(f"verify aksk signature fail, canonicalRequest:{shown}")
            self._failures.pop(access, None)
        if key is not None:
            self._check_security_token(request, key)

    def _check_security_token(self, request: Received, key: Key) -> None:
        # A guess, both words and codes: what the gateway says of temporary keys is not documented.
        if request.headers.get("X-Security-Token") != key.security_token:
            raise _incorrect("the security token is missing or not that of the access key")
        self._refuse_over(key.ends)

    def _refuse_locked(self, access: str) -> None:
        until = self._locked_until.get(access)
        if until is None:
            return
        if self._clock() < until:
            raise _incorrect("AK access failed to reach the limit, forbidden")
        del self._locked_until[access]

    def _count_failure(self, access: str) -> None:
        failures = self._failures.pop(access, 0) + 1
        if failures >= FAILURES_UNTIL_LOCK:
            self._locked_until[access] = self._clock() + LOCKED_FOR
        else:
            self._failures[access] = failures

    def _check_date(self, request: Received) -> None:
        written = request.headers.get("X-Sdk-Date", "")
        try:
            moment = datetime.strptime(written, _DATE).replace(tzinfo=UTC).timestamp()
        except ValueError:
            raise _incorrect("x-sdk-date is missing or not a time") from None
        now = self._clock()
        if abs(now - moment) > MAX_SKEW:
            server = datetime.fromtimestamp(now, UTC).strftime(_DATE)
            raise _incorrect(f"signature expired, signature time:{written},server time:{server}")

    @staticmethod
    def _check_coverage(request: Received, signed: Sequence[str]) -> None:
        for name in _MUST_BE_SIGNED:
            if name in request.headers and name not in signed:
                raise _incorrect(f"{name} is not signed")
        for name in signed:
            if name not in request.headers:
                raise _incorrect(f"the signed header {name} is missing")


def canonical_request(request: Received, signed: Sequence[str]) -> str:
    """The text whose hash is signed. `signed` are header names in lower case, all of them present."""
    return "\n".join(
        (
            request.method.upper(),
            _canonical_path(request.path),
            _canonical_query(request.raw_query),
            *(f"{name}:{_wire_text(request.headers[name])}" for name in signed),
            "",
            ";".join(signed),
            _payload_hash(request),
        )
    )


def signature(canonical: str, date: str, secret: str) -> str:
    """In hexadecimal. `date` is the text of `X-Sdk-Date`; the key is the raw secret."""
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{date}\n{hashed}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def _canonical_path(path: str) -> str:
    encoded = "/".join(quote(part, safe="~") for part in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _canonical_query(raw: str) -> str:
    pairs = sorted(parse_qsl(raw, keep_blank_values=True))
    return "&".join(f"{quote(key, safe='~')}={quote(value, safe='~')}" for key, value in pairs)


def _wire_text(value: str) -> str:
    """Header values are read as Latin-1; clients sign the UTF-8 text that the bytes stand for."""
    return value.strip().encode("latin-1", "replace").decode("utf-8", "replace")


def _payload_hash(request: Received) -> str:
    if request.body and request.headers.get("X-Sdk-Content-Sha256") == "UNSIGNED-PAYLOAD":
        return "UNSIGNED-PAYLOAD"
    return hashlib.sha256(request.body).hexdigest()
