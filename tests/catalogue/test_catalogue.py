"""What is known of a risk is found by its exact name, and nothing is made up about any other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from gate.catalogue import all_known, known, remedy, unnamed
from gate.catalogue.entries import KnownRisk, UnnamedCheck
from gate.catalogue.reading import FILE


def test_the_published_names_are_known_in_the_order_of_the_file() -> None:
    published = ["AddonStatus", "AddonValidate", "K8sResourceModified"]
    assert [risk.name for risk in all_known() if risk.name in published] == published
    written = re.findall(r'^name = "(.*)"$', FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [risk.name for risk in all_known()] == written


def test_a_risk_is_found_by_its_name() -> None:
    for risk in all_known():
        assert known(risk.name) is risk


@pytest.mark.parametrize("name", ["", "addonstatus", "AddonStatus ", "Addon", "Unheard"])
def test_any_other_name_is_not_known(name: str) -> None:
    assert known(name) is None
    assert remedy(name) is None
    assert remedy(name, "coredns") is None


def test_a_risk_without_a_name_has_no_remedy() -> None:
    assert remedy(None) is None
    assert remedy(None, "coredns") is None


def test_the_remedy_is_general_where_the_add_on_needs_nothing_else() -> None:
    risk = known("AddonValidate")
    assert risk is not None
    for addon in (None, "", "everest", "CoreDNS"):
        assert remedy("AddonValidate", addon) == risk.remedy


def test_the_remedy_says_what_the_add_on_needs_besides() -> None:
    general = remedy("AddonValidate")
    special = remedy("AddonValidate", "coredns")
    assert general is not None
    assert special is not None
    assert special.startswith(f"{general} ")
    assert "parameterSyncStrategy" in special
    assert "parameterSyncStrategy" not in general


def test_every_text_is_one_paragraph_without_line_breaks() -> None:
    entries: list[KnownRisk | UnnamedCheck] = [*all_known(), *unnamed()]
    for entry in entries:
        for text in (entry.title, entry.looks_at, entry.if_ignored, entry.remedy):
            assert text == " ".join(text.split())
    for risk in all_known():
        assert all(text == " ".join(text.split()) for _, text in risk.addons)


def test_unnamed_checks_are_those_of_the_add_on_that_was_asked_for() -> None:
    of_nginx = tuple(check for check in unnamed() if check.addon == "nginx-ingress")
    assert unnamed("nginx-ingress") == of_nginx
    assert len(of_nginx) >= 4
    assert unnamed("no-such-add-on") == ()


def test_an_entry_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        all_known()[0].remedy = "ignore it"  # type: ignore[misc]


def test_to_import_the_catalogue_reads_nothing_yet() -> None:
    program = (
        "import sys, gate.catalogue\n"
        "late = {'tomllib', 'dataclasses', 'click', 'yaml', 'gate.catalogue.reading', 'gate.model'}\n"
        "assert not late & set(sys.modules), late & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ, timeout=30)
