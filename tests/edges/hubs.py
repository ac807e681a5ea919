"""A hub in a Home Assistant of the test harness, with a requester, and what they ask."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentryData
from pyrage import x25519
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.hub_settings import token_digest
from custom_components.clip_consent.hub.manager import HubManager

TOKEN: Final = "d2w3e4r5t6y7u2i3o4p5a6s7d2"
REQUESTER: Final = {
    "name": "PC Meier",
    "organisation": "Police station 12",
    "kind": "police",
    "verified_how": "Met in person, badge seen",
    "token_sha256": token_digest(TOKEN),
}


def hub_entry(*moderators: str, **options: Any) -> MockConfigEntry:
    """Return the entry of a hub as its forms make it."""
    return MockConfigEntry(
        domain=DOMAIN,
        unique_id="hub",
        title="Lindenstraße",
        options={
            "name": "Lindenstraße",
            "operator": "Residents' association",
            "contact": "hub@lindenstrasse.example",
            "area": {"latitude": 52.52, "longitude": 13.4, "radius": 400.0},
            "moderators": list(moderators),
            "phones": [],
            "rules": "We publish what says what happened.",
            "neighbours_may_ask": True,
            **options,
        },
        subentries_data=[
            ConfigSubentryData(
                subentry_type="requester",
                title="PC Meier (Police station 12)",
                unique_id=None,
                data=REQUESTER,
            )
        ],
    )


def asking(**changed: Any) -> bytes:
    """Return what a requester submits: each with a key of its own."""
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    said = {
        "version": 1,
        "title": "Car scratched",
        "text": "A blue van, in the evening.",
        "start": f"{end - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "area": {
            "kind": "circle",
            "latitude": 52.52,
            "longitude": 13.4,
            "radius": 200,
        },
        "contact": "station12@police.example",
        "case_number": "2026-1187",
        "recipient": str(x25519.Identity.generate().to_public()),
        "key_hint": "",
        "inbox": None,
        **changed,
    }
    return json.dumps(said).encode()


async def submit(hub: HubManager, **changed: Any) -> str:
    """Have the requester ask; return the request's id."""
    requester = hub.requester(TOKEN)
    assert requester
    return await hub.async_submit(asking(**changed), requester, "192.0.2.7")
