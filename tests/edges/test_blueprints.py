"""Blueprints that tell at once, in a real Home Assistant, with real requests."""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from .blueprinted import (
    ANSWERING,
    HOUR,
    Ask,
    Automate,
    Called,
    Data,
    Lamp,
    Moments,
    Speaker,
    Voice,
    ask,
    automate,
    called,
    moments,
    own,
    smooth,
    unheard,
)

__all__ = ["ask", "automate", "called", "moments", "smooth"]  # fixtures, used by name

ANY_TIME: Final = {"from": "00:00:00", "to": "00:00:00"}

pytestmark = pytest.mark.usefixtures("smooth")


async def test_flash_a_light_and_leave_it_as_it_was(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    ask: Ask,
    called: Called,
) -> None:
    """The chosen lights flash twice; then one shines as before, the other is off."""
    desk, hall = Lamp("desk", brightness=40), Lamp("hall")
    away, other = Lamp("away", here=False), Lamp("other", brightness=9)
    await own(hass, desk, hall, away, other)
    chosen = ["light.desk", "light.hall", "light.away"]
    await automate("flash_a_light", lights=chosen, flashes=2)
    assert (desk.seen, hall.seen) == ([], [])

    await ask()
    moment = datetime.now(UTC)
    for second in range(1, 8):
        await moments.come(hass, moment + timedelta(seconds=1.5 * second))
    assert desk.seen == [255, 0, 255, 0, 40]
    assert hall.seen[:4] == [255, 0, 255, 0]
    assert (desk.is_on, desk.brightness, hall.is_on) == (True, 40, False)
    assert (away.seen, other.seen) == ([], [])
    turned = [data for name, data in called if name == "light.turn_on"]
    assert {*turned[0]["entity_id"]} == {"light.desk", "light.hall"}
    assert hass.states.async_entity_ids("scene") == []
    unheard(called)


@pytest.mark.parametrize(
    "inputs",
    [
        {"lights": ["light.hall"], "trust": ["unverified", "verified"]},
        {"lights": ["light.away"]},
    ],
)
async def test_flash_a_light_not_for_others(
    hass: HomeAssistant,
    automate: Automate,
    ask: Ask,
    called: Called,
    inputs: Data,
) -> None:
    """Neither for requesters that were not chosen, nor with no light in reach."""
    lamps = [Lamp("hall"), Lamp("away", here=False)]
    await own(hass, *lamps)
    await automate("flash_a_light", **inputs)
    await ask()
    assert called == []
    assert [lamp.seen for lamp in lamps] == [[], []]


async def test_announce_on_a_speaker_in_the_owners_words(
    hass: HomeAssistant, automate: Automate, ask: Ask, called: Called
) -> None:
    """Said once, on the chosen speakers, with labels of the owner's and no more."""
    kitchen, hall, other = Speaker("kitchen"), Speaker("hall"), Speaker("other")
    await own(hass, Voice(), kitchen, hall, other)
    await automate(
        "announce_on_a_speaker",
        voice="tts.voice",
        speakers=["media_player.kitchen", "media_player.hall"],
        words="{{ trigger.label }} asks for {{ trigger.camera }}",
        **ANY_TIME,
    )
    await ask()
    [spoken] = [data for name, data in called if name == "tts.speak"]
    assert spoken["message"] == "Anna next door asks for Driveway"
    [media] = kitchen.played
    assert said(media) == "Anna next door asks for Driveway"
    assert (hall.played, other.played) == ([media], [])
    unheard(called)


def said(media: str) -> str:
    """Return what the voice says in what a speaker is given."""
    [words] = parse_qs(urlsplit(media).query)["message"]
    return words


async def test_announce_on_a_speaker_says_that_answering_is_voluntary(
    hass: HomeAssistant, automate: Automate, ask: Ask
) -> None:
    """The words that come with it, for the chosen kind of requester."""
    speaker = Speaker("kitchen")
    await own(hass, Voice(), speaker)
    await automate(
        "announce_on_a_speaker",
        voice="tts.voice",
        speakers="media_player.kitchen",
        trust=["invited"],
        **ANY_TIME,
    )
    await ask()
    assert [said(media) for media in speaker.played] == [
        f"Somebody asks for camera footage. {ANSWERING}"
    ]


@pytest.mark.parametrize("loud", [False, True])
async def test_announce_on_a_speaker_keeps_quiet_hours(
    hass: HomeAssistant,
    automate: Automate,
    ask: Ask,
    called: Called,
    loud: bool,
) -> None:
    """Between the two times of day it speaks, outside of them it does not."""
    speaker = Speaker("kitchen")
    await own(hass, Voice(), speaker)
    now = dt_util.now()
    first, last = (now - HOUR, now + HOUR) if loud else (now + HOUR, now - HOUR)
    await automate(
        "announce_on_a_speaker",
        voice="tts.voice",
        speakers=["media_player.kitchen"],
        **{"from": f"{first:%H:%M:%S}", "to": f"{last:%H:%M:%S}"},
    )
    await ask()
    assert len(speaker.played) == loud
    assert bool(called) is loud
