"""The public pages of this home's invites, and drafts for its approvers."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
import re
from typing import ClassVar, Final, override

from aiohttp import hdrs, web
from homeassistant.auth.models import User
from homeassistant.components.http import KEY_AUTHENTICATED, KEY_HASS, KEY_HASS_USER
from homeassistant.core import HomeAssistant

from .base.public_view import (
    ANSWER_SECONDS,
    AnswerFirst,
    NowhereView,
    PublicFile,
    PublicFileView,
    PublicFormView,
    PublicView,
    RefusedError,
    answer,
    is_cross_site,
    not_served,
    read_json_body,
    to_its_end,
)
from .const import DOMAIN
from .entity import is_set_up, loaded_hub, loaded_manager
from .home.manager import HomeManager
from .http_drops import FindDrops, register_drop_views
from .http_files import WatchedFile, built_file, is_there, starting_page
from .http_hub import register_hub_views
from .http_portal_pages import register_portal_pages
from .hub.manager import HubManager

ID: Final = re.compile(r"[a-z2-7]{26}")
ASK_PAGE: Final = "ask.html"
NO_INVITE_PAGE: Final = "no_invite.html"
STATUS_PAGE: Final = "status.html"
_FILE_READ: Final = 2**18  # bytes


def register_views(
    hass: HomeAssistant, files: Mapping[str, PublicFile], find_drops: FindDrops
) -> None:
    """Register all views, once: Home Assistant cannot take one back.

    `find_drops` returns the drop box of a hub: it is no edge's to know.
    """
    hass.http.register_view(AskView(files))
    hass.http.register_view(StatusPageView(files))
    hass.http.register_view(StatusView())
    hass.http.register_view(DropView())
    hass.http.register_view(AssetView(files))
    hass.http.register_view(DraftView())
    hass.http.register_view(AnswerView())
    register_hub_views(hass, _hub)
    register_drop_views(hass, find_drops)
    register_portal_pages(hass, files, _hub)
    hass.http.register_view(NowhereView())


def _manager(request: web.Request) -> HomeManager:
    hass = request.app[KEY_HASS]
    manager = loaded_manager(hass)
    if manager is None:
        # while the home starts anew, a link that is good must not look dead
        starting = is_set_up(hass)
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE if starting else HTTPStatus.NOT_FOUND
        )
    return manager


def _hub(hass: HomeAssistant) -> HubManager:
    """Return the hub. Raises RefusedError: a hub that starts is no hub that is gone."""
    if (hub := loaded_hub(hass)) is not None:
        return hub
    starting = is_set_up(hass, hub=True)
    raise RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE if starting else HTTPStatus.NOT_FOUND
    )


class AskView(PublicFormView, PublicFileView):
    """The form behind an invite link."""

    url = f"/api/{DOMAIN}/ask/{{invite:[^/]+}}"
    shapes: ClassVar = {"invite": ID}
    name = f"api:{DOMAIN}:ask"

    def __init__(self, files: Mapping[str, PublicFile]) -> None:
        """Keep the pages."""
        self._files = files

    @override
    async def get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Say it in words where there is no form: people keep links and follow them.

        The same bytes for an invite that ended, was removed, or never was; and while
        the home starts, for every link there could be.
        """
        response = await super().get(request, **parts)
        if response.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return starting_page(self._files)
        if response.status != HTTPStatus.NOT_FOUND:
            return response
        return not_served(request, self._files.get(NO_INVITE_PAGE))

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Show the form of an invite that is open."""
        if not _manager(request).direct.knows(parts["invite"]):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        return built_file(self._files, ASK_PAGE)

    @override
    async def async_post(self, request: web.Request, **parts: str) -> web.Response:
        """Take a request in and say so, before anything is looked at."""
        if is_cross_site(request):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        direct = _manager(request).direct
        body = await read_json_body(request)
        taken = await to_its_end(
            direct.async_ask(parts["invite"], body), patience=ANSWER_SECONDS
        )
        if taken is None:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        return AnswerFirst(taken.answer, HTTPStatus.ACCEPTED, then=taken.look)


class StatusPageView(PublicFileView):
    """The status page: the same bytes for every id there could be."""

    url = f"/api/{DOMAIN}/status/{{request_id:[^/]+}}"
    shapes: ClassVar = {"request_id": ID}
    name = f"api:{DOMAIN}:status"

    def __init__(self, files: Mapping[str, PublicFile]) -> None:
        """Keep the pages."""
        self._files = files

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Show the page."""
        return built_file(self._files, STATUS_PAGE)


class StatusView(PublicView):
    """What a requester is told: received, and what can be fetched."""

    url = f"/api/{DOMAIN}/status/{{request_id:[^/]+}}/data"
    shapes: ClassVar = {"request_id": ID}
    name = f"api:{DOMAIN}:status_data"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return the status."""
        status = await _manager(request).direct.async_status(parts["request_id"])
        if status is None:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        return answer(status)


class DropView(PublicFileView):
    """The sealed bytes."""

    url = f"/api/{DOMAIN}/status/{{request_id:[^/]+}}/drop/{{delivery_id:[^/]+}}"
    shapes: ClassVar = {"request_id": ID, "delivery_id": ID}
    name = f"api:{DOMAIN}:drop"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Send a package, or a part of it."""
        direct = _manager(request).direct
        delivery_id = parts["delivery_id"]
        path = await direct.async_drop(parts["request_id"], delivery_id)
        if path is None or not await is_there(request, path):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        response = WatchedFile(path, lambda: direct.async_fetched(delivery_id))
        response.content_type = "application/octet-stream"
        return response


class AssetView(PublicFileView):
    """Script and style of the public pages."""

    url = f"/api/{DOMAIN}/public/{{file:[^/]+}}"
    name = f"api:{DOMAIN}:public"

    def __init__(self, files: Mapping[str, PublicFile]) -> None:
        """Keep the files."""
        self._files = files

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Return one of the built files."""
        return built_file(self._files, parts["file"])


class DraftView(PublicFileView):
    """The exact draft, for approvers only; everybody else sees nothing here."""

    url = f"/api/{DOMAIN}/draft/{{case_id:[^/]+}}/{{sha256:[^/]+}}/{{kind:[^/]+}}"
    shapes: ClassVar = {
        "case_id": ID,
        "sha256": re.compile(r"[0-9a-f]{64}"),
        "kind": re.compile(r"video|still|sheet|file"),
    }
    name = f"api:{DOMAIN}:draft"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Send the draft to an approver's own login."""
        user = _user(request)
        manager = loaded_manager(request.app[KEY_HASS])
        if manager is None:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        path, media_type = await manager.reading.async_draft_file(
            parts["case_id"], parts["sha256"], parts["kind"], user.id
        )
        if not await is_there(request, path):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        response = web.FileResponse(path)
        response.content_type = media_type
        if parts["kind"] == "file":
            response.headers[hdrs.CONTENT_DISPOSITION] = _attachment(path)
        return response


class AnswerView(PublicFileView):
    """A clip that a neighbour sent, for approvers only."""

    url = (
        f"/api/{DOMAIN}/answer"
        "/{request_id:[^/]+}/{delivery_id:[^/]+}/{kind:[^/]+}"
    )
    shapes: ClassVar = {
        "request_id": ID,
        "delivery_id": ID,
        "kind": re.compile(r"video|file"),
    }
    name = f"api:{DOMAIN}:answer"

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Send it to an approver's own login, as what it has to be and nothing else."""
        user = _user(request)
        manager = loaded_manager(request.app[KEY_HASS])
        if manager is None:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        path = await manager.neighbours.async_clip(
            parts["request_id"], parts["delivery_id"], user.id
        )
        if not await is_there(request, path):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        response = web.FileResponse(path)
        response.content_type = "video/mp4"
        if parts["kind"] == "file":
            response.headers[hdrs.CONTENT_DISPOSITION] = _attachment(path)
        return response


def _user(request: web.Request) -> User:
    if not request.get(KEY_AUTHENTICATED):
        raise RefusedError(HTTPStatus.NOT_FOUND)
    user: User | None = request.get(KEY_HASS_USER)
    if user is None or not user.is_active or user.system_generated:
        raise RefusedError(HTTPStatus.NOT_FOUND)
    return user


def _attachment(path: Path) -> str:
    return f'attachment; filename="clip{path.suffix}"'
