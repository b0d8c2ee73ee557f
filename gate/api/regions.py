"""The regions and their endpoints.

Huawei Cloud: the regions that the vendor's SDK knows for CCE. Open Telekom Cloud: its page of regions and
endpoints. That IAM and STS follow the same pattern in every region is the vendor's convention.
"""

from __future__ import annotations

import difflib

from gate.errors import UsageError

_HUAWEI = frozenset(
    [
        "ae-ad-1",
        "af-north-1",
        "af-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "cn-east-2",
        "cn-east-3",
        "cn-east-4",
        "cn-east-5",
        "cn-north-1",
        "cn-north-11",
        "cn-north-12",
        "cn-north-2",
        "cn-north-4",
        "cn-north-9",
        "cn-south-1",
        "cn-south-2",
        "cn-south-4",
        "cn-southwest-2",
        "eu-west-0",
        "eu-west-101",
        "la-north-2",
        "la-south-2",
        "me-east-1",
        "my-kualalumpur-1",
        "na-mexico-1",
        "ru-moscow-1",
        "ru-northwest-2",
        "sa-brazil-1",
        "tr-west-1",
    ]
)
_OPEN_TELEKOM = frozenset({"eu-de", "eu-nl"})
REGIONS = tuple(sorted(_HUAWEI | _OPEN_TELEKOM))


def endpoint_of(service: str, region: str) -> str:
    """The endpoint of `cce`, `iam` or `sts` in a region. Raises `UsageError` for an unknown region."""
    if region not in REGIONS:
        near = difflib.get_close_matches(region, REGIONS, n=3)
        raise UsageError(
            f"the region {region} is not known" + (f"; near it are {', '.join(near)}" if near else ""),
            f"correct --region, or give the address itself with {_OPTIONS[service]}",
        )
    return f"https://{service}.{region}.{_domain(region)}"


_OPTIONS = {"cce": "--endpoint", "iam": "--iam-endpoint", "sts": "--sts-endpoint"}


def _domain(region: str) -> str:
    if region in _OPEN_TELEKOM:
        return "otc.t-systems.com"
    return "myhuaweicloud.eu" if region == "eu-west-101" else "myhuaweicloud.com"
