"""The phone simulator: a push relay, a page that shows the phones, an API to press.

Run as `python -m script.demo_world.phones PORT`. Whoever waits for a change asks
`GET /api/phones?after=REVISION` and is answered when there is one.
"""

import asyncio
from http import HTTPStatus
import logging
from pathlib import Path
import signal
import sys
from typing import Any, Final

import aiohttp
from aiohttp import web

from .login import LoginError
from .phone import Notification, Phone, PhoneError, Platform
from .processes import LOOPBACK

_PAGE: Final = Path(__file__).with_name("phones.html")
_LONGEST_WAIT: Final = 25  # seconds


class PhoneSimulator:
    """All phones of the demo and what the page and the API say of them."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        """Begin without phones."""
        self._session = session
        self._push_url = f"http://{LOOPBACK}:{port}/push"
        self._phones: dict[str, Phone] = {}
        self._revision = 0
        self._changed = asyncio.Condition()
        self._fetching: set[asyncio.Task[None]] = set()

    def application(self) -> web.Application:
        """Return the web application."""
        application = web.Application(middlewares=[_tell_errors])
        application.add_routes(
            [
                web.get("/", self._page),
                web.post("/push/{phone_id}", self._push),
                web.get("/api/phones", self._list),
                web.post("/api/phones", self._register),
                web.get("/api/phones/{phone_id}/pushes", self._pushes),
                web.get("/api/phones/{phone_id}/images/{id}", self._image),
                web.post("/api/phones/{phone_id}/press", self._press),
                web.post("/api/phones/{phone_id}/open", self._open),
                web.post("/api/phones/{phone_id}/dismiss", self._dismiss),
                web.post("/api/phones/{phone_id}/fire", self._fire),
            ]
        )
        return application

    async def _change(self) -> None:
        async with self._changed:
            self._revision += 1
            self._changed.notify_all()

    def _phone(self, request: web.Request) -> Phone:
        phone = self._phones.get(request.match_info["phone_id"])
        if phone is None:
            raise web.HTTPNotFound
        return phone

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE, headers={"Cache-Control": "no-store"})

    async def _push(self, request: web.Request) -> web.Response:
        """Take a push from Home Assistant, as the apps' relay does."""
        phone = self._phone(request)
        push: dict[str, Any] = await request.json()
        notification = phone.receive(push)
        await self._change()
        if notification is not None and "image" in notification.data:
            task = asyncio.create_task(self._fetch_image(phone, notification))
            self._fetching.add(task)
            task.add_done_callback(self._fetching.discard)
        return web.json_response({"target": phone.name}, status=HTTPStatus.CREATED)

    async def _fetch_image(self, phone: Phone, notification: Notification) -> None:
        await phone.fetch_image(notification)
        await self._change()

    async def _list(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", -1))
        try:
            async with asyncio.timeout(_LONGEST_WAIT), self._changed:
                await self._changed.wait_for(lambda: self._revision > after)
        except TimeoutError:
            pass
        phones = [_described(phone) for phone in self._phones.values()]
        return web.json_response({"revision": self._revision, "phones": phones})

    async def _register(self, request: web.Request) -> web.Response:
        form: dict[str, str] = await request.json()
        phone = await Phone.register(
            self._session,
            base_url=form["base_url"],
            user=form["user"],
            password=form["password"],
            name=form["name"],
            platform=Platform(form["platform"]),
            push_url=self._push_url,
        )
        self._phones[phone.phone_id] = phone
        await self._change()
        return web.json_response(_described(phone), status=HTTPStatus.CREATED)

    async def _pushes(self, request: web.Request) -> web.Response:
        return web.json_response(self._phone(request).pushes)

    async def _image(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        for notification in self._phone(request).notifications:
            if notification.notification_id == wanted and notification.image:
                return web.Response(
                    body=notification.image, content_type=notification.image_type
                )
        raise web.HTTPNotFound

    async def _press(self, request: web.Request) -> web.Response:
        form: dict[str, str] = await request.json()
        phone = self._phone(request)
        opens = await phone.press(
            form["notification_id"], form["action"], form.get("reply_text")
        )
        await self._change()
        return web.json_response({"opens": opens})

    async def _open(self, request: web.Request) -> web.Response:
        form: dict[str, str] = await request.json()
        opens = self._phone(request).open(form["notification_id"])
        await self._change()
        return web.json_response({"opens": opens})

    async def _dismiss(self, request: web.Request) -> web.Response:
        form: dict[str, str] = await request.json()
        await self._phone(request).dismiss(form["notification_id"])
        await self._change()
        return web.json_response({"opens": None})

    async def _fire(self, request: web.Request) -> web.Response:
        """Have the phone send any event at all, as a hostile app could."""
        form: dict[str, Any] = await request.json()
        await self._phone(request).fire_event(form["event_type"], form["event_data"])
        return web.json_response({})


@web.middleware
async def _tell_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer what went wrong in words."""
    try:
        response: web.StreamResponse = await handler(request)
    except (PhoneError, LoginError, aiohttp.ClientError) as err:
        return web.json_response({"error": str(err)}, status=HTTPStatus.CONFLICT)
    return response


def _described(phone: Phone) -> dict[str, Any]:
    """Return a phone as the page and the API know it."""
    return {
        "phone_id": phone.phone_id,
        "name": phone.name,
        "platform": phone.platform,
        "user": phone.user,
        "encrypted": phone.encrypted,
        "device_id": phone.device_id,
        "webhook_id": phone.registration.webhook_id,
        "base_url": phone.login.base_url,
        "notifications": [
            _described_notification(phone, one) for one in phone.notifications
        ],
    }


def _described_notification(phone: Phone, one: Notification) -> dict[str, Any]:
    image = f"/api/phones/{phone.phone_id}/images/{one.notification_id}"
    return {
        "notification_id": one.notification_id,
        "title": one.title,
        "message": one.message,
        "data": one.data,
        "buttons": phone.buttons(one),
        "received_at": one.received_at.isoformat(),
        "ended": one.ended,
        "image": image if one.image else None,
        "image_status": one.image_status,
    }


async def _serve(port: int) -> None:
    """Serve until we are ended."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        runner = web.AppRunner(
            PhoneSimulator(session, port).application(), shutdown_timeout=1
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, LOOPBACK, port).start()
            await stop.wait()
        finally:
            await runner.cleanup()


def main() -> None:
    """Serve on the port named on the command line, until Ctrl-C or SIGTERM."""
    logging.basicConfig(level=logging.INFO)
    asyncio.run(_serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
