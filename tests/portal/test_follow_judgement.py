"""What is believed of a hub's answers, case by case, without a hub."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core import portal_follow
from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.core.models import RequesterKind
from custom_components.clip_consent.core.portal_feed import Feed, Listed
from custom_components.clip_consent.core.portal_follow import (
    ITEMS_MAX,
    PROMISE_KEPT,
    RECENT,
    ended,
    follow_feed,
    follow_log,
    open_requests,
    tidied,
)
from custom_components.clip_consent.core.portal_items import (
    Notice,
    NoticeAuthor,
    PublicRequest,
    item_text,
)
from custom_components.clip_consent.core.portal_key_line import named_in
from custom_components.clip_consent.core.portal_known import Followed, read_again
from custom_components.clip_consent.core.portal_log import Beside, EntryKind, Head

from .standin import CELL, NOON, StandInHub, public_request

LATER = NOON + timedelta(minutes=1)


def feed(hub: StandInHub, **changes: object) -> Feed:
    """Return a cell's feed as an honest hub has it."""
    base = Feed(
        hub=hub.hub,
        cell=CELL,
        seq=1,
        issued=NOON,
        expires=NOON + timedelta(days=2),
        head=hub.head,
        items=hub.listed(CELL),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


NOTHING = Followed()


def read(hub: StandInHub, known: Followed = NOTHING) -> Followed:
    """Return what is known once the hub's whole log was read."""
    return follow_log(known, hub.lines[known.head.n :], hub.head, NOON)


def refused(known: Followed, said: Feed, digest: str = "ab") -> str:
    """Return why a feed is not believed."""
    with pytest.raises(PortalError) as raised:
        follow_feed(known, said, digest, LATER)
    return raised.value.code


def test_an_older_copy_of_a_feed_changes_nothing() -> None:
    """Something between may hold one for too long."""
    hub = StandInHub()
    hub.publish(public_request())
    known = follow_feed(read(hub), feed(hub, seq=5), "ab", NOON)
    assert follow_feed(known, feed(hub, seq=4, items=()), "cd", NOON) is known
    assert len(open_requests(known, NOON)) == 1


def test_two_versions_of_one_issue_are_a_fork() -> None:
    """The same number, other bytes; the same bytes again are none."""
    hub = StandInHub()
    known = follow_feed(read(hub), feed(hub), "ab", NOON)
    assert follow_feed(known, feed(hub), "ab", NOON) == known
    assert refused(known, feed(hub), "cd") == "portal_fork"


def test_a_log_that_is_longer_than_its_head_is_a_fork() -> None:
    """Or has another entry where the head is."""
    hub = StandInHub()
    for _ in range(2):
        hub.publish(public_request())
    for head in (hub.lines[0].entry.head, Head(n=2, hash="ab" * 32)):
        with pytest.raises(PortalError, match="portal_fork"):
            follow_log(Followed(), hub.lines, head, NOON)


def test_an_older_head_of_a_feed_is_held_to_the_log() -> None:
    """It is a hash of the log, or the feed is of another one; before all, there is one."""
    hub = StandInHub()
    for _ in range(3):
        hub.publish(public_request())
    known = read(hub)
    for head in [line.entry.head for line in hub.lines]:
        follow_feed(known, feed(hub, head=head, items=()), "ab", NOON)
    follow_feed(known, feed(hub, head=Head(n=0, hash="0" * 64), items=()), "ab", NOON)
    for n in range(3):
        said = feed(hub, head=Head(n=n, hash="ab" * 32), items=())
        assert refused(known, said) == "portal_fork"


def test_of_what_is_long_past_nothing_is_known() -> None:
    """The log's last month is kept, by its own times, and the entry before it."""
    hub = StandInHub()
    for days in (90, 60, 40, 1):
        then = NOON - timedelta(days=days)
        hub.now = lambda then=then: then  # type: ignore[misc]
        hub.publish(public_request(now=then))
    known = read(hub)
    assert [entry.n for entry in known.recent] == [3, 4]
    follow_feed(known, feed(hub, head=Head(n=1, hash="ab" * 32), items=()), "ab", NOON)
    said = feed(hub, head=Head(n=2, hash="ab" * 32), items=())
    assert refused(known, said) == "portal_fork"


def test_a_promise_is_held_to_the_log() -> None:
    """A feed told of an entry before the log did: the log must then have that one."""
    hub = StandInHub()
    hub.publish(public_request())
    known = read(hub)
    hub.publish(public_request())
    promised = follow_feed(known, feed(hub), "ab", NOON)
    assert promised.promise
    assert promised.etag(CELL, NOON) is None
    assert read(hub, promised).promise is None
    lied = follow_feed(known, feed(hub, head=Head(n=2, hash="ab" * 32)), "ab", NOON)
    with pytest.raises(PortalError, match="portal_fork"):
        read(hub, lied)


def test_two_promises_are_held_to_each_other() -> None:
    """The later entry counts, and the first time that one was heard of."""
    hub = StandInHub()
    known = follow_feed(read(hub), feed(hub, head=Head(n=5, hash="aa" * 32)), "a", NOON)
    same = follow_feed(known, feed(hub, head=Head(n=5, hash="aa" * 32)), "a", LATER)
    assert same.promise == known.promise
    less = follow_feed(known, feed(hub, head=Head(n=3, hash="bb" * 32)), "a", LATER)
    assert less.promise == known.promise
    more = follow_feed(known, feed(hub, head=Head(n=7, hash="cc" * 32)), "a", LATER)
    assert more.promise
    assert (more.promise.head.n, more.promise.since) == (7, NOON)
    assert refused(known, feed(hub, head=Head(n=5, hash="dd" * 32)), "a") == (
        "portal_fork"
    )
    with pytest.raises(PortalError, match="portal_gap"):
        follow_log(known, [], hub.head, NOON + PROMISE_KEPT)
    assert follow_log(known, [], hub.head, LATER).promise == known.promise
    # the log goes on, though it is not there yet
    for _ in range(6):
        hub.add(EntryKind.NOTE)
    part = follow_log(known, hub.lines[:2], hub.head, NOON + PROMISE_KEPT)
    assert part.promise == known.promise


def hidden(hub: StandInHub, n: int) -> None:
    """Have a hub hide the text of an entry from who asks."""
    hub.lines[n - 1] = replace(hub.lines[n - 1], beside=None)


def fault(hub: StandInHub, known: Followed = NOTHING) -> str:
    """Return why a log is not believed."""
    with pytest.raises(PortalError) as raised:
        read(hub, known)
    return raised.value.code


@pytest.mark.parametrize("kind", list(EntryKind))
def test_a_text_that_is_gone_without_a_reason_is_a_fork(kind: EntryKind) -> None:
    """A hub hides nothing from one home alone: not a follow-up, not who redacted."""
    hub = StandInHub()
    hub.publish(public_request())
    text = '{"rotation":"of a key"}' if kind is EntryKind.KEY else "{}"
    n = hub.add(kind, text, id="i" * 26, target=1)
    assert read(hub).head == hub.head
    hidden(hub, n)
    if kind in (EntryKind.PUBLISHED, EntryKind.NOTE):
        assert fault(hub) == "portal_fork"  # a page is of one moment: at once
        hub.add(EntryKind.NOTE)
        assert fault(hub) == "portal_fork"
        hub.add(EntryKind.REDACTED, id="i" * 26, target=n)
        assert read(hub).untold == ()
    else:
        assert fault(hub) == "portal_fork"


def test_a_text_that_is_gone_is_spoken_of_by_the_end_of_the_log() -> None:
    """Its reason may be some pages on; then it has to be there."""
    hub = StandInHub()
    first, second = hub.publish(public_request()), hub.publish(public_request())
    hub.redact(first)
    hub.redact(second)
    assert read(hub).untold == ()
    part = follow_log(Followed(), hub.lines[:3], hub.head, NOON)
    assert part.untold == (second,)
    assert read(hub, part).untold == ()
    hub.lines = hub.lines[:3]
    assert fault(hub, follow_log(Followed(), hub.lines[:2], hub.head, NOON)) == (
        "portal_fork"
    )


def test_so_many_texts_are_not_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log without an end, and without a text, is not gone on with for ever."""
    monkeypatch.setattr(portal_follow, "UNTOLD_MAX", 2)
    hub = StandInHub()
    for n in range(1, 6):
        hub.publish(public_request())
        hidden(hub, n)
    known = follow_log(Followed(), hub.lines[:2], hub.head, NOON)
    with pytest.raises(PortalError, match="portal_fork"):
        follow_log(known, hub.lines[2:3], hub.head, NOON)


def test_a_key_whose_entry_lost_its_text_is_a_lie() -> None:
    """It has to keep it: nobody could tell which key it was."""
    hub = StandInHub()
    hub.rotate(NOON)
    assert len(named_in(hub.lines)) == 1
    hidden(hub, 1)
    with pytest.raises(PortalError, match="portal_fork"):
        named_in(hub.lines)


def test_a_log_that_is_read_again_comes_by_what_was_read_before() -> None:
    """It may take some pages until it is there; a shorter log never is."""
    hub = StandInHub()
    for _ in range(5):
        hub.publish(public_request())
    known = read_again(read(hub))
    assert (known.head.n, known.passes) == (0, hub.head)
    part = follow_log(known, hub.lines[:3], hub.head, NOON)
    assert part.passes == hub.head
    assert read(hub, part).passes == Followed().passes
    with pytest.raises(PortalError, match="portal_rollback"):
        follow_log(part, [], hub.lines[3].entry.head, NOON)
    other = StandInHub()
    for _ in range(6):
        other.publish(public_request())
    with pytest.raises(PortalError, match="portal_fork"):
        read(other, known)


def listed(hub: StandInHub, n: int, text: str) -> Listed:
    """Return an item in the feed with the salt of an entry."""
    beside = hub.lines[n - 1].beside
    assert beside
    return Listed(n=n, beside=Beside(salt=beside.salt, text=text))


def test_an_item_must_be_that_of_its_entry() -> None:
    """Of the right kind, with that text, and by that id."""
    hub = StandInHub()
    item = public_request()
    hub.add(EntryKind.PUBLISHED, item_text(item), id="z" * 26)
    hub.add(EntryKind.NOTE, item_text(item), id=item.id)
    known = read(hub)
    for n in (1, 2):
        said = feed(hub, items=(listed(hub, n, item_text(item)),))
        assert refused(known, said) == "portal_unlisted"
    zero = listed(hub, 1, item_text(item))
    assert refused(known, feed(hub, items=(replace(zero, n=0),))) == "portal_unlisted"


def aged(hub: StandInHub, days: int) -> int:
    """Publish something so many days ago; return its number."""
    then = NOON - timedelta(days=days)
    hub.now = lambda: then
    return hub.publish(public_request(now=then))


def test_an_item_of_which_nothing_is_known_any_more_is_no_lie_and_not_offered() -> None:
    """The log of long past is not kept: G10, nothing unlisted comes in that way."""
    hub = StandInHub()
    for days in (90, 60, 40, 1):
        aged(hub, days)
    known = read(hub)
    assert [entry.n for entry in known.recent] == [3, 4]
    text = item_text(public_request())
    for n in (1, 2):
        items = (*hub.listed(CELL), listed(hub, n, text))
        after = follow_feed(known, feed(hub, items=items), "ab", LATER)
        assert [item.n for item in after.items] == [4]
        assert after.etag(CELL, NOON) == "ab"  # there is nothing to wait for
    for n in (3, 4):
        said = feed(hub, items=(listed(hub, n, text),))
        assert refused(known, said) == "portal_unlisted"


def test_an_item_that_was_checked_once_stays_what_it_was() -> None:
    """An entry dated ahead ages what was before it; none of it can be said anew."""
    hub = StandInHub()
    aged(hub, 2)
    item = hub.items[1]
    assert isinstance(item, PublicRequest)
    known = follow_feed(read(hub), feed(hub), "ab", NOON)
    for days in (2, -400):
        aged(hub, days)
    known = read(hub, known)
    assert [entry.n for entry in known.recent] == [2, 3]
    said = hub.lines[0].beside
    assert said
    again = feed(hub, seq=2, items=(Listed(n=1, beside=said),))
    known = follow_feed(known, again, "cd", LATER)
    assert [one.n for one in known.items] == [1]
    other = listed(hub, 1, item_text(replace(item, title="Other words")))
    assert refused(known, feed(hub, seq=3, items=(other,))) == "portal_unlisted"
    # and its end is heard
    hub.redact(1)
    assert read(hub, known).items == ()
    assert open_requests(read(hub, known), NOON) == ()


def test_items_that_nobody_can_read_are_passed_over() -> None:
    """Of a kind of a later version, or malformed; a notice is kept and is no request."""
    hub = StandInHub()
    texts = ['{"type":"poem"}', '{"type":"request"}']
    notice = Notice(
        id="n" * 26,
        published_at=NOON,
        expires_at=NOON + timedelta(days=1),
        title="Bicycles",
        text="Lock them.",
        cells=(CELL,),
        author=NoticeAuthor.OPERATOR,
        recipient=None,
    )
    for text in texts:
        hub.add(EntryKind.PUBLISHED, text, id="p" * 26)
    hub.publish(notice)
    items = (
        *(listed(hub, n, text) for n, text in enumerate(texts, 1)),
        *hub.listed(CELL),
    )
    known = follow_feed(read(hub), feed(hub, items=items), "ab", NOON)
    assert [item.id for item in known.items] == ["n" * 26]
    assert known.etag(CELL, NOON) == "ab"
    assert open_requests(known, NOON) == ()
    assert tidied(known, NOON + timedelta(days=2)).items == ()
    assert tidied(known, NOON + RECENT + timedelta(days=3)).feeds == ()


def test_more_items_than_are_kept_wait_in_the_feed() -> None:
    """It is sent again, until there is room."""
    hub = StandInHub()
    for _ in range(ITEMS_MAX + 1):
        hub.publish(public_request(kind=RequesterKind.OTHER))
    known = follow_feed(read(hub), feed(hub), "ab", NOON)
    assert len(known.items) == ITEMS_MAX
    assert known.etag(CELL, NOON) is None
    for n in range(1, 3):
        hub.close(n)
    known = read(hub, known)
    assert len(known.items) == ITEMS_MAX - 2
    assert len(ended(known)) == 2
    known = follow_feed(known, feed(hub, seq=2), "cd", NOON)
    assert len(known.items) == ITEMS_MAX - 1
    assert known.etag(CELL, NOON) == "cd"
