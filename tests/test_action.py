"""The GitHub action offers what the command line takes, and gives values to no shell as text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from gate.cli.check import command
from gate.model import Decision
from gate.report import FORMATS

ACTION: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "action.yml").read_text("utf-8"))
OPTIONS = {param.opts[0].lstrip("-"): param for param in command.params if isinstance(param, click.Option)}
(STEP,) = ACTION["runs"]["steps"]


def test_each_option_of_check_is_an_input_and_there_is_one_more() -> None:
    assert set(ACTION["inputs"]) == {*OPTIONS, "python"}


def test_no_input_is_required_and_each_is_empty_unless_given() -> None:
    assert {name: each.get("required", False) for name, each in ACTION["inputs"].items()} == dict.fromkeys(
        ACTION["inputs"], False
    )
    assert {each["default"] for each in ACTION["inputs"].values()} == {""}


@pytest.mark.parametrize("name", OPTIONS)
def test_each_input_reaches_the_variable_of_its_option(name: str) -> None:
    variable = str(OPTIONS[name].envvar).removeprefix("CCE_GATE_")
    assert STEP["env"][f"GATE_INPUT_{variable}"] == f"${{{{ inputs.{name} }}}}"


def test_no_expression_stands_in_the_script() -> None:
    assert "${{" not in STEP["run"]
    assert all(re.fullmatch(r"\$\{\{ inputs\.[a-z-]+ \}\}", value) for value in STEP["env"].values())


def test_no_other_action_is_used() -> None:
    assert "uses" not in STEP


def test_the_outputs_are_those_that_the_gate_writes() -> None:
    reports = {f"report-{name}" for name in FORMATS if name != "github"}
    counts = {each.value for each in Decision if each is not Decision.OK}
    assert set(ACTION["outputs"]) == {"verdict", "exit-code", *counts, *reports}
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.{STEP['id']}.outputs.{name} }}}}"
