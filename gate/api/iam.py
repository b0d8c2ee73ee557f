"""The calls of IAM and STS: who asks, and which project is meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gate.api.caller import Caller
from gate.api.credentials import Credential, Grant, Token
from gate.api.http import Request, Response
from gate.api.keys import AccessKeys
from gate.api.parse import parse_timestamp
from gate.errors import ApiError, NotAnAnswer
from gate.model import Deadline, Instant

_OK = frozenset({200, 201})
_HINT = "check --iam-endpoint, --sts-endpoint or --region, and what stands between them and this machine"


@dataclass(frozen=True, slots=True)
class Password:
    """A user of IAM, and the project whose token is asked for."""

    user: str
    password: str
    domain: str
    project: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """Which agency an identity of the CI takes on: AssumeAgencyWithOIDC of STS."""

    provider_urn: str
    agency_urn: str
    session_name: str
    duration_seconds: int
    policy: str | None = None
    policy_ids: Sequence[str] = ()


def token_of(caller: Caller, endpoint: str, who: Password, deadline: Deadline) -> Grant:
    """A token for a user and password, scoped to a project."""
    identity = {
        "methods": ["password"],
        "password": {"user": {"domain": {"name": who.domain}, "name": who.user, "password": who.password}},
    }
    body = {"auth": {"identity": identity, "scope": {"project": {"name": who.project}}}}
    response = _post(caller, f"{endpoint}/v3/auth/tokens?nocatalog=true", body, deadline)
    token = _part(caller.read_unscrubbed(response), "token")
    return Grant(Token(_subject_token(response)), _time(token.get("expires_at")))


def assume(caller: Caller, endpoint: str, what: Assumption, id_token: str, deadline: Deadline) -> Grant:
    """Temporary keys of an agency, for an OIDC token."""
    body: dict[str, object] = {
        "provider_urn": what.provider_urn,
        "agency_urn": what.agency_urn,
        "agency_session_name": what.session_name,
        "id_token": id_token,
        "duration_seconds": what.duration_seconds,
    }
    if what.policy:
        body["policy"] = what.policy
    if what.policy_ids:
        body["policy_ids"] = list(what.policy_ids)
    response = _post(caller, f"{endpoint}/v5/agencies/assume-with-oidc", body, deadline)
    given = _part(caller.read_unscrubbed(response), "credentials")
    return _keys(given, ("access_key_id", "secret_access_key", "security_token", "expiration"))


def federated_keys(
    caller: Caller, endpoint: str, idp_id: str, id_token: str, seconds: int, deadline: Deadline
) -> Grant:
    """Temporary keys for an OIDC token by the older way: a token of the provider, then keys for it."""
    response = _post(
        caller,
        f"{endpoint}/v3.0/OS-AUTH/id-token/tokens",
        {"auth": {"id_token": {"id": id_token}}},
        deadline,
        {"X-Idp-Id": idp_id},
    )
    unscoped = _subject_token(response)
    caller.vault.keep(unscoped)
    identity = {"methods": ["token"], "token": {"id": unscoped, "duration_seconds": seconds}}
    response = _post(
        caller, f"{endpoint}/v3.0/OS-CREDENTIAL/securitytokens", {"auth": {"identity": identity}}, deadline
    )
    return keys_of(caller.read_unscrubbed(response))


def keys_of(answer: Mapping[str, object]) -> Grant:
    """The temporary keys in an answer of IAM or of the metadata service."""
    return _keys(_part(answer, "credential"), ("access", "secret", "securitytoken", "expires_at"))


def project_id_of(
    caller: Caller, endpoint: str, credential: Credential, name: str, deadline: Deadline
) -> str:
    """The ID of the one project of that name. Raises `ApiError` where there is none, or are several."""
    request = Request("GET", f"{endpoint}/v3/projects", query={"name": name})
    response = caller.proven(request, credential, None, _OK, deadline)
    projects = caller.read(response).get("projects")
    if not isinstance(projects, list):
        raise NotAnAnswer("IAM's answer has no list of projects", _HINT)
    ids = [
        each["id"]
        for each in projects
        if isinstance(each, dict) and each.get("name") == name and each.get("id")
    ]
    if len(ids) == 1 and isinstance(ids[0], str):
        return ids[0]
    if not ids:
        raise ApiError(
            f"there is no project named {name}, or these credentials don't see it",
            "check --project-name (it is often the region's name), or give --project-id",
        )
    raise ApiError(f"{len(ids)} projects are named {name}: {', '.join(map(str, ids))}", "give --project-id")


def _post(
    caller: Caller,
    url: str,
    body: object,
    deadline: Deadline,
    headers: Mapping[str, str] | None = None,
) -> Response:
    content = {"Content-Type": "application/json;charset=UTF-8", **(headers or {})}
    return caller.plain(Request("POST", url, content, json.dumps(body).encode()), _OK, deadline)


def _subject_token(response: Response) -> str:
    token = response.headers.get("X-Subject-Token")
    if not token:
        raise NotAnAnswer("IAM's answer has no token in X-Subject-Token", _HINT)
    return token


def _keys(given: Mapping[str, object], names: Sequence[str]) -> Grant:
    access, secret, token, expires = (given.get(name) for name in names)
    if isinstance(access, str) and isinstance(secret, str) and isinstance(token, str) and access and secret:
        return Grant(AccessKeys(access, secret, token or None), _time(expires))
    raise NotAnAnswer("the answer has no temporary access keys", _HINT)


def _part(answer: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = answer.get(name)
    if not isinstance(part, dict):
        raise NotAnAnswer(f'the answer has no "{name}"', _HINT)
    return part


def _time(value: object) -> Instant | None:
    moment = parse_timestamp(value)
    return moment if isinstance(moment, Instant) else None
