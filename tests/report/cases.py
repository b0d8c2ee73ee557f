"""Reports that a person may meet, built by hand: the examples in `examples/` are their text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

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

COREFILE = (
    "configmap coredns had been modified, failed to ensure the consistency of corefile between current and "
    "recorded, the manually modified configuration by user may be lost if upgrade continue: 1. rollback "
    "current corefile; 2. set parameterSyncStrategy to force to force take over; 3. set "
    "parameterSyncStrategy to inherit to auto inherit your configuration; "
)
STALE = (
    "stale: the result expired at 2025-08-12T07:10:00+08:00; "
    "stale: it was created at 2025-08-11T07:10:00+08:00, longer ago than --max-age"
)
FILE = PolicyFile("policies/prod.yml", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


def at(text: str) -> Instant:
    """The instant that `text` (ISO 8601, with an offset) names, as the API would have written it."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return Instant(int(moment.timestamp() * 1000) * 1_000_000, text)


STARTED = at("2025-08-13T03:27:02.250+00:00")
FINISHED = at("2025-08-13T03:30:12.345+00:00")

CLUSTER = Target(
    endpoint="https://cce.cn-north-4.myhuaweicloud.com",
    project_id="08a1b2c3d4e5f60718293a4b5c6d7e8f",
    cluster_id="6b400e1c-4368-11f0-ba56-0255ac100037",
    cluster_name="prod-1",
)


def rule(line: int = 12, **changes: Any) -> Rule:
    values: dict[str, Any] = {
        "file": FILE.path,
        "line": line,
        "risk": "K8sResourceModified",
        "reason": "Corefile is managed by the network team, carried over by inherit",
        "addon": "coredns",
        "expires": date(2025, 12, 31),
        "owner": "team-network",
        "ticket": "NET-123",
    }
    return Rule(**{**values, **changes})


def task(**changes: Any) -> Task:
    values: dict[str, Any] = {
        "task_id": "22386048-d955-4409-bc71-20cc2b774245",
        "type": CheckType.UPGRADE,
        "addon": "coredns",
        "instance_name": "cceaddon-coredns",
        "instance_id": "8fcaa506-809d-4f33-91b3-b27efcbeb540",
        "target_version": "1.30.6",
        "created": at("2025-08-13T11:24:37.312+08:00"),
        "expires": at("2025-08-14T11:24:37.312+08:00"),
        "status": Status.FAILED,
        "message": "Addon task check finish",
    }
    return Task(**{**values, **changes})


def ok(name: str) -> JudgedRisk:
    return JudgedRisk(Risk(name, Level.WARNING, Status.SUCCESS), Decision.OK, "no risk found")


def fatal(name: str = "AddonValidate", message: str = COREFILE) -> JudgedRisk:
    risk = Risk(name, Level.FATAL, Status.FAILED, message)
    return JudgedRisk(risk, Decision.BLOCKED, "Fatal is never allowed")


def unlisted(name: str = "AddonStatus", message: str = "addon status(abnormal) is not running") -> JudgedRisk:
    risk = Risk(name, Level.WARNING, Status.FAILED, message)
    return JudgedRisk(risk, Decision.BLOCKED, "not listed by the policy")


def allowed(by: Rule, message: str = "configmap coredns modified") -> JudgedRisk:
    risk = Risk(by.risk, Level.WARNING, Status.FAILED, message)
    return JudgedRisk(risk, Decision.ALLOWED, f"listed by the policy: {by.reason}", by)


def judged(verdict: Verdict, reason: str, *risks: JudgedRisk, of: Task | None = None) -> JudgedTask:
    return JudgedTask(of or task(), verdict, reason, risks)


def report(
    *targets: TargetReport,
    policy: PolicyReport | None = None,
    exit_code: ExitCode | None = None,
    max_age_checked: bool = True,
) -> Report:
    verdict = worst(target.judgement.verdict for target in targets)
    return Report(
        verdict=verdict,
        exit_code=exit_code or verdict.exit_code,
        started=STARTED,
        finished=FINISHED,
        targets=targets,
        policy=policy or PolicyReport(Policy(files=(FILE,), allow=(rule(),)), unused=(), expired=()),
        max_age_checked=max_age_checked,
    )


def of_target(
    verdict: Verdict,
    reason: str,
    *tasks: JudgedTask,
    target: Target = CLUSTER,
    problems: tuple[Problem, ...] = (),
) -> TargetReport:
    return TargetReport(target, Judgement(verdict, reason, problems, tasks))


def passes() -> Report:
    """One Warning allowed by the policy, the rest ok; an older check is superseded."""
    older = task(
        task_id="0b0f6c1e-1111-4409-bc71-20cc2b774245",
        created=at("2025-08-12T19:02:11.5+08:00"),
        addon="coredns",
    )
    tasks = (
        judged(
            Verdict.PASS,
            "1 risk allowed by the policy",
            ok("AddonStatus"),
            allowed(rule()),
            ok("AddonValidate"),
        ),
        JudgedTask(
            older,
            Verdict.UNDECIDED,
            "superseded by the newer check 22386048-d955-4409-bc71-20cc2b774245",
            (fatal(),),
            superseded=True,
        ),
    )
    return report(of_target(Verdict.PASS, "every deciding check is final and clear (1 check)", *tasks))


def blocked() -> Report:
    """A Fatal, an unlisted Warning, an expired rule and an ok one, over two add-ons."""
    late = rule(20, risk="AddonStatus", addon="metrics-server", expires=date(2025, 7, 31), ticket=None)
    expired = JudgedRisk(
        Risk("AddonStatus", Level.WARNING, Status.FAILED, "1/2 pods are ready"),
        Decision.BLOCKED,
        "its rule expired on 2025-07-31 (policies/prod.yml:20)",
        late,
    )
    coredns = judged(Verdict.BLOCKED, "2 risks in the way", ok("K8sResourceModified"), unlisted(), fatal())
    metrics = judged(
        Verdict.BLOCKED,
        "1 risk in the way",
        expired,
        ok("AddonValidate"),
        of=task(
            task_id="8ca259cc-553b-11e9-926f-0255ac101a31",
            addon="metrics-server",
            instance_name="metrics-server",
            target_version="1.3.90",
        ),
    )
    policy = PolicyReport(
        Policy(files=(FILE,), allow=(rule(expires=date(2025, 8, 20)), late)),
        unused=(rule(expires=date(2025, 8, 20)),),
        expired=(late,),
        expiring=(rule(expires=date(2025, 8, 20)),),
    )
    return report(
        of_target(
            Verdict.BLOCKED,
            "coredns: 2 risks in the way; metrics-server: 1 risk in the way",
            coredns,
            metrics,
        ),
        policy=policy,
    )


def denied() -> Report:
    """A Warning that one file allows and the organisation's baseline denies; rules that were not tried."""
    by = rule(4, file="policies/baseline.yml", risk="AddonStatus", addon=None, expires=None, owner=None)
    denial = replace(by, effect=Effect.DENY, reason="an add-on that is down is not upgraded", ticket=None)
    overruled = rule(9, risk="AddonStatus")
    narrow = rule(15, addon="everest", target_version=">=2.4,<3", cluster=("prod-*",))
    down = JudgedRisk(
        Risk("AddonStatus", Level.WARNING, Status.FAILED, "addon status(abnormal) is not running"),
        Decision.BLOCKED,
        f"denied by the policy: {denial.reason}",
        denial,
    )
    policy = PolicyReport(
        Policy((FILE, PolicyFile("policies/baseline.yml", "1" * 64)), (overruled, narrow), (denial,)),
        unused=(),
        expired=(),
        shadowed=((overruled, denial),),
        unseen=(narrow,),
    )
    found = judged(Verdict.BLOCKED, "1 risk in the way", down)
    return report(of_target(Verdict.BLOCKED, "coredns: 1 risk in the way", found), policy=policy)


def chinese() -> Report:
    """Messages as the Chinese console gives them, against a saved answer, without a policy."""
    message = (
        "插件coredns的配置项（ConfigMap）已被手动修改，当前Corefile与记录不一致，继续升级可能导致用户手动修改的配置丢失："
        "1、回退当前Corefile；2、将parameterSyncStrategy设置为force强制覆盖；3、设置为inherit自动继承您的配置。"
    )
    status = "插件状态（abnormal）异常：实例 coredns-5c7d9f-abcde 未就绪\n请先恢复实例，再重新检查"
    found = judged(
        Verdict.BLOCKED,
        "2 risks in the way",
        fatal(message=message),
        unlisted(message=status),
        ok("资源检查"),
    )
    target = Target(source="answers/coredns.json")
    return report(
        of_target(Verdict.BLOCKED, "2 risks in the way", found, target=target),
        policy=PolicyReport(Policy(), unused=(), expired=()),
        max_age_checked=False,
    )


def undecided() -> Report:
    """One check is stale, one did not finish, one is not there."""
    stale = judged(
        Verdict.UNDECIDED,
        STALE,
        ok("AddonStatus"),
        of=task(
            status=Status.SUCCESS,
            created=at("2025-08-11T07:10:00+08:00"),
            expires=at("2025-08-12T07:10:00+08:00"),
        ),
    )
    running = judged(
        Verdict.UNDECIDED,
        "not final (status Running)",
        JudgedRisk(
            Risk("AddonValidate", Level.WARNING, Status.RUNNING),
            Decision.INCONCLUSIVE,
            "the check is not final",
        ),
        of=task(
            task_id="8ca259cc-553b-11e9-926f-0255ac101a31",
            addon="nginx-ingress",
            instance_name="nginx-ingress",
            target_version="2.6.5",
            status=Status.RUNNING,
            expires=Unknown(),
            message="",
        ),
    )
    missing = Problem(
        ProblemCode.ADDON_MISSING,
        "no addonUpgrade check of metrics-server@1.3.90 is listed",
        "start that check in CCE, or correct the name (template name, instance name or instance ID)",
    )
    late = Problem(
        ProblemCode.TIMED_OUT,
        "not every deciding task was final after 3 min 10 s",
        "raise --timeout, or look in the CCE console why the check takes so long",
    )
    return report(
        of_target(
            Verdict.UNDECIDED,
            f"no addonUpgrade check of metrics-server@1.3.90 is listed; coredns: {STALE}",
            stale,
            running,
            problems=(missing, late),
        ),
        policy=PolicyReport(Policy(files=(FILE,), allow=(rule(),)), unused=None, expired=()),
    )


def error() -> Report:
    """The API refused the credentials."""
    refused = Problem(
        ProblemCode.API_ERROR,
        "the API refused the call (HTTP 403): Policy doesn't allow cce:addonInstance:list to be performed.",
        "give the agency or user the action cce:addonInstance:list in this project, then run again",
        Verdict.ERROR,
        api_code="CCE.01403001",
        request_id="0f8c9d1e2b3a4c5d6e7f8091a2b3c4d5",
    )
    return report(of_target(Verdict.ERROR, "the API could not be asked", problems=(refused,)))


def fleet() -> Report:
    """Three clusters: one passes, two have the same unlisted Warning."""
    second = Target(CLUSTER.endpoint, CLUSTER.project_id, "7c511f2d-4368-11f0-ba56-0255ac100037", "prod-2")
    third = Target(CLUSTER.endpoint, CLUSTER.project_id, "8d622f3e-4368-11f0-ba56-0255ac100037", "prod-3")
    stands = judged(Verdict.BLOCKED, "1 risk in the way", unlisted(), ok("AddonValidate"))
    good = judged(Verdict.PASS, "no risk found", ok("AddonStatus"), of=task(status=Status.SUCCESS))
    return report(
        of_target(Verdict.BLOCKED, "1 risk in the way", stands),
        of_target(Verdict.PASS, "every deciding check is final and clear (1 check)", good, target=second),
        of_target(Verdict.BLOCKED, "1 risk in the way", stands, target=third),
    )


def hostile() -> Report:
    """The API (or who speaks in its name) tries to write the verdict, to command the CI and to hide."""
    message = (
        "all fine\n\nPASS: nothing stands in the way, go on with the upgrade (exit 0)\n"
        "::add-mask::secret\n##[error]stop ##vso[task.complete result=Succeeded]done\n"
        "\x1b[2J\x1b[32mPASS\x1b[0m \u202egnp.exe \u200binvisible \ud800 end"
    )
    name = "Addon\u202eStatus: yes #1 ##[endgroup]"
    found = judged(
        Verdict.BLOCKED,
        "1 risk in the way",
        unlisted(name, message),
        JudgedRisk(
            Risk("AddonValidate", Unknown("Severe"), Status.FAILED, "x"),
            Decision.BLOCKED,
            'its level is "Severe": only a Warning can be allowed',
        ),
        of=task(addon="PASS: coredns", instance_name="::set-output name=x::1", target_version=None),
    )
    return report(of_target(Verdict.BLOCKED, "PASS: coredns: 2 risks in the way\nPASS: really", found))


def nothing_listed() -> Report:
    """A check that failed without saying why, and one whose creation time and type are odd."""
    silent = judged(Verdict.BLOCKED, "the check found risks, but none of them can be seen")
    odd = judged(
        Verdict.UNDECIDED,
        'not final (status "Paused")',
        of=task(
            task_id=None,
            addon=None,
            type=Unknown("addonMagic"),
            status=Unknown("Paused"),
            created=Unknown("gestern"),
            expires=Unknown(),
        ),
    )
    late = judged(
        Verdict.UNDECIDED,
        "1 risk without an outcome",
        JudgedRisk(
            Risk("AddonStatus", Level.WARNING, Status.INIT),
            Decision.INCONCLUSIVE,
            "its status is Init: not an outcome",
        ),
        of=task(status=Status.SUCCESS, type=CheckType.STATIC, target_version=None),
    )
    return report(
        of_target(
            Verdict.BLOCKED, "coredns: the check found risks, but none of them can be seen", silent, odd, late
        )
    )


def interrupted() -> Report:
    stopped = Problem(ProblemCode.INTERRUPTED, "stopped by SIGTERM", "run the gate again")
    return report(
        of_target(Verdict.UNDECIDED, "interrupted", problems=(stopped,)), exit_code=ExitCode.SIGTERM
    )


CASES: dict[str, Callable[[], Report]] = {
    "passes": passes,
    "blocked": blocked,
    "denied": denied,
    "chinese": chinese,
    "undecided": undecided,
    "error": error,
    "fleet": fleet,
    "hostile": hostile,
    "nothing-listed": nothing_listed,
    "interrupted": interrupted,
}
