"""How a delivery ends that does not arrive, and a case that was shared before."""

import asyncio
from datetime import timedelta
from pathlib import Path
import shutil
from typing import override
from unittest.mock import AsyncMock

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    DeliveryError,
    StoreError,
)
from custom_components.clip_consent.core.ledger import Entry
from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    CaseState,
    Choice,
    ClosedReason,
    Delivery,
    Destination,
    PortalKind,
    Way,
    Window,
)
from custom_components.clip_consent.core.ports import Progress, SaveUpload
from custom_components.clip_consent.core.requests import make_ask

from .world import ANNA, BEN, GARDEN, NOON, ByteOracle, World, recipient, request

UPLOAD = Destination(way=Way.TUS, url="https://example.org/files")
PUT = Destination(way=Way.PUT, url="https://example.org/one?signature=1")
BY_HAND = Destination(way=Way.HAND_OVER)
SPAN = Window(start=NOON - timedelta(minutes=58), end=NOON - timedelta(minutes=57))
ANOTHER = Choice(camera_id=GARDEN, window=SPAN)
HOUR = timedelta(hours=1)


class Holding(ByteOracle):
    """A server that takes its time: an upload hangs until it is let go."""

    def __init__(self, *, stubborn: bool = False) -> None:
        """Keep whether an upload that is stopped gets through all the same."""
        super().__init__()
        self.began = asyncio.Event()
        self.let_go = asyncio.Event()
        self.stubborn = stubborn
        self.stopped = False

    @override
    async def async_deliver(
        self, delivery: Delivery, path: Path, *, save: SaveUpload, progress: Progress
    ) -> None:
        self.began.set()
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.stopped = True
            if not self.stubborn:
                raise
        self.arrived.append(path.read_bytes() if path.exists() else b"")


async def last_line(world: World, kind: str) -> Entry:
    """Return the newest ledger line of a kind."""
    entries, _ = await world.manager.reading.async_export_ledger(None)
    return [entry for entry in entries if entry.kind == kind][-1]


def spooled(world: World) -> list[Path]:
    """Return the packages that lie in the spool."""
    return list((world.folder / "cache" / "spool").glob("*.age"))


async def now_of(world: World, case: Case) -> Case:
    """Return a case as it is now."""
    return await world.case(case.request.request_id)


async def try_for(world: World, hours: int) -> None:
    """Let hours pass, with the attempts that fall into them."""
    for _ in range(hours):
        world.clock.go_on(HOUR)
        world.manager.look_again()
        await world.settle()


# --- giving up


async def test_upload_that_never_arrives_is_given_up(world: World) -> None:
    """A week after its request ended it is told as failed, and nothing is kept."""
    case = await world.asked(destination=UPLOAD)
    world.oracle.errors = [
        DeliveryError("address_unknown", permanent=False) for _ in range(1000)
    ]
    await world.approve(case)
    await world.pass_undo()
    await try_for(world, 14 * 24 - 4)
    assert (await now_of(world, case)).state is CaseState.SEALED
    assert spooled(world)
    await try_for(world, 6)

    over = await now_of(world, case)
    assert (over.state, over.closed) == (CaseState.CLOSED, ClosedReason.EXPIRED)
    assert over.delivery is None
    assert not spooled(world)
    assert not (world.drafter.folder / case.case_id).exists()
    refused = await last_line(world, "delivery_refused")
    assert refused.data == {
        "problem": "address_unknown",
        "given_up": True,
        "may_have_left": True,
    }
    assert over.problem == "address_unknown"  # the panel goes on saying why
    assert (await last_line(world, "closed")).data["reason"] == "expired"
    failed = [e for e in world.events if e.type is CaseEventType.FAILED]
    assert [e.case.problem for e in failed] == ["address_unknown"]
    assert [e.type for e in world.events[-2:]] == [
        CaseEventType.FAILED,
        CaseEventType.CLOSED,
    ]
    # what phones say of it stays there: closing would have cleared it at once
    assert world.prompter.settled[-1].type is CaseEventType.FAILED
    world.oracle.errors.clear()
    await try_for(world, 3)
    assert not world.oracle.arrived


async def test_fault_that_nobody_foresaw_is_told_and_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the log, the case says so, and it is no silence for ever."""
    case = await world.asked(destination=UPLOAD)
    deliver = AsyncMock(side_effect=UnicodeError("label too long"))
    monkeypatch.setattr(world.oracle, "async_deliver", deliver)
    await world.approve(case)
    await world.pass_undo()
    after = await now_of(world, case)
    assert (after.state, after.problem) == (CaseState.SEALED, "delivery_failed")
    assert after.delivery
    assert after.delivery.next_attempt_at
    assert "label too long" in caplog.text
    await try_for(world, 14 * 24 + 2)
    refused = await last_line(world, "delivery_refused")
    assert refused.data["given_up"]
    assert refused.data["problem"] == "delivery_failed"


async def test_full_spool_does_not_hold_a_consent_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clip that could not be sealed for two weeks is given up too."""
    case = await world.asked()

    async def full(case: Case, *, progress: Progress) -> Delivery:
        raise StoreError("spool_failed")

    monkeypatch.setattr(world.bench.sealer, "async_seal", full)
    await world.approve(case)
    await world.pass_undo()
    await try_for(world, 24)
    assert (await now_of(world, case)).state is CaseState.CONSENTED
    await try_for(world, 14 * 24 + 2)
    assert (await now_of(world, case)).closed is ClosedReason.EXPIRED


async def test_long_outage_still_lets_an_approved_clip_go(world: World) -> None:
    """Only a failed attempt ends a delivery, and its status page opens again."""
    case = await world.asked()
    world.clock.go_on(timedelta(days=6, hours=23))
    await world.approve(case)
    await world.manager.async_stop()
    world.clock.go_on(timedelta(days=15))
    await world.boot()
    status_id = case.request.request_id
    await world.settle()

    shared = await now_of(world, case)
    assert shared.state is CaseState.SHARED
    status = await world.manager.direct.async_status(status_id)
    assert isinstance(status, dict)
    [delivery] = status["deliveries"]
    path = await world.manager.direct.async_drop(status_id, delivery["id"])
    assert path
    assert path.exists()
    world.clock.go_on(timedelta(days=14))
    assert await world.manager.direct.async_status(status_id) is None


async def test_second_clip_that_is_refused_late_leaves_the_first(world: World) -> None:
    """After the end of its request, the case is what it was: shared, and says why."""
    first = await share(world, destination=UPLOAD)
    await world.manager.async_choose(first.case_id, ANOTHER, ANNA)
    await world.settle()
    await world.approve(await now_of(world, first))
    world.clock.go_on(timedelta(days=8))
    world.oracle.errors = [DeliveryError("upload_refused", permanent=True)]
    world.events.clear()
    world.manager.look_again()
    await world.settle()
    after = await now_of(world, first)
    assert (after.state, after.problem) == (CaseState.SHARED, "upload_refused")
    assert after.delivered == first.delivered
    assert [e.type for e in world.events] == [CaseEventType.FAILED]
    assert not spooled(world)


async def test_an_outage_of_days_ends_with_the_clip_arriving(world: World) -> None:
    """However often it was tried meanwhile, within an hour it goes on where it was."""
    case = await world.asked(destination=UPLOAD)
    world.oracle.errors = [
        DeliveryError("connection_lost", permanent=False) for _ in range(10_000)
    ]
    await world.approve(case)
    await world.pass_undo()
    await try_for(world, 5 * 24)
    delayed = (await now_of(world, case)).delivery
    assert delayed
    assert delayed.attempts > 100
    await world.reboot()
    world.oracle.errors.clear()
    await try_for(world, 1)
    after = await now_of(world, case)
    assert (after.state, after.problem) == (CaseState.SHARED, None)
    assert after.delivered[0].delivery_id == delayed.delivery_id
    assert after.delivered[0].upload_url == delayed.upload_url
    assert len(world.oracle.arrived) == 1
    assert CaseEventType.FAILED not in {e.type for e in world.events}


# --- stopping


async def test_decline_stops_an_upload(world: World) -> None:
    """Nothing more goes out, nothing is kept, and the ledger says what may be out."""
    world.oracle = holding = Holding()
    await world.reboot()
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    with pytest.raises(ConflictError, match="case_moved_on"):
        await world.manager.async_decline(case.case_id, BEN)
    world.clock.go_on(timedelta(seconds=31))
    world.manager.look_again()
    await asyncio.wait_for(holding.began.wait(), 5)
    world.clock.wall -= HOUR
    world.manager.look_again()
    await asyncio.sleep(0)
    assert not holding.stopped
    world.clock.wall += HOUR
    after = await world.manager.async_decline(case.case_id, BEN)
    await world.settle()

    assert (after.state, after.closed) == (CaseState.CLOSED, ClosedReason.WITHDRAWN)
    assert holding.stopped
    assert not holding.arrived
    assert not spooled(world)
    assert not (world.drafter.folder / case.case_id).exists()
    closed = await last_line(world, "closed")
    assert closed.data["user_id"] == BEN
    assert closed.data["reason"] == "withdrawn"
    assert closed.data["may_have_left"] is True
    assert world.events[-1].type is CaseEventType.CLOSED
    await world.reboot()
    await world.pass_undo()
    assert not holding.arrived
    with pytest.raises(ConflictError, match="case_moved_on"):
        await world.manager.async_decline(case.case_id, BEN)


async def test_upload_that_got_through_as_it_was_stopped_is_told(world: World) -> None:
    """The last byte was out: the case is shared, and the ledger has the receipt."""
    world.oracle = holding = Holding(stubborn=True)
    await world.reboot()
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    world.clock.go_on(timedelta(seconds=31))
    world.manager.look_again()
    await asyncio.wait_for(holding.began.wait(), 5)
    await world.manager.async_decline(case.case_id, BEN)
    await world.settle()

    shared = await now_of(world, case)
    assert shared.state is CaseState.SHARED
    assert len(shared.delivered) == len(holding.arrived) == 1
    told = await last_line(world, "shared")
    assert told.data["withdrawn_too_late"] is True
    assert told.data["delivery_id"] == shared.delivered[0].delivery_id
    assert world.events[-1].type is CaseEventType.SHARED


async def test_decline_stops_what_cannot_be_sealed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it was ever out."""
    case = await world.asked()

    async def full(case: Case, *, progress: Progress) -> Delivery:
        raise StoreError("spool_failed")

    monkeypatch.setattr(world.bench.sealer, "async_seal", full)
    await world.approve(case)
    await world.pass_undo()
    after = await world.manager.async_decline(case.case_id, None)
    assert after.closed is ClosedReason.WITHDRAWN
    assert (await last_line(world, "closed")).data["may_have_left"] is False


async def test_decline_while_it_is_sealed_lets_nothing_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being sealed then is not sent, and goes with the next rounds of tidying."""
    case = await world.asked()
    seal, began, go_on = world.bench.sealer.async_seal, asyncio.Event(), asyncio.Event()

    async def slow(case: Case, *, progress: Progress) -> Delivery:
        began.set()
        await go_on.wait()
        return await seal(case, progress=progress)

    monkeypatch.setattr(world.bench.sealer, "async_seal", slow)
    await world.approve(case)
    world.clock.go_on(timedelta(seconds=31))
    world.manager.look_again()
    await asyncio.wait_for(began.wait(), 5)
    after = await world.manager.async_decline(case.case_id, BEN)
    go_on.set()
    await world.settle()
    assert after.closed is ClosedReason.WITHDRAWN
    assert (await now_of(world, case)).closed is ClosedReason.WITHDRAWN
    assert "shared" not in await world.ledger()
    for _ in range(2):  # the first one spares what was sealed since the last
        await world.manager._sweep.async_clean()
    assert not spooled(world)
    status = await world.manager.direct.async_status(case.request.request_id)
    assert isinstance(status, dict)
    assert status["deliveries"] == []


# --- shared before


async def share(world: World, **changes: object) -> Case:
    """Return a case that was shared."""
    case = await world.asked(**changes)
    await world.approve(case)
    await world.pass_undo()
    return await now_of(world, case)


@pytest.mark.parametrize("way", [UPLOAD, Destination(way=Way.DROP)])
async def test_second_clip_goes_out_beside_the_first(
    world: World, way: Destination
) -> None:
    """Each arrives once, by a package and an upload of its own; restarts double none."""
    first = await share(world, destination=way)
    await world.manager.async_choose(first.case_id, ANOTHER, ANNA)
    await world.settle()
    await world.approve(await now_of(world, first))
    await world.reboot()
    await world.pass_undo()
    await world.reboot()
    await world.pass_undo()
    both = await now_of(world, first)
    assert both.state is CaseState.SHARED
    one, two = both.delivered
    assert one == first.delivered[0]
    assert one.delivery_id != two.delivery_id
    assert one.draft.sha256 != two.draft.sha256
    assert (await world.ledger()).count("shared") == 2
    if way.way is Way.DROP:
        status = await world.manager.direct.async_status(first.request.request_id)
        assert isinstance(status, dict)
        listed = {each["id"] for each in status["deliveries"]}
        assert listed == {one.delivery_id, two.delivery_id}
    else:
        assert len(world.oracle.arrived) == len(set(world.oracle.arrived)) == 2


async def test_reopened_case_that_nobody_answers_is_shared_again(
    world: World,
) -> None:
    """It was shared before, and no event says that it closed."""
    shared = await share(world)
    await world.manager.async_choose(shared.case_id, ANOTHER, ANNA)
    await world.settle()
    world.events.clear()
    world.prompter.settled.clear()
    world.clock.go_on(timedelta(days=8))
    world.manager.look_again()
    await world.settle()

    after = await now_of(world, shared)
    assert (after.state, after.closed) == (CaseState.SHARED, None)
    assert after.delivered == shared.delivered
    assert after.draft == shared.draft
    assert not world.events
    assert [e.type for e in world.prompter.settled] == [CaseEventType.CLOSED]
    assert (await last_line(world, "closed")).data["reason"] == "expired"


async def test_declined_second_clip_leaves_the_one_handed_over(world: World) -> None:
    """The first can be downloaded for its day, whatever becomes of a second."""
    case = await share(
        world,
        destination=BY_HAND,
        recipient=None,
        portal=PortalKind.SERVICE,
        invite_id=None,
    )
    await world.manager.async_choose(case.case_id, ANOTHER, ANNA)
    await world.settle()
    after = await world.manager.async_decline(case.case_id, ANNA)
    assert after.state is CaseState.SHARED
    path, _ = await world.manager.reading.async_draft_file(
        case.case_id, case.delivered[0].draft.sha256, "file", ANNA
    )
    assert path.exists()


async def test_second_clip_would_replace_the_first(world: World) -> None:
    """A presigned address takes one file: what was shared is never overwritten."""
    case = await share(world, destination=PUT)
    with pytest.raises(ConflictError, match="one_address_one_clip"):
        await world.manager.async_choose(case.case_id, ANOTHER, ANNA)
    assert (await now_of(world, case)).state is CaseState.SHARED
    assert len(world.oracle.arrived) == 1


# --- what a restore leaves


async def test_package_that_is_gone_is_listed_no_more(world: World) -> None:
    """K-06: backups leave the spool out, so a restored home has no package to give."""
    gone, kept = await share(world), await share(world)
    [delivery] = gone.delivered
    await world.manager.async_stop()
    shutil.move(world.bench.sealer.path(delivery.delivery_id), world.folder / "away")
    await world.boot()

    status = await world.manager.direct.async_status(gone.request.request_id)
    assert isinstance(status, dict)
    assert status["deliveries"] == []
    assert (await now_of(world, gone)).delivered[0].revoked_at == world.clock.now()
    line = await last_line(world, "revoked")
    assert line.data == {
        "user_id": None,
        "delivery_id": delivery.delivery_id,
        "lost": True,
    }
    status = await world.manager.direct.async_status(kept.request.request_id)
    assert isinstance(status, dict)
    assert len(status["deliveries"]) == 1


# --- who can look where


async def test_entered_request_with_a_key_has_a_status_page(world: World) -> None:
    """The one whose key was given can be told where to look."""
    ask = make_ask(window=request().window, text="x", name="y", recipient=recipient())
    _, status_id = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=ANNA
    )
    assert status_id
    assert await world.manager.direct.async_status(status_id)
    _, none = await world.manager.async_enter(
        ask, label="", destination=UPLOAD, user_id=ANNA
    )
    assert none is None
