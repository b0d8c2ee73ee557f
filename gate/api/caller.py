"""Calls that prove who asks, and that give nothing secret back."""

from __future__ import annotations

from collections.abc import Callable

from gate.api.credentials import Credential
from gate.api.http import Http, Request, Response
from gate.api.refusal import has_run_out, refusal
from gate.api.strict_json import load_object
from gate.api.vault import Vault
from gate.errors import ApiError, NotAnAnswer
from gate.model import Clock, Deadline

Exchanged = Callable[[Request, Response], None]
"""Is told of every exchange, for diagnostics."""


class Caller:
    """Sends requests with or without credentials; every answer comes back free of secrets."""

    def __init__(self, http: Http, clock: Clock, vault: Vault, exchanged: Exchanged) -> None:
        self.vault = vault
        self.clock = clock
        self._http = http
        self._exchanged = exchanged

    def plain(self, request: Request, expected: frozenset[int], deadline: Deadline) -> Response:
        """An exchange without credentials. Raises `ApiError` for any status that is not `expected`."""
        response = self._http.exchange(request, deadline)
        self._exchanged(request, response)
        if response.status not in expected:
            raise self.vault.clean_error(refusal(response, self.clock.now()))
        return response

    def proven(
        self,
        request: Request,
        credential: Credential,
        project_id: str | None,
        expected: frozenset[int],
        deadline: Deadline,
    ) -> Response:
        """An exchange with credentials. A token whose time is up is renewed once, and the call repeated."""
        response = self._proven(request, credential, project_id, deadline)
        if has_run_out(response) and credential.renew(deadline):
            response = self._proven(request, credential, project_id, deadline)
        if response.status in expected:
            return response
        error = self.vault.clean_error(refusal(response, self.clock.now()))
        if response.status in (401, 403):
            error.hint = f"{error.hint} (asked with the credentials from {credential.source})"
        raise error

    def read(self, response: Response) -> dict[str, object]:
        """The JSON object of an answer, free of secrets. Raises `NotAnAnswer`."""
        answer = self.read_unscrubbed(response)
        try:
            return {name: self.vault.scrub(value) for name, value in answer.items()}
        except RecursionError:
            raise NotAnAnswer("the answer is nested too deep", "check --endpoint") from None

    def read_unscrubbed(self, response: Response) -> dict[str, object]:
        """The same with its secrets: for the answers that bring new ones."""
        try:
            return load_object(response.body)
        except ApiError as error:
            raise self.vault.clean_error(error) from None

    def _proven(
        self, request: Request, credential: Credential, project_id: str | None, deadline: Deadline
    ) -> Response:
        response = self._http.exchange(request, deadline, credential.auth(project_id, deadline))
        self._exchanged(request, response)
        return response
