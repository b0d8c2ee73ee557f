"""AK/SK signatures: `SDK-HMAC-SHA256`, documented in the vendor's "API Request Signing Guide".

Where the guide leaves a choice, the official SDK's is taken:

- An escaped slash (`%2F`) in the path is signed as a slash. It is sent escaped: the resource stays the same.
- Parameters are signed sorted by name, then value, both decoded, by code point. They are sent in the
  caller's order.

Where the SDK itself is in two minds:

- It sorts a list given as one value by the values' own order (9 before 10). A URL holds only text: here the
  text decides (`10` before `9`), as it must for a server. A list beside text of the same name, or two
  lists of unlike values, it cannot sort at all. `True` it writes as `true`; here the caller writes the text.
- A body that is neither JSON nor BSON it leaves unsigned if the header is spelled `Content-Type`, and signs
  if it is spelled in any other way. Here every body is signed.
- Escapes that are not UTF-8 it signs as U+FFFD and sends as they are. Here they are refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

from requests import PreparedRequest
from requests.auth import AuthBase
from requests.exceptions import InvalidHeader, InvalidURL
from urllib3.util import parse_url

from gate.api.keys import AccessKeys
from gate.model import Instant

_ALGORITHM = "SDK-HMAC-SHA256"
_OWN = ("Host", "X-Sdk-Date", "X-Project-Id", "X-Security-Token", "X-Sdk-Content-Sha256", "Authorization")
"""The headers that only the signer sets. `X-Sdk-Content-Sha256` would stand in for the body's hash."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


class SignedBy(AuthBase):
    """Signs each request as it is sent, with a date of its own.

    The URL is respelled so that what is sent can be read in one way only: the query strictly escaped, leading
    slashes and dot segments resolved. Redirects must not be followed: the signature is for one host.
    """

    def __init__(self, keys: AccessKeys, project_id: str | None, now: Callable[[], Instant]) -> None:
        """`now` is asked at each call; the server accepts a date that is at most 15 minutes off."""
        self._keys = keys
        self._project_id = project_id
        self._now = now

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The same request, signed; a signature that it already has is replaced.

        Raises `InvalidURL` where the URL is not UTF-8 once decoded, `InvalidHeader` where a key or a header
        to be signed is not plain ASCII, `TypeError` where the body is a stream. The request then stays as it
        was.
        """
        target = _target(request.url)
        body = _whole(request.body)
        date = datetime.fromtimestamp(self._now().nanoseconds // 1_000_000_000, UTC)
        own = {
            "Host": target.host,
            "X-Sdk-Date": date.strftime("%Y%m%dT%H%M%SZ"),
            "X-Project-Id": self._project_id,
            "X-Security-Token": self._keys.security_token,
        }
        headers = {name: value for name, value in own.items() if value}
        signed = dict(headers)
        if "Content-Type" in request.headers:
            signed["Content-Type"] = _text(request.headers["Content-Type"])
        _refuse_odd(signed | {"access key": self._keys.access_key, "secret key": self._keys.secret_key})
        headers["Authorization"] = self._authorization(str(request.method), target, signed, body)

        request.url = target.url
        for name in _OWN:
            request.headers.pop(name, None)
        request.headers.update(headers)
        if isinstance(request.body, str):
            request.body = body
            request.prepare_content_length(body)
        return request

    def _authorization(self, method: str, target: _Target, signed: dict[str, str], body: bytes) -> str:
        lines = sorted((name.lower(), value.strip()) for name, value in signed.items())
        names = ";".join(name for name, _ in lines)
        canonical = "\n".join(
            (
                method.upper(),
                target.path,
                target.query,
                *(f"{name}:{value}" for name, value in lines),
                "",
                names,
                hashlib.sha256(body).hexdigest(),
            )
        )
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"{_ALGORITHM}\n{signed['X-Sdk-Date']}\n{hashed}"
        signature = hmac.new(self._keys.secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        return f"{_ALGORITHM} Access={self._keys.access_key}, SignedHeaders={names}, Signature={signature}"


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a request goes: `url` as it is sent, `host` with the port unless it is the scheme's own,
    `path` and `query` as they are signed."""

    url: str
    host: str
    path: str
    query: str


def _target(url: str | None) -> _Target:
    # urllib3 reads the URL once more when it sends it; its own reading leaves it nothing to change.
    sent = parse_url(url or "")
    if not sent.host:
        raise InvalidURL("there is no host to sign for")
    # Older releases of requests, and some servers, make one slash of several at the start.
    path = f"/{(sent.path or '').lstrip('/')}"
    try:
        # A replacement character would be signed and not sent.
        decoded = unquote(path, errors="strict")
        pairs = parse_qsl(sent.query or "", keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise InvalidURL("the URL is not UTF-8 once decoded") from None
    default = sent.port is None or sent.port == _DEFAULT_PORTS.get(sent.scheme or "")
    return _Target(
        # A plus is read as a space by some and as itself by others: neither is left as it is.
        url=sent._replace(path=path, query=_spelled(pairs) or None, fragment=None).url,
        host=sent.host if default else f"{sent.host}:{sent.port}",
        path=quote(decoded if decoded.endswith("/") else f"{decoded}/", safe="/"),
        query=_spelled(sorted(pairs)),
    )


def _spelled(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def _whole(body: object) -> bytes:
    match body:
        case None:
            return b""
        case str():
            return body.encode()
        case bytes():
            return body
    raise TypeError("only a body that is whole in memory can be signed")


def _text(value: str | bytes) -> str:
    """A header's value, for which requests takes bytes too."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _refuse_odd(values: dict[str, str]) -> None:
    """Refuses what ends a line, or what client and server may decode differently. Never shows a value."""
    for name, value in values.items():
        if not (value.isascii() and value.isprintable()):
            raise InvalidHeader(f"{name} has characters that can't be signed")
