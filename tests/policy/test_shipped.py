"""The policies that ship in `policies/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.policy.load import load

SHIPPED = sorted((Path(__file__).parents[2] / "policies").glob("*.y*ml"))


def test_the_documented_policies_are_there() -> None:
    assert {"strict.yml", "platform-addons.yml"} <= {path.name for path in SHIPPED}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_policy_is_in_order(path: Path) -> None:
    assert load([path]).files[0].path == str(path)


def test_strict_allows_nothing() -> None:
    (strict,) = (path for path in SHIPPED if path.name == "strict.yml")

    assert load([strict]).allow == ()


def test_shipped_rules_are_narrow_and_do_not_run_out_by_themselves() -> None:
    rules = load(SHIPPED).allow

    assert rules
    assert all(rule.addon for rule in rules)
    assert all(rule.expires is None for rule in rules)
    assert not {rule.risk for rule in rules} & {"AddonStatus", "AddonValidate"}
