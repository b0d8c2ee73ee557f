"""Rules that are narrowed to clusters: the API says which cluster this is, not who asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.emulator.scenario import parse
from gate.emulator.server import Emulator
from tests.cli.ground import CLUSTER, asking, run, scenario
from tests.documents import a_list, a_task

WARNED = "{addon: coredns, init: 0s, running: 0s, risks: [{name: AddonStatus, status: Failed, final: 0s}]}"
NAMED = scenario(WARNED).replace("    addons:", "    clusterName: prod-1\n    addons:", 1)


def served(*, fault: str = "") -> Emulator:
    return Emulator(parse(NAMED + fault, "test.yml"), port=0)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yml"
    path.write_text('version: 1\nallow: [{risk: AddonStatus, reason: known, cluster: "prod-*"}]\n')
    return path


def test_a_rule_for_a_cluster_by_name_fits_though_the_id_was_given(policy: Path) -> None:
    with served() as cloud:
        ended = run(*asking(cloud.url), "--policy", str(policy), "--report", "json")
    assert (ended.code, ended.report["targets"][0]["clusterName"]) == (0, "prod-1")


def test_without_such_a_rule_the_cluster_is_not_asked_for(tmp_path: Path) -> None:
    with served() as cloud:
        run(*asking(cloud.url))
        paths = [each.path for each in cloud.requests]
    assert all(path.partition("?")[0].endswith("/addons/precheck/tasks") for path in paths)


def test_a_name_that_is_only_claimed_opens_nothing(policy: Path) -> None:
    with Emulator(parse(NAMED.replace("prod-1", "staging"), "test.yml"), port=0) as cloud:
        plain = run(*asking(cloud.url), "--policy", str(policy))
        claimed = run(*asking(cloud.url), "--policy", str(policy), "--cluster-name", "prod-1")
    assert (plain.code, claimed.code) == (1, 4)
    assert "is named staging, not prod-1" in " ".join(claimed.out.split())


def test_a_name_that_cannot_be_asked_for_is_an_error_and_no_verdict(policy: Path) -> None:
    fault = "\nfaults: [{on: cluster, times: forever, kind: status, status: 403}]"
    with served(fault=fault) as cloud:
        ended = run(*asking(cloud.url), "--policy", str(policy))
    assert ended.code == 4


def test_a_saved_answer_is_of_the_cluster_that_is_named(policy: Path, tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    risk = {"riskName": "AddonStatus", "level": "Warning", "status": "Failed", "message": "down"}
    saved.write_bytes(a_list(a_task("Failed", [risk])))
    asked = ("evaluate", str(saved), "--policy", str(policy))
    assert run(*asked).code == 1
    assert run(*asked, "--cluster-name", "prod-7", "--cluster-id", CLUSTER).code == 0
    assert run(*asked, "--cluster-name", "staging").code == 1
