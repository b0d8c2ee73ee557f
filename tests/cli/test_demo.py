"""The demo is the real command, and each scenario ends as it says."""

from __future__ import annotations

import pytest

from gate.cli.demo import DEMOS
from gate.emulator.scenario import builtin_names
from tests.cli.ground import run

ENDS = {
    "pass": 0,
    "fatal": 1,
    "unlisted": 1,
    "stuck": 3,
    "stale": 3,
    "flaky": 0,
    "denied": 4,
    "documented": 1,
    "chinese": 1,
}


def test_every_shipped_scenario_has_its_demo_and_its_end() -> None:
    assert set(DEMOS) == set(builtin_names()) == set(ENDS)


@pytest.mark.parametrize("name", ["denied", "stale"])
def test_each_scenario_ends_as_it_says(name: str) -> None:
    ended = run("demo", name)
    assert ended.code == ENDS[name]
    assert ended.out.startswith("# ")
    assert "$ cce-gate check" in ended.out


def test_options_in_the_environment_do_not_reach_the_demo() -> None:
    environ = {"CCE_GATE_ADDON": "none-such", "CCE_GATE_REPORT": "json", "HW_AUTH_TOKEN": "other"}
    assert run("demo", "denied", environ=environ).out.splitlines()[-1].startswith("ERROR")
