"""A sharing rule in words: what it is for, and what it allows at most.

Placeholders hold numbers and the owner's words alone.
"""

from collections.abc import Iterable, Mapping

from .rule_data import CaseNumber, Rule
from .sentences import ENGLISH, decimal, limit_texts, listed


def condition_texts(
    rule: Rule, cameras: Mapping[str, str], words: Mapping[str, str] = ENGLISH
) -> list[str]:
    """Return what has to hold of a request, all of it, for the rule to fit.

    `cameras` are the names of the home's cameras by id; `words` are those of a
    language, keyed as `ENGLISH`.
    """
    parts = (_of_requester, _of_time, _of_place)
    texts = [text for part in parts for text in part(rule, words)]
    if rule.cameras:
        named = _any_of(camera_names(sorted(rule.cameras), cameras, words), words)
        texts.append(words["when_cameras"].format(cameras=named))
    if rule.words:
        quoted = [words["quoted"].format(word=word.spelling) for word in rule.words]
        texts.append(words["when_words"].format(words=_any_of(quoted, words)))
    return texts or [words["because_every_request"]]


def allowance_texts(
    rule: Rule, cameras: Mapping[str, str], words: Mapping[str, str] = ENGLISH
) -> list[str]:
    """Return what limits a clip where the rule fits, in the order of the form."""
    texts = limit_texts(rule.constraints, words, cameras=False)
    if (only := rule.constraints.cameras) is not None:
        named = listed(camera_names(only, cameras, words), words)
        texts.append(words["limit_only"].format(cameras=named))
    return texts


def camera_names(
    ids: Iterable[str], cameras: Mapping[str, str], words: Mapping[str, str]
) -> list[str]:
    """Return what cameras are called, each name once; those that are gone last."""
    names = list(dict.fromkeys(cameras[each] for each in ids if each in cameras))
    gone = any(each not in cameras for each in ids)
    return [*names, words["gone_camera"]] if gone else names


def _of_requester(rule: Rule, words: Mapping[str, str]) -> list[str]:
    texts = []
    if rule.trust:
        known = [words[f"because_trust_{each}"] for each in sorted(rule.trust)]
        texts.append(_any_of(known, words))
    if rule.kinds:
        kinds = [words[f"because_kind_{each}"] for each in sorted(rule.kinds)]
        texts.append(_any_of(kinds, words))
    if rule.case_number is not CaseNumber.ANY:
        texts.append(words[f"because_case_number_{rule.case_number}"])
    return texts


def _of_time(rule: Rule, words: Mapping[str, str]) -> list[str]:
    texts = []
    if (minutes := rule.window_max_minutes) is not None:
        texts.append(words["because_window_length"].format(minutes=minutes))
    if (hours := rule.window_max_age_hours) is not None:
        texts.append(words["because_window_age"].format(hours=hours))
    if rule.footage:
        texts.append(words["when_footage"].format_map(rule.footage.texts))
    if rule.received:
        texts.append(words["because_received"].format_map(rule.received.texts))
    return texts


def _of_place(rule: Rule, words: Mapping[str, str]) -> list[str]:
    texts = []
    if (km2 := rule.area_max_km2) is not None:
        texts.append(words["because_area"].format(km2=decimal(f"{km2:g}", words)))
    if (metres := rule.distance_max_metres) is not None:
        texts.append(words["because_distance"].format(metres=metres))
    return texts


def _any_of(parts: list[str], words: Mapping[str, str]) -> str:
    return listed(parts, words, "or")
