"""The command of `cce-gate run`: found, started, followed to its end."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from gate.cli.signals import Relay
from gate.errors import GateError

NOT_EXECUTABLE = 126
NOT_FOUND = 127
"""What a shell ends with in these cases."""

_FROM_TERMINAL = (signal.SIGINT, signal.SIGQUIT)


class CannotStart(GateError):
    """The command can't be started; `code` is what a shell would end with."""

    def __init__(self, message: str, hint: str, code: int) -> None:
        super().__init__(message, hint)
        self.code = code


def find(name: str) -> Path:
    """The program of that name: a name with a slash as it is, any other looked up in PATH.

    Raises `CannotStart` where there is none, or none that can be executed.
    """
    found = name if os.sep in name else shutil.which(name, mode=os.F_OK)
    if found is None or not os.path.exists(found):  # noqa: PTH110 - a folder that can't be entered is no error
        raise _not_found(name)
    if Path(found).is_dir():
        raise CannotStart(f"{name} is a folder", "name the program in it", NOT_EXECUTABLE)
    executable = found if os.sep in name else shutil.which(name)
    if executable is None or not os.access(executable, os.X_OK):
        raise CannotStart(f"{found} can't be executed", f"chmod +x {shlex.quote(found)}", NOT_EXECUTABLE)
    return Path(executable).absolute()


def follow(program: Path, argv: Sequence[str], environ: Mapping[str, str], relay: Relay) -> int:
    """Start the command, pass signals on to it, and wait until it has ended.

    Returns its exit code; 128 and the signal's number where a signal ended it. Raises `CannotStart`.

    On a terminal it shares this process's group, so that the terminal's keys reach it as ever. Elsewhere it
    has a group of its own: a signal for all of this group, as runners and `timeout` send it, would reach it
    twice, and a second one makes many a program give up at once.
    """
    # Where the parent ignores SIGCHLD, no exit code would be kept, and every end would look like success.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    alone = _foreground() is None
    with _start(program, argv, environ, alone=alone) as process:
        address = -process.pid if alone else process.pid
        held = relay.open(lambda number: _pass_on(process, address, number))
        for number in held:
            _send(process, address, number)
        code = process.wait()
    return code if code >= 0 else 128 - code


def _start(
    program: Path, argv: Sequence[str], environ: Mapping[str, str], *, alone: bool
) -> subprocess.Popen[bytes]:
    """Open files are passed on, so that the shell's `<(...)` works; those of Python's own are not."""
    group = 0 if alone else None
    try:
        return subprocess.Popen(argv, executable=program, env=environ, close_fds=False, process_group=group)
    except FileNotFoundError:
        if program.exists():
            raise CannotStart(
                f"{program} names an interpreter that is not there", "see its first line", NOT_EXECUTABLE
            ) from None
        raise _not_found(argv[0]) from None
    except OSError as error:
        raise CannotStart(
            f"{program} can't be executed: {error.strerror}",
            "a script needs a first line such as #!/bin/sh; a program must be built for this machine",
            NOT_EXECUTABLE,
        ) from None


def _pass_on(process: subprocess.Popen[bytes], address: int, number: int) -> None:
    """A key of the terminal has reached the whole foreground group already: not a second time."""
    if number not in _FROM_TERMINAL or _foreground() != os.getpgrp():
        _send(process, address, number)


def _send(process: subprocess.Popen[bytes], address: int, number: int) -> None:
    """A command that has ended, or is another user's, can't be reached; that ends no wait."""
    if process.poll() is None:
        with suppress(OSError):
            os.kill(address, number)


def _foreground() -> int | None:
    """The process group that the controlling terminal's keys reach; None without such a terminal."""
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal)
        finally:
            os.close(terminal)
    with suppress(OSError):
        return os.tcgetpgrp(0)
    return None


def _not_found(name: str) -> CannotStart:
    if not name.strip():
        return CannotStart("the command is blank", "see whether a variable in it is not set", NOT_FOUND)
    if name.startswith("-"):
        hint = "options of cce-gate stand before the --, the command behind it"
    elif any(sign.isspace() for sign in name):
        hint = "give the command and its arguments as words of their own, or run sh -c '...'"
    elif "=" in name:
        hint = "to set a variable for a command, put env before it: -- env NAME=VALUE COMMAND"
    elif os.sep in name:
        hint = "check the path"
    else:
        hint = "install it, add its folder to PATH, or give its path"
    return CannotStart(f"the command {name} is not found", hint, NOT_FOUND)
