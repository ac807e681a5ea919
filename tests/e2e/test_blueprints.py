"""The blueprints in a real Home Assistant, made into automations as the editor does."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import json
from pathlib import Path
import shutil
from typing import Any, Final
from urllib.parse import unquote_plus

import aiohttp
import pytest
import pytest_asyncio
import pytest_socket

from script.demo_world import panel, story
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import HomeAssistant
from script.demo_world.phones_client import Push
from script.demo_world.world import World, running_world, yesterday

ROOT: Final = Path(__file__).parent.parent.parent
BLUEPRINTS: Final = ROOT / "blueprints" / "automation" / "clip_consent"
HOSTILE: Final = "{{ states('sun.sun') }}<img src=x onerror=alert(1)>"
SHARE: Final = "Answering is voluntary, and nobody can see a refusal."
CONFIGURATION: Final = """
automation: !include automations.yaml
scene:
things:
"""
MANIFEST: Final = {
    "domain": "things",
    "name": "A lamp, a voice and a speaker",
    "codeowners": [],
    "dependencies": ["light", "media_player", "tts"],
    "documentation": "https://example.org",
    "iot_class": "calculated",
    "requirements": [],
    "version": "1.0.0",
}
THINGS: Final = '''
"""What the automations act on; each keeps what it was told."""

from homeassistant.components import light, media_player, tts


class Lamp(light.LightEntity):
    entity_id = "light.lamp"
    _attr_should_poll = False
    _attr_is_on = True
    _attr_color_mode = light.ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {light.ColorMode.BRIGHTNESS}

    def __init__(self):
        self._attr_extra_state_attributes = {"seen": ""}

    def _shine(self, on):
        self._attr_is_on = on
        seen = self._attr_extra_state_attributes["seen"] + ("1" if on else "0")
        self._attr_extra_state_attributes = {"seen": seen}
        self.async_write_ha_state()

    async def async_turn_on(self, **kwargs):
        self._shine(True)

    async def async_turn_off(self, **kwargs):
        self._shine(False)


class Voice(tts.TextToSpeechEntity):
    entity_id = "tts.voice"
    _attr_default_language = "en"
    _attr_supported_languages = ["en"]


class Speaker(media_player.MediaPlayerEntity):
    entity_id = "media_player.speaker"
    _attr_should_poll = False
    _attr_state = media_player.MediaPlayerState.IDLE
    _attr_supported_features = media_player.MediaPlayerEntityFeature.PLAY_MEDIA

    async def async_play_media(self, media_type, media_id, **kwargs):
        self._attr_state = media_player.MediaPlayerState.PLAYING
        self._attr_extra_state_attributes = {"said": media_id}
        self.async_write_ha_state()


async def async_setup(hass, config):
    for component, thing in (
        (light.DATA_COMPONENT, Lamp()),
        (tts.DATA_COMPONENT, Voice()),
        (media_player.DATA_COMPONENT, Speaker()),
    ):
        await hass.data[component].async_add_entities([thing])
    return True
'''


def _furnished(home: HomeAssistant) -> None:
    """Copy the blueprints in, and what they can act on."""
    folder = home.folder / "blueprints" / "automation" / "clip_consent"
    shutil.copytree(BLUEPRINTS, folder)
    (home.folder / "automations.yaml").write_text("[]\n", encoding="utf-8")
    things = home.folder / "custom_components" / "things"
    things.mkdir()
    (things / "__init__.py").write_text(THINGS, encoding="utf-8")
    (things / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    with (home.folder / "configuration.yaml").open("a", encoding="utf-8") as file:
        file.write(CONFIGURATION)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def furnished(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> AsyncGenerator[World]:
    """Return a world of its own: its automations would act in those of the others."""
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("furnished")
    media = pytestconfig.rootpath / ".demo" / "recordings"
    async with running_world(
        folder, media, yesterday(), prepared=_furnished
    ) as running:
        yield running


async def _state(
    owner: HomeAssistantClient,
    entity_id: str,
    wanted: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> dict[str, Any]:
    """Return an entity's state once it is there, and as wanted."""
    state: dict[str, Any] = {}
    for _ in range(300):
        states = await owner.call("GET", "/api/states")
        found = [one for one in states if one["entity_id"] == entity_id]
        if found and wanted(state := found[0]):
            return state
        await asyncio.sleep(0.2)
    pytest.fail(f"{entity_id} is {state}")


async def _automate(owner: HomeAssistantClient, name: str, **inputs: object) -> None:
    """Save an automation of a blueprint, as the editor does; wait until it is on."""
    made = {
        "alias": name,
        "use_blueprint": {"path": f"clip_consent/{name}.yaml", "input": inputs},
    }
    await owner.call("POST", f"/api/config/automation/config/{name}", made)
    await _state(owner, f"automation.{name}", lambda one: one["state"] == "on")


async def test_each_blueprint_does_what_it_says(
    furnished: World, session: aiohttp.ClientSession
) -> None:
    """Two by a request that comes, two by their own trigger; none says a word of theirs."""
    owner = await furnished.owner(session)
    phones = furnished.phones(session)
    house = await story.move_in(furnished, session, 10)
    iphone = house.iphone.phone_id
    tell = "notify.sams_iphone"
    await _state(owner, tell)
    await _automate(owner, "flash_a_light", lights=["light.lamp"], flashes=1)
    await _automate(
        owner,
        "announce_on_a_speaker",
        speakers=["media_player.speaker"],
        voice="tts.voice",
        **{"from": "00:00:00", "to": "00:00:00"},
    )
    # a request that has just come in is open for a week
    await _automate(owner, "remind_before_expiry", tell=[tell], hours=169)
    await _automate(
        owner,
        "weekly_summary",
        tell=[tell],
        waiting="sensor.clip_consent_waiting_requests",
        shared="sensor.clip_consent_shared_this_month",
    )

    case_id = await panel.enter_request(
        owner, furnished.recordings.one_camera, name=HOSTILE[:60], text=HOSTILE
    )
    await story.push_for(phones, iphone, case_id, "Review")
    lamp = await _state(
        owner, "light.lamp", lambda one: one["attributes"]["seen"] == "101"
    )
    assert lamp["state"] == "on"  # as it was before
    speaker = await _state(
        owner, "media_player.speaker", lambda one: one["state"] == "playing"
    )
    said = unquote_plus(speaker["attributes"]["said"])
    assert f"Somebody asks for camera footage. {SHARE}" in said

    for name, begin in (
        ("remind_before_expiry", "Requests for footage that still wait for you: 1."),
        ("weekly_summary", "Requests waiting for you: 1. Clips shared this month: 0."),
    ):
        due = {"entity_id": f"automation.{name}", "skip_condition": False}
        await owner.action("automation", "trigger", due)

        def is_it(push: Push, begin: str = begin) -> bool:
            return push.message.startswith(begin)

        push = await phones.wait_for(iphone, is_it)
        assert push.message.endswith(SHARE)
        assert push.buttons == []
    everything = json.dumps([lamp, speaker, await phones.raw_pushes(iphone)])
    assert "onerror" not in everything
    assert "sun.sun" not in everything
    assert furnished.home.faults() == []
