"""The documented JSON shapes of tokens, keys and projects. Moments are cut off, never rounded up."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from gate.emulator.bodies import Json
from gate.emulator.defaults import derived_id
from gate.emulator.identity import Iam, Project
from gate.emulator.identity_requests import AssumeRequest
from gate.emulator.issued import Key, Token


def microseconds(moment: float) -> str:
    """Like `2020-01-08T03:50:07.574000Z`, as IAM writes it."""
    return _zulu(moment, "microseconds")


def milliseconds(moment: float) -> str:
    """Like `2022-09-07T03:27:51.158Z`, as STS writes it."""
    return _zulu(moment, "milliseconds")


def _zulu(moment: float, precision: str) -> str:
    written = datetime.fromtimestamp(moment, UTC).isoformat(timespec=precision)
    return written.replace("+00:00", "Z")


def _domain(iam: Iam) -> Json:
    return {"id": _id("domain", iam.domain), "name": iam.domain}


def _id(*parts: str) -> str:
    return derived_id(*parts).replace("-", "")


def token(given: Token, method: str, issued: float, iam: Iam, project: Project | None) -> Json:
    """The body beside `X-Subject-Token`; without a project where the token is unscoped."""
    about: Json = {
        "methods": [method],
        "issued_at": microseconds(issued),
        "expires_at": None if given.ends is None else microseconds(given.ends),
        "user": {"id": _id("user", iam.user), "name": iam.user, "domain": _domain(iam)},
        "roles": [],
        "catalog": [],
    }
    if project is not None:
        about["project"] = {"id": project.project_id, "name": project.name, "domain": _domain(iam)}
    return {"token": about}


def projects(found: Sequence[Project], iam: Iam) -> Json:
    return {
        "links": {},
        "projects": [
            {
                "id": one.project_id,
                "name": one.name,
                "domain_id": _id("domain", iam.domain),
                "is_domain": False,
                "enabled": True,
            }
            for one in found
        ],
    }


def credential(key: Key) -> Json:
    """As IAM and the metadata service write it."""
    return {
        "credential": {
            "access": key.access,
            "secret": key.secret,
            "securitytoken": key.security_token,
            "expires_at": microseconds(key.ends),
        }
    }


def assumed(key: Key, asked: AssumeRequest) -> Json:
    """As STS writes it."""
    name = asked.agency_urn.rpartition(":")[2]
    agency_id = _id("agency", asked.agency_urn)
    return {
        "assumed_agency": {
            "urn": f"sts::emulator:assumed-agency:{name}/{asked.session_name}",
            "id": f"{agency_id}:{asked.session_name}",
        },
        "credentials": {
            "access_key_id": key.access,
            "secret_access_key": key.secret,
            "security_token": key.security_token,
            "expiration": milliseconds(key.ends),
        },
    }


def web_token(audience: str, ends: float, signature: str) -> str:
    """Looks like a signed JSON Web Token; `signature` may be any text."""
    header = {"typ": "JWT", "alg": "RS256", "kid": "emulator"}
    claims = {"iss": "https://emulator.invalid", "sub": "repo:emulator", "aud": audience, "exp": int(ends)}
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature.encode())
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
