"""Signatures, held against the vendor's own signer and against a server that checks what arrives."""

from __future__ import annotations

import importlib
import random
import string
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qsl, quote, unquote

import pytest
import requests
from urllib3.util import parse_url

from gate.api.keys import AccessKeys
from gate.api.signing import SignedBy
from gate.emulator.auth import SECRET, Gatekeeper, Refused
from gate.emulator.exchange import Received
from gate.emulator.issued import Issued
from gate.emulator.scenario import builtin
from gate.emulator.server import Emulator
from gate.model import Instant

NOON = 1_755_000_000.0
DATE = "20250812T120000Z"
KEYS = AccessKeys("ACCESSKEY", SECRET)
TEMPORARY = AccessKeys("ACCESSKEY", SECRET, "to/k+en==")

HOSTS = (
    ("https://cce.eu-de.example.com", "cce.eu-de.example.com"),
    ("https://CCE.example.com:443", "cce.example.com"),
    ("https://cce.example.com:80", "cce.example.com:80"),
    ("http://cce.example.com:80", "cce.example.com"),
    ("http://127.0.0.1:8080", "127.0.0.1:8080"),
    ("http://[::1]:8443", "[::1]:8443"),
    ("https://[::1]", "[::1]"),
)
UNRESERVED = string.ascii_letters + string.digits + "-._~"
ODD = "+%/ ~;:@&=?#,!$'()*\"<>[]\\^`{|}\x00\t\n\x7füß中文é\u0301🙂\ufffd"
LETTERS = UNRESERVED + 2 * ODD
PLAIN_IN_PATH = UNRESERVED + " ;:@&=+,!$'()*\"<>[]\\^`{|}"
PLAIN_IN_NAME = UNRESERVED + "/ ;:@?,!$'()*\"<>[]\\^`{|}"
PLAIN_IN_VALUE = PLAIN_IN_NAME + "="
TYPES = ("application/json", "application/json;charset=UTF-8", "application/bson", "text/plain")


def noon() -> Instant:
    return Instant.at(NOON)


def text(rng: random.Random, longest: int) -> str:
    return "".join(rng.choices(LETTERS, k=rng.randint(0, longest)))


def segment(rng: random.Random, longest: int = 6) -> str:
    """One part of a path. A dot or two are not a part: they are resolved, see the test of their own."""
    drawn = text(rng, longest)
    return "dots" if drawn in (".", "..") else drawn


def spelled(rng: random.Random, decoded: str, plain: str) -> str:
    """One of the ways to write `decoded` in a URL. What is `plain`, or not ASCII, may stand as it is."""
    escape = rng.choice(("%%%02X", "%%%02x"))
    return "".join(
        letter
        if (letter in plain or letter > "\x7f") and rng.random() < 0.7
        else "".join([escape % byte for byte in letter.encode()])
        for letter in decoded
    )


def spelled_pair(rng: random.Random, name: str, value: str) -> str:
    if name and not value and rng.random() < 0.5:
        return spelled(rng, name, PLAIN_IN_NAME).replace(" ", "+")
    pair = f"{spelled(rng, name, PLAIN_IN_NAME)}={spelled(rng, value, PLAIN_IN_VALUE)}"
    return pair.replace(" ", rng.choice(" +"))


@dataclass(frozen=True)
class Case:
    """A request as a caller means it (decoded), and as he wrote it (`url` and `params`)."""

    method: str
    url: str
    params: list[tuple[str, str]]
    host: str
    segments: list[str]
    pairs: list[tuple[str, str]]
    body: bytes | str | None
    content_type: str | None
    keys: AccessKeys
    project_id: str | None

    def prepared(self, auth: SignedBy | None) -> requests.PreparedRequest:
        headers = {"Accept": "application/json"}
        if self.content_type:
            headers["Content-Type"] = self.content_type
        params = self.params or None
        return requests.Request(
            self.method, self.url, headers, params=params, data=self.body, auth=auth
        ).prepare()

    def signed(self) -> requests.PreparedRequest:
        return self.prepared(SignedBy(self.keys, self.project_id, noon))

    def signed_unprepared(self) -> requests.PreparedRequest:
        """Without what `requests` does to the URL first; there are no `params` then."""
        request = requests.PreparedRequest()
        request.method, request.url, request.body = self.method, self.url, self.body
        request.prepare_headers({"Content-Type": self.content_type} if self.content_type else {})
        return SignedBy(self.keys, self.project_id, noon)(request)


def drawn(rng: random.Random, server: tuple[str, str] | None = None, *, with_params: bool = True) -> Case:
    base, host = server or rng.choice(HOSTS)
    segments = [segment(rng) or "first", *(segment(rng) for _ in range(rng.randint(0, 3)))]
    names = [text(rng, 5) for _ in range(3)]
    pairs = [(rng.choice(names), text(rng, 8)) for _ in range(rng.choice((0, 1, 2, 4)))]
    in_url = rng.randint(0, len(pairs)) if with_params else len(pairs)
    path = "/".join(spelled(rng, part, PLAIN_IN_PATH) for part in segments)
    query = "&".join(spelled_pair(rng, *pair) for pair in pairs[:in_url])
    return Case(
        method=rng.choice(("GET", "GET", "POST", "put", "PATCH", "DELETE")),
        url=f"{base}/{path}{'?' if query else ''}{query}{rng.choice(('', '', '#part?of=it'))}",
        params=pairs[in_url:],
        host=host,
        segments=segments,
        pairs=pairs,
        body=rng.choice((None, b"", b'{"a": 1}', text(rng, 20), text(rng, 20).encode(), rng.randbytes(9))),
        content_type=rng.choice((None, *TYPES)),
        keys=AccessKeys(f"AK{rng.randint(0, 99)}", SECRET, rng.choice((None, "to/k+en=="))),
        project_id=rng.choice((None, "b6315dd3d0ff4be5b31a963256794989")),
    )


@pytest.fixture(scope="module")
def sdk() -> SimpleNamespace:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SimpleNamespace(
            Credentials=importlib.import_module("huaweicloudsdkcore.auth.credentials").BasicCredentials,
            Request=importlib.import_module("huaweicloudsdkcore.sdk_request").SdkRequest,
        )


def vendors(sdk: SimpleNamespace, case: Case, content_type: str = "content-type") -> str:
    """The vendor SDK's `Authorization`. It hashes every body unless the header is spelled `Content-Type`."""
    headers = {"Host": case.host, "X-Sdk-Date": DATE}
    if case.project_id:
        headers["X-Project-Id"] = case.project_id
    if case.content_type:
        headers[content_type] = case.content_type
    request = sdk.Request(
        method=case.method,
        resource_path="/" + "/".join(quote(part, safe="") for part in case.segments),
        query_params=list(case.pairs),
        header_params=headers,
        body=case.body,
    )
    credentials = sdk.Credentials(case.keys.access_key, case.keys.secret_key, case.project_id)
    credentials.with_security_token(case.keys.security_token).sign_request(request)
    return str(request.header_params["Authorization"])


def authorization(url: str, keys: AccessKeys = KEYS, project_id: str | None = None) -> str:
    return str(
        requests.Request("GET", url, auth=SignedBy(keys, project_id, noon)).prepare().headers["Authorization"]
    )


def test_the_vendors_vector_gives_the_vendors_signature() -> None:
    keys = AccessKeys("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc")
    seconds = datetime(2019, 11, 15, 3, 36, 55, tzinfo=UTC).timestamp()
    request = requests.Request(
        "GET",
        "https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs",
        {"Content-Type": "application/json"},
        params={"limit": "2", "marker": "13551d6b-755d-4757-b956-536f674975c0"},
        auth=SignedBy(keys, None, lambda: Instant.at(seconds + 0.999)),
    ).prepare()
    assert request.headers["Host"] == "service.region.example.com"
    assert request.headers["X-Sdk-Date"] == "20191115T033655Z"
    assert request.headers["Authorization"] == (
        "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, "
        "Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
    )


def test_ten_thousand_requests_are_signed_as_the_vendors_sdk_signs_them(sdk: SimpleNamespace) -> None:
    rng = random.Random(11)
    for _ in range(10_000):
        case = drawn(rng, with_params=False)
        assert case.signed_unprepared().headers["Authorization"] == vendors(sdk, case), case


def test_what_requests_does_to_a_url_changes_no_signature(sdk: SimpleNamespace) -> None:
    rng = random.Random(10)
    for _ in range(500):
        case = drawn(rng)
        assert case.signed().headers["Authorization"] == vendors(sdk, case), case


def test_json_is_signed_as_the_sdk_signs_it_under_the_headers_usual_spelling(sdk: SimpleNamespace) -> None:
    rng = random.Random(12)
    json = [case for case in (drawn(rng) for _ in range(200)) if case.content_type in TYPES[:3]]
    assert json
    for case in json:
        assert case.signed().headers["Authorization"] == vendors(sdk, case, "Content-Type"), case


def test_a_body_of_another_type_is_signed_too() -> None:
    def signed(body: bytes) -> str:
        headers = {"Content-Type": "text/plain", "X-Sdk-Content-Sha256": "UNSIGNED-PAYLOAD"}
        auth = SignedBy(KEYS, None, noon)
        request = requests.Request("POST", "https://cce.example.com", headers, data=body, auth=auth).prepare()
        assert "X-Sdk-Content-Sha256" not in request.headers
        return str(request.headers["Authorization"])

    assert signed(b"a") != signed(b"b")


def test_what_is_signed_names_every_header_that_says_who_and_when() -> None:
    request = requests.Request(
        "GET", "http://127.0.0.1:8080/a", auth=SignedBy(TEMPORARY, "p", noon)
    ).prepare()
    assert request.headers["Host"] == "127.0.0.1:8080"
    assert request.headers["X-Sdk-Date"] == DATE
    assert request.headers["X-Project-Id"] == "p"
    assert request.headers["X-Security-Token"] == "to/k+en=="
    assert "SignedHeaders=host;x-project-id;x-sdk-date;x-security-token, " in request.headers["Authorization"]


def test_signing_again_replaces_the_signature_and_its_date() -> None:
    rng = random.Random(13)
    for _ in range(100):
        case = drawn(rng)
        request = case.signed()
        once = (request.url, dict(request.headers), request.body)
        again = SignedBy(case.keys, case.project_id, noon)(request)
        assert again is request
        assert (request.url, dict(request.headers), request.body) == once, case

        later = SignedBy(case.keys, case.project_id, lambda: Instant.at(NOON + 61))
        assert later(request).headers["X-Sdk-Date"] == "20250812T120101Z"
        assert dict(request.headers) == dict(case.prepared(later).headers), case
        assert request.headers["Authorization"] != once[1]["Authorization"]


def test_other_keys_leave_nothing_of_the_first_ones_behind() -> None:
    request = requests.Request(
        "GET", "https://cce.example.com/a", auth=SignedBy(TEMPORARY, "p", noon)
    ).prepare()
    SignedBy(KEYS, None, noon)(request)
    fresh = requests.Request("GET", "https://cce.example.com/a", auth=SignedBy(KEYS, None, noon)).prepare()
    assert dict(request.headers) == dict(fresh.headers)


def test_the_clients_own_reading_changes_nothing_in_a_signed_url() -> None:
    rng = random.Random(14)
    for _ in range(200):
        case = drawn(rng)
        url = str(case.signed().url)
        assert parse_url(url).request_uri == requests.Request("GET", url).prepare().path_url == _target(url)


def _target(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_a_list_of_values_is_sorted_by_text_and_not_by_number(sdk: SimpleNamespace) -> None:
    def by_sdk(pairs: list[tuple[str, object]]) -> str:
        headers = {"Host": "cce.example.com", "X-Sdk-Date": DATE}
        request = sdk.Request("GET", resource_path="/", query_params=pairs, header_params=headers)
        sdk.Credentials(KEYS.access_key, KEYS.secret_key).sign_request(request)
        return str(request.header_params["Authorization"])

    ours = authorization("https://cce.example.com/?a=9&a=10")
    assert ours == by_sdk([("a", "9"), ("a", "10")]) == by_sdk([("a", ["9", "10"])])
    assert ours != by_sdk([("a", [9, 10])])
    with pytest.raises(TypeError):
        by_sdk([("a", ["9"]), ("a", "10")])


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(builtin("pass"), clock=lambda: NOON) as running:
        yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def check(received: Received) -> None:
    """Raises `Refused` unless the request is rightly signed as it arrived, whatever its path."""
    Gatekeeper(Issued(lambda: NOON, random.randbytes), lambda: NOON).admit(received)


def test_odd_requests_arrive_as_they_were_signed_and_as_they_were_meant(
    emulator: Emulator, session: requests.Session
) -> None:
    rng = random.Random(15)
    for _ in range(150):
        case = drawn(rng, (emulator.url, emulator.url.removeprefix("http://")))
        session.send(case.signed())
        received = emulator.requests[-1]
        check(received)
        assert [unquote(part) for part in received.path.split("/")] == ["", *case.segments], case
        assert parse_qsl(received.raw_query, keep_blank_values=True) == case.pairs, case
        assert "+" not in received.raw_query
        assert received.headers["Host"] == case.host
        body = case.body.encode() if isinstance(case.body, str) else case.body
        assert received.body == (body or b"")


def test_a_call_with_an_odd_id_and_query_is_let_in(emulator: Emulator, session: requests.Session) -> None:
    rng = random.Random(16)
    for _ in range(60):
        odd = quote(segment(rng, 9) or "x", safe="")
        auth = SignedBy(rng.choice((KEYS, TEMPORARY)), rng.choice((None, "p")), noon)
        url = f"{emulator.url}/api/v3/projects/p/clusters/{odd}"
        answer = session.get(url, params=[(text(rng, 5), text(rng, 5))], auth=auth)
        assert (answer.status_code, answer.json()["errorCode"]) == (404, "CCE.01404001"), url


def test_the_server_refuses_a_wrong_secret(emulator: Emulator, session: requests.Session) -> None:
    auth = SignedBy(AccessKeys("ACCESSKEY", "another"), "p", noon)
    answer = session.get(f"{emulator.url}/api/v3/projects/p/clusters/odd", auth=auth)
    assert (answer.status_code, answer.json()["error_code"]) == (401, "APIGW.0301")
    with pytest.raises(Refused):
        check(emulator.requests[-1])


@pytest.mark.parametrize(
    ("written", "path", "query"),
    [
        ("", "/", ""),
        ("?a=1", "/", "a=1"),
        ("/a+b?a+b=%2B", "/a+b", "a%20b=%2B"),
        ("/a%2Fb?a%2Fb=/", "/a%2Fb", "a%2Fb=%2F"),
        ("/a%252Fb?a=%252F", "/a%252Fb", "a=%252F"),
        ("/100%?a=100%", "/100%25", "a=100%25"),
        ("/a%zz?a=%zz", "/a%25zz", "a=%25zz"),
        ("/%7e~%41?%7e=~%41", "/~~A", "~=~A"),
        ("/a;b=c?a=1;b=2", "/a;b=c", "a=1%3Bb%3D2"),
        ("/a b?a b=c d", "/a%20b", "a%20b=c%20d"),
        ("/ü中?ü=中", "/%C3%BC%E4%B8%AD", "%C3%BC=%E4%B8%AD"),
        ("/%c3%bc?a=%c3%bc", "/%C3%BC", "a=%C3%BC"),
        ("/a?", "/a", ""),
        ("/a?b", "/a", "b="),
        ("/a?b&b=&b", "/a", "b=&b=&b="),
        ("/a?&&b=1&", "/a", "b=1"),
        ("/a?=1&=", "/a", "=1&="),
        ("/a?b=c=d", "/a", "b=c%3Dd"),
        ("/a?b=2&a=1&b=1&a=0", "/a", "b=2&a=1&b=1&a=0"),
        ("/a?next=https://x.example/?y", "/a", "next=https%3A%2F%2Fx.example%2F%3Fy"),
        ("//a//b//", "/a//b//", ""),
        ("/./a/../b/.", "/b/", ""),
        ("/a/%2e%2E/b", "/b", ""),
        ("/a/%2E%2e//b", "/b", ""),
        ("/...?a=../..", "/...", "a=..%2F.."),
        ("/a?b=1#c?d=2", "/a", "b=1"),
    ],
)
def test_every_spelling_is_sent_in_one_that_has_one_reading(
    emulator: Emulator, session: requests.Session, written: str, path: str, query: str
) -> None:
    answer = session.get(f"{emulator.url}{written}", auth=SignedBy(KEYS, None, noon))
    received = emulator.requests[-1]
    check(received)
    # The server makes one slash of several at the start too: only the client's URL shows what was sent.
    assert answer.request.url == f"{emulator.url}{path}{'?' if query else ''}{query}"
    assert (received.path, received.raw_query) == (path, query)


def test_a_url_that_was_set_by_hand_is_sent_as_signed(emulator: Emulator, session: requests.Session) -> None:
    request = requests.Request("GET", emulator.url).prepare()
    request.url = f"{emulator.url}//a b/ü/100%/../c?d=100%&e=%20+ü"
    session.send(SignedBy(KEYS, None, noon)(request))
    check(emulator.requests[-1])


@pytest.mark.parametrize("body", ["ü中🙂", "plain", b"\xff\x00"])
def test_text_is_sent_as_the_bytes_that_were_signed(
    emulator: Emulator, session: requests.Session, body: str | bytes
) -> None:
    request = requests.Request("POST", f"{emulator.url}/a", data=body).prepare()
    sent = SignedBy(KEYS, None, noon)(request)
    assert isinstance(sent.body, bytes)
    assert sent.headers["Content-Length"] == str(len(sent.body))
    session.send(sent)
    check(emulator.requests[-1])
    assert emulator.requests[-1].body == sent.body


def test_a_content_type_in_bytes_is_signed_as_its_text(emulator: Emulator, session: requests.Session) -> None:
    session.post(
        f"{emulator.url}/a",
        data=b"{}",
        headers={"Content-Type": b"application/json "},
        auth=SignedBy(KEYS, None, noon),
    )
    check(emulator.requests[-1])
    assert "content-type" in emulator.requests[-1].headers["Authorization"]


@pytest.mark.parametrize("written", ["/%FF", "/%C3", "/a?b=%ff", "/a?%C3=b", "/\ud800"])
def test_a_url_that_no_server_decodes_alike_is_refused(written: str) -> None:
    request = requests.Request("GET", f"https://cce.example.com{written}").prepare()
    before = (request.url, dict(request.headers))
    with pytest.raises(requests.exceptions.InvalidURL):
        SignedBy(KEYS, None, noon)(request)
    assert (request.url, dict(request.headers)) == before


def test_without_a_url_there_is_nothing_to_sign() -> None:
    with pytest.raises(requests.exceptions.InvalidURL):
        SignedBy(KEYS, None, noon)(requests.PreparedRequest())


def test_a_stream_is_refused() -> None:
    request = requests.Request("POST", "https://cce.example.com", data=iter([b"a"])).prepare()
    with pytest.raises(TypeError):
        SignedBy(KEYS, None, noon)(request)
    assert "Authorization" not in request.headers


@pytest.mark.parametrize(
    ("keys", "project_id"),
    [
        (AccessKeys("ACCESS\nKEY", "the-secret"), None),
        (AccessKeys("ACCESSKEY", "the-secret\udcff"), None),
        (AccessKeys("ACCESSKEY", "the-secret\n"), None),
        (AccessKeys("ACCESSKEY", "the-secret", "the-secret\r\nX: y"), None),
        (AccessKeys("ACCESSKEY", "the-secret", "the-secretü"), None),
        (AccessKeys("ACCESSKEY", "the-secret"), "p\nq"),
    ],
)
def test_odd_credentials_are_refused_before_anything_is_sent(
    keys: AccessKeys, project_id: str | None
) -> None:
    with pytest.raises(requests.exceptions.InvalidHeader) as caught:
        authorization("https://cce.example.com", keys, project_id)
    assert "the-secret" not in str(caught.value)


def test_no_secret_is_ever_shown() -> None:
    keys = AccessKeys("ACCESSKEY", "the-secret", "the-token")
    auth = SignedBy(keys, "p", noon)
    shown = f"{keys} {keys!r} {[keys]} {auth} {auth!r} {[auth]}"
    assert "ACCESSKEY" in shown
    assert "the-secret" not in shown
    assert "the-token" not in shown
    assert "the-secret" not in str(auth(requests.Request("GET", "https://cce.example.com").prepare()).headers)
