"""The panel's commands that decide: pick, prepare, approve, undo, answer, decline."""

import base64
from datetime import datetime, timedelta
import io
from types import MappingProxyType

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from PIL import Image
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.home.manager import HomeManager
from tests.interfaces import example, unlike

from .acting import (
    ASKING,
    SHORT,
    SPAN,
    START,
    Panel,
    act,
    case_in,
    login,
    offered,
    other_admin,
)
from .panels import KEY, case, panel, subscribed

__all__ = ["case", "panel"]  # fixtures, used by name


async def test_picker_finds_shows_and_prepares(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
    hass_client: ClientSessionGenerator,
) -> None:
    """Another span is another draft and another offer; the one before is void."""
    [camera_id] = manager.cameras
    found = await panel.result("find_clips", camera_id=camera_id, **SPAN)
    assert list(unlike(example("find_clips_answer"), found)) == []
    assert await panel.error("find_clips", camera_id="x", **SPAN) == "camera_not_found"

    outside = (START - timedelta(hours=5)).isoformat()
    wanted = {"case_id": case.case_id, "camera_id": camera_id}
    shown = await panel.result("thumbnails", **wanted, times=[SPAN["start"], outside])
    pictures = [each["jpeg"] for each in shown["thumbnails"]]
    assert pictures[1] is None
    assert Image.open(io.BytesIO(base64.b64decode(pictures[0]))).format == "JPEG"
    assert await panel.result("thumbnails", **wanted, times=[]) == {"thumbnails": []}
    keys = (await panel.result("key_times", **wanted, at=SPAN["start"]))["key_times"]
    assert all(abs(datetime.fromisoformat(key) - START).seconds <= 30 for key in keys)
    other = {**wanted, "camera_id": "x"}
    nowhere = await panel.error("key_times", **other, at=SPAN["start"])
    assert nowhere == "camera_not_offered"
    assert await panel.error("thumbnails", **other, times=[]) == "camera_not_offered"
    long_ago = (START - timedelta(days=3)).isoformat()
    far = await panel.error("thumbnails", **wanted, times=[SPAN["start"], long_ago])
    assert far == "window_out_of_range"

    assert await panel.error("prepare", **other, **SHORT) == "camera_not_offered"
    long = {**SHORT, "end": (START + timedelta(seconds=601)).isoformat()}
    refused = await panel.send("prepare", **wanted, **long)
    assert refused["error"]["code"] == "clip_too_long"
    assert "600 seconds" in refused["error"]["message"]
    assert refused["error"]["translation_placeholders"] == {"seconds": "600"}
    chosen = (await panel.result("prepare", **wanted, **SHORT))["case"]
    assert (chosen["state"], chosen["offer"], chosen["draft"]) == (
        "drafting",
        None,
        None,
    )
    assert case.offer
    void = {"offer_id": case.offer.offer_id, "sha256": case.offer.sha256}
    assert await panel.error("approve", **void) == "offer_void"
    again = await offered(manager, case.case_id)
    assert again.offer
    assert again.offer.sha256 != case.offer.sha256
    mixed = {"offer_id": again.offer.offer_id, "sha256": case.offer.sha256}
    assert await panel.error("approve", **mixed) == "draft_changed"


async def test_what_goes_along_about_the_owner_is_chosen_and_shown(
    manager: HomeManager, panel: Panel, case: Case
) -> None:
    """By both commands that choose; nothing unless it is said anew each time."""
    [camera_id] = manager.cameras
    of_case = {"case_id": case.case_id}
    film = {**of_case, "camera_id": camera_id, **SHORT}
    words = {**of_case, "text": "Come by at six."}
    for command, fields in (("prepare", film), ("answer", words)):
        long = await panel.send(command, **fields, identity="x" * 128)
        assert long["error"]["code"] == "text_too_long"
        assert "127" in long["error"]["message"]
        for said, shown in (({"identity": " Sam "}, "Sam"), ({}, None)):
            await panel.result(command, **fields, **said)
            await offered(manager, case.case_id)
            [one] = (await subscribed(panel))["cases"]
            assert one["draft"]["identity"] == shown


async def test_approve_undo_and_too_late(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
) -> None:
    """An approval can be undone within its window, and only once."""
    until_text = await panel.approve(case)
    left = datetime.fromisoformat(until_text) - dt_util.utcnow()
    assert timedelta(0) < left <= timedelta(seconds=1)  # as the options say
    undone = (await panel.result("undo", case_id=case.case_id))["case"]
    assert undone["consent"] is None
    again = await offered(manager, case.case_id)
    assert again.offer
    assert case.offer
    assert again.offer.offer_id != case.offer.offer_id
    await panel.approve(again)
    assert await panel.error("decline", case_id=case.case_id) == "case_moved_on"
    await case_in(manager, case.case_id, CaseState.SHARED)
    assert await panel.error("undo", case_id=case.case_id) == "case_moved_on"

    done = await manager.reading.async_case(case.case_id, None)
    delivery_id = done.delivered[0].delivery_id
    revoked = (await panel.result("revoke", delivery_id=delivery_id))["case"]
    assert revoked["deliveries"][0]["revoked_at"]
    assert await panel.error("revoke", delivery_id=delivery_id) == "nothing_to_revoke"


async def test_whose_the_first_yes_of_two_is(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Who gave it reads that it is theirs; for the other it is somebody else's."""
    other = await other_admin(hass)
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            subentry_type="approver",
            title="Kim",
            unique_id=other.id,
            data=MappingProxyType(
                {"user_id": other.id, "phones": [], "one_tap": [], "hide_details": []}
            ),
        ),
    )
    for rule in entry.get_subentries_of_type("rule"):
        hass.config_entries.async_update_subentry(
            entry, rule, data={**rule.data, "two_approvers": True}
        )
    await hass.async_block_till_done()
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    asked = await offered(entry.runtime_data, answer["case_id"])
    mine = Panel(await hass_ws_client(hass))
    assert asked.offer
    offer = {"offer_id": asked.offer.offer_id, "sha256": asked.offer.sha256}
    assert (await mine.result("approve", **offer))["undo_until"] is None
    theirs = Panel(await hass_ws_client(hass, await login(hass, other)))
    for client, is_theirs in ((mine, True), (theirs, False)):
        await client.result("subscribe")
        [shown] = (await client.event("snapshot"))["cases"]
        assert shown["offer"]["first"]
        assert shown["offer"]["first_is_you"] is is_theirs


async def test_answer_in_words_and_decline(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
) -> None:
    """Words are a draft that waits for approve; a decline ends the case."""
    fields = {"case_id": case.case_id, "text": "Come by at six."}
    assert (await panel.result("answer", **fields))["case"]["state"] == "drafting"
    answered = await offered(manager, case.case_id)
    [shown] = (await subscribed(panel))["cases"]
    assert shown["draft"]["text"] == fields["text"]
    assert shown["draft"]["media_type"] == "text/plain"
    assert shown["draft"]["camera_id"] is None
    assert shown["draft"]["video"] is None
    assert answered.offer
    assert await panel.error("answer", **{**fields, "text": " "}) == "text_blank"
    assert await panel.error("pickup_key", case_id=case.case_id, recipient="x") == (
        "recipient_malformed"
    )
    closed = (await panel.result("decline", case_id=case.case_id))["case"]
    assert (closed["state"], closed["closed"]) == ("closed", "declined")
    for command in ("decline", "undo"):
        assert await panel.error(command, case_id=case.case_id) == "case_moved_on"
    unknown = {"case_id": "a" * 26}
    assert await panel.error("answer", **unknown, text="x") == "case_not_found"


async def test_a_clip_that_was_sent_has_no_film_any_more(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """Its draft is gone: no path leads nowhere. One that is handed over is still here."""
    for asking, here in (({"recipient": KEY}, False), ({"hand_over": True}, True)):
        sent = (await act(hass, "submit_request", **ASKING, **asking))["case_id"]
        case = await offered(manager, sent)
        assert case.offer
        assert case.draft
        await panel.result(
            "approve", offer_id=case.offer.offer_id, sha256=case.draft.sha256
        )
        await case_in(manager, sent, CaseState.SHARED)
        shown = (await panel.result("history"))["cases"][0]
        assert shown["case_id"] == sent
        paths = [shown["draft"][kind] for kind in ("video", "still", "sheet")]
        assert all(paths) if here else paths == [None, None, None]
        assert shown["draft"]["sha256"] == case.draft.sha256
