"""The reports to read, and the programs that read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from gate.model import Report, Target, Verdict
from gate.report import Style, renderer
from tests.pipelines.ground import ROOT
from tests.report.cases import CASES, allowed, fatal, judged, ok, report, rule, task, undecided, unlisted
from tests.report.cases import of_target as over
from tests.report.strategies import reports

PHONE, DESK = 360, 1280
"""Widths of a screen, in CSS pixels."""
_RANDOM = 8
"""With the cases no more than the 20 runs that GitHub takes in one SARIF log."""
_NODE = Path(os.environ.get("CCE_GATE_NODE") or ROOT / ".venv/node")


def debian(program: str, package: str) -> str:
    """The path of a program that a package of Debian has."""
    found = shutil.which(program)
    assert found, f"{program} is missing: run apt-get install -y {package}"
    return found


def node_package(name: str) -> Path:
    """The folder of a package that `make pipelines` installs; `CCE_GATE_NODE` names another place for all."""
    found = _NODE / "node_modules" / name
    assert found.is_dir(), f"{found} is missing: run make pipelines"
    return found


def render(name: str, made: Report) -> str:
    return renderer(name)(made, Style())


@cache
def samples() -> Mapping[str, Report]:
    """The known reports, and some that nobody thought of: the same ones in every run."""
    drawn: list[Report] = []

    @settings(
        max_examples=_RANDOM,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(reports())
    def draw(made: Report) -> None:
        first, last = sorted((made.started, made.finished))
        drawn.append(replace(made, started=first, finished=last))

    draw()
    known = {name: case() for name, case in CASES.items()}
    return known | {f"random-{number}": made for number, made in enumerate(drawn, 1)}


def everywhere(text: str) -> Report:
    """A report with `text` in every place that foreign text can come to."""
    listed = rule(risk=text, reason=text, owner=text, ticket=text, addon=None)
    what = task(addon=text, instance_name=text, task_id=text, target_version=text, message=text)
    fine = (ok(f"{text}{number}") for number in range(9))
    closed = judged(
        Verdict.BLOCKED, text, fatal(text, text), unlisted(text, text), allowed(listed, text), *fine, of=what
    )
    problems = tuple(
        replace(problem, message=text, hint=text, api_code=text, request_id=text)
        for problem in undecided().targets[0].judgement.problems
    )
    places = (Target(cluster_name=text, cluster_id=text, project_id=text), Target(source=text))
    return report(*(over(Verdict.BLOCKED, text, closed, target=each, problems=problems) for each in places))
