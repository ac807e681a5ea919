"""What may be looked at, and by whom."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    MediaError,
    NotAllowedError,
    NotFoundError,
    SourceError,
)
from custom_components.clip_consent.core.models import Choice, Trust, Window
from custom_components.clip_consent.core.search import search_for
from custom_components.clip_consent.home import case_rows

from .examples import SPAN
from .world import ANNA, GARDEN, GATE, NOON, World, request


async def test_ledger_is_for_approvers_and_admins(world: World) -> None:
    """A guest reads neither ledger nor rules."""
    await world.asked()
    for user_id in ("admin", ANNA, None):
        entries, _, head, fault = await world.manager.reading.async_ledger(
            None, 5, user_id
        )
        assert entries[0].seq == head.seq
        assert fault is None
    with pytest.raises(NotAllowedError):
        await world.manager.reading.async_export_ledger("guest")
    entries, head = await world.manager.reading.async_export_ledger(ANNA)
    assert entries[-1].digest == head.digest


async def test_what_shows(world: World) -> None:
    """Counts, names, cameras and invites for the edges."""
    manager = world.manager
    case = await world.asked()
    assert manager.waiting == 1
    assert not manager.busy
    assert set(manager.cameras) == {GARDEN, GATE, "hall"}
    assert [invite.trust for invite in manager.invites] == [Trust.INVITED]
    assert str(manager.time_zone) == "Europe/Amsterdam"
    assert manager.user_name(ANNA) == "Anna"
    assert manager.user_name("guest") == ""
    assert manager.shared.last is None
    seen: list[str] = []
    remove = manager.on_case(lambda changed: seen.append(changed.state))
    manager.on_progress(lambda *progress: seen.append(str(progress[1])))
    await world.approve(case)
    await world.pass_undo()
    assert manager.shared.this_month == 1
    assert manager.shared.last == world.clock.now()
    remove()
    assert seen == ["consented", "seal", "sealed", "shared"]


async def test_thumbnails_and_spare_drafts(world: World) -> None:
    """The picker's pictures, and a draft that touches no offer."""
    case = await world.asked()
    reading = world.manager.reading
    times = [SPAN.start, NOON + timedelta(hours=1)]
    pictures = await reading.async_thumbnails(case.case_id, GARDEN, times, ANNA)
    assert [bool(picture) for _, picture in pictures] == [True, False]
    assert await reading.async_thumbnails(case.case_id, GARDEN, [], ANNA) == []
    with pytest.raises(ConflictError, match="camera_not_offered"):
        await reading.async_thumbnails(case.case_id, "hall", times, ANNA)
    far = [SPAN.start, SPAN.start + timedelta(days=2)]
    with pytest.raises(ConflictError, match="window_out_of_range"):
        await reading.async_thumbnails(case.case_id, GARDEN, far, ANNA)
    choice = Choice(camera_id=GARDEN, window=SPAN)
    spare = await reading.async_spare_draft(case.case_id, choice, None)
    assert spare.choice == choice
    assert await world.case(case.request.request_id) == case
    world.drafter.error = MediaError("recording_damaged")
    [(_, broken)] = await reading.async_thumbnails(
        case.case_id, GARDEN, [SPAN.start], ANNA
    )
    assert broken is None
    elsewhere = Choice(camera_id=GATE, window=SPAN)
    with pytest.raises(SourceError, match="not_recorded"):
        await reading.async_spare_draft(case.case_id, elsewhere, None)
    await world.manager.async_decline(case.case_id, None)
    with pytest.raises(ConflictError):
        await reading.async_spare_draft(case.case_id, choice, None)


async def test_key_times(world: World) -> None:
    """Where a copy can begin, near a moment: of cameras that may be offered."""
    case = await world.asked()
    near = world.manager.reading.async_key_times
    reach = timedelta(seconds=30)
    assert await near(case.case_id, GARDEN, SPAN.start, ANNA) == (SPAN.start - reach,)
    assert await near(case.case_id, GARDEN, NOON + timedelta(days=9), ANNA) == ()
    with pytest.raises(ConflictError, match="camera_not_offered"):
        await near(case.case_id, "hall", SPAN.start, ANNA)
    with pytest.raises(NotAllowedError):
        await near(case.case_id, GARDEN, SPAN.start, "guest")
    with pytest.raises(ConflictError, match="window_out_of_range"):
        await near(case.case_id, GARDEN, datetime.min.replace(tzinfo=UTC), ANNA)
    world.drafter.error = MediaError("recording_unreadable")
    with pytest.raises(MediaError):
        await near(case.case_id, GARDEN, SPAN.start, ANNA)


async def test_find_clips(world: World) -> None:
    """Runs of a camera; unknown cameras and windows out of range are refused."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    reading = world.manager.reading
    assert await reading.async_find_clips(GARDEN, SPAN, ANNA) == (SPAN,)
    with pytest.raises(NotFoundError, match="camera_not_found"):
        await reading.async_find_clips("attic", SPAN, ANNA)
    with pytest.raises(ConflictError, match="window_out_of_range"):
        await reading.async_find_clips(
            GARDEN, Window(start=NOON - timedelta(days=2), end=NOON), ANNA
        )


async def test_rules_can_be_tried(world: World) -> None:
    """On the last requests, for approvers, and on a made-up one."""
    case = await world.asked()
    [(case_id, screening)] = await world.manager.reading.async_try_rules(None, ANNA)
    assert case_id == case.case_id
    assert screening == case.screening
    stranger = request(trust=Trust.UNVERIFIED)
    for user_id in (ANNA, "admin"):
        [(_, said)] = await world.manager.reading.async_try_rules(stranger, user_id)
        assert said.verdict.value == "list"
    assert await world.manager.reading.async_try_rules(None, "admin") == []


async def test_history_is_paged(world: World) -> None:
    """Newest first, with a cursor; what came in at the same moment is not lost."""
    sent = [(await world.asked()).case_id for _ in range(3)]
    first, cursor = await world.manager.reading.async_history(None, 2, ANNA)
    rest, end = await world.manager.reading.async_history(cursor, 2, ANNA)
    assert [case.case_id for case in (*first, *rest)] == sent[::-1]
    assert len(first) == 2
    assert end is None


async def test_history_is_searched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page; a page that only looked through says where to go on."""
    monkeypatch.setattr(case_rows, "SCAN_MAX", 2)
    search = world.manager.reading.async_search
    sent = [await world.asked(text=f"bicycle {n % 2}") for n in range(5)]
    found, cursor, pages = [], None, 0
    while cursor or not pages:
        page, cursor = await search(search_for("bicycle 1"), cursor, 1, ANNA)
        found += [case.case_id for case in page]
        pages += 1
    assert found == [sent[3].case_id, sent[1].case_id]
    assert pages == 3
    page, cursor = await search(search_for("bicycle"), None, 5, ANNA)
    assert [case.case_id for case in page] == [sent[4].case_id, sent[3].case_id]
    assert cursor
    page, cursor = await search(search_for(""), None, 5, ANNA)
    assert (len(page), cursor) == (5, None)
    with pytest.raises(NotAllowedError):
        await search(search_for("bicycle"), None, 5, "stranger")
