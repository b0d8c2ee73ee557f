"""Where an API is, as the user gives it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from gate.errors import UsageError

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NETLOC = re.compile(rf"({_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?")
_LONGEST_HOST = 253
_PLAIN = re.compile(r"[!-~]+")


def parse_endpoint(text: str, *, allow_insecure_http: bool = False) -> str:
    """`scheme://host[:port]`, without a trailing slash.

    Plain `http` goes to loopback only, because the credentials travel with every request.
    Raises `UsageError`.
    """
    text = text.strip()
    if not _PLAIN.fullmatch(text):
        raise _bad(text)
    try:
        url = urlsplit(text)
        is_valid = (url.port is None or url.port > 0) and len(url.hostname or "") <= _LONGEST_HOST
    except ValueError:
        raise _bad(text) from None
    if url.scheme not in ("https", "http") or not _NETLOC.fullmatch(url.netloc) or not is_valid:
        raise _bad(text)
    if url.path.strip("/") or url.query or url.fragment:
        raise UsageError(
            f"the endpoint {text} has more than a host", "leave out what follows the host and port"
        )
    if url.scheme == "http" and not (is_loopback(url.hostname or "") or allow_insecure_http):
        raise UsageError(
            f"the endpoint {text} is plain http, and credentials would travel unencrypted",
            "use https, or --allow-insecure-http if this network is yours",
        )
    return f"{url.scheme}://{url.netloc}"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1, written out."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(host: str) -> bool:
    """Whether no proxy may stand between: this machine, or its metadata service (a link-local address)."""
    try:
        return is_loopback(host) or ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False


def _bad(text: str) -> UsageError:
    shown = "with a user or password in it" if "@" in text else text
    return UsageError(
        f"the endpoint {shown} is not the URL of a host",
        "give one such as https://cce.eu-de.otc.t-systems.com",
    )
