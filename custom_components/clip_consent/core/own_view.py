"""Requests of this home, as the panel shows them. No secret of theirs is among it."""

from collections.abc import Callable
from datetime import datetime

from .own_answers import AnswerState, OwnAnswer
from .own_news import unseen
from .own_notes import note_view
from .own_published import ALTERED
from .own_requests import ENDS, OwnRequest, OwnState, asked_about, own_state
from .portal_items import area_json
from .portal_json import Said
from .serial import utc_text


def own_view(
    request: OwnRequest,
    *,
    hub: str,
    now: datetime,
    problem_text: Callable[[str], str],
) -> Said:
    """Return a request as JSON, without what came for it: that is for approvers.

    `hub` is what the owner calls it.
    """
    state = own_state(request, now)
    problem = request.problem or (ALTERED if request.altered else None)
    window, area = asked_about(request)
    expires = request.expires_at
    return {
        "request_id": request.request_id,
        "hub": hub,
        "state": state.value,
        "hub_knows": request.owed is None and bool(request.item_id or request.ended),
        "may_withdraw": state in ENDS[OwnState.WITHDRAWN],
        "may_resolve": state in ENDS[OwnState.RESOLVED],
        "problem": problem,
        "problem_text": problem_text(problem) if problem else None,
        "asked_at": utc_text(request.asked_at),
        "expires_at": utc_text(expires) if expires else None,
        "title": request.title,
        "text": request.text,
        "start": utc_text(window.start),
        "end": utc_text(window.end),
        "area": area_json(area),
        "may_note": state is OwnState.OPEN,
        "notes": [
            {
                **note_view(note),
                "problem_text": problem_text(note.problem) if note.problem else None,
            }
            for note in request.notes
        ],
        "unseen": unseen(request),
        "answers": [],
    }


def answer_view(answer: OwnAnswer) -> Said:
    """Return an answer as JSON; paths to its clip are the edge's to add."""
    covered, came, kept = answer.covered, answer.came_at, answer.kept_until
    return {
        "delivery_id": answer.delivery_id,
        "state": answer.state.value,
        "came_at": utc_text(came) if came else None,
        "kept_until": utc_text(kept) if kept else None,
        "text": answer.text,
        "camera": answer.camera,
        "start": utc_text(covered.start) if covered else None,
        "end": utc_text(covered.end) if covered else None,
        "identity": answer.identity,
        "changes": list(answer.changes),
        "audio": answer.audio,
        "sha256": answer.sha256,
        "size": answer.content_size,
        "video": None,
        "file": None,
    }


def has_clip(answer: OwnAnswer) -> bool:
    """Tell whether there is a clip to be played."""
    return answer.state is AnswerState.HERE and answer.text is None
