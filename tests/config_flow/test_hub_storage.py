"""A store for a hub's answers is tried before it is taken: against a real one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import logging
from typing import Any

from aiohttp import web
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.clip_consent.core.storage import Storage
from custom_components.clip_consent.hub.configuration import read_hub_settings
from custom_components.clip_consent.hub.storage_probe import async_probe_storage
from tests.servers.fixtures import store
from tests.servers.processes import ACCESS_KEY, BUCKET, SECRET_KEY, Store, s3_client
from tests.servers.web import serving

from .forms import default, suggestion
from .test_hub import hub

__all__ = ["hub", "store"]  # fixtures, used by name

KEYS = {
    "storage_endpoint",
    "storage_region",
    "storage_bucket",
    "storage_key_id",
    "storage_secret",
    "storage_path_style",
    "storage_private",
    "storage_once",
}


@pytest.fixture(autouse=True)
async def _sockets(socket_enabled: None) -> AsyncIterator[None]:
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


def typed(port: int, **changes: Any) -> dict[str, Any]:
    """Return the form, filled in for a store on loopback."""
    return {
        "storage_endpoint": f"http://127.0.0.1:{port}",
        "storage_region": "us-east-1",
        "storage_bucket": BUCKET,
        "storage_key_id": ACCESS_KEY,
        "storage_secret": SECRET_KEY,
        "storage_path_style": True,
        "storage_private": True,
        **changes,
    }


async def opened(hass: HomeAssistant, hub: ConfigEntry) -> dict[str, Any]:
    """Open the form."""
    options = hass.config_entries.options
    result: Any = await options.async_init(hub.entry_id)
    result = await options.async_configure(
        result["flow_id"], {"next_step_id": "hub_storage"}
    )
    assert result["step_id"] == "hub_storage"
    return dict(result)


async def sent(
    hass: HomeAssistant, result: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Send it."""
    options = hass.config_entries.options
    return dict(await options.async_configure(result["flow_id"], values))


async def test_a_store_is_set_and_taken_away(
    hass: HomeAssistant,
    hub: ConfigEntry,
    store: Store,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What worked is kept; the secret is not shown again, and need not be typed."""
    caplog.set_level(logging.DEBUG)
    assert read_hub_settings(hub, {}).storage is None
    before = dict(hub.options)
    result = await opened(hass, hub)
    assert suggestion(result, "storage_endpoint") == ""
    assert default(result, "storage_private") is False
    result = await sent(hass, result, typed(store.port, storage_bucket=f" {BUCKET} "))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hub.options == {**before, **typed(store.port), "storage_once": True}
    kept = read_hub_settings(hub, {}).storage
    assert kept is not None
    assert kept.origin == f"http://127.0.0.1:{store.port}"
    objects = s3_client(store.port, SECRET_KEY).list_objects_v2(Bucket=BUCKET)
    assert not any("trial" in one["Key"] for one in objects.get("Contents", []))

    result = await opened(hass, hub)
    assert suggestion(result, "storage_bucket") == BUCKET
    assert SECRET_KEY not in repr(result["data_schema"].schema)
    assert SECRET_KEY not in repr(result)
    values = typed(store.port)
    del values["storage_secret"]
    result = await sent(hass, result, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hub.options["storage_secret"] == SECRET_KEY

    result = await opened(hass, hub)
    values["storage_endpoint"] = " "
    result = await sent(hass, result, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert read_hub_settings(hub, {}).storage is None
    assert not any(hub.options[key] for key in ("storage_secret", "storage_key_id"))
    said = [one.getMessage() for one in caplog.records if "botocore" not in one.name]
    assert not any(SECRET_KEY in text or "Signature" in text for text in said)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"storage_endpoint": "s3"}, {"storage_endpoint": "storage_endpoint_invalid"}),
        ({"storage_region": "not one"}, {"storage_region": "storage_region_invalid"}),
        ({"storage_bucket": "B"}, {"storage_bucket": "storage_bucket_invalid"}),
        (
            {"storage_key_id": "", "storage_secret": "k" * 257},
            {
                "storage_key_id": "storage_key_invalid",
                "storage_secret": "storage_key_invalid",
            },
        ),
        ({"storage_secret": "schlüssel"}, {"storage_secret": "storage_key_invalid"}),
        ({"storage_secret": "another"}, {"storage_secret": "storage_wrong_key"}),
        ({"storage_key_id": "SOMEBODY"}, {"storage_secret": "storage_wrong_key"}),
        ({"storage_private": False}, {"storage_private": "storage_private"}),
        (
            {"storage_endpoint": "http://127.0.0.1:9"},
            {"storage_endpoint": "storage_unreachable"},
        ),
        (
            {"storage_endpoint": "https://127.0.0.1:{port}"},
            {"storage_endpoint": "storage_tls"},
        ),
    ],
)
async def test_what_is_wrong_is_said(
    hass: HomeAssistant,
    hub: ConfigEntry,
    store: Store,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """At the field that has to be mended; nothing is kept."""
    before = dict(hub.options)
    changes = {
        key: value.format(port=store.port) if isinstance(value, str) else value
        for key, value in changes.items()
    }
    result = await sent(hass, await opened(hass, hub), typed(store.port, **changes))
    assert result["errors"] == errors
    assert hub.options == before


# --- stores that do something else

type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Odd:
    """A store of one object, some answers of which are other ones."""

    def __init__(self, **answers: web.Response) -> None:
        self.answers = answers
        self.held: bytes | None = None
        self.asked: list[tuple[str, bool]] = []

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        data = await request.content.read(-1)
        method, once = request.method, "If-None-Match" in request.headers
        self.asked.append((method, once))
        name = f"{method}_once" if once else method
        if name in self.answers:
            return self.answers[name]
        if method == "PUT":
            taken = once and self.held is not None
            self.held = self.held if taken else data
            return web.Response(status=412 if taken else 200)
        if method == "DELETE":
            self.held = None
            return web.Response(status=204)
        if self.held is None:
            return web.Response(status=404)
        if method == "HEAD":
            return web.Response(headers={"Content-Length": str(len(self.held))})
        return web.Response(status=206, body=self.held[5:12])


def said(status: int, code: str = "", **headers: str) -> web.Response:
    """Return what a store says of an error."""
    body = f"<Error><Code>{code}</Code></Error>" if code else ""
    return web.Response(status=status, text=body, headers=headers)


async def tried(handle: Handler, **changes: Any) -> tuple[str | None, Storage | None]:
    """Try a store."""
    async with serving(handle) as port:
        storage = Storage(
            endpoint=f"http://127.0.0.1:{port}",
            region="r",
            bucket="bucket",
            key_id="k",
            secret="s",
            private=True,
        )
        storage = replace(storage, **changes)
        check = await async_probe_storage(storage, now=now, name="a" * 26)
    return check.error, check.storage


LATE = f"{now() - timedelta(hours=3):%a, %d %b %Y %H:%M:%S} GMT"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"PUT_once": said(403, "AccessDenied")}, "storage_denied"),
        ({"PUT_once": said(403)}, "storage_denied"),
        ({"PUT_once": said(403, "AccessDenied", Date=LATE)}, "storage_clock"),
        ({"PUT_once": said(403, "RequestTimeTooSkewed")}, "storage_clock"),
        ({"PUT_once": said(403, Date="yesterday")}, "storage_denied"),
        ({"PUT_once": said(404)}, "storage_no_bucket"),
        ({"PUT_once": said(404, "NoSuchBucket")}, "storage_no_bucket"),
        ({"PUT_once": said(307, Location="/x")}, "storage_wrong_region"),
        ({"PUT_once": said(501), "PUT": said(500)}, "storage_unfit"),
        (
            {"PUT_once": said(400), "PUT": said(400, "AuthorizationHeaderMalformed")},
            "storage_wrong_region",
        ),
        ({"HEAD": said(403)}, "storage_denied"),
        ({"HEAD": said(200)}, "storage_unfit"),
        ({"GET": said(200)}, "storage_unfit"),
        ({"GET": web.Response(status=206, body=b"another")}, "storage_unfit"),
        ({"GET": web.Response(status=206, body=b"x" * 2**17)}, "storage_unfit"),
        ({"DELETE": said(403, "AccessDenied")}, "storage_denied"),
    ],
)
async def test_a_store_that_does_something_else(
    answers: dict[str, web.Response], code: str
) -> None:
    """Each of what the drop box needs is tried, and said if it is not there."""
    assert await tried(Odd(**answers).handle) == (code, None)


async def test_a_store_that_does_not_tell_what_is_missing() -> None:
    """Without leave to list, what is not there looks as if it were forbidden."""
    odd = Odd()

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        answer = await odd.handle(request)
        return web.Response(status=403) if answer.status == 404 else answer

    assert await tried(handle) == ("storage_no_list", None)


@pytest.mark.parametrize("status", [400, 501])
async def test_a_store_without_conditions(status: int) -> None:
    """It is taken, and no condition is asked of it later."""
    odd = Odd(PUT_once=said(status))
    error, storage = await tried(odd.handle)
    assert error is None
    assert storage is not None and not storage.once
    assert odd.held is None


async def test_a_store_that_ignores_conditions() -> None:
    """Nor of one that lets them pass unheard."""

    class Ignoring(Odd):
        async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
            answer = await super().handle(request)
            return web.Response() if answer.status == 412 else answer

    error, storage = await tried(Ignoring().handle)
    assert error is None
    assert storage is not None and not storage.once
