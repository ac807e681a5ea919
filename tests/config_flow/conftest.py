"""A Home Assistant with people, phones and recordings, before Clip Consent is there."""

from collections.abc import Awaitable, Callable, Generator
import os
from pathlib import Path
import time
from typing import Any
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.home import suggesting
from tests.films import make_film

from .translated import ENGLISH, missing_words

type AddHome = Callable[..., Awaitable[MockConfigEntry]]
type AddPhone = Callable[..., str]
type AddRecordings = Callable[..., Path]


@pytest.fixture(autouse=True)
def no_set_up(request: pytest.FixtureRequest, hass: HomeAssistant) -> Generator[None]:
    """Leave out what comes after the forms, but where a test asks for it."""
    if "real_set_up" in request.fixturenames:
        yield
        return
    for component in ("frontend", "panel_custom"):
        hass.config.components.add(component)
    package = f"custom_components.{DOMAIN}"
    with (
        patch(f"{package}.async_setup_entry", return_value=True),
        patch(f"{package}.async_unload_entry", return_value=True),
    ):
        yield


@pytest.fixture(autouse=True)
def all_in_words(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> Generator[None]:
    """Check that every step that a test sees is there in words."""
    missing: list[str] = []

    def watch(manager: FlowManager[Any, Any, Any]) -> None:
        for name in ("async_init", "async_configure"):
            call = getattr(manager, name)

            async def watched(*args: Any, call: Any = call, **kwargs: Any) -> Any:
                result = await call(*args, **kwargs)
                if texts := _texts(hass, result["handler"]):
                    missing.extend(missing_words(result, texts))
                return result

            monkeypatch.setattr(manager, name, watched)

    entries = hass.config_entries
    for manager in (entries.flow, entries.options, entries.subentries):
        watch(manager)
    yield
    assert missing == []


def _texts(hass: HomeAssistant, handler: str | tuple[str, str]) -> Any:
    """Return the texts of a flow of ours: of the entry, its options or a subentry."""
    if isinstance(handler, tuple):
        return ENGLISH["config_subentries"][handler[1]]
    if handler == DOMAIN:
        return ENGLISH["config"]
    return ENGLISH["options"] if hass.config_entries.async_get_entry(handler) else None


@pytest.fixture
def real_set_up() -> None:
    """Let the integration start for real."""


@pytest.fixture
def sam(hass: HomeAssistant) -> User:
    """Return the home's owner."""
    return MockUser(id="sam", name="Sam", is_owner=True).add_to_hass(hass)


@pytest.fixture
def kim(hass: HomeAssistant) -> User:
    """Return somebody else who lives here."""
    return MockUser(id="kim", name="Kim").add_to_hass(hass)


@pytest.fixture
def add_home(hass: HomeAssistant) -> AddHome:
    """Return how to add the home's entry with some subentries."""

    async def add(*subentries: dict[str, Any]) -> MockConfigEntry:
        entry = MockConfigEntry(
            domain=DOMAIN,
            unique_id="home",
            title="Clip Consent",
            subentries_data=[{"unique_id": None, **one} for one in subentries],
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        return entry

    return add


@pytest.fixture
def add_phone(hass: HomeAssistant) -> AddPhone:
    """Return how to register a phone; it returns the config entry's id."""

    def add(user: User, name: str, *, encrypted: bool = True, os: str = "iOS") -> str:
        data = {
            "user_id": user.id,
            "device_name": name,
            "os_name": os,
            "supports_encryption": encrypted,
            "webhook_id": f"webhook {name}",
        }
        if encrypted:
            data["secret"] = "5ec2e7"
        entry = MockConfigEntry(domain="mobile_app", title=name, data=data)
        entry.add_to_hass(hass)
        return entry.entry_id

    return add


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a film of one second."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return make_film(path, 1, size="64x48", rate=5).read_bytes()


@pytest.fixture
def media(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the media folder, empty."""
    monkeypatch.setattr(suggesting, "SHARE", tmp_path / "share")
    folder = tmp_path / "media"
    folder.mkdir()
    hass.config.media_dirs = {"local": str(folder)}
    return folder


@pytest.fixture
def add_recordings(media: Path, recording: bytes) -> AddRecordings:
    """Return how to record into a folder below the media folder."""

    def add(
        folder: str, *names: str, content: bytes = recording, age: float = 3600
    ) -> Path:
        place = media / folder
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            then = time.time() - age
            os.utime(path, (then, then))
        return place

    return add


@pytest.fixture
def outside(hass: HomeAssistant) -> str:
    """Give the home an address that works from outside."""
    hass.config.external_url = "https://home.example"
    return hass.config.external_url
