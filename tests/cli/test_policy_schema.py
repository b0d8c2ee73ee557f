"""`cce-gate policy schema` gives editors the file that the gate is held to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gate.policy
from gate.cli.main import run as run_here
from tests.cli.ground import run

SCHEMA = Path(gate.policy.__file__).with_name("policy-v1.schema.json")


def test_the_schema_is_printed_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = run_here(["policy", "schema"])
    shown = capfdbinary.readouterr()

    assert (code, shown.out, shown.err) == (0, SCHEMA.read_bytes(), b"")


def test_the_schema_is_utf_8_whatever_the_terminal_can_show() -> None:
    ended = run("policy", "schema", environ={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == json.loads(SCHEMA.read_bytes())


def test_the_help_has_the_line_that_an_editor_looks_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(["policy", "schema", "--help"]) == 0
    assert "# yaml-language-server: $schema=policy-v1.schema.json\n" in capsys.readouterr().out


def test_the_schema_takes_no_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_here(["policy", "schema", "policy.yml"]) == 2
    assert capsys.readouterr().out == ""
