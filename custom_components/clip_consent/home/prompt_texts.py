"""What pushes say: our own words and the owner's, never a requester's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ..core.models import (
    Camera,
    Case,
    CaseEvent,
    CaseEventType,
    PortalKind,
    Trust,
    Window,
)

TITLE = "Request for footage"
_WHO = {
    Trust.UNVERIFIED: "Somebody you have not verified",
    Trust.INVITED: "Somebody you invited",
    Trust.VERIFIED: "A verified requester",
}
FREE = "Answering is voluntary, and nobody can see a refusal."
HIDDEN = f"Somebody asks for footage. {FREE}"
WORDS = "An answer in words waits for approval"
APPROVE, REVIEW, DECLINE, UNDO = "Approve", "Review", "Decline", "Undo"
NO_PHONE_TITLE = "Clip Consent"
NO_PHONE = (
    "A request for footage is waiting, and none of your phones could be reached. "
    f"Open Clip Consent in the sidebar. {FREE}"
)


def request_text(
    case: Case, cameras: dict[str, Camera], time_zone: ZoneInfo, *, hide: bool
) -> str:
    """Return who asks for what, and that no answer is one."""
    return HIDDEN if hide else f"{_question(case, cameras, time_zone)}. {FREE}"


def _question(case: Case, cameras: dict[str, Camera], time_zone: ZoneInfo) -> str:
    draft = case.draft
    window = draft.window if draft else case.request.window
    when = _window(window, time_zone)
    if draft and draft.choice.camera_id in cameras:
        camera = _plain(cameras[draft.choice.camera_id].name)
        return f"{_who(case)} asks for {camera}, {when}, {_length(draft.seconds)}"
    if draft and draft.choice.text is not None:
        return f"{_who(case)} asks for footage, {when}. {WORDS}"
    found = [
        _plain(cameras[finding.camera_id].name)
        for finding in case.findings or ()
        if finding.camera_id in cameras
    ]
    what = f"Found on {', '.join(found)}" if found else "Nothing was found"
    return f"{_who(case)} asks for footage, {when}. {what}"


def result_text(event: CaseEvent, user_name: str, time_zone: ZoneInfo) -> str:
    """Return what became of a case."""
    if event.type is CaseEventType.APPROVED and event.case.delivery:
        until = event.case.delivery.consent.undo_until.astimezone(time_zone)
        return f"{_plain(user_name)} approved. Goes out at {until:%H:%M:%S}."
    if event.type is CaseEventType.UNDONE:
        return f"{_plain(user_name)} took the approval back. Nothing was sent."
    if event.type is CaseEventType.SHARED:
        return f"The approved {_what(event.case)} is ready for the one who asked."
    return "The clip could not be sent. Open Clip Consent to see why."


def _what(case: Case) -> str:
    draft = case.delivered[-1].draft if case.delivered else case.draft
    return "answer" if draft and draft.choice.text is not None else "clip"


def digest_text(waiting: int) -> str:
    """Return what stands for requests that the limits kept back."""
    wait = "request for footage is" if waiting == 1 else "requests for footage are"
    return f"{waiting} {wait} waiting. {FREE}"


def _who(case: Case) -> str:
    label = _plain(case.request.label)
    if case.request.portal is PortalKind.TEST:  # the label is who pressed the button
        return f"A test by {label}" if label else "A test"
    return label or _WHO[case.request.trust]


def _window(window: Window, time_zone: ZoneInfo) -> str:
    """Return a span; with seconds where both ends would read alike without."""
    start, end = (moment.astimezone(time_zone) for moment in (window.start, window.end))
    alike = start.timestamp() // 60 == end.timestamp() // 60
    clock = "%H:%M:%S" if alike else "%H:%M"
    last = f"{end:{clock}}" if end.date() == start.date() else _moment(end, clock)
    return f"{_moment(start, clock)}–{last}"


def _moment(when: datetime, clock: str) -> str:
    return f"{when.day} {when:%B}, {when:{clock}}"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    said = [f"{minutes} min"] if minutes else []
    return " ".join([*said, f"{rest} s"] if rest or not minutes else said)


def _plain(name: str) -> str:
    """Return an owner's name without what Android would read as HTML."""
    return " ".join(name.replace("<", " ").replace(">", " ").split())
