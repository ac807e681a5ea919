"""How a request was told to the approvers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many approvers were told of a case at once, and how many by the digest."""

    pushed: int = 0
    later: int = 0
