"""Which checks to ask for: from what the user names to instances and versions that are there.

Pure. What cannot be planned is a problem with what to do about it, and then nothing is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gate.model import LATEST, AddonRef, CheckType, OrderedCheck, Problem, ProblemCode
from gate.model.addon import ClusterFacts, Installed, Release
from gate.model.versions import comparable
from gate.pattern import Pattern, PatternError

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What to have checked: these add-ons, or (`every`) all installed ones that have a newer version."""

    type: CheckType
    addons: tuple[AddonRef, ...] = ()
    every: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks to ask for. `notes` say what was chosen; with `problems` nothing is to be asked for."""

    checks: tuple[OrderedCheck, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


Chosen = tuple[AddonRef, Installed]


def instances(wish: Wish, installed: Sequence[Installed]) -> tuple[list[Chosen], list[Problem]]:
    """The instances that the wish names, each with how; and a problem for each name without one."""
    if wish.every:
        return [(AddonRef(each.instance_id, LATEST), each) for each in installed], []
    chosen: list[Chosen] = []
    problems: list[Problem] = []
    for ref in wish.addons:
        found = [each for each in installed if each.is_called(ref.name)]
        chosen += [(ref, each) for each in found]
        if not found:
            there = ", ".join(sorted({each.addon for each in installed})) or "none"
            problems.append(
                Problem(
                    ProblemCode.ADDON_MISSING,
                    f"no add-on {ref.name} is installed in this cluster; installed: {there}",
                    "correct --addon: template name, instance name or instance ID",
                )
            )
    return chosen, problems


def plan(
    wish: Wish,
    chosen: Sequence[Chosen],
    releases: Mapping[str, Sequence[Release]],
    cluster: ClusterFacts,
) -> Plan:
    """The checks to ask for; `releases` are those of each template that is among `chosen`."""
    parts = [_check(wish, ref, each, releases.get(each.addon, ()), cluster) for ref, each in chosen]
    whole = Plan(
        tuple(dict.fromkeys(check for part in parts for check in part.checks)),
        tuple(note for part in parts for note in part.notes),
        tuple(problem for part in parts for problem in part.problems),
    )
    if whole.checks or whole.problems:
        return whole
    nothing = Problem(
        ProblemCode.NO_TASKS,
        "no installed add-on has a newer version: there is nothing to check",
        "leave the upgrade out, or name the add-ons and versions with --addon",
    )
    return Plan(problems=(nothing,), notes=whole.notes)


def values_for(
    installed: Sequence[Installed], given: Iterable[str]
) -> tuple[Mapping[str, str], list[Problem]]:
    """For each instance ID the name in `given` (of `--values`) that stands for it.

    A name of nothing, or two for one instance, is a problem: a check without the parameters of the upgrade
    says too little.
    """
    name_of: dict[str, str] = {}
    problems: list[Problem] = []
    for name in given:
        ids = [each.instance_id for each in installed if each.is_called(name)]
        if not ids:
            what, hint = (
                f"--values {name}: no add-on of this name is installed",
                "correct the name in --values",
            )
            problems.append(Problem(ProblemCode.ADDON_MISSING, what, hint))
        for other in sorted({name_of[each] for each in ids if each in name_of}):
            what, hint = f"--values {other} and --values {name} are for one add-on", "put them into one file"
            problems.append(Problem(ProblemCode.ADDON_MISSING, what, hint))
        name_of.update(dict.fromkeys(ids, name))
    return name_of, problems


def _check(
    wish: Wish, ref: AddonRef, each: Installed, releases: Sequence[Release], cluster: ClusterFacts
) -> Plan:
    if wish.type is CheckType.STATIC:
        return Plan((OrderedCheck(each.addon, each.instance_id, None),))
    fitting = [release for release in releases if _fits(release, cluster) is not False]
    if ref.version != LATEST:
        return _exact(ref, each, releases, fitting, cluster)
    newest = _newest(fitting, cluster)
    if newest is not None and _is_newer(newest, each):
        note = f"{each.addon}: {newest} is the newest stable version for this cluster (now {_version(each)})"
        return Plan((OrderedCheck(each.addon, each.instance_id, newest),), (note,))
    if wish.every and not _may_be_newer(each, releases, cluster):
        return Plan(notes=(f"{each.addon}: nothing newer than {_version(each)}, not checked",))
    return _no_newer(each, newest)


def _may_be_newer(each: Installed, releases: Sequence[Release], cluster: ClusterFacts) -> bool:
    """Whether a stable release may be newer and made for the cluster, though that can't be told."""
    installed = comparable(each.version)
    return any(
        release.stable
        and _fits(release, cluster) is not False
        and (installed is None or version is None or version > installed)
        for release in releases
        for version in [comparable(release.version)]
    )


def _exact(
    ref: AddonRef,
    each: Installed,
    releases: Sequence[Release],
    fitting: Sequence[Release],
    cluster: ClusterFacts,
) -> Plan:
    if ref.version in [release.version for release in fitting]:
        return Plan((OrderedCheck(each.addon, each.instance_id, ref.version),))
    known = ref.version in [release.version for release in releases]
    what = f"is not made for this cluster ({cluster.version})" if known else "does not exist"
    there = ", ".join(release.version for release in fitting[:_MOST_NAMED]) or "none"
    more = f" and {len(fitting) - _MOST_NAMED} more" if len(fitting) > _MOST_NAMED else ""
    return Plan(
        problems=(
            Problem(
                ProblemCode.ADDON_MISSING,
                f"{each.addon} {ref.version} {what}; versions for it: {there}{more}",
                f"correct the version, or let the gate choose: --addon {ref.name}@{LATEST}",
            ),
        )
    )


def _no_newer(each: Installed, newest: str | None) -> Plan:
    said = "no stable version fits this cluster" if newest is None else f"the newest that fits is {newest}"
    return Plan(
        problems=(
            Problem(
                ProblemCode.NO_TASKS,
                f"there is no newer version of {each.addon} than {_version(each)}: {said}",
                "leave this add-on out, or name the version that it is to have",
            ),
        )
    )


def _newest(fitting: Sequence[Release], cluster: ClusterFacts) -> str | None:
    """Only what certainly fits and can be compared is chosen."""
    known = [
        (version, release.version)
        for release in fitting
        if release.stable and _fits(release, cluster)
        for version in [comparable(release.version)]
        if version is not None and not version.is_prerelease
    ]
    return max(known)[1] if known else None


def _version(each: Installed) -> str:
    return each.version or "a version that is not known"


def _is_newer(version: str, each: Installed) -> bool:
    new, old = comparable(version), comparable(each.version)
    return new is not None and (old is None or new > old)


def _fits(release: Release, cluster: ClusterFacts) -> bool | None:
    """Whether the release is made for the cluster; None where that can't be told."""
    if release.supports is None:
        return True
    fits = [
        _supports(support.cluster_type, support.cluster_versions, cluster) for support in release.supports
    ]
    if True in fits:
        return True
    return None if None in fits else False


def _supports(cluster_type: str | None, versions: Sequence[str], cluster: ClusterFacts) -> bool | None:
    if None not in (cluster_type, cluster.type) and cluster_type != cluster.type:
        return False
    if cluster.version is None or not versions:
        return None
    found = [_matches(pattern, cluster.version) for pattern in versions]
    if True in found:
        return True
    return None if None in found else False


def _matches(pattern: str, version: str) -> bool | None:
    try:
        Pattern.parse(pattern)
        return Pattern.parse(f"^(?:{pattern})$").search(version)
    except PatternError:
        return None
