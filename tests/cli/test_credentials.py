"""Each source of credentials, end to end over real HTTP, and none of their secrets ever shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.cli.main import run as run_here
from gate.emulator.scenario import parse
from gate.emulator.server import Emulator
from tests.cli.ground import CLEAR, CLUSTER, PROJECT, TOKEN, asking, cloud, run, run_process, scenario

USER, PASSWORD, DOMAIN = "someone", "p@ss-word-7f3a", "team-domain"
ID_TOKEN, REQUEST_TOKEN = "eyJhbGciOi.id-token-91c2.sig", "request-token-5d0e"
PROVIDER, AGENCY, IDP = "iam::someone:identityProvider:ci", "iam::someone:agency:upgrade", "ci-provider"
SECRET_KEY = "emulator-secret"
EVERYTHING = "\n".join(
    [
        f"iam: {{domain: {DOMAIN}, user: {USER}, password: '{PASSWORD}', idpId: {IDP}}}",
        "oidc:",
        f"  {{providerUrn: '{PROVIDER}', agencyUrn: '{AGENCY}', idToken: {ID_TOKEN},",
        f"   requestToken: {REQUEST_TOKEN}}}",
    ]
)
NO_TOKEN = {"HW_AUTH_TOKEN": ""}
OIDC = {"HUAWEICLOUD_OIDC_PROVIDER_URN": PROVIDER, "HUAWEICLOUD_OIDC_AGENCY_URN": AGENCY}


@dataclass(frozen=True)
class Source:
    """A way to give credentials: the environment it needs, and what `-v` calls it."""

    environ: Callable[[Emulator, Path], Mapping[str, str]]
    called: str


def keys(ak: str, sk: str) -> Source:
    return Source(lambda *_: {ak: "any-key", sk: SECRET_KEY}, f"{ak} and {sk}")


def file(path: Path, content: str) -> str:
    path.write_text(content)
    return str(path)


def github(served: Emulator, _: Path) -> Mapping[str, str]:
    url = f"{served.url}/github/oidc?api-version=2.0"
    return {**OIDC, "ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN}


def password(*_: object) -> Mapping[str, str]:
    return {
        "OS_USERNAME": USER,
        "OS_PASSWORD": PASSWORD,
        "OS_DOMAIN_NAME": DOMAIN,
        "OS_PROJECT_NAME": "eu-de",
    }


def federation(_: Emulator, tmp: Path) -> Mapping[str, str]:
    token = file(tmp / "id-token", ID_TOKEN)
    return {"HUAWEICLOUD_SDK_IDP_ID": IDP, "HUAWEICLOUD_SDK_ID_TOKEN_FILE": token}


def profile(_: Emulator, tmp: Path) -> Mapping[str, str]:
    content = f"[basic]\nak = any-key\nsk = {SECRET_KEY}\n"
    return {"HUAWEICLOUD_SDK_CREDENTIALS_FILE": file(tmp / "credentials", content)}


def profile_at_home(_: Emulator, tmp: Path) -> Mapping[str, str]:
    folder = tmp / "home" / ".huaweicloud"
    folder.mkdir(exist_ok=True)
    file(folder / "credentials", f"[basic]\nak = any-key\nsk = {SECRET_KEY}\n")
    return {}


SOURCES = {
    "token": Source(lambda *_: {"HW_AUTH_TOKEN": TOKEN}, "HW_AUTH_TOKEN"),
    "token of OpenStack": Source(lambda *_: {"OS_TOKEN": TOKEN}, "OS_TOKEN"),
    "oidc variable": Source(lambda *_: {**OIDC, "HUAWEICLOUD_OIDC_ID_TOKEN": ID_TOKEN}, "OIDC by STS"),
    "oidc file": Source(
        lambda _, tmp: {**OIDC, "HUAWEICLOUD_OIDC_TOKEN_FILE": file(tmp / "jwt", ID_TOKEN)}, "OIDC by STS"
    ),
    "oidc of GitHub": Source(github, "OIDC by STS, with the token from GitHub's OIDC"),
    "oidc of GitLab": Source(lambda *_: {**OIDC, "GITLAB_OIDC_TOKEN": ID_TOKEN}, "GITLAB_OIDC_TOKEN"),
    "keys of the SDK": keys("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"),
    "keys of terraform": keys("HW_ACCESS_KEY", "HW_SECRET_KEY"),
    "keys of OpenStack": keys("OS_ACCESS_KEY", "OS_SECRET_KEY"),
    "oidc by IAM": Source(federation, "OIDC by IAM"),
    "profile file": Source(profile, "[basic]"),
    "profile file at home": Source(profile_at_home, "[basic]"),
    "password": Source(password, "OS_USERNAME and OS_PASSWORD"),
    "metadata": Source(lambda served, _: {"CCE_GATE_METADATA_ENDPOINT": served.url}, "ECS metadata"),
}


def everywhere(served: Emulator) -> list[str]:
    return ["--iam-endpoint", served.url, "--sts-endpoint", served.url]


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_works_end_to_end(name: str, tmp_path: Path) -> None:
    source = SOURCES[name]
    with cloud(CLEAR, more=EVERYTHING) as served:
        environ = {**NO_TOKEN, **source.environ(served, tmp_path)}
        ended = run(*asking(served.url), *everywhere(served), "-v", environ=environ)
    assert ended.code == 0, ended.err
    assert source.called in ended.err.splitlines()[0]


def test_the_first_complete_source_wins_in_the_documented_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["token", "token of OpenStack", "oidc variable", "keys of the SDK", "keys of terraform"]
    order += ["keys of OpenStack", "oidc by IAM", "profile file", "password", "metadata"]
    with cloud(CLEAR, more=EVERYTHING) as served:
        place = [*asking(served.url)[1:], *everywhere(served), "-v"]
        for at, name in enumerate(order):
            with monkeypatch.context() as environment:
                for each in reversed(order[at:]):
                    for variable, value in SOURCES[each].environ(served, tmp_path).items():
                        environment.setenv(variable, value)
                run_here(["whoami", *place])
            used = capsys.readouterr().err.splitlines()[0]
            assert (name, SOURCES[name].called in used) == (name, True)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"HUAWEICLOUD_SDK_AK": "x"}, "HUAWEICLOUD_SDK_AK is set, HUAWEICLOUD_SDK_SK is not"),
        ({"OS_SECRET_KEY": "x-secret"}, "OS_SECRET_KEY is set, OS_ACCESS_KEY is not"),
        ({"HUAWEICLOUD_SDK_IDP_ID": "x"}, "HUAWEICLOUD_SDK_ID_TOKEN_FILE is not"),
        ({"HUAWEICLOUD_OIDC_PROVIDER_URN": "x"}, "HUAWEICLOUD_OIDC_AGENCY_URN is not"),
        (OIDC, "id-token: write"),
        ({"OS_USERNAME": USER, "OS_PASSWORD": PASSWORD}, "not set: OS_DOMAIN_NAME, OS_PROJECT_NAME"),
        ({"HUAWEICLOUD_SDK_CREDENTIALS_FILE": "no-such-file"}, "no-such-file"),
        ({}, "there are no credentials"),
    ],
)
def test_an_incomplete_source_is_named_and_nothing_is_asked(environ: dict[str, str], named: str) -> None:
    with cloud(CLEAR, more=EVERYTHING) as served:
        ended = run(*asking(served.url), *everywhere(served), environ={**NO_TOKEN, **environ})
        assert (ended.code, served.requests) == (2, ())
    assert named in ended.err
    assert PASSWORD not in ended.err


def test_a_metadata_service_that_is_not_there_is_quickly_given_up() -> None:
    fault = "{on: metadataToken, times: forever, kind: hang}"
    with cloud(CLEAR, faults=[fault], more=EVERYTHING) as served:
        environ = {**NO_TOKEN, "CCE_GATE_METADATA_ENDPOINT": served.url}
        ended = run_process(*asking(served.url), environ=environ, timeout=8)
    assert ended.code == 2
    assert "metadata" in ended.err


@pytest.mark.parametrize("name", ["password", "oidc variable", "oidc by IAM", "metadata"])
def test_what_runs_out_is_renewed_in_the_middle_of_the_wait(name: str, tmp_path: Path) -> None:
    slow = "{addon: coredns, init: 0s, running: 2500ms}"
    more = f"{EVERYTHING}\nlifetimes: {{token: 1s, keys: 1s}}"
    with cloud(slow, more=more) as served:
        environ = {**NO_TOKEN, **SOURCES[name].environ(served, tmp_path)}
        ended = run(*asking(served.url), *everywhere(served), "--poll-interval", "300ms", environ=environ)
        renewed = [each.path for each in served.requests if "precheck" not in each.path]
    assert ended.code == 0, ended.out
    assert len(renewed) >= 2


def test_a_token_that_the_api_calls_expired_is_renewed_once(tmp_path: Path) -> None:
    expired = "{on: list, times: forever, kind: status, status: 401, dialect: gateway, code: APIGW.0307}"
    with cloud(CLEAR, faults=[expired], more=EVERYTHING) as served:
        environ = {**NO_TOKEN, **password()}
        ended = run(*asking(served.url), *everywhere(served), environ=environ)
        paths = [each.path.rpartition("/")[2] for each in served.requests]
    assert ended.code == 4
    assert paths == ["tokens", "tasks", "tokens", "tasks"]


@pytest.mark.parametrize("name", ["keys of the SDK", "oidc variable", "metadata"])
def test_a_signed_call_that_is_refused_is_never_repeated(name: str, tmp_path: Path) -> None:
    refused = "{on: list, times: forever, kind: status, status: 401, dialect: gateway, code: APIGW.0307}"
    with cloud(CLEAR, faults=[refused], more=EVERYTHING) as served:
        environ = {**NO_TOKEN, **SOURCES[name].environ(served, tmp_path)}
        assert run(*asking(served.url), *everywhere(served), environ=environ).code == 4
        assert sum("precheck" in each.path for each in served.requests) == 1


def test_wrong_credentials_end_with_a_hint_that_names_their_source() -> None:
    with cloud(CLEAR, more=EVERYTHING) as served:
        wrong = {**NO_TOKEN, "HUAWEICLOUD_SDK_AK": "any-key", "HUAWEICLOUD_SDK_SK": "not-the-secret"}
        ended = run(*asking(served.url), environ=wrong)
        assert (ended.code, len(served.requests)) == (4, 1)
        assert "HUAWEICLOUD_SDK_AK" in ended.out
        ended = run(
            *asking(served.url),
            *everywhere(served),
            environ={**NO_TOKEN, **password(), "OS_PASSWORD": "nope"},
        )
        assert ended.code == 4
        assert "OS_PASSWORD" in ended.out


def test_a_clock_that_is_off_is_named() -> None:
    with Emulator(parse(scenario(CLEAR), "test"), port=0, clock=lambda: time.time() + 3600) as served:
        signed = {**NO_TOKEN, "HUAWEICLOUD_SDK_AK": "any-key", "HUAWEICLOUD_SDK_SK": SECRET_KEY}
        ended = run(*asking(served.url), environ=signed)
    assert ended.code == 4
    assert "60 minutes behind" in ended.out


SECRETS = (TOKEN, PASSWORD, ID_TOKEN, REQUEST_TOKEN, SECRET_KEY)
ECHOES = [
    "{on: list, times: forever, kind: echo, status: 200}",
    "{on: list, times: forever, kind: echo, status: 401}",
    "{on: list, times: forever, kind: echo, status: 503}",
    "{on: cluster, times: forever, kind: echo, status: 403}",
    "{on: token, times: forever, kind: echo, status: 400}",
    "{on: assume, times: forever, kind: echo, status: 403}",
    "{on: idToken, times: forever, kind: echo, status: 401}",
    "{on: securityTokens, times: forever, kind: echo, status: 401}",
    "{on: projects, times: forever, kind: echo, status: 403}",
    "{on: githubToken, times: forever, kind: echo, status: 403}",
    "{on: securityKey, times: forever, kind: echo, status: 403}",
]


@pytest.mark.parametrize("fault", ECHOES)
def test_no_secret_is_shown_even_when_a_server_echoes_it(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    with cloud(CLEAR, faults=[fault], more=EVERYTHING) as served:
        place = ["--endpoint", served.url, "--project-name", "eu-de", "--cluster-id", CLUSTER]
        place += [*everywhere(served), "-vv"]
        for source in SOURCES.values():
            with monkeypatch.context() as environment:
                for name, value in source.environ(served, tmp_path).items():
                    environment.setenv(name, value)
                run_here(["check", *place, "--timeout", "100ms", "--report", f"json={path}"])
                run_here(["whoami", *place])
            said = capsys.readouterr()
            shown = said.out + said.err + (path.read_text() if path.exists() else "")
            assert [secret for secret in SECRETS if secret in shown] == []
            assert "Traceback" not in said.err


def test_a_project_and_a_cluster_can_be_given_by_name() -> None:
    named = ["--project-name", "eu-de", "--cluster-name", "cluster"]
    with cloud(CLEAR) as served:
        name = json.loads(run("emulator", "--describe").out)[0]["clusterName"]
        assert name
        named[-1] = served_cluster_name(served)
        ended = run("check", "--endpoint", served.url, *everywhere(served), *named, "--report", "json")
    assert ended.code == 0, ended.err + ended.out
    target = ended.report["targets"][0]
    assert (target["projectId"], target["clusterId"], target["clusterName"]) == (PROJECT, CLUSTER, named[-1])


def served_cluster_name(served: Emulator) -> str:
    url = ["--endpoint", served.url, "--project-id", PROJECT, "--cluster-id", CLUSTER]
    line = next(each for each in run("whoami", *url).out.splitlines() if each.startswith("Cluster"))
    return line.partition("(")[2].split()[0]


def test_a_name_that_is_not_there_or_not_alone_ends_closed_with_what_is_there() -> None:
    with cloud(CLEAR) as served:
        base = ["check", "--endpoint", served.url, *everywhere(served)]
        missing = run(*base, "--project-id", PROJECT, "--cluster-name", "none-such")
        assert (missing.code, served_cluster_name(served) in missing.out) == (4, True)
        assert run(*base, "--project-name", "none-such", "--cluster-id", CLUSTER).code == 4


def test_whoami_proves_the_credentials_with_one_harmless_call() -> None:
    with cloud(CLEAR) as served:
        place = asking(served.url)[1:]
        ended = run("whoami", *place)
        assert [(each.method, each.path.rpartition("/")[2]) for each in served.requests] == [("GET", CLUSTER)]
        assert run("whoami", *place, environ={"HW_AUTH_TOKEN": "wrong"}).code == 4
        assert run("whoami", *place, environ=NO_TOKEN).code == 2
    assert ended.code == 0
    assert "HW_AUTH_TOKEN" in ended.out
    assert CLUSTER in ended.out


@pytest.mark.parametrize(
    ("region", "said"), [("eu-dee", "eu-de"), ("cn-north-44", "cn-north-4"), ("nowhere", "--endpoint")]
)
def test_an_unknown_region_is_refused_with_what_is_near(region: str, said: str) -> None:
    ended = run("check", "--region", region, "--project-id", PROJECT, "--cluster-id", CLUSTER)
    assert ended.code == 2
    assert said in ended.err


def test_no_verb_that_needs_no_credentials_shows_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "answer.json"
    saved.write_bytes(b'{"error_code": "APIGW.0301", "error_msg": "no"}')
    with cloud(CLEAR, more=EVERYTHING) as served:
        for source in SOURCES.values():
            for name, value in source.environ(served, tmp_path).items():
                monkeypatch.setenv(name, value)
    for arguments in (
        ["evaluate", str(saved), "-vv"],
        ["emulator", "--describe"],
        ["--help"],
        ["check", "-vv"],
    ):
        run_here(arguments)
    said = capsys.readouterr()
    given = (PASSWORD, ID_TOKEN, REQUEST_TOKEN)
    assert [secret for secret in given if secret in said.out + said.err] == []


def test_two_clusters_of_one_name_are_both_named() -> None:
    second = "7c411f2d-4368-11f0-ba56-0255ac100038"
    text = scenario(CLEAR).replace(
        "clusters:", f"clusters:\n  - {{projectId: {PROJECT}, clusterId: {second}, addons: [{{name: x}}]}}", 1
    )
    with Emulator(parse(text, "test"), port=0) as served:
        place = ["--endpoint", served.url, "--project-id", PROJECT, "--cluster-name", "cluster"]
        ended = run("whoami", *place)
    assert ended.code == 4
    assert CLUSTER in ended.err
    assert second in ended.err


def test_what_a_token_does_not_need_is_not_imported() -> None:
    unused = (
        "gate.api.iam",
        "gate.api.sources.job",
        "gate.api.sources.metadata",
        "configparser",
        "click.testing",
    )
    with cloud(CLEAR) as served:
        arguments = [*asking(served.url), "-q"]
        script = (
            "import sys; from gate.cli.main import run; code = run(sys.argv[1:]);"
            f"print(code, [name for name in {unused!r} if name in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env={**os.environ, "HW_AUTH_TOKEN": TOKEN},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout.splitlines()[-1] == "0 []"
