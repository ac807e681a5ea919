"""What the rules said, in words: one sentence for each step, from structured reasons.

Placeholders hold numbers and the owner's words alone, never a requester's.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from .explanation import Explanation
from .limits import CLIP_MAX_SECONDS
from .models import Constraints, Screening, VerdictKind

ENGLISH: Final[Mapping[str, str]] = {
    "matched": "Rule {order} “{title}” matched: {reasons}.",
    "none_matched": "No rule matched.",
    "verdict_ask": "You are asked.",
    "verdict_list": "It is listed, without a push.",
    "verdict_ignore": "It is ignored.",
    "because_every_request": "it is for every request",
    "because_trust_unverified": "nobody has checked who asks",
    "because_trust_invited": "the requester is invited",
    "because_trust_verified": "a portal you trust has checked who asks",
    "because_kind_neighbour": "the requester says they are a neighbour",
    "because_kind_police": "the requester says they are the police",
    "because_kind_insurer": "the requester says they are an insurer",
    "because_kind_other": "the requester is none of neighbour, police, insurer",
    "because_case_number_required": "there is a case number",
    "because_case_number_none": "there is no case number",
    "because_window_length": "the window is no longer than {minutes} min",
    "because_window_age": "the window ended no more than {hours} h ago",
    "because_footage_all": "all of the window lies between {start} and {end}",
    "because_footage_part": "part of the window lies between {start} and {end}",
    "because_received": "the request came between {start} and {end}",
    "because_area": "the area asked about is at most {km2} km²",
    "because_distance": "the area is at most {metres} m from your home",
    "because_word": "the text holds “{word}”",
    "because_cameras": "it is about cameras of this rule",
    "limits_of_one": "Rule {rules} allows {limits}.",
    "limits_of_more": "Rules {rules} allow {limits}.",
    "limit_seconds": "at most {seconds} s",
    "limit_silent": "no sound",
    "limit_no_camera": "no camera",
    "limit_one_camera": "one camera only",
    "limit_cameras": "{count} cameras only",
    "limit_in_app": "approval in the app only",
    "limit_two": "approval by two only",
    "limit_masked": "only clips in which a region is filled",
    "limit_only": "only {cameras}",
    "when_footage": "part of the window or all of it lies between {start} and {end}",
    "when_cameras": "it is about {cameras}",
    "when_words": "the text holds {words}",
    "quoted": "“{word}”",
    "gone_camera": "a camera that is gone",
    "decimal_point": ".",
    "and": "{most} and {last}",
    "or": "{most} or {last}",
}


def sentence(screening: Screening, words: Mapping[str, str]) -> str:
    """Return what the rules said, with the words of a language, keyed as `ENGLISH`.

    What an earlier version screened has no explanation: it stays in English.
    """
    said = screening.explanation
    if said is None:
        return screening.sentence
    return explain(said, screening.verdict, screening.constraints, words)


def explain(
    said: Explanation,
    verdict: VerdictKind,
    constraints: Constraints,
    words: Mapping[str, str] = ENGLISH,
) -> str:
    """Return which rule matched and why, what follows, and what limits it."""
    parts = [_matched(said, words), words[f"verdict_{verdict}"]]
    if said.limiting and verdict is not VerdictKind.IGNORE:
        key = "limits_of_one" if len(said.limiting) == 1 else "limits_of_more"
        orders = listed([str(order) for order in said.limiting], words)
        limits = listed(limit_texts(constraints, words), words)
        parts.append(words[key].format(rules=orders, limits=limits))
    return " ".join(parts)


def _matched(said: Explanation, words: Mapping[str, str]) -> str:
    if said.rule_order is None:
        return words["none_matched"]
    why = [
        words[f"because_{each.code}"].format_map(_numbers(each.placeholders, words))
        for each in said.reasons
    ]
    return words["matched"].format(
        order=said.rule_order, title=said.rule_title, reasons=listed(why, words)
    )


def _numbers(
    placeholders: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, str]:
    return {
        key: decimal(text, words) if key == "km2" else text
        for key, text in placeholders.items()
    }


def decimal(number: str, words: Mapping[str, str]) -> str:
    """Return a number as a language writes it."""
    return number.replace(".", words["decimal_point"])


def limit_texts(
    constraints: Constraints, words: Mapping[str, str], *, cameras: bool = True
) -> list[str]:
    """Return each limit in words; those of cameras count them, or are left out."""
    limits = []
    if constraints.max_seconds < CLIP_MAX_SECONDS:
        limits.append(words["limit_seconds"].format(seconds=constraints.max_seconds))
    if not constraints.audio:
        limits.append(words["limit_silent"])
    if cameras and constraints.cameras is not None:
        count = len(constraints.cameras)
        keys = {0: "limit_no_camera", 1: "limit_one_camera"}
        limits.append(words[keys.get(count, "limit_cameras")].format(count=count))
    if constraints.confirm_in_app:
        limits.append(words["limit_in_app"])
    if constraints.two_approvers:
        limits.append(words["limit_two"])
    if constraints.masked:
        limits.append(words["limit_masked"])
    return limits


def listed(parts: Sequence[str], words: Mapping[str, str], between: str = "and") -> str:
    """Return parts as people list them, with the word for `and` or `or` at the end."""
    *most, last = parts
    return words[between].format(most=", ".join(most), last=last) if most else last
