"""What a hub's moderators see and decide, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from .geo import Area
from .hub_settings import HubRequester
from .models import Window


class RefusalReason(StrEnum):
    """Why a moderator refused something: the public sees how often, and not what."""

    NO_REASON_GIVEN = "no_reason_given"  # it does not say what happened
    TOO_BROAD = "too_broad"  # more place or time than what happened needs
    NAMES_PEOPLE = "names_people"
    UNLAWFUL = "unlawful"  # it asks for what the law protects, as a demonstration
    ABUSIVE = "abusive"
    DUPLICATE = "duplicate"
    NOT_HERE = "not_here"  # not a matter of this neighbourhood
    AGAINST_RULES = "against_rules"  # the hub's own
    NO_REASON_TOLD = "no_reason_told"  # from a phone: a push has no room for one


# What no moderator decided about in time is counted beside the reasons.
NOT_LOOKED_AT: Final = "not_looked_at"


class WaitingKind(StrEnum):
    """What waits for a moderator."""

    REQUEST = "request"
    NOTE = "note"  # a requester's follow-up to a published request
    NOTICE = "notice"  # a neighbour's, to be published in their neighbourhood


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for a moderator. Its texts are a stranger's words.

    `requester` is None for a neighbour whom the hub does not know. A note has only
    `text`, and `about` is the id of its request; a notice has `cells` and no window.
    """

    id: str
    kind: WaitingKind
    submitted_at: datetime
    title: str
    text: str
    requester: HubRequester | None = None
    contact: str = ""
    case_number: str = ""
    window: Window | None = None
    area: Area | None = None
    cells: tuple[str, ...] = ()
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedNotice:
    """A notice of the operator's own, until what came for it is gone.

    `comments` counts the sealed ones that are held; None where none are wanted.
    """

    id: str
    title: str
    text: str
    cells: tuple[str, ...]
    posted_at: datetime
    expires_at: datetime
    state: str
    comments: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment that was opened. Its words are a stranger's."""

    delivery_id: str
    came_at: datetime
    text: str
    identity: str  # what its author says of themselves, empty if nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsRead:
    """What was found in the comments on a notice, the newest first."""

    comments: tuple[Comment, ...]
    unreadable: int  # of those that were looked at
    more: bool  # there are others, which were not looked at
