"""What can be done with a saved report: judge it again, and prove that it is what an upgrade asks for.

The report says what was asked, what the API answered and what was made of it. Nothing of the last is
believed: the answer is judged again by the same judge, and what was made of it has to be the same.
"""

from gate.evidence.again import Saved, evaluate, recorded_policy
from gate.evidence.conditions import Claim, Finding
from gate.evidence.record import Record, read
from gate.evidence.verification import Verification, verify

__all__ = [
    "Claim",
    "Finding",
    "Record",
    "Saved",
    "Verification",
    "evaluate",
    "read",
    "recorded_policy",
    "verify",
]
