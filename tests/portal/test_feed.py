"""The feed of a cell and the head of a log: read only if they are what was asked for."""

from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.core.portal_feed import (
    Feed,
    Listed,
    feed_payload,
    head_payload,
    read_feed,
    read_head,
)
from custom_components.clip_consent.core.portal_items import item_text
from custom_components.clip_consent.core.portal_log import Beside, Head

from .said import NOW, REQUEST, example

HUB = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
HEAD = Head(n=1, hash="ab" * 32)
FEED = Feed(
    hub=HUB,
    cell="u33db",
    seq=17,
    issued=NOW,
    expires=NOW + timedelta(days=2),
    head=HEAD,
    items=(Listed(n=1, beside=Beside(salt=bytes(16), text=item_text(REQUEST))),),
)


def read(payload: bytes, **asked: Any) -> Feed:
    """Read a feed as a home does."""
    return read_feed(payload, **{"hub": HUB, "cell": "u33db", "now": NOW} | asked)


def test_what_is_written_is_read() -> None:
    """All of it."""
    assert read(feed_payload(FEED)) == FEED
    head = head_payload(HEAD, hub=HUB, at=NOW)
    assert read_head(head, hub=HUB) == HEAD


def test_the_example_of_the_protocol() -> None:
    """It has the fields that are written."""
    said = example("portal_feed")
    written = json.loads(feed_payload(FEED))
    assert said.keys() == written.keys()
    assert said["items"][0].keys() == written["items"][0].keys()
    assert said["head"].keys() == written["head"].keys()
    assert read(json.dumps(said).encode()).seq == 17


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"hub": "another"}, "portal_other_hub"),
        ({"cell": "u33dc"}, "portal_other_hub"),
        ({"now": NOW + timedelta(days=2)}, "portal_feed_expired"),
    ],
)
def test_what_was_not_asked_for(asked: dict[str, Any], code: str) -> None:
    """A good feed of another hub, another cell, another day."""
    with pytest.raises(PortalError, match=code):
        read(feed_payload(FEED), **asked)
    assert read(feed_payload(FEED), now=NOW + timedelta(days=1, hours=23))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": 2}, "portal_version"),
        ({"version": None}, "portal_feed_invalid"),
        ({"seq": "1"}, "portal_feed_invalid"),
        ({"issued": None}, "portal_feed_invalid"),
        ({"head": None}, "portal_feed_invalid"),
        ({"head": {"n": 1, "hash": "x"}}, "portal_feed_invalid"),
        ({"items": {}}, "portal_feed_invalid"),
        ({"items": [5]}, "portal_feed_invalid"),
        ({"items": [{"n": 1, "salt": "0", "text": ""}]}, "portal_feed_invalid"),
        ({"items": [{"n": 1, "salt": "00"}]}, "portal_feed_invalid"),
    ],
)
def test_what_is_no_feed(changed: dict[str, Any], code: str) -> None:
    """A typed error."""
    said = {**json.loads(feed_payload(FEED)), **changed}
    with pytest.raises(PortalError, match=code):
        read(json.dumps(said).encode())
    with pytest.raises(PortalError, match="portal_feed_invalid"):
        read(b"\xff")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": 2}, "portal_version"),
        ({"hub": "another"}, "portal_other_hub"),
        ({"n": None}, "portal_log_invalid"),
        ({"hash": 5}, "portal_log_invalid"),
    ],
)
def test_what_is_no_head(changed: dict[str, Any], code: str) -> None:
    """A typed error."""
    said = {**json.loads(head_payload(HEAD, hub=HUB, at=NOW)), **changed}
    with pytest.raises(PortalError, match=code):
        read_head(json.dumps(said).encode(), hub=HUB)
    with pytest.raises(PortalError, match="portal_log_invalid"):
        read_head(b"[]", hub=HUB)


def test_a_feed_with_much_in_it() -> None:
    """More than a body from a stranger may be, less than a feed may."""
    text = item_text(replace(REQUEST, text="ü" * 2000))
    many = tuple(
        Listed(n=number, beside=Beside(salt=bytes(16), text=text))
        for number in range(100)
    )
    assert read(feed_payload(replace(FEED, items=many))).items == many
