"""The one way out: every HTTP exchange of the gate goes through `Http.exchange`.

Each exchange runs in a thread of its own and is waited for, so that neither a name server, nor a hanging
connection, nor a header that drips byte by byte holds the run longer than it may take.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import urlsplit

import requests
import urllib3

from gate import __version__
from gate.api.endpoint import is_local
from gate.errors import ApiError, DeadlineReached, UsageError
from gate.model import Deadline

LONGEST_CALL = 30.0
"""Seconds that one exchange may take, however much of the deadline is left."""
LONGEST_CONNECT = 10.0
LARGEST_BODY = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
_OUTER = re.compile(r"^(?:<[^>]*>|HTTPS?Connection(?:Pool)?\([^)]*\)): ")
_NO_PROXY = {"http": None, "https": None, "all": None}


@dataclass(frozen=True, slots=True)
class Request:
    """A request, complete but for the session's own headers."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that arrived whole, whatever its status. Header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Auth = Callable[[requests.PreparedRequest], requests.PreparedRequest]


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No proof of who asks. A request with an `auth` of its own does not look for `.netrc`."""
    return request


class Http:
    """Exchanges over one session, one at a time. Redirects are not followed and `.netrc` is not read."""

    def __init__(self) -> None:
        self._session = _session()

    def exchange(self, request: Request, deadline: Deadline, auth: Auth = _as_it_is) -> Response:
        """Send the request and read the whole answer; `auth` adds what proves who asks.

        Raises `ApiError` where no whole answer came, `DeadlineReached` where the deadline ended the call.
        """
        remaining = deadline.remaining
        if remaining <= 0:
            raise DeadlineReached
        limit = min(LONGEST_CALL, remaining)
        call = _Call(self._session, request, auth, limit)
        Thread(target=call.run, name="exchange", daemon=True).start()
        if call.ended.wait(limit):
            return call.result()
        self._session = _session()
        if limit < LONGEST_CALL:
            raise DeadlineReached
        raise _no_answer(request.url, f"no whole answer within {limit:g} s")


class _Call:
    """One exchange, run in a thread. The socket's timeouts lie behind `limit`: only one of them speaks."""

    def __init__(self, session: requests.Session, request: Request, auth: Auth, limit: float) -> None:
        self._session = session
        self._request = request
        self._auth = auth
        self._timeout = (min(LONGEST_CONNECT, limit + 1), limit + 1)
        self._outcome: Response | BaseException | None = None
        self.ended = Event()

    def run(self) -> None:
        try:
            self._outcome = self._exchange()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._outcome = error
        finally:
            self.ended.set()

    def result(self) -> Response:
        """What came of it. Raises `ApiError` for a failure of the exchange, and any other error as it is."""
        match self._outcome:
            case Response() as response:
                return response
            case requests.exceptions.InvalidProxyURL() | requests.exceptions.InvalidSchema():
                raise UsageError(
                    "the proxy of the environment can't be used", "check HTTPS_PROXY and ALL_PROXY"
                )
            case requests.exceptions.InvalidURL():
                raise UsageError("the request can't be sent", "check the endpoint for odd characters")
            case OSError() as error if "CA certificate bundle" in str(error):
                raise UsageError(str(error), "correct REQUESTS_CA_BUNDLE, or unset it") from None
            case requests.exceptions.SSLError() as error if "WRONG_VERSION_NUMBER" in str(error):
                raise _no_tls(self._request.url) from None
            case requests.exceptions.SSLError() as error if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise _untrusted(self._request.url) from None
            case error if isinstance(error, _FAILURES):
                raise _no_answer(self._request.url, _cause(error)) from None
            case BaseException() as error:
                raise error
        raise AssertionError("the exchange ended without an outcome")

    def _exchange(self) -> Response:
        request = self._request
        local = is_local(urlsplit(request.url).hostname or "")
        with self._session.request(
            request.method,
            request.url,
            params=dict(request.query),
            headers=dict(request.headers),
            auth=self._auth,
            data=request.body or None,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
            proxies=_NO_PROXY if local else None,  # type: ignore[arg-type]
        ) as response:
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise requests.exceptions.ContentDecodingError(f"more than {LARGEST_BODY} bytes")
            return Response(response.status_code, response.headers, bytes(body))


class _Session(requests.Session):
    """A session that never looks where a redirect would lead."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        return None


def _session() -> requests.Session:
    session = _Session()
    session.headers["User-Agent"] = f"cce-gate/{__version__}"
    session.headers["Accept"] = "application/json"
    return session


def _no_answer(url: str, cause: str) -> ApiError:
    return ApiError(
        f"{urlsplit(url).netloc} gave no answer: {cause}",
        "check --endpoint or --region, the network and the proxy settings",
        transient=True,
    )


def _untrusted(url: str) -> ApiError:
    return ApiError(
        f"the certificate of {urlsplit(url).netloc} is not trusted",
        "check --endpoint; behind a proxy with an authority of its own, set REQUESTS_CA_BUNDLE to its file",
    )


def _no_tls(url: str) -> ApiError:
    return ApiError(
        f"{urlsplit(url).netloc} does not speak https there",
        "check the host and the port of the endpoint, and the proxy settings",
    )


def _cause(error: BaseException) -> str:
    """The innermost reason, which is what a person can act on; the outer layers only repeat the URL."""
    cause: object = error
    while isinstance(cause, BaseException):
        inner = getattr(cause, "reason", None) or (cause.args[-1] if cause.args else None)
        if not isinstance(inner, BaseException):
            break
        cause = inner
    text = getattr(cause, "strerror", None) or str(cause)
    return _OUTER.sub("", text) or type(error).__name__
