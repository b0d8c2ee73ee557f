"""A JSON report, from bytes to what can be judged again. `report-v1.schema.json` describes its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from gate.api.parse import read_answer
from gate.api.strict_json import load_object
from gate.errors import ExitCode, NotAnAnswer
from gate.evidence.form import Node
from gate.model import (
    AddonRef,
    Basis,
    CheckType,
    Instant,
    Order,
    OrderedCheck,
    PolicyFile,
    Problem,
    ProblemCode,
    Target,
    Verdict,
    Wanted,
)
from gate.report import sealed
from gate.report.sealed import NotEvidence
from gate.seal import canonical, digest, same

_LONGEST = timedelta(days=366).total_seconds()
_INTERRUPTED = (ExitCode.SIGINT, ExitCode.SIGTERM)


@dataclass(frozen=True, slots=True)
class RecordedTarget:
    """A target, what its judgement was made from, and the problems that it was told with."""

    target: Target
    basis: Basis | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A report whose seal holds. `document` is all of it; `seal` says in words what of the seal held."""

    document: Mapping[str, object]
    seal: str
    verdict: Verdict
    exit_code: ExitCode
    started: Instant
    finished: Instant
    files: tuple[PolicyFile, ...]
    targets: tuple[RecordedTarget, ...]

    @property
    def was_interrupted(self) -> bool:
        return self.exit_code in _INTERRUPTED


def read(data: bytes, key: bytes | None, *, needs_key: bool = True) -> Record:
    """Read a JSON report. Raises `NotEvidence` where anything of it is not as the gate wrote it.

    `key` and `needs_key` are those of `sealed.check`.
    """
    try:
        document = load_object(data)
        held = sealed.check(document, data, key, needs_key=needs_key)
    except NotAnAnswer as error:
        raise NotEvidence(
            error.message.replace("the answer", "it", 1), "take the report as --report json wrote it, whole"
        ) from None
    root = Node(document)
    code = root.number("exitCode")
    if code not in (0, 1, 3, 4, 130, 143):
        root.wrong("exitCode")
    return Record(
        document,
        held,
        root.word(Verdict, "verdict"),
        ExitCode(code),
        root.moment("startedAt"),
        root.moment("finishedAt"),
        tuple(
            PolicyFile(each.text("path"), each.text("sha256")) for each in root.node("policy").nodes("files")
        ),
        tuple(_target(each) for each in root.nodes("targets")),
    )


def _target(node: Node) -> RecordedTarget:
    target = Target(
        endpoint=node.text_or_none("endpoint"),
        project_id=node.text_or_none("projectId"),
        cluster_id=node.text_or_none("clusterId"),
        cluster_name=node.text_if_there("clusterName"),
        source=node.text_if_there("source"),
    )
    evidence = node.node_or_none("evidence")
    problems = tuple(_problem(each) for each in node.nodes("problems"))
    if evidence is None and not problems:
        raise NotEvidence(
            f"{node.where} holds neither an answer that was judged nor a problem",
            "make a new report with cce-gate check",
        )
    return RecordedTarget(target, None if evidence is None else _basis(evidence), problems)


def _problem(node: Node) -> Problem:
    verdict = node.word(Verdict, "verdict")
    if verdict is Verdict.PASS:
        node.wrong("verdict")
    return Problem(
        node.word(ProblemCode, "code"),
        node.text("message"),
        node.text("hint"),
        verdict,
        node.text_if_there("apiCode"),
        node.text_if_there("requestId"),
    )


def _basis(node: Node) -> Basis:
    answer = node.node("answer").value
    text = canonical(answer)
    if not same(node.text("sha256"), digest(text)):
        raise NotEvidence(
            f"the digest of {node.where}.answer does not hold: it was changed",
            "make a new report with cce-gate check, and look for what changed this one",
        )
    try:
        read_back = read_answer(answer)
    except NotAnAnswer as error:
        raise NotEvidence(f"{node.where}.answer: {error.message}", error.hint) from None
    return Basis(read_back, _wanted(node.node("asked")), node.moment("judgedAt"))


def _wanted(node: Node) -> Wanted:
    order, kind = node.node_or_none("order"), node.word(CheckType, "type")
    return Wanted(
        type=kind,
        task_ids=node.texts("taskIds"),
        addons=tuple(_addon(node, text) for text in node.texts("addons")),
        max_age=_max_age(node),
        order=None if order is None else _order(order, kind),
    )


def _addon(node: Node, text: str) -> AddonRef:
    name, at, version = text.partition("@")
    if not name or (at and not version):
        node.wrong("addons")
    return AddonRef(name, version or None)


def _max_age(node: Node) -> timedelta | None:
    if "maxAge" not in node.value:
        node.wrong("maxAge")
    seconds = node.value["maxAge"]
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        node.wrong("maxAge")
    if not 0 < seconds <= _LONGEST:
        node.wrong("maxAge")
    return timedelta(seconds=seconds)


def _order(node: Node, kind: CheckType) -> Order:
    """A check of an add-on as it runs has no target version, and any other must have one."""
    return Order(
        checks=tuple(
            OrderedCheck(
                each.text("addon"),
                each.text("instanceId"),
                each.text_or_none("targetVersion")
                if kind is CheckType.STATIC
                else each.text("targetVersion"),
            )
            for each in node.nodes("checks")
        ),
        since=node.moment("since"),
        earlier=frozenset(node.texts("earlier")),
    )
