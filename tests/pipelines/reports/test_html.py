from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gate.model import Decision, Report
from gate.report.wording import Outcome

from .browser import Browser
from .ground import DESK, PHONE, everywhere, render, samples
from .html import Look, look_at

ACT = "window.acted=1,alert(1),document.title='PASS'"
PAYLOADS = (
    f"<script>{ACT}</script>",
    f'"><script>{ACT}</script>',
    f"</style></title></pre></textarea><script>{ACT}</script>",
    f'<img src=x onerror="{ACT}">',
    f'\'><svg onload="{ACT}">',
    f'<details open ontoggle="{ACT}">x</details>',
    f'<iframe srcdoc="<script>parent.acted=1</script>"></iframe><iframe src="javascript:{ACT}"></iframe>',
    "<style>@import 'URL/style';</style><p style=\"background:url('URL/ground')\">x</p>",
    "<link rel=stylesheet href='URL/link'><link rel=prefetch href='URL/prefetch'>",
    "<img src='URL/image'><video src='URL/video'></video><object data='URL/object'></object>",
    "<script src='URL/script'></script>",
)
LONG = ("x" * 500, "配" * 400, "a/b-c_d." * 80, "W" * 40 + " " + "W" * 40, "\u202e" * 100)
each_width = pytest.mark.parametrize("width", [PHONE, DESK])


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine: its URL, and the paths that it was asked for."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_request(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


def look(browser: Browser, made: Report, folder: Path, width: int, media: str = "") -> Look:
    return look_at(browser, render("html", made), folder / "report.html", width, media)


@each_width
@pytest.mark.parametrize("name", samples())
def test_a_report_fits_the_screen_and_says_its_outcome(
    browser: Browser, tmp_path: Path, name: str, width: int
) -> None:
    made = samples()[name]
    seen = look(browser, made, tmp_path, width)
    outcome = Outcome.of(made)
    assert seen.text.startswith(outcome.verdict.name)
    assert seen.title.startswith(f"{outcome.verdict.name}: ")
    assert ("go on with the upgrade\n" in seen.text.split("Exit code")[0]) is (made.exit_code == 0)


@each_width
@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_text_without_a_place_to_break_fits_too(
    browser: Browser, tmp_path: Path, text: str, width: int
) -> None:
    look(browser, everywhere(text), tmp_path, width)


def test_nothing_of_hostile_text_runs_or_fetches(browser: Browser, tmp_path: Path) -> None:
    with listening() as (url, asked):
        payload = "".join(PAYLOADS).replace("URL", url)
        seen = look(browser, everywhere(payload), tmp_path, DESK)
    assert asked == []
    assert seen.title.startswith("BLOCKED: ")
    assert payload in seen.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_even_markup_that_were_not_escaped_would_not_run_or_fetch(
    browser: Browser, tmp_path: Path, payload: str
) -> None:
    """The page's own policy holds by itself; without it each of the payloads does what it wants to."""
    page = render("html", samples()["blocked"])
    open_page, removed = re.subn('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert removed == 1
    for source, acts in ((page, False), (open_page, True)):
        with listening() as (url, asked):
            file = tmp_path / "raw.html"
            file.write_text(
                source.replace("<main>", "<main>" + payload.replace("URL", url)), encoding="utf-8"
            )
            browser.open(file.as_uri(), DESK)
            browser.evaluate("new Promise(done => setTimeout(done, 100))")
            acted = browser.evaluate("window.acted ?? null")
        dialogs = browser.named("Page.javascriptDialogOpening")
        assert bool(acted or dialogs or asked) is acts, (acted, asked)


@pytest.mark.parametrize("name", ["passes", "blocked", "fleet", "hostile"])
def test_a_report_can_be_printed(browser: Browser, tmp_path: Path, name: str) -> None:
    look(browser, samples()[name], tmp_path, 720, "print")
    printed = browser.pdf()
    assert printed.startswith(b"%PDF-")
    assert printed.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 1


def test_what_is_folded_away_is_printed_all_the_same(browser: Browser, tmp_path: Path) -> None:
    made = everywhere("Fine")
    assert made.count(Decision.OK)
    look(browser, made, tmp_path, 720)
    hidden = "document.querySelectorAll('details').forEach(each => { each.open = false; });"
    seen = f"{hidden} document.querySelector('details ul').checkVisibility()"
    assert browser.evaluate(seen) is False
    browser.call("Emulation.setEmulatedMedia", media="print")
    assert browser.evaluate(seen) is True


def test_a_page_that_scrolls_sideways_would_be_seen(browser: Browser, tmp_path: Path) -> None:
    """That the tests above can fail."""
    page = render("html", everywhere("x" * 500)).replace("overflow-wrap: anywhere", "")
    with pytest.raises(AssertionError):
        look_at(browser, page, tmp_path / "wide.html", PHONE)
