"""Asking neighbours from a real Home Assistant: action, panel, clips."""

from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pyrage
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.core.models import RequesterKind
from custom_components.clip_consent.core.portal_items import read_area
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.portals.hub_follower import HubFollower
from tests.interfaces import example, unlike
from tests.portal.foreign import package
from tests.portal.standin import StandInHub, public_request

from .acting import Panel, act, login, other_admin, plain_user, until
from .conftest import FILM_START
from .test_hub_followed import follow, hub

__all__ = ["hub"]  # a fixture, used by name

ASKED: Final = {
    "start": (FILM_START - timedelta(minutes=30)).isoformat(),
    "end": FILM_START.isoformat(),
    "title": "Bicycle gone",
    "text": "A red one",
}
DELIVERY: Final = "t2u3v4w5x6y7z2a3b4c5d6e7f2"


@pytest.fixture
async def follower(
    hass: HomeAssistant, entry: MockConfigEntry, hub: StandInHub
) -> HubFollower:
    """Return who follows a hub that takes requests of neighbours."""
    follower = await follow(hass, entry, hub)
    await follower.async_poll()
    await follower.async_settled()
    return follower


def desk(entry: MockConfigEntry) -> Any:
    """Return what neighbours are asked at, as it is now."""
    manager: HomeManager = entry.runtime_data
    return manager.neighbours


async def answered(
    entry: MockConfigEntry, hub: StandInHub, follower: HubFollower
) -> str:
    """Publish what was asked, deliver a clip, and return the request's id."""
    [own] = await desk(entry).async_all(None)
    said = hub.submitted[-1]
    item = public_request(
        id=own.item_id,
        kind=RequesterKind.NEIGHBOUR,
        contact="",
        case_number="",
        title=said["title"],
        text=said["text"],
        area=read_area(said["area"]),
        recipient=said["recipient"],
        window=own.window,
        now=hub.now(),
    )
    hub.publish(item)
    manifest = {
        "version": 1,
        "kind": "clip",
        "request_id": own.item_id,
        "content": {"name": "clip.mp4", "media_type": "text/html"},
    }
    tar = package.packed(manifest, b"<script>", Ed25519PrivateKey.generate())
    to = x25519.Recipient.from_str(said["recipient"])
    hub.delivered[DELIVERY] = pyrage.encrypt(package.padded(tar), [to])
    await follower.async_poll()
    await follower.async_settled()
    await desk(entry).asked.fetching.async_idle()
    return str(own.request_id)


async def test_an_automation_asks(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    follower: HubFollower,
) -> None:
    """The answer has the published form; what goes out has no place but the grid's."""
    said = await act(hass, "ask_neighbours", **ASKED)
    assert list(unlike(example("ask_neighbours_response"), said)) == []
    assert said["state"] == "waiting"
    area = {"kind": "circle", "latitude": 52.52, "longitude": 13.4, "radius": 400.0}
    assert hub.submitted[-1]["area"] == area
    there = {"camera_id": "Driveway", "portal": "Our street"}
    with pytest.raises(HomeAssistantError) as caught:  # that camera is in another town
        await act(hass, "ask_neighbours", **ASKED, **there)
    assert caught.value.translation_key == "area_outside_hub"
    assert len(hub.submitted) == 1
    elsewhere = {"latitude": 52.5237, "longitude": 13.4061, "radius": 250}
    await act(hass, "ask_neighbours", **ASKED, area=elsewhere)
    area = {"kind": "circle", "latitude": 52.525, "longitude": 13.405, "radius": 250.0}
    assert hub.submitted[-1]["area"] == area


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"area": {"latitude": 52.5, "longitude": 13.4, "radius": 300}}, "area_twice"),
        ({"portal": "Theirs"}, "no_hub_to_ask"),
        ({"radius": 20}, "area_too_small"),
        ({"title": " "}, "title_blank"),
        ({"camera_id": "no camera"}, "camera_not_found"),
    ],
)
async def test_what_is_wrong_is_said(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    follower: HubFollower,
    more: dict[str, Any],
    code: str,
) -> None:
    """And nothing goes out."""
    camera = {"camera_id": "Driveway"} if code == "area_twice" else {}
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "ask_neighbours", **{**ASKED, **camera, **more})
    assert caught.value.translation_key == code
    assert hub.submitted == []
    user = await plain_user(hass)
    with pytest.raises(HomeAssistantError) as refused:
        await act(hass, "ask_neighbours", user.id, **{**ASKED, **more})
    assert refused.value.translation_key in ("not_approver", "area_twice")


async def test_a_hub_that_can_be_asked_shows_in_an_open_panel(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """As soon as it said so: after its first slot, and no more when it stops."""
    follower = await follow(hass, entry, hub)
    panel = Panel(await hass_ws_client(hass))
    await panel.result("subscribe")
    assert (await panel.event("snapshot"))["neighbours"] is False
    await follower.async_poll()
    await follower.async_settled()
    await panel.event("neighbours")
    assert len((await panel.result("neighbours"))["hubs"]) == 1
    hub.change_info = {"neighbours_may_ask": False}
    await follower.async_poll()
    await follower.async_settled()
    await panel.event("neighbours")
    assert (await panel.result("neighbours"))["hubs"] == []


async def test_automations_and_the_panel_are_told_what_is_new(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    follower: HubFollower,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """By an entity that is there as long as a hub is followed; a look ends the news."""
    entity_id = "event.clip_consent_answers_of_neighbours"
    waiting = hass.states.get(entity_id)
    assert waiting
    assert waiting.state == "unknown"
    await act(hass, "ask_neighbours", **ASKED)
    request_id = await answered(entry, hub, follower)
    await hass.async_block_till_done()
    state = hass.states.get(entity_id)
    assert state
    assert state.attributes["event_type"] == "answered"
    told = {key: state.attributes[key] for key in example("answer_attributes")}
    assert told == {**example("answer_attributes"), "request_id": request_id}
    panel = Panel(await hass_ws_client(hass))
    assert (await panel.result("neighbours"))["requests"][0]["unseen"] == 1
    await panel.result("see_answers")
    assert (await panel.result("neighbours"))["requests"][0]["unseen"] == 0
    hass.config_entries.async_remove_subentry(entry, follower.portal.portal_id)
    await until(lambda: hass.states.get(entity_id) is None)


async def test_the_panel_asks_and_shows_what_came(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    follower: HubFollower,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """Told of each change; the clip plays by a path of this session, as a clip only."""
    panel = Panel(await hass_ws_client(hass))
    await panel.result("subscribe")
    assert (await panel.event("snapshot"))["neighbours"] is True
    asked = await panel.result("ask_neighbours", **ASKED, radius=400)
    assert asked["request"]["state"] == "waiting"
    await panel.event("neighbours")
    request_id = await answered(entry, hub, follower)
    noted = await panel.result(
        "note_own_request", request_id=request_id, text="A basket"
    )
    [note] = noted["request"]["notes"]
    assert (note["state"], note["text"]) == ("sending", "A basket")
    said = await panel.result("neighbours")
    assert list(unlike(example("neighbours_answer")["hubs"], said["hubs"])) == []
    shown = example("neighbours_answer")["requests"][0]
    [request] = said["requests"]
    [answer] = request["answers"]
    filled = {"video": None, "file": None, "camera": 1, "start": shown["start"]}
    filled |= {"end": shown["end"], "changes": ["x"]}
    assert list(unlike(shown, {**request, "answers": [{**answer, **filled}]})) == []
    home, camera = said["places"]
    assert list(unlike(example("neighbours_answer")["places"][0], home)) == []
    assert (camera["name"], camera["latitude"]) == ("Driveway", 52.1)
    stranger = await hass_client_no_auth()
    response = await stranger.get(answer["video"])
    assert await response.read() == b"<script>"
    assert response.content_type == "video/mp4"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response = await stranger.get(answer["file"])
    assert response.headers["Content-Disposition"] == 'attachment; filename="clip.mp4"'
    bare = answer["video"].partition("?")[0]
    assert (await stranger.get(bare)).status == 404
    assert (await (await hass_client()).get(bare)).status == 200
    guest = await login(hass, await plain_user(hass))
    theirs = await hass_client(guest)
    assert (await theirs.get(bare)).status == 404
    admin = Panel(
        await hass_ws_client(hass, await login(hass, await other_admin(hass)))
    )
    [request] = (await admin.result("neighbours"))["requests"]
    assert request["answers"] == []
    ended = await panel.result("end_own_request", request_id=request_id, how="resolved")
    assert ended["request"]["state"] == "resolved"
    await panel.result("forget_own_request", request_id=request_id)
    assert (await panel.result("neighbours"))["requests"] == []
    response = await stranger.get(answer["video"])
    assert response.status == 404
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert (await stranger.get(answer["video"])).status == 404
