"""A headless Chromium, driven through the DevTools protocol over a pair of pipes."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .ground import debian

_PATIENCE = 30.0
"""Seconds that an answer of the browser may take."""
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)
_ON_3_AND_4 = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4);"
    "os.execv(sys.argv[3], sys.argv[3:])"
)
_ABOVE = 20

_Object = dict[str, Any]


class Browser:
    """One page, which goes from place to place. `events` are those since the last `open`."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._unread = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[_Object] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")

    def open(self, place: str, width: int, media: str = "") -> None:
        """Load a page and wait until it is there, on a screen `width` CSS pixels wide."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Emulation.setEmulatedMedia", media=media)
        self.call("Page.navigate", url="about:blank")
        self._wait("Page.loadEventFired")
        self.events.clear()
        failed = self.call("Page.navigate", url=place).get("errorText")
        assert not failed, f"{place}: {failed}"
        self._wait("Page.loadEventFired")

    def evaluate(self, script: str) -> Any:
        """What the script comes to in the page."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def pdf(self) -> bytes:
        return base64.b64decode(self.call("Page.printToPDF")["data"])

    def named(self, method: str) -> list[_Object]:
        """The parameters of all events of this name."""
        return [event["params"] for event in self.events if event["method"] == method]

    def requested(self) -> list[str]:
        """The addresses that the page asked for, itself first."""
        return [event["request"]["url"] for event in self.named("Network.requestWillBeSent")]

    def close(self) -> None:
        self._session = None
        self.call("Browser.close")

    def call(self, method: str, **parameters: Any) -> _Object:
        number = self._send(method, parameters)
        until = time.monotonic() + _PATIENCE
        while True:
            message = self._next(until)
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                result: _Object = message["result"]
                return result

    def _send(self, method: str, parameters: _Object) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        return self._number

    def _next(self, until: float) -> _Object:
        """One message. A dialog is closed, for it would hold the page."""
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._reading], [], [], max(until - time.monotonic(), 0))
            assert ready, "chromium does not answer"
            read = os.read(self._reading, 1 << 16)
            assert read, "chromium ended"
            self._unread += read
        one, _, self._unread = self._unread.partition(b"\0")
        message: _Object = json.loads(one)
        if "method" in message:
            self.events.append(message)
            if message["method"] == "Page.javascriptDialogOpening":
                self._send("Page.handleJavaScriptDialog", {"accept": False})
        return message

    def _wait(self, method: str) -> None:
        until = time.monotonic() + _PATIENCE
        while not self.named(method):
            self._next(until)
        self.events = [event for event in self.events if event["method"] != method]


@contextmanager
def started(folder: Path) -> Iterator[Browser]:
    """A browser whose profile and home are in `folder`, an empty one."""
    program = debian("chromium", "chromium")
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    high = [fcntl.fcntl(each, fcntl.F_DUPFD, _ABOVE) for each in (theirs_in, theirs_out)]
    os.close(theirs_in)
    os.close(theirs_out)
    profile = f"--user-data-dir={folder / 'profile'}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _ON_3_AND_4, *map(str, high), program, *_FLAGS, profile],
            pass_fds=high,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "HOME": str(folder)},
        )
    for each in high:
        os.close(each)
    try:
        browser = Browser(ours_in, ours_out)
        yield browser
        browser.close()
    finally:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(ours_in)
        os.close(ours_out)
