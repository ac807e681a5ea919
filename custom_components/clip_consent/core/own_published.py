"""Whether a hub published what this home sent to it; docs/portal-protocol.md, 3."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from .own_requests import OwnRequest, followed_log
from .portal_known import Followed, alarmed
from .portal_published import asked_words, words_digest

ALTERED: Final = "portal_altered"


def held_to_sent(known: Followed, own: Iterable[OwnRequest]) -> Followed:
    """Hold what a hub published to what was sent to it; each is told of once.

    Once the owner has seen the alarm, the hub is believed again: what it had altered
    until then is kept in mind, for its log still says so.
    """
    wrong = {one.item_id for one in own if one.item_id and is_altered(one, known)}
    new = sorted(wrong.difference(known.altered))
    if not new:
        return known
    return alarmed(replace(known, altered=(*known.altered, *new)), ALTERED)


def followed_own(request: OwnRequest, known: Followed) -> OwnRequest:
    """Return a request after the hub's log was read: published, altered, or over."""
    altered = request.altered or is_altered(request, known)
    return replace(followed_log(request, known), altered=altered)


def is_altered(request: OwnRequest, known: Followed) -> bool:
    """Tell whether a hub published something else as this request, or this notice."""
    words = _words(request)
    return any(
        one.id == request.item_id and one.words != words for one in known.published
    )


def _words(request: OwnRequest) -> str:
    window, area = request.window, request.area
    return words_digest(
        title=request.title,
        text=request.text,
        recipient=request.recipient,
        asked=asked_words(window, area) if window and area else None,
    )
