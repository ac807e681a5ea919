"""The owner's sharing rules at work: a verdict, its constraints and the reason why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from .explanation import Explanation, Reason
from .geo import Point
from .models import Constraints, Request, Screening, VerdictKind
from .rule_data import READY_MADE, UNLIMITED, CaseNumber, Rule, parse_rule
from .sentences import explain
from .serial import canonical, dump
from .text import as_words
from .windows import DailySpan

__all__ = [
    "READY_MADE",
    "Rule",
    "add",
    "parse_rule",
    "policy",
    "reading_order",
    "screen",
]


_FIRST_LIMITS: Final = ("audio", "cameras", "confirm_in_app", "max_seconds")
_LATER_LIMITS: Final = ("two_approvers", "masked")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request with what all rules need to judge it."""

    request: Request
    now: datetime
    time_zone: ZoneInfo
    home: Point | None
    words: str  # the text, in the form that words are compared in


def screen(
    request: Request,
    rules: Sequence[Rule],
    *,
    now: datetime,
    time_zone: ZoneInfo,
    home: Point | None,
) -> Screening:
    """Return what the rules say of a request.

    Rules are tried in their own order, then by id. The first that matches gives the
    verdict; if none does, the request is listed. The constraints of all that match add
    up to the strictest, those after the first too: a general limit ("never sound at
    night") holds wherever it stands, and no rule can loosen another's. `time_zone` is
    the home's: times of day in rules are read on its clock. `home` is where it
    stands; None where that is not known, and then no rule about distance matches.
    """
    ordered = sorted(rules, key=reading_order)
    wordy = any(rule.words for rule in ordered)
    asked = _Asked(
        request=request,
        now=now,
        time_zone=time_zone,
        home=home,
        words=as_words(request.text) if wordy else "",
    )
    matched = [
        (rule, reasons)
        for rule in ordered
        if (reasons := _reasons(rule, asked)) is not None
    ]
    first, reasons = matched[0] if matched else (None, ())
    verdict = VerdictKind.LIST if first is None else first.verdict
    constraints = reduce(add, (rule.constraints for rule, _ in matched), UNLIMITED)
    said = Explanation(
        rule_order=None if first is None else first.order,
        rule_title="" if first is None else first.title,
        reasons=reasons,
        limiting=tuple(r.order for r, _ in matched if r.constraints != UNLIMITED),
    )
    return Screening(
        verdict=verdict,
        constraints=constraints,
        rule_id=None if first is None else first.rule_id,
        sentence=explain(said, verdict, constraints),
        policy=policy(verdict, constraints),
        explanation=said,
    )


def reading_order(rule: Rule) -> tuple[int, str]:
    """Return what rules are sorted by: their order, then their id."""
    return rule.order, rule.rule_id


def add(one: Constraints, other: Constraints) -> Constraints:
    """Return the stricter of each: neither allows what the sum forbids, nor more."""
    if one.cameras is None or other.cameras is None:
        cameras = other.cameras if one.cameras is None else one.cameras
    else:
        cameras = tuple(sorted(set(one.cameras) & set(other.cameras)))
    return Constraints(
        max_seconds=min(one.max_seconds, other.max_seconds),
        audio=one.audio and other.audio,
        cameras=cameras,
        confirm_in_app=one.confirm_in_app or other.confirm_in_app,
        two_approvers=one.two_approvers or other.two_approvers,
        masked=one.masked or other.masked,
    )


def policy(verdict: VerdictKind, constraints: Constraints) -> str:
    """Return the SHA-256, in hex, of both in canonical JSON: offers are bound to it.

    A limit that a later version brought is left out where it limits nothing: an update
    voids no offer.
    """
    limits = {key: getattr(constraints, key) for key in _FIRST_LIMITS}
    limits |= {key: True for key in _LATER_LIMITS if getattr(constraints, key)}
    content = {"verdict": dump(verdict), "constraints": dump(limits)}
    return sha256(canonical(content)).hexdigest()


def _reasons(rule: Rule, asked: _Asked) -> tuple[Reason, ...] | None:
    """Return why a rule matches, or None if it does not."""
    reasons = []
    for reason in _conditions(rule, asked):
        if reason is None:
            return None
        reasons.append(reason)
    return tuple(reasons) or (_because("every_request"),)


def _conditions(rule: Rule, asked: _Asked) -> Iterator[Reason | None]:
    """Yield a reason for each condition that holds, None for one that does not."""
    request = asked.request
    if rule.trust:
        code = f"trust_{request.trust}"
        yield _because(code) if request.trust in rule.trust else None
    if rule.kinds:
        code = f"kind_{request.kind}"
        yield _because(code) if request.kind in rule.kinds else None
    if rule.case_number is not CaseNumber.ANY:
        wanted = rule.case_number is CaseNumber.REQUIRED
        code = f"case_number_{rule.case_number}"
        yield _because(code) if bool(request.case_number) is wanted else None
    if rule.cameras:
        about = request.cameras is None or not rule.cameras.isdisjoint(request.cameras)
        yield _because("cameras") if about else None
    yield from _conditions_of_time(rule, asked)
    yield from _conditions_of_place(rule, asked)
    if rule.words:
        yield _word(rule, asked.words)


def _conditions_of_time(rule: Rule, asked: _Asked) -> Iterator[Reason | None]:
    window = asked.request.window
    if (minutes := rule.window_max_minutes) is not None:
        short = window.end - window.start <= timedelta(minutes=minutes)
        yield _because("window_length", minutes=str(minutes)) if short else None
    if (hours := rule.window_max_age_hours) is not None:
        fresh = asked.now - window.end <= timedelta(hours=hours)
        yield _because("window_age", hours=str(hours)) if fresh else None
    if (span := rule.received) is not None:
        due = span.holds(asked.request.received_at, asked.time_zone)
        yield _because("received", **span.texts) if due else None
    if (span := rule.footage) is not None:
        yield _footage(span, asked)


def _conditions_of_place(rule: Rule, asked: _Asked) -> Iterator[Reason | None]:
    """Match areas alone: a request without one says nothing of size or distance."""
    area, home = asked.request.area, asked.home
    if (km2 := rule.area_max_km2) is not None:
        small = area is not None and area.km2 <= km2
        yield _because("area", km2=f"{km2:g}") if small else None
    if (metres := rule.distance_max_metres) is not None:
        near = area and home and area.metres_from(home) <= metres
        yield _because("distance", metres=str(metres)) if near else None


def _footage(span: DailySpan, asked: _Asked) -> Reason | None:
    """Match if any of the window is in the span: stretching it is no way out."""
    window = asked.request.window
    if span.encloses(window, asked.time_zone):
        return _because("footage_all", **span.texts)
    if span.touches(window, asked.time_zone):
        return _because("footage_part", **span.texts)
    return None


def _word(rule: Rule, words: str) -> Reason | None:
    """Match if the text holds one of the rule's words; the first is the reason."""
    for word in rule.words:
        if word.form in words:
            return _because("word", word=word.spelling)
    return None


def _because(code: str, **placeholders: str) -> Reason:
    return Reason(code=code, placeholders=placeholders)
