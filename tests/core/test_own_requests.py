"""What a home asks its neighbours: what is sent of it, and how it stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import hashlib
import json
import math

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import InvalidRequestError
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.hub_terms import (
    USUAL,
    read_ask_terms,
    terms_json,
)
from custom_components.clip_consent.core.limits import HUB, HUB_GRID
from custom_components.clip_consent.core.models import RequesterKind, Window
from custom_components.clip_consent.core.own_published import followed_own, held_to_sent
from custom_components.clip_consent.core.own_requests import (
    RADIUS,
    OwnRequest,
    OwnState,
    area_around,
    check_own,
    followed_log,
    is_awaited,
    may_get_more,
    own_state,
    submission_json,
    tidied_words,
)
from custom_components.clip_consent.core.own_view import own_view
from custom_components.clip_consent.core.portal_items import (
    Notice,
    NoticeAuthor,
    PublicRequest,
    item_text,
)
from custom_components.clip_consent.core.portal_known import Followed, OpenItem
from custom_components.clip_consent.core.portal_log import (
    Beside,
    Entry,
    EntryKind,
    LogLine,
)
from custom_components.clip_consent.core.portal_published import published
from custom_components.clip_consent.core.portal_submission import (
    parse_submission,
    snap,
    validate_submission,
)
from custom_components.clip_consent.core.serial import canonical, dump, load
from tests.hub.world import SETTINGS

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ITEM = "k5x2mzq7w3d4a6bnt2h5c7e3ya"
HERE = Point(lat=52.53617, lon=13.40123)
CELLS = ("u33db", "u33dc")
OWN = OwnRequest(
    request_id="a" * 26,
    hub="hub",
    user_id="anna",
    asked_at=NOW,
    title="Bicycle gone",
    text="A red one",
    window=Window(start=NOW - timedelta(hours=2), end=NOW - timedelta(hours=1)),
    area=area_around(HERE, RADIUS),
    recipient="age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    secret="00" * 32,
    inbox="the secret of the inbox",
)
PUBLISHED = replace(
    OWN, item_id=ITEM, published_at=NOW, expires_at=NOW + timedelta(days=7)
)


def entry(n: int, kind: str, target: int | None = None, id: str = ITEM) -> Entry:
    """Return an entry of the log."""
    return Entry(
        n=n, at=NOW, kind=kind, id=id, target=target, digest="", previous="", hash=""
    )


def checked(own: OwnRequest, now: datetime = NOW) -> None:
    """Hold it to the usual limits."""
    check_own(own, now=now, limits=USUAL.limits, cells=CELLS)


@given(st.floats(-84, 84), st.floats(-180, 180))
def test_an_area_says_no_more_than_the_grid(lat: float, lon: float) -> None:
    """All places around a point of the grid ask about the same circle."""
    area = area_around(Point(lat=lat, lon=lon), RADIUS)
    assert snap(area.center) == area.center
    for number, place in ((area.center.lat, lat), (area.center.lon, lon)):
        assert abs(number / HUB_GRID - round(number / HUB_GRID)) < 1e-6
        assert abs(number - place) <= HUB_GRID / 2 + 1e-9
    assert area.contains(Point(lat=lat, lon=lon))


def test_a_radius_is_one_in_whole_metres() -> None:
    """Where it came from is nobody's business; none is a fault of the field."""
    assert area_around(HERE, 399.6).radius == 400.0
    for radius in (math.nan, math.inf, 0, -5, 9000):
        with pytest.raises(InvalidRequestError) as caught:
            area_around(HERE, radius)
        assert caught.value.field == "area"


def test_what_is_sent_is_what_a_hub_takes() -> None:
    """It says the words, the window, the area, the key; and nothing else."""
    body = canonical(submission_json(OWN))
    read = parse_submission(body)
    validate_submission(read, kind=None, now=NOW, limits=HUB, cells=CELLS)
    assert (read.title, read.text, read.window) == (OWN.title, OWN.text, OWN.window)
    assert read.area == OWN.area
    said = json.loads(body)
    assert (said["contact"], said["case_number"], said["key_hint"]) == ("", "", "")
    assert said["inbox"] == hashlib.sha256(OWN.inbox.encode()).hexdigest()
    for secret in (OWN.secret, OWN.inbox, OWN.request_id, "anna", "52.53617"):
        assert secret.encode() not in body


def test_secrets_are_kept_and_not_shown() -> None:
    """A log that holds a request holds none of its keys."""
    assert OWN.secret not in repr(OWN)
    assert OWN.inbox not in repr(OWN)
    assert load(OwnRequest, dump(PUBLISHED)) == PUBLISHED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 128}, "title"),
        ({"text": "\u200b"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"window": Window(start=NOW, end=NOW + timedelta(hours=1))}, "end"),
        ({"area": Circle(center=snap(HERE), radius=20)}, "area"),
        ({"area": area_around(Point(lat=10, lon=10), RADIUS)}, "area"),
    ],
)
def test_what_a_hub_would_refuse_is_not_asked(
    change: dict[str, object], field: str
) -> None:
    """The field to mend is named."""
    checked(OWN)
    with pytest.raises(InvalidRequestError) as caught:
        checked(replace(OWN, **change))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_words_are_tidied() -> None:
    """As whoever reads them sees them."""
    assert tidied_words(" Bike ", "a\r\nb \n") == ("Bike", "a\nb")


def test_how_it_stands() -> None:
    """From the first moment to the last."""
    sent = replace(OWN, item_id=ITEM)
    over = NOW + timedelta(days=7)
    assert own_state(OWN, NOW) is OwnState.SENDING
    assert own_state(replace(OWN, problem="hub_refused"), NOW) is OwnState.REFUSED
    assert own_state(sent, NOW) is OwnState.WAITING
    assert own_state(sent, NOW + timedelta(days=14)) is OwnState.UNPUBLISHED
    assert own_state(PUBLISHED, over - timedelta(seconds=1)) is OwnState.OPEN
    assert own_state(PUBLISHED, over) is OwnState.EXPIRED
    resolved = replace(PUBLISHED, ended=OwnState.RESOLVED)
    assert own_state(resolved, NOW) is OwnState.RESOLVED


def test_how_long_answers_are_looked_for() -> None:
    """From when it was published until a hub has none any more."""
    assert not is_awaited(OWN, NOW)
    assert is_awaited(PUBLISHED, NOW)
    assert not is_awaited(replace(PUBLISHED, settled=True), NOW)
    assert is_awaited(PUBLISHED, NOW + timedelta(days=27))
    assert not is_awaited(PUBLISHED, NOW + timedelta(days=28))
    # a week more for what was approved in time; nothing once it was ended
    assert may_get_more(PUBLISHED, NOW)
    assert may_get_more(PUBLISHED, NOW + timedelta(days=13))
    assert not may_get_more(PUBLISHED, NOW + timedelta(days=14))
    assert not may_get_more(replace(PUBLISHED, ended=OwnState.WITHDRAWN), NOW)


def test_the_log_tells_that_it_was_published() -> None:
    """And the feed until when; of another cell, the longest there is."""
    sent = replace(OWN, item_id=ITEM)
    known = Followed(recent=(entry(1, "terms"), entry(2, EntryKind.PUBLISHED)))
    assert followed_log(OWN, known) == OWN
    assert followed_log(sent, Followed(recent=(entry(2, "published", id="b"),))) == sent
    own = followed_log(sent, known)
    assert (own.published_at, own.expires_at) == (NOW, NOW + timedelta(days=7))
    item = OpenItem(n=2, id=ITEM, text=item_text(_item(NOW + timedelta(days=3))))
    own = followed_log(sent, replace(known, items=(item,)))
    assert own.expires_at == NOW + timedelta(days=3)
    assert followed_log(own, known) == own


def _item(expires: datetime) -> PublicRequest:
    return PublicRequest(
        id=ITEM,
        published_at=NOW,
        expires_at=expires,
        kind=RequesterKind.NEIGHBOUR,
        name="",
        organisation="",
        verified_how="",
        contact="",
        case_number="",
        title=OWN.title,
        text=OWN.text,
        window=OWN.window,
        area=OWN.area,
        recipient=OWN.recipient,
    )


@pytest.mark.parametrize("kind", ["resolved", "withdrawn", "redacted"])
def test_the_log_tells_how_it_ended(kind: str) -> None:
    """The first end stands; a note that was redacted ends nothing."""
    published = entry(2, EntryKind.PUBLISHED)
    note = (entry(3, EntryKind.NOTE, 2), entry(4, EntryKind.REDACTED, 3))
    own = followed_log(PUBLISHED, Followed(recent=(published, *note)))
    assert own.ended is None
    log = (published, *note, entry(5, kind, 2))
    own = followed_log(PUBLISHED, Followed(recent=log))
    assert own.ended == kind
    again = replace(PUBLISHED, ended=OwnState.RESOLVED)
    assert followed_log(again, Followed(recent=log)).ended is OwnState.RESOLVED


def test_a_hubs_own_limits_are_read() -> None:
    """As it tells them on `/info`; what it says wrongly is as in the protocol."""
    said = terms_json(SETTINGS)["limits"]
    assert read_ask_terms(said) == USUAL
    assert read_ask_terms(None) == USUAL
    assert isinstance(said, dict)
    strange = dict.fromkeys(said, "x")
    assert read_ask_terms({**strange, "text_max": True}) == USUAL
    strict = read_ask_terms({**said, "text_max": 100, "area_min_km2": 0.5})
    assert (strict.text_max, strict.area_min_km2) == (100, 0.5)
    lax = read_ask_terms({**said, "text_max": 9999, "area_min_km2": 0.0001})
    assert lax == USUAL
    long = read_ask_terms({**said, "window_min_seconds": 10**15, "title_max": -1})
    assert long.limits.window_min == timedelta(days=1)
    assert long.title_max == USUAL.title_max


def test_a_notice_is_held_to_what_was_sent() -> None:
    """Its comments are sealed to the key that stands there, wherever it goes."""
    own = replace(OWN, item_id=ITEM, window=None, area=None)
    notice = Notice(
        id=ITEM,
        published_at=NOW,
        expires_at=NOW + timedelta(days=7),
        title=own.title,
        text=own.text,
        cells=("u33d",),
        author=NoticeAuthor.NEIGHBOUR,
        recipient=own.recipient,
    )
    for said, altered in (
        (notice, False),
        (replace(notice, cells=("u33e",)), False),
        (replace(notice, recipient=None), True),
        (replace(notice, text="Other words."), True),
    ):
        text = item_text(said)
        line = LogLine(entry=entry(2, "published"), beside=Beside(salt=b"", text=text))
        known = Followed(published=published((), [line]))
        assert held_to_sent(known, [own]).alarm == (
            "portal_altered" if altered else None
        )
        assert followed_own(own, known).altered is altered


def test_the_panel_says_that_a_request_was_altered() -> None:
    """As a trouble of its own; the hub took it, so its state stays."""
    own = replace(PUBLISHED, altered=True)
    shown = own_view(own, hub="Ours", now=NOW, problem_text=str.upper)
    assert shown["state"] == "open"
    assert (shown["problem"], shown["problem_text"]) == (
        "portal_altered",
        "PORTAL_ALTERED",
    )
