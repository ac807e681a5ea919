"""What approvers decide, and what everybody else may not."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from custom_components.clip_consent.core.approval import Decision, Session
from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    ConflictError,
    DeliveryError,
    InvalidRequestError,
    MediaError,
    NotAllowedError,
    NotFoundError,
    SourceError,
    StoreError,
)
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    CaseState,
    Choice,
    ClosedReason,
    Destination,
    Draft,
    PortalKind,
    RequesterKind,
    Trust,
    Way,
    Window,
)
from custom_components.clip_consent.core.requests import make_ask
from custom_components.clip_consent.core.search import search_for
from custom_components.clip_consent.core.serial import utc_text
from custom_components.clip_consent.home import case_rows

from .world import (
    ANNA,
    BEN,
    GARDEN,
    GATE,
    NOON,
    OWN_LOGIN,
    World,
    recipient,
    request,
    tap,
)

SPAN = Window(start=NOON - timedelta(minutes=58), end=NOON - timedelta(minutes=57))
AREA = Circle(center=Point(lat=52.1, lon=4.3), radius=250)
UPLOAD = Destination(way=Way.TUS, url="https://example.org/files")


async def test_decline_closes_and_removes_the_draft(world: World) -> None:
    """After a decline there is no draft, no offer, no delivery."""
    case = await world.asked()
    after = await world.manager.async_decline(case.case_id, BEN)
    assert after.closed is ClosedReason.DECLINED
    assert not (world.drafter.folder / case.case_id).exists()
    with pytest.raises(ConflictError):
        await world.approve(case)


async def test_choice_voids_the_offer_before(world: World) -> None:
    """Another span is another draft and another offer."""
    case = await world.asked()
    choice = Choice(camera_id=GARDEN, window=SPAN)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    with pytest.raises(ConflictError, match="offer_void"):
        await world.approve(case)
    again = await world.case(case.request.request_id)
    assert again.draft
    assert again.draft.choice == choice
    await world.approve(again)
    await world.pass_undo()
    assert len((await world.case(case.request.request_id)).delivered) == 1


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Choice(camera_id="hall", window=SPAN), "camera_not_offered"),
        (
            Choice(camera_id=GARDEN, window=Window(start=SPAN.end, end=SPAN.start)),
            "window_empty",
        ),
        (
            Choice(
                camera_id=GARDEN,
                window=Window(start=NOON - timedelta(hours=2), end=NOON),
            ),
            "clip_too_long",
        ),
    ],
)
async def test_choice_is_held_to_the_rules(
    world: World, choice: Choice, code: str
) -> None:
    """Indoor cameras, empty and too long spans are refused."""
    case = await world.asked()
    with pytest.raises(ConflictError, match=code):
        await world.manager.async_choose(case.case_id, choice, ANNA)


async def test_what_a_draft_of_the_whole_length_states_may_be_chosen(
    world: World,
) -> None:
    """Its frames need not end with the second: it may state some milliseconds more."""
    _allow_seconds(world, 60)
    await world.reboot()
    case = await world.asked()
    window = Window(start=SPAN.start, end=SPAN.start + timedelta(seconds=60.009))
    choice = Choice(camera_id=GARDEN, window=window)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    draft = (await world.case(case.request.request_id)).draft
    assert draft
    assert draft.choice == choice


async def test_no_draft_may_be_longer_than_the_rules_allow(world: World) -> None:
    """Whether drafted at once, chosen or spare: the film itself is held to it too."""
    _allow_seconds(world, 420)
    await world.reboot()
    case = await world.asked()
    assert world.drafter.longest == [420]
    choice = Choice(camera_id=GARDEN, window=SPAN)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    await world.manager.reading.async_spare_draft(case.case_id, choice, None)
    assert world.drafter.longest == [420, 420, 420]


async def test_a_draft_longer_than_its_choice_is_held_to_changed_rules(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film began at a key frame; where a rule now allows less, it is let go of."""
    write = world.drafter._write

    def longer(*what: object) -> Draft:
        draft = write(*what)  # type: ignore[arg-type]
        return replace(draft, seconds=draft.seconds + 29)

    monkeypatch.setattr(world.drafter, "_write", longer)
    asked = await world.asked()
    assert asked.draft
    assert asked.draft.seconds == 329
    _allow_seconds(world, 330)
    await world.reboot()
    await world.settle()
    kept = await world.case(asked.request.request_id)
    assert kept.draft == asked.draft
    assert kept.offer
    _allow_seconds(world, 300)
    await world.reboot()
    await world.settle()
    dropped = await world.case(asked.request.request_id)
    assert dropped.state is CaseState.WAITING
    assert (dropped.draft, dropped.offer) == (None, None)


def _allow_seconds(world: World, seconds: int) -> None:
    """Let the first rule allow so many seconds."""
    first, *others = world.settings.rules
    limits = replace(first.constraints, max_seconds=seconds)
    world.settings = replace(
        world.settings, rules=(replace(first, constraints=limits), *others)
    )


async def test_what_phones_show_follows_the_choice(world: World) -> None:
    """Asked once; a new offer, or a choice that fails, renews what they show."""
    case = await world.asked()
    assert [one.case_id for one in world.prompter.asked] == [case.case_id]
    assert world.prompter.renewed == []
    shorter = Choice(
        camera_id=GARDEN,
        window=replace(case.request.window, end=NOON - timedelta(minutes=57)),
    )
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    [renewed] = world.prompter.renewed
    assert renewed.offer
    assert renewed.offer == (await world.case(case.request.request_id)).offer
    world.drafter.error = MediaError("media_failed")
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    assert world.prompter.renewed[1].offer is None
    assert len(world.prompter.asked) == 1


async def test_a_fault_of_ours_ends_a_draft_with_an_error(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, shown, and not tried again at every sweep; another draft may be."""
    case = await world.asked()
    shorter = Choice(
        camera_id=GARDEN,
        window=replace(case.request.window, end=NOON - timedelta(minutes=57)),
    )
    world.drafter.error = IndexError("tuple index out of range")
    made = len(world.drafter.made)
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    failed = await world.case(case.request.request_id)
    assert (failed.state, failed.problem) == (CaseState.WAITING, "media_failed")
    assert len(world.drafter.made) == made + 1
    assert "A draft ended in a fault" in caplog.text
    assert world.prompter.renewed[-1].problem == "media_failed"
    world.manager.look_again()
    await world.settle()
    assert len(world.drafter.made) == made + 1
    world.drafter.error = None
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    assert (await world.case(case.request.request_id)).offer


async def test_a_draft_that_the_store_did_not_take_is_tried_again(world: World) -> None:
    """What the disk refuses is no fault of the recording."""
    case = await world.asked()
    shorter = Choice(
        camera_id=GARDEN,
        window=replace(case.request.window, end=NOON - timedelta(minutes=57)),
    )
    world.drafter.error = StoreError("store_unavailable")
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    waiting = await world.case(case.request.request_id)
    assert (waiting.state, waiting.problem) == (CaseState.DRAFTING, None)
    world.drafter.error = None
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).offer


async def test_answer_in_words_goes_out_only_after_approve(world: World) -> None:
    """Words are a draft like any other."""
    case = await world.asked()
    await world.manager.async_answer(case.case_id, "Come by at six.", ANNA)
    await world.settle()
    drafted = await world.case(case.request.request_id)
    assert drafted.draft
    assert drafted.draft.choice.text == "Come by at six."
    assert not drafted.delivered
    await world.approve(drafted)
    await world.pass_undo()
    assert (await world.case(case.request.request_id)).delivered
    with pytest.raises(InvalidRequestError):
        await world.manager.async_answer(case.case_id, "  ", ANNA)
    with pytest.raises(InvalidRequestError):
        await world.manager.async_answer(case.case_id, "x" * 2001, ANNA)


@pytest.mark.parametrize("user_id", ["guest", "admin", "nobody"])
async def test_others_may_do_nothing_with_cases(world: World, user_id: str) -> None:
    """Admins who are no approvers included."""
    case = await world.asked()
    manager = world.manager
    choice = Choice(camera_id=GARDEN, window=SPAN)
    for call in (
        manager.async_decline(case.case_id, user_id),
        manager.async_undo(case.case_id, user_id),
        manager.async_choose(case.case_id, choice, user_id),
        manager.async_answer(case.case_id, "Hello", user_id),
        manager.async_set_key(case.case_id, recipient(), user_id),
        manager.async_revoke("x", user_id),
        manager.async_test_request(user_id, name="x", recipient=recipient()),
        manager.reading.async_case(case.case_id, user_id),
        manager.reading.async_history(None, 5, user_id),
        manager.reading.async_find_clips(GARDEN, SPAN, user_id),
    ):
        with pytest.raises(NotAllowedError):
            await call
    assert case.draft
    with pytest.raises(NotFoundError):
        await manager.reading.async_draft_file(
            case.case_id, case.draft.sha256, "video", user_id
        )


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


async def test_panel_wants_an_own_login(world: World) -> None:
    """A long-lived token is not a person at a screen."""
    case = await world.asked()
    assert case.offer
    assert case.draft
    for session, offer_id, code in (
        (Session(own_login=False), case.offer.offer_id, "session_not_own"),
        (OWN_LOGIN, "other", "offer_void"),
    ):
        with pytest.raises(ClipConsentError, match=code):
            await world.manager.async_approve(
                offer_id=offer_id,
                sha256=case.draft.sha256,
                user_id=ANNA,
                session=session,
            )
    with pytest.raises(NotAllowedError, match="not_approver"):
        await world.approve(case, "guest")


async def test_approving_what_is_no_offer_is_told_once_a_minute(world: World) -> None:
    """G7: who tries stands in the ledger; trying without end does not fill it."""
    case = await world.asked()

    async def rejections(offer_id: str, user_id: str, sha256: str) -> int:
        for _ in range(10):
            with pytest.raises(ClipConsentError):
                await world.manager.async_approve(
                    offer_id=offer_id,
                    sha256=sha256,
                    user_id=user_id,
                    session=OWN_LOGIN,
                )
        return (await world.ledger()).count("approve_rejected")

    assert case.offer
    assert case.draft
    assert await rejections("no offer", "guest", case.draft.sha256) == 1
    assert await rejections("none either", ANNA, case.draft.sha256) == 2
    assert await rejections(case.offer.offer_id, "guest", case.draft.sha256) == 3
    assert await rejections(case.offer.offer_id, ANNA, "0" * 64) == 4
    entry = (await world.bench.store.async_whole_ledger())[-1]
    assert entry.case_id == case.case_id
    world.clock.go_on(timedelta(minutes=2))
    assert await rejections("no offer", "guest", case.draft.sha256) == 5
    entry = (await world.bench.store.async_whole_ledger())[-1]
    assert entry.data == {"clause": "no_offer", "user_id": "guest", "means": "panel"}


async def test_swapped_file_voids_the_offer(world: World) -> None:
    """A-06: the file on disk is not the one that was shown."""
    case = await world.asked(destination=UPLOAD)
    assert case.draft
    path = world.drafter.path(case.case_id, case.draft.file)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ConflictError, match="draft_changed"):
        await world.approve(case)
    after = await world.case(case.request.request_id)
    assert after.draft is None
    assert after.offer is None
    assert "draft_changed" in world.alarm.raised
    await world.pass_undo()
    assert not world.oracle.arrived


async def test_file_swapped_in_the_undo_window_never_leaves(world: World) -> None:
    """A-06: hashed again while sealing."""
    case = await world.asked(destination=UPLOAD)
    assert case.draft
    await world.approve(case)
    path = world.drafter.path(case.case_id, case.draft.file)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    await world.pass_undo()
    after = await world.case(case.request.request_id)
    assert after.state is CaseState.WAITING
    assert after.problem == "draft_changed"
    assert not world.oracle.arrived
    assert not after.delivered


async def test_push_approves_undoes_and_declines(world: World) -> None:
    """Every answer of a push, each token once."""
    case = await world.asked()
    approve = await world.mint(case, Decision.APPROVE)
    assert await world.manager.async_tap(tap(), approve)
    consented = await world.case(case.request.request_id)
    assert consented.state is CaseState.CONSENTED
    assert not await world.manager.async_tap(tap(), approve)

    assert consented.delivery
    offer_id = consented.delivery.consent.offer_id
    undo = await world.mint(
        replace(consented, offer=replace(case.offer, offer_id=offer_id)),  # type: ignore[type-var]
        Decision.UNDO,
        BEN,
    )
    assert await world.manager.async_tap(tap(BEN), undo)
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.state is CaseState.WAITING

    decline = await world.mint(again, Decision.DECLINE)
    assert not await world.manager.async_tap(tap(BEN), decline)
    assert await world.manager.async_tap(tap(), decline)
    assert (await world.case(case.request.request_id)).state is CaseState.CLOSED
    late = await world.mint(again, Decision.DECLINE)
    assert not await world.manager.async_tap(tap(), late)


async def test_two_approvers_at_once_make_one_consent(world: World) -> None:
    """A-09: the second tap finds nothing to approve."""
    import asyncio

    case = await world.asked(destination=UPLOAD)
    first = await world.mint(case, Decision.APPROVE)
    second = await world.mint(case, Decision.APPROVE, BEN)
    counted = await asyncio.gather(
        world.manager.async_tap(tap(), first),
        world.manager.async_tap(tap(BEN), second),
    )
    assert sorted(counted) == [False, True]
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1


async def test_guesses_hit_nothing_and_cost_one_line(world: World) -> None:
    """A-02: random tokens."""
    case = await world.asked()
    lines = len(await world.ledger())
    for number in range(200):
        assert not await world.manager.async_tap(tap(), f"guess{number}")
    assert (await world.ledger())[lines:] == ["approve_rejected"]
    world.clock.go_on(timedelta(minutes=2))
    assert not await world.manager.async_tap(tap(remote=False), "x")
    token = await world.mint(case, Decision.APPROVE)
    assert not await world.manager.async_tap(tap(parent_id="automation"), token)
    assert not await world.manager.async_tap(tap("guest"), token)
    assert await world.manager.async_tap(tap(), token)


async def test_swapped_file_refuses_the_tap_too(world: World) -> None:
    """A push is bound to the bytes as the panel is."""
    case = await world.asked()
    assert case.draft
    token = await world.mint(case, Decision.APPROVE)
    world.drafter.path(case.case_id, case.draft.file).unlink()
    assert not await world.manager.async_tap(tap(), token)
    assert (await world.case(case.request.request_id)).draft is None


async def test_transient_errors_are_tried_again_and_permanent_ones_told(
    world: World,
) -> None:
    """A delivery that cannot arrive goes back to the approver."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    world.oracle.errors = [DeliveryError("connection_lost", permanent=False)]
    await world.pass_undo()
    delayed = await world.case(case.request.request_id)
    assert delayed.problem == "connection_lost"
    assert delayed.delivery
    assert delayed.delivery.upload_url
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1

    other = await world.asked(destination=UPLOAD)
    await world.approve(other)
    world.oracle.errors = [DeliveryError("upload_refused", permanent=True)]
    await world.pass_undo()
    refused = await world.case(other.request.request_id)
    assert refused.state is CaseState.WAITING
    assert refused.problem == "upload_refused"
    assert refused.offer
    assert world.events[-1].type is CaseEventType.FAILED
    assert len(world.oracle.arrived) == 1


async def test_revoke_takes_the_package_back(world: World) -> None:
    """From outside it looks as if there never was one."""
    case = await world.asked()
    await world.approve(case)
    before = await world.manager.direct.async_status(case.request.request_id)
    await world.pass_undo()
    shared = await world.case(case.request.request_id)
    delivery_id = shared.delivered[0].delivery_id
    await world.manager.async_revoke(delivery_id, ANNA)
    after = await world.manager.direct.async_status(case.request.request_id)
    assert after == before
    assert (
        await world.manager.direct.async_drop(case.request.request_id, delivery_id)
        is None
    )
    assert not world.bench.sealer.path(delivery_id).exists()
    for again in (delivery_id, "a" * 26):
        with pytest.raises(ConflictError, match="nothing_to_revoke"):
            await world.manager.async_revoke(again, ANNA)


async def test_uploaded_clip_cannot_be_revoked(world: World) -> None:
    """What is elsewhere cannot be taken back."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    await world.pass_undo()
    shared = await world.case(case.request.request_id)
    with pytest.raises(ConflictError, match="cannot_revoke"):
        await world.manager.async_revoke(shared.delivered[0].delivery_id, ANNA)


async def test_expiry_closes_silently(world: World) -> None:
    """A week without an answer."""
    case = await world.asked()
    world.clock.go_on(timedelta(days=7))
    with pytest.raises(ConflictError, match="offer_expired"):
        await world.approve(case)
    world.manager.look_again()
    await world.settle()
    closed = await world.case(case.request.request_id)
    assert closed.closed is ClosedReason.EXPIRED
    choice = Choice(camera_id=GARDEN, window=SPAN)
    with pytest.raises(ConflictError):
        await world.manager.async_choose(case.case_id, choice, ANNA)


async def test_clock_set_back_revives_nothing(world: World) -> None:
    """C-01: the stopwatch goes on while the wall clock jumps."""
    case = await world.asked()
    world.clock.go_on(timedelta(days=8))
    world.clock.wall = NOON + timedelta(hours=1)
    with pytest.raises(ConflictError, match="offer_expired"):
        await world.approve(case)
    world.clock.stopwatch = 1000.0
    world.clock.wall = NOON - timedelta(hours=1)
    with pytest.raises(ConflictError, match="clock_went_back"):
        await world.approve(case)


async def test_switched_off_and_over_the_limit_close_unseen(world: World) -> None:
    """Neither is asked; the flood makes no event."""
    await world.manager.async_set_accepting(False, ANNA)
    assert not world.manager.accepting
    off = await world.asked()
    assert off.closed is ClosedReason.SWITCHED_OFF
    await world.reboot()
    assert not world.manager.accepting
    await world.manager.async_set_accepting(True, None)
    for _ in range(6):
        world.clock.go_on(timedelta(seconds=1))
        last = await world.asked(received_at=world.clock.now(), area=AREA)
    assert last.closed is ClosedReason.OVER_LIMIT
    assert last.request.text == ""
    assert last.request.area is None
    told = [event.case.case_id for event in world.events]
    assert last.case_id not in told


async def test_same_sender_is_one_request(world: World) -> None:
    """A form that is sent twice gets the same answer."""
    sent = request(recipient=recipient())
    twice = replace(sent, request_id="b" * 26)
    first = await world.manager.async_submit(sent)
    assert await world.manager.async_submit(twice) == first


async def test_two_cameras_open_the_picker(world: World) -> None:
    """With footage on two cameras nothing is drafted yet."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    world.source.add(GATE, NOON - timedelta(hours=2), 7200)
    case = await world.asked()
    assert case.draft is None
    assert case.findings
    assert len(case.findings) == 2
    assert world.prompter.asked


async def test_unreachable_recordings_are_a_problem_not_an_absence(
    world: World,
) -> None:
    """The approver is told, and can try again."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    world.source.error = SourceError("folder_gone")
    case = await world.asked()
    assert case.problem == "folder_gone"
    assert case.state is CaseState.WAITING
    choice = Choice(camera_id=GARDEN, window=SPAN)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    assert (await world.case(case.request.request_id)).problem == "folder_gone"
    world.source.error = None
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    assert (await world.case(case.request.request_id)).offer


async def test_failed_draft_comes_back_with_its_reason(world: World) -> None:
    """A recording that cannot be cut."""
    world.drafter.error = MediaError("recording_damaged")
    case = await world.asked()
    assert case.problem == "recording_damaged"
    assert case.state is CaseState.WAITING


async def test_owner_enters_a_request_that_is_handed_over(world: World) -> None:
    """It came by phone; the approver downloads the draft after the tap."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(
        window=request().window,
        text="A bicycle",
        name="Officer",
        kind=RequesterKind.POLICE,
        case_number="12",
    )
    case_id, status_id = await world.manager.async_enter(
        ask, label="Station", destination=Destination(way=Way.HAND_OVER), user_id=ANNA
    )
    assert status_id is None
    await world.settle()
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.draft
    sha256 = case.draft.sha256
    reading = world.manager.reading
    with pytest.raises(NotFoundError):
        await reading.async_draft_file(case_id, sha256, "file", ANNA)
    await world.approve(case)
    await world.pass_undo()
    path, media_type = await reading.async_draft_file(case_id, sha256, "file", ANNA)
    assert path.exists()
    assert media_type == "video/mp4"
    await world.reboot()
    assert path.exists()
    world.clock.go_on(timedelta(days=2))
    await world.reboot()
    assert not path.exists()


async def picked_up(world: World) -> tuple[Case, str]:
    """Share by a pick-up link; return its case and the id of its status page."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(window=request().window, text="A bicycle", name="Insurer")
    case_id, not_yet = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=None
    )
    assert not_yet is None
    await world.settle()
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.draft
    assert case.offer is None
    _, status_id = await world.manager.async_set_key(case_id, recipient(), ANNA)
    await world.settle()
    await world.approve(await world.manager.reading.async_case(case_id, ANNA))
    await world.pass_undo()
    return await world.manager.reading.async_case(case_id, ANNA), status_id


async def test_pickup_link_needs_a_key_from_the_panel(world: World) -> None:
    """Without a key there is a draft and no offer; with one there is, good once."""
    case, status_id = await picked_up(world)
    with pytest.raises(ConflictError):
        await world.manager.async_set_key(case.case_id, recipient(), ANNA)
    status = await world.manager.direct.async_status(status_id)
    assert isinstance(status, dict)
    [delivery] = status["deliveries"]
    await world.manager.direct.async_fetched(delivery["id"])
    ends = world.clock.now() + timedelta(minutes=15)
    world.clock.go_on(timedelta(minutes=14))
    await world.manager.direct.async_fetched(delivery["id"])
    assert await world.manager.direct.async_drop(status_id, delivery["id"])
    shared = await world.manager.reading.async_case(case.case_id, ANNA)
    assert [done.available_until for done in shared.delivered] == [ends]
    lines, *_ = await world.manager.reading.async_ledger(None, 50, ANNA)
    told = [entry.data for entry in lines if entry.kind == "fetched"]
    assert told == [{"delivery_id": delivery["id"], "until": utc_text(ends)}]
    world.clock.go_on(timedelta(minutes=2))
    assert await world.manager.direct.async_drop(status_id, delivery["id"]) is None


async def test_key_is_set_once(world: World) -> None:
    """Another one would open what the first was approved for."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(window=request().window, text="A bicycle", name="Insurer")
    case_id, _ = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=None
    )
    await world.settle()
    await world.manager.async_set_key(case_id, recipient(), ANNA)
    await world.settle()
    with pytest.raises(ConflictError, match="key_already_set"):
        await world.manager.async_set_key(case_id, recipient(), ANNA)


async def test_revoked_while_it_is_read(world: World) -> None:
    """The note that it was read is not in the way: it is taken back."""
    case, status_id = await picked_up(world)
    [done] = case.delivered
    after, _ = await asyncio.gather(
        world.manager.async_revoke(done.delivery_id, ANNA),
        world.manager.direct.async_fetched(done.delivery_id),
    )
    assert after.delivered[0].revoked_at
    await world.manager.direct.async_fetched(done.delivery_id)
    assert await world.manager.direct.async_drop(status_id, done.delivery_id) is None


async def test_link_of_one_who_gave_a_key_lasts(world: World) -> None:
    """Only a pick-up link, whose key is the owner's browser's, ends when it was read."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(window=request().window, text="x", name="y", recipient=recipient())
    case_id, status_id = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=ANNA
    )
    assert status_id
    await world.settle()
    await world.approve(await world.manager.reading.async_case(case_id, ANNA))
    await world.pass_undo()
    [done] = (await world.manager.reading.async_case(case_id, ANNA)).delivered
    await world.manager.direct.async_fetched(done.delivery_id)
    world.clock.go_on(timedelta(days=13))
    assert await world.manager.direct.async_drop(status_id, done.delivery_id)


async def test_upload_address_is_checked(world: World) -> None:
    """An address that is not allowed is refused before anything is kept."""
    world.refused_address = ClipConsentError("address_not_allowed")
    ask = make_ask(window=request().window, text="x", name="y", recipient=recipient())
    with pytest.raises(ClipConsentError, match="address_not_allowed"):
        await world.manager.async_enter(ask, label="", destination=UPLOAD, user_id=ANNA)
    world.refused_address = None
    await world.manager.async_enter(ask, label="", destination=UPLOAD, user_id=ANNA)


async def test_test_request_asks_for_the_newest_footage(world: World) -> None:
    """The approver plays the stranger."""
    asking = {"name": "Anna", "recipient": recipient()}
    with pytest.raises(NotFoundError, match="no_footage"):
        await world.manager.async_test_request(ANNA, **asking)
    no_cameras = patch.dict(world.settings.cameras, clear=True)
    with no_cameras, pytest.raises(NotFoundError, match="no_camera"):
        await world.manager.async_test_request(ANNA, **asking)
    world.source.add(GARDEN, NOON - timedelta(hours=2), 3600)
    world.source.add(GATE, NOON - timedelta(hours=3), 3600)
    case_id, status_id = await world.manager.async_test_request(
        ANNA, name="Anna", recipient=recipient()
    )
    await world.settle()
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.request.portal is PortalKind.TEST
    assert case.request.window.end == NOON - timedelta(hours=1)
    assert case.request.window.seconds == 30
    assert await world.manager.direct.async_status(status_id)


async def test_test_request_looks_back_a_week(world: World) -> None:
    """A camera that films only what moves may have nothing of today."""
    asking = {"name": "Anna", "recipient": recipient()}
    world.source.add(GARDEN, NOON - timedelta(days=7, hours=2), 600)
    with pytest.raises(NotFoundError, match="no_footage"):
        await world.manager.async_test_request(ANNA, **asking)
    world.source.add(GARDEN, NOON - timedelta(days=6, hours=2), 20)
    case_id, _ = await world.manager.async_test_request(ANNA, **asking)
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.request.window.start == NOON - timedelta(days=6, hours=2)
    assert case.request.window.seconds == 20


async def test_restore_voids_offers_and_consents(world: World) -> None:
    """K-06: the epoch file is gone, as after a restore from a backup."""
    waiting = await world.asked()
    approved = await world.asked(destination=UPLOAD)
    await world.approve(approved)
    token = await world.mint(waiting, Decision.APPROVE)
    await world.manager.async_stop()
    (world.folder / "cache" / "epoch").unlink()
    await world.boot()
    assert "restored" in world.alarm.raised
    assert not await world.manager.async_tap(tap(), token)
    await world.pass_undo()
    assert not world.oracle.arrived
    for case in (waiting, approved):
        after = await world.case(case.request.request_id)
        assert after.state is CaseState.WAITING
        assert after.offer is None
        assert after.problem == "restored"


async def test_changed_rules_void_offers_at_the_start(world: World) -> None:
    """A-11: another policy is another offer, and none if the draft fits no more."""
    case = await world.asked()
    world.settings = replace(world.settings, rules=())
    await world.reboot()
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.offer
    assert case.offer
    assert again.offer.offer_id != case.offer.offer_id
    assert again.draft == case.draft


async def test_a_fault_of_ours_is_logged_and_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What no step may raise neither goes unseen nor ends the case."""
    never = RuntimeError("never")
    with patch.object(world.prompter, "async_ask", side_effect=never):
        case = await world.asked()
    assert case.prompt_due
    assert "The work on a case ended in a fault" in caplog.text
    world.manager.look_again()
    await world.settle()
    assert not (await world.case(case.request.request_id)).prompt_due
    assert len(world.prompter.asked) == 1


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


async def test_backup_holds_writing(world: World) -> None:
    """Nothing is written while a backup copies; then it goes on."""
    import asyncio

    await world.manager.async_pause()
    sending = asyncio.create_task(world.manager.async_submit(request()))
    await asyncio.sleep(0.05)
    assert not sending.done()
    world.manager.resume()
    assert await sending


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


async def test_words_are_forgotten_in_time(world: World) -> None:
    """90 days after an unshared case closed, only the digest stays."""
    case = await world.asked(area=AREA)
    await world.manager.async_decline(case.case_id, ANNA)
    await world.bench.store.async_forget_words(NOON + timedelta(days=89))
    kept = (await world.case(case.request.request_id)).request
    assert (kept.text, kept.area) == (case.request.text, AREA)
    await world.bench.store.async_forget_words(NOON + timedelta(days=91))
    gone = (await world.case(case.request.request_id)).request
    assert (gone.text, gone.area) == ("", None)
    assert await world.manager.reading.async_check_ledger() is None


async def test_invite_that_ended_is_unknown(world: World) -> None:
    """An expired invite answers as one that never was."""
    token = "a" * 26
    direct = world.manager.direct
    assert direct.knows(token)
    invites = world.settings.invites
    ended = replace(invites[token], expires_at=NOON - timedelta(days=1))
    world.settings = replace(world.settings, invites={token: ended})
    await world.reboot()
    assert not world.manager.direct.knows(token)
    assert await world.manager.direct.async_ask(token, b"{}") is None
    assert await world.manager.direct.async_status("c" * 26) is None
    assert await world.manager.direct.async_drop("c" * 26, "d" * 26) is None


async def test_what_was_shared_can_be_shared_again_under_changed_rules(
    world: World,
) -> None:
    """Another clip of it is held to the rules of now, and can be approved."""
    case = await world.asked()
    await world.approve(case)
    await world.pass_undo()
    _allow_seconds(world, 420)
    await world.reboot()
    await world.manager.async_choose(
        case.case_id, Choice(camera_id=GARDEN, window=SPAN), ANNA
    )
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.screening
    assert again.screening.constraints.max_seconds == 420
    assert (await world.approve(again)).state is CaseState.CONSENTED


async def test_an_undone_clip_is_held_to_rules_that_changed_meanwhile(
    world: World,
) -> None:
    """It is offered anew under them, if it still fits them."""
    case = await world.asked()
    await world.approve(case)
    _allow_seconds(world, 420)
    await world.reboot()
    await world.manager.async_undo(case.case_id, ANNA)
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.draft == case.draft
    assert (await world.approve(again)).state is CaseState.CONSENTED
    _allow_seconds(world, 1)
    await world.reboot()
    await world.manager.async_undo(case.case_id, ANNA)
    await world.settle()
    dropped = await world.case(case.request.request_id)
    assert (dropped.state, dropped.draft) == (CaseState.WAITING, None)
