"""The identity that the CI gives to a job: an OIDC token, from wherever the CI puts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from gate.api.caller import Caller
from gate.api.endpoint import parse_endpoint
from gate.api.http import Request
from gate.api.sources.around import read_secret
from gate.errors import NotAnAnswer
from gate.model import Deadline

IdToken = Callable[[Deadline], str]
"""Gets the token anew each time: those of a CI live only minutes."""

_VARIABLES = ("HUAWEICLOUD_OIDC_ID_TOKEN", "GITLAB_OIDC_TOKEN")
_FILE = "HUAWEICLOUD_OIDC_TOKEN_FILE"
_REQUEST_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
_REQUEST_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105 - a variable's name
_AUDIENCE = "HUAWEICLOUD_OIDC_AUDIENCE"


def find(environ: Mapping[str, str], caller: Caller) -> tuple[str, IdToken] | None:
    """Where the job's token is, and how to get it; None where the CI gives none."""
    own, gitlab = _VARIABLES
    if environ.get(own):
        return own, _kept(caller, lambda _: environ[own])
    if environ.get(_FILE):
        path = Path(environ[_FILE])
        return f"{_FILE} {path}", _kept(caller, lambda _: read_secret(path, _FILE))
    if environ.get(_REQUEST_URL) and environ.get(_REQUEST_TOKEN):
        return "GitHub's OIDC", _kept(caller, lambda deadline: _from_github(environ, caller, deadline))
    if environ.get(gitlab):
        return gitlab, _kept(caller, lambda _: environ[gitlab])
    return None


def _kept(caller: Caller, get: IdToken) -> IdToken:
    def token(deadline: Deadline) -> str:
        value = get(deadline).strip()
        caller.vault.keep(value)
        return value

    return token


def _from_github(environ: Mapping[str, str], caller: Caller, deadline: Deadline) -> str:
    """Ask GitHub for the job's token, as its page on OIDC in actions says."""
    url = urlsplit(environ[_REQUEST_URL])
    parse_endpoint(f"{url.scheme}://{url.netloc}")
    query = dict(parse_qsl(url.query))
    if environ.get(_AUDIENCE):
        query["audience"] = environ[_AUDIENCE]
    request_token = environ[_REQUEST_TOKEN]
    caller.vault.keep(request_token)
    request = Request(
        "GET",
        urlunsplit((url.scheme, url.netloc, url.path, "", "")),
        {"Authorization": f"bearer {request_token}"},
        query=query,
    )
    value = caller.read_unscrubbed(caller.plain(request, frozenset({200}), deadline)).get("value")
    if not isinstance(value, str) or not value:
        raise NotAnAnswer("GitHub gave no OIDC token", "give the job the permission id-token: write")
    return value
