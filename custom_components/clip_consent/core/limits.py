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
CIPHERTEXT_KEPT: Final = timedelta(days=14)  # after delivery, unless revoked before
TOKENS_KEPT: Final = OPEN_MAX + CIPHERTEXT_KEPT  # of a case that is over, from receipt
TEXT_KEPT: Final = timedelta(days=90)  # a requester's words, after closing unshared

# Pushes for new requests, for each approver.
PUSH_INTERVAL: Final = timedelta(minutes=10)
PUSHES_PER_DAY: Final = 10
PUSH_DAY: Final = timedelta(days=1)

# JSON from outside. 2**53: the integers that every JSON reader reads alike.
BODY_MAX: Final = 64 * 1024  # bytes
JSON_DEPTH_MAX: Final = 8
JSON_INTEGER_MAX: Final = 2**53

# Sharing rules.
RULE_ORDER_MAX: Final = 9999
RULE_WORDS_MAX: Final = 50
RULE_WORD_MAX: Final = 64  # characters
RULE_CAMERAS_MAX: Final = 100


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
    text_max: int = TEXT_MAX
    contact_max: int = CONTACT_MAX
    contact_required: bool = False
    case_number_max: int = CASE_NUMBER_MAX
    area: AreaLimits | None = None


DIRECT: Final = Limits(window_min=DIRECT_WINDOW_MIN)
HUB: Final = Limits(
    window_min=HUB_WINDOW_MIN,
    contact_required=True,
    area=AreaLimits(
        min_km2=AREA_MIN_KM2, max_km2=AREA_MAX_KM2, vertices_max=AREA_VERTICES_MAX
    ),
)


def push_wait(pushed: Sequence[datetime], now: datetime) -> timedelta:
    """Return how long the limits keep the next push back: not at all, if zero.

    Pushes of the future are those of a wall clock that was set back since. They do not
    count: it may have been ahead by years.
    """
    past = sorted(at for at in pushed if now - PUSH_DAY < at <= now)
    waits = [timedelta()]
    if past:
        waits.append(past[-1] + PUSH_INTERVAL - now)
    if len(past) >= PUSHES_PER_DAY:
        waits.append(past[-PUSHES_PER_DAY] + PUSH_DAY - now)
    return max(waits)
