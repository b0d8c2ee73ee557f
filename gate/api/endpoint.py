"""Where the API is: an endpoint that the user gives, or the one of a region."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from gate.errors import UsageError

_NETLOC = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")
_OTC_REGIONS = ("eu-de", "eu-nl", "eu-ch2")


def parse_endpoint(text: str, *, allow_insecure_http: bool = False) -> str:
    """`scheme://host[:port]`, without a trailing slash.

    Plain `http` goes to loopback only, because the credentials travel with every request.
    Raises `UsageError`.
    """
    try:
        url = urlsplit(text.strip())
        port_is_valid = url.port is None or url.port > 0
    except ValueError:
        raise _bad(text) from None
    if url.scheme not in ("https", "http") or not _NETLOC.fullmatch(url.netloc) or not port_is_valid:
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


def region_endpoint(region: str) -> str:
    """The CCE endpoint of a region of Huawei Cloud or Open Telekom Cloud. Raises `UsageError`."""
    if not _REGION.fullmatch(region):
        raise UsageError(
            f"{region} is not a region", "give one such as cn-north-4 or eu-de, or use --endpoint"
        )
    if region in _OTC_REGIONS:
        return f"https://cce.{region}.otc.t-systems.com"
    domain = "myhuaweicloud.eu" if region == "eu-west-101" else "myhuaweicloud.com"
    return f"https://cce.{region}.{domain}"


def is_loopback(host: str) -> bool:
    """Whether the host is this machine: `localhost`, 127.0.0.0/8 or ::1, written out."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bad(text: str) -> UsageError:
    return UsageError(
        f"the endpoint {text} is not a URL of a host", "give one such as https://cce.eu-de.otc.t-systems.com"
    )
