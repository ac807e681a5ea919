"""Following a hub: its address is typed, its words are compared, its key is pinned."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.clip_consent.base.outbound import Door, Target, parse_target
from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.home.configuration import (
    read_hub_origins,
    read_settings,
    read_storage_origins,
)
from tests.interfaces import example
from tests.portal.standin import HERE, StandInHub, spoken

from .conftest import AddHome
from .forms import default


@pytest.fixture
async def hub(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[StandInHub]:
    """Return a hub whose cells the home is in."""
    hass.config.latitude, hass.config.longitude = HERE.lat, HERE.lon
    async with StandInHub().serving() as serving:
        yield serving
    await asyncio.get_running_loop().shutdown_default_executor()


async def begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for a new hub."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "portal"), context={"source": SOURCE_USER}
    )


async def answer(
    hass: HomeAssistant, result: dict[str, Any], **typed: Any
) -> dict[str, Any]:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], typed
    )


def followed(at: StandInHub, **changes: Any) -> dict[str, Any]:
    """Return a hub as it is kept."""
    return {
        "subentry_type": "portal",
        "title": "Lindenstraße",
        "unique_id": at.hub,
        "data": {
            "url": at.url,
            "hub": at.hub,
            "private": True,
            "slot": 900,
            "counted": False,
            "storage": None,
            **changes,
        },
    }


async def test_a_hub_is_followed_once_its_words_were_compared(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """What is kept is its key; one in a private network comes with a warning."""
    entry = await add_home()
    result = await begin(hass, entry)
    assert result["step_id"] == "user"
    pasted = f" {hub.url}/api/clip_consent/portal "
    result = await answer(hass, result, url=pasted)
    assert result["step_id"] == "confirm_private"
    assert result["description_placeholders"] == {
        "hub": "Lindenstraße",
        "operator": "Residents' association",
        "words": spoken(hub.hub),
        "storage": hub.url,
    }
    assert default(result, "label") == "Lindenstraße"
    assert default(result, "same") is False
    assert len(hub.seen) == 1  # it was asked for what it says of itself, and no more
    result = await answer(hass, result, label=" ", same=False)
    assert result["errors"] == {"label": "title_empty", "same": "hub_not_compared"}
    result = await answer(hass, result, label="Our street", same=True)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [kept] = entry.get_subentries_of_type("portal")
    assert kept.title == "Our street"
    assert kept.unique_id == hub.hub
    assert kept.data == followed(hub)["data"]
    assert kept.data.keys() == example("subentries")["portal"].keys()
    settings = read_settings(entry, ZoneInfo("UTC"))
    [portal] = settings.portals
    assert (portal.title, portal.hub, portal.url) == ("Our street", hub.hub, hub.url)
    port = int(hub.url.rpartition(":")[2])
    assert read_hub_origins(settings) == {("127.0.0.1", port)}


async def test_a_form_that_is_shown_again_asks_again(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """Reloaded in the browser, it still shows the hub."""
    result = await begin(hass, await add_home())
    result = await answer(hass, result, url=hub.url)
    again = await hass.config_entries.subentries.async_configure(result["flow_id"])
    assert again["step_id"] == "confirm_private"
    assert default(again, "label") == "Lindenstraße"


async def test_a_hub_in_the_open_internet_needs_no_warning(
    hass: HomeAssistant,
    add_home: AddHome,
    hub: StandInHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what the open way out refuses is asked about."""
    monkeypatch.setattr(Door, "_admits", lambda self, target: False)
    entry = await add_home()
    result = await begin(hass, entry)
    result = await answer(hass, result, url=hub.url)
    assert result["step_id"] == "confirm"
    await answer(hass, result, label="Our street", same=True)
    [kept] = entry.get_subentries_of_type("portal")
    assert kept.data["private"] is False
    assert read_hub_origins(read_settings(entry, ZoneInfo("UTC"))) == frozenset()


async def test_what_a_hub_calls_itself_is_no_markup(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """A form's text is Markdown: links, pictures and line breaks stay out of it."""
    hub.change_info = {
        "name": "![x](https://evil.example/y.png) <b>Hub</b>\n# `loud`",
        "operator": "***",
    }
    result = await begin(hass, await add_home())
    result = await answer(hass, result, url=hub.url)
    shown = result["description_placeholders"]
    assert shown["hub"] == "x https evil example y png b Hub b loud"
    assert shown["operator"] == "?"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "hub_address_invalid"),
        ("no address", "hub_address_invalid"),
        ("ftp://hub.example", "hub_address_invalid"),
        ("http://user:secret@hub.example", "hub_address_invalid"),
    ],
)
async def test_an_address_that_is_none(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub, typed: str, error: str
) -> None:
    """Nothing is asked there."""
    result = await begin(hass, await add_home())
    result = await answer(hass, result, url=typed)
    assert result["errors"] == {"url": error}


async def test_an_address_where_no_hub_answers(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """What answers is no hub, or nothing does."""
    result = await begin(hass, await add_home())
    hub.change_info = {"first_key": {}}
    result = await answer(hass, result, url=hub.url)
    assert result["errors"] == {"url": "hub_unreadable"}
    hub.down = True
    result = await answer(hass, result, url=hub.url)
    assert result["errors"] == {"url": "hub_unreadable"}
    result = await answer(hass, result, url="http://127.0.0.1:9")
    assert result["errors"] == {"url": "hub_unreachable"}


async def test_a_way_that_fails_for_good(
    hass: HomeAssistant,
    add_home: AddHome,
    hub: StandInHub,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A redirect is not gone after, and it is not tried as a private one."""

    def refuse(self: Door, target: object) -> bool:
        raise PortalError("redirect_refused")

    monkeypatch.setattr(Door, "_admits", refuse)
    result = await begin(hass, await add_home())
    result = await answer(hass, result, url=hub.url)
    assert result["errors"] == {"url": "hub_unreadable"}
    assert hub.seen == []


async def test_a_home_must_be_there(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """Without a place, or far from all cells, nothing could ever be about it."""
    result = await begin(hass, await add_home())
    hass.config.latitude = 48.1
    result = await answer(hass, result, url=hub.url)
    assert result["errors"] == {"url": "hub_elsewhere"}
    hass.config.latitude = hass.config.longitude = 0
    result = await answer(hass, result, url=hub.url)
    assert result["errors"] == {"url": "hub_no_place"}


async def test_no_hub_is_followed_twice(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """Under whatever address it answers."""
    entry = await add_home(followed(hub, url="https://hub.example"))
    result = await begin(hass, entry)
    result = await answer(hass, result, url=hub.url)
    assert result["reason"] == "already_configured"


async def change(
    hass: HomeAssistant, entry: ConfigEntry, **typed: Any
) -> dict[str, Any]:
    """Open the form of the hub that is followed, and send it."""
    [kept] = entry.get_subentries_of_type("portal")
    result = await entry.start_subentry_reconfigure_flow(hass, kept.subentry_id)  # type: ignore[attr-defined]
    assert result["step_id"] == "reconfigure"
    assert default(result, "url") == kept.data["url"]
    return await answer(hass, result, **typed)


async def test_a_hub_that_moved(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """The same key at another address: the home goes on following it."""
    entry = await add_home(followed(hub, url="https://old.example", private=False))
    result = await change(hass, entry, label="Our street", url=hub.url, counted=True)
    assert result["reason"] == "reconfigure_successful"
    [kept] = entry.get_subentries_of_type("portal")
    assert kept.title == "Our street"
    assert kept.data == followed(hub, counted=True)["data"]


async def test_a_new_name_asks_nobody(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """The address was judged when it was typed."""
    entry = await add_home(followed(hub))
    result = await change(hass, entry, label="Our street", url=hub.url, counted=False)
    assert result["reason"] == "reconfigure_successful"
    assert hub.seen == []


async def test_being_counted_is_chosen_and_taken_back(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """Off until the owner turns it on; a hub that moved goes on counting."""
    before = followed(hub)
    del before["data"]["counted"]  # as it was kept by an earlier version
    entry = await add_home(before)
    [kept] = entry.get_subentries_of_type("portal")
    result = await entry.start_subentry_reconfigure_flow(hass, kept.subentry_id)  # type: ignore[attr-defined]
    assert default(result, "counted") is False
    [portal] = read_settings(entry, ZoneInfo("UTC")).portals
    assert portal.counted is False
    for counted in (True, False):
        result = await answer(hass, result, label="Ours", url=hub.url, counted=counted)
        assert result["reason"] == "reconfigure_successful"
        [portal] = read_settings(entry, ZoneInfo("UTC")).portals
        assert portal.counted is counted
        result = await entry.start_subentry_reconfigure_flow(hass, kept.subentry_id)  # type: ignore[attr-defined]
        assert default(result, "counted") is counted
    assert hub.seen == []


async def test_another_hub_is_not_taken_for_it(
    hass: HomeAssistant, add_home: AddHome, hub: StandInHub
) -> None:
    """It would have to be added, and its words compared."""
    entry = await add_home(followed(hub, url="https://old.example", hub="k" * 43))
    result = await change(hass, entry, label="", url=hub.url, counted=False)
    assert result["errors"] == {"label": "title_empty", "url": "hub_other"}
    result = await answer(
        hass, result, label="Ours", url="http://127.0.0.1:9", counted=False
    )
    assert result["errors"] == {"url": "hub_unreachable"}
    [kept] = entry.get_subentries_of_type("portal")
    assert kept.data["url"] == "https://old.example"


# --- where a hub has answers kept

STORE = "http://127.0.0.1:8333"


@pytest.fixture
def storing(hub: StandInHub) -> StandInHub:
    """Return the hub, with a store in a private network."""
    hub.change_info["storage"] = STORE
    return hub


async def test_a_private_store_is_confirmed_with_its_hub(
    hass: HomeAssistant, add_home: AddHome, storing: StandInHub
) -> None:
    """It is shown, and then it can be sent to."""
    entry = await add_home()
    result = await answer(hass, await begin(hass, entry), url=storing.url)
    assert result["step_id"] == "confirm_private"
    assert result["description_placeholders"]["storage"] == STORE
    await answer(hass, result, label="Our street", same=True)
    [kept] = entry.get_subentries_of_type("portal")
    assert kept.data["storage"] == STORE
    settings = read_settings(entry, ZoneInfo("UTC"))
    assert read_storage_origins(settings) == {("127.0.0.1", 8333)}


@pytest.mark.parametrize("private", [True, False])
async def test_a_store_of_a_hub_in_the_open_internet(
    hass: HomeAssistant,
    add_home: AddHome,
    hub: StandInHub,
    monkeypatch: pytest.MonkeyPatch,
    private: bool,
) -> None:
    """A public store is shown; of a private one is warned, though the hub is public."""
    admits = Door._admits

    def hub_is_public(self: Door, target: Target) -> bool:
        here = target.origin == parse_target(hub.url).origin
        return False if here else admits(self, target)

    monkeypatch.setattr(Door, "_admits", hub_is_public)
    hub.change_info["storage"] = STORE if private else "https://s3.example"
    entry = await add_home()
    result = await answer(hass, await begin(hass, entry), url=hub.url)
    assert result["step_id"] == ("confirm_private" if private else "confirm")
    assert result["description_placeholders"]["storage"] == hub.change_info["storage"]
    await answer(hass, result, label="Our street", same=True)
    [kept] = entry.get_subentries_of_type("portal")
    assert kept.data["storage"] == (STORE if private else None)
    assert kept.data["private"] is False


@pytest.mark.parametrize("taken", [True, False])
async def test_a_private_store_that_came_later(
    hass: HomeAssistant, add_home: AddHome, storing: StandInHub, taken: bool
) -> None:
    """The owner has the home look, sees which it is, and says yes or no."""
    before = followed(storing)
    del before["data"]["storage"]  # as it was kept by an earlier version
    entry = await add_home(before)
    typed = {"label": "Ours", "url": storing.url, "counted": True}
    result = await change(hass, entry, **typed, look=True)
    assert result["step_id"] == "storage"
    assert result["description_placeholders"] == {"storage": STORE}
    result = await answer(hass, result, store_taken=taken)
    assert result["reason"] == "reconfigure_successful"
    [kept] = entry.get_subentries_of_type("portal")
    wanted = STORE if taken else None
    assert kept.data == followed(storing, counted=True, storage=wanted)["data"]
    if taken:  # it is not asked about again
        result = await change(hass, entry, **typed, look=True)
        assert result["reason"] == "reconfigure_successful"
