"""From what a user names to the checks that are asked for."""

from __future__ import annotations

import pytest

from gate.model import LATEST, AddonRef, CheckType, OrderedCheck, ProblemCode
from gate.model.addon import ClusterFacts, Installed, Release, Support
from gate.plan import Plan, Wish, instances, plan, values_for

COREDNS = Installed("coredns", "id-1", "cceaddon-coredns", "1.29.5")
INGRESS = Installed("nginx-ingress", "id-2", "inner", "2.4.6")
SECOND = Installed("nginx-ingress", "id-3", "outer", "2.4.6")
CLUSTER = ClusterFacts("prod", "v1.29", "VirtualMachine")


def release(version: str, *patterns: str, stable: bool = True, kind: str = "VirtualMachine") -> Release:
    return Release(version, stable, (Support(kind, patterns),) if patterns else None)


def planned(
    name: str, *releases: Release, installed: Installed = COREDNS, cluster: ClusterFacts = CLUSTER
) -> Plan:
    """The plan for `NAME@VERSION`, or for all that is installed."""
    every = name == "--all"
    ref = AddonRef(*name.split("@"))
    wish = Wish(CheckType.UPGRADE, () if every else (ref,), every)
    chosen, problems = instances(wish, [installed])
    assert not problems
    return plan(wish, chosen, {installed.addon: releases}, cluster)


def versions(of: Plan) -> list[str | None]:
    return [check.target_version for check in of.checks]


@pytest.mark.parametrize("name", ["coredns", "cceaddon-coredns", "id-1"])
def test_an_add_on_is_found_by_each_of_its_names(name: str) -> None:
    assert planned(f"{name}@1.30.6", release("1.30.6")).checks == (OrderedCheck("coredns", "id-1", "1.30.6"),)


def test_a_template_name_is_every_instance_of_it() -> None:
    chosen, _ = instances(
        Wish(CheckType.UPGRADE, (AddonRef("nginx-ingress", "3"),)), [INGRESS, SECOND, COREDNS]
    )
    assert [each for _, each in chosen] == [INGRESS, SECOND]


def test_what_is_not_installed_is_a_problem_that_says_what_is() -> None:
    wish = Wish(CheckType.UPGRADE, (AddonRef("coredns", "1"), AddonRef("everest", "2")))
    _, (problem,) = instances(wish, [COREDNS, INGRESS, SECOND])
    assert problem.code is ProblemCode.ADDON_MISSING
    assert "everest" in problem.message
    assert problem.message.endswith("installed: coredns, nginx-ingress")


def test_one_check_that_two_names_ask_for_is_asked_for_once() -> None:
    wish = Wish(CheckType.UPGRADE, (AddonRef("coredns", "1.30.6"), AddonRef("id-1", LATEST)))
    chosen, _ = instances(wish, [COREDNS])
    assert len(plan(wish, chosen, {"coredns": [release("1.30.6")]}, CLUSTER).checks) == 1


@pytest.mark.parametrize(
    "there",
    [
        [],
        [release("1.30.5")],
        [release("1.30.6", "v1.30")],
        [release("1.30.6", "v1.2")],
        [release("1.30.6", "v1.29", kind="ARM64")],
        [Release("1.30.6", True, ())],
    ],
)
def test_a_version_that_is_not_there_for_this_cluster_is_not_asked_for(there: list[Release]) -> None:
    whole = planned("coredns@1.30.6", *there)
    assert not whole.checks
    assert "coredns 1.30.6" in whole.problems[0].message


def test_a_missing_version_is_answered_with_those_that_fit() -> None:
    many = [release(f"1.29.{number}") for number in range(12)]
    message = planned("coredns@1.30.6", release("1.31.0", "v1.30"), *many).problems[0].message
    assert "does not exist" in message
    assert "1.31.0" not in message
    assert message.endswith("1.29.9 and 2 more")
    assert "is not made for this cluster (v1.29)" in (
        planned("coredns@1.30.6", release("1.30.6", "v1.30")).problems[0].message
    )


@pytest.mark.parametrize(
    "fits",
    [
        release("1.30.6", "v1.29"),
        release("1.30.6", r"v1\.(28|29).*"),
        release("1.30.6", "v1.30", "v1.2[5-9]"),
    ],
)
def test_a_pattern_is_held_against_the_whole_version_of_the_cluster(fits: Release) -> None:
    assert versions(planned("coredns@1.30.6", fits)) == ["1.30.6"]
    assert versions(planned(f"coredns@{LATEST}", fits)) == ["1.30.6"]


UNCLEAR = [
    release("1.30.6", "v1.(29"),
    release("1.30.6", "(?=v)v1.29"),
    release("1.30.6", "v9)|(?:v1.29"),
    Release("1.30.6", True, (Support("VirtualMachine", ()),)),
]


@pytest.mark.parametrize("unclear", UNCLEAR)
def test_where_it_cannot_be_told_whether_a_version_fits_only_the_user_may_choose_it(unclear: Release) -> None:
    assert versions(planned("coredns@1.30.6", unclear)) == ["1.30.6"]
    assert not planned(f"coredns@{LATEST}", unclear).checks


def test_in_a_cluster_of_unknown_version_the_latest_is_one_made_for_any() -> None:
    unknown = ClusterFacts("prod", None, None)
    there = [release("1.30.7", "v1.29"), release("1.30.6")]
    assert versions(planned(f"coredns@{LATEST}", *there, cluster=unknown)) == ["1.30.6"]


def test_the_latest_is_the_newest_stable_release_and_the_plan_says_which() -> None:
    whole = planned(
        f"coredns@{LATEST}",
        release("1.30.9"),
        release("1.30.10"),
        release("1.30.11", stable=False),
        release("1.30.12rc1"),
        release("1.30.13", "v1.30"),
        release("1.30.14", "v1.29", kind="ARM64"),
        release("newest"),
    )
    assert versions(whole) == ["1.30.10"]
    assert whole.notes == ("coredns: 1.30.10 is the newest stable version for this cluster (now 1.29.5)",)


@pytest.mark.parametrize(
    "there", [[], [release("1.29.5")], [release("1.29.4")], [release("1.30.6", stable=False)]]
)
def test_no_newer_version_is_closed(there: list[Release]) -> None:
    for name in (f"coredns@{LATEST}", "--all"):
        whole = planned(name, *there)
        assert not whole.checks
        assert [problem.code for problem in whole.problems] == [ProblemCode.NO_TASKS]


@pytest.mark.parametrize("version", [None, "custom build"])
def test_an_installed_version_that_cannot_be_compared_does_not_hide_a_release(version: str | None) -> None:
    whole = planned("--all", release("1.30.6"), installed=Installed("coredns", "id-1", None, version))
    assert versions(whole) == ["1.30.6"]
    assert "None" not in whole.notes[0]


def test_all_takes_what_has_a_newer_version_and_says_what_has_none() -> None:
    wish = Wish(CheckType.UPGRADE, every=True)
    chosen, _ = instances(wish, [COREDNS, INGRESS])
    there = {"coredns": [release("1.30.6")], "nginx-ingress": [release("2.4.6")]}
    whole = plan(wish, chosen, there, CLUSTER)
    assert whole.checks == (OrderedCheck("coredns", "id-1", "1.30.6"),)
    assert whole.notes[-1] == "nginx-ingress: nothing newer than 2.4.6, not checked"


def test_one_name_that_cannot_be_planned_leaves_a_problem() -> None:
    wish = Wish(CheckType.UPGRADE, (AddonRef("coredns", "1.30.6"), AddonRef("inner", "9.9.9")))
    chosen, _ = instances(wish, [COREDNS, INGRESS])
    whole = plan(wish, chosen, {"coredns": [release("1.30.6")], "nginx-ingress": [release("3.0.7")]}, CLUSTER)
    assert len(whole.problems) == 1


def test_a_static_check_has_no_version_and_needs_no_release() -> None:
    wish = Wish(CheckType.STATIC, (AddonRef("coredns"),))
    chosen, _ = instances(wish, [COREDNS])
    assert plan(wish, chosen, {}, CLUSTER).checks == (OrderedCheck("coredns", "id-1", None),)


def test_values_go_to_each_instance_that_their_name_stands_for() -> None:
    name_of, problems = values_for([COREDNS, INGRESS, SECOND], ["nginx-ingress", "id-1"])
    assert (name_of, problems) == ({"id-1": "id-1", "id-2": "nginx-ingress", "id-3": "nginx-ingress"}, [])


@pytest.mark.parametrize("given", [["cordns"], ["coredns", "id-1"]])
def test_values_for_nothing_and_values_twice_are_problems(given: list[str]) -> None:
    _, problems = values_for([COREDNS], given)
    assert len(problems) == 1
    assert all(name in problems[0].message for name in given)


def test_all_stops_where_it_can_not_be_told_whether_a_newer_version_fits() -> None:
    unclear = Release("2.4.72", stable=True, supports=(Support(None, (r"v1\.(?=29).*",)),))
    wish = Wish(CheckType.UPGRADE, every=True)
    installed = Installed("everest", "id-1", "everest", "2.4.28")
    chosen, _ = instances(wish, [installed])
    made = plan(wish, chosen, {"everest": [unclear]}, ClusterFacts("prod", "v1.29", "VirtualMachine"))
    assert made.checks == ()
    assert made.problems
