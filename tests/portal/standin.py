"""A hub of a test's own, built from docs/portal-protocol.md, that can also misbehave.

It keeps every byte that a home sends.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import hashlib
import json
import secrets
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from custom_components.clip_consent.base.portal_keys import (
    jwk,
    jwks,
    rotate,
    sign_as_hub,
    thumbprint,
)
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.geohash import touched
from custom_components.clip_consent.core.models import RequesterKind, Window
from custom_components.clip_consent.core.portal_feed import (
    FEED_TYPE,
    HEAD_TYPE,
    Feed,
    Listed,
    feed_payload,
    head_payload,
)
from custom_components.clip_consent.core.portal_items import (
    Item,
    Notice,
    PublicRequest,
    item_text,
)
from custom_components.clip_consent.core.portal_log import (
    EMPTY,
    Beside,
    EntryKind,
    Head,
    LogLine,
    line_json,
    next_entry,
)
from custom_components.clip_consent.core.proquint import words
from custom_components.clip_consent.home.world import RandomIds
from tests.servers.web import serving

API = "/api/clip_consent/portal/v1"
HERE = Point(lat=52.52, lon=13.4)
CELL = "u33db"
CELLS = ("u33d8", "u33d9", "u33db", "u33dc")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

type Seen = tuple[str, str, tuple[tuple[str, str], ...], bytes]


def public_request(**changes: Any) -> PublicRequest:
    """Return a request for 11:00 to 11:20, in the streets around."""
    now = changes.pop("now", NOON)
    base = PublicRequest(
        id=RandomIds().new_id(),
        published_at=now,
        expires_at=now + timedelta(days=7),
        kind=RequesterKind.POLICE,
        name="PC Meier",
        organisation="Station 12",
        verified_how="Badge seen",
        contact="station12@police.example",
        case_number="2026-1187",
        title="Car scratched",
        text="A blue van.",
        window=Window(
            start=NOON - timedelta(hours=1), end=NOON - timedelta(minutes=40)
        ),
        area=Circle(center=HERE, radius=200),
        recipient=str(x25519.Identity.generate().to_public()),
    )
    return replace(base, **changes)


@dataclass
class Cell:
    """What a cell's feed was last."""

    seq: int = 0
    shown: bytes = b""
    body: bytes = b""


@dataclass
class StandInHub:
    """An honest hub, until it is told otherwise."""

    now: Callable[[], datetime] = lambda: NOON
    cells: tuple[str, ...] = CELLS
    slot_seconds: int = 900
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)
    items: dict[int, Item] = field(default_factory=dict)  # open ones, by entry
    feeds: dict[str, Cell] = field(default_factory=dict)
    rotations: list[str] = field(default_factory=list)
    # how it misbehaves
    down: bool = False
    silent: frozenset[str] = frozenset()  # paths that begin so are answered 503
    extra: dict[str, str] = field(default_factory=dict)  # headers of every answer
    etag: Callable[[str], str] = lambda digest: digest
    submitted: list[dict[str, Any]] = field(default_factory=list)
    delivered: dict[str, bytes] = field(default_factory=dict)  # to every request
    beside_the_log: list[Listed] = field(default_factory=list)
    ahead: Head | None = None  # what its feeds say that the log's head is
    always_304: bool = False
    page: int = 100
    notices: tuple[int, str] = (202, json.dumps({"id": "n" * 26}))
    change_info: dict[str, Any] = field(default_factory=dict)
    change_page: Callable[[list[Any]], list[Any]] = lambda lines: lines

    def __post_init__(self) -> None:
        self.first = self.key
        self.hub = thumbprint(self.key.public_key())

    # --- what a moderator does

    @property
    def head(self) -> Head:
        return self.lines[-1].entry.head if self.lines else EMPTY

    def add(
        self,
        kind: EntryKind,
        text: str = "{}",
        *,
        id: str | None = None,
        target: int | None = None,
    ) -> int:
        beside = Beside(salt=secrets.token_bytes(16), text=text)
        entry = next_entry(
            self.head, at=self.now(), kind=kind, id=id, target=target, beside=beside
        )
        self.lines.append(LogLine(entry=entry, beside=beside))
        return entry.n

    def publish(self, item: Item) -> int:
        n = self.add(EntryKind.PUBLISHED, item_text(item), id=item.id)
        self.items[n] = item
        return n

    def close(self, n: int, kind: EntryKind = EntryKind.RESOLVED) -> None:
        self.add(kind, id=self.items.pop(n).id, target=n)

    def redact(self, n: int) -> None:
        said = json.dumps({"who": "operator", "why": "it named somebody"})
        self.add(EntryKind.REDACTED, said, id=self.lines[n - 1].entry.id, target=n)
        self.lines[n - 1] = replace(self.lines[n - 1], beside=None)
        self.items.pop(n, None)

    def rotate(self, since: datetime) -> None:
        new = Ed25519PrivateKey.generate()
        said = rotate(self.key, new.public_key(), hub=self.hub, since=since)
        self.rotations.append(said)
        self.key = new
        self.add(EntryKind.KEY, json.dumps({"rotation": said}))

    # --- what it answers

    def info(self) -> dict[str, Any]:
        return {
            "version": 1,
            "hub": self.hub,
            "name": "Lindenstraße",
            "operator": "Residents' association",
            "contact": "hub@example.org",
            "cells": list(self.cells),
            "slot_seconds": self.slot_seconds,
            "neighbours_may_ask": True,
            "rules": "",
            "limits": {},
            "jwks": jwks([self.key.public_key()]),
            "first_key": jwk(self.first.public_key()),
            "rotations": list(self.rotations),
            "head": self.signed_head(),
            "counts": {"published": len(self.lines), "refused": {}},
            **self.change_info,
        }

    def signed_head(self) -> str:
        payload = head_payload(self.head, hub=self.hub, at=self.now())
        return sign_as_hub(payload, self.key, typ=HEAD_TYPE).decode()

    def log(self, start: int) -> dict[str, Any]:
        lines = [line_json(line) for line in self.lines[start - 1 :][: self.page]]
        return {
            "version": 1,
            "entries": self.change_page(lines),
            "head": self.signed_head(),
        }

    def listed(self, cell: str) -> tuple[Listed, ...]:
        mine = []
        for n, item in self.items.items():
            if isinstance(item, Notice):
                concerned = cell in item.cells
            else:
                concerned = cell in touched(item.area, len(cell))
            beside = self.lines[n - 1].beside
            if concerned and beside and self.now() < item.expires_at:
                mine.append(Listed(n=n, beside=beside))
        return (*mine, *self.beside_the_log)

    def feed(self, cell: str) -> bytes:
        kept = self.feeds.setdefault(cell, Cell())
        feed = Feed(
            hub=self.hub,
            cell=cell,
            seq=0,
            issued=self.now(),
            expires=self.now() + timedelta(days=2),
            head=self.ahead or self.head,
            items=self.listed(cell),
        )
        day = self.now().date().isoformat()
        shown = repr((feed.head, feed.items, day)).encode()
        if shown != kept.shown:
            kept.seq, kept.shown = kept.seq + 1, shown
            payload = feed_payload(replace(feed, seq=kept.seq))
            kept.body = sign_as_hub(payload, self.key, typ=FEED_TYPE)
        return kept.body

    async def handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        self.seen.append(
            (
                request.method,
                request.raw_path if hasattr(request, "raw_path") else request.path_qs,
                tuple(
                    (name.decode(), value.decode())
                    for name, value in request.raw_headers
                    if name.lower() != b"host"  # its port is another each time
                ),
                body,
            )
        )
        path = request.path.removeprefix(API)
        if self.down or any(path.startswith(one) for one in self.silent):
            return web.Response(status=503)
        if path == "/info":
            return self._json(self.info())
        if path == "/log":
            return self._json(self.log(int(request.query.get("from", "1"))))
        if path == "/coverage" and request.method == "POST":
            return web.json_response({}, status=202)
        if path == "/requests" and request.method == "POST":
            return self._take(body)
        if path.startswith("/inbox/"):
            return self._inbox(*path.split("/")[2:])
        if path.startswith("/feed/") and (cell := path[6:]) in self.cells:
            return self._feed(cell, request.headers.get("If-None-Match"))
        if (request.method, path) == ("POST", "/notices"):
            return self._took(*self.notices)
        return web.json_response({"error": "not_found"}, status=404)

    def _take(self, body: bytes) -> web.Response:
        self.submitted.append(json.loads(body))
        return web.json_response({"id": RandomIds().new_id()}, status=202)

    def _inbox(self, item: str, delivery: str | None = None) -> web.Response:
        """Answer whoever asks: what a secret is for is a real hub's to show."""
        if delivery:
            return web.Response(body=self.delivered[delivery])
        until = self.now() + timedelta(days=14)
        listed = [
            {
                "id": delivery_id,
                "size": len(sealed),
                "available_until": f"{until:%Y-%m-%dT%H:%M:%SZ}",
            }
            for delivery_id, sealed in self.delivered.items()
        ]
        return self._json({"version": 1, "deliveries": listed})

    def _took(self, status: int, said: str) -> web.Response:
        return web.Response(status=status, text=said, content_type="application/json")

    def _json(self, said: dict[str, Any]) -> web.Response:
        return web.json_response(said, headers=self.extra)

    def _feed(self, cell: str, asked: str | None) -> web.Response:
        body = self.feed(cell)
        tag = f'"{self.etag(hashlib.sha256(body).hexdigest())}"'
        headers = {"ETag": tag, "Cache-Control": "public, max-age=60", **self.extra}
        if asked == tag or (asked and self.always_304):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="application/jose", headers=headers)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[StandInHub]:
        """Serve on loopback."""
        async with serving(self.handle) as port:  # type: ignore[arg-type]
            self.url = f"http://127.0.0.1:{port}"
            yield self

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [path.removeprefix(API) for _, path, _, _ in self.seen]


def spoken(thumb: str) -> str:
    """Return a fingerprint as words, by hand from the protocol page."""
    import base64

    return words(base64.urlsafe_b64decode(thumb + "=")[:16])
