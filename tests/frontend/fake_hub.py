"""A made-up hub for its pages: a record that is really signed, a desk, sealed answers.

`Hub` makes what the hub says; `add_routes` serves it, as docs/portal-protocol.md has it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custom_components.clip_consent.base import portal_keys
from custom_components.clip_consent.core.portal_feed import HEAD_TYPE, head_payload
from custom_components.clip_consent.core.portal_log import (
    EMPTY,
    Beside,
    EntryKind,
    Head,
    LogLine,
    line_json,
    next_entry,
)
from custom_components.clip_consent.core.serial import canonical

PORTAL: Final = "/api/clip_consent/portal"
TOKEN: Final = "tOkEn-0123456789abcdefghijklmnop"
LIMITS: Final = {
    "area_min_km2": 0.065,
    "area_max_km2": 1.295,
    "vertices_max": 64,
    "window_min_seconds": 900,
    "window_max_seconds": 43200,
    "window_age_max_seconds": 31622400,
    "title_max": 127,
    "text_max": 2000,
    "contact_max": 255,
    "case_number_max": 64,
    "per_case_number": 2,
    "per_week": 3,
    "open_seconds": 604800,
    "drop_max_bytes": 1610612736,
}
AREA: Final = {"kind": "circle", "latitude": 52.52, "longitude": 13.39, "radius": 200.0}
BLOCK: Final = {
    "kind": "polygon",
    "points": [[52.52, 13.39], [52.525, 13.39], [52.525, 13.4]],
}


def said(moment: datetime) -> str:
    """Return a time as the wire has it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id(n: int) -> str:
    """Return an id."""
    letters = "abcdefghij"
    ending = "".join(letters[int(digit)] for digit in f"{n:03d}")
    return f"k5x2mzq7w3d4a6bnt2h5c7e{ending}"


@dataclass(slots=True)
class Hub:
    """What a hub says."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    lines: list[LogLine] = field(default_factory=list)
    info: dict[str, Any] = field(default_factory=dict)
    desk: dict[str, Any] = field(default_factory=dict)
    drops: dict[str, str] = field(default_factory=dict)
    coverage: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    now: datetime = field(
        default_factory=lambda: datetime.now(UTC).replace(microsecond=0)
    )

    def __post_init__(self) -> None:
        """Begin with an empty record, and a requester who asked nothing."""
        public = self.key.public_key()
        self.info = {
            "version": 1,
            "hub": portal_keys.thumbprint(public),
            "name": "Lindenstraße",
            "operator": "Residents' association Lindenstraße",
            "contact": "hub@lindenstrasse.example",
            "cells": ["u33db", "u33dc"],
            "slot_seconds": 900,
            "neighbours_may_ask": True,
            "rules": "We publish what names a time, a place and a reason.",
            "limits": dict(LIMITS),
            "jwks": portal_keys.jwks([public]),
            "first_key": portal_keys.jwk(public),
            "rotations": [],
            "counts": {"published": 0, "refused": {}},
        }
        self.desk = {
            "version": 1,
            "requester": {
                "name": "PC Meier",
                "organisation": "Police station 12",
                "kind": "police",
            },
            "left_this_week": 2,
            "requests": [],
        }

        self.tell_terms()

    def tell_terms(self) -> int:
        """Write down by which rules and limits the hub goes from now on."""
        names = ("name", "operator", "contact", "cells", "neighbours_may_ask")
        said = {name: self.info[name] for name in (*names, "rules", "limits")}
        return self.enter(EntryKind.TERMS, None, said)

    @property
    def head(self) -> Head:
        """The newest entry."""
        return self.lines[-1].entry.head if self.lines else EMPTY

    def enter(
        self, kind: EntryKind, id: str | None, text: Any, target: int | None = None
    ) -> int:
        """Write an entry and return its number."""
        beside = Beside(salt=bytes(range(16)), text=canonical(text).decode())
        entry = next_entry(
            self.head, at=self.now, kind=kind, id=id, target=target, beside=beside
        )
        self.lines.append(LogLine(entry=entry, beside=beside))
        return entry.n

    def publish(self, **changes: Any) -> int:
        """Publish a request that is in order, but for the changes."""
        return self.enter(EntryKind.PUBLISHED, *self._item(changes))

    def _item(self, changes: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        item = {
            "type": "request",
            "id": new_id(len(self.lines)),
            "published_at": said(self.now),
            "expires_at": said(self.now + timedelta(days=7)),
            "kind": "police",
            "name": "PC Meier",
            "organisation": "Police station 12",
            "verified_how": "Met in person, badge seen",
            "contact": "station12@police.example",
            "case_number": "2026-1187",
            "title": "Car scratched in Lindenstraße",
            "text": "A blue van, Tuesday evening.",
            "start": said(self.now - timedelta(hours=3)),
            "end": said(self.now - timedelta(hours=2)),
            "area": AREA,
            "recipient": "age1" + "q" * 58,
            **changes,
        }
        return item["id"], item

    def notice(self, **changes: Any) -> int:
        """Publish a notice."""
        item = {
            "type": "notice",
            "id": new_id(len(self.lines)),
            "published_at": said(self.now),
            "expires_at": said(self.now + timedelta(days=7)),
            "title": "Break-ins",
            "text": "Please lock your cellars.",
            "cells": ["u33db"],
            "author": "operator",
            "recipient": None,
            **changes,
        }
        return self.enter(EntryKind.PUBLISHED, item["id"], item)

    def over(self, n: int, kind: EntryKind) -> None:
        """Resolve or withdraw the request of an entry."""
        self.enter(kind, self.lines[n - 1].entry.id, {}, n)

    def note(self, n: int, text: str) -> int:
        """Add something to the request of an entry."""
        return self.enter(EntryKind.NOTE, self.lines[n - 1].entry.id, {"text": text}, n)

    def redact(self, n: int, who: str, why: str) -> None:
        """Take the text of an entry away, and say so."""
        entry = self.lines[n - 1].entry
        self.lines[n - 1] = LogLine(entry=entry, beside=None)
        self.enter(EntryKind.REDACTED, entry.id, {"who": who, "why": why}, n)

    def rotate(self, since: datetime) -> None:
        """Sign with another key from now on; the log and `/info` name it."""
        new = Ed25519PrivateKey.generate()
        hub, public = self.info["hub"], new.public_key()
        rotation = portal_keys.rotate(self.key, public, hub=hub, since=since)
        self.info["rotations"] = [*self.info["rotations"], rotation]
        self.info["jwks"] = portal_keys.jwks([public])
        self.key = new
        self.enter(EntryKind.KEY, None, {"rotation": rotation})

    def ask(
        self, published: dict[str, Any] | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Let the requester have asked something; what is open was `published` so."""
        requests = self.desk["requests"]
        request = {
            "id": new_id(50 + len(requests)),
            "state": "open",
            "refused": None,
            "submitted_at": said(self.now - timedelta(hours=1)),
            "expires_at": said(self.now + timedelta(days=7)),
            "title": "Car scratched in Lindenstraße",
            "text": "A blue van, Tuesday evening.",
            "start": said(self.now - timedelta(hours=3)),
            "end": said(self.now - timedelta(hours=2)),
            "area": AREA,
            "contact": "station12@police.example",
            "case_number": "2026-1187",
            "recipient": "",
            "key_hint": "",
            "notes": [],
            "deliveries": [],
            **changes,
        }
        requests.append(request)
        if request["state"] == "open":
            names = ("id", "title", "text", "start", "end", "area", "contact")
            same = {name: request[name] for name in (*names, "case_number")}
            same["recipient"] = request["recipient"]
            self.publish(**{**same, **(published or {})})
        return request

    def deliver(self, request: dict[str, Any], delivery: str, package: Path) -> None:
        """Let a sealed package lie there for a request."""
        request["deliveries"].append(
            {
                "id": delivery,
                "size": package.stat().st_size,
                "available_until": said(self.now + timedelta(days=14)),
            }
        )
        self.drops[f"{request['id']}/{delivery}"] = str(package)

    def facts(self) -> dict[str, Any]:
        """Return all of it for the server."""
        payload = head_payload(self.head, hub=self.info["hub"], at=self.now)
        head = portal_keys.sign_as_hub(payload, self.key, typ=HEAD_TYPE).decode()
        return {
            "info": {**self.info, "head": head},
            "head": head,
            "log": [line_json(line) for line in self.lines],
            "desk": self.desk,
            "drops": self.drops,
            "coverage": {"version": 1, "cells": self.coverage},
            "answers": self.answers,
        }


def add_routes(
    app: web.Application,
    world: Callable[[], dict[str, Any]],
    page: Callable[[str], web.Response],
    headers: dict[str, str],
) -> None:
    """Serve the hub that stands in the world, if there is one."""

    def missing() -> web.Response:
        return web.json_response({"error": "not_found"}, status=404, headers=headers)

    def hub() -> dict[str, Any] | None:
        found: dict[str, Any] | None = world().get("hub")
        return found

    def signed_in(request: web.Request) -> bool:
        wanted = (hub() or {}).get("token", TOKEN)
        return request.headers.get("Authorization") == f"Bearer {wanted}"

    async def page_of(request: web.Request) -> web.StreamResponse:
        name = "desk.html" if request.path.endswith("/desk") else "portal.html"
        return page(name)

    async def public(request: web.Request) -> web.StreamResponse:
        found = hub()
        if found is None:
            return missing()
        part = request.match_info["part"]
        if part == "log":
            begin = int(request.query["from"]) - 1
            entries = found["log"][begin : begin + 100]
            said = {"version": 1, "entries": entries, "head": found["head"]}
            return web.json_response(said, headers=headers)
        return web.json_response(found[part], headers=headers)

    async def published(request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["id"]
        for line in (hub() or {"log": []})["log"]:
            entry = line["entry"]
            if (entry["kind"], entry["id"]) == ("published", wanted):
                said = {"version": 1, "log": entry["n"]}
                return web.json_response(said, headers=headers)
        return missing()

    async def desk(request: web.Request) -> web.StreamResponse:
        found = hub()
        if found is None or not signed_in(request):
            return missing()
        return web.json_response(found["desk"], headers=headers)

    async def post(request: web.Request) -> web.StreamResponse:
        found = hub()
        if found is None or not signed_in(request):
            return missing()
        act = request.match_info.get("act", "submit")
        said = found["answers"].get(act, {"status": 200, "body": {}})
        return web.json_response(said["body"], status=said["status"], headers=headers)

    async def inbox(request: web.Request) -> web.StreamResponse:
        found = hub()
        name = "{request}/{delivery}".format(**request.match_info)
        if found is None or not signed_in(request) or name not in found["drops"]:
            return missing()
        return web.FileResponse(found["drops"][name], headers=headers)

    app.router.add_get(PORTAL, page_of)
    app.router.add_get(f"{PORTAL}/desk", page_of)
    app.router.add_get(f"{PORTAL}/v1/desk", desk)
    app.router.add_get(f"{PORTAL}/v1/{{part:info|log|coverage}}", public)
    app.router.add_get(f"{PORTAL}/v1/requests/{{id}}", published)
    app.router.add_post(f"{PORTAL}/v1/requests", post)
    app.router.add_post(f"{PORTAL}/v1/requests/{{id}}/{{act}}", post)
    app.router.add_get(f"{PORTAL}/v1/inbox/{{request}}/{{delivery}}", inbox)
