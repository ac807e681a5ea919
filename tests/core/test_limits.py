"""The published limits: a change of one of them is a change of what we promise."""

from datetime import timedelta

from custom_components.clip_consent.core import limits
from custom_components.clip_consent.core.limits import DIRECT, HUB, AreaLimits
from custom_components.clip_consent.core.models import Constraints


def test_requests_by_invite() -> None:
    """One minute to twelve hours, five a day and invite, twenty a day and home."""
    assert DIRECT.window_min == timedelta(minutes=1)
    assert DIRECT.window_max == timedelta(hours=12)
    assert DIRECT.window_age_max == timedelta(days=366)
    assert (DIRECT.name_max, DIRECT.text_max) == (127, 2000)
    assert (DIRECT.contact_max, DIRECT.case_number_max) == (255, 64)
    assert not DIRECT.contact_required
    assert DIRECT.area is None
    assert (limits.INVITE_PER_DAY, limits.HOME_PER_DAY) == (5, 20)
    assert limits.FLOOD_PER_INVITE_AND_DAY == 100
    assert limits.WAITING_MAX == 200


def test_requests_through_a_hub() -> None:
    """An area of legal size, a longer window, a contact."""
    assert HUB.window_min == timedelta(minutes=15)
    assert HUB.window_max == timedelta(hours=12)
    assert HUB.contact_required
    assert HUB.area == AreaLimits(min_km2=0.065, max_km2=1.295, vertices_max=64)
    assert limits.HUB_PER_CASE_NUMBER == 2
    assert limits.HUB_PER_REQUESTER_AND_WEEK == 3


def test_area_is_the_published_policy_in_square_miles() -> None:
    """0.025 to 0.5 square miles, rounded to a thousandth of a square kilometre."""
    square_mile = 1.609344**2
    assert round(0.025 * square_mile, 3) == limits.AREA_MIN_KM2
    assert round(0.5 * square_mile, 3) == limits.AREA_MAX_KM2


def test_what_is_kept_and_told() -> None:
    """Terms after which things go, and how often anybody is told."""
    assert timedelta(days=7) == limits.OPEN_MAX
    assert timedelta(days=14) == limits.CIPHERTEXT_KEPT
    assert timedelta(days=90) == limits.TEXT_KEPT
    assert timedelta(days=21) == limits.TOKENS_KEPT
    assert timedelta(minutes=10) == limits.PUSH_INTERVAL
    assert limits.PUSHES_PER_DAY == 10
    assert limits.BODY_MAX == 65536


def test_no_rule_means_the_longest_clip() -> None:
    """A model's default is the limit."""
    assert Constraints().max_seconds == limits.CLIP_MAX_SECONDS == 600
