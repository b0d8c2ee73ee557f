"""`evaluate`: the same judge over saved answers, without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import NOW
from tests.cli.ground import run
from tests.documents import EXAMPLES, a_list, a_task

DOCUMENTED = str(EXAMPLES / "list-response.documented.json")


def test_the_documented_example_blocks_as_fatal_and_as_unlisted() -> None:
    ended = run("evaluate", DOCUMENTED, "--report", "json")
    risks = {each["name"]: each for each in ended.report["targets"][0]["tasks"][0]["risks"]}
    assert ended.code == 1
    assert {name: each["decision"] for name, each in risks.items()} == {
        "AddonStatus": "blocked",
        "AddonValidate": "blocked",
    }
    assert "Fatal" in risks["AddonValidate"]["reason"]
    assert "not listed" in risks["AddonStatus"]["reason"]


def test_the_documented_example_blocks_with_both_names_listed(tmp_path: Path) -> None:
    rules = [{"risk": name, "reason": "accepted"} for name in ("AddonStatus", "AddonValidate")]
    (tmp_path / "policy.yml").write_text(json.dumps({"version": 1, "allow": rules}))
    ended = run("evaluate", DOCUMENTED, "--policy", str(tmp_path / "policy.yml"), "--report", "json")
    decisions = [each["decision"] for each in ended.report["targets"][0]["tasks"][0]["risks"]]
    assert (ended.code, decisions) == (1, ["allowed", "blocked"])


def test_a_saved_answer_of_any_age_passes_and_the_report_says_that_age_was_not_checked() -> None:
    ended = run("evaluate", "-", stdin=a_list(a_task()))
    assert ended.code == 0
    assert "age" in ended.out
    assert run("evaluate", "-", "--max-age", "1h", stdin=a_list(a_task())).code == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (a_list(a_task("Running")), 3),
        (a_list(), 3),
        (a_list(a_task("Failed")), 1),
        (a_list(a_task(), pageInfo={"currentCount": 2}), 3),
        (a_list(a_task(addonInstanceID=None, taskID=None, type=None)), 3),
        (b"", 4),
        (b"<html></html>", 4),
        (b'{"kind": "AddonCheck", "items": []}' + b"]", 4),
        (b"[" * 100_000, 4),
        (b'{"items":' * 100_000, 4),
        (a_list(a_task()).decode().encode("utf-16"), 4),
        ((EXAMPLES / "create-response.documented.json").read_bytes(), 4),
    ],
)
def test_what_is_not_a_pass_ends_in_its_own_code(body: bytes, code: int) -> None:
    ended = run("evaluate", "-", stdin=body)
    assert ended.code == code
    assert "hint:" in ended.out or "What to do next" in ended.out
    assert "Traceback" not in ended.err


def test_the_worst_of_several_files_holds(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(a_list(a_task()))
    bad.write_bytes(b"{}")
    assert run("evaluate", str(good)).code == 0
    ended = run("evaluate", str(good), DOCUMENTED, str(bad), "--report", "json")
    assert (ended.code, ended.report["summary"]["targets"]) == (1, 3)
    assert run("evaluate", str(good), str(bad)).code == 4


@pytest.mark.parametrize("arguments", [[], ["no-such-file"], ["."], ["-", "-"]])
def test_a_file_that_cannot_be_read_is_wrong_usage(arguments: list[str]) -> None:
    assert run("evaluate", *arguments).code == 2


def test_an_answer_from_the_future_is_not_believed() -> None:
    future = a_task(createTimeStamp="2199-01-01T00:00:00.000000000Z")
    assert run("evaluate", "-", stdin=a_list(future)).code == 3
    assert NOW.utc_date.year < 2199


def test_a_saved_error_says_which_error_it_is() -> None:
    ended = run("evaluate", "-", stdin=b'{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM"}')
    assert ended.code == 4
    assert "Incorrect IAM" in ended.out
    assert "APIGW.0301" in ended.out


def test_nothing_saved_is_said_to_be_nothing() -> None:
    assert "empty" in run("evaluate", "-").out


def test_a_long_policy_does_not_bury_the_verdict(tmp_path: Path) -> None:
    rules = [{"risk": f"Risk{number}", "reason": "accepted"} for number in range(40)]
    (tmp_path / "policy.yml").write_text(json.dumps({"version": 1, "allow": rules}))
    ended = run("evaluate", "-", "--policy", str(tmp_path / "policy.yml"), stdin=a_list(a_task()))
    assert len(ended.out.splitlines()) < 50
    assert "30 more rules" in ended.out


def a_report(folder: Path, answer: bytes, *options: str, **environ: str) -> Path:
    """The JSON report of an answer."""
    path = folder / "report.json"
    run("evaluate", "-", *options, "--report", f"json={path}", stdin=answer, environ=environ)
    return path


WARNED = a_list(a_task("Failed", [{"riskName": "A", "status": "Failed", "level": "Warning"}]))


@pytest.mark.parametrize(("answer", "code"), [(a_list(a_task()), 0), (WARNED, 1), (a_list(), 3), (b"{}", 4)])
def test_a_report_is_judged_again_to_the_same_verdict(tmp_path: Path, answer: bytes, code: int) -> None:
    path = a_report(tmp_path, answer)
    ended = run("evaluate", str(path), "--report", "json")
    before = json.loads(path.read_bytes())
    assert (ended.code, ended.report["verdict"]) == (code, before["verdict"])
    assert ended.report["targets"][0]["tasks"] == before["targets"][0]["tasks"]
    assert (ended.report["finishedAt"], ended.report["targets"][0]["source"]) == (
        before["finishedAt"],
        str(path),
    )
    assert "judged as of" in ended.err


def test_the_policy_of_a_report_is_found_where_it_says_as_long_as_it_is_unchanged(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text("version: 1\nallow: [{risk: A, reason: accepted}]\n")
    path = a_report(tmp_path, WARNED, "--policy", str(policy))
    assert run("evaluate", str(path)).code == 0
    ended = run("evaluate", str(path), "--policy", "policies/strict.yml")
    assert (ended.code, "another policy" in ended.err) == (1, True)
    policy.write_text("version: 1\nallow: [{risk: A, reason: changed}]\n")
    ended = run("evaluate", str(path))
    assert (ended.code, "has changed" in ended.err) == (2, True)
    policy.unlink()
    ended = run("evaluate", str(path))
    assert (ended.code, "there is no file" in ended.err, "--policy" in ended.err) == (2, True, True)


def test_options_that_say_something_else_than_the_report_are_refused(tmp_path: Path) -> None:
    path = str(a_report(tmp_path, a_list(a_task()), "--cluster-id", "c", "--addon", "coredns@1.30.6"))
    assert run("evaluate", path, "--cluster-id", "c", "--addon", "coredns@1.30.6").code == 0
    assert run("evaluate", path, environ={"CCE_GATE_CLUSTER_ID": "d"}).code == 2
    for options in (
        ("--cluster-id", "d"),
        ("--cluster-name", "c"),
        ("--addon", "coredns"),
        ("--max-age", "1h"),
        ("--task-id", "t"),
        ("--type", "addonStatic"),
    ):
        ended = run("evaluate", path, *options)
        assert (ended.code, options[0] in ended.err) == (2, True)


def test_a_report_that_was_changed_is_not_judged(tmp_path: Path) -> None:
    path = a_report(tmp_path, WARNED)
    path.write_bytes(path.read_bytes().replace(b'"Warning"', b'"warning"'))
    ended = run("evaluate", str(path))
    assert (ended.code, "digest" in ended.err) == (3, True)


def test_a_signed_report_can_be_judged_by_who_has_no_key_and_says_so(tmp_path: Path) -> None:
    path = a_report(tmp_path, a_list(a_task()), CCE_GATE_SIGNING_KEY="k")
    ended = run("evaluate", str(path))
    assert (ended.code, "not verified" in ended.err) == (0, True)
    assert run("evaluate", str(path), environ={"CCE_GATE_SIGNING_KEY": "k"}).code == 0
    assert run("evaluate", str(path), environ={"CCE_GATE_SIGNING_KEY": "other"}).code == 3


def test_a_report_and_an_answer_together_need_a_policy(tmp_path: Path) -> None:
    path = str(a_report(tmp_path, a_list(a_task())))
    assert run("evaluate", path, "-", stdin=a_list(a_task())).code == 2
    ended = run("evaluate", path, "-", "--policy", "policies/strict.yml", stdin=WARNED)
    assert ended.code == 1
