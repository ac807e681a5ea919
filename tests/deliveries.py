"""Requests and deliveries for tests of what leaves the home."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import hashlib
from pathlib import Path
import secrets

from pyrage import x25519

from custom_components.clip_consent.base.package import SealedPackage, seal_package
from custom_components.clip_consent.core.models import (
    Choice,
    Consent,
    Delivery,
    Destination,
    Draft,
    Means,
    PortalKind,
    Request,
    RequesterKind,
    Trust,
    Way,
    Window,
)
from custom_components.clip_consent.core.protocol import manifest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKED = Window(start=NOON, end=NOON + timedelta(minutes=3))
IN_THE_HOME = Destination(way=Way.DROP)
COVERED = Window(start=NOON - timedelta(seconds=2), end=ASKED.end)


def new_request(recipient: str | None, destination: Destination) -> Request:
    """Return a neighbour's request."""
    return Request(
        request_id=secrets.token_hex(13),
        portal=PortalKind.DIRECT,
        trust=Trust.INVITED,
        label="Anna next door",
        kind=RequesterKind.NEIGHBOUR,
        name="Anna",
        contact="anna@example.org",
        text="Somebody drove into my bicycle",
        case_number="",
        window=ASKED,
        received_at=NOON,
        expires_at=NOON + timedelta(days=7),
        recipient=recipient,
        destination=destination,
        reachable_until=NOON + timedelta(days=21),
    )


def new_draft(content: bytes, *, text: str | None = None) -> Draft:
    """Return the draft of some bytes: a clip, or an answer in words."""
    return Draft(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        file="draft.mp4",
        media_type="video/mp4" if text is None else "text/plain; charset=utf-8",
        window=COVERED,
        seconds=182.0,
        frames=3640,
        width=1920,
        height=1080,
        video_codec="h264",
        audio=False,
        changes=("stream_copy", "audio_removed", "metadata_removed"),
        still=None,
        sheet=None,
        choice=Choice(camera_id="Front door camera", window=ASKED, text=text),
    )


def new_delivery(request: Request, draft: Draft) -> Delivery:
    """Return the delivery of an approved draft."""
    return Delivery(
        delivery_id=secrets.token_hex(13),
        draft=draft,
        camera_number=1,
        consent=Consent(
            consent_id="consent",
            offer_id="offer",
            sha256=draft.sha256,
            recipient=request.recipient,
            destination=request.destination,
            user_id="sam-the-owner",
            means=Means.PANEL,
            at=NOON + timedelta(minutes=20),
            undo_until=NOON + timedelta(minutes=21),
        ),
    )


class Sealed:
    """A draft of random bytes, sealed to a new key, ready to go somewhere."""

    def __init__(
        self,
        folder: Path,
        *,
        size: int = 100_000,
        destination: Destination = IN_THE_HOME,
        content: bytes | None = None,
    ) -> None:
        self.content = secrets.token_bytes(size) if content is None else content
        self.identity = x25519.Identity.generate()
        self.request = new_request(str(self.identity.to_public()), destination)
        delivery = new_delivery(self.request, new_draft(self.content))
        self.path = folder / f"{delivery.delivery_id}.age"
        self.package = self._seal(folder, delivery)
        self.delivery = replace(
            delivery,
            package_sha256=self.package.package_sha256,
            package_size=self.package.package_size,
            manifest_sha256=self.package.manifest_sha256,
            signing_key=self.package.signing_key,
        )

    def _seal(self, folder: Path, delivery: Delivery) -> SealedPackage:
        draft = folder / f"{delivery.delivery_id}.mp4"
        draft.write_bytes(self.content)
        with draft.open("rb") as opened:
            return seal_package(
                draft=opened,
                expected_sha256=delivery.draft.sha256,
                expected_size=delivery.draft.size,
                manifest=manifest(
                    request=self.request,
                    delivery=delivery,
                    delete_by=NOON + timedelta(days=90),
                    software_version="0.1.0",
                ),
                recipient=str(self.identity.to_public()),
                spool_path=self.path,
            )
