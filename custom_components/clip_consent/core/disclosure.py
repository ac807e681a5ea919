"""What leaves the core: the requester's view, and the owner's.

The requester's view is not given the state, the reason or the rules, so it cannot tell
a refusal from silence.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from .models import (
    Camera,
    Case,
    CaseEvent,
    Consent,
    Delivery,
    Draft,
    FirstTap,
    PublicStatus,
    Request,
    Screening,
    Window,
)
from .outgoing import needs_key
from .serial import Json, utc_text

H264 = "h264"


def status_view(status: PublicStatus) -> Json:
    """Return all that a requester is ever told."""
    return {
        "version": 1,
        "status": "received",
        "look_again_until": utc_text(status.look_again_until),
        "deliveries": [
            {
                "id": drop.delivery_id,
                "size": drop.size,
                "available_until": utc_text(drop.until),
            }
            for drop in status.drops
        ],
    }


def subject(case: Case, cameras: Mapping[str, Camera]) -> dict[str, Json]:
    """Return what states, triggers and pushes may say: no word of the requester's."""
    window = case.draft.window if case.draft else case.request.window
    choice = case.draft.choice if case.draft else case.choice
    camera = cameras.get(choice.camera_id) if choice and not choice.text else None
    return {
        "case_id": case.case_id,
        "label": case.request.label,
        "trust": case.request.trust.value,
        "camera": camera.name if camera else None,
        "start": utc_text(window.start),
        "end": utc_text(window.end),
    }


def event_view(
    event: CaseEvent, cameras: Mapping[str, Camera], waiting: int
) -> dict[str, Json]:
    """Return the attributes of the event entity."""
    return {**subject(event.case, cameras), "waiting": waiting}


def owner_view(
    case: Case,
    *,
    cameras: Mapping[str, Camera],
    user_name: Callable[[str], str],
    problem_text: Callable[[str], str],
    sentence: Callable[[Screening], str],
) -> dict[str, Json]:
    """Return a case as approvers see it; the session adds the paths to the draft."""
    consent = case.delivery.consent if case.delivery else None
    return {
        "case_id": case.case_id,
        "state": case.state.value,
        "problem": case.problem,
        "problem_text": problem_text(case.problem) if case.problem else None,
        "closed": case.closed.value if case.closed else None,
        "request": _request(case.request, wants_key=needs_key(case)),
        "screening": _screening(case.screening, sentence),
        "findings": None
        if case.findings is None
        else [
            {
                **clips_view(finding.camera_id, finding.runs),
                "camera": _name(cameras, finding.camera_id),
            }
            for finding in case.findings
        ],
        "draft": _draft(case.draft, cameras) if case.draft else None,
        "offer": {
            "offer_id": case.offer.offer_id,
            "expires_at": utc_text(case.offer.expires_at),
            "first": _first(case.offer.first, user_name) if case.offer.first else None,
            "first_is_you": False,
        }
        if case.offer
        else None,
        "consent": _consent(consent, user_name) if consent else None,
        "deliveries": [_delivery(delivery) for delivery in case.delivered],
    }


def clips_view(camera_id: str, runs: Iterable[Window]) -> dict[str, Json]:
    """Return what a camera has: runs without a gap."""
    return {
        "camera_id": camera_id,
        "runs": [
            {"start": utc_text(run.start), "end": utc_text(run.end)} for run in runs
        ],
    }


def _request(request: Request, *, wants_key: bool) -> Json:
    return {
        "portal": request.portal.value,
        "trust": request.trust.value,
        "label": request.label,
        "kind": request.kind.value,
        "name": request.name,
        "contact": request.contact,
        "text": request.text,
        "case_number": request.case_number,
        "start": utc_text(request.window.start),
        "end": utc_text(request.window.end),
        "received_at": utc_text(request.received_at),
        "expires_at": utc_text(request.expires_at),
        "way": request.destination.way.value,
        "needs_key": wants_key,
    }


def _screening(
    screening: Screening | None, sentence: Callable[[Screening], str]
) -> Json:
    if screening is None:
        return None
    limits = screening.constraints
    return {
        "verdict": screening.verdict.value,
        "sentence": sentence(screening),
        "max_seconds": limits.max_seconds,
        "audio_allowed": limits.audio,
        "cameras": list(limits.cameras) if limits.cameras is not None else None,
        "two_approvers": limits.two_approvers,
    }


def _draft(draft: Draft, cameras: Mapping[str, Camera]) -> Json:
    return {
        "sha256": draft.sha256,
        "size": draft.size,
        "media_type": draft.media_type,
        "camera_id": draft.choice.camera_id or None,
        "camera": None if draft.choice.text else _name(cameras, draft.choice.camera_id),
        "start": utc_text(draft.window.start),
        "end": utc_text(draft.window.end),
        "seconds": round(draft.seconds, 3),
        "width": draft.width,
        "height": draft.height,
        "video_codec": draft.video_codec,
        "audio": draft.audio,
        "playable": draft.video_codec in ("", H264),
        "changes": list(draft.changes),
        "text": draft.choice.text,
        "video": None,
        "still": None,
        "sheet": None,
    }


def _consent(consent: Consent, user_name: Callable[[str], str]) -> Json:
    return {
        "user": user_name(consent.user_id),
        "means": consent.means.value,
        "at": utc_text(consent.at),
        "undo_until": utc_text(consent.undo_until),
    }


def _first(first: FirstTap, user_name: Callable[[str], str]) -> Json:
    return {"user": user_name(first.user_id), "at": utc_text(first.at)}


def _delivery(delivery: Delivery) -> Json:
    return {
        "delivery_id": delivery.delivery_id,
        "sha256": delivery.draft.sha256,
        "delivered_at": _time(delivery.delivered_at),
        "available_until": _time(delivery.available_until),
        "revoked_at": _time(delivery.revoked_at),
        "package_sha256": delivery.package_sha256,
        "package_size": delivery.package_size,
        "manifest_sha256": delivery.manifest_sha256,
        "signing_key": delivery.signing_key,
    }


def _time(when: datetime | None) -> str | None:
    return utc_text(when) if when else None


def _name(cameras: Mapping[str, Camera], camera_id: str) -> str | None:
    return cameras[camera_id].name if camera_id in cameras else None
