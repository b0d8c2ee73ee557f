"""The calls of IAM and STS that turn a password or an ID token into tokens and temporary keys.

What these say where they refuse is documented for the wrong password and the unknown agency only; the
other words and some of the statuses are guesses in the documented dialects.
"""

from __future__ import annotations

import re
from dataclasses import replace

from gate.emulator import identity_bodies as bodies
from gate.emulator.exchange import Received, Response
from gate.emulator.identity import Project
from gate.emulator.identity_requests import (
    Scope,
    read_assume_request,
    read_id_token_request,
    read_keys_request,
    read_password_request,
)
from gate.emulator.issued import NOWHERE, Reach
from gate.emulator.route import Access, Handler, Manners, Parts, Refusal, Route, Services, told
from gate.emulator.world import IdentityCall

_IAM_MANNERS = Manners(unproven="iam-numeric", own="iam-numeric", invalid_code=None)
_STS_MANNERS = Manners(unproven="iam-code", own="iam-code", invalid_code="STS5.0400")
_UNPROVEN = "The request you have made requires authentication."


def _create_token(services: Services, request: Received, _: Parts) -> Response:
    asked = read_password_request(request.body)
    iam = services.cloud.scenario.iam
    if (asked.domain, asked.user, asked.password) != (iam.domain, iam.user, iam.password):
        raise Refusal(401, "The username or password is wrong.")
    return _new_token(services, "password", asked.scope)


def _exchange_id_token(services: Services, request: Received, _: Parts) -> Response:
    asked = read_id_token_request(request.body)
    idp_id = request.headers.get("X-Idp-Id", "")
    if idp_id != services.cloud.scenario.iam.idp_id:
        raise Refusal(404, f"Could not find identity_provider: {idp_id}.")
    if not services.issued.takes_slip("id", asked.id_token):
        raise Refusal(401, _UNPROVEN)
    return _new_token(services, "mapped", asked.scope)


def _new_token(services: Services, method: str, scope: Scope | None) -> Response:
    scenario = services.cloud.scenario
    project = None if scope is None else _project(services, scope)
    reach = NOWHERE if project is None else Reach(frozenset((project.project_id,)))
    issued_at = services.cloud.now()
    token = services.issued.new_token(scenario.lifetimes.token, reach)
    body = bodies.token(token, method, issued_at, scenario.iam, project)
    return told(201, body, (("X-Subject-Token", token.value),))


def _project(services: Services, scope: Scope) -> Project:
    for project in services.cloud.scenario.projects:
        if scope.project_id in (None, project.project_id) and scope.project_name in (None, project.name):
            return project
    # A guess, after Keystone, on which IAM is built.
    raise Refusal(401, _UNPROVEN)


def _list_projects(services: Services, request: Received, _: Parts) -> Response:
    name = request.query.get("name") or None
    scenario = services.cloud.scenario
    found = [one for one in scenario.projects if name in (None, one.name)]
    return told(200, bodies.projects(found, scenario.iam))


def _create_keys(services: Services, request: Received, _: Parts) -> Response:
    asked = read_keys_request(request.body)
    value = asked.token or request.headers.get("X-Auth-Token")
    token = None if value is None else services.issued.token(value)
    if token is None or services.issued.is_over(token.ends):
        raise Refusal(401, _UNPROVEN)
    lifetime = services.cloud.scenario.lifetimes.of_keys(asked.duration)
    return told(201, bodies.credential(services.issued.new_key(lifetime)))


def _assume(services: Services, request: Received, _: Parts) -> Response:
    asked = read_assume_request(request.body)
    oidc = services.cloud.scenario.oidc
    if asked.provider_urn != oidc.provider_urn:
        raise Refusal(404, f"the provider '{asked.provider_urn}' cannot be found", "STS5.0404")
    if asked.agency_urn != oidc.agency_urn:
        raise Refusal(404, f"the agency '{asked.agency_urn}' cannot be found", "STS5.1106")
    if not services.issued.takes_slip("id", asked.id_token):
        raise Refusal(401, "the id token is invalid or expired", "STS5.0401")
    lifetime = services.cloud.scenario.lifetimes.of_keys(asked.duration)
    return told(200, bodies.assumed(services.issued.new_key(lifetime), asked))


def _route(call: IdentityCall, method: str, path: str, answer: Handler) -> Route:
    return Route(call, method, re.compile(path), answer, _IAM_MANNERS)


IAM = (
    _route("token", "POST", "/v3/auth/tokens", _create_token),
    replace(_route("projects", "GET", "/v3/projects", _list_projects), access=Access.ACCOUNT),
    _route("idToken", "POST", r"/v3\.0/OS-AUTH/id-token/tokens", _exchange_id_token),
    # Its token may stand in the body: the call itself looks whether it is good.
    _route("securityTokens", "POST", r"/v3\.0/OS-CREDENTIAL/securitytokens", _create_keys),
)
STS = (Route("assume", "POST", re.compile("/v5/agencies/assume-with-oidc"), _assume, _STS_MANNERS),)
