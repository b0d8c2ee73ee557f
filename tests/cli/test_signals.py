"""SIGINT and SIGTERM end a run at once, with the report written."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.cli.ground import CLEAR, asking, cloud, start, until_asked

NEVER = "{addon: coredns, never: true, risks: [{name: AddonStatus, status: Failed, level: Fatal}]}"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("fault", [[], ["{on: list, times: forever, kind: hang}"]])
def test_a_signal_ends_the_wait_at_once(number: int, code: int, fault: list[str], tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with cloud(NEVER, faults=fault) as served:
        process = start(*asking(served.url), "--poll-interval", "20s", "--report", f"json={path}")
        until_asked(served)
        time.sleep(0.2)
        began = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
        took = time.monotonic() - began
    assert process.returncode == code
    assert took < 1
    report = json.loads(path.read_text())
    assert (report["verdict"], report["exitCode"]) == ("undecided", code)
    assert report["targets"][0]["problems"][-1]["code"] == "interrupted"
    assert b"UNDECIDED" in out.splitlines()[-1]
    assert b"Traceback" not in err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_emulator_serves_until_it_is_stopped(number: int, code: int) -> None:
    process = start("emulator")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"http://127.0.0.1:")
    process.send_signal(number)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (code, b"")


def test_a_signal_to_the_demo_ends_its_check_too() -> None:
    process = start("demo")
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=10)
    assert process.returncode == 143
    assert b"UNDECIDED" in out


@pytest.mark.parametrize("moment", [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4])
def test_whenever_a_signal_comes_exit_code_and_report_agree(moment: float, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with cloud(CLEAR) as served:
        process = start(*asking(served.url), "--report", f"json={path}")
        time.sleep(moment)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=10)
    opened = path.exists() and json.loads(path.read_text())["verdict"] == "pass"
    assert (process.returncode == 0) is opened
    assert process.returncode in (0, 143, -signal.SIGTERM), err.decode()
    assert b"Traceback" not in err
