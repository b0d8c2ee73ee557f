"""What the gate says: decisions, verdicts and the report that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from gate.errors import ExitCode
from gate.model.evidence import Answer, Instant, Risk, Task
from gate.model.policy import Policy, Rule
from gate.model.wanted import Target, Wanted


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
    NOT_CREATED = "not-created"
    NOT_AS_ORDERED = "not-as-ordered"


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
    """`rule` is the rule that decided (of `deny` too), or that would have if it had not expired."""

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
class Basis:
    """What a judgement was made from, beside the policy and the target: enough to make it again."""

    answer: Answer
    wanted: Wanted
    at: Instant


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge says of one answer. `basis` is None where there was no answer."""

    verdict: Verdict
    reason: str
    problems: tuple[Problem, ...]
    tasks: tuple[JudgedTask, ...]
    matched: frozenset[Rule] = frozenset()
    """The policy rules that some failed risk fell under, whether or not they decided."""
    overruled: frozenset[tuple[Rule, Rule]] = frozenset()
    """Allow rules that a risk fell under which a deny rule, the second of the pair, blocked."""
    basis: Basis | None = None

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
    """What the run says about the allow rules of the policy. A rule stands in one of the lists at most,
    but for `expiring`."""

    policy: Policy
    unused: tuple[Rule, ...] | None
    """Rules that matched nothing, though a check that they apply to was judged; None: the run can't tell."""
    expired: tuple[Rule, ...]
    expiring: tuple[Rule, ...] = ()
    """Rules in force that end within `SOON`."""
    shadowed: tuple[tuple[Rule, Rule], ...] = ()
    """Rules that a rule of `deny`, the second of the pair, leaves nothing or has overruled in this run."""
    unseen: tuple[Rule, ...] | None = None
    """Rules for add-ons, versions, clusters or types of which no check was judged; None: it can't tell."""


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
