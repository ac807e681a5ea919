"""What leaves the home in words: the manifest of a delivery, and when to try again."""

from dataclasses import dataclass
from datetime import datetime
import hashlib
import re
from typing import Final

from .errors import SealError
from .masks import in_pixels
from .models import Delivery, Request, Window
from .serial import Json, utc_text

MANIFEST_VERSION: Final = 1
CLIP_NAME: Final = "clip.mp4"
ANSWER_NAME: Final = "answer.txt"
CONTENT_NAMES: Final = frozenset({CLIP_NAME, ANSWER_NAME})

_FIRST_RETRY: Final = 10.0  # seconds
RETRY_MAX: Final = 3600.0
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The file beside a manifest, as the manifest names it."""

    name: str
    media_type: str
    size: int
    sha256: str


def manifest(
    *,
    request: Request,
    delivery: Delivery,
    delete_by: datetime,
    software_version: str,
) -> dict[str, Json]:
    """Return the manifest of a delivery, as in section 9 of docs/interfaces.md.

    It names no camera, user or home. `identity` is what stood beside Approve that the
    owner says of themselves; where that was nothing, the field is left out. So are
    those that tell what is filled, where nothing is.
    """
    draft, consent = delivery.draft, delivery.consent
    film = draft.choice.text is None
    said: dict[str, Json] = {
        "version": MANIFEST_VERSION,
        "kind": "clip" if film else "answer",
        "request_id": request.voucher.item_id
        if request.voucher
        else request.request_id,
        "content": {
            "name": CLIP_NAME if film else ANSWER_NAME,
            "media_type": draft.media_type,
            "size": draft.size,
            "sha256": draft.sha256,
        },
        "camera": delivery.camera_number if film else None,
        "asked": _span(request.window),
        "covered": (
            {**_span(draft.window), "seconds": draft.seconds} if film else None
        ),
        "frames": draft.frames if film else None,
        "width": draft.width if film else None,
        "height": draft.height if film else None,
        "video_codec": draft.video_codec if film else None,
        "audio": draft.audio if film else None,
        "transformations": list(draft.changes),
        "consent": {"at": utc_text(consent.at), "means": consent.means.value},
        "terms": {
            "purpose": request.text,
            "delete_by": utc_text(delete_by),
            "onward_sharing": False,
        },
        "software": f"clip_consent {software_version}",
    }
    if consent.identity:
        said["identity"] = consent.identity
    if draft.masks:
        said["masks"] = in_pixels(draft.masks, draft.width, draft.height)
    if draft.original and delivery.original_salt:
        said["original_commitment"] = commitment(delivery.original_salt, draft.original)
    return said


def commitment(salt: str, sha256: str) -> str:
    """Return SHA-256 of a salt and a digest as bytes, one behind the other; all hex.

    It is bound to the digest, and without the salt nobody can tell which that is: the
    digest itself could be that of a file which somebody else was sent.
    """
    return hashlib.sha256(bytes.fromhex(salt) + bytes.fromhex(sha256)).hexdigest()


def content_of(manifest: Json) -> Content:
    """Return what a manifest says of its content.

    Raises SealError `manifest_invalid` if it is no manifest of a version we know.
    """
    if (
        isinstance(manifest, dict)
        and manifest.get("version") == MANIFEST_VERSION
        and isinstance(content := manifest.get("content"), dict)
        and isinstance(name := content.get("name"), str)
        and name in CONTENT_NAMES
        and isinstance(media_type := content.get("media_type"), str)
        and type(size := content.get("size")) is int
        and size >= 0
        and isinstance(sha256 := content.get("sha256"), str)
        and _SHA256.fullmatch(sha256)
    ):
        return Content(name=name, media_type=media_type, size=size, sha256=sha256)
    raise SealError("manifest_invalid")


def retry_delay(attempts: int) -> float:
    """Return seconds to wait after `attempts` failures: doubling, at most 1 h."""
    doublings = min(max(attempts, 1) - 1, 16)
    return min(_FIRST_RETRY * 2.0**doublings, RETRY_MAX)


def _span(window: Window) -> dict[str, Json]:
    return {"start": utc_text(window.start), "end": utc_text(window.end)}
