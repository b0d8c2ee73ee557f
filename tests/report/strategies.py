"""Reports as the judge can make them, with texts as bad as an API, a proxy or an attacker can send."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import product
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from gate.errors import ExitCode
from gate.model import (
    CheckType,
    Decision,
    Effect,
    Instant,
    JudgedRisk,
    JudgedTask,
    Judgement,
    Level,
    Policy,
    PolicyFile,
    PolicyReport,
    Problem,
    ProblemCode,
    Report,
    Risk,
    Rule,
    Status,
    Target,
    TargetReport,
    Task,
    Unknown,
    Verdict,
    worst,
)
from gate.pattern import Pattern

FRAGMENTS = (
    "::error::x", "::", ":", "##[group]", "##", "#", "[", "##vso[task.complete]", "vso[",
    "\n", "\r\n", "\r", "\t", " ", "   ", "\x00", "\x0b", "\x1b[2J", "\x1c", "\x7f", "\x85", "\x9b",
    "\xa0", "\xad", "\u0301", "\u034f", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029", "\u202e",
    "\u2066", "\u3000", "\ufe0f", "\ufeff", "\ud800", "\udfff", "\U000e0041", "\U000e0100",
    "PASS: go on (exit 0)", "BLOCKED", "ERROR: x", "UNDECIDED: ", "| ", "\\", '"', "'", "{", "- ",
    "插件状态异常", "，", "（", "）", "é", "e\u0301", "👩\u200d💻", "❤\ufe0f", "#\ufe0f\u20e3",
    "coredns", "AddonStatus", "x" * 90, "配" * 50, "a b " * 30,
)  # fmt: skip

whole_reports = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties of whole reports, which take long to make."""


def _as_json_reads_it(text: str) -> str:
    """A high and a low surrogate side by side are one character to any JSON reader: so they never arrive."""
    read: str = json.loads(json.dumps(text))
    return read


hostile = (
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.characters(codec=None)), max_size=8)
    .map("".join)
    .map(_as_json_reads_it)
)
"""Any text; dear, so reports take theirs from a store of pairs."""
foreign = st.sampled_from(["", *(_as_json_reads_it(a + b) for a, b in product(FRAGMENTS, repeat=2))])
short = st.one_of(st.sampled_from(["coredns", "AddonStatus", "K8sResourceModified", "1.30.6"]), foreign)
maybe = st.one_of(st.none(), short)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
instants = st.builds(
    Instant,
    st.integers(1_600_000_000_000_000_000, 1_900_000_000_000_000_000),
    foreign.filter(bool),
)
unknown = st.builds(Unknown, maybe)
patterns = st.sampled_from([None, *map(Pattern.parse, ("down", "^a|b$", "配置 .* 修改", r"\[::\]"))])
rules = st.builds(
    Rule,
    short,
    st.integers(1, 9999),
    short,
    short,
    addon=maybe,
    target_version=st.sampled_from([None, ">=1.30,<1.31"]),
    cluster=st.lists(short, max_size=2).map(tuple),
    type=st.sampled_from([None, *CheckType]),
    message=patterns,
    expires=st.none() | days,
    owner=maybe,
    ticket=maybe,
)
denials = rules.map(lambda rule: replace(rule, effect=Effect.DENY, expires=None))

_T = TypeVar("_T")


def _or_unknown(known: st.SearchStrategy[_T]) -> st.SearchStrategy[_T | Unknown]:
    return st.one_of(known, unknown)


levels = _or_unknown(st.sampled_from(Level))
unfinished = _or_unknown(st.sampled_from([Status.INIT, Status.RUNNING]))

ok_risks = st.builds(
    JudgedRisk,
    st.builds(Risk, maybe, levels, st.just(Status.SUCCESS), foreign),
    st.just(Decision.OK),
    foreign,
)
allowed_risks = st.builds(
    JudgedRisk,
    st.builds(Risk, short, st.just(Level.WARNING), st.just(Status.FAILED), foreign),
    st.just(Decision.ALLOWED),
    foreign,
    rules,
)
blocked_risks = st.builds(
    JudgedRisk,
    st.builds(Risk, maybe, levels, st.just(Status.FAILED), foreign),
    st.just(Decision.BLOCKED),
    foreign,
    st.none() | rules | denials,
)
inconclusive_risks = st.builds(
    JudgedRisk, st.builds(Risk, maybe, levels, unfinished, foreign), st.just(Decision.INCONCLUSIVE), foreign
)
good_risks = st.lists(st.one_of(ok_risks, allowed_risks), max_size=3)
any_risks = st.lists(st.one_of(ok_risks, allowed_risks, blocked_risks, inconclusive_risks), max_size=4)


def _tasks(statuses: st.SearchStrategy[Status | Unknown]) -> st.SearchStrategy[Task]:
    return st.builds(
        Task,
        task_id=maybe,
        type=_or_unknown(st.sampled_from(CheckType)),
        addon=maybe,
        instance_name=maybe,
        instance_id=maybe,
        target_version=maybe,
        created=st.one_of(instants, unknown),
        expires=st.one_of(instants, unknown),
        status=statuses,
        message=foreign,
    )


_final = _tasks(st.sampled_from([Status.SUCCESS, Status.FAILED]))
passing_tasks = st.builds(JudgedTask, _final, st.just(Verdict.PASS), foreign, good_risks.map(tuple))
closed_tasks = st.builds(
    JudgedTask,
    st.one_of(_final, _tasks(unfinished)),
    st.sampled_from([Verdict.BLOCKED, Verdict.UNDECIDED]),
    foreign,
    any_risks.map(tuple),
)
superseded_tasks = st.builds(
    JudgedTask, _final, st.just(Verdict.UNDECIDED), foreign, any_risks.map(tuple), st.just(True)
)
problems = st.builds(
    Problem,
    st.sampled_from(ProblemCode),
    foreign,
    foreign,
    st.sampled_from([Verdict.UNDECIDED, Verdict.ERROR, Verdict.BLOCKED]),
    maybe,
    maybe,
)
targets = st.builds(Target, maybe, maybe, maybe, maybe, maybe)


@st.composite
def target_reports(draw: st.DrawFn) -> TargetReport:
    tasks = draw(
        st.lists(st.one_of(passing_tasks, passing_tasks, closed_tasks, superseded_tasks), max_size=3)
    )
    found = draw(st.one_of(st.just([]), st.lists(problems, max_size=2)))
    verdict = worst([*(p.verdict for p in found), *(t.verdict for t in tasks if not t.superseded)])
    return TargetReport(draw(targets), Judgement(verdict, draw(foreign), tuple(found), tuple(tasks)))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    over = draw(st.lists(target_reports(), max_size=3))
    verdict = worst(target.judgement.verdict for target in over)
    signalled = verdict is not Verdict.PASS and draw(st.booleans())
    files = st.builds(PolicyFile, short, st.just("0" * 64))
    policy = Policy(
        tuple(draw(st.lists(files, max_size=2))),
        tuple(draw(st.lists(rules, max_size=2))),
        tuple(draw(st.lists(denials, max_size=1))),
    )
    named = st.lists(rules, max_size=2).map(tuple)
    told = draw(st.booleans())
    times = st.integers(1_700_000_000_000_000_000, 1_800_000_000_000_000_000).map(Instant)
    return Report(
        verdict=verdict,
        exit_code=ExitCode.SIGTERM if signalled else verdict.exit_code,
        started=draw(times),
        finished=draw(times),
        targets=tuple(over),
        policy=PolicyReport(
            policy,
            draw(named) if told else None,
            draw(named),
            expiring=draw(named),
            shadowed=draw(st.lists(st.tuples(rules, denials), max_size=1).map(tuple)),
            unseen=draw(named) if told else None,
        ),
        max_age_checked=draw(st.booleans()),
    )
