"""Which failures are worth another try, and what is said of them: over the emulator's faults."""

from __future__ import annotations

import json

import pytest

from gate.api.cce import Cluster
from gate.api.http import Request, Response
from gate.emulator.error_bodies import DIALECTS
from gate.emulator.server import Emulator
from gate.errors import ApiError, NotAnAnswer
from tests.api.ground import (
    ONE_TASK,
    Listener,
    cce,
    cloud,
    failure_after,
    failure_at,
    failure_of,
    reply,
    soon,
)
from tests.documents import EXAMPLES

TRANSIENT = {408, 429, *range(500, 600)}


def test_a_list_answer_is_an_answer() -> None:
    with Emulator(cloud()) as emulator:
        (task,) = cce(emulator.url).tasks(soon()).tasks
    assert task.task_id == "task-1"


@pytest.mark.parametrize("shape", ["table", "example"])
def test_both_documented_shapes_arrive_as_the_same_task(shape: str) -> None:
    with Emulator(cloud(more=f"shape: {shape}\n")) as emulator:
        (task,) = cce(emulator.url).tasks(soon()).tasks
    assert (task.task_id, [risk.name for risk in task.risks]) == ("task-1", ["AddonStatus"])


def test_only_200_is_an_answer_and_each_other_status_is_worth_another_try_or_not() -> None:
    found = {}
    with Listener() as listener:
        api = cce(listener.url)
        for status in range(101, 600):
            has_body = status >= 200 and status not in (204, 304)
            listener.replies[:] = [reply(ONE_TASK if has_body else b"", f"{status} Whatever")]
            found[status] = outcome(api)
    assert found == {status: expected(status) for status in range(101, 600)}


def outcome(api: Cluster) -> tuple[object, ...]:
    try:
        return ("answer", len(api.tasks(soon()).tasks))
    except ApiError as error:
        return (type(error), error.transient, error.status, str(error.status) in error.message)


def expected(status: int) -> tuple[object, ...]:
    if status == 200:
        return ("answer", 1)
    kind = NotAnAnswer if 200 < status < 300 else ApiError
    return (kind, kind is NotAnAnswer or status in TRANSIENT, status, True)


@pytest.mark.parametrize("status", ["100 Continue", "600 Whatever", "999 Whatever"])
def test_a_status_that_is_no_final_answer_is_none(status: str) -> None:
    assert failure_after(reply(status=status)).status in (int(status[:3]), None)


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_error_is_told_with_its_code_and_request_id(dialect: str, status: int) -> None:
    fault = f"kind: status, status: {status}, dialect: {dialect}, code: X.{status}, message: no room"
    error = failure_of(fault)
    has_body = dialect not in ("html", "empty")
    assert type(error) is ApiError
    assert (error.status, error.transient) == (status, status in TRANSIENT)
    assert error.code == {"iam-numeric": str(status)}.get(dialect, f"X.{status}" if has_body else None)
    assert ("no room" in error.message) == has_body
    assert error.request_id
    assert len(error.request_id) == 32
    assert error.hint


@pytest.mark.parametrize(
    ("fault", "kind", "transient"),
    [
        ("kind: reset", ApiError, True),
        ("kind: close", ApiError, True),
        ("kind: truncate", ApiError, True),
        ("kind: html", NotAnAnswer, True),
        ("kind: redirect, location: 'http://127.0.0.1:9/'", ApiError, False),
        ("kind: body, body: ''", NotAnAnswer, True),
        ("kind: body, body: '{}'", NotAnAnswer, True),
        ("kind: body, body: '[]'", NotAnAnswer, True),
        ('kind: body, body: \'{"kind": "AddonCheck"}\'', NotAnAnswer, True),
        ("kind: body, status: 204, body: ''", NotAnAnswer, True),
        ('kind: body, status: 201, body: \'{"kind": "AddonCheck", "items": []}\'', NotAnAnswer, True),
        ("kind: body, status: 404, contentType: text/html, body: '<h1>no</h1>'", ApiError, False),
    ],
)
def test_each_fault_has_its_kind_of_error_and_the_next_call_works(
    fault: str, kind: type[ApiError], transient: bool
) -> None:
    with Emulator(cloud(fault)) as emulator:
        api = cce(emulator.url)
        with pytest.raises(ApiError) as caught:
            api.tasks(soon())
        assert len(api.tasks(soon()).tasks) == 1
    assert type(caught.value) is kind
    assert caught.value.transient == transient
    assert caught.value.message
    assert caught.value.hint


def test_an_error_body_with_status_200_is_no_answer_and_says_what_it_says() -> None:
    error = failure_after(
        reply(b'{"errorCode": "CCE.01403001", "errorMessage": "no room"}', X_Request_Id="r-1")
    )
    assert isinstance(error, NotAnAnswer)
    assert (error.code, error.request_id, error.status) == ("CCE.01403001", "r-1", 200)
    assert "no room" in error.message


@pytest.mark.parametrize("status", ["200 OK", "503 Busy"])
def test_what_is_told_is_kept_short(status: str) -> None:
    long = "x" * 100_000
    body = json.dumps({"code": long, "message": long, "request_id": long}).encode()
    error = failure_after(reply(body, status))
    assert len(error.message) < 1000
    assert len(error.code or "") < 1000
    assert len(error.request_id or "") < 1000


def test_the_documented_answer_of_the_create_call_is_no_answer_to_the_list_call() -> None:
    body = (EXAMPLES / "create-response.documented.json").read_bytes()
    assert isinstance(failure_after(reply(body)), NotAnAnswer)


def test_a_wrong_token_is_refused_for_good() -> None:
    with Emulator(cloud()) as emulator, pytest.raises(ApiError) as caught:
        cce(emulator.url, "another-token").tasks(soon())
    assert (caught.value.status, caught.value.code, caught.value.transient) == (401, "APIGW.0301", False)


def test_a_token_that_has_run_out_is_called_so() -> None:
    with Emulator(cloud(more="tokenLifetime: 0s\n")) as emulator:
        error = failure_at(emulator.url)
    assert (error.status, error.code, error.transient) == (401, "APIGW.0307", False)
    assert "token" in error.hint


@pytest.mark.parametrize(
    "fault", ["", "kind: html", "kind: status, status: 503", "kind: redirect, location: /x"]
)
def test_every_exchange_that_ended_is_told_once(fault: str) -> None:
    told: list[tuple[Request, Response]] = []
    with Emulator(cloud(fault)) as emulator:
        api = cce(emulator.url, told=told)
        if fault:
            with pytest.raises(ApiError):
                api.tasks(soon())
        else:
            api.tasks(soon())
        assert len(emulator.requests) == len(told) == 1


def test_a_defect_of_the_connection_says_which_host_gave_no_answer() -> None:
    for fault in ("kind: reset", "kind: close", "kind: truncate"):
        message = failure_of(fault).message
        assert "127.0.0.1:" in message
        assert "no answer" in message
        assert "0x" not in message
