"""What the ledger tells of what cameras always hide: it decides what leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import hashlib

from .ledger import Line
from .masks import Region, masks_view
from .models import Camera
from .serial import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """How many regions are filled, and what stands for exactly those (SHA-256, hex)."""

    regions: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger tells already, and who said that they would change it, by camera.

    `said` has what they change it to: a note of another change names nobody.
    """

    hidden: Mapping[str, Hidden] = field(default_factory=dict)
    said: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # digest, user id


def hidden_by(regions: Iterable[Region]) -> Hidden:
    """Return what is to be known of regions; of none, too."""
    view = masks_view(sorted(set(regions)))
    return Hidden(regions=len(view), sha256=hashlib.sha256(canonical(view)).hexdigest())


NOTHING = hidden_by(())


def masks_changed(
    known: Known, cameras: Iterable[Camera]
) -> tuple[Known, tuple[Line, ...]]:
    """Return what is known from now on, and a line of each camera that changed.

    Of a camera that is gone nothing leaves: it is forgotten without a line.
    """
    now = {camera.camera_id: hidden_by(camera.masks) for camera in cameras}
    lines = tuple(
        _line(camera_id, known.hidden.get(camera_id, NOTHING), hidden, known)
        for camera_id, hidden in sorted(now.items())
        if hidden != known.hidden.get(camera_id, NOTHING)
    )
    kept = {each: hidden for each, hidden in now.items() if hidden != NOTHING}
    return Known(hidden=kept), lines


def _line(camera_id: str, before: Hidden, after: Hidden, known: Known) -> Line:
    sha256, user_id = known.said.get(camera_id, ("", ""))
    return Line(
        kind="masks_changed",
        case_id=None,
        data={
            "camera_id": camera_id,
            "regions_before": before.regions,
            "regions_after": after.regions,
            "regions_sha256": after.sha256,
            "user_id": user_id if sha256 == after.sha256 else None,
        },
    )
