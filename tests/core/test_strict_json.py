"""JSON from outside: read alike by all, or refused with a reason."""

import json
import math
import time

from hypothesis import example, given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import InvalidRequestError
from custom_components.clip_consent.core.strict_json import parse_json

LIMIT = 64 * 1024
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def code_of(body: bytes) -> str | None:
    """Return the reason code of a refusal, None if the body is taken."""
    try:
        parse_json(body)
    except InvalidRequestError as err:
        return err.code if err.field == "body" else f"{err.code} of {err.field}"
    return None


def nested(depth: int, inside: bytes = b"1") -> bytes:
    """Return an object nested so deep, itself counted."""
    lists = depth - 1
    return b'{"a":' + b"[" * lists + inside + b"]" * lists + b"}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", None),
        (b' {"a": [1, -2.5, "b", null, true]} ', None),
        (b"", "body_not_json"),
        (b"{", "body_not_json"),
        (b"{}{}", "body_not_json"),
        (b"{'a': 1}", "body_not_json"),
        (b'{"a": 01}', "body_not_json"),
        (b'{"a": 1,}', "body_not_json"),
        (b'{"a": "\n"}', "body_not_json"),
        (b'{"a": "\\x"}', "body_not_json"),
        (b"\xef\xbb\xbf{}", "body_not_json"),
        (b"]" * 9 + b"[" * 9, "body_not_json"),
        (b"[]", "body_not_object"),
        (b'"a"', "body_not_object"),
        (b"1", "body_not_object"),
        (b"null", "body_not_object"),
        (b'{"a": "\xff"}', "body_not_utf8"),
        (b'{"a": "\xed\xa0\x80"}', "body_not_utf8"),
        ("{}".encode("utf-16"), "body_not_utf8"),
        (b'{"a": "\\ud800"}', "body_not_utf8"),
        (b'{"\\udfff": 1}', "body_not_utf8"),
        (b'{"a": "\\ud83d\\udeb2"}', None),
        (b'{"a": 1, "a": 1}', "body_key_twice"),
        (b'{"a": 1, "\\u0061": 2}', "body_key_twice"),
        (b'{"b": [{"a": 1, "a": 2}]}', "body_key_twice"),
        (b'{"a": 9007199254740992}', None),
        (b'{"a": -9007199254740992}', None),
        (b'{"a": 9007199254740993}', "body_number"),
        (b'{"a": -9007199254740993}', "body_number"),
        (b'{"a": 1e308}', None),
        (b'{"a": 1e309}', "body_number"),
        (b'{"a": -1e309}', "body_number"),
        (b'{"a": NaN}', "body_number"),
        (b'{"a": Infinity}', "body_number"),
        (b'{"a": -Infinity}', "body_number"),
        (b'{"a": ' + b"9" * 60_000 + b"}", "body_number"),
        (nested(8), None),
        (nested(9), "body_too_deep"),
        (nested(9, b""), "body_too_deep"),
        (nested(8, b'"[[[[{{{{"'), None),
        (nested(8, b'"\\"[[[["'), None),
        (nested(8, b'"\\\\",[1]'), "body_too_deep"),
        (b'{"a":[[],[],[],[],[],[],[],[],[]]}', None),
        (b'{"a":[[],[],[],' + nested(7)[5:-1] + b"]}", None),
        (b'{"a":[[],[],[],' + nested(8)[5:-1] + b"]}", "body_too_deep"),
        (b"[" * LIMIT, "body_too_deep"),
        (b'{"a":' * 10_000, "body_too_deep"),
        (b'{"a":"' + b"x" * (LIMIT - 8) + b'"}', None),
        (b'{"a":"' + b"x" * (LIMIT - 7) + b'"}', "body_too_large"),
        (b" " * (LIMIT + 1), "body_too_large"),
    ],
)
def test_reasons(body: bytes, code: str | None) -> None:
    """Every refusal at its border, and just this side of it."""
    assert code_of(body) == code


@given(st.dictionaries(st.text(), VALUES))
def test_what_is_right_is_read(value: dict[str, object]) -> None:
    """All that every reader would read."""
    body = json.dumps(value, ensure_ascii=False).encode()
    assert parse_json(body) == value


@given(st.binary())
@example(b'{"a":"')
@example(b'"\\')
def test_any_bytes(body: bytes) -> None:
    """They are an object of JSON or refused: never another error."""
    if code_of(body) is None:
        assert isinstance(json.loads(body), dict)


@given(st.dictionaries(st.text(), VALUES), st.data())
def test_broken_json(value: dict[str, object], data: st.DataObject) -> None:
    """One right body with a few bytes changed, cut out or put in."""
    body = bytearray(json.dumps(value).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        length = data.draw(st.integers(0, 4))
        body[start : start + length] = data.draw(st.binary(max_size=4))
    if code_of(bytes(body)) is None:
        assert not any(
            isinstance(number, float) and not math.isfinite(number)
            for number in parse_json(bytes(body)).values()
        )


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * (LIMIT // 2 - 1),
        b'"' * LIMIT,
        b"{" * LIMIT,
        b'{"a":1' + b"0" * (LIMIT - 20) + b".5e-9}",
        b'{"a":"' + b"\\u0041" * 10_000 + b'"}',
        b"{" + b",".join(b'"%d":1' % n for n in range(7000)) + b"}",
        b"\\" * LIMIT,
    ],
)
def test_no_body_costs_much(body: bytes) -> None:
    """Work grows with the size alone. Quadratic work would take minutes here."""
    start = time.process_time()
    code_of(body)
    assert time.process_time() - start < 1
