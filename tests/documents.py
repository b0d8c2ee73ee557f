"""Bodies as the API sends them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.builders import NOW

EXAMPLES = Path(__file__).parent / "examples"


def documented() -> bytes:
    """The example of the vendor's page of ListAddonPrecheckTasks, as printed there."""
    return (EXAMPLES / "list-response.documented.json").read_bytes()


def created(seconds_ago: float = 60) -> str:
    """A creation time as the API writes it: nine digits and an offset."""
    moment = NOW.nanoseconds // 1_000_000_000 - seconds_ago
    east = timezone(timedelta(hours=8))
    return datetime.fromtimestamp(moment, east).strftime("%Y-%m-%dT%H:%M:%S.312017086+08:00")


def a_task(
    task_status: object = "Success", risks: object = None, place: str = "inside status", **metadata: object
) -> dict[str, object]:
    """One item of a list answer; `place` says where its risk list stands."""
    status: dict[str, object] = {"status": task_status, "message": "Addon task check finish"}
    item: dict[str, object] = {
        "metadata": {
            "type": "addonUpgrade",
            "taskID": "8ca259cc-553b-11e9-926f-0255ac101a31",
            "addonTemplateName": "coredns",
            "addonInstanceName": "cceaddon-coredns",
            "addonInstanceID": "1d43577d-4b50-4723-b05b-2121f47cb219",
            "createTimeStamp": created(),
            **metadata,
        },
        "spec": {"addonTargetVersion": "1.30.6"},
        "status": status,
    }
    if place in ("inside status", "both"):
        status["riskList"] = risks
    if place in ("beside status", "both"):
        item["riskList"] = risks
    if place == "null":
        status["riskList"] = None
    if place == "empty":
        status["riskList"] = []
        item["riskList"] = []
    return item


def a_list(*items: object, **fields: object) -> bytes:
    """A list answer with these items."""
    body = {
        "kind": "AddonCheck",
        "apiVersion": "v3",
        "pageInfo": {"currentCount": len(items)},
        "items": list(items),
        **fields,
    }
    return json.dumps(body).encode()


def document(task_status: object, risk_status: object, level: object, place: str) -> bytes:
    """A list answer with one task and one risk in the given states."""
    risk = {"riskName": "AddonStatus", "status": risk_status, "level": level, "message": "not running"}
    return a_list(a_task(task_status, [risk], place))
