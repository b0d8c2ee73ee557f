"""A user and a password, under the names of OpenStack's tools."""

from __future__ import annotations

from collections.abc import Iterator

from gate.api import iam
from gate.api.sources.around import Found, Incomplete, Surroundings


def find(around: Surroundings) -> Iterator[Found]:
    """A token for the user, scoped to the project."""
    environ = around.environ
    values = {
        "OS_USERNAME": environ.get("OS_USERNAME"),
        "OS_PASSWORD": environ.get("OS_PASSWORD"),
        "OS_DOMAIN_NAME": environ.get("OS_DOMAIN_NAME") or environ.get("OS_USER_DOMAIN_NAME"),
        "OS_PROJECT_NAME": environ.get("OS_PROJECT_NAME") or around.project_name,
    }
    missing = [name for name, value in values.items() if not value]
    if missing:
        there = [name for name, value in values.items() if value]
        yield Incomplete(f"set: {', '.join(there)}; not set: {', '.join(missing)}")
        return
    who = iam.Password(*(value or "" for value in values.values()))
    around.caller.vault.keep(who.password)
    endpoint = around.iam()
    yield around.obtained(
        "OS_USERNAME and OS_PASSWORD",
        lambda deadline: iam.token_of(around.caller, endpoint, who, deadline),
    )
