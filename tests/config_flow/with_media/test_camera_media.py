"""Cameras whose recordings Home Assistant has a way to: its entity, or its folders."""

from datetime import UTC, datetime, timedelta
import json
import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.probing import MediaLevel, same_media
from custom_components.clip_consent.home.sources import media_example
from custom_components.clip_consent.subentry_camera_steps import camera_data
from tests.config_flow.conftest import AddHome
from tests.config_flow.forms import default, shown, suggestion
from tests.interfaces import example
from tests.sources import protect, reolink
from tests.sources.home import LATER, NOON, add_camera
from tests.sources.toy import add_toy

UP_TYPED = {"media_folder": "up", "media_which": "only"}
AFTER = ["clock", "masks", "map", "camera"]


@pytest.fixture(autouse=True)
async def _an_hour_after_noon(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    freezer.move_to(LATER)


async def begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for a camera in Home Assistant's media."""
    result = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "camera"), context={"source": SOURCE_USER}
    )
    assert "media" in result["menu_options"]
    return await answer(hass, result, {"next_step_id": "media"})


async def answer(
    hass: HomeAssistant, result: dict[str, Any], typed: dict[str, Any]
) -> dict[str, Any]:
    """Send a form, or pick from a menu."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], typed
    )


async def pick(
    hass: HomeAssistant, result: dict[str, Any], step: str
) -> dict[str, Any]:
    """Pick from a menu."""
    assert result["type"] is FlowResultType.MENU
    return await answer(hass, result, {"next_step_id": step})


async def into(
    hass: HomeAssistant, result: dict[str, Any], title: str, which: str | None = None
) -> dict[str, Any]:
    """Go into a folder of that title."""
    assert result["step_id"] == "media_folder"
    found = {label: value for value, label in shown(result, "media_folder").items()}
    typed = {"media_folder": found[title]}
    return await answer(hass, result, typed | ({"media_which": which} if which else {}))


def typed(**changes: str) -> dict[str, str]:
    """Return the filled-in first form."""
    return {"name": "Yard", "place": "outdoor", **changes}


def entity_of(hass: HomeAssistant, registered: str) -> str:
    """Return the entity id of a camera."""
    entity = er.async_get(hass).async_get(registered)
    assert entity
    return entity.entity_id


async def test_a_camera_of_protect(
    home: HomeAssistant, add_home: AddHome, film: Path, tmp_path: Path
) -> None:
    """Its newest recording is shown by the home's clock; one camera shows it."""
    entry = await add_home()
    console = protect.Console(film=film, recorded=[(3000, 3570)])
    async with protect.running(console):
        setup = await protect.set_up(home, console, tmp_path)
        entity_id = entity_of(home, setup.entity)
        result = await begin(home, entry)
        assert (result["step_id"], result["last_step"]) == ("media", False)
        bad = await answer(home, result, typed(name=" ", entity_id=entity_id))
        assert bad["errors"] == {"name": "title_empty"}
        result = await answer(home, bad, typed(entity_id=entity_id))
        # a browser that loads the page anew gets the same menu
        flow = home.config_entries.subentries
        result = await flow.async_configure(result["flow_id"])
        assert result["step_id"] == "media_check"
        assert result["menu_options"] == ["save", *AFTER]
        said = result["description_placeholders"]
        assert said["example"] == entity_id
        assert said["time"].startswith("2026-06-01 14:50:0")
        assert 530 < int(said["seconds"]) <= 541  # to the console's newest
        result = await pick(home, result, "save")
        assert result["type"] is FlowResultType.CREATE_ENTRY
        (camera,) = entry.subentries.values()
        assert camera.unique_id == f"unifiprotect|{protect.MAC}"
        assert camera.data["source_kind"] == "media"
        assert camera.data["entity_id"] == entity_id
        source = {"system": "unifiprotect", "entity": setup.entity}
        assert camera.data["source"] == source
        documented = example("media_sources")["unifiprotect"]
        assert source == {**documented, "entity": setup.entity}

        # another entity of the same camera is the same camera
        other = add_camera(home, setup.entry, f"{protect.MAC}_1")
        result = await begin(home, entry)
        result = await answer(home, result, typed(entity_id=entity_of(home, other)))
        assert result["errors"] == {"base": "media_taken"}

        # it is no clash with itself
        result = await entry.start_subentry_reconfigure_flow(home, camera.subentry_id)
        assert suggestion(result, "entity_id") == entity_id
        result = await answer(home, result, typed(entity_id=entity_id, name="Porch"))
        result = await pick(home, result, "save")
        assert result["reason"] == "reconfigure_successful"

        # nothing there: one day is looked through, the one to the console's newest
        console.recorded = []
        for newest in (setup.stats.recording_end, None):
            console.looks.clear()
            setup.stats.recording_end = newest
            result = await entry.start_subentry_reconfigure_flow(
                home, camera.subentry_id
            )
            result = await answer(home, result, typed(entity_id=entity_id))
            assert result["step_id"] == "media_check_nothing"
            assert len(console.looks) < 150

        # while it is away all else of it can be changed
        setup.entry.mock_state(home, ConfigEntryState.SETUP_RETRY)
        await hide_while_away(home, entry, entity_id, "media_not_loaded")
        # another one has to be tried out; what goes wrong stands in the first form
        result = await entry.start_subentry_reconfigure_flow(home, camera.subentry_id)
        wrong = typed(entity_id=entity_of(home, other))
        result = await answer(home, result, wrong)
        assert (result["step_id"], result["errors"]) == (
            "media",
            {"base": "media_not_loaded"},
        )
        # nor is it another one because its entity is gone
        er.async_get(home).async_remove(entity_id)
        await hide_while_away(home, entry, entity_id, "media_camera_gone")
        await setup.client.close_session()
        setup.entry.mock_state(home, ConfigEntryState.NOT_LOADED)


async def hide_while_away(
    home: HomeAssistant, entry: ConfigEntry, entity_id: str, error: str
) -> None:
    """Hide a region of the one camera while its recordings cannot be reached."""
    (before,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(home, before.subentry_id)
    result = await answer(home, result, typed(entity_id=entity_id))
    assert (result["step_id"], result["errors"]) == ("camera_away", {"base": error})
    result = await answer(home, result, {"name": error, "place": "outdoor"})
    assert result["step_id"] == "media_check_away"
    assert result["menu_options"] == ["save", *AFTER]
    result = await answer(
        home, await pick(home, result, "masks"), {"masks": ["0 0 50 50"]}
    )
    result = await pick(home, result, "save")
    assert result["reason"] == "reconfigure_successful"
    (camera,) = entry.subentries.values()
    assert (camera.title, camera.unique_id) == (error, before.unique_id)
    masks = {"masks": [[0, 0, 5000, 5000]]}
    assert camera.data == {**before.data, **masks}


async def test_a_camera_of_reolink(
    home: HomeAssistant, add_home: AddHome, film: Path
) -> None:
    """The stream and the camera's time zone can be said."""
    entry = await add_home()
    yard = reolink.Yard(film=film)
    async with reolink.running(yard), reolink.set_up(home, yard) as setup:
        entity_id = entity_of(home, setup.entity)
        result = await begin(home, entry)
        result = await answer(home, result, typed(entity_id=entity_id))
        assert result["step_id"] == "media_check_reolink_nothing"
        assert result["description_placeholders"]["example"] == entity_id

        yard.add(reolink.wall("2026-06-01T13:00:00"), 60)
        result = await pick(home, result, "media_reading")
        assert default(result, "stream") == "main"
        result = await answer(home, result, {"stream": "sub", "time_zone": "UTC"})
        assert (
            result["step_id"] == "media_check_reolink_nothing"
        )  # still to come on UTC
        result = await pick(home, result, "media_reading")
        assert default(result, "stream") == "sub"
        assert suggestion(result, "time_zone") == "UTC"
        bad = await answer(home, result, {"stream": "sub", "time_zone": "Nowhere"})
        assert bad["errors"] == {"time_zone": "time_zone_unknown"}
        result = await answer(home, bad, {"stream": "sub"})
        assert result["step_id"] == "media_check_reolink"
        assert result["menu_options"] == ["save", "media_reading", *AFTER]
        said = result["description_placeholders"]
        assert said["time"] == "2026-06-01 13:00:00"
        assert said["seconds"] == "60"
        assert said["example"].startswith("Mp4Record/2026-06-01/RecM01_20260601_130000")
        await pick(home, result, "save")
        (camera,) = entry.subentries.values()
        assert camera.unique_id == "reolink|MAC|0"
        assert camera.data["source"] == {
            "system": "reolink",
            "entity": setup.entity,
            "stream": "sub",
            "time_zone": "",
        }
        documented = example("media_sources")["reolink"]
        assert camera.data["source"] == {**documented, "entity": setup.entity}
        # what was said stays, when it is only named anew
        result = await entry.start_subentry_reconfigure_flow(home, camera.subentry_id)
        result = await answer(home, result, typed(entity_id=entity_id, name="Porch"))
        await pick(home, result, "save")
        (camera,) = entry.subentries.values()
        assert camera.data["source"]["stream"] == "sub"


async def test_any_other_tree_level_by_level(
    home: HomeAssistant, add_home: AddHome, film: Path
) -> None:
    """Each day, of one camera; a recording is fetched to learn how long they are."""
    data = film.read_bytes()
    days = {
        f"2026-05-{day}": {"Porch": {"12-00-00": data, "13-00-00": data}, "Yard": {}}
        for day in (30, 31)
    }
    add_toy(home, {"Archive": days})
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    assert "media_which" not in result["data_schema"].schema
    result = await into(home, result, "Toy")
    result = await into(home, result, "Archive", "only")
    assert result["description_placeholders"] == {"level": "2"}
    result = await into(home, result, "2026-05-30", "each")
    empty = await into(home, result, "Yard", "only")
    assert empty["errors"] == {"base": "media_no_recordings"}
    result = await into(home, empty, "Porch", "only")
    assert result["step_id"] == "media_check_tree"
    own = ["save", "media_folder", "media_reading", *AFTER]
    assert result["menu_options"] == own
    said = result["description_placeholders"]
    assert said["example"] == "Archive/2026-05-31/Porch/12-00-00.mp4"
    assert (said["time"], said["seconds"]) == ("2026-05-31 12:00:00", "120")
    assert not list(Path(home.config.cache_path("clip_consent")).glob("example-*"))

    result = await pick(home, result, "media_reading")
    reading = {"naming": "file_time", "name_is": "start"}
    result = await answer(home, result, reading)
    assert result["errors"] == {"naming": "naming_unknown"}
    reading = {"naming": "custom", "name_is": "start"}
    result = await answer(home, result, {**reading, "pattern": "x"})
    assert result["errors"] == {"pattern": "pattern_without_time"}
    pattern = "*/%Y-%m-%d/*/%M-%S-%H"
    result = await answer(home, result, {**reading, "pattern": pattern})
    assert result["step_id"] == "media_check_tree"
    assert result["description_placeholders"]["time"] == "2026-05-31 00:12:00"
    result = await pick(home, result, "media_reading")
    result = await answer(
        home, result, {"naming": "automatic", "name_is": "end", "time_zone": "UTC"}
    )
    assert result["description_placeholders"]["time"] == "2026-05-31 13:58:00"
    await pick(home, result, "save")
    (camera,) = entry.subentries.values()
    source = camera.data["source"]
    assert source["root"] == "media-source://toy"
    assert json.loads(source["levels"]) == ["Archive", None, "Porch"]
    assert (source["seconds"], source["name_is"]) == ("120.0", "end")
    assert source == example("media_sources")["tree"]

    # a camera that is changed keeps its folders, until others are picked
    result = await entry.start_subentry_reconfigure_flow(home, camera.subentry_id)
    result = await answer(home, result, typed())
    assert result["step_id"] == "media_check_tree"
    result = await pick(home, result, "media_folder")
    assert result["step_id"] == "media_folder"

    # and no other camera may show them too
    result = await answer(home, await begin(home, entry), typed(name="Other"))
    for title, which in (("Toy", None), ("Archive", "only"), ("2026-05-30", "only")):
        result = await into(home, result, title, which)
    result = await into(home, result, "Porch", "only")
    assert result["errors"] == {"base": "media_taken"}


async def test_a_recording_too_large_to_be_measured(
    home: HomeAssistant, add_home: AddHome, film: Path
) -> None:
    """No form fetches gigabytes: its length stays open. Another problem is told."""
    tree: dict[str, Any] = {"Porch": {"2026-05-31 12-00-00": film.read_bytes()}}
    toy = add_toy(home, tree)
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    result = await into(home, result, "Toy")
    with patch.object(media_example, "LARGEST", 1000):
        result = await into(home, result, "Porch", "only")
    assert result["step_id"] == "media_check_tree"
    said = result["description_placeholders"]
    assert (said["time"], said["seconds"]) == ("2026-05-31 12:00:00", "?")
    await pick(home, result, "save")
    (camera,) = entry.subentries.values()
    assert "seconds" not in camera.data["source"]
    toy.url = "/api/toy/nothing"
    result = await entry.start_subentry_reconfigure_flow(home, camera.subentry_id)
    result = await answer(home, result, typed())
    assert result["errors"] == {"base": "media_answer_broken"}


async def test_names_that_tell_no_time(home: HomeAssistant, add_home: AddHome) -> None:
    """It stands where times are read."""
    add_toy(home, {"Porch": {"first": b"", "second": b""}})
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    result = await into(home, await into(home, result, "Toy"), "Porch", "only")
    assert result["step_id"] == "media_reading"
    assert result["errors"] == {"naming": "names_not_recognised"}
    assert result["description_placeholders"] == {"files": "2"}


async def test_a_wrong_branch_is_left_again(
    home: HomeAssistant, add_home: AddHome, film: Path
) -> None:
    """Level by level, back to the sources; what was picked there counts no more."""
    days = {"2026-05-31": {"12-00-00": film.read_bytes()}}
    add_toy(home, {"Porch": days, "Yard": {"Old": {"Older": {}}}})
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    sources = shown(result, "media_folder")
    assert "up" not in sources
    result = await into(home, result, "Toy")
    result = await into(home, result, "Yard", "only")
    result = await into(home, result, "Old", "each")
    for level in ("2", "1"):
        result = await answer(home, result, UP_TYPED)
        assert result["description_placeholders"] == {"level": level}
    result = await answer(home, result, UP_TYPED)
    assert shown(result, "media_folder") == sources
    result = await into(home, await into(home, result, "Toy"), "Porch", "only")
    result = await into(home, result, "2026-05-31", "each")
    assert result["step_id"] == "media_check_tree"
    await pick(home, result, "save")
    (camera,) = entry.subentries.values()
    assert camera.data["source"]["root"] == "media-source://toy"
    assert json.loads(camera.data["source"]["levels"]) == ["Porch", None]


async def test_a_title_that_two_folders_have(
    home: HomeAssistant, add_home: AddHome
) -> None:
    """By its title alone it would be found again: each of them can be used."""
    porches = {"Porch": {"x": {}}, "Garden": {"x": {}}}
    add_toy(home, porches).titles["Garden"] = "Porch"
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    result = await into(home, result, "Toy")
    bad = await into(home, result, "Porch", "only")
    assert bad["errors"] == {"media_folder": "media_title_twice"}
    assert bad["description_placeholders"] == {"level": "1"}
    result = await into(home, bad, "Porch", "each")
    assert result["description_placeholders"] == {"level": "2"}


async def test_folders_without_an_end(home: HomeAssistant, add_home: AddHome) -> None:
    """After some levels it is tried, and told that nothing was found."""
    tree: dict[str, Any] = {}
    for _ in range(8):
        tree = {"deeper": tree}
    add_toy(home, tree)
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    result = await into(home, result, "Toy")
    for _ in range(6):
        result = await into(home, result, "deeper", "only")
    assert result["step_id"] == "media"
    assert result["errors"] == {"base": "media_no_recordings"}


async def test_a_source_that_goes_away_meanwhile(
    home: HomeAssistant, add_home: AddHome
) -> None:
    """What cannot be looked at any more leads back, and says why."""
    toy = add_toy(home, {"Porch": {"2026-06-01": {}}})
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    result = await into(home, result, "Toy")
    toy.tree["Yard"] = toy.tree.pop("Porch")
    gone = await answer(
        home,
        result,
        {"media_folder": "media-source://toy/Porch", "media_which": "only"},
    )
    assert gone["errors"] == {"base": "media_gone"}
    # a folder that went between two looks
    level = "custom_components.clip_consent.subentry_camera_media.async_media_level"
    there = MediaLevel(folders={"media-source://toy/Yard": "Yard"}, films=1)
    with patch(level, side_effect=[there, MediaLevel(folders={}, films=0), there]):
        again = await answer(
            home,
            gone,
            {"media_folder": "media-source://toy/Yard", "media_which": "only"},
        )
    assert again["errors"] == {"base": "media_gone"}
    with patch(level, side_effect=SourceError("media_slow")):
        result = await answer(
            home,
            again,
            {"media_folder": "media-source://toy/Yard", "media_which": "only"},
        )
    assert result["step_id"] == "media"
    assert result["errors"] == {"base": "media_slow"}


async def test_a_tree_that_is_away(home: HomeAssistant, add_home: AddHome) -> None:
    """All else of its camera can be changed, and another folder can be chosen."""
    source = tree(["Porch", None])
    data = camera_data(place="outdoor", source_kind="media", source=source)
    entry = await add_home(
        {"subentry_type": "camera", "title": "Porch", "data": data, "unique_id": "it"}
    )
    (camera,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(home, camera.subentry_id)
    result = await answer(home, result, typed())
    assert result["step_id"] == "camera_away"
    assert list(result["errors"]) == ["base"]
    result = await answer(home, result, {"name": "Garden", "place": "outdoor"})
    assert result["step_id"] == "media_check_tree_away"
    assert result["menu_options"] == ["save", "media_folder", *AFTER]
    result = await pick(home, result, "save")
    assert result["reason"] == "reconfigure_successful"
    (camera,) = entry.subentries.values()
    assert (camera.title, camera.unique_id) == ("Garden", "it")
    assert camera.data == data


async def test_a_folder_of_this_machine(
    home: HomeAssistant, add_home: AddHome, film: Path, tmp_path: Path
) -> None:
    """Its file is measured where it is."""
    folder = tmp_path / "media" / "Porch"
    folder.mkdir(parents=True)
    home.config.media_dirs["local"] = str(tmp_path / "media")
    file = folder / "2026-06-01 14-00-00.mp4"
    file.write_bytes(film.read_bytes())
    then = (NOON + timedelta(minutes=2)).timestamp()
    os.utime(file, (then, then))
    entry = await add_home()
    result = await answer(home, await begin(home, entry), typed())
    result = await into(home, result, "My media")
    result = await into(home, result, "Porch", "only")
    assert result["description_placeholders"]["time"] == "2026-06-01 14:00:00"
    assert result["description_placeholders"]["seconds"] == "120"
    assert datetime.fromtimestamp(then, UTC) < LATER


_NAMED = {"naming": "custom", "pattern": "*/{camera}_%Y-%m-%d_%H-%M-%S"}


def tree(levels: list[str | None], **reading: str) -> dict[str, str]:
    """Return the source of a camera in that tree."""
    root = "media-source://toy"
    return {"system": "tree", "root": root, "levels": json.dumps(levels), **reading}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # a name that the reading does not look at tells nothing apart
        (tree([None], camera="front"), tree([None], camera="back"), True),
        (
            tree([None], camera="front", naming="automatic"),
            tree([None], camera="back", naming="automatic"),
            True,
        ),
        (
            tree([None], camera="front", **_NAMED),
            tree([None], camera="back", **_NAMED),
            False,
        ),
        (
            tree([None], camera="front", naming="custom", pattern="*{camera}*_%s"),
            tree([None], camera="front_door", naming="custom", pattern="*{camera}*_%s"),
            True,
        ),
        # one reads this way, one that way
        (tree([None], camera="front", **_NAMED), tree([None], camera="back"), True),
        (
            tree([None, "a"], camera="front", **_NAMED),
            tree(["b", None], camera="back", **_NAMED),
            True,
        ),
        (tree(["a"]), tree(["b"]), False),
        (tree(["a"]), tree([None]), True),
        (tree(["a"]), tree(["a", None]), False),
        (tree(["a"]), {"system": "unifiprotect", "entity": "x"}, False),
    ],
)
def test_what_one_camera_shows_no_other_does(
    hass: HomeAssistant, one: dict[str, str], other: dict[str, str], *, same: bool
) -> None:
    """Two cameras of one tree are told apart as those of one folder are."""
    assert same_media(hass, one, other) is same
    assert same_media(hass, other, one) is same
