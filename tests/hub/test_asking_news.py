"""Answers to what a home asked are told once; what it adds goes to the moderators."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    InvalidRequestError,
    LimitError,
    NotAllowedError,
    StoreError,
)
from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.core.own_answers import AnswerState
from custom_components.clip_consent.core.own_news import Answered
from custom_components.clip_consent.core.own_notes import NoteState
from custom_components.clip_consent.core.own_requests import OwnRequest, OwnState
from custom_components.clip_consent.core.settings import Portal
from tests.manager.world import ANNA, BEN

from .asking import HOME_A, PORTAL, Home, home_at
from .test_asking_neighbours import put, recorded, sealed_for
from .web import WebHub
from .world import MODERATOR


class Pushes:
    """Keeps what phones would have been told; without phones it says so."""

    def __init__(self) -> None:
        self.phones = True
        self.told: list[tuple[str, int]] = []
        self.cleared: list[str] = []

    async def async_tell(self, portal: Portal, count: int) -> bool:
        if self.phones:
            self.told.append((portal.title, count))
        return self.phones

    def clear(self, portal_id: str) -> None:
        self.cleared.append(portal_id)


@pytest.fixture
def pushes() -> Pushes:
    """Return what keeps pushes."""
    return Pushes()


@pytest.fixture
async def anna(web_hub: WebHub, tmp_path: Path, pushes: Pushes) -> AsyncIterator[Home]:
    """Return a home that asks, and pushes."""
    async with home_at(web_hub, tmp_path / "a", HOME_A) as home:
        home.world.answer_pushes = pushes
        await home.restart()
        await home.poll()
        yield home


@pytest.fixture
async def asked(web_hub: WebHub, anna: Home) -> OwnRequest:
    """Return a request that is published."""
    own = await anna.ask()
    await web_hub.manager.async_publish(own.item_id or "", MODERATOR)
    await anna.poll()
    return anna.own(own)


def told_at(home: Home) -> list[Answered]:
    """Return a list that fills with what automations are told."""
    told: list[Answered] = []
    home.world.manager.neighbours.asked.news.on_answered(told.append)
    return told


# --- told


async def test_answers_are_told_once_for_all_that_came(
    web_hub: WebHub, anna: Home, asked: OwnRequest, pushes: Pushes
) -> None:
    """A push and an event for two of them, and nothing more for them after a restart."""
    told = told_at(anna)
    for number in range(2):
        await put(web_hub, asked, sealed_for(asked, b"film %d" % number))
    await anna.poll()
    assert pushes.told == [("Ours", 2)]
    said = Answered(label="Ours", request_id=asked.request_id, answers=2, waiting=2)
    assert told == [said]
    await anna.restart()
    again = told_at(anna)
    await anna.poll()
    assert (len(pushes.told), again) == (1, [])
    await put(web_hub, asked, sealed_for(asked, b"a third"))
    await anna.poll()
    assert pushes.told[1:] == [("Ours", 3)]
    assert [(one.answers, one.waiting) for one in again] == [(1, 3)]


async def test_what_cannot_be_opened_is_no_news(
    web_hub: WebHub, anna: Home, asked: OwnRequest, pushes: Pushes
) -> None:
    """Anybody can send that."""
    told = told_at(anna)
    await put(web_hub, asked, b"\0" * 2**20)
    await anna.poll()
    assert anna.own(asked).answers[0].state is AnswerState.UNREADABLE
    assert (pushes.told, told) == ([], [])


async def test_a_push_that_was_not_handed_over_comes_after_the_restart(
    web_hub: WebHub, anna: Home, asked: OwnRequest, pushes: Pushes
) -> None:
    """G4: what came before there were phones, or before a crash, is told all the same."""
    pushes.phones = False
    told = told_at(anna)
    await put(web_hub, asked, sealed_for(asked, b"film"))
    await anna.poll()
    assert (pushes.told, len(told)) == ([], 1)
    await anna.restart()
    pushes.phones = True
    again = told_at(anna)
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE  # no hub is needed for it
    await anna.world.manager.neighbours.asked.async_tidy()
    assert (pushes.told, again) == ([("Ours", 1)], [])
    await anna.world.manager.neighbours.asked.async_tidy()
    assert len(pushes.told) == 1


async def test_a_store_that_refuses_tells_later(
    web_hub: WebHub,
    anna: Home,
    asked: OwnRequest,
    pushes: Pushes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An event that could not be written down is none yet."""
    told = told_at(anna)
    own_book = anna.world.bench.store.own
    save = own_book.async_save

    async def refuse(request: OwnRequest, *more: object) -> None:
        if request.unseen and not request.untold:
            raise StoreError("store_failed")
        await save(request, *more)  # type: ignore[arg-type]

    with monkeypatch.context() as full:
        full.setattr(own_book, "async_save", refuse)
        await put(web_hub, asked, sealed_for(asked, b"film"))
        await anna.poll()
    assert (pushes.told, told) == ([], [])
    await anna.poll()
    assert (len(pushes.told), len(told)) == (1, 1)


async def test_whoever_looks_takes_the_push_off_all_phones(
    web_hub: WebHub, anna: Home, asked: OwnRequest, pushes: Pushes
) -> None:
    """For all approvers; a clip that is fetched anew after a loss is no news."""
    desk = anna.world.manager.neighbours
    await put(web_hub, asked, sealed_for(asked, b"film"))
    await anna.poll()
    with pytest.raises(NotAllowedError):
        await desk.async_see("nobody")
    assert pushes.cleared == []
    await desk.async_see(BEN)
    assert pushes.cleared == [PORTAL]
    assert anna.own(asked).unseen == ()
    await desk.async_see(ANNA)
    assert pushes.cleared == [PORTAL]
    [answer] = anna.own(asked).answers
    anna.world.bench.answers.clip(asked.request_id, answer.delivery_id).unlink()
    await anna.poll()
    await anna.poll()
    assert anna.own(asked).answers[0].state is AnswerState.HERE
    assert len(pushes.told) == 1


async def test_what_is_forgotten_is_no_news(
    web_hub: WebHub, anna: Home, asked: OwnRequest, pushes: Pushes
) -> None:
    """Nobody can look at it any more."""
    desk = anna.world.manager.neighbours
    await put(web_hub, asked, sealed_for(asked, b"film"))
    await anna.poll()
    await desk.async_end(asked.request_id, OwnState.RESOLVED, ANNA)
    await desk.async_forget(asked.request_id, ANNA)
    assert pushes.cleared == [PORTAL]


# --- follow-ups


def states(home: Home, own: OwnRequest) -> list[NoteState]:
    """Return how a request's follow-ups stand."""
    return [note.state for note in home.own(own).notes]


async def waiting_note(web_hub: WebHub) -> str:
    """Return the id of the follow-up that waits for a moderator."""
    [waiting] = await web_hub.manager.async_waiting()
    return waiting.id


async def test_a_follow_up_goes_in_a_slot_and_through_moderation(
    web_hub: WebHub,
    anna: Home,
    asked: OwnRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing leaves when it is written; after that the log tells how it stands."""
    sent = recorded(monkeypatch)
    desk = anna.world.manager.neighbours
    for _ in range(2):  # said twice, it is said once
        await desk.async_note(asked.request_id, "  It was a blue one.\r\n", ANNA)
    assert (sent, states(anna, asked)) == ([], [NoteState.SENDING])
    await anna.poll()
    assert states(anna, asked) == [NoteState.WAITING]
    note_id = await waiting_note(web_hub)
    await anna.poll()
    posts = [path for method, path, _ in sent if method == "POST"]
    assert posts == [f"/requests/{asked.item_id}/note"]
    await web_hub.manager.async_publish(note_id, MODERATOR)
    await anna.poll()
    [note] = anna.own(asked).notes
    assert (note.state, note.text) == (NoteState.PUBLISHED, "It was a blue one.")
    await web_hub.manager.async_redact(note.n or 0, "it named somebody", MODERATOR)
    await anna.poll()
    assert states(anna, asked) == [NoteState.REDACTED]
    assert (await anna.ledger()).count("neighbours_noted") == 1


async def test_an_answer_that_was_lost_makes_no_second_follow_up(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """Neither while it waits, nor once it was published; also across a restart."""
    desk = anna.world.manager.neighbours
    await desk.async_note(asked.request_id, "A blue one", None)
    await anna.poll()

    async def lose() -> None:
        await desk.asked.async_change(
            asked.request_id,
            lambda own: replace(
                own, notes=tuple(replace(note, sent=False) for note in own.notes)
            ),
        )

    await lose()
    await anna.restart()
    desk = anna.world.manager.neighbours
    await anna.poll()
    note_id = await waiting_note(web_hub)  # there is one
    await lose()
    await web_hub.manager.async_publish(note_id, MODERATOR)
    await anna.poll()
    assert states(anna, asked) == [NoteState.PUBLISHED]
    assert await web_hub.manager.async_waiting() == []


async def test_what_a_moderator_refused_nobody_tells(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """It waits, as far as this home can know; the same words may be sent again."""
    desk = anna.world.manager.neighbours
    await desk.async_note(asked.request_id, "He has red hair", ANNA)
    await anna.poll()
    reason = next(iter(RefusalReason))
    note_id = await waiting_note(web_hub)
    await web_hub.manager.async_refuse(note_id, reason, MODERATOR)
    await anna.poll()
    assert states(anna, asked) == [NoteState.WAITING]
    assert await web_hub.manager.async_waiting() == []


async def test_a_hub_that_is_down_gets_it_later(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """And one that does not take it is not asked again."""
    desk = anna.world.manager.neighbours
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    await desk.async_note(asked.request_id, "A blue one", ANNA)
    await anna.poll()
    assert states(anna, asked) == [NoteState.SENDING]
    web_hub.down = None
    await anna.poll()
    assert states(anna, asked) == [NoteState.WAITING]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (LimitError("too_many_notes"), "too_many_notes"),
        (LimitError("too_many_homes"), "hub_refused"),
        (InvalidRequestError("text_blank", "text"), "hub_refused"),
    ],
)
async def test_a_follow_up_that_the_hub_does_not_take_is_shown(
    web_hub: WebHub,
    anna: Home,
    asked: OwnRequest,
    monkeypatch: pytest.MonkeyPatch,
    answer: Exception,
    code: str,
) -> None:
    """By a code that is known here, and it is tried once."""

    async def refuse(*_: object, **__: object) -> None:
        raise answer

    monkeypatch.setattr(web_hub.manager, "async_note", refuse)
    await anna.world.manager.neighbours.async_note(asked.request_id, "More", ANNA)
    await anna.poll()
    [note] = anna.own(asked).notes
    assert (note.state, note.problem) == (NoteState.REFUSED, code)
    sent = recorded(monkeypatch)
    await anna.poll()
    assert [one for one in sent if one[0] == "POST"] == []


async def test_a_follow_up_is_to_what_is_open(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """Not to what waits or is over; what did not leave before then never does."""
    desk = anna.world.manager.neighbours
    with pytest.raises(NotAllowedError):
        await desk.async_note(asked.request_id, "More", "nobody")
    for text, code in (("\u200b", "text_blank"), ("x" * 2001, "text_too_long")):
        with pytest.raises(InvalidRequestError) as caught:
            await desk.async_note(asked.request_id, text, ANNA)
        assert caught.value.code == code
    waiting = await anna.ask(title="Another")
    with pytest.raises(ConflictError):
        await desk.async_note(waiting.request_id, "More", ANNA)
    for number in range(10):
        await desk.async_note(asked.request_id, f"More {number}", ANNA)
    with pytest.raises(LimitError):
        await desk.async_note(asked.request_id, "Still more", ANNA)
    # another home that knows its key ended it, or it was resolved on the hub's page
    await web_hub.manager.async_resolve(None, asked.item_id or "", secret=asked.inbox)
    await anna.poll()
    assert set(states(anna, asked)) == {NoteState.REFUSED}
    assert {note.problem for note in anna.own(asked).notes} == {"own_request_over"}
    with pytest.raises(ConflictError):
        await desk.async_note(asked.request_id, "More", ANNA)


async def test_a_request_that_ends_at_the_hub_first_takes_no_follow_up(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """It has run out there, and here the clock is behind."""
    desk = anna.world.manager.neighbours
    await desk.async_note(asked.request_id, "More", ANNA)
    web_hub.clock.go_on(timedelta(days=7))
    await anna.follower.asker.async_inbox(asked)
    await desk.asked.notes.async_send(anna.own(asked), anna.follower)
    [note] = anna.own(asked).notes
    assert (note.state, note.problem) == (NoteState.REFUSED, "own_request_over")
