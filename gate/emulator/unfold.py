"""What a check shows at a given age: pure."""

from __future__ import annotations

from dataclasses import dataclass

from gate.emulator.world import RiskPlan, Unfolding


@dataclass(frozen=True, slots=True)
class RiskState:
    """A name, level or status that is None is left out of the answer."""

    name: str | None
    level: str | None
    status: str | None
    message: str


@dataclass(frozen=True, slots=True)
class CheckState:
    status: str
    message: str
    is_final: bool
    risks: tuple[RiskState, ...]


def check_at(age: float, plan: Unfolding) -> CheckState:
    """How the check stands `age` seconds after its creation."""
    risks = tuple(_risk_at(age, risk, plan) for risk in plan.risks)
    if age < plan.init:
        return CheckState("Init", "", is_final=False, risks=risks)
    if age < plan.final_at or _has_relapsed(age, plan):
        return CheckState("Running", "", is_final=False, risks=risks)
    failed = any(risk.status == "Failed" for risk in risks)
    status = plan.status or ("Failed" if failed else "Success")
    return CheckState(status, plan.message, is_final=True, risks=risks)


def _has_relapsed(age: float, plan: Unfolding) -> bool:
    if plan.relapse is None:
        return False
    start = plan.final_at + plan.relapse.after
    return start <= age < start + plan.relapse.lasts


def _risk_at(age: float, risk: RiskPlan, plan: Unfolding) -> RiskState:
    final_at = plan.final_at if risk.final_at is None else risk.final_at
    begins = plan.init if risk.begins is None else risk.begins
    if age >= final_at:
        return RiskState(risk.name, risk.level, risk.status, risk.message)
    return RiskState(risk.name, risk.level_until_final, "Init" if age < begins else "Running", "")
