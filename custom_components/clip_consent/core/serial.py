"""Values to JSON and back: frozen dataclasses, enums, times, tuples, by their types."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
import json
from types import NoneType, UnionType
from typing import Any, TypeAliasType, cast, get_args, get_origin, get_type_hints

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


def utc_text(when: datetime) -> str:
    """Return RFC 3339 in UTC with `Z`, milliseconds only where there are some."""
    when = when.astimezone(UTC)
    precision = "milliseconds" if when.microsecond // 1000 else "seconds"
    return when.isoformat(timespec=precision).removesuffix("+00:00") + "Z"


def stated(when: datetime) -> datetime:
    """Return a time as `utc_text` states it: what is less than a millisecond is cut."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)


def utc_time(text: str) -> datetime:
    """Read an RFC 3339 time; raises ValueError if it names no offset."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        msg = "a time without an offset"
        raise ValueError(msg)
    return when.astimezone(UTC)


def canonical(value: Json) -> bytes:
    """Return the one spelling that digests are made of: keys sorted, no white space."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def dump(value: object) -> Json:
    """Return a model as JSON values."""
    if isinstance(value, Enum):
        return cast(str, value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if is_dataclass(value):
        return {f.name: dump(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [dump(item) for item in value]
    if isinstance(value, dict):
        return {str(key): dump(item) for key, item in value.items()}
    return cast(Json, value)


def load[T](kind: type[T], data: Json) -> T:
    """Return the model of type `kind` that `dump` wrote.

    A field that `data` lacks takes its default, so that rows of an older version load.
    """
    return cast(T, _load(kind, data))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _member(kind: Any, data: Any) -> Any:
    """Return which of a union's types wrote this: of several, the one so fielded."""
    members = [arg for arg in get_args(kind) if arg is not NoneType]
    if len(members) == 1:
        return members[0]
    return next(member for member in members if data.keys() == _hints(member).keys())


def _load(kind: Any, data: Any) -> object:  # the JSON border
    if isinstance(kind, TypeAliasType):
        return _load(kind.__value__, data)
    origin = get_origin(kind)
    if origin is UnionType or isinstance(kind, UnionType):
        if data is None:
            return None
        return _load(_member(kind, data), data)
    if origin is tuple:
        return tuple(_load(get_args(kind)[0], item) for item in data)
    if origin is dict:
        return dict(data)
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(type, kind)(
            **{name: _load(hints[name], data[name]) for name in hints if name in data}
        )
    if kind is datetime:
        return datetime.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return cast(object, data)
