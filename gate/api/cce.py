"""The calls of the CCE API, for one cluster."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from gate.api.caller import Caller
from gate.api.credentials import Credential
from gate.api.error_body import read_error
from gate.api.http import Request, Response
from gate.api.parse import read_answer
from gate.api.refusal import quoted
from gate.errors import ApiError, NotAnAnswer, UsageError
from gate.model import Answer, CheckType, Deadline, OrderedCheck, Target, Task

_CREATED = frozenset({201})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
if TYPE_CHECKING:
    from gate.model.addon import ClusterFacts, Installed, Release

_OK = frozenset({200})
_HINT = "check --endpoint and what stands between it and this machine (proxy, gateway)"


Parsed = TypeVar("Parsed")
Values = Mapping[str, Mapping[str, object]]
"""Parameters of add-ons by the ID of the instance."""

_NO_QUERY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cluster is, by ID or by name. `iam` is where a project's name is looked up."""

    endpoint: str
    project_id: str | None
    project_name: str | None
    cluster_id: str | None
    cluster_name: str | None
    iam: str | None = None


class Cluster:
    """One cluster, as the API shows it. What is given by name is looked up once, with the first call."""

    def __init__(
        self, caller: Caller, credential: Credential, place: Place, *, identify: bool = False
    ) -> None:
        self._caller = caller
        self._credential = credential
        self._place = place
        self._project_id = place.project_id
        self._cluster_id = place.cluster_id
        self._cluster_name = place.cluster_name
        self._to_identify = identify

    @property
    def target(self) -> Target:
        """What is known by now of which cluster is asked about."""
        return Target(self._place.endpoint, self._project_id, self._cluster_id, self._cluster_name)

    def tasks(self, deadline: Deadline) -> Answer:
        """All add-on check tasks of the cluster: ListAddonPrecheckTasks, unfiltered.

        Without a filter the answer holds what supersedes what, and its count can be held against it.
        Where the cluster is to be identified, its name is asked for before.
        """
        if self._to_identify:
            self._identify(deadline)
        response = self._get(f"{self._path(deadline)}/addons/precheck/tasks", deadline)
        return self._parsed(response, read_answer)

    def show(self, deadline: Deadline) -> str:
        """Ask for the cluster itself, which is harmless; returns its name and version."""
        facts = self.facts(deadline)
        self._cluster_name = self._cluster_name or facts.name
        return f"{facts.name} {facts.version or ''}".strip()

    def facts(self, deadline: Deadline) -> ClusterFacts:
        """Name, version and type of the cluster: ShowCluster."""
        from gate.api.addons import read_cluster

        response = self._get(self._path(deadline), deadline)
        return self._parsed(response, lambda answer: read_cluster(answer, self._cluster_id or ""))

    def installed(self, deadline: Deadline) -> tuple[Installed, ...]:
        """The add-on instances of the cluster: ListAddonInstances."""
        from gate.api.addons import read_instances

        self._path(deadline)
        response = self._get("/api/v3/addons", deadline, {"cluster_id": self._cluster_id or ""})
        return self._parsed(response, lambda answer: read_instances(answer, self._cluster_id or ""))

    def releases(self, template: str, deadline: Deadline) -> tuple[Release, ...]:
        """The versions of a template: ListAddonTemplates."""
        from gate.api.addons import read_releases

        response = self._get("/api/v3/addontemplates", deadline, {"addon_template_name": template})
        return self._parsed(response, lambda answer: read_releases(answer, template))

    def create(
        self, checks: Sequence[OrderedCheck], kind: CheckType, values: Values, deadline: Deadline
    ) -> tuple[Task, ...]:
        """Ask for all the checks in one call, BatchCreateAddonPrecheck; returns the tasks, each with its ID.

        Sent once, whatever becomes of it. `values` are the parameters of the upgrade, by instance ID; no
        error quotes them, and what is secret among them is kept out of all further answers, too.
        """
        from gate.api.addons import create_body, read_created, refused, secrets_of

        path = self._path(deadline)
        body = create_body(self._cluster_id or "", checks, kind, values)
        request = self._request("POST", f"{path}/addons/precheck", body=body)
        self._caller.vault.keep(*secrets_of(values))
        try:
            response = self._caller.proven(request, self._credential, self._project_id, _CREATED, deadline)
            return self._parsed(response, read_created)
        except ApiError as error:
            raise refused(error, values) from None

    def _identify(self, deadline: Deadline) -> None:
        """The name by the API, not by who asks: a policy that is narrowed to clusters goes by it."""
        name = self.facts(deadline).name
        if self._cluster_name not in (None, name):
            raise ApiError(
                f"the cluster {self._cluster_id} is named {name}, not {self._cluster_name}",
                "correct --cluster-name or --cluster-id",
            )
        self._cluster_name, self._to_identify = name, False

    def _path(self, deadline: Deadline) -> str:
        project_id = self._resolve_project(deadline)
        return f"/api/v3/projects/{project_id}/clusters/{self._resolve_cluster(project_id, deadline)}"

    def _resolve_project(self, deadline: Deadline) -> str:
        if self._project_id is None:
            from gate.api import iam

            name, endpoint = self._place.project_name or "", self._place.iam or ""
            found = iam.project_id_of(self._caller, endpoint, self._credential, name, deadline)
            self._project_id = check_id("the project ID from IAM", found)
        return self._project_id

    def _resolve_cluster(self, project_id: str, deadline: Deadline) -> str:
        if self._cluster_id is None:
            response = self._get(f"/api/v3/projects/{project_id}/clusters", deadline)
            name = self._place.cluster_name or ""
            found = self._parsed(response, lambda answer: _cluster_named(name, answer))
            self._cluster_id = check_id("the cluster ID from the API", found)
        return self._cluster_id

    def _get(self, path: str, deadline: Deadline, query: Mapping[str, str] = _NO_QUERY) -> Response:
        request = self._request("GET", path, query=query)
        return self._caller.proven(request, self._credential, self._project_id, _OK, deadline)

    def _request(
        self, method: str, path: str, *, query: Mapping[str, str] = _NO_QUERY, body: bytes = b""
    ) -> Request:
        headers = {"Content-Type": "application/json"}
        return Request(method, f"{self._place.endpoint}{path}", headers, body, query)

    def _parsed(self, response: Response, read: Callable[[Mapping[str, object]], Parsed]) -> Parsed:
        try:
            return read(self._caller.read(response))
        except NotAnAnswer as error:
            raise self._told(error, response) from None

    def _told(self, error: NotAnAnswer, response: Response) -> ApiError:
        """The error with what the answer says of itself: it may be an error body with status 200."""
        facts = read_error(response.body, response.headers)
        told = NotAnAnswer(
            f"{error.message}{quoted(facts)}",
            error.hint,
            status=response.status,
            code=facts.code,
            request_id=facts.request_id,
        )
        return self._caller.vault.clean_error(told)


def check_id(what: str, value: str) -> str:
    """An ID that can stand in a path. Raises `UsageError` for anything else."""
    if not _ID.fullmatch(value):
        raise UsageError(
            f"{what}, {value!r}, is not an ID", "copy the ID from the console: letters, digits and -"
        )
    return value


def _cluster_named(name: str, answer: Mapping[str, object]) -> str:
    items = answer.get("items")
    if not isinstance(items, list):
        raise NotAnAnswer("the answer has no list of clusters", _HINT)
    found = [
        each["metadata"]
        for each in items
        if isinstance(each, dict) and isinstance(each.get("metadata"), dict)
    ]
    ids = [str(each.get("uid")) for each in found if each.get("name") == name]
    if len(ids) == 1:
        return ids[0]
    if ids:
        raise ApiError(f"{len(ids)} clusters are named {name}: {', '.join(ids)}", "give --cluster-id")
    names = sorted(str(each.get("name")) for each in found)
    there = f"there are {', '.join(names)}" if names else "there is none at all"
    raise ApiError(
        f"no cluster of the project is named {name}: {there}", "check --cluster-name and the project"
    )
