"""Every published limit and default, in one place.

Durations are `timedelta`s, sizes bytes, lengths of text characters after NFC. What a
requester may be told of stands in docs/interfaces.md, section 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Requests by invite.
DIRECT_WINDOW_MIN: Final = timedelta(minutes=1)
INVITE_PER_DAY: Final = 5  # requests; each invite may set its own
HOME_PER_DAY: Final = 20  # requests, all invites together
REQUEST_DAY: Final = timedelta(days=1)  # the last 24 hours
FLOOD_PER_INVITE_AND_DAY: Final = 100  # requests; of more only a count is kept
SENDERS_KEPT: Final = 20_000  # the last ones, of all invites: sent twice is one request

# Requests through a hub. Area and window are those that Ring's published policy for
# requests by public safety agencies sets: 0.025 to 0.5 square miles, 15 minutes to 12
# hours.
HUB_WINDOW_MIN: Final = timedelta(minutes=15)
HUB_PER_CASE_NUMBER: Final = 2  # requests
HUB_PER_REQUESTER_AND_WEEK: Final = 3  # requests; the operator can raise it
HUB_PER_ADDRESS_AND_DAY: Final = 5  # requests of neighbours, and notices
HUB_WAITING_MAX: Final = 100  # items that wait for a moderator
HUB_NOTES_MAX: Final = 10  # follow-ups of one request
HUB_GRID: Final = 0.005  # degrees: what a neighbour asks about is around one of these
TITLE_MAX: Final = 127  # characters
FEED_MAX: Final = 1024 * 1024  # bytes, of a cell's feed or a page of the log
LOG_PAGE: Final = 100  # entries
KEY_OVERLAP: Final = timedelta(days=14)  # a hub's old key is good so long after the new
AREA_MIN_KM2: Final = 0.065
AREA_MAX_KM2: Final = 1.295
AREA_VERTICES_MAX: Final = 64
AREA_EXTENT_MAX_KM: Final = 5.0  # so that no sliver of legal size crosses a country
AREA_LATITUDE_MAX: Final = 85.0  # degrees; meridians run together beyond

# Every request.
WINDOW_MAX: Final = timedelta(hours=12)
WINDOW_AGE_MAX: Final = timedelta(days=366)  # recordings do not live that long
OPEN_MAX: Final = timedelta(days=7)  # from receipt until it can no longer be answered
NAME_MAX: Final = 127  # characters
TEXT_MAX: Final = 2000  # characters
CONTACT_MAX: Final = 255  # characters
CASE_NUMBER_MAX: Final = 64  # characters
MARKS_MAX: Final = 3  # combining marks in a row

# Requests that wait to be written down, as during a backup: 64 KiB each at most.
WAITING_MAX: Final = 200

# What is offered and sent.
CLIP_MAX_SECONDS: Final = 600
IDENTITY_MAX: Final = NAME_MAX  # of what the owner says of themselves
CIPHERTEXT_KEPT: Final = timedelta(days=14)  # after delivery, unless revoked before
# After a request is over: what was approved in time may come late by as long as a hub,
# or the line to it, can be away.
LATE_MAX: Final = timedelta(days=7)
# Before an upload to a hub begins: when it begins must not tell when somebody tapped.
UPLOAD_WAIT_MIN: Final = 10.0  # seconds
UPLOAD_WAIT_MAX: Final = 300.0
TOKENS_KEPT: Final = OPEN_MAX + CIPHERTEXT_KEPT  # of a case that is over, from receipt
TEXT_KEPT: Final = timedelta(days=90)  # a requester's words, after closing unshared

# Pushes for new requests, for each approver.
PUSH_INTERVAL: Final = timedelta(minutes=10)
PUSHES_PER_DAY: Final = 10
PUSH_DAY: Final = timedelta(days=1)
# Of those, until when a reminder may be one: the rest is for what is new.
REMINDERS_PER_DAY: Final = PUSHES_PER_DAY // 2

# JSON from outside. 2**53: the integers that every JSON reader reads alike.
BODY_MAX: Final = 64 * 1024  # bytes
JSON_DEPTH_MAX: Final = 8
JSON_INTEGER_MAX: Final = 2**53

# Sharing rules.
RULE_ORDER_MAX: Final = 9999
RULE_WORDS_MAX: Final = 50
RULE_WORD_MAX: Final = 64  # characters
RULE_CAMERAS_MAX: Final = 100
RULE_AREA_MIN_KM2: Final = 0.01  # and two decimals of it
RULE_AREA_MAX_KM2: Final = 25.0  # what AREA_EXTENT_MAX_KM has room for
RULE_DISTANCE_MAX: Final = 100_000  # metres


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLimits:
    """How large and how detailed an area may be."""

    min_km2: float
    max_km2: float
    vertices_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a portal takes. `area` is None where a request carries none."""

    window_min: timedelta
    window_max: timedelta = WINDOW_MAX
    window_age_max: timedelta = WINDOW_AGE_MAX
    name_max: int = NAME_MAX
    title_max: int = TITLE_MAX
    text_max: int = TEXT_MAX
    contact_max: int = CONTACT_MAX
    contact_required: bool = False
    case_number_max: int = CASE_NUMBER_MAX
    area: AreaLimits | None = None


AREA: Final = AreaLimits(
    min_km2=AREA_MIN_KM2, max_km2=AREA_MAX_KM2, vertices_max=AREA_VERTICES_MAX
)
DIRECT: Final = Limits(window_min=DIRECT_WINDOW_MIN)
SERVICE: Final = Limits(window_min=DIRECT_WINDOW_MIN, area=AREA)
HUB: Final = Limits(window_min=HUB_WINDOW_MIN, contact_required=True, area=AREA)


def push_wait(
    pushed: Sequence[datetime], now: datetime, most: int = PUSHES_PER_DAY
) -> timedelta:
    """Return how long the limits keep the next push back: not at all, if zero.

    `most` is how many there may be in a day, the next one included.

    Pushes of the future are those of a wall clock that was set back since. They do not
    count: it may have been ahead by years.
    """
    past = sorted(at for at in pushed if now - PUSH_DAY < at <= now)
    waits = [timedelta()]
    if past:
        waits.append(past[-1] + PUSH_INTERVAL - now)
    if len(past) >= most:
        waits.append(past[-most] + PUSH_DAY - now)
    return max(waits)
