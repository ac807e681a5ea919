"""Follow-ups of requesters: what is kept of a hub's log, and what comes of it."""

from datetime import timedelta
import json

import pytest

from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.limits import TEXT_MAX
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.core.portal_follow import (
    follow_feed,
    follow_log,
    tidied,
)
from custom_components.clip_consent.core.portal_known import Followed
from custom_components.clip_consent.core.portal_log import EntryKind
from custom_components.clip_consent.core.portal_notes import (
    NOTES_MAX,
    STRAY_KEPT,
    notes_to,
)
from tests.guarantees.following import Follow, Following, follow, hub
from tests.manager.world import ANNA, NOON

from .standin import StandInHub, public_request
from .test_follow_judgement import feed

__all__ = ["follow", "hub"]  # fixtures, used by name


def say(hub: StandInHub, n: int, text: str) -> int:
    """Publish a follow-up to entry `n`; return its own entry."""
    said = json.dumps({"text": text})
    return hub.add(EntryKind.NOTE, said, id=hub.items[n].id, target=n)


def unsay(hub: StandInHub, note: int) -> None:
    """Redact a follow-up, in the log and for whoever reads it from its start."""
    items = dict(hub.items)
    hub.redact(note)
    hub.items = items


def read(hub: StandInHub, known: Followed | None = None) -> Followed:
    """Read what is new in a hub's log, and its feed."""
    known = known or Followed()
    known = follow_log(known, hub.lines[known.head.n :], hub.head, NOON)
    return follow_feed(known, feed(hub, seq=len(hub.lines)), f"{len(hub.lines)}", NOON)


def texts(known: Followed, item_id: str) -> list[str]:
    """Return what was said after an item."""
    return [note.text for note in notes_to(known.notes, item_id)]


# --- what is kept of the log


def test_notes_are_of_their_item_in_order() -> None:
    """Each of its own request, oldest first, whenever it was read."""
    hub = StandInHub()
    first, second = hub.publish(public_request()), hub.publish(public_request())
    say(hub, first, "It was red.")
    known = read(hub)
    say(hub, second, "Other.")
    say(hub, first, "No, blue.")
    known = read(hub, known)
    assert texts(known, hub.items[first].id) == ["It was red.", "No, blue."]
    assert texts(known, hub.items[second].id) == ["Other."]


@pytest.mark.parametrize("late", [False, True])
def test_a_note_that_was_redacted_is_forgotten(late: bool) -> None:
    """Read before it was, or never with its text: the request goes on."""
    hub = StandInHub()
    n = hub.publish(public_request())
    note = say(hub, n, "It was Mr Smith.")
    known = read(hub) if late else None
    unsay(hub, note)
    known = read(hub, known)
    assert known.notes == ()
    assert [item.n for item in known.items] == [n]


@pytest.mark.parametrize(
    "said",
    [
        "[]",
        "{}",
        '{"text": 7}',
        json.dumps({"text": "x" * (TEXT_MAX + 1)}),
        json.dumps({"text": "a\x07b"}),
        json.dumps({"text": ""}),
    ],
)
def test_what_nobody_can_read_is_passed_over(said: str) -> None:
    """It alarms nobody: the hub signed it, and no home can show it."""
    hub = StandInHub()
    n = hub.publish(public_request())
    hub.add(EntryKind.NOTE, said, id=hub.items[n].id, target=n)
    hub.add(EntryKind.NOTE, '{"text":"whose?"}', id=None, target=n)
    assert read(hub).notes == ()


def test_what_is_kept_is_bounded() -> None:
    """The newest of a hub that floods; those of another street only for a while."""
    hub = StandInHub()
    n = hub.publish(public_request())
    for number in range(NOTES_MAX + 3):
        say(hub, n, str(number))
    known = read(hub)
    assert texts(known, hub.items[n].id)[0] == "3"
    elsewhere = follow_log(Followed(), hub.lines, hub.head, NOON)
    before_long = NOON + STRAY_KEPT - timedelta(seconds=1)
    assert len(tidied(elsewhere, before_long).notes) == NOTES_MAX
    assert tidied(elsewhere, NOON + STRAY_KEPT).notes == ()
    assert len(tidied(known, NOON + STRAY_KEPT).notes) == NOTES_MAX


# --- what comes of it in a home


async def said_in(home: Following) -> list[str]:
    """Return what the one case says that its requester said since."""
    [case] = await home.cases()
    assert case.request.voucher
    return [note.text for note in case.request.voucher.notes]


async def told_of(home: Following) -> list[tuple[int, bool]]:
    """Return what the ledger tells of follow-ups."""
    return [
        (entry.data["n"], entry.data["redacted"])  # type: ignore[misc]
        for entry in await home.world.bench.store.async_whole_ledger()
        if entry.kind == "follow_up"
    ]


async def test_a_case_learns_what_its_requester_says_later(
    follow: Follow, hub: StandInHub
) -> None:
    """With one ledger line for each, once; the question stands as it is."""
    n = hub.publish(public_request())
    first = say(hub, n, "It was red.")
    home = await follow()
    await home.poll()
    assert await said_in(home) == ["It was red."]
    asked = len(home.world.prompter.asked)
    changes: list[Case] = []
    home.world.manager.on_case(changes.append)
    second = say(hub, n, "No, blue.")
    await home.poll()
    await home.poll()
    assert await said_in(home) == ["It was red.", "No, blue."]
    assert len(changes) == 1  # the panel draws it once
    await home.restart()
    unsay(hub, first)
    await home.poll()
    assert await said_in(home) == ["No, blue."]
    assert await told_of(home) == [(second, False), (first, True)]
    assert len(home.world.prompter.asked) == asked
    assert home.alarms() == set()


async def test_a_yes_is_not_disturbed_and_a_no_is_the_end(
    follow: Follow, hub: StandInHub
) -> None:
    """What is on its way goes; the words come after. What was declined hears none."""
    n = hub.publish(public_request())
    home = await follow()
    await home.poll()
    [case] = await home.cases()
    await home.world.manager.async_answer(case.case_id, "Nothing seen.", ANNA)
    await home.world.settle()
    [case] = await home.cases()
    assert case.offer
    say(hub, n, "Anything?")
    await home.poll()
    [case] = await home.cases()
    await home.world.approve(case)
    say(hub, n, "Please.")
    await home.poll()
    assert await said_in(home) == ["Anything?"]
    await home.world.pass_undo()
    home.world.clock.go_on(timedelta(minutes=5))
    home.world.manager.look_again()
    await home.world.settle()
    await home.poll()
    [case] = await home.cases()
    assert case.state is CaseState.SHARED
    assert await said_in(home) == ["Anything?", "Please."]


async def test_a_declined_case_hears_no_more(follow: Follow, hub: StandInHub) -> None:
    """Nobody wants to read on; and it is forgotten with the rest of the words."""
    n = hub.publish(public_request())
    say(hub, n, "Please.")
    home = await follow()
    await home.poll()
    [case] = await home.cases()
    await home.world.manager.async_decline(case.case_id, ANNA)
    say(hub, n, "Why not?")
    await home.poll()
    assert await said_in(home) == ["Please."]
    home.world.clock.go_on(timedelta(days=91))
    await home.world.bench.store.async_forget_words(home.world.clock.now())
    assert await said_in(home) == []


async def test_a_case_that_moves_on_just_now_learns_it_the_next_time(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log says it in each slot."""
    n = hub.publish(public_request())
    home = await follow()
    await home.poll()
    say(hub, n, "It was red.")

    async def refuse(*_: object, **__: object) -> None:
        raise ConflictError("case_moved_on")

    with monkeypatch.context() as patch:
        patch.setattr(home.world.bench.caseload, "async_save", refuse)
        await home.poll()
    assert await said_in(home) == []
    await home.poll()
    assert await said_in(home) == ["It was red."]
