"""What holds where a scenario says nothing."""

from __future__ import annotations

import uuid

from gate.emulator.world import OnCreate, RiskPlan, Unfolding

PROJECT_ID = "0605767eb20025762f2ec0193c5f3d91"
CHECK_TYPES = ("addonStatic", "addonUpgrade")
KEPT_FOR = 86400.0
"""Seconds from a check's creation to its `expireTimeStamp`, unless the scenario says otherwise.

What the real one counts is not documented.
"""
_NAMES = uuid.UUID("6b400e1c-4368-11f0-ba56-0255ac100037")

DEFAULT_ON_CREATE = OnCreate(
    Unfolding(
        init=0.5,
        final_at=3.0,
        risks=(
            RiskPlan("K8sResourceModified", final_at=1.5),
            RiskPlan("AddonValidate", final_at=2.25),
            RiskPlan("AddonStatus"),
        ),
    )
)


def derived_id(*parts: str) -> str:
    """A UUID that is the same for the same parts, so that runs can be compared."""
    return str(uuid.uuid5(_NAMES, "/".join(parts)))
