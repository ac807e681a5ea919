"""Automations made of our blueprints, and real things for them to act on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
import shutil
from typing import Any, Final, override

from homeassistant.components import automation, light, media_player, notify, tts
from homeassistant.components.blueprint import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import script
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.world import SystemClock
from tests.interfaces import ROOT

from .acting import offered, until
from .conftest import HOSTILE, TOKEN

FOLDER: Final = ROOT / "blueprints" / "automation" / "clip_consent"
FILES: Final = sorted(FOLDER.glob("*.yaml"))
AUTOMATION: Final = "automation.ours"
HOUR: Final = timedelta(hours=1)
ANSWERING: Final = "Answering is voluntary, and nobody can see a refusal."
# Where Home Assistant tells what an automation could not do, or only in part.
_RUNNING: Final = (
    *("homeassistant.components.automation", "homeassistant.components.blueprint"),
    *("homeassistant.components.homeassistant", "homeassistant.helpers"),
)

type Data = dict[str, Any]
type Called = list[tuple[str, Data]]
type Ask = Callable[[], Awaitable[Case]]
type Automate = Callable[..., Awaitable[None]]


def blueprint(path: Path) -> Blueprint:
    """Return a blueprint as Home Assistant reads it."""
    data = yaml_util.load_yaml_dict(path)
    return Blueprint(
        data, path=path.name, expected_domain="automation", schema=BLUEPRINT_SCHEMA
    )


def actions_in(part: Any) -> Iterator[str]:
    """Yield the actions that a part of an automation calls, wherever in it."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("action", "service") and isinstance(value, str):
                yield value
            else:
                yield from actions_in(value)
    elif isinstance(part, list):
        for each in part:
            yield from actions_in(each)


def parts(found: Any) -> Iterator[dict[str, Any]]:
    """Yield the mappings in a part of an automation, it itself first."""
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from parts(value)
    elif isinstance(found, list):
        for value in found:
            yield from parts(value)


def named(part: Any, key: str) -> set[str]:
    """Return what stands under a key, wherever in an automation."""
    return {found[key] for found in parts(part) if isinstance(found.get(key), str)}


@pytest.fixture
async def automate(hass: HomeAssistant) -> AsyncIterator[Automate]:
    """Return what sets up an automation of a blueprint, as the editor saves it."""

    async def set_up(name: str, **inputs: Any) -> None:
        folder = Path(hass.config.path("blueprints", "automation", "clip_consent"))
        shutil.copytree(FOLDER, folder)
        made = {
            "id": "ours",
            "alias": "ours",
            "use_blueprint": {"path": f"clip_consent/{name}.yaml", "input": inputs},
        }
        assert await async_setup_component(hass, "scene", {})
        config = {automation.DOMAIN: [made]}
        assert await async_setup_component(hass, automation.DOMAIN, config)
        await hass.async_block_till_done()
        state = hass.states.get(AUTOMATION)
        assert state
        assert state.state == "on"

    yield set_up
    await hass.services.async_call(
        automation.DOMAIN, "turn_off", {"entity_id": AUTOMATION}, blocking=True
    )


class Moments:
    """What time it is for the home and for what runs in it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin as late as it is."""
        self._by = timedelta()
        monkeypatch.setattr(SystemClock, "now", lambda _: self._now())
        # When an automation ran last, which it shows and finds the next time.
        monkeypatch.setattr(script, "utcnow", self._now)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._by

    async def come(self, hass: HomeAssistant, moment: datetime) -> None:
        """Let it be that moment: what is due by then runs, and runs to its end."""
        self._by = moment - datetime.now(UTC)
        async_fire_time_changed(hass, moment)
        await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> Moments:
    """Return the clock."""
    return Moments(monkeypatch)


class Lamp(light.LightEntity):
    """A lamp that does what it is told, and keeps it."""

    _attr_should_poll = False
    _attr_color_mode = light.ColorMode.BRIGHTNESS
    _attr_supported_color_modes = frozenset({light.ColorMode.BRIGHTNESS})

    def __init__(self, name: str, *, brightness: int = 0, here: bool = True) -> None:
        """Begin with it on, off, or out of reach."""
        self.entity_id = f"light.{name}"
        self._attr_is_on = brightness > 0
        self._attr_brightness = brightness or None
        self._attr_available = here
        self.seen: list[int] = []

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Shine."""
        self._attr_is_on = True
        self._attr_brightness = kwargs.get("brightness", self._attr_brightness)
        self.seen.append(self._attr_brightness or 0)
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Stop shining."""
        self._attr_is_on = False
        self.seen.append(0)
        self.async_write_ha_state()


class Phone(notify.NotifyEntity):
    """A phone that shows what it is sent."""

    _attr_supported_features = notify.NotifyEntityFeature.TITLE

    def __init__(self, name: str = "phone") -> None:
        """Begin with nothing on it."""
        self.entity_id = f"notify.{name}"
        self.shown: list[tuple[str | None, str]] = []

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Show it."""
        self.shown.append((title, message))


class Speaker(media_player.MediaPlayerEntity):
    """A speaker that plays what it is given."""

    _attr_should_poll = False
    _attr_state = media_player.MediaPlayerState.IDLE
    _attr_supported_features = media_player.MediaPlayerEntityFeature.PLAY_MEDIA

    def __init__(self, name: str) -> None:
        """Begin silent."""
        self.entity_id = f"media_player.{name}"
        self.played: list[str] = []

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: Any
    ) -> None:
        """Play it."""
        self.played.append(media_id)


class Voice(tts.TextToSpeechEntity):
    """A voice that speaks English."""

    _attr_default_language = "en"
    _attr_supported_languages: Final = ["en"]
    entity_id = "tts.voice"


_COMPONENTS: Final = {
    "light": light.DATA_COMPONENT,
    "notify": notify.DATA_COMPONENT,
    "media_player": media_player.DATA_COMPONENT,
    "tts": tts.DATA_COMPONENT,
}


async def own(hass: HomeAssistant, *things: Entity) -> None:
    """Put things into the home."""
    for thing in things:
        domain = thing.entity_id.split(".")[0]
        assert await async_setup_component(hass, domain, {})
        await hass.data[_COMPONENTS[domain]].async_add_entities([thing])
    await hass.async_block_till_done()


@pytest.fixture
def called(hass: HomeAssistant) -> Called:
    """Return what is called from here on: actions and their data."""
    calls: Called = []

    @callback
    def keep(event: Event) -> None:
        data = event.data
        calls.append((f"{data['domain']}.{data['service']}", data["service_data"]))

    hass.bus.async_listen(EVENT_CALL_SERVICE, keep)
    return calls


@pytest.fixture
def smooth(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """See that a test logs no error, and no automation a warning."""
    yield
    for record in caplog.get_records("call"):
        assert record.levelno < logging.ERROR, record.getMessage()
        if record.name.startswith(_RUNNING):
            assert record.levelno < logging.WARNING, record.getMessage()


@pytest.fixture
def ask(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
) -> Ask:
    """Return a stranger who asks by the invite, in hostile words, until it waits."""

    async def come() -> Case:
        stranger = await hass_client_no_auth()
        before = {case.case_id for case in manager.reading.open_cases()}
        sent = {**body, "recipient": str(x25519.Identity.generate().to_public())}
        response = await stranger.post(f"/api/clip_consent/ask/{TOKEN}", json=sent)
        assert response.status == 202
        [new] = await until(
            lambda: [
                case.case_id
                for case in manager.reading.open_cases()
                if case.case_id not in before
            ]
        )
        case = await offered(manager, new)
        await hass.async_block_till_done()
        return case

    return come


def unheard(called: Called) -> None:
    """See that nothing that was called holds a word of the requester's."""
    assert called
    for word in (HOSTILE[:20], "onerror", "evil.example", "{{", "<img"):
        assert word not in str(called)
