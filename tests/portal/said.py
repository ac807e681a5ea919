"""What a hub says, for the tests to take apart."""

from datetime import UTC, datetime, timedelta
import hashlib
import json
from pathlib import Path
import re
from typing import Any, Final

from pyrage import x25519

from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import RequesterKind, Window
from custom_components.clip_consent.core.portal_items import (
    Notice,
    NoticeAuthor,
    PublicRequest,
)

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RECIPIENT: Final = str(x25519.Identity.generate().to_public())
PLACE: Final = Point(lat=52.52, lon=13.4)
PAGE: Final = Path(__file__).parents[2] / "docs" / "portal-protocol.md"

REQUEST: Final = PublicRequest(
    id="k5x2mzq7w3d4a6bnt2h5c7e3ya",
    published_at=NOW,
    expires_at=NOW + timedelta(days=7),
    kind=RequesterKind.POLICE,
    name="PC Meier",
    organisation="Police station 12",
    verified_how="Met in person, badge seen",
    contact="station12@police.example",
    case_number="2026-1187",
    title="Car scratched in Lindenstraße",
    text="A blue van,\nTuesday evening.",
    window=Window(start=NOW - timedelta(hours=15), end=NOW - timedelta(hours=14)),
    area=Circle(center=PLACE, radius=200.0),
    recipient=RECIPIENT,
)
NOTICE: Final = Notice(
    id="t2u3v4w5x6y7z2a3b4c5d6e7f2",
    published_at=NOW,
    expires_at=NOW + timedelta(days=7),
    title="Ice on the steps",
    text="The steps by the bridge are slippery.",
    cells=("u33db",),
    author=NoticeAuthor.OPERATOR,
    recipient=None,
)


def example(name: str) -> Any:
    """Return an example of docs/portal-protocol.md."""
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- example: {name} -->\n```json\n(.*?)```", page, re.DOTALL)
    assert found, name
    return json.loads(found[1])


def sha256(data: bytes) -> str:
    """Return a digest in hex."""
    return hashlib.sha256(data).hexdigest()
