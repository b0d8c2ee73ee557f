"""The calls that prove on which machine one runs: the ECS metadata service, GitHub's OIDC tokens.

In the world they have addresses of their own; here one port is enough. The metadata service's calls are
those that the vendor's SDK makes; its words and the shape of its refusals are guesses.
"""

from __future__ import annotations

import re

from gate.emulator import identity_bodies as bodies
from gate.emulator.exchange import Received, Response
from gate.emulator.request_body import InvalidRequest
from gate.emulator.route import Handler, Manners, NoSuchCall, Parts, Refusal, Route, Services, told
from gate.emulator.world import MachineCall

NO_AGENCY = "Please configure Cloud Service Agency first"
"""What the metadata service says on a server without an agency; the vendor's SDK looks for it in a 401."""

_LONGEST = 21600
_SHORT_NUMBER = re.compile("[0-9]{1,5}")
_MANNERS = Manners(unproven="iam-numeric", own="iam-numeric", invalid_code=None)
_NO_TOKENS = {"noToken404": 404, "noToken405": 405, "noToken503": 503}
_DEFAULT_AUDIENCE = "https://github.com/emulator"


def _create_metadata_token(services: Services, request: Received, _: Parts) -> Response:
    mode = services.cloud.scenario.metadata
    if mode == "off":
        raise NoSuchCall
    if mode in _NO_TOKENS:
        raise Refusal(_NO_TOKENS[mode], "No tokens here.")
    written = request.headers.get("X-Metadata-Token-Ttl-Seconds", "")
    if _SHORT_NUMBER.fullmatch(written) is None or not 1 <= int(written) <= _LONGEST:
        raise InvalidRequest(f"X-Metadata-Token-Ttl-Seconds must be a whole number from 1 to {_LONGEST}")
    value = services.issued.new_text(30)
    services.issued.keep_slip("metadata", value, services.cloud.now() + int(written))
    return Response(200, "text/plain", value.encode())


def _show_security_key(services: Services, request: Received, _: Parts) -> Response:
    scenario = services.cloud.scenario
    if scenario.metadata == "off":
        raise NoSuchCall
    needs_token = scenario.metadata not in _NO_TOKENS
    token = request.headers.get("X-Metadata-Token", "")
    if needs_token and not services.issued.takes_slip("metadata", token):
        raise Refusal(401, "The metadata token is missing, wrong or expired.")
    if scenario.metadata == "noAgency":
        raise Refusal(401, NO_AGENCY)
    return told(200, bodies.credential(services.issued.new_key(scenario.lifetimes.of_keys(None))))


def _give_id_token(services: Services, request: Received, _: Parts) -> Response:
    """As GitHub documents it: "OpenID Connect reference", the request for the JWT from within a job."""
    scenario = services.cloud.scenario
    said = request.headers.get("Authorization", "").split(" ")
    if (said[0].lower(), *said[1:]) != ("bearer", scenario.oidc.request_token):
        return told(401, {"message": "The request token is missing or wrong."})
    ends = services.cloud.now() + scenario.lifetimes.id_token
    audience = request.query.get("audience") or _DEFAULT_AUDIENCE
    value = bodies.web_token(audience, ends, services.issued.new_text(192))
    services.issued.keep_slip("id", value, ends)
    return told(200, {"count": len(value), "value": value})


def _route(call: MachineCall, method: str, path: str, answer: Handler) -> Route:
    return Route(call, method, re.compile(path), answer, _MANNERS)


METADATA = (
    _route("metadataToken", "PUT", "/meta-data/latest/api/token", _create_metadata_token),
    _route("securityKey", "GET", "/openstack/latest/securitykey", _show_security_key),
)
GITHUB = (_route("githubToken", "GET", "/github/oidc", _give_id_token),)
