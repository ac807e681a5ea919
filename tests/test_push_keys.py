"""The table of documented keys tells right from wrong, and every push is held against it."""

from typing import Any

from aiohttp import ClientSession
import pytest

from tests.interfaces import example
from tests.phones import PushRelay, relay
from tests.push_keys import ANDROID, IOS, faults

__all__ = ["relay"]  # a fixture, used by name


@pytest.mark.parametrize(
    ("app", "name"),
    [
        (ANDROID, "push_data_android"),
        (ANDROID, "push_data_progress"),
        (ANDROID, "push_data_notice"),
        (ANDROID, "push_data_answer"),
        (IOS, "push_data_ios"),
        (IOS, "push_data_live_activity"),
    ],
)
def test_what_we_publish_is_documented(app: str, name: str) -> None:
    """The examples of docs/interfaces.md, which the pushes are compared with."""
    assert faults(app, example(name)) == []


@pytest.mark.parametrize(
    ("app", "data", "fault"),
    [
        (ANDROID, {"clickaction": "/x"}, "data.clickaction is no key of android"),
        (IOS, {"clickAction": "/x"}, "data.clickAction is no key of ios"),
        (ANDROID, {"url": "/x"}, "data.url is no key of android"),
        (ANDROID, {"importance": "loud"}, "data.importance takes no 'loud'"),
        (ANDROID, {"ttl": "0"}, "data.ttl takes no '0'"),
        (ANDROID, {"progress": True}, "data.progress takes no True"),
        (ANDROID, {"event": "start"}, "data.event is no key of android"),
        (IOS, {"live_update": True}, "data.live_update needs a tag"),
        (
            IOS,
            {"push": {"interruption_level": "passive"}},
            "data.push.interruption_level is no key of ios",
        ),
        (
            IOS,
            {"push": {"interruption-level": "loud"}},
            "data.push.interruption-level takes no 'loud'",
        ),
        (
            ANDROID,
            {"actions": [{"action": "URI", "title": "x", "destructive": True}]},
            "actions.destructive is no key of android",
        ),
        (ANDROID, {"actions": [{"action": "X"}]}, "actions.title is missing"),
        (
            ANDROID,
            {"actions": [{"action": "X", "title": "x", "uri": "/x"}]},
            "actions.uri needs the action URI",
        ),
        (ANDROID, {"actions": [{"action": "X", "title": "x"}] * 4}, "4 actions"),
    ],
)
def test_what_is_not_documented_is_found(
    app: str, data: dict[str, Any], fault: str
) -> None:
    """A misspelt key, one of the other app, a value that it does not know."""
    assert faults(app, {"message": "x", "data": data}) == [fault]


async def test_a_phone_looks_at_all_it_gets(relay: PushRelay) -> None:
    """Whatever a test looks at itself: a key that no app knows makes it fail."""
    push = {
        "message": "x",
        "data": {"clickaction": "/x"},
        "push_token": "x",
        "registration_info": {"app_id": "io.homeassistant.companion.android"},
    }
    async with ClientSession() as session, session.post(relay.url, json=push) as answer:
        assert answer.status == 201
    assert relay.faults == ["data.clickaction is no key of android"]
    relay.faults.clear()
