"""How the command of `run` is found, and what is said where it can't be started."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from gate.cli.child import CannotStart, find, follow
from gate.cli.signals import Relay


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return place


def program(path: Path, text: str = "#!/bin/sh\nexit 0\n", mode: int = 0o755) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_bare_name_is_looked_up_in_path(folder: Path) -> None:
    assert find(str(program(folder / "upgrade").name)) == folder / "upgrade"


def test_a_name_with_a_slash_is_taken_as_it_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program(tmp_path / "upgrade")
    assert find("./upgrade") == tmp_path / "upgrade"
    with pytest.raises(CannotStart):
        find("upgrade")


def test_what_can_be_executed_comes_before_what_can_not(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(folder / "upgrade", mode=0o644)
    later = tmp_path / "later"
    later.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{later}")
    assert find(program(later / "upgrade").name) == later / "upgrade"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("no-such-command", "PATH"),
        ("./no/such/command", "path"),
        ("", "variable"),
        (" ", "variable"),
        ("terraform apply", "words"),
        ("--policy", "before the --"),
        ("KEY=value", "env"),
    ],
)
def test_a_command_that_is_not_there_ends_as_in_a_shell_with_a_hint(
    folder: Path, name: str, hint: str
) -> None:
    with pytest.raises(CannotStart) as raised:
        find(name)
    assert raised.value.code == 127
    assert hint in raised.value.hint


def test_a_file_that_is_not_executable_and_a_folder_end_as_in_a_shell(folder: Path) -> None:
    path = program(folder / "upgrade", mode=0o644)
    for name in ("upgrade", str(path), str(folder)):
        with pytest.raises(CannotStart) as raised:
            find(name)
        assert raised.value.code == 126


def test_a_file_behind_a_closed_folder_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "stat", refused)
    with pytest.raises(CannotStart) as raised:
        find("/closed/upgrade")
    assert raised.value.code == 127


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (None, 127, "not found"),
        ("#!/no/such/interpreter\n", 126, "interpreter"),
        ("exit 0\n", 126, "can't be executed"),
    ],
)
def test_a_program_that_can_not_be_started_after_all_is_told(
    tmp_path: Path, text: str | None, code: int, said: str
) -> None:
    path = tmp_path / "upgrade"
    if text is not None:
        program(path, text)
    with pytest.raises(CannotStart) as raised:
        follow(path, [str(path)], os.environ, Relay())
    assert raised.value.code == code
    assert said in raised.value.message


def test_the_command_is_called_by_the_name_it_was_given(tmp_path: Path) -> None:
    told = tmp_path / "told"
    argv = ["mine", "-c", f'echo "$0" > {told}']
    assert follow(Path("/bin/sh"), argv, os.environ, Relay()) == 0
    assert told.read_text() == "mine\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGRTMIN + 3])
def test_a_command_that_a_signal_ended_ends_as_in_a_shell(number: int) -> None:
    argv = ["sh", "-c", f"kill -{int(number)} $$"]
    assert follow(Path("/bin/sh"), argv, os.environ, Relay()) == 128 + number
