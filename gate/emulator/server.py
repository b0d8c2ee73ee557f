"""The socket side: HTTP/1.1 on 127.0.0.1 only."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import socketserver
import struct
import sys
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from gate.emulator import route
from gate.emulator.defaults import derived_id
from gate.emulator.delivery import deliver
from gate.emulator.error_bodies import ErrorFacts
from gate.emulator.exchange import Headers, Received, Response
from gate.emulator.front import Front
from gate.emulator.world import Scenario
from gate.errors import UsageError

__all__ = ["Emulator", "Received"]

_LARGEST_BODY = 12 * 1024 * 1024
_LINGER_RESET = struct.pack("ii", 1, 0)
_STOP_WITHIN = 0.2


class Emulator:
    """Serves a scenario from `__enter__` (or `start`) to `__exit__` (or `stop`), from threads of its own."""

    def __init__(
        self,
        scenario: Scenario,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """`port` 0 takes any free one. `clock`: seconds since the epoch; the scenario unfolds by it.

        `random_bytes` makes as many as it is asked for; tokens and keys that are given out come from it.
        """
        self._scenario = scenario
        self._port = port
        self._clock = clock
        self._random_bytes = random_bytes
        self._server: _Server | None = None

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Once it returns, requests are answered. Raises `UsageError` where the port cannot be had."""
        try:
            front = Front(self._scenario, self._clock, self._random_bytes)
            self._server = _Server(self._port, front, self._clock)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UsageError(
                f"cannot listen on 127.0.0.1:{self._port}: {reason}", "take another port; 0 is any free one"
            ) from error
        self._server.start()

    def stop(self) -> None:
        """Ends at once, exchanges under way included. Does nothing where it is not running."""
        if self._server is not None:
            self._server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._running.server_address[1]}"

    @property
    def requests(self) -> tuple[Received, ...]:
        """What was asked so far, in the order in which it came."""
        return tuple(self._running.front.received)

    @property
    def _running(self) -> _Server:
        if self._server is None:
            raise RuntimeError("the emulator was not started")
        return self._server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    timeout = 0.5
    """How often the loop looks up where nothing wakes it; `stop` wakes it with a connection."""

    def __init__(self, port: int, front: Front, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.front = front
        self.stopping = threading.Event()
        self._request_numbers = itertools.count(1)
        self._open: set[socket.socket] = set()
        self._open_changed = threading.Condition()
        self._loop = threading.Thread(target=self._accept_until_stopped, daemon=True)
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self) -> None:
        self._loop.start()

    def _accept_until_stopped(self) -> None:
        while not self.stopping.is_set():
            self.handle_request()

    def server_bind(self) -> None:
        # HTTPServer would look up the host's name here, which can ask the network.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def next_request_id(self) -> str:
        return derived_id("request", str(next(self._request_numbers))).replace("-", "")

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        with self._open_changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        super().shutdown_request(request)
        with self._open_changed:
            self._open.discard(request)
            self._open_changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def stop(self) -> None:
        if self.stopping.is_set():
            return
        self.stopping.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_port), timeout=_STOP_WITHIN).close()
        self._loop.join(timeout=_STOP_WITHIN)
        self.server_close()
        with self._open_changed:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._open_changed.wait_for(lambda: not self._open, timeout=_STOP_WITHIN)


class _Handler(BaseHTTPRequestHandler):
    """One connection. Is the `Wire` of its exchanges."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    request_id = ""

    def _exchange(self) -> None:
        self.request_id = self.server.next_request_id()
        body = self._body()
        if body is not None:
            request = Received.of(self.command, self.path, Headers(self.headers.items()), body)
            self.server.front.serve(request, self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _exchange  # noqa: N815

    def _body(self) -> bytes | None:
        """The request's body; None where there is nothing to answer any more."""
        written = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (written.isascii() and written.isdecimal()):
            self.send_error(400, "Bad request.")
            return None
        if int(written) > _LARGEST_BODY:
            self.send_error(413, "Request entity too large.")
            return None
        body = self.rfile.read(int(written))
        if len(body) < int(written):
            self.close_connection = True
            return None
        return body

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class says of requests that are not HTTP; here in the gateway's words."""
        del explain
        self.close_connection = True
        api_code = "APIGW.0602" if code == 400 else "APIGW.0201"
        facts = ErrorFacts(code, api_code, message, self.server.next_request_id())
        self.request_id = facts.request_id
        deliver(route.error("gateway", facts), self)

    def head(self, response: Response, length: int) -> bytes:
        try:
            phrase = HTTPStatus(response.status).phrase
        except ValueError:
            phrase = ""
        fields = (
            ("Date", formatdate(self.server.clock(), usegmt=True)),
            ("Content-Type", response.content_type),
            ("Content-Length", str(length)),
            ("X-Request-Id", self.request_id),
            ("Connection", "close" if self.close_connection else "keep-alive"),
            *response.headers,
        )
        lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{name}: {value}" for name, value in fields)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def send(self, content: bytes) -> None:
        if self.command == "HEAD":
            content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.connection.sendall(content)

    def pause(self, seconds: float | None) -> bool:
        return self.server.stopping.wait(seconds)

    def close(self) -> None:
        self.close_connection = True

    def reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Says nothing: the emulator's output belongs to the command line."""
