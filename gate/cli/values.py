"""The file of `--values`: the parameters of an upgrade, read as strictly as a policy.

They may hold secrets: no message quotes more of them than the key and the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Map
from pathlib import Path

from gate.api.strict_json import load_object
from gate.errors import NotAnAnswer, UsageError
from gate.policy.faults import Faults, Unreadable
from gate.policy.nodes import MAX_DEPTH, Broken, Kind, Mapping, Node, Scalar, Sequence, compose
from gate.policy.text import MAX_BYTES, decode

_MARK = b"\xef\xbb\xbf"
_FLAGS = {"true": True, "false": False}
_UNQUOTED = re.compile(r"\b(the (?:alias|anchor|tag)) \S+")
"""A password may begin with the sign of one of these."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_HINT = "write the parameters as a mapping, as the upgrade call takes them: JSON or YAML"


class _NotJson(Exception):
    """A value that JSON does not have, or that YAML reads otherwise than it looks."""


def read_values(path: Path) -> Map[str, object]:
    """The parameters in the file. Raises `UsageError` where it can't be read or is no mapping."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}", "check the path in --values") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} is larger than {MAX_BYTES // 1024} KiB", _HINT)
    is_json = path.suffix.lower() == ".json"
    return _json(data, path, only=is_json) if is_json or data.lstrip()[:1] == b"{" else _yaml(data, path)


def _json(data: bytes, path: Path, *, only: bool) -> Map[str, object]:
    """YAML may start as JSON does; a file that calls itself JSON is nothing else."""
    try:
        values = load_object(data.removeprefix(_MARK))
    except NotAnAnswer as error:
        if not only:
            return _yaml(data, path)
        raise UsageError(f"{path}: {error.message.replace('the answer', 'the file', 1)}", _HINT) from None
    if _is_deeper(values, MAX_DEPTH):
        raise UsageError(f"{path} is nested more than {MAX_DEPTH} deep", _HINT)
    return values


def _is_deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict | list):
        return levels == 0 or any(
            _is_deeper(each, levels - 1) for each in (value.values() if isinstance(value, dict) else value)
        )
    return False


def _yaml(data: bytes, path: Path) -> Map[str, object]:
    faults = Faults(str(path))
    value: object = None
    try:
        node = compose(decode(data, faults), faults)
        if not faults and node is not None:
            value = _value(node, "")
    except Unreadable:
        pass
    except _NotJson as error:
        raise UsageError(f"{path}:{error}", "put text in quotes; write true or false") from None
    if faults:
        raise UsageError("\n".join(_UNQUOTED.sub(r"\1", str(fault)) for fault in faults.in_order()), _HINT)
    if not isinstance(value, dict):
        raise UsageError(f"{path} does not hold a mapping", _HINT)
    return value


def _value(node: Node, path: str) -> object:
    if isinstance(node, Mapping):
        return {key.text: _value(each, f"{path}.{key.text}") for key, each in node.entries}
    if isinstance(node, Sequence):
        return [_value(each, f"{path}[{index}]") for index, each in enumerate(node.items)]
    if isinstance(node, Broken):
        raise _NotJson(f"{node.at.line}: {path} stands for nothing")
    return _scalar(node, path)


def _scalar(node: Scalar, path: str) -> object:
    try:
        return _READERS[node.kind](node.text)
    except (KeyError, ValueError):
        raise _NotJson(f"{node.at.line}: {path.lstrip('.')} is read as {node.kind.value}") from None


def _whole(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError
    return number


_READERS: Map[Kind, Callable[[str], object]] = {
    Kind.TEXT: str,
    Kind.BOOLEAN: lambda text: _FLAGS[text.lower()],
    Kind.NULL: lambda _: None,
    Kind.INTEGER: _whole,
    Kind.FLOAT: _finite,
}
