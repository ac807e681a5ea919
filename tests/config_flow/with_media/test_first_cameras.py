"""The first form: cameras of recorders that are set up are there to be ticked."""

import asyncio
from collections.abc import AsyncIterator
import os
from pathlib import Path
import time
from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.home import suggesting
from custom_components.clip_consent.home.probing import (
    async_probe_frigate_camera,
    async_probe_media,
)
from tests.config_flow.conftest import AddRecordings
from tests.config_flow.forms import shown, suggestion
from tests.frigate.standin import PASSWORD, USER, Row, StandIn, answering
from tests.sources import protect, reolink
from tests.sources.home import add_camera

NOW = 1_795_438_800.0  # 2026-11-23 13:00 UTC
NAME = "2026-11-23_12-00-00.mp4"
SILENT = {"base": "recorders_silent"}


@pytest.fixture
async def frigate(tmp_path: Path, socket_enabled: None) -> AsyncIterator[StandIn]:
    """Return an instance with two cameras, which wants a login."""
    rows = [Row(start=NOW - 60, end=NOW - 50, path=tmp_path / "none")]
    one = StandIn(folder=tmp_path, rows={"front_door": rows, "yard": []})
    one.login = True
    async with one.running():
        yield one
    await asyncio.get_running_loop().shutdown_default_executor()


def attic(hass: HomeAssistant, frigate: StandIn, **changes: Any) -> MockConfigEntry:
    """Return the entry of Home Assistant's Frigate integration."""
    data = {"url": frigate.url, "username": USER, "password": PASSWORD}
    entry = MockConfigEntry(
        domain="frigate", **{"title": "attic:8971", "data": data, **changes}
    )
    entry.add_to_hass(hass)
    return entry


def named(hass: HomeAssistant, entity: str, name: str | None) -> str:
    """Have a camera belong to a device of that name; return the id of its entity."""
    registered = er.async_get(hass).entities.get_entry(entity)
    assert registered and registered.config_entry_id
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=registered.config_entry_id, identifiers={("test", entity)}
    )
    dr.async_get(hass).async_update_device(device.id, name_by_user=name)
    er.async_get(hass).async_update_entity(registered.entity_id, device_id=device.id)
    return registered.entity_id


async def begin(hass: HomeAssistant) -> dict[str, Any]:
    """Go to the one form."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    flow_id = result["flow_id"]
    await flow.async_configure(flow_id, {"next_step_id": "set_up_home"})
    return await flow.async_configure(flow_id, {"user_id": "sam"})


async def tick(
    hass: HomeAssistant, result: dict[str, Any], *cameras: str
) -> dict[str, Any]:
    """Tick cameras, look at the link, finish; return the cameras by title."""
    flow = hass.config_entries.flow
    typed = {"invite": "Anna", **({"cameras": list(cameras)} if cameras else {})}
    result = await flow.async_configure(result["flow_id"], typed)
    assert result["step_id"].startswith("link")
    result = await flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    made: ConfigEntry[Any] = result["result"]
    return {one.title: one for one in made.get_subentries_of_type("camera")}


async def test_every_kind_of_recorder_in_one_form(
    home: HomeAssistant,
    sam: User,
    frigate: StandIn,
    add_recordings: AddRecordings,
    film: Path,
    tmp_path: Path,
) -> None:
    """All are there, called as their owner calls them; ticked, each of them works."""
    folder = add_recordings("hall", NAME)
    instance = attic(home, frigate)
    drive = er.async_get(home).async_get_or_create(
        "camera", "frigate", f"{instance.entry_id}:camera:front_door"
    )
    console = protect.Console(film=film, recorded=[(0, 120)])
    yard = reolink.Yard(film=film)
    async with (
        protect.running(console),
        reolink.running(yard),
        reolink.set_up(home, yard) as pool,
    ):
        street = await protect.set_up(home, console, tmp_path)
        add_camera(home, street.entry, f"{protect.MAC}_1")  # another of its streams
        seen = named(home, street.entity, "Street")
        pooled = named(home, pool.entity, "Pool")

        result = await begin(home)
        assert result["step_id"] == "home_no_phone"
        assert result["errors"] == {}
        offered = shown(result, "cameras")
        assert offered == {
            f"frigate|{instance.entry_id}|front_door": (
                "Front door: Frigate attic:8971 · front_door"
            ),
            str(folder): f"Hall: {folder} · {NAME} → 2026-11-23 12:00:00",
            "reolink|MAC|0": f"Pool: Reolink · {pooled}",
            f"unifiprotect|{protect.MAC}": f"Street: UniFi Protect · {seen}",
            f"frigate|{instance.entry_id}|yard": "Yard: Frigate attic:8971 · yard",
        }
        assert suggestion(result, "cameras") == []  # nothing that might look inside
        assert (yard.searched, console.looks, console.pages) == ([], [], 0)

        made = await tick(home, result, *offered)
        assert list(made) == ["Front door", "Hall", "Pool", "Street", "Yard"]
        assert [one.unique_id for one in made.values()] == list(offered)
        data = {title: one.data for title, one in made.items()}
        assert {one["place"] for one in data.values()} == {"outdoor"}
        assert data["Front door"]["source"] == {
            "entry_id": instance.entry_id,
            "camera": "front_door",
        }
        assert data["Front door"]["entity_id"] == drive.entity_id
        assert data["Yard"]["entity_id"] is None
        assert data["Street"]["source"] == {
            "system": "unifiprotect",
            "entity": street.entity,
        }
        assert data["Street"]["entity_id"] == seen
        assert data["Pool"]["source"] == {"system": "reolink", "entity": pool.entity}
        kinds = [one["source_kind"] for one in data.values()]
        assert kinds == ["frigate", "folder", "media", "media", "frigate"]

        span = await async_probe_frigate_camera(home, data["Front door"]["source"])
        assert span.span and span.span.end.timestamp() == NOW - 50
        for title in ("Street", "Pool"):
            assert (await async_probe_media(home, data[title]["source"])).error is None
        await street.client.close_session()


@pytest.mark.parametrize("how", ["frigate", "folder"])
async def test_what_hangs_does_not_keep_the_form_waiting(
    home: HomeAssistant,
    sam: User,
    frigate: StandIn,
    add_recordings: AddRecordings,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """It is named, and all else is offered; the home can be set up with that."""
    folder = add_recordings("hall", NAME)
    instance = attic(home, frigate)
    yard = reolink.Yard(film=Path())
    held, hold = os.pipe()

    def hanging(*_: object) -> list[object]:
        os.read(held, 1)
        return []

    if how == "frigate":
        frigate.instead["version"] = frigate.hang
    elif how == "folder":
        monkeypatch.setattr(suggesting, "suggest_folders", hanging)
    monkeypatch.setattr(suggesting, "PATIENCE_SECONDS", 1.5)
    try:
        async with reolink.running(yard), reolink.set_up(home, yard) as pool:
            named(home, pool.entity, "Pool")
            begun = time.monotonic()
            result = await begin(home)
            assert 1.4 < time.monotonic() - begun < 6
            names = {
                "frigate": "attic:8971",
                "folder": f"{folder.parent}, {suggesting.SHARE}",
            }
            assert result["errors"] == SILENT
            said = result["description_placeholders"]
            assert (said["recorders"], said["seconds"]) == (names[how], "15")
            offered = shown(result, "cameras")
            found = {
                "folder": [str(folder)],
                "frigate": [
                    f"frigate|{instance.entry_id}|{one}"
                    for one in ("front_door", "yard")
                ],
                "console": ["reolink|MAC|0"],
            }
            left = [one for kind in found if kind != how for one in found[kind]]
            assert sorted(offered) == sorted(left)
            # it is told along with whatever else is wrong, and bars nobody
            flow = home.config_entries.flow
            again = await flow.async_configure(result["flow_id"], {"invite": " "})
            assert again["errors"] == {**SILENT, "invite": "title_empty"}
            assert len(await tick(home, again, *offered)) == len(offered)
    finally:
        os.write(hold, b"x")
        await home.async_block_till_done()
        os.close(held)
        os.close(hold)


async def test_what_fails_is_named_and_nothing_else_is_missing(
    home: HomeAssistant,
    sam: User,
    frigate: StandIn,
    media: Path,
    film: Path,
    tmp_path: Path,
) -> None:
    """A refused login, a key that reads no recordings, an entry that does not run."""
    attic(home, frigate)
    barn = {"url": frigate.url, "username": USER, "password": "wrong"}
    attic(home, frigate, title="barn:8971", data=barn)
    MockConfigEntry(domain="reolink", title="Pool").add_to_hass(home)
    console = protect.Console(film=film)
    async with protect.running(console):
        setup = await protect.set_up(home, console, tmp_path, api_key="key")
        named(home, setup.entity, "Street")
        result = await begin(home)
    assert result["errors"] == SILENT
    said = result["description_placeholders"]["recorders"]
    assert said == "barn:8971, Street, Pool"
    assert len(shown(result, "cameras")) == 2


async def test_nothing_but_what_fails(
    home: HomeAssistant, sam: User, frigate: StandIn, media: Path
) -> None:
    """The form says that nothing was found, and what did not answer."""
    frigate.instead["config"] = answering(body="<html>")
    attic(home, frigate)
    result = await begin(home)
    assert (result["step_id"], result["errors"]) == ("home_nothing", SILENT)
    assert await tick(home, result) == {}


async def test_a_fault_of_a_probe_is_no_fault_of_the_form(
    home: HomeAssistant,
    sam: User,
    frigate: StandIn,
    add_recordings: AddRecordings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged, and named as what did not answer."""

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(suggesting, "async_ask_frigate", broken)
    folder = add_recordings("hall", NAME)
    attic(home, frigate)
    result = await begin(home)
    assert result["errors"] == SILENT
    assert list(shown(result, "cameras")) == [str(folder)]
    assert "ZeroDivisionError" in caplog.text


async def test_what_is_not_in_use_is_not_asked(
    home: HomeAssistant,
    sam: User,
    frigate: StandIn,
    media: Path,
    film: Path,
    tmp_path: Path,
) -> None:
    """Entries and cameras that are off, discovered and ignored, or without address."""
    attic(home, frigate, disabled_by=ConfigEntryDisabler.USER)
    attic(home, frigate, data={}, source=SOURCE_IGNORE)
    attic(home, frigate, data={})
    for system in ("unifiprotect", "reolink"):
        MockConfigEntry(domain=system, source=SOURCE_IGNORE).add_to_hass(home)
    console = protect.Console(film=film)
    setup = await protect.set_up(home, console, tmp_path)
    registry = er.async_get(home)
    registry.async_get_or_create(
        "switch", "unifiprotect", f"{protect.MAC}_on", config_entry=setup.entry
    )
    registered = registry.entities.get_entry(setup.entity)
    assert registered
    registry.async_update_entity(
        registered.entity_id, disabled_by=er.RegistryEntryDisabler.USER
    )
    result = await begin(home)
    assert (result["step_id"], result["errors"]) == ("home_nothing", {})
    assert frigate.asked == []


async def test_a_frigate_without_recordings(
    home: HomeAssistant, sam: User, frigate: StandIn, media: Path
) -> None:
    """Cameras that record nothing are not offered; none at all is no fault."""
    attic(home, frigate)
    frigate.record = {"enabled": False}
    result = await begin(home)
    assert (result["step_id"], result["errors"]) == ("home_nothing", {})
    frigate.rows = {}
    result = await begin(home)
    assert (result["step_id"], result["errors"]) == ("home_nothing", {})


async def test_what_frigate_is_asked_for_is_not_offered_as_a_folder_too(
    home: HomeAssistant, sam: User, frigate: StandIn, add_recordings: AddRecordings
) -> None:
    """Its recordings would be there twice; a camera it has no more stays a folder."""
    instance = attic(home, frigate)
    add_recordings("frigate/recordings", "2026-11-23/12/front_door/30.15.mp4")
    folder = add_recordings("frigate/recordings", "2026-11-23/12/old_gate/30.15.mp4")
    result = await begin(home)
    assert list(shown(result, "cameras")) == [
        f"frigate|{instance.entry_id}|front_door",
        f"{folder}|old_gate",
        f"frigate|{instance.entry_id}|yard",
    ]


async def test_names_are_plain_and_tell_apart(
    home: HomeAssistant,
    sam: User,
    frigate: StandIn,
    add_recordings: AddRecordings,
    film: Path,
    tmp_path: Path,
) -> None:
    """A name that no notification can show gives way to the entity's id."""
    add_recordings("yard", NAME)
    frigate.rows = {"yard": [], "x" * 100: []}
    instance = attic(home, frigate)
    console = protect.Console(film=film)
    async with protect.running(console):
        setup = await protect.set_up(home, console, tmp_path)
        assert setup.entry.state is ConfigEntryState.LOADED
        entity_id = named(home, setup.entity, "Yard\u202egpj")
        offered = shown(await begin(home), "cameras")
        names = [label.split(": ")[0] for label in offered.values()]
        assert names == [entity_id, f"X{'x' * 59}", "Yard", "Yard 2"]
        assert f"frigate|{instance.entry_id}|yard" in offered
        er.async_get(home).async_update_entity(entity_id, device_id=None)
        assert list(shown(await begin(home), "cameras").values()) == list(
            offered.values()
        )
