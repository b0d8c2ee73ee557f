from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from gate import seal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_canonical_json_reads_back_and_is_the_same_again(value: object) -> None:
    text = seal.canonical(value)
    assert json.loads(text) == value
    assert seal.canonical(json.loads(text)) == text
    assert text.isascii()


def test_the_order_of_keys_is_no_difference_and_any_value_is() -> None:
    assert seal.canonical({"b": 1, "a": 2}) == seal.canonical({"a": 2, "b": 1}) == '{"a":2,"b":1}'
    assert seal.canonical([1]) != seal.canonical([True]) != seal.canonical(["1"])


def test_digest_and_signature_are_the_published_ones() -> None:
    assert seal.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    vector = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert seal.signature("what do ya want for nothing?", b"Jefe") == vector


def test_two_digests_are_the_same_only_to_the_letter() -> None:
    assert seal.same("a" * 64, "a" * 64)
    assert not seal.same("a" * 64, "a" * 63 + "b")
    assert not seal.same("a" * 64, "\ud800é")


def test_a_seal_is_of_all_but_itself() -> None:
    assert seal.without({"a": 1, "seal": 2}, "seal") == {"a": 1}
