from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.pipelines.ground import run

from .ground import node_package, render, samples

PACKAGE = "@microsoft/sarif-multitool-linux"
HOME_PAGE = "SARIF2005"
"""The one warning that is known: the tool names no home page."""

Object = dict[str, Any]


@cache
def logs() -> Mapping[str, Object]:
    return {name: json.loads(render("sarif", made)) for name, made in samples().items()}


@cache
def schema() -> Draft202012Validator:
    text = (node_package(PACKAGE) / "sarif-2.1.0.json").read_text(encoding="utf-8-sig")
    return Draft202012Validator(json.loads(text))


def findings_about(log: Object, folder: Path) -> list[tuple[str, str, str]]:
    """Rule, level and particulars of what the multitool says by the rules of SARIF and of GitHub."""
    program = node_package(PACKAGE) / "Sarif.Multitool"
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    file, told = folder / "log.sarif", folder / "told.sarif"
    file.write_text(json.dumps(log), encoding="utf-8")
    done = run(
        program,
        *("validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--output", told),
        environ={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_CLI_HOME": str(folder)},
    )
    assert told.is_file(), done.stdout + done.stderr
    document = json.loads(told.read_text(encoding="utf-8-sig"))
    [seen] = document["runs"]
    for each in seen["invocations"]:
        assert each["executionSuccessful"], done.stdout
        assert not {"toolExecutionNotifications", "toolConfigurationNotifications"} & each.keys(), each
    return [
        (each["ruleId"], each.get("level", "warning"), " ".join(each["message"]["arguments"]))
        for each in seen["results"]
    ]


def spoiled(log: Object) -> Object:
    """A run as GitHub refuses it."""
    run: Object = json.loads(json.dumps(log["runs"][0]))
    del run["results"][0]["locations"]
    run["results"][1]["ruleIndex"] = 99
    return run


def test_the_multitool_finds_no_error_by_the_rules_of_sarif_and_github(tmp_path: Path) -> None:
    """One log with all runs, for the program takes seconds to start; its rules look at each run by itself.

    Of a log that it cannot read the program says nothing at all: so the last run is one to object to.
    """
    runs = [run for log in logs().values() for run in log["runs"]]
    last = f"runs[{len(runs)}]"
    whole = {**logs()["blocked"], "runs": [*runs, spoiled(logs()["blocked"])]}
    found = findings_about(whole, tmp_path)
    errors = [each for each in found if each[1] == "error"]
    assert {rule for rule, _, where in errors if where.startswith(last)} >= {"GH1015", "SARIF1009"}
    assert [each for each in errors if not each[2].startswith(last)] == []
    assert {rule for rule, level, _ in found if level != "error"} <= {HOME_PAGE}


@pytest.mark.parametrize("name", samples())
def test_every_log_is_valid_by_the_schema_of_the_standard(name: str) -> None:
    log = logs()[name]
    assert [error.message for error in schema().iter_errors(log)] == []
    assert len(log["runs"]) == 1


def test_the_schema_refuses_what_is_no_sarif() -> None:
    assert not schema().is_valid({**logs()["blocked"], "version": "2.0.0"})
