"""JSON read so strictly that nothing in it can be understood in two ways."""

from __future__ import annotations

import json
import math
from collections import Counter

from gate.errors import NotAnAnswer

_HINT = "check --endpoint and what stands between it and this machine (proxy, gateway)"


def load_object(body: bytes) -> dict[str, object]:
    """The one JSON object in `body`.

    Raises `NotAnAnswer` where the body is not UTF-8, not JSON, not an object, has a key twice, `NaN` or an
    infinity (a number too large for a float included), or is nested too deep to be read.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError as error:
        raise NotAnAnswer(f"the answer is not UTF-8 (byte {error.start})", _HINT) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotAnAnswer(
            f"the answer is not JSON ({error.msg}, {where}){_looks_like(body)}", _HINT
        ) from None
    except RecursionError:
        raise NotAnAnswer("the answer is nested too deep", _HINT) from None
    except ValueError as error:
        raise NotAnAnswer(f"the answer is not JSON ({error})", _HINT) from None
    if not isinstance(value, dict):
        raise NotAnAnswer(f"the answer is not a JSON object but {_kind(value)}", _HINT)
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise NotAnAnswer(f'the answer has the key "{twice[:80]}" twice in one object', _HINT)
    return found


def _no_constant(word: str) -> object:
    raise NotAnAnswer(f"the answer has {word}, which is not JSON", _HINT)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotAnAnswer(f"the answer has a number that is too large ({digits[:40]})", _HINT)
    return number


def _looks_like(body: bytes) -> str:
    start = body.lstrip()[:1]
    if not start:
        return ": it is empty"
    return ": it looks like HTML" if start == b"<" else ""


def _kind(value: object) -> str:
    return "null" if value is None else f"a {type(value).__name__}"
