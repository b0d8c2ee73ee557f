"""What a person sees while the gate waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.cli.progress import HEARTBEAT, Lines, clip, frame, summary
from gate.errors import ApiError
from gate.judge import judge
from gate.model import Answer, Schedule, Status, Task
from gate.poll import End, Watch
from gate.report.layout import cells
from tests.builders import NOW, WANTED, answer, failed, policy, risk, task
from tests.fakes import FakeClock

SCHEDULE = Schedule(timeout=900, discovery_timeout=60)
BEFORE = Watch(SCHEDULE, started=0.0, due=0.0)


def seen(given: Answer) -> Watch:
    return replace(BEFORE, judgement=judge(given, WANTED, policy(), NOW))


def numbered(number: int, status: Status) -> Task:
    return task(task_id=f"t{number}", instance_id=f"i{number}", addon=f"addon-{number:02}", status=status)


def test_it_says_what_is_waited_for_how_long_already_and_how_long_still() -> None:
    running = task(risk(), risk(status=Status.RUNNING), status=Status.RUNNING)
    lines = frame(seen(answer(running)), 65.0, SCHEDULE, 0, 10)
    assert lines[0].endswith("1:05, 13:55 left  waiting for 1 of 1 check")
    assert lines[1].strip() == "coredns -> 1.30.6  running, 1/2 risks checked"


@pytest.mark.parametrize("rows", [1, 2, 3, 6, 14, 40])
def test_whatever_the_height_what_is_not_final_is_shown_first(rows: int) -> None:
    tasks = [numbered(n, Status.SUCCESS) for n in range(20)] + [numbered(20, Status.RUNNING)]
    lines = frame(seen(answer(*tasks)), 0.0, SCHEDULE, 0, rows)
    assert len(lines) <= rows
    if rows > 2:
        assert "addon-20" in lines[1]
    if 1 < rows < 22:
        assert "more" in lines[-1]


def test_a_failure_is_told_and_that_it_goes_on() -> None:
    busy = ApiError("the API answered 503", "wait", transient=True)
    assert summary(replace(BEFORE, failure=busy)) == "the API answered 503; asking again"
    assert summary(replace(BEFORE, failure=busy, end=End.FAILED)) == "the API answered 503; giving up"


def test_what_is_missing_is_told() -> None:
    assert "nothing to judge" in summary(seen(answer()))


def test_text_of_the_api_cannot_command_the_terminal() -> None:
    hostile = task(failed(), addon="\x1b[2J", target_version="\r\n::error::", status=Status.RUNNING)
    for line in [*frame(seen(answer(hostile)), 0.0, SCHEDULE, 0, 9), summary(seen(answer(hostile)))]:
        assert line.isprintable()


@pytest.mark.parametrize("width", [0, 1, 5, 20])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert cells(clip("插件 coredns 状态异常", width)) <= width


def test_a_log_has_a_line_for_each_change_and_a_heartbeat(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    lines = Lines(SCHEDULE, clock)
    running, done = seen(answer(task(status=Status.RUNNING))), seen(answer(task()))
    for watch in (running, running, running, done):
        clock.elapsed += 10
        lines.asked(watch)
    assert len(capsys.readouterr().err.splitlines()) == 3
    clock.elapsed += HEARTBEAT
    lines.asked(done)
    assert len(capsys.readouterr().err.splitlines()) == 1
