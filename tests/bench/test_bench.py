"""The measurement itself: a benchmark that measures the wrong thing is worse than none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import judging, process
from tests.bench.cloud import TASKS, TOKEN, WARNINGS, serving
from tests.bench.comparison import Comparison, Result, measure
from tests.bench.pairs import comparisons
from tests.bench.process import NotMeasured, environment, run
from tests.bench.table import table


def a_comparison(**changes: object) -> Comparison:
    fields = {"name": "a : b", "meaning": "a is light", "gate": ("-c", ""), "other": ("-c", ""), "bound": 1.5}
    return Comparison(**{**fields, "runs": 3, **changes})  # type: ignore[arg-type]


def test_ratios_are_taken_pair_by_pair_and_their_median_decides() -> None:
    slow_machine_in_the_middle = [(1.0, 1.0), (12.0, 10.0), (9.0, 1.0)]
    result = Result(a_comparison(), slow_machine_in_the_middle)
    assert result.ratios == [1.0, 1.2, 9.0]
    assert (result.ratio, result.is_kept) == (1.2, True)


@pytest.mark.parametrize(("ratio", "kept"), [(1.49, True), (1.5, True), (1.51, False)])
def test_a_promise_is_kept_up_to_its_bound(ratio: float, kept: bool) -> None:
    assert Result(a_comparison(), [(ratio, 1.0)]).is_kept is kept


def test_the_table_shows_each_ratio_its_bound_and_what_it_means() -> None:
    kept, broken = Result(a_comparison(), [(1.0, 1.0)]), Result(a_comparison(name="c : d"), [(2.0, 1.0)])
    first, second = (table([kept, broken]).splitlines()[at] for at in (1, 3))
    assert first.split() == ["a", ":", "b", "1", "1000", "1000", *["1.00"] * 3, "<=", "1.5", "kept"]
    assert second.split() == ["c", ":", "d", "1", "2000", "1000", *["2.00"] * 3, "<=", "1.5", "BROKEN"]
    assert table([kept, broken]).count("a is light") == 2


def test_waiting_costs_nothing_and_computing_does(tmp_path: Path) -> None:
    environ = environment(tmp_path)
    waiting = run(("-c", "import time; time.sleep(1)"), environ)
    computing = run(
        ("-c", "import time\nwhile time.process_time() < 0.5: pass"),
        environ,
    )
    assert waiting.cpu < 0.5 <= computing.cpu


def test_each_side_runs_once_to_warm_up_and_then_in_turn(tmp_path: Path) -> None:
    log = tmp_path / "log"
    gate, other = (("-c", f"open({str(log)!r}, 'a').write({name!r})") for name in "AB")
    result = measure(a_comparison(gate=gate, other=other, runs=2), environment(tmp_path))
    assert (log.read_text(encoding="utf-8"), len(result.pairs)) == ("ABABAB", 2)


def test_a_run_that_does_not_end_with_zero_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match=r"ended with 3, not with 0:\nwhy"):
        run(("-c", "print('why'); raise SystemExit(3)"), environment(tmp_path))


def test_a_run_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_LONGEST", 0.2)
    with pytest.raises(NotMeasured, match="ended with -9"):
        run(("-c", "import time; time.sleep(20)"), environment(tmp_path))


def test_settings_of_the_machine_reach_no_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONDONTWRITEBYTECODE", "https_proxy", "CCE_GATE_REPORT", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, "1")
    assert set(environment(tmp_path)) <= {"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "HOME"}


@pytest.mark.parametrize(("cpu", "code"), [(1.0, 0), (2.0, 1)])
def test_the_exit_code_tells_whether_every_promise_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cpu: float, code: int
) -> None:
    results = [Result(a_comparison(), [(1.0, 1.0)]), Result(a_comparison(), [(cpu, 1.0)])]
    monkeypatch.setattr(bench, "_results", lambda: results)
    assert bench.main() == code
    assert "Python" in capsys.readouterr().out


def test_what_could_not_be_measured_is_told_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> list[Result]:
        raise NotMeasured("the emulator did not start in time")

    monkeypatch.setattr(bench, "_results", fails)
    assert bench.main() == 2
    assert "did not start" in capsys.readouterr().err


def test_every_pair_does_what_is_to_be_measured(tmp_path: Path) -> None:
    environ = environment(tmp_path, HW_AUTH_TOKEN=TOKEN)
    with serving(tmp_path) as cloud:
        pairs = [pair for pair in comparisons(cloud) if "tests.bench.judging" not in pair.gate]
        said = [run(side, environ).output for pair in pairs for side in (pair.gate, pair.other)]
    _, _, gate, script = said
    for verdict in (gate, script):
        assert len(set(re.findall(r"addon-\d+ ->", verdict))) == TASKS
        assert "unused" not in verdict
        assert len(re.findall(r"^ *allowed|: allowed", verdict, re.MULTILINE)) == WARNINGS


def test_the_measured_judging_allows_what_the_rules_are_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "TASKS", 4)
    monkeypatch.setattr(judging, "RISKS", judging.NAMES)
    assert judging.main(4 * judging.NAMES, 1) == "200 allowed"
    assert judging.main(judging.NAMES, 1) == "50 allowed, 150 blocked"
