"""`verify` as the job that upgrades runs it. Its conditions are tested in `tests/test_evidence.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.report.json_report import with_seal, written
from tests.cli.ground import CLUSTER, PROJECT, Ended, asking, cloud, run

KEY = {"CCE_GATE_SIGNING_KEY": "the secret of the pipeline"}
WARNING = "{addon: coredns, init: 0s, running: 0s, risks: [{name: AddonStatus, final: 0s, status: Failed}]}"
POLICY = "version: 1\nallow:\n  - {risk: AddonStatus, reason: accepted}\n"
ADDON = ("--addon", "coredns@1.30.6")
ASKED = ("--cluster-id", CLUSTER, *ADDON)


@dataclass(frozen=True)
class Reports:
    """A pass, unsigned and signed, a block, and the policy of the passes."""

    plain: Path
    signed: Path
    blocked: Path
    policy: Path


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    folder = tmp_path_factory.mktemp("reports")
    made = Reports(*(folder / name for name in ("plain.json", "signed.json", "blocked.json", "policy.yml")))
    made.policy.write_text(POLICY, encoding="utf-8")
    off = {"CCE_GATE_METADATA_ENDPOINT": "off"}
    policy = ("--policy", str(made.policy))
    with cloud(WARNING) as served:
        ends = [
            run(*asking(served.url), *policy, "--report", f"json={made.plain}", environ=off),
            run(*asking(served.url), *policy, "--report", f"json={made.signed}", environ={**off, **KEY}),
            run(*asking(served.url), "--report", f"json={made.blocked}", environ=off),
        ]
    assert [each.code for each in ends] == [0, 0, 1]
    return made


def last(ended: Ended) -> str:
    return ended.out.splitlines()[-1]


def test_the_job_that_upgrades_goes_on_with_exactly_what_was_checked(reports: Reports) -> None:
    policy = ("--policy", str(reports.policy), "--max-age", "30m", "--project-id", PROJECT)
    for ended in (
        run("verify", str(reports.plain), *ASKED),
        run("verify", "-", *ASKED, stdin=reports.plain.read_bytes()),
        run("verify", str(reports.signed), *ASKED, *policy, environ=KEY),
    ):
        assert (ended.code, ended.err) == (0, "")
        assert last(ended).startswith("VERIFIED: ")
        assert all(line.startswith("ok ") for line in ended.out.splitlines()[:-1])
    assert KEY["CCE_GATE_SIGNING_KEY"] not in ended.out


def test_it_says_that_the_policy_was_not_compared(reports: Reports) -> None:
    assert "not compared" in run("verify", str(reports.plain), *ASKED).out


@pytest.mark.parametrize(
    ("name", "options", "environ", "why"),
    [
        ("plain", ("--cluster-id", "another", *ADDON), {}, "cluster ID"),
        ("plain", ("--cluster-name", "prod", "--project-id", PROJECT, *ADDON), {}, "cluster name"),
        ("plain", ("--cluster-id", CLUSTER, "--addon", "coredns@1.30.7"), {}, "add-ons"),
        ("plain", (*ASKED, "--addon", "everest@2.4.72"), {}, "add-ons"),
        ("plain", (*ASKED, "--policy", "policies/strict.yml"), {}, "policy"),
        ("plain", (*ASKED, "--max-age", "1ms"), {}, "age"),
        ("plain", ASKED, KEY, "not signed"),
        ("signed", ASKED, {}, "can't be verified"),
        ("signed", ASKED, {"CCE_GATE_SIGNING_KEY": "another"}, "not by the key"),
    ],
)
def test_what_is_refused_ends_undecided_and_says_why_and_what_to_do(
    reports: Reports, name: str, options: Sequence[str], environ: dict[str, str], why: str
) -> None:
    ended = run("verify", str(getattr(reports, name)), *options, environ=environ)
    assert ended.code == 3
    assert last(ended).startswith("REFUSED: ")
    assert "(exit 3)" in last(ended)
    assert any(why in line for line in ended.out.splitlines() if line.startswith("REFUSED "))
    assert "hint: " in ended.out


def test_a_report_that_is_closed_itself_gives_its_own_code(reports: Reports) -> None:
    ended = run("verify", str(reports.blocked), *ASKED)
    assert (ended.code, last(ended)[:8]) == (1, "REFUSED:")


@pytest.mark.parametrize(
    ("options", "environ"),
    [
        ((*ADDON,), {}),
        (("--cluster-id", CLUSTER), {}),
        (("--cluster-id", CLUSTER, "--addon", "coredns"), {}),
        ((*ASKED, "--max-age", "0"), {}),
        ((*ASKED, "--policy", "no-such-file"), {}),
        (ASKED, {"CCE_GATE_SIGNING_KEY": " "}),
    ],
)
def test_wrong_usage_is_2_whatever_the_report(
    reports: Reports, options: Sequence[str], environ: dict[str, str]
) -> None:
    ended = run("verify", str(reports.plain), *options, environ=environ)
    assert (ended.code, ended.out) == (2, "")
    assert "hint:" in ended.err


def test_a_file_that_cannot_be_read_is_wrong_usage() -> None:
    assert run("verify", "no-such-file", *ASKED).code == 2


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b"[1]", b"[" * 100_000, b'{"a": NaN}'])
def test_what_is_no_report_is_refused(content: bytes) -> None:
    ended = run("verify", "-", *ASKED, stdin=content)
    assert (ended.code, last(ended)[:8]) == (3, "REFUSED:")
    assert "Traceback" not in ended.err


def test_text_of_the_report_commands_neither_terminal_nor_ci(reports: Reports) -> None:
    evil = "\x1b[2J\n::error::x\n##[error]\nVERIFIED: all is well"
    document = json.loads(reports.plain.read_bytes())
    document["targets"][0]["clusterId"] = document["targets"][0]["endpoint"] = evil
    document["policy"]["files"][0]["path"] = evil
    document["targets"][0]["tasks"][0]["risks"][0]["rule"]["file"] = evil
    ended = run("verify", "-", *ASKED, stdin=written(with_seal(document, None)).encode())
    assert ended.code == 3
    for line in ended.out.splitlines():
        assert not line.startswith(("::", "VERIFIED"))
        assert "##[" not in line
        assert line.isprintable()
