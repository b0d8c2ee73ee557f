"""What the emulator's tests stand on: small scenarios, a clock to turn, a bare HTTP client."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gate.emulator.auth import SECRET, canonical_request, signature
from gate.emulator.exchange import Headers, Received
from gate.emulator.scenario import Scenario, parse
from gate.emulator.server import Emulator

NOON = 1_755_000_000.0
TOKEN = {"X-Auth-Token": "emulator-token"}

SMALL = """
version: 1
clusters:
  - clusterName: test
    addons:
      - {name: coredns, version: 1.29.5, targetVersions: [1.30.6]}
      - {name: everest, version: 2.4.28, targetVersions: [2.4.72]}
    checks:
      - addon: coredns
        risks: [{name: AddonStatus}]
"""


def small(more: str = "") -> Scenario:
    return parse(SMALL + more, "small.yml")


class Clock:
    """Stands still until it is turned."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def stamp(moment: float) -> str:
    """As `X-Sdk-Date` has it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%SZ")


def signed(
    target: str = "/api/v3/addons?cluster_id=a",
    method: str = "GET",
    body: bytes = b"",
    secret: str = SECRET,
    access: str = "AK",
    date: str = stamp(NOON),
    extra: Mapping[str, str] | None = None,
    unsigned: tuple[str, ...] = (),
) -> Received:
    """A request with a right signature over all of its headers but the `unsigned`."""
    headers = {"Host": "127.0.0.1", "X-Sdk-Date": date, **(extra or {})}
    names = sorted(name.lower() for name in headers if name not in unsigned)
    request = Received.of(method, target, Headers(headers.items()), body)
    made = signature(canonical_request(request, names), date, secret)
    headers["Authorization"] = (
        f"SDK-HMAC-SHA256 Access={access}, SignedHeaders={';'.join(names)}, Signature={made}"
    )
    return Received.of(method, target, Headers(headers.items()), body)


def key_headers(
    target: str, access: str, secret: str, security_token: str | None, now: float = NOON
) -> dict[str, str]:
    """The headers of a GET of `target` that is signed with a key, temporary where it has a token."""
    extra = {} if security_token is None else {"X-Security-Token": security_token}
    return dict(signed(target, access=access, secret=secret, date=stamp(now), extra=extra).headers)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def connect(emulator: Emulator, timeout: float = 5.0) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port_of(emulator), timeout=timeout)


def port_of(emulator: Emulator) -> int:
    return int(emulator.url.rpartition(":")[2])


def over(
    connection: http.client.HTTPConnection,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: Mapping[str, str] = TOKEN,
) -> Answer:
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method, path, body=content, headers=dict(headers))
    response = connection.getresponse()
    return Answer(response.status, Headers(response.headers.items()), response.read())


def ask(
    emulator: Emulator,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: Mapping[str, str] = TOKEN,
) -> Answer:
    connection = connect(emulator)
    try:
        return over(connection, path, method, body, headers)
    finally:
        connection.close()


def raw(emulator: Emulator, request: bytes, timeout: float = 5.0) -> socket.socket:
    """An open connection on which `request` was sent."""
    connection = socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=timeout)
    connection.sendall(request)
    return connection


def cluster_path(scenario: Scenario) -> str:
    cluster = scenario.clusters[0]
    return f"/api/v3/projects/{cluster.project_id}/clusters/{cluster.cluster_id}"


def tasks_path(scenario: Scenario) -> str:
    return f"{cluster_path(scenario)}/addons/precheck/tasks"


def create_path(scenario: Scenario) -> str:
    return f"{cluster_path(scenario)}/addons/precheck"


def create_body(scenario: Scenario, **changes: object) -> dict[str, Any]:
    """A right create request for the first add-on, its entry changed by `changes` (None takes a key out)."""
    cluster = scenario.clusters[0]
    addon = cluster.addons[0]
    entry: dict[str, object] = {
        "addonTemplateName": addon.name,
        "addonInstanceID": addon.instance_id,
        "targetVersion": addon.target_versions[0],
        "type": "addonUpgrade",
        "values": {"basic": {}},
    }
    entry.update(changes)
    return {
        "kind": "AddonCheck",
        "apiVersion": "v3",
        "spec": {
            "clusterID": cluster.cluster_id,
            "addonList": [{key: value for key, value in entry.items() if value is not None}],
        },
    }
