"""The panel's feed: what whoever follows it is told, and when it ends."""

import asyncio
import re
from typing import Final

from homeassistant.core import HomeAssistant
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager
from tests.interfaces import example, unlike

from .acting import ASKING, SPAN, Panel, act, login, offered, plain_user
from .conftest import TOKEN
from .panels import KEY, case, panel, subscribed

__all__ = ["case", "panel"]  # fixtures, used by name

ASK: Final = f"/api/clip_consent/ask/{TOKEN}"


async def test_snapshot_case_and_progress_have_the_published_form(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """What the feed sends, from the first draft to the sealed delivery."""
    snapshot = await subscribed(panel)
    assert list(unlike(example("subscribe_snapshot"), snapshot)) == []
    assert snapshot["cases"] == []
    assert snapshot["invites"][0]["label"] == "Anna next door"
    assert re.search(
        "/api/clip_consent/ask/[a-z2-7]{26}$", snapshot["invites"][0]["url"]
    )
    assert snapshot["invites"][0]["external"] is False

    answer = await act(hass, "submit_request", **ASKING, label="Anna", recipient=KEY)
    progress = await panel.event("progress")
    assert list(unlike(example("subscribe_progress"), progress)) == []
    assert (progress["doing"], progress["case_id"]) == ("draft", answer["case_id"])
    assert 0 <= progress["done"] <= 1
    event = await panel.event("case")
    while event["case"]["state"] != "waiting":
        event = await panel.event("case")
    assert list(unlike(example("subscribe_case"), {**event, "case": None})) == []
    assert list(unlike(example("case"), event["case"])) == []
    assert event["waiting"] == 1

    await panel.approve(await offered(manager, answer["case_id"]))
    event = await panel.event("case")
    while not event["case"]["consent"]:
        event = await panel.event("case")
    assert list(unlike(example("consent"), event["case"]["consent"])) == []
    assert event["case"]["consent"]["user"] == "Sam"
    while not event["case"]["deliveries"]:
        event = await panel.event("case")
    [delivery] = event["case"]["deliveries"]
    assert list(unlike(example("delivery"), delivery)) == []
    assert event["case"]["state"] == "shared"
    assert event["waiting"] == 0


async def test_others_follow_counts_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """No case, no progress, no name: only how many wait and whether it is on."""
    guest = Panel(await hass_ws_client(hass, await login(hass, await plain_user(hass))))
    await subscribed(guest)
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await manager.async_decline(case.case_id, None)
    event = await guest.event("case")
    seen = [event]
    while event["waiting"] != 1:
        seen.append(event := await guest.event("case"))
    while event["waiting"] != 0:
        seen.append(event := await guest.event("case"))
    assert all(
        each
        == {
            "event": "case",
            "now": each["now"],
            "waiting": each["waiting"],
            "accepting": True,
            "case": None,
        }
        for each in [*seen, *guest.events]
    )


async def test_feed_goes_on_when_the_home_starts_anew(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
    approver: MockUser,
) -> None:
    """After a reload there is a new snapshot; who is approver no more sees no case."""
    snapshot = await subscribed(panel)
    assert snapshot["cases"][0]["case_id"] == case.case_id
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    again = await panel.event("snapshot")
    assert again["cases"][0]["case_id"] == case.case_id
    assert again["approver"]

    [mine] = [s for s in entry.subentries.values() if s.unique_id == approver.id]
    hass.config_entries.async_remove_subentry(entry, mine.subentry_id)
    await hass.async_block_till_done()
    last = await panel.event("snapshot")
    assert not last["approver"]
    assert last["cases"] == []
    home: HomeManager = entry.runtime_data
    await home.async_decline(case.case_id, None)
    assert (await panel.event("case"))["case"] is None


async def test_feed_begins_before_the_home_does(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel
) -> None:
    """Who subscribes while nothing is set up gets the snapshot at the start."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await panel.result("subscribe")
    assert panel.events == []
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (await panel.event("snapshot"))["approver"]


async def test_ended_subscription_leaves_nothing_behind(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """Also one that ends while the first snapshot is being made."""
    caseload = manager._bench.caseload
    before = len(caseload._cases), len(caseload._progress)
    await panel._client.send_json_auto_id({"type": "clip_consent/subscribe"})
    number = (await panel._client.receive_json())["id"]
    await panel.event("snapshot")
    assert (len(caseload._cases), len(caseload._progress)) == (
        before[0] + 1,
        before[1] + 1,
    )
    await panel._client.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": number}
    )
    assert (await panel._client.receive_json())["success"]
    assert (len(caseload._cases), len(caseload._progress)) == before

    gate = asyncio.Event()
    ask = manager.reading.async_is_approver

    async def slowly(user_id: str) -> bool:
        await gate.wait()
        return await ask(user_id)

    manager.reading.async_is_approver = slowly  # type: ignore[method-assign]
    await panel.result("subscribe")
    await panel._client.close()
    await hass.async_block_till_done()
    gate.set()
    await hass.async_block_till_done()
    assert (len(caseload._cases), len(caseload._progress)) == before


async def test_nobody_looks_for_a_panel_that_is_gone(
    hass: HomeAssistant,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pictures that nobody waits for are not made: unsubscribed from, or hung up."""
    begun, ended = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def forever(*_: object) -> None:
        begun.release()
        try:
            await asyncio.sleep(600)
        finally:
            ended.release()

    monkeypatch.setattr(manager.reading, "async_thumbnails", forever)
    [camera_id] = manager.cameras
    client = await hass_ws_client(hass)
    message = {
        "type": "clip_consent/thumbnails",
        "case_id": case.case_id,
        "camera_id": camera_id,
        "times": [SPAN["start"]],
    }
    await client.send_json_auto_id(message)
    await asyncio.wait_for(begun.acquire(), 10)
    assert ended.locked()
    wanted = {"type": "unsubscribe_events", "subscription": message["id"]}
    await client.send_json_auto_id(wanted)
    assert (await client.receive_json())["success"]
    await asyncio.wait_for(ended.acquire(), 10)
    await client.send_json_auto_id(message)
    await asyncio.wait_for(begun.acquire(), 10)
    await client.close()
    await asyncio.wait_for(ended.acquire(), 10)


async def test_panel_hears_nothing_of_what_is_over_a_limit(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
) -> None:
    """G9: nor is it in the history; the ledger has it."""
    await panel.result("subscribe")
    stranger = await hass_client_no_auth()
    for _ in range(8):
        key = str(x25519.Identity.generate().to_public())
        sent = await stranger.post(ASK, json={**body, "recipient": key})
        assert sent.status == 202
    while manager.busy:
        await asyncio.sleep(0.01)
    page = await panel.result("history")
    assert len(page["cases"]) == 5
    told = [each["case"]["closed"] for each in panel.events if each["event"] == "case"]
    assert told
    assert "over_limit" not in told
