"""A made-up home for the pages: the public views and a stand-in for the panel's host.

`python -m tests.frontend.fake_home WORLD` serves what the file WORLD says, read anew for
each request, and prints its port. Requests are noted in WORLD's neighbour `log.jsonl`.
"""

import asyncio
import json
from pathlib import Path
import sys
from typing import Any, Final

from aiohttp import web

from .fake_hub import add_routes

ROOT: Final = Path(__file__).parents[2]
WWW: Final = ROOT / "custom_components" / "clip_consent" / "www"
HARNESS: Final = Path(__file__).parent / "harness"
PUBLIC: Final = "/api/clip_consent"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob: data:; media-src blob:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# Home Assistant itself sends no policy; this one shows what the panel would load.
PANEL_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
    ),
    "Cache-Control": "no-store",
}
NOT_FOUND: Final = b'{"error":"not_found"}'


class FakeHome:
    """Serves one world file."""

    def __init__(self, world: Path) -> None:
        """Keep where the world stands."""
        self._world = world
        self._log = world.with_name("log.jsonl")

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application(middlewares=[self._note])
        app.router.add_get(f"{PUBLIC}/ask/{{invite}}", self._form)
        app.router.add_post(f"{PUBLIC}/ask/{{invite}}", self._submit)
        app.router.add_get(f"{PUBLIC}/status/{{id}}", self._status_page)
        app.router.add_get(f"{PUBLIC}/status/{{id}}/data", self._status)
        app.router.add_get(f"{PUBLIC}/status/{{id}}/drop/{{drop}}", self._drop)
        app.router.add_get(f"{PUBLIC}/public/{{file}}", self._public)
        app.router.add_get(f"{PUBLIC}/draft/{{case}}/{{sha256}}/{{kind}}", self._draft)
        add_routes(app, self._read, self._page, HEADERS)
        app.router.add_get("/clip-consent", self._panel)
        app.router.add_static("/clip_consent_static", WWW)
        app.router.add_static("/harness", HARNESS)
        return app

    def _read(self) -> dict[str, Any]:
        world: dict[str, Any] = json.loads(self._world.read_text(encoding="utf-8"))
        return world

    @web.middleware
    async def _note(self, request: web.Request, handler: Any) -> web.StreamResponse:
        body = await request.text() if request.can_read_body else ""
        line = {
            "method": request.method,
            "path": request.path,
            "query": request.query_string,
            "headers": dict(request.headers),
            "body": body,
        }
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        response: web.StreamResponse = await handler(request)
        return response

    def _missing(self) -> web.Response:
        return web.Response(
            status=404, body=NOT_FOUND, content_type="application/json", headers=HEADERS
        )

    def _page(self, name: str, status: int = 200) -> web.Response:
        return web.Response(
            status=status,
            body=(WWW / name).read_bytes(),
            content_type="text/html",
            headers=HEADERS,
        )

    async def _form(self, request: web.Request) -> web.StreamResponse:
        if self._read().get("starting"):
            return self._page("starting.html", 503)
        if request.match_info["invite"] != self._read()["invite"]:
            return self._page("no_invite.html", 404)
        return self._page("ask.html")

    async def _submit(self, request: web.Request) -> web.StreamResponse:
        world = self._read()
        answers: list[Any] = world["ask_answers"]
        answer = answers[0]
        if len(answers) > 1:
            world["ask_answers"] = answers[1:]
            self._world.write_text(json.dumps(world), encoding="utf-8")
        if answer["status"] == 0:  # the connection breaks
            assert request.transport
            request.transport.abort()
        return web.json_response(
            answer["body"], status=answer["status"] or 500, headers=HEADERS
        )

    async def _status_page(self, request: web.Request) -> web.StreamResponse:
        return self._page("status.html")

    async def _status(self, request: web.Request) -> web.StreamResponse:
        known = self._read()["requests"].get(request.match_info["id"])
        if known is None:
            return self._missing()
        return web.json_response(known["status"], headers=HEADERS)

    async def _drop(self, request: web.Request) -> web.StreamResponse:
        known = self._read()["requests"].get(request.match_info["id"], {})
        drop = known.get("drops", {}).get(request.match_info["drop"])
        if drop is None:
            return self._missing()
        data = Path(drop["path"]).read_bytes()
        cut = drop.get("cut")
        if cut and "Range" not in request.headers:
            return await self._broken(request, data, cut)
        return web.FileResponse(drop["path"], headers=HEADERS)

    async def _broken(
        self, request: web.Request, data: bytes, cut: int
    ) -> web.StreamResponse:
        """Send the first bytes, then break the connection."""
        response = web.StreamResponse(headers=HEADERS)
        response.content_length = len(data)
        await response.prepare(request)
        await response.write(data[:cut])
        await asyncio.sleep(0.3)
        assert request.transport
        request.transport.close()
        return response

    async def _public(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        if not (WWW / name).is_file() or name.endswith(".html"):
            return self._missing()
        return web.FileResponse(WWW / name, headers=HEADERS)

    async def _draft(self, request: web.Request) -> web.StreamResponse:
        path = self._read()["drafts"].get(request.match_info["kind"])
        if path is None:
            return self._missing()
        return web.FileResponse(path, headers={"Cache-Control": "no-store"})

    async def _panel(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(HARNESS / "panel.html", headers=PANEL_HEADERS)


async def main(world: Path) -> None:
    """Serve until ended."""
    runner = web.AppRunner(FakeHome(world).app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
