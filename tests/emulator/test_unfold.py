"""How checks unfold, by a clock that the test turns."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gate.emulator.scenario import parse
from gate.emulator.server import Emulator
from gate.emulator.unfold import check_at
from gate.emulator.world import Relapse, RiskPlan, Unfolding

from .ground import Clock, ask, tasks_path

TEXT = """
version: 1
clusters:
  - addons: [{name: coredns}]
    checks:
      - addon: coredns
        init: 2s
        risks:
          - {name: AddonStatus, final: 5s}
          - name: AddonValidate
            level: Fatal
            status: Failed
            message: configmap coredns had been modified
            begins: 5s
            final: 8s
"""


def seen_at(emulator: Emulator, clock: Clock, start: float, age: float) -> dict[str, Any]:
    clock.now = start + age
    scenario = parse(TEXT, "x.yml")
    task: dict[str, Any] = ask(emulator, tasks_path(scenario)).json["items"][0]
    return task


def words(task: dict[str, Any]) -> list[str]:
    risks = task["status"]["riskList"]
    return [task["status"]["status"], *(f"{risk['status']}/{risk['level']}" for risk in risks)]


def test_a_check_goes_from_init_over_running_to_final_and_so_do_its_risks() -> None:
    clock = Clock()
    start = clock.now
    with Emulator(parse(TEXT, "x.yml"), clock=clock) as emulator:
        seen = {age: words(seen_at(emulator, clock, start, age)) for age in (0, 1.9, 2, 5, 7.9, 8, 9999)}
    assert seen == {
        0: ["Init", "Init/Warning", "Init/Warning"],
        1.9: ["Init", "Init/Warning", "Init/Warning"],
        2: ["Running", "Running/Warning", "Init/Warning"],
        5: ["Running", "Success/Warning", "Running/Warning"],
        7.9: ["Running", "Success/Warning", "Running/Warning"],
        8: ["Failed", "Success/Warning", "Failed/Fatal"],
        9999: ["Failed", "Success/Warning", "Failed/Fatal"],
    }


def test_messages_and_expiry_are_there_only_when_final() -> None:
    clock = Clock()
    start = clock.now
    with Emulator(parse(TEXT, "x.yml"), clock=clock) as emulator:
        running = seen_at(emulator, clock, start, 7)
        final = seen_at(emulator, clock, start, 8)
    assert "message" not in running["status"]
    assert "message" not in running["status"]["riskList"][1]
    assert "expireTimeStamp" not in running["metadata"]
    assert final["status"]["message"] == "Addon task check finish"
    assert final["status"]["riskList"][1]["message"] == "configmap coredns had been modified"
    assert final["metadata"]["expireTimeStamp"] == "2025-08-13T20:00:00.000000000+08:00"


def test_an_older_check_has_unfolded_before_the_start() -> None:
    text = TEXT.replace("init: 2s", "init: 2s\n        created: 6s")
    clock = Clock()
    with Emulator(parse(text, "x.yml"), clock=clock) as emulator:
        task = ask(emulator, tasks_path(parse(text, "x.yml"))).json["items"][0]
    assert words(task) == ["Running", "Success/Warning", "Running/Warning"]
    assert task["metadata"]["createTimeStamp"] == "2025-08-12T19:59:54.000000000+08:00"


def test_without_a_failed_risk_the_check_is_a_success() -> None:
    plan = Unfolding(0, 1, (RiskPlan("AddonStatus"),))
    assert check_at(1, plan).status == "Success"


def test_a_stated_status_stands_whatever_the_risks_say() -> None:
    plan = Unfolding(0, 1, (RiskPlan("AddonStatus", status="Failed"),), status="Success")
    assert check_at(1, plan).status == "Success"


def test_a_check_that_never_ends_runs_on() -> None:
    plan = Unfolding(1, float("inf"), (RiskPlan("A", final_at=2), RiskPlan("B")))
    state = check_at(1e9, plan)
    assert (state.status, state.is_final) == ("Running", False)
    assert [risk.status for risk in state.risks] == ["Success", "Running"]


def test_a_check_may_go_back_to_running_after_it_was_final() -> None:
    plan = Unfolding(0, 1, (), relapse=Relapse(after=2, lasts=3))
    assert [check_at(age, plan).status for age in (0, 1, 2.9, 3, 5.9, 6)] == [
        "Running",
        "Success",
        "Success",
        "Running",
        "Running",
        "Success",
    ]


def test_a_final_check_may_show_words_that_the_api_does_not_know() -> None:
    plan = Unfolding(0, 0, (RiskPlan("A", status="Running"), RiskPlan(None, level="Severe", status=None)))
    state = check_at(0, plan)
    assert state.is_final
    assert [(risk.name, risk.level, risk.status) for risk in state.risks] == [
        ("A", "Warning", "Running"),
        (None, "Severe", None),
    ]


def test_what_is_left_out_in_the_scenario_is_left_out_of_the_answer() -> None:
    text = TEXT.replace("name: AddonStatus, final: 5s", "name: null, level: null, status: null")
    clock = Clock()
    with Emulator(parse(text, "x.yml"), clock=clock) as emulator:
        clock.now += 60
        task = ask(emulator, tasks_path(parse(text, "x.yml"))).json["items"][0]
    assert task["status"]["riskList"][0] == {}


moments = st.floats(0, 20)
risks = st.builds(
    RiskPlan,
    st.just("A"),
    st.sampled_from(["Warning", "Fatal"]),
    st.just("Warning"),
    st.sampled_from(["Success", "Failed"]),
    st.just(""),
    st.none() | moments,
    st.none() | moments,
)


@given(moments, moments, st.lists(risks, max_size=4), moments, moments)
def test_without_a_relapse_nothing_that_is_final_changes(
    init: float, running: float, plans: list[RiskPlan], early: float, later: float
) -> None:
    plan = Unfolding(init, init + running, tuple(plans))
    before, after = check_at(early, plan), check_at(early + later, plan)
    for old, new in zip(before.risks, after.risks, strict=True):
        assert old.status not in ("Success", "Failed") or new == old
    if before.is_final:
        assert after.is_final
    assert before.is_final == (before.status in ("Success", "Failed"))
