"""A sharing rule as the owner set it up: read from its form's data, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
import re
from typing import Final

from .errors import InvalidRuleError
from .limits import (
    CLIP_MAX_SECONDS,
    RULE_AREA_MAX_KM2,
    RULE_AREA_MIN_KM2,
    RULE_CAMERAS_MAX,
    RULE_DISTANCE_MAX,
    RULE_ORDER_MAX,
    RULE_WORD_MAX,
    RULE_WORDS_MAX,
    WINDOW_AGE_MAX,
    WINDOW_MAX,
)
from .models import Constraints, RequesterKind, Trust, VerdictKind
from .text import as_words
from .windows import DailySpan

UNLIMITED: Final = Constraints()  # more than its defaults, nothing allows
_TIME: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", re.ASCII)
_MINUTES_MAX: Final = int(WINDOW_MAX.total_seconds() // 60)
_HOURS_MAX: Final = int(WINDOW_AGE_MAX.total_seconds() // 3600)


class CaseNumber(StrEnum):
    """What a rule wants of the case number."""

    ANY = "any"
    REQUIRED = "required"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or a few in a row, as the owner spelled them and in a form to compare."""

    spelling: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A sharing rule. A condition that is None or empty does not narrow."""

    rule_id: str
    title: str
    order: int
    verdict: VerdictKind
    trust: frozenset[Trust] = frozenset()
    kinds: frozenset[RequesterKind] = frozenset()
    case_number: CaseNumber = CaseNumber.ANY
    window_max_minutes: int | None = None
    window_max_age_hours: int | None = None
    footage: DailySpan | None = None
    received: DailySpan | None = None
    area_max_km2: float | None = None
    distance_max_metres: int | None = None  # from the home to the area
    words: tuple[Word, ...] = ()
    cameras: frozenset[str] = frozenset()
    constraints: Constraints = UNLIMITED


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMade:
    """A rule that a new home starts with, as its form would save it.

    `key` names its title in the translations, `title` is the English one.
    """

    key: str
    title: str
    data: Mapping[str, object]


READY_MADE: Final = (
    ReadyMade(
        key="invited",
        title="People I invited",
        data={"order": 10, "verdict": "ask", "trust": ["invited", "verified"]},
    ),
    ReadyMade(
        key="everybody_else",
        title="Everybody else",
        data={"order": 100, "verdict": "list"},
    ),
)


def parse_rule(rule_id: str, title: str, data: Mapping[str, object]) -> Rule:
    """Read a rule's data. Raises InvalidRuleError, coded `rule_<field>_invalid`.

    Fields left out do not narrow, but order and verdict are needed. A field that is
    not known is an error: passing over a condition would make the rule match more.
    """
    return _Reader(title, data).rule(rule_id)


class _Reader:
    """Reads one rule's fields, and names the rule and the field where it cannot."""

    def __init__(self, title: str, data: Mapping[str, object]) -> None:
        self._title = title
        self._data = dict(data)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule."""
        rule = Rule(
            rule_id=rule_id,
            title=self._title,
            order=self._needed("order", self._whole("order", 0, RULE_ORDER_MAX)),
            verdict=self._needed("verdict", self._one("verdict", VerdictKind)),
            trust=self._several("trust", Trust),
            kinds=self._several("kinds", RequesterKind),
            case_number=self._one("case_number", CaseNumber) or CaseNumber.ANY,
            window_max_minutes=self._whole("window_max_minutes", 1, _MINUTES_MAX),
            window_max_age_hours=self._whole("window_max_age_hours", 1, _HOURS_MAX),
            footage=self._span("footage"),
            received=self._span("received"),
            area_max_km2=self._square_kilometres("area_max_km2"),
            distance_max_metres=self._whole(
                "distance_max_metres", 0, RULE_DISTANCE_MAX
            ),
            words=self._words(),
            cameras=frozenset(self._texts("cameras", RULE_CAMERAS_MAX)),
            constraints=self._constraints(),
        )
        if self._data:
            raise self._wrong("field")
        return rule

    def _constraints(self) -> Constraints:
        only = self._texts("only_cameras", RULE_CAMERAS_MAX)
        longest = self._whole("max_seconds", 1, CLIP_MAX_SECONDS)
        return Constraints(
            max_seconds=CLIP_MAX_SECONDS if longest is None else longest,
            audio=self._flag("audio", default=True),
            cameras=tuple(sorted(set(only))) if only else None,
            confirm_in_app=self._flag("confirm_in_app", default=False),
            two_approvers=self._flag("two_approvers", default=False),
            masked=self._flag("masked", default=False),
        )

    def _wrong(self, field: str) -> InvalidRuleError:
        return InvalidRuleError(f"rule_{field}_invalid", title=self._title)

    def _needed[T](self, field: str, value: T | None) -> T:
        if value is None:
            raise self._wrong(field)
        return value

    def _one[T: StrEnum](self, field: str, kind: type[T]) -> T | None:
        value = self._data.pop(field, None)
        return None if value is None else self._choice(field, kind, value)

    def _choice[T: StrEnum](self, field: str, kind: type[T], value: object) -> T:
        if not isinstance(value, str) or value not in kind:
            raise self._wrong(field)
        return kind(value)

    def _several[T: StrEnum](self, field: str, kind: type[T]) -> frozenset[T]:
        values = self._texts(field, len(kind))
        return frozenset(self._choice(field, kind, value) for value in values)

    def _texts(self, field: str, most: int) -> list[str]:
        value = self._data.pop(field, None)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or len(value) > most:
            raise self._wrong(field)
        texts = [item for item in value if isinstance(item, str) and item]
        if len(texts) < len(value):
            raise self._wrong(field)
        return texts

    def _whole(self, field: str, least: int, most: int) -> int | None:
        value = self._data.pop(field, None)
        if value is None:
            return None
        # A number field of a form gives a float.
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(field)
        if not least <= value <= most:
            raise self._wrong(field)
        return value

    def _square_kilometres(self, field: str) -> float | None:
        value = self._data.pop(field, None)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._wrong(field)
        if not RULE_AREA_MIN_KM2 <= value <= RULE_AREA_MAX_KM2:
            raise self._wrong(field)
        if round(value, 2) != value:
            raise self._wrong(field)
        return float(value)

    def _flag(self, field: str, *, default: bool) -> bool:
        value = self._data.pop(field, None)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(field)
        return value

    def _span(self, field: str) -> DailySpan | None:
        start, end = self._time(field, "from"), self._time(field, "to")
        if start is None and end is None:
            return None
        if start is None or end is None or start == end:
            raise self._wrong(field)
        return DailySpan(start=start, end=end)

    def _time(self, field: str, side: str) -> time | None:
        value = self._data.pop(f"{field}_{side}", None)
        if value is None:
            return None
        if not isinstance(value, str) or _TIME.fullmatch(value) is None:
            raise self._wrong(field)
        return time.fromisoformat(value)

    def _words(self) -> tuple[Word, ...]:
        words = tuple(
            Word(spelling=spelling.strip(), form=as_words(spelling))
            for spelling in self._texts("words", RULE_WORDS_MAX)
        )
        for word in words:
            if not word.form.strip() or len(word.spelling) > RULE_WORD_MAX:
                raise self._wrong("words")
        return words
