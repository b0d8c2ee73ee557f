"""`CCE_GATE_SIGNING_KEY`: JSON reports are signed, and a key that got lost ends the run before it asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.cli.signing_key import signing_key
from gate.errors import UsageError
from tests.cli.ground import CLEAR, asking, cloud, run
from tests.documents import a_list, a_task

KEY = "the secret of the pipeline"
SET = {"CCE_GATE_SIGNING_KEY": KEY}


def test_no_key_is_none_and_an_empty_one_is_wrong_usage() -> None:
    assert signing_key({}) is None
    assert signing_key({"CCE_GATE_SIGNING_KEY": " kéy\udcff"}) == " kéy".encode() + b"\xff"
    for blank in ("", " ", "\n\t"):
        with pytest.raises(UsageError, match="empty"):
            signing_key({"CCE_GATE_SIGNING_KEY": blank})


def test_json_reports_are_signed_and_the_key_is_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    ended = run("evaluate", "-", "--report", f"json={path}", stdin=a_list(a_task()), environ=SET)
    assert ended.code == 0
    assert len(json.loads(path.read_text())["seal"]["signature"]) == 64
    assert KEY not in ended.out + ended.err + path.read_text()
    to_stdout = run("evaluate", "-", "--report", "json", stdin=a_list(a_task()), environ=SET)
    assert to_stdout.report["seal"]["signature"]
    unsigned = run("evaluate", "-", "--report", "json", stdin=a_list(a_task()))
    assert unsigned.report["seal"]["signature"] is None


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_key_that_got_lost_ends_the_run_before_anything_is_asked(blank: str) -> None:
    with cloud(CLEAR) as served:
        ended = run(*asking(served.url), environ={"CCE_GATE_SIGNING_KEY": blank})
        assert (ended.code, len(served.requests)) == (2, 0)
    assert "CCE_GATE_SIGNING_KEY" in ended.err
