"""What is not JSON in UTF-8 that can be read in one way only is refused, and quickly."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.api.strict_json import load_object
from gate.errors import NotAnAnswer
from tests.api.ground import FEWER

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
OBJECTS = st.dictionaries(
    st.text(),
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_size=4,
)


def why_refused(body: bytes) -> str:
    with pytest.raises(NotAnAnswer) as caught:
        load_object(body)
    assert caught.value.transient
    return caught.value.message


@FEWER
@given(OBJECTS, st.booleans(), st.sampled_from([None, 2]))
def test_an_object_is_read_as_it_was_written(
    value: dict[str, object], ascii_only: bool, indent: int | None
) -> None:
    assert (
        load_object(
            json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass")
        )
        == value
    )


@pytest.mark.parametrize("space", [b" ", b"\n", b"\r\n", b"\t"])
def test_white_space_around_the_object_is_no_matter(space: bytes) -> None:
    assert load_object(space + b'{"a": 1}' + space) == {"a": 1}


@pytest.mark.parametrize("body", [b"", b" ", b"\r\n\r\n"])
def test_an_empty_body_is_called_empty(body: bytes) -> None:
    assert "empty" in why_refused(body)


@pytest.mark.parametrize("body", [b"<html></html>", b"\r\n <!DOCTYPE html><html>", b"<?xml version='1.0'?>"])
def test_a_page_is_called_html(body: bytes) -> None:
    assert "HTML" in why_refused(body)


@pytest.mark.parametrize("body", [b"[]", b"[{}]", b"null", b"true", b"1", b"1.5", b'"x"', b'"{}"'])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    assert "object" in why_refused(body)


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"a"}', b'{"a":}', b'{"a":1,}', b"{,}", b"{'a': 1}", b'{"a": 1} {"b": 2}', b'{"a": 1}]',
        b'{"a": 1}\x00',
        b'{"a": 01}', b'{"a": +1}', b'{"a": 1.}', b'{"a": .5}', b'{"a": 0x10}', b'{"a": True}',
        b'{"a": undefined}',
        b'{"a": 1} // x', b'/**/{"a": 1}', b'{"a": "\\x41"}', b'{"a": "\\u12"}', b'{"a": "x\ny"}',
        b'{"a": "x',
        b'\x1e{"a": 1}', b'{"a":\xc2\xa01}', b"{a: 1}",
    ],
)  # fmt: skip
def test_what_is_almost_json_is_refused(body: bytes) -> None:
    assert "not JSON" in why_refused(body)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7"])
def test_another_encoding_is_refused(encoding: str) -> None:
    why_refused(json.dumps({"kind": "AddonCheck +é"}, ensure_ascii=False).encode(encoding) + b"\xff")
    if encoding != "utf-7":
        why_refused(b"\n".join([json.dumps({"kind": "é"}, ensure_ascii=False).encode(encoding)]))


@pytest.mark.parametrize(
    "bad",
    [b"\xff", b"\x80", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "é".encode("latin-1")],
)
def test_bytes_that_are_not_utf_8_are_refused_wherever_they_stand(bad: bytes) -> None:
    for body in (b'{"a": "' + bad + b'"}', b'{"' + bad + b'": 1}', bad + b"{}", b"{}" + bad):
        assert "UTF-8" in why_refused(body)


@pytest.mark.parametrize(
    "word", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 400 + ".0", "9E+400"]
)
@pytest.mark.parametrize("place", ['{"a": %s}', '{"a": [1, {"b": %s}]}', '{"items": [], "pageInfo": %s}'])
def test_a_number_that_is_none_is_refused_wherever_it_stands(word: str, place: str) -> None:
    why_refused((place % word).encode())


def test_an_integer_is_exact_or_refused() -> None:
    assert load_object(b'{"a": %d}' % 10**1000) == {"a": 10**1000}
    why_refused(b'{"a": ' + b"9" * 100_000 + b"}")


@pytest.mark.parametrize(
    "body", [b'{"a": 1, "a": 1}', b'{"a": 1, "\\u0061": 2}', b'{"": 1, "": 1}', b'{"a": {}, "b": 1, "a": {}}']
)
def test_a_key_that_is_there_twice_is_refused(body: bytes) -> None:
    assert "twice" in why_refused(body)


def test_keys_that_only_look_alike_are_two() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    body = json.dumps({composed: 1, decomposed: 2, "a": 3, "A": 4})
    assert len(load_object(body.encode())) == 4


@FEWER
@given(
    OBJECTS,
    st.text(),
    SCALARS,
    SCALARS,
    st.lists(st.sampled_from(["[%s]", '{"k": %s}', "[1, %s, 2]"]), max_size=6),
)
def test_a_key_that_is_there_twice_is_refused_at_any_depth(
    around: dict[str, object], key: str, first: object, second: object, wraps: list[str]
) -> None:
    name = json.dumps(key)
    text = f"{{{name}: {json.dumps(first)}, {name}: {json.dumps(second)}}}"
    for wrap in wraps:
        text = wrap.replace("%s", text)
    around.pop("twice inside", None)
    start = json.dumps(around)[1:-1]
    body = f'{{{start}{", " if start else ""}"twice inside": {text}}}'
    assert "twice" in why_refused(body.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("twice", [0, 5_999])
def test_a_key_that_is_there_twice_among_very_many_is_found_quickly(twice: int) -> None:
    body = "{" + ",".join(f'"key-{n}":1' for n in range(6_000)) + f',"key-{twice}":1}}'
    began = time.process_time()
    assert f"key-{twice}" in why_refused(body.encode())
    assert time.process_time() - began < 0.3


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
@pytest.mark.parametrize("closed", [True, False])
def test_a_hundred_thousand_levels_are_refused(opening: str, closing: str, closed: bool) -> None:
    body = '{"a":' + opening * 100_000 + "1" + closing * (100_000 if closed else 0) + "}"
    assert "deep" in why_refused(body.encode())
    why_refused((opening * 100_000).encode())


@pytest.mark.parametrize("text", ["\\ud800", "\\udfff", "\\udc00\\ud800", "x\\ud83dx"])
def test_half_a_surrogate_pair_is_kept_or_refused_and_never_breaks(text: str) -> None:
    try:
        value = load_object(f'{{"a": "{text}"}}'.encode())["a"]
    except NotAnAnswer:
        return
    assert value == json.loads(f'"{text}"')


@pytest.mark.parametrize("body", [b'{"a\x1b[2J": 1, "a\x1b[2J": 1}', b'{"\\u001b[2J": 1, "\\u001b[2J": 1}'])
def test_a_refusal_stays_one_short_line_whatever_the_body_says(body: bytes) -> None:
    assert len(why_refused(body)) < 200


def test_a_refusal_stays_short_however_long_the_key() -> None:
    key = json.dumps("k" * 100_000)
    assert len(why_refused(f"{{{key}: 1, {key}: 2}}".encode())) < 1000
