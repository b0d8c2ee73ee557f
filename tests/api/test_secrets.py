"""Taking secrets out of an answer must not take evidence out of it."""

from __future__ import annotations

import pytest

from gate.api.cce import Cluster, Place
from gate.errors import NotAnAnswer
from gate.model import Answer, Level
from tests.api.ground import CLUSTER, PROJECT, Listener, a_caller, a_credential, reply, soon
from tests.documents import a_list, a_task

FATAL = {"riskName": "AddonValidate", "status": "Failed", "level": "Fatal", "message": "edited"}
LOST_WORDS = [
    "risk",
    "List",
    "riskList",
    "status",
    "Stamp",
    "expire",
    "Count",
    "level",
    "items",
    "kind",
    "page",
    "message",
]
"""Weak passwords that happen to stand in the names of the API's fields."""


def answer_with(secret: str, body: bytes) -> Answer | None:
    """What arrives where `secret` is one of the run's secrets; None where it is refused."""
    caller = a_caller()
    caller.vault.keep(secret)
    with Listener(reply(body)) as listener:
        place = Place(listener.url, PROJECT, None, CLUSTER, None)
        try:
            return Cluster(caller, a_credential(vault=caller.vault), place).tasks(soon())
        except NotAnAnswer:
            return None


@pytest.mark.parametrize("secret", LOST_WORDS)
@pytest.mark.parametrize("place", ["inside status", "beside status"])
def test_no_secret_makes_a_risk_disappear(secret: str, place: str) -> None:
    answer = answer_with(secret, a_list(a_task("Success", [FATAL], place)))
    if answer is not None:
        assert len(answer.tasks[0].risks) == 1
        assert answer.tasks[0].risks[0].level is not Level.WARNING


@pytest.mark.parametrize("secret", LOST_WORDS)
def test_no_secret_makes_the_count_or_the_expiry_disappear(secret: str) -> None:
    full = a_list(a_task(expireTimeStamp="2025-08-13T11:24:37Z"), pageInfo={"currentCount": 7})
    answer, untouched = answer_with(secret, full), answer_with("no-such-word", full)
    assert untouched is not None
    if answer is not None:
        assert answer.count == untouched.count
        assert answer.tasks[0].expires == untouched.tasks[0].expires


def test_a_secret_in_a_message_is_masked() -> None:
    answer = answer_with("hunter22", a_list(a_task("Failed", [{**FATAL, "message": "was hunter22 before"}])))
    assert answer is not None
    assert "hunter22" not in answer.tasks[0].risks[0].message
    assert answer.tasks[0].risks[0].name == "AddonValidate"


@pytest.mark.parametrize("depth", [100, 300, 450, 600, 800, 900])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_an_answer_nested_to_any_depth_is_an_answer_or_refused(
    depth: int, opening: str, closing: str
) -> None:
    deep = opening * depth + "1" + closing * depth
    answer = answer_with("no-such-word", b'{"kind":"AddonCheck","items":[],"x":%s}' % deep.encode())
    assert answer is None or answer.tasks == ()
