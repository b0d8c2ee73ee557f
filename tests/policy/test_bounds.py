"""No file, however it is made, ends the gate otherwise than by a `PolicyError`, and none takes long."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.policy.load import PolicyError, parse
from tests.builders import TODAY
from tests.policy import written

pytestmark = pytest.mark.usefixtures("loader")

MIB = 1024 * 1024
DEPTH = 100_000

YAML_PIECES = (
    *(
        "version: 1",
        "allow:",
        "- risk: A",
        "  reason: b",
        "expires: 2026-12-31",
        "addon",
        "deny:",
        "require: {",
        "cluster: [",
        "message: (",
        "target-version: >",
        "\n",
        "\n  ",
        "\r\n",
    ),
    *(
        "\t",
        "- ",
        ": ",
        ", ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!!str ",
        "!x ",
        "!<%ff>",
        "<<",
        "|\n",
        ">-\n",
    ),
    *(
        "'",
        '"',
        "\\",
        "\\U00110000",
        "\\ud800",
        "%YAML 1.2\n",
        "%TAG ! x\n",
        "---\n",
        "...\n",
        "#",
        "@",
        "`",
        "~",
    ),
    *("=", "é", "🙂", "\u2028", "\ufeff", "\0", "1:30", "yes", ".inf"),
)


def fails_well(data: bytes) -> None:
    """Anything but a policy or a `PolicyError` of the promised form fails the test."""
    error = refusal_of(data)
    if error is not None:
        last_line = data.count(b"\n") + data.count(b"\r") + 2
        assert error.faults
        assert all(1 <= fault.line <= last_line and fault.column >= 1 for fault in error.faults)
        assert len(error.message.splitlines()) == len(error.faults) + (len(error.faults) > 1)


def refusal_of(data: bytes) -> PolicyError | None:
    try:
        parse(data, "p.yml", TODAY)
    except PolicyError as error:
        return error
    return None


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEPTH,
        "[" * DEPTH + "]" * DEPTH,
        "{a: " * DEPTH,
        "- " * DEPTH,
        "? " * DEPTH,
        "version: 1\nallow: " + "[" * DEPTH,
        "".join(" " * n + "a:\n" for n in range(1000)),
    ],
    ids=["open lists", "lists", "mappings", "block lists", "keys", "under a key", "indented"],
)
def test_deep_nesting_is_a_fault(text: str) -> None:
    with pytest.raises(PolicyError, match="nested more than 32 deep"):
        parse(text.encode(), "p.yml", TODAY)


def test_aliases_that_explode_are_a_fault() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip(string.ascii_lowercase, string.ascii_lowercase[1:], strict=False):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")

    with pytest.raises(PolicyError, match="more than 100000 values"):
        parse("\n".join(lines).encode(), "p.yml", TODAY)


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_a_fault() -> None:
    policy = b"version: 1\nallow: []\n#"
    largest = policy.ljust(MIB, b"x")

    assert parse(largest, "p.yml", TODAY).allow == ()
    with pytest.raises(PolicyError, match="larger than 1024 KiB"):
        parse(largest + b"x", "p.yml", TODAY)


def test_a_policy_of_thousands_of_rules_is_read() -> None:
    rules = b"- risk: A\n  reason: b\n" * 2000

    assert len(parse(b"version: 1\nallow:\n" + rules, "p.yml", TODAY).allow) == 2000


def test_beyond_a_thousand_faults_the_rest_is_not_told() -> None:
    text = "version: 1\n" + "".join(f"key{number}: x\n" for number in range(3000))

    with pytest.raises(PolicyError) as caught:
        parse(text.encode(), "p.yml", TODAY)

    assert len(caught.value.faults) == 1001
    assert "the rest of the file was not checked" in caught.value.faults[-1].message


@given(st.binary(max_size=200))
def test_any_bytes_give_a_policy_or_faults(data: bytes) -> None:
    fails_well(data)


@given(st.text(max_size=100))
def test_any_text_gives_a_policy_or_faults(text: str) -> None:
    fails_well(text.encode("utf-8", "surrogatepass"))
    fails_well(b"version: 1\nallow: " + text.encode("utf-8", "surrogatepass"))


@given(st.lists(st.sampled_from(YAML_PIECES), max_size=25))
def test_any_mixture_of_yaml_gives_a_policy_or_faults(pieces: list[str]) -> None:
    fails_well("".join(pieces).encode())


@settings(max_examples=20)
@given(st.data(), written.documents())
def test_any_slip_of_the_hand_in_a_policy_in_order_gives_a_policy_or_faults(
    data: st.DataObject, document: object
) -> None:
    text = written.as_yaml_with_days(document).decode()
    at = data.draw(st.integers(0, len(text)))
    lost = data.draw(st.integers(0, 5))
    slip = data.draw(st.one_of(st.sampled_from(YAML_PIECES), st.text(max_size=3)))
    fails_well((text[:at] + slip + text[at + lost :]).encode("utf-8", "surrogatepass"))
