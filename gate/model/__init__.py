"""The types that pass between the rooms. They know nothing of each room's work."""

from gate.model.clock import Clock, Deadline
from gate.model.evidence import Answer, CheckType, Instant, Level, Risk, Status, Task, Unknown
from gate.model.policy import SOON, Effect, Policy, PolicyFile, Rule
from gate.model.verdict import (
    Basis,
    Decision,
    JudgedRisk,
    JudgedTask,
    Judgement,
    PolicyReport,
    Problem,
    ProblemCode,
    Report,
    TargetReport,
    Verdict,
    worst,
)
from gate.model.wanted import LATEST, AddonRef, Order, OrderedCheck, Schedule, Target, Wanted

__all__ = [
    "LATEST",
    "SOON",
    "AddonRef",
    "Answer",
    "Basis",
    "CheckType",
    "Clock",
    "Deadline",
    "Decision",
    "Effect",
    "Instant",
    "JudgedRisk",
    "JudgedTask",
    "Judgement",
    "Level",
    "Order",
    "OrderedCheck",
    "Policy",
    "PolicyFile",
    "PolicyReport",
    "Problem",
    "ProblemCode",
    "Report",
    "Risk",
    "Rule",
    "Schedule",
    "Status",
    "Target",
    "TargetReport",
    "Task",
    "Unknown",
    "Verdict",
    "Wanted",
    "worst",
]
