"""A camera on Frigate: which instance, which camera, and what it has recorded."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.clip_consent.home import frigate_probe
from custom_components.clip_consent.home.probing import (
    async_probe_frigate_camera,
    frigate_url,
)
from custom_components.clip_consent.subentry_camera_steps import camera_data
from tests.frigate.standin import NEW, PASSWORD, USER, Row, StandIn, answering

from .conftest import AddHome
from .forms import default, field, shown, suggestion

SECRET = "t0p-5ecret"
NOON = 1_795_435_200.0  # 2026-11-23 12:00 UTC


@pytest.fixture
async def frigate(tmp_path: Path, socket_enabled: None) -> AsyncIterator[StandIn]:
    """Return an instance with two cameras, one of which has recorded an hour."""
    rows = [
        Row(start=NOON + at, end=NOON + at + 10, path=tmp_path / "none")
        for at in range(0, 3600, 10)
    ]
    one = StandIn(folder=tmp_path, version=NEW, rows={"drive": rows, "yard": []})
    async with one.running():
        yield one
    await asyncio.get_running_loop().shutdown_default_executor()


def known(hass: HomeAssistant, frigate: StandIn, **data: Any) -> MockConfigEntry:
    """Return the entry of Home Assistant's Frigate integration."""
    entry = MockConfigEntry(
        domain="frigate", title="attic:5000", data={"url": frigate.url, **data}
    )
    entry.add_to_hass(hass)
    return entry


async def begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for a camera on Frigate."""
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "camera"), context={"source": SOURCE_USER}
    )
    assert result["menu_options"] == ["folder", "frigate", "media"]
    return await pick(hass, result, "frigate")


async def answer(
    hass: HomeAssistant, result: dict[str, Any], **typed: Any
) -> dict[str, Any]:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], typed
    )


async def pick(
    hass: HomeAssistant, result: dict[str, Any], step: str
) -> dict[str, Any]:
    """Pick from a menu."""
    assert result["type"] is FlowResultType.MENU
    return await answer(hass, result, next_step_id=step)


def camera_of(entry: ConfigEntry, name: str = "Driveway") -> Any:
    """Return a camera as kept."""
    return next(
        one for one in entry.get_subentries_of_type("camera") if one.title == name
    )


async def test_an_instance_that_home_assistant_knows(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn
) -> None:
    """Its address and login are not copied: the entry is referred to."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    frigate.login = True
    attic = known(hass, frigate, username=USER, password=PASSWORD, validate_ssl=True)
    hass.config_entries.async_update_entry(attic)
    MockConfigEntry(domain="frigate", title="none", data={}).add_to_hass(hass)
    er.async_get(hass).async_get_or_create(
        "camera",
        "frigate",
        f"{attic.entry_id}:camera:drive",
        suggested_object_id="attic_drive",
    )
    entry = await add_home()
    result = await begin(hass, entry)
    assert result["step_id"] == "frigate"
    assert shown(result, "entry_id") == {attic.entry_id: "attic:5000"}
    assert suggestion(result, "entry_id") == attic.entry_id
    result = await answer(hass, result, entry_id=attic.entry_id, verify=True)
    # a page that is asked for again is the same one
    flow = hass.config_entries.subentries
    result = await flow.async_configure(result["flow_id"])
    assert result["step_id"] == "frigate_camera"
    assert result["description_placeholders"] == {"version": "0.17"}
    assert list(shown(result, "camera")) == ["drive", "yard"]
    result = await answer(
        hass, result, name="Driveway", place="outdoor", camera="drive"
    )
    assert result["step_id"] == "check_frigate"
    assert result["description_placeholders"] == {
        "camera": "drive",
        "days": "7",
        "oldest": "2026-11-23 13:00:00",
        "newest": "2026-11-23 14:00:00",
        "clock": "0 s",
    }
    # by the right clock, once that is set
    result = await answer(hass, await pick(hass, result, "clock"), clock_ahead=60)
    assert result["description_placeholders"]["newest"] == "2026-11-23 13:59:00"
    await pick(hass, result, "save")
    camera = camera_of(entry)
    assert camera.unique_id == f"frigate|{attic.entry_id}|drive"
    assert camera.data["source_kind"] == "frigate"
    assert camera.data["source"] == {"entry_id": attic.entry_id, "camera": "drive"}
    assert camera.data["entity_id"] == "camera.attic_drive"
    assert camera.data["clock_ahead"] == 60


async def test_an_address_that_is_typed(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn
) -> None:
    """It is kept with its login; the password is never shown again, nor lost."""
    frigate.login = True
    entry = await add_home()
    result = await begin(hass, entry)
    with pytest.raises(StopIteration):
        field(result, "entry_id")
    typed = {"url": f"{frigate.url}/api/", "username": USER, "verify": False}
    result = await answer(hass, result, **typed, password=PASSWORD)
    assert result["step_id"] == "frigate_camera"
    yard = {"name": "Yard", "place": "outdoor", "camera": "yard"}
    result = await answer(hass, result, **yard, entity_id="camera.yard")
    assert result["step_id"] == "check_frigate_empty"
    await pick(hass, result, "save")
    kept = {
        "url": frigate.url,
        "username": USER,
        "password": PASSWORD,
        "verify": "no",
        "camera": "yard",
    }
    camera = camera_of(entry, "Yard")
    assert camera.data["source"] == kept
    assert camera.data["entity_id"] == "camera.yard"
    assert PASSWORD not in camera.unique_id

    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    assert default(result, "camera") == "yard"
    result = await answer(hass, result, name="Yard", place="outdoor", camera="yard")
    result = await pick(hass, result, "frigate")
    assert suggestion(result, "url") == frigate.url
    assert default(result, "verify") is False
    assert PASSWORD not in repr(result)
    result = await answer(hass, result, url=frigate.url, username=USER, verify=True)
    result = await answer(hass, result, name="Yard", place="outdoor", camera="yard")
    result = await pick(hass, result, "save")
    assert result["reason"] == "reconfigure_successful"
    assert camera_of(entry, "Yard").data["source"] == {**kept, "verify": "yes"}
    # another user's password is another one
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await answer(hass, result, name="Yard", place="outdoor", camera="yard")
    result = await pick(hass, result, "frigate")
    result = await answer(hass, result, url=frigate.url, username="ben", verify=True)
    assert result["errors"] == {"base": "frigate_login_refused"}


async def test_what_is_wrong_with_an_instance(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn, unused_tcp_port: int
) -> None:
    """It is said where it was typed, and what was typed stays."""
    entry = await add_home()
    result = await begin(hass, entry)
    for url in ("", "http://", "ftp://attic", "http://a b", "http://u:p@attic:5000"):
        result = await answer(hass, result, url=url, verify=True)
        assert result["errors"] == {"url": "frigate_address_invalid"}
    result = await answer(
        hass, result, url=f"127.0.0.1:{unused_tcp_port}", verify=False
    )
    assert result["errors"] == {"base": "frigate_unreachable"}
    assert suggestion(result, "url") == f"127.0.0.1:{unused_tcp_port}"
    frigate.login = True
    result = await answer(hass, result, url=frigate.url, verify=True)
    assert result["errors"] == {"base": "frigate_login_needed"}
    frigate.login, frigate.version = False, "0.13.2-6476f8a"
    result = await answer(hass, result, url=frigate.url, verify=True)
    assert result["errors"] == {"base": "frigate_too_old"}
    frigate.version, rows, frigate.rows = NEW, frigate.rows, {}
    result = await answer(hass, result, url=frigate.url, verify=True)
    assert result["errors"] == {"base": "frigate_no_cameras"}
    frigate.rows = rows
    result = await answer(hass, result, url=frigate.url, verify=True)
    result = await answer(hass, result, name=" ", place="outdoor", camera="drive")
    assert result["errors"] == {"name": "title_empty"}
    frigate.barred = {"drive"}
    result = await answer(hass, result, name="D", place="outdoor", camera="drive")
    assert result["errors"] == {"base": "frigate_no_access"}


async def test_no_two_cameras_have_the_same_recordings(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn
) -> None:
    """Also where one is reached through Home Assistant's entry, and one is not."""
    attic = known(hass, frigate)
    entry = await add_home(
        {
            "subentry_type": "camera",
            "title": "Gone",
            "data": {
                "source_kind": "frigate",
                "source": {"entry_id": "gone", "camera": "drive"},
            },
        }
    )
    result = await begin(hass, entry)
    result = await answer(hass, result, entry_id=attic.entry_id, verify=True)
    other = await answer(hass, await begin(hass, entry), url=frigate.url, verify=True)
    result = await answer(hass, result, name="One", place="outdoor", camera="drive")
    other = await answer(hass, other, name="Two", place="outdoor", camera="drive")
    assert other["step_id"] == "check_frigate"
    await pick(hass, result, "save")
    # meanwhile the first was saved
    other = await pick(hass, other, "save")
    assert other["errors"] == {"camera": "frigate_camera_taken"}
    other = await answer(hass, other, name="Two", place="outdoor", camera="drive")
    assert other["errors"] == {"camera": "frigate_camera_taken"}
    other = await answer(hass, other, name="Two", place="outdoor", camera="yard")
    assert other["step_id"] == "check_frigate_empty"


async def test_an_instance_that_is_no_more(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn
) -> None:
    """Its camera can be moved to where Frigate is now, and stays the same camera."""
    entry = await add_home()
    attic = known(hass, frigate)
    result = await begin(hass, entry)
    result = await answer(hass, result, entry_id=attic.entry_id, verify=True)
    result = await answer(
        hass, result, name="Driveway", place="outdoor", camera="drive"
    )
    await pick(hass, result, "save")
    await hass.config_entries.async_remove(attic.entry_id)
    camera = camera_of(entry)
    probed = await async_probe_frigate_camera(hass, camera.data["source"])
    assert (probed.error, probed.span) == ("frigate_gone", None)
    result = await to_instance(hass, entry, camera)
    result = await answer(hass, result, url=frigate.url, verify=True)
    assert default(result, "camera") == "drive"
    # a camera that Frigate has no more is not chosen for the owner in silence
    del frigate.rows["drive"]
    result = await to_instance(hass, entry, camera)
    result = await answer(hass, result, url=frigate.url, verify=True)
    assert default(result, "camera") == "yard"


async def to_instance(
    hass: HomeAssistant, entry: ConfigEntry, camera: Any
) -> dict[str, Any]:
    """Open the instance of a camera whose instance is no more."""
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    assert (result["step_id"], result["errors"]) == (
        "camera_away",
        {"base": "frigate_gone"},
    )
    result = await answer(hass, result, name="Driveway", place="outdoor")
    return await pick(hass, result, "frigate")


async def test_a_camera_is_changed_while_its_recorder_is_away(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn, unused_tcp_port: int
) -> None:
    """All but its recordings: a region must be hidden when it must."""
    attic = known(hass, frigate)
    entry = await add_home()
    result = await begin(hass, entry)
    result = await answer(hass, result, entry_id=attic.entry_id, verify=True)
    typed = {"name": "Driveway", "place": "outdoor", "entity_id": "camera.drive"}
    result = await answer(hass, result, **typed, camera="drive")
    await pick(hass, result, "save")
    camera = camera_of(entry)
    # it answers, and then it does not
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    assert result["step_id"] == "frigate_camera"
    away = {"url": f"http://127.0.0.1:{unused_tcp_port}"}
    hass.config_entries.async_update_entry(attic, data=away)
    other = await answer(hass, result, **typed, camera="yard")
    assert other["step_id"] == "frigate_camera"
    assert other["errors"] == {"base": "frigate_unreachable"}
    result = await answer(hass, other, **typed, camera="drive")
    assert result["step_id"] == "camera_away"
    result = await hass.config_entries.subentries.async_configure(result["flow_id"])
    assert result["step_id"] == "camera_away"
    # it does not answer at all
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    assert result["step_id"] == "camera_away"
    assert result["errors"] == {"base": "frigate_unreachable"}
    assert default(result, "name") == "Driveway"
    result = await answer(hass, result, name=" ", place="indoor")
    assert result["errors"] == {"name": "title_empty"}
    result = await answer(hass, result, name="Drive", place="indoor")
    assert result["step_id"] == "check_frigate_away"
    assert result["description_placeholders"] == {"camera": "drive", "clock": "0 s"}
    result = await answer(hass, await pick(hass, result, "clock"), clock_ahead=60)
    assert result["description_placeholders"]["clock"] == "+1 min"
    result = await pick(hass, result, "masks")
    result = await answer(hass, result, masks=["0 0 50 50"])
    assert result["step_id"] == "check_frigate_away"
    result = await pick(hass, result, "save")
    assert result["reason"] == "reconfigure_successful"
    camera = camera_of(entry, "Drive")
    assert camera.data["source"] == {"entry_id": attic.entry_id, "camera": "drive"}
    assert camera.data["entity_id"] == "camera.drive"
    assert (camera.data["place"], camera.data["offered"]) == ("indoor", False)
    assert camera.data["clock_ahead"] == 60
    assert camera.data["masks"] == [[0, 0, 5000, 5000]]
    # back again, it is looked at as ever
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await answer(hass, result, name="Drive", place="indoor")
    back = {"url": frigate.url}
    hass.config_entries.async_update_entry(attic, data=back)
    result = await pick(hass, result, "camera")
    assert result["step_id"] == "frigate_camera"
    result = await answer(hass, result, **typed, camera="drive")
    assert result["step_id"] == "check_frigate"


async def test_an_instance_and_an_address(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn
) -> None:
    """One of both: what was typed is not dropped in silence."""
    attic = known(hass, frigate)
    entry = await add_home()
    result = await begin(hass, entry)
    both = {"entry_id": attic.entry_id, "verify": True}
    for typed in ({"url": "192.0.2.9:5000"}, {"username": "gus"}):
        result = await answer(hass, result, **both, **typed)
        assert result["errors"] == {"entry_id": "frigate_two_instances"}
        assert suggestion(result, "entry_id") == attic.entry_id
        assert suggestion(result, "url") == typed.get("url", "")
    result = await answer(hass, result, url=frigate.url, verify=True)
    assert result["step_id"] == "frigate_camera"
    result = await answer(hass, result, name="D", place="outdoor", camera="drive")
    await pick(hass, result, "save")
    assert camera_of(entry, "D").data["source"]["url"] == frigate.url


async def test_a_typo_elsewhere_costs_no_password(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn, unused_tcp_port: int
) -> None:
    """What was typed in this form is kept with its user, and never shown."""
    frigate.login = True
    entry = await add_home()
    result = await begin(hass, entry)
    typed = {"username": USER, "verify": True}
    result = await answer(hass, result, **typed, url="", password=PASSWORD)
    assert result["errors"] == {"url": "frigate_address_invalid"}
    nobody = f"http://127.0.0.1:{unused_tcp_port}"
    result = await answer(hass, result, **typed, url=nobody)
    assert result["errors"] == {"base": "frigate_unreachable"}
    assert PASSWORD not in repr(result)
    other = {"username": "ben", "verify": True}
    result = await answer(hass, result, **other, url=frigate.url)
    assert result["errors"] == {"base": "frigate_login_refused"}
    result = await answer(hass, result, **typed, url=frigate.url)
    assert result["step_id"] == "frigate_camera"
    result = await answer(hass, result, name="D", place="outdoor", camera="drive")
    await pick(hass, result, "save")
    camera = camera_of(entry, "D")
    assert camera.data["source"]["password"] == PASSWORD
    # of one that was kept, no other address learns
    result = await entry.start_subentry_reconfigure_flow(hass, camera.subentry_id)
    result = await answer(hass, result, name="D", place="outdoor", camera="drive")
    result = await pick(hass, result, "frigate")
    elsewhere = frigate.url.replace("127.0.0.1", "localhost")
    result = await answer(hass, result, **typed, url=elsewhere)
    assert result["errors"] == {"base": "frigate_login_refused"}


@pytest.mark.usefixtures("real_set_up")
async def test_a_home_that_runs_with_it(
    hass: HomeAssistant,
    sam: User,
    frigate: StandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It asks the entry's address alone; what changes there counts, a move at once."""
    frigate.login = True
    attic = known(hass, frigate, username=USER, password="wrong", validate_ssl=False)
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="home",
        title="Clip Consent",
        subentries_data=[
            {
                "subentry_type": "camera",
                "title": title,
                "unique_id": title,
                "data": camera_data(
                    place="outdoor", source_kind="frigate", source=source
                ),
            }
            for title, source in (
                ("Driveway", {"entry_id": attic.entry_id, "camera": "drive"}),
                (
                    "Yard",
                    {"url": "http://192.0.2.9:5000", "username": "gus"}
                    | {"password": SECRET, "verify": "no", "camera": "yard"},
                ),
                ("Gone", {"entry_id": "gone", "camera": "drive"}),
            )
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    manager = entry.runtime_data
    [drive] = [one for one in manager.cameras.values() if one.name == "Driveway"]
    source = manager.watching._bench.sources["frigate"]
    assert (await source.async_health(drive)).state is HealthState.NO_ACCESS
    # a password that is mended there is mended here, without a new start
    data = {**attic.data, "password": PASSWORD}
    hass.config_entries.async_update_entry(attic, data=data)
    await hass.async_block_till_done()
    assert entry.runtime_data is manager
    assert (await source.async_health(drive)).state is HealthState.OK
    told = repr(await async_get_config_entry_diagnostics(hass, entry))
    assert "frigate" in told
    for secret in (SECRET, "gus", "192.0.2.9", PASSWORD, USER, attic.entry_id):
        assert secret not in told
    assert SECRET not in caplog.text
    # another address is another way out
    data = {**attic.data, "url": "http://127.0.0.1:1"}
    hass.config_entries.async_update_entry(attic, data=data)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not manager
    assert await hass.config_entries.async_unload(entry.entry_id)


def test_how_an_address_is_kept() -> None:
    """Without what every address of Frigate's has; by TLS where it speaks that."""
    for typed, kept in (
        ("attic:5000", "http://attic:5000"),
        (" attic:8971/ ", "https://attic:8971"),
        ("https://attic/frigate/api/", "https://attic/frigate"),
        ("http://attic:8971", "http://attic:8971"),
    ):
        assert frigate_url(typed) == kept
    for typed in ("http://attic/?x=1", "http://attic?", "http://attic/#x"):
        with pytest.raises(SourceError, match="frigate_address_invalid"):
            frigate_url(typed)


async def two_of_one_name(
    hass: HomeAssistant, add_home: AddHome, first: str, second: str
) -> dict[str, Any]:
    """Add the camera of one address, then choose that of another address."""
    entry = await add_home()
    result = await begin(hass, entry)
    for url in (first, second):
        result = await answer(hass, result, url=url, verify=False)
        yard = {"name": "Driveway", "place": "outdoor", "camera": "drive"}
        result = await answer(hass, result, **yard)
        if url == first:
            await pick(hass, result, "save")
            result = await begin(hass, entry)
    return result


async def test_one_instance_at_two_addresses(
    hass: HomeAssistant, add_home: AddHome, frigate: StandIn
) -> None:
    """It is one: what is kept back in one camera would be offered in the other."""
    first = frigate.url
    async with frigate.running():
        assert frigate.url != first
        result = await two_of_one_name(hass, add_home, first, frigate.url)
        assert result["step_id"] == "frigate_camera"
        assert result["errors"] == {"camera": "frigate_camera_taken"}


@pytest.mark.parametrize("why", ["another", "empty", "hangs", "broken"])
async def test_two_instances_whose_cameras_have_one_name(
    hass: HomeAssistant,
    add_home: AddHome,
    frigate: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
) -> None:
    """Recorded at the same times, they are two all the same; nothing is waited for."""
    monkeypatch.setattr(frigate_probe, "_SAME_SECONDS", 1.5)
    rows = [] if why == "empty" else frigate.rows["drive"]
    barn = StandIn(folder=tmp_path, version=NEW, rows={"drive": rows}, chance="zzz999")
    async with barn.running():
        # the first one is asked for nothing but this any more
        real = frigate._of_camera

        async def late(camera: str, rest: str, request: Any) -> Any:
            if barn.asked and why == "hangs":
                return await frigate.hang(request)
            if barn.asked and why == "broken":
                return await answering(body="<html>")(request)
            return await real(camera, rest, request)

        monkeypatch.setattr(frigate, "_of_camera", late)
        result = await two_of_one_name(hass, add_home, frigate.url, barn.url)
        empty = "_empty" if why == "empty" else ""
        assert result["step_id"] == f"check_frigate{empty}"
