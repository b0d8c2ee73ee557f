"""The verdict as variables for later jobs: GitLab's `artifacts:reports:dotenv`.

Words and numbers only: GitLab expands `$` in the values, and a line of another form voids the file. No name
is that of an option (`CCE_GATE_<OPTION>`), which a later run of the gate would obey.
"""

from __future__ import annotations

from gate.model import Report
from gate.report import Style, wording
from gate.report.summary import Counts

PREFIX = "CCE_GATE_"


def render(report: Report, style: Style) -> str:  # noqa: ARG001
    """Lines of `NAME=value`. The verdict is `pass` only where the exit code is 0."""
    counts = Counts.of(report)
    values: dict[str, object] = {
        "VERDICT": wording.Outcome.of(report).verdict.value,
        "EXIT_CODE": int(report.exit_code),
        "TARGETS": counts.targets,
        "TASKS": counts.tasks,
        "RISKS": counts.risks,
        **{decision.name: number for decision, number in counts.decisions.items()},
        "PROBLEMS": sum(len(target.judgement.problems) for target in report.targets),
    }
    return "".join(f"{PREFIX}{name}={value}\n" for name, value in values.items())
