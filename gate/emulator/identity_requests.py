"""The bodies of the calls that give out tokens and keys. Every function raises `InvalidRequest`.

Documented in the IAM API reference ("Obtaining a User Token Through Password Authentication",
"Obtaining a Token with an OpenID Connect ID Token", "Obtaining Temporary Access Keys and Security Tokens
of an IAM User") and the STS API reference (AssumeAgencyWithOIDC).
"""

from __future__ import annotations

from dataclasses import dataclass

from gate.emulator.request_body import InvalidRequest, Part


@dataclass(frozen=True, slots=True)
class Scope:
    """The project that a token is for, by ID, name or both."""

    project_id: str | None
    project_name: str | None


@dataclass(frozen=True, slots=True)
class PasswordRequest:
    domain: str
    user: str
    password: str
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class IdTokenRequest:
    id_token: str
    scope: Scope | None


@dataclass(frozen=True, slots=True)
class KeysRequest:
    token: str | None
    duration: int


@dataclass(frozen=True, slots=True)
class AssumeRequest:
    provider_urn: str
    agency_urn: str
    session_name: str
    id_token: str
    duration: int


def read_password_request(body: bytes) -> PasswordRequest:
    auth = Part.of(body).part("auth")
    identity = auth.part("identity")
    identity.method("password")
    user = identity.part("password").part("user")
    return PasswordRequest(
        domain=user.part("domain").text("name"),
        user=user.text("name"),
        password=user.text("password"),
        scope=_scope(auth),
    )


def read_id_token_request(body: bytes) -> IdTokenRequest:
    auth = Part.of(body).part("auth")
    return IdTokenRequest(auth.part("id_token").text("id"), _scope(auth))


def read_keys_request(body: bytes) -> KeysRequest:
    """From 15 minutes, the default, to a day; the token may be in the header `X-Auth-Token` instead."""
    identity = Part.of(body).part("auth").part("identity")
    identity.method("token")
    token = identity.maybe_part("token")
    if token is None:
        return KeysRequest(None, 900)
    return KeysRequest(token.maybe_text("id"), token.seconds("duration_seconds", 900, 86400))


def read_assume_request(body: bytes) -> AssumeRequest:
    """From 15 minutes to half a day; an hour where nothing is said."""
    asked = Part.of(body)
    return AssumeRequest(
        provider_urn=asked.text("provider_urn"),
        agency_urn=asked.text("agency_urn"),
        session_name=asked.text("agency_session_name"),
        id_token=asked.text("id_token"),
        duration=asked.seconds("duration_seconds", 3600, 43200),
    )


def _scope(auth: Part) -> Scope | None:
    """None where no project is named; a token for the whole account is not one for a project."""
    scope = auth.maybe_part("scope")
    project = None if scope is None else scope.maybe_part("project")
    if project is None:
        return None
    found = Scope(project.maybe_text("id"), project.maybe_text("name"))
    if found == Scope(None, None):
        raise InvalidRequest("auth.scope.project needs an id or a name")
    return found
