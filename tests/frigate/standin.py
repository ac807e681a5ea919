"""A stand-in for Frigate: its HTTP API on loopback, over recordings of a test's own.

It takes what Frigate's published description has, and nothing else: whatever a test
makes our source ask beyond that fails the test as it ends. What it answers is as
described too, where that is told (`published.py`).

The rest is written from Frigate's own source, tags v0.14.1, v0.16.4 and v0.17.0: which
rows a query selects, how a clip is cut out of segments, what each version answers to
what it cannot do. It is no recorder: nothing here was seen on hardware.
"""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
import json
from pathlib import Path
import re
import ssl as tls
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import web

from tests.servers.web import serving

from .published import fault_of_call, fault_of_version, faults_of_events

type Answerer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

OLD: Final = "0.14.1-f4f3cfa"
MIDDLE: Final = "0.16.4-4131252"
NEW: Final = "0.17.0-f0d69f7"
VERSIONS: Final = (OLD, MIDDLE, NEW)
USER, PASSWORD = "owner", "correct horse battery"
_CLIP: Final = re.compile(r"start/([^/]+)/end/([^/]+)/clip\.mp4")
_PICTURE: Final = re.compile(r"recordings/([^/]+)/snapshot\.(png|jpg)")
_FLASK_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")  # its int and float converters
_EVENT: Final[dict[str, Any]] = {  # what a test need not say of one
    "sub_label": None,
    "end_time": None,
    "false_positive": False,
    "zones": [],
    "has_clip": True,
    "has_snapshot": False,
    "retain_indefinitely": False,
    "plus_id": None,
    "model_hash": None,
    "detector_type": None,
    "model_type": None,
    "data": {"type": "object"},
}
_PIPED: Final = ("-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "pipe:")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of Frigate's table of recordings."""

    start: float
    end: float
    path: Path

    def listed(self) -> dict[str, Any]:
        """Return it as `/recordings` does, in every version."""
        size = self.path.stat().st_size if self.path.exists() else 0
        return {
            "duration": self.end - self.start,
            "end_time": self.end,
            "motion": 12,
            "objects": 0,
            "segment_size": round(size / 2**20, 1),
            "start_time": self.start,
        }


@dataclass(kw_only=True)
class StandIn:
    """One instance. `instead` answers for a path's last part, as a test wants.

    `events` are completed; what no Frigate says of one is in `odd_events`.
    """

    folder: Path
    version: str = MIDDLE
    login: bool = False
    rows: dict[str, list[Row]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    odd_events: list[dict[str, Any]] = field(default_factory=list)
    barred: set[str] = field(default_factory=set)  # cameras; 0.17 knows roles
    record: dict[str, Any] = field(default_factory=lambda: {"enabled": True})
    instead: dict[str, Answerer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    undescribed: list[str] = field(default_factory=list)  # asked or answered
    tokens: set[str] = field(default_factory=set)
    logins: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    chance: str = "abc123"  # what it draws for the ids of its recordings

    @property
    def family(self) -> tuple[int, ...]:
        """Its version's first two numbers."""
        return tuple(map(int, self.version.split("-")[0].split(".")[:2]))

    @asynccontextmanager
    async def running(
        self, ssl: tls.SSLContext | None = None
    ) -> AsyncIterator[StandIn]:
        """Serve on loopback; what was not as Frigate describes it fails in the end."""
        async with serving(self._answer, ssl=ssl) as port:
            scheme = "https" if ssl else "http"
            self.url = f"{scheme}://127.0.0.1:{port}"
            try:
                yield self
            finally:
                self.over.set()
        assert not self.undescribed, self.undescribed

    async def hang(self, _: web.BaseRequest) -> web.Response:
        """Answer nothing as long as the test goes on."""
        await self.over.wait()
        return web.Response()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.rel_url.path)
        body = await request.read()
        if fault := fault_of_call(request.method, request.rel_url, body):
            self.undescribed.append(fault)
        path = request.path.removeprefix("/api/")
        if other := self.instead.get(path.rpartition("/")[2]):
            return await other(request)
        if path == "login":
            return await self._log_in(request)
        if self.login and not self._admitted(request):
            return web.Response(status=401, headers={"Location": "/login"})
        if path == "version":
            return self._version()
        if path == "config":
            return web.json_response(self._config())
        if path == "events":
            return web.json_response(self._events(request))
        camera, _, rest = path.partition("/")
        return await self._of_camera(unquote(camera), rest, request)

    def _admitted(self, request: web.BaseRequest) -> bool:
        given = request.headers.get("Authorization", "")
        return given.removeprefix("Bearer ") in self.tokens

    async def _log_in(self, request: web.BaseRequest) -> web.Response:
        self.logins += 1
        given = json.loads(await request.read())
        if given != {"user": USER, "password": PASSWORD}:
            status = 400 if self.family < (0, 15) else 401
            return web.json_response({"message": "Login failed"}, status=status)
        token = f"eyJhbGciOiJIUzI1NiJ9.{self.logins}.s-_"
        self.tokens.add(token)
        answer = web.Response()
        answer.set_cookie("frigate_token", token, httponly=True, samesite="Lax")
        return answer

    def _version(self) -> web.Response:
        answer = web.Response(text=self.version)
        if fault := fault_of_version(answer.content_type):
            self.undescribed.append(fault)
        return answer

    def _config(self) -> dict[str, Any]:
        record = {"expire_interval": 60, **self.record}
        if "retain" not in record and "continuous" not in record:
            record |= (
                {"retain": {"days": 7, "mode": "all"}}
                if self.family < (0, 17)
                else {"continuous": {"days": 7}, "motion": {"days": 14}}
            )
        cameras = {
            name: {"name": name, "enabled": True, "record": record}
            for name in self.rows
        }
        return {"cameras": cameras, "mqtt": {"host": "mqtt"}, "version": "0.17-0"}

    def _events(self, request: web.BaseRequest) -> list[dict[str, Any]]:
        query = request.rel_url.query
        after, before = float(query["after"]), float(query["before"])
        cameras = query["cameras"].split(",")
        full = query.get("include_thumbnails", "1") == "1"
        events = [
            {**_EVENT, "id": f"{one['start_time']}-{self.chance}", **one}
            | ({"thumbnail": "/9j/4AAQ"} if full else {})
            for one in self.events
        ]
        self.undescribed += faults_of_events(events, thumbnails=full)
        found = [
            one
            for one in (*events, *self.odd_events)
            if one["camera"] in cameras and after < one["start_time"] < before
        ]
        found.sort(key=lambda one: -one["start_time"])
        return found[: int(query.get("limit", 100))]

    async def _of_camera(
        self, camera: str, rest: str, request: web.BaseRequest
    ) -> web.StreamResponse:
        if self.family >= (0, 17) and camera in self.barred:
            detail = f"Access denied to camera '{camera}'. Allowed: []"
            return web.json_response({"detail": detail}, status=403)
        rows = sorted(self.rows.get(camera, []), key=lambda row: row.start)
        query = request.rel_url.query
        if rest == "recordings":
            after, before = float(query["after"]), float(query["before"])
            return web.json_response(
                [
                    {**r.listed(), "id": f"{r.start}-{self.chance}"}
                    for r in rows
                    if r.end >= after and r.start <= before
                ]
            )
        if rest == "recordings/summary":
            return web.json_response(_summary(rows))
        if found := _PICTURE.fullmatch(rest):
            return await self._picture(camera, rows, float(found[1]), found[2])
        if found := _CLIP.fullmatch(rest):
            return await self._clip(rows, found[1], found[2], request)
        return web.Response(status=404, text="<!doctype html>")

    async def _picture(
        self, camera: str, rows: list[Row], at: float, form: str
    ) -> web.Response:
        if self.family < (0, 15) and form == "jpg":
            return web.Response(status=404, text="<!doctype html>")
        there = [row for row in rows if row.start <= at <= row.end]
        if camera not in self.rows or not there:
            text = {"success": False, "message": f"Recording not found at {at}"}
            return web.json_response(text, status=404)
        codec = "mjpeg" if form == "jpg" else "png"
        data = await _ffmpeg(
            *("-ss", f"00:00:{at - there[-1].start}", "-i", str(there[-1].path)),
            *("-frames:v", "1", "-c:v", codec, "-f", "image2pipe", "-"),
        )
        return web.Response(body=data, content_type=f"image/{form}")

    async def _clip(
        self, rows: list[Row], first: str, last: str, request: web.BaseRequest
    ) -> web.StreamResponse:
        if self.family < (0, 15) and not all(
            _FLASK_NUMBER.fullmatch(one) for one in (first, last)
        ):
            return web.Response(status=404, text="<!doctype html>")
        playlist = cut(rows, float(first), float(last))
        if not playlist and self.family >= (0, 17):
            text = "No recordings found for the specified time range"
            return web.json_response({"success": False, "message": text}, status=400)
        name = self.folder / f"playlist_{first}-{last}.txt"
        name.write_text("".join(f"{line}\n" for line in playlist))
        joined = ("-protocol_whitelist", "pipe,file", "-f", "concat", "-safe", "0")
        arguments = (*joined, "-i", str(name), "-c", "copy")
        if self.family < (0, 15):
            made = self.folder / f"clip_{first}-{last}.mp4"
            await _ffmpeg(*arguments, "-movflags", "+faststart", str(made))
            if not made.exists():
                text = "Could not create clip from recordings"
                return web.json_response(
                    {"success": False, "message": text}, status=500
                )
            return web.Response(body=made.read_bytes(), content_type="video/mp4")
        return await _streamed(request, *arguments, *_PIPED)


def answering(status: int = 200, body: bytes | str = b"", **headers: str) -> Answerer:
    """Return what answers always the same."""

    async def answer(_: web.BaseRequest) -> web.Response:
        data = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=data, headers=headers)

    return answer


def cut(rows: list[Row], start: float, end: float) -> list[str]:
    """Return the playlist that Frigate makes of two moments."""
    lines: list[str] = []
    for row in sorted(rows, key=lambda row: row.start):
        if (
            start <= row.start <= end
            or start <= row.end <= end
            or (start > row.start and end < row.end)
        ):
            lines.append(f"file '{row.path}'")
            if row.start < start:
                lines.append(f"inpoint {int(start - row.start)}")
            if row.end > end:
                lines.append(f"outpoint {int(end - row.start)}")
    return lines


def _summary(rows: list[Row]) -> list[dict[str, Any]]:
    days: dict[str, dict[str, Any]] = {}
    for row in reversed(rows):
        day, hour = f"{datetime.fromtimestamp(row.start, UTC):%Y-%m-%d %H}".split()
        one = days.setdefault(day, {"day": day, "events": 0, "hours": []})
        if not any(each["hour"] == hour for each in one["hours"]):
            one["hours"].append({"hour": hour, "events": 0, "duration": 10})
    return list(days.values())


async def _ffmpeg(*arguments: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        "ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, stdout=PIPE, stderr=PIPE
    )
    return (await process.communicate())[0]


async def _streamed(request: web.BaseRequest, *arguments: str) -> web.StreamResponse:
    """Answer as it is made, whatever becomes of it: 200 was said before."""
    answer = web.StreamResponse(headers={"Content-Type": "video/mp4"})
    answer.enable_chunked_encoding()
    await answer.prepare(request)
    await answer.write(await _ffmpeg(*arguments))
    await answer.write_eof()
    return answer
