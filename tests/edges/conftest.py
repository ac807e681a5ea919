"""A home in a Home Assistant of the test harness: real store, media and panel files."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.core.rules import READY_MADE
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.hub.manager import HubManager
from tests.films import make_film

from .hubs import hub_entry

TOKEN = "q2w3e4r5t6y7u2i3o4p5a6s7d2"
HOSTILE = (
    "<img src=x onerror=alert(1)> {{ states('sun.sun') }} [x](http://evil.example)"
)
FILM_START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two minutes of film."""
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 120)


@pytest.fixture
def approver(hass: HomeAssistant, hass_admin_user: MockUser) -> MockUser:
    """Return the user who may approve: the one that the clients log in as."""
    return hass_admin_user


@pytest.fixture
def recordings(tmp_path: Path, film: Path) -> Path:
    """Return a folder with one recording of the last hour."""
    folder = tmp_path / "recordings"
    name = f"{FILM_START:%Y-%m-%d/%H-%M-%S}.mp4"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_bytes(film.read_bytes())
    import os

    moment = (FILM_START + timedelta(minutes=2)).timestamp()
    os.utime(folder / name, (moment, moment))
    return folder


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    tmp_path: Path,
    recordings: Path,
    approver: MockUser,
    socket_enabled: None,
) -> AsyncIterator[MockConfigEntry]:
    """Return a home that is set up, in a configuration folder of its own."""
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir()
    assert await async_setup_component(hass, "http", {})
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="home",
        title="Clip Consent",
        options={"undo_panel": 1, "undo_push": 1},
        subentries_data=_subentries(approver.id, recordings),
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield entry
    if hass.config_entries.async_get_entry(entry.entry_id):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
async def place(hass: HomeAssistant, tmp_path: Path, socket_enabled: None) -> Path:
    """Return a configuration folder of this test's own."""
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir(exist_ok=True)
    assert await async_setup_component(hass, "http", {})
    return tmp_path / "config"


@pytest.fixture
async def hub_home(
    hass: HomeAssistant, place: Path, approver: MockUser
) -> AsyncIterator[MockConfigEntry]:
    """Return the entry of a hub that has started."""
    entry = hub_entry(approver.id)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield entry
    if hass.config_entries.async_get_entry(entry.entry_id):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
def hub(hub_home: MockConfigEntry) -> HubManager:
    """Return the hub's manager."""
    manager: HubManager = hub_home.runtime_data
    return manager


def _subentries(user_id: str, recordings: Path) -> list[ConfigSubentryData]:
    rules = [
        ConfigSubentryData(
            subentry_type="rule", title=made.title, data=made.data, unique_id=None
        )
        for made in READY_MADE
    ]
    return [
        ConfigSubentryData(
            subentry_type="approver",
            title="Sam",
            unique_id=user_id,
            data={"user_id": user_id, "phones": [], "one_tap": [], "hide_details": []},
        ),
        ConfigSubentryData(
            subentry_type="camera",
            title="Driveway",
            unique_id=None,
            data={
                "entity_id": "camera.driveway",
                "place": "outdoor",
                "offered": True,
                "source_kind": "folder",
                "source": {
                    "folder": str(recordings),
                    "naming": "motioneye",
                    "pattern": "",
                    "time_zone": "UTC",
                    "name_is": "start",
                },
                "location": {"latitude": 52.10134, "longitude": 4.30225},
                "bearing": 270,
            },
        ),
        *rules,
        ConfigSubentryData(
            subentry_type="invite",
            title="Anna next door",
            unique_id=TOKEN,
            data={
                "kind": "personal",
                "token": TOKEN,
                "cameras": [],
                "expires": None,
                "per_day": 5,
            },
        ),
    ]


@pytest.fixture
def manager(entry: MockConfigEntry) -> HomeManager:
    """Return the home's manager."""
    manager: HomeManager = entry.runtime_data
    return manager


@pytest.fixture
def key() -> x25519.Identity:
    """Return a requester's key."""
    return x25519.Identity.generate()


@pytest.fixture
def body(key: x25519.Identity) -> dict[str, object]:
    """Return what the public form sends, with hostile words."""
    start = FILM_START + timedelta(seconds=20)
    return {
        "version": 1,
        "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{start + timedelta(seconds=60):%Y-%m-%dT%H:%M:%SZ}",
        "text": HOSTILE,
        "name": HOSTILE[:60],
        "kind": "neighbour",
        "recipient": str(key.to_public()),
    }


@pytest.fixture
def waiting(hass: HomeAssistant, manager: HomeManager) -> Callable[[], Awaitable[Case]]:
    """Return a wait for the one case that an approver can answer."""

    async def wait() -> Case:
        import asyncio

        for _ in range(400):
            cases = [c for c in manager.reading.open_cases() if c.offer]
            if cases:
                return cases[0]
            await asyncio.sleep(0.05)
        raise AssertionError(manager.reading.open_cases())

    return wait
