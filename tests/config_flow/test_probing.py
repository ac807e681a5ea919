"""What the forms look around for: phones, folders, our own address."""

from pathlib import Path
from unittest.mock import Mock

from homeassistant.auth.models import User
from homeassistant.components.cloud.const import DATA_CLOUD
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers.http import current_request
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.base.links import PublicUrl
from custom_components.clip_consent.home.probing import (
    async_probe_folder,
    async_suggest_cameras,
    async_time_zones,
    invite_url,
    phones_of,
)

from .conftest import AddPhone, AddRecordings

PATH = "/api/clip_consent/ask/token"


@pytest.fixture
def set_up(hass: HomeAssistant) -> None:
    """Have Home Assistant's address known."""
    hass.config.api = Mock(use_ssl=False, local_ip="192.168.1.2", port=8123)


@pytest.fixture
def cloud(hass: HomeAssistant) -> Mock:
    """Be logged in to Home Assistant Cloud, with remote access on."""
    cloud = Mock()
    cloud.is_logged_in = True
    cloud.client.prefs.remote_enabled = True
    cloud.remote.instance_domain = "abc.ui.nabu.casa"
    hass.data[DATA_CLOUD] = cloud
    hass.config.components.add("cloud")
    return cloud


def test_phones_of_one_user(
    hass: HomeAssistant, sam: User, kim: User, add_phone: AddPhone
) -> None:
    """By name; a secret without the word for it, or the word without one, is none."""
    iphone = add_phone(sam, "sam's iPhone")
    pixel = add_phone(sam, "Pixel", encrypted=False, os="Android")
    add_phone(kim, "Kim's iPhone")
    half = MockConfigEntry(
        domain="mobile_app",
        title="Half",
        data={"user_id": "sam", "supports_encryption": True},
    )
    half.add_to_hass(hass)
    off = MockConfigEntry(
        domain="mobile_app",
        data={"user_id": "sam"},
        disabled_by=ConfigEntryDisabler.USER,
    )
    off.add_to_hass(hass)
    found = [(one.name, one.entry_id, one.encrypted) for one in phones_of(hass, "sam")]
    assert found == [
        ("Half", half.entry_id, False),
        ("Pixel", pixel, False),
        ("sam's iPhone", iphone, True),
    ]
    assert phones_of(hass, "nobody") == []


@pytest.mark.usefixtures("set_up")
def test_invite_url_from_outside(hass: HomeAssistant) -> None:
    """The address that the owner entered, be it a plain number."""
    for base in ("https://home.example", "http://203.0.113.5:8123"):
        hass.config.external_url = base
        hass.config.internal_url = "http://home.local:8123"
        url = PublicUrl(url=f"{base}{PATH}", external=True)
        assert invite_url(hass, "token") == url


@pytest.mark.usefixtures("set_up")
def test_invite_url_through_the_cloud(hass: HomeAssistant, cloud: Mock) -> None:
    """It needs no set-up of routers and names, so it is preferred while it is on."""
    hass.config.external_url = "https://home.example"
    through_cloud = f"https://abc.ui.nabu.casa{PATH}"
    assert invite_url(hass, "token") == PublicUrl(url=through_cloud, external=True)
    cloud.client.prefs.remote_enabled = False
    outside = f"https://home.example{PATH}"
    assert invite_url(hass, "token") == PublicUrl(url=outside, external=True)


@pytest.mark.usefixtures("set_up", "cloud")
def test_invite_url_of_the_cloud_alone(hass: HomeAssistant) -> None:
    """Remote access is enough."""
    through_cloud = f"https://abc.ui.nabu.casa{PATH}"
    assert invite_url(hass, "token") == PublicUrl(url=through_cloud, external=True)


@pytest.mark.usefixtures("set_up")
def test_invite_url_within(hass: HomeAssistant) -> None:
    """The local address: the one entered, else the one found."""
    hass.config.internal_url = "http://home.local:8123"
    entered = f"http://home.local:8123{PATH}"
    assert invite_url(hass, "token") == PublicUrl(url=entered, external=False)
    hass.config.internal_url = None
    found = f"http://192.168.1.2:8123{PATH}"
    assert invite_url(hass, "token") == PublicUrl(url=found, external=False)


def test_invite_url_by_the_owners_own_way_in(hass: HomeAssistant) -> None:
    """Where nothing is entered, the browser tells how it came here."""
    hass.config.api = Mock(use_ssl=True, local_ip="192.168.1.2", port=8123)
    assert invite_url(hass, "token") == PublicUrl(url=PATH, external=False)
    token = current_request.set(Mock(headers={"Host": "localhost:8123"}))
    try:
        url = f"https://localhost:8123{PATH}"
        assert invite_url(hass, "token") == PublicUrl(url=url, external=False)
    finally:
        current_request.reset(token)


async def test_suggestions_have_a_label(
    hass: HomeAssistant, add_recordings: AddRecordings
) -> None:
    """Name, place, number and an example's time on the home's clock."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    folder = add_recordings("frigate/recordings", "2024-06-01/18/front_door/30.15.mp4")
    (found,) = await async_suggest_cameras(hass)
    assert (found.name, found.source["camera"]) == ("Front door", "front_door")
    # Frigate writes UTC.
    assert found.label == (
        f"Front door: {folder} · 2024-06-01/18/front_door/30.15.mp4"
        " (UTC) → 2024-06-01 20:30:15"
    )


async def test_a_suggestion_with_an_impossible_date(
    hass: HomeAssistant, add_recordings: AddRecordings
) -> None:
    """No time is read from the 31st of a short month, and none is shown."""
    folder = add_recordings("drive", "2024-06-31_18-00-00.mp4")
    (found,) = await async_suggest_cameras(hass)
    assert found.label == f"Drive: {folder} · 2024-06-31_18-00-00.mp4"


async def test_no_suggestions(hass: HomeAssistant, media: Path) -> None:
    """An empty media folder is no error."""
    assert await async_suggest_cameras(hass) == []


async def test_probe_measures_the_example(
    hass: HomeAssistant, add_recordings: AddRecordings
) -> None:
    """The film itself tells where it ends, whatever it is packed in."""
    assert await async_setup_component(hass, "ffmpeg", {})
    folder = add_recordings("drive", "2024-06-01_18-00-00.mp4")
    check = await async_probe_folder(
        hass, {"folder": str(folder), "naming": "automatic", "time_zone": "UTC"}
    )
    assert (check.error, check.warning, check.files) == (None, None, 1)
    assert check.starts_at and check.ends_at
    assert (check.ends_at - check.starts_at).total_seconds() == 1


async def test_time_zones(hass: HomeAssistant) -> None:
    """They come sorted."""
    zones = await async_time_zones(hass)
    assert zones == sorted(zones)
    assert {"UTC", "Asia/Kathmandu"} <= set(zones)
