"""All services of one emulated cloud behind one port: to each request its fault or its true answer."""

from __future__ import annotations

from collections.abc import Callable

from gate.emulator import routes
from gate.emulator.auth import Gatekeeper
from gate.emulator.cloud import Cloud
from gate.emulator.delivery import Answers, Wire, deliver, deliver_faulty
from gate.emulator.echo import echo
from gate.emulator.exchange import Received, Response
from gate.emulator.faults import FaultPlan
from gate.emulator.issued import EVERYWHERE, Issued, Token
from gate.emulator.route import Services
from gate.emulator.world import Scenario


class Front:
    """One cloud, started at the moment it is made. May be used by several threads."""

    def __init__(
        self, scenario: Scenario, clock: Callable[[], float], random_bytes: Callable[[int], bytes]
    ) -> None:
        cloud = Cloud(scenario, clock)
        issued = Issued(clock, random_bytes)
        lifetime = scenario.token_lifetime
        issued.keep(Token(scenario.token, EVERYWHERE, None if lifetime is None else cloud.started + lifetime))
        issued.keep_slip("id", scenario.oidc.id_token, None)
        self._services = Services(cloud, issued)
        self._gatekeeper = Gatekeeper(issued, clock)
        self._faults = FaultPlan(scenario.faults)
        self.received: list[Received] = []

    def serve(self, request: Received, wire: Wire) -> None:
        """Puts the request on record and answers it on `wire`. Raises `OSError` where the client is gone."""
        self.received.append(request)
        match = routes.find(request)
        if match is None:
            deliver(routes.no_such_call(wire.request_id), wire)
            return
        fault = self._faults.next(match.route.call)
        answers = self._answers(match, request, wire.request_id)
        if fault is None:
            deliver(answers.true(), wire)
            return
        if fault.worked:
            given = answers.true()
            answers = Answers(lambda: given, answers.echo)
        deliver_faulty(fault.kind, answers, wire)

    def _answers(self, match: routes.Match, request: Received, request_id: str) -> Answers:
        def true() -> Response:
            return routes.answer(match, request, self._services, self._gatekeeper, request_id)

        def echoed(status: int) -> Response:
            return echo(status, match, request, self._services.cloud, request_id)

        return Answers(true, echoed)
