"""Which token is taken, and that nothing but the request ever holds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gate.emulator.server import Emulator
from gate.errors import ApiError, ExitCode, UsageError
from tests.api.ground import FEWER, PATH, Listener, a_credential, cce, cloud, found, reply, soon

TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=60)
BOTH = {"HW_AUTH_TOKEN": "token-of-hw", "OS_TOKEN": "token-of-os"}
ODD = ["\n", "\r\n", "\t", " ", "\x00", "\x1b", "\x7f", "é", "令", "\ufeff", "\u200b", "\ud800"]


def why_refused(environ: dict[str, str], token_file: Path | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        found(environ, token_file)
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint
    return caught.value


def everything_said(error: BaseException) -> str:
    """All that a report, a log or a traceback could show of the error."""
    parts = []
    link: BaseException | None = error
    while link is not None:
        parts += [str(link), repr(link), repr(vars(link))]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "".join(parts)


def test_the_token_file_comes_before_the_variables(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("token-of-file\n")
    source, token = found(BOTH, file)
    assert (str(file) in source, token) == (True, "token-of-file")


def test_the_vendors_variable_comes_before_openstacks() -> None:
    assert found(BOTH) == ("HW_AUTH_TOKEN", "token-of-hw")
    assert found(dict(reversed(BOTH.items()))) == ("HW_AUTH_TOKEN", "token-of-hw")
    assert found({"OS_TOKEN": "token-of-os"}) == ("OS_TOKEN", "token-of-os")


def test_an_empty_variable_counts_as_unset() -> None:
    assert found({**BOTH, "HW_AUTH_TOKEN": ""}) == ("OS_TOKEN", "token-of-os")


@pytest.mark.parametrize("space", ["\n", "\r\n", " ", "\t \n"])
def test_white_space_around_a_token_is_not_part_of_it(space: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(f"{space}token-of-file{space}".encode())
    assert found({}, file)[1] == "token-of-file"
    assert found({"OS_TOKEN": f"{space}token-of-os{space}"})[1] == "token-of-os"


@pytest.mark.parametrize("content", [b"", b"\n", b" \t\r\n"])
def test_a_token_file_without_a_token_is_refused_and_nothing_takes_its_place(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    error = why_refused(BOTH, file)
    assert str(file) in error.message
    assert "empty" in error.message


def test_a_token_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    error = why_refused(BOTH, tmp_path / "none")
    assert str(tmp_path / "none") in error.message
    assert "--token-file" in error.message


def test_a_token_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert str(tmp_path) in why_refused(BOTH, tmp_path).message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_token_file_in_another_encoding_is_refused(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes("secret-of-file".encode(encoding))
    assert "secret-of-file" not in everything_said(why_refused({}, file))


def test_a_token_file_that_is_not_text_is_refused_without_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"secret-of-file\xff")
    assert "secret" not in everything_said(why_refused({}, file))


@pytest.mark.parametrize("odd", ODD)
def test_a_token_with_odd_characters_is_refused_and_not_shown(odd: str) -> None:
    for name in BOTH:
        error = why_refused({name: f"secret{odd}secret"})
        assert name in error.message
        assert "secret" not in everything_said(error)


def test_a_token_file_with_two_lines_is_refused_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("secret-one\nsecret-two\n")
    error = why_refused({}, file)
    assert "one line" in error.hint
    assert "secret" not in everything_said(error)


@FEWER
@given(TOKENS)
def test_a_token_is_sent_as_it_is_and_no_source_shows_it(token: str) -> None:
    source, sent = found({"HW_AUTH_TOKEN": token})
    assert (source, sent) == ("HW_AUTH_TOKEN", token)


@FEWER
@given(TOKENS)
def test_no_representation_shows_the_token(token: str) -> None:
    credential = a_credential(token)
    for shown in (repr(credential), str(credential), f"{credential}", repr(cce("http://127.0.0.1:1", token))):
        assert token not in shown


@FEWER
@given(TOKENS, st.sampled_from(ODD), st.integers(0, 60))
def test_no_refusal_shows_the_token_or_a_part_of_it(token: str, odd: str, at: int) -> None:
    broken = token[:at] + odd + token[at:]
    assume(odd.strip() or 0 < at < len(token))
    said = everything_said(why_refused({"HW_AUTH_TOKEN": broken}))
    assert all(piece not in said for piece in (token[:at], token[at:]) if len(piece) > 5)


def test_a_request_that_carries_the_token_does_not_show_it() -> None:
    """The request is handed to whoever is told of exchanges, for diagnostics."""
    told: list[tuple[object, object]] = []
    with Emulator(cloud()) as emulator:
        cce(emulator.url, told=told).tasks(soon())  # type: ignore[arg-type]
    assert "emulator-token" not in repr(told)


def test_a_call_that_fails_does_not_show_the_token() -> None:
    with Listener(b"") as listener, pytest.raises(ApiError) as caught:
        cce(listener.url, "secret-token-of-a-user").tasks(soon())
    assert b"secret-token-of-a-user" in listener.requests[0]
    assert "secret-token" not in everything_said(caught.value)


@pytest.mark.parametrize("status", ["401 Unauthorized", "200 OK"])
def test_a_server_that_echoes_the_token_does_not_get_it_into_the_error(status: str) -> None:
    body = b'{"error_code": "APIGW.0301", "error_msg": "x-auth-token:secret-token-of-a-user is wrong"}'
    with Listener(reply(body, status)) as listener, pytest.raises(ApiError) as caught:
        cce(listener.url, "secret-token-of-a-user").tasks(soon())
    assert "APIGW.0301" in (caught.value.code or "")
    assert "secret-token" not in caught.value.message + caught.value.hint


def test_the_token_goes_in_its_own_header_and_to_the_documented_path() -> None:
    with Emulator(cloud()) as emulator:
        cce(emulator.url).tasks(soon())
        (request,) = emulator.requests
    assert (request.method, request.path, request.raw_query) == ("GET", PATH, "")
    assert request.headers["X-Auth-Token"] == "emulator-token"
    assert "Authorization" not in request.headers
    assert request.headers["User-Agent"].startswith("cce-gate/")
