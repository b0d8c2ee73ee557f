"""The file of `--values`: read as strictly as a policy, and never quoted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.cli.values import read_values
from gate.errors import UsageError


def written(tmp_path: Path, content: str | bytes, name: str = "values.yml") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


YAML = """
# a comment
basic: {cluster_ip: 10.247.3.10, port: 53}
custom:
  flags: [true, no-wait, null, ~, 2.5, -3, "2.5", 'true', "01"]
  empty: {}
  text: |
    two
    lines
"""
MEANT = {
    "basic": {"cluster_ip": "10.247.3.10", "port": 53},
    "custom": {
        "flags": [True, "no-wait", None, None, 2.5, -3, "2.5", "true", "01"],
        "empty": {},
        "text": "two\nlines\n",
    },
}


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    assert read_values(written(tmp_path, YAML)) == MEANT
    for name in ("values.json", "values.yml", "values"):
        assert read_values(written(tmp_path, json.dumps(MEANT), name)) == MEANT


def test_a_mapping_in_braces_may_be_yaml(tmp_path: Path) -> None:
    assert read_values(written(tmp_path, "{basic: {port: 53}}")) == {"basic": {"port": 53}}


def test_no_parameters_are_an_empty_mapping(tmp_path: Path) -> None:
    for name in ("values.json", "values.yml"):
        assert read_values(written(tmp_path, "{}", name)) == {}


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    assert read_values(written(tmp_path, "a: &x {port: 53}\nb: *x")) == {"a": {"port": 53}, "b": {"port": 53}}


@pytest.mark.parametrize("name", ["values.json", "values.yml"])
def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path, name: str) -> None:
    assert read_values(written(tmp_path, b'\xef\xbb\xbf{"port": 53}', name)) == {"port": 53}


SECRET = "hunter2"
REFUSED_YAML = [
    "",
    "# nothing",
    "- one",
    "text",
    "7",
    "null",
    f"password: yes\nother: {SECRET}",
    f"password: 2025-08-13\nother: {SECRET}",
    "port: 010",
    "port: 0x35",
    "port: 1_000",
    "time: 1:30",
    "size: .inf",
    "size: .nan",
    "size: -.inf",
    "size: 1.0e+999",
    "port: !!int '53'",
    "secret: !vault x",
    f"password: {SECRET}\npassword: {SECRET}",
    "5: port",
    "? [a, b]\n: port",
    "<<: {a: 1}",
    "a: *nothing",
    f"a: {SECRET}\n---\nb: {SECRET}",
    f"password: {SECRET}: x",
    f'password: "{SECRET}\\q"',
    f"password: {SECRET}\n broken: x",
    f"password: *{SECRET}",
    f"password: !{SECRET}",
    f"password: &{SECRET} a\nother: &{SECRET} b",
    b"\xff\xfea\x00",
    b"password: \xff",
    b"password: \x00",
    "a: " + "[" * 40 + "]" * 40,
    "a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n"
    + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 8)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)),
    "a: " + "x" * 1024 * 1024,
]
REFUSED_JSON = [
    "",
    "[]",
    "7",
    "a: 1",
    f'{{"password": "{SECRET}"',
    f'{{"password": "{SECRET}", "password": "{SECRET}"}}',
    '{"a": NaN}',
    '{"a": Infinity}',
    '{"a": 1e999}',
    b'{"a": "\xff"}',
    '{"a": ' + "[" * 40 + "]" * 40 + "}",
    '{"a": ' + "[" * 5000 + "]" * 5000 + "}",
    '{"a": "' + "x" * 1024 * 1024 + '"}',
    '{"a": 1}' + " " * 1024 * 1024,
]


@pytest.mark.parametrize(
    ("name", "content"),
    [*(("values.yml", each) for each in REFUSED_YAML), *(("values.json", each) for each in REFUSED_JSON)],
)
def test_what_could_be_read_in_two_ways_is_refused_without_a_quote(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    path = written(tmp_path, content, name)
    with pytest.raises(UsageError) as caught:
        read_values(path)
    assert str(path) in caught.value.message
    assert SECRET not in caught.value.message
    assert len(caught.value.message) < 1000


def test_a_refusal_says_where_and_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_values(written(tmp_path, "basic:\n  wait: yes\n"))
    assert "values.yml:2: basic.wait is read as a boolean" in caught.value.message
    assert "quotes" in caught.value.hint


@pytest.mark.parametrize("name", ["nowhere.yml", "."])
def test_a_file_that_can_not_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_values(tmp_path / name)
    assert "can't be read" in caught.value.message


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
VALUES = st.dictionaries(
    st.text(),
    st.recursive(
        LEAVES, lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)), max_leaves=8
    ),
)


@given(VALUES)
def test_any_json_is_passed_on_as_it_is(tmp_path: Path, values: dict[str, object]) -> None:
    assert read_values(written(tmp_path, json.dumps(values), "values.json")) == values


@given(st.binary(max_size=60), st.sampled_from(["values.yml", "values.json"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        values = read_values(written(tmp_path, content, name))
    except UsageError as error:
        assert error.hint  # noqa: PT017 - either end is fine
    else:
        json.dumps(values, allow_nan=False)
