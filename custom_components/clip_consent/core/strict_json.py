"""JSON from outside, read so strictly that every reader would read it alike."""

import json
import math
import re
from typing import Final

from .errors import InvalidRequestError
from .limits import BODY_MAX, JSON_DEPTH_MAX, JSON_INTEGER_MAX
from .serial import Json

# A string counts even where its end is missing: so the scan never turns back.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_LONGEST_INTEGER: Final = len(str(-JSON_INTEGER_MAX))


def parse_json(body: bytes, *, max_bytes: int = BODY_MAX) -> dict[str, Json]:
    """Return the object that a body of at most `max_bytes` holds.

    Raises InvalidRequestError for the field `body`: too large, not UTF-8, not JSON or
    not an object, nested too deep, a key twice, a number that readers differ on, or
    half of a surrogate pair.
    """
    if len(body) > max_bytes:
        raise _refuse("body_too_large")
    try:
        text = body.decode()
    except UnicodeDecodeError as err:
        raise _refuse("body_not_utf8") from err
    if _depth(text) > JSON_DEPTH_MAX:
        raise _refuse("body_too_deep")
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
        # An escape can spell half of a surrogate pair, which nobody can store or send.
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as err:
        raise _refuse("body_not_utf8") from err
    except json.JSONDecodeError as err:
        raise _refuse("body_not_json") from err
    if not isinstance(value, dict):
        raise _refuse("body_not_object")
    return value


def _refuse(code: str) -> InvalidRequestError:
    return InvalidRequestError(code, "body")


def _depth(text: str) -> int:
    """Return how deep objects and lists are nested."""
    depth = deepest = 0
    for token in _TOKEN.finditer(text):
        bracket = token[0]
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _refuse("body_key_twice")
    return value


def _integer(digits: str) -> int:
    # Length first: reading a number of many digits takes quadratic time.
    if len(digits) > _LONGEST_INTEGER or abs(int(digits)) > JSON_INTEGER_MAX:
        raise _refuse("body_number")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _refuse("body_number")
    return value


def _constant(_: str) -> float:
    raise _refuse("body_number")
