"""Notices in a home: what is news, what is kept, what a comment answers."""

from dataclasses import replace
from datetime import timedelta

from custom_components.clip_consent.core.models import PortalKind, Trust
from custom_components.clip_consent.core.notice_outbox import (
    KEPT,
    TRIED_FOR,
    Written,
    WrittenState,
    failed,
    kept,
    next_due,
    refused,
    sent,
)
from custom_components.clip_consent.core.notices import (
    PUSHES_PER_DAY,
    SEEN_KEPT,
    Board,
    comment_request,
    may_push,
    news,
    of_hubs,
    put_away,
    seen,
)
from custom_components.clip_consent.core.portal_bodies import NoticeDraft
from custom_components.clip_consent.core.portal_items import NoticeAuthor
from custom_components.clip_consent.core.settings import Portal
from tests.portal.said import NOTICE, NOW, RECIPIENT

OTHER = replace(NOTICE, id="a" * 26)
PORTAL = Portal(portal_id="p", title="Our street", url="https://hub.example", hub="h")
WRITTEN = Written(
    id="w" * 26,
    portal_id="p",
    hub="h",
    draft=NoticeDraft(title="Ice", text="On the steps.", cells=("u33db",)),
    user_id="anna",
    written_at=NOW,
    due_at=NOW + timedelta(seconds=10),
)


def test_a_notice_is_news_once_for_each_hub() -> None:
    """Two hubs may use one id; a third slot brings nothing new."""
    board = seen(Board(), "h", [NOTICE], NOW)
    assert news(board, "h", [NOTICE, OTHER]) == (OTHER,)
    assert news(board, "other", [NOTICE]) == (NOTICE,)
    assert seen(board, "h", [NOTICE], NOW) == board
    assert of_hubs(board, {"other"}) == Board()
    assert of_hubs(board, {"h"}) == board


def test_what_is_put_away_stays_so_until_it_is_long_over() -> None:
    """And nothing else is: of what is over nothing has to be known."""
    board = put_away(seen(Board(), "h", [NOTICE, OTHER], NOW), "h", NOTICE.id)
    assert board.has_away("h", NOTICE.id)
    assert not board.has_away("h", OTHER.id)
    assert not board.has_away("other", NOTICE.id)
    over = NOTICE.expires_at + SEEN_KEPT
    assert seen(board, "h", [], over - timedelta(seconds=1)) == board
    assert seen(board, "h", [], over) == Board()


def test_pushes_are_few_whatever_hubs_post() -> None:
    """A day's, by the clock; one from the future was no push of today."""
    pushed = [NOW - timedelta(hours=hour) for hour in range(PUSHES_PER_DAY)]
    assert not may_push(pushed, NOW)
    assert may_push(pushed[1:], NOW)
    assert may_push(pushed, NOW + timedelta(days=1))
    assert may_push([NOW + timedelta(hours=1)] * PUSHES_PER_DAY, NOW)


def test_a_comment_answers_the_notice_as_it_stands() -> None:
    """To its author's key, by the hub's drop; the hub knows its operator alone."""
    asked = replace(NOTICE, recipient=RECIPIENT)
    base = "https://hub.example/api/clip_consent/portal/v1"
    request = comment_request(
        asked, portal=PORTAL, base=base, storage=None, request_id="r" * 26, now=NOW
    )
    assert request.portal is PortalKind.NOTICE
    assert request.trust is Trust.VERIFIED
    assert request.recipient == RECIPIENT
    assert request.destination.url == f"{base}/drops/{NOTICE.id}"
    assert request.destination.storage is None
    assert request.text == f"{NOTICE.title}\n\n{NOTICE.text}"
    assert request.voucher
    assert request.voucher.item_id == NOTICE.id
    assert request.cameras is None
    assert request.expires_at == NOTICE.expires_at
    strange = replace(asked, author=NoticeAuthor.NEIGHBOUR, published_at=NOW)
    strange = replace(strange, published_at=strange.expires_at + timedelta(days=1))
    store = "https://s3.example"
    request = comment_request(
        strange, portal=PORTAL, base=base, storage=store, request_id="r" * 26, now=NOW
    )
    assert request.destination.storage == store
    assert request.trust is Trust.UNVERIFIED
    assert request.window.start <= request.window.end


# --- what somebody here wrote


def test_a_notice_is_tried_for_a_week() -> None:
    """Ever more rarely; then it is told that it did not go."""
    later = failed(WRITTEN, "portal_unavailable", NOW)
    assert later.state is WrittenState.WAITING
    assert later.problem == "portal_unavailable"
    assert later.due_at > NOW
    again = failed(later, "portal_unavailable", later.due_at)
    assert again.due_at - later.due_at > later.due_at - NOW
    over = failed(again, "portal_unavailable", NOW + TRIED_FOR)
    assert over.state is WrittenState.REFUSED
    assert over.ended_at == NOW + TRIED_FOR


def test_what_is_due_first_goes_first() -> None:
    """And what has ended is never due."""
    assert next_due([]) is None
    early = replace(WRITTEN, id="e" * 26, due_at=NOW)
    assert next_due([WRITTEN, early]) == early
    ended = [sent(WRITTEN, "k" * 26, NOW), refused(WRITTEN, "hub_refused_notice", NOW)]
    assert next_due(ended) is None


def test_words_that_are_long_sent_are_forgotten() -> None:
    """What waits is kept however long that takes."""
    done = sent(WRITTEN, "k" * 26, NOW)
    assert kept([WRITTEN, done], NOW + KEPT) == (WRITTEN,)
    assert kept([done], NOW + KEPT - timedelta(seconds=1)) == (done,)
