"""What the gate says: decisions, verdicts and the report that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from gate.errors import ExitCode
from gate.model.evidence import Instant, Risk, Task
from gate.model.policy import Policy, Rule
from gate.model.wanted import Target


class Verdict(Enum):
    """The end of a run. Among several the worst holds: see `worst`."""

    PASS = "pass"  # noqa: S105
    UNDECIDED = "undecided"
    ERROR = "error"
    BLOCKED = "blocked"

    @property
    def exit_code(self) -> ExitCode:
        return ExitCode[self.name]


_FROM_BEST_TO_WORST = (Verdict.PASS, Verdict.UNDECIDED, Verdict.ERROR, Verdict.BLOCKED)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of `verdicts`: blocked over error over undecided over pass.

    Of none at all it is `UNDECIDED`: nothing to judge is never a pass.
    """
    return max(verdicts, key=_FROM_BEST_TO_WORST.index, default=Verdict.UNDECIDED)


class Decision(Enum):
    """What the judge makes of one risk."""

    OK = "ok"
    ALLOWED = "allowed"
    BLOCKED = "blocked"
    INCONCLUSIVE = "inconclusive"


class ProblemCode(Enum):
    """Why a target as a whole has no pass, beside what its tasks say."""

    NO_TASKS = "no-tasks"
    TASK_MISSING = "task-missing"
    ADDON_MISSING = "addon-missing"
    LIST_INCOMPLETE = "list-incomplete"
    CONTRADICTION = "contradiction"
    TIMED_OUT = "timed-out"
    INTERRUPTED = "interrupted"
    API_ERROR = "api-error"
    NOT_AN_ANSWER = "not-an-answer"


@dataclass(frozen=True, slots=True)
class Problem:
    """A named reason against a pass that belongs to the target, not to one task."""

    code: ProblemCode
    message: str
    hint: str
    verdict: Verdict = Verdict.UNDECIDED
    api_code: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class JudgedRisk:
    """`rule` is the policy rule that decided, or that would have if it had not expired."""

    risk: Risk
    decision: Decision
    reason: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class JudgedTask:
    """A superseded task is reported and not judged: its verdict is `UNDECIDED` and counts for nothing."""

    task: Task
    verdict: Verdict
    reason: str
    risks: tuple[JudgedRisk, ...]
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge says of one answer."""

    verdict: Verdict
    reason: str
    problems: tuple[Problem, ...]
    tasks: tuple[JudgedTask, ...]
    matched: frozenset[Rule] = frozenset()
    """The policy rules that some failed risk fell under, whether or not they decided."""

    @property
    def deciding(self) -> tuple[JudgedTask, ...]:
        return tuple(judged for judged in self.tasks if not judged.superseded)

    @property
    def unfinished(self) -> tuple[JudgedTask, ...]:
        """The deciding tasks that are not final yet."""
        return tuple(judged for judged in self.deciding if not judged.task.is_final)

    @property
    def is_settled(self) -> bool:
        """Everything that was asked for is there and final: more waiting changes nothing."""
        return bool(self.deciding) and not self.problems and not self.unfinished

    @property
    def blocks_already(self) -> bool:
        """Whether a final task stands in the way, whatever the others come to."""
        return any(judged.task.is_final and judged.verdict is Verdict.BLOCKED for judged in self.deciding)


@dataclass(frozen=True, slots=True)
class TargetReport:
    """A target and what was found about it."""

    target: Target
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class PolicyReport:
    """What the run says about the policy. `unused` is None where the run cannot tell."""

    policy: Policy
    unused: tuple[Rule, ...] | None
    expired: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of a run, from which every format is rendered."""

    verdict: Verdict
    exit_code: ExitCode
    started: Instant
    finished: Instant
    targets: tuple[TargetReport, ...]
    policy: PolicyReport
    max_age_checked: bool
    """False where the age of the tasks was not limited (`--max-age 0`, saved answers)."""

    @property
    def deciding(self) -> tuple[JudgedTask, ...]:
        return tuple(task for target in self.targets for task in target.judgement.deciding)

    def count(self, decision: Decision) -> int:
        """How many risks of deciding tasks ended in `decision`."""
        return sum(risk.decision is decision for task in self.deciding for risk in task.risks)
