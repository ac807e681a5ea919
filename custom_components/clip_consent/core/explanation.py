"""Why the rules said what they said, to be worded in any language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition that matched: a code and what its wording needs."""

    code: str
    placeholders: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Which rule matched and why.

    `rule_order` is None if none did; `limiting` are the orders of the rules behind the
    constraints.
    """

    rule_order: int | None
    rule_title: str
    reasons: tuple[Reason, ...]
    limiting: tuple[int, ...]
