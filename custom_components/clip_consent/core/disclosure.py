"""What leaves the core: the requester's view, and the owner's.

The requester's view is not given the state, the reason or the rules, so it cannot tell
a refusal from silence.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from .detections import LABEL_MAX, Detection
from .geo import Circle, Point, Polygon
from .masks import masks_view
from .models import (
    Camera,
    Case,
    CaseEvent,
    Consent,
    Delivery,
    Draft,
    FirstTap,
    Request,
    Screening,
    Viewpoint,
    Window,
)
from .outgoing import needs_key
from .public_status import PublicStatus
from .serial import Json, utc_text
from .vouching import Voucher

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
        "deliveries": [_delivery(delivery, cameras) for delivery in case.delivered],
    }


def clips_view(camera_id: str, runs: Iterable[Window]) -> dict[str, Json]:
    """Return what a camera has: runs without a gap."""
    return {
        "camera_id": camera_id,
        "runs": [_span(run) for run in runs],
    }


def detections_view(detections: Iterable[Detection]) -> Json:
    """Return what a recorder saw, for approvers' timelines alone."""
    return [{"label": one.label[:LABEL_MAX], **_span(one.window)} for one in detections]


def place_view(place: Point) -> dict[str, Json]:
    """Return a place as approvers' screens draw it, degrees of WGS 84."""
    return {"latitude": place.lat, "longitude": place.lon}


def camera_view(camera: Camera) -> dict[str, Json]:
    """Return a camera as approvers choose among them."""
    view = camera.viewpoint
    return {
        "camera_id": camera.camera_id,
        "name": camera.name,
        "place": _viewpoint(view) if view else None,
        "masks": masks_view(camera.masks),
    }


def _viewpoint(view: Viewpoint) -> Json:
    return {**place_view(view.place), "bearing": view.bearing}


def _span(window: Window) -> dict[str, Json]:
    return {"start": utc_text(window.start), "end": utc_text(window.end)}


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
        "storage": request.destination.storage,
        "needs_key": wants_key,
        "area": _area(request.area) if request.area else None,
        "vouched": _vouched(request.voucher) if request.voucher else None,
    }


def _vouched(voucher: Voucher) -> Json:
    return {
        "hub": voucher.hub,
        "organisation": voucher.organisation,
        "verified_how": voucher.verified_how,
        "notes": [
            {"at": utc_text(note.at), "text": note.text} for note in voucher.notes
        ],
    }


def _area(area: Circle | Polygon) -> Json:
    if isinstance(area, Circle):
        return {"kind": "circle", **place_view(area.center), "radius": area.radius}
    return {
        "kind": "polygon",
        "points": [[vertex.lat, vertex.lon] for vertex in area.vertices],
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
        "masked": limits.masked,
    }


def _draft(draft: Draft, cameras: Mapping[str, Camera]) -> Json:
    choice = draft.choice
    return {
        "sha256": draft.sha256,
        "size": draft.size,
        "media_type": draft.media_type,
        "camera_id": choice.camera_id or None,
        "camera": None if choice.text else _name(cameras, choice.camera_id),
        "chosen": None if choice.text else _span(choice.window),
        "start": utc_text(draft.window.start),
        "end": utc_text(draft.window.end),
        "seconds": round(draft.seconds, 3),
        "width": draft.width,
        "height": draft.height,
        "video_codec": draft.video_codec,
        "audio": draft.audio,
        "playable": draft.video_codec in ("", H264),
        "changes": list(draft.changes),
        "text": choice.text,
        "identity": choice.identity or None,
        "exact": choice.exact,
        "masks": masks_view(draft.masks),
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


def _delivery(delivery: Delivery, cameras: Mapping[str, Camera]) -> Json:
    draft = delivery.draft
    words = draft.choice.text is not None
    return {
        "delivery_id": delivery.delivery_id,
        "words": words,
        "camera": None if words else _name(cameras, draft.choice.camera_id),
        "start": None if words else utc_text(draft.window.start),
        "end": None if words else utc_text(draft.window.end),
        "sha256": draft.sha256,
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
