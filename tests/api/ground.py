"""What the tests of the API room stand on: the calls as the command line makes them, and places to call."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
from hypothesis import settings

from gate.api import chain
from gate.api.caller import Caller
from gate.api.cce import Cluster, Place
from gate.api.credentials import Credential, Token, fixed
from gate.api.http import Http, Request, Response
from gate.api.sources.around import Surroundings
from gate.api.vault import Vault
from gate.cli.clock import SystemClock
from gate.emulator.scenario import DEFAULT_TOKEN, Scenario, parse
from gate.emulator.server import Emulator
from gate.errors import ApiError, UsageError
from gate.model import Deadline
from tests.documents import a_list, a_task

PROJECT, CLUSTER = "0605767eb20025762f2ec0193c5f3d91", "6b400e1c-4368-11f0-ba56-0255ac100037"
PATH = f"/api/v3/projects/{PROJECT}/clusters/{CLUSTER}/addons/precheck/tasks"
CERTIFICATE = Path(__file__).parent / "untrusted.pem"
"""Self-signed for localhost, with its key: nobody trusts it."""

ONE_TASK = a_list(a_task())

FEWER = settings(max_examples=max(settings().max_examples * 3 // 10, 10))
"""For laws whose examples are dear: three tenths of what the profile asks for."""

_CLOUD = f"""
version: 1
clusters:
  - projectId: {PROJECT}
    clusterId: {CLUSTER}
    addons: [{{name: coredns, version: 1.29.5, targetVersions: [1.30.6]}}]
    checks: [{{addon: coredns, taskId: task-1, risks: [{{name: AddonStatus}}]}}]
"""


def cloud(fault: str = "", more: str = "") -> Scenario:
    """One cluster with one passed check; `fault` goes wrong with the first list call."""
    faults = f"faults: [{{on: list, {fault}}}]\n" if fault else ""
    return parse(f"{_CLOUD}{faults}{more}", "cloud.yml")


def soon(seconds: float = 5.0) -> Deadline:
    """A deadline on the real clock."""
    clock = SystemClock()
    return Deadline(clock, clock.monotonic() + seconds)


def a_credential(token: str = DEFAULT_TOKEN, vault: Vault | None = None) -> Credential:
    return fixed("HW_AUTH_TOKEN", Token(token), SystemClock(), vault or Vault())


def a_caller(told: list[tuple[Request, Response]] | None = None) -> Caller:
    exchanges = [] if told is None else told
    return Caller(
        Http(), SystemClock(), Vault(), lambda request, response: exchanges.append((request, response))
    )


def found(environ: Mapping[str, str], token_file: Path | None = None) -> tuple[str, str]:
    """The source of the token that the chain finds, and what it sends."""
    credential = chain.find(
        Surroundings(
            environ={"CCE_GATE_METADATA_ENDPOINT": "off", **environ},
            home=Path.home(),
            token_file=token_file,
            iam=_unknown,
            sts=_unknown,
            project_name=None,
            caller=a_caller(),
        )
    )
    request = requests.Request("GET", "http://127.0.0.1/").prepare()
    return credential.source, str(credential.auth(None, soon())(request).headers["X-Auth-Token"])


def _unknown() -> str:
    raise UsageError("no endpoint is known", "give one")


def cce(url: str, token: str = DEFAULT_TOKEN, told: list[tuple[Request, Response]] | None = None) -> Cluster:
    """The cluster at `url`; `told` gathers what diagnostics are told."""
    caller = a_caller(told)
    return Cluster(caller, a_credential(token, caller.vault), Place(url, PROJECT, None, CLUSTER, None))


def failure_at(url: str, seconds: float = 5.0) -> ApiError:
    """The error of one list call to `url`."""
    with pytest.raises(ApiError) as caught:
        cce(url).tasks(soon(seconds))
    return caught.value


def failure_of(fault: str) -> ApiError:
    """The error of a list call to the emulator with that fault."""
    with Emulator(cloud(fault)) as emulator:
        return failure_at(emulator.url)


def failure_after(reply: bytes) -> ApiError:
    """The error of a list call that is answered with these bytes."""
    with Listener(reply) as listener:
        return failure_at(listener.url)


def reply(body: bytes = ONE_TASK, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer; `_` in a header's name stands for `-`, and an empty value leaves the header out."""
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Listener:
    """Answers requests on loopback with `replies`, the last one for ever, a connection for each."""

    def __init__(
        self, *replies: bytes, tls: bool = False, family: socket.AddressFamily = socket.AF_INET
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.closed = threading.Semaphore(0)
        """Released with each connection that was closed here."""
        self.replies = list(replies)
        self._tls = _tls() if tls else None
        host = "::1" if family is socket.AF_INET6 else "127.0.0.1"
        self._socket = socket.create_server((host, 0), family=family, backlog=64)
        scheme = "https" if tls else "http"
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{scheme}://{shown}:{self._socket.getsockname()[1]}"

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def __enter__(self) -> Listener:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self._answer(connection)
        self.closed.release()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, self._secured(connection) as stream:
            head = b""
            while b"\r\n\r\n" not in head:
                received = stream.recv(65536)
                if not received:
                    return
                head += received
                if head.startswith(_HANDSHAKE):
                    break
            self.requests.append(head)
            if self.replies:
                stream.sendall(self.replies.pop(0) if len(self.replies) > 1 else self.replies[0])

    def _secured(self, connection: socket.socket) -> socket.socket:
        if self._tls is None:
            return connection
        connection.settimeout(5)
        return self._tls.wrap_socket(connection, server_side=True)


_HANDSHAKE = b"\x16\x03"
"""How a TLS client begins: it waits for an answer that plain HTTP does not know."""


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
