"""Asking for checks, with a workshop that does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from gate import app
from gate.creation import create
from gate.errors import ApiError, DeadlineReached, ExitCode, Interrupted, NotAnAnswer
from gate.model import (
    AddonRef,
    Answer,
    CheckType,
    Deadline,
    OrderedCheck,
    ProblemCode,
    Report,
    Schedule,
    Status,
    Target,
    Task,
    Unknown,
    Verdict,
)
from gate.model.addon import ClusterFacts, Installed, Release
from gate.ordering import Purchase, Values
from gate.plan import Wish
from tests.builders import WANTED, ago, answer, failed, other_task, policy, task
from tests.fakes import FakeClock, FakeObserver, always

NEW = task(created=ago(-1), task_id="new-1")
OTHER = other_task(created=ago(-1), task_id="new-2")
OLD = task(created=ago(30), task_id="old")
BUSY = ApiError("busy", "wait", transient=True, status=503, code="CCE.1", request_id="r-1")
LOCKED = ApiError("resource locked", "wait", transient=True, status=429)
HTML = NotAnAnswer("it looks like HTML", "check --endpoint", status=201)
CUT = DeadlineReached()
SIGNAL = Interrupted("SIGINT", ExitCode.SIGINT)

Ending = Sequence[Task] | BaseException


@dataclass
class FakeWorkshop:
    """Two add-ons. Each call to create takes the next of `creates`; the last one for ever."""

    clock: FakeClock
    creates: list[Ending]
    lists: Callable[[float], Answer | ApiError] = lambda _: answer()
    after: Callable[[float], Answer | ApiError] = lambda _: answer(NEW, OTHER)
    """What is listed once a check was asked for."""
    takes: float = 1.0
    target: Target = field(default=Target("https://cce.example.com", "project", "cluster"))
    posted: list[tuple[Sequence[OrderedCheck], CheckType, Values]] = field(default_factory=list)
    stumbles: list[ApiError] = field(default_factory=list)
    """What goes wrong before the checks are asked for, one a call."""

    def facts(self, deadline: Deadline) -> ClusterFacts:
        self._stumble()
        return ClusterFacts("prod", "v1.29", "VirtualMachine")

    def installed(self, deadline: Deadline) -> tuple[Installed, ...]:
        self._stumble()
        return tuple(
            Installed(each.addon or "", each.instance_id or "", each.instance_name, "1.0.0")
            for each in (NEW, OTHER)
        )

    def releases(self, template: str, deadline: Deadline) -> tuple[Release, ...]:
        self._stumble()
        return tuple(Release(version, True, None) for version in ("1.30.6", "2.4.72"))

    def tasks(self, deadline: Deadline) -> Answer:
        self._stumble()
        if deadline.remaining <= 0:
            raise CUT
        found = (self.after if self.posted else self.lists)(self.clock.elapsed)
        if isinstance(found, Answer):
            return found
        raise found

    def create(
        self, checks: Sequence[OrderedCheck], kind: CheckType, values: Values, deadline: Deadline
    ) -> tuple[Task, ...]:
        self.posted.append((checks, kind, values))
        self.clock.elapsed += self.takes
        ending = self.creates.pop(0) if len(self.creates) > 1 else self.creates[0]
        if isinstance(ending, BaseException):
            raise ending
        return tuple(ending)

    def _stumble(self) -> None:
        if self.stumbles:
            raise self.stumbles.pop(0)


@dataclass
class Made:
    """What came of a run."""

    report: Report
    shop: FakeWorkshop
    heard: list[str]

    @property
    def ended(self) -> tuple[Verdict, int]:
        """The verdict and how often checks were asked for."""
        return self.report.verdict, len(self.shop.posted)

    @property
    def problems(self) -> list[ProblemCode]:
        return [problem.code for problem in self.report.targets[0].judgement.problems]

    @property
    def reason(self) -> str:
        return self.report.targets[0].judgement.reason


COREDNS, EVEREST = AddonRef("coredns", "1.30.6"), AddonRef("everest", "2.4.72")
SCHEDULE = Schedule(timeout=60, discovery_timeout=10)


def made(*creates: Ending, addons: Sequence[AddonRef] = (COREDNS,), **more: object) -> Made:
    clock = FakeClock()
    values = more.pop("values", {})
    schedule = more.pop("schedule", SCHEDULE)
    shop = FakeWorkshop(clock, list(creates), **more)  # type: ignore[arg-type]
    observer = FakeObserver()
    wish = Wish(CheckType.UPGRADE, tuple(addons))
    purchase = Purchase(wish, values)  # type: ignore[arg-type]
    question = app.Question(replace(WANTED, addons=tuple(addons)), policy())
    report = create(shop, purchase, question, schedule, clock, always(0.5), observer)  # type: ignore[arg-type]
    return Made(report, shop, observer.heard)


def test_the_checks_of_a_cluster_are_asked_for_in_one_call() -> None:
    run = made([NEW, OTHER], addons=(COREDNS, EVEREST))
    assert run.ended == (Verdict.PASS, 1)
    assert [check.addon for check in run.shop.posted[0][0]] == ["coredns", "everest"]


def test_the_latest_version_is_waited_for_by_its_number() -> None:
    newest = replace(NEW, target_version="2.4.72")
    run = made([newest], addons=(AddonRef("coredns", "latest"),), after=lambda _: answer(newest))
    assert run.ended == (Verdict.PASS, 1)


def test_only_what_came_back_decides() -> None:
    blocked = replace(OTHER, task_id="elsewhere", risks=(failed(),), status=Status.FAILED)
    assert made([NEW], after=lambda _: answer(NEW, blocked)).ended == (Verdict.PASS, 1)


@pytest.mark.parametrize("failure", [BUSY, HTML, ApiError("reset", "wait", transient=True)])
def test_a_call_that_failed_after_it_worked_is_not_repeated(failure: ApiError) -> None:
    run = made(failure, lists=lambda _: answer(OLD), after=lambda _: answer(OLD, NEW))
    assert run.ended == (Verdict.PASS, 1)
    assert [each.task.task_id for each in run.report.deciding] == ["new-1"]
    assert any("looking whether" in each for each in run.heard)


@pytest.mark.parametrize("moment", [2, 5, 10.5])
def test_a_check_that_is_listed_within_the_discovery_time_is_used(moment: float) -> None:
    run = made(BUSY, after=lambda now: answer(NEW) if now >= moment else answer())
    assert run.ended == (Verdict.PASS, 1)


@pytest.mark.parametrize(
    "there", [answer(), answer(OLD), answer(OTHER), answer(replace(NEW, type=CheckType.STATIC))]
)
def test_a_check_that_is_not_found_is_undecided_and_says_so(there: Answer) -> None:
    run = made(BUSY, lists=lambda _: answer(OLD), after=lambda _: there)
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert run.problems == [ProblemCode.NOT_CREATED]
    assert "(busy), and none is listed after 10 s" in run.reason
    assert run.report.targets[0].judgement.problems[0].request_id == "r-1"
    assert run.shop.clock.elapsed == pytest.approx(11, abs=0.5)


def test_a_check_that_comes_after_the_discovery_time_is_not_used() -> None:
    run = made(BUSY, after=lambda now: answer(NEW) if now > 12 else answer())
    assert run.ended == (Verdict.UNDECIDED, 1)


def test_without_a_discovery_time_the_checks_are_looked_for_once() -> None:
    at_once = Schedule(timeout=60, discovery_timeout=0)
    assert made(BUSY, schedule=at_once).ended == (Verdict.PASS, 1)
    assert made(BUSY, schedule=at_once, after=lambda _: answer()).ended == (Verdict.UNDECIDED, 1)


def test_of_two_checks_one_that_is_not_found_is_named() -> None:
    run = made(BUSY, addons=(COREDNS, EVEREST), after=lambda _: answer(NEW))
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert "no check of everest to 2.4.72 is listed" in run.reason


def test_every_new_check_that_is_found_must_pass() -> None:
    twin = replace(NEW, task_id="new-9", risks=(failed(),), status=Status.FAILED)
    assert made(BUSY, after=lambda _: answer(NEW, twin)).ended == (Verdict.BLOCKED, 1)


def test_a_found_check_that_does_not_say_its_version_is_undecided() -> None:
    run = made(BUSY, after=lambda _: answer(replace(NEW, target_version=None)))
    assert run.ended == (Verdict.UNDECIDED, 1)


def test_a_look_up_rides_out_what_passes() -> None:
    run = made(BUSY, after=lambda now: BUSY if now < 4 else answer(NEW))
    assert run.ended == (Verdict.PASS, 1)


@pytest.mark.parametrize("failure", [BUSY, ApiError("forbidden", "ask", status=403)])
def test_a_look_up_that_can_not_be_made_is_an_error_that_says_both(failure: ApiError) -> None:
    run = made(BUSY, after=lambda _: failure)
    assert run.ended == (Verdict.ERROR, 1)
    assert run.problems == [ProblemCode.NOT_CREATED, ProblemCode.API_ERROR]
    assert (run.shop.clock.elapsed < 2) is not failure.transient


def test_a_look_up_ends_with_the_timeout() -> None:
    run = made(BUSY, after=lambda _: answer(), schedule=Schedule(timeout=5, discovery_timeout=60))
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert run.problems == [ProblemCode.NOT_CREATED]
    assert run.shop.clock.elapsed <= 5.1


def test_a_refusal_that_says_that_nothing_was_done_is_followed_by_another_call() -> None:
    late = replace(NEW, task_id="second", created=ago(-3))
    run = made(LOCKED, [late], after=lambda _: answer(NEW, late))
    assert run.ended == (Verdict.PASS, 2)
    assert [each.task.task_id for each in run.report.deciding] == ["second"]


def test_a_refusal_for_ever_ends_in_time_as_an_error() -> None:
    run = made(LOCKED)
    assert run.ended[0] is Verdict.ERROR
    assert run.shop.clock.elapsed <= 61
    assert "not created: resource locked" in run.reason


def test_a_pause_that_is_longer_than_the_timeout_is_not_waited_for() -> None:
    run = made(ApiError("locked", "wait", transient=True, status=429, retry_after=600))
    assert run.ended == (Verdict.ERROR, 1)
    assert run.problems == [ProblemCode.API_ERROR, ProblemCode.TIMED_OUT]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_for_good_is_an_error_after_one_call(status: int) -> None:
    run = made(ApiError("refused", "see", status=status, retry_after=1.0))
    assert run.ended == (Verdict.ERROR, 1)
    assert run.problems == [ProblemCode.API_ERROR]
    assert "the checks were not created: refused" in run.reason


@pytest.mark.parametrize(
    "created",
    [
        [replace(NEW, target_version="1.27.1")],
        [replace(NEW, instance_id="another")],
        [replace(NEW, type=CheckType.STATIC)],
        [replace(NEW, type=Unknown())],
        [NEW, OTHER],
        [NEW, replace(NEW, task_id="new-3")],
        [OLD],
    ],
)
def test_what_came_instead_is_undecided_whatever_it_comes_to(created: list[Task]) -> None:
    run = made(created, lists=lambda _: answer(OLD), after=lambda _: answer(OLD, NEW, *created))
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert run.problems == [ProblemCode.NOT_AS_ORDERED]
    assert "asked for: coredns to 1.30.6" in run.reason


def test_what_came_short_is_undecided() -> None:
    run = made([NEW], addons=(COREDNS, EVEREST))
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert "everest to 2.4.72" in run.reason


@pytest.mark.parametrize(
    "listed",
    [
        [],
        [replace(NEW, target_version="1.27.1")],
        [replace(NEW, type=CheckType.STATIC)],
        [replace(NEW, created=ago(3600))],
        [replace(NEW, status=Status.RUNNING)],
        [replace(NEW, task_id=None)],
        [OLD],
    ],
)
def test_a_task_that_is_listed_otherwise_than_it_was_created_is_undecided(listed: list[Task]) -> None:
    assert made([NEW], after=lambda _: answer(*listed)).ended == (Verdict.UNDECIDED, 1)


def test_an_old_success_does_not_stand_in_for_a_new_check_that_blocks() -> None:
    blocked = replace(NEW, risks=(failed(),), status=Status.FAILED)
    run = made([blocked], lists=lambda _: answer(OLD), after=lambda _: answer(OLD, blocked))
    assert run.ended == (Verdict.BLOCKED, 1)


@pytest.mark.parametrize("count", [2, Unknown("many")])
def test_where_the_list_is_incomplete_nothing_is_asked_for(count: int | Unknown) -> None:
    run = made([NEW], lists=lambda _: answer(OLD, count=count))
    assert run.ended == (Verdict.UNDECIDED, 0)
    assert run.problems == [ProblemCode.LIST_INCOMPLETE]


@pytest.mark.parametrize("addon", ["cordns", "cceaddon"])
def test_an_add_on_that_is_not_installed_is_undecided_and_nothing_is_asked_for(addon: str) -> None:
    run = made([NEW], addons=(AddonRef(addon, "1.30.6"),))
    assert run.ended == (Verdict.UNDECIDED, 0)
    assert run.problems == [ProblemCode.ADDON_MISSING]


def test_values_go_with_the_instance_that_they_are_for_and_no_other() -> None:
    run = made([NEW, OTHER], addons=(COREDNS, EVEREST), values={"cceaddon-everest": {"basic": {"a": 1}}})
    assert run.shop.posted[0][2] == {OTHER.instance_id: {"basic": {"a": 1}}}


def test_values_for_nothing_are_undecided_and_nothing_is_asked_for() -> None:
    run = made([NEW], values={"cordns": {}})
    assert run.ended == (Verdict.UNDECIDED, 0)
    assert "--values cordns" in run.reason


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_what_passes_before_the_call_is_ridden_out(calls: int) -> None:
    run = made([NEW], stumbles=[BUSY] * calls)
    assert run.ended == (Verdict.PASS, 1)
    assert run.heard.count("busy; asking again") == calls


def test_what_is_refused_before_the_call_is_an_error() -> None:
    assert made([NEW], stumbles=[ApiError("forbidden", "ask", status=403)]).ended == (Verdict.ERROR, 0)


def test_the_deadline_before_the_call_says_that_nothing_was_created() -> None:
    run = made([NEW], schedule=Schedule(timeout=0, discovery_timeout=0))
    assert run.ended == (Verdict.UNDECIDED, 0)
    assert "none was created" in run.reason


def test_the_deadline_during_the_call_leaves_open_what_was_created() -> None:
    run = made(CUT)
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert "whether they were created is open" in run.reason


def test_a_signal_during_the_call_is_undecided_with_its_exit_code() -> None:
    run = made(SIGNAL)
    assert run.ended == (Verdict.UNDECIDED, 1)
    assert run.report.exit_code is ExitCode.SIGINT
    assert run.problems == [ProblemCode.INTERRUPTED]
