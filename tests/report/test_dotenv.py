from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import click
import pytest
from hypothesis import given

from gate.cli.main import cli
from gate.errors import ExitCode
from gate.model import Decision, Report, Verdict
from gate.report import Style, renderer

from .cases import CASES, blocked, passes
from .strategies import reports, whole_reports


def dotenv_of(made: Report) -> str:
    return renderer("dotenv")(made, Style())


def values_of(made: Report) -> dict[str, str]:
    return dict(line.split("=") for line in dotenv_of(made).splitlines())


def variables_of(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        names = parameter.envvar or ()
        yield from [names] if isinstance(names, str) else names
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from variables_of(inner)


@whole_reports
@given(reports())
def test_there_are_only_words_and_numbers_whatever_the_text(made: Report) -> None:
    written = dotenv_of(made)
    assert re.fullmatch(r"(?:CCE_GATE_[A-Z_]+=[a-z0-9]+\n)+", written)
    assert len(written) < 5 * 1024
    assert len(written.splitlines()) <= 20


@whole_reports
@given(reports())
def test_the_values_are_the_report_s_and_pass_goes_with_exit_code_0_alone(made: Report) -> None:
    values = values_of(made)
    assert (values["CCE_GATE_VERDICT"] == "pass") is (values["CCE_GATE_EXIT_CODE"] == "0")
    assert values["CCE_GATE_EXIT_CODE"] == str(int(made.exit_code))
    for decision in Decision:
        assert values[f"CCE_GATE_{decision.name}"] == str(made.count(decision))
    assert values["CCE_GATE_TASKS"] == str(len(made.deciding))


def test_no_variable_is_an_option_that_a_later_run_would_obey() -> None:
    taken = set(variables_of(cli))
    assert {"CCE_GATE_CLUSTER_ID", "CCE_GATE_REPORT", "CCE_GATE_POLICY"} <= taken
    assert taken.isdisjoint(values_of(blocked()))


def test_the_names_are_stable() -> None:
    assert dotenv_of(blocked()).splitlines() == [
        "CCE_GATE_VERDICT=blocked",
        "CCE_GATE_EXIT_CODE=1",
        "CCE_GATE_TARGETS=1",
        "CCE_GATE_TASKS=2",
        "CCE_GATE_RISKS=5",
        "CCE_GATE_OK=2",
        "CCE_GATE_ALLOWED=0",
        "CCE_GATE_BLOCKED=3",
        "CCE_GATE_INCONCLUSIVE=0",
        "CCE_GATE_PROBLEMS=0",
    ]


@pytest.mark.parametrize("name", CASES)
def test_every_report_has_the_same_variables(name: str) -> None:
    assert list(values_of(CASES[name]())) == list(values_of(blocked()))


def test_a_pass_that_does_not_exit_0_is_not_called_one() -> None:
    torn = replace(passes(), exit_code=ExitCode.UNDECIDED)
    assert values_of(torn)["CCE_GATE_VERDICT"] == Verdict.UNDECIDED.value
