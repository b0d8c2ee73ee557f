"""Which call a request is, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from gate.emulator.auth import Gatekeeper, Refused
from gate.emulator.cce_routes import CCE
from gate.emulator.cloud import NotFound
from gate.emulator.error_bodies import ErrorFacts
from gate.emulator.exchange import Received, Response
from gate.emulator.iam_routes import IAM, STS
from gate.emulator.machine_routes import GITHUB, METADATA
from gate.emulator.request_body import InvalidRequest
from gate.emulator.route import Access, NoSuchCall, Parts, Refusal, Route, Services, error

ROUTES: tuple[Route, ...] = (*CCE, *IAM, *STS, *METADATA, *GITHUB)


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    parts: Parts


def find(request: Received) -> Match | None:
    """The call that the request is, or None where there is no such call."""
    for route in ROUTES:
        found = route.path.fullmatch(request.path)
        if found is not None and route.method == request.method:
            return Match(route, found.groupdict())
    return None


def answer(
    match: Match, request: Received, services: Services, gatekeeper: Gatekeeper, request_id: str
) -> Response:
    """What the call says to this request; a refusal is an answer too."""
    manners = match.route.manners
    try:
        _admit(match, request, gatekeeper)
        return match.route.answer(services, request, match.parts)
    except Refused as refused:
        return error(manners.unproven, ErrorFacts(401, refused.code, refused.message, request_id))
    except Refusal as no:
        return error(manners.own, ErrorFacts(no.status, no.code, no.message, request_id))
    except NotFound:
        return error(manners.own, ErrorFacts(404, "CCE.01404001", "Resource not found", request_id))
    except InvalidRequest as invalid:
        facts = ErrorFacts(400, manners.invalid_code, f"Invalid request: {invalid}.", request_id)
        return error(manners.own, facts)
    except NoSuchCall:
        return no_such_call(request_id)


def _admit(match: Match, request: Received, gatekeeper: Gatekeeper) -> None:
    """Raises `Refused`. Which of the account's projects a call without one in its path is for is not seen."""
    if match.route.access is Access.ANYONE:
        return
    reach = gatekeeper.admit(request)
    if match.route.access is Access.PROJECT and not reach.covers(match.parts.get("project")):
        # A guess: which status and words the real gateway has for this is not documented.
        raise Refused("Incorrect IAM authentication information: the token is not for this project")


def no_such_call(request_id: str) -> Response:
    message = "The API does not exist or has not been published in the environment."
    return error("gateway", ErrorFacts(404, "APIGW.0101", message, request_id))
