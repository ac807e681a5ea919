"""Cases, drafts and consents to test the pure core with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.clip_consent.core.models import (
    Camera,
    Case,
    CaseState,
    Choice,
    Consent,
    Constraints,
    Delivery,
    Destination,
    Draft,
    Finding,
    Means,
    Offer,
    PortalKind,
    Request,
    RequesterKind,
    Screening,
    Trust,
    VerdictKind,
    Way,
    Window,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPAN = Window(start=NOW - timedelta(minutes=9), end=NOW - timedelta(minutes=5))
SHA = "ab" * 32
GARDEN = "garden"
CAMERAS = {
    GARDEN: Camera(
        camera_id=GARDEN,
        name="Garden",
        indoor=False,
        offered=True,
        source_kind="folder",
        source={},
    )
}
CHOICE = Choice(camera_id=GARDEN, window=SPAN)


def request(**changes: Any) -> Request:
    """Return a request."""
    base = Request(
        request_id="r" * 26,
        portal=PortalKind.DIRECT,
        trust=Trust.INVITED,
        label="Carol",
        kind=RequesterKind.NEIGHBOUR,
        name="C",
        contact="c@example.org",
        text="words",
        case_number="",
        window=SPAN,
        received_at=NOW,
        expires_at=NOW + timedelta(days=7),
        recipient="age1x",
        destination=Destination(way=Way.DROP),
        invite_id="i",
        cameras=(GARDEN,),
        reachable_until=NOW + timedelta(days=21),
    )
    return replace(base, **changes)


def screening(verdict: VerdictKind = VerdictKind.ASK) -> Screening:
    """Return what a rule said."""
    return Screening(
        verdict=verdict,
        constraints=Constraints(),
        rule_id="1",
        sentence="Rule 1.",
        policy="p",
    )


def draft(sha256: str = SHA, choice: Choice = CHOICE) -> Draft:
    """Return a draft of a choice."""
    return Draft(
        sha256=sha256,
        size=10,
        file=f"{sha256}.mp4",
        media_type="video/mp4",
        window=choice.window,
        seconds=60.0,
        frames=600,
        width=640,
        height=360,
        video_codec="h264",
        audio=False,
        changes=("stream_copy",),
        still="s.jpg",
        sheet=None,
        choice=choice,
    )


def offer(sha256: str = SHA, offer_id: str = "o") -> Offer:
    """Return an offer of a draft."""
    return Offer(
        offer_id=offer_id,
        sha256=sha256,
        recipient="age1x",
        destination=Destination(way=Way.DROP),
        policy="p",
        offered_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )


def delivery(
    of: Draft | None = None, offer_id: str = "o", at: datetime = NOW
) -> Delivery:
    """Return a delivery that was just consented to."""
    made = of or draft()
    return Delivery(
        delivery_id="d" * 26,
        draft=made,
        camera_number=1,
        consent=Consent(
            consent_id="c",
            offer_id=offer_id,
            sha256=made.sha256,
            recipient="age1x",
            destination=Destination(way=Way.DROP),
            user_id="anna",
            means=Means.PANEL,
            at=at,
            undo_until=at + timedelta(seconds=10),
        ),
    )


def case(state: CaseState = CaseState.RECEIVED, **changes: Any) -> Case:
    """Return a case in a state."""
    return replace(Case(case_id="k" * 26, request=request(), state=state), **changes)


def waiting(**changes: Any) -> Case:
    """Return a case whose draft is offered."""
    return case(
        **{
            "state": CaseState.WAITING,
            "screening": screening(),
            "findings": (Finding(camera_id=GARDEN, runs=(SPAN,)),),
            "choice": CHOICE,
            "draft": draft(),
            "offer": offer(),
            **changes,
        },
    )


def consented(**changes: Any) -> Case:
    """Return a case in its undo window."""
    return waiting(
        **{
            "state": CaseState.CONSENTED,
            "offer": None,
            "delivery": delivery(),
            **changes,
        }
    )
