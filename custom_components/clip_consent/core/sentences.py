"""What the rules said, in words: one sentence for each step, from structured reasons.

Placeholders hold numbers and the owner's words alone, never a requester's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .limits import CLIP_MAX_SECONDS
from .models import Constraints, VerdictKind
from .rule_data import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition that matched: a code and what its wording needs."""

    code: str
    placeholders: Mapping[str, str]


_REASONS: Final[Mapping[str, str]] = {
    "every_request": "it is for every request",
    "trust_unverified": "the requester is unverified",
    "trust_invited": "the requester is invited",
    "trust_verified": "the requester is verified",
    "kind_neighbour": "the requester says they are a neighbour",
    "kind_police": "the requester says they are the police",
    "kind_insurer": "the requester says they are an insurer",
    "kind_other": "the requester is none of neighbour, police, insurer",
    "case_number_required": "there is a case number",
    "case_number_none": "there is no case number",
    "window_length": "the window is no longer than {minutes} min",
    "window_age": "the window ended no more than {hours} h ago",
    "footage_all": "all of the window lies between {start} and {end}",
    "footage_part": "part of the window lies between {start} and {end}",
    "received": "the request came between {start} and {end}",
    "word": "the text holds “{word}”",
    "cameras": "it is about cameras of this rule",
}
_OUTCOMES: Final[Mapping[VerdictKind, str]] = {
    VerdictKind.ASK: "You are asked.",
    VerdictKind.LIST: "It is listed, without a push.",
    VerdictKind.IGNORE: "It is ignored.",
}


def sentence(
    verdict: VerdictKind,
    *,
    rule: Rule | None,
    reasons: Sequence[Reason],
    limiting: Sequence[Rule],
    constraints: Constraints,
) -> str:
    """Return which rule matched and why, what follows, and what limits it.

    `rule` gave the verdict, or none did; `limiting` are the rules behind the
    constraints.
    """
    if rule is None:
        matched = "No rule matched."
    else:
        why = _listed([_REASONS[r.code].format_map(r.placeholders) for r in reasons])
        matched = f"Rule {rule.order} “{rule.title}” matched: {why}."
    parts = [matched, _OUTCOMES[verdict]]
    if limiting and verdict is not VerdictKind.IGNORE:
        orders = _listed([str(rule.order) for rule in limiting])
        allows = "allows" if len(limiting) == 1 else "allow"
        rules = "Rule" if len(limiting) == 1 else "Rules"
        parts.append(f"{rules} {orders} {allows} {_listed(_limits(constraints))}.")
    return " ".join(parts)


def _limits(constraints: Constraints) -> list[str]:
    limits = []
    if constraints.max_seconds < CLIP_MAX_SECONDS:
        limits.append(f"at most {constraints.max_seconds} s")
    if not constraints.audio:
        limits.append("no sound")
    if constraints.cameras is not None:
        count = len(constraints.cameras)
        names = {0: "no camera", 1: "one camera only"}
        limits.append(names.get(count, f"{count} cameras only"))
    if constraints.confirm_in_app:
        limits.append("approval in the app only")
    return limits


def _listed(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
