"""What the environment and the home directory hold does not come between the gate and the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.errors import GateError
from tests.api.ground import Listener, cce, failure_at, reply, soon


@pytest.fixture
def netrc(monkeypatch: pytest.MonkeyPatch) -> Path:
    file = Path.home() / ".netrc"
    file.write_text("machine 127.0.0.1 login me password secret\ndefault login me password secret\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    return file


@pytest.mark.usefixtures("netrc")
def test_netrc_adds_nothing_to_the_request() -> None:
    with Listener(reply()) as listener:
        cce(listener.url).tasks(soon())
    (request,) = listener.requests
    assert b"authorization" not in request.lower()
    assert b"X-Auth-Token: emulator-token\r\n" in request


@pytest.mark.usefixtures("netrc")
def test_netrc_adds_nothing_after_a_failure_or_a_redirect() -> None:
    with Listener(b"", reply(b"", "302 Moved", Location="/x"), reply()) as listener:
        api = cce(listener.url)
        for _ in range(2):
            with pytest.raises(GateError):
                api.tasks(soon())
        api.tasks(soon())
    assert len(listener.requests) == 3
    assert all(b"authorization" not in request.lower() for request in listener.requests)


def test_a_broken_netrc_is_no_matter(netrc: Path) -> None:
    netrc.write_text("machine login {{{\n\x00")
    with Listener(reply()) as listener:
        assert cce(listener.url).tasks(soon()).tasks


@pytest.mark.parametrize(
    "variables",
    [
        ["HTTP_PROXY"],
        ["http_proxy"],
        ["ALL_PROXY"],
        ["all_proxy"],
        ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"],
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_proxy_does_not_catch_what_goes_to_this_machine(
    variables: list[str], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Listener(reply(b"", "502 Proxy")) as proxy, Listener(reply()) as listener:
        for variable in variables:
            monkeypatch.setenv(variable, proxy.url)
        for _ in range(2):
            cce(listener.url.replace("127.0.0.1", host)).tasks(soon())
        assert (len(listener.requests), proxy.connections) == (2, 0)


def test_a_proxy_is_used_for_other_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(reply(b"", "502 Bad Gateway")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failure_at("https://cce.eu-de.otc.t-systems.com")
    assert proxy.requests[0].startswith(b"CONNECT cce.eu-de.otc.t-systems.com:443 ")
    assert b"emulator-token" not in proxy.requests[0]
    assert error.transient


def test_a_proxy_variable_that_is_no_url_is_blamed_and_not_the_endpoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http:///x")
    with pytest.raises(GateError) as caught:
        cce("https://cce.eu-de.otc.t-systems.com").tasks(soon())
    assert "proxy" in f"{caught.value.message} {caught.value.hint}".lower()
    assert "credentials" not in f"{caught.value.message} {caught.value.hint}"


def test_a_kind_of_proxy_that_is_not_supported_is_not_asked_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(GateError) as caught:
        cce("https://cce.eu-de.otc.t-systems.com").tasks(soon())
    assert not getattr(caught.value, "transient", False)
    assert "proxy" in f"{caught.value.message} {caught.value.hint}".lower()


def test_a_certificate_that_nobody_trusts_is_refused_for_good() -> None:
    with Listener(reply(), tls=True) as listener:
        error = failure_at(listener.url)
    assert listener.requests == []
    assert not error.transient
    assert "certificate" in error.message
    assert "REQUESTS_CA_BUNDLE" in error.hint


def test_an_authority_that_is_named_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(Path(__file__).parent / "untrusted.pem"))
    with Listener(reply(), tls=True) as listener:
        assert cce(listener.url).tasks(soon()).tasks


def test_a_file_of_authorities_that_is_not_there_is_named_and_not_asked_again_and_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with Listener(reply(), tls=True) as listener, pytest.raises(GateError) as caught:
        cce(listener.url).tasks(soon())
    assert not getattr(caught.value, "transient", False)
    assert "none.pem" in caught.value.message


def test_cookies_of_the_endpoint_do_no_harm() -> None:
    with Listener(reply(Set_Cookie="a=b; Path=/; Domain=.evil.com"), reply()) as listener:
        api = cce(listener.url)
        assert api.tasks(soon()) == api.tasks(soon())
