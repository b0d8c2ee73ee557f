"""Where credentials may go: https anywhere, plain http to this machine only, and no tricks."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gate.api.endpoint import is_loopback, parse_endpoint
from gate.api.regions import endpoint_of
from gate.errors import ExitCode, UsageError
from tests.api.ground import FEWER


def why_refused(text: str, *, allow_insecure_http: bool = False) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse_endpoint(text, allow_insecure_http=allow_insecure_http)
    assert caught.value.exit_code is ExitCode.USAGE
    return caught.value


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("https://cce.eu-de.otc.t-systems.com", "https://cce.eu-de.otc.t-systems.com"),
        ("https://cce.eu-de.otc.t-systems.com/", "https://cce.eu-de.otc.t-systems.com"),
        ("  https://cce.eu-de.otc.t-systems.com\n", "https://cce.eu-de.otc.t-systems.com"),
        ("HTTPS://cce.example.com:8443", "https://cce.example.com:8443"),
        ("https://10.0.0.1:65535", "https://10.0.0.1:65535"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
        ("https://proxy", "https://proxy"),
    ],
)
def test_https_goes_anywhere(text: str, endpoint: str) -> None:
    assert parse_endpoint(text) == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost",
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://127.255.255.254",
        "http://[::1]:8080",
    ],
)
def test_plain_http_goes_to_this_machine(text: str) -> None:
    assert parse_endpoint(text) == text


@FEWER
@given(st.ip_addresses(v=4, network="127.0.0.0/8"), st.integers(1, 65535))
def test_plain_http_goes_to_every_address_of_the_loopback_network(
    address: ipaddress.IPv4Address, port: int
) -> None:
    assert parse_endpoint(f"http://{address}:{port}") == f"http://{address}:{port}"


@FEWER
@given(st.ip_addresses())
def test_plain_http_goes_to_no_other_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assume(not address.is_loopback and getattr(address, "ipv4_mapped", None) is None)
    host = f"[{address}]" if address.version == 6 else str(address)
    assert "--allow-insecure-http" in why_refused(f"http://{host}").hint
    assert parse_endpoint(f"http://{host}", allow_insecure_http=True) == f"http://{host}"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.evil.com", "localhost.evil.com", "evil.com", "localhost.", "127.1", "0x7f.1", "0x7f000001",
        "2130706433", "017700000001", "0177.0.0.1", "127.0.0.01", "127.0.0", "127.0.0.1.", "0.0.0.0",
        "0", "[::]",
        "[::ffff:8.8.8.8]", "[0:0:0:0:0:0:0:2]", "169.254.169.254", "localhost.localdomain", "xn--localhost",
    ],
)  # fmt: skip
def test_plain_http_to_what_only_looks_like_this_machine_is_refused(host: str) -> None:
    why_refused(f"http://{host}:8080")
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "text",
    [
        "https://user@cce.example.com", "https://user:word@cce.example.com", "http://127.0.0.1@evil.com",
        "http://127.0.0.1:80@evil.com", "http://evil.com\\@127.0.0.1", "http://127.0.0.1\\.evil.com",
        "http://127.0.0.1%2eevil.com", "http://127.0.0.1%00.evil.com", "https:\\\\cce.example.com",
        "https://cce.example.com\\x", "http://127.0.0.1 .evil.com", "https://cce example.com",
        "https://[::1%25eth0]",
        "http://[::1%eth0]:80", "https://[::1", "https://::1", "https://[127.0.0.1]", "https://[::1]x",
        "https://[x]",
        "https://a,b", "https://a;b", "https://a_b", "https://*.com", "https://'a'", "https://{region}",
        "https://$HOST",
    ],
)  # fmt: skip
def test_a_host_with_more_than_a_name_or_an_address_is_refused(text: str) -> None:
    why_refused(text, allow_insecure_http=True)


@pytest.mark.parametrize(
    "host", ["ｌocalhost", "127。0。0。1", "１２７.0.0.1", "cce.éxample.com", "cce。com", "ccе.com", "①"]
)
def test_a_host_in_other_letters_is_refused(host: str) -> None:
    for scheme in ("http", "https"):
        why_refused(f"{scheme}://{host}", allow_insecure_http=True)


@pytest.mark.parametrize(
    "host", [".", "..", "a..b", ".example.com", "example..com", "-", "a" * 64 + ".com", "a." * 130 + "com"]
)
def test_a_host_that_no_name_server_can_know_is_refused(host: str) -> None:
    why_refused(f"https://{host}")


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\x00", "\x1b", "\x7f", "\u200b", "\u202e", "\x85"])
def test_a_control_character_within_is_refused(character: str) -> None:
    for text in (
        f"https://cce.exam{character}ple.com",
        f"ht{character}tps://cce.example.com",
        f"https://{character}cce.com",
    ):
        why_refused(text)


@pytest.mark.parametrize(
    "port", ["0", "00000", "65536", "99999", "100000", "x", "-1", "", "８０", "80x", "8 0", "1e3", "443:443"]
)
def test_a_port_that_is_none_is_refused(port: str) -> None:
    why_refused(f"https://cce.example.com:{port}")


@pytest.mark.parametrize(
    "more", ["/api", "/api/v3/", "/?x=1", "?x=1", "#x", "/#x", "/%2e", "/;x", "//evil.com", "/\\evil.com"]
)
def test_more_than_a_host_is_refused(more: str) -> None:
    assert "cce.example.com" in why_refused(f"https://cce.example.com{more}").message


@pytest.mark.parametrize(
    "text", ["", " ", "https://", "https:", "//cce.example.com", "cce.example.com",
    "cce.example.com:443", "localhost:80",
             "https:///cce", "https://:443", "http:127.0.0.1", "ftp://127.0.0.1", "file:///etc/passwd",
             "httpss://a", "1", "::"]
)  # fmt: skip
def test_what_is_no_url_of_a_host_is_refused(text: str) -> None:
    why_refused(text, allow_insecure_http=True)


def test_a_password_in_the_endpoint_is_not_repeated() -> None:
    error = why_refused("https://user:hunter22@cce.example.com")
    assert "hunter22" not in error.message + error.hint


@given(
    st.text(max_size=30)
    | st.text(st.sampled_from("http:/locals.127@[]%\\#?0 x-"), max_size=30).map("http://".__add__)
)
def test_any_text_is_refused_or_an_origin_where_credentials_may_go(text: str) -> None:
    try:
        endpoint = parse_endpoint(text)
    except UsageError:
        return
    scheme, _, netloc = endpoint.partition("://")
    assert not set(netloc) & set("@/\\?#% ")
    host = netloc.partition("]")[0][1:] if netloc.startswith("[") else netloc.partition(":")[0]
    assert scheme == "https" or host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("cn-north-4", "https://cce.cn-north-4.myhuaweicloud.com"),
        ("ap-southeast-1", "https://cce.ap-southeast-1.myhuaweicloud.com"),
        ("af-south-1", "https://cce.af-south-1.myhuaweicloud.com"),
        ("eu-west-101", "https://cce.eu-west-101.myhuaweicloud.eu"),
        ("eu-de", "https://cce.eu-de.otc.t-systems.com"),
        ("eu-nl", "https://cce.eu-nl.otc.t-systems.com"),
    ],
)
def test_a_region_has_its_endpoint(region: str, endpoint: str) -> None:
    assert endpoint_of("cce", region) == endpoint
    assert parse_endpoint(endpoint) == endpoint


@pytest.mark.parametrize(
    "region",
    ["", " ", "eu", "EU-DE", "eu_de", "eu-", "-de", "eu-de ", "eu-de\n", "eu-de.evil.com", "eu-de/",
    "eu-de@evil.com", "eü-de",
     "eu-de#", "eu--de", "cn-north-4:80", "../eu-de", "https://eu-de"],
)  # fmt: skip
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(UsageError) as caught:
        endpoint_of("cce", region)
    assert "--endpoint" in caught.value.hint
