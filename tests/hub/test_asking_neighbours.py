"""A home asks its neighbours through a real hub, and nobody learns more than it said."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
import io
import json
from pathlib import Path
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base.outbound import Door, origin_of
from custom_components.clip_consent.core import own_answers, own_requests
from custom_components.clip_consent.core.errors import (
    ConflictError,
    InvalidRequestError,
    LimitError,
    NotAllowedError,
    NotFoundError,
    PortalError,
)
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import Choice, Viewpoint, Window
from custom_components.clip_consent.core.own_answers import AnswerState, OwnAnswer
from custom_components.clip_consent.core.own_requests import (
    OwnRequest,
    OwnState,
    own_state,
)
from custom_components.clip_consent.home import answer_files
from custom_components.clip_consent.home.portals.hub_asker import UnsentError
from custom_components.clip_consent.home.portals.hub_client import hub_door
from tests.manager.world import ANNA, BEN, GARDEN
from tests.portal.foreign import package

from .asking import HOME_A, HOME_B, Home, home_at
from .web import WebHub
from .world import MODERATOR


@pytest.fixture
async def anna(web_hub: WebHub, tmp_path: Path) -> AsyncIterator[Home]:
    """Return the home that asks, after its first slot."""
    async with home_at(web_hub, tmp_path / "a", HOME_A) as home:
        await home.poll()
        yield home


@pytest.fixture
async def carol(web_hub: WebHub, tmp_path: Path) -> AsyncIterator[Home]:
    """Return the home of a neighbour, with a camera that saw it."""
    async with home_at(web_hub, tmp_path / "b", HOME_B) as home:
        home.world.source.add(GARDEN, home.world.clock.now() - timedelta(hours=2), 7200)
        await home.poll()
        yield home


async def share(carol: Home, *, text: str | None = None) -> bytes:
    """Let the neighbour share a minute, or words; return what leaves."""
    await carol.poll()
    [case] = carol.world.manager.reading.open_cases()
    if text is None:
        window = case.request.window
        minute = replace(window, end=window.start + timedelta(minutes=1))
        choice = Choice(camera_id=GARDEN, window=minute)
        await carol.world.manager.async_choose(case.case_id, choice, ANNA)
    else:
        await carol.world.manager.async_answer(case.case_id, text, ANNA)
    await carol.world.settle()
    [case] = carol.world.manager.reading.open_cases()
    assert case.draft
    content = carol.world.drafter.path(case.case_id, case.draft.file).read_bytes()
    await carol.world.approve(case)
    await carol.world.pass_undo()
    carol.world.clock.go_on(timedelta(minutes=6))
    carol.world.manager.look_again()
    await carol.world.settle()
    return content


async def test_a_neighbour_answers_and_these_bytes_arrive(
    web_hub: WebHub, anna: Home, carol: Home
) -> None:
    """Asked, moderated, published, shared, fetched, opened."""
    asked = await anna.ask()
    now = anna.world.clock.now()
    assert own_state(asked, now) is OwnState.WAITING
    await anna.poll()
    assert own_state(anna.own(asked), now) is OwnState.WAITING
    assert asked.item_id
    await web_hub.manager.async_publish(asked.item_id, MODERATOR)
    content = await share(carol)
    await anna.poll()
    own = anna.own(asked)
    assert own_state(own, now) is OwnState.OPEN
    [answer] = own.answers
    assert answer.state is AnswerState.HERE
    desk = anna.world.manager.neighbours
    clip = await desk.async_clip(asked.request_id, answer.delivery_id, ANNA)
    assert clip.read_bytes() == content
    assert answer.covered and answer.covered.start == asked.window.start
    assert [file.name for file in clip.parent.iterdir()] == [clip.name]
    assert await anna.ledger() == ["neighbours_asked", "neighbours_answered"]
    # nobody is asked for what they asked themselves
    assert anna.world.manager.reading.open_cases() == ()
    # and it is fetched once
    await anna.poll()
    assert await anna.ledger() == ["neighbours_asked", "neighbours_answered"]


async def test_an_honest_hub_publishes_what_was_sent(
    web_hub: WebHub, anna: Home
) -> None:
    """However it was typed: no other spelling of the same is an alarm."""
    now = anna.world.clock.now().replace(microsecond=123_456)
    window = Window(start=now - timedelta(hours=1), end=now - timedelta(minutes=40))
    asked = await anna.ask(
        title="  Cafe\u0301,\u00a0  a bike ",
        text="\r\n A red one \r\n\r\nfrom <b>the</b> rack. \n",
        window=window,
    )
    await web_hub.manager.async_publish(asked.item_id or "", MODERATOR)
    await anna.poll()
    own = anna.own(asked)
    assert own_state(own, now) is OwnState.OPEN
    assert not own.altered
    assert anna.follower.known.alarm is None


async def test_an_answer_in_words_is_text(
    web_hub: WebHub, anna: Home, carol: Home
) -> None:
    """It is kept with the request; there is no file of it."""
    asked = await anna.ask()
    await web_hub.manager.async_publish(asked.item_id or "", MODERATOR)
    await share(carol, text="<b>Blue van</b>\nat six")
    await anna.poll()
    [answer] = anna.own(asked).answers
    assert answer.text == "<b>Blue van</b>\nat six"
    with pytest.raises(NotFoundError):
        await anna.world.manager.neighbours.async_clip(
            asked.request_id, answer.delivery_id, ANNA
        )


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Record all that homes send from now on: method, path, and headers with body."""
    sent: list[tuple[str, str, str]] = []
    request = Door.request

    def record(self: Door, method: str, url: str, **more: Any) -> Any:
        said = f"{more.get('headers')} {more.get('body')}"
        sent.append((method, url.partition("/v1")[2], said))
        return request(self, method, url, **more)

    monkeypatch.setattr(Door, "request", record)
    return sent


async def test_the_hub_is_told_no_place_and_no_name(
    web_hub: WebHub, anna: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All it gets of the one who asks is the words, a point of the grid and a key."""
    sent = recorded(monkeypatch)
    asked = await anna.ask()
    await web_hub.manager.async_publish(asked.item_id or "", MODERATOR)
    await anna.poll()
    [(_, path, said)] = [one for one in sent if one[0] == "POST"]
    assert path == "/requests"
    assert '"latitude":52.535,"longitude":13.4,"radius":400.0' in said
    everything = repr(sent)
    for private in ("52.536", "13.401", "Anna", "anna", "Garden", asked.secret):
        assert private not in everything, private
    beside = (await web_hub.log())[-1].beside
    assert beside
    item = json.loads(beside.text)
    assert (item["name"], item["contact"], item["organisation"]) == ("", "", "")
    assert (item["area"]["latitude"], item["area"]["longitude"]) == (52.535, 13.4)


async def test_after_asking_the_hub_is_asked_in_slots_alone(
    web_hub: WebHub, anna: Home, carol: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks at answers, or does not, asks for the same at the same time."""
    asked = await anna.ask()
    sent = recorded(monkeypatch)
    await anna.poll()
    assert [path for _, path, _ in sent if "inbox" in path] == []
    await web_hub.manager.async_publish(asked.item_id or "", MODERATOR)
    sent.clear()
    await anna.world.manager.neighbours.async_all(ANNA)
    assert sent == []
    await anna.poll()
    inbox = f"/inbox/{asked.item_id}"
    assert sent[-1][1] == inbox
    await share(carol)
    sent.clear()
    await anna.poll()
    asked_for = [path for _, path, _ in sent if inbox in path]
    assert asked_for[0] == inbox
    assert len(asked_for) == 2


async def test_a_hub_that_is_down_gets_it_later_and_once(
    web_hub: WebHub, anna: Home
) -> None:
    """It is kept first; across a restart it is the same request, under one key."""
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    asked = await anna.ask()
    assert own_state(asked, anna.world.clock.now()) is OwnState.SENDING
    await anna.restart()
    await anna.poll()
    kept = anna.own(asked)
    assert (kept, kept.secret, kept.inbox) == (asked, asked.secret, asked.inbox)
    web_hub.down = None
    await anna.poll()
    assert anna.own(asked).item_id
    assert web_hub.manager.waiting == 1
    # an answer that was lost on its way: sent again, it is the first
    await anna.world.manager.neighbours.asked.async_change(
        asked.request_id, lambda own: replace(own, item_id=None)
    )
    await anna.poll()
    assert web_hub.manager.waiting == 1
    assert await anna.ledger() == ["neighbours_asked"]


def refusing(error: Exception) -> Any:
    """Return what a hub does that takes nothing."""

    async def refuse(*_: object) -> None:
        raise error

    return refuse


async def test_what_the_hub_refuses_is_told_at_once(
    web_hub: WebHub, anna: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing stays behind but the record."""
    refuse = refusing(LimitError("too_many_waiting"))
    monkeypatch.setattr(web_hub.manager, "async_submit", refuse)
    with pytest.raises(LimitError) as caught:
        await anna.ask()
    assert caught.value.code == "too_many_waiting"
    assert await anna.world.manager.neighbours.async_all(ANNA) == ()
    assert await anna.ledger() == ["neighbours_asked", "neighbours_refused"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (LimitError("too_many_homes"), "hub_refused"),
        (LimitError("too_many_today"), "too_many_today"),
        (InvalidRequestError("title_missing", "title"), "hub_refused"),
        (NotFoundError("request_not_found"), "hub_refused"),
    ],
)
async def test_what_is_refused_later_is_shown(
    web_hub: WebHub,
    anna: Home,
    monkeypatch: pytest.MonkeyPatch,
    answer: Exception,
    code: str,
) -> None:
    """By a code that is known here; the words of a hub are not shown."""
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    asked = await anna.ask()
    web_hub.down = None
    monkeypatch.setattr(web_hub.manager, "async_submit", refusing(answer))
    await anna.poll()
    own = anna.own(asked)
    assert (own.problem, own.item_id) == (code, None)
    assert own_state(own, anna.world.clock.now()) is OwnState.REFUSED
    await anna.poll()
    assert await anna.ledger() == ["neighbours_asked", "neighbours_refused"]
    await anna.world.manager.neighbours.async_forget(asked.request_id, ANNA)
    with pytest.raises(NotFoundError):
        anna.own(asked)


@pytest.mark.parametrize("how", [OwnState.WITHDRAWN, OwnState.RESOLVED])
async def test_it_can_be_ended(web_hub: WebHub, anna: Home, how: OwnState) -> None:
    """The public log says so; again is too late."""
    asked = await anna.ask()
    desk = anna.world.manager.neighbours
    with pytest.raises(ConflictError):  # it was not published yet
        await desk.async_end(asked.request_id, OwnState.RESOLVED, ANNA)
    with pytest.raises(ConflictError):
        await desk.async_forget(asked.request_id, ANNA)
    await web_hub.manager.async_publish(asked.item_id or "", MODERATOR)
    await anna.poll()
    ended = await desk.async_end(asked.request_id, how, None)
    assert (ended.ended, ended.owed) == (how, None)
    assert (await web_hub.kinds())[-1] == how.value
    with pytest.raises(ConflictError):
        await desk.async_end(asked.request_id, how, ANNA)
    await anna.poll()
    assert anna.own(asked).settled
    assert await anna.ledger() == ["neighbours_asked", f"neighbours_{how.value}"]
    await desk.async_forget(asked.request_id, ANNA)
    assert await desk.async_all(ANNA) == ()


async def test_an_end_reaches_a_hub_that_is_down_later(
    web_hub: WebHub, anna: Home
) -> None:
    """Also of what the hub may have without our having heard: nothing is published."""
    desk = anna.world.manager.neighbours
    known = await anna.ask()
    web_hub.down = HTTPStatus.BAD_GATEWAY  # it may have heard all of it
    unknown = await anna.ask(title="Another")
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE  # another attempt that fails
    for asked in (known, unknown):
        ended = await desk.async_end(asked.request_id, OwnState.WITHDRAWN, ANNA)
        assert ended.owed is OwnState.WITHDRAWN
        with pytest.raises(ConflictError):
            await desk.async_forget(asked.request_id, ANNA)
    await anna.restart()
    web_hub.down = None
    await anna.poll()
    assert [anna.own(one).owed for one in (known, unknown)] == [None, None]
    assert web_hub.manager.waiting == 0
    assert await web_hub.kinds() == ["terms"]


async def test_what_is_owed_to_a_hub_that_was_removed_can_be_forgotten(
    web_hub: WebHub, anna: Home
) -> None:
    """Nobody will ever tell that hub; while it is followed, somebody will."""
    desk = anna.world.manager.neighbours
    asked = await anna.ask()
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    ended = await desk.async_end(asked.request_id, OwnState.WITHDRAWN, ANNA)
    assert ended.owed is OwnState.WITHDRAWN
    with pytest.raises(ConflictError):
        await desk.async_forget(asked.request_id, ANNA)
    desk.asked.follow({})
    await desk.async_forget(asked.request_id, ANNA)
    assert await desk.async_all(ANNA) == ()


@pytest.mark.parametrize("down", ["503", "no address", "no connection"])
async def test_what_never_left_is_taken_back_here(
    web_hub: WebHub,
    anna: Home,
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
    down: str,
) -> None:
    """The hub was not reached: it hears neither of the request nor of its end."""
    asker = anna.follower.asker
    with monkeypatch.context() as away:
        if down == "503":
            web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
        elif down == "no address":
            away.setattr(asker, "_base", "http://hub.example:9")
        else:
            closed = f"http://127.0.0.1:{unused_tcp_port}"
            door = hub_door(frozenset({origin_of(closed)}))
            away.setattr(asker, "_door", door)
            away.setattr(asker, "_base", closed)
        asked = await anna.ask()
        if down == "no connection":
            await door.async_close()
    web_hub.down = None
    assert own_state(asked, anna.world.clock.now()) is OwnState.SENDING
    sent = recorded(monkeypatch)
    desk = anna.world.manager.neighbours
    ended = await desk.async_end(asked.request_id, OwnState.WITHDRAWN, ANNA)
    assert (ended.ended, ended.owed) == (OwnState.WITHDRAWN, None)
    await anna.restart()
    await anna.poll()
    assert [one for one in sent if one[0] == "POST"] == []
    assert web_hub.manager.waiting == 0
    await anna.world.manager.neighbours.async_forget(asked.request_id, ANNA)
    assert await anna.world.manager.neighbours.async_all(ANNA) == ()


async def test_taken_back_while_it_is_being_sent(web_hub: WebHub, anna: Home) -> None:
    """As long as it may arrive, its end is owed; once it did not, nothing is."""
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    asked = await anna.ask()
    web_hub.down = None
    asker, desk = anna.follower.asker, anna.world.manager.neighbours
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: OwnRequest) -> str:
        begun.set()
        await go_on.wait()
        raise UnsentError("portal_unavailable")

    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(asker, "async_submit", slowly)
        async with asyncio.timeout(20), asyncio.TaskGroup() as both:
            both.create_task(anna.poll())
            await begun.wait()
            both.create_task(desk.async_end(asked.request_id, OwnState.WITHDRAWN, ANNA))
            while anna.own(asked).ended is None:
                await asyncio.sleep(0.01)
            assert anna.own(asked).owed is OwnState.WITHDRAWN
            go_on.set()
    assert (anna.own(asked).owed, anna.own(asked).attempts) == (None, 0)
    await anna.poll()
    assert web_hub.manager.waiting == 0


async def test_a_hub_that_refuses_hinders_no_end(
    web_hub: WebHub, anna: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was kept: whoever ended it is not told that it failed."""
    web_hub.down = HTTPStatus.BAD_GATEWAY
    asked = await anna.ask()
    web_hub.down = None
    refuse = refusing(LimitError("too_many_today"))
    monkeypatch.setattr(web_hub.manager, "async_submit", refuse)
    desk = anna.world.manager.neighbours
    ended = await desk.async_end(asked.request_id, OwnState.WITHDRAWN, ANNA)
    assert (ended.ended, ended.owed) == (OwnState.WITHDRAWN, OwnState.WITHDRAWN)
    await anna.poll()
    assert anna.own(asked).owed is None


async def test_who_may(anna: Home) -> None:
    """Approvers, admins and automations ask; answers are for approvers."""
    desk = anna.world.manager.neighbours
    asked = await anna.ask(BEN)
    await anna.ask("admin", title="By an admin")
    assert (await anna.ask(None, title="By an automation")).user_id is None
    for guest in ("guest", "nobody"):
        with pytest.raises(NotAllowedError):
            await anna.ask(guest)
        with pytest.raises(NotAllowedError):
            await desk.async_all(guest)
        with pytest.raises(NotAllowedError):
            await desk.async_area("no camera", 400, guest)
        with pytest.raises(NotAllowedError):
            await desk.async_end(asked.request_id, OwnState.WITHDRAWN, guest)
    assert len(await desk.async_all("admin")) == 3
    with pytest.raises(NotAllowedError):
        await desk.async_forget(asked.request_id, "admin")
    for user in ("admin", ANNA):
        with pytest.raises(NotFoundError):
            await desk.async_clip(asked.request_id, "a" * 26, user)


async def test_only_so_many_at_a_time(web_hub: WebHub, anna: Home) -> None:
    """An automation that runs wild floods neither the hub nor this home."""
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    for _ in range(10):
        await anna.ask()
    with pytest.raises(LimitError) as caught:
        await anna.ask()
    assert caught.value.code == "too_many_own_requests"


async def test_which_hub_and_which_place(anna: Home) -> None:
    """By the owner's name for it; a place that nobody knows is none."""
    desk = anna.world.manager.neighbours
    assert [hub.portal.title for hub in desk.hubs] == ["Ours"]
    assert (await anna.ask(portal="Ours")).hub == anna.follower.portal.hub
    with pytest.raises(NotFoundError) as caught:
        await anna.ask(portal="Theirs")
    assert caught.value.code == "no_hub_to_ask"
    with pytest.raises(ConflictError) as nowhere:
        await desk.async_area(GARDEN, 400, ANNA)
    assert nowhere.value.code == "place_unknown"
    with pytest.raises(InvalidRequestError):
        await anna.ask(title="")
    with pytest.raises(InvalidRequestError):
        await anna.ask(area=Circle(center=Point(lat=52.5361, lon=13.4), radius=400))
    anna.world.manager.hubs.followers["again"] = anna.follower
    with pytest.raises(ConflictError) as several:
        await anna.ask()
    assert several.value.code == "hub_ambiguous"


async def test_a_camera_has_a_place_of_its_own(web_hub: WebHub, tmp_path: Path) -> None:
    """If the owner put it on the map."""
    async with home_at(web_hub, tmp_path / "c", HOME_A) as home:
        camera = home.world.settings.cameras[GARDEN]
        there = Viewpoint(place=Point(lat=52.5391, lon=13.4061), bearing=None)
        home.world.settings = replace(
            home.world.settings, cameras={GARDEN: replace(camera, viewpoint=there)}
        )
        await home.restart()
        desk = home.world.manager.neighbours
        assert [place.camera_id for place in desk.places] == [None, GARDEN]
        area = await desk.async_area("garden", 300, ANNA)
        assert area.center == Point(lat=52.54, lon=13.405)
        assert desk.hubs == ()  # nothing was heard of it yet


async def put(hub: WebHub, asked: OwnRequest, sealed: bytes) -> None:
    """Upload bytes as anybody can."""
    async with aiohttp.ClientSession() as session:
        url = f"{hub.base}/drops/{asked.item_id}"
        tus = {"Tus-Resumable": "1.0.0"}
        length = {**tus, "Upload-Length": str(len(sealed))}
        async with session.post(url, headers=length) as made:
            assert made.status == 201
            upload = hub.origin + made.headers["Location"]
        body = {
            **tus,
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        }
        async with session.patch(upload, headers=body, data=io.BytesIO(sealed)) as sent:
            assert sent.status == 204


def sealed_for(asked: OwnRequest, content: bytes, **manifest: Any) -> bytes:
    """Seal a film as another home's software does."""
    said = {
        "version": 1,
        "kind": "clip",
        "request_id": asked.item_id,
        "content": {"name": "clip.mp4", "media_type": "video/mp4"},
        **manifest,
    }
    tar = package.packed(said, content, Ed25519PrivateKey.generate())
    to = x25519.Recipient.from_str(asked.recipient)
    return bytes(pyrage.encrypt(package.padded(tar), [to]))


@pytest.fixture
async def asked(web_hub: WebHub, anna: Home) -> OwnRequest:
    """Return a request that is published."""
    asked = await anna.ask()
    await web_hub.manager.async_publish(asked.item_id or "", MODERATOR)
    return asked


async def test_garbage_is_told_and_not_kept(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """Anybody can put it there; what is good beside it comes all the same."""
    await put(web_hub, asked, b"too short to be sealed")
    await put(web_hub, asked, b"not sealed at all" * 2**17)
    await put(web_hub, asked, sealed_for(asked, b"film", request_id="a" * 26))
    await put(web_hub, asked, sealed_for(asked, b"the film"))
    await anna.poll()
    states = sorted(answer.state for answer in anna.own(asked).answers)
    assert states == ["here", "unreadable", "unreadable"]
    assert await anna.ledger() == ["neighbours_asked", "neighbours_answered"]
    folder = anna.world.folder / "cache" / "answers" / asked.request_id
    assert [file.suffix for file in folder.iterdir()] == [".mp4"]


async def test_junk_in_front_hides_no_answer(
    web_hub: WebHub, anna: Home, asked: OwnRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody can begin uploads: what is behind them is found, after the end too."""
    monkeypatch.setattr(own_answers, "ANSWERS_MAX", 2)
    await anna.poll()
    for _ in range(4):
        await put(web_hub, asked, b"no answer" * 2**17)
    await put(web_hub, asked, sealed_for(asked, b"the film"))
    desk = anna.world.manager.neighbours
    await desk.async_end(asked.request_id, OwnState.RESOLVED, ANNA)
    for _ in range(3):
        assert not anna.own(asked).settled
        await anna.poll()
    assert anna.own(asked).answers[-1].state is AnswerState.HERE
    await anna.poll()
    assert anna.own(asked).settled


async def test_a_clip_that_was_lost_is_fetched_again(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """The cache is in no backup; what the hub has no more is gone."""
    await put(web_hub, asked, sealed_for(asked, b"film"))
    await anna.poll()
    [answer] = anna.own(asked).answers
    clip = anna.world.bench.answers.clip(asked.request_id, answer.delivery_id)
    clip.unlink()
    await anna.restart()
    assert anna.own(asked).answers[0].state is AnswerState.LISTED
    await anna.poll()
    assert clip.read_bytes() == b"film"
    clip.unlink()
    await anna.restart()
    for part in (web_hub.folder / "drops").rglob("*"):
        if part.is_file():
            part.unlink()
    await anna.poll()
    assert anna.own(asked).answers[0].state is AnswerState.GONE


async def test_clips_go_when_their_owner_wants(
    web_hub: WebHub, anna: Home, asked: OwnRequest
) -> None:
    """Or after a month; and in the end the request and its keys."""
    now = anna.world.clock.now()
    soon = (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    terms = {"purpose": "", "delete_by": soon, "onward_sharing": False}
    await put(web_hub, asked, sealed_for(asked, b"film", terms=terms))
    await put(web_hub, asked, sealed_for(asked, b"another film"))
    await anna.poll()
    tidy = anna.world.manager.neighbours.asked.async_tidy
    for days, gone in ((1, 0), (1, 1), (28, 2)):
        anna.world.clock.go_on(timedelta(days=days))
        await tidy()
        states = [answer.state for answer in anna.own(asked).answers]
        assert states.count(AnswerState.GONE) == gone
    anna.world.clock.go_on(timedelta(days=60))
    await tidy()
    assert await anna.world.bench.store.own.async_all() == ()
    assert not (anna.world.folder / "cache" / "answers" / asked.request_id).exists()


async def test_a_cut_download_goes_on(
    web_hub: WebHub, anna: Home, asked: OwnRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From where it ended; what is too much of it is thrown away."""
    sealed = sealed_for(asked, b"film" * 300_000)
    await put(web_hub, asked, sealed)
    asker = anna.follower.asker
    [listed] = await asker.async_inbox(asked)
    answer = OwnAnswer(
        delivery_id=listed.delivery_id,
        size=listed.size,
        available_until=listed.available_until,
    )
    path = anna.world.bench.answers.sealed(asked.request_id, listed.delivery_id)
    path.parent.mkdir(parents=True)
    for begun in (sealed[:1000], sealed + b"more"):
        path.write_bytes(begun)
        sent = recorded(monkeypatch)
        assert await asker.async_fetch(asked, answer, path)
        assert path.read_bytes() == sealed
        assert ("bytes=1000-" in sent[0][2]) is (len(begun) == 1000)
    assert await asker.async_fetch(asked, answer, path)  # it is whole
    # who lists another size than it sends is not believed
    for size in (len(sealed) - 1, len(sealed) + 1):
        path.unlink(missing_ok=True)
        with pytest.raises(PortalError):
            await asker.async_fetch(asked, replace(answer, size=size), path)


async def test_no_room_and_too_large(
    web_hub: WebHub, anna: Home, asked: OwnRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk waits for better days; what no hub would take is not fetched."""
    await put(web_hub, asked, sealed_for(asked, b"film"))
    monkeypatch.setattr(answer_files, "DISK_FREE", 2**60)
    await anna.poll()
    assert anna.own(asked).answers[0].state is AnswerState.LISTED
    monkeypatch.setattr(own_requests, "ANSWER_MAX", 10)
    await anna.poll()
    assert anna.own(asked).answers[0].state is AnswerState.UNREADABLE


async def test_secrets_go_with_the_home(anna: Home, asked: OwnRequest) -> None:
    """Nothing of a request is left in what a removed home leaves."""
    store = anna.world.bench.store
    assert await store.own.async_all() == (asked,)
    await store.async_retire(anna.world.clock.now())
    assert await store.own.async_all() == ()
