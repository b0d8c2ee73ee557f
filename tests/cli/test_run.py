"""`run`: the command runs only on a pass, as if it had been called itself."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from gate.emulator.server import Emulator
from tests.cli.ground import CLEAR, TOKEN, asking, cloud, run, start, until_asked

BLOCKED = (
    "{addon: coredns, init: 0s, running: 0s, risks: [{name: A, status: Failed, level: Fatal, final: 0s}]}"
)
STANDARD = 0x7FFFFFFF
"""The signals that have a name; what the C library keeps to itself is beyond them."""

NEVER = "{addon: coredns, never: true}"

COUNTING = """
import pathlib, signal, sys, time
folder, names = pathlib.Path(sys.argv[1]), []
signal.signal(signal.SIGINT, lambda number, frame: names.append("INT"))
signal.signal(signal.SIGQUIT, lambda number, frame: names.append("QUIT"))
signal.signal(signal.SIGHUP, lambda number, frame: names.append("HUP"))
signal.signal(signal.SIGTERM, lambda number, frame: names.append("TERM"))
(folder / "ready").touch()
seen = 0
while "TERM" not in names:
    if len(names) > seen:
        seen += 1
        (folder / str(seen)).touch()
    time.sleep(0.005)
(folder / "got").write_text(" ".join(names))
sys.exit(5)
"""
"""A command that notes its signals, and ends with 5 after SIGTERM."""

INTERRUPTED = """
import os, signal, sys
from gate.cli import child, output, signals
signals.install()
def with_a_signal(step, after):
    def done(*values, **more):
        if after:
            result = step(*values, **more)
        os.kill(os.getpid(), signal.SIGTERM)
        return result if after else step(*values, **more)
    return done
if sys.argv.pop(1) == "after-report":
    output.Outputs.deliver = with_a_signal(output.Outputs.deliver, after=True)
else:
    child.subprocess.Popen = with_a_signal(child.subprocess.Popen, after=False)
from gate.cli.main import main
main()
"""
"""The command line, with a SIGTERM just after the report is written, or just before the command starts."""

ON_ITS_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"
"""Makes standard input the controlling terminal."""


def run_of(served: Emulator) -> list[str]:
    """The words of `run` that name the emulated cluster."""
    return ["run", *asking(served.url)[1:]]


def begin(*words: str, before: str = "", **more: Any) -> subprocess.Popen[bytes]:
    """Starts the gate; `before` is done in its process first."""
    code = f"import os, signal, sys\n{before}\nos.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    return subprocess.Popen(
        [sys.executable, "-c", code, "-m", "gate", *words],
        env={**os.environ, "HW_AUTH_TOKEN": TOKEN, "TERM": "dumb"},
        cwd=Path(__file__).parents[2],
        **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **more},
    )


def counting(folder: Path) -> list[str]:
    return ["--", sys.executable, "-c", COUNTING, str(folder)]


def until(path: Path) -> None:
    patience = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < patience, f"{path.name} did not come"
        time.sleep(0.005)


@pytest.fixture
def clear() -> Iterator[Emulator]:
    with cloud(CLEAR) as served:
        yield served


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    return place


@pytest.mark.parametrize("code", [0, 1, 7])
def test_on_a_pass_the_command_runs_after_the_report_and_its_exit_code_is_passed_on(
    clear: Emulator, code: int
) -> None:
    ended = run(*run_of(clear), "--", "sh", "-c", f"cat; echo told >&2; exit {code}", stdin=b"from outside\n")
    assert ended.code == code
    assert ended.out.splitlines()[-1] == "from outside"
    assert "PASS" in ended.out
    assert "told" in ended.err


def test_the_command_is_told_of_the_pass_and_reads_a_report_that_is_gone_afterwards(
    clear: Emulator, temporary: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    script = f'cp -p "$CCE_GATE_REPORT" {saved}; env; echo "report=$CCE_GATE_REPORT"'
    ended = run(
        *run_of(clear), "--", "sh", "-c", script, environ={"CCE_GATE_SIGNING_KEY": "secret-key", "OF": "ours"}
    )
    environment = dict(line.split("=", 1) for line in ended.out.splitlines() if "=" in line)
    assert ended.code == 0
    assert (environment["CCE_GATE_VERDICT"], environment["OF"]) == ("pass", "ours")
    assert "secret-key" not in ended.out
    assert "CCE_GATE_SIGNING_KEY" not in environment
    assert Path(environment["report"]).is_relative_to(temporary)
    assert json.loads(saved.read_text())["verdict"] == "pass"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert list(temporary.iterdir()) == []


def test_the_json_report_that_was_asked_for_is_the_one_the_command_reads(
    clear: Emulator, temporary: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    relative = os.path.relpath(path, Path(__file__).parents[2])
    reports = ("--report", f"junit={tmp_path / 'junit.xml'}", "--report", f"json={relative}")
    ended = run(*run_of(clear), *reports, "--", "sh", "-c", 'echo "$CCE_GATE_REPORT"; ls -A "$TMPDIR"')
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == str(path)
    assert json.loads(path.read_text())["verdict"] == "pass"


@pytest.mark.parametrize("report", [["--report", "json"], ["--report", "json=/dev/null"]])
def test_a_json_report_that_is_no_file_is_also_given_as_a_file(clear: Emulator, report: list[str]) -> None:
    ended = run(*run_of(clear), *report, "--", "sh", "-c", 'grep -c schemaVersion "$CCE_GATE_REPORT"')
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "1"


@pytest.mark.parametrize(
    ("check", "code", "options"),
    [(BLOCKED, 1, ()), (NEVER, 3, ("--timeout", "300ms")), (CLEAR, 2, ("--timeout", "soon"))],
)
def test_without_a_pass_the_command_is_not_started(
    check: str, code: int, options: Sequence[str], tmp_path: Path, temporary: Path
) -> None:
    marker = tmp_path / "marker"
    with cloud(check) as served:
        ended = run(*run_of(served), *options, "--", "touch", str(marker))
    assert ended.code == code
    assert not marker.exists()
    assert ("touch was not started" in ended.err) is (code != 2)
    assert list(temporary.iterdir()) == []


def test_a_pass_whose_report_can_not_be_delivered_starts_nothing(clear: Emulator, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    ended = run(*run_of(clear), "--report", "junit=/dev/full", "--", "touch", str(marker))
    assert ended.code == 3
    assert not marker.exists()


@pytest.mark.parametrize(("name", "code"), [("no-such-command", 127), ("{folder}/plain", 126)])
def test_a_command_that_can_not_be_run_is_told_before_anything_is_asked(
    clear: Emulator, name: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / "plain").touch(mode=0o644)
    ended = run(*run_of(clear), "--", name.format(folder=tmp_path))
    assert ended.code == code
    assert [line.split(":")[0] for line in ended.err.splitlines()] == ["error", "hint"]
    assert clear.requests == ()


def test_a_command_that_vanished_while_the_gate_waited_is_told(tmp_path: Path) -> None:
    path = tmp_path / "upgrade"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    with cloud("{addon: coredns, init: 0s, running: 1s}") as served:
        process = start(*run_of(served), "--", str(path))
        until_asked(served)
        path.unlink()
        out, err = process.communicate(timeout=10)
    assert process.returncode == 127
    assert b"PASS" in out
    assert err.splitlines()[-2].startswith(b"error: the command")


def test_without_a_command_the_hint_shows_how(clear: Emulator) -> None:
    for words in ([], ["--"]):
        ended = run(*run_of(clear), *words)
        assert ended.code == 2
        assert " -- " in ended.err
    assert clear.requests == ()


@pytest.mark.parametrize("separator", [["--"], []])
def test_what_follows_the_command_is_its_own(clear: Emulator, separator: list[str]) -> None:
    words = ["--policy", "none.yml", "-q", "--help", "--", "--version"]
    ended = run(*run_of(clear), *separator, "printf", "<%s>", *words)
    assert ended.code == 0
    assert ended.out.splitlines()[-1] == "".join(f"<{word}>" for word in words)


def test_an_unknown_option_before_the_command_is_refused(clear: Emulator) -> None:
    ended = run(*run_of(clear), "--auto-approve", "--", "true")
    assert (ended.code, clear.requests) == (2, ())


def test_files_that_the_shell_opened_reach_the_command(clear: Emulator) -> None:
    words = shlex.join([sys.executable, "-m", "gate", *run_of(clear), "--", "cat", "/dev/fd/9"])
    done = subprocess.run(
        ["sh", "-c", f"{words} 9<<.\nfrom the shell\n."],
        capture_output=True,
        env={**os.environ, "HW_AUTH_TOKEN": TOKEN},
        cwd=Path(__file__).parents[2],
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.endswith(b"from the shell\n")


def test_an_exit_code_is_not_lost_where_ended_children_are_ignored(clear: Emulator) -> None:
    ignoring = "signal.signal(signal.SIGCHLD, signal.SIG_IGN)"
    process = begin(*run_of(clear), "--", "sh", "-c", "exit 7", before=ignoring)
    assert process.wait(timeout=10) == 7


def test_the_command_starts_without_ignored_or_blocked_signals(clear: Emulator) -> None:
    ended = run(*run_of(clear), "--", "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")
    states = dict(line.split(":\t") for line in ended.out.splitlines() if line.startswith("Sig"))
    assert {name: int(mask, 16) & STANDARD for name, mask in states.items()} == {"SigBlk": 0, "SigIgn": 0}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_gate_waits_starts_nothing_and_is_reported(
    number: int, code: int, tmp_path: Path, temporary: Path
) -> None:
    path, marker = tmp_path / "report.json", tmp_path / "marker"
    with cloud(NEVER) as served:
        process = start(*run_of(served), "--report", f"json={path}", "--", "touch", str(marker))
        until_asked(served)
        process.send_signal(number)
        _, err = process.communicate(timeout=10)
    assert process.returncode == code
    assert not marker.exists()
    assert json.loads(path.read_text())["exitCode"] == code
    assert b"touch was not started" in err


def test_a_signal_just_after_the_report_starts_nothing_and_is_reported(
    clear: Emulator, tmp_path: Path
) -> None:
    path, marker = tmp_path / "report.json", tmp_path / "marker"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            INTERRUPTED,
            "after-report",
            *run_of(clear),
            "--report",
            f"json={path}",
            "--",
            "touch",
            str(marker),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "HW_AUTH_TOKEN": TOKEN},
        cwd=Path(__file__).parents[2],
    )
    _, err = process.communicate(timeout=10)
    report = json.loads(path.read_text())
    assert process.returncode == 143
    assert not marker.exists()
    assert (report["verdict"], report["exitCode"]) == ("undecided", 143)
    assert b"touch was not started" in err


def test_a_signal_in_the_moment_of_the_start_is_not_lost(clear: Emulator) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, "before-start", *run_of(clear), "--", "sleep", "20"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "HW_AUTH_TOKEN": TOKEN},
        cwd=Path(__file__).parents[2],
    )
    assert process.wait(timeout=10) == 143


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_signals_to_the_gate_alone_reach_the_command_once_and_its_exit_code_is_passed_on(
    clear: Emulator, tmp_path: Path, temporary: Path, number: signal.Signals
) -> None:
    process = start(*run_of(clear), *counting(tmp_path))
    until(tmp_path / "ready")
    process.send_signal(number)
    until(tmp_path / "1")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 5
    assert (tmp_path / "got").read_text() == f"{number.name[3:]} TERM"
    assert list(temporary.iterdir()) == []


def test_a_signal_to_the_whole_group_of_the_gate_reaches_the_command_once(
    clear: Emulator, tmp_path: Path
) -> None:
    process = begin(*run_of(clear), *counting(tmp_path), start_new_session=True)
    until(tmp_path / "ready")
    os.killpg(process.pid, signal.SIGINT)
    until(tmp_path / "1")
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 5
    assert (tmp_path / "got").read_text() == "INT TERM"


def test_a_signal_reaches_what_the_command_started_too(clear: Emulator, tmp_path: Path) -> None:
    script = f"{shlex.join(counting(tmp_path)[1:])}; true"
    process = begin(*run_of(clear), "--", "sh", "-c", script)
    until(tmp_path / "ready")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 143
    until(tmp_path / "got")


def test_a_command_killed_by_the_signal_that_was_passed_on_ends_as_in_a_shell(
    clear: Emulator, tmp_path: Path
) -> None:
    process = start(*run_of(clear), "--", "sh", "-c", f"touch {tmp_path / 'ready'}; exec sleep 20")
    until(tmp_path / "ready")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 130


def test_a_hangup_that_is_ignored_from_the_start_is_ignored_by_the_command_too(clear: Emulator) -> None:
    ignoring = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    script = "kill -HUP $PPID; kill -HUP $$; exit 6"
    process = begin(*run_of(clear), "--", "sh", "-c", script, before=ignoring)
    assert process.wait(timeout=10) == 6


@pytest.mark.parametrize(("key", "name"), [(b"\x03", "INT"), (b"\x1c", "QUIT")])
def test_a_key_of_the_terminal_reaches_the_command_once(
    clear: Emulator, tmp_path: Path, key: bytes, name: str
) -> None:
    """The gate hears of it when the command has noted it, so that a second one could not merge with it."""
    ours, theirs = pty.openpty()
    try:
        process = begin(
            *run_of(clear),
            *counting(tmp_path),
            before=ON_ITS_TERMINAL,
            start_new_session=True,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        until(tmp_path / "ready")
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        os.write(ours, key)
        until(tmp_path / "1")
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 5
    finally:
        os.close(ours)
        os.close(theirs)
    assert (tmp_path / "got").read_text() == f"{name} TERM"
