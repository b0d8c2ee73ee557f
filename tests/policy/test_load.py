"""What a policy says when it is in order, and how several files come together."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from gate.errors import ExitCode
from gate.model import CheckType, Effect, Policy, PolicyFile, Rule
from gate.pattern import Pattern
from gate.policy.load import PolicyError, load, parse
from tests.builders import TODAY

pytestmark = pytest.mark.usefixtures("loader")

FULL = b"""\
# reviewed
version: 1
allow:
  - risk: K8sResourceModified
    reason: Corefile is carried over
    addon: coredns
    target-version: ">=1.30,<1.31"
    cluster: ["prod-*", 6b400e1c-4368-11f0-ba56-0255ac100037]
    type: addonUpgrade
    message: "configmap .* modified"
    expires: 2026-12-31
    owner: team-network
    ticket: NET-123

  - reason: known noise
    risk: SomethingElse
"""


def only_rule(text: str) -> Rule:
    (rule,) = parse(text.encode(), "p.yml", TODAY).allow
    return rule


def test_every_field_of_a_rule_is_read() -> None:
    assert parse(FULL, "p.yml", TODAY).allow == (
        Rule(
            file="p.yml",
            line=4,
            risk="K8sResourceModified",
            reason="Corefile is carried over",
            addon="coredns",
            target_version=">=1.30,<1.31",
            cluster=("prod-*", "6b400e1c-4368-11f0-ba56-0255ac100037"),
            type=CheckType.UPGRADE,
            message=Pattern.parse("configmap .* modified"),
            expires=date(2026, 12, 31),
            owner="team-network",
            ticket="NET-123",
        ),
        Rule(file="p.yml", line=15, risk="SomethingElse", reason="known noise"),
    )


def test_a_denial_is_read_as_a_rule_of_its_own_list() -> None:
    policy = parse(b"version: 1\ndeny:\n- risk: A\n  reason: b\n  cluster: prod-?\n", "p.yml", TODAY)

    assert policy.allow == ()
    assert policy.deny == (
        Rule(file="p.yml", line=3, risk="A", reason="b", cluster=("prod-?",), effect=Effect.DENY),
    )


@pytest.mark.parametrize(
    "text", ["version: 1", "version: 1\nallow: []\n", "{version: 1}", "---\nversion: 1\n...\n"]
)
def test_a_policy_without_rules_allows_nothing(text: str) -> None:
    assert parse(text.encode(), "p.yml", TODAY).allow == ()


def test_no_files_at_all_allow_nothing() -> None:
    assert load([], TODAY) == Policy()


def test_rules_of_all_files_add_up_in_the_order_given(tmp_path: Path) -> None:
    first, second = tmp_path / "b.yml", tmp_path / "a.yml"
    first.write_bytes(b"version: 1\nallow: [{risk: A, reason: a}, {risk: B, reason: b}]\n")
    second.write_bytes(b"version: 1\nallow:\n- {risk: C, reason: c}\n")

    policy = load([first, second], TODAY)

    assert [(rule.file, rule.line, rule.risk) for rule in policy.allow] == [
        (str(first), 2, "A"),
        (str(first), 2, "B"),
        (str(second), 3, "C"),
    ]


def test_each_file_is_named_as_given_with_the_checksum_of_its_raw_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"\xef\xbb\xbfversion: 1\r\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "p.yml").write_bytes(data)
    monkeypatch.chdir(tmp_path)

    assert load([Path("sub/p.yml")], TODAY).files == (
        PolicyFile("sub/p.yml", hashlib.sha256(data).hexdigest()),
    )


@pytest.mark.parametrize("written", ["2026-12-31", '"2026-12-31"', "'2026-12-31'"])
def test_a_day_may_be_quoted_or_not(written: str) -> None:
    assert only_rule(f"version: 1\nallow: [{{risk: A, reason: b, expires: {written}}}]").expires == date(
        2026, 12, 31
    )


def test_a_rule_whose_last_day_is_over_is_read_and_left_to_the_judge() -> None:
    assert only_rule("version: 1\nallow: [{risk: A, reason: b, expires: 2001-01-01}]").is_expired(
        date(2026, 1, 1)
    )


def test_a_reason_may_take_several_lines() -> None:
    assert only_rule("version: 1\nallow:\n- risk: A\n  reason: |\n    one\n    two\n").reason == "one\ntwo"


def test_words_that_yaml_reads_as_something_else_are_text_in_quotes() -> None:
    rule = only_rule("version: 1\nallow: [{risk: 'on', reason: '42', addon: \"null\", ticket: '2026-12-31'}]")

    assert (rule.risk, rule.reason, rule.addon, rule.ticket) == ("on", "42", "null", "2026-12-31")


def test_text_in_any_script_is_fine() -> None:
    assert (
        only_rule("version: 1\nallow: [{risk: A, reason: 已由网络团队确认　🙂}]").reason
        == "已由网络团队确认　🙂"
    )


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_do_not_move_positions(start: str, line_end: str) -> None:
    text = start + line_end.join(["version: 1", "allow:", "- risk: A", "  reason: b", ""])
    assert only_rule(text).line == 3

    with pytest.raises(PolicyError) as caught:
        parse(
            (start + line_end.join(["verison: 1", "allow:", "  - rsik: A", "    reason: b"])).encode(),
            "p.yml",
            TODAY,
        )
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(1, 1), (3, 5)]


def test_an_alias_stands_for_what_it_names_and_is_placed_where_it_stands() -> None:
    policy = parse(
        b"version: 1\nallow:\n- &a\n  risk: A\n  reason: &r because\n- risk: B\n  reason: *r\n- *a\n",
        "p.yml",
        TODAY,
    )

    assert [(rule.line, rule.risk, rule.reason) for rule in policy.allow] == [
        (3, "A", "because"),
        (6, "B", "because"),
        (8, "A", "because"),
    ]


def test_one_fault_is_told_in_one_line() -> None:
    with pytest.raises(PolicyError) as caught:
        parse(b"version: 1\nallow:\n  - rsik: A\n    reason: b\n", "policies/prod.yml", TODAY)

    error = caught.value
    assert error.message == "policies/prod.yml:3:5: allow[0].rsik: unknown key, did you mean risk?"
    assert str(error) == error.message
    assert error.exit_code is ExitCode.USAGE
    assert error.hint
    assert "\n" not in error.hint


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    broken, missing, wrong, fine = (
        tmp_path / name for name in ("broken.yml", "missing.yml", "wrong.yml", "fine.yml")
    )
    broken.write_bytes(b"version: 1\nallow: [\n")
    wrong.write_bytes(b"allow:\n- reason: 7\n  expires: soon\n")
    fine.write_bytes(FULL)

    with pytest.raises(PolicyError) as caught:
        load([broken, missing, fine, wrong], TODAY)

    told = [(fault.file, fault.line, fault.path) for fault in caught.value.faults]
    assert told[:2] == [(str(broken), 3, ""), (str(missing), 0, "")]
    assert told[2:] == [
        (str(wrong), 1, "version"),
        (str(wrong), 2, "allow[0].risk"),
        (str(wrong), 2, "allow[0].reason"),
        (str(wrong), 3, "allow[0].expires"),
    ]
    first, *rest = caught.value.message.splitlines()
    assert first == "6 errors in the policy"
    assert rest == [str(fault) for fault in caught.value.faults]


def test_a_file_given_twice_is_a_fault(tmp_path: Path) -> None:
    file, link = tmp_path / "p.yml", tmp_path / "link.yml"
    file.write_bytes(FULL)
    link.symlink_to(file)

    with pytest.raises(PolicyError, match=r"link\.yml: given twice"):
        load([file, link], TODAY)


def test_a_file_that_cannot_be_read_has_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(PolicyError) as caught:
        load([Path("policy.yml")], TODAY)

    assert caught.value.message == "policy.yml: cannot be read: No such file or directory"


def test_a_directory_a_looping_link_and_an_impossible_name_are_faults_not_crashes(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    with pytest.raises(PolicyError) as caught:
        load([tmp_path, loop, Path("a\0b"), tmp_path / "no" / "such"], TODAY)

    assert len(caught.value.faults) == 4
    assert all("cannot be read" in fault.message for fault in caught.value.faults)
    assert len(caught.value.message.splitlines()) == 5


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="reads all"
)
def test_a_file_without_permission_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_bytes(FULL)
    file.chmod(0)

    with pytest.raises(PolicyError, match="cannot be read: Permission denied"):
        load([file], TODAY)


def test_a_socket_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        with pytest.raises(PolicyError, match="cannot be read"):
            load([Path("s")], TODAY)


def test_a_policy_can_come_through_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(FULL,))
    writer.start()
    try:
        assert len(load([pipe], TODAY).allow) == 2
    finally:
        writer.join()


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(PolicyError, match="larger than 1024 KiB"):
        load([Path("/dev/zero")], TODAY)


def test_no_character_of_a_file_name_or_key_breaks_the_one_line_form() -> None:
    with pytest.raises(PolicyError) as caught:
        parse(b'version: 1\n"a\\nb\\e[31m c": 1\n', "x\n::error.yml", TODAY)

    assert caught.value.message.startswith('x\\n::error.yml:2:1: "a\\nb\\x1b[31m c": unknown key')
    assert caught.value.message.isprintable()
