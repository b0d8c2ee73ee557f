"""A JSON report reads back as what was judged, and what is none is refused."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given

from gate.errors import UsageError
from gate.model import Instant, JudgedRisk, JudgedTask, Report, Rule, Unknown
from gate.report import Style
from gate.report.json_report import document, render
from gate.report.saved import is_report, read_targets

from .cases import blocked, fleet, passes
from .strategies import reports, whole_reports


def _time(moment: Instant | Unknown) -> Unknown:
    return moment if isinstance(moment, Unknown) else Unknown(moment.text)


def _rule(kept: Rule | None) -> Rule | None:
    if kept is None:
        return None
    return Rule(kept.file, kept.line, kept.risk, kept.reason, expires=kept.expires, effect=kept.effect)


def _risk(judged: JudgedRisk) -> JudgedRisk:
    return replace(judged, rule=_rule(judged.rule))


def _task(judged: JudgedTask) -> JudgedTask:
    kept = replace(
        judged.task, created=_time(judged.task.created), expires=_time(judged.task.expires), risks=()
    )
    return replace(judged, task=kept, risks=tuple(map(_risk, judged.risks)))


@whole_reports
@given(reports())
def test_a_report_reads_back_as_what_was_judged(made: Report) -> None:
    read = read_targets(json.loads(render(made, Style())))
    for target, again in zip(made.targets, read, strict=True):
        assert again.target == target.target
        assert (again.judgement.verdict, again.judgement.reason) == (
            target.judgement.verdict,
            target.judgement.reason,
        )
        assert again.judgement.tasks == tuple(map(_task, target.judgement.tasks))


def test_only_what_has_a_version_calls_itself_a_report() -> None:
    assert is_report(document(passes()))
    assert not is_report({"kind": "AddonCheck", "items": []})


@pytest.mark.parametrize("version", [0, 2, "1", True, None, 1.0, [1]])
def test_a_report_of_another_version_is_refused(version: object) -> None:
    with pytest.raises(UsageError, match="schemaVersion"):
        read_targets({**document(passes()), "schemaVersion": version})


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [found for key in keys for found in ((*path, key), *_paths(value[key], (*path, key)))]


_READ_OF_A_RULE = ("file", "line", "risk", "reason", "expires", "effect")


@pytest.mark.parametrize("made", [blocked(), fleet(), passes()])
def test_a_value_of_the_wrong_kind_is_refused_with_its_place_unless_nothing_reads_it(made: Report) -> None:
    whole = document(made)
    for path, wrong in product(_paths(whole["targets"]), (7, [7], {"x": 7})):
        broken = copy.deepcopy(whole)
        holder = broken["targets"]
        for step in path[:-1]:
            holder = holder[step]
        if type(holder[path[-1]]) is type(wrong):
            continue
        holder[path[-1]] = wrong
        of_a_rule = "rule" in path[:-1] and path[-1] not in _READ_OF_A_RULE
        if {"problems", "remedy", "evidence"} & set(path) or of_a_rule:
            read_targets(broken)
        else:
            with pytest.raises(UsageError, match=r"targets\["):
                read_targets(broken)


@pytest.mark.parametrize("key", ["verdict", "reason", "tasks"])
def test_a_target_without_what_every_report_has_is_refused(key: str) -> None:
    whole = document(passes())
    del whole["targets"][0][key]
    with pytest.raises(UsageError, match=rf"targets\[0\]\.{key} "):
        read_targets(whole)


@pytest.mark.parametrize("targets", [None, {}, "x", [None], [[]]])
def test_targets_that_are_no_list_of_objects_are_refused(targets: object) -> None:
    with pytest.raises(UsageError, match="targets"):
        read_targets({"schemaVersion": 1, "targets": targets})


def test_a_rule_without_an_effect_or_with_an_impossible_end_is_refused() -> None:
    for key, wrong in (("effect", "permit"), ("expires", "soon"), ("line", "12")):
        whole = document(passes())
        judged = next(
            risk for task in whole["targets"][0]["tasks"] for risk in task["risks"] if "rule" in risk
        )
        judged["rule"][key] = wrong
        with pytest.raises(UsageError, match=rf"rule\.{key} "):
            read_targets(whole)
