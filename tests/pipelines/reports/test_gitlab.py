from __future__ import annotations

import json
from collections import Counter

import pytest

from gate.model import Decision

from .gitlab import read_codequality, read_dotenv
from .ground import render, samples

each_sample = pytest.mark.parametrize("name", samples())


@each_sample
def test_a_merge_request_shows_every_risk_that_is_not_ok(name: str) -> None:
    made = samples()[name]
    severities = Counter(entry["severity"] for entry in read_codequality(render("gitlab-codequality", made)))
    assert severities["info"] == made.count(Decision.ALLOWED)
    assert severities["blocker"] + severities["critical"] >= made.count(Decision.BLOCKED)
    assert severities["major"] >= made.count(Decision.INCONCLUSIVE)
    assert bool(severities.total() - severities["info"]) is (made.exit_code != 0)


@each_sample
def test_later_jobs_get_the_verdict_as_a_variable(name: str) -> None:
    made = samples()[name]
    read = read_dotenv(render("dotenv", made))
    assert (read["CCE_GATE_VERDICT"] == "pass") is (made.exit_code == 0)
    assert read["CCE_GATE_EXIT_CODE"] == str(int(made.exit_code))


@pytest.mark.parametrize("field", ["description", "check_name", "fingerprint", "severity", "location"])
def test_an_entry_without_a_required_field_would_be_seen(field: str) -> None:
    """That the tests above can fail."""
    entries = json.loads(render("gitlab-codequality", samples()["blocked"]))
    del entries[0][field]
    with pytest.raises(AssertionError):
        read_codequality(json.dumps(entries))


def test_two_entries_with_one_fingerprint_would_be_seen() -> None:
    entries = json.loads(render("gitlab-codequality", samples()["blocked"]))
    with pytest.raises(AssertionError):
        read_codequality(json.dumps([*entries, entries[0]]))
