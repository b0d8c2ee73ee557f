"""What an error answer says, in whichever dialect."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.api.error_body import ErrorFacts, read_error
from gate.emulator import error_bodies
from tests.api.ground import FEWER
from tests.api.test_parse_laws import JSON

FACTS = error_bodies.ErrorFacts(409, "X.0409", "no room", "id-1")


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("cce", ErrorFacts("X.0409", "no room", "from-header")),
        ("cce-snake", ErrorFacts("X.0409", "no room", "from-header")),
        ("gateway", ErrorFacts("X.0409", "no room", "id-1")),
        ("iam-numeric", ErrorFacts("409", "no room", "from-header")),
        ("iam-text", ErrorFacts("X.0409", "no room", "from-header")),
        ("iam-code", ErrorFacts("X.0409", "no room", "id-1")),
        ("html", ErrorFacts(None, None, "from-header")),
        ("empty", ErrorFacts(None, None, "from-header")),
    ],
)
def test_every_dialect_gives_what_it_has(dialect: str, expected: ErrorFacts) -> None:
    _, body = error_bodies.DIALECTS[dialect](FACTS)
    assert read_error(body, {"X-Request-Id": "from-header"}) == expected


def test_every_dialect_of_the_emulator_is_covered_here() -> None:
    covered = {"cce", "cce-snake", "gateway", "iam-numeric", "iam-text", "iam-code", "html", "empty"}
    assert covered == set(error_bodies.DIALECTS)


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"code": "CCE.1", "message": "no"}, "CCE.1", "no"),
        ({"error_code": "CCE.1", "error_msg": "no"}, "CCE.1", "no"),
        ({"errorCode": "CCE.1", "errorMessage": "no", "code": 400, "reason": "Bad"}, "CCE.1", "no"),
        ({"reason": "Bad"}, None, "Bad"),
        ({"error": {"code": 401, "title": "Unauthorized"}}, "401", "Unauthorized"),
        ({"error": {"code": 401}, "error_code": "IAM.1"}, "IAM.1", None),
        ({"error": "no"}, None, None),
        ({"errorCode": None, "code": "CCE.1", "errorMessage": "", "message": "no"}, "CCE.1", "no"),
        ({"errorCode": ["x"], "errorMessage": {"x": 1}}, None, None),
        ({"code": 0}, "0", None),
    ],
)
def test_the_names_in_the_wild_are_known(body: object, code: str | None, message: str | None) -> None:
    facts = read_error(json.dumps(body).encode(), {})
    assert (facts.code, facts.message, facts.request_id) == (code, message, None)


@pytest.mark.parametrize("value", [True, False])
def test_a_flag_is_neither_a_code_nor_a_message(value: bool) -> None:
    assert read_error(json.dumps({"code": value, "message": value}).encode(), {}) == ErrorFacts(
        None, None, None
    )


@pytest.mark.parametrize("name", ["request_id", "requestId"])
def test_the_request_id_of_the_body_comes_before_the_header(name: str) -> None:
    body = json.dumps({name: "from-body"}).encode()
    assert read_error(body, {"X-Request-Id": "from-header"}).request_id == "from-body"


def test_a_request_id_that_says_nothing_leaves_the_header_to_speak() -> None:
    values: tuple[object, ...] = ("", " ", None, [], {})
    for value in values:
        body = json.dumps({"request_id": value}).encode()
        assert read_error(body, {"X-Request-Id": "from-header"}).request_id == "from-header"


def test_an_empty_request_id_in_the_header_is_none() -> None:
    assert read_error(b"", {"X-Request-Id": ""}).request_id is None


@FEWER
@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_gives_facts_and_never_an_exception(body: bytes) -> None:
    facts = read_error(body, {})
    assert all(each is None or each for each in (facts.code, facts.message, facts.request_id))


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"code": ' + b"9" * 10_000 + b"}",
    b'{"message": "\\ud800"}',
             "{}".encode("utf-16"), b"\xef\xbb\xbf{}", b'{"code": NaN}', b'{"code": 1e999}']
)  # fmt: skip
def test_a_hostile_body_never_breaks_it(body: bytes) -> None:
    read_error(body, {})
